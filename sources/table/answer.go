package table

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/bucket"
	"github.com/nines-slo/nines/sources/fold"
)

// answerer answers the requests once all files are read.
type answerer struct {
	plan   *plan
	read   *reading // all files together
	inputs []sources.Input
}

// answers joins the readings in the order of their files.
func (p *plan) answers(readings []*reading, inputs []sources.Input) *answerer {
	all := p.newReading(&sources.Input{})
	for _, r := range readings {
		all.merge(r)
	}
	return &answerer{plan: p, read: all, inputs: inputs}
}

func (a *answerer) emit(emit func(sources.Answer)) {
	for _, s := range a.plan.counts.Selections() {
		if a.folds(s.Index) {
			continue
		}
		a.mixed(s)
		if err := bucket.Join(a.read.wrong.Err(), a.plan.counts.Err(), s.Wrong.Err()); err != nil {
			emit(sources.Answer{Request: s.Index, Err: err})
			continue
		}
		a.plan.counts.Emit(s, a.notes(s.Index), a.inputs, emit)
	}
	if a.plan.events != nil {
		a.emitEvents(emit)
	}
}

// folds tells whether request i is answered by events: it asks for them, or may be
// answered by counting rows and no row states a count.
func (a *answerer) folds(i int) bool {
	asked := a.plan.asked[i]
	if asked.byRow {
		return a.read.bare.N > 0 && !a.read.counted
	}
	return asked.selection == nil
}

// mixed refuses to add up rows that state counts and rows that are events.
func (a *answerer) mixed(s *bucket.Selection) {
	bare := a.read.bare
	if a.plan.asked[s.Index].byRow && bare.N > 0 {
		s.Wrong.Add(bare.First.File, diag.Errorf(bare.First, "mixed", "%s without a count, others have one", bare).
			WithHint("a table holds counts, or one row an event; give each kind a source of its own"))
	}
}

// emitEvents answers the requests for events, those that cannot read what they ask
// for with an error.
func (a *answerer) emitEvents(emit func(sources.Answer)) {
	index := a.plan.events.index
	refused := map[int]bool{}
	for _, i := range index {
		err := bucket.Join(a.read.wrong.Err(), a.read.wrongFor(i).Err())
		if refused[i] = err != nil; err != nil && a.folds(i) {
			emit(sources.Answer{Request: i, Err: err})
		}
	}
	last := a.read.span.last
	fresh := last
	if a.read.goesOn && !a.read.span.first.IsZero() {
		last = a.plan.source.env.At
		if a.read.fresh {
			fresh = last
		}
	}
	first := a.read.span.first
	if first.IsZero() { // nothing yet: they begin later
		first = a.read.coming.first
	}
	seen := func(request int) fold.Seen {
		return fold.Seen{First: first, Last: last, Fresh: fresh, Notes: a.notes(index[request]),
			Shown: a.read.shown[request]}
	}
	a.plan.events.total().Emit(seen, a.inputs, func(answer sources.Answer) {
		i := index[answer.Request]
		if refused[i] || !a.folds(i) {
			return
		}
		answer.Request = i
		answer.Notes = append(answer.Notes, a.numberNotes(i)...)
		if a.plan.asked[i].byRow {
			answer.Notes = append(answer.Notes, a.byRowNote())
		}
		emit(answer)
	})
}

// notes are the warnings about what a request asks for.
func (a *answerer) notes(request int) (notes []diag.Finding) {
	late := a.read.late
	if a.folds(request) { // rows that state counts twice are one
		late = a.read.lateAt
		notes = append(notes, a.plan.overlaps...)
	}
	if late.N > 0 {
		notes = append(notes, diag.Warnf(late.First, a.code("future"), "%s left out: not complete at %s",
			late, a.plan.source.env.At.UTC().Format(time.RFC3339)))
	}
	if short := a.read.short; short.N > 0 {
		notes = append(notes, diag.Warnf(short.First, a.code("short"),
			"%s shorter than the header: what is missing at the end is taken for empty", short))
	}
	pos := a.plan.source.config.block.Get("path").Pos
	if a.read.rows == 0 {
		return append(notes, diag.Warnf(pos, a.code("empty"), "there are no rows"))
	}
	for _, i := range a.plan.asked[request].columns {
		if a.read.seen[i] || !slices.Contains(a.plan.asked[request].valued, i) {
			continue
		}
		notes = append(notes, diag.Warnf(pos, a.code("column"), "no row has %q", a.plan.want.Names[i]).
			WithHint("is the name right? no test of it but none is true of any row"))
	}
	return notes
}

func (a *answerer) byRowNote() diag.Finding {
	c := a.plan.source.config.core
	return diag.Warnf(a.read.bare.First, a.code("rows"),
		"no row has %q, %q or %q, so each row counts as one event of the total",
		c[colGood], c[colBad], c[colTotal]).
		WithHint("if a column holds counts, name it in the source: columns: {total: requests}")
}

// code returns a code of findings in the room of the format.
func (a *answerer) code(name string) string { return a.plan.source.format.Name + "/" + name }
