package promql

import (
	"errors"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/parser/posrange"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// placeholder stands for Step where the parser reads: a duration of the same length, so
// that places stay what they are.
const placeholder = "1000s"

// reader gathers what is wrong with a text.
type reader struct {
	value    spec.Value
	findings diag.List
}

func newReader(v spec.Value) *reader { return &reader{value: v} }

// span is a part of a text, from its first byte to behind its last.
type span = posrange.PositionRange

func whole(v spec.Value) span { return span{End: posrange.Pos(len(v.Text))} }

func (r *reader) errorf(at span, code, format string, args ...any) *diag.Finding {
	r.findings = append(r.findings, diag.Errorf(r.value.Pos, code, format, args...))
	return &r.findings[len(r.findings)-1]
}

// text returns the text as the parser takes it, and where Step stands.
func (r *reader) text() (string, []int) {
	text := r.value.Text
	var steps []int
	for i := range text {
		if strings.HasPrefix(text[i:], Step) {
			steps = append(steps, i)
		}
	}
	return strings.ReplaceAll(text, Step, placeholder), steps
}

// parse reads the text and marks the ranges that are Step.
func (r *reader) parse(text string, steps []int) parser.Expr {
	root, err := parser.NewParser(parser.Options{}).ParseExpr(text)
	var wrong parser.ParseErrors
	switch {
	case errors.As(err, &wrong):
		for _, w := range wrong {
			r.errorf(w.PositionRange, "promql/syntax", "%v", w.Err)
		}
		return nil
	case err != nil:
		r.errorf(span{}, "promql/syntax", "%v", err)
		return nil
	}
	for n := range nodes(root) {
		m, ok := n.(*parser.MatrixSelector)
		if ok && r.has(steps, m) {
			m.RangeExpr = &parser.DurationExpr{Op: parser.ADD, RHS: stepWord{}}
		}
	}
	return root
}

func (r *reader) has(steps []int, m *parser.MatrixSelector) bool {
	for _, s := range steps {
		if s >= int(vector(m).PosRange.End) && s < int(m.EndPos) {
			return true
		}
	}
	return false
}

// plain returns the selector that root is.
func (r *reader) plain(root parser.Expr) *parser.VectorSelector {
	v, ok := bare(root).(*parser.VectorSelector)
	if !ok || shifted(v) {
		r.errorf(root.PositionRange(), "promql/selector", "%q is no plain selector", r.value.Text)
	}
	return v
}

// stepWord prints Step within a tree of the parser.
type stepWord struct{ *parser.NumberLiteral }

func (stepWord) String() string { return Step }

