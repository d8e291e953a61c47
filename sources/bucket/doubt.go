package bucket

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/match"
)

// doubt is the rows of a request that lack a value which its where tests.
type doubt struct {
	tested []match.Test // one of each field that where tests
	lacks  []string     // of the fields those that one of the rows lacks
	texts  bool         // one has a text there that is not what is tested
	rows   Rows
	bad    int64 // of them those that may make it worse
}

func newDoubt(where match.Expr) (d doubt) {
	match.Tests(where, func(t match.Test) {
		_, none := t.Is.(match.None)
		if !none && !slices.ContainsFunc(d.tested, func(o match.Test) bool { return o.Name == t.Name }) {
			d.tested = append(d.tested, t)
		}
	})
	return d
}

// doubtRow notes a row of which nobody knows whether it meets where, and tells whether it
// may make the request worse: one without failures cannot, whose ever it is.
func (s *Selection) doubtRow(r *Row, bad, total Count) bool {
	d := &s.doubt
	d.rows.Add(r.Pos)
	for _, t := range d.tested {
		if !s.where.Lacks(t.Name, r.Values) {
			continue
		}
		d.texts = d.texts || !match.Missing(r.Values[t.Field.Index])
		if !slices.Contains(d.lacks, t.Name) {
			d.lacks = append(d.lacks, t.Name)
		}
	}
	worse := total
	if s.Request.Count == spec.Both || s.Request.Count == "" {
		worse = bad
	}
	if worse.units == 0 {
		return false
	}
	d.bad++
	return true
}

// doubts returns the finding about rows that lack a value which where tests, an error if
// those that may make it worse are more than the source allows.
func (c *Collector) doubts(s *Selection) diag.List {
	d := &s.doubt
	if d.rows.N == 0 {
		return nil
	}
	have := "have"
	if d.rows.N == 1 {
		have = "has"
	}
	f := diag.Warnf(s.Request.SLI.Get("where").Pos, c.config.Room+"/absent", "%s of %s %s %s, which where needs",
		diag.Thousands(int64(d.rows.N)), rowCount(s.rows), have, d.without())
	f.Hint = "not: {" + match.Key(d.lacks[0]) + ": none} in where leaves such rows out"
	if d.texts {
		f.Hint = fold.MendTexts("row")
	}
	first := diag.Warnf(d.rows.First, f.Code, "row has %s", d.without())
	switch {
	case d.bad == 0:
		f.Message += "; none of them can be bad"
		return diag.List{f, first}
	case d.bad < int64(d.rows.N):
		f.Message += "; " + diag.Thousands(d.bad) + " of them may be bad"
	}
	over := fold.Over(d.bad, s.rows, c.config.MaxUnread)
	f.Message += ": " + fold.Percent(d.bad, s.rows) + over
	if over != "" {
		f.Severity, first.Severity = diag.Error, diag.Error
	}
	return diag.List{f, first}
}

// rowCount is "1 row" or "1,440 rows".
func rowCount(n int64) string {
	if n == 1 {
		return "1 row"
	}
	return diag.Thousands(n) + " rows"
}

// without says what the rows lack.
func (d *doubt) without() string {
	no := "no "
	if d.texts {
		no = "no readable "
	}
	slices.Sort(d.lacks)
	var names []string
	for _, name := range d.lacks {
		names = append(names, strconv.Quote(name))
	}
	return no + strings.Join(names, " or ")
}
