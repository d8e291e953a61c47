package fold

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/label"
	"github.com/nines-slo/nines/sources/match"
	"github.com/nines-slo/nines/sources/tried"
)

// request is one request with what was counted for it.
type request struct {
	req        sources.Request
	where      *match.Cond
	whereIndex int // in the Folder's list of different ones
	bad        func(values [][]byte) match.Truth
	key        string       // "good" or "bad", what the sli says; "" if it says neither
	start, end int64        // of the period, Unix seconds
	step       int64        // seconds
	duration   *match.Field // that percentiles are made of, nil if there are none

	columns  []int // of the labels
	split    *label.Split[*set]
	strays   *label.Split[*set] // doubts of events that may be none of the request's
	anywhere cells              // doubts of all label sets

	tally  tally
	fields []field            // that are tested, and labels
	tried  [2]tried.Condition // where, and good or bad
}

func newRequest(req sources.Request, resolve func(string) (match.Field, bool), known []string) (*request, diag.List) {
	c, findings := compile(req.SLI, resolve, known)
	r := &request{req: req, where: c.where, start: req.Period.Start.Unix(), step: max(1, int64(req.Step/time.Second))}
	r.end = req.Whole().End.Unix()
	r.bad, r.key = judge(req.Count, c)
	for _, name := range req.Per {
		field, ok := resolve(name)
		if !ok {
			f := match.Unknown(req.SLI.Pos, name, known)
			f.Message = "per: " + f.Message
			findings = append(findings, f)
		}
		r.columns = append(r.columns, field.Index)
	}
	r.split, r.strays = label.New(req, r.columns, newSet), label.New(req, r.columns, newSet)
	r.listFields(c)
	r.tried[whereGroup], r.tried[sliGroup] = tried.New(c.exprs["where"]), tried.New(c.exprs[r.key])
	if r.called(whereGroup) == "bad" {
		r.tried[whereGroup].OnlyNamed()
	}
	if r.key == "bad" {
		r.tried[sliGroup].OnlyNamed()
	}
	return r, findings
}

// judge returns what tells whether an event that meets `where` is bad, and the key of
// the condition that does. A single count holds the events it names, or all of them if
// the sli names none.
func judge(count spec.Count, c conditions) (bad func([][]byte) match.Truth, key string) {
	switch {
	case count == spec.Total || c.good == nil && c.bad == nil:
		always := match.No
		if count != spec.Good && count != spec.Total {
			always = match.Yes
		}
		return func([][]byte) match.Truth { return always }, ""
	case c.good != nil:
		return func(v [][]byte) match.Truth { return c.good.Judge(v).Not() }, "good"
	}
	return c.bad.Judge, "bad"
}

// add counts an event of which `where` says held. It returns the fields that it lacks
// if it cannot be judged.
func (r *request) add(t int64, values [][]byte, held match.Truth) (lacks Fields) {
	r.tally.seen++
	r.tried[whereGroup].Add(held, values)
	switch held {
	case match.No:
		return 0
	case match.Yes:
		r.tally.held++
	}
	bad := r.bad(values)
	if sli := &r.tried[sliGroup]; !sli.Met() && held == match.Yes {
		met := bad
		if r.key == "good" {
			met = bad.Not()
		}
		sli.Add(met, values)
	}
	labelled := r.labelled(values)
	if held == match.Yes && bad != match.Unsure && labelled {
		r.count(t, values, bad == match.Yes)
		return 0
	}
	return r.doubtEvent(t, values, held, bad, labelled)
}

// labelled tells whether an event has all labels of `per`.
func (r *request) labelled(values [][]byte) bool {
	for _, column := range r.columns {
		if match.Missing(values[column]) {
			return false
		}
	}
	return true
}

// count adds an event that is judged.
func (r *request) count(t int64, values [][]byte, bad bool) {
	s := r.split.Part(values)
	if s == nil {
		return
	}
	r.tally.judged++
	if r.duration != nil {
		s.observe(int((t-r.start)/3600), values[r.duration.Index], *r.duration)
	}
	switch r.req.Count {
	case spec.Good:
		if bad {
			return
		}
	case spec.Bad:
		if !bad {
			return
		}
	}
	c := s.counts.At(r.bucket(t))
	c.total++
	if bad && r.whole() {
		c.bad++
	}
}

// bucket returns the number of the bucket of an instant in the period.
func (r *request) bucket(t int64) int { return int((t - r.start) / r.step) }

// whole tells whether the request is for bad and total events, not for one count.
func (r *request) whole() bool { return r.req.Count == spec.Both || r.req.Count == "" }

func (r *request) merge(o *request) {
	r.split.Merge(o.split, (*set).merge)
	r.strays.Merge(o.strays, (*set).merge)
	merge(&r.anywhere, &o.anywhere)
	r.tally.merge(o.tally)
	for i := range r.tried {
		r.tried[i].Merge(&o.tried[i])
	}
}

// called returns what a condition is for the indicator: where, good or bad. The where of
// one that is all that says which events are good, or bad, of an sli of two sources is
// that.
func (r *request) called(group int) string {
	switch count := r.req.Count; {
	case group == sliGroup:
		return r.key
	case r.key == "" && (count == spec.Good || count == spec.Bad):
		return string(count)
	}
	return "where"
}

// unmet returns the warnings about conditions that no event met. That none was bad is
// what is hoped for, and is worth a word only if a value almost is.
func (r *request) unmet(s Source) []diag.Finding {
	if !r.tried[whereGroup].Met() {
		return r.unmetBy(s, whereGroup, "where", r.tally.seen)
	}
	return r.unmetBy(s, sliGroup, r.key, r.tally.held)
}

// unmetBy warns if none of n events met a condition, which stands in the file as key.
func (r *request) unmetBy(s Source, group int, key string, n int64) []diag.Finding {
	cond, called := &r.tried[group], r.called(group)
	if cond.Met() || n == 0 || called == "bad" && !cond.Close() {
		return nil
	}
	return []diag.Finding{cond.Unmet(r.req.SLI.Get(key).Pos, s.Room, called, s.count(n), s.Noun)}
}

// emit answers with one label set at a time, in the order of their values.
func (r *request) emit(m measured, base sources.Answer, emit func(sources.Answer)) {
	if base.Err = r.split.Err(); base.Err != nil {
		emit(base)
		return
	}
	r.split.Join(r.strays, (*set).merge)
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
	a.Series.Newest = a.Newest
	fill(a.Series, a.Series, &s.counts)
	if !s.doubts.Empty() || !r.anywhere.Empty() {
		n := a.Series.Len()
		doubt := &slo.Series{Start: a.Series.Start, Step: a.Series.Step}
		doubt.Bad, doubt.Total = make([]float64, n), make([]float64, n)
		fill(doubt, a.Series, &s.doubts)
		fill(doubt, a.Series, &r.anywhere)
		a.Series.Doubt = doubt
	}
	a.Percentiles = s.percentiles(r.req.Period.Start)
	return a
}
