package collect

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources"
)

// An answer that was kept is the answer that came.
func TestKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 50).Draw(t, "buckets")
		draw := func(name string) []float64 {
			return rapid.SliceOfN(rapid.SampledFrom([]float64{0, 0, 0, 1, 2, math.NaN(), slo.MaxUnits}), n, n).Draw(t, name)
		}
		s := &slo.Series{Start: start, Step: time.Minute, Bad: draw("bad"), Total: draw("total"), Decimals: 3, Newest: start, Filled: true}
		if rapid.Bool().Draw(t, "doubt") {
			s.Doubt = &slo.Series{Start: start, Step: time.Minute, Decimals: 3, Bad: draw("doubted"), Total: draw("at most")}
		}
		want := sources.Answer{Request: 3, Labels: map[string]string{"region": "eu"}, Series: s, Newest: start}
		got := keep(want).answer()
		if diff := cmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-came +kept):\n%s", diff)
		}
	})
}

// A year of minutes with a few counts takes as many runs, not a year's buckets.
func TestKeptIsSmall(t *testing.T) {
	s := slo.NewSeries(slo.Period{Start: start, End: start.AddDate(1, 0, 0)}, time.Minute)
	for i := range 30 {
		s.Bad[i*10_000], s.Total[i*10_000] = 1, 2
	}
	k := keep(sources.Answer{Series: s})
	if k.came.Series != nil || k.series.Bad != nil || k.counts[0].all != nil || len(k.counts[0].runs) > 61 || len(k.counts[1].runs) > 61 {
		t.Errorf("30 counts take %d and %d runs", len(k.counts[0].runs), len(k.counts[1].runs))
	}
}
