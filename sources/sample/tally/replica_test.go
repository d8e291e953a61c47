package tally

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/sampletest"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// observed are events by a histogram of the bounds 0.1, 0.3 and 1: how many fell into each
// of its four buckets up to an instant since noon.
type observed func(at time.Duration) [4]float64

// steadily is one event a second, each fourth of one bucket.
func steadily(at time.Duration) (n [4]float64) {
	for i := range n {
		n[i] = float64((int64((at+before)/time.Second) + int64(i)) / 4)
	}
	return n
}

// reads are the series of a replica that reads a histogram at some times: as a native one
// named n_seconds, and as a classic one named c_seconds.
func (o observed) reads(replica string, times []time.Duration) (native sampletest.Series, classic []sampletest.Series) {
	labels := func(metric string, more ...string) sample.Labels {
		return sampletest.Labels(metric, append([]string{"job", "j", "instance", "i", "replica", replica}, more...)...)
	}
	bounds := []float64{0.1, 0.3, 1}
	native.Labels = labels("n_seconds")
	for _, le := range []string{"0.1", "0.3", "1", "+Inf"} {
		classic = append(classic, sampletest.Series{Labels: labels("c_seconds_bucket", "le", le)})
	}
	for _, at := range times {
		h := sample.Histogram{Schema: sample.CustomBounds, Bounds: bounds}
		for i, n := range o(at) {
			if h.Count += n; n > 0 {
				h.Positive = append(h.Positive, sample.Bucket{Index: int32(i), Count: n})
			}
			c := &classic[i]
			c.Times, c.Values = append(c.Times, noon.Add(at).UnixMilli()), append(c.Values, h.Count)
		}
		native.Times, native.Histograms = append(native.Times, noon.Add(at).UnixMilli()), append(native.Histograms, h)
	}
	return native, classic
}

// scrapesFrom are the times of one replica, every 15 s but for those that are lost.
func scrapesFrom(from, to time.Duration, lost func(at time.Duration) bool) (all []time.Duration) {
	for at := from; at < to; at += 15 * time.Second {
		if !lost(at) {
			all = append(all, at)
		}
	}
	return all
}

// told says all that an answer tells of counts.
func told(a sources.Answer) string {
	text := says(a)
	if a.Series != nil && a.Series.Doubt != nil {
		text += " doubt " + sourcetest.Counts(a.Series.Doubt)
	}
	return text
}

// A replica of native histograms that was down does not tell its pause again when it returns.
func TestNativeReplicaReturns(t *testing.T) {
	down := func(from, to time.Duration) func(time.Duration) bool {
		return func(at time.Duration) bool { return at > from && at <= to }
	}
	a, ca := observed(steadily).reads("a", scrapesFrom(-before, 10*time.Minute, down(2*time.Minute, 5*time.Minute)))
	b, cb := observed(steadily).reads("b", scrapesFrom(10*time.Second-before, 10*time.Minute, down(5*time.Minute, 5*time.Minute+30*time.Second)))
	store := sampletest.New(slices.Concat([]sampletest.Series{a, b}, ca, cb)...)
	const want = "30/60 30/60 28/55 30/60 30/60 32/65 30/60 30/60 30/60"
	for _, metric := range []string{"n_seconds", "c_seconds"} {
		answer := fetch(t, store, Config{}, request(t, `{histogram: `+metric+`, good: "<= 300ms"}`, 9))[0]
		if got := told(answer); got != want {
			t.Errorf("%s: got %s, want %s", metric, got, want)
		}
	}
}

