package gate

import (
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/diag"
)

func rule1(r slo.Rule) slo.Gate {
	return slo.Gate{Missing: slo.CannotTell, Rules: []slo.Rule{r}}
}

// remainingRule closes if less than percent of the budget is left.
func remainingRule(percent int64, equal bool) slo.Rule {
	return slo.Rule{Then: slo.Closed, Test: slo.RemainingBudget, Limit: slo.NumberFrac(percent, 100), Equal: equal}
}

// 5 of 100 calls of ten hours were bad, of 10 that may be: half of the budget is
// left. The last hour had 5 of 10: a burn rate of 5.
func TestRules(t *testing.T) {
	o := objective(t, slo.SLO{Name: "up", Labels: map[string]string{"tier": "1"}}, join(hours(9, 0, 10), hours(1, 5, 10))...)
	burn := func(limit int64, over time.Duration, equal bool) slo.Rule {
		return slo.Rule{Then: slo.Closed, Test: slo.Burning, Limit: slo.NumberOf(limit), Over: over, Equal: equal}
	}
	proven := func(r slo.Rule, percent int64) slo.Rule {
		r.Evidence = slo.Evidence{Confidence: slo.NumberFrac(percent, 100), Method: slo.Wilson}
		return r
	}
	only := func(r slo.Rule, terms ...string) slo.Rule {
		r.Only = terms
		return r
	}
	at := func(r slo.Rule, hours string) slo.Rule {
		h, err := slo.ParseHours(hours, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		r.Hours = []slo.Hours{h}
		return r
	}
	for _, c := range []struct {
		name string
		rule slo.Rule
		want slo.Verdict
	}{
		{"half is left, under half is asked for", remainingRule(50, false), slo.Open},
		{"half or less", remainingRule(50, true), slo.Closed},
		{"less than 51 %", remainingRule(51, false), slo.Closed},
		{"burn rate 5, over 5 is asked for", burn(5, hour, false), slo.Open},
		{"5 or more", burn(5, hour, true), slo.Closed},
		{"over 4", burn(4, hour, false), slo.Closed},
		{"over two hours it is 2.5", burn(3, 2*hour, false), slo.Open},
		{"5 of 10 prove little: Wilson's interval at 95 % begins at 0.2366", proven(burn(3, hour, false), 95), slo.Open},
		{"but more than 2", proven(burn(2, hour, false), 95), slo.Closed},
		{"of this tier", only(remainingRule(51, false), "tier=1"), slo.Closed},
		{"of another", only(remainingRule(51, false), "tier=2"), slo.Open},
		{"of this name", only(remainingRule(51, false), "down", "u*"), slo.Closed},
		{"on Saturday noon", at(remainingRule(51, false), "Sat 12:00-13:00"), slo.Closed},
		{"before it", at(remainingRule(51, false), "Sat 11:00-12:00"), slo.Open},
		{"the hours alone", at(slo.Rule{Then: slo.Closed, Test: slo.Always}, "Sat,Sun 00:00-24:00"), slo.Closed},
		{"a warning", slo.Rule{Then: slo.Warn, Test: slo.RemainingBudget, Limit: slo.NumberOf(1)}, slo.Warn},
	} {
		if got := Judge(o, rule1(c.rule), noon); got.Verdict != c.want || len(got.Checks) != 1 {
			t.Errorf("%s: %s for %d reasons, want %s for one", c.name, got.Verdict, len(got.Checks), c.want)
		}
	}
}

// The worst of all that hold decides, and all are there.
func TestWorstRuleDecides(t *testing.T) {
	o := objective(t, slo.SLO{}, hours(10, 1, 10)...)
	warn := remainingRule(50, false)
	warn.Then, warn.Pos = slo.Warn, diag.Pos{File: "a.yaml", Line: 7}
	g := slo.Gate{Missing: slo.CannotTell, Rules: []slo.Rule{warn, remainingRule(0, false), remainingRule(10, false)}}
	got := Judge(o, g, noon)
	if got.Verdict != slo.Closed || len(got.Checks) != 3 || got.Checks[0].Limit.Cmp(slo.NumberFrac(1, 10)) != 0 || got.Checks[1].Policy.Line != 7 || got.Checks[2].Verdict != slo.Open {
		t.Errorf("got %v", got)
	}
}

// The budget comes back at the end of the hours, or before.
func TestHoursEndARule(t *testing.T) {
	h, err := slo.ParseHours("Sat 11:00-14:00", time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	r := remainingRule(0, true)
	r.Hours = []slo.Hours{h}
	opens := Judge(objective(t, slo.SLO{}, hours(10, 2, 10)...), rule1(r), noon).Checks[0].Opens
	if want := noon.Add(2 * hour); !opens.Stopped.Equal(want) || !opens.AtRate.Equal(want) {
		t.Errorf("opens %v, want %v", opens, want)
	}
}

// What missing data means, the policy says; of a freeze that cannot be read at
// least that nobody can tell.
func TestMissing(t *testing.T) {
	none, old, young := objective(t, slo.SLO{}), objective(t, slo.SLO{}, hours(20, 0, 10)...), objective(t, slo.SLO{}, hours(5, 0, 10)...)
	for _, missing := range []slo.Verdict{slo.Open, slo.Warn, slo.CannotTell, slo.Closed} {
		g := slo.DefaultGate()
		g.Missing = missing
		for name, got := range map[string]Outcome{"no data": Judge(none, g, noon), "stale": Judge(old, g, noon.Add(3*hour)), "young": Judge(young, g, noon)} {
			if got.Verdict != missing {
				t.Errorf("%s is %s, want %s", name, got.Verdict, missing)
			}
		}
		g.Freezes = []slo.Freeze{{Failed: "no such file"}}
		if got := Judge(old, g, noon).Verdict; got != Worst(slo.CannotTell, missing) {
			t.Errorf("missing %s: a freeze that cannot be read is %s", missing, got)
		}
	}
}

// Eight of ten hours were measured, which is too little; what they say still counts
// where the policy lets missing data pass, and burn rates count in any case.
func TestPartialDataThatIsBad(t *testing.T) {
	o := objective(t, slo.SLO{}, join(hours(5, 3, 10), gap, gap, hours(3, 3, 10))...)
	fast := slo.Rule{Then: slo.Closed, Test: slo.Burning, Limit: slo.NumberOf(2), Over: hour}
	for _, c := range []struct {
		missing slo.Verdict
		rule    slo.Rule
		want    slo.Verdict
	}{
		{slo.CannotTell, remainingRule(0, false), slo.CannotTell},
		{slo.Open, remainingRule(0, false), slo.Closed},
		{slo.CannotTell, fast, slo.Closed},
		{slo.Open, fast, slo.Closed},
	} {
		g := rule1(c.rule)
		g.Missing = c.missing
		if got := Judge(o, g, noon).Verdict; got != c.want {
			t.Errorf("missing %s, %s: %s, want %s", c.missing, c.rule.Test, got, c.want)
		}
	}
}

func freeze(from, to time.Duration, only ...string) slo.Freeze {
	return slo.Freeze{Exclusion: slo.Exclusion{Name: "freeze", Fixed: []slo.Period{{Start: noon.Add(from), End: noon.Add(to)}}}, Only: only}
}

func TestFreezes(t *testing.T) {
	o := objective(t, slo.SLO{Name: "up"}, hours(10, 0, 10)...)
	for _, c := range []struct {
		name    string
		freezes []slo.Freeze
		want    slo.Verdict
		opens   time.Duration
	}{
		{"begins now", []slo.Freeze{freeze(0, hour)}, slo.Closed, hour},
		{"ends now", []slo.Freeze{freeze(-hour, 0)}, slo.Open, 0},
		{"one follows the other", []slo.Freeze{freeze(-hour, hour), freeze(hour, 3*hour)}, slo.Closed, 3 * hour},
		{"of another objective", []slo.Freeze{freeze(-hour, hour, "down")}, slo.Open, 0},
	} {
		g := slo.DefaultGate()
		g.Freezes = c.freezes
		got := Judge(o, g, noon)
		if got.Verdict != c.want || c.opens > 0 && !got.Checks[0].Opens.Stopped.Equal(noon.Add(c.opens)) {
			t.Errorf("%s: %s, opens %v", c.name, got.Verdict, got.Checks[0].Opens)
		}
	}
}

// The freeze of a region holds for an objective whose regions did not come with
// its data; an override of one does not lift it.
func TestUnknownLabels(t *testing.T) {
	o := objective(t, slo.SLO{Name: "up", By: []string{"region"}})
	g := slo.Gate{Missing: slo.Open, Freezes: []slo.Freeze{freeze(-hour, hour, "region=eu")}}
	if got := Judge(o, g, noon).Verdict; got != slo.Closed {
		t.Errorf("frozen: %s", got)
	}
	g.Overrides = []slo.Override{{Then: slo.Open, Expires: noon.Add(hour), Only: slo.Selector{"region=eu"}, Missing: true}}
	if got := Judge(o, g, noon).Verdict; got != slo.Closed {
		t.Errorf("overridden for a region: %s", got)
	}
}

func TestOverrides(t *testing.T) {
	spent, none := objective(t, slo.SLO{Name: "up"}, hours(10, 2, 10)...), objective(t, slo.SLO{Name: "up"})
	override := slo.Override{Owner: "ops", Then: slo.Open, Expires: noon.Add(time.Minute), Only: slo.Selector{"up"}}
	change := func(f func(*slo.Override)) slo.Override {
		o := override
		f(&o)
		return o
	}
	for _, c := range []struct {
		name        string
		override    slo.Override
		spent, none slo.Verdict
	}{
		{"lifts what figures say", override, slo.Open, slo.CannotTell},
		{"and missing data, if it says so", change(func(o *slo.Override) { o.Missing = true }), slo.Open, slo.Open},
		{"to a warning", change(func(o *slo.Override) { o.Then, o.Missing = slo.Warn, true }), slo.Warn, slo.Warn},
		{"is over when it expires", change(func(o *slo.Override) { o.Expires, o.Missing = noon, true }), slo.Closed, slo.CannotTell},
		{"is for another", change(func(o *slo.Override) { o.Only, o.Missing = slo.Selector{"down"}, true }), slo.Closed, slo.CannotTell},
	} {
		g := slo.DefaultGate()
		g.Overrides = []slo.Override{c.override}
		if got := Judge(spent, g, noon).Verdict; got != c.spent {
			t.Errorf("%s: a spent budget is %s, want %s", c.name, got, c.spent)
		}
		if got := Judge(none, g, noon).Verdict; got != c.none {
			t.Errorf("%s: no data is %s, want %s", c.name, got, c.none)
		}
	}
}

// An override lifts nothing that it does not make better.
func TestOverrideOfAWarning(t *testing.T) {
	g := rule1(slo.Rule{Then: slo.Warn, Test: slo.RemainingBudget, Limit: slo.NumberOf(1)})
	g.Overrides = []slo.Override{{Then: slo.Warn, Expires: noon.Add(hour)}}
	if got := Judge(objective(t, slo.SLO{}, hours(10, 1, 10)...), g, noon); got.Checks[0].Lifted != nil || got.Verdict != slo.Warn {
		t.Errorf("got %v", got)
	}
}

// A class stands for itself and what is faster, a name for one policy. 90 % of the
// calls fail in the last hours; the objective's own policies fire on that.
func TestFiring(t *testing.T) {
	when := func(limit int64) []slo.Condition {
		return []slo.Condition{{Test: slo.Burn, Limit: slo.NumberOf(limit), Long: 2 * hour, Short: hour}}
	}
	s := slo.SLO{Name: "up", Alerts: []slo.Policy{
		{Name: "fast", Class: slo.Page, When: when(8)}, {Name: "slow", Class: slo.Ticket, When: when(2)}, {Name: "never", Class: slo.Page, When: when(10)}}}
	burning := objective(t, s, join(hours(8, 0, 10), hours(2, 9, 10))...)
	calmer := objective(t, s, join(hours(8, 0, 10), hours(2, 4, 10))...)
	for _, c := range []struct {
		alert           string
		burning, calmer slo.Verdict
	}{
		{"page", slo.Closed, slo.Open},
		{"ticket", slo.Closed, slo.Closed},
		{"log", slo.Closed, slo.Closed},
		{"fast", slo.Closed, slo.Open},
		{"slow", slo.Closed, slo.Closed},
		{"never", slo.Open, slo.Open},
	} {
		g := rule1(slo.Rule{Then: slo.Closed, Test: slo.AlertFiring, Alert: c.alert})
		if a, b := Judge(burning, g, noon).Verdict, Judge(calmer, g, noon).Verdict; a != c.burning || b != c.calmer {
			t.Errorf("%s: %s and %s, want %s and %s", c.alert, a, b, c.burning, c.calmer)
		}
	}
	g := rule1(slo.Rule{Then: slo.Closed, Test: slo.AlertFiring, Alert: "page"})
	if c := Judge(burning, g, noon.Add(hour)).Checks[0]; c.Code != Firing || c.Name != "fast 2h/1h" || c.Opens.Stopped.IsZero() {
		t.Errorf("an hour after the newest data: %v", c)
	}
}

// Every day 1.9 % fail of which 1 % may: a month's budget lasts 31 / 1.9 = 16.3
// days. On 15 October, after 14 of them, it will be gone on the 17th.
func TestForecast(t *testing.T) {
	at := time.Date(2026, time.October, 15, 0, 0, 0, 0, time.UTC)
	judge := func(days int, bad float64, within time.Duration, then, missing slo.Verdict) Check {
		s := slo.SLO{Target: 990_000_000, Window: slo.Window{Unit: slo.Month, Zone: time.UTC}, Budgeting: slo.Budgeting{Method: slo.Occurrences},
			MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(), Since: at.Add(-400 * 24 * hour)}
		data := slo.NewSeries(slo.Period{Start: at.Add(-time.Duration(days) * 24 * hour), End: at}, hour)
		for i := range data.Len() {
			data.Bad[i], data.Total[i] = bad, 1000
		}
		l, err := budget.New(s, data)
		if err != nil {
			t.Fatal(err)
		}
		o := Objective{Ledger: l, Status: l.Current(at), Newest: at, Step: hour}
		g := rule1(slo.Rule{Then: then, Test: slo.ExhaustedWithin, Within: within, Chance: slo.NumberFrac(1, 2)})
		g.Missing = missing
		return Judge(o, g, at).Checks[0]
	}
	const day = 24 * hour
	for _, c := range []struct {
		name    string
		got     Check
		code    Code
		verdict slo.Verdict
	}{
		{"in two days, three are asked for", judge(200, 19, 3*day, slo.Closed, slo.CannotTell), Forecast, slo.Closed},
		{"one is", judge(200, 19, day, slo.Closed, slo.CannotTell), Forecast, slo.Open},
		{"it lasts", judge(200, 9, 30*day, slo.Closed, slo.CannotTell), Forecast, slo.Open},
		{"exhausted, with too little history", judge(40, 101, 3*day, slo.Closed, slo.CannotTell), Forecast, slo.Closed},
		{"exhausted, of a warning", judge(40, 101, 3*day, slo.Warn, slo.CannotTell), Forecast, slo.Warn},
		{"too little history", judge(40, 19, 3*day, slo.Closed, slo.CannotTell), Unforeseen, slo.CannotTell},
		{"too little, of a warning", judge(40, 19, 3*day, slo.Warn, slo.CannotTell), Unforeseen, slo.Warn},
		{"too little, and missing closes", judge(40, 19, 3*day, slo.Closed, slo.Closed), Unforeseen, slo.Closed},
	} {
		if c.got.Code != c.code || c.got.Verdict != c.verdict {
			t.Errorf("%s: %s for %s (%s of %s), want %s for %s", c.name, c.got.Verdict, c.got.Code, c.got.Figure, c.got.Limit, c.verdict, c.code)
		}
	}
	if got := Reach(slo.SLO{Window: slo.Window{Length: 30 * day}}, rule1(slo.Rule{Test: slo.ExhaustedWithin})); got < 180*day {
		t.Errorf("a forecast looks back %s", got)
	}
}

// A window under a week has no forecast, and the rule is not for it.
func TestForecastOfAShortWindow(t *testing.T) {
	g := rule1(slo.Rule{Then: slo.Closed, Test: slo.ExhaustedWithin, Within: hour})
	if got := Judge(objective(t, slo.SLO{}, hours(10, 1, 10)...), g, noon); got.Verdict != slo.Open || got.Checks[0].Limit.Known() {
		t.Errorf("got %v", got)
	}
}
