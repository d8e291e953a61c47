package table

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/match"
)

// numberColumn is a column that good or bad of a request tests as a number. The
// test fails for a value that is none, which is worth a word.
type numberColumn struct {
	request int    // of the pass
	index   int    // in Row.Values
	field   string // what conditions call it
	key     string // good or bad
	period  slo.Period
	where   *match.Cond
	rows    rowCount // without a number
}

// addNumbers finds the numbers that a request for events tests.
func (p *pass) addNumbers(request int, r sources.Request, key string, cond, where *match.Cond) {
	for _, name := range cond.Numbers() {
		p.numbers = append(p.numbers, &numberColumn{request: request, index: p.column(name), field: name,
			key: key, period: r.Period, where: where})
	}
}

// countNumbers notes a row whose numbers are none, for the requests it counts in.
func (p *pass) countNumbers(row *Row, at time.Time) {
	number := match.Field{Type: match.Number}
	for _, n := range p.numbers {
		if !number.Reads(row.Values[n.index]) && n.period.Contains(at) && n.where.Match(row.Values) {
			n.rows.add(p.in.Name, row.Line)
		}
	}
}

// numberNotes are the warnings about rows without a number.
func (p *pass) numberNotes(request int) (notes []diag.Finding) {
	for _, n := range p.numbers {
		if n.request == request && n.rows.n > 0 {
			notes = append(notes, diag.Warnf(n.rows.first, p.format.Name+"/number", "%s without a number in column %q, which %s tests as one: the test does not hold there", rows(n.rows.n), p.want.Names[n.index], n.key).
				WithHint(`{%s: ">= 0"} in where leaves such rows out`, fold.Key(n.field)))
		}
	}
	return notes
}
