package collect

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// judge hands objectives to Plan.Judge and remembers what their sources say beside
// their counts.
type judge struct {
	plan     Plan
	sources  []report.Source
	came     []string        // IDs of objectives
	met      map[string]bool // terms of Plan.Only that chose one
	refusals diag.List
	told     diag.List // of them, those that the model tells, see brief
	failed   bool
	blank    []float64 // buckets that were not measured: series without counts share them
}

// hear takes all answers of one source.
func (j *judge) hear(r *reader) error {
	s := r.inquiry.source
	info := report.Source{Name: s.Name, Type: s.Type, Inputs: []report.Input{}, Notes: []diag.Finding{}}
	for a := range r.answers {
		if err := j.answer(r.inquiry.questions[a.Request], a, &info); err != nil {
			return err
		}
	}
	if r.err != nil {
		j.refuse(s, r.err)
		info.Failed = brief(s, r.err)
		for _, q := range r.inquiry.questions {
			if !q.answered {
				q.answered, q.failed = true, info.Failed
				j.tell(q, sources.Answer{Err: r.err})
			}
		}
	}
	j.sources = append(j.sources, info)
	return nil
}

// answer judges the objectives that wait for an answer. Those of two sources wait for
// the other one.
func (j *judge) answer(q *question, a sources.Answer, info *report.Source) error {
	q.answered = true
	note(info, a)
	j.tell(q, a)
	if a.Err != nil {
		j.refuse(q.source, a.Err)
		q.failed = brief(q.source, a.Err)
		info.Failed = q.failed
		return nil
	}
	join := false
	for _, o := range q.waiting {
		if len(o.asks) > 1 {
			join = true
			continue
		}
		if err := j.counted(o, o.asks[0].place(a)); err != nil {
			return err
		}
	}
	if join {
		q.kept = append(q.kept, keep(a))
	}
	return nil
}

// tell hands on an answer to whoever wants to hear it.
func (j *judge) tell(q *question, a sources.Answer) {
	if j.plan.Hear == nil {
		return
	}
	for _, o := range q.waiting {
		for _, of := range o.asks {
			if of.question == q {
				j.plan.Hear(Heard{o.Objective, of.part, q.request.Period, of.place(a)})
			}
		}
	}
}

// note adds what an answer tells of its source.
func note(info *report.Source, a sources.Answer) {
	if newest := a.Newest; !newest.IsZero() && (info.Newest == nil || newest.After(*info.Newest)) {
		info.Newest = &newest
	}
	for _, in := range a.Inputs {
		if i := (report.Input(in)); !slices.Contains(info.Inputs, i) {
			info.Inputs = append(info.Inputs, i)
		}
	}
	for _, n := range a.Notes {
		if !slices.Contains(info.Notes, n) {
			info.Notes = append(info.Notes, n)
		}
	}
}

// refuse remembers why a source gave no answer.
func (j *judge) refuse(s *spec.Source, err error) {
	j.failed = true
	findings := sources.Explain(s, err)
	j.told = append(j.told, findings[0])
	for _, f := range findings {
		if !slices.Contains(j.refusals, f) {
			j.refusals = append(j.refusals, f)
		}
	}
}

// brief says in one line why a source failed, which and where it stands, and the first hint.
func brief(s *spec.Source, err error) string {
	findings := sources.Explain(s, err)
	text := findings[0].Error()
	if hint := findings[0].Hint; hint != "" {
		text += "; " + hint
	}
	if more := len(findings) - 1; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

// counted hands on an objective with the counts of an answer. One that cannot be
// judged over them has no data; the others go on.
func (j *judge) counted(o *objective, a sources.Answer) error {
	s := labelled(o, a.Labels)
	if len(a.Labels) > 0 && !j.plan.lists(s, a.Series) {
		o.passed(a.Series)
		return nil
	}
	o.listed = true
	err := j.hand(build.Measured{SLO: s, Indicator: indicator(o), Data: a.Series, Percentiles: a.Percentiles,
		Warnings: slices.Concat(o.warnings, a.Notes), Idle: o.Idle()})
	if err == nil {
		return nil
	}
	refused := diag.List{diag.Errorf(o.Pos, "source/step", "%v", err)}
	j.refuse(o.Parts[0].Source, refused)
	return j.unanswered(o, s, brief(o.Parts[0].Source, refused))
}

// unanswered hands on an objective without counts.
func (j *judge) unanswered(o *objective, s slo.SLO, why string) error {
	o.listed = true
	data := j.uncounted(whole(j.plan.Needs(s)))
	if why == "" {
		data.Oldest, data.Newest = o.oldest, o.newest
	}
	return j.hand(build.Measured{SLO: s, Indicator: indicator(o), Data: data, Idle: o.Idle(), Failed: why})
}

// uncounted returns a series over p in which nothing was measured. A file may have a
// thousand objectives whose source is missing.
func (j *judge) uncounted(p slo.Period) *slo.Series {
	start, n := p.Start, max(int(p.Length()/time.Minute), 0)
	if n > len(j.blank) {
		p.End = p.End.Add(p.Length()) // the next may be longer
		j.blank = slo.NewSeries(p, time.Minute).Total
	}
	blank := j.blank[:n:n]
	return &slo.Series{Start: start, Step: time.Minute, Bad: blank, Total: blank}
}

// hand hands on what the selector takes, now that labels are known.
func (j *judge) hand(m build.Measured) error {
	j.came = append(j.came, m.SLO.ID())
	for _, term := range j.plan.Only {
		if !j.met[term] && (slo.Selector{term}).Takes(m.SLO, m.SLO.Unlabelled()) {
			j.met[term] = true
		}
	}
	if !j.plan.Only.Takes(m.SLO, m.SLO.Unlabelled()) {
		return nil
	}
	return j.plan.Judge(m)
}

// labelled returns the SLO of o with the labels that came with its data.
func labelled(o *objective, labels map[string]string) slo.SLO {
	s := o.SLO
	s.By = o.Per
	if len(labels) > 0 {
		s.Labels = map[string]string{}
		maps.Copy(s.Labels, o.Labels)
		maps.Copy(s.Labels, labels)
	}
	return s
}
