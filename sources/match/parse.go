package match

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// Parse reads a condition map. resolve returns the field of that name and whether
// the source has it; known lists the names for "did you mean". A missing cond is
// nil. With errors among the findings the expression is of no use.
func Parse(cond spec.Value, resolve func(name string) (Field, bool), known []string) (Expr, diag.List) {
	if !cond.Is() {
		return nil, nil
	}
	p := parser{resolve: resolve, known: known}
	e := p.condition(cond)
	return e, p.findings
}

// none is how a condition writes None.
const none = "none"

type parser struct {
	resolve  func(name string) (Field, bool)
	known    []string
	findings diag.List
}

// refuse keeps what is wrong with a part and returns what stands for it, which
// never holds.
func (p *parser) refuse(f diag.Finding) Expr {
	p.findings = append(p.findings, f)
	return Or{}
}

func (p *parser) condition(v spec.Value) Expr {
	if v.Kind != spec.Map || len(v.Fields) == 0 {
		return p.refuse(diag.Errorf(v.Pos, "match/condition", "a condition is a map of field and test").
			WithHint("write for example {status: 500-599}"))
	}
	var all And
	for _, entry := range v.Fields {
		if entry.Key == "not" {
			all = append(all, Not{p.condition(entry.Value)})
			continue
		}
		field, ok := p.resolve(entry.Key)
		if !ok {
			p.refuse(Unknown(entry.Pos, entry.Key, p.known))
			continue
		}
		all = append(all, p.test(Test{Name: entry.Key, Field: field}, entry.Value))
	}
	return all
}

// is returns t with what it asks.
func (t Test) is(asked Predicate) Expr {
	t.Is = asked
	return t
}

// test reads what a condition asks of the field of t.
func (p *parser) test(t Test, v spec.Value) Expr {
	t.Pos = v.Pos
	if (t.Field.Type == Text || t.Field.Type == Any) && namesHost(t.Name) {
		t.Field.Type = Host
	}
	switch v.Kind {
	case spec.Scalar:
		return p.scalar(t, v.Text)
	case spec.List:
		if len(v.Items) > 0 {
			return p.list(t, v)
		}
	case spec.Map:
		if len(v.Fields) == 1 && v.Fields[0].Key == "not" {
			return Not{p.test(t, v.Fields[0].Value)}
		}
	}
	return p.refuse(diag.Errorf(v.Pos, "match/test", "the test of field %q is a value, a list or {not: …}", t.Name))
}

// list reads a list of tests, of which one must hold. A list of texts is one test.
func (p *parser) list(t Test, v spec.Value) Expr {
	var one Or
	var texts OneOf
	onlyTexts := true
	for _, item := range v.Items {
		e := p.test(t, item)
		test, _ := e.(Test)
		more, isText := test.Is.(OneOf)
		one, texts = append(one, e), append(texts, more...)
		onlyTexts = onlyTexts && isText
	}
	if onlyTexts {
		return t.is(texts)
	}
	return one
}

func (p *parser) scalar(t Test, text string) Expr {
	switch text {
	case none:
		return t.is(None{})
	case "":
		return p.refuse(diag.Errorf(t.Pos, "match/empty", "no value of field %q is empty: such a one is missing", t.Name).
			WithHint("write none for events without the field"))
	}
	if pattern, ok := strings.CutPrefix(text, "~"); ok {
		return p.regexp(t, pattern)
	}
	if op, rest := cutOperator(text); op != "" {
		return p.comparison(t, op, rest)
	}
	if t.Field.Type != Duration && strings.ContainsAny(text, "*?") {
		return t.is(Glob(text))
	}
	switch t.Field.Type {
	case Number, Status:
		return p.numeric(t, text)
	case Duration:
		return p.duration(t, text)
	case Any:
		if isClass(text) || isRange(text) {
			return p.numeric(t, text)
		}
	}
	if t.Field.Type == Host {
		p.network(t, text)
	}
	return t.is(OneOf{text})
}

