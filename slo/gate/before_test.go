package gate

import (
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// counts are the buckets of a month that ended and of the one that runs: total and bad
// a bucket in each, from a first bucket on.
type counts struct {
	step      time.Duration
	from      time.Time
	was, is   float64    // bad of 100
	unknown   time.Time  // nothing is measured from here on; zero: all is
	gap       slo.Period // nothing is measured in it
	excluding []slo.Period
}

// judgedAt judges s by the default policy over c.
func judgedAt(t *testing.T, s slo.SLO, c counts, at time.Time) (Objective, Outcome) {
	t.Helper()
	s.AtRisk = slo.DefaultAtRisk()
	if s.Target == 0 {
		s.Target = 900_000_000
	}
	if !s.MinCoverage.Known() {
		s.MinCoverage = slo.DefaultMinCoverage()
	}
	if s.Budgeting.Method == "" {
		s.Budgeting.Method = slo.Occurrences
	}
	if c.excluding != nil {
		s.Exclusions = []slo.Exclusion{{Name: "x", Fixed: c.excluding}}
	}
	own := s.Window.Bounds(at)
	first := s.Window.Previous(own).Start
	if c.from.Before(first) { // the bucket in which the window before begins
		first = c.from
	}
	data := slo.NewSeries(slo.Period{Start: first, End: at}, c.step)
	for i := range data.Len() {
		if data.Time(i).Before(c.from) || !c.unknown.IsZero() && !data.Time(i).Before(c.unknown) ||
			c.gap.Contains(data.Time(i)) {
			continue
		}
		data.Total[i], data.Bad[i] = 100, c.was
		if !data.Time(i).Before(own.Start) {
			data.Bad[i] = c.is
		}
	}
	l, err := budget.New(s, data)
	if err != nil {
		t.Fatal(err)
	}
	o := Of(l, l.Current(at), data, at)
	return o, Judge(o, slo.DefaultGate(), at)
}

var (
	october = time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC)
	monthly = slo.SLO{Window: slo.Window{Unit: slo.Month}}
)

