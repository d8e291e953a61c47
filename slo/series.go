package slo

import (
	"fmt"
	"math"
	"time"
)

// Series holds the bad and total events of one indicator per bucket. Bucket i
// covers [Start + i·Step, Start + (i+1)·Step). Counts are not negative; NaN in
// Total means the bucket was not measured, 0 that there was no traffic. Bad is
// at most Total, and NaN where Total is. A zero Series has no buckets.
type Series struct {
	Start  time.Time
	Step   time.Duration
	Bad    []float64
	Total  []float64
	Oldest time.Time // the source knows counts from here on, also before Start; zero: as Total shows
}

// NewSeries returns a series of the buckets that start in p, the first at its start,
// with every bucket not measured. The last may end after p does.
func NewSeries(p Period, step time.Duration) *Series {
	n := 0
	if !p.Empty() {
		n = int((p.Length() + step - 1) / step)
	}
	s := &Series{Start: p.Start, Step: step, Bad: make([]float64, n), Total: make([]float64, n)}
	for i := range n {
		s.Bad[i], s.Total[i] = math.NaN(), math.NaN()
	}
	return s
}

// Len returns the number of buckets.
func (s *Series) Len() int {
	if s == nil {
		return 0
	}
	return len(s.Total)
}

// Time returns the start of bucket i.
func (s *Series) Time(i int) time.Time { return s.Start.Add(time.Duration(i) * s.Step) }

// End returns the end of the last bucket.
func (s *Series) End() time.Time { return s.Time(s.Len()) }

// Index returns the first bucket that starts at or after t, between 0 and Len.
func (s *Series) Index(t time.Time) int {
	if s.Len() == 0 || !t.After(s.Start) {
		return 0
	}
	if !t.Before(s.End()) {
		return s.Len()
	}
	return int((t.Sub(s.Start) + s.Step - 1) / s.Step)
}

// Measured tells whether bucket i was measured.
func (s *Series) Measured(i int) bool { return !math.IsNaN(s.Total[i]) }

// First returns the start of the first measured bucket, the zero time if there is
// none. If the source knows older ones than s holds, it is the oldest known.
func (s *Series) First() time.Time {
	if s.Len() > 0 && !s.Oldest.IsZero() && s.Oldest.Before(s.Start) {
		return s.Oldest
	}
	for i := range s.Len() {
		if s.Measured(i) {
			return s.Time(i)
		}
	}
	return time.Time{}
}

// Cut returns the buckets of s that start in p. It shares their counts with s.
func (s *Series) Cut(p Period) *Series {
	i, j := s.Index(p.Start), s.Index(p.End)
	return &Series{Start: s.Time(i), Step: s.Step, Bad: s.Bad[i:j], Total: s.Total[i:j], Oldest: s.Oldest}
}

// JoinTotal makes one series of a count of good (or bad) events and one of all
// events, over the same period. Where either was not measured, nothing was. It
// returns an error if the steps differ, or if a share is larger than its total.
func JoinTotal(share, total *Series, good bool) (*Series, error) {
	return join(share, total, func(part, all float64) (float64, float64) {
		if good {
			return all - part, all
		}
		return part, all
	})
}

// JoinBad makes one series of a count of good events and one of bad ones.
func JoinBad(good, bad *Series) (*Series, error) {
	return join(good, bad, func(g, b float64) (float64, float64) { return b, g + b })
}

// join makes one series of two; counts gives bad and total of what they hold.
func join(share, total *Series, counts func(a, b float64) (bad, all float64)) (*Series, error) {
	if share.Step != total.Step || !share.Start.Equal(total.Start) || share.Len() != total.Len() {
		grid := func(s *Series) string {
			return fmt.Sprintf("every %s from %s", FormatDuration(s.Step), s.Start.Format(time.RFC3339))
		}
		return nil, fmt.Errorf("the two sources count on different grids: %s, and %s", grid(share), grid(total))
	}
	out := NewSeries(Period{Start: total.Start, End: total.End()}, total.Step)
	out.Oldest = total.Oldest
	if share.Oldest.After(out.Oldest) {
		out.Oldest = share.Oldest
	}
	for i := range out.Total {
		if !share.Measured(i) || !total.Measured(i) {
			continue
		}
		bad, all := counts(share.Total[i], total.Total[i])
		if bad < 0 || bad > all {
			at := out.Time(i).Format(time.RFC3339)
			return nil, fmt.Errorf("at %s %v of %v events are counted", at, share.Total[i], total.Total[i])
		}
		out.Bad[i], out.Total[i] = bad, all
	}
	return out, nil
}
