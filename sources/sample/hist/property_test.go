package hist

import (
	"math"
	"slices"
	"testing"
	"time"

	prometheus "github.com/prometheus/prometheus/model/histogram"
	"pgregory.net/rapid"

	"github.com/nines-slo/nines/sources/sample"
)

// observed puts values into the buckets of a layout, one after the other: each into the
// bucket whose bounds it lies between.
func observed(values []float64, layout sample.Histogram) sample.Histogram {
	h := emptied(&layout)
	positive, negative := map[int32]float64{}, map[int32]float64{}
	for _, v := range values {
		h.Count++
		switch {
		case math.IsNaN(v):
		case h.Schema == sample.CustomBounds:
			positive[first(len(h.Bounds), func(i int) bool { return v <= h.Bounds[i] })]++
		case math.Abs(v) <= h.ZeroThreshold:
			h.ZeroCount++
		default:
			low := int(math.Floor(math.Log2(math.Abs(v))*math.Exp2(float64(h.Schema)))) - 1
			at := int32(low) + first(4, func(i int) bool { return math.Abs(v) <= upper(int32(low+i), h.Schema) })
			if v > 0 {
				positive[at]++
			} else {
				negative[at]++
			}
		}
	}
	h.Positive, h.Negative = inOrder(positive), inOrder(negative)
	return h
}

func first(n int, holds func(int) bool) int32 {
	for i := range n {
		if holds(i) {
			return int32(i)
		}
	}
	return int32(n)
}

func inOrder(counts map[int32]float64) []sample.Bucket {
	var out []sample.Bucket
	for i, n := range counts {
		out = append(out, sample.Bucket{Index: i, Count: n})
	}
	slices.SortFunc(out, func(a, b sample.Bucket) int { return int(a.Index - b.Index) })
	return out
}

// theirs returns h as Prometheus has it.
func theirs(h *sample.Histogram) *prometheus.FloatHistogram {
	out := &prometheus.FloatHistogram{Schema: int32(h.Schema), ZeroThreshold: h.ZeroThreshold, ZeroCount: h.ZeroCount,
		Count: h.Count, CustomValues: h.Bounds}
	spans := func(buckets []sample.Bucket) (spans []prometheus.Span, counts []float64) {
		next := int32(0)
		for _, b := range buckets {
			spans = append(spans, prometheus.Span{Offset: b.Index - next, Length: 1})
			counts = append(counts, b.Count)
			next = b.Index + 1
		}
		return spans, counts
	}
	out.PositiveSpans, out.PositiveBuckets = spans(h.Positive)
	out.NegativeSpans, out.NegativeBuckets = spans(h.Negative)
	return out
}

// drawValue draws what a program observes: often the bound of some bucket.
func drawValue(t *rapid.T) float64 {
	switch rapid.IntRange(0, 9).Draw(t, "sort") {
	case 0:
		return rapid.SampledFrom([]float64{0, math.NaN(), 0.001, -0.001, 1, -1, 0.1, 0.3}).Draw(t, "value")
	case 1:
		return -rapid.Float64Range(1e-5, 1e3).Draw(t, "negative")
	case 2, 3, 4:
		return upper(int32(rapid.IntRange(-40, 40).Draw(t, "bucket")), int8(rapid.IntRange(-1, 3).Draw(t, "finesse")))
	}
	return rapid.Float64Range(1e-5, 1e3).Draw(t, "positive")
}

func drawLayout(t *rapid.T, custom bool) sample.Histogram {
	if custom {
		pool := rapid.SampledFrom([]float64{-1, 0, 0.1, 0.3, 1, 2, 8, 100})
		bounds := rapid.SliceOfDistinct(pool, rapid.ID).Draw(t, "bounds")
		slices.Sort(bounds)
		return sample.Histogram{Schema: sample.CustomBounds, Bounds: bounds}
	}
	return sample.Histogram{
		Schema:        int8(rapid.IntRange(-4, finest).Draw(t, "schema")),
		ZeroThreshold: rapid.SampledFrom([]float64{0, 0.001, 0.03125, 0.25, 1.5}).Draw(t, "threshold"),
	}
}

func drawLimit(t *rapid.T) Limit {
	at := drawValue(t)
	if math.IsNaN(at) {
		at = 2
	}
	return Limit{At: at}
}

// isBelow tells what a native histogram takes for below: negative buckets leave out their
// lower bound, and the limit with it.
func isBelow(v, at float64, custom bool) bool { return v < at || v == at && (custom || at >= 0) }

func countBelow(values []float64, at float64, custom bool) float64 {
	var n float64
	for _, v := range values {
		if isBelow(v, at, custom) {
			n++
		}
	}
	return n
}

// life is a series as a program makes it: samples with all that it observed since it
// began, and how it goes on.
type life struct {
	custom  bool
	samples []sample.Histogram
	fresh   [][]float64 // what each sample has more than the one before it
	began   []bool      // the program began anew before it
}

