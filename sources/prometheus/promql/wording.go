package promql

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/prometheus/prometheus/promql/parser"

	"github.com/nines-slo/nines/slo/diag"
)

// say adds what the parser said of a part of the text, in words of ours.
func (r *reader) say(at span, said string, found scanned) {
	switch {
	case strings.HasPrefix(said, "unknown function"):
		r.noFunction(at)
	case strings.HasPrefix(said, "function "), strings.Contains(said, " experimental "):
		word, _, _ := strings.Cut(strings.TrimPrefix(said, "function "), " ")
		r.error(at, "function", strings.Trim(word, `"`)+" is experimental: a server refuses it by default", "")
	case strings.HasPrefix(said, "expected type "):
		r.wrongType(at, said)
	case strings.HasPrefix(said, "unexpected character"), strings.HasPrefix(said, "unexpected left brace"):
		r.character(at, said)
	case strings.HasPrefix(said, "unclosed "), strings.HasSuffix(said, "end of input inside braces"):
		r.unclosed(found)
	case strings.HasPrefix(said, "unexpected "):
		r.unexpected(at, said)
	case strings.HasPrefix(said, "error parsing regexp"):
		r.error(at, "regexp",
			"the regular expression cannot be read: "+strings.TrimPrefix(said, "error parsing regexp: "),
			"the syntax is that of https://pkg.go.dev/regexp/syntax")
	default:
		if strings.HasPrefix(said, "bad number") {
			at = part(int(at.Start), int(at.Start)+len(name(r.words(at))))
		}
		for _, known := range sayings() {
			if strings.HasPrefix(said, known.prefix) {
				r.error(at, known.code, known.message, known.hint)
				return
			}
		}
		r.error(at, "syntax", said, "")
	}
}

// saying is how we say what the parser says.
type saying struct{ prefix, code, message, hint string }

func sayings() []saying {
	return []saying{
		{"no expression found", "text", "the text is empty", "write for example increase(http_requests_total[$step])"},
		{"vector selector must contain", "selector", "the selector takes every series there is", "name the metric"},
		{"metric name must not be set twice", "selector", "the metric is named twice", "name it once"},
		{"ranges only allowed", "range", "brackets stand behind a selector alone",
			"write them behind the selector inside: sum(increase(x_total[$step]))"},
		{"unterminated ", "syntax", "the quotation mark is never closed", ""},
		{"unknown escape sequence", "syntax", "a backslash in quotes escapes: this is no escape",
			"write two backslashes, or put the value in backquotes"},
		{"no arguments for aggregate", "syntax", "nothing stands in the brackets",
			"write for example sum(increase(x_total[$step]))"},
		{"trailing commas", "syntax", "nothing follows the comma", "leave the comma out"},
		{"duration must be greater", "range", "the duration is 0", "write [$step]"},
		{"set operator", "type", "one side is a number, not series", "write vector(…) around it, or leave it out"},
		{"comparisons between scalars", "syntax", "two numbers are compared", ""},
		{"bad number or duration", "syntax", "this is neither a number nor a duration",
			"write [$step], or a duration such as 5m"},
		{"not a valid duration string", "syntax", "this is no duration", "write [$step], or a duration such as 5m"},
		{"unknown unit", "syntax", "this is no duration", "write [$step], or a duration such as 5m"},
	}
}

// noFunction refuses a function that PromQL does not have.
func (r *reader) noFunction(at span) {
	var known []string
	for name, f := range parser.Functions {
		if !f.Experimental {
			known = append(known, name)
		}
	}
	word := name(r.words(at))
	known = append(known, aggregations()...)
	hint := diag.Among(word, known, nil)
	if near := diag.Nearest(word, known); near != "" {
		hint = "did you mean " + diag.Quote(near) + "?"
	}
	r.error(part(int(at.Start), int(at.Start)+len(word)), "function",
		diag.Quote(word)+" is no function of PromQL, as which the text is checked", hint)
}

func aggregations() []string {
	return []string{"sum", "avg", "count", "min", "max", "group", "stddev", "stdvar", "topk", "bottomk", "quantile",
		"count_values"}
}

