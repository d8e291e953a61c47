package rules

import (
	"fmt"
	"time"

	"github.com/nines-slo/nines/slo"
)

// condition returns the expression of a condition, in parts that are joined when the alert is
// whole, nil with a finding if PromQL cannot say it. Its value is what is held against the limit.
func (w *writer) condition(p slo.Policy, c slo.Condition) []string {
	var expr []string
	if c.Test == slo.Burn {
		expr = w.burn(c)
	} else if text := w.test(p, c); text != "" {
		expr = []string{text}
	}
	if expr == nil || !p.MinBad.Known() || c.Test == slo.Remaining || c.Test == slo.Silence {
		return expr
	}
	return append(expr, " and ", w.bad(c.Long), " >= ", operand(p.MinBad))
}

// test is the expression of a condition on anything but burn rates.
func (w *writer) test(p slo.Policy, c slo.Condition) string {
	switch c.Test {
	case slo.Acceleration:
		return w.ratio(c.Long) + " > " + operand(c.Limit) + " * (" + w.before(c.Long, length(c.Long)) + ")"
	case slo.Silence:
		return w.silence(c.Within)
	}
	if !w.objective.Window.Rolling() {
		w.warnf("calendar", "the condition %s is not in the rules: PromQL has no window %s",
			p.Title(c), w.objective.Window)
		return ""
	}
	switch c.Test {
	case slo.Events:
		return w.events(c)
	case slo.Remaining:
		return w.share() + " > " + exact(slo.NumberOf(1).Sub(c.Limit).Mul(w.allowed))
	}
	return w.exhaustion(c)
}

// ratio is the share of bad events of a window.
func (w *writer) ratio(length time.Duration) string { return w.window(length).ratio }

// before is ratio some time ago.
func (w *writer) before(length time.Duration, ago string) string {
	offset := " offset " + ago
	return w.bad(length) + offset + " / (" + w.total(length) + offset + " > 0)"
}

// burn compares error ratios with the one that the limit of the burn rate allows.
func (w *writer) burn(c slo.Condition) []string {
	limit := " > " + exact(c.Limit.Mul(w.allowed))
	long := w.ratio(c.Long)
	if c.Short == 0 {
		return []string{long, limit}
	}
	return []string{long, limit, " and ", w.ratio(c.Short), limit}
}

// events compares counts with what the objective's window may have. Of a young objective
// the window is taken to go on as it began.
func (w *writer) events(c slo.Condition) string {
	length := w.objective.Window.Length
	tiles := "count_over_time(" + w.series(totalSeries+"tile") + "[" + points(length) + "])"
	whole := w.series(totalSeries+"window") + " / " + tiles
	limit := func(share slo.Number) string {
		share = share.Mul(w.allowed).Mul(slo.NumberFrac(int64(length), int64(w.tile())))
		return " > " + operand(share) + " * (" + whole + ")"
	}
	expr := w.bad(c.Long) + limit(c.Limit)
	if c.Short > 0 {
		expr += " and " + w.bad(c.Short) + limit(c.Limit.Mul(slo.NumberFrac(int64(c.Short), int64(c.Long))))
	}
	return expr
}

// exhaustion adds what the burn rate will spend in the time looked ahead to what is spent.
func (w *writer) exhaustion(c slo.Condition) string {
	length := w.objective.Window.Length
	ahead := c.Within
	if ahead == 0 {
		ahead = length
	}
	going := w.ratio(c.Long) + " * " + operand(slo.NumberFrac(int64(ahead), int64(length)))
	return w.share() + " + " + going + " > " + exact(w.allowed)
}

// silence is true where no label set of the objective was counted. Excluded time neither counts
// nor ends it: it is looked for in the time before, too.
func (w *writer) silence(within time.Duration) string {
	if !w.masked() {
		return w.absent(within)
	}
	now := "(" + w.absent(within) + ")" + w.unlessExcluded(within)
	whole := w.around(within)
	if whole == within {
		return now
	}
	marks := w.marks(whole)
	return fmt.Sprintf("%s or (%s) and on () (count_over_time(%s) - sum_over_time(%s)) * %s >= %s",
		now, w.absent(whole), marks, marks, exact(seconds(w.step())), exact(seconds(within)))
}

// absent is true where nothing was counted over some time. Of histograms that is so where no
// bucket says what is good, too.
func (w *writer) absent(over time.Duration) string {
	c := w.counts
	switch {
	case c.total == nil:
		return "absent(" + c.good(over) + ") and absent(" + c.bad(over) + ")"
	case c.whole:
		return "absent(" + c.good(over) + ")"
	}
	return "absent(" + c.total(over) + ")"
}
