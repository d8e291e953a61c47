package fold

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/match"
)

// request is one request with what was counted for it.
type request struct {
	req         sources.Request
	where       *match.Cond
	whereIndex  int // in the Folder's list of different ones
	judge       func(values [][]byte) (bad, counts bool)
	start, end  int64 // of the period, Unix seconds
	step        int64 // seconds
	percentiles bool

	split *Split[*set]
}

func newRequest(req sources.Request, resolve func(string) (match.Field, bool), known []string) (*request, diag.List) {
	c, findings := compile(req.SLI, resolve, known)
	r := &request{req: req, where: c.where, start: req.Period.Start.Unix(), step: max(1, int64(req.Step/time.Second))}
	r.end = r.start + int64(slo.NewSeries(req.Period, req.Step).Len())*r.step
	r.judge = judge(req.Count, c)
	var columns []int
	for _, name := range req.Per {
		field, ok := resolve(name)
		if !ok {
			f := match.Unknown(req.SLI.Pos, name, known)
			f.Message = "per: " + f.Message
			findings = append(findings, f)
		}
		columns = append(columns, field.Index)
	}
	r.split = NewSplit(req, columns, newSet)
	return r, findings
}

// judge returns what an event that meets `where` is worth: whether it is bad,
// and whether it counts. A single count holds the events it names, or all of
// them if the sli names none.
func judge(count spec.Count, c conditions) func([][]byte) (bad, counts bool) {
	isBad := func(v [][]byte) bool {
		if c.good != nil {
			return !c.good.Match(v)
		}
		return c.bad.Match(v)
	}
	all := count == spec.Total || c.good == nil && c.bad == nil
	switch {
	case count == spec.Both || count == "":
		return func(v [][]byte) (bool, bool) { return isBad(v), true }
	case all:
		return func([][]byte) (bool, bool) { return false, true }
	case count == spec.Bad:
		return func(v [][]byte) (bool, bool) { return false, isBad(v) }
	}
	return func(v [][]byte) (bool, bool) { return false, !isBad(v) }
}

func (r *request) count(s *set, t int64, values [][]byte) {
	bad, counts := r.judge(values)
	if !counts {
		return
	}
	c := s.cell(int((t - r.start) / r.step))
	c.total++
	if bad {
		c.bad++
	}
}

// emit answers with one label set at a time, in the order of their values.
func (r *request) emit(m measured, base sources.Answer, emit func(sources.Answer)) {
	if base.Err = r.split.Err(); base.Err != nil {
		emit(base)
		return
	}
	base.Notes = append(base.Notes, r.split.Notes()...)
	if r.split.Len() == 0 {
		emit(r.answer(newSet(), m, base))
	}
	for labels, s := range r.split.All() {
		base.Labels = labels
		emit(r.answer(s, m, base))
	}
}

func (r *request) answer(s *set, m measured, a sources.Answer) sources.Answer {
	a.Series = m.series(r.req)
	s.fill(a.Series)
	a.Percentiles = s.percentiles(r.req.Period.Start)
	return a
}
