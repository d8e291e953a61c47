package budget

import (
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
)

// boundZones have offsets of whole, half and quarter hours, clocks that change in both
// hemispheres, by half an hour, at midnight, and a date that was skipped.
var boundZones = []string{
	"UTC", "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Lagos", "America/Adak",
	"America/Anchorage", "America/Argentina/Buenos_Aires", "America/Asuncion", "America/Bogota", "America/Caracas",
	"America/Chicago", "America/Denver", "America/Halifax", "America/Havana", "America/Los_Angeles", "America/New_York",
	"America/Nuuk", "America/Phoenix", "America/Santiago", "America/Sao_Paulo", "America/St_Johns", "Antarctica/Troll",
	"Asia/Beirut", "Asia/Dhaka", "Asia/Dubai", "Asia/Gaza", "Asia/Jerusalem", "Asia/Kabul", "Asia/Kathmandu",
	"Asia/Kolkata", "Asia/Shanghai", "Asia/Tehran", "Asia/Tokyo", "Asia/Yangon", "Atlantic/Azores", "Australia/Adelaide",
	"Australia/Eucla", "Australia/Lord_Howe", "Australia/Sydney", "Europe/Berlin", "Europe/Dublin", "Europe/London",
	"Europe/Moscow", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Marquesas",
}

var boundSteps = []time.Duration{
	time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour,
	12 * time.Hour, 24 * time.Hour,
}

// promiseOver draws an objective of any method over buckets of a step, in any zone.
func promiseOver(t *rapid.T, step time.Duration) slo.SLO {
	zone, err := time.LoadLocation(rapid.SampledFrom(boundZones).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	s := objective("90%", slo.Window{Zone: zone})
	slice := step * time.Duration(rapid.SampledFrom([]int{1, 2, 3, 4}).Draw(t, "buckets a slice"))
	if 24*time.Hour%slice != 0 {
		slice = step
	}
	switch rapid.IntRange(0, 2).Draw(t, "method") {
	case 1:
		s = sliced(s, slo.Timeslices, slice, "50%")
	case 2:
		s = sliced(s, slo.RatioTimeslices, slice, "")
	}
	return s
}

// countsOver draws counts of n buckets, most of them with a pattern.
func countsOver(t *rapid.T, start time.Time, step time.Duration, n int) *slo.Series {
	data := slo.NewSeries(slo.Period{Start: start, End: start.Add(time.Duration(n) * step)}, step)
	prime := rapid.SampledFrom([]int{3, 7, 11}).Draw(t, "pattern")
	for i := range n {
		if i%prime != 1 || i%2 == 0 {
			data.Total[i], data.Bad[i] = float64(1+i%5), float64(i*i%(2+i%5))
			data.Bad[i] = min(data.Bad[i], data.Total[i])
		}
	}
	return data
}

// Consecutive periods share out all buckets and slices: none is lost, none is in two,
// whatever the zone, the step, the method and the kind of period.
func TestPeriodsShareOutBuckets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.SampledFrom(boundSteps).Draw(t, "step")
		s := promiseOver(t, step)
		n := rapid.IntRange(1, 400).Draw(t, "buckets")
		phase := time.Duration(rapid.IntRange(0, 1440).Draw(t, "phase")) * time.Minute
		first := slo.Date{Year: rapid.IntRange(2009, 2026).Draw(t, "year"), Month: time.Month(rapid.IntRange(1, 12).Draw(t, "month")), Day: rapid.IntRange(1, 28).Draw(t, "day")}
		data := countsOver(t, first.Start(time.UTC).Add(phase), step, n)
		l, err := New(s, data)
		if err != nil {
			t.Fatal(err)
		}
		at := data.End().AddDate(3, 0, 0)
		whole := l.Status(slo.Period{Start: data.Start.AddDate(-2, 0, 0), End: data.End().AddDate(2, 0, 0)}, at)
		periods := drawPeriods(t, s.Window.Zone, slo.Period{Start: data.Start.AddDate(0, 0, -3), End: data.End().AddDate(0, 0, 3)})
		bad, total, measured, seen := new(big.Rat), new(big.Rat), 0, 0
		for _, p := range periods {
			st := l.Status(p, at)
			if !st.Closed {
				t.Fatalf("%v is not closed at %v", p, at)
			}
			measured, seen = measured+st.Buckets.Measured, seen+st.Buckets.Elapsed
			if st.Counts.Total.Known() {
				bad.Add(bad, st.Counts.Bad.Rat())
				total.Add(total, st.Counts.Total.Rat())
			}
		}
		if !whole.Counts.Total.Known() {
			if total.Sign() != 0 {
				t.Errorf("%s: got %s of nothing", s.Budgeting.Method, total)
			}
			return
		}
		if bad.Cmp(whole.Counts.Bad.Rat()) != 0 || total.Cmp(whole.Counts.Total.Rat()) != 0 {
			t.Errorf("%s: got %s of %s, want %s of %s", s.Budgeting.Method, bad, total, whole.Counts.Bad, whole.Counts.Total)
		}
		if measured != whole.Buckets.Measured || seen != whole.Buckets.Elapsed {
			t.Errorf("got %d of %d buckets, want %d of %d", measured, seen, whole.Buckets.Measured, whole.Buckets.Elapsed)
		}
	})
}

