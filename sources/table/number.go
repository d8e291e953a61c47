package table

import (
	"strconv"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/match"
)

// numberColumn is a column that good or bad of a request tests as a number. The
// test fails for a value that is none, which is worth a word.
type numberColumn struct {
	request int    // of the Fetch
	index   int    // in Row.Values
	field   string // what conditions call it
	key     string // good or bad
	period  slo.Period
	where   *match.Cond
}

// addNumbers finds the numbers that a request for events tests.
func (p *plan) addNumbers(request int, r sources.Request, key string, cond, where *match.Cond) {
	for _, name := range cond.Numbers() {
		p.events.numbers = append(p.events.numbers, numberColumn{request: request, index: p.column(name), field: name,
			key: key, period: r.Period, where: where})
	}
}

// countNumbers notes a row with texts in place of numbers, for the requests it counts in.
func (r *reading) countNumbers(row *Row, at time.Time) {
	number := match.Field{Type: match.Number}
	for i, n := range r.plan.events.numbers {
		if !n.period.Contains(at) || !n.where.Match(row.Values) {
			continue
		}
		text := row.Values[n.index]
		if len(text) == 0 {
			continue
		}
		if !number.Reads(text) {
			r.noNumber[i].Add(r.pos(row))
		} else if value, err := strconv.ParseFloat(string(text), 64); err == nil {
			r.climbs[i].Add(at, value)
		}
	}
}

// numberNotes are the warnings about rows without a number, and about numbers that only
// ever rise.
func (a *answerer) numberNotes(request int) (notes []diag.Finding) {
	for i, n := range a.plan.events.numbers {
		if n.request == request && a.read.climbs[i].Only() {
			f := diag.Warnf(a.plan.source.config.block.Get("path").Pos, a.code("counter"),
				"column %q, which %s tests, only ever rises, as a counter does: each row counts as one event, whatever it grew by",
				a.plan.want.Names[n.index], n.key)
			notes = append(notes, f.WithHint("of a table of counts leave good and bad out of the sli, and give how much the "+
				"counters grew in each step as two of good, bad and total"))
		}
		if rows := a.read.noNumber[i]; n.request == request && rows.N > 0 {
			f := diag.Warnf(rows.First, a.code("number"),
				"%s without a number in column %q, which %s tests as one: the test does not hold there",
				rows, a.plan.want.Names[n.index], n.key)
			notes = append(notes, f.WithHint(`{%s: ">= 0"} in where leaves such rows out`, match.Key(n.field)))
		}
	}
	return notes
}
