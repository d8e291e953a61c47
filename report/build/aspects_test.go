package build

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/deploy"
	"github.com/nines-slo/nines/slo/diag"
)

// What is told of an objective follows from what Needs asks for: counts of older
// times, which a sibling asked of the same source, change nothing.
func TestNothingIsReadBeyondNeeds(t *testing.T) {
	at := time.Date(2026, 5, 20, 10, 30, 0, 0, time.UTC)
	may, _ := slo.ParseSpan("2026-05")
	week, _ := slo.ParseSpan("2026-W20")
	lastWeek := slo.Last(slo.Week, at, time.UTC)
	deploys := []deploy.Deploy{{Time: at.Add(-3 * time.Hour), Name: "v2"}}
	builders := map[string]func() teller{
		"status":   func() teller { return status(&Builder{At: at}) },
		"alerts":   func() teller { return status(&Builder{At: at, Alerting: true}) },
		"forecast": func() teller { return status(&Builder{At: at, Foresee: true}) },
		"period":   func() teller { return status(&Builder{At: at, Span: &week}) },
		"deploys":  func() teller { return status(&Builder{At: at, Deploys: deploys}) },
		"month": func() teller {
			return whole(&Builder{At: at, Zone: time.UTC, Span: &may, Full: true, Deploys: deploys})
		},
		"week": func() teller { return whole(&Builder{At: at, Zone: time.UTC, Span: &week, Full: true}) },
		"gate": func() teller { return release(&GateBuilder{Builder: Builder{At: at, Deploys: deploys}}) },
		"summary": func() teller {
			return weekly(&BriefBuilder{Builder: Builder{At: at, Zone: time.UTC, Span: &lastWeek, Deploys: deploys}, Gate: GateBuilder{Builder: Builder{At: at}}})
		},
	}
	windows := map[string]slo.Window{"1d": {Length: 24 * time.Hour}, "30d": {Length: 30 * 24 * time.Hour}, "month": {Unit: slo.Month}, "day": {Unit: slo.Day}}
	data := noise(slo.Period{Start: at.AddDate(-1, -2, 0), End: at})
	for name, builder := range builders {
		for length, window := range windows {
			s := slo.SLO{Service: "shop", Name: "orders", Target: 999_000_000, Window: window,
				Budgeting:   slo.Budgeting{Method: slo.Occurrences},
				MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents()}
			alone, beside := builder(), builder()
			own := data.Cut(alone.needs(s))
			if !own.Start.After(data.Start) {
				t.Fatalf("%s of %s: the test needs older counts than from %s", name, length, own.Start)
			}
			got, want := beside.tells(t, Measured{SLO: s, Data: data}), alone.tells(t, Measured{SLO: s, Data: own})
			if got != want {
				t.Errorf("%s of %s: with older counts\n%s\nwithout\n%s", name, length, got, want)
			}
		}
	}
}

// teller is a builder of one kind of model.
type teller struct {
	needs func(slo.SLO) slo.Period
	add   func(Measured) error
	model func() any
}

func (b teller) tells(t *testing.T, m Measured) string {
	t.Helper()
	if err := b.add(m); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(b.model())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func status(b *Builder) teller {
	return teller{b.Needs, b.Add, func() any { return b.Status(nil) }}
}

func whole(b *Builder) teller {
	return teller{b.Needs, b.Add, func() any { return b.Report("", "", nil) }}
}

func release(b *GateBuilder) teller {
	add := func(m Measured) error { return b.Add(m, diag.Pos{File: "nines.yaml"}) }
	return teller{b.Needs, add, func() any { return b.Gate([]report.Source{}) }}
}

func weekly(b *BriefBuilder) teller {
	add := func(m Measured) error { return b.Add(m, diag.Pos{File: "nines.yaml"}) }
	return teller{b.Needs, add, func() any { return b.Brief([]report.Source{}) }}
}

// noise returns counts of every minute that vary, with gaps, and alerts that never
// stop firing.
func noise(p slo.Period) *slo.Series {
	random := rand.New(rand.NewPCG(1, 2))
	data := slo.NewSeries(p, time.Minute)
	for i := range data.Len() {
		if random.IntN(500) == 0 {
			continue
		}
		data.Total[i] = float64(random.IntN(100))
		if data.Total[i] > 0 {
			data.Bad[i] = 1
		} else {
			data.Bad[i] = 0
		}
	}
	return data
}

// Nor do the counts that a forecast alone draws from change what else is told: they are not
// forgotten either. Half a year ago there were some, then none until ten days ago. So twenty
// days of the window are a gap, and the objective is not young.
func TestAForecastChangesNothingElse(t *testing.T) {
	at := time.Date(2026, 5, 20, 10, 30, 0, 0, time.UTC)
	s := slo.SLO{Service: "shop", Name: "orders", Target: 999_000_000, Window: slo.Window{Length: 30 * 24 * time.Hour},
		Budgeting:   slo.Budgeting{Method: slo.Occurrences},
		MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents()}
	b := &Builder{At: at, Foresee: true}
	data := slo.NewSeries(b.Needs(s), time.Minute)
	for i := range data.Len() {
		if ago := at.Sub(data.Time(i)); ago <= 10*24*time.Hour || ago > 180*24*time.Hour {
			data.Bad[i], data.Total[i] = 0, 100
		}
	}
	if err := b.Add(Measured{SLO: s, Data: data}); err != nil {
		t.Fatal(err)
	}
	o := b.Status(nil).Objectives[0]
	if o.Window.Since != nil || o.Buckets.Elapsed != 30*24*60 || o.Buckets.Measured != 10*24*60 || o.State != slo.NoData {
		t.Errorf("since %v, %d of %d buckets measured, %s; want a third of a whole window, no data",
			o.Window.Since, o.Buckets.Measured, o.Buckets.Elapsed, o.State)
	}
	if o.Forecast == nil || o.Forecast.Days == nil || *o.Forecast.Days < 200 {
		t.Errorf("the forecast draws from %+v, want the days of half a year ago too", o.Forecast)
	}
}
