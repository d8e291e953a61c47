package build

import (
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// region is a region with 100 good events an hour from one instant to another, in a source
// that has counts of 60 days up to at.
func region(name string, from, to time.Time, mayVanish bool, at time.Time) Measured {
	s := slo.SLO{Service: "s", Name: "a", Target: 999_000_000, Window: slo.Window{Unit: slo.Month, Zone: time.UTC},
		Budgeting: slo.Budgeting{Method: slo.Occurrences}, MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents(),
		By: []string{"region"}, Labels: map[string]string{"region": name}, MayVanish: mayVanish}
	data := slo.NewSeries(slo.Period{Start: at.AddDate(0, 0, -60), End: at}, time.Hour)
	data.Newest = at
	for i := range data.Len() {
		if t := data.Time(i); !t.Before(from) && t.Before(to) {
			data.Bad[i], data.Total[i] = 0, 100
		}
	}
	return Measured{SLO: s, Data: data}
}

func has(warnings []diag.Finding, code string) bool {
	for _, w := range warnings {
		if w.Code == code {
			return true
		}
	}
	return false
}

// A label set that may vanish is judged over its measured time: its budget is what was
// measured, and low coverage does not make it no data.
func TestLabelSetsThatComeAndGo(t *testing.T) {
	at := time.Date(2026, 6, 21, 0, 0, 0, 0, time.UTC)
	first := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	for _, c := range []struct {
		name       string
		from, to   time.Time
		may        bool
		state      slo.State
		total      int64 // of the budget
		gone, told bool
	}{
		{"there all the time", first.Add(-40 * day), at, false, slo.OnTrack, 720 * 100, false, false},
		{"vanished on the 6th", first.Add(-40 * day), first.Add(5 * day), false, slo.NoData, 0, false, false},
		{"so, and it may", first.Add(-40 * day), first.Add(5 * day), true, slo.OnTrack, 5 * 24 * 100, false, true},
		{"began on the 11th, and may", first.Add(10 * day), at, true, slo.OnTrack, 20 * 24 * 100, false, false},
		{"three days of June, and may", first.Add(10 * day), first.Add(13 * day), true, slo.OnTrack, 3 * 24 * 100, false, true},
		{"only in May", first.Add(-20 * day), first.Add(-10 * day), false, slo.NoData, 0, true, false},
		{"only in May, and may", first.Add(-20 * day), first.Add(-10 * day), true, slo.NoData, 0, true, true},
	} {
		b := &Builder{At: at}
		if err := b.Add(region("us", c.from, c.to, c.may, at)); err != nil {
			t.Fatal(err)
		}
		o := b.Status(nil).Objectives[0]
		if o.State != c.state || o.Gone != c.gone || has(o.Warnings, "slo/vanished") != c.told || has(o.Warnings, "slo/gone") != c.gone {
			t.Errorf("%s: %s, gone %t, %v; want %s, %t, told %t", c.name, o.State, o.Gone, o.Warnings, c.state, c.gone, c.told)
		}
		if c.state != slo.NoData && o.Budget.Total.Cmp(slo.NumberOf(c.total)) != 0 {
			t.Errorf("%s: a budget of %v events, want %d", c.name, o.Budget.Total, c.total)
		}
	}
}

// A label set that is gone stops no release, unless none of its SLO is left.
func TestGoneLabelSetsAndTheGate(t *testing.T) {
	at := time.Date(2026, 6, 21, 0, 0, 0, 0, time.UTC)
	from, may := at.AddDate(0, 0, -60), time.Date(2026, 5, 20, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		ends map[string]time.Time
		want slo.Verdict
	}{
		{"both there", map[string]time.Time{"eu": at, "us": at}, slo.Open},
		{"one gone", map[string]time.Time{"eu": at, "us": may}, slo.Open},
		{"both gone", map[string]time.Time{"eu": may, "us": may}, slo.CannotTell},
		{"one gone, one vanished", map[string]time.Time{"eu": at.AddDate(0, 0, -1), "us": may}, slo.CannotTell},
	} {
		b := &GateBuilder{Builder: Builder{At: at}}
		for _, name := range []string{"eu", "us"} {
			if err := b.Add(region(name, from, c.ends[name], false, at), diag.Pos{File: "a.yaml"}); err != nil {
				t.Fatal(err)
			}
		}
		if g := b.Gate([]report.Source{}); g.Verdict != c.want || len(g.Objectives) != 2 {
			t.Errorf("%s: %s for %v, want %s", c.name, g.Verdict, g.AllReasons(), c.want)
		}
	}
}

// Doubt that would exhaust the budget is told, and only that.
func TestDoubtIsTold(t *testing.T) {
	at := time.Date(2026, 6, 21, 0, 0, 0, 0, time.UTC)
	for events, want := range map[float64]bool{0: false, 10: false, 100: true} { // 72 of 72,000 may be bad
		m := region("us", at.AddDate(0, 0, -60), at, false, at)
		zeros := func() []float64 { return make([]float64, m.Data.Len()) }
		m.Data.Doubt = &slo.Series{Start: m.Data.Start, Step: m.Data.Step, Bad: zeros(), Total: zeros()}
		m.Data.Doubt.Bad[m.Data.Len()-3], m.Data.Doubt.Total[m.Data.Len()-3] = events, events
		b := &Builder{At: at}
		if err := b.Add(m); err != nil {
			t.Fatal(err)
		}
		o := b.Status(nil).Objectives[0]
		if has(o.Warnings, "budget/doubt") != want || (o.Doubt == nil) != (events == 0) {
			t.Errorf("%v events: %v, %+v", events, o.Warnings, o.Doubt)
		}
		if want && (o.Doubt.State != slo.Exhausted || o.State != slo.OnTrack || o.Doubt.Events.Cmp(slo.NumberFloat(events)) != 0) {
			t.Errorf("%v events: %s, at worst %+v", events, o.State, o.Doubt)
		}
	}
}
