package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/all"
)

// collector joins objectives with what their sources count. Objectives of one
// indicator share a request, and all requests to one source go in one call.
type collector struct {
	env         sources.Env
	percentiles bool
	needs       func(slo.SLO) slo.Period
	add         func(report.Measured) error
	calendars   calendars

	asked     map[string]*spec.Source // by what it says
	questions []*question
	sources   []report.Source
	failed    bool // a source gave no answer to something
	refusals  diag.List
}

// question is one request and the objectives that wait for its answers.
type question struct {
	part    spec.Part
	sli     string // what part.SLI says
	req     sources.Request
	waiting []*spec.Objective
	answers []sources.Answer // kept only where two parts have to be joined
	done    bool             // answered, or failed
	failed  string
}

// collect answers every objective in turn.
func (c *collector) collect(ctx context.Context, objectives []spec.Objective) error {
	for i := range objectives {
		if c.calendars.failed[&objectives[i]] != "" {
			continue
		}
		for k := range objectives[i].Parts {
			p := &objectives[i].Parts[k]
			p.Source = c.shared(p.Source)
			c.ask(&objectives[i], *p)
		}
	}
	var order []*spec.Source
	for _, q := range c.questions {
		if !slices.Contains(order, q.part.Source) {
			order = append(order, q.part.Source)
		}
	}
	if err := oneStdin(order); err != nil {
		return err
	}
	for _, s := range order {
		if err := c.fetch(ctx, s); err != nil {
			return err
		}
		if errors.Is(context.Cause(ctx), context.Canceled) { // interrupted: half an answer is none
			return exitError{exitUncertain, errors.New("interrupted")}
		}
	}
	for i := range objectives {
		if err := c.finish(&objectives[i]); err != nil {
			return err
		}
	}
	return nil
}

// oneStdin refuses a second source that reads standard input.
func oneStdin(order []*spec.Source) error {
	var first *spec.Source
	for _, s := range order {
		if !s.ReadsStdin() {
			continue
		}
		if first != nil {
			return exitError{exitUsage, diag.List{diag.Errorf(s.Files.Pos, "source/stdin",
				"source %q reads standard input, as source %q does already", s.Name, first.Name).WithHint("only one source can: give the other a file")}}
		}
		first = s
	}
	return nil
}

// shared returns the source asked before that says the same as s, so that a log
// named by two files is read once.
func (c *collector) shared(s *spec.Source) *spec.Source {
	says := fmt.Sprintf("%q %q %q %q %s", s.Name, s.Type, s.Block.Dir, s.Block.Zone.String(), s.Block.String())
	if c.asked == nil {
		c.asked = map[string]*spec.Source{}
	}
	if c.asked[says] == nil {
		c.asked[says] = s
	}
	return c.asked[says]
}

// ask adds the request of a part, or widens the one that asks the same already.
func (c *collector) ask(o *spec.Objective, p spec.Part) {
	need, sli := c.needs(o.SLO), p.SLI.String()
	for _, q := range c.questions {
		if q.part.Source == p.Source && q.sli == sli && q.part.Count == p.Count && slices.Equal(q.req.Per, o.Per) {
			q.req.Period = q.req.Period.Hull(whole(need))
			q.waiting = append(q.waiting, o)
			return
		}
	}
	c.questions = append(c.questions, &question{part: p, sli: sli, waiting: []*spec.Objective{o}, req: sources.Request{
		SLI: p.SLI, Count: p.Count, Per: o.Per, Period: whole(need), Step: time.Minute, Percentiles: c.percentiles,
	}})
}

// whole widens p to whole minutes.
func whole(p slo.Period) slo.Period {
	start, end := p.Start.Truncate(time.Minute), p.End.Truncate(time.Minute)
	if end.Before(p.End) {
		end = end.Add(time.Minute)
	}
	return slo.Period{Start: start, End: end}
}

// fetch puts all questions to one source.
func (c *collector) fetch(ctx context.Context, s *spec.Source) error {
	var mine []*question
	var reqs []sources.Request
	for _, q := range c.questions {
		if q.part.Source == s {
			mine, reqs = append(mine, q), append(reqs, q.req)
		}
	}
	info := report.Source{Name: s.Name, Type: s.Type, Inputs: []report.Input{}, Notes: []diag.Finding{}}
	var broken error
	err := open(ctx, s, c.env, reqs, func(a sources.Answer) {
		if broken == nil {
			broken = c.answer(mine[a.Request], a, &info)
		}
	})
	if broken != nil {
		return broken
	}
	if err != nil {
		c.refuse(s, err)
		info.Failed = brief(err)
		for _, q := range mine {
			if !q.done {
				q.done, q.failed = true, brief(err)
			}
		}
	}
	c.sources = append(c.sources, info)
	return nil
}

func open(ctx context.Context, s *spec.Source, env sources.Env, reqs []sources.Request, emit func(sources.Answer)) error {
	kind, ok := sources.Find(all.Kinds(), s.Type)
	if !ok {
		return fmt.Errorf("source %q: unknown type %q", s.Name, s.Type)
	}
	src, err := kind.Open(ctx, s.Block, env)
	if err != nil {
		return err
	}
	if c, ok := src.(io.Closer); ok {
		defer c.Close()
	}
	return src.Fetch(ctx, reqs, emit)
}

