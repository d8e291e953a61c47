// Package promql reads PromQL that stands in SLO files, offline, with the parser of
// Prometheus: what a server takes by default, without its experimental functions. What is
// wrong is a finding at its place inside the text, with a hint that can be typed.
//
// A selector stands where samples are read one by one. An expression stands where the
// server counts: $step in its brackets is the length of a bucket, which At puts in.
// Variables of other tools are findings. MetricsQL and LogQL are checked as PromQL.
package promql

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/hist"
)

// Step is the word for the length of a bucket.
const Step = "$step"

// Expr is an expression that a server can run. The zero Expr is none.
type Expr struct {
	value spec.Value  // whose text it is
	steps []int       // where Step stands in the text, in order
	root  parser.Expr // of the text with placeholder for Step; not changed
}

// Parse reads an expression. With errors among the findings it is of no use.
func Parse(v spec.Value) (Expr, diag.List) {
	r := reader{value: v}
	e := r.expr()
	if r.findings.Errors() {
		return Expr{}, r.findings
	}
	return e, r.findings
}

// Selector reads a plain selector: a metric, matchers or both. With errors among the
// findings there is none.
func Selector(v spec.Value) (sample.Selector, diag.List) {
	r := reader{value: v}
	e := r.expr()
	if r.findings.Errors() {
		return nil, r.findings
	}
	plain := r.plain(e)
	if r.findings.Errors() {
		return nil, r.findings
	}
	return selector(plain), r.findings
}

// Is tells whether there is an expression.
func (e Expr) Is() bool { return e.root != nil }

// At returns the text for buckets of some length, a whole number of milliseconds over 0.
func (e Expr) At(step time.Duration) string {
	return fill(e.value.Text, e.steps, slo.FormatDuration(step))
}

// String returns what the expression says in one form: texts that differ in blanks,
// notes, quotes or the order of matchers have the same.
func (e Expr) String() string {
	if !e.Is() {
		return ""
	}
	return strings.ReplaceAll(e.root.String(), printed, Step)
}

// Selector returns the selector that the expression is, false if it is more than that.
func (e Expr) Selector() (sample.Selector, bool) {
	v, ok := bare(e.root).(*parser.VectorSelector)
	if !ok || shifted(v) {
		return nil, false
	}
	return selector(v), true
}

// Selectors returns the selectors of the expression, in order, each once.
func (e Expr) Selectors() []sample.Selector { return selectors(e.root) }

func selectors(e parser.Expr) (all []sample.Selector) {
	seen := map[string]bool{}
	for v := range vectors(e) {
		s := selector(v)
		if key := s.String(); !seen[key] {
			seen[key] = true
			all = append(all, s)
		}
	}
	return all
}

// Counter returns the selector that counts the same from the samples themselves:
// x_total of increase(x_total[$step]), also within a sum. A recorded series is none that
// may be counted so.
func (e Expr) Counter() (selector string, ok bool) {
	inner := bare(e.root)
	if sum, is := inner.(*parser.AggregateExpr); is && sum.Op == parser.SUM {
		inner = bare(sum.Expr)
	}
	call, ok := inner.(*parser.Call)
	if !ok || call.Func.Name != "increase" {
		return "", false
	}
	m, ok := bare(call.Args[0]).(*parser.MatrixSelector)
	if !ok || m.RangeExpr == nil || shifted(vector(m)) || strings.Contains(metric(vector(m)), ":") {
		return "", false
	}
	return vector(m).String(), true
}

// Part is an expression and the key it stands under: good, bad or total. That of a count
// with a source of its own has none.
type Part struct {
	Key  string
	Expr Expr
}

// Pairs tells whether the expression has the difference of two samples somewhere, so that a
// range with one gives nothing.
func (e Expr) Pairs() bool { return calls(e.root, "increase", "rate", "irate", "delta", "idelta") }

// Grow returns the selectors of the expression whose growth is taken, which are counters then.
func (e Expr) Grow() (all []sample.Selector) {
	for n := range nodes(e.root) {
		if call, ok := n.(*parser.Call); ok && slices.Contains([]string{"increase", "rate", "irate"}, call.Func.Name) {
			if m, ok := bare(call.Args[0]).(*parser.MatrixSelector); ok {
				all = append(all, selector(vector(m)))
			}
		}
	}
	return all
}

// Filled tells whether something stands in somewhere for series that are not there, as in
// x or vector(0): that there are points does not tell then that there are any samples. It may
// be what other counts are made of, too.
func (e Expr) Filled(others []sample.Selector) bool {
	in := func(e parser.Expr) bool { return idle(e) || of(e, others) }
	return e.joins(parser.LOR, func(b *parser.BinaryExpr) bool { return in(b.LHS) || in(b.RHS) })
}

// Spares tells whether series that other counts are not made of take some away, as in
// x unless y: that there are points does not tell then that there are any that could.
func (e Expr) Spares(others []sample.Selector) bool {
	return e.joins(parser.LUNLESS, func(b *parser.BinaryExpr) bool { return !idle(b.RHS) && !of(b.RHS, others) })
}

