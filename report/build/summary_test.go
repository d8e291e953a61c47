package build

import (
	"testing"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// Objectives as (indicator, region): 100 calls each for a region, 200 without.
func TestEachCallCountsOnce(t *testing.T) {
	type row struct{ indicator, region string }
	for _, c := range []struct {
		name string
		rows []row
		want int64
	}{
		{"two targets on one indicator", []row{{"edge", ""}, {"edge", ""}, {"pay", ""}}, 400},
		{"regions", []row{{"edge", "eu"}, {"edge", "us"}}, 200},
		{"regions with two targets", []row{{"edge", "eu"}, {"edge", "us"}, {"edge", "eu"}, {"edge", "us"}}, 200},
		{"whole, then by region", []row{{"edge", ""}, {"edge", "eu"}, {"edge", "us"}}, 200},
		{"by region, then whole", []row{{"edge", "eu"}, {"edge", "us"}, {"edge", ""}}, 200},
		{"the same regions of two indicators", []row{{"edge", "eu"}, {"pay", "eu"}}, 200},
	} {
		var objectives []report.Objective
		var indicators []string
		for _, r := range c.rows {
			o := report.Objective{Kind: slo.Kind{Name: slo.Availability},
				Events: &budget.Counts{Good: slo.NumberOf(190), Total: slo.NumberOf(200)}}
			if r.region != "" {
				o.By, o.Labels = []string{"region"}, map[string]string{"region": r.region}
				o.Events = &budget.Counts{Good: slo.NumberOf(95), Total: slo.NumberOf(100)}
			}
			objectives, indicators = append(objectives, o), append(indicators, r.indicator)
		}
		got := summarize(objectives, indicators, nil, 0)
		if got.Calls.Cmp(slo.NumberOf(c.want)) != 0 || got.Availability.Cmp(slo.NumberFrac(95, 100)) != 0 {
			t.Errorf("%s: %v calls, availability %v; want %d, 0.95", c.name, got.Calls, got.Availability, c.want)
		}
	}
}
