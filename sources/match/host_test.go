package match

import (
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/spec"
)

// The same host is the same however it is written, in any condition, and a text that is no
// host equals none.
func TestHosts(t *testing.T) {
	for _, c := range []struct{ cond, value, want string }{
		{`{host: shop.example}`, "SHOP.Example.:443", "yes"},
		{`{host: "Shop.example.:443"}`, "shop.example", "yes"},
		{`{host: "shop.example:443"}`, "shop.example:80", "no"},
		{`{host: {not: shop.example}}`, "shop.example:8080", "no"},
		{`{host: "!= shop.example"}`, "shop.example.", "no"},
		{`{host: [a.example, shop.example]}`, "Shop.Example", "yes"},
		{`{host: "*.shop.example"}`, "API.shop.example.:443", "yes"},
		{`{host: "*.Shop.example"}`, "api.shop.example", "yes"},
		{`{host: "*.shop.example:443"}`, "api.shop.example:443", "yes"},
		{`{host: "~^api[.]shop[.]example$"}`, "API.shop.example:443", "yes"},
		{`{remote_addr: 192.0.2.7}`, "192.0.2.7:5000", "yes"},
		{`{remote_addr: 192.0.2.7}`, "::ffff:192.0.2.7", "yes"},
		{`{remote_addr: "192.0.2.*"}`, "192.0.2.7:5000", "yes"},
		{`{remote_addr: 192.0.2.7}`, "192.0.2.70", "no"},
		{`{remote_addr: "2001:db8::7"}`, "[2001:DB8:0:0:0:0:0:7]:443", "yes"},
		{`{remote_addr: "[2001:db8::7]:443"}`, "2001:db8::7", "yes"},
		{`{remote_addr: "2001:db8::7"}`, "2001:db8::7:50718", "yes"},
		{`{remote_addr: "2001:db8::7"}`, "2001:db8::7:443", "no"}, // an address of its own
		{`{remote_addr: "2001:db8:4538:1:bcf4:5264:e01c:f215"}`, "2001:db8:4538:1:bcf4:5264:e01c:f215:80", "yes"},
		{`{upstream_addr: "10.0.0.1"}`, "10.0.0.1:80, 10.0.0.2:80", "no"},
		{`{upstream_addr: {not: "10.0.0.1"}}`, "10.0.0.1:80, 10.0.0.2:80", "yes"},
		{`{host: _}`, "_", "yes"},
		{`{host: my_svc}`, "MY_SVC:80", "yes"},
		{`{host: shop.example}`, "'; DROP", "no"},
		{`{host: shop.example}`, "", "unsure"},
		{`{host: "!= shop.example"}`, Void, "no"},
	} {
		for _, of := range []Type{Text, Any} {
			cond, findings := Compile(condition(t, c.cond), func(string) (Field, bool) { return Field{Type: of}, true }, nil)
			if findings != nil {
				t.Fatal(findings)
			}
			got := map[Truth]string{Yes: "yes", No: "no", Unsure: "unsure"}[cond.Judge([][]byte{[]byte(c.value)})]
			if got != c.want {
				t.Errorf("%s of %q: %s, want %s", c.cond, c.value, got, c.want)
			}
		}
	}
}

func condition(t testing.TB, yaml string) spec.Value {
	t.Helper()
	b, err := spec.ParseBlock("slo.yaml", "cond: "+yaml, "")
	if err != nil {
		t.Fatal(err)
	}
	return b.Get("cond")
}

// A host is one label however it is written; other fields stand as they are.
// A network is compared as text, of which a person is warned with what to write.
func TestNetworks(t *testing.T) {
	for cond, want := range map[string]string{
		`{host: 10.0.0.0/8}`: `write "10.*"`, `{host: 192.0.2.0/24}`: `write "192.0.2.*"`,
		`{host: 10.1.2.3/16}`: `write "10.1.*"`, `{not: {host: [192.0.2.7, 172.16.0.0/12]}}`: `write ["172.16.*", "172.17.*", …, "172.31.*"]`,
		`{host: 192.0.2.4/31}`: "write [192.0.2.4, 192.0.2.5]", `{host: 192.0.2.7/32}`: "write 192.0.2.7",
		`{host: 0.0.0.0/0}`: "write a list of globs", `{host: "2001:db8::/32"}`: "write a list of globs",
		`{host: 10.0.0.1}`: "", `{host: "10.*"}`: "", `{host: a/8}`: "", `{path: 10.0.0.0/8}`: "",
	} {
		_, found := compile(t, cond)
		if found.Errors() || (want == "") != (len(found) == 0) {
			t.Errorf("%s: got %v", cond, found)
		}
		if want != "" && len(found) == 1 && (!strings.HasPrefix(found[0].Hint, want) || found[0].Pos.Line != 1 || found[0].Code != "match/network") {
			t.Errorf("%s: got %v, hint %s", cond, found[0], found[0].Hint)
		}
	}
}

func TestLabelOf(t *testing.T) {
	if LabelOf("region") != nil || LabelOf("path") != nil {
		t.Error("a region or a path is no host")
	}
	for _, c := range []struct{ field, value, want string }{
		{"host", "Shop.Example.:8080", "shop.example"}, {"host", "shop.example", "shop.example"}, {"$host", "SHOP.example:443", "shop.example"},
		{"http_host", "[2001:DB8::7]:443", "2001:db8::7"}, {"remote_addr", "2001:db8:0::7", "2001:db8::7"}, {"c-ip", "192.0.2.7:80", "192.0.2.7"},
		{"remote_addr", "2001:db8::7:50718", "2001:db8::7"}, {"host", "_", "_"}, {"host", "My_Svc", "my_svc"}, {"host", "", ""},
		{"host", "a.example, B.example", "a.example, b.example"}, {"host", ".", "."},
		{"upstream_addr", "10.0.0.1:8080", "10.0.0.1:8080"}, {"upstream_addr", "[2001:DB8::7]:80", "[2001:db8::7]:80"}, {"upstream", "Web1.:80", "web1:80"},
	} {
		if got := string(LabelOf(c.field)([]byte(c.value))); got != c.want {
			t.Errorf("%s %q is %q, want %q", c.field, c.value, got, c.want)
		}
	}
}
