package hist

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources/sample"
)

// Quantiles are where Prometheus has them.
func TestQuantile(t *testing.T) {
	native := func(h sample.Histogram) *Spread {
		var s Spread
		s.grow(&sample.Histogram{Schema: h.Schema, Bounds: h.Bounds, ZeroThreshold: h.ZeroThreshold}, &h)
		return &s
	}
	classic := func(le []string, increments ...float64) *Spread {
		var s Spread
		bounds, _ := ReadBounds(le)
		s.Classic(bounds, increments)
		return &s
	}
	negative := func(h sample.Histogram) sample.Histogram {
		h.Negative, h.Positive = h.Positive, nil
		return h
	}
	one := exponential(0, 1, 50)
	zero := func(threshold, count float64, h sample.Histogram) sample.Histogram {
		h.ZeroThreshold, h.ZeroCount = threshold, count
		return h
	}
	les := []string{"0.1", "0.5", "1", "+Inf"}
	for _, test := range []struct {
		name    string
		s       *Spread
		percent int
		want    string // value, low, high
	}{
		{"half of (1, 2]", native(exponential(0, 1, 100)), 50, "1.4142 1 2"}, // the documentation's example
		{"a quarter of (1, 4]", native(exponential(-1, 1, 100)), 25, "1.4142 1 4"},
		{"half of [-2, -1)", native(negative(exponential(0, 1, 100))), 50, "-1.4142 -2 -1"},
		{"a quarter of [-2, -1)", native(negative(exponential(0, 1, 100))), 25, "-1.6818 -2 -1"},
		{"second bucket", native(exponential(0, 1, 50, 50)), 75, "2.8284 2 4"},
		{"the end of the first", native(exponential(0, 1, 50, 50)), 50, "2.0000 1 2"},
		{"zero bucket, nothing under it", native(zero(0.5, 50, one)), 25, "0.2500 -0.5 0.5"},
		{"zero bucket, nothing over it", native(zero(0.5, 50, negative(one))), 75, "-0.2500 -0.5 0.5"},
		{"zero bucket alone", native(zero(0.5, 100, exponential(0, 1))), 75, "0.2500 -0.5 0.5"},
		{"custom", native(listed([]float64{0.1, 0.5, 1}, 50, 40, 5, 5)), 70, "0.3000 0.1 0.5"},
		{"classic", classic(les, 50, 90, 95, 100), 70, "0.3000 0.1 0.5"}, // 20 of 40 into it
		{"first classic bucket", classic(les, 50, 90, 95, 100), 25, "0.0500 -Inf 0.1"},
		{"over the last bound", classic(les, 50, 90, 95, 100), 99, "1.0000 1 +Inf"},
		{"first bound under zero", classic([]string{"-1", "1"}, 100, 100, 100), 50, "-1.0000 -Inf -1"},
		{"a bucket that fell", classic(les, 50, 90, 80, 100), 90, "0.5000 0.1 0.5"},
		{"no bound", classic(nil, 100), 50, "0.0000 -Inf +Inf"},
	} {
		q, ok := test.s.Quantile(test.percent)
		if got := fmt.Sprintf("%.4f %v %v", q.Value, q.Low, q.High); !ok || got != test.want {
			t.Errorf("%s: %d %% is %s, want %s", test.name, test.percent, got, test.want)
		}
	}
}

func TestPercentiles(t *testing.T) {
	start := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	bounds, _ := ReadBounds([]string{"100", "200", "400", "+Inf"})
	var s Spread
	if _, ok := s.Percentiles(start, time.Millisecond); ok {
		t.Error("percentiles of nothing")
	}
	s.Classic(bounds, []float64{30, 60, 100, 100})
	s.Classic(bounds, []float64{30, 60, 100, 100})
	got, ok := s.Percentiles(start, time.Millisecond)
	// p50 is 40 of 60 into (100, 200], p95 70 of 80 and p99 78 of 80 into (200, 400]: that is 395, and may be
	// 200, which is 0.4937 of it away.
	want := "2026-11-30 09:00:00 +0000 UTC 166.666667ms 375ms 395ms 0.4937 200"
	text := fmt.Sprintf("%v %v %v %v %.4f %d", got.Start, got.P50, got.P95, got.P99, got.Error.Float(), got.Count)
	if !ok || text != want {
		t.Errorf("%s, want %s", text, want)
	}
	s.Classic(bounds, []float64{0, 0, 0, 10})
	got, ok = s.Percentiles(start, time.Millisecond)
	if !ok || got.P99 != 400*time.Millisecond || got.Over != 99 || got.Error.Cmp(slo.NumberFrac(4985, 10000)) != 0 || got.Count != 210 {
		t.Errorf("over the last bound: %+v, want over 400 ms", got)
	}
	h := exponential(3, -14, 5)
	s.grow(&sample.Histogram{Schema: 3}, &h)
	if _, ok := s.Percentiles(start, time.Millisecond); ok || s.Count() != 215 {
		t.Error("percentiles of powers and listed bounds together")
	}
}

