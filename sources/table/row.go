package table

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// row counts one row for every request it matters to.
func (p *pass) row(row *Row) {
	p.rows++
	bad := p.wrong.count()
	p.unseen = slices.DeleteFunc(p.unseen, func(i int) bool { return len(row.Values[i]) > 0 })
	at, f := parseStamp(row.Values[colStamp], p.config.stampZone)
	if row.Values[colStamp] == nil {
		f = &fault{"column", "is missing in this row", hintStamp}
	}
	if f != nil {
		p.report(f.about(row.Line, p.config.core[colStamp], row.Values[colStamp]))
	}
	bare := row.bare()
	switch {
	case p.bucketed && bare:
		p.bareRow(row)
	case p.bucketed:
		p.counted = true
		p.bucketRow(row, at, f == nil)
	}
	if p.tested || p.folder != nil && bare {
		p.eventRow(row, at, f == nil)
	}
	if p.wrong.count() > bad {
		p.in.Unread++
	}
}

// bare tells whether the row states no count.
func (r *Row) bare() bool {
	return r.Values[colGood] == nil && r.Values[colBad] == nil && r.Values[colTotal] == nil
}

// bareRow notes a row that states no count. Requests that cannot count rows lack
// a column, which a header has said before.
func (p *pass) bareRow(row *Row) {
	p.bare.add(p.in.Name, row.Line)
	for _, s := range p.selections {
		if !p.headed && !p.asked[s.index].byRow {
			s.wrong.add(p.in.Name, s.lacks(row.Line))
		}
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
	case isTooMany:
		if !p.tooMany {
			p.tooMany = true
			p.report(p.seen[phase].tooMany(row.Line))
		}
		return true
	}
	return false
}
