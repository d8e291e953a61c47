package build

import (
	"testing"
	"time"

	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
)

// An outage of 30 % for 25 minutes pages after 3 minutes (900 of 60,000 are over
// 14.4 × 0.1 %) and stops 52 minutes later, when 30 minutes have forgotten it.
func TestFired(t *testing.T) {
	start := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	data := slo.NewSeries(slo.Period{Start: start.AddDate(0, 0, -5), End: start.AddDate(0, 0, 2)}, time.Minute)
	for i := range data.Len() {
		data.Bad[i], data.Total[i] = 0, 1000
	}
	outage := data.Index(start.Add(30 * time.Hour))
	for i := outage; i < outage+25; i++ {
		data.Bad[i] = 300
	}
	s := slo.SLO{Service: "shop", Name: "orders", Target: 999_000_000,
		Window:    slo.Window{Length: 30 * 24 * time.Hour},
		Budgeting: slo.Budgeting{Method: slo.Occurrences}, MinCoverage: slo.DefaultMinCoverage(),
		AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents()}
	b := &Builder{At: data.End(), Zone: time.UTC, Full: true,
		Span: &slo.Span{Fixed: slo.Period{Start: start, End: data.End()}}}
	if err := b.Add(Measured{SLO: s, Data: data}); err != nil {
		t.Fatal(err)
	}
	r := b.Report("", "", nil)
	if got, want := words.FiredTitle(r), "1 page, 1 ticket fired, all in incidents"; got != want {
		t.Errorf("title %q, want %q", got, want)
	}
	rows, silent := r.FiredRows()
	if len(rows) != 2 || silent != 0 || rows[0].Alert.Name != "page" || rows[0].Alert.Length(r.At) != 52*time.Minute {
		t.Errorf("%d rows, %d silent, the first %+v; want a page of 52 min and a ticket", len(rows), silent, rows[0].Alert)
	}
	if first := r.Incidents[0].Alert; first == nil || first.Class != slo.Page || first.Minutes.Cmp(slo.NumberOf(3)) != 0 {
		t.Errorf("first alert %+v, want a page after 3 minutes", first)
	}
}
