package access

import (
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/header"
	"github.com/nines-slo/nines/slo/spec/mask"
)

// Check finds what Keys cannot express in a source's block. It reads no secret.
func Check(source spec.Block) diag.List {
	found := oneWay(source)
	found = append(found, rules().Check(source.Get("headers"))...)
	found = append(found, checkToken(source)...)
	http := below(source, "http")
	found = append(found, checkUser(http.Get("basic_auth"))...)
	if v := below(http, "authorization").Get("type"); v.Is() {
		found = append(found, checkScheme(v)...)
	}
	for _, f := range below(http, "oauth2").Get("endpoint_params").Fields {
		if mask.IsSecret(f.Key) || mask.Shows(f.Value.Text) {
			shown := diag.Errorf(f.Value.Pos, "spec/secret-shown",
				"%s holds a secret, which has no place in a file that many read", diag.Quote(f.Key))
			found = append(found, shown.WithHint("the secret of the client is client_secret_env: VARIABLE"))
		}
	}
	found = append(found, checkTLS(below(http, "tls_config"))...)
	found = append(found, checkTLS(below(http, "oauth2", "tls_config"))...)
	found = append(found, checkProxy(http)...)
	found = append(found, checkSigV4(below(source, "sigv4"))...)
	return append(found, checkGoogle(source.Get("google"))...)
}

// below returns the block of a map in a block, which says nothing if there is none.
func below(b spec.Block, names ...string) spec.Block {
	for _, name := range names {
		b.Value = b.Get(name)
	}
	return b
}

// given tells whether a block says where a secret is.
func given(b spec.Block, name string) bool { return credential(b, name).Is() }

// credential returns what says where a secret is.
func credential(b spec.Block, name string) spec.Value {
	if v := b.Get(name + "_env"); v.Is() {
		return v
	}
	return b.Get(name + "_file")
}

// way is how a source says who asks.
type way struct {
	name string
	at   spec.Value
}

// ways returns those that a block has, of which there may be one.
func ways(source spec.Block) []way {
	http := below(source, "http")
	all := []way{
		{"http.basic_auth", http.Get("basic_auth")},
		{"http.bearer_token", credential(http, "bearer_token")},
		{"http.authorization", http.Get("authorization")},
		{"http.oauth2", http.Get("oauth2")},
		{"sigv4", source.Get("sigv4")},
		{"google", source.Get("google")},
	}
	if at := source.Get("token_header"); strings.EqualFold(at.Text, "Authorization") {
		all = append(all, way{"token_header: Authorization", at})
	}
	var out []way
	for _, w := range all {
		if w.at.Is() {
			out = append(out, w)
		}
	}
	return out
}

// oneWay refuses two ways to say who asks.
func oneWay(source spec.Block) diag.List {
	all := ways(source)
	if len(all) < 2 {
		return nil
	}
	two := diag.Errorf(all[1].at.Pos, "prometheus/auth", "%s and %s both say who asks", all[0].name, all[1].name)
	return diag.List{two.WithHint("remove one of them")}
}

// rules are what is asked of headers, which requests have some of anyhow.
func rules() header.Rules {
	return header.Rules{
		Code: "prometheus/header",
		Hint: "write token_env: VARIABLE and token_header: NAME beside headers, or " + bearer,
		Ours: []string{
			"Accept", "Accept-Encoding", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Host",
			"Idempotency-Key", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent",
			"X-Amz-Content-Sha256", "X-Amz-Date", "X-Amz-Security-Token", "X-Prometheus-Remote-Read-Version",
		},
	}
}

// checkToken holds token and token_header against each other.
func checkToken(source spec.Block) diag.List {
	name, token := source.Get("token_header"), credential(source, "token")
	switch {
	case name.Is() && !token.Is():
		none := diag.Errorf(name.Pos, "prometheus/header", "there is a token_header, but no token")
		return diag.List{none.WithHint("add token_env: VARIABLE, or token_file: FILE")}
	case token.Is() && !name.Is():
		none := diag.Errorf(token.Pos, "prometheus/header",
			"there is a token, but no token_header that names its header")
		return diag.List{none.WithHint("add token_header: X-Api-Key, or write a bearer token as %s", bearer)}
	case name.Is():
		return rules().Name(name)
	}
	return nil
}