// network warns of a network, of which a condition knows no more than the text.
func (p *parser) network(t Test, text string) {
	net, err := netip.ParsePrefix(text)
	if err != nil {
		return
	}
	f := diag.Warnf(t.Pos, "match/network", "%q is compared as text: no value of field %q is a network", text, t.Name)
	p.findings = append(p.findings, f.WithHint("%s", addresses(net)))
}

// addresses says how a condition asks for the addresses of a network.
func addresses(net netip.Prefix) string {
	net = net.Masked()
	if net.IsSingleIP() {
		return "write " + net.Addr().String()
	}
	if !net.Addr().Is4() || net.Bits() < 8 {
		return "write a list of globs such as \"192.0.2.*\", or a regular expression such as \"~^2001:db8:\""
	}
	parts := strings.Split(net.Addr().String(), ".")[:(net.Bits()+7)/8]
	glob := func(n int) string {
		text := strings.Join(append(slices.Clone(parts[:len(parts)-1]), strconv.Itoa(n)), ".")
		if len(parts) == 4 {
			return text
		}
		return strconv.Quote(text + ".*")
	}
	first, _ := strconv.Atoi(parts[len(parts)-1])
	switch n := 1 << (8*len(parts) - net.Bits()); n {
	case 1:
		return "write " + glob(first)
	case 2:
		return "write [" + glob(first) + ", " + glob(first+1) + "]"
	default:
		return "write [" + glob(first) + ", " + glob(first+1) + ", …, " + glob(first+n-1) + "]"
	}
}

func (p *parser) regexp(t Test, pattern string) Expr {
	if _, err := regexp.Compile(pattern); err != nil {
		return p.refuse(diag.Errorf(t.Pos, "match/regexp", "%q is not a regular expression: %v", pattern, err).
			WithHint("the syntax is that of https://pkg.go.dev/regexp/syntax, without the leading ~"))
	}
	return t.is(Regexp(pattern))
}

// cutOperator splits "<= 300ms" into "<=" and "300ms".
func cutOperator(text string) (op Operator, rest string) {
	for _, op := range []Operator{LessOrEqual, MoreOrEqual, Equal, NotEqual, Less, More} {
		if rest, ok := strings.CutPrefix(text, string(op)); ok {
			return op, strings.TrimSpace(rest)
		}
	}
	return "", text
}

func (p *parser) comparison(t Test, op Operator, rest string) Expr {
	number, isNumber := readDecimal(rest)
	switch t.Field.Type {
	case Text, Host:
		return p.textComparison(t, op, rest)
	case Number, Status:
		if !isNumber {
			f := diag.Errorf(t.Pos, "match/number", "field %q is compared with %q, which is not a number", t.Name, rest)
			return p.refuse(f)
		}
		return t.is(Compare{op, number})
	case Any:
		if isNumber {
			return t.is(Compare{op, number})
		}
		if _, _, ok := parseSpan([]byte(rest), 0); !ok {
			return p.textComparison(t, op, rest)
		}
	}
	length, wrong := readLength(t, string(op)+" ", rest)
	if wrong != nil {
		return p.refuse(*wrong)
	}
	return t.is(CompareDuration{op, length})
}

func (p *parser) textComparison(t Test, op Operator, rest string) Expr {
	switch {
	case rest == "" && (op == Equal || op == NotEqual):
		return p.scalar(t, rest)
	case op == Equal:
		return t.is(OneOf{rest})
	case op == NotEqual:
		return t.is(Other(rest))
	}
	f := diag.Errorf(t.Pos, "match/comparison", "field %q holds text: %q cannot be compared with %q", t.Name, rest, op)
	hint := "test text with a value, a list, a glob such as /api/* or a regular expression such as ~^/api"
	return p.refuse(f.WithHint("%s", hint))
}

