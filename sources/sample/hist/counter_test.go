package hist

import (
	"fmt"
	"math"
	"testing"

	"github.com/nines-slo/nines/sources/sample"
)

// exponential returns a histogram with the counts of buckets first, first+1 and so on.
func exponential(schema int8, first int32, counts ...float64) sample.Histogram {
	h := sample.Histogram{Schema: schema}
	for i, n := range counts {
		h.Count += n
		if n > 0 {
			h.Positive = append(h.Positive, sample.Bucket{Index: first + int32(i), Count: n})
		}
	}
	return h
}

// listed returns a histogram with custom bounds; the last count is that over all of them.
func listed(bounds []float64, counts ...float64) sample.Histogram {
	h := exponential(sample.CustomBounds, 0, counts...)
	h.Bounds = bounds
	return h
}

func with(h sample.Histogram, change func(*sample.Histogram)) sample.Histogram {
	change(&h)
	return h
}

// What is at or below a limit is exact on a bound, and two counts elsewhere.
func TestBelow(t *testing.T) {
	// Schema 0: 2 in (0.25, 0.5], 3 in (0.5, 1], 5 in (1, 2], 7 in (2, 4].
	powers := exponential(0, -1, 2, 3, 5, 7)
	// Schema 3: 1 in (0.25, 0.2726], 2 in (0.2726, 0.2973], 4 in (0.2973, 0.3242].
	eighths := exponential(3, -15, 1, 2, 4)
	// 1 in [-2, -1), 2 in [-1, -0.5), 4 in [-0.001, 0.001], 8 in (0.5, 1].
	around := with(exponential(0, 0, 8), func(h *sample.Histogram) {
		h.Count, h.ZeroCount, h.ZeroThreshold = 15, 4, 0.001
		h.Negative = []sample.Bucket{{Index: 0, Count: 2}, {Index: 1, Count: 1}}
	})
	// 3 in [-0.75, 0.75], 8 in (0.75, 1].
	half := with(exponential(0, 0, 8), func(h *sample.Histogram) {
		h.Count, h.ZeroCount, h.ZeroThreshold = 11, 3, 0.75
	})
	custom := listed([]float64{0.1, 0.3, 1}, 5, 4, 3, 2)
	nan := with(powers, func(h *sample.Histogram) { h.Count += 100 })
	for _, test := range []struct {
		name      string
		h         sample.Histogram
		at        string
		low, high float64
		around    string
	}{
		{"bound", powers, "1", 5, 5, "1 1"}, {"smaller bound", powers, "0.25", 0, 0, "0.25 0.25"},
		{"between", powers, "1.5", 5, 10, "1 2"}, {"largest bound", powers, "4", 17, 17, "4 4"},
		{"over all", powers, "5", 17, 17, "4 8"}, {"under zero", powers, "-1", 0, 0, "-1 -1"},
		{"zero", powers, "0", 0, 0, "0 0"},
		{"fine bound", eighths, "0.29730177875068026", 3, 3, "0.29730177875068026 0.29730177875068026"},
		{"300 ms", eighths, "0.3", 3, 7, "0.29730177875068026 0.3242098886627524"},
		{"a power of two", eighths, "0.25", 0, 0, "0.25 0.25"},
		{"negative", around, "-1", 1, 1, "-1 -1"}, {"between negatives", around, "-0.75", 1, 3, "-1 -0.5"},
		{"in zero", around, "0", 3, 7, "-0.001 0.001"}, {"zero bucket's end", around, "0.001", 7, 7, "0.001 0.001"},
		{"zero bucket's start", around, "-0.001", 3, 3, "-0.001 -0.001"}, {"all", around, "1", 15, 15, "1 1"},
		{"zero bucket in a bucket", half, "0.75", 3, 3, "0.75 0.75"}, {"over it", half, "0.8", 3, 11, "0.75 1"},
		{"in it", half, "0.5", 0, 3, "-0.75 0.75"},
		{"custom bound", custom, "0.3", 9, 9, "0.3 0.3"}, {"between custom", custom, "0.5", 9, 12, "0.3 1"},
		{"under custom", custom, "0.05", 0, 5, "-Inf 0.1"}, {"over custom", custom, "3", 12, 14, "1 +Inf"},
		{"no numbers", nan, "4", 17, 17, "4 4"},
	} {
		c := NewCounter(limitOf(t, test.at))
		got := c.Add(&test.h)
		want := Change{Kind: Began, Total: test.h.Count, Low: test.low, High: test.high}
		low, high := c.Around()
		if got != want || fmt.Sprint(low, high) != test.around {
			t.Errorf("%s: %+v between %v and %v, want %+v between %s", test.name, got, low, high, want, test.around)
		}
	}
}

