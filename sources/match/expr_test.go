package match

import (
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo/spec"
)

func parse(t testing.TB, yaml string) Expr {
	t.Helper()
	b, err := spec.ParseBlock("slo.yaml", "cond: "+yaml, "")
	if err != nil {
		t.Fatal(err)
	}
	e, findings := Parse(b.Get("cond"), resolve, fields)
	if findings != nil {
		t.Fatal(findings)
	}
	return e
}

// A walk over the expression is enough to write a condition in another language.
func TestExprAsSQL(t *testing.T) {
	for _, c := range []struct{ cond, want string }{
		{``, `TRUE`},
		{`{path: /a}`, `path = '/a'`},
		{`{path: "it's"}`, `path = 'it''s'`},
		{`{path: [/a, /b, [/c]]}`, `path IN ('/a', '/b', '/c')`},
		{`{path: [/a]}`, `path = '/a'`},
		{`{path: [/a, "/b/*"]}`, `(path = '/a' OR path LIKE '/b/%')`},
		{`{path: "/a?%_*"}`, `path LIKE '/a_\%\_%'`},
		{`{path: "~^/v[0-9]"}`, `path REGEXP '^/v[0-9]'`},
		{`{path: "== /a"}`, `path = '/a'`},
		{`{path: "!= /a"}`, `path <> '/a'`},
		{`{path: {not: /a}}`, `NOT path = '/a'`},
		{`{path: {not: [/a, "/b*"]}}`, `NOT (path = '/a' OR path LIKE '/b%')`},
		{`{method: GET, status: 503}`, `(method = 'GET' AND status = 503)`},
		{`{not: {method: GET, status: 5xx}}`, `NOT (method = 'GET' AND status BETWEEN 500 AND 599)`},
		{`{status: [404, 5xx, ">= 1e3"]}`, `(status = 404 OR status BETWEEN 500 AND 599 OR status >= 1e3)`},
		{`{status: 0-599}`, `status BETWEEN 0 AND 599`},
		{`{bytes: 0.50-1.5}`, `bytes BETWEEN 0.50 AND 1.5`},
		{`{bytes: "!= -5"}`, `bytes <> -5`},
		{`{duration: "<= 300ms"}`, `duration * 1000000000 <= 300000000`},
		{`{micros: "> 1m30s"}`, `micros * 1000 > 90000000000`},
		{`{micros: 1ms-1s}`, `micros * 1000 BETWEEN 1000000 AND 1000000000`},
		{`{duration: 1s}`, `duration * 1000000000 = 1000000000`},
		{`{any: none}`, `any IS NULL`},
		{`{any: {not: none}}`, `NOT any IS NULL`},
		{`{status: [none, 5xx]}`, `(status IS NULL OR status BETWEEN 500 AND 599)`},
		{`{any: ok}`, `any = 'ok'`},
		{`{any: 503}`, `any = '503'`},
		{`{any: "> 5"}`, `any > 5`},
		{`{any: 1-5}`, `any BETWEEN 1 AND 5`},
	} {
		if got := sql(parse(t, c.cond)); got != c.want {
			t.Errorf("%s: %s, want %s", c.cond, got, c.want)
		}
	}
}

// sql writes an expression as a SQL server takes it, near enough.
func sql(e Expr) string {
	switch e := e.(type) {
	case nil:
		return "TRUE"
	case And:
		return joined([]Expr(e), " AND ")
	case Or:
		return joined([]Expr(e), " OR ")
	case Not:
		return "NOT " + sql(e.Expr)
	}
	t := e.(Test)
	column, length := t.Name, fmt.Sprintf("%s * %d", t.Name, t.Field.Unit)
	op := func(o Operator) string {
		if text, ok := map[Operator]string{Equal: "=", NotEqual: "<>"}[o]; ok {
			return text
		}
		return string(o)
	}
	switch is := t.Is.(type) {
	case None:
		return column + " IS NULL"
	case OneOf:
		var all []string
		for _, text := range is {
			all = append(all, literal(text))
		}
		if len(all) == 1 {
			return column + " = " + all[0]
		}
		return column + " IN (" + strings.Join(all, ", ") + ")"
	case Other:
		return column + " <> " + literal(string(is))
	case Glob:
		return column + " LIKE " + literal(strings.NewReplacer("%", `\%`, "_", `\_`, "*", "%", "?", "_").Replace(string(is)))
	case Regexp:
		return column + " REGEXP " + literal(string(is))
	case Compare:
		return fmt.Sprintf("%s %s %s", column, op(is.Op), is.Number)
	case Between:
		return fmt.Sprintf("%s BETWEEN %s AND %s", column, is.Low, is.High)
	case Statuses:
		return fmt.Sprintf("%s BETWEEN %d AND %d", column, is.Low, is.High)
	case CompareDuration:
		return fmt.Sprintf("%s %s %d", length, op(is.Op), is.Length)
	case BetweenDurations:
		return fmt.Sprintf("%s BETWEEN %d AND %d", length, is.Low, is.High)
	}
	return "?"
}