// checkUser finds what is wrong with who a user is.
func checkUser(v spec.Value) diag.List {
	if v.Kind != spec.Map {
		return nil
	}
	name, file := v.Get("username"), v.Get("username_file")
	switch {
	case name.Is() && file.Is():
		two := diag.Errorf(file.Pos, "prometheus/auth", "username and username_file both say who the user is")
		return diag.List{two.WithHint("remove one of them")}
	case !name.Is() && !file.Is():
		none := diag.Errorf(v.Pos, "prometheus/auth", "basic_auth does not say who the user is")
		return diag.List{none.WithHint("add username: NAME, or username_file: FILE")}
	}
	return nil
}

func checkScheme(v spec.Value) diag.List {
	switch {
	case !header.IsToken(v.Text):
		return diag.List{diag.Errorf(v.Pos, "prometheus/auth",
			"type %s is not a scheme of Authorization", diag.Quote(v.Text))}
	case strings.EqualFold(v.Text, "basic"):
		basic := diag.Errorf(v.Pos, "prometheus/auth", "type Basic has a user and a password")
		return diag.List{basic.WithHint("write basic_auth: {username: NAME, password_env: VARIABLE}")}
	}
	return nil
}

func checkTLS(b spec.Block) diag.List {
	var found diag.List
	for _, name := range []string{"ca", "cert"} {
		if file := b.Get(name + "_file"); file.Is() && b.Get(name).Is() {
			twice := diag.Errorf(file.Pos, "prometheus/tls",
				"%q and %q both say what one certificate is", name, name+"_file")
			found = append(found, twice.WithHint("remove one of them"))
		}
	}
	cert := b.Get("cert")
	if !cert.Is() {
		cert = b.Get("cert_file")
	}
	key := credential(b, "key")
	switch {
	case cert.Is() && !key.Is():
		none := diag.Errorf(cert.Pos, "prometheus/tls", "there is a certificate of the client, but no key of it")
		found = append(found, none.WithHint("add key_file: FILE, or key_env: VARIABLE"))
	case key.Is() && !cert.Is():
		none := diag.Errorf(key.Pos, "prometheus/tls", "there is a key of the client, but no certificate of it")
		found = append(found, none.WithHint("add cert_file: FILE"))
	}
	if v := b.Get("insecure_skip_verify"); v.Text == "true" {
		open := diag.Warnf(v.Pos, "prometheus/tls",
			"any server is believed: secrets go to whoever answers, and so may wrong counts come")
		found = append(found, open.WithHint("name who vouches for the server: ca_file: FILE"))
	}
	return found
}

func checkProxy(http spec.Block) diag.List {
	proxy, none, from := http.Get("proxy_url"), http.Get("no_proxy"), http.Get("proxy_from_environment")
	switch {
	case proxy.Is() && from.Text == "true":
		two := diag.Errorf(from.Pos, "prometheus/proxy",
			"proxy_url and proxy_from_environment both say what the proxy is")
		return diag.List{two.WithHint("remove one of them")}
	case none.Is() && !proxy.Is():
		alone := diag.Errorf(none.Pos, "prometheus/proxy", "there is a no_proxy, but no proxy_url")
		return diag.List{alone.WithHint(
			"the proxy of the environment heeds the variable NO_PROXY; proxy_from_environment: false is for no proxy")}
	}
	return nil
}

func checkSigV4(b spec.Block) diag.List {
	named, secret := credential(b, "access_key"), credential(b, "secret_key")
	for _, v := range []spec.Value{named, secret, credential(b, "session_token")} {
		if v.Is() && (!named.Is() || !secret.Is()) {
			half := diag.Errorf(v.Pos, "prometheus/auth", "sigv4 names a part of the access key only")
			return diag.List{half.WithHint(
				"write both access_key_env and secret_key_env, or none for the variables AWS_…")}
		}
	}
	return nil
}

func checkGoogle(v spec.Value) diag.List {
	if v.Kind != spec.Map {
		return nil
	}
	b := spec.Block{Value: v}
	key, machine := credential(b, "credentials"), v.Get("metadata").Text == "true"
	switch {
	case key.Is() && machine:
		two := diag.Errorf(key.Pos, "prometheus/auth", "credentials and metadata both say who asks")
		return diag.List{two.WithHint("remove one of them")}
	case !key.Is() && !machine:
		none := diag.Errorf(v.Pos, "prometheus/auth", "google does not say who asks")
		return diag.List{none.WithHint("write credentials_file: FILE, or metadata: true on Google's machines")}
	}
	return nil
}
