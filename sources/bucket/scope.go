package bucket

import (
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// scope is a period that requests ask about. Within it rows are held against each
// other, so that what lies outside of it changes no answer, whatever other requests
// ask; and it bounds what has to be remembered.
type scope struct {
	period     slo.Period
	selections []*Selection
	seen       map[int64]*seen // by phase of the step
	tooMany    bool            // a row had a set of labels too many
	repeated   Rows
}

// scope returns the scope of a period.
func (c *Collector) scope(p slo.Period) *scope {
	for _, s := range c.scopes {
		if s.period.Start.Equal(p.Start) && s.period.End.Equal(p.End) {
			return s
		}
	}
	s := &scope{period: p, seen: map[int64]*seen{}}
	c.scopes = append(c.scopes, s)
	return s
}

// add counts a row for the requests of the period, unless an earlier one said the same.
func (s *scope) add(r *Row, c *Collector) {
	switch s.compare(r, c.grid.step) {
	case first:
		for _, one := range s.selections {
			one.add(r, c)
		}
	case again:
		s.repeated.Add(r.Pos)
	case contradicts:
		s.refuse(r, c.config.Contradicts(r))
	case beyond:
		if !s.tooMany {
			s.tooMany = true
			s.refuse(r, c.config.TooMany(s.seenOf(r, c.grid.step).widest()))
		}
	}
}

// compare holds a row against what its bucket has.
func (s *scope) compare(r *Row, step int64) likeness {
	if !s.period.Contains(r.Start) {
		return first
	}
	bucket := floorDiv(r.Start.Unix()-s.period.Start.Unix(), step)
	return s.seenOf(r, step).check(r.Key, bucket, &r.Counts)
}

func (s *scope) seenOf(r *Row, step int64) *seen {
	phase := mod(r.Start.Unix(), step)
	if s.seen[phase] == nil {
		s.seen[phase] = newSeen()
	}
	return s.seen[phase]
}

func (s *scope) refuse(r *Row, f diag.Finding) {
	f.Pos.Line = r.Pos.Line
	for _, one := range s.selections {
		one.Wrong.Add(r.Pos.File, f)
	}
}

// notes are the warnings that all requests of the period share.
func (s *scope) notes(c *Collector) []diag.Finding {
	if s.repeated.N == 0 {
		return nil
	}
	return []diag.Finding{diag.Warnf(s.repeated.First, c.config.Room+"/repeated",
		"%s the same as an earlier one, counted once", s.repeated)}
}
