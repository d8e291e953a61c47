package tally

import (
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources/sample/sampletest"
)

// A sample lies in its bucket: behind its start, at its end at the latest.
func TestBucket(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		step := rapid.SampledFrom(steps()).Draw(r, "step")
		at := rapid.Int64Range(-1e12, 1e13).Draw(r, "at")
		if rapid.Bool().Draw(r, "on a step") {
			at -= at % step.Milliseconds()
		}
		start := Bucket(at, step)
		if start%step.Milliseconds() != 0 || at <= start || at > start+step.Milliseconds() {
			r.Fatalf("%d: bucket [%d, +%v)", at, start, step)
		}
	})
}

// process is a counter of events at known milliseconds, which restarts once.
type process struct {
	at      []int64 // events since noon, in order
	restart int64
}

// seen returns how many events there were by an instant, and what the counter shows then.
func (p process) seen(at int64) (all, shown float64) {
	n := func(until int64) float64 {
		i, _ := slices.BinarySearch(p.at, until+1)
		return float64(i)
	}
	all, shown = n(at), n(at)
	if at >= p.restart {
		shown -= n(p.restart - 1)
	}
	return all, shown
}

// Two replicas, of which each has holes where the other has none, count each event once:
// the sum of all buckets up to one is what the counter was shortly before its end.
func TestReplicasCountOnce(t *testing.T) {
	const every, minutes = 15_000, 12
	rapid.Check(t, func(r *rapid.T) {
		p := process{restart: 1 << 50}
		for at := int64(-300_000); at < minutes*60_000; at += rapid.Int64Range(1, 9_000).Draw(r, "event after") {
			p.at = append(p.at, at)
		}
		if rapid.Bool().Draw(r, "restarts") {
			p.restart = rapid.Int64Range(60_000, minutes*60_000).Draw(r, "restart")
		}
		copies := [2]sampletest.Series{{Labels: sampletest.Labels("r_total", "replica", "a")}, {Labels: sampletest.Labels("r_total", "replica", "b")}}
		offset := [2]int64{0, rapid.Int64Range(1, every-1).Draw(r, "offset")}
		whole := 0 // the replica without a hole now
		for i := int64(-16); i < minutes*4+4; i++ {
			if rapid.IntRange(0, 6).Draw(r, "turn") == 0 {
				whole = 1 - whole
			}
			for k := range copies {
				if k != whole && rapid.Bool().Draw(r, "lost") {
					continue
				}
				at := i*every + offset[k]
				_, shown := p.seen(at)
				copies[k].Times = append(copies[k].Times, noon.UnixMilli()+at)
				copies[k].Values = append(copies[k].Values, shown)
			}
		}
		sli := `{bad: {counter: 'r_total{replica=""}'}, total: {counter: r_total}}`
		a := fetch(t, sampletest.New(copies[:]...), Config{}, request(t, sli, minutes))[0]
		if a.Err != nil {
			r.Fatal(a.Err)
		}
		const late = 60_000 // the last sample of the one with the most in a minute may be as old
		least, _ := p.seen(-2 * every)
		most, _ := p.seen(0)
		sum := 0.0
		for i := range minutes {
			if !a.Series.Measured(i) {
				r.Fatalf("minute %d was not measured", i)
			}
			sum += a.Series.Total[i]
			end := int64(i+1) * 60_000
			low, _ := p.seen(end - late)
			high, _ := p.seen(end)
			if p.restart <= end { // what came between the last sample and the restart nobody knows
				before, _ := p.seen(p.restart - late)
				at, _ := p.seen(p.restart)
				low -= at - before
			}
			if sum < low-most || sum > high-least {
				r.Fatalf("until minute %d: %v events, want %v to %v", i+1, sum, low-most, high-least)
			}
		}
	})
}

// What is more than all is moved, not lost: if no bucket is refused the sums stay.
func TestLevelKeepsSums(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 100).Draw(r, "buckets")
		j := &joined{buckets: make([]counted, n)}
		wasPaused := make([]bool, n)
		before, all := uint64(0), uint64(0)
		for i := range j.buckets {
			b := &j.buckets[i]
			b.is = rapid.IntRange(0, 9).Draw(r, "measured") > 0
			if !b.is {
				continue
			}
			b.all = rapid.Uint64Range(0, 20).Draw(r, "all")
			b.part = rapid.Uint64Range(0, 22).Draw(r, "part")
			wasPaused[i] = rapid.Bool().Draw(r, "paused")
			before, all = before+b.part, all+b.all
		}
		j.level(func(i int) bool { return wasPaused[i] })
		after, still := uint64(0), uint64(0)
		for i, b := range j.buckets {
			if b.is && b.part > b.all {
				r.Fatalf("bucket %d: %d of %d", i, b.part, b.all)
			}
			if b.is {
				after, still = after+b.part, still+b.all
			}
		}
		if len(j.over) == 0 && (after != before || still != all) {
			r.Fatalf("sums were %d of %d, now %d of %d", before, all, after, still)
		}
		if len(j.over) > 0 && before <= all && n < patience && j.buckets[n-1].is && after > before {
			r.Fatalf("there are more than before: %d, %d", after, before)
		}
	})
}

