package access

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/config"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// block returns a source's block, checked against the keys.
func block(t *testing.T, text, dir string) (spec.Block, diag.List) {
	t.Helper()
	b, err := spec.ParseBlock("slo.yaml", text, dir)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	keys := append([]spec.Key{{Name: "url", Type: spec.Address}}, Keys()...)
	if found := spec.Check(b.Value, keys); len(found) > 0 {
		return b, found
	}
	return b, Check(b)
}

func TestCheck(t *testing.T) {
	for _, c := range []struct{ block, want string }{
		{"url: https://h", ""},
		{"http: {}", ""},
		{"http: {basic_auth: {username: me}}", ""},
		{"http: {basic_auth: {username: me, password_env: P}}", ""},
		{"http: {basic_auth: {username_file: user, password_env: P}}", ""},
		{"http: {basic_auth: {password_env: P}}", "add username: NAME, or username_file: FILE"},
		{"http: {basic_auth: {username: me, username_file: user}}", "username and username_file both say who the user is"},
		{"http: {basic_auth: {username: me, password: hush}}", "write password_env: VARIABLE, or password_file: FILE"},
		{"http: {bearer_token_env: T}", ""},
		{"http: {bearer_token_env: T, bearer_token_file: f}", "both say where one secret is"},
		{"http: {bearer_token: hush}", "write bearer_token_env: VARIABLE"},
		{"bearer_token_env: T", "write http: {bearer_token_env: VARIABLE}"},
		{"basic_auth: {username: me}", "write it below http"},
		{"http: {bearer_token_env: T, basic_auth: {username: me}}", "http.basic_auth and http.bearer_token both say who asks"},
		{"{http: {bearer_token_env: T}, sigv4: {region: r}}", "http.bearer_token and sigv4 both say who asks"},
		{"{google: {metadata: true}, sigv4: {region: r}}", "sigv4 and google both say who asks"},
		{"{http: {bearer_token_env: T}, token_env: U, token_header: authorization}", "both say who asks"},
		{"{http: {bearer_token_env: T}, token_env: U, token_header: X-Api-Key}", ""},
		{"token_env: U", "no token_header"},
		{"token_header: X-Api-Key", "add token_env"},
		{"{token_env: U, token_header: 'X Key'}", "is not a name of a header"},
		{"{token_env: U, token_header: Host}", "header Host is set by nines"},
		{"headers: {X-Scope-OrgID: shop}", ""},
		{"headers: {Authorization: Bearer hush}", "write token_env: VARIABLE and token_header: NAME"},
		{"headers: {X-Api-Key: hush}", "header X-Api-Key holds a secret"},
		{"headers: {content-type: text/plain}", "header Content-Type is set by nines"},
		{`headers: {X-A: "b\nc"}`, "control character"},
		{"http: {authorization: {credentials_env: T}}", ""},
		{"http: {authorization: {type: Token, credentials_env: T}}", ""},
		{"http: {authorization: {type: Token}}", `"credentials_env" is missing`},
		{"http: {authorization: {type: basic, credentials_env: T}}", "write basic_auth"},
		{"http: {authorization: {type: 'a b', credentials_env: T}}", "is not a scheme"},
		{"http: {oauth2: {client_id: me, client_secret_env: S, token_url: 'https://h/t'}}", ""},
		{"http: {oauth2: {client_id: me, client_secret_env: S}}", `"token_url" is missing`},
		{"http: {oauth2: {client_id: me, client_secret_env: S, token_url: 'file:///t'}}", "does not begin with http"},
		{"http: {oauth2: {client_id: me, client_secret_env: S, token_url: 'https://h/t', endpoint_params: {password: hush}}}",
			"the secret of the client is client_secret_env: VARIABLE"},
		{"http: {tls_config: {ca_file: ca.pem, server_name: h, min_version: TLS13}}", ""},
		{"http: {tls_config: {min_version: 1.3}}", "is not one of TLS10"},
		{"http: {tls_config: {ca_file: ca.pem, ca: x}}", "both say what one certificate is"},
		{"http: {tls_config: {cert_file: c.pem}}", "add key_file"},
		{"http: {tls_config: {key_file: c.pem}}", "add cert_file"},
		{"http: {tls_config: {insecure_skip_verify: true}}", "any server is believed"},
		{"http: {oauth2: {client_id: me, client_secret_env: S, token_url: 'https://h/t', tls_config: {insecure_skip_verify: true}}}",
			"any server is believed"},
		{"http: {proxy_url: 'http://p:1'}", ""},
		{"http: {proxy_url: 'http://me:hush@p:1'}", "it names a user"},
		{"http: {proxy_url: 'http://p:1', no_proxy: h}", ""},
		{"http: {no_proxy: h}", "no proxy_url"},
		{"http: {proxy_url: 'http://p:1', proxy_from_environment: true}", "both say what the proxy is"},
		{"http: {follow_redirects: false}", "never to another"},
		{"http: {http_headers: {a: b}}", "write headers"},
		{"http: {bearer_tokn_env: T}", "did you mean bearer_token_env?"},
		{"sigv4: {}", `"region" is missing`},
		{"sigv4: {region: r}", ""},
		{"sigv4: {region: r, access_key_env: A}", "both access_key_env and secret_key_env"},
		{"sigv4: {region: r, session_token_env: A}", "both access_key_env and secret_key_env"},
		{"sigv4: {region: r, access_key_env: A, secret_key_env: B}", ""},
		{"sigv4: {region: r, role_arn: x}", "profiles and roles are not read"},
		{"google: {}", "write credentials_file: FILE, or metadata: true"},
		{"google: {metadata: false}", "write credentials_file: FILE, or metadata: true"},
		{"google: {metadata: true}", ""},
		{"google: {credentials_file: key.json}", ""},
		{"google: {credentials_file: key.json, metadata: true}", "both say who asks"},
		{"google: yes", "must be a map"},
	} {
		b, found := block(t, c.block, ".")
		got := found.Error()
		for _, f := range found {
			got += "\n" + f.Hint
		}
		switch {
		case c.want == "" && len(found) > 0, !strings.Contains(got, c.want), c.want != "" && len(found) != 1:
			t.Errorf("%s: got %d findings: %s\nwant %s", c.block, len(found), got, c.want)
		case strings.Contains(got, "hush"):
			t.Errorf("%s: a finding shows the secret: %s", c.block, got)
		}
		Goals(b)
	}
}

