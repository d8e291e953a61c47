package table

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/input"
)

// source answers requests from the files of one block.
type source struct {
	format Format
	config config
	env    sources.Env
}

// Fetch reads every file once. Rows that cannot be used are a diag.List and
// concern all requests, since nobody can say whose they are.
func (s *source) Fetch(ctx context.Context, reqs []sources.Request, emit func(sources.Answer)) error {
	files, err := input.Find(s.config.block.Get("path"), s.config.block.Dir, s.env)
	if err != nil {
		return err
	}
	p, err := s.newPass(reqs)
	if err != nil {
		return err
	}
	inputs, err := files.Each(ctx, func(in *sources.Input, r io.Reader) error { return p.file(ctx, in, r) })
	if err != nil {
		return err
	}
	if err := p.err(); err != nil {
		return err
	}
	p.emit(inputs, emit)
	return nil
}

// file reads one file to its end.
func (p *pass) file(ctx context.Context, in *sources.Input, r io.Reader) error {
	reader, err := p.format.Open(p.config.block, in.Name, r)
	if err == nil {
		err = p.columns(in.Name, reader.Columns())
	}
	if err != nil {
		return p.refuse(in, err)
	}
	reader.Bind(p.want)
	p.in = in
	row := Row{}
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		err := reader.Next(&row)
		if err == io.EOF {
			return nil
		}
		in.Rows++
		if err == nil {
			p.row(&row)
			continue
		}
		if err := p.refuse(in, err); err != nil {
			return err
		}
		if !isFinding(err) {
			return nil
		}
	}
}

// refuse keeps findings and returns other errors, such as of reading the disk.
func (p *pass) refuse(in *sources.Input, err error) error {
	in.Unread++
	var list diag.List
	var one diag.Finding
	switch {
	case errors.As(err, &list):
		for _, f := range list {
			p.wrong.add(in.Name, f)
		}
	case errors.As(err, &one):
		p.wrong.add(in.Name, one)
	default:
		return err
	}
	return nil
}

func isFinding(err error) bool {
	var one diag.Finding
	return errors.As(err, &one)
}

// columns holds the columns of a file against what requests need. A format
// whose rows name their own columns is judged row by row.
func (p *pass) columns(file string, have []string) error {
	if have == nil {
		return nil
	}
	var missing diag.List
	for _, name := range p.needed {
		if !slices.Contains(have, name) {
			missing = append(missing, missingColumn(name, have))
		}
	}
	if len(missing) > 0 {
		return missing
	}
	for _, s := range p.selections {
		if !p.provides(s.req.Count, have) {
			s.wrong.add(file, s.lacks(1))
		}
	}
	p.bucketed = slices.ContainsFunc(p.selections, func(s *selection) bool { return s.wrong.count() == 0 })
	return nil
}

// row counts one row for every request it matters to.
func (p *pass) row(row *Row) {
	p.rows++
	bad := p.wrong.count()
	p.unseen = slices.DeleteFunc(p.unseen, func(i int) bool { return row.Values[i] != nil })
	at, f := parseStamp(row.Values[colStamp], p.config.stampZone)
	if row.Values[colStamp] == nil {
		f = &fault{"column", "is missing in this row", hintStamp}
	}
	if f != nil {
		p.report(f.about(row.Line, p.config.core[colStamp], row.Values[colStamp]))
	}
	if p.bucketed {
		p.bucketRow(row, at, f == nil)
	}
	if p.folder != nil {
		p.eventRow(row, at, f == nil)
	}
	if p.wrong.count() > bad {
		p.in.Unread++
	}
}

func (p *pass) report(f diag.Finding) { p.wrong.add(p.in.Name, f) }

// bucketRow counts a row of a pre-bucketed table; stamped tells whether at is known.
func (p *pass) bucketRow(row *Row, at stamp, stamped bool) {
	n, ok := p.config.readCounts(row, p.report)
	if !stamped || !ok {
		return
	}
	onGrid := p.grid.add(p.in.Name, row.Line, at, func() diag.Finding { return p.offGrid(row) })
	if !onGrid || p.late(row, at.time().Add(p.config.step)) || p.repeats(row, at.sec, &n) {
		return
	}
	for _, s := range p.selections {
		s.add(p.in.Name, row, at.sec, &n, p.grid)
	}
}

func (p *pass) offGrid(row *Row) diag.Finding {
	f := fault{"timestamp", "does not start a step of " + slo.FormatDuration(p.config.step),
		"set step to the distance of the rows, or timezone to the zone whose midnight they are counted from"}
	return f.about(row.Line, p.config.core[colStamp], row.Values[colStamp])
}

// late tells whether a row was not complete at Env.At, and counts it.
func (p *pass) late(row *Row, end time.Time) bool {
	if p.env.At.IsZero() || !end.After(p.env.At) {
		return false
	}
	p.leftOut.add(p.in.Name, row.Line)
	return true
}

// repeats tells whether a row says again what an earlier one said. It looks
// only at the requested periods, which bounds what it remembers.
func (p *pass) repeats(row *Row, sec int64, n *counts) bool {
	if !p.span.Contains(time.Unix(sec, 0)) {
		return false
	}
	phase := mod(sec, p.grid.step)
	if p.seen[phase] == nil {
		p.seen[phase] = newSeen()
	}
	bucket := floorDiv(sec-p.span.Start.Unix(), p.grid.step)
	switch p.seen[phase].check(row.Key, bucket, n) {
	case isRepeated:
		p.repeated.add(p.in.Name, row.Line)
		return true
	case isConflict:
		f := fault{"duplicate", "comes again with other counts", "keep the row that is right; rows that differ in another column add up"}
		p.report(f.about(row.Line, p.config.core[colStamp], row.Values[colStamp]))
		return true
	}
	return false
}

// eventRow counts an event.
func (p *pass) eventRow(row *Row, at stamp, stamped bool) {
	ok := p.durations(row)
	if !stamped || !ok || p.late(row, at.time().Add(1)) {
		return
	}
	if p.first.IsZero() || at.time().Before(p.first) {
		p.first = at.time()
	}
	if at.time().After(p.last) {
		p.last = at.time()
	}
	p.folder.Add(at.sec, row.Values)
}

// durations reports what stands in columns of durations and is none. An empty
// value is an event without a duration.
func (p *pass) durations(row *Row) bool {
	ok := true
	for _, d := range p.spans {
		text := row.Values[d.field.Index]
		if len(text) == 0 {
			row.Values[d.field.Index] = nil
			continue
		}
		if _, read := d.field.Nanoseconds(text); !read {
			f := fault{"duration", "is not a duration", "write a number, or a number with its unit such as 41m10s; leave it empty if there is none"}
			p.report(f.about(row.Line, d.column, text))
			ok = false
		}
	}
	return ok
}
