package bucket

import (
	"iter"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
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
	doubt doubt           // of them those of which nobody knows whether they meet it
	split *label.Split[*part]
}

// part is the series of one set of label values.
type part struct {
	sure   bool  // a row surely is of the request: the others may all be of none
	oldest int64 // start of the oldest bucket
	newest int64 // start of the newest complete bucket
	lanes  []*lane
}

// minTime is before every stamp.
const minTime = -1 << 62

func newPart() *part { return &part{oldest: -minTime, newest: minTime} }

// add counts a row for the request if it meets its where. One that may meet it is in
// doubt if it makes anything worse.
func (s *Selection) add(r *Row, c *Collector) {
	start := c.startOf(r)
	in := s.Request.Period.Contains(start)
	truth := s.judge(r, in)
	if truth == match.No || truth == match.Unsure && !in {
		return
	}
	bad, total, ok := r.Counts.Say(s.Request.Count)
	if !ok {
		f := c.config.Lacks(s.Request.Count)
		f.Pos.Line = r.Pos.Line
		s.Wrong.Add(r.Pos.File, f)
		return
	}
	if truth == match.Unsure && !s.doubtRow(r, bad, total) {
		return
	}
	p := s.split.Part(r.Values)
	if p == nil {
		return
	}
	sec := start.Unix()
	p.oldest, p.newest = min(p.oldest, sec), max(p.newest, sec)
	p.sure = p.sure || truth == match.Yes
	if in {
		s.count(p, r, truth, c, bad, total)
	}
}

// count adds the counts of a row to its bucket, or to what is in doubt of it.
func (s *Selection) count(p *part, r *Row, truth match.Truth, c *Collector, bad, total Count) {
	sec, length := c.startOf(r).Unix(), c.length()
	l := p.lane(s.Request.Period, length, mod(sec, int64(length/time.Second)))
	i, in := l.bucket(sec)
	if !in {
		return
	}
	if c.config.Step < length {
		l.mark(i, int(r.Start.Sub(time.Unix(sec, 0))/c.config.Step))
	}
	add := l.add
	if truth == match.Unsure {
		add = l.doubt
		if s.Request.Count == spec.Good {
			total = Count{} // at worst it is none of them
		}
	}
	if fault := add(i, bad, total); fault != nil {
		s.Wrong.Add(r.Pos.File, diag.Errorf(diag.Pos{Line: r.Pos.Line}, fault.Code, "%s", fault.Why).WithHint("%s", fault.Hint))
	}
}

// judge tells whether a row meets the where; in tells whether it is of the period. None
// does that is of no use.
func (s *Selection) judge(r *Row, in bool) match.Truth {
	if s.Useless {
		return match.No
	}
	truth := s.where.Judge(r.Values)
	if in {
		s.rows++
		s.tried.Add(truth, r.Values)
	}
	return truth
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
	doubts := c.doubts(s)
	notes = slices.Concat(notes, s.scope.notes(c), c.coarser())
	base := sources.Answer{Request: s.Index, Notes: notes, Inputs: inputs, Complete: c.grid.complete(c.config.At)}
	base.Err = Join(s.Wrong.Err(), s.split.Err())
	if base.Err == nil && doubts.Errors() {
		base.Err = doubts
	}
	if base.Err != nil {
		emit(base)
		return
	}
	base.Notes = slices.Concat(notes, doubts, c.unmet(s), s.split.Notes())
	newest := int64(minTime)
	for _, p := range s.parts() {
		newest = max(newest, p.newest)
	}
	if newest == minTime {
		if base.Series, base.Err = c.unmeasured(s.Request); base.Series != nil && c.coming < -minTime {
			base.Series.Oldest = time.Unix(c.coming, 0).UTC()
		}
		emit(base)
		return
	}
	for labels, p := range s.parts() {
		a := base
		a.Labels = labels
		a.Newest = time.Unix(p.newest, 0).UTC().Add(c.length())
		if a.Series, a.Err = c.series(p, s.Request); a.Series != nil {
			a.Series.Oldest = time.Unix(p.oldest, 0).UTC()
			a.Series.Newest = time.Unix(newest, 0).UTC().Add(c.length())
			a.Notes = slices.Concat(a.Notes, c.climbing(a.Series), c.partial(p))
		}
		emit(a)
	}
}

// parts returns the sets that occur, and without labels the only part. Rows of which
// nobody knows whether they are of the request make no set.
func (s *Selection) parts() iter.Seq2[map[string]string, *part] {
	return func(yield func(map[string]string, *part) bool) {
		for labels, p := range s.split.All() {
			if (p.sure || labels == nil) && !yield(labels, p) {
				return
			}
		}
	}
}

// unmet warns of a where that no row of the period meets.
func (c *Collector) unmet(s *Selection) []diag.Finding {
	if s.tried.Met() || s.rows == 0 {
		return nil
	}
	return []diag.Finding{s.tried.Unmet(s.Request.SLI.Get("where").Pos, c.config.Room, "where", rowCount(s.rows), "row")}
}

// unmeasured returns a series that no row is in.
func (c *Collector) unmeasured(r sources.Request) (*slo.Series, error) {
	return newLane(r.Period, c.length(), c.grid.phase(r.Period.Start)).finish(r.Step)
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
