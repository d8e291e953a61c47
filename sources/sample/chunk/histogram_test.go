package chunk_test

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
	"github.com/nines-slo/nines/sources/sample/chunk/chunktest"
	"pgregory.net/rapid"
)

// histograms draws samples of one chunk, with a marker of an end last now and then.
func histograms(t *rapid.T, e chunk.Encoding, n int) []sample.Histogram {
	whole := e == chunk.Histogram || e == chunk.HistogramST
	number := func(name string) float64 {
		v := float64(rapid.OneOf(rapid.IntRange(1, 100), rapid.IntRange(1, 1<<50)).Draw(t, name))
		if !whole && rapid.Bool().Draw(t, "part") {
			v /= 7
		}
		return v
	}
	like := sample.Histogram{Schema: rapid.Int8Range(-4, 8).Draw(t, "schema")}
	like.ZeroThreshold = rapid.SampledFrom([]float64{0, 0.001, 1, math.Ldexp(1, -128), 1e-300, 2048}).Draw(t, "zero")
	least, most := int32(-3000), int32(3000)
	if rapid.IntRange(0, 3).Draw(t, "custom") == 0 {
		bounds := []float64{-1, 0, 0.005, 0.1, 2.5, 33554.43, 33554.431, 1e9}
		like = sample.Histogram{Schema: sample.CustomBounds, Bounds: bounds}
		least, most = 0, int32(len(like.Bounds))
	}
	indices := func(name string) []int32 {
		out := rapid.SliceOfNDistinct(rapid.Int32Range(least, most), 0, 8, rapid.ID).Draw(t, name)
		slices.Sort(out)
		return out
	}
	sides := [2][]int32{indices("positive")}
	if like.Bounds == nil {
		sides[1] = indices("negative")
	}
	reset := rapid.SampledFrom([]sample.Reset{sample.ResetUnknown, sample.Restarted, sample.Gauge}).Draw(t, "reset")
	var out []sample.Histogram
	for i := range n {
		h := like
		h.Reset = reset
		if i > 0 && reset != sample.Gauge {
			h.Reset = sample.Continued
		}
		h.Count, h.ZeroCount, h.Sum = number("count"), number("zero count"), number("sum")-1e6
		for side, bs := range []*[]sample.Bucket{&h.Positive, &h.Negative} {
			for _, index := range sides[side] {
				if rapid.IntRange(0, 3).Draw(t, "empty") > 0 {
					*bs = append(*bs, sample.Bucket{Index: index, Count: number("bucket")})
				}
			}
		}
		out = append(out, h)
	}
	if rapid.IntRange(0, 3).Draw(t, "ends") == 0 {
		out[n-1] = sample.Histogram{Sum: sample.StaleMarker()}
	}
	return out
}

// same tells whether histograms are alike, bit by bit; no buckets are no buckets.
func same(a, b sample.Histogram) bool {
	for _, h := range []*sample.Histogram{&a, &b} {
		h.Positive, h.Negative = append([]sample.Bucket{}, h.Positive...), append([]sample.Bucket{}, h.Negative...)
	}
	if math.Float64bits(a.Sum) != math.Float64bits(b.Sum) {
		return false
	}
	a.Sum, b.Sum = 0, 0
	return reflect.DeepEqual(a, b)
}

// What is packed is read: of an end its marker alone.
func TestHistograms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.SampledFrom([]chunk.Encoding{
			chunk.Histogram, chunk.FloatHistogram, chunk.HistogramST, chunk.FloatHistogramST,
		}).Draw(t, "encoding")
		n := rapid.IntRange(1, 30).Draw(t, "n")
		ts, hs := times(t, n), histograms(t, e, n)
		var starts []int64
		if e >= chunk.HistogramST && rapid.Bool().Draw(t, "with starts") {
			starts = drawStarts(t, ts)
		}
		data := chunktest.Histograms(e, ts, hs, starts)
		gotTimes, got, err := chunk.Histograms(e, data, []int64{7}, []sample.Histogram{{Count: 8}})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(gotTimes, append([]int64{7}, ts...)) || got[0].Count != 8 {
			t.Fatalf("times %v, want 7 and %v", gotTimes, ts)
		}
		for i, h := range hs {
			if !same(got[1+i], h) {
				t.Fatalf("sample %d: %+v, want %+v", i, got[1+i], h)
			}
		}
		for cut := range data {
			ts, hs, err := chunk.Histograms(e, data[:cut], nil, nil)
			if err == nil || len(ts)+len(hs) > 0 {
				t.Fatalf("cut to %d bytes of %d: %d samples, %v", cut, len(data), len(hs), err)
			}
		}
	})
}

