package gate

import (
	"math"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"pgregory.net/rapid"
)

// doubted is objective with events in doubt in its last bucket.
func doubted(t *testing.T, s slo.SLO, events float64, buckets ...[2]float64) Objective {
	t.Helper()
	o := objective(t, s, buckets...)
	data := *o.data
	zeros := func() []float64 { return make([]float64, data.Len()) }
	data.Doubt = &slo.Series{Start: data.Start, Step: data.Step, Bad: zeros(), Total: zeros()}
	data.Doubt.Bad[data.Len()-1], data.Doubt.Total[data.Len()-1] = events, events
	l, err := budget.New(o.Ledger.SLO(), &data)
	if err != nil {
		t.Fatal(err)
	}
	return Of(l, l.Current(noon), &data, noon)
}

// 100 calls of ten hours, 10 may be bad and 9 were. With one more of 101 it is 10 of
// 10.1, with two 11 of 10.2.
func TestDoubtThatClosesCannotTell(t *testing.T) {
	nine := join(hours(9, 1, 10), hours(1, 0, 10))
	burning := rule1(slo.Rule{Then: slo.Closed, Test: slo.Burning, Limit: slo.NumberOf(1), Over: hour})
	warns := rule1(slo.Rule{Then: slo.Warn, Test: slo.RemainingBudget, Limit: slo.NumberOf(1)})
	lenient, lifted := slo.DefaultGate(), slo.DefaultGate()
	lenient.Missing = slo.Open
	lifted.Overrides = []slo.Override{{Expires: noon.Add(hour), Then: slo.Open, Missing: true}}
	for _, c := range []struct {
		name    string
		doubt   float64
		buckets [][2]float64
		gate    slo.Gate
		verdict slo.Verdict
		code    Code
	}{
		{"none", 0, nine, slo.DefaultGate(), slo.Open, Remaining},
		{"one, which is left", 1, nine, slo.DefaultGate(), slo.Open, Remaining},
		{"two", 2, nine, slo.DefaultGate(), slo.CannotTell, Doubtful},
		{"two, and closed without them", 2, hours(10, 2, 10), slo.DefaultGate(), slo.Closed, Remaining},
		{"two, of a policy that lets missing data pass", 2, nine, lenient, slo.Open, Remaining},
		{"two, overridden", 2, nine, lifted, slo.Open, Remaining},
		{"of the last hour, 2 of 12 burn at 1.7", 2, nine, burning, slo.CannotTell, Doubtful},
		{"of the last hour, 1 of 11 at 0.9", 1, nine, burning, slo.Open, Burn},
		{"a rule that only warns", 2, nine, warns, slo.Warn, Remaining},
	} {
		got := Judge(doubted(t, slo.SLO{}, c.doubt, c.buckets...), c.gate, noon)
		if got.Verdict != c.verdict || got.Checks[0].Code != c.code {
			t.Errorf("%s: %s for %s, want %s for %s", c.name, got.Verdict, got.Checks[0].Code, c.verdict, c.code)
		}
		if d := got.Checks[0]; d.Code == Doubtful && (d.If == nil || d.Events.Cmp(slo.NumberOf(int64(c.doubt))) != 0) {
			t.Errorf("%s: %v events would close it by %v", c.name, d.Events, d.If)
		}
	}
}

// What is in doubt never makes a verdict better, and turns open into cannot tell exactly
// where the same counts without doubt are closed.
func TestDoubtIsWhatTheWorstSays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		bad := rapid.IntRange(0, 12).Draw(r, "bad")
		doubt := rapid.IntRange(0, 30).Draw(r, "doubt")
		buckets := join(hours(9, 0, 10), hours(1, float64(bad), 20))
		sure := Judge(objective(t, slo.SLO{}, buckets...), slo.DefaultGate(), noon).Verdict
		worst := Judge(objective(t, slo.SLO{}, join(hours(9, 0, 10), hours(1, float64(bad+doubt), float64(20+doubt)))...),
			slo.DefaultGate(), noon).Verdict
		want := sure
		if sure == slo.Open && worst == slo.Closed {
			want = slo.CannotTell
		}
		if got := Judge(doubted(t, slo.SLO{}, float64(doubt), buckets...), slo.DefaultGate(), noon).Verdict; got != want {
			r.Fatalf("got %s, want %s: %s, at worst %s", got, want, sure, worst)
		}
	})
}