// leftOut are the names of Prometheus' client that say nothing here. Those of _ref name
// what a manager of secrets holds.
func leftOut() []string {
	return []string{
		"follow_redirects", "enable_http2", "http_headers", "proxy_connect_header", "max_version",
		"grant_type", "client_certificate_key", "client_certificate_key_file", "client_certificate_key_id",
		"signature_algorithm", "iss", "audience", "claims",
	}
}

// What Prometheus' own client calls a thing is called so here, or refused.
func TestNames(t *testing.T) {
	var walk func(path string, of reflect.Type, keys []spec.Key)
	walk = func(path string, of reflect.Type, keys []spec.Key) {
		if of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		keys = spec.Companions(keys)
		for i := range of.NumField() {
			f := of.Field(i)
			name, rest, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			if rest == "inline" && name == "" {
				if path != "http.oauth2" { // it is the proxy of http
					walk(path, f.Type, keys)
				}
				continue
			}
			if !f.IsExported() || strings.HasSuffix(name, "_ref") || slices.Contains(leftOut(), name) {
				continue
			}
			k := slices.IndexFunc(keys, func(k spec.Key) bool { return k.Name == name })
			if k < 0 {
				t.Errorf("%s.%s is no key", path, name)
				continue
			}
			if keys[k].Type == spec.Object {
				walk(path+"."+name, f.Type, keys[k].Keys)
			}
		}
	}
	walk("http", reflect.TypeFor[config.HTTPClientConfig](), Keys()[0].Keys)
}

