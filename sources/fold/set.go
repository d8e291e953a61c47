package fold

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/match"
)

// cellsPerPage is a power of two near a day of minutes: 16 KiB a page.
const cellsPerPage = 1024

// cell counts the events of one bucket.
type cell struct{ bad, total uint64 }

// cells are those of all buckets. Pages exist once an event falls into them.
type cells []*[cellsPerPage]cell

// at returns the counts of bucket i.
func (c *cells) at(i int) *cell {
	page := i / cellsPerPage
	for page >= len(*c) {
		*c = append(*c, nil)
	}
	if (*c)[page] == nil {
		(*c)[page] = new([cellsPerPage]cell)
	}
	return &(*c)[page][i%cellsPerPage]
}

func (c *cells) merge(o cells) {
	for p, page := range o {
		if page == nil {
			continue
		}
		for i := range page {
			if page[i].total > 0 {
				to := c.at(p*cellsPerPage + i)
				to.bad += page[i].bad
				to.total += page[i].total
			}
		}
	}
}

// fill adds the counts to the measured buckets of series.
func (c cells) fill(series, measured *slo.Series) {
	for p, page := range c {
		for i := range page {
			if b := p*cellsPerPage + i; page != nil && b < series.Len() && measured.Measured(b) {
				series.Bad[b] += float64(page[i].bad)
				series.Total[b] += float64(page[i].total)
			}
		}
	}
}

// set holds the counts of one label set, and the percentiles of its hours.
type set struct {
	counts cells
	doubts cells
	hours  []*histogram
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
	for i >= len(s.hours) {
		s.hours = append(s.hours, nil)
	}
	if s.hours[i] == nil {
		s.hours[i] = &histogram{}
	}
	return s.hours[i]
}

func (s *set) merge(o *set) {
	s.counts.merge(o.counts)
	s.doubts.merge(o.doubts)
	for i, h := range o.hours {
		if h != nil {
			s.hour(i).merge(h)
		}
	}
}

func (s *set) percentiles(start time.Time) []slo.Percentiles {
	var out []slo.Percentiles
	for i, h := range s.hours {
		if h != nil {
			out = append(out, h.percentiles(start.Add(time.Duration(i)*time.Hour)))
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
	for i := range s.Len() {
		if m.bucket(s.Time(i), s.Step) {
			s.Bad[i], s.Total[i] = 0, 0
		}
	}
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
