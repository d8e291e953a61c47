package promql

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"
)

// Window is an expression that counts over ranges of any length: those of its Step. The
// zero Window is none.
type Window struct{ parts []string }

// Words are what an expression says, without the tree that it was read into: a tree takes far
// more memory, and many commands have thousands of expressions. The zero Words are none.
type Words struct {
	parts   []string // of the printed tree, with Step between them
	nested  bool
	partial bool
	sum     bool // by the labels by, and no others
	by      []string
}

// Words returns those of e.
func (e Expr) Words() Words {
	if !e.Is() {
		return Words{}
	}
	w := Words{parts: strings.Split(e.root.String(), printed), nested: e.nested(),
		partial: calls(e.root, "histogram_fraction", "histogram_quantile")}
	if sum, ok := bare(e.root).(*parser.AggregateExpr); ok && sum.Op == parser.SUM && !sum.Without {
		w.sum, w.by = true, sum.Grouping
	}
	return w
}

// Is tells whether there are any.
func (w Words) Is() bool { return len(w.parts) > 0 }

// String returns what Expr.String does.
func (w Words) String() string { return strings.Join(w.parts, Step) }

// At returns the text for buckets of a length.
func (w Words) At(length string) string { return strings.Join(w.parts, length) }

// Window returns the expression as one that counts over other ranges than buckets. It is
// false where a longer Step would not add up what shorter ones count: none is there, it is
// how often a subquery looks, or stands within one.
func (w Words) Window() (Window, bool) {
	if !w.Steps() || w.nested {
		return Window{}, false
	}
	return Window{w.parts}, true
}

// Over returns the text for ranges of some length, in the words of PromQL.
func (w Window) Over(length string) string { return strings.Join(w.parts, length) }

// Steps tells whether Step stands somewhere.
func (w Words) Steps() bool { return len(w.parts) > 1 }

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

// Sums tells whether it is the sum by these labels, in any order.
func (w Words) Sums(by []string) bool {
	if !w.sum || len(w.by) != len(by) {
		return false
	}
	return !slices.ContainsFunc(by, func(label string) bool { return !slices.Contains(w.by, label) })
}

// Partial tells whether it has functions of the fractions of histograms somewhere, which are
// no numbers where there was nothing.
func (w Words) Partial() bool { return w.partial }
