package promql

import (
	"errors"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// maxText is the length of the longest text that is read, in bytes: the parser takes time
// that is quadratic in it.
const maxText = 4 << 10

// maxFindings is how many findings about one text are enough.
const maxFindings = 20

// reader gathers what is wrong with a text.
type reader struct {
	value    spec.Value
	findings diag.List
}

// add keeps a finding about a part of the text.
func (r *reader) add(severity diag.Severity, at span, code, message, hint string) {
	if len(r.findings) >= maxFindings && r.findings.Errors() {
		return
	}
	f := diag.Finding{Severity: severity, Code: "promql/" + code, Message: message, Hint: hint}
	f.Pos = r.value.Within(int(at.Start), int(at.End))
	r.findings = append(r.findings, f)
}

func (r *reader) error(at span, code, message, hint string) {
	r.add(diag.Error, at, code, message, hint)
}

func (r *reader) warn(at span, code, message, hint string) {
	r.add(diag.Warning, at, code, message, hint)
}

// words returns a part of the text.
func (r *reader) words(at span) string {
	text := r.value.Text
	start := min(max(int(at.Start), 0), len(text))
	return text[start:min(max(int(at.End), start), len(text))]
}

// expr reads the text.
func (r *reader) expr() Expr {
	text := r.value.Text
	all := part(0, len(text))
	switch {
	case r.value.Kind != spec.Scalar:
		r.error(all, "text", "PromQL is text, not "+r.value.Kind.String(), "")
		return Expr{}
	case len(text) > maxText:
		r.error(all, "text", "the text is longer than "+diag.Thousands(maxText)+" bytes",
			"record parts of it by a rule")
		return Expr{}
	}
	found := scan(text)
	for _, at := range found.others {
		r.foreign(at)
	}
	if r.findings.Errors() {
		return Expr{}
	}
	root, err := parser.NewParser(parser.Options{}).ParseExpr(fill(text, found.steps, placeholder))
	if err != nil {
		r.refuse(err, found)
		return Expr{}
	}
	e := Expr{value: r.value, steps: found.steps, root: root}
	for _, at := range mark(root, text, found.steps) {
		r.error(part(at, at+len(Step)), "step", "$step stands where no range is",
			"write it in the brackets behind a selector: [$step]")
	}
	r.variables(root)
	return e
}

// fill writes length where steps are.
func fill(text string, steps []int, length string) string {
	var b strings.Builder
	done := 0
	for _, at := range steps {
		b.WriteString(text[done:at] + length)
		done = at + len(Step)
	}
	return b.String() + text[done:]
}

// foreign refuses a variable of another tool.
func (r *reader) foreign(at span) {
	words := r.words(at)
	if words == Step {
		r.error(at, "variable", "$step stands within a word", "write it alone in the brackets: [$step]")
		return
	}
	before := strings.TrimRight(r.value.Text[:at.Start], " \t\n")
	message := diag.Quote(words) + " is a variable that nobody puts in here"
	name := strings.Trim(words, "${}[]. ")
	inside := strings.HasSuffix(before, "[") || strings.HasSuffix(before, ":")
	switch {
	case strings.HasPrefix(words, "[[") && !inside:
		r.error(at, "variable", message, "write [$step]: nines puts in the length of a bucket")
	case inside, diag.Nearest(name, []string{"step"}) != "":
		r.error(at, "variable", message, "write $step: nines puts in the length of a bucket")
	default:
		r.error(at, "variable", message, "write what it stands for: there is only $step, the length of a bucket")
	}
}

// variables warns of values that dashboards replace: in a text they are what they are.
func (r *reader) variables(root parser.Expr) {
	for v := range vectors(root) {
		for _, m := range v.LabelMatchers {
			if variable(m.Value) {
				r.warn(r.find(v.PosRange, m.Value), "variable", "label "+diag.Quote(m.Name)+
					" is compared with the very text "+diag.Quote(m.Value), "write the value that is meant")
			}
		}
	}
}

// find returns where a part of the text has words, the part itself if it has not.
func (r *reader) find(in span, words string) span {
	i := strings.Index(r.words(in), words)
	if i < 0 {
		return in
	}
	return part(int(in.Start)+i, int(in.Start)+i+len(words))
}

// refuse says what the parser does not take. Of the grammar it says the first thing: others
// follow from it.
func (r *reader) refuse(err error, found scanned) {
	var all parser.ParseErrors
	if !errors.As(err, &all) {
		r.error(part(0, len(r.value.Text)), "syntax", "this cannot be read as PromQL", "")
	}
	broken := false
	for _, wrong := range all {
		said := strings.ReplaceAll(wrong.Err.Error(), placeholder, Step)
		empty := strings.HasPrefix(said, "no arguments for aggregate")
		if len(r.findings) == maxFindings {
			return
		}
		if !alone(said) && (broken || empty && len(all) > 1) {
			continue
		}
		broken = broken || !alone(said)
		r.say(wrong.PositionRange, said, found)
	}
}

// alone tells whether what the parser said of a part does not follow from the parts before.
func alone(said string) bool {
	for _, prefix := range []string{"unknown function", "function ", "expected type ", "error parsing regexp"} {
		if strings.HasPrefix(said, prefix) {
			return true
		}
	}
	return false
}
