package tally

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/sampletest"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// steady is a counter of which each scrape sees ten events more, two hours before and
// behind noon.
func steady(every, phase time.Duration) *sampletest.Store {
	line := fmt.Sprintf("r_total{code=\"200\"} 0+10x%d", int(4*time.Hour/every))
	return sampletest.New(sampletest.Lines(noon.Add(-2*time.Hour+phase), every, line)...)
}

// Where scrapes are steady no end of a window has a gap, wherever in a step they are: not
// if there are later ones, and not if they are still to come.
func TestSteadyEnds(t *testing.T) {
	type place struct {
		every, phase, window, step time.Duration
		live                       bool
	}
	var all []place
	for _, every := range []time.Duration{15 * time.Second, time.Minute, 90 * time.Second, 5 * time.Minute, 10 * time.Minute} {
		for _, phase := range []time.Duration{0, time.Millisecond, 5 * time.Second, 30 * time.Second, 59 * time.Second} {
			for _, window := range []time.Duration{30 * time.Minute, time.Hour} {
				for _, step := range []time.Duration{0, 10 * time.Minute} {
					all = append(all, place{every, phase, window, step, false}, place{every, phase, window, step, true})
				}
			}
		}
	}
	for _, at := range all {
		c, r := Config{Step: at.step}, request(t, totals, int(at.window/time.Minute))
		if at.live {
			c.At = r.Period.End
		}
		a := fetch(t, steady(at.every, at.phase), c, r)[0]
		if got := sourcetest.Counts(a.Series); strings.Contains(got, "-") || !a.Newest.Equal(r.Period.End) && at.live {
			t.Errorf("%+v: %s, newest %s", at, got, a.Newest)
		}
		if len(a.Notes) > 0 {
			t.Errorf("%+v: %v", at, a.Notes)
		}
	}
}

// The last scrape of a window may come just behind it. The bucket that has none then is
// measured if it comes, a gap if nobody knows; its events count where it is.
func TestScrapeBehindTheEnd(t *testing.T) {
	const sli = `{bad: {counter: 'r_total{code!="200"}'}, total: {counter: r_total}}`
	at := func(times ...int64) *sampletest.Store {
		s := sampletest.Series{Labels: sampletest.Labels("r_total", "code", "200")}
		for i, ms := range times {
			s.Times = append(s.Times, noon.Add(time.Duration(ms)*time.Millisecond).UnixMilli())
			s.Values = append(s.Values, float64(10*i))
		}
		return sampletest.New(s)
	}
	steady := []int64{-120_000, -60_000, 0, 60_000, 120_000}
	stale := at(append(slices.Clone(steady), 180_003)...)
	stale.Held[0].Values[5] = sample.StaleMarker()
	for _, test := range []struct {
		name  string
		store *sampletest.Store
		ms    int64 // of what is known, after the end
		want  string
	}{
		{"on the step", at(append(slices.Clone(steady), 180_000)...), 60_000, "0/10 0/10 0/10"},
		{"just behind", at(append(slices.Clone(steady), 180_003)...), 60_000, "0/10 0/10 0/0"},
		{"just behind, and not there yet", at(append(slices.Clone(steady), 180_003)...), 0, "0/10 0/10 -"},
		{"after a pause", at(append(slices.Clone(steady), 280_000)...), 120_000, "0/10 0/10 -"},
		{"nothing behind", at(steady...), 60_000, "0/10 0/10 -"},
		{"an end behind", stale, 60_000, "0/10 0/10 -"},
	} {
		for _, from := range []time.Duration{0, -3 * time.Minute} { // the end is within an hour, or on one
			r := request(t, sli, 3)
			for k := range test.store.Held[0].Times {
				test.store.Held[0].Times[k] += from.Milliseconds()
			}
			r.Period = slo.Period{Start: noon.Add(from), End: noon.Add(from + 3*time.Minute)}
			c := Config{At: r.Period.End.Add(time.Duration(test.ms) * time.Millisecond)}
			got := fetch(t, test.store, c, r)[0]
			if says(got) != test.want {
				t.Errorf("%s, %v: got %s, want %s", test.name, from, says(got), test.want)
			}
		}
	}
}

// A step that becomes longer, since scrapes lie further apart, counts as one that the
// source says, also around pauses and where a series begins or ends.
func TestRaisedStep(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		every := rapid.SampledFrom([]time.Duration{2 * time.Minute, 5 * time.Minute}).Draw(r, "every")
		var all []sampletest.Series
		for i := range rapid.IntRange(1, 3).Draw(r, "series") {
			s := sampletest.Series{Labels: sampletest.Labels("r_total", "code", "200", "n", fmt.Sprint(i))}
			at := noon.Add(-time.Hour + time.Duration(rapid.Int64Range(0, every.Milliseconds()-1).Draw(r, "phase"))*time.Millisecond)
			value, n := 0, rapid.IntRange(20, 60).Draw(r, "scrapes")
			for k := range n {
				lost := k > 11 && rapid.IntRange(0, 9).Draw(r, "lost") == 0
				if lost {
					at = at.Add(time.Duration(rapid.IntRange(1, 5).Draw(r, "scrapes lost")) * every)
				}
				value += rapid.IntRange(0, 9).Draw(r, "rise")
				s.Times, s.Values = append(s.Times, at.UnixMilli()), append(s.Values, float64(value))
				at = at.Add(every)
			}
			all = append(all, s)
		}
		req := request(t, `{bad: {counter: 'r_total{code!="200"}'}, total: {counter: r_total}}`, 120)
		c := Config{}
		if rapid.Bool().Draw(r, "live") {
			c.At = req.Period.End
		}
		store := sampletest.New(all...)
		raised := fetch(t, store, c, req)[0]
		c.Step = every
		given := fetch(t, store, c, req)[0]
		if got, want := sourcetest.Counts(raised.Series), sourcetest.Counts(given.Series); got != want {
			r.Fatalf("raised %s\ngiven  %s", got, want)
		}
	})
}
