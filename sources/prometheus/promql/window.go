package promql

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"
)

// Words are what an expression says, without the tree that it was read into: a tree takes far
// more memory, and many commands have thousands of expressions. The zero Words are none.
type Words struct {
	parts   []string // of the printed tree, with Step between them
	adds    bool
	partial bool
	sum     bool // by the labels by, and no others
	by      []string
}

// Words returns those of e.
func (e Expr) Words() Words {
	if !e.Is() {
		return Words{}
	}
	w := Words{parts: strings.Split(e.root.String(), printed), adds: adds(e.root),
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

// At returns the text for buckets of a length, in the words of PromQL.
func (w Words) At(length string) string { return strings.Join(w.parts, length) }

// Adds tells whether a longer Step adds up what shorter ones count.
func (w Words) Adds() bool { return w.adds }

// Steps tells whether Step stands somewhere.
func (w Words) Steps() bool { return len(w.parts) > 1 }

// adds tells whether e over a range is the sum of e over the parts of that range: it is made
// of increases and sums over Step, by sums and constant factors. What looks at single counts,
// such as a comparison, clamp_max() or the hour, does not.
func adds(e parser.Expr) bool {
	switch e := bare(e).(type) {
	case *parser.UnaryExpr:
		return adds(e.Expr)
	case *parser.AggregateExpr:
		return e.Op == parser.SUM && adds(e.Expr)
	case *parser.BinaryExpr:
		return addsBinary(e)
	case *parser.Call:
		switch e.Func.Name {
		case "increase", "sum_over_time", "count_over_time":
			return addsRange(e.Args[0])
		case "histogram_count", "histogram_sum", "label_replace", "label_join", "sort", "sort_desc":
			return adds(e.Args[0])
		}
	}
	return false
}

func addsBinary(e *parser.BinaryExpr) bool {
	if count, _, ok := fraction(e); ok {
		return adds(count)
	}
	switch e.Op {
	case parser.ADD, parser.SUB, parser.LOR:
		return (adds(e.LHS) || zero(e.LHS)) && (adds(e.RHS) || zero(e.RHS))
	case parser.MUL:
		return adds(e.LHS) && constant(e.RHS) || constant(e.LHS) && adds(e.RHS)
	case parser.DIV:
		return adds(e.LHS) && constant(e.RHS)
	}
	return false
}

// addsRange tells whether e is the range Step of what does not look at Step itself.
func addsRange(e parser.Expr) bool {
	switch e := bare(e).(type) {
	case *parser.MatrixSelector:
		return e.RangeExpr != nil
	case *parser.SubqueryExpr:
		return e.RangeExpr != nil && e.StepExpr == nil && !strings.Contains(e.Expr.String(), printed)
	}
	return false
}

func constant(e parser.Expr) bool {
	_, is := bare(e).(*parser.NumberLiteral)
	return is
}

// zero tells whether all that e gives is 0.
func zero(e parser.Expr) bool {
	switch e := bare(e).(type) {
	case *parser.NumberLiteral:
		return e.Val == 0
	case *parser.UnaryExpr:
		return zero(e.Expr)
	case *parser.AggregateExpr:
		return e.Op == parser.SUM && zero(e.Expr)
	case *parser.BinaryExpr:
		switch e.Op {
		case parser.MUL:
			return zero(e.LHS) || zero(e.RHS)
		case parser.ADD, parser.SUB, parser.LOR:
			return zero(e.LHS) && zero(e.RHS) || e.Op == parser.SUB && e.LHS.String() == e.RHS.String()
		}
	case *parser.Call:
		return slices.Contains([]string{"vector", "label_replace", "label_join"}, e.Func.Name) && zero(e.Args[0])
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