// Fragile tells whether there is a sum or a difference somewhere of which nothing is left where
// one side has no series.
func (e Expr) Fragile() bool {
	return e.joins(parser.ADD, fragile) || e.joins(parser.SUB, fragile)
}

// of tells whether e is made of some selectors alone.
func of(e parser.Expr, some []sample.Selector) bool {
	other := func(s sample.Selector) bool { return !sample.Among(some, s) }
	return !slices.ContainsFunc(selectors(e), other)
}

// joins tells whether an operator stands somewhere between sides that are so.
func (e Expr) joins(op parser.ItemType, so func(*parser.BinaryExpr) bool) bool {
	for n := range nodes(e.root) {
		if b, ok := n.(*parser.BinaryExpr); ok && b.Op == op && so(b) {
			return true
		}
	}
	return false
}

// Advice returns what there is to know of the counts of one sli that increase makes, and
// how they are had exactly: one warning at most.
func Advice(parts ...Part) diag.List {
	var at *diag.Pos
	var exact []string
	for _, p := range parts {
		switch s, ok := p.Expr.Counter(); {
		case ok && p.Key == "":
			exact = append(exact, "counter: "+quoted(s))
		case ok:
			exact = append(exact, p.Key+": {counter: "+quoted(s)+"}")
		}
		for n := range nodes(p.Expr.root) {
			if call, ok := n.(*parser.Call); ok && call.Func.Name == "increase" && at == nil {
				start := int(call.PosRange.Start)
				pos := p.Expr.value.Within(start, start+len("increase"))
				at = &pos
			}
		}
	}
	if at == nil {
		return nil
	}
	f := diag.Warnf(*at, "promql/increase",
		"increase() extrapolates, and loses what happens between two buckets: a burst of one scrape can vanish")
	if line, is := histogram(parts); is {
		return diag.List{f.WithHint("for exact counts write %s", line)}
	}
	if len(exact) < len(parts) {
		return diag.List{f.WithHint("counter: and a selector, in place of PromQL, gives exact counts")}
	}
	return diag.List{f.WithHint("for exact counts write %s", strings.Join(exact, ", "))}
}

// histogram returns what counts the same as expressions of the buckets of a histogram, which
// no counter: does; is tells whether there are such.
func histogram(parts []Part) (line string, is bool) {
	if !slices.ContainsFunc(parts, Part.buckets) {
		return "", false
	}
	alike, of, limit := true, "", ""
	for _, p := range parts {
		_, plain := p.Expr.Counter()
		for v := range vectors(p.Expr.root) {
			b := bucketOf(v)
			alike = alike && b.part != "" && (of == "" || of == b.of)
			of = b.of
			if b.limit != "" {
				alike = alike && p.Key != "" && (p.Key != "bad" || !plain) && (limit == "" || limit == b.limit)
				limit, is = b.limit, true
			}
		}
	}
	if !alike {
		return `histogram: and a selector, with good: "<= 300ms"`, is
	}
	return "histogram: " + quoted(of) + `, good: "<= ` + limit + `"`, is
}

// buckets tells whether there is a selector of the buckets of a histogram.
func (p Part) buckets() bool {
	for v := range vectors(p.Expr.root) {
		if _, part := sample.Family(metric(v)); part == "_bucket" {
			return true
		}
	}
	return false
}

// bucket is a selector of one bucket of a histogram, or of all of its events.
type bucket struct {
	of    string // the selector of the histogram
	part  string // "_bucket" or "_count", "" of anything else
	limit string // as a threshold; "" of all events
}

// bucketOf reads a selector.
func bucketOf(v *parser.VectorSelector) (b bucket) {
	family, part := sample.Family(metric(v))
	bound, err := math.Inf(1), error(nil)
	if part == "_bucket" {
		bound = math.NaN() // as long as there is no le
	}
	var rest sample.Selector
	for _, of := range v.LabelMatchers {
		m := sample.Matcher{Name: of.Name, Op: sample.Op(of.Type.String()), Value: of.Value} // to be written
		switch {
		case m.Name == sample.MetricName:
			m.Value = family
			rest = append(rest, m)
		case m.Name == "le" && m.Op == sample.Equal && part == "_bucket":
			bound, err = strconv.ParseFloat(m.Value, 64)
		default:
			rest = append(rest, m)
		}
	}
	b.of = rest.String()
	if (part == "_bucket" || part == "_count") && err == nil && !math.IsNaN(bound) {
		b.part = part
	}
	if !math.IsInf(bound, 1) {
		_, scale := hist.UnitOf(family)
		b.limit = hist.Limit{Scale: scale}.Text(bound)
	}
	return b
}

// selector says a selector in our words. The parser has read its expressions.
func selector(v *parser.VectorSelector) sample.Selector {
	var s sample.Selector
	for _, m := range v.LabelMatchers {
		if ours, err := sample.NewMatcher(m.Name, sample.Op(m.Type.String()), m.Value); err == nil {
			s = append(s, ours)
		}
	}
	return s
}

// metric returns the name of a selector's metric, "" if it does not name one.
func metric(v *parser.VectorSelector) string {
	for _, m := range v.LabelMatchers {
		if m.Name == sample.MetricName && m.Type == labels.MatchEqual {
			return m.Value
		}
	}
	return ""
}