// A month of which less than an hour, or fewer than two buckets or slices, is over is
// judged together with the one before.
func TestFirstMinutesOfAWindow(t *testing.T) {
	september := october.AddDate(0, -1, 0)
	minute := func(n int) time.Time { return october.Add(time.Duration(n) * time.Minute) }
	healthy := counts{step: time.Minute, from: september}
	exhausted := counts{step: time.Minute, from: september, was: 11} // 11 of 100 where 10 may be
	hourly, daily := healthy, exhausted
	hourly.step, daily.step = hour, 24*hour
	lost := counts{step: time.Minute, from: september.AddDate(0, 0, 20)}
	late := exhausted
	late.was, late.unknown = 0, minute(-2)
	maintained := exhausted
	maintained.excluding = []slo.Period{{Start: october, End: october.Add(72 * hour)}}
	brief := healthy
	brief.excluding = []slo.Period{{Start: october, End: october.Add(hour)}}
	all := healthy
	all.excluding = []slo.Period{{Start: october, End: october.AddDate(0, 1, 0)}}
	allHourly, allOfBad := all, all
	allHourly.step, allOfBad.was = hour, 11
	butHalf := healthy
	butHalf.excluding = []slo.Period{{Start: october, End: october.Add(449*hour + 30*time.Minute)}}
	week := slo.SLO{Window: slo.Window{Unit: slo.Week}}
	sliced := slo.SLO{Window: monthly.Window, Budgeting: slo.Budgeting{Method: slo.Timeslices, Slice: 2 * hour,
		Target: slo.Full, Gaps: slo.GapsExclude, NoTraffic: slo.NoTrafficIgnore}}
	since := monthly
	since.Since = october
	nightly := slo.SLO{Window: slo.Window{Unit: slo.Day}}
	for _, c := range []struct {
		name    string
		slo     slo.SLO
		counts  counts
		at      time.Time
		verdict slo.Verdict
		before  bool
	}{
		{"healthy, no minute over", monthly, healthy, minute(0), slo.Open, true},
		{"healthy, one minute", monthly, healthy, minute(1), slo.Open, true},
		{"healthy, ten", monthly, healthy, minute(10), slo.Open, true},
		{"healthy, an hour", monthly, healthy, minute(60), slo.Open, false},
		{"exhausted, no minute over", monthly, exhausted, minute(0), slo.Closed, true},
		{"exhausted, 59 minutes", monthly, exhausted, minute(59), slo.Closed, true},
		{"exhausted, an hour", monthly, exhausted, minute(60), slo.Open, false},
		{"hourly, one bucket", monthly, hourly, minute(119), slo.Open, true},
		{"hourly, two buckets", monthly, hourly, minute(120), slo.Open, false},
		{"daily and exhausted, one bucket", monthly, daily, october.Add(47 * hour), slo.Closed, true},
		{"daily and exhausted, two buckets", monthly, daily, october.Add(48 * hour), slo.Open, false},
		{"slices, one", sliced, exhausted, minute(239), slo.Closed, true},
		{"slices, two", sliced, exhausted, minute(240), slo.Open, false},
		{"a third of the month before was measured", monthly, lost, minute(10), slo.CannotTell, true},
		{"a third of it, an hour later", monthly, lost, minute(60), slo.Open, false},
		{"the last two minutes are not there yet", monthly, late, minute(1), slo.Open, true},
		{"nothing for 62 minutes", monthly, late, minute(60), slo.CannotTell, true},
		{"an hour of maintenance, half of it", monthly, brief, minute(30), slo.Open, true},
		{"an hour of maintenance, just over", monthly, brief, minute(60), slo.Open, true},
		{"an hour of maintenance, 10 minutes later", monthly, brief, minute(70), slo.Open, true},
		{"an hour of maintenance, an hour later", monthly, brief, minute(120), slo.Open, false},
		{"all is excluded, in the first two hours", monthly, all, minute(119), slo.Open, true},
		{"all is excluded, after them", monthly, all, minute(120), slo.CannotTell, true},
		{"all is excluded, weeks later", monthly, all, october.Add(450 * hour), slo.CannotTell, true},
		{"all is excluded, after a bad month, at first", monthly, allOfBad, minute(119), slo.Closed, true},
		{"all is excluded, after a bad month, weeks later", monthly, allOfBad, october.Add(450 * hour), slo.Closed, true},
		{"all is excluded, hourly, three buckets", monthly, allHourly, minute(239), slo.Open, true},
		{"all is excluded, hourly, four", monthly, allHourly, minute(240), slo.CannotTell, true},
		{"all of a week is excluded", week, all, october.Add(200 * hour), slo.CannotTell, true},
		{"all but half an hour", monthly, butHalf, october.Add(450 * hour), slo.CannotTell, true},
		{"all is excluded, of slices", sliced, all, october.Add(450 * hour), slo.CannotTell, true},
		{"promised from this month on, all excluded", since, all, october.Add(450 * hour), slo.CannotTell, false},
		{"three days of maintenance, in the first hours", monthly, maintained, minute(119), slo.Closed, true},
		{"three days of maintenance, after them", monthly, maintained, minute(120), slo.Closed, true},
		{"half an hour after three days", monthly, maintained, october.Add(72*hour + 30*time.Minute), slo.Closed, true},
		{"an hour after them", monthly, maintained, october.Add(73 * hour), slo.CannotTell, false},
		{"as long after them", monthly, maintained, october.Add(144 * hour), slo.Open, false},
		{"promised from this month on", since, exhausted, minute(10), slo.CannotTell, false},
		{"promised from this month on, an hour", since, exhausted, minute(60), slo.Open, false},
		{"promised from this month on, nothing over", since, exhausted, minute(0), slo.CannotTell, false},
		{"each night", nightly, exhausted, minute(10), slo.Closed, true},
		{"each night, an hour", nightly, exhausted, minute(60), slo.Open, false},
	} {
		o, got := judgedAt(t, c.slo, c.counts, c.at)
		if got.Verdict != c.verdict || (o.Before != nil) != c.before {
			t.Errorf("%s: %s, the window before counts: %t; want %s, %t (%v)", c.name, got.Verdict, o.Before != nil,
				c.verdict, c.before, got.Checks)
		}
	}
}

