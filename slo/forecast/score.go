package forecast

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/order"
)

// trial is the question put to the past: elapsed days into a window, what will be
// spent of its budget horizon days on? It is asked as an error ratio, which needs no
// budget.
type trial struct {
	h                history
	elapsed, horizon int
	seed             uint64
}

// outcome is what a method said at an origin, the day before which all was known,
// and what came.
type outcome struct {
	origin int
	late   bool // one of the last days, that is not at a stride: it tells of Recent alone
	sample sample
	came   float64 // error ratio
	held   float64 // how far the calibrated band held it; nominal if it had none
}

// result is a method with its score, and what the past says of its band.
type result struct {
	score   Score
	stretch stretch
}

// compete scores both methods and returns the better one first: of those whose band
// works the one with the smaller loss. It returns false if too few of their
// forecasts have an outcome.
func compete(t trial) (best, other result, ok bool) {
	blocks, naive := t.run()
	best, other = t.judge(BlockBootstrap, blocks), t.judge(SeasonalNaive, naive)
	works := func(r result) bool {
		return r.score.Coverage.Cmp(least) >= 0 && r.score.Coverage.Cmp(most) <= 0 && !r.score.Recent.stale()
	}
	if works(other) && !works(best) || works(other) == works(best) && other.score.Pinball.Cmp(best.score.Pinball) < 0 {
		best, other = other, best
	}
	return best, other, best.score.Origins >= minScored
}

// run lets both methods forecast at the same earlier days, evenly spread, and on each of
// the last days whose outcome is known.
func (t trial) run() (blocks, naive []outcome) {
	first, last, stride := max(minTrain, t.elapsed), len(t.h.days)-t.horizon, t.stride()
	for origin := first; origin <= last; origin++ {
		late := (origin-first)%stride != 0
		if late && origin <= last-lastScored {
			continue
		}
		past, ahead := t.h.days[:origin], sum(t.h.days[origin:origin+t.horizon])
		known := sum(past[origin-t.elapsed:])
		b, n := newSampler(BlockBootstrap, past, t.seed, scored), newSampler(SeasonalNaive, past, t.seed, scored)
		if !ahead.known || b == nil || n == nil {
			continue
		}
		came := endingOf(known, ahead).ratio
		blocks = append(blocks, outcome{origin: origin, late: late, sample: t.sample(b, known), came: came})
		naive = append(naive, outcome{origin: origin, late: late, sample: t.sample(n, known), came: came})
	}
	return blocks, naive
}

// maxDraws bounds the days that are drawn for a score: some 10 ms of work.
const maxDraws = 300_000

// minOrigins is how many forecasts are made however long the way, since outcomes
// that end after an origin cannot calibrate it.
const minOrigins = 3 * (minCalibrated + minScored)

// stride returns the days from one origin to the next.
func (t trial) stride() int {
	origins := len(t.h.days) - max(minTrain, t.elapsed) - t.horizon + 1
	most := max(minOrigins, maxDraws/(scored*t.horizon))
	return max(1, (origins+most-1)/most)
}

// sample draws what may be spent horizon days after known was.
func (t trial) sample(s sampler, known day) sample {
	out := make(sample, 0, s.count())
	for path := range s.count() {
		s.begin(path)
		var come day
		for range t.horizon {
			come = come.plus(s.next())
		}
		out = append(out, endingOf(known, come))
	}
	return out.sorted()
}

// judge scores a method on the outcomes at whose origin enough earlier ones were
// known to calibrate the band with. No outcome has a say in its own band.
func (t trial) judge(m Method, outcomes []outcome) result {
	var spread []outcome // those at a stride so far
	var loss float64
	var held, last []int64 // millionths, so that shares add up
	for _, o := range outcomes {
		before := t.ended(spread, o.origin)
		o.held = nominal
		if len(before) >= minCalibrated {
			s := t.stretchOf(before).apply(o.sample)
			o.held = s.holds(o.came)
			last = append(last, int64(math.Round(o.held*1e6)))
			if !o.late {
				loss += s.loss(o.came)
				held = append(held, last[len(last)-1])
			}
		}
		if !o.late {
			spread = append(spread, o)
		}
	}
	n := len(held)
	r := result{score: Score{Method: m, Origins: n}, stretch: t.stretchOf(spread)}
	if n > 0 {
		last = last[max(0, len(last)-lastScored):]
		r.score.Pinball = t.h.share(loss / float64(n))
		r.score.Coverage = slo.NumberFrac(added(held), int64(n)*1e6)
		r.score.Recent = Recent{Held: slo.NumberFrac(added(last), 1e6), Outcomes: len(last)}
	}
	return r
}

func added(values []int64) int64 {
	var sum int64
	for _, v := range values {
		sum += v
	}
	return sum
}

// ended returns the outcomes that were known at origin.
func (t trial) ended(outcomes []outcome, origin int) []outcome {
	for len(outcomes) > 0 && outcomes[len(outcomes)-1].origin+t.horizon > origin {
		outcomes = outcomes[:len(outcomes)-1]
	}
	return outcomes
}

// ending is the error ratio at the end of a path: the share of the budget spent, times
// 1 − target. It lies between what it is if nothing that comes is bad, and if all is.
type ending struct{ ratio, least, most float64 }

