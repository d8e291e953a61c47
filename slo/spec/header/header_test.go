package header

import (
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