func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func joined(all []Expr, word string) string {
	var out []string
	for _, one := range all {
		out = append(out, sql(one))
	}
	if len(out) == 1 {
		return out[0]
	}
	return "(" + strings.Join(out, word) + ")"
}

// What Print writes is read as what was printed.
func TestPrintThenParse(t *testing.T) {
	for _, cond := range []string{`{path: /a}`, `{path: [/a, "/b*"], status: {not: [none, 5xx]}}`, `{any: "== none", not: {path: none, any: 5xx}}`,
		`{any: ["== 5-9", "~a: b", "it's \"x\""], micros: 1ms-1s, duration: "<= 1m30s"}`, `{bytes: 0.50-1.5, status: 404}`} {
		if got := Print(parse(t, cond)); got != cond {
			t.Errorf("%s is printed as %s", cond, got)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		value := conditions(2).Draw(rt, "condition")
		e, findings := Parse(value, resolve, fields)
		if findings != nil {
			return
		}
		text := Print(e)
		b, err := spec.ParseBlock("slo.yaml", "cond: "+text, "")
		if err != nil {
			rt.Fatalf("%s: %v", text, err)
		}
		again, findings := Parse(b.Get("cond"), resolve, fields)
		if findings != nil || sql(again) != sql(e) || Print(again) != text {
			rt.Fatalf("%s of %s is read as %s, %v", text, sql(e), sql(again), findings)
		}
	})
}

// conditions draws what stands in a file.
func conditions(depth int) *rapid.Generator[spec.Value] {
	scalar := rapid.Custom(func(rt *rapid.T) spec.Value {
		text := rapid.SampledFrom(append([]string{"a b", "x: y", "null", "a#"}, testTexts...)).Draw(rt, "text")
		return spec.Value{Kind: spec.Scalar, Text: text}
	})
	var test func(depth int) *rapid.Generator[spec.Value]
	test = func(depth int) *rapid.Generator[spec.Value] {
		if depth == 0 {
			return scalar
		}
		list := rapid.Map(rapid.SliceOfN(test(depth-1), 1, 3), func(all []spec.Value) spec.Value { return spec.Value{Kind: spec.List, Items: all} })
		not := rapid.Map(test(depth-1), func(v spec.Value) spec.Value {
			return spec.Value{Kind: spec.Map, Fields: []spec.Field{{Key: "not", Value: v}}}
		})
		return rapid.OneOf(scalar, list, not)
	}
	return rapid.Custom(func(rt *rapid.T) spec.Value {
		out := spec.Value{Kind: spec.Map}
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(fields), 1, 3, rapid.ID).Draw(rt, "fields") {
			out.Fields = append(out.Fields, spec.Field{Key: name, Value: test(2).Draw(rt, "test")})
		}
		if depth > 0 && rapid.Bool().Draw(rt, "not") {
			out.Fields = append(out.Fields, spec.Field{Key: "not", Value: conditions(depth-1).Draw(rt, "inner")})
		}
		return out
	})
}

func TestTestsHavePositions(t *testing.T) {
	var got []string
	Tests(parse(t, `{path: [/a, "/b*"], not: {status: {not: 5xx}}}`), func(one Test) {
		got = append(got, fmt.Sprintf("%s at %d", one.Name, one.Pos.Col))
	})
	if text := strings.Join(got, ", "); text != "path at 15, path at 19, status at 47" {
		t.Error(text)
	}
}

