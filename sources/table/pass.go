package table

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/match"
)

// pass is one reading of all files for all requests.
type pass struct {
	*source
	want   Columns
	needed []string // columns that every file must have

	selections []*selection // requests for a pre-bucketed table
	bucketed   bool         // a selection still wants rows
	grid       *grid
	seen       map[int64]*seen // by phase of the step
	span       slo.Period      // from the first to the last instant requested

	folder      *fold.Folder // requests for events, nil if there are none
	eventIndex  []int        // of the requests that folder has
	spans       []spanColumn // columns whose values must be durations
	first, last time.Time    // event

	unseen []int // needed columns that no row had yet; of formats whose rows name their columns

	rows              int
	in                *sources.Input // being read
	wrong             findings
	leftOut, repeated rowCount
}

// spanColumn is a column of durations.
type spanColumn struct {
	field  match.Field
	column string
}

// rowCount counts rows and knows where the first is.
type rowCount struct {
	n     int
	first diag.Pos
}

func (c *rowCount) add(file string, line int) {
	if c.n == 0 {
		c.first = diag.Pos{File: file, Line: line}
	}
	c.n++
}

func (s *source) newPass(reqs []sources.Request) (*pass, error) {
	p := &pass{source: s, grid: newGrid(&s.config, s.format.Name), seen: map[int64]*seen{}, wrong: findings{room: s.format.Name}}
	p.want = Columns{Names: slices.Clone(s.config.core[:]), Core: coreColumns}
	p.needed = []string{s.config.core[colStamp]}
	var eventReqs []sources.Request
	var wrong diag.List
	for i, r := range reqs {
		if events(r.SLI.Value) {
			eventReqs, p.eventIndex = append(eventReqs, r), append(p.eventIndex, i)
			continue
		}
		wrong = append(wrong, p.addSelection(i, r)...)
	}
	if len(eventReqs) > 0 {
		wrong = append(wrong, p.addFolder(eventReqs)...)
	}
	p.bucketed = len(p.selections) > 0
	p.want.Keyed = p.bucketed
	for _, name := range p.needed {
		p.unseen = append(p.unseen, slices.Index(p.want.Names, name))
	}
	if wrong.Errors() {
		return nil, wrong
	}
	return p, nil
}

// column returns the index in Row.Values of the column that conditions call
// name, and asks readers for it.
func (p *pass) column(name string) int {
	name = p.config.column(name)
	if i := slices.Index(p.want.Names, name); i >= 0 {
		return i
	}
	p.want.Names = append(p.want.Names, name)
	return len(p.want.Names) - 1
}

// resolve is column with the field's type, for columns that files must have.
func (p *pass) resolve(name string) (match.Field, bool) {
	field := p.config.field(p.config.column(name))
	field.Index = p.column(name)
	if column := p.want.Names[field.Index]; !slices.Contains(p.needed, column) {
		p.needed = append(p.needed, column)
	}
	return field, true
}

func (p *pass) addSelection(i int, r sources.Request) diag.List {
	where, wrong := match.Compile(r.SLI.Get("where"), p.resolve, nil)
	s := &selection{index: i, req: r, where: where, parts: map[string]*part{}, wrong: findings{room: p.format.Name}}
	for _, name := range r.Per {
		field, _ := p.resolve(name)
		s.per = append(s.per, field.Index)
	}
	p.selections = append(p.selections, s)
	p.span = hull(p.span, r.Period)
	return wrong
}

// hull returns the shortest period that covers both.
func hull(a, b slo.Period) slo.Period {
	switch {
	case a.Empty():
		return b
	case b.Empty():
		return a
	}
	if b.Start.Before(a.Start) {
		a.Start = b.Start
	}
	if b.End.After(a.End) {
		a.End = b.End
	}
	return a
}

// addFolder prepares the requests for events.
func (p *pass) addFolder(reqs []sources.Request) (wrong diag.List) {
	var tested []string
	percentiles := false
	for _, r := range reqs {
		percentiles = percentiles || r.Percentiles
		for _, key := range []string{"where", "good", "bad"} {
			tested = append(tested, durationColumns(r.SLI.Get(key))...)
		}
	}
	p.folder, wrong = fold.New(reqs, p.resolve, nil, p.duration(percentiles, tested))
	p.folder.At = p.env.At
	p.addSpans(tested)
	return wrong
}

// duration returns the field that percentiles are made of: the first that a
// condition compares with a length of time, else the column called duration,
// which files may lack.
func (p *pass) duration(wanted bool, tested []string) *match.Field {
	if !wanted {
		return nil
	}
	name := append(tested, "duration")[0]
	field := p.config.field(p.config.column(name))
	field.Index = p.column(name)
	return &field
}

