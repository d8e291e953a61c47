package table

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/match"
)

// selection gathers the rows of one request for a pre-bucketed table.
type selection struct {
	index int // of the request
	req   sources.Request
	where *match.Cond
	split *fold.Split[*part]
	wrong *findings // of this request only
}

// part is the series of one set of label values.
type part struct {
	oldest int64 // start of the oldest bucket
	newest int64 // start of the newest complete bucket
	lanes  []*lane
}

// add counts a row for the request if it meets its where.
func (s *selection) add(file string, row *Row, sec int64, n *counts, g *grid) {
	if !s.where.Match(row.Values) {
		return
	}
	bad, total, ok := n.want(s.req.Count)
	if !ok {
		s.wrong.add(file, s.lacks(row.Line))
		return
	}
	p := s.split.Part(row.Values)
	if p == nil {
		return
	}
	p.oldest, p.newest = min(p.oldest, sec), max(p.newest, sec)
	if !s.req.Period.Contains(time.Unix(sec, 0)) {
		return
	}
	l := p.lane(s.req.Period, g.step, mod(sec, g.step))
	if i, in := l.bucket(sec); in && !l.add(i, bad, total) {
		s.wrong.add(file, diag.Errorf(diag.Pos{Line: row.Line}, "count",
			"the rows of %s add up to more than 2^53, which cannot be held exactly", stamp{sec: sec}))
	}
}

func (s *selection) lacks(line int) diag.Finding {
	want := map[string]string{"good": "good, or bad and total", "bad": "bad, or good and total", "total": "total, or good and bad"}[string(s.req.Count)]
	if want == "" {
		want = "two of good, bad and total"
	}
	return diag.Errorf(diag.Pos{Line: line}, "column", "the indicator needs %s", want).
		WithHint("name the columns in the source: columns: {good: ok_requests, total: requests}; of a table with one row an event, say in the sli what is good or bad")
}

func newPart() *part { return &part{oldest: -minTime, newest: minTime} }

// minTime is before every stamp.
const minTime = -1 << 62

func (p *part) lane(period slo.Period, step, phase int64) *lane {
	for _, l := range p.lanes {
		if l.phase == phase {
			return l
		}
	}
	l := newLane(period, time.Duration(step)*time.Second, phase)
	p.lanes = append(p.lanes, l)
	return l
}

// emit answers the request, its label sets in order.
func (s *selection) emit(g *grid, notes []diag.Finding, inputs []sources.Input, emit func(sources.Answer)) {
	base := sources.Answer{Request: s.index, Notes: notes, Inputs: inputs}
	if base.Err = joinFindings(s.wrong.err(), s.split.Err()); base.Err != nil {
		emit(base)
		return
	}
	base.Notes = append(notes[:len(notes):len(notes)], s.split.Notes()...)
	if s.split.Len() == 0 {
		base.Notes = append(base.Notes, s.nothing(g)...)
		base.Series = newLane(s.req.Period, time.Duration(g.step)*time.Second, g.phase(s.req.Period.Start)).finish(s.req.Step)
		emit(base)
		return
	}
	for labels, p := range s.split.All() {
		a := base
		a.Labels = labels
		a.Newest = time.Unix(p.newest+g.step, 0).UTC()
		if a.Series, a.Err = p.series(s.req, g); a.Series != nil {
			a.Series.Oldest = time.Unix(p.oldest, 0).UTC()
		}
		emit(a)
	}
}

// nothing warns of a where that no row meets.
func (s *selection) nothing(g *grid) []diag.Finding {
	where := s.req.SLI.Get("where")
	if g.rows == 0 || !where.Is() {
		return nil
	}
	return []diag.Finding{diag.Warnf(where.Pos, s.wrong.room+"/where", "no row meets where").
		WithHint("values are compared letter by letter; ~ begins a regular expression")}
}

// series returns the buckets of the only phase that rows of the period have.
func (p *part) series(r sources.Request, g *grid) (*slo.Series, error) {
	switch len(p.lanes) {
	case 0:
		return newLane(r.Period, time.Duration(g.step)*time.Second, g.phase(r.Period.Start)).finish(r.Step), nil
	case 1:
		return p.lanes[0].finish(r.Step), nil
	}
	step := slo.FormatDuration(time.Duration(g.step) * time.Second)
	return nil, diag.List{diag.Errorf(r.SLI.Pos, "table/step", "the clocks of %s change within the period, so that its rows are not all whole steps of %s apart", g.zone, step).
		WithHint("give counts per hour or minute, or per step of UTC")}
}