// A gate that the month before closes opens once an hour and two buckets of the new one
// are over, in a zone 5 h 45 min from UTC.
func TestOpensWhenTheWindowBeforeNoLongerCounts(t *testing.T) {
	zone := time.FixedZone("+0545", 5*3600+45*60)
	s := slo.SLO{Window: slo.Window{Unit: slo.Month, Zone: zone}}
	start := time.Date(2026, time.October, 1, 0, 0, 0, 0, zone)
	c := counts{step: 15 * time.Minute, from: start.AddDate(0, -1, 0), was: 11}
	_, got := judgedAt(t, s, c, start.Add(30*time.Minute))
	want := start.Add(hour)
	if got.Verdict != slo.Closed || !got.Checks[0].Before || !got.Checks[0].Opens.Stopped.Equal(want) {
		t.Errorf("%s, opens %v; want closed by the month before until %v", got.Verdict, got.Checks[0].Opens, want)
	}
	hourly := c // of UTC: those of 19:00 and 20:00 are the first of a month that begins at 18:15
	hourly.step, hourly.from = hour, c.from.Add(-15*time.Minute)
	want = start.Add(2*hour + 45*time.Minute)
	if _, got := judgedAt(t, s, hourly, start.Add(2*hour)); !got.Checks[0].Opens.Stopped.Equal(want) {
		t.Errorf("hourly buckets: opens %v, want at 21:00 UTC", got.Checks[0].Opens)
	}
	for _, sooner := range []time.Duration{0, 59 * time.Minute} {
		if _, got := judgedAt(t, s, c, start.Add(sooner)); got.Verdict != slo.Closed {
			t.Errorf("%s after the start: %s, want closed", sooner, got.Verdict)
		}
	}
	if _, got := judgedAt(t, s, c, start.Add(hour)); got.Verdict != slo.Open {
		t.Errorf("an hour after the start: %s, want open", got.Verdict)
	}
}

