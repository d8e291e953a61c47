package hist

import (
	"math"
	"testing"

	prometheus "github.com/prometheus/prometheus/model/histogram"
	"pgregory.net/rapid"
)

// Schema n has 2^n buckets from each power of two to the next, so that each is wider than
// the one before by the factors that the documentation of native histograms lists.
func TestGrowth(t *testing.T) {
	for schema, want := range map[int8]float64{
		-4: 65536, -3: 256, -2: 16, -1: 4, 0: 2, 1: 1.4142, 2: 1.1892, 3: 1.0905, 4: 1.0443, 5: 1.0219, 8: 1.0027,
	} {
		if got := upper(1, schema); math.Abs(got-want) > 0.00005 || upper(0, schema) != 1 {
			t.Errorf("schema %d: from %v to %v, want 1 to %v", schema, upper(0, schema), got, want)
		}
	}
}

func TestUpper(t *testing.T) {
	for _, test := range []struct {
		index  int32
		schema int8
		want   float64
	}{
		{-2, 0, 0.25}, {10, 0, 1024}, {-1, 1, 0.7071067811865475}, {3, 2, 1.6817928305074288}, {8, 3, 2}, {-8, 3, 0.5},
		{5, 3, 1.5422108254079407}, {256, 8, 2}, {1, -4, 65536}, {-1, -4, 1. / 65536},
		{1024, 0, math.MaxFloat64}, {1025, 0, math.Inf(1)}, {262144, 8, math.MaxFloat64}, {262145, 8, math.Inf(1)},
		{64, -4, math.MaxFloat64}, {65, -4, math.Inf(1)}, {-1074, 0, 5e-324}, {-1075, 0, 0},
	} {
		if got := upper(test.index, test.schema); got != test.want {
			t.Errorf("bucket %d of schema %d ends at %v, want %v", test.index, test.schema, got, test.want)
		}
	}
}

// Bounds are Prometheus' to the last bit, and each value is in the bucket whose bounds it
// lies between.
func TestBounds(t *testing.T) {
	for schema := int8(-4); schema <= finest; schema++ {
		for i := int32(-700); i <= 700; i++ {
			h := prometheus.FloatHistogram{Schema: int32(schema), PositiveBuckets: []float64{1},
				PositiveSpans: []prometheus.Span{{Offset: i, Length: 1}}}
			it := h.PositiveBucketIterator()
			it.Next()
			got := upper(i, schema)
			if want := it.At().Upper; got != want {
				t.Fatalf("bucket %d of schema %d ends at %v, want %v", i, schema, got, want)
			}
			if j, bound := index(got, schema); got > 0 && got < math.Inf(1) && !(bound && upper(j, schema) == got) {
				t.Fatalf("%v, the bound of %d, is in %d of schema %d", got, i, j, schema)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float64Range(0x1p-1021, math.MaxFloat64).Draw(t, "value")
		schema := int8(rapid.IntRange(-4, finest).Draw(t, "schema"))
		i, bound := index(v, schema)
		if low, high := upper(i-1, schema), upper(i, schema); v <= low || v > high || bound != (v == high) {
			t.Fatalf("%v is in bucket %d of schema %d, (%v, %v], a bound: %t", v, i, schema, low, high, bound)
		}
	})
}
