package gate

import (
	"math"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

var noon = time.Date(2026, time.October, 31, 12, 0, 0, 0, time.UTC)

const hour = time.Hour

// objective is one of 90 % over ten hours with a bucket an hour: "2/10" is bad and
// total, "-" was not measured. The last bucket ends at noon.
func objective(t *testing.T, s slo.SLO, buckets ...[2]float64) Objective {
	t.Helper()
	s.Target, s.MinCoverage, s.AtRisk = 900_000_000, slo.DefaultMinCoverage(), slo.DefaultAtRisk()
	if s.Budgeting.Method == "" {
		s.Budgeting.Method = slo.Occurrences
	}
	if s.Window == (slo.Window{}) {
		s.Window = slo.Window{Length: 10 * hour, Zone: time.UTC}
	}
	data := slo.NewSeries(slo.Period{Start: noon.Add(-time.Duration(len(buckets)) * hour), End: noon}, hour)
	for i, b := range buckets {
		data.Bad[i], data.Total[i] = b[0], b[1]
	}
	l, err := budget.New(s, data)
	if err != nil {
		t.Fatal(err)
	}
	return Of(l, l.Current(noon), data, noon)
}

// hours returns n buckets of the same counts.
func hours(n int, bad, total float64) (out [][2]float64) {
	for range n {
		out = append(out, [2]float64{bad, total})
	}
	return out
}

func join(parts ...[][2]float64) (out [][2]float64) {
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

var gap = [][2]float64{{math.NaN(), math.NaN()}}

func TestDefaultGate(t *testing.T) {
	since := slo.SLO{Since: noon.Add(-4 * hour)}
	for _, c := range []struct {
		name    string
		slo     slo.SLO
		buckets [][2]float64
		verdict slo.Verdict
		code    Code
	}{
		{"nothing bad", slo.SLO{}, hours(10, 0, 10), slo.Open, Remaining},
		{"spent to the last event", slo.SLO{}, hours(10, 1, 10), slo.Open, Remaining},
		{"one event over", slo.SLO{}, join(hours(9, 1, 10), hours(1, 2, 10)), slo.Closed, Remaining},
		{"nothing measured", slo.SLO{}, join(gap, gap), slo.CannotTell, NoData},
		{"no bucket", slo.SLO{}, nil, slo.CannotTell, NoData},
		{"no traffic", slo.SLO{}, hours(10, 0, 0), slo.CannotTell, NoData},
		{"nine of ten hours measured", slo.SLO{}, join(hours(5, 0, 10), gap, hours(4, 0, 10)), slo.Open, Remaining},
		{"eight of ten", slo.SLO{}, join(hours(5, 0, 10), gap, gap, hours(3, 0, 10)), slo.CannotTell, NoData},
		{"two buckets old", slo.SLO{MinCoverage: slo.NumberOf(0)}, join(hours(20, 0, 10), gap), slo.Open, Remaining},
		{"young", slo.SLO{}, hours(9, 0, 10), slo.CannotTell, Young},
		{"young and exhausted", slo.SLO{}, hours(9, 2, 10), slo.Closed, Remaining},
		{"young as promised", since, hours(4, 0, 10), slo.Open, Remaining},
		{"a label without events for three hours", slo.SLO{By: []string{"region"}}, join(hours(7, 0, 10), hours(3, 0, 0)), slo.CannotTell, Vanished},
		{"no label, no traffic for three hours", slo.SLO{}, join(hours(7, 0, 10), hours(3, 0, 0)), slo.Open, Remaining},
	} {
		got := Judge(objective(t, c.slo, c.buckets...), slo.DefaultGate(), noon)
		if got.Verdict != c.verdict || got.Checks[0].Code != c.code {
			t.Errorf("%s: %s for %s, want %s for %s", c.name, got.Verdict, got.Checks[0].Code, c.verdict, c.code)
		}
	}
}

// The newest bucket may be as old as the limit, and not a minute older.
func TestStale(t *testing.T) {
	o := objective(t, slo.SLO{}, hours(10, 0, 10)...)
	for _, c := range []struct {
		name    string
		maxAge  time.Duration
		step    time.Duration
		later   time.Duration
		verdict slo.Verdict
	}{
		{"an hour, buckets of a minute", 0, time.Minute, hour, slo.Open},
		{"a minute over it", 0, time.Minute, hour + time.Minute, slo.CannotTell},
		{"two steps of an hour", 0, hour, 2 * hour, slo.Open},
		{"a minute over them", 0, hour, 2*hour + time.Minute, slo.CannotTell},
		{"what the file says, exactly", 5 * time.Minute, time.Minute, 5 * time.Minute, slo.Open},
		{"a minute over that", 5 * time.Minute, time.Minute, 6 * time.Minute, slo.CannotTell},
	} {
		g := slo.DefaultGate()
		g.MaxAge, o.Step = c.maxAge, c.step
		if got := Judge(o, g, noon.Add(c.later)); got.Verdict != c.verdict {
			t.Errorf("%s: %s, want %s", c.name, got.Verdict, c.verdict)
		}
	}
}

// What is excluded makes no data old: of a weekend that is, the age of Friday's counts is
// that of what came since.
func TestExcludedTimeIsNotOld(t *testing.T) {
	weekend := func(from, to time.Duration) []slo.Exclusion {
		return []slo.Exclusion{{Name: "weekend", Fixed: []slo.Period{{Start: noon.Add(from), End: noon.Add(to)}}}}
	}
	for _, c := range []struct {
		name       string
		exclusions []slo.Exclusion
		later      time.Duration
		verdict    slo.Verdict
	}{
		{"not excluded", nil, 8 * hour, slo.CannotTell},
		{"all of it", weekend(0, 8*hour), 8 * hour, slo.Open},
		{"all but two hours before", weekend(2*hour, 9*hour), 8 * hour, slo.Open},
		{"all but two hours after", weekend(0, 6*hour), 8 * hour, slo.Open},
		{"a minute less", weekend(0, 6*hour-time.Minute), 8 * hour, slo.CannotTell},
		{"twice", append(weekend(0, 5*hour), weekend(4*hour, 6*hour)...), 8 * hour, slo.Open},
		{"long before", weekend(-9*hour, -8*hour), 8 * hour, slo.CannotTell},
	} {
		o := objective(t, slo.SLO{Exclusions: c.exclusions}, hours(20, 0, 10)...)
		if got := Judge(o, slo.DefaultGate(), noon.Add(c.later)); got.Verdict != c.verdict {
			t.Errorf("%s: %s, want %s", c.name, got.Verdict, c.verdict)
		}
	}
}

// A window of 10 h at 90 %: 100 calls, 10 may be bad. 4 were bad in each of the
// first three hours and none since. With no more errors 8 are left once the first
// hour is out of the window, after 1 h.
func TestOpensAsErrorsLeaveTheWindow(t *testing.T) {
	o := objective(t, slo.SLO{}, join(hours(3, 4, 10), hours(7, 0, 10))...)
	got := Judge(o, slo.DefaultGate(), noon)
	if want := noon.Add(hour); got.Verdict != slo.Closed || !got.Checks[0].Opens.Stopped.Equal(want) || !got.Checks[0].Opens.AtRate.Equal(want) {
		t.Errorf("got %s, opens %v, want closed until %v", got.Verdict, got.Checks[0].Opens, want)
	}
}

// 2 of 10 are bad each hour and go on so: never. If they stop, ten are left once
// five hours are out of the window.
func TestOpensOnlyIfErrorsStop(t *testing.T) {
	o := objective(t, slo.SLO{}, hours(10, 2, 10)...)
	opens := Judge(o, slo.DefaultGate(), noon).Checks[0].Opens
	if want := noon.Add(5 * hour); !opens.Stopped.Equal(want) || !opens.AtRate.IsZero() || opens.Rate.Cmp(slo.NumberOf(2)) != 0 {
		t.Errorf("opens %v, want %v if errors stop and never at burn rate 2", opens, want)
	}
}

// A calendar period opens when the next begins.
func TestOpensWithTheNextPeriod(t *testing.T) {
	s := slo.SLO{Window: slo.Window{Unit: slo.Day, Zone: time.UTC}}
	opens := Judge(objective(t, s, hours(12, 9, 10)...), slo.DefaultGate(), noon).Checks[0].Opens
	if want := noon.Add(12 * hour); !opens.Stopped.Equal(want) || !opens.AtRate.Equal(want) {
		t.Errorf("opens %v, want %v", opens, want)
	}
}

// Slices leave the window as events do.
func TestOpensAsBadSlicesLeaveTheWindow(t *testing.T) {
	s := slo.SLO{Budgeting: slo.Budgeting{Method: slo.Timeslices, Slice: hour, Target: slo.Full, Gaps: slo.GapsExclude, NoTraffic: slo.NoTrafficIgnore}}
	o := objective(t, s, join(hours(1, 1, 10), hours(2, 0, 10), hours(1, 1, 10), hours(6, 0, 10))...)
	opens := Judge(o, slo.DefaultGate(), noon).Checks[0].Opens
	if want := noon.Add(hour); !opens.Stopped.Equal(want) {
		t.Errorf("opens %v, want %v", opens, want)
	}
}
