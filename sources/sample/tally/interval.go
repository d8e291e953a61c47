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

// Interval returns how far the samples of selectors are apart shortly before an instant: of
// each series the median of its distances, of a selector the median of these, of several
// the longest. It is 0 if no series has three samples in the three hours before.
func Interval(
	ctx context.Context, store sample.Store, selectors []sample.Selector, at time.Time,
) (time.Duration, error) {
	var all rates
	for _, s := range selectors {
		all.add(s, at.UnixMilli())
	}
	if err := all.find(ctx, store); err != nil {
		return 0, err
	}
	longest, failed := time.Duration(0), []error(nil)
	for _, r := range all {
		longest, failed = max(longest, r.interval), append(failed, r.err)
	}
	return longest, errors.Join(failed...)
}

// rate is how far the samples of a selector are apart before an instant.
type rate struct {
	selector sample.Selector
	at       int64
	interval time.Duration // 0: not known
	err      error         // of the store, about this one
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
	series := make([]map[int]*rhythm, len(all))
	full := map[int]bool{} // queries that need no more series
	err := store.Select(ctx, queries, func(n int, b sample.Block) error {
		r := series[n][b.Series]
		if r == nil && len(series[n]) == enough {
			if full[n] = true; len(full) == len(queries) {
				return errFound
			}
			return nil
		}
		if r == nil {
			r = &rhythm{}
			if series[n] == nil {
				series[n] = map[int]*rhythm{}
			}
			series[n][b.Series] = r
		}
		for i, t := range b.Times {
			if r.known < nearby && !b.Stale(i) {
				r.learn([]int64{t})
				r.keep([]int64{t})
			}
		}
		return sources.Done(ctx)
	})
	if errors.Is(err, errFound) {
		err = nil
	}
	for i, r := range all {
		r.interval = spacing(series[i])
	}
	return each(err, func(n int, err error) { all[n].err = err })
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
