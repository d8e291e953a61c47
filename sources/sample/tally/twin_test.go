package tally

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/sampletest"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// twin counts slowly what Fetch counts, straight from the words of the package comment.
type twin struct {
	all     []sampletest.Series
	minutes int
	usual   int64
}

// clean returns the samples of a series that are none of its markers.
func clean(s sampletest.Series) (out sampletest.Series) {
	out.Labels = s.Labels
	for i, v := range s.Values {
		if !sample.Stale(v) {
			out.Times, out.Values = append(out.Times, s.Times[i]), append(out.Values, v)
		}
	}
	return out
}

// start returns which minute from noon on a sample counts in.
func minuteOf(at int64) int {
	return int(math.Ceil(float64(at-noon.UnixMilli())/60_000)) - 1
}

func rat(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }

// pause tells whether a distance is a pause.
func isPause(times []int64, i int) bool {
	var near []int64
	for k := range len(times) - 1 {
		if k >= i-4 && k <= i+4 {
			near = append(near, times[k+1]-times[k])
		}
	}
	slices.Sort(near)
	usual := near[(len(near)-1)/2]
	return times[i+1]-times[i] > 2*usual+usual/20
}

func intervalOf(times []int64) int64 {
	var first []int64
	for k := 0; k < len(times)-1 && k < 9; k++ {
		first = append(first, times[k+1]-times[k])
	}
	if len(first) == 0 {
		return 0
	}
	slices.Sort(first)
	return first[(len(first)-1)/2]
}

// count adds up the series that a test takes; nil is a minute that was not measured.
func (w *twin) count(takes func(sample.Labels) bool) []*big.Rat {
	sum := make([]*big.Rat, w.minutes)
	add := func(minute int, n *big.Rat) {
		if minute >= 0 && minute < len(sum) {
			if sum[minute] == nil {
				sum[minute] = new(big.Rat)
			}
			sum[minute].Add(sum[minute], n)
		}
	}
	for _, s := range w.all {
		if !takes(s.Labels) {
			continue
		}
		s = clean(s)
		for i := 0; i+1 < len(s.Times); i++ {
			rise := new(big.Rat).Sub(rat(s.Values[i+1]), rat(s.Values[i]))
			if rise.Sign() < 0 {
				rise = rat(s.Values[i+1])
			}
			add(minuteOf(s.Times[i+1]), rise)
			for m := minuteOf(s.Times[i]) + 1; m < minuteOf(s.Times[i+1]) && !isPause(s.Times, i); m++ {
				add(m, new(big.Rat))
			}
		}
		if len(s.Times) > 0 && s.Times[0] > noon.UnixMilli() && w.whole(s) {
			add(minuteOf(s.Times[0]), rat(s.Values[0]))
		}
	}
	return sum
}

// whole tells whether the first value of a series counts.
func (w *twin) whole(born sampletest.Series) bool {
	at, interval := born.Times[0], intervalOf(born.Times)
	if interval == 0 {
		interval = w.usual
	}
	same := func(s sampletest.Series, metric string) bool {
		return s.Labels.Get(sample.MetricName) == metric && s.Labels.Get("job") == born.Labels.Get("job") &&
			s.Labels.Get("instance") == born.Labels.Get("instance")
	}
	before, asked := int64(math.MinInt64), false
	for _, name := range []string{"up", "r_total"} {
		for _, s := range w.all {
			for i, t := range s.Times {
				if same(s, name) && (name == "up" && s.Values[i] == 1 || name != "up" && !sample.Stale(s.Values[i])) {
					asked = asked || name == "up" && t >= at-3*interval && t < at+interval
					if t < at && (name == "up" || !asked) {
						before = max(before, t)
					}
				}
			}
		}
	}
	if before < at-2*interval {
		return false
	}
	for _, s := range w.all {
		if s = clean(s); !same(s, "r_total") {
			continue
		}
		was, is := false, false
		for _, t := range s.Times {
			was = was || t > before-interval/2 && t <= before
			is = is || t > before && t < at+interval/2
		}
		if was && !is {
			return false
		}
	}
	for _, s := range w.all { // whoever is born at the same scrape is judged as one
		if s = clean(s); same(s, "r_total") && len(s.Times) > 0 && s.Times[0] == at {
			interval := cmp.Or(intervalOf(s.Times), w.usual)
			if w.renamed(at, interval, s, func(s sampletest.Series) bool { return same(s, "r_total") }) {
				return false
			}
		}
	}
	return true
}

// renamed tells whether the large value of one that is born goes on from those of series that
// ended. Bad events go on from none but bad ones.
func (w *twin) renamed(at, interval int64, born sampletest.Series, same func(sampletest.Series) bool) bool {
	bad := func(s sampletest.Series) bool { return s.Labels.Get("code") == "500" }
	value := born.Values[0]
	scrape, paused, sum := at, int64(math.MinInt64/2), 0.0
	for _, s := range w.all {
		if s = clean(s); same(s) {
			for _, t := range s.Times {
				if t <= at+6*interval+interval/2 {
					scrape = max(scrape, t)
				}
				if t <= at-interval/2 {
					paused = max(paused, t)
				}
			}
		}
	}
	since := min(paused, at-5*interval) - interval/2
	for _, s := range w.all {
		if s = clean(s); !same(s) || bad(s) != bad(born) {
			continue
		}
		there, end, was := false, int64(math.MinInt64), 0.0
		for i, t := range s.Times {
			there = there || t < at-interval/2
			if t <= at {
				was = s.Values[i]
			}
			if t <= at+6*interval+interval/2 {
				end = t
			}
		}
		back := max(3_600_000, 30*interval)
		if there && end >= since && end >= at-back && end <= at+5*interval && end <= scrape-interval/2 && was <= value {
			sum += was
		}
	}
	return sum > 0 && value <= 2*sum && value >= 1000
}

