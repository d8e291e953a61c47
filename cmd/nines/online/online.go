// Package online says what the sources of SLO files answer: for each query whether it
// finds anything, what, and how it was read. It asks nothing itself, but listens to what
// status would ask.
package online

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/cmd/nines/collect"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// Ear listens to a run of collect.
type Ear struct {
	at    time.Time
	hosts bool           // may be asked
	order map[string]int // of objectives, by ID
	heard []*part
	known map[place]*part
	notes diag.List
}

// place tells parts apart.
type place struct {
	objective string
	sli       diag.Pos
}

// part is what was heard of a part of an objective.
type part struct {
	objective string
	age       time.Duration // that counts may have
	of        spec.Part
	period    slo.Period
	found     []sources.Found
	sets      int  // label sets, of an objective that is split by labels
	measured  bool // there is a bucket that counts

	rows          int64
	names         []string  // of inputs
	first, newest time.Time // of buckets
	step          time.Duration
	err           error
}

// Listen returns who listens to what is heard of the objectives of a set at an instant.
// Hosts tells whether sources may go to any.
func Listen(set *spec.Set, at time.Time, hosts bool) *Ear {
	e := &Ear{at: at, hosts: hosts, order: map[string]int{}, known: map[place]*part{}}
	for i, o := range set.Objectives {
		e.order[o.ID()] = i
	}
	return e
}

// Hear is that of a collect.Plan.
func (e *Ear) Hear(h collect.Heard) {
	p := e.part(h)
	a := h.Answer
	e.notes = append(e.notes, a.Notes...)
	p.err = a.Err
	if len(a.Found) > 0 {
		p.found = a.Found
	}
	if len(a.Labels) > 0 {
		p.sets++
	}
	for _, in := range a.Inputs {
		if !slices.Contains(p.names, in.Name) {
			p.names = append(p.names, in.Name)
			p.rows += in.Rows
		}
	}
	if a.Series == nil {
		return
	}
	p.step = max(p.step, a.Series.Step)
	p.age = h.Objective.ReleasePolicy().Age(p.step) + h.Objective.Delay
	if first := a.Series.First(); !first.IsZero() {
		p.measured = true
		if p.first.IsZero() || first.Before(p.first) {
			p.first = first
		}
	}
	if a.Newest.After(p.newest) {
		p.newest = a.Newest
	}
}

// part returns what was heard of a part so far.
func (e *Ear) part(h collect.Heard) *part {
	at := place{h.Objective.ID(), h.Part.SLI.Pos}
	p := e.known[at]
	if p == nil {
		p = &part{objective: at.objective, of: h.Part, period: h.Period}
		e.known[at], e.heard = p, append(e.heard, p)
	}
	return p
}

// Findings returns what sources say beside their counts, which parts they found nothing for,
// and what is too old for a gate. Why a source gave no answer is not among them.
func (e *Ear) Findings() diag.List {
	out := slices.Clone(e.notes)
	for _, p := range e.heard {
		s := p.of.Source
		switch {
		case p.err != nil:
		case !p.measured:
			f := diag.Errorf(p.of.SLI.Pos, "online/nothing", "source %q has nothing for %s from %s to %s",
				s.Name, p.objective, stamp(p.period.Start), stamp(p.period.End))
			out = append(out, f.WithHint("status shows no data for it: are the query and the time right?"))
		case e.at.Sub(p.newest) > p.age:
			f := diag.Warnf(s.Block.Pos, "online/old", "source %q has nothing newer than %s to tell at %s",
				s.Name, stamp(p.newest), stamp(e.at))
			out = append(out, f.WithHint("no gate opens on counts that old: does the data still come, and what is the delay of the source?"))
		}
	}
	return out
}

// Unsure returns why sources could not be asked: nothing is known to be wrong with the
// files then. One that has no answer to such a request, whenever it is asked, was asked.
func (e *Ear) Unsure() diag.List {
	var out diag.List
	for _, p := range e.heard {
		if p.silent() && !(e.hosts && sources.ClassOf(p.err) == sources.Cannot) {
			out = append(out, sources.Explain(p.of.Source, p.err)...)
		}
	}
	return out
}

// silent tells whether the source did not answer, and may have something all the same.
func (p *part) silent() bool { return p.err != nil && sources.ClassOf(p.err) != sources.Refused }

// Lines returns a line for each query, in the order in which the files say them.
func (e *Ear) Lines() Lines {
	var out Lines
	sorted := slices.SortedStableFunc(slices.Values(e.heard), func(a, b *part) int {
		return cmp.Or(cmp.Compare(e.order[a.objective], e.order[b.objective]), cmp.Compare(a.of.SLI.Pos.Line, b.of.SLI.Pos.Line),
			cmp.Compare(a.of.SLI.Pos.Col, b.of.SLI.Pos.Col))
	})
	for _, p := range sorted {
		out = append(out, p.lines()...)
	}
	return out
}

// lines returns a line for each query of a part, or one for all that was read.
func (p *part) lines() (out Lines) {
	base := Line{Objective: p.objective, Source: p.of.Source.Name, Sets: p.sets, Pos: p.of.SLI.Pos, Failed: p.err != nil}
	if len(p.found) == 0 {
		one := base
		one.Read, one.Rows = p.names, p.rows
		if p.of.Count != spec.Both {
			one.Count = string(p.of.Count)
		}
		one.First, one.Newest, one.step = instant(p.first), instant(p.newest), p.step
		return Lines{one.said()}
	}
	for _, f := range p.found {
		one := base
		one.Count, one.Query, one.By, one.Labels = f.Key, f.Query, f.By, f.Labels
		if p.of.Count != spec.Both {
			one.Count = string(p.of.Count)
		}
		one.Series, one.First, one.Newest = &f.Series, instant(f.From), instant(f.To)
		one.step, one.every = f.Step, f.Every
		if f.Series == 0 && p.silent() {
			one.Series, one.By, one.step = nil, "", 0 // nobody knows
		}
		out = append(out, one.said())
	}
	return out
}

// instant returns an instant that is known, else nil.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