// addSpans makes the columns of conditions that are durations, by their name or
// by the tests of them, refuse values that are none.
func (p *pass) addSpans(tested []string) {
	for _, column := range p.needed[1:] { // all but the timestamp
		field := p.config.field(column)
		field.Index = p.column(column)
		isTested := slices.ContainsFunc(tested, func(name string) bool { return p.config.column(name) == column })
		if field.Type == match.Duration || isTested {
			p.spans = append(p.spans, spanColumn{field, column})
		}
	}
}

// provides tells whether columns of these names state a count.
func (p *pass) provides(which spec.Count, have []string) bool {
	has := func(col int) bool { return slices.Contains(have, p.config.core[col]) }
	n := counts{hasGood: has(colGood), hasBad: has(colBad), hasTotal: has(colTotal)}
	two := n.hasGood && n.hasBad || n.hasGood && n.hasTotal || n.hasBad && n.hasTotal
	_, _, ok := n.want(which)
	return two || ok
}

func missingColumn(name string, have []string) diag.Finding {
	f := diag.Errorf(diag.Pos{Line: 1}, "column", "column %q is missing, the file has %s", name, strings.Join(quoteAll(have), ", "))
	for _, other := range have {
		if strings.EqualFold(strings.TrimSpace(other), name) {
			return f.WithHint("did you mean %q? names are the same only letter by letter", other)
		}
	}
	return f.WithHint("name it in the source if it is called something else: columns: {timestamp: time}")
}

func quoteAll(names []string) []string {
	var out []string
	for _, n := range names[:min(len(names), 12)] {
		out = append(out, quote([]byte(n)))
	}
	if len(names) > 12 {
		out = append(out, "…")
	}
	return out
}

// err returns what refuses the whole source.
func (p *pass) err() error {
	return joinFindings(p.wrong.err(), p.grid.err())
}

func joinFindings(errs ...error) error {
	var all diag.List
	for _, err := range errs {
		var list diag.List
		if errors.As(err, &list) {
			all = append(all, list...)
		}
	}
	if len(all) == 0 {
		return nil
	}
	all.Sort()
	return all
}

func (p *pass) emit(inputs []sources.Input, emit func(sources.Answer)) {
	notes := p.notes()
	bucketNotes := append(notes[:len(notes):len(notes)], p.bucketNotes()...)
	for _, s := range p.selections {
		s.emit(p.grid, bucketNotes, inputs, emit)
	}
	if p.folder == nil {
		return
	}
	p.folder.Emit(p.first, p.last, notes, inputs, func(a sources.Answer) {
		a.Request = p.eventIndex[a.Request]
		emit(a)
	})
}

// notes are the warnings that all requests share.
func (p *pass) notes() (notes []diag.Finding) {
	if n := p.leftOut.n; n > 0 {
		notes = append(notes, diag.Warnf(p.leftOut.first, p.format.Name+"/future", "%s left out: not complete at %s",
			rows(n), p.env.At.UTC().Format(time.RFC3339)))
	}
	pos := p.config.block.Get("path").Pos
	if p.rows == 0 {
		return append(notes, diag.Warnf(pos, p.format.Name+"/empty", "there are no rows"))
	}
	for _, i := range p.unseen {
		notes = append(notes, diag.Warnf(pos, p.format.Name+"/column", "no row has %q", p.want.Names[i]).
			WithHint("is the name right? tests of it hold for no event"))
	}
	return notes
}

// bucketNotes are those about pre-bucketed tables.
func (p *pass) bucketNotes() (notes []diag.Finding) {
	if n := p.repeated.n; n > 0 {
		notes = append(notes, diag.Warnf(p.repeated.first, p.format.Name+"/repeated", "%s the same as an earlier one, counted once", rows(n)))
	}
	if step := p.grid.coarser(); len(p.selections) > 0 && step > 0 {
		text := slo.FormatDuration(step)
		pos := p.config.block.Get("step").Pos
		notes = append(notes, diag.Warnf(pos, p.format.Name+"/step", "all rows start a step of %s, but step is %s, so that the time between them counts as not measured",
			text, slo.FormatDuration(p.config.step)).WithHint("did you mean step: %s?", text))
	}
	return notes
}

// rows is "1 row is" or "12 rows are".
func rows(n int) string {
	if n == 1 {
		return "1 row is"
	}
	return thousands(n) + " rows are"
}
