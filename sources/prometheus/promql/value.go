package promql

import (
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/nines-slo/nines/slo/diag"
)

// CheckValue returns what is wrong with an expression whose value is judged once a step,
// of every series: as errors what would make the answer wrong, else as warnings. per are
// the labels that tell the series apart.
func (e Expr) CheckValue(per []string) diag.List {
	if !e.Is() {
		return nil
	}
	r := reader{value: e.value}
	if !r.result(e.root, "the value", "") {
		return r.findings
	}
	r.labels(e.root, per)
	if b, ok := bare(e.root).(*parser.BinaryExpr); ok && b.Op.IsComparisonOperator() && !b.ReturnBool {
		r.error(r.operator(b), "filter", "series that do not meet "+b.Op.String()+" are left out, and never judged",
			"leave the comparison to good: or bad:")
	}
	for n := range nodes(e.root) {
		switch n := n.(type) {
		case *parser.BinaryExpr:
			r.zeros(n, "leave it out: what has no data is not judged")
		case *parser.VectorSelector:
			r.elsewhen(n, diag.Warning)
		case *parser.SubqueryExpr:
			if n.Timestamp != nil || n.StartOrEnd != 0 {
				r.error(n.PositionRange(), "shift", "@ asks for one time, whatever the step", "leave it out")
			}
		}
	}
	return r.findings
}

// result tells whether an expression gives series of numbers, and refuses it if not. Key
// names what is asked for.
func (r *reader) result(root parser.Expr, key, example string) bool {
	said := ""
	switch root.Type() {
	case parser.ValueTypeVector:
		return true
	case parser.ValueTypeMatrix:
		said = "a range of samples"
		if m, ok := bare(root).(*parser.MatrixSelector); ok && example != "" {
			example = increaseOf(vector(m))
		}
	case parser.ValueTypeString:
		said = "a string"
	default:
		said = "one number without series"
	}
	hint := ""
	if example != "" {
		hint = "write for example " + example
	}
	r.error(part(0, len(r.value.Text)), "result", key+" is "+said, hint)
	return false
}

// zeros warns of "or vector(0)", and says by hint what to write.
func (r *reader) zeros(b *parser.BinaryExpr, hint string) {
	if b.Op != parser.LOR {
		return
	}
	for _, side := range []parser.Expr{b.LHS, b.RHS} {
		if call, ok := bare(side).(*parser.Call); ok && call.Func.Name == "vector" {
			r.warn(part(int(r.operator(b).Start), int(b.RHS.PositionRange().End)), "zeros",
				"a number stands in where there are no data: a missing metric is not seen", hint)
		}
	}
}

// elsewhen says that a selector asks for another time than that of its bucket.
func (r *reader) elsewhen(v *parser.VectorSelector, severity diag.Severity) {
	switch {
	case v.Timestamp != nil, v.StartOrEnd != 0:
		r.error(r.tail(v), "shift", "@ asks for one time, whatever the bucket", "leave it out")
	case v.OriginalOffset != 0:
		r.add(severity, r.tail(v), "shift", "offset asks for another time than that of the bucket",
			"leave it out; delay: of the source waits for samples that come late")
	}
}

// tail returns the place of what shifts a selector, up to where it ends: behind its range
// if it has one.
func (r *reader) tail(v *parser.VectorSelector) span {
	at := v.PositionRange()
	for _, word := range []string{"offset", "@"} {
		rest := part(int(at.Start), len(r.value.Text))
		if found := r.find(rest, word); found != rest && (v.OriginalOffset != 0) == (word == "offset") {
			return found
		}
	}
	return at
}

// CheckRatio returns what is wrong with an expression that is the share of errors in a bucket.
// It may be made of whatever gives such a number. per are the labels that tell the series apart.
func (e Expr) CheckRatio(per []string) diag.List {
	if !e.Is() {
		return nil
	}
	r := reader{value: e.value}
	if r.result(e.root, "the ratio", "avg_over_time(job:errors:ratio[$step])") {
		r.labels(e.root, per)
	}
	return r.findings
}
