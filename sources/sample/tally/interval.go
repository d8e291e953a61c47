package tally

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
)

// enough is how many series tell how often they are scraped.
const enough = 200

// rate is how far the samples of a selector are apart where they end, up to an instant: of
// each series the median of its distances, of the selector the median of these.
type rate struct {
	selector sample.Selector
	from, at int64         // where samples are looked for
	interval time.Duration // 0: not known
	slowest  time.Duration // of the series that was scraped most rarely
	err      error         // of the store, about this one

	series map[int]*rhythm // by their number, while it is asked
	full   bool            // it needs no more of them
	few    bool            // one of them had less than three samples

	level    int   // of reaches, that is asked next
	newest   int64 // sample that was found, never: none
	anchored bool  // at is that of the last sample
}

// reaches are how far rates look back, one after the other.
func reaches() []time.Duration {
	return []time.Duration{5 * time.Minute, 20 * time.Minute, 3 * time.Hour, 12 * time.Hour,
		48 * time.Hour, 8 * 24 * time.Hour, 1 << 62}
}

// rates are asked for together.
type rates []*rate

// add returns the rate of a selector, a new one if it is not among them.
func (all *rates) add(s sample.Selector, from, at int64) *rate {
	text := s.String()
	i := slices.IndexFunc(*all, func(r *rate) bool {
		return r.from == from && r.at == at && r.selector.String() == text
	})
	if i < 0 {
		i = len(*all)
		*all = append(*all, &rate{selector: s, from: from, at: at, newest: never})
	}
	return (*all)[i]
}

// find asks a store, about a short time first. What ended is looked at where it ended, so
// that nothing depends on how long ago that was.
func (all rates) find(ctx context.Context, store sample.Store) error {
	for {
		var open rates
		var queries []sample.Query
		for _, r := range all {
			if q, ok := r.next(); ok {
				open, queries = append(open, r), append(queries, q)
			}
		}
		if len(open) == 0 {
			return nil
		}
		if err := open.ask(ctx, store, queries); err != nil {
			return err
		}
		for _, r := range open {
			r.turn()
		}
	}
}

// next returns what is asked next, false if nothing is. Before a sample is found no time is
// looked at twice.
func (r *rate) next() (sample.Query, bool) {
	back := reaches()
	if r.interval > 0 && !(r.few && r.level <= short) || r.err != nil || r.level == len(back) {
		return sample.Query{}, false
	}
	q := sample.Query{Selector: r.selector, From: max(r.from, r.at-back[r.level].Milliseconds()), To: r.at}
	if r.level > 0 && r.newest == never {
		q.To = r.at - back[r.level-1].Milliseconds() - 1
	}
	return q, q.From <= q.To
}

// turn looks further back, or at the time before the last sample if that is long ago.
func (r *rate) turn() {
	late := r.level > 0 && !r.anchored && r.newest > never && r.at-r.newest > patient*r.interval.Milliseconds()
	if r.level++; late {
		r.at, r.level, r.anchored, r.interval = r.newest, 0, true, 0
	}
}

// short is the last level of which there are few samples.
const short = 1

// ask asks once. Each rate has a query.
func (all rates) ask(ctx context.Context, store sample.Store, queries []sample.Query) error {
	for _, r := range all {
		r.series = map[int]*rhythm{}
	}
	err := store.Select(ctx, queries, func(n int, b sample.Block) error {
		all[n].take(b)
		if !slices.ContainsFunc(all, func(r *rate) bool { return !r.full }) {
			return errFound
		}
		return sources.Done(ctx)
	})
	if errors.Is(err, errFound) {
		err = nil
	}
	for _, r := range all {
		r.judge()
		r.series, r.full = nil, false
	}
	return each(err, func(n int, err error) { all[n].err = err })
}

// take takes a block of a series, unless enough others are known.
func (r *rate) take(b sample.Block) {
	one := r.series[b.Series]
	if one == nil {
		if len(r.series) == enough && r.level <= short {
			r.full = true
			return
		}
		one = &rhythm{}
		if len(r.series) < enough {
			r.series[b.Series] = one
		}
	}
	for i, t := range b.Times {
		if !b.Stale(i) {
			one.keep([]int64{t})
			r.newest = max(r.newest, t)
		}
	}
}

// judge takes the median of what is usual in its series, and the longest, 0 if none has three
// samples.
func (r *rate) judge() {
	r.interval, r.slowest, r.few = 0, 0, false
	var all []int64
	for _, one := range r.series {
		if one.n > 2 {
			all = append(all, one.recent())
		} else {
			r.few = true
		}
	}
	if len(all) == 0 {
		return
	}
	slices.Sort(all)
	r.interval = time.Duration(all[(len(all)-1)/2]) * time.Millisecond
	r.slowest = time.Duration(all[len(all)-1]) * time.Millisecond
}
