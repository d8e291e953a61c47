package match

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

var fields = []string{"path", "method", "status", "duration", "micros", "bytes", "any", "host"}

func resolve(name string) (Field, bool) {
	types := map[string]Field{"path": {}, "method": {}, "status": {Type: Status}, "duration": {Type: Duration, Unit: time.Second},
		"micros": {Type: Duration, Unit: time.Microsecond}, "bytes": {Type: Number}, "any": {Type: Any}, "host": {}}
	f, ok := types[name]
	for i, n := range fields {
		if n == name {
			f.Index = i
		}
	}
	return f, ok
}

func compile(t testing.TB, yaml string) (*Cond, diag.List) {
	t.Helper()
	b, err := spec.ParseBlock("slo.yaml", "cond: "+yaml, "")
	if err != nil {
		t.Skipf("not YAML: %v", err)
	}
	return Compile(b.Get("cond"), resolve, fields)
}

// event makes values of "path=/a status=200"; a field that is not named is missing.
func event(text string) [][]byte {
	values := make([][]byte, len(fields))
	for _, pair := range strings.Fields(text) {
		name, value, _ := strings.Cut(pair, "=")
		f, _ := resolve(name)
		values[f.Index] = []byte(value)
	}
	return values
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		cond, event string
		want        bool
	}{
		{`{status: 503}`, "status=503", true},
		{`{status: 503}`, "status=50", false},
		{`{status: 500-599}`, "status=599", true},
		{`{status: 500-599}`, "status=600", false},
		{`{status: 5xx}`, "status=500", true},
		{`{status: 5XX}`, "status=499", false},
		{`{status: [404, 5xx]}`, "status=404", true},
		{`{status: [404, 5xx]}`, "status=502", true},
		{`{status: [404, 5xx]}`, "status=200", false},
		{`{status: ">= 500"}`, "status=500", true},
		{`{status: "!= 200"}`, "status=200", false},
		{`{status: 500-599}`, "path=/", false},
		{`{method: GET}`, "method=GET", true},
		{`{method: GET}`, "method=get", false},
		{`{method: [GET, HEAD]}`, "method=HEAD", true},
		{`{method: {not: [GET, HEAD]}}`, "method=HEAD", false},
		{`{method: {not: GET}}`, "path=/", false},
		{`{method: "!= GET"}`, "path=/", false},
		{`{method: "!= GET"}`, "method=PUT", true},
		{`{not: {method: GET}}`, "path=/", false},
		{`{not: {method: GET, path: /a}}`, "method=GET path=/b", true},
		{`{not: {method: GET, path: /a}}`, "method=GET path=/a", false},
		{`{path: "/api/*"}`, "path=/api/v1/x", true},
		{`{path: "/api/*"}`, "path=/api", false},
		{`{path: "/api/*/pay"}`, "path=/api/v1/eu/pay", true},
		{`{path: "/api/*/pay"}`, "path=/api/v1/pays", false},
		{`{path: "*.js"}`, "path=/a.js.js", true},
		{`{path: "/?"}`, "path=/a", true},
		{`{path: "/?"}`, "path=/é", true},
		{`{path: "/?"}`, "path=/", false},
		{`{path: "~^/v[0-9]+/pay"}`, "path=/v12/payments", true},
		{`{path: "~^/v[0-9]+/pay"}`, "path=/x/v12/pay", false},
		{`{path: /a, status: 200}`, "path=/a status=200", true},
		{`{path: /a, status: 200}`, "path=/a status=500", false},
		{`{duration: "<= 300ms"}`, "duration=0.300", true},
		{`{duration: "<= 300ms"}`, "duration=0.3000000001", false},
		{`{duration: "> 300ms"}`, "duration=0.3000000001", true},
		{`{duration: "< 300ms"}`, "duration=0.2999999999", true},
		{`{duration: "<= 300ms"}`, "duration=3e-01", true},
		{`{duration: "<= 300ms"}`, "duration=12ms", true},
		{`{duration: "<= 300ms"}`, "duration=1m30s", false},
		{`{duration: "<= 300ms"}`, "duration=-", false},
		{`{duration: "<= 300ms"}`, "duration=-1", false},
		{`{duration: "> 300ms"}`, "duration=-1", false},
		{`{duration: "<= 300ms"}`, "path=/", false},
		{`{duration: 100ms-300ms}`, "duration=0.3", true},
		{`{duration: 100ms-300ms}`, "duration=0.3001", false},
		{`{duration: "<= 1.1s"}`, "duration=1.1", true},
		{`{micros: "<= 300ms"}`, "micros=300000", true},
		{`{micros: "<= 300ms"}`, "micros=300001", false},
		{`{bytes: "> 0.3"}`, "bytes=0.30", false},
		{`{bytes: "> 9007199254740992"}`, "bytes=9007199254740993", true},
		{`{bytes: 1-10}`, "bytes=10.0", true},
		{`{bytes: 1-10}`, "bytes=10.01", false},
		{`{bytes: "< 0"}`, "bytes=-5", true},
		{`{any: ok}`, "any=ok", true},
		{`{any: 500-599}`, "any=503", true},
		{`{any: "<= 45m"}`, "any=44m59s", true},
		{`{any: "<= 45m"}`, "any=44", false},
		{`{any: "> 10"}`, "any=11", true},
	} {
		cond, findings := compile(t, c.cond)
		if len(findings) > 0 {
			t.Errorf("%s: %v", c.cond, findings)
			continue
		}
		if got := cond.Match(event(c.event)); got != c.want {
			t.Errorf("%s of %q = %v, want %v", c.cond, c.event, got, c.want)
		}
	}
}

