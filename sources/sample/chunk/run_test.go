package chunk_test

import (
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
	"github.com/nines-slo/nines/sources/sample/chunk/chunktest"
	"pgregory.net/rapid"
)

// all collects what a Run gives away.
type all struct {
	sample.Block
	blocks int
}

func (a *all) take(b sample.Block) error {
	a.blocks++
	a.Times = append(a.Times, b.Times...)
	a.Values = append(a.Values, b.Values...)
	a.Histograms = append(a.Histograms, b.Histograms...)
	return nil
}

// Chunks that overlap become one series: of several samples of a time the first that came,
// none outside of the times asked for. A map is what it is compared with.
func TestRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var got all
		r := chunk.NewRun(got.take)
		from := rapid.Int64Range(0, 3000).Draw(t, "from")
		to := rapid.Int64Range(from, 20_000).Draw(t, "to")
		r.Begin(from, to)
		want := map[int64]float64{}
		start := int64(0)
		value := 0.0
		for range rapid.IntRange(0, 12).Draw(t, "chunks") {
			start += rapid.SampledFrom([]int64{0, 1, 100, 900, 5000}).Draw(t, "later")
			n := rapid.IntRange(1, 2000).Draw(t, "n")
			step := rapid.Int64Range(1, 3).Draw(t, "step")
			var ts []int64
			var vs []float64
			for i := range int64(n) {
				value++
				at := start + i*step
				ts, vs = append(ts, at), append(vs, value)
				if _, ok := want[at]; !ok && at >= from && at <= to {
					want[at] = value
				}
			}
			if err := r.Add(chunk.XOR, chunktest.Floats(chunk.XOR, ts, vs, nil)); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.End(); err != nil {
			t.Fatal(err)
		}
		if times := slices.Sorted(maps.Keys(want)); !slices.Equal(got.Times, times) {
			t.Fatalf("times %v, want %v", got.Times, times)
		}
		for i, at := range got.Times {
			if got.Values[i] != want[at] {
				t.Fatalf("at %d: %v, want %v", at, got.Values[i], want[at])
			}
		}
	})
}

// counts are histograms that say no more than how many there were.
func counts(reset sample.Reset, ns ...float64) []sample.Histogram {
	var out []sample.Histogram
	for i, n := range ns {
		h := sample.Histogram{Count: n, Reset: reset}
		if i > 0 && reset != sample.Gauge {
			h.Reset = sample.Continued
		}
		out = append(out, h)
	}
	return out
}

// A histogram between those of another chunk does not say how it goes on from them.
func TestRunOfHistograms(t *testing.T) {
	var got all
	r := chunk.NewRun(got.take)
	r.Begin(0, 100)
	add := func(times []int64, hs []sample.Histogram) {
		if err := r.Add(chunk.Histogram, chunktest.Histograms(chunk.Histogram, times, hs, nil)); err != nil {
			t.Fatal(err)
		}
	}
	add([]int64{1, 3, 4, 5, 9}, counts(sample.Restarted, 1, 3, 4, 5, 9))
	add([]int64{3, 6, 7}, counts(sample.Restarted, 13, 16, 17))
	add([]int64{12, 13}, counts(sample.Restarted, 12, 13))
	if err := r.End(); err != nil {
		t.Fatal(err)
	}
	if want := []int64{1, 3, 4, 5, 6, 7, 9, 12, 13}; !slices.Equal(got.Times, want) {
		t.Fatalf("%v, want %v", got.Times, want)
	}
	want := []sample.Histogram{
		{Count: 1, Reset: sample.Restarted}, {Count: 3, Reset: sample.Continued},
		{Count: 4, Reset: sample.Continued}, {Count: 5, Reset: sample.Continued},
		{Count: 16}, {Count: 17, Reset: sample.Continued}, {Count: 9},
		{Count: 12, Reset: sample.Restarted}, {Count: 13, Reset: sample.Continued},
	}
	for i, h := range want {
		if !same(got.Histograms[i], h) {
			t.Errorf("sample %d: %+v, want %+v", i, got.Histograms[i], h)
		}
	}
}

// Floats and histograms of a series follow each other; where they overlap, or a chunk
// comes too late, that is an error and no sample is lost silently.
func TestRunOrder(t *testing.T) {
	var got all
	r := chunk.NewRun(got.take)
	floats := func(times ...int64) error { return r.AddFloats(times, make([]float64, len(times))) }
	r.Begin(0, 100)
	if err := floats(1, 2, 3); err != nil {
		t.Fatal(err)
	}
	if err := r.AddHistograms([]int64{4, 5}, counts(sample.Gauge, 4, 5)); err != nil {
		t.Fatal(err)
	}
	if err := floats(5, 6); err == nil || err.Error() != "chunks of a series are out of order" {
		t.Errorf("histograms and floats of one time: %v", err)
	}
	r.Begin(0, 100) // of another series
	if err := floats(1); err != nil {
		t.Error(err)
	}
	if want := []int64{1, 2, 3, 4, 5}; !slices.Equal(got.Times, want) {
		t.Errorf("%v, want %v", got.Times, want)
	}

	r.Begin(math.MinInt64, math.MaxInt64)
	n := 10_000
	times := make([]int64, n)
	for i := range times {
		times[i] = int64(i)
	}
	if err := r.AddFloats(times, make([]float64, n)); err != nil {
		t.Fatal(err)
	}
	if err := floats(20_000); err != nil {
		t.Fatal(err)
	}
	if err := floats(5); err == nil {
		t.Error("a chunk of what was given away is taken")
	}
}

// How much is held is bounded, however chunks overlap.
func TestRunHolds(t *testing.T) {
	r := chunk.NewRun(func(sample.Block) error { return nil })
	r.Begin(0, math.MaxInt64)
	times, values := make([]int64, 60_000), make([]float64, 60_000)
	for n := range 6 {
		for i := range times {
			times[i] = int64(i * (n + 7))
		}
		if err := r.AddFloats(times, values); err != nil {
			if want := "over 262144 samples of chunks that overlap"; err.Error() != want {
				t.Errorf("%v, want %s", err, want)
			}
			return
		}
	}
	t.Error("all chunks of one time are held")
}