// drawn draws the series of up to three targets, with all that may happen to them.
func drawn(r *rapid.T) []sampletest.Series {
	every := rapid.SampledFrom([]int64{15_000, 30_000, 60_000}).Draw(r, "every")
	begin, n := noon.Add(-5*time.Minute).UnixMilli(), int(900_000/every)+20
	var all []sampletest.Series
	for target := range rapid.IntRange(1, 3).Draw(r, "targets") {
		name := fmt.Sprint(target)
		offset := rapid.Int64Range(0, every-1).Draw(r, "offset")
		var times []int64
		dead := rapid.IntRange(-1, n).Draw(r, "dead from")
		deadFor := rapid.IntRange(1, 12).Draw(r, "dead for")
		up := sampletest.Series{Labels: sampletest.Labels("up", "job", "j", "instance", name)}
		for i := range n {
			t := begin + offset + int64(i)*every + rapid.Int64Range(0, 3).Draw(r, "late")
			alive := 1.0
			if dead >= 0 && i >= dead && i < dead+deadFor {
				alive = 0
			}
			up.Times, up.Values = append(up.Times, t), append(up.Values, alive)
			if alive == 1 {
				times = append(times, t)
			}
		}
		if rapid.Bool().Draw(r, "up") {
			all = append(all, up)
		}
		for _, code := range []string{"200", "404", "500"} {
			s := sampletest.Series{Labels: sampletest.Labels("r_total", "job", "j", "instance", name, "code", code)}
			if s = scraped(r, s, times); len(s.Times) > 0 {
				all = append(all, s)
			}
		}
	}
	return all
}

// scraped draws the samples of a counter at the scrapes of its target.
func scraped(r *rapid.T, s sampletest.Series, times []int64) sampletest.Series {
	value := float64(rapid.SampledFrom([]int{0, 7, 1_000_000}).Draw(r, "begins with"))
	from := rapid.SampledFrom([]int{0, 0, len(times) / 2, len(times) - 3, len(times)}).Draw(r, "from")
	to := rapid.SampledFrom([]int{0, 0, 1, len(times) / 3}).Draw(r, "ends before")
	stale := false
	for i := max(from, 0); i < len(times)-to; i++ {
		switch rapid.IntRange(0, 20).Draw(r, "what") {
		case 0:
			value = float64(rapid.IntRange(0, 5).Draw(r, "after a restart"))
		case 1:
			if !stale {
				s.Times, s.Values = append(s.Times, times[i]), append(s.Values, sample.StaleMarker())
			}
			stale = true
			continue
		case 2:
			continue
		}
		stale = false
		s.Times, s.Values = append(s.Times, times[i]), append(s.Values, value)
		value += float64(rapid.IntRange(0, 9).Draw(r, "rise"))
	}
	return s
}

// Fetch counts what the twin counts, in blocks of any size.
func TestTwin(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := &twin{all: drawn(r), minutes: 15}
		store := sampletest.New(w.all...)
		store.Block = rapid.SampledFrom([]int{1, 2, 3, 7, 120}).Draw(r, "block")
		var per []string
		if rapid.Bool().Draw(r, "split") {
			per = []string{"instance"}
		}
		req := request(t, totals, w.minutes, per...)
		answers := fetch(t, store, Config{}, req)
		again := fetch(t, store, Config{Batch: 1}, request(t, totals, 7, "code"), req)
		for i, a := range again[len(again)-len(answers):] {
			if says(a) != says(answers[i]) {
				r.Fatalf("alone %s, after another %s", says(answers[i]), says(a))
			}
		}
		var one []int64
		for _, s := range w.all {
			if n := intervalOf(clean(s).Times); n > 0 && s.Labels.Get(sample.MetricName) == "r_total" {
				one = append(one, n)
			}
		}
		w.usual = 60_000
		if len(one) > 0 {
			w.usual = usualOf(w.all)
		}
		for _, a := range answers {
			if a.Err != nil { // no series has what bad asks for
				if !strings.Contains(a.Err.Error(), "no ") {
					r.Fatal(a.Err)
				}
				continue
			}
			w.compare(r, a)
		}
	})
}

// usualOf returns the longer of the medians of the two selectors.
func usualOf(all []sampletest.Series) int64 {
	longest := int64(0)
	for _, code := range []string{"", "500"} {
		var one []int64
		for _, s := range all {
			n := intervalOf(clean(s).Times)
			if n > 0 && s.Labels.Get(sample.MetricName) == "r_total" && (code == "" || s.Labels.Get("code") == code) {
				one = append(one, n)
			}
		}
		slices.Sort(one)
		if len(one) > 0 {
			longest = max(longest, one[(len(one)-1)/2])
		}
	}
	return longest
}

func (w *twin) compare(r *rapid.T, a sources.Answer) {
	counts := func(code string) []*big.Rat {
		return w.count(func(l sample.Labels) bool {
			return l.Get(sample.MetricName) == "r_total" && (code == "" || l.Get("code") == code) &&
				(a.Labels == nil || l.Get("instance") == a.Labels["instance"])
		})
	}
	if a.Series.Step != time.Minute {
		r.Skip("the step was raised")
	}
	all, bad := counts(""), counts("500")
	var want []string
	for i := range all {
		text := "-"
		if all[i] != nil {
			n := bad[i]
			if n == nil {
				n = new(big.Rat)
			}
			text = n.RatString() + "/" + all[i].RatString()
		}
		want = append(want, text)
	}
	got := sourcetest.Counts(a.Series)
	if text := strings.Join(want, " "); got != text {
		r.Fatalf("%v:\ngot  %s\nwant %s", a.Labels, got, text)
	}
}