// A value that is not there leaves open what hangs on it, and nothing else.
func TestJudge(t *testing.T) {
	for _, c := range []struct {
		cond, event string
		want        Truth
	}{
		{`{duration: "> 1s"}`, "duration=2", Yes},
		{`{duration: "> 1s"}`, "duration=0.5", No},
		{`{duration: "> 1s"}`, "duration=x", Unsure},
		{`{duration: "> 1s"}`, "duration=-1", Unsure},
		{`{duration: "> 1s"}`, "path=/", Unsure},
		{`{duration: 1s-2s}`, "path=/", Unsure},
		{`{duration: "!= 1s"}`, "path=/", Unsure},
		{`{duration: "~^0"}`, "path=/", Unsure},
		{`{duration: {not: "> 1s"}}`, "path=/", Unsure},
		{`{not: {duration: "> 1s"}}`, "path=/", Unsure},
		{`{not: {duration: "> 1s", status: 200}}`, "status=500", Yes},
		{`{not: {duration: "> 1s", status: 200}}`, "status=200", Unsure},
		{`{status: 200, duration: "<= 1s"}`, "status=500", No},
		{`{duration: "<= 1s", status: 200}`, "status=500", No},
		{`{duration: "<= 1s", status: 200}`, "status=200", Unsure},
		{`{duration: "<= 1s", not: {status: 500}}`, "status=500", No},
		{`{any: [ok, "<= 45m"]}`, "any=ok", Yes},
		{`{any: [ok, "<= 45m"]}`, "any=failed", Unsure},
		{`{any: "<= 45m"}`, "path=/", Unsure},
		{`{status: 5xx}`, "path=/", Unsure},
		{`{status: 5xx}`, "status=", Unsure},
		{`{status: {not: 5xx}}`, "path=/", Unsure},
		{`{bytes: "> 5"}`, "bytes=", Unsure},
		{`{bytes: "> 5"}`, "bytes=-", Unsure},
		{`{path: "*"}`, "method=GET", Unsure},
		{`{path: "~."}`, "method=GET", Unsure},
		{`{method: "!= GET"}`, "path=/", Unsure},
		{`{method: GET, path: /a}`, "path=/b", No},
		{`{status: none}`, "path=/", Yes},
		{`{status: none}`, "status=", Yes},
		{`{status: none}`, "status=200", No},
		{`{status: {not: none}}`, "path=/", No},
		{`{status: {not: none}}`, "status=200", Yes},
		{`{not: {status: none}}`, "path=/", No},
		{`{status: [none, 500-599]}`, "path=/", Yes},
		{`{status: [500-599, none]}`, "path=/", Yes},
		{`{status: [none, 500-599]}`, "status=503", Yes},
		{`{status: [none, 500-599]}`, "status=200", No},
		{`{status: {not: [none, 500-599]}}`, "path=/", No},
		{`{any: {not: [none, a]}}`, "any=b", Yes},
		{`{path: /a, status: {not: none}}`, "path=/b", No},
		{`{path: "/a*", not: {path: none}}`, "status=200", No},
		{`{any: none}`, "any=none", No},
		{`{any: "== none"}`, "any=none", Yes},
		{`{any: "== none"}`, "path=/", Unsure},
		{`{duration: none}`, "duration=x", No},
		{`{any: 5xx}`, "any=503.0", Yes},
		{`{any: 500-599}`, "any=5O3", Unsure},
		{`{any: {not: 5xx}}`, "any=n/a", Unsure},
		{`{any: ">= 500"}`, "any=HTTP 503", Unsure},
		{`{any: "!= 500"}`, "any=true", Unsure},
		{`{any: [5xx, "> 900"]}`, "any=true", Unsure},
		{`{any: [5xx, 499]}`, "any=true", Unsure},
		{`{any: [none, 5xx]}`, "any=true", Unsure},
		{`{any: [5xx, error]}`, "any=error", Yes},
		{`{any: [5xx, error]}`, "any=ok", No},
		{`{any: [5xx, "err*"]}`, "any=ok", No},
		{`{any: {not: [5xx, error]}}`, "any=ok", Yes},
		{`{any: 503}`, "any=503.0", Yes},
		{`{any: 503}`, "any=503.5", No},
		{`{any: 503}`, "any=n/a", No},
		{`{any: 1.1}`, "any=1.10", No},
		{`{any: 007}`, "any=7.0", No},
		{`{path: none}`, "path=" + Void, Yes},
		{`{path: "*"}`, "path=" + Void, No},
		{`{path: "!= /"}`, "path=" + Void, No},
		{`{path: {not: /}}`, "path=" + Void, Yes},
		{`{path: "~."}`, "path=" + Void, No},
	} {
		cond, findings := compile(t, c.cond)
		if len(findings) > 0 {
			t.Errorf("%s: %v", c.cond, findings)
			continue
		}
		if got := cond.Judge(event(c.event)); got != c.want {
			t.Errorf("%s of %q = %v, want %v", c.cond, c.event, got, c.want)
		}
		if got := cond.Match(event(c.event)); got != (c.want == Yes) {
			t.Errorf("%s of %q: matches %v", c.cond, c.event, got)
		}
	}
}

