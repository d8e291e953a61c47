package fold

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/match"
	"github.com/nines-slo/nines/sources/sparse"
)

// cell counts the events of one bucket.
type cell struct{ bad, total uint64 }

// cells are those of all buckets, as far as events fall into them.
type cells = sparse.Array[cell]

// merge adds the counts of o to those of c.
func merge(c, o *cells) {
	for i, from := range o.All() {
		if from.total > 0 {
			to := c.At(i)
			to.bad += from.bad
			to.total += from.total
		}
	}
}

// fill adds the counts of c to the measured buckets of series.
func fill(series, measured *slo.Series, c *cells) {
	for i, n := range c.All() {
		if n.total > 0 && i < series.Len() && measured.Measured(i) {
			series.Bad[i] += float64(n.bad)
			series.Total[i] += float64(n.total)
		}
	}
}

// set holds the counts of one label set, and the percentiles of its hours.
type set struct {
	counts cells
	doubts cells
	hours  sparse.Array[*histogram]
}

func newSet() *set { return &set{} }

// observe notes the duration of an event in an hour since the period's start.
// A duration that cannot be read is left out: the hour's count says of how many
// events the percentiles are.
func (s *set) observe(hour int, text []byte, field match.Field) {
	ns, ok := field.Nanoseconds(text)
	if !ok {
		return
	}
	s.hour(hour).add(ns)
}

func (s *set) hour(i int) *histogram {
	h := s.hours.At(i)
	if *h == nil {
		*h = &histogram{}
	}
	return *h
}

func (s *set) merge(o *set) {
	merge(&s.counts, &o.counts)
	merge(&s.doubts, &o.doubts)
	for i, h := range o.hours.All() {
		if *h != nil {
			s.hour(i).merge(*h)
		}
	}
}

func (s *set) percentiles(start time.Time) []slo.Percentiles {
	var out []slo.Percentiles
	for i, h := range s.hours.All() {
		if *h != nil {
			out = append(out, (*h).percentiles(start.Add(time.Duration(i)*time.Hour)))
		}
	}
	return out
}

// measured says which time the source's events cover.
type measured struct {
	first, last time.Time // of all events
	at          time.Time // buckets that end later are not complete; zero: none
}

// series returns a series of zeros where it was measured.
func (m measured) series(req sources.Request) *slo.Series {
	s := slo.NewSeries(req.Period, req.Step)
	s.Oldest, s.Filled = m.first, true
	if m.last.IsZero() {
		return s
	}
	i, j := max(0, s.Index(m.first)-1), min(s.Len(), s.Index(m.last)+1)
	for i < j && !m.bucket(s.Time(i), s.Step) {
		i++
	}
	for i < j && !m.bucket(s.Time(j-1), s.Step) {
		j--
	}
	clear(s.Bad[i:j])
	clear(s.Total[i:j])
	return s
}

// bucket tells whether the bucket that starts at t was measured.
func (m measured) bucket(t time.Time, step time.Duration) bool {
	end := t.Add(step)
	return !m.last.IsZero() && end.After(m.first) && !t.After(m.last) && (m.at.IsZero() || !end.After(m.at))
}

// complete returns up to where no further event can fall, if events come in order.
func (m measured) complete() time.Time {
	if !m.at.IsZero() && m.last.After(m.at) {
		return m.at
	}
	return m.last
}

// newest returns the end of the last bucket that was measured, on the grid of
// req but not bounded by its period.
func (m measured) newest(req sources.Request) time.Time {
	if m.last.IsZero() || req.Step <= 0 {
		return time.Time{}
	}
	since := m.last.Sub(req.Period.Start)
	t := req.Period.Start.Add(since.Truncate(req.Step))
	if since < 0 && since%req.Step != 0 {
		t = t.Add(-req.Step)
	}
	for ; t.Add(req.Step).After(m.first); t = t.Add(-req.Step) {
		if m.bucket(t, req.Step) {
			return t.Add(req.Step)
		}
	}
	return time.Time{}
}