// drawPeriods draws periods of one kind that follow each other and cover span: of the
// calendar, or between instants of no grid.
func drawPeriods(t *rapid.T, zone *time.Location, span slo.Period) []slo.Period {
	var out []slo.Period
	if rapid.Bool().Draw(t, "asked") {
		for at := span.Start; at.Before(span.End); {
			length := time.Duration(rapid.IntRange(1, 1+int(span.Length()/time.Minute)).Draw(t, "minutes")) * time.Minute
			out = append(out, slo.Period{Start: at, End: at.Add(length)})
			at = at.Add(length)
		}
		return out
	}
	w := slo.Window{Unit: rapid.SampledFrom([]slo.Unit{slo.Day, slo.Week, slo.Month, slo.Quarter, slo.Year}).Draw(t, "unit"), Zone: zone}
	switch {
	case w.Unit != slo.Day && rapid.Bool().Draw(t, "anchored"):
		w.Anchor = slo.Date{Year: 2025, Month: time.January, Day: rapid.IntRange(1, 31).Draw(t, "anchor")}
	case w.Unit == slo.Week:
		w.WeekStart = time.Weekday(rapid.IntRange(0, 6).Draw(t, "week start"))
	}
	for p := w.Bounds(span.Start); p.Start.Before(span.End); p = w.Bounds(p.End) {
		out = append(out, p)
	}
	return out
}

// naiveOwn finds a rolling window bucket by bucket: the newest that ended by now and, for
// the slice methods, whose slice is complete, back to the first that makes up its length.
func naiveOwn(s slo.SLO, data *slo.Series, now time.Time) (window slo.Period, bad, total *big.Rat, measured, elapsed int) {
	type piece struct {
		slo.Period
		done       time.Time
		from, upTo int
	}
	var pieces []piece
	for i := range data.Len() {
		p := slo.Period{Start: data.Time(i), End: data.Time(i + 1)}
		if !s.Budgeting.Slices() {
			pieces = append(pieces, piece{p, p.End, i, i + 1})
			continue
		}
		midnight := slo.DateOf(p.Start, s.Window.Zone).Start(s.Window.Zone)
		next := slo.DateOf(p.Start, s.Window.Zone).AddDays(1).Start(s.Window.Zone)
		start := midnight
		for !start.Add(s.Budgeting.Slice).After(p.Start) {
			start = start.Add(s.Budgeting.Slice)
		}
		end := start.Add(s.Budgeting.Slice)
		if end.After(next) {
			end = next
		}
		if k := len(pieces) - 1; k >= 0 && pieces[k].Start.Equal(start) {
			pieces[k].upTo, pieces[k].done = i+1, p.End
		} else {
			pieces = append(pieces, piece{slo.Period{Start: start, End: end}, p.End, i, i + 1})
		}
	}
	last := -1
	for i, p := range pieces {
		if !p.done.After(now) && !p.End.After(now) {
			last = i
		}
	}
	bad, total = new(big.Rat), new(big.Rat)
	if last < 0 {
		return window, bad, total, 0, 0
	}
	window = slo.Period{Start: pieces[last].End, End: pieces[last].End}
	for i := last; i >= 0 && window.Length() < s.Window.Length; i-- {
		window.Start = pieces[i].Start
		b, all, seen := new(big.Rat), new(big.Rat), false
		for k := pieces[i].from; k < pieces[i].upTo; k++ {
			elapsed++
			if data.Measured(k) {
				measured, seen = measured+1, true
				b.Add(b, rat(data.Bad[k], 0))
				all.Add(all, rat(data.Total[k], 0))
			}
		}
		switch {
		case !seen:
		case !s.Budgeting.Slices():
			bad.Add(bad, b)
			total.Add(total, all)
		case s.Budgeting.Method == slo.RatioTimeslices:
			bad.Add(bad, b.Quo(b, all))
			total.Add(total, big.NewRat(1, 1))
		default:
			if b.Quo(b, all).Cmp(big.NewRat(1, 2)) > 0 {
				bad.Add(bad, big.NewRat(1, 1))
			}
			total.Add(total, big.NewRat(1, 1))
		}
	}
	return window, bad, total, measured, elapsed
}

