package build

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/backtest"
)

func TestSpread(t *testing.T) {
	of := func(ns ...int64) report.Spread {
		var all []slo.Number
		for _, n := range ns {
			all = append(all, slo.NumberOf(n))
		}
		return spread(append(all, slo.Number{}))
	}
	for _, c := range []struct {
		got           report.Spread
		median, worst string
	}{
		{of(), "unknown", "unknown"}, {of(3), "3", "3"}, {of(9, 3), "6", "9"}, {of(9, 1, 3), "3", "9"},
		{of(-5, 2, 1, 4), "1.5", "4"},
	} {
		if c.got.Median.String() != c.median || c.got.Worst.String() != c.worst {
			t.Errorf("got %s and %s, want %s and %s", c.got.Median, c.got.Worst, c.median, c.worst)
		}
	}
}

// Two objectives of one policy: counts are added, shares are made of the sums.
func TestTotals(t *testing.T) {
	alert := func(fired, detected, missed, wrong int) report.Alerted {
		a := report.Alerted{Name: "page", Class: slo.Page, Fired: fired, PerWeek: slo.NumberOf(int64(fired)),
			Detected: number(detected), Late: number(0),
			Missed: number(missed), NotJudged: number(0), False: number(wrong),
			Matches: []report.Match{{Outcome: backtest.Detected, Detection: slo.NumberOf(int64(fired))}}}
		conclude(&a, a.Matches)
		return a
	}
	objectives := []report.Backtested{{Name: "a", Policies: []report.Alerted{alert(4, 1, 1, 3)}}, {Name: "b",
		Policies: []report.Alerted{alert(2, 2, 0, 0)}}}
	got := totals(objectives)
	if len(got) != 1 || got[0].Fired != 6 || got[0].Precision.String() != "0.5" || got[0].Recall.String() != "0.75" ||
		got[0].PerWeek.String() != "6" || got[0].Detection.Median.String() != "3" {
		t.Errorf("%+v", got)
	}
	if objectives[0].Policies[0].Fired != 4 || len(objectives[0].Policies[0].Matches) != 1 {
		t.Error("adding up changed an objective")
	}
}

