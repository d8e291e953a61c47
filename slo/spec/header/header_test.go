package header

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/spec"
)

func TestCheck(t *testing.T) {
	rules := Rules{Code: "test/header", Ours: []string{"Host", "User-Agent"}, Hint: "write token_env"}
	for _, c := range []struct{ headers, want string }{
		{"{}", ""},
		{"{X-Scope-OrgID: shop, Accept: text/plain}", ""},
		{"{user-agent: me}", "[test/header]"},
		{"{'a b': c}", `"a b" is not a name of a header`},
		{"{'': c}", "is not a name of a header"},
		{"{日: c}", "is not a name of a header"},
		{"{cookie: hush}", "header Cookie holds a secret"},
		{"{X-Any: Bearer hush12345}", "header X-Any holds a secret"},
		{`{X-A: "a\nb"}`, "holds a control character"},
	} {
		b, err := spec.ParseBlock("slo.yaml", "headers: "+c.headers, ".")
		if err != nil {
			t.Fatal(err)
		}
		found := rules.Check(b.Get("headers"))
		if got := found.Error(); (c.want == "") != (len(found) == 0) || !strings.Contains(got, c.want) || strings.Contains(got, "hush") {
			t.Errorf("%s: got %s, want %s", c.headers, got, c.want)
		}
	}
}

// A header that is allowed arrives as it is written; one that is not is found in a line,
// which shows no value.
func FuzzCheck(f *testing.F) {
	for _, h := range [][2]string{
		{"X-Scope-OrgID", "shop"}, {"user-agent", "me"}, {"a b", "c"}, {"", ""}, {"Cookie", "hush"},
		{"X-Any", "Bearer hush12345"}, {"X-A", "a\r\nHost: b"}, {"x", " \u00a0\xff "},
	} {
		f.Add(h[0], h[1])
	}
	rules := Rules{Code: "test/header", Ours: []string{"Host", "User-Agent"}, Hint: "write token_env"}
	f.Fuzz(func(t *testing.T, name, value string) {
		headers := spec.Value{Fields: []spec.Field{{Key: name, Value: spec.Value{Text: value}}}}
		if found := rules.Check(headers); len(found) > 0 {
			text := found.Error()
			if len(value) > 40 && strings.Contains(text, value) && !strings.Contains(name, value) {
				t.Errorf("%q: %q shows %q", name, text, value)
			}
			return
		}
		req, err := http.NewRequest(http.MethodGet, "http://localhost/", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set(name, value)
		var sent bytes.Buffer
		if err := req.Write(&sent); err != nil {
			t.Fatal(err)
		}
		got, err := http.ReadRequest(bufio.NewReader(&sent))
		if err != nil {
			t.Fatalf("%q: %q: %v", name, value, err)
		}
		if arrived := got.Header.Get(name); arrived != strings.Trim(value, " ") {
			t.Errorf("%q: %q arrives as %q", name, value, arrived)
		}
	})
}
