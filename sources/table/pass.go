package table

import (
	"errors"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/match"
)

// pass is one reading of all files for all requests.
type pass struct {
	*source
	want  Columns
	asked []*asked // by request

	selections []*selection // requests for a pre-bucketed table
	bucketed   bool         // a selection still wants rows
	grid       *grid
	seen       map[int64]*seen // by phase of the step
	tooMany    bool            // sets of dimensions, and that was reported
	span       slo.Period      // from the first to the last instant requested

	folder      *fold.Folder  // requests for events, nil if there are none
	eventIndex  []int         // of the requests that folder has
	tested      bool          // one of them says what is good or bad, so that every row is an event
	spans       []match.Field // columns whose values must be durations
	numbers     []*numberColumn
	first, last time.Time // event
	wentOn      bool      // there are events that are too late to count

	counted bool     // a row stated a count
	bare    rowCount // rows that stated none
	headed  bool     // the file being read has a header, which was judged

	unseen []int // columns asked for that no row had yet; of formats whose rows name their columns

	rows              int
	in                *sources.Input // being read
	wrong             findings
	leftOut, repeated rowCount
}

// asked is what one request asks of files.
type asked struct {
	names []string // of columns
	byRow bool     // rows that state no count may be its events
	wrong findings // of this request only
}

func (s *source) newPass(reqs []sources.Request) (*pass, error) {
	p := &pass{source: s, grid: newGrid(&s.config, s.format.Name), seen: map[int64]*seen{}, wrong: findings{room: s.format.Name}}
	p.want = Columns{Names: slices.Clone(s.config.core[:]), Core: coreColumns}
	var eventReqs []sources.Request
	var wrong diag.List
	for i, r := range reqs {
		p.asked = append(p.asked, &asked{wrong: findings{room: s.format.Name}})
		if events(r.SLI.Value) {
			eventReqs, p.eventIndex, p.tested = append(eventReqs, r), append(p.eventIndex, i), true
			continue
		}
		wrong = append(wrong, p.addSelection(i, r)...)
		if s.config.countsRows(r) {
			p.asked[i].byRow = true
			eventReqs, p.eventIndex = append(eventReqs, r), append(p.eventIndex, i)
		}
	}
	if len(eventReqs) > 0 {
		wrong = append(wrong, p.addFolder(eventReqs)...)
	}
	if wrong.Errors() {
		return nil, wrong
	}
	p.bucketed = len(p.selections) > 0
	p.want.Keyed = p.bucketed
	for _, a := range p.asked {
		for _, name := range a.names {
			if i := slices.Index(p.want.Names, name); !slices.Contains(p.unseen, i) {
				p.unseen = append(p.unseen, i)
			}
		}
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

// resolve finds a field for a condition.
func (p *pass) resolve(name string) (match.Field, bool) {
	field := p.config.field(p.config.column(name))
	field.Index = p.column(name)
	return field, true
}

// resolver is resolve for one request, which then asks for the column.
func (p *pass) resolver(a *asked) func(string) (match.Field, bool) {
	return func(name string) (match.Field, bool) {
		if column := p.config.column(name); !slices.Contains(a.names, column) {
			a.names = append(a.names, column)
		}
		return p.resolve(name)
	}
}

func (p *pass) addSelection(i int, r sources.Request) diag.List {
	resolve := p.resolver(p.asked[i])
	where, wrong := match.Compile(r.SLI.Get("where"), resolve, nil)
	s := &selection{index: i, req: r, where: where, wrong: &p.asked[i].wrong}
	var columns []int
	for _, name := range r.Per {
		field, _ := resolve(name)
		columns = append(columns, field.Index)
	}
	s.split = fold.NewSplit(r, columns, newPart)
	p.selections = append(p.selections, s)
	p.span = p.span.Hull(r.Period)
	return wrong
}

// folds tells whether events answer request i.
func (p *pass) folds(i int) bool {
	return slices.Contains(p.eventIndex, i) && (!p.asked[i].byRow || p.bare.n > 0 && !p.counted)
}

// mixed refuses to add up rows that state counts and rows that are events.
func (p *pass) mixed(s *selection) {
	if p.asked[s.index].byRow && p.bare.n > 0 {
		s.wrong.add(p.bare.first.File, diag.Errorf(p.bare.first, "mixed", "%s without a count, others have one", rows(p.bare.n)).
			WithHint("a table holds counts, or one row an event; give each kind a source of its own"))
	}
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
	complete := p.grid.complete(p.env.At)
	for _, s := range p.selections {
		if !p.folds(s.index) {
			p.mixed(s)
			s.emit(p.grid, bucketNotes, inputs, func(a sources.Answer) {
				a.Complete = complete
				emit(a)
			})
		}
	}
	if p.folder == nil {
		return
	}
	p.emitEvents(notes, inputs, emit)
}