func TestGoals(t *testing.T) {
	const url = "url: https://prom.example:9090/p\n"
	for _, c := range []struct{ block, want string }{
		{"headers: {A: b}", ""},
		{url, "prom.example:9090 []"},
		{url + "http: {bearer_token_env: T}", "prom.example:9090 [http.bearer_token]"},
		{url + "http: {basic_auth: {username: me, password_file: f}, tls_config: {key_file: k}}",
			"prom.example:9090 [http.basic_auth.password http.tls_config.key]"},
		{url + "http: {oauth2: {client_id: me, client_secret_env: S, token_url: 'https://auth.example/t'}}",
			"prom.example:9090 [http.oauth2], auth.example [http.oauth2.client_secret]"},
		{url + "sigv4: {region: r}", "prom.example:9090 [sigv4.access_key sigv4.secret_key sigv4.session_token]"},
		{url + "sigv4: {region: r, access_key_env: A, secret_key_env: B}", "prom.example:9090 [sigv4.access_key sigv4.secret_key]"},
		{url + "google: {credentials_file: f}", "prom.example:9090 [google], oauth2.googleapis.com [google.credentials]"},
		{url + "google: {metadata: true}", "prom.example:9090 [google], metadata.google.internal []"},
		{url + "token_env: T\ntoken_header: X\nhttp: {proxy_url: 'http://proxy.example:1'}", "prom.example:9090 [token]"},
		{"url: http://prom.example\ntoken_env: T\nhttp: {proxy_url: 'http://proxy.example:1'}", "prom.example [token], proxy.example:1 [token]"},
	} {
		b, err := spec.ParseBlock("slo.yaml", c.block, ".")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, g := range Goals(b) {
			if g.Takes == nil {
				t.Errorf("%s: %s takes all", c.block, g.Host)
			}
			got = append(got, g.Host.String()+" ["+strings.Join(g.Takes, " ")+"]")
		}
		if text := strings.Join(got, ", "); text != c.want {
			t.Errorf("%s: got %s, want %s", c.block, text, c.want)
		}
	}
	b, _ := spec.ParseBlock("slo.yaml", url+"sigv4: {region: r}", ".")
	for i, h := range Holds(b) {
		if h.Variable != usual()[i] || h.From != "variable "+usual()[i] || h.Pos.Line != 2 {
			t.Errorf("got %+v", h)
		}
	}
	b, _ = spec.ParseBlock("slo.yaml", url+"http: {oauth2: {client_id: me, client_secret_env: S, token_url: 'https://auth.example/t'}}", ".")
	if h := Holds(b); len(h) != 1 || h[0].From != "a token of auth.example" || h[0].Pos.Line != 2 {
		t.Errorf("got %+v", h)
	}
}

// Of a block that is wrong all say what they can.
func FuzzBlock(f *testing.F) {
	for _, text := range []string{
		"{url: https://h, http: []}", "{url: https://h, http: {basic_auth: x, oauth2: {scopes: {}, token_url: [a]}}}", "{headers: [a], token_header: {a: b}}",
		"{url: https://h, sigv4: {region: [a]}, google: [b]}", "{url: https://h, http: {tls_config: {ca: {a: b}, cert_env: x, key_env: y}}}",
		"{url: http://h, http: {proxy_url: 'http://p', no_proxy: x, oauth2: {token_url: 'http://i', client_secret_env: S}}}", "{url: http://h, http: {oauth2: {client_secret_env: S}}}", "{url: https://h, sigv4: x}",
		"{url: ftp://h, google: {metadata: true}, http: {oauth2: {token_url: 'http://i'}}}",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b, err := spec.ParseBlock("slo.yaml", text, t.TempDir())
		if err != nil {
			return
		}
		held := append(b.Held(Keys()), Holds(b)...)
		taken := map[string]bool{}
		for _, g := range Goals(b) {
			for _, key := range g.Takes {
				taken[key] = true
			}
		}
		keys := append([]spec.Key{{Name: "url", Type: spec.Address}}, Keys()...)
		right := !Check(b).Errors() && len(spec.Check(b.Value, keys)) == 0
		for _, h := range held {
			if right && b.URL("url").Is() && !taken[h.Key] {
				t.Errorf("%s: nobody tells where %s goes", text, h.Key)
			}
		}
		if right {
			New(b, sources.Env{Getenv: func(string) string { return "" }})
		}
	})
}
