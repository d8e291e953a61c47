package rules

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/tally"
)

// query writes an expression that counts events over ranges of some length.
type query func(window time.Duration) string

// counts are the queries of an objective. Two of good, bad and total are there; the sum of
// each has the labels of per: and no other.
type counts struct {
	good, bad, total query
	by               string // " by (region)", "" without per:
	on               string // "on (region)"
	portion          bool   // total is the share of bad events
	whole            bool   // good events are there wherever there are any: none means that nothing is known
}

// count reads what an objective counts.
func (w *writer) count() counts {
	c := counts{on: "on (" + strings.Join(w.objective.Per, ", ") + ")", by: summing(w.objective.Per)}
	for _, label := range w.objective.Per {
		if ours(label) {
			w.errorf(w.objective.Pos, "label", "%s: rules have a label %s of their own, which per: names", w.refusal(), diag.Quote(label))
			return c
		}
		if !legal(label) {
			w.errorf(w.objective.Pos, "label", "%s: Prometheus 2 has no label %s, which per: names",
				w.refusal(), diag.Quote(label))
			return c
		}
	}
	if !w.askable() {
		return c
	}
	for _, p := range w.objective.Parts {
		for _, q := range tally.Questions(p.SLI, p.Source.Type) {
			if p.Count != spec.Both && p.Count != "" {
				q.Role = p.Count
			}
			w.ask(&c, q, p)
		}
	}
	return c
}

// summing returns by what a sum adds up, nothing without per:.
func summing(per []string) string {
	if len(per) == 0 {
		return ""
	}
	return " by (" + strings.Join(per, ", ") + ")"
}

// refusal begins what says that there are no rules.
func (w *writer) refusal() string { return "no rules for " + w.objective.ID() }

// askable tells whether the events of an objective can be counted by rules.
func (w *writer) askable() bool {
	o := w.objective
	first := o.Parts[0]
	for _, p := range o.Parts[1:] {
		if p.Source.Block.Get("url").Text != first.Source.Block.Get("url").Text {
			w.errorf(p.SLI.Pos, "source", "%s: its counts are in two servers", w.refusal())
			return false
		}
	}
	if o.Budgeting.Slices() {
		if reason := w.unsliced(); reason != "" {
			w.errorf(o.Pos, "slices", "%s: %s", w.refusal(), reason)
			return false
		}
	}
	if o.Delay > 0 {
		w.warnf("delay", "rules look at samples as they come: delay %s is not waited for", length(o.Delay))
	}
	return true
}

// ask adds the query of a question to c.
func (w *writer) ask(c *counts, q tally.Question, p spec.Part) {
	switch {
	case q.Portion:
		c.portion, c.total = true, w.portion(c, q)
	case q.Limit != nil:
		w.histogram(c, q)
	case q.Bad != "":
		w.values(c, q)
	case q.Expr.Is():
		c.set(q.Role, w.expression(c, q, p))
	default:
		selector := q.Selector.String()
		c.set(q.Role, c.summed(func(window time.Duration) string { return "increase(" + selector + "[" + length(window) + "])" }))
	}
}

func (c *counts) set(role spec.Count, q query) {
	switch role {
	case spec.Good:
		c.good = q
	case spec.Bad:
		c.bad = q
	default:
		c.total = q
	}
}

// summed adds up what an expression gives, by the labels of per:.
func (c *counts) summed(inner query) query {
	return func(window time.Duration) string { return "sum" + c.by + " (" + inner(window) + ")" }
}

