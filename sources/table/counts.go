package table

import (
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// counts are what a row states, and what follows from it: of two the third.
type counts struct {
	good, bad, total          count
	hasGood, hasBad, hasTotal bool
}

// readCounts reads the count columns of a row; report is called for each value
// that cannot be used or that contradicts another.
func (c *config) readCounts(row *Row, report func(diag.Finding)) (n counts, ok bool) {
	ok = true
	read := func(col int, to *count) bool {
		text := row.Values[col]
		if text == nil {
			return false
		}
		v, f := parseCount(text)
		if f != nil {
			report(f.about(row.Line, c.core[col], text))
			ok = false
		}
		*to = v
		return f == nil
	}
	n.hasGood = read(colGood, &n.good)
	n.hasBad = read(colBad, &n.bad)
	n.hasTotal = read(colTotal, &n.total)
	if !ok {
		return n, false
	}
	return n, n.complete(c, row.Line, report)
}

// complete checks what was read against itself and works out the third count.
func (n *counts) complete(c *config, line int, report func(diag.Finding)) bool {
	over := func(col int, part count) bool {
		if part.cmp(n.total) <= 0 {
			return false
		}
		report(diag.Errorf(diag.Pos{Line: line}, "count", "column %q is %s, more than %q, which is %s", c.core[col], part, c.core[colTotal], n.total))
		return true
	}
	if n.hasTotal && (n.hasGood && over(colGood, n.good) || n.hasBad && over(colBad, n.bad)) {
		return false
	}
	switch {
	case n.hasGood && n.hasBad && n.hasTotal:
		return n.agree(c, line, report)
	case n.hasGood && n.hasTotal:
		n.bad, n.hasBad = n.total.sub(n.good), true
	case n.hasBad && n.hasTotal:
		n.good, n.hasGood = n.total.sub(n.bad), true
	case n.hasGood && n.hasBad:
		n.total, n.hasTotal = n.good.add(n.bad), true
		if _, f := limit(n.total); f != nil {
			report(diag.Errorf(diag.Pos{Line: line}, f.code, "columns %q and %q: their sum %s", c.core[colGood], c.core[colBad], f.why))
			return false
		}
	}
	return true
}

func (n *counts) agree(c *config, line int, report func(diag.Finding)) bool {
	if n.good.add(n.bad).cmp(n.total) == 0 {
		return true
	}
	report(diag.Errorf(diag.Pos{Line: line}, "count", "%q %s and %q %s do not add up to %q %s",
		c.core[colGood], n.good, c.core[colBad], n.bad, c.core[colTotal], n.total).
		WithHint("mend the row, or take one of the three columns away"))
	return false
}

// want returns what stands in Series.Bad and Series.Total for that count, and
// whether the row says it.
func (n *counts) want(which spec.Count) (bad, total count, ok bool) {
	switch which {
	case spec.Good:
		return count{}, n.good, n.hasGood
	case spec.Bad:
		return count{}, n.bad, n.hasBad
	case spec.Total:
		return count{}, n.total, n.hasTotal
	}
	return n.bad, n.total, n.hasBad && n.hasTotal
}
