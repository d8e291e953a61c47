package prometheus_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus"
)

// burstSize is how many events a burst has, all between two scrapes.
const burstSize = 1000

// bursts is a counter that moves in bursts alone.
type bursts struct {
	every  int64
	onStep bool
	name   string
	at     []int64 // the scrapes that see one
}

// newBursts makes counters of ten days, each scraped in its own way.
func newBursts(seed uint64) (*world, []bursts) {
	w := &world{rand: rand.New(rand.NewPCG(seed, 12))}
	var all []bursts
	for _, every := range []int64{15 * second, 30 * second, minute} {
		for _, onStep := range []bool{false, true} {
			b := bursts{every: every, onStep: onStep, name: fmt.Sprintf("bursts_%ds_%t_total", every/second, onStep)}
			v := visits{every: every, from: at(0), to: at(10)}
			if !onStep {
				v.offset = 1 + w.rand.Int64N(every-1)
			}
			c := counter{made: w.adds(`%s{instance="a"}`, b.name), n: 1_000_000_000}
			next := at(0, 3*hour)
			for _, now := range v.times(w) {
				more := int64(0)
				if now >= next && now < at(10, -hour) {
					more, next = burstSize, now+25*minute+w.rand.Int64N(10*minute)
					b.at = append(b.at, now)
				}
				c.saw(now, more, false)
			}
			all = append(all, b)
		}
	}
	return w, all
}

// counted is what increase() makes of bursts.
type counted struct {
	vanish float64 // the share that it has nothing of
	factor float64 // how large it has all others
	sum    float64 // of all, as a share of the truth
}

func (c counted) String() string {
	switch {
	case c.vanish == 0 && c.factor == 1:
		return "exact"
	case c.vanish == 1:
		return "all lost"
	}
	return fmt.Sprintf("%.0f%% lost, others × %.2f", 100*c.vanish, c.factor)
}

// count asks a server for the increase of a counter in steps.
func (b bursts) count(t *testing.T, server *url.URL, step time.Duration) counted {
	t.Helper()
	query := fmt.Sprintf("'increase(%s[$step])'", b.name)
	s := &scene{name: b.name, step: step, period: days(0, 10), source: "step: " + step.String() + "\n",
		sli: "bad: " + query + "\ntotal: " + query + "\n"}
	answers := way{kind: prometheus.Kind()}.of(server).answers(t, []*scene{s})[0]
	if len(answers) != 1 || answers[0].Err != nil {
		t.Fatalf("%v", answers)
	}
	return b.found(t, answers[0], newTruth(step))
}

// found looks for the bursts in the buckets of an answer.
func (b bursts) found(t *testing.T, a sources.Answer, truth *truth) (c counted) {
	t.Helper()
	unit := math.Pow10(-a.Series.Decimals)
	all := 0.0
	for i := range a.Series.Len() {
		if a.Series.Measured(i) {
			all += a.Series.Total[i] * unit
		}
	}
	lost, sum := 0, 0.0
	for _, at := range b.at {
		i := int((truth.start(at) - a.Series.Start.UnixMilli()) / truth.step)
		n := 0.0
		if a.Series.Measured(i) {
			n = a.Series.Total[i] * unit / burstSize
		}
		switch sum += n; {
		case n < 1e-6:
			lost++
		case c.factor == 0:
			c.factor = math.Round(n*1e6) / 1e6
		case math.Abs(n-c.factor) > 1e-3:
			t.Errorf("%s: a burst counts %v times, another %v times", b.name, n, c.factor)
		}
	}
	if math.Abs(all-sum*burstSize) > 1 { // whatever is counted is in the bucket of the scrape
		t.Errorf("%s: %v events in all buckets, %v in those of bursts", b.name, all, sum*burstSize)
	}
	c.vanish, c.sum = float64(lost)/float64(len(b.at)), sum/float64(len(b.at))
	return c
}

// A burst between two scrapes lies in one bucket, that of the later scrape. increase() has
// nothing of it where these are of two windows, which is one time in n where a window holds
// n samples, and makes it n/(n-1) times as large elsewhere: it extrapolates. Windows of
// Prometheus 2 hold both ends, so it is exact where samples lie on the step; those of
// VictoriaMetrics know the sample before. The lines of the table are logged.
func TestIncrease(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs real servers")
	}
	w, all := newBursts(seedOf(t))
	h := w.hold(t)
	for _, server := range []struct {
		name   string
		run    func(t *testing.T) *url.URL
		closed bool // a window holds both of its ends
		exact  bool
	}{
		{"Prometheus 2", func(t *testing.T) *url.URL {
			return runPrometheus(t, program(t, "NINES_PROMETHEUS", "prometheus"), h.copied(t))
		}, true, false},
		{"Prometheus 3", func(t *testing.T) *url.URL {
			return runPrometheus(t, program(t, "NINES_PROMETHEUS3", "prometheus-3"), h.copied(t))
		}, false, false},
		{"VictoriaMetrics", func(t *testing.T) *url.URL {
			return h.runVictoria(t, program(t, "NINES_VICTORIAMETRICS", "victoria-metrics"), h.stamps)
		}, false, true},
	} {
		t.Run(server.name, func(t *testing.T) {
			at := server.run(t)
			for _, step := range []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute} {
				for _, b := range all {
					c := b.count(t, at, step)
					where := map[bool]string{true: "on the step", false: "off the step"}[b.onStep]
					t.Logf("| %s | %d s, %s | %v | %v | %+.1f%% |", server.name, b.every/second, where,
						strings.TrimSuffix(step.String(), "0s"), c, 100*(c.sum-1))
					n := float64(step.Milliseconds() / b.every)
					want := counted{vanish: 1 / n, factor: n / (n - 1)}
					switch {
					case server.exact || server.closed && b.onStep:
						want = counted{factor: 1}
					case n == 1: // one sample has no increase
						want = counted{vanish: 1}
					}
					if math.Abs(c.vanish-want.vanish) > 0.05 || math.Abs(c.factor-want.factor) > 1e-3 {
						t.Errorf("%s in steps of %v: got %v, want %v", b.name, step, c, want)
					}
				}
			}
		})
	}
}