// Six bad hours, then four good ones, of a promise that began at some hour of them.
func TestSinceHidesNothing(t *testing.T) {
	outage := join(hours(6, 9, 10), hours(4, 0, 10))
	calm := hours(10, 0, 10)
	month := slo.Window{Unit: slo.Month, Zone: time.UTC}
	for _, c := range []struct {
		name    string
		since   time.Duration // before noon
		window  slo.Window
		buckets [][2]float64
		verdict slo.Verdict
		code    Code
	}{
		{"in the outage", 5 * hour, slo.Window{}, outage, slo.Closed, Remaining},
		{"at its end", 4 * hour, slo.Window{}, outage, slo.CannotTell, Earlier},
		{"at the start of the window", 10 * hour, slo.Window{}, outage, slo.Closed, Remaining},
		{"before it", 40 * hour, slo.Window{}, join(hours(6, 9, 10), calm), slo.Open, Remaining},
		{"just after it", 10*hour - time.Minute, slo.Window{}, join(hours(6, 9, 10), calm), slo.Open, Remaining},
		{"an hour ago, all calm", hour, slo.Window{}, calm, slo.Open, Remaining},
		{"half an hour ago", 30 * time.Minute, slo.Window{}, calm, slo.CannotTell, NoData},
		{"in an hour", -hour, slo.Window{}, calm, slo.CannotTell, NoData},
		{"in a month", 4 * hour, month, outage, slo.CannotTell, Earlier},
		{"in a month, all calm", 4 * hour, month, calm, slo.Open, Remaining},
	} {
		s := slo.SLO{Since: noon.Add(-c.since), Window: c.window}
		got := Judge(objective(t, s, c.buckets...), slo.DefaultGate(), noon)
		if got.Verdict != c.verdict || got.Checks[0].Code != c.code {
			t.Errorf("%s: %s for %s, want %s for %s", c.name, got.Verdict, got.Checks[0].Code, c.verdict, c.code)
		}
	}
}

// Ten hours of ten calls, 10 may be bad. What was before a promise, what is in doubt, and
// both together decide alike.
func TestDoubtBeforeAPromise(t *testing.T) {
	for _, c := range []struct {
		name          string
		before, doubt float64 // bad before the promise, in doubt in the last hour
		verdict       slo.Verdict
		code          Code
	}{
		{"neither is enough, together they are", 9, 3, slo.CannotTell, Doubtful},
		{"together they are not", 9, 1, slo.Open, Remaining},
		{"what was before is alone", 12, 1, slo.CannotTell, Earlier},
		{"the doubt is alone", 0, 8, slo.CannotTell, Doubtful},
	} {
		o := doubted(t, slo.SLO{Since: noon.Add(-5 * hour)}, c.doubt, join(hours(1, c.before, 20), hours(9, 0, 10))...)
		got := Judge(o, slo.DefaultGate(), noon)
		if got.Verdict != c.verdict || got.Checks[0].Code != c.code {
			t.Errorf("%s: %s for %s, want %s for %s", c.name, got.Verdict, got.Checks[0].Code, c.verdict, c.code)
		}
	}
}

// Of an hour that a promise needs, the minutes that were measured count.
func TestAPromiseNeedsAnHour(t *testing.T) {
	for minutes, want := range map[int]slo.Verdict{1: slo.CannotTell, 59: slo.CannotTell, 60: slo.Open} {
		s := slo.SLO{Target: 900_000_000, Since: noon.Add(-time.Duration(minutes) * time.Minute),
			Budgeting: slo.Budgeting{Method: slo.Occurrences}, Window: slo.Window{Length: 10 * hour, Zone: time.UTC}}
		data := slo.NewSeries(slo.Period{Start: noon.Add(-10 * hour), End: noon}, time.Minute)
		for i := range data.Len() {
			data.Bad[i], data.Total[i] = 0, 10
		}
		l, err := budget.New(s, data)
		if err != nil {
			t.Fatal(err)
		}
		got := Judge(Of(l, l.Current(noon), data, noon), slo.DefaultGate(), noon)
		if got.Verdict != want || want != slo.Open && got.Checks[0].Code != Begun {
			t.Errorf("%d minutes: %s for %s, want %s", minutes, got.Verdict, got.Checks[0].Code, want)
		}
	}
}

