package promql

import (
	"iter"
	"slices"
	"strings"

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

// vectors are the selectors of an expression, in order, those of ranges among them.
func vectors(root parser.Expr) iter.Seq[*parser.VectorSelector] {
	return func(yield func(*parser.VectorSelector) bool) {
		for n := range nodes(root) {
			if v, ok := n.(*parser.VectorSelector); ok && !yield(v) {
				return
			}
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

// calls tells whether one of these functions is called within e.
func calls(e parser.Expr, names ...string) bool {
	for n := range nodes(e) {
		if call, ok := n.(*parser.Call); ok && slices.Contains(names, call.Func.Name) {
			return true
		}
	}
	return false
}

// idle tells whether what e gives depends on the values of no series: it has none, it takes
// them times 0 or less themselves, or tells only that there are none.
func idle(e parser.Expr) bool {
	switch e := bare(e).(type) {
	case *parser.VectorSelector, *parser.MatrixSelector:
		return false
	case *parser.Call:
		if strings.HasPrefix(e.Func.Name, "absent") {
			return true
		}
	case *parser.BinaryExpr:
		none := func(e parser.Expr) bool { n, ok := bare(e).(*parser.NumberLiteral); return ok && n.Val == 0 }
		if e.Op == parser.MUL && (none(e.LHS) || none(e.RHS)) || e.Op == parser.SUB && e.LHS.String() == e.RHS.String() {
			return true
		}
	}
	for child := range parser.ChildrenIter(e) {
		if inner, ok := child.(parser.Expr); ok && !idle(inner) {
			return false
		}
	}
	return true
}

// mark marks the ranges of a tree that are Step in the text, and returns the steps that
// are in no range.
func mark(root parser.Expr, text string, steps []int) []int {
	steps = slices.Clone(steps)
	within := func(start, end int) bool {
		i := slices.IndexFunc(steps, func(at int) bool { return at >= start && at < end })
		if i >= 0 {
			steps = slices.Delete(steps, i, i+1)
		}
		return i >= 0
	}
	for n := range nodes(root) {
		switch n := n.(type) {
		case *parser.MatrixSelector:
			if start := int(vector(n).PosRange.End); within(start, closing(text, start)) {
				n.RangeExpr = stepExpr()
			}
		case *parser.SubqueryExpr:
			start := int(n.Expr.PositionRange().End)
			end := closing(text, start)
			colon := start + max(strings.IndexByte(text[start:end], ':'), 0)
			if within(start, colon) {
				n.RangeExpr = stepExpr()
			}
			if within(colon, end) {
				n.Step, n.StepExpr = 0, stepExpr()
			}
		}
	}
	return steps
}

// closing returns where the first bracket ends that text has behind start.
func closing(text string, start int) int {
	for i := start; i < len(text); i++ {
		if text[i] == '#' {
			i += len(firstLine(text[i:]))
		} else if text[i] == ']' {
			return i
		}
	}
	return len(text)
}

// stepExpr returns what stands for Step in a tree.
func stepExpr() *parser.DurationExpr {
	return &parser.DurationExpr{Op: parser.ADD, RHS: stepWord{&parser.NumberLiteral{}}}
}

// printed is what the parser's printer writes for Step: strings and names have it escaped,
// so that it stands in what is printed for nothing else.
const printed = "\x00"

// stepWord is Step as the parser's printer writes it.
type stepWord struct{ *parser.NumberLiteral }

// String returns printed.
func (stepWord) String() string { return printed }

// vector returns the selector of a range.
func vector(m *parser.MatrixSelector) *parser.VectorSelector {
	return m.VectorSelector.(*parser.VectorSelector)
}

// shifted tells whether a selector looks at another time than that it is asked for.
func shifted(v *parser.VectorSelector) bool {
	return v.OriginalOffset != 0 || v.Timestamp != nil || v.StartOrEnd != 0
}

// still returns a selector without what shifts it.
func still(v *parser.VectorSelector) *parser.VectorSelector {
	return &parser.VectorSelector{Name: v.Name, LabelMatchers: v.LabelMatchers}
}

// increaseOf returns how the events of a selector are counted.
func increaseOf(v *parser.VectorSelector) string {
	return "increase(" + still(v).String() + "[" + Step + "])"
}
