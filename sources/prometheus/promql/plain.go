package promql

import (
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/sample"
)

// plain returns the selector that an expression is, and refuses what is more than that.
func (r *reader) plain(e Expr) *parser.VectorSelector {
	all := part(0, len(r.value.Text))
	v, ok := bare(e.root).(*parser.VectorSelector)
	switch {
	case !ok:
		r.error(all, "selector", "a selector stands here alone, this is "+sort(e.root), inside(e))
	case shifted(v):
		r.error(all, "shift", "the selector asks for samples of another time", inside(e))
	case everything(v):
		r.error(all, "selector", "the selector takes every series there is", "name the metric")
	}
	return v
}

// inside is a hint with the selectors of an expression.
func inside(e Expr) string {
	all := e.Selectors()
	switch len(all) {
	case 0:
		return "write for example 'http_requests_total{code=~\"5..\"}'"
	case 1:
		return "write the selector: " + quoted(all[0].String())
	}
	var each []string
	for _, s := range all {
		each = append(each, quoted(s.String()))
	}
	return "write one selector: " + strings.Join(each[:len(each)-1], ", ") + " or " + each[len(each)-1]
}

// quoted writes a text as it may stand in an SLO file.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// sort says what an expression is.
func sort(e parser.Expr) string {
	switch e := bare(e).(type) {
	case *parser.MatrixSelector:
		return "one with a range"
	case *parser.SubqueryExpr:
		return "a subquery"
	case *parser.Call:
		return "a call of " + e.Func.Name + "()"
	case *parser.AggregateExpr:
		return "a " + e.Op.String() + "() of series"
	case *parser.NumberLiteral:
		return "a number"
	case *parser.StringLiteral:
		return "a string: metrics have no quotes, or stand in braces"
	case *parser.BinaryExpr:
		return "a calculation with " + diag.Quote(e.Op.String())
	}
	return "an expression"
}

// everything tells whether the matchers of a selector ask for no more than that there is a
// label.
func everything(v *parser.VectorSelector) bool {
	for _, m := range v.LabelMatchers {
		like := m.Type == labels.MatchRegexp && (m.Value == ".+" || m.Value == ".*")
		if !like && (m.Type != labels.MatchNotEqual || m.Value != "") {
			return false
		}
	}
	return true
}

// CheckCounter warns of a selector of counters whose metric has no name of a counter: it may
// be a gauge.
func CheckCounter(v spec.Value, s sample.Selector) diag.List {
	r := reader{value: v}
	if name := s.Metric(); name != "" && suffix(name) == "" {
		r.warn(part(0, len(v.Text)), "gauge", "counter: takes every fall for a restart, and "+diag.Quote(name)+
			" has no name of a counter", "if it is a gauge write value: in place of counts")
	}
	return r.findings
}

// CheckGauge warns of a selector of gauges whose metric has the name of a counter.
func CheckGauge(v spec.Value, s sample.Selector) diag.List {
	r := reader{value: v}
	name := s.Metric()
	if end := suffix(name); (end == "total" || end == "bucket") && !strings.Contains(name, ":") {
		r.warn(part(0, len(v.Text)), "counter", diag.Quote(name)+
			" is a counter by its name: it holds all events since its process started",
			"write bad: {counter: "+quoted(s.String())+"}, or good in its place, and the counter of all events as total:")
	}
	return r.findings
}