// Counts are asked for from the window before on: how long it counts depends on them.
func TestSince(t *testing.T) {
	closed := monthly
	closed.Exclusions = []slo.Exclusion{{Fixed: []slo.Period{{Start: october, End: october.AddDate(0, 0, 10)}}}}
	young := monthly
	young.Since = october
	september := october.AddDate(0, -1, 0)
	for _, c := range []struct {
		name string
		slo  slo.SLO
		at   time.Time
		want time.Time
	}{
		{"at its start", monthly, october, september},
		{"on the second day", monthly, october.Add(47 * hour), september},
		{"on the third", monthly, october.Add(48 * hour), september},
		{"on its last day", monthly, october.AddDate(0, 0, 30), september},
		{"after ten days of maintenance", closed, october.AddDate(0, 0, 11), september},
		{"promised from then on", young, october, september},
		{"rolling", slo.SLO{Window: slo.Window{Length: 24 * hour}}, october, october.Add(-24 * hour)},
	} {
		if got := Since(c.slo, c.at); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// A month of which an hour is over but not measured is judged together with the one
// before, whatever counts for its gaps; how much is over tells nothing.
func TestWindowOfWhichTooLittleIsMeasured(t *testing.T) {
	september := october.AddDate(0, -1, 0)
	minute := func(n int) time.Time { return october.Add(time.Duration(n) * time.Minute) }
	slices := func(gaps slo.GapPolicy, length time.Duration) slo.SLO {
		return slo.SLO{Window: monthly.Window, Budgeting: slo.Budgeting{Method: slo.Timeslices, Slice: length,
			Target: slo.Full, Gaps: gaps, NoTraffic: slo.NoTrafficIgnore}}
	}
	low, delayed := monthly, monthly
	low.MinCoverage, delayed.Delay = slo.NumberFrac(1, 100), 3*time.Minute
	good, bad := slices(slo.GapsGood, time.Minute), slices(slo.GapsBad, time.Minute)
	exclude, long := slices(slo.GapsExclude, time.Minute), slices(slo.GapsGood, time.Hour)
	for _, c := range []struct {
		name     string
		slo      slo.SLO
		was      float64 // bad of 100 in September
		from, to int     // minutes of October that are not measured
		at       int
		verdict  slo.Verdict
		before   bool
	}{
		{"6 missing, 54 measured", monthly, 11, 20, 26, 60, slo.Closed, true},
		{"6 missing, 59 measured", monthly, 11, 20, 26, 65, slo.Closed, true},
		{"6 missing, an hour measured", monthly, 11, 20, 26, 66, slo.Open, false},
		{"6 missing after a September that was kept", monthly, 0, 20, 26, 65, slo.Open, true},
		{"the last 6 missing", monthly, 11, 54, 60, 60, slo.Closed, true},
		{"too little coverage", monthly, 0, 20, 160, 180, slo.CannotTell, true},
		{"too little coverage after too much was spent", monthly, 11, 20, 160, 180, slo.Closed, true},
		{"min_coverage 1 %, 5 measured", low, 11, 5, 120, 120, slo.Closed, true},
		{"min_coverage 1 %, 59 measured", low, 11, 5, 120, 174, slo.Closed, true},
		{"min_coverage 1 %, an hour measured", low, 11, 5, 120, 175, slo.Open, false},
		{"min_coverage 1 %, kept", low, 0, 5, 120, 125, slo.Open, true},
		{"gaps good, one minute measured", good, 11, 0, 120, 121, slo.Closed, true},
		{"gaps good, 59", good, 11, 0, 120, 179, slo.Closed, true},
		{"gaps good, an hour", good, 11, 0, 120, 180, slo.Open, false},
		{"gaps good, kept", good, 0, 0, 120, 121, slo.Open, true},
		{"gaps good, nothing measured", good, 0, 0, 121, 121, slo.CannotTell, true},
		{"gaps bad, one minute measured", bad, 11, 0, 120, 121, slo.Closed, true},
		{"gaps bad, an hour", bad, 11, 0, 120, 180, slo.Open, false},
		{"gaps exclude, 59", exclude, 11, 20, 26, 65, slo.Closed, true},
		{"gaps exclude, an hour", exclude, 11, 20, 26, 66, slo.Open, false},
		{"one hourly slice of three is measured", long, 11, 0, 120, 180, slo.Closed, true},
		{"two of four are", long, 11, 0, 120, 240, slo.Open, false},
		{"delay, 59 measured", delayed, 11, 20, 26, 68, slo.Closed, true},
		{"delay, an hour measured", delayed, 11, 20, 26, 69, slo.Open, false},
		{"nothing for ten days", monthly, 0, 0, 14_400, 14_400, slo.CannotTell, true},
		{"nothing for ten days, gaps good", good, 0, 0, 14_400, 14_400, slo.CannotTell, true},
		{"nothing for ten days, low", low, 0, 0, 14_400, 14_400, slo.CannotTell, true},
		{"ten minutes after ten days", monthly, 0, 0, 14_400, 14_410, slo.CannotTell, true},
	} {
		data := counts{step: time.Minute, from: september, was: c.was,
			gap: slo.Period{Start: minute(c.from), End: minute(c.to)}}
		o, got := judgedAt(t, c.slo, data, minute(c.at))
		if got.Verdict != c.verdict || (o.Before != nil) != c.before {
			t.Errorf("%s: %s, the window before counts: %t; want %s, %t (%v)", c.name, got.Verdict, o.Before != nil,
				c.verdict, c.before, got.Checks)
		}
		if until := o.Until(); !until.IsZero() {
			t.Errorf("%s: until %v, which nobody knows", c.name, until)
		}
		if got.Verdict == slo.Closed && !got.Checks[0].Opens.Stopped.IsZero() {
			t.Errorf("%s: opens %v, which nobody knows", c.name, got.Checks[0].Opens)
		}
	}
}

// A month whose data is not there yet is judged by the one before, as long as the policy
// lets its data be that old. What was lost inside it, or is missing for most of it, is
// missing; what was counted of it counts.
func TestWindowWhoseDataIsLate(t *testing.T) {
	september := october.AddDate(0, -1, 0)
	after := func(n int) time.Time { return october.Add(time.Duration(n) * time.Minute) }
	daily, patient := slo.DefaultGate(), slo.DefaultGate()
	daily.MaxAge, patient.MaxAge = 25*hour, 30*24*hour
	whole := []slo.Period{{Start: october, End: october.AddDate(0, 1, 0)}}
	for _, c := range []struct {
		name    string
		gate    slo.Gate
		was, is float64 // bad of 100 in September and in October
		newest  int     // minutes of October, from its start, up to which data came; before it if negative
		lost    int     // minutes at the start of October that are not measured
		at      int
		without []slo.Period // excluded
		verdict slo.Verdict
		code    Code
	}{
		{"12 hours late, half an hour over", daily, 0, 0, -720, 0, 30, nil, slo.Open, Remaining},
		{"12 hours late, an hour over", daily, 0, 0, -720, 0, 60, nil, slo.Open, Remaining},
		{"12 hours late, 12 hours over", daily, 0, 0, -720, 0, 720, nil, slo.Open, Remaining},
		{"as old as it may be", daily, 0, 0, -720, 0, 780, nil, slo.Open, Remaining},
		{"a minute older", daily, 0, 0, -720, 0, 781, nil, slo.CannotTell, Stale},
		{"by default an hour", slo.DefaultGate(), 0, 0, -720, 0, 60, nil, slo.CannotTell, Stale},
		{"after a September that was spent", daily, 11, 0, -720, 0, 720, nil, slo.Closed, Remaining},
		{"old, after a September that was spent", daily, 11, 0, -720, 0, 1000, nil, slo.Closed, Remaining},
		{"ten minutes came", daily, 0, 0, 10, 0, 600, nil, slo.Open, Remaining},
		{"ten minutes came after a September that was spent", daily, 11, 0, 10, 0, 600, nil, slo.Closed, Remaining},
		{"ten minutes came, nine were lost", daily, 0, 0, 10, 9, 600, nil, slo.CannotTell, NoData},
		{"an hour came, too much is missing", daily, 0, 0, 60, 0, 600, nil, slo.CannotTell, NoData},
		{"all that came is bad, but the month has three days", daily, 0, 100, 10, 0, 600, nil, slo.Open, Remaining},
		{"less than half of the month", patient, 0, 0, 0, 0, 31 * 720, nil, slo.Open, Remaining},
		{"more than half of it", patient, 0, 0, 0, 0, 31*720 + 1, nil, slo.CannotTell, NoData},
		{"all of it is excluded", daily, 0, 0, -720, 0, 720, whole, slo.CannotTell, NoData},
	} {
		data := counts{step: time.Minute, from: september, was: c.was, is: c.is, unknown: after(c.newest),
			gap: slo.Period{Start: october, End: after(c.lost)}, excluding: c.without}
		o, _ := judgedAt(t, monthly, data, after(c.at))
		got := Judge(o, c.gate, after(c.at))
		if got.Verdict != c.verdict || got.Checks[0].Code != c.code {
			t.Errorf("%s: %s by %s, want %s by %s", c.name, got.Verdict, got.Checks[0].Code, c.verdict, c.code)
		}
	}
}

// Of a window that has only begun, what was counted closes the gate although it is too little
// to be data.
func TestCountedOfAWindowThatHasOnlyBegun(t *testing.T) {
	strict := slo.SLO{Window: slo.Window{Unit: slo.Month}, Target: 999_000_000} // 44.6 minutes of October
	for lost, want := range map[int]slo.Verdict{5: slo.Closed, 20: slo.Open} {  // of 50 minutes
		data := counts{step: time.Minute, from: october.AddDate(0, -1, 0), is: 100,
			gap: slo.Period{Start: october, End: october.Add(time.Duration(lost) * time.Minute)}}
		o, got := judgedAt(t, strict, data, october.Add(50*time.Minute))
		if got.Verdict != want || o.Before == nil {
			t.Errorf("%d of 50 minutes lost: %s, want %s", lost, got.Verdict, want)
		}
	}
	data := counts{step: time.Minute, from: october.AddDate(0, -1, 0), is: 100,
		gap: slo.Period{Start: october, End: october.Add(10 * time.Minute)}}
	o, got := judgedAt(t, strict, data, october.Add(59*time.Minute))
	if o.Status.State != slo.NoData || got.Verdict != slo.Closed {
		t.Errorf("49 of 59 minutes bad: %s, %s; want no data, but closed", o.Status.State, got.Verdict)
	}
}

// A check a day beside counts that go on: until the first of the month it is idle, not without
// data, as long as the last one is no older than the policy lets data be.
func TestIdleSinceTheWindowBegan(t *testing.T) {
	daily, patient := slo.DefaultGate(), slo.DefaultGate()
	daily.MaxAge, patient.MaxAge = 25*hour, 30*24*hour
	for _, c := range []struct {
		name    string
		gate    slo.Gate
		bad     float64 // of each check of September
		at      time.Duration
		verdict slo.Verdict
		before  bool
	}{
		{"half an hour over", daily, 0, hour / 2, slo.Open, true},
		{"six hours", daily, 0, 6 * hour, slo.Open, true},
		{"a September that failed", daily, 1, 6 * hour, slo.Closed, true},
		{"the first check", daily, 0, 13 * hour, slo.Open, false},
		{"the first check after a September that failed", daily, 1, 13 * hour, slo.Open, false},
		{"by default an hour", slo.DefaultGate(), 0, 6 * hour, slo.CannotTell, false},
		{"one check was missed", patient, 0, 11 * hour, slo.Open, true},
	} {
		data := slo.NewSeries(slo.Period{Start: october.AddDate(0, -1, 0), End: october.Add(c.at)}, time.Minute)
		for i := range data.Len() {
			data.Bad[i], data.Total[i] = 0, 0
			if now := data.Time(i); now.Hour() == 12 && now.Minute() == 0 {
				data.Total[i] = 1
				if now.Before(october) {
					data.Bad[i] = c.bad
				}
			}
		}
		s := monthly
		s.Target, s.AtRisk, s.MinCoverage = 900_000_000, slo.DefaultAtRisk(), slo.DefaultMinCoverage()
		s.Budgeting.Method, s.Gate = slo.Occurrences, &c.gate
		l, err := budget.New(s, data)
		if err != nil {
			t.Fatal(err)
		}
		o := Of(l, l.Current(october.Add(c.at)), data, october.Add(c.at))
		got := Judge(o, c.gate, october.Add(c.at))
		if got.Verdict != c.verdict || (o.Before != nil) != c.before {
			t.Errorf("%s: %s (%v), the window before counts: %t; want %s", c.name, got.Verdict, got.Checks, o.Before != nil, c.verdict)
		}
	}
}
