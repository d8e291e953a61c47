package slo

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Excess tells of the buckets of a join in which a share was larger than its total.
type Excess struct {
	Buckets      int
	First        time.Time // the start of the first of them
	Share, Total Number    // events that were counted in it
}

// JoinTotal makes one series of a count of good (or bad) events and one of all
// events, over the same period. Where either was not measured, nothing was; nor where
// the share is larger than the total, which Excess tells. One that is larger by no more
// than a part in 10^9, or than 10^-6 of an event, is the total: servers that extrapolate
// return floats, which are rounded to 10^-6.
//
// Counts are compared as they are. The series has the finer unit of the two; where that
// cannot hold the largest bucket, the next coarser one that can, to which each of the
// two is rounded once. JoinTotal returns an error if the two count on different grids.
func JoinTotal(share, total *Series, good bool) (*Series, Excess, error) {
	if err := sameGrid(share, total); err != nil {
		return nil, Excess{}, err
	}
	within, excess := withinTotal(share, total)
	joined, err := join(within, total, func(part, all, worst, most uint64) (uint64, uint64) {
		if !good { // what may be of the total and is not bad would make it better
			most = min(most, max(worst, all+worst-part))
			return min(worst, most), most
		}
		return most - min(worst, most), most
	})
	return joined, excess, err
}

// JoinBad makes one series of a count of good events and one of bad ones, as JoinTotal.
func JoinBad(good, bad *Series) (*Series, error) {
	if err := sameGrid(good, bad); err != nil {
		return nil, err
	}
	return join(good, bad, func(_, _, g, b uint64) (uint64, uint64) { return b, g + b })
}

func sameGrid(a, b *Series) error {
	if a.Step == b.Step && a.Start.Equal(b.Start) && a.Len() == b.Len() {
		return nil
	}
	grid := func(s *Series) string {
		return fmt.Sprintf("every %s from %s", FormatDuration(s.Step), s.Start.Format(time.RFC3339))
	}
	return fmt.Errorf("the two sources count on different grids: %s, and %s", grid(a), grid(b))
}

// withinTotal returns share as measured only where it is no larger than total.
func withinTotal(share, total *Series) (*Series, Excess) {
	within, excess := *share, Excess{}
	within.Total = slices.Clone(share.Total)
	for i, part := range share.Total {
		if !share.Measured(i) || !total.Measured(i) || share.Decimals == total.Decimals && part <= total.Total[i] {
			continue
		}
		events, all := share.Events(part), total.Events(total.Total[i])
		over := events.Sub(all)
		if over.Mul(NumberOf(1e9)).Cmp(all) <= 0 || over.Mul(NumberOf(1e6)).Cmp(NumberOf(1)) <= 0 {
			continue
		}
		if excess.Buckets == 0 {
			excess = Excess{First: share.Time(i), Share: events, Total: all}
		}
		excess.Buckets++
		within.Total[i] = math.NaN()
	}
	return &within, excess
}

// counts gives bad and total of what two series hold, a and b, if with all that is in
// doubt they hold up to mostA and mostB.
type counts func(a, b, mostA, mostB uint64) (bad, all uint64)

// join makes one series of two on the same grid.
func join(a, b *Series, of counts) (*Series, error) {
	for decimals := max(a.Decimals, b.Decimals); decimals >= 0; decimals-- {
		if !a.fits(decimals) || !b.fits(decimals) {
			continue
		}
		if joined, ok := joinEqual(a.InUnits(decimals), b.InUnits(decimals), of); ok {
			return joined, nil
		}
	}
	return nil, fmt.Errorf("the two sources count more than 2^53 events in %s, which cannot be held exactly",
		FormatDuration(a.Step))
}

// joinEqual joins two series of the same unit; false: a bucket comes to more than
// MaxUnits. The doubt of each is what it may hold more in its Total: a count of good
// events has none, since at worst no doubtful event is good.
func joinEqual(a, b *Series, of counts) (*Series, bool) {
	out := NewSeries(Period{Start: b.Start, End: b.End()}, b.Step)
	out.Decimals, out.Oldest = b.Decimals, b.Oldest
	if a.Oldest.After(out.Oldest) {
		out.Oldest = a.Oldest
	}
	out.Newest, out.Filled = b.Newest, a.Filled && b.Filled
	if a.Newest.Before(out.Newest) {
		out.Newest = a.Newest
	}
	for i := range out.Total {
		if !a.Measured(i) || !b.Measured(i) {
			continue
		}
		bad, all := of(uint64(a.Total[i]), uint64(b.Total[i]), uint64(a.Total[i]), uint64(b.Total[i]))
		if all > MaxUnits {
			return nil, false
		}
		out.Bad[i], out.Total[i] = float64(bad), float64(all)
	}
	if a.Doubt != nil || b.Doubt != nil {
		out.Doubt = joinDoubt(out, a, b, of)
	}
	return out, true
}

// joinDoubt returns what the doubt of two counts makes worse of their join.
func joinDoubt(joined, a, b *Series, of counts) *Series {
	mostA, mostB := a.Worst(), b.Worst()
	doubt := &Series{Start: joined.Start, Step: joined.Step, Decimals: joined.Decimals,
		Bad: make([]float64, joined.Len()), Total: make([]float64, joined.Len())}
	for i := range joined.Total {
		if joined.Measured(i) {
			bad, all := of(uint64(a.Total[i]), uint64(b.Total[i]), uint64(mostA.Total[i]), uint64(mostB.Total[i]))
			doubt.Bad[i] = max(0, float64(bad)-joined.Bad[i])
			doubt.Total[i] = max(0, float64(all)-joined.Total[i])
		}
	}
	return doubt
}
