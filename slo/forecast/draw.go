package forecast

import (
	"math/rand/v2"
)

// paths is how many futures are drawn, scored how many of them where there are many
// forecasts to make. The quantiles at 10, 50 and 90 % then are paths of their own,
// the 21st, the 101st and the 181st of 201.
const paths, scored = 201, 101

// blockDays is the mean length of a block: a week, so that runs of bad days stay
// together and the weekend follows the week.
const blockDays = 7

// sampler draws futures of a past, day by day. next begins a new path at the first
// day to come; the days of one path come from calling it again.
type sampler interface {
	count() int // of paths
	begin(path int)
	next() day
}

// newSampler returns the sampler of a method over past, nil if past lacks a weekday.
// The bootstrap draws n paths.
func newSampler(m Method, past []day, seed uint64, n int) sampler {
	if m == SeasonalNaive {
		return newWeeks(past)
	}
	return newBlocks(past, seed, n)
}

// blocks is the stationary bootstrap of Politis & Romano (JASA 89, 1994) on days of
// the same weekday: with the chance of 1 in blockDays a path leaves the day it
// follows for any other that fits the weekday, else it goes on to the day after.
type blocks struct {
	n      int // paths
	past   []day
	onDay  [7][]int // known days by index mod 7
	random *rand.Rand
	ahead  int // days drawn of this path
	at     int // the past day drawn last; −1 before the first
}

func newBlocks(past []day, seed uint64, n int) sampler {
	b := &blocks{n: n, past: past, random: rand.New(rand.NewPCG(seed, uint64(len(past))))}
	for i, d := range past {
		if d.known {
			b.onDay[i%7] = append(b.onDay[i%7], i)
		}
	}
	for _, days := range b.onDay {
		if len(days) == 0 {
			return nil
		}
	}
	return b
}

func (b *blocks) count() int { return b.n }

func (b *blocks) begin(int) { b.ahead, b.at = 0, -1 }

func (b *blocks) next() day {
	follow := b.at + 1
	if b.at < 0 || follow == len(b.past) || !b.past[follow].known || b.random.IntN(blockDays) == 0 {
		fits := b.onDay[(len(b.past)+b.ahead)%7]
		follow = fits[b.random.IntN(len(fits))]
	}
	b.at = follow
	b.ahead++
	return b.past[follow]
}

// weeks is the seasonal naive forecast: each path repeats one earlier week.
type weeks struct {
	past  []day
	whole []int // starts of the weeks before now that are known throughout
	from  int
	ahead int
}

func newWeeks(past []day) sampler {
	w := &weeks{past: past}
	for start := len(past) - 7; start >= 0; start -= 7 {
		if sum(past[start : start+7]).known {
			w.whole = append(w.whole, start)
		}
	}
	if len(w.whole) == 0 {
		return nil
	}
	return w
}

func (w *weeks) count() int { return len(w.whole) }

func (w *weeks) begin(path int) { w.from, w.ahead = w.whole[path], 0 }

func (w *weeks) next() day {
	d := w.past[w.from+w.ahead%7]
	w.ahead++
	return d
}