// drawLife draws a series with restarts, buckets that get coarser, zero buckets that get
// larger and custom bounds that change. A sample says of itself only what must be said.
func drawLife(t *rapid.T) life {
	l := life{custom: rapid.Bool().Draw(t, "custom")}
	var values []float64
	var layout sample.Histogram
	for i := range rapid.IntRange(1, 12).Draw(t, "samples") {
		began := i == 0 || rapid.IntRange(0, 4).Draw(t, "restart") == 0
		next := layout
		switch {
		case began:
			values, next = nil, drawLayout(t, l.custom)
		case rapid.IntRange(0, 3).Draw(t, "change") == 0:
			next = drawLayout(t, l.custom)
			next.Schema = min(next.Schema, layout.Schema)
			next.ZeroThreshold = max(next.ZeroThreshold, layout.ZeroThreshold)
		}
		layout = next
		fresh := rapid.SliceOfN(rapid.Custom(drawValue), 0, 12).Draw(t, "values")
		values = append(values, fresh...)
		h := observed(values, layout)
		if i > 0 {
			last := &l.samples[i-1]
			seen := theirs(&h).DetectReset(theirs(last))
			// Prometheus may count a bucket both in the zero bucket and in a coarser one.
			unsure := h.Schema != last.Schema && h.ZeroThreshold != last.ZeroThreshold
			switch {
			case began && (!seen || unsure):
				h.Reset = sample.Restarted
			case !began && (seen || unsure):
				h.Reset = sample.Continued
			}
		}
		l.samples = append(l.samples, h)
		l.fresh, l.began = append(l.fresh, fresh), append(l.began, began)
	}
	return l
}

// Over a whole life each restart is found as Prometheus finds it, totals are what was
// observed, and what is below lies between the two counts, which are one where the limit is a bound.
func TestCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l, limit := drawLife(t), drawLimit(t)
		c := NewCounter(limit)
		exact := true
		for i := range l.samples {
			got := c.Add(&l.samples[i])
			kind := Grew
			switch {
			case i == 0:
				kind = Began
			case l.began[i]:
				kind = Restarted
			}
			exact = (exact || kind == Restarted) && c.cut.exact()
			below := countBelow(l.fresh[i], limit.At, l.custom)
			if got.Kind != kind || got.Total != float64(len(l.fresh[i])) || got.Over {
				t.Fatalf("sample %d: %+v, want kind %d of %d", i, got, kind, len(l.fresh[i]))
			}
			between := 0 <= got.Low && got.Low <= below && below <= got.High && got.High <= got.Total
			if !between || exact && got.Low != got.High {
				t.Fatalf("sample %d: %+v, want %v, exact %t", i, got, below, exact)
			}
		}
	})
}

// The percentiles of hours count what was observed in them after the first sample, and the
// event of that rank is in the bucket that they name.
func TestHours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLife(t)
		c := NewCounter(Limit{At: 1})
		c.Add(&l.samples[0])
		for i := 1; i < len(l.samples); {
			var hour Spread
			var values []float64
			c.Into(&hour)
			for range rapid.IntRange(1, 4).Draw(t, "hour") {
				if i < len(l.samples) {
					c.Add(&l.samples[i])
					values = append(values, slices.DeleteFunc(slices.Clone(l.fresh[i]), math.IsNaN)...)
					i++
				}
			}
			c.Into(nil)
			checkSpread(t, &hour, values)
		}
	})
}

func checkSpread(t *rapid.T, s *Spread, values []float64) {
	slices.Sort(values)
	if got := s.Count(); got != float64(len(values)) {
		t.Fatalf("%v events, want %d", got, len(values))
	}
	last := math.Inf(-1)
	for _, percent := range []int{1, 50, 95, 99, 100} {
		q, ok := s.Quantile(percent)
		if ok != (len(values) > 0) {
			t.Fatalf("%d %% of %d: %t", percent, len(values), ok)
		}
		if !ok {
			continue
		}
		truth := values[(len(values)*percent+99)/100-1]
		within := q.Low <= truth && truth <= q.High && q.Low <= q.Value && q.Value <= q.High
		over := math.IsInf(q.High, 1) // that value is no guess
		if !within || q.Value < last && !over || over && q.Value != q.Low && !math.IsInf(q.Low, -1) {
			t.Fatalf("%d %%: %+v, want %v; before %v", percent, q, truth, last)
		}
		last = q.Value
	}
	p, ok := s.Percentiles(time.Time{}, time.Second)
	if !ok {
		return
	}
	for i, got := range []time.Duration{p.P50, p.P95, p.P99} {
		percent := []int{50, 95, 99}[i]
		truth := values[(len(values)*percent+99)/100-1]
		switch over := p.Over > 0 && percent >= p.Over; {
		case over && truth < got.Seconds()-1e-9:
			t.Fatalf("percentile %d is over %v, of %v", percent, got, truth)
		case over, !p.Error.Known():
			continue
		}
		off := math.Abs(got.Seconds() - truth)
		if truth >= 0 && off > got.Seconds()*p.Error.Float()*(1+1e-9) && off > 1e-6*(1+1e-9) {
			t.Fatalf("percentile %d is %v, of %v: error %v", i, got, truth, p.Error)
		}
	}
}