// A longer bucket has what its buckets have, wherever those begin that are known.
func TestCoarsenTwin(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n, index := rapid.IntRange(2, 6).Draw(r, "n"), rapid.IntRange(0, 5).Draw(r, "index")
		j := &joined{first: rapid.IntRange(0, 30).Draw(r, "first"), buckets: make([]counted, rapid.IntRange(0, 40).Draw(r, "buckets"))}
		all := make([]counted, j.first+len(j.buckets)+2*n+index)
		for i := range j.buckets {
			if rapid.IntRange(0, 5).Draw(r, "measured") > 0 {
				j.buckets[i] = counted{all: 10, part: uint64(i % 4), most: uint64(i % 4), is: true}
			}
			j.buckets[i].odd = !j.buckets[i].is && i%5 == 0
			all[j.first+i] = j.buckets[i]
		}
		oldest := rapid.IntRange(0, len(all)).Draw(r, "oldest")
		j.coarsen(index, n, oldest, len(all))
		for k := 0; index+(k+1)*n <= len(all); k++ {
			want := counted{}
			for _, b := range all[index+k*n : index+(k+1)*n] {
				want.is, want.odd = want.is || b.is, want.odd || b.odd
				want.all, want.part, want.most = want.all+b.all, want.part+b.part, want.most+b.most
			}
			want.is = want.is && !want.odd && index+(k+1)*n > oldest
			got := counted{}
			if i := k - j.first; i >= 0 && i < len(j.buckets) {
				got = j.buckets[i]
			}
			if got.is != want.is || want.is && got != want {
				r.Fatalf("bucket %d: got %+v, want %+v", k, got, want)
			}
		}
	})
}

// Fractions are rounded once a sample: the sum of a series is what its ends say.
func TestFractions(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := sampletest.Series{Labels: sampletest.Labels("g_total")}
		value, want := 0.0, new(big.Rat)
		for i := range 21 {
			before := nearest6(value)
			if rapid.IntRange(0, 5).Draw(r, "restarts") == 0 {
				value = 0
			}
			if rapid.Bool().Draw(r, "whole") {
				value += float64(rapid.IntRange(0, 1000).Draw(r, "rise"))
			} else {
				value += rapid.Float64Range(0, 10).Draw(r, "rise")
			}
			s.Times = append(s.Times, noon.Add(time.Duration(i)*15*time.Second).UnixMilli())
			s.Values = append(s.Values, value)
			now := nearest6(value)
			switch {
			case i == 0:
			case now.Cmp(before) < 0:
				want.Add(want, now)
			default:
				want.Add(want, now.Sub(now, before))
			}
		}
		other := s
		other.Labels = sampletest.Labels("t_total")
		a := fetch(t, sampletest.New(s, other), Config{}, request(t, alone, 5))[0]
		sum := slo.NumberOf(0)
		for i := range a.Series.Len() {
			sum = sum.Add(a.Series.Events(a.Series.Total[i]))
		}
		if sum.Rat().Cmp(want) != 0 {
			r.Fatalf("got %v, want %s of %v", sum, want.FloatString(9), s.Values)
		}
	})
}

// nearest6 rounds to millionths, halves up.
func nearest6(v float64) *big.Rat {
	n := new(big.Rat).SetFloat64(v)
	n.Mul(n, big.NewRat(1_000_000, 1)).Add(n, big.NewRat(1, 2))
	whole := new(big.Int).Quo(n.Num(), n.Denom())
	return new(big.Rat).SetFrac(whole, big.NewInt(1_000_000))
}

// Pauses are the same however the times are cut.
func TestRhythm(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		g := grid{step: 60_000, n: 1000}
		var times []int64
		at := int64(0)
		for range rapid.IntRange(1, 60).Draw(r, "samples") {
			at += rapid.SampledFrom([]int64{15_000, 15_000, 15_001, 30_000, 31_000, 60_000, 200_000, 7}).Draw(r, "distance")
			times = append(times, at)
		}
		want := ""
		for i := range len(times) - 1 {
			if isPause(times, i) {
				want += fmt.Sprint(" ", times[i])
			}
		}
		var m rhythm
		var room scratch
		got := ""
		add := func(gaps []gap) {
			for _, d := range gaps {
				if d.pause {
					got += fmt.Sprint(" ", d.from)
				}
			}
		}
		for rest := times; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(r, "block")
			gaps, ok := m.add(rest[:n], &g, &room)
			if !ok {
				r.Fatal("times do not rise")
			}
			add(gaps)
			rest = rest[n:]
		}
		add(m.rest(&g, &room))
		if got != want {
			r.Fatalf("%v: pauses after%s, want%s", times, got, want)
		}
	})
}
