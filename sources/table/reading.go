package table

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/bucket"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/input"
)

// reading is one file being read, and what was found in it.
type reading struct {
	plan   *plan
	in     *sources.Input
	folder *fold.Folder // for events, nil if nobody asks for them

	headed bool       // the file has a header, which was judged
	known  bool       // a row had a time that can be read: the file is a table
	counts bucket.Row // of the row being read
	able   []bool     // by request for events: it can read the row being read

	rows    int
	short   bucket.Rows       // that have fewer values than the header has names
	seen    []bool            // by column: a row had it
	counted bool              // a row stated a count
	bare    bucket.Rows       // that stated none
	goesOn  bool              // there are events that are too late to count
	fresh   bool              // some of them are of the minute that has begun
	late    bucket.Rows       // of counts whose bucket has not begun
	lateAt  bucket.Rows       // of events that the minute which has begun does not explain
	coming  span              // of the events that are too late to count
	span    span              // of the others
	shown   [][]fold.Shown    // by request for events: the first rows that it cannot judge
	climbs  []bucket.Climb    // by the plan's number columns
	wrong   bucket.Findings   // refuse the source
	hint    string            // how times that cannot be read seem to be written
	refused []bucket.Findings // by request: refuse that one
}

// span is the times of the first and the last event, zero without one: no stamp is.
type span struct{ first, last time.Time }

func (s *span) merge(o span) {
	if !o.first.IsZero() {
		s.add(o.first)
		s.add(o.last)
	}
}

func (s *span) add(t time.Time) {
	if s.first.IsZero() || t.Before(s.first) {
		s.first = t
	}
	if t.After(s.last) {
		s.last = t
	}
}

func (p *plan) newReading(in *sources.Input) *reading {
	r := &reading{plan: p, in: in, seen: make([]bool, len(p.want.Names))}
	r.wrong = bucket.NewFindings(p.source.format.Name)
	for range p.asked {
		r.refused = append(r.refused, bucket.NewFindings(p.source.format.Name))
	}
	if p.events != nil {
		r.climbs = make([]bucket.Climb, len(p.events.numbers))
		r.able = make([]bool, len(p.events.index))
		r.shown = make([][]fold.Shown, len(p.events.index))
	}
	return r
}

// merge adds what was found in the file behind those of r.
func (r *reading) merge(later *reading) {
	r.rows += later.rows
	r.short.Merge(later.short)
	for i, seen := range later.seen {
		r.seen[i] = r.seen[i] || seen
	}
	r.counted = r.counted || later.counted
	r.bare.Merge(later.bare)
	r.goesOn, r.fresh = r.goesOn || later.goesOn, r.fresh || later.fresh
	r.late.Merge(later.late)
	r.lateAt.Merge(later.lateAt)
	r.span.merge(later.span)
	r.coming.merge(later.coming)
	for i, climb := range later.climbs {
		r.climbs[i].Merge(climb)
	}
	for i, shown := range later.shown {
		r.shown[i] = slices.Concat(r.shown[i], shown)
		r.shown[i] = r.shown[i][:min(len(r.shown[i]), maxShown)]
	}
	r.wrong.Merge(later.wrong)
	for i, wrong := range later.refused {
		r.refused[i].Merge(wrong)
	}
}

// read reads one file. Whether a row of counts repeats an earlier one depends on
// the order of the files, so these wait for their turn; files of events are read
// side by side.
func (p *plan) read(ctx context.Context, f *input.File, content io.Reader) (*reading, error) {
	r := p.newReading(&f.Input)
	if p.bucketed() {
		if err := f.Turn(ctx); err != nil {
			return nil, err
		}
	}
	if p.events != nil {
		r.folder = p.events.borrow()
		defer p.events.giveBack(r.folder)
	}
	return r, r.file(ctx, content)
}

// file reads the file to its end.
func (r *reading) file(ctx context.Context, content io.Reader) error {
	reader, err := r.plan.source.format.Open(r.plan.source.config.block, r.in.Name, content)
	if err == nil {
		err = r.columns(reader.Columns())
	}
	if err != nil {
		return r.refuse(err)
	}
	reader.Bind(r.plan.want)
	var row Row
	for n := 0; err != io.EOF; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return sources.Done(ctx)
		}
		if err = r.next(reader, &row); err != nil && err != io.EOF {
			return err
		}
	}
	return nil
}

// next reads and counts a row. It returns io.EOF at the end of the file, or of
// what can be read of it.
func (r *reading) next(reader Reader, row *Row) error {
	err := reader.Next(row)
	if err == io.EOF {
		return err
	}
	r.in.Rows++
	if err == nil {
		r.row(row)
		return nil
	}
	var one diag.Finding
	if refused := r.refuse(err); refused != nil || errors.As(err, &one) {
		return refused
	}
	return io.EOF
}

// refuse keeps findings and returns other errors, such as of reading the disk.
func (r *reading) refuse(err error) error {
	r.in.Unread++
	var list diag.List
	var one diag.Finding
	switch {
	case errors.As(err, &list):
		for _, f := range list {
			r.report(f)
		}
	case errors.As(err, &one):
		r.report(one)
	default:
		return err
	}
	return nil
}

// report keeps a finding that refuses the source.
func (r *reading) report(f diag.Finding) { r.wrong.Add(r.in.Name, f) }

// wrongFor returns the findings that refuse a request. Those of a request for a
// pre-bucketed table are kept by the collector, in the order of the files.
func (r *reading) wrongFor(request int) *bucket.Findings {
	if s := r.plan.asked[request].selection; s != nil {
		return &s.Wrong
	}
	return &r.refused[request]
}

func (r *reading) pos(row *Row) diag.Pos { return diag.Pos{File: r.in.Name, Line: row.Line} }