// expression counts by an expression of the file: at once over a window where it adds up, else
// step after step. What is no number, as a fraction of nothing is, counts nothing.
func (w *writer) expression(c *counts, q tally.Question, p spec.Part) query {
	number := func(text string) string {
		if q.Expr.Partial() {
			return "(" + text + ") >= 0"
		}
		return text
	}
	switch at := func(window time.Duration) string { return number(q.Expr.At(length(window))) }; {
	case q.Expr.Adds() && !q.Expr.Partial() && q.Expr.Sums(w.objective.Per):
		return at
	case q.Expr.Adds():
		return c.summed(at)
	}
	step := w.stepOf(q, p)
	if step == 0 {
		return nil
	}
	text, every := number(q.Expr.At(length(step))), length(step)
	return c.summed(func(window time.Duration) string {
		return "sum_over_time((" + text + ")[" + points(window) + ":" + every + "])"
	})
}

// stepOf is of which time an expression is that does not add up, 0 where nothing tells.
func (w *writer) stepOf(q tally.Question, p spec.Part) time.Duration {
	step := tally.StepOf(p.Source.Block)
	if step > 0 {
		return step
	}
	f := diag.Errorf(q.Value.Pos, "rules/step", "%s: nothing tells of which time this counts the events", w.refusal()).
		WithHint("add step: to the source, or write [$step]")
	if q.Expr.Steps() {
		step = tile
		f = diag.Warnf(q.Value.Pos, "rules/step", "%s: steps of %s are added up, since over a longer $step this is not the sum of shorter ones",
			w.objective.ID(), length(step)).WithHint("add step: to the source")
	}
	w.findings = append(w.findings, f)
	return step
}

// portion is the mean of the shares of errors of the steps of a slice, and of all series, as
// every step weighs the same. One over 1 is 1, and NaN, as 0 of 0 gives, is none.
func (w *writer) portion(c *counts, q tally.Question) query {
	step := w.step()
	text := "clamp_max((" + q.Expr.At(length(step)) + ") >= 0, 1)"
	return func(window time.Duration) string {
		return "avg" + c.by + " (avg_over_time((" + text + ")[" + points(window) + ":" + length(step) + "]))"
	}
}

// histogram counts the events of classic histograms.
func (w *writer) histogram(c *counts, q tally.Question) {
	all, bucket := renamed(q.Selector, "_count"), renamed(q.Selector, "_bucket")
	bucket = append(bucket, bound(q.Limit.At))
	c.total = c.summed(func(window time.Duration) string { return "increase(" + all.String() + "[" + length(window) + "])" })
	c.good = c.summed(func(window time.Duration) string { return "increase(" + bucket.String() + "[" + length(window) + "])" })
	c.whole = true
	f := diag.Warnf(q.Value.Pos, "rules/histogram",
		"rules count by classic buckets alone: without one up to %s nothing is counted", q.Limit)
	w.findings = append(w.findings, f.WithHint("of a native histogram write bad: and total: with histogram_fraction()"))
}

// renamed returns a selector of a part of a histogram.
func renamed(s sample.Selector, part string) sample.Selector {
	out := slices.Clone(s)
	for i := range out {
		if out[i].Name == sample.MetricName && out[i].Op == sample.Equal {
			out[i].Value += part
		}
	}
	return out
}

// bound matches the bucket up to a limit, in each of its spellings.
func bound(limit float64) sample.Matcher {
	texts := spellings(limit)
	if len(texts) == 1 {
		return sample.Matcher{Name: "le", Op: sample.Equal, Value: texts[0]}
	}
	for i := range texts {
		texts[i] = regexp.QuoteMeta(texts[i])
	}
	return sample.Matcher{Name: "le", Op: sample.Like, Value: strings.Join(texts, "|")}
}

// values counts the steps at which values are bad: each series is an event a step.
func (w *writer) values(c *counts, q tally.Question) {
	text := q.Expr.String()
	if !q.Expr.Is() {
		text = q.Selector.String()
	}
	step := length(w.step())
	each := func(of string) query {
		return c.summed(func(window time.Duration) string {
			return "count_over_time((" + of + ")[" + points(window) + ":" + step + "])"
		})
	}
	c.total, c.bad = each(text), each("("+text+") "+q.Bad)
}
