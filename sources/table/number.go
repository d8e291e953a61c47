package table

import (
	"bytes"
	"strconv"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/match"
)

// numberColumn is a column that good or bad of a request tests as a number.
type numberColumn struct {
	request int    // of the Fetch
	index   int    // in Row.Values
	key     string // good or bad
	period  slo.Period
	where   *match.Cond
}

// addNumbers finds the numbers that a request for events tests.
func (p *plan) addNumbers(request int, r sources.Request, key string, cond, where *match.Cond) {
	for _, name := range cond.Numbers() {
		p.events.numbers = append(p.events.numbers, numberColumn{request: request, index: p.column(name),
			key: key, period: r.Period, where: where})
	}
}

// countNumbers notes the numbers of a row, for the requests it counts in.
func (r *reading) countNumbers(row *Row, at time.Time) {
	number := match.Field{Type: match.Number}
	for i, n := range r.plan.events.numbers {
		if !n.period.Contains(at) || !n.where.Match(row.Values) {
			continue
		}
		text := row.Values[n.index]
		if value, err := strconv.ParseFloat(string(bytes.TrimSpace(text)), 64); err == nil && number.Reads(text) {
			r.climbs[i].Add(at, value)
		}
	}
}

// numberNotes are the warnings about numbers that only ever rise.
func (a *answerer) numberNotes(request int) (notes []diag.Finding) {
	for i, n := range a.plan.events.numbers {
		if n.request == request && a.read.climbs[i].Only() {
			f := diag.Warnf(a.plan.source.config.block.Get("path").Pos, a.code("counter"),
				"column %q, which %s tests, only ever rises, as a counter does: each row counts as one event, whatever it grew by",
				a.plan.want.Names[n.index], n.key)
			notes = append(notes, f.WithHint("of a table of counts leave good and bad out of the sli, and give how much the "+
				"counters grew in each step as two of good, bad and total"))
		}
	}
	return notes
}