// Every test of every field is judged as the interpreter judges it, of every value.
func TestTestLikeInterpreted(t *testing.T) {
	compared := 0
	for _, name := range fields {
		for _, text := range testTexts {
			cond := spec.Value{Kind: spec.Map, Fields: []spec.Field{{Key: name, Value: spec.Value{Kind: spec.Scalar, Text: text}}}}
			e, findings := Parse(cond, resolve, fields)
			if findings != nil {
				continue
			}
			for _, value := range valueTexts {
				compared++
				agree(t, e, New(e), eventOf(value))
			}
		}
	}
	if compared < 3000 {
		t.Errorf("only %d comparisons", compared)
	}
}

// eventOf makes an event all of whose fields have that value.
func eventOf(value string) [][]byte {
	values := make([][]byte, len(fields))
	for i := range values {
		if value != "absent" {
			values[i] = []byte(value)
		}
	}
	return values
}

func agree(t rapid.TB, e Expr, cond *Cond, values [][]byte) {
	t.Helper()
	if got, want := cond.Judge(values), interpret(e, values); got != want {
		t.Fatalf("%s of %q: judged %v, want %v", sql(e), values, got, want)
	}
	if got, want := cond.Match(values), interpret(e, values) == Yes; got != want {
		t.Fatalf("%s of %q: matches %v, want %v", sql(e), values, got, want)
	}
}

// What is compiled says the same as an interpreter that walks the expression with
// exact fractions and patterns made of regular expressions.
func TestCompiledLikeInterpreted(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := exprs(2).Draw(rt, "expression")
		cond := New(e)
		for range 8 {
			values := make([][]byte, len(fields))
			for i := range values {
				values[i] = eventOf(rapid.SampledFrom(valueTexts).Draw(rt, "value"))[i]
			}
			agree(rt, e, cond, values)
		}
	})
}

var valueTexts = []string{"absent", "absent", "", "-", "-1", "0", "0.3", "0.30000000000000004", "300ms", "0.3s", "1m30s", "90", "90.0", "5e2",
	"500", "0500", "503", "599", "600", "404.0", "/a", "/a/b", "/aé", "GET", "abc", "1e400", "99999999999999999999", "9999999999999h", "-0", "+7", "1.5.2", "5k",
	"shop.example", "SHOP.example.:443", "shop.example:80", "192.0.2.7:5", "::ffff:192.0.2.7", "[::ffff:192.0.2.7]:80", "2001:DB8::7", "2001:db8::7:50718",
	"[2001:db8::7]", "[2001:db8:0:0::7]:443", "a, b:80", "192.0.2.7, 192.0.2.8", "_", "my_svc:80", ".", ":", ":80", "[]:1", "[x]", "a:b:80"}

var testTexts = []string{"/a", "/a*", "*b", "/a?", "~^/a", "~[0-9]+", "== /a", "!= /a", "503", "500", "5xx", "4xx", "500-599", "400-503", ">= 500", "< 0", "!= 500",
	"0", "-1", "<= 300ms", "> 300ms", "== 1m30s", "!= 1m30s", "300ms-2m", "0s-1s", "<= 0.3", "> 0.3", "90", "1-600", "GET", "-", ">= 0s", "none", "== none", "!= none",
	"Shop.example.", "shop.example:443", "*.EXAMPLE", "*.example:8?", "~^shop", "!= SHOP.example:80", "2001:db8::7", "[2001:DB8:0::7]:443", "192.0.2.7", "192.0.2.*", "_"}

// exprs draws expressions that conditions can say, and at any depth those that
// only a program makes: an And or an Or over several fields.
func exprs(depth int) *rapid.Generator[Expr] {
	leaf := rapid.Custom(func(rt *rapid.T) Expr {
		for {
			name := rapid.SampledFrom(fields).Draw(rt, "field")
			text := rapid.SampledFrom(testTexts).Draw(rt, "test")
			test := spec.Value{Kind: spec.Scalar, Text: text}
			if rapid.Bool().Draw(rt, "list") {
				other := spec.Value{Kind: spec.Scalar, Text: rapid.SampledFrom(testTexts).Draw(rt, "other")}
				test = spec.Value{Kind: spec.List, Items: []spec.Value{test, other}}
			}
			if rapid.Bool().Draw(rt, "not") {
				test = spec.Value{Kind: spec.Map, Fields: []spec.Field{{Key: "not", Value: test}}}
			}
			cond := spec.Value{Kind: spec.Map, Fields: []spec.Field{{Key: name, Value: test}}}
			if e, findings := Parse(cond, resolve, fields); findings == nil {
				return e
			}
		}
	})
	if depth == 0 {
		return leaf
	}
	several := rapid.SliceOfN(exprs(depth-1), 0, 3)
	return rapid.OneOf(leaf,
		rapid.Map(several, func(all []Expr) Expr { return And(all) }),
		rapid.Map(several, func(all []Expr) Expr { return Or(all) }),
		rapid.Map(exprs(depth-1), func(e Expr) Expr { return Not{e} }))
}