// numeric reads a number, a range or a status class.
func (p *parser) numeric(t Test, text string) Expr {
	if isClass(text) && t.Field.Type != Number {
		low := int(text[0]-'0') * 100
		return t.is(Statuses{low, low + 99})
	}
	if n, ok := readDecimal(text); ok {
		p.status(t, text, n)
		return t.is(Compare{Equal, n})
	}
	if !isRange(text) {
		return p.refuse(diag.Errorf(t.Pos, "match/number", "field %q is a number, %q is not", t.Name, text).
			WithHint("write a number such as 503, a range such as 500-599 or a comparison such as \">= 500\""))
	}
	low, high := readRange(text)
	if low.value.cmp(high.value) > 0 {
		return p.refuse(diag.Errorf(t.Pos, "match/range", "range %q ends before it begins", text).
			WithHint("did you mean %s-%s?", high, low))
	}
	p.status(t, text, high)
	if t.Field.Type == Status && low.value.status() && high.value.status() {
		return t.is(Statuses{int(low.value.n), int(high.value.n)})
	}
	return t.is(Between{low, high})
}

// status refuses a status that no answer can have: it would make all of them
// good.
func (p *parser) status(t Test, text string, n Decimal) {
	if t.Field.Type != Status || n.value.status() {
		return
	}
	hint := "write a status such as 503, a range such as 500-599 or a class such as 5xx"
	if n.value.n == 0 || n.value.negative { // what some servers log where there was no answer
		hint = "write none for requests that were not answered"
	}
	p.refuse(diag.Errorf(t.Pos, "match/status", "%q is no status: they have three digits, 100 to 999", text).
		WithHint("%s", hint))
}

// duration reads a duration or a range of two without an operator.
func (p *parser) duration(t Test, text string) Expr {
	from, to, isRange := strings.Cut(text, "-")
	if !isRange || from == "" {
		length, wrong := readLength(t, "", text)
		if wrong != nil {
			return p.refuse(*wrong)
		}
		return t.is(CompareDuration{Equal, length})
	}
	low, wrongLow := readLength(t, "", strings.TrimSpace(from))
	high, wrongHigh := readLength(t, "", strings.TrimSpace(to))
	for _, wrong := range []*diag.Finding{wrongLow, wrongHigh} {
		if wrong != nil {
			p.refuse(*wrong)
		}
	}
	if wrongLow == nil && wrongHigh == nil && low > high {
		p.refuse(diag.Errorf(t.Pos, "match/range", "range %q ends before it begins", text))
	}
	return t.is(BetweenDurations{low, high})
}

// readLength reads the duration that t, after an operator, compares with; a unit
// is required, 0 alone has none.
func readLength(t Test, op, text string) (time.Duration, *diag.Finding) {
	ns, more, ok := parseSpan([]byte(text), 0)
	if ok && !more {
		return time.Duration(ns), nil
	}
	f := diag.Errorf(t.Pos, "match/duration", "field %q is compared with %q, which is not a duration", t.Name, text)
	switch _, _, bare := parseSpan([]byte(text), time.Second); {
	case more:
		f.Message = "duration \"" + text + "\" is finer than a nanosecond"
	case bare:
		f.Message = "duration \"" + text + "\" of field \"" + t.Name + "\" has no unit"
		f = f.WithHint("write \"%s%sms\" or \"%s%ss\"", op, text, op, text)
	default:
		f = f.WithHint("write for example \"<= 300ms\"")
	}
	return 0, &f
}

func isClass(text string) bool {
	return len(text) == 3 && text[0] >= '1' && text[0] <= '9' && strings.EqualFold(text[1:], "xx")
}

// isRange tells whether text is two numbers joined by a hyphen.
func isRange(text string) bool {
	from, to, ok := strings.Cut(text, "-")
	_, isNumber := readDecimal(strings.TrimSpace(from))
	_, alsoNumber := readDecimal(strings.TrimSpace(to))
	return ok && isNumber && alsoNumber
}

// readRange reads what isRange is true of.
func readRange(text string) (low, high Decimal) {
	from, to, _ := strings.Cut(text, "-")
	low, _ = readDecimal(strings.TrimSpace(from))
	high, _ = readDecimal(strings.TrimSpace(to))
	return low, high
}