// A chunk that goes on from another is not believed: that other need not be known.
func TestHistogramGoesOn(t *testing.T) {
	data := chunktest.Histograms(chunk.Histogram, []int64{1, 2}, []sample.Histogram{
		{Reset: sample.Continued, Count: 1}, {Count: 2},
	}, nil)
	_, hs, err := chunk.Histograms(chunk.Histogram, data, nil, nil)
	if err != nil || hs[0].Reset != sample.ResetUnknown || hs[1].Reset != sample.Continued {
		t.Errorf("%v, %v", hs, err)
	}
}

// Buckets of a schema finer than the finest are put together: of schema 10 the indices
// -3 to 0 are index 0 of schema 8, 1 to 4 index 1, 5 to 8 index 2.
func TestFinerSchema(t *testing.T) {
	h := sample.Histogram{Schema: 10, Count: 127}
	for i, index := range []int32{-3, 0, 1, 2, 4, 5, 8} {
		h.Positive = append(h.Positive, sample.Bucket{Index: index, Count: float64(int(1) << i)})
	}
	data := chunktest.Histograms(chunk.Histogram, []int64{1}, []sample.Histogram{h}, nil)
	_, hs, err := chunk.Histograms(chunk.Histogram, data, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []sample.Bucket{{Index: 0, Count: 3}, {Index: 1, Count: 4 + 8 + 16}, {Index: 2, Count: 32 + 64}}
	if hs[0].Schema != 8 || !slices.Equal(hs[0].Positive, want) {
		t.Errorf("schema %d: %v, want %v", hs[0].Schema, hs[0].Positive, want)
	}
}

// What cannot be is an error.
func TestDamagedHistograms(t *testing.T) {
	pack := func(h sample.Histogram) []byte {
		return chunktest.Histograms(chunk.Histogram, []int64{1}, []sample.Histogram{h}, nil)
	}
	bucket := func(i int32, n float64) []sample.Bucket { return []sample.Bucket{{Index: i, Count: n}} }
	const custom = sample.CustomBounds
	for name, h := range map[string]sample.Histogram{
		"histogram has buckets of schema -5, which is not known": {Schema: -5},
		"histogram has buckets of schema 53, which is not known": {Schema: 53},
		"histogram has a count below 0":                          {Positive: bucket(1, -1)},
		"histogram has a bucket where none can be":               {Schema: custom, Bounds: []float64{1}, Positive: bucket(2, 1)},
		"histogram has bounds that are out of order":             {Schema: custom, Bounds: []float64{1, 1}},
	} {
		if _, _, err := chunk.Histograms(chunk.Histogram, pack(h), nil, nil); err == nil || err.Error() != name {
			t.Errorf("%v, want %s", err, name)
		}
	}
	for _, h := range []sample.Histogram{
		{ZeroThreshold: math.NaN()}, {ZeroThreshold: -1},
		{Schema: custom, Bounds: []float64{1}, Negative: bucket(0, 1)},
		{Schema: custom, Bounds: []float64{math.NaN()}}, {Schema: custom, Bounds: []float64{math.Inf(1)}},
	} {
		if _, _, err := chunk.Histograms(chunk.Histogram, pack(h), nil, nil); err == nil {
			t.Errorf("%v is read", h)
		}
	}
	if _, _, err := chunk.Histograms(chunk.XOR, nil, nil, nil); err == nil {
		t.Error("floats are read as histograms")
	}
}

// No bytes are a panic, an endless loop, or more buckets than there may be.
func FuzzHistograms(f *testing.F) {
	buckets := []sample.Bucket{{Index: 1, Count: 2}, {Index: 9, Count: 1}}
	h := sample.Histogram{Schema: 3, Count: 3, Sum: 1.5, Positive: buckets}
	custom := sample.Histogram{Schema: sample.CustomBounds, Bounds: []float64{0.1, 1}, Count: 1, Positive: buckets[:1]}
	for e := chunk.Histogram; e <= chunk.FloatHistogramST; e++ {
		for _, h := range []sample.Histogram{h, custom} {
			hs := []sample.Histogram{h, h, {Sum: sample.StaleMarker()}}
			f.Add(byte(e), chunktest.Histograms(e, []int64{1, 5, 9}, hs, nil))
		}
	}
	f.Fuzz(func(t *testing.T, e byte, data []byte) {
		ts, hs, err := chunk.Histograms(chunk.Encoding(e), data, nil, nil)
		if len(ts) != len(hs) || err != nil && len(ts) > 0 {
			t.Fatalf("%d times, %d histograms, %v", len(ts), len(hs), err)
		}
		buckets := 0
		for i, h := range hs {
			buckets += len(h.Positive) + len(h.Negative)
			if i > 0 && ts[i] <= ts[i-1] {
				t.Fatal("times do not rise")
			}
		}
		if buckets > chunk.MaxBuckets {
			t.Fatalf("%d buckets", buckets)
		}
	})
}