// interpret says what is known of an expression by Kleene's tables.
func interpret(e Expr, values [][]byte) Truth { return interpretIn(e, values, false) }

// interpretIn does so inside a list of one field, of which texts tells that it has texts.
func interpretIn(e Expr, values [][]byte, texts bool) Truth {
	switch e := e.(type) {
	case And:
		out := map[Truth]bool{}
		for _, one := range e {
			out[interpretIn(one, values, texts)] = true
		}
		switch {
		case out[No]:
			return No
		case out[Unsure]:
			return Unsure
		}
		return Yes
	case Or:
		if _, ok := listOf(e); ok && hasTexts(e) {
			texts = true
		}
		var none And
		for _, one := range e {
			none = append(none, Not{one})
		}
		return interpretIn(Not{none}, values, texts)
	case Not:
		return map[Truth]Truth{Yes: No, No: Yes, Unsure: Unsure}[interpretIn(e.Expr, values, texts)]
	}
	return interpretTest(e.(Test), string(values[e.(Test).Field.Index]), texts)
}

// listOf returns the field that all of a list is about.
func listOf(e Expr) (string, bool) {
	switch e := e.(type) {
	case Test:
		return e.Name, true
	case Not:
		return listOf(e.Expr)
	case Or:
		first, ok := "", len(e) > 0
		for i, one := range e {
			name, list := listOf(one)
			if i == 0 {
				first = name
			}
			ok = ok && list && name == first
		}
		return first, ok
	}
	return "", false
}

func hasTexts(e Expr) (found bool) {
	Tests(e, func(t Test) {
		switch is := t.Is.(type) {
		case OneOf:
			for _, one := range is {
				_, ok := number(one)
				found = found || !ok
			}
		case Other, Glob, Regexp:
			found = true
		}
	})
	return found
}

// interpretHost judges a test of a host in all the ways that a host may be written.
func interpretHost(t Test, text string) Truth {
	same := func(one, other string) bool {
		a, b := hostOf(one), hostOf(other)
		return one == other || a.name == b.name && (a.port == "" || b.port == "" || a.port == b.port)
	}
	undotted := func(name string) string {
		if len(name) > 1 {
			return strings.TrimSuffix(name, ".")
		}
		return name
	}
	alone := undotted(strings.ToLower(hostOf(text).written))
	switch is := t.Is.(type) {
	case OneOf:
		return truth(slices.ContainsFunc(is, func(one string) bool { return same(one, text) }))
	case Other:
		return truth(!same(string(is), text))
	case Glob:
		pattern := strings.NewReplacer(`\*`, "(?s:.*)", `\?`, "(?s:.)").Replace(regexp.QuoteMeta(undotted(strings.ToLower(string(is)))))
		re := regexp.MustCompile("^" + pattern + "$")
		return truth(re.MatchString(undotted(strings.ToLower(text))) || re.MatchString(alone))
	case Regexp:
		re := regexp.MustCompile(string(is))
		return truth(re.MatchString(text) || re.MatchString(alone))
	}
	panic(fmt.Sprintf("a predicate that no host has: %T", t.Is))
}

type namedHost struct{ name, written, port string }

// hostOf splits a text at every place that may be the one before a port.
func hostOf(text string) namedHost {
	address := func(name string) (string, bool) {
		ip, err := netip.ParseAddr(name)
		return ip.Unmap().String(), err == nil
	}
	if ip, ok := address(text); ok {
		return namedHost{ip, text, ""}
	}
	parts := regexp.MustCompile(`^(?:\[(.+)\]|(.+?))(?::([0-9]+))?$`).FindStringSubmatch(text)
	if parts == nil {
		return namedHost{strings.ToLower(text), text, ""}
	}
	name, port := parts[1]+parts[2], parts[3]
	if ip, ok := address(name); ok {
		return namedHost{ip, name, port}
	}
	if strings.Contains(name, ":") && parts[1] == "" {
		name, port = text, ""
	}
	lower := strings.ToLower(name)
	if len(lower) > 1 {
		lower = strings.TrimSuffix(lower, ".")
	}
	return namedHost{lower, name, port}
}

