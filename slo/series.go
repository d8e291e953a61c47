package slo

import (
	"math"
	"time"
)

// Series holds the bad and total events of one indicator per bucket. Bucket i
// covers [Start + i·Step, Start + (i+1)·Step). Counts are not negative; NaN in
// Total means the bucket was not measured, 0 that there was no traffic. Bad is
// at most Total, and NaN where Total is. A zero Series has no buckets.
type Series struct {
	Start time.Time
	Step  time.Duration
	Bad   []float64
	Total []float64
}

// NewSeries returns a series over p with every bucket not measured. The length
// of p is rounded down to whole steps.
func NewSeries(p Period, step time.Duration) *Series {
	n := 0
	if !p.Empty() {
		n = int(p.Length() / step)
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

// First returns the start of the first measured bucket, the zero time if there is none.
func (s *Series) First() time.Time {
	for i := range s.Len() {
		if s.Measured(i) {
			return s.Time(i)
		}
	}
	return time.Time{}
}
