package bucket

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/label"
	"github.com/nines-slo/nines/sources/match"
	"github.com/nines-slo/nines/sources/tried"
)

// Selection gathers the rows of one request.
type Selection struct {
	Index   int // of the request, as its answers give it
	Request sources.Request
	Wrong   Findings // refuse this request only
	Useless bool     // the rows being added are of no use to it, as Wrong says

	scope *scope
	where *match.Cond
	tried tried.Condition // where, on rows of the period
	rows  int64           // that it was tried on
	vague Rows            // of them those of which nobody knows whether they meet it
	split *label.Split[*part]
}

// part is the series of one set of label values.
type part struct {
	oldest int64 // start of the oldest bucket
	newest int64 // start of the newest complete bucket
	lanes  []*lane
}

// minTime is before every stamp.
const minTime = -1 << 62

func newPart() *part { return &part{oldest: -minTime, newest: minTime} }

// add counts a row for the request if it meets its where.
func (s *Selection) add(r *Row, c *Collector) {
	if s.Useless || !s.meets(r) {
		return
	}
	bad, total, ok := r.Counts.Say(s.Request.Count)
	if !ok {
		f := c.config.Lacks(s.Request.Count)
		f.Pos.Line = r.Pos.Line
		s.Wrong.Add(r.Pos.File, f)
		return
	}
	p := s.split.Part(r.Values)
	if p == nil {
		return
	}
	sec := r.Start.Unix()
	p.oldest, p.newest = min(p.oldest, sec), max(p.newest, sec)
	if !s.Request.Period.Contains(r.Start) {
		return
	}
	l := p.lane(s.Request.Period, c.config.Step, mod(sec, c.grid.step))
	i, in := l.bucket(sec)
	if !in {
		return
	}
	if fault := l.add(i, bad, total); fault != nil {
		s.Wrong.Add(r.Pos.File, diag.Errorf(diag.Pos{Line: r.Pos.Line}, fault.Code, "%s", fault.Why).WithHint("%s", fault.Hint))
	}
}

// meets tells whether a row surely meets the where.
func (s *Selection) meets(r *Row) bool {
	truth := s.where.Judge(r.Values)
	if !s.Request.Period.Contains(r.Start) {
		return truth == match.Yes
	}
	s.rows++
	s.tried.Add(truth, r.Values)
	if truth == match.Unsure {
		s.vague.Add(r.Pos)
	}
	return truth == match.Yes
}

// vagueNotes warns of rows that lack a value which where tests.
func (c *Collector) vagueNotes(s *Selection) []diag.Finding {
	if s.vague.N == 0 {
		return nil
	}
	f := diag.Warnf(s.vague.First, c.config.Room+"/absent", "%s without a value that where tests: not counted", s.vague)
	return []diag.Finding{f.WithHint("none in where asks for such rows, {not: none} leaves them out")}
}

func (p *part) lane(period slo.Period, step time.Duration, phase int64) *lane {
	for _, l := range p.lanes {
		if l.phase == phase {
			return l
		}
	}
	l := newLane(period, step, phase)
	p.lanes = append(p.lanes, l)
	return l
}

// Emit answers the request, its sets of label values in order.
func (c *Collector) Emit(s *Selection, notes []diag.Finding, inputs []sources.Input, emit func(sources.Answer)) {
	notes = slices.Concat(notes, s.scope.notes(c), c.coarser(), c.vagueNotes(s), c.unmet(s))
	base := sources.Answer{Request: s.Index, Notes: notes, Inputs: inputs, Complete: c.grid.complete(c.config.At)}
	if base.Err = Join(s.Wrong.Err(), s.split.Err()); base.Err != nil {
		emit(base)
		return
	}
	base.Notes = append(notes[:len(notes):len(notes)], s.split.Notes()...)
	if s.split.Len() == 0 {
		base.Series, base.Err = c.unmeasured(s.Request)
		emit(base)
		return
	}
	newest := int64(minTime)
	for _, p := range s.split.All() {
		newest = max(newest, p.newest)
	}
	for labels, p := range s.split.All() {
		a := base
		a.Labels = labels
		a.Newest = time.Unix(p.newest, 0).UTC().Add(c.config.Step)
		if a.Series, a.Err = c.series(p, s.Request); a.Series != nil {
			a.Series.Oldest = time.Unix(p.oldest, 0).UTC()
			a.Series.Newest = time.Unix(newest, 0).UTC().Add(c.config.Step)
			a.Notes = slices.Concat(a.Notes, c.climbing(a.Series))
		}
		emit(a)
	}
}

// unmet warns of a where that no row of the period meets.
func (c *Collector) unmet(s *Selection) []diag.Finding {
	if s.tried.Met() || s.rows == 0 {
		return nil
	}
	rows := diag.Thousands(s.rows) + " rows"
	if s.rows == 1 {
		rows = "1 row"
	}
	return []diag.Finding{s.tried.Unmet(s.Request.SLI.Get("where").Pos, c.config.Room, "where", rows, "row")}
}

// unmeasured returns a series that no row is in.
func (c *Collector) unmeasured(r sources.Request) (*slo.Series, error) {
	return newLane(r.Period, c.config.Step, c.grid.phase(r.Period.Start)).finish(r.Step)
}

// series returns the buckets of the only phase that rows of the period have.
func (c *Collector) series(p *part, r sources.Request) (*slo.Series, error) {
	switch len(p.lanes) {
	case 0:
		return c.unmeasured(r)
	case 1:
		return p.lanes[0].finish(r.Step)
	}
	f := diag.Errorf(r.SLI.Pos, "table/step",
		"the clocks of %s change within the period, so that its rows are not all whole steps of %s apart",
		c.config.Zone, slo.FormatDuration(c.config.Step))
	return nil, diag.List{f.WithHint("give counts per hour or minute, or per step of UTC")}
}