// answer hands an answer to the objectives that wait for it.
func (c *collector) answer(q *question, a sources.Answer, info *report.Source) error {
	q.done = true
	note(info, a)
	if a.Err != nil {
		c.refuse(q.part.Source, a.Err)
		q.failed = brief(a.Err)
		info.Failed = q.failed
		return nil
	}
	joined := false
	for _, o := range q.waiting {
		if len(o.Parts) > 1 {
			joined = true
			continue
		}
		if err := c.judge(o, a.Labels, a.Series, a.Percentiles, a.Notes); err != nil {
			return err
		}
	}
	if joined {
		q.answers = append(q.answers, a)
	}
	return nil
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
func (c *collector) refuse(s *spec.Source, err error) {
	c.failed = true
	for _, f := range sources.Explain(s, err) {
		if !slices.Contains(c.refusals, f) {
			c.refusals = append(c.refusals, f)
		}
	}
}

// brief says in one line why a source failed.
func brief(err error) string {
	var list diag.List
	if !errors.As(err, &list) || len(list) == 0 {
		return err.Error()
	}
	if len(list) == 1 {
		return list[0].Error()
	}
	return fmt.Sprintf("%s (and %d more)", list[0].Error(), len(list)-1)
}

// indicator names what was counted: objectives that say the same of the same
// source count the same events.
func indicator(o *spec.Objective) string {
	var parts []string
	for _, p := range o.Parts {
		parts = append(parts, p.Source.Block.Pos.String()+" "+p.SLI.String())
	}
	return strings.Join(parts, "\n")
}

// judge hands an objective with its counts on. One that cannot be judged over them
// has no data; the others go on.
func (c *collector) judge(o *spec.Objective, labels map[string]string, data *slo.Series, hours []slo.Percentiles, notes []diag.Finding) error {
	own := labelled(o, labels)
	notes = slices.Concat(c.calendars.warnings[o], notes)
	err := c.add(report.Measured{SLO: own.SLO, Indicator: indicator(o), Data: data, Percentiles: hours, Warnings: notes})
	if err == nil {
		return nil
	}
	refused := diag.List{diag.Errorf(o.Pos, "source/step", "%v", err)}
	c.refuse(o.Parts[0].Source, refused)
	return c.unanswered(own, brief(refused))
}

// finish judges an objective of two parts, or one that no source answered.
func (c *collector) finish(o *spec.Objective) error {
	if why := c.calendars.failed[o]; why != "" {
		return c.unanswered(o, why)
	}
	var qs []*question
	for _, q := range c.questions {
		if slices.Contains(q.waiting, o) {
			qs = append(qs, q)
		}
	}
	slices.SortStableFunc(qs, func(a, b *question) int { return cmp.Compare(partRank(a.part.Count), partRank(b.part.Count)) })
	for _, q := range qs {
		if q.failed != "" {
			return c.unanswered(o, q.failed)
		}
	}
	if len(qs) == 1 {
		if !qs[0].done {
			return c.unanswered(o, "")
		}
		return nil
	}
	return c.join(o, qs)
}

// partRank puts good before bad, and total last.
func partRank(count spec.Count) int {
	return slices.Index([]spec.Count{spec.Good, spec.Bad, spec.Total}, count)
}

// join makes one series of the counts of two sources, for every label set that one
// of them knows.
func (c *collector) join(o *spec.Objective, qs []*question) error {
	first, second := qs[0].answers, qs[1].answers
	for _, a := range first {
		k := slices.IndexFunc(second, func(b sources.Answer) bool { return maps.Equal(a.Labels, b.Labels) })
		if k < 0 {
			if err := c.halfAnswered(o, a.Labels, qs[1]); err != nil {
				return err
			}
			continue
		}
		if err := c.joined(o, qs, a, second[k]); err != nil {
			return err
		}
	}
	for _, b := range second {
		if slices.ContainsFunc(first, func(a sources.Answer) bool { return maps.Equal(a.Labels, b.Labels) }) {
			continue
		}
		if err := c.halfAnswered(o, b.Labels, qs[0]); err != nil {
			return err
		}
	}
	if len(first)+len(second) == 0 {
		return c.unanswered(o, "")
	}
	return nil
}

// joined judges an objective over the counts of both its sources.
func (c *collector) joined(o *spec.Objective, qs []*question, a, b sources.Answer) error {
	need := whole(c.needs(o.SLO))
	var data *slo.Series
	var err error
	if qs[1].part.Count == spec.Bad {
		data, err = slo.JoinBad(a.Series.Cut(need), b.Series.Cut(need))
	} else {
		data, err = slo.JoinTotal(a.Series.Cut(need), b.Series.Cut(need), qs[0].part.Count == spec.Good)
	}
	if err != nil {
		c.refuse(qs[0].part.Source, err)
		return c.unanswered(labelled(o, a.Labels), brief(err))
	}
	return c.judge(o, a.Labels, data, nil, append(slices.Clone(a.Notes), b.Notes...))
}

// halfAnswered judges an objective of which one source knows nothing.
func (c *collector) halfAnswered(o *spec.Objective, labels map[string]string, missing *question) error {
	own := labelled(o, labels)
	err := fmt.Errorf("source %q has no counts of %s", missing.part.Source.Name, own.ID())
	c.refuse(missing.part.Source, err)
	return c.unanswered(own, err.Error())
}

// labelled returns o with the labels that came with its data.
func labelled(o *spec.Objective, labels map[string]string) *spec.Objective {
	own := *o
	own.By = o.Per
	if len(labels) > 0 {
		own.Labels = map[string]string{}
		maps.Copy(own.Labels, o.Labels)
		maps.Copy(own.Labels, labels)
	}
	return &own
}

// unanswered judges an objective without data.
func (c *collector) unanswered(o *spec.Objective, why string) error {
	own, need := *o, whole(c.needs(o.SLO))
	own.By = o.Per
	return c.add(report.Measured{SLO: own.SLO, Indicator: indicator(o), Data: slo.NewSeries(need, time.Minute), Failed: why})
}