// What a sample is to the one before: every way to go on, to begin anew, and to be no sample.
func TestChange(t *testing.T) {
	before := exponential(1, 0, 4, 6, 8) // to 1, to √2, to 2
	zero := func(threshold, count float64, h sample.Histogram) sample.Histogram {
		return with(h, func(h *sample.Histogram) {
			h.ZeroThreshold, h.ZeroCount = threshold, count
			h.Count += count
		})
	}
	says := func(r sample.Reset, h sample.Histogram) sample.Histogram {
		return with(h, func(h *sample.Histogram) { h.Reset = r })
	}
	bounds, other := []float64{0.5, 1, 2}, []float64{0.25, 1, 2, 4}
	count := func(n float64, h sample.Histogram) sample.Histogram {
		return with(h, func(h *sample.Histogram) { h.Count = n })
	}
	end := with(before, func(h *sample.Histogram) { h.Sum = sample.StaleMarker() })
	for _, test := range []struct {
		name        string
		before, now sample.Histogram
		want        Change
	}{
		{"nothing came", before, before, Change{Grew, 0, 0, 0, false}},
		{"more came", before, exponential(1, 0, 5, 6, 10), Change{Grew, 3, 1, 1, false}},
		{"a bucket came", before, exponential(1, -5, 2, 0, 0, 0, 0, 4, 6, 8), Change{Grew, 2, 2, 2, false}},
		{"coarser", before, exponential(0, 0, 5, 16), Change{Grew, 3, 1, 1, false}},
		{"much coarser", before, exponential(-1, 0, 5, 16), Change{Grew, 3, 1, 1, false}}, // to 1, to 4
		{"coarser and fewer", before, exponential(0, 0, 4, 13), Change{Restarted, 17, 4, 4, false}},
		{"coarser, fewer in a bucket", before, exponential(0, 0, 3, 20), Change{Restarted, 23, 3, 3, false}},
		{"finer", before, exponential(2, 0, 10, 10, 10, 10, 10), Change{Restarted, 50, 10, 10, false}},
		{"finer but goes on", before, says(sample.Continued, exponential(2, 0, 10, 10, 10, 10, 10)),
			Change{Grew, 32, 6, 6, false}},
		{"fewer", before, exponential(1, 0, 4, 6, 7), Change{Restarted, 17, 4, 4, false}},
		{"fewer in a bucket", before, exponential(1, 0, 4, 5, 100), Change{Restarted, 109, 4, 4, false}},
		{"a bucket less", before, exponential(1, 0, 0, 6, 100), Change{Restarted, 106, 0, 0, false}},
		{"says that it began anew", before, says(sample.Restarted, exponential(1, 0, 5, 7, 9)),
			Change{Restarted, 21, 5, 5, false}},
		{"says that it goes on, with fewer", before, says(sample.Continued, exponential(1, 0, 1, 6, 100)),
			Change{Restarted, 107, 1, 1, false}},
		{"larger zero bucket", before, zero(1, 5, exponential(1, 1, 6, 8)), Change{Grew, 1, 1, 1, false}},
		{"zero bucket parts a bucket with events", before, zero(1.2, 9, exponential(1, 1, 6, 8)),
			Change{Restarted, 23, 0, 9, false}},
		{"the same, but it goes on", before, says(sample.Continued, zero(1.2, 9, exponential(1, 1, 6, 8))),
			Change{Grew, 5, 0, 5, false}},
		{"fewer in the zero bucket", zero(0.1, 9, before), zero(0.1, 8, exponential(1, 0, 40, 60, 80)),
			Change{Restarted, 188, 48, 48, false}},
		{"smaller zero bucket", zero(0.1, 9, before), zero(0.01, 9, exponential(1, 0, 40, 60, 80)),
			Change{Restarted, 189, 49, 49, false}},
		{"custom", listed(bounds, 1, 2, 3, 4), listed(bounds, 1, 4, 3, 5), Change{Grew, 3, 2, 2, false}},
		{"other bounds", listed(bounds, 1, 2, 3, 4), listed(other, 1, 4, 3, 0, 9), Change{Grew, 7, 2, 2, false}},
		{"other bounds and fewer", listed(bounds, 1, 2, 3, 4), listed(other, 1, 1, 3, 9, 9),
			Change{Restarted, 23, 2, 2, false}},
		{"custom after powers", before, listed(bounds, 10, 10, 10, 10), Change{Restarted, 40, 20, 20, false}},
		{"no numbers", before, count(21, before), Change{Grew, 3, 0, 0, false}},
		{"an end", before, end, Change{Kind: Ended}},
		{"a gauge", before, says(sample.Gauge, before), Change{Kind: Gauge}},
		{"more below than there is", before, count(20, exponential(1, 0, 9, 6, 8)), Change{Grew, 2, 2, 2, true}},
	} {
		c := NewCounter(limitOf(t, "1"))
		c.Add(&test.before)
		if got := c.Add(&test.now); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}

// Where buckets become so coarse that the limit is no bound any more, what came may be on
// either side of it.
func TestCoarser(t *testing.T) {
	c := NewCounter(limitOf(t, "2"))
	for _, test := range []struct {
		h     sample.Histogram
		want  Change
		exact bool
	}{
		{exponential(1, 0, 4, 6, 8), Change{Began, 18, 18, 18, false}, true}, // to 1, to √2, to 2
		{exponential(-1, 0, 5, 16), Change{Grew, 3, 1, 3, false}, false},     // to 1, to 4
		{exponential(-1, 0, 5, 18), Change{Grew, 2, 0, 2, false}, false},
		{exponential(1, 0, 1, 1, 1, 1), Change{Restarted, 4, 3, 3, false}, true},
	} {
		got := c.Add(&test.h)
		if holds := c.Holds(); got != test.want || (holds.From == holds.To) != test.exact {
			t.Errorf("%+v of %+v, want %+v exact %t", got, holds, test.want, test.exact)
		}
	}
}

// A sample that is none changes nothing: the next is compared with the one before it.
func TestBroken(t *testing.T) {
	before, after := exponential(1, 0, 4, 6, 8), exponential(1, 0, 5, 6, 9)
	for i, broken := range []func(*sample.Histogram){
		func(h *sample.Histogram) { h.Count = -1 },
		func(h *sample.Histogram) { h.Count = math.NaN() },
		func(h *sample.Histogram) { h.Count = math.Inf(1) },
		func(h *sample.Histogram) { h.ZeroCount = math.Inf(1) },
		func(h *sample.Histogram) { h.ZeroThreshold = -1 },
		func(h *sample.Histogram) { h.Schema = 9 },
		func(h *sample.Histogram) { h.Schema = -5 },
		func(h *sample.Histogram) { h.Bounds = []float64{1} },
		func(h *sample.Histogram) { h.Positive[1].Index = 0 },
		func(h *sample.Histogram) { h.Positive[1].Count = math.Inf(1) },
		func(h *sample.Histogram) { h.Positive[0].Index = math.MinInt32 },
		func(h *sample.Histogram) { h.Negative = []sample.Bucket{{Index: math.MaxInt32, Count: 9}} },
		func(h *sample.Histogram) { h.Negative = []sample.Bucket{{Index: 0, Count: -1}} },
		func(h *sample.Histogram) { *h = listed([]float64{2, 1}, 9, 9, 9) },
		func(h *sample.Histogram) { *h = listed([]float64{1, math.NaN()}, 9, 9, 9) },
		func(h *sample.Histogram) { *h = listed([]float64{1}, 9, 9, 9) },
		func(h *sample.Histogram) { *h = listed([]float64{1, 2}, 9, 9, 9); h.ZeroCount = 1 },
	} {
		h := exponential(1, 0, 5, 6, 8)
		broken(&h)
		c := NewCounter(limitOf(t, "1"))
		if got := c.Add(&h); got != (Change{Kind: Broken}) {
			t.Errorf("%d: first %+v", i, got)
		}
		c.Add(&before)
		if got := c.Add(&h); got != (Change{Kind: Broken}) {
			t.Errorf("%d: %+v", i, got)
		}
		if got, want := c.Add(&after), (Change{Grew, 2, 1, 1, false}); got != want {
			t.Errorf("%d: after it %+v, want %+v", i, got, want)
		}
	}
}

// The cost of a sample of a histogram with 100 buckets.
func BenchmarkAdd(b *testing.B) {
	counts := make([]float64, 100)
	for i := range counts {
		counts[i] = 1000
	}
	h := exponential(3, -60, counts...)
	grow := func(h *sample.Histogram) {
		for i := range h.Positive {
			h.Positive[i].Count++
		}
		h.Count += 100
	}
	b.Run("alike", func(b *testing.B) {
		c := NewCounter(limitOf(b, "0.3"))
		for b.Loop() {
			grow(&h)
			c.Add(&h)
		}
	})
	b.Run("unlike", func(b *testing.B) {
		c := NewCounter(limitOf(b, "0.3"))
		for i := int32(0); b.Loop(); i++ {
			grow(&h)
			h.Positive[99].Index = 39 + i%2*2 // a bucket goes, one comes
			c.Add(&h)
		}
	})
	b.Run("hour", func(b *testing.B) { // an hour's end after each sample
		c := NewCounter(limitOf(b, "0.3"))
		for b.Loop() {
			grow(&h)
			c.Add(&h)
			c.Into(new(Spread))
		}
	})
	b.Run("grow alone", func(b *testing.B) { // of the above
		for b.Loop() {
			grow(&h)
		}
	})
}