func TestNamed(t *testing.T) {
	own := slo.SLO{Target: 999_000_000, Window: slo.Window{Length: 30 * 24 * time.Hour},
		Alerts: []slo.Policy{{Name: "fast"}, {Name: "default"}}}
	plain := slo.SLO{Target: 999_000_000, Window: own.Window}
	names := func(s slo.SLO, name string) (text string) {
		for _, p := range Named(s, name) {
			text += p.Name + ";"
		}
		return text
	}
	for _, c := range []struct {
		s          slo.SLO
		name, want string
	}{
		{own, "fast", "fast;"}, {own, "slow", ""}, {own, "default", "default;"},
		{plain, "default", "default page;default ticket;"}, {plain, "page", "page;"},
	} {
		if got := names(c.s, c.name); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// Thirty days at one minute of one objective with four conditions, judged and thrown away.
func BenchmarkBacktester(b *testing.B) {
	to := time.Date(2026, 5, 31, 0, 0, 0, 0, time.UTC)
	from := to.Add(-30 * 24 * time.Hour)
	s := slo.SLO{Name: "x", Target: 999_000_000, Window: slo.Window{Length: 30 * 24 * time.Hour},
		Budgeting:   slo.Budgeting{Method: slo.Occurrences},
		MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents()}
	s.Alerts = slo.DefaultPolicies(s)
	s.Alerts[1].When = append(s.Alerts[1].When, slo.Condition{Test: slo.Burn, Limit: slo.NumberOf(3),
		Long: 24 * time.Hour, Short: 2 * time.Hour})
	random := rand.New(rand.NewPCG(1, 2))
	t := &Backtester{At: to, Options: backtest.Options{From: from, To: to}}
	data := slo.NewSeries(t.Needs(s), time.Minute)
	for i := range data.Total {
		data.Total[i], data.Bad[i] = 600, float64(random.IntN(2))
	}
	for b.Loop() {
		t.objectives = nil
		if err := t.Add(Measured{SLO: s, Data: data}); err != nil {
			b.Fatal(err)
		}
	}
}

// Half an hour of 20 % failures every noon pages once a day: backtest, report and suggest
// say 7 a week, of the days that are known, and however much more is asked for.
func TestFiringsAWeekOfKnownTime(t *testing.T) {
	at := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name    string
		first   int // day of May that has data
		gap     int // days without any, from the 24th on
		since   int // day of May; 0: none
		asked   int // days up to at
		week    string
		exclude bool // the nights
	}{
		{"all of it", 1, 0, 0, 31, "7", false},
		{"twelve days", 20, 0, 0, 31, "7", false},
		{"twelve days, and a year asked for", 20, 0, 0, 365, "7", false},
		{"since, with the data", 20, 0, 20, 31, "7", false},
		{"since, within the data", 1, 0, 20, 31, "7", false},
		{"a gap", 10, 4, 0, 31, "7", false},
		{"nights are excluded", 20, 0, 0, 31, "7", true},
		{"five days", 27, 0, 0, 31, "unknown", false},
		{"five days since", 1, 0, 27, 31, "unknown", false},
	} {
		from := at.AddDate(0, 0, -c.asked)
		data := slo.NewSeries(slo.Period{Start: from.AddDate(0, 0, -60), End: at}, 5*time.Minute)
		for i := range data.Len() {
			day := data.Time(i).Sub(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)).Hours()/24 + 1
			if day < float64(c.first) || day >= 24 && day < float64(24+c.gap) {
				continue
			}
			data.Bad[i], data.Total[i] = 0, 100
			if data.Time(i).Hour() == 12 && data.Time(i).Minute() < 30 {
				data.Bad[i] = 60
			}
		}
		s := slo.SLO{Service: "s", Name: "a", Target: 990_000_000, Window: slo.Window{Length: 30 * 24 * time.Hour, Zone: time.UTC},
			Step: 5 * time.Minute, Budgeting: slo.Budgeting{Method: slo.Occurrences}, MinCoverage: slo.DefaultMinCoverage(),
			AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents()}
		if c.since > 0 {
			s.Since = time.Date(2026, 5, c.since, 0, 0, 0, 0, time.UTC)
		}
		if c.exclude {
			s.Exclusions = []slo.Exclusion{{Rule: &slo.Recurrence{Rule: "FREQ=DAILY", Zone: time.UTC, Duration: 6 * time.Hour}}}
		}
		m := Measured{SLO: s, Data: data}
		tester := &Backtester{At: at, Zone: time.UTC, Options: backtest.Options{From: from, To: at}}
		builder := &Builder{At: at, Zone: time.UTC, Full: true, Span: &slo.Span{Fixed: slo.Period{Start: from, End: at}}}
		suggester := &Suggester{At: at, Span: slo.Span{Fixed: slo.Period{Start: from, End: at}}, Zone: time.UTC}
		for _, add := range []func(Measured) error{tester.Add, builder.Add, suggester.Add} {
			if err := add(m); err != nil {
				t.Fatal(err)
			}
		}
		backtested := tester.Backtest(nil).Objectives[0].Policies[0]
		reported := builder.Report("", "", nil).Objectives[0].Fired[0]
		suggested := suggester.Suggestions(nil).Objectives[0].Now
		if backtested.PerWeek.String() != c.week || reported.PerWeek.String() != c.week {
			t.Errorf("%s: %s a week in backtest, %s in report, want %s", c.name, backtested.PerWeek, reported.PerWeek, c.week)
		}
		if backtested.Fired != reported.Fired || suggested.Pages.Cmp(number(reported.Fired)) != 0 || suggested.PerMonth.String() != "30" {
			t.Errorf("%s: %d firings in backtest, %d in report, %s in suggest, there %s a month", c.name, backtested.Fired, reported.Fired, suggested.Pages, suggested.PerMonth)
		}
	}
}
