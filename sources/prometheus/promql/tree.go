package promql

import (
	"iter"

	"github.com/prometheus/prometheus/promql/parser"
)

// bare returns e without the parentheses around it.
func bare(e parser.Expr) parser.Expr {
	for {
		p, ok := e.(*parser.ParenExpr)
		if !ok {
			return e
		}
		e = p.Expr
	}
}

// nodes are those of an expression, from outside to inside, from left to right.
func nodes(root parser.Expr) iter.Seq[parser.Node] {
	return func(yield func(parser.Node) bool) {
		if root != nil {
			walk(root, yield)
		}
	}
}

func walk(n parser.Node, yield func(parser.Node) bool) bool {
	if !yield(n) {
		return false
	}
	for child := range parser.ChildrenIter(n) {
		if !walk(child, yield) {
			return false
		}
	}
	return true
}

// shifted tells whether a selector looks at another time than that it is asked for.
func shifted(v *parser.VectorSelector) bool {
	return v.OriginalOffset != 0 || v.Timestamp != nil || v.StartOrEnd != 0
}

// vector returns the selector of a range.
func vector(m *parser.MatrixSelector) *parser.VectorSelector {
	return m.VectorSelector.(*parser.VectorSelector)
}

// isStep tells whether a range is [$step].
func isStep(m *parser.MatrixSelector) bool { return m.RangeExpr != nil }