// A window of ten hours. What recurs is the shape of the promise, single dates are not.
func TestExcluded(t *testing.T) {
	fixed := func(from, to int) slo.Exclusion {
		return slo.Exclusion{Fixed: []slo.Period{{Start: noon.Add(time.Duration(from-10) * hour), End: noon.Add(time.Duration(to-10) * hour)}}}
	}
	daily := func(clock, length time.Duration) slo.Exclusion {
		return slo.Exclusion{Rule: &slo.Recurrence{Rule: "FREQ=DAILY", Clock: clock, Zone: time.UTC, Duration: length}}
	}
	once := slo.Exclusion{Rule: &slo.Recurrence{Rule: "FREQ=DAILY;COUNT=1", Start: slo.Date{Year: 2026, Month: time.October, Day: 31},
		Clock: 2 * hour, Zone: time.UTC, Duration: 8 * hour}}
	list, ever := once, once
	hourly := *once.Rule
	hourly.Rule, hourly.Duration = "FREQ=HOURLY;COUNT=8", hour
	list.Rule = &hourly
	longer := hourly
	longer.Rule = "FREQ=HOURLY;COUNT=11"
	longer.Clock = 0
	ever.Rule = &longer
	for _, c := range []struct {
		name       string
		exclusions []slo.Exclusion
		verdict    slo.Verdict
		code       Code
	}{
		{"half of it", []slo.Exclusion{fixed(0, 5)}, slo.Open, Remaining},
		{"an hour more", []slo.Exclusion{fixed(0, 6)}, slo.CannotTell, Excluded},
		{"by two that overlap", []slo.Exclusion{fixed(0, 4), fixed(2, 5)}, slo.Open, Remaining},
		{"all of it", []slo.Exclusion{fixed(0, 10)}, slo.CannotTell, NoData},
		{"eight hours each day", []slo.Exclusion{daily(2*hour, 8*hour)}, slo.Open, Remaining},
		{"and one of the two that are left", []slo.Exclusion{daily(2*hour, 8*hour), fixed(8, 9)}, slo.Open, Remaining},
		{"six each day, and three of four", []slo.Exclusion{daily(2*hour, 6*hour), fixed(6, 9)}, slo.CannotTell, Excluded},
		{"dates inside what recurs", []slo.Exclusion{daily(2*hour, 8*hour), fixed(0, 8)}, slo.Open, Remaining},
		{"eight hours, by a rule of one day", []slo.Exclusion{once}, slo.CannotTell, Excluded},
		{"eight hours, by a rule of hours", []slo.Exclusion{list}, slo.CannotTell, Excluded},
		{"eleven, by a rule of more hours than the window has", []slo.Exclusion{ever}, slo.Open, Remaining},
		{"every hour", []slo.Exclusion{daily(0, 24*hour)}, slo.CannotTell, NoData},
	} {
		got := Judge(objective(t, slo.SLO{Exclusions: c.exclusions}, hours(10, 0, 10)...), slo.DefaultGate(), noon)
		if got.Verdict != c.verdict || got.Checks[0].Code != c.code {
			t.Errorf("%s: %s for %s, want %s for %s", c.name, got.Verdict, got.Checks[0].Code, c.verdict, c.code)
		}
	}
}

// A label set whose source has counts up to some hours ago.
func TestLabelSets(t *testing.T) {
	missing := func(n int) [][2]float64 { return hours(n, math.NaN(), math.NaN()) }
	for _, c := range []struct {
		name    string
		vanish  bool
		buckets [][2]float64
		source  time.Duration // before noon
		gone    bool
		verdict slo.Verdict
		code    Code
	}{
		{"goes on", false, hours(20, 0, 10), 0, false, slo.Open, Remaining},
		{"ended, the source goes on", false, join(hours(17, 0, 10), hours(3, 0, 0)), 0, false, slo.CannotTell, Vanished},
		{"ended, of counts that are not filled", false, join(hours(17, 0, 10), missing(3)), 0, false, slo.CannotTell, Vanished},
		{"ended with the source", false, join(hours(19, 0, 10), hours(1, math.NaN(), math.NaN())), 3 * hour, false, slo.Open, Remaining},
		{"all ended", false, join(hours(17, 0, 10), missing(3)), 3 * hour, false, slo.CannotTell, NoData},
		{"may vanish, and did", true, join(hours(14, 0, 10), missing(6)), 0, false, slo.Open, Remaining},
		{"may vanish, and failed before", true, join(hours(14, 9, 10), missing(6)), 0, false, slo.Closed, Remaining},
		{"may vanish, but so did the source", true, join(hours(14, 0, 10), missing(6)), 6 * hour, false, slo.CannotTell, Stale},
		{"may begin at any time", true, hours(4, 0, 10), 0, false, slo.Open, Remaining},
		{"in the period before", false, join(hours(10, 9, 10), missing(10)), 0, true, slo.Open, Gone},
		{"in the period before, of a source that ended", false, join(hours(10, 0, 10), missing(10)), 10 * hour, false, slo.CannotTell, NoData},
	} {
		s := slo.SLO{By: []string{"region"}, Labels: map[string]string{"region": "eu"}, MayVanish: c.vanish}
		o := objective(t, s, c.buckets...)
		o.data.Newest = noon.Add(-c.source)
		o = Of(o.Ledger, o.Status, o.data, noon)
		got, gone := JudgeGone(o, slo.DefaultGate(), noon)
		if !gone {
			got = Judge(o, slo.DefaultGate(), noon)
		}
		if gone != c.gone || got.Verdict != c.verdict || got.Checks[0].Code != c.code {
			t.Errorf("%s: %s for %s, gone %t; want %s for %s", c.name, got.Verdict, got.Checks[0].Code, gone, c.verdict, c.code)
		}
	}
}

// Filled buckets behind the newest stamp are no proof that the source lives.
func TestFreshByStampsAlone(t *testing.T) {
	o := objective(t, slo.SLO{}, join(hours(7, 0, 10), hours(3, 0, 0))...)
	for ago, want := range map[time.Duration]slo.Verdict{0: slo.Open, 2 * hour: slo.Open, 3 * hour: slo.CannotTell} {
		o.data.Newest, o.data.Filled = noon.Add(-ago), true
		if got := Judge(Of(o.Ledger, o.Status, o.data, noon), slo.DefaultGate(), noon); got.Verdict != want {
			t.Errorf("newest stamp %s ago: %s, want %s", ago, got.Verdict, want)
		}
	}
}
