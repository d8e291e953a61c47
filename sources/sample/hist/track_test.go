package hist

import (
	"math"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/sources/sample"
)

// counted are the increments that a counter tells.
func counted(values []float64) (sum float64) {
	for i := range values {
		switch {
		case i == 0:
		case values[i] < values[i-1]:
			sum += values[i]
		default:
			sum += values[i] - values[i-1]
		}
	}
	return sum
}

// A histogram that changes its bounds, or its kind, as a person can check it.
func TestTrack(t *testing.T) {
	limit := limitOf(t, "0.3")
	counter := func(counts ...float64) func(*Track, *Counter, int64) {
		return func(track *Track, c *Counter, at int64) {
			h := listed([]float64{0.1, 0.3}, counts...)
			change := c.Add(&h)
			track.Native(at, change, c.Holds())
		}
	}
	classic := func(pairs ...any) func(*Track, *Counter, int64) {
		return func(track *Track, _ *Counter, at int64) {
			for i := 0; i < len(pairs); i += 2 {
				track.Classic(pairs[i].(string), []int64{at}, []float64{float64(pairs[i+1].(int))})
			}
		}
	}
	before := classic("0.1", 10, "0.3", 50, "1", 90, "+Inf", 100)
	for _, test := range []struct {
		name             string
		scrapes          []func(*Track, *Counter, int64)
		total, low, high float64
	}{
		{"nothing changes", []func(*Track, *Counter, int64){before, classic("0.1", 11, "0.3", 55, "1", 98, "+Inf", 110)}, 10, 5, 5},
		{"finer, it goes on", []func(*Track, *Counter, int64){before, classic("0.1", 11, "0.25", 52, "0.5", 60, "1", 98, "+Inf", 110)}, 10, 2, 8},
		{"finer, it began anew", []func(*Track, *Counter, int64){before, classic("0.1", 1, "0.25", 5, "0.5", 7, "1", 8, "+Inf", 9)}, 9, 5, 7},
		{"coarser, it goes on", []func(*Track, *Counter, int64){classic("0.1", 10, "0.25", 40, "0.5", 60, "+Inf", 100),
			classic("0.1", 11, "0.3", 51, "+Inf", 110)}, 10, 1, 10},
		{"one text more of a bound", []func(*Track, *Counter, int64){before, classic("0.10", 11, "0.30", 55, "1.0", 98, "+Inf", 110)}, 10, 5, 5},
		{"_count tells all", []func(*Track, *Counter, int64){classic("0.3", 50, "", 100), classic("0.3", 55, "", 110)}, 10, 5, 5},
		{"to native", []func(*Track, *Counter, int64){before, counter(11, 44, 55)}, 10, 5, 5},
		{"to native, it began anew", []func(*Track, *Counter, int64){before, counter(1, 4, 5)}, 10, 5, 5},
		{"to classic", []func(*Track, *Counter, int64){counter(10, 40, 50), classic("0.3", 55, "+Inf", 110)}, 10, 5, 5},
		{"to native and back, both at once between", []func(*Track, *Counter, int64){before,
			func(track *Track, c *Counter, at int64) {
				counter(11, 40, 50)(track, c, at)
				classic("0.3", 51, "+Inf", 101)(track, c, at)
			},
			counter(12, 41, 52), classic("0.3", 54, "+Inf", 107)}, 7, 4, 4},
	} {
		track, c := NewTrack(limit), NewCounter(limit)
		for i, scrape := range test.scrapes {
			scrape(track, c, int64(i))
		}
		got := track.Course()
		if counted(got.Total) != test.total || counted(got.Low) != test.low || counted(got.High) != test.high {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// Whatever changes in a histogram's life, all events are counted once, the good ones lie
// between low and high, and are both where the limit stays a bound.
func TestTrackHoldsTruth(t *testing.T) {
	limit := limitOf(t, "0.3")
	fine := []string{"0.1", "0.2", "0.3", "0.5", "1"}
	at := func(i int) float64 { f, _ := strconv.ParseFloat(fine[i], 64); return f }
	rapid.Check(t, func(r *rapid.T) {
		track, c := NewTrack(limit), NewCounter(limit)
		counts := []float64{100, 100, 100, 100, 100, 100} // of each bucket, the last is over all bounds
		some := rapid.SliceOfDistinct(rapid.IntRange(0, len(fine)-1), rapid.ID[int])
		bounds, native, classic := []int{2}, false, true
		exact, total, good := true, 0.0, 0.0
		for scrape := range rapid.IntRange(2, 30).Draw(r, "scrapes") {
			if scrape > 0 {
				if slices.Max(counts) >= 100 && rapid.IntRange(0, 9).Draw(r, "restart") == 0 {
					clear(counts) // of so much that nobody can miss it
				}
				for i := range counts {
					n := float64(rapid.IntRange(0, 3).Draw(r, "events"))
					counts[i] += n
					total += n
					if i <= 2 {
						good += n
					}
				}
			}
			if rapid.IntRange(0, 4).Draw(r, "changes") == 0 {
				bounds = some.Draw(r, "bounds")
				slices.Sort(bounds)
				kinds := rapid.IntRange(1, 3).Draw(r, "kinds")
				native, classic = kinds&1 > 0, kinds&2 > 0
			}
			exact = exact && slices.Contains(bounds, 2)
			h := sample.Histogram{Schema: sample.CustomBounds}
			sum, sofar := 0.0, 0.0
			for i, n := range counts {
				sum += n
				if i < len(fine) && slices.Contains(bounds, i) {
					h.Positive = append(h.Positive, sample.Bucket{Index: int32(len(h.Bounds)), Count: sum - sofar})
					h.Bounds, sofar = append(h.Bounds, at(i)), sum
					if classic {
						track.Classic(fine[i], []int64{int64(scrape)}, []float64{sum})
					}
				}
			}
			h.Count = sum
			h.Positive = append(h.Positive, sample.Bucket{Index: int32(len(h.Bounds)), Count: sum - sofar})
			if classic {
				track.Classic("+Inf", []int64{int64(scrape)}, []float64{sum})
			}
			if native {
				change := c.Add(&h)
				track.Native(int64(scrape), change, c.Holds())
			}
		}
		got := track.Course()
		low, high := counted(got.Low), counted(got.High)
		if all := counted(got.Total); all != total {
			r.Fatalf("%v events, want %v: %v", all, total, got)
		}
		if low > good || high < good || exact && low != high || exact == got.Parted || math.IsNaN(low) {
			r.Fatalf("good %v: from %v to %v, exact %t: %v", good, low, high, exact, got)
		}
	})
}
