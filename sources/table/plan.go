package table

import (
	"slices"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/bucket"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/match"
)

// plan is what the requests of one Fetch ask of files. It is made before the first
// file is read. Only its collector and its folders change after that: the collector
// belongs to the file whose turn it is, a folder to the file that borrowed it.
type plan struct {
	source *source
	want   Columns
	asked  []*asked          // by request
	counts *bucket.Collector // of the requests for a pre-bucketed table
	events *events           // the requests for events, nil if there are none

	overlaps diag.List // of the files, once they were read
}

// asked is what one request asks of files.
type asked struct {
	names     []string          // of columns
	columns   []int             // the same, in Row.Values
	valued    []int             // those of which a value is expected: more than none is asked of them
	spans     []match.Field     // columns whose values must be durations
	byRow     bool              // rows that state no count may be its events
	selection *bucket.Selection // of a request for a pre-bucketed table
}

func (s *source) newPlan(reqs []sources.Request) (*plan, error) {
	p := &plan{source: s, counts: s.newCollector()}
	p.want = Columns{Names: slices.Clone(s.config.core[:]), Core: coreColumns}
	var ev events
	var wrong diag.List
	for i, r := range reqs {
		p.asked = append(p.asked, &asked{})
		if isEvents(r.SLI.Value) {
			ev.add(i, r)
			ev.tested = true
			continue
		}
		selection, findings := p.counts.Ask(i, r, p.resolver(p.asked[i]), nil)
		p.asked[i].selection = selection
		wrong = append(wrong, findings...)
		if s.config.countsRows(r) {
			p.asked[i].byRow = true
			ev.add(i, r)
		}
	}
	if len(ev.requests) > 0 {
		p.events = &ev
		wrong = append(wrong, p.prepareEvents()...)
	}
	if wrong.Errors() {
		return nil, wrong
	}
	p.want.Keyed = p.bucketed()
	for i, a := range p.asked {
		for _, name := range a.names {
			a.columns = append(a.columns, slices.Index(p.want.Names, name))
		}
		a.valued = p.valued(reqs[i])
	}
	return p, nil
}

// valued returns the columns of which a request expects values.
func (p *plan) valued(r sources.Request) (columns []int) {
	for _, name := range r.Per {
		columns = append(columns, p.column(name))
	}
	for _, key := range []string{"where", "good", "bad"} {
		e, _ := match.Parse(r.SLI.Get(key), p.resolve, nil)
		match.Tests(e, func(t match.Test) {
			if _, none := t.Is.(match.None); !none {
				columns = append(columns, t.Field.Index)
			}
		})
	}
	return columns
}

func (s *source) newCollector() *bucket.Collector {
	c := &s.config
	return bucket.New(bucket.Config{
		Room: s.format.Name, Step: c.step, Zone: c.zone, At: s.env.At,
		MaxUnread: fold.ReadMaxUnread(c.block),
		StepPos:   c.block.Get("step").Pos, OffGrid: c.offGrid, Contradicts: c.contradicts, TooMany: tooMany, Lacks: lacks,
	})
}

// bucketed tells whether there are requests for a pre-bucketed table.
func (p *plan) bucketed() bool { return len(p.counts.Selections()) > 0 }

// column returns the index in Row.Values of the column that conditions call
// name, and asks readers for it.
func (p *plan) column(name string) int {
	name = p.source.config.column(name)
	if i := slices.Index(p.want.Names, name); i >= 0 {
		return i
	}
	p.want.Names = append(p.want.Names, name)
	return len(p.want.Names) - 1
}

// resolve finds a field for a condition.
func (p *plan) resolve(name string) (match.Field, bool) {
	c := &p.source.config
	field := c.field(c.column(name))
	field.Index = p.column(name)
	return field, true
}

// resolver is resolve for one request, which then asks for the column.
func (p *plan) resolver(a *asked) func(string) (match.Field, bool) {
	return func(name string) (match.Field, bool) {
		if column := p.source.config.column(name); !slices.Contains(a.names, column) {
			a.names = append(a.names, column)
		}
		return p.resolve(name)
	}
}

// lacks refuses a request that needs counts which are not there.
func lacks(which spec.Count) diag.Finding {
	want := "two of good, bad and total"
	switch which {
	case spec.Good:
		want = "good, or bad and total"
	case spec.Bad:
		want = "bad, or good and total"
	case spec.Total:
		want = "total, or good and bad"
	}
	return diag.Errorf(diag.Pos{}, "column", "the indicator needs %s", want).
		WithHint("name the columns in the source: columns: {good: ok_requests, total: requests}; " +
			"of a table with one row an event, say in the sli what is good or bad")
}
