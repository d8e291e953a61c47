package match

import (
	"regexp"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// test compiles one test of the field called name.
func (c *compiler) test(name string, field Field, v spec.Value) test {
	switch v.Kind {
	case spec.Scalar:
		return c.scalar(name, field, v)
	case spec.List:
		if len(v.Items) > 0 {
			return c.list(name, field, v)
		}
	case spec.Map:
		if len(v.Fields) == 1 && v.Fields[0].Key == "not" {
			return not{c.test(name, field, v.Fields[0].Value)}
		}
	}
	c.add(diag.Errorf(v.Pos, "match/test", "the test of field %q is a value, a list or {not: …}", name))
	return never{}
}

func (c *compiler) list(name string, field Field, v spec.Value) test {
	var out anyOf
	for _, item := range v.Items {
		out = append(out, c.test(name, field, item))
	}
	return out
}

func (c *compiler) scalar(name string, field Field, v spec.Value) test {
	text := v.Text
	if pattern, ok := strings.CutPrefix(text, "~"); ok {
		return c.regexp(pattern, field, v)
	}
	if op, rest := cutOperator(text); op != "" {
		return c.comparison(name, field, op, rest, v)
	}
	if field.Type != Duration && strings.ContainsAny(text, "*?") {
		return newGlob(text)
	}
	switch field.Type {
	case Number, Status:
		return c.numeric(name, field, v)
	case Duration:
		return c.span(name, field, v)
	case Any:
		if isClass(text) || isRange(text) {
			return c.numeric(name, field, v)
		}
	}
	return equal(text)
}

func (c *compiler) regexp(pattern string, field Field, v spec.Value) test {
	re, err := regexp.Compile(pattern)
	if err != nil {
		c.add(diag.Errorf(v.Pos, "match/regexp", "%q is not a regular expression: %v", pattern, err).
			WithHint("the syntax is that of https://pkg.go.dev/regexp/syntax, without the leading ~"))
		return never{}
	}
	return matches{re, field.Type == Duration}
}

// cutOperator splits "<= 300ms" into "<=" and "300ms".
func cutOperator(text string) (op, rest string) {
	for _, op := range []string{"<=", ">=", "==", "!=", "<", ">"} {
		if rest, ok := strings.CutPrefix(text, op); ok {
			return op, strings.TrimSpace(rest)
		}
	}
	return "", text
}

func (c *compiler) comparison(name string, field Field, op, rest string, v spec.Value) test {
	switch field.Type {
	case Text:
		return c.textComparison(name, op, rest, v)
	case Number, Status:
		n, ok := readDecimal(rest)
		if !ok {
			c.add(diag.Errorf(v.Pos, "match/number", "field %q is compared with %q, which is not a number", name, rest))
			return never{}
		}
		return compare{n, orderOf(op)}
	case Any:
		if n, ok := readDecimal(rest); ok {
			return compare{n, orderOf(op)}
		}
		if _, _, ok := parseSpan([]byte(rest), 0); !ok {
			return c.textComparison(name, op, rest, v)
		}
	}
	ns, ok := c.length(name, op+" ", rest, v)
	if !ok {
		return never{}
	}
	return spanCompare{ns, orderOf(op), field.Unit}
}

func (c *compiler) textComparison(name, op, rest string, v spec.Value) test {
	switch op {
	case "==":
		return equal(rest)
	case "!=":
		return different(rest)
	}
	c.add(diag.Errorf(v.Pos, "match/comparison", "field %q holds text: %q cannot be compared with %q", name, rest, op).
		WithHint("test text with a value, a list, a glob such as /api/* or a regular expression such as ~^/api"))
	return never{}
}

// numeric compiles a number, a range or a status class.
func (c *compiler) numeric(name string, field Field, v spec.Value) test {
	text := v.Text
	if isClass(text) && field.Type != Number {
		lo := int(text[0]-'0') * 100
		return statuses{lo, lo + 99}
	}
	if n, ok := readDecimal(text); ok {
		c.code(field, n, v)
		return compare{n, same}
	}
	if !isRange(text) {
		c.add(diag.Errorf(v.Pos, "match/number", "field %q is a number, %q is not", name, text).
			WithHint("write a number such as 503, a range such as 500-599 or a comparison such as \">= 500\""))
		return never{}
	}
	from, to, _ := strings.Cut(text, "-")
	lo, _ := readDecimal(strings.TrimSpace(from))
	hi, _ := readDecimal(strings.TrimSpace(to))
	if lo.cmp(hi) > 0 {
		c.add(diag.Errorf(v.Pos, "match/range", "range %q ends before it begins", text).
			WithHint("did you mean %s-%s?", strings.TrimSpace(to), strings.TrimSpace(from)))
		return never{}
	}
	c.code(field, hi, v)
	if field.Type == Status && lo.status() && hi.status() {
		return statuses{int(lo.n), int(hi.n)}
	}
	return between{lo, hi}
}

// code refuses a status that no answer can have: it would make all of them good.
// 0 is what some servers log where there was no answer.
func (c *compiler) code(field Field, n decimal, v spec.Value) {
	none := n.n == 0 && !n.more
	if field.Type == Status && !n.status() && !none {
		c.add(diag.Errorf(v.Pos, "match/status", "%q is no status: they have three digits, 100 to 999", v.Text).
			WithHint("write a status such as 503, a range such as 500-599 or a class such as 5xx"))
	}
}

// span compiles a duration or a range of two without an operator.
func (c *compiler) span(name string, field Field, v spec.Value) test {
	if from, to, ok := strings.Cut(v.Text, "-"); ok && from != "" {
		lo, ok1 := c.length(name, "", strings.TrimSpace(from), v)
		hi, ok2 := c.length(name, "", strings.TrimSpace(to), v)
		if !ok1 || !ok2 {
			return never{}
		}
		if lo > hi {
			c.add(diag.Errorf(v.Pos, "match/range", "range %q ends before it begins", v.Text))
		}
		return spanBetween{lo, hi, field.Unit}
	}
	ns, ok := c.length(name, "", v.Text, v)
	if !ok {
		return never{}
	}
	return spanCompare{ns, same, field.Unit}
}

// length reads a duration of a test; a unit is required, 0 alone has none.
func (c *compiler) length(name, op, text string, v spec.Value) (uint64, bool) {
	ns, more, ok := parseSpan([]byte(text), 0)
	if ok && !more {
		return ns, true
	}
	f := diag.Errorf(v.Pos, "match/duration", "field %q is compared with %q, which is not a duration", name, text)
	switch _, _, bare := parseSpan([]byte(text), time.Second); {
	case more:
		f.Message = "duration \"" + text + "\" is finer than a nanosecond"
	case bare:
		f.Message = "duration \"" + text + "\" of field \"" + name + "\" has no unit"
		f = f.WithHint("write \"%s%sms\" or \"%s%ss\"", op, text, op, text)
	default:
		f = f.WithHint("write for example \"<= 300ms\"")
	}
	c.add(f)
	return 0, false
}

func isClass(text string) bool {
	return len(text) == 3 && text[0] >= '1' && text[0] <= '9' && strings.EqualFold(text[1:], "xx")
}

// isRange tells whether text is two numbers joined by a hyphen.
func isRange(text string) bool {
	from, to, ok := strings.Cut(text, "-")
	_, ok1 := readDecimal(strings.TrimSpace(from))
	_, ok2 := readDecimal(strings.TrimSpace(to))
	return ok && ok1 && ok2
}
