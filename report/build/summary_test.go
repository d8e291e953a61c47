package build

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
)

// hours are ten days of hourly counts, 100 an hour in each of two regions, one of them bad;
// days 3 and 4 were not measured.
func hours(start time.Time, regions int) *slo.Series {
	data := slo.NewSeries(slo.Period{Start: start, End: start.AddDate(0, 0, 10)}, time.Hour)
	for i := range data.Len() {
		if i >= 48 && i < 96 {
			continue
		}
		data.Bad[i], data.Total[i] = float64(regions), float64(regions*(100+i%7))
	}
	return data
}

// counter is an objective on an indicator, whole or of a region.
func counter(indicator, region string, start time.Time) Measured {
	s := slo.SLO{Service: "s", Name: "a", Target: 990_000_000, Window: slo.Window{Unit: slo.Month, Zone: time.UTC},
		Kind: slo.Kind{Name: slo.Availability}, Budgeting: slo.Budgeting{Method: slo.Occurrences},
		MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents()}
	m := Measured{SLO: s, Indicator: indicator, Data: hours(start, 2)}
	if region != "" {
		m.SLO.By, m.SLO.Labels, m.Data = []string{"region"}, map[string]string{"region": region}, hours(start, 1)
	}
	return m
}

// summed returns the summaries of the last five days and of the five before.
func summed(t interface{ Fatal(...any) }, start time.Time, objectives []Measured) (now, before string) {
	middle, end := start.AddDate(0, 0, 5), start.AddDate(0, 0, 10)
	b := &Builder{At: end, Zone: time.UTC, Full: true, Span: &slo.Span{Fixed: slo.Period{Start: middle, End: end}}}
	for _, m := range objectives {
		if err := b.Add(m); err != nil {
			t.Fatal(err)
		}
	}
	r := b.Report("", "", nil)
	now = fmt.Sprint(r.Summary.Calls, " ", r.Summary.Availability)
	if r.Previous != nil {
		before = fmt.Sprint(r.Previous.Calls, " ", r.Previous.Availability)
	}
	return now, before
}

// Calls of one indicator count once, whatever objectives are on it and in whatever order.
func TestEachCallCountsOnce(t *testing.T) {
	start := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	whole := func(name string) Measured { return counter(name, "", start) }
	of := func(region string) Measured { return counter("edge", region, start) }
	young, night, late := whole("edge"), whole("edge"), of("us")
	young.SLO.Since = start.AddDate(0, 0, 8)
	night.SLO.Exclusions = []slo.Exclusion{{Rule: &slo.Recurrence{Rule: "FREQ=DAILY", Zone: time.UTC, Duration: 6 * time.Hour}}}
	late.SLO.Since = start.AddDate(0, 0, 8)
	all, _ := summed(t, start, []Measured{whole("edge")})
	two, _ := summed(t, start, []Measured{whole("edge"), whole("pay")})
	for _, c := range []struct {
		name       string
		objectives []Measured
		want       string
	}{
		{"two targets on one indicator", []Measured{whole("edge"), whole("edge"), whole("pay")}, two},
		{"regions", []Measured{of("eu"), of("us")}, all},
		{"regions with two targets", []Measured{of("eu"), of("us"), of("eu"), of("us")}, all},
		{"whole and by region", []Measured{whole("edge"), of("eu"), of("us")}, all},
		{"one with since", []Measured{young, whole("edge")}, all},
		{"one with exclusions", []Measured{night, whole("edge")}, all},
		{"regions, one with since", []Measured{of("eu"), late, of("us")}, all},
		{"whole with since, and regions", []Measured{young, of("eu"), of("us")}, all},
		{"whole, and regions with since", []Measured{whole("edge"), of("eu"), late}, all},
	} {
		for range len(c.objectives) {
			c.objectives = append(c.objectives[1:], c.objectives[0])
			if got, _ := summed(t, start, c.objectives); got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
	}
}

// TestCallsAreAUnion: of the calls of one indicator those count that any of its objectives
// counts, in the period and in the one before, in any order. The twin looks at every hour.
func TestCallsAreAUnion(t *testing.T) {
	start := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		hour := func(name string) time.Time {
			return start.Add(time.Duration(rapid.IntRange(0, 240).Draw(t, name)) * time.Hour)
		}
		var objectives []Measured
		counts := make([]bool, 240)
		for range rapid.IntRange(1, 4).Draw(t, "objectives") {
			m := counter("edge", "", start)
			if rapid.Bool().Draw(t, "young") {
				m.SLO.Since = hour("since")
			}
			out := slo.Period{Start: hour("from")}
			out.End = out.Start.Add(time.Duration(rapid.IntRange(1, 100).Draw(t, "hours")) * time.Hour)
			m.SLO.Exclusions = []slo.Exclusion{{Fixed: []slo.Period{out}}}
			objectives = append(objectives, m)
			for i := range counts {
				at := start.Add(time.Duration(i) * time.Hour)
				counts[i] = counts[i] || !at.Before(m.SLO.Since) && !out.Contains(at) && m.Data.Measured(i)
			}
		}
		sum := func(from, to int) string {
			var bad, total int64
			for i := from; i < to; i++ {
				if counts[i] {
					bad, total = bad+2, total+int64(2*(100+i%7))
				}
			}
			return fmt.Sprint(slo.NumberOf(total), " ", slo.NumberOf(total-bad).Quo(slo.NumberOf(total)))
		}
		reversed := slices.Clone(objectives)
		slices.Reverse(reversed)
		for _, order := range [][]Measured{objectives, reversed} {
			now, before := summed(t, start, order)
			if now != sum(120, 240) || before != "" && before != sum(0, 120) {
				t.Fatalf("%s and before that %s, want %s and %s", now, before, sum(120, 240), sum(0, 120))
			}
		}
	})
}
