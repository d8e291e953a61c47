package build

import (
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
)

// The chart of burn rates shows the shortest window that the counts have a burn rate
// over: of a table of one row a day that of 3 d, of six-hourly rows that of 6 h.
func TestBurnLineFitsTheStep(t *testing.T) {
	at := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	for step, want := range map[time.Duration]string{
		time.Hour: "1h", 2 * time.Hour: "6h", 6 * time.Hour: "6h", 8 * time.Hour: "3d", 24 * time.Hour: "3d",
	} {
		data := slo.NewSeries(slo.Period{Start: at.AddDate(0, 0, -90), End: at}, step)
		for i := range data.Len() {
			data.Bad[i], data.Total[i] = 5, 1000
		}
		s := slo.SLO{Service: "s", Name: "a", Target: 999_000_000, Window: slo.Window{Unit: slo.Month, Zone: time.UTC}, Step: step,
			Budgeting: slo.Budgeting{Method: slo.Occurrences}, MinCoverage: slo.DefaultMinCoverage(),
			AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents()}
		june := &slo.Span{Fixed: slo.Period{Start: at.AddDate(0, -1, 0), End: at}}
		b := &Builder{At: at.Add(48 * time.Hour), Zone: time.UTC, Full: true, Span: june}
		if err := b.Add(Measured{SLO: s, Data: data}); err != nil {
			t.Fatal(err)
		}
		burn := b.Report("", "", nil).Objectives[0].Detail.WorstBurn()
		if burn == nil || burn.Window != want || burn.Peak.String() != "5" {
			t.Errorf("a row every %s: %+v, want a burn rate of 5 over %s", step, burn, want)
		}
	}
}
