package budget

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
)

// TestOver: an hour of data from 12:00 with one of ten events bad each minute, of
// which 12:30 to 12:40 was not measured and 12:50 to 13:00 is excluded.
func TestOver(t *testing.T) {
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	minute := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }
	data := slo.NewSeries(slo.Period{Start: noon, End: minute(60)}, time.Minute)
	for i := range data.Len() {
		if i < 30 || i >= 40 {
			data.Bad[i], data.Total[i] = 1, 10
		}
	}
	s := slo.SLO{Target: 990_000_000, Window: slo.Window{Length: time.Hour}, MinCoverage: slo.DefaultMinCoverage(),
		Budgeting:  slo.Budgeting{Method: slo.Occurrences},
		Exclusions: []slo.Exclusion{{Fixed: []slo.Period{{Start: minute(50), End: minute(60)}}}}}
	sliced := s
	sliced.Budgeting = slo.Budgeting{Method: slo.Timeslices, Slice: 10 * time.Minute, Target: 950_000_000, Gaps: slo.GapsExclude, NoTraffic: slo.NoTrafficIgnore}
	for _, c := range []struct {
		name     string
		s        slo.SLO
		from, to int
		want     string
	}{
		{"measured", s, 0, 30, "30 of 300, 30 of 30 and 0, true"},
		{"with a gap", s, 0, 50, "40 of 400, 40 of 50 and 0, false"},
		{"a gap of a tenth", s, 21, 31, "9 of 90, 9 of 10 and 0, true"},
		{"excluded in part", s, 40, 60, "10 of 100, 10 of 10 and 10, true"},
		{"excluded", s, 50, 60, "0 of 0, 0 of 0 and 10, false"},
		{"before the data", s, -20, 20, "20 of 200, 20 of 40 and 0, false"},
		{"after the data", s, 40, 70, "10 of 100, 10 of 20 and 10, false"},
		{"nothing", s, 20, 20, "0 of 0, 0 of 0 and 0, false"},
		{"whole slices", sliced, 5, 25, "1 of 1, 20 of 20 and 0, true"},
	} {
		l, err := New(c.s, data)
		if err != nil {
			t.Fatal(err)
		}
		p := l.Over(slo.Period{Start: minute(c.from), End: minute(c.to)})
		got := fmt.Sprintf("%v of %v, %d of %d and %d, %v", p.Counts.Bad, p.Counts.Total, p.Buckets.Measured, p.Buckets.Elapsed, p.Buckets.Excluded, p.Enough)
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestGrainStart(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	clock := func(h, m int) time.Time { return time.Date(2026, 5, 2, h, m, 0, 0, time.UTC) }
	data := slo.NewSeries(slo.Period{Start: clock(-24, 0), End: clock(24, 0)}, 15*time.Minute)
	s := slo.SLO{Target: 990_000_000, Window: slo.Window{Length: time.Hour, Zone: berlin}, Budgeting: slo.Budgeting{Method: slo.Occurrences}}
	sliced := s
	sliced.Budgeting = slo.Budgeting{Method: slo.RatioTimeslices, Slice: 8 * time.Hour}
	for _, c := range []struct {
		s       slo.SLO
		t, want time.Time
	}{
		{s, clock(9, 0), clock(9, 0)}, {s, clock(9, 14), clock(9, 0)}, {s, clock(-24, -1), clock(-24, -15)}, {s, clock(30, 20), clock(30, 15)},
		{sliced, clock(9, 0), clock(6, 0)}, {sliced, clock(6, 0), clock(6, 0)}, {sliced, clock(5, 59), clock(-2, 0)}, // 08:00 in Berlin
	} {
		l, err := New(c.s, data)
		if err != nil {
			t.Fatal(err)
		}
		if got := l.GrainStart(c.t); !got.Equal(c.want) {
			t.Errorf("%s at %s: got %s, want %s", c.s.Budgeting.Method, c.t, got, c.want)
		}
	}
}

// TestKnown: ten days of hourly counts from the 3rd to the 12th. Known is what was
// measured since the promise began, and what is excluded in between.
func TestKnown(t *testing.T) {
	june := func(day, hour int) time.Time { return time.Date(2026, 6, day, hour, 0, 0, 0, time.UTC) }
	day := 24 * time.Hour
	for _, c := range []struct {
		name    string
		since   time.Time
		lost    slo.Period
		exclude slo.Period
		want    time.Duration
	}{
		{"all of it", time.Time{}, slo.Period{}, slo.Period{}, 10 * day},
		{"since the 5th", june(5, 0), slo.Period{}, slo.Period{}, 8 * day},
		{"since before the data", june(1, 0), slo.Period{}, slo.Period{}, 10 * day},
		{"since after the data", june(20, 0), slo.Period{}, slo.Period{}, 0},
		{"a gap of a day", time.Time{}, slo.Period{Start: june(6, 0), End: june(7, 0)}, slo.Period{}, 9 * day},
		{"an excluded day", time.Time{}, slo.Period{}, slo.Period{Start: june(6, 0), End: june(7, 0)}, 10 * day},
		{"an excluded gap", time.Time{}, slo.Period{Start: june(6, 0), End: june(7, 0)}, slo.Period{Start: june(6, 0), End: june(7, 0)}, 10 * day},
		{"excluded before the data", time.Time{}, slo.Period{}, slo.Period{Start: june(1, 0), End: june(3, 0)}, 10 * day},
		{"excluded at its end, and lost", time.Time{}, slo.Period{Start: june(12, 0), End: june(13, 0)}, slo.Period{Start: june(12, 0), End: june(15, 0)}, 9 * day},
	} {
		data := slo.NewSeries(slo.Period{Start: june(1, 0), End: june(20, 0)}, time.Hour)
		for i := range data.Len() {
			if at := data.Time(i); !at.Before(june(3, 0)) && at.Before(june(13, 0)) && !c.lost.Contains(at) {
				data.Bad[i], data.Total[i] = 0, 100
			}
		}
		s := objective("99%", slo.Window{Unit: slo.Month})
		s.Since, s.Exclusions = c.since, []slo.Exclusion{{Fixed: []slo.Period{c.exclude}}}
		l, err := New(s, data)
		if err != nil {
			t.Fatal(err)
		}
		if got := slo.Lasting(Known(l, slo.Period{Start: june(1, 0), End: june(20, 0)})); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	l, err := New(objective("99%", oneDay), steady(day0, 1440, 10))
	if err != nil {
		t.Fatal(err)
	}
	off := slo.Period{Start: day0.Add(90 * time.Second), End: day0.Add(10*time.Minute + time.Second)}
	if got := slo.Lasting(Known(l, off)); got != 8*time.Minute {
		t.Errorf("off the step: %s, want 8m: from 00:02 to 00:10", got)
	}
}

// Besides counts each bucket that lies in no period that was seen, and that alone.
func TestBesidesTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := drawTroubled(t, time.Minute)
		s := objective("99%", slo.Window{Unit: slo.Month})
		period := func(from, length int) slo.Period {
			start := data.Start.Add(time.Duration(from) * 30 * time.Second)
			return slo.Period{Start: start, End: start.Add(time.Duration(length) * 30 * time.Second)}
		}
		most := 2*data.Len() + 10
		var seen []slo.Period
		for from := rapid.IntRange(-10, most).Draw(t, "from"); from < most; {
			length := rapid.IntRange(1, 20).Draw(t, "length")
			seen = append(seen, period(from, length))
			from += length + rapid.IntRange(1, 30).Draw(t, "gap")
		}
		p := period(rapid.IntRange(-10, most).Draw(t, "start"), rapid.IntRange(0, most).Draw(t, "all"))
		s.Exclusions = []slo.Exclusion{{Fixed: []slo.Period{period(rapid.IntRange(0, most).Draw(t, "exclusion"), 10)}}}
		l, err := New(s, data)
		if err != nil {
			t.Fatal(err)
		}
		bad, total := 0.0, 0.0
		for i := range data.Len() {
			start := data.Time(i)
			in := func(p slo.Period) bool { return p.Contains(start) }
			if in(p) && l.record.counts(i) && !slices.ContainsFunc(seen, in) {
				bad, total = bad+data.Bad[i], total+data.Total[i]
			}
		}
		counts, after := Besides(l, seen, p)
		if counts.Bad.Float() != bad || counts.Total.Float() != total {
			t.Fatalf("got %v of %v, want %v of %v", counts.Bad, counts.Total, bad, total)
		}
		if again, _ := Besides(l, after, p); again.Total.Sign() != 0 {
			t.Fatalf("%v events are counted twice", again.Total)
		}
	})
}