// Replicas of native histograms tell what those of classic ones do, whatever they lack.
func TestNativeReplicasAsClassic(t *testing.T) {
	const minutes = 10
	rapid.Check(t, func(r *rapid.T) {
		begins := rapid.SampledFrom([]time.Duration{-before, -before, 130 * time.Second}).Draw(r, "begins")
		restart := rapid.SampledFrom([]time.Duration{time.Hour, 200 * time.Second, 307 * time.Second}).Draw(r, "restart")
		slow := rapid.Int64Range(1, 40).Draw(r, "seconds between events")
		held := rapid.SampledFrom([]int64{0, 500}).Draw(r, "holds at first")
		if restart < time.Hour {
			held = 500 // classic buckets see a restart each for itself, if it takes their count below what it was
		}
		grown := observed(func(at time.Duration) (n [4]float64) {
			events := int64((at+before)/time.Second)/slow + held
			if at >= restart {
				events = int64((at-restart)/time.Second) / slow
			}
			for i := range n {
				n[i] = float64((events + int64(i)) / 4)
			}
			return n
		})
		store := sampletest.New()
		for i, replica := range []string{"a", "b", "c"}[:rapid.IntRange(1, 3).Draw(r, "replicas")] {
			offset := time.Duration(i) * 4 * time.Second
			times := scrapesFrom(begins+offset, minutes*time.Minute, func(time.Duration) bool { return rapid.IntRange(0, 4).Draw(r, "lost") == 0 })
			if from := rapid.IntRange(0, len(times)).Draw(r, "down from"); rapid.Bool().Draw(r, "down") {
				times = slices.Delete(times, from, min(from+rapid.IntRange(1, 20).Draw(r, "down for"), len(times)))
			}
			if len(times) == 0 {
				continue
			}
			native, classic := grown.reads(replica, times)
			up := sampletest.Series{Labels: sampletest.Labels("up", "job", "j", "instance", "i", "replica", replica)}
			for at := -before + offset; at < minutes*time.Minute; at += 15 * time.Second {
				up.Times, up.Values = append(up.Times, noon.Add(at).UnixMilli()), append(up.Values, 1)
			}
			store.Held = append(store.Held, append(classic, native, up)...)
		}
		limit := rapid.SampledFrom([]string{"300ms", "200ms", "2s", "10ms"}).Draw(r, "limit")
		var got [2]string
		for i, metric := range []string{"n_seconds", "c_seconds"} {
			got[i] = told(fetch(t, store, Config{}, request(t, fmt.Sprintf(`{histogram: %s, good: "<= %s"}`, metric, limit), minutes))[0])
		}
		if got[0] != got[1] {
			r.Fatalf("native  %s\nclassic %s", got[0], got[1])
		}
	})
}

// The percentiles of an hour are those of the replica that saw most of it.
func TestNativeReplicaPercentiles(t *testing.T) {
	down := func(from, to time.Duration) func(time.Duration) bool {
		return func(at time.Duration) bool { return at > from && at <= to }
	}
	const end = 150 * time.Minute
	a, ca := observed(steadily).reads("a", scrapesFrom(-before, end, down(30*time.Minute, 90*time.Minute)))
	b, cb := observed(steadily).reads("b", scrapesFrom(10*time.Second-before, end, down(100*time.Minute, 110*time.Minute)))
	store := sampletest.New(slices.Concat([]sampletest.Series{a, b}, ca, cb)...)
	for metric, want := range map[string]string{ // of classic ones a replica counts on from where the other left off
		"n_seconds": "12:00 300ms 3600, 13:00 300ms 3600, ",
		"c_seconds": "12:00 300ms 3595, 13:00 300ms 3600, ",
	} {
		r := request(t, `{histogram: `+metric+`, good: "<= 300ms"}`, 120)
		r.Percentiles = true
		got := ""
		for _, p := range fetch(t, store, Config{}, r)[0].Percentiles {
			got += fmt.Sprint(p.Start.Format("15:04"), " ", p.P50.Round(time.Millisecond), " ", p.Count, ", ")
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", metric, got, want)
		}
	}
}

// Where a replica goes on from another that had finer buckets, the events in between are in
// doubt if the limit is no bound.
func TestNativeReplicaCoarser(t *testing.T) {
	// One event at 0.9 and one at 1.3 each 15 s: schema 1 has bounds at 1, √2 and 2.
	read := func(replica string, lost func(i int) bool) sampletest.Series {
		s := sampletest.Series{Labels: sampletest.Labels("h_seconds", "replica", replica)}
		for i := range 29 {
			if lost(i) {
				continue
			}
			k := float64(i)
			h := sample.Histogram{Schema: 1, Count: 2 * k, Sum: k, Positive: []sample.Bucket{{Index: 0, Count: k}, {Index: 1, Count: k}}}
			if i >= 16 {
				h.Schema, h.Reset = 0, sample.Continued
			}
			s.Times = append(s.Times, noon.Add(-before+time.Duration(i)*15*time.Second).UnixMilli())
			s.Histograms = append(s.Histograms, h)
		}
		return s
	}
	store := sampletest.New(
		read("a", func(i int) bool { return i > 15 }),
		read("b", func(i int) bool { return i > 12 && i <= 16 }))
	for limit, want := range map[string]string{
		"1s":   "4/8 3/6 5/10 4/8 4/8",
		"1.3s": "0/8 0/6 0/10 0/8 0/8 bound doubt 4/0 3/0 7/0 4/0 4/0",
	} {
		a := fetch(t, store, Config{}, request(t, fmt.Sprintf(`{histogram: h_seconds, good: "<= %s"}`, limit), 5))[0]
		if got := told(a); got != want {
			t.Errorf("%s: got %s, want %s", limit, got, want)
		}
	}
}