// wrongType refuses an argument of the wrong type.
func (r *reader) wrongType(at span, said string) {
	m := regexp.MustCompile(`^expected type (.+) in (?:call to function "(.+)"|.+), got (.+)$`).FindStringSubmatch(said)
	words := r.words(at)
	if m == nil {
		r.error(at, "type", said, "")
		return
	}
	want, function, got := m[1], m[2], m[3]
	by := "an aggregation"
	if function != "" {
		by = function + "()"
	}
	hint := ""
	switch {
	case want == "range vector" && got == "instant vector" && selectorLike(words):
		hint = "write " + words + "[$step]"
	case want == "range vector" && got == "instant vector":
		hint = "write the function around each selector first, then the sum: sum(" + function + "(x_total[$step]))"
	case want == "instant vector" && got == "range vector" && selectorLike(before(words, "[")):
		hint = "write increase(" + words + ")"
	}
	message := by + " takes " + typeName(want) + ", " + diag.Quote(words) + " is " + typeName(got)
	if want == "range vector" {
		message = by + " takes a range, " + diag.Quote(words) + " has none"
	}
	r.error(at, "type", message, hint)
}

func before(text, sep string) string {
	head, _, _ := strings.Cut(text, sep)
	return head
}

// selectorLike tells whether a text that was parsed is a selector.
func selectorLike(text string) bool {
	return strings.HasSuffix(text, "}") || name(text) == text
}

func typeName(said string) string {
	switch said {
	case "range vector":
		return "a range"
	case "instant vector":
		return "series"
	case "scalar":
		return "a number"
	case "string":
		return "a string"
	}
	return said
}

// character refuses a character that PromQL has no use for there.
func (r *reader) character(at span, said string) {
	if _, c, ok := strings.Cut(said, "'"); ok {
		at = r.find(at, strings.TrimSuffix(c, "'"))
	}
	_, n := utf8.DecodeRuneInString(r.words(at))
	at.End = part(0, int(at.Start)+n).End
	message := diag.Quote(r.words(at)) + " is not expected here"
	hint := ""
	braces := strings.Contains(said, "inside braces")
	switch {
	case strings.ContainsAny(said, "“”‘’"):
		hint = `write straight quotes: "`
	case braces && strings.ContainsAny(said, ".-/"):
		hint = `a name with other signs than letters, digits and _ stands in quotes: {"a.b"="c"}`
	case braces && strings.ContainsAny(said, "0123456789"):
		hint = `put the value in quotes: code="500"`
	case braces:
		hint = `a matcher is written code="500", with =, !=, =~ or !~`
	case strings.Contains(said, "'.'"):
		hint = `a name with other signs than letters, digits, _ and : stands in braces and quotes: {"a.b"}`
	case strings.Contains(said, "'|'"):
		hint = "the text is checked as PromQL: pipes of LogQL are none, or is written or"
	case strings.Contains(said, "'&'"):
		hint = "and is written and"
	}
	r.error(at, "syntax", message, hint)
}

// unclosed refuses a bracket that is never closed.
func (r *reader) unclosed(found scanned) {
	at := part(len(r.value.Text), len(r.value.Text))
	if n := len(found.open); n > 0 {
		at = part(found.open[n-1], found.open[n-1]+1)
	}
	r.error(at, "syntax", "the "+r.words(at)+" is never closed", "")
}

// unexpected refuses a word that has no place there.
func (r *reader) unexpected(at span, said string) {
	words := r.words(at)
	message := diag.Quote(words) + " is not expected here"
	switch {
	case strings.HasPrefix(said, "unexpected end"):
		at = part(len(r.value.Text), len(r.value.Text))
		message = "the text ends too early"
	case strings.HasPrefix(said, "unexpected right "):
		if !strings.HasPrefix(words, "]") { // the parser has gone on
			at.Start--
		}
		at.End = at.Start + 1
		message = "no bracket is open for this " + r.words(at)
	}
	r.error(at, "syntax", message, r.expected(words, said))
}

// expected is a hint on what stands where the parser did not expect words.
func (r *reader) expected(words, said string) string {
	_, expected, _ := strings.Cut(said, ", expected ")
	near := diag.Nearest(words, keywords())
	switch {
	case near != "" && near != words:
		return "did you mean " + diag.Quote(near) + "?"
	case slices.Contains([]string{"default", "if", "ifnot", "limit", "keep_metric_names"}, words),
		strings.EqualFold(name(r.value.Text), "with"):
		return "the text is checked as PromQL: this is MetricsQL"
	case strings.Contains(said, " in subquery"):
		return "write [$step]"
	case expected != "":
		return "expected here: " + expected
	}
	return ""
}

func keywords() []string {
	return append(aggregations(), "by", "without", "and", "or", "unless", "on", "ignoring", "group_left", "group_right",
		"offset", "bool")
}