// A rolling window is the newest complete buckets, or slices, that make up its length,
// whatever the minute at which it is asked for and the delay of its counts.
func TestRollingWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.SampledFrom(boundSteps).Draw(t, "step")
		s := promiseOver(t, step)
		s.Delay = time.Duration(rapid.SampledFrom([]int{0, 0, 1, 7, 90}).Draw(t, "delay")) * time.Minute
		n := rapid.IntRange(40, 200).Draw(t, "buckets")
		phase := time.Duration(rapid.IntRange(0, int(24*time.Hour/step)-1).Draw(t, "phase")) * step
		// Buckets begin at a midnight of the zone, so that slices are made of whole ones;
		// no clock changes in the days after it.
		start := slo.Date{Year: 2026, Month: time.June, Day: 1}.Start(s.Window.Zone).Add(phase)
		if s.Budgeting.Slices() {
			start = start.Add(-phase % s.Budgeting.Slice)
		}
		s.Window.Length = step * time.Duration(rapid.IntRange(1, 30).Draw(t, "length"))
		data := countsOver(t, start, step, n)
		l, err := New(s, data)
		if err != nil {
			t.Fatal(err)
		}
		grain := max(step, s.Budgeting.Slice)
		from := start.Add(s.Window.Length + 2*grain + s.Delay)
		if from.After(data.End()) {
			return
		}
		at := from.Add(time.Duration(rapid.IntRange(0, int(data.End().Sub(from)/time.Minute)).Draw(t, "at")) * time.Minute)
		st := l.Current(at)
		window, bad, total, measured, elapsed := naiveOwn(s, data, at.Add(-s.Delay))
		if !st.Period.Start.Equal(window.Start) || !st.Period.End.Equal(window.End) || st.Elapsed != st.Period {
			t.Fatalf("window %v, elapsed %v; want %v", st.Period, st.Elapsed, window)
		}
		if st.Buckets.Measured != measured || st.Buckets.Elapsed != elapsed {
			t.Errorf("got %d of %d buckets, want %d of %d", st.Buckets.Measured, st.Buckets.Elapsed, measured, elapsed)
		}
		if st.Counts.Bad.Rat().Cmp(bad) != 0 || st.Counts.Total.Rat().Cmp(total) != 0 {
			t.Errorf("%s: got %s of %s, want %s of %s", s.Budgeting.Method, st.Counts.Bad, st.Counts.Total, bad, total)
		}
		m := l.Meter()
		own, _ := m.Own(m.Instant(st.Now))
		if mBad, mTotal := m.Counts(own); mBad.Rat().Cmp(bad) != 0 || mTotal.Rat().Cmp(total) != 0 {
			t.Errorf("alerts see %s of %s, want %s of %s", mBad, mTotal, bad, total)
		}
	})
}

// Nothing is complete before the delay of its counts is over: the month closes late.
func TestDelay(t *testing.T) {
	end := slo.Date{Year: 2026, Month: time.May, Day: 1}.Start(time.UTC)
	s := objective("99%", slo.Window{Unit: slo.Month})
	s.Delay = 10 * time.Minute
	data := slo.NewSeries(slo.Period{Start: end.AddDate(0, -1, 0), End: end.Add(time.Hour)}, time.Minute)
	for i := range data.Total {
		data.Bad[i], data.Total[i] = 0, 1
	}
	l, _ := New(s, data)
	april := slo.Period{Start: end.AddDate(0, -1, 0), End: end}
	for _, c := range []struct {
		at     time.Time
		closed bool
		until  time.Time
	}{
		{end, false, end.Add(-10 * time.Minute)},
		{end.Add(9 * time.Minute), false, end.Add(-time.Minute)},
		{end.Add(10 * time.Minute), true, end},
	} {
		if st := l.Status(april, c.at); st.Closed != c.closed || !st.Elapsed.End.Equal(c.until) {
			t.Errorf("at %v: closed %t, elapsed until %v; want %t, %v", c.at, st.Closed, st.Elapsed.End, c.closed, c.until)
		}
	}
}
