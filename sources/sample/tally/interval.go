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
func Interval(ctx context.Context, store sample.Store, selectors []sample.Selector, at time.Time) (time.Duration, error) {
	longest := time.Duration(0)
	for _, s := range selectors {
		for _, back := range []time.Duration{20 * time.Minute, 3 * time.Hour} {
			q := sample.Query{Selector: s, From: at.Add(-back).UnixMilli(), To: at.UnixMilli()}
			d, err := interval(ctx, store, q)
			if err != nil {
				return 0, err
			}
			if longest = max(longest, d); d > 0 {
				break
			}
		}
	}
	return longest, nil
}

// interval is Interval of one query.
func interval(ctx context.Context, store sample.Store, q sample.Query) (time.Duration, error) {
	series := map[int]*rhythm{}
	err := store.Select(ctx, []sample.Query{q}, func(_ int, b sample.Block) error {
		if len(series) == enough && series[b.Series] == nil {
			return errFound
		}
		r := series[b.Series]
		if r == nil {
			r = &rhythm{}
			series[b.Series] = r
		}
		for i, t := range b.Times {
			if r.known < nearby && (b.Values == nil || !sample.Stale(b.Values[i])) {
				r.learn([]int64{t})
				r.keep([]int64{t})
			}
		}
		return sources.Done(ctx)
	})
	if err != nil && !errors.Is(err, errFound) {
		return 0, err
	}
	var all []int64
	for _, r := range series {
		if r.known > 1 {
			all = append(all, r.interval())
		}
	}
	if len(all) == 0 {
		return 0, nil
	}
	slices.Sort(all)
	return time.Duration(all[(len(all)-1)/2]) * time.Millisecond, nil
}