func interpretTest(t Test, text string, texts bool) Truth {
	numeric := func(ok bool, holds func() bool) Truth {
		switch {
		case ok:
			return truth(holds())
		case texts:
			return No
		}
		return Unsure
	}
	if _, ok := t.Is.(None); ok {
		return truth(text == "")
	}
	if text == "" {
		return Unsure
	}
	if t.Field.Type == Host {
		return interpretHost(t, text)
	}
	switch is := t.Is.(type) {
	case OneOf:
		yes := false
		for _, one := range is {
			yes = yes || one == text
			n, ok := number(text)
			want, whole := number(one)
			canonical := regexp.MustCompile(`^(0|[1-9][0-9]*)$`).MatchString(one)
			yes = yes || t.Field.Type == Any && ok && whole && canonical && strings.Contains(text, ".") && n.Cmp(want) == 0
		}
		return truth(yes)
	case Other:
		return truth(text != string(is))
	case Glob:
		pattern := strings.NewReplacer(`\*`, "(?s:.*)", `\?`, "(?s:.)").Replace(regexp.QuoteMeta(string(is)))
		return truth(regexp.MustCompile("^" + pattern + "$").MatchString(text))
	case Regexp:
		return truth(regexp.MustCompile(string(is)).MatchString(text))
	case Compare:
		n, ok := number(text)
		limit, _ := number(is.Number.String())
		return numeric(ok, func() bool { return holds(n.Cmp(limit), is.Op) })
	case Between:
		n, ok := number(text)
		low, _ := number(is.Low.String())
		high, _ := number(is.High.String())
		return numeric(ok, func() bool { return n.Cmp(low) >= 0 && n.Cmp(high) <= 0 })
	case Statuses:
		n, ok := number(text)
		low, high := big.NewRat(int64(is.Low), 1), big.NewRat(int64(is.High), 1)
		return numeric(ok, func() bool { return n.Cmp(low) >= 0 && n.Cmp(high) <= 0 })
	case CompareDuration:
		n, ok := length(text, t.Field.Unit)
		if !ok {
			return Unsure
		}
		return truth(holds(n.Cmp(nanoseconds(is.Length)), is.Op))
	case BetweenDurations:
		n, ok := length(text, t.Field.Unit)
		if !ok {
			return Unsure
		}
		return truth(n.Cmp(nanoseconds(is.Low)) >= 0 && n.Cmp(nanoseconds(is.High)) <= 0)
	}
	panic(fmt.Sprintf("a predicate that nobody knows: %T", t.Is))
}

func holds(cmp int, op Operator) bool {
	return map[Operator]bool{Less: cmp < 0, LessOrEqual: cmp <= 0, Equal: cmp == 0, NotEqual: cmp != 0, MoreOrEqual: cmp >= 0, More: cmp > 0}[op]
}

const decimalPattern = `[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?`

func number(text string) (*big.Rat, bool) {
	if !regexp.MustCompile(`^` + decimalPattern + `$`).MatchString(text) {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

func nanoseconds(d time.Duration) *big.Rat { return new(big.Rat).SetInt64(int64(d)) }

// length reads a duration in nanoseconds: a bare number in unit, or numbers with
// units of their own.
func length(text string, unit time.Duration) (*big.Rat, bool) {
	sum := new(big.Rat)
	if n, ok := number(text); ok {
		if unit == 0 && n.Sign() != 0 {
			return nil, false
		}
		sum.Mul(n, nanoseconds(unit))
	} else {
		parts := regexp.MustCompile(`(`+decimalPattern+`)(ns|us|ms|s|m|h)`).FindAllStringSubmatch(text, -1)
		whole := ""
		for _, part := range parts {
			n, _ := number(part[1])
			u, _ := time.ParseDuration("1" + part[2])
			sum.Add(sum, n.Mul(n, nanoseconds(u)))
			whole += part[0]
		}
		if whole != text || len(parts) == 0 {
			return nil, false
		}
	}
	return sum, sum.Sign() >= 0 && sum.Cmp(nanoseconds(math.MaxInt64)) <= 0
}