func TestNumbersTested(t *testing.T) {
	for text, want := range map[string]string{
		`{any: 5xx, path: /a, not: {status: 500-599, bytes: "> 1"}}`: "any status bytes", `{any: [5xx, {not: 1-3}]}`: "any", `{any: [ok, 5xx]}`: "", `{any: [none, 5xx]}`: "any", `{any: none}`: "", `{any: 503}`: "", `{any: "> 1s"}`: "",
	} {
		cond, _ := compile(t, text)
		if got := strings.Join(cond.Numbers(), " "); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestReads(t *testing.T) {
	for _, c := range []struct {
		field Field
		text  string
		want  bool
	}{
		{Field{Type: Duration, Unit: time.Second}, "0.5", true}, {Field{Type: Duration, Unit: time.Second}, "-1", false}, {Field{Type: Duration}, "5", false},
		{Field{Type: Duration, Unit: time.Second}, "abc", false}, {Field{Type: Number}, "-5e3", true}, {Field{Type: Number}, "5k", false}, {Field{}, "abc", true},
	} {
		if got := c.field.Reads([]byte(c.text)); got != c.want {
			t.Errorf("%+v reads %q: %v, want %v", c.field, c.text, got, c.want)
		}
	}
}

func TestNilCondHolds(t *testing.T) {
	cond, findings := Compile(spec.Value{}, resolve, fields)
	if cond != nil || findings != nil || !cond.Match(nil) {
		t.Errorf("a missing condition = %v, %v, want one that holds", cond, findings)
	}
}

func TestFindings(t *testing.T) {
	for _, c := range []struct{ cond, want string }{
		{`{stauts: 500}`, `slo.yaml:1:8: the source has no field "stauts" [match/field]|did you mean "status"?`},
		{`{colour: red}`, `slo.yaml:1:8: the source has no field "colour" [match/field]|its fields are path, method`},
		{`{status: 5000-5999}`, `slo.yaml:1:16: "5000-5999" is no status: they have three digits, 100 to 999 [match/status]|write a status such as 503, a range such as 500-599 or a class such as 5xx`},
		{`{status: 50}`, `slo.yaml:1:16: "50" is no status: they have three digits, 100 to 999 [match/status]|write a status such as 503, a range such as 500-599 or a class such as 5xx`},
		{`{status: 0}`, `slo.yaml:1:16: "0" is no status: they have three digits, 100 to 999 [match/status]|write none for requests that were not answered`},
		{`{path: ""}`, `slo.yaml:1:14: no value of field "path" is empty: such a one is missing [match/empty]|write none for events without the field`},
		{`{path: "!= "}`, `[match/empty]|write none`},
		{`{status: 599-500}`, `slo.yaml:1:16: range "599-500" ends before it begins [match/range]|did you mean 500-599?`},
		{`{status: ok}`, `slo.yaml:1:16: field "status" is a number, "ok" is not [match/number]|`},
		{`{duration: "<= 300"}`, `slo.yaml:1:18: duration "300" of field "duration" has no unit [match/duration]|write "<= 300ms"`},
		{`{duration: fast}`, `field "duration" is compared with "fast", which is not a duration [match/duration]|`},
		{`{duration: "<= 1.5ns"}`, `finer than a nanosecond [match/duration]|`},
		{`{path: "> 5"}`, `field "path" holds text: "5" cannot be compared with ">" [match/comparison]|test text with`},
		{`{path: "~["}`, `"[" is not a regular expression: error parsing regexp: missing closing ]: ` + "`[`" + ` [match/regexp]|`},
		{`{bytes: "> many"}`, `field "bytes" is compared with "many", which is not a number [match/number]|`},
		{`{path: []}`, `the test of field "path" is a value, a list or {not: …} [match/test]|`},
		{`{path: {is: /a}}`, `the test of field "path" is a value, a list or {not: …} [match/test]|`},
		{`{path: null}`, `[match/test]|`},
		{`{}`, `a condition is a map of field and test [match/condition]|`},
		{`{not: 5}`, `a condition is a map of field and test [match/condition]|`},
		{`500`, `a condition is a map of field and test [match/condition]|`},
	} {
		cond, findings := compile(t, c.cond)
		if len(findings) != 1 {
			t.Errorf("%s: %d findings %v, want 1", c.cond, len(findings), findings)
			continue
		}
		message, hint, _ := strings.Cut(c.want, "|")
		if !strings.Contains(findings[0].Error(), message) || !strings.Contains(findings[0].Hint, hint) {
			t.Errorf("%s: %v, hint %q, want %s", c.cond, findings[0], findings[0].Hint, c.want)
		}
		cond.Match(event("path=/")) // a condition with findings may still be asked
	}
}

func TestMatchAllocatesNothing(t *testing.T) {
	cond, _ := compile(t, `{path: ["/api/*", "~^/v[0-9]+/pay"], status: 500-599, duration: "<= 300ms", not: {method: OPTIONS}}`)
	e := event("path=/v1/pay status=500 duration=0.3 method=GET")
	// With the race detector sync.Pool, in which regexp keeps its machines, drops
	// some of what it is given: of many single runs the leanest counts.
	least := testing.AllocsPerRun(1, func() { cond.Match(e) })
	for range 100 {
		least = min(least, testing.AllocsPerRun(1, func() { cond.Match(e) }))
	}
	if least > 0 {
		t.Errorf("Match allocates %v times", least)
	}
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{`{status: 500-599}`, `{duration: "<= 300ms"}`, `{path: "/a/*?"}`, `{path: "~^/a"}`, `{not: {any: [1, 2s, {not: 3}]}}`, `{micros: 1ms-2h3m}`} {
		f.Add(s, "0.5")
	}
	f.Fuzz(func(t *testing.T, yaml, value string) {
		cond, findings := compile(t, yaml)
		values := make([][]byte, len(fields))
		for i := range values {
			values[i] = []byte(value)
		}
		if findings == nil {
			cond.Match(values)
		}
		cond.Match(make([][]byte, len(fields)))
	})
}

func FuzzGlob(f *testing.F) {
	f.Add("/a*b?c*", "/axxbyc")
	f.Add("/a*b*c*", "/axxbyc")
	f.Add("**********j*****", "a value without that letter")
	f.Fuzz(func(t *testing.T, head, value string) {
		if len(head) > 30 || len(value) > 30 || strings.ContainsAny(head, "?") || Missing([]byte(value)) {
			return
		}
		want := slowGlob(head, value)
		if got := newGlob(head).judge([]byte(value)) == Yes; strings.Contains(head, "*") && got != want {
			t.Errorf("glob %q of %q = %v, want %v", head, value, got, want)
		}
	})
}

// slowGlob fills the table of which beginnings of pattern meet which of value.
func slowGlob(pattern, value string) bool {
	meets := make([][]bool, len(pattern)+1)
	for i := range meets {
		meets[i] = make([]bool, len(value)+1)
		for j := range meets[i] {
			switch {
			case i == 0:
				meets[i][j] = j == 0
			case pattern[i-1] == '*': // nothing, or one byte more
				meets[i][j] = meets[i-1][j] || j > 0 && meets[i][j-1]
			default:
				meets[i][j] = j > 0 && meets[i-1][j-1] && pattern[i-1] == value[j-1]
			}
		}
	}
	return meets[len(pattern)][len(value)]
}

func BenchmarkMatch(b *testing.B) {
	cond, _ := compile(b, `{path: "/api/*", status: 500-599, duration: "<= 300ms"}`)
	e := event("path=/api/v1/pay status=503 duration=0.304")
	for b.Loop() {
		cond.Match(e)
	}
}

func TestNanoseconds(t *testing.T) {
	f := Field{Type: Duration, Unit: time.Second}
	for text, want := range map[string]int64{"0.304": 304e6, "1": 1e9, "12ms": 12e6, "1e-9": 1, "-": -1, "": -1, "-1": -1, "9999999999999": -1, "1.5.2": -1, "0": 0, "-0": 0} {
		got, ok := f.Nanoseconds(bytes.TrimSpace([]byte(text)))
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("Nanoseconds(%q) = %d, want %d", text, got, want)
		}
	}
}
