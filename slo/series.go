package slo

import (
	"math"
	"slices"
	"time"
)

// Series holds the bad and total events of one indicator per bucket. Bucket i
// covers [Start + i·Step, Start + (i+1)·Step). Counts are not negative; NaN in
// Total means the bucket was not measured, 0 that there was no traffic. Bad is
// at most Total, and NaN where Total is. A zero Series has no buckets.
//
// Counts are whole numbers, up to MaxUnits, of a smallest unit: 10^-Decimals events.
// Where events are counted one by one Decimals is 0; a source that gives decimals has
// the finest that occurs, up to MaxDecimals.
type Series struct {
	Start    time.Time
	Step     time.Duration
	Bad      []float64
	Total    []float64
	Decimals int
	Oldest   time.Time // the source knows counts from here on, also before Start; zero: as Total shows
	Newest   time.Time // the source has counts up to here, also of other label sets; zero: as Total shows
	Filled   bool      // what is 0 may be so because nothing occurred: events, in the span of their source

	// Doubt is what events that could not be read, or not be judged, would add to Bad
	// and Total at worst. It has the buckets and the unit of this series and no doubt of
	// its own; where this one was not measured it says nothing. nil: there is none.
	Doubt *Series
}

// NewSeries returns a series of the buckets that start in p, the first at its start,
// with every bucket not measured. The last may end after p does.
func NewSeries(p Period, step time.Duration) *Series {
	n := 0
	if !p.Empty() {
		n = int((p.Length() + step - 1) / step)
	}
	bad := unmeasured(n)
	return &Series{Start: p.Start, Step: step, Bad: bad, Total: slices.Clone(bad)}
}

// unmeasured returns n NaNs. Copying what is there already is the fast way to write many.
func unmeasured(n int) []float64 {
	out := make([]float64, n)
	for i := range min(n, 64) {
		out[i] = math.NaN()
	}
	for done := 64; done < n; done *= 2 {
		copy(out[done:], out[:done])
	}
	return out
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
	if s.Len() > 0 {
		if i := slices.IndexFunc(s.Total, func(total float64) bool { return !math.IsNaN(total) }); i >= 0 {
			return s.Time(i)
		}
	}
	return time.Time{}
}

// Cut returns the buckets of s that start in p. It shares their counts with s.
func (s *Series) Cut(p Period) *Series {
	i, j := s.Index(p.Start), s.Index(p.End)
	cut := &Series{Start: s.Time(i), Step: s.Step, Bad: s.Bad[i:j], Total: s.Total[i:j], Decimals: s.Decimals}
	cut.Oldest, cut.Newest, cut.Filled = s.Oldest, s.Newest, s.Filled
	if s.Doubt != nil {
		cut.Doubt = s.Doubt.Cut(p)
	}
	return cut
}

// Occurs tells whether bucket i shows that what is counted was there: a count for it, and
// an event where others would fill it too.
func (s *Series) Occurs(i int) bool { return s.Measured(i) && (s.Total[i] > 0 || !s.Filled) }

// Occurred tells whether what is counted was there in a bucket that starts in p.
func (s *Series) Occurred(p Period) bool {
	for i, end := s.Index(p.Start), s.Index(p.End); i < end; i++ {
		if s.Occurs(i) {
			return true
		}
	}
	return false
}

// Doubted returns how many events are in doubt in the measured buckets that start in p:
// also those that only may be bad, of a total that is sure.
func (s *Series) Doubted(p Period) Number {
	var sum Sum
	if s.Doubt != nil {
		for i, end := s.Index(p.Start), s.Index(p.End); i < end; i++ {
			if s.Measured(i) {
				sum.Add(max(s.Doubt.Bad[i], s.Doubt.Total[i]))
			}
		}
	}
	return sum.Number(s.Decimals)
}

// Worst returns s as it would be if all that its Doubt holds had happened; s itself
// without one. A bucket that was not measured stays so.
func (s *Series) Worst() *Series {
	if s == nil || s.Doubt == nil {
		return s
	}
	worst := *s
	worst.Doubt = nil
	worst.Bad, worst.Total = slices.Clone(s.Bad), slices.Clone(s.Total)
	for i := range worst.Total {
		if s.Measured(i) {
			worst.Bad[i] += s.Doubt.Bad[i]
			worst.Total[i] += s.Doubt.Total[i]
		}
	}
	return &worst
}
