package promql

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/sample"
)

// labels refuses an expression that drops labels of per: without them its series cannot be
// told apart.
func (r *reader) labels(root parser.Expr, per []string) {
	lost := map[parser.Expr][]string{}
	var order []parser.Expr
	for _, label := range per {
		for _, at := range drops(root, label) {
			if lost[at] == nil {
				order = append(order, at)
			}
			lost[at] = append(lost[at], label)
		}
	}
	for _, at := range order {
		message := "the label " + diag.Quote(lost[at][0]) + " of per: is dropped here"
		if len(lost[at]) > 1 {
			message = "the labels " + strings.Join(lost[at], ", ") + " of per: are dropped here"
		}
		r.error(r.head(at), "per", message, r.keeping(at, lost[at]))
	}
}

// drops returns where an expression loses a label of its series.
func drops(e parser.Expr, label string) []parser.Expr {
	switch e := bare(e).(type) {
	case *parser.UnaryExpr:
		return drops(e.Expr, label)
	case *parser.SubqueryExpr:
		return drops(e.Expr, label)
	case *parser.AggregateExpr:
		return aggregateDrops(e, label)
	case *parser.BinaryExpr:
		return binaryDrops(e, label)
	case *parser.Call:
		return callDrops(e, label)
	}
	return nil
}

func aggregateDrops(e *parser.AggregateExpr, label string) []parser.Expr {
	switch {
	case e.Op == parser.COUNT_VALUES && text(e.Param) == label:
		return nil
	case ranks(e.Op), slices.Contains(e.Grouping, label) != e.Without:
		return drops(e.Expr, label)
	}
	return []parser.Expr{e}
}

// ranks tells whether an aggregation chooses series and leaves them as they are.
func ranks(op parser.ItemType) bool {
	return op == parser.TOPK || op == parser.BOTTOMK || op == parser.LIMITK || op == parser.LIMIT_RATIO
}

// text returns what a string says, "" if e is none.
func text(e parser.Expr) string {
	if s, ok := bare(e).(*parser.StringLiteral); ok {
		return s.Val
	}
	return ""
}

func binaryDrops(e *parser.BinaryExpr, label string) []parser.Expr {
	m := e.VectorMatching
	switch {
	case m == nil:
		return slices.Concat(drops(e.LHS, label), drops(e.RHS, label))
	case e.Op == parser.LOR:
		return slices.Concat(drops(e.LHS, label), drops(e.RHS, label))
	case e.Op.IsSetOperator():
		return drops(e.LHS, label)
	}
	many, one := e.LHS, e.RHS
	if m.Card == parser.CardOneToMany {
		many, one = one, many
	}
	switch {
	case m.Card != parser.CardOneToOne && slices.Contains(m.Include, label):
		return drops(one, label)
	case m.Card == parser.CardOneToOne && slices.Contains(m.MatchingLabels, label) != m.On:
		return []parser.Expr{e}
	}
	return drops(many, label)
}

func callDrops(e *parser.Call, label string) []parser.Expr {
	switch e.Func.Name {
	case "label_replace", "label_join":
		if len(e.Args) > 1 && text(e.Args[1]) == label {
			return nil
		}
	case "vector", "absent", "absent_over_time": // have findings of their own
		return nil
	}
	for _, arg := range e.Args {
		if t := arg.Type(); t == parser.ValueTypeVector || t == parser.ValueTypeMatrix {
			if lost := drops(arg, label); lost != nil {
				return lost
			}
		}
	}
	return nil
}

// head returns the words with which an expression begins: what it does, without what it
// does that to.
func (r *reader) head(e parser.Expr) span {
	at := e.PositionRange()
	switch e := e.(type) {
	case *parser.AggregateExpr, *parser.Call:
		at = part(int(at.Start), int(at.Start)+len(name(r.words(at))))
	case *parser.BinaryExpr:
		return r.operator(e)
	}
	return at
}

// operator returns the place of the operator of a binary expression, and of what follows
// it up to the right side.
func (r *reader) operator(e *parser.BinaryExpr) span {
	at := span{Start: e.LHS.PositionRange().End, End: e.RHS.PositionRange().Start}
	found := r.find(at, e.Op.String())
	if found == at || at.End < at.Start {
		return e.PositionRange()
	}
	return found
}

// keeping is a hint on how to keep labels that an expression drops.
func (r *reader) keeping(e parser.Expr, lost []string) string {
	isLost := func(name string) bool { return slices.Contains(lost, name) }
	lacks := func(names []string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(names), isLost), ", ")
	}
	switch e := e.(type) {
	case *parser.AggregateExpr:
		of := r.words(e.Expr.PositionRange())
		if len(of) > 80 || strings.Contains(of, "\n") {
			of = "…"
		}
		grouping := "by (" + strings.Join(slices.Concat(e.Grouping, lost), ", ")
		if rest := lacks(e.Grouping); e.Without && rest != "" {
			grouping = "without (" + rest
		} else if e.Without {
			grouping = "by (" + strings.Join(lost, ", ")
		}
		return "write " + e.Op.String() + " " + grouping + ") (" + of + ")"
	case *parser.BinaryExpr:
		if e.VectorMatching.On {
			return "write on (" + strings.Join(slices.Concat(e.VectorMatching.MatchingLabels, lost), ", ") + ")"
		}
		if rest := lacks(e.VectorMatching.MatchingLabels); rest != "" {
			return "write ignoring (" + rest + ")"
		}
		return "leave ignoring (…) out"
	}
	return ""
}

// Adds returns the selectors of the expression, of metrics that have a name, whose series a
// sum adds up although they may differ in a label alone. What takes one of them before, as
// max without (label) does, adds up none.
func (e Expr) Adds(label string) []sample.Selector {
	var out []sample.Selector
	var walk func(n parser.Node, added bool)
	walk = func(n parser.Node, added bool) {
		switch n := n.(type) {
		case *parser.AggregateExpr:
			if !ranks(n.Op) && slices.Contains(n.Grouping, label) == n.Without {
				added = n.Op == parser.SUM
			}
		case *parser.VectorSelector:
			s := selector(n)
			named := slices.ContainsFunc(s, func(m sample.Matcher) bool { return m.Name == label })
			if added && !named && s.Metric() != "" {
				out = append(out, s)
			}
		}
		for child := range parser.ChildrenIter(n) {
			walk(child, added)
		}
	}
	if e.Is() {
		walk(e.root, false)
	}
	return out
}
