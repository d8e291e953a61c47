package table

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/mask"
	"github.com/nines-slo/nines/sources/bucket"
)

// row counts one row for every request it matters to.
func (r *reading) row(row *Row) {
	r.rows++
	if row.Short {
		r.short.Add(r.pos(row))
	}
	bad := r.wrong.Count()
	for i, value := range row.Values {
		r.seen[i] = r.seen[i] || len(value) > 0
	}
	row.known = r.known
	at, stamped := r.stamp(row)
	r.known = r.known || stamped
	row.known = row.known || stamped
	bare := row.bare()
	switch bucketed := r.plan.bucketed(); {
	case bucketed && bare:
		r.bareRow(row)
	case bucketed:
		r.counted = true
		r.bucketRow(row, at, stamped)
	}
	if e := r.plan.events; e != nil && (e.tested || bare) {
		r.eventRow(row, at, stamped)
	}
	if r.wrong.Count() > bad {
		r.in.Unread++
	}
}

// stamp reads the time of a row; false: it cannot be read, which refuses the source.
func (r *reading) stamp(row *Row) (stamp, bool) {
	c := &r.plan.source.config
	if why, bad := row.bad(colStamp); bad {
		r.report(why)
		return stamp{}, false
	}
	at, f := c.parse(row.Values[colStamp])
	if row.Values[colStamp] == nil {
		f = &bucket.Fault{Code: "column", Why: "is missing in this row", Hint: hintStamp}
	}
	if f != nil {
		r.guess(row.Values[colStamp], f)
		text := row.Values[colStamp]
		if !c.usual {
			text = row.shown(text)
		}
		r.report(about(*f, row.Line, c.core[colStamp], text))
	}
	return at, f == nil
}

// guess hints at the layout of a time that cannot be read, if it is one that is known.
// The others of a file that cannot be read are taken to be like the first.
func (r *reading) guess(text []byte, f *bucket.Fault) {
	if f.Hint == hintTwice || f.Hint == hintNever || f.Hint == hintUnset {
		return
	}
	if r.wrong.Count() == 0 {
		r.hint = r.plan.source.config.hintLayout(text)
	}
	if r.hint != "" {
		f.Hint = r.hint
	}
}

// bad tells whether the value of a column cannot be read, and why.
func (r *Row) bad(column int) (why diag.Finding, bad bool) {
	for _, b := range r.Bad {
		if b.Column == column {
			return b.Why, true
		}
	}
	return diag.Finding{}, false
}

// bare tells whether the row states no count.
func (r *Row) bare() bool {
	return r.Values[colGood] == nil && r.Values[colBad] == nil && r.Values[colTotal] == nil
}

// bareRow notes a row that states no count. Requests that cannot count rows lack
// a column, which a header has said before.
func (r *reading) bareRow(row *Row) {
	r.bare.Add(r.pos(row))
	for _, s := range r.plan.counts.Selections() {
		if !r.headed && !r.plan.asked[s.Index].byRow {
			s.Wrong.Add(r.in.Name, onLine(row.Line, lacks(s.Request.Count)))
		}
	}
}

// bucketRow counts a row of a pre-bucketed table; stamped tells whether at is known.
func (r *reading) bucketRow(row *Row, at stamp, stamped bool) {
	n, ok := r.plan.source.config.readCounts(row, r.refuseCounts)
	r.badValues(row)
	if !stamped || !ok {
		return
	}
	r.counts = bucket.Row{Pos: r.pos(row), Start: at.time(), Counts: n, Values: row.Values, Key: row.Key}
	if r.plan.counts.Add(&r.counts) == bucket.Late && r.counts.Start.After(r.plan.source.env.At) {
		r.late.Add(r.counts.Pos)
	}
}

// refuseCounts refuses the requests for a pre-bucketed table: all of them read the
// counts of every row.
func (r *reading) refuseCounts(f diag.Finding) {
	for _, s := range r.plan.counts.Selections() {
		s.Wrong.Add(r.in.Name, f)
	}
}

// badValues refuses the requests for a pre-bucketed table that ask for a column whose
// value in the row cannot be read.
func (r *reading) badValues(row *Row) {
	for _, b := range row.Bad {
		if b.Column < coreColumns {
			continue // which all requests of a table read
		}
		for _, s := range r.plan.counts.Selections() {
			if slices.Contains(r.plan.asked[s.Index].columns, b.Column) {
				s.Wrong.Add(r.in.Name, b.Why)
			}
		}
	}
}

// contradicts refuses a row that comes again with other counts.
func (c *config) contradicts(row *bucket.Row) diag.Finding {
	f := bucket.Fault{Code: "duplicate", Why: "comes again with other counts",
		Hint: "keep the row that is right; rows that differ in another column add up"}
	return about(f, row.Pos.Line, c.core[colStamp], row.Values[colStamp])
}

// tooMany refuses rows that have too many sets of dimensions.
func tooMany(column string, values int) diag.Finding {
	f := diag.Errorf(diag.Pos{}, "dimensions", "rows have more than %s different sets of dimensions",
		diag.Thousands(bucket.MaxSets))
	if values < 2 {
		return f.WithHint("leave out the columns that differ in every row, and add such rows up")
	}
	f.Message += fmt.Sprintf("; column %s alone has %s values", quote([]byte(column)), diag.Thousands(int64(values)))
	return f.WithHint("leave that column out and add its rows up; " +
		"of a table with one row an event, say in the sli what is good or bad")
}

// offGrid refuses a row that does not start a step.
func (c *config) offGrid(row *bucket.Row) diag.Finding {
	f := bucket.Fault{Code: "timestamp", Why: "does not start a step of " + slo.FormatDuration(c.step),
		Hint: "set step to the distance of the rows, or timezone to the zone whose midnight they are counted from"}
	return about(f, row.Pos.Line, c.core[colStamp], row.Values[colStamp])
}

// about returns a finding on a value of a column.
func about(f bucket.Fault, line int, column string, value []byte) diag.Finding {
	text := fmt.Sprintf("column %q: %s %s", column, quote(value), f.Why)
	if len(value) == 0 || mask.IsSecret(column) {
		text = fmt.Sprintf("column %q %s", column, f.Why)
	}
	return diag.Finding{Pos: diag.Pos{Line: line}, Code: f.Code, Message: text, Hint: f.Hint}
}

// quote shows a text from a file on one line, cut to 40 bytes.
func quote(text []byte) string {
	if len(text) > 40 {
		return strconv.Quote(string(text[:40])) + "…"
	}
	return strconv.Quote(string(text))
}

func onLine(line int, f diag.Finding) diag.Finding {
	f.Pos.Line = line
	return f
}
