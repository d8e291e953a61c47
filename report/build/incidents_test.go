package build

import (
	"slices"
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
)

// TestMergeIncidents: what overlaps an incident is an impact of it and moves none of
// its bounds; other blips are counted, once where they overlap each other.
func TestMergeIncidents(t *testing.T) {
	outage := func(from, to, bad int) report.Outage {
		start := time.Date(2026, 5, 1, 0, from, 0, 0, time.UTC)
		return report.Outage{Start: start, End: start.Add(time.Duration(to-from) * time.Minute),
			Bad: slo.NumberOf(int64(bad)), Share: slo.NumberFrac(1, 2)}
	}
	alone := report.Objective{Service: "shop", Name: "orders", Incidents: []report.Outage{outage(100, 130, 900)},
		Blips: []report.Outage{outage(10, 15, 3), outage(200, 205, 3)}}
	others := []report.Objective{
		{Service: "pay", Name: "cards", Blips: []report.Outage{outage(95, 105, 7), outage(130, 135, 2), outage(203, 208, 4)}},
		{Service: "pay", Name: "speed", Blips: []report.Outage{outage(120, 150, 5), outage(300, 305, 5)}},
	}
	before, blips := mergeIncidents([]report.Objective{alone})
	if len(before) != 1 || len(before[0].Impacts) != 1 || blips != 2 {
		t.Errorf("alone: %v and %d blips", before, blips)
	}
	after, blips := mergeIncidents(append(others, alone))
	if len(after) != 1 || !after[0].Start.Equal(before[0].Start) || !after[0].End.Equal(before[0].End) {
		t.Fatalf("beside others: %v", after)
	}
	var impacts []string
	for _, i := range after[0].Impacts {
		impacts = append(impacts, i.Objective+" "+i.Bad.String())
	}
	if want := []string{"pay/cards 7", "pay/speed 5", "shop/orders 900"}; !slices.Equal(impacts, want) {
		t.Errorf("impacts %q, want %q", impacts, want)
	}
	if !slices.Equal(after[0].Services, []string{"pay", "shop"}) || blips != 4 {
		t.Errorf("services %q, %d blips; want pay and shop, and 4: minutes 10, 130, 200 and 300", after[0].Services, blips)
	}
}
