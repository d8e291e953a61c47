package tally

import (
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// What Check takes Fetch can answer, whatever it is.
func FuzzCheck(f *testing.F) {
	for _, sli := range []string{
		totals, alone, `{value: r_total, good: ">= 1"}`, `{histogram: h_seconds, bad: "> 300ms"}`,
		`{value: '{__name__=~"r.*"}', bad: "< 0.5"}`, `{counter: r_total}`, `{good: {counter: 'r_total{a!="b"}'}, bad: {counter: g_total}}`,
	} {
		f.Add(sli)
	}
	store := lines(`r_total{code="500"} 0+1x20
		g_total 0+0.5x9 stale _x4 3 2
		h_seconds_bucket{le="0.1"} 0+1x20
		h_seconds_bucket{le="+Inf"} 0+2x20`)
	f.Fuzz(func(t *testing.T, sli string) {
		b, err := spec.ParseBlock("slo.yaml", sli, ".")
		if err != nil || Check(spec.Block{}, b, "prometheus").Errors() {
			return
		}
		r := sources.Request{SLI: b, Step: time.Minute, Period: slo.Period{Start: noon, End: noon.Add(3 * time.Minute)}}
		for _, a := range fetch(t, store, Config{}, r) {
			if (a.Err == nil) != (a.Series != nil) {
				t.Fatalf("%s: a series %t, and error %v", sli, a.Series != nil, a.Err)
			}
		}
	})
}
