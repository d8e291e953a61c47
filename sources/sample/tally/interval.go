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

// rate is how far the samples of a selector are apart shortly before an instant: of each
// series the median of its distances, and the median of these.
type rate struct {
	selector sample.Selector
	at       int64
	interval time.Duration // 0: no series has three samples in the three hours before
	err      error         // of the store, about this one

	series map[int]*rhythm // by their number, while it is asked
	full   bool            // it needs no more of them
}

// rates are asked for together.
type rates []*rate

// add returns the rate of a selector, a new one if it is not among them.
func (all *rates) add(s sample.Selector, at int64) *rate {
	text := s.String()
	i := slices.IndexFunc(*all, func(r *rate) bool { return r.at == at && r.selector.String() == text })
	if i < 0 {
		i = len(*all)
		*all = append(*all, &rate{selector: s, at: at})
	}
	return (*all)[i]
}

// find asks a store, about a short time first.
func (all rates) find(ctx context.Context, store sample.Store) error {
	for _, back := range []time.Duration{5 * time.Minute, 20 * time.Minute, 3 * time.Hour} {
		var open rates
		var queries []sample.Query
		for _, r := range all {
			if r.interval == 0 && r.err == nil {
				open = append(open, r)
				queries = append(queries, sample.Query{Selector: r.selector, From: r.at - back.Milliseconds(), To: r.at})
			}
		}
		if len(open) == 0 {
			break
		}
		if err := open.ask(ctx, store, queries); err != nil {
			return err
		}
	}
	return nil
}

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
		r.interval, r.series, r.full = spacing(r.series), nil, false
	}
	return each(err, func(n int, err error) { all[n].err = err })
}

// take takes a block of a series, unless enough others are known.
func (r *rate) take(b sample.Block) {
	one := r.series[b.Series]
	if one == nil {
		if r.full = len(r.series) == enough; r.full {
			return
		}
		one = &rhythm{}
		r.series[b.Series] = one
	}
	for i, t := range b.Times {
		if one.known < nearby && !b.Stale(i) {
			one.learn([]int64{t})
			one.keep([]int64{t})
		}
	}
}

// spacing returns the median of what is usual in series, 0 if none has three samples.
func spacing(series map[int]*rhythm) time.Duration {
	var all []int64
	for _, r := range series {
		if r.known > 1 {
			all = append(all, r.interval())
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return time.Duration(all[(len(all)-1)/2]) * time.Millisecond
}
