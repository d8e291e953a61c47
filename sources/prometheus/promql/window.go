package promql

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"
)

// Window is an expression that counts over ranges of any length: those of its Step. The
// zero Window is none.
type Window struct{ parts []string }

// Window returns e as one that counts over other ranges than buckets. It is false where a
// longer Step would not add up what shorter ones count: none is there, it is how often a
// subquery looks, or stands within one.
func (e Expr) Window() (Window, bool) {
	if !e.Is() || len(e.steps) == 0 || e.nested() {
		return Window{}, false
	}
	return Window{strings.Split(e.root.String(), printed)}, true
}

// Over returns the text for ranges of some length, in the words of PromQL.
func (w Window) Over(length string) string { return strings.Join(w.parts, length) }

// Steps tells whether Step stands somewhere in e.
func (e Expr) Steps() bool { return len(e.steps) > 0 }

// nested tells whether Step is the resolution of a subquery, or the range of something in
// one.
func (e Expr) nested() bool {
	for n := range nodes(e.root) {
		sub, ok := n.(*parser.SubqueryExpr)
		if !ok {
			continue
		}
		if sub.StepExpr != nil {
			return true
		}
		for inner := range nodes(sub.Expr) {
			if ranged(inner) {
				return true
			}
		}
	}
	return false
}

// ranged tells whether a node has Step as its range.
func ranged(n parser.Node) bool {
	switch n := n.(type) {
	case *parser.MatrixSelector:
		return n.RangeExpr != nil
	case *parser.SubqueryExpr:
		return n.RangeExpr != nil
	}
	return false
}

// Sums tells whether e is the sum by these labels, in any order.
func (e Expr) Sums(by []string) bool {
	sum, ok := bare(e.root).(*parser.AggregateExpr)
	if !ok || sum.Op != parser.SUM || sum.Without || len(sum.Grouping) != len(by) {
		return false
	}
	return !slices.ContainsFunc(by, func(label string) bool { return !slices.Contains(sum.Grouping, label) })
}

// Partial tells whether e has functions of the fractions of histograms somewhere, which are
// no numbers where there was nothing.
func (e Expr) Partial() bool { return calls(e.root, "histogram_fraction", "histogram_quantile") }