// Two instances see the same, half within 0.1, 40 % within 0.2 and the rest within 0.7, by
// bounds of their own: what both see together is read from what each sees.
func TestTwoLayouts(t *testing.T) {
	add := func(s *Spread, increments []float64, le ...string) {
		bounds, _ := ReadBounds(append(le, "+Inf"))
		s.Classic(bounds, increments)
	}
	a := func(s *Spread) { add(s, []float64{50, 90, 100, 100}, "0.1", "0.3", "1") }
	b := func(s *Spread) { add(s, []float64{50, 90, 90, 100, 100}, "0.1", "0.25", "0.5", "0.75", "2") }
	short := func(s *Spread) { add(s, []float64{50, 90, 100}, "0.1", "0.5") }
	for _, test := range []struct {
		name string
		add  []func(*Spread)
		want string // p50, p95 and p99: value, low, high
	}{
		{"a", []func(*Spread){a}, "0.1000 -Inf 0.1, 0.6500 0.3 1, 0.9300 0.3 1"},
		{"b", []func(*Spread){b}, "0.1000 -Inf 0.1, 0.6250 0.5 0.75, 0.7250 0.5 0.75"},
		{"a twice", []func(*Spread){a, a}, "0.1000 -Inf 0.1, 0.6500 0.3 1, 0.9300 0.3 1"},
		// at 0.5 the lines are at 92.9 and 90, at 0.75 at 96.4 and 100, at 1 at 100 and 100
		{"both", []func(*Spread){a, b}, "0.1000 -Inf 0.1, 0.6316 0.3 0.75, 0.8600 0.5 1"},
		{"both, the other way", []func(*Spread){b, a}, "0.1000 -Inf 0.1, 0.6316 0.3 0.75, 0.8600 0.5 1"},
		// 10 of 200 may be anywhere over 0.5
		{"one ends sooner", []func(*Spread){a, short}, "0.1000 -Inf 0.1, 1.0000 0.3 1, 0.5000 0.5 +Inf"},
	} {
		var s Spread
		for _, f := range test.add {
			f(&s)
		}
		var got []string
		for _, percent := range []int{50, 95, 99} {
			q, _ := s.Quantile(percent)
			got = append(got, fmt.Sprintf("%.4f %v %v", q.Value, q.Low, q.High))
		}
		if text := strings.Join(got, ", "); text != test.want {
			t.Errorf("%s: %s, want %s", test.name, text, test.want)
		}
	}
	var many Spread
	for i := range maxBounds {
		add(&many, []float64{1, 1}, strconv.Itoa(i))
	}
	_, before := many.Quantile(50)
	add(&many, []float64{1, 1}, "0.5")
	if _, after := many.Quantile(50); !before || after || len(many.listed) != maxBounds {
		t.Errorf("%d layouts: %t, and of one more %t", len(many.listed), before, after)
	}
}

// The true percentiles of classic histograms of other bounds lie within the bounds that are
// named.
func TestClassicPercentiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s Spread
		var all []float64
		pool := []string{"0.1", "0.30", "1", "1.0", "2", "8", "1e2", "+Inf"}
		for range rapid.IntRange(1, 4).Draw(t, "histograms") {
			bounds, _ := ReadBounds(rapid.SliceOfDistinct(rapid.SampledFrom(pool), rapid.ID).Draw(t, "le"))
			values := rapid.SliceOf(rapid.Float64Range(0, 150)).Draw(t, "values")
			var increments []float64
			for _, b := range bounds {
				increments = append(increments, countBelow(values, b.At, true))
			}
			s.Classic(bounds, increments)
			all = append(all, values...)
		}
		checkSpread(t, &s, all)
	})
}

// A counter's limit that is a classic bound counts what the classic bucket counts.
func TestClassicAndCustomAgree(t *testing.T) {
	bounds, _ := ReadBounds([]string{"0.1", "0.3", "1"})
	layout := sample.Histogram{Schema: sample.CustomBounds, Bounds: []float64{0.1, 0.3, 1}}
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOf(rapid.Float64Range(0, 2)).Draw(t, "values")
		h := observed(values, layout)
		for _, at := range []string{"0.05", "0.1", "0.2", "0.3", "1", "1.5"} {
			threshold, _ := ReadThreshold("<= "+at, false)
			limit, _ := threshold.Of("x")
			place := bounds.Place(limit)
			count := func(i int) float64 {
				if i < 0 {
					return 0
				}
				return countBelow(values, bounds[i].At, true)
			}
			got := NewCounter(limit).Add(&h)
			if got.Low != count(place.Low) || got.High != count(place.High) {
				t.Fatalf("<= %s: custom %+v, classic %v to %v", at, got, count(place.Low), count(place.High))
			}
		}
	})
}
