package chunk_test

import (
	"math"
	"testing"

	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
	"github.com/nines-slo/nines/sources/sample/chunk/chunktest"
	"pgregory.net/rapid"
)

// A histogram that is listed is what a chunk of it is, or both are an error.
func TestListed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := sample.Histogram{Count: 9, Sum: 1, Schema: int8(rapid.SampledFrom([]int{-53, -5, -4, 3, 8, 10, 52, 53}).Draw(t, "schema"))}
		h.ZeroThreshold = rapid.SampledFrom([]float64{0, 0.5, -1, math.NaN()}).Draw(t, "threshold")
		if h.Schema == sample.CustomBounds {
			h.Bounds = rapid.SliceOfN(rapid.SampledFrom([]float64{-1, 0.1, 1, 2, math.Inf(1), math.NaN()}), 1, 3).Draw(t, "bounds")
		}
		h.Positive, h.Negative = drawnSide(t, "positive"), drawnSide(t, "negative")
		e := rapid.SampledFrom([]chunk.Encoding{chunk.Histogram, chunk.FloatHistogram}).Draw(t, "encoding")
		data := chunktest.Histograms(e, []int64{1}, []sample.Histogram{h}, nil)
		_, want, wrong := chunk.Histograms(e, data, nil, nil)
		l := chunk.Listed{Schema: int64(h.Schema), ZeroThreshold: h.ZeroThreshold, Count: 9, Sum: 1, Bounds: h.Bounds}
		l.Positive, l.Negative = listed(h.Positive, e), listed(h.Negative, e)
		got, err := l.Histogram()
		if (err == nil) != (wrong == nil) || err == nil && !same(got, want[0]) {
			t.Fatalf("listed %+v, %v\nchunk  %+v, %v", got, err, want, wrong)
		}
	})
}

// drawnSide draws some buckets by their order, mostly with events.
func drawnSide(t *rapid.T, name string) (out []sample.Bucket) {
	at := rapid.Int32Range(-2, 2).Draw(t, name)
	for range rapid.IntRange(0, 3).Draw(t, name) {
		at += rapid.Int32Range(1, 3).Draw(t, name)
		out = append(out, sample.Bucket{Index: at, Count: float64(rapid.IntRange(-1, 5).Draw(t, name))})
	}
	return out
}

// listed lists buckets in stretches of one.
func listed(bs []sample.Bucket, e chunk.Encoding) (s chunk.Side) {
	end, before := int32(0), int64(0)
	for _, b := range bs {
		s.Spans = append(s.Spans, chunk.Span{Offset: int64(b.Index - end), Length: 1})
		if e == chunk.Histogram {
			s.Deltas = append(s.Deltas, int64(b.Count)-before)
		} else {
			s.Counts = append(s.Counts, b.Count)
		}
		end, before = b.Index+1, int64(b.Count)
	}
	return s
}

// A bucket behind the last bound is an error, with events and without.
func TestListedBounds(t *testing.T) {
	for at, right := range []bool{true, true, false} {
		for _, events := range []int64{0, 1} {
			side := chunk.Side{Spans: []chunk.Span{{Offset: int64(at), Length: 1}}, Deltas: []int64{events}}
			l := chunk.Listed{Schema: int64(sample.CustomBounds), Bounds: []float64{1}, Positive: side}
			if _, err := l.Histogram(); (err == nil) != right {
				t.Errorf("bucket %d with %d events: %v", at, events, err)
			}
		}
	}
}

// What is listed so that it cannot be is an error, and what is not known of a restart
// is none.
func TestListedWrong(t *testing.T) {
	one := []chunk.Span{{Offset: 1, Length: 1}}
	for name, side := range map[string]chunk.Side{
		"more counts than buckets": {Spans: one, Deltas: []int64{1, 1}},
		"fewer":                    {Spans: one},
		"both":                     {Spans: one, Deltas: []int64{1}, Counts: []float64{1}},
		"back":                     {Spans: []chunk.Span{{1, 1}, {-1, 1}}, Deltas: []int64{1, 1}},
		"too far":                  {Spans: []chunk.Span{{math.MaxInt64, 1}}, Deltas: []int64{1}},
		"farther":                  {Spans: []chunk.Span{{1, 1}, {math.MaxInt64, 1}}, Deltas: []int64{1, 1}},
		"too long":                 {Spans: []chunk.Span{{1, math.MaxUint64}}, Deltas: []int64{1}},
		"below 0":                  {Spans: one, Deltas: []int64{-1}},
		"too many":                 {Deltas: make([]int64, chunk.MaxBuckets+1)},
	} {
		if h, err := (&chunk.Listed{Positive: side}).Histogram(); err == nil {
			t.Errorf("%s: %+v is read", name, h)
		}
	}
	h, err := (&chunk.Listed{Reset: 17}).Histogram()
	if err != nil || h.Reset != sample.ResetUnknown {
		t.Errorf("reset 17: %+v, %v", h, err)
	}
}