// endingOf returns where a path ends on which come follows the counts that stay.
func endingOf(kept, come day) ending {
	all := kept.total + come.total
	if all == 0 {
		return ending{}
	}
	return ending{ratio: (kept.bad + come.bad) / all, least: kept.bad / all, most: (kept.bad + come.total) / all}
}

// sample is the endings of all paths, by their ratios.
type sample []ending

func (s sample) sorted() sample {
	order.Stable(s, func(a, b ending) int { return cmp.Compare(a.ratio, b.ratio) })
	return s
}

// at returns the p quantile.
func (s sample) at(p float64) float64 {
	x := float64(p * float64(len(s)-1))
	i := int(math.Round(x*1e6) / 1e6) // 0.1 of 200 is the 20th, whatever the last digit says
	if i+1 >= len(s) {
		return s[len(s)-1].ratio
	}
	low, high := s[i].ratio, s[i+1].ratio
	return min(high, low+float64(max(0, x-float64(i))*(high-low)))
}

func (s sample) band() (low, middle, high float64) { return s.at(0.1), s.at(0.5), s.at(0.9) }

// loss is the pinball loss of the three quantiles together.
func (s sample) loss(came float64) float64 {
	total := 0.0
	for _, p := range []float64{0.1, 0.5, 0.9} {
		if q := s.at(p); came >= q {
			total += float64(p * (came - q))
		} else {
			total += float64((1 - p) * (q - came))
		}
	}
	return total
}

// holds tells how far what came lies in the 80 % band: 0 or 1, but where it is an
// edge that many paths share, mostly because nothing is spent, the share of these
// paths that the band takes in (the non-randomized PIT of Czado, Gneiting & Held,
// Biometrics 65, 2009). Days without an error would else count as a band that is
// always right.
func (s sample) holds(came float64) float64 {
	low, _, high := s.band()
	switch {
	case came < low || came > high:
		return 0
	case came > low && came < high:
		return 1
	}
	n := float64(len(s))
	below := float64(sort.Search(len(s), func(i int) bool { return s[i].ratio >= came })) / n
	upTo := float64(sort.Search(len(s), func(i int) bool { return s[i].ratio > came })) / n
	if below == upTo {
		return 1
	}
	return max(0, min(upTo, edge)-max(below, 1-edge)) / (upTo - below)
}

// stretch widens or narrows a band around its middle: split conformal prediction
// with the band's own halves as the scale, each side for itself (Romano, Patterson
// & Candès, NeurIPS 2019).
type stretch struct{ up, down float64 }

const (
	nominal = 0.8 // coverage that the band is meant to have
	edge    = 0.9 // share of outcomes on the inner side of each of its edges

	// minStretch and maxStretch keep a few odd outcomes from making a band vanish or
	// mean nothing.
	minStretch, maxStretch = 0.3, 20

	// leaning is how far an outcome within the band, or outside, moves its edges
	// from then on, so that a past that changes does not keep the band too wide or
	// too narrow (Gibbs & Candès, NeurIPS 2021).
	leaning = 0.03

	// scarcity raises the edge for few independent outcomes. One would be the
	// correction that conformal prediction proves for outcomes in random order; both
	// constants were chosen on real series, as those that come nearest to 80 %.
	scarcity = 0.4
)

// stretchOf returns what would have put one in ten outcomes above and one in ten
// below the band.
func (t trial) stretchOf(outcomes []outcome) stretch {
	if len(outcomes) == 0 {
		return stretch{1, 1}
	}
	var up, down []float64
	level := edge + float64(edge*scarcity/independent(outcomes, t.horizon))
	for _, o := range outcomes {
		low, middle, high := o.sample.band()
		up = append(up, over(o.came-middle, high-middle))
		down = append(down, over(middle-o.came, middle-low))
		level += float64(leaning * (nominal - o.held))
	}
	level = min(1, max(0.6, level))
	return stretch{up: quantile(up, level), down: quantile(down, level)}
}

// independent returns how many outcomes do not overlap: those a day apart share
// most of their days, and prove hardly more than one of them.
func independent(outcomes []outcome, horizon int) float64 {
	return 1 + float64(outcomes[len(outcomes)-1].origin-outcomes[0].origin)/float64(horizon)
}

// quantile returns the stretch that the given share of outcomes needed at most.
func quantile(needed []float64, level float64) float64 {
	slices.Sort(needed)
	rank := max(1, int(math.Ceil(float64(level*float64(len(needed))))))
	return min(maxStretch, max(minStretch, needed[rank-1]))
}

// over returns a/b, of an empty half of a band 0 or ±Inf.
func over(a, b float64) float64 {
	switch {
	case b > 0:
		return a / b
	case a == 0:
		return 0
	}
	return math.Inf(int(math.Copysign(1, a)))
}

// apply returns the sample with its paths moved as the band's edges are.
func (f stretch) apply(s sample) sample {
	middle := s.at(0.5)
	out := make(sample, len(s))
	for i, e := range s {
		out[i] = f.move(e, middle)
	}
	return out.sorted()
}

// move moves the end of a path, no further than it can be.
func (f stretch) move(e ending, middle float64) ending {
	to := middle - float64(f.down*(middle-e.ratio))
	if e.ratio > middle {
		to = middle + float64(f.up*(e.ratio-middle))
	}
	e.ratio = min(max(to, e.least), e.most)
	return e
}
