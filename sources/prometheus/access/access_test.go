package access

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/config"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/hosts"
	"github.com/nines-slo/nines/sources"
)

// trip is an http.RoundTripper.
type trip func(*http.Request) (*http.Response, error)

func (f trip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func answers(code int, body string) *http.Response {
	return &http.Response{StatusCode: code, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

// variables are those of tests, each a secret.
func variables(name string) string {
	if name == "UNSET" {
		return ""
	}
	return "hush/" + name + "\n"
}

// open returns the caller of a block whose server is asked by rt.
func open(t *testing.T, text, dir string, rt http.RoundTripper) (*Caller, error) {
	t.Helper()
	b, found := block(t, text, dir)
	if found.Errors() {
		t.Fatal(found)
	}
	return New(b, sources.Env{HTTP: rt, Getenv: variables})
}

// get asks for an address, and returns what was said or the error.
func get(c http.RoundTripper, at string) (string, error) {
	req, err := http.NewRequest(http.MethodGet, at, nil)
	if err != nil {
		return "", err
	}
	resp, err := sources.Do(c, req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if refused := sources.Status(resp); refused != nil {
		return string(text), refused
	}
	return string(text), err
}

// What a server sees is what it sees of Prometheus' own client that is told the same.
func TestHeaders(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "token"), []byte("hush/file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "user"), []byte("me\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		block  string
		theirs string // to Prometheus' client
		header string
		want   string
	}{
		{"", "{}", "Authorization", ""},
		{"http: {basic_auth: {username: me, password_env: P}}", "basic_auth: {username: me, password: hush/P}", "Authorization", "Basic bWU6aHVzaC9Q"},
		{"http: {basic_auth: {username: me}}", "basic_auth: {username: me}", "Authorization", "Basic bWU6"},
		{"http: {basic_auth: {username_file: user, password_env: P}}", "basic_auth: {username_file: " + filepath.Join(dir, "user") + ", password: hush/P}",
			"Authorization", "Basic bWU6aHVzaC9Q"},
		{"http: {bearer_token_env: T}", "bearer_token: hush/T", "Authorization", "Bearer hush/T"},
		{"http: {bearer_token_file: token}", "bearer_token_file: " + filepath.Join(dir, "token"), "Authorization", "Bearer hush/file"},
		{"http: {authorization: {credentials_env: T}}", "authorization: {credentials: hush/T}", "Authorization", "Bearer hush/T"},
		{"http: {authorization: {type: GenieKey, credentials_env: T}}", "authorization: {type: GenieKey, credentials: hush/T}", "Authorization", "GenieKey hush/T"},
		{"headers: {x-scope-orgid: shop|team}", "http_headers: {x-scope-orgid: {values: ['shop|team']}}", "X-Scope-Orgid", "shop|team"},
		{"token_env: T\ntoken_header: X-Api-Key", "http_headers: {X-Api-Key: {secrets: [hush/T]}}", "X-Api-Key", "hush/T"},
	} {
		var got []string
		caller, err := open(t, "url: https://prom.example/p\n"+c.block, dir, trip(func(req *http.Request) (*http.Response, error) {
			got = append(got, req.Header.Get(c.header))
			return answers(200, "yes"), nil
		}))
		if err != nil {
			t.Fatal(err)
		}
		text, err := get(caller, "https://prom.example/p/api")
		if text != "yes" || err != nil || got[0] != c.want {
			t.Errorf("%s: got %q, %v and header %q, want %q", c.block, text, err, got, c.want)
		}
		if said := fmt.Sprintf("%v %+v %#v", caller, caller, caller); strings.Contains(said, "hush") || caller.Hide("a "+c.want) == "a "+c.want && strings.Contains(c.want, "hush") {
			t.Errorf("%s: shows a secret: %s", c.block, said)
		}
		theirs := ""
		s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { theirs = r.Header.Get(c.header) }))
		own, err := config.LoadHTTPConfig(c.theirs)
		if err != nil {
			t.Fatal(err)
		}
		client, err := config.NewClientFromConfig(*own, "test")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Get(s.URL); err != nil || theirs != c.want {
			t.Errorf("%s: Prometheus' client says %q, %v, want %q", c.theirs, theirs, err, c.want)
		}
		s.Close()
	}
}

// Who asks is told to the source's server alone, and again where it moves a request.
func TestOtherHosts(t *testing.T) {
	seen := []string{}
	caller, err := open(t, "url: https://prom.example/p\nhttp: {bearer_token_env: T}", ".", trip(func(req *http.Request) (*http.Response, error) {
		seen = append(seen, req.URL.String()+" "+req.Header.Get("Authorization"))
		to := req.URL.Query().Get("to")
		switch req.URL.Path {
		case "/file":
			to = "file:///etc/passwd"
		case "/secret":
			to = "file:///hush/T"
		}
		if to != "" {
			resp := answers(302, "")
			resp.Header.Set("Location", to)
			return resp, nil
		}
		return answers(200, "yes"), nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ at, want string }{
		{"https://prom.example/q", "yes"},
		{"https://PROM.example:443/q", "yes"},
		{"https://prom.example/?to=/moved", "yes"},
		{"https://prom.example:444/q", "nothing goes to prom.example:444: the source asks another host"},
		{"https://other.example/q", "nothing goes to other.example: the source asks another host"},
		{"http://prom.example:443/q", "nothing goes to prom.example:443: the source asks it by https"},
		{"https://prom.example/?to=https://evil.example/", "nothing goes to evil.example: the source asks another host"},
		{"https://prom.example/file", "is moved to file:///etc/passwd, which is not http: not followed"},
		{"https://prom.example/secret", "is moved to file:///***, which is not http: not followed"},
		{"https://prom.example/?to=http://prom.example/", "nothing goes to prom.example: the source asks another host"},
	} {
		text, err := get(caller, c.at)
		if err != nil {
			text = err.Error()
		}
		if text != c.want || err != nil && sources.ClassOf(err) != sources.Cannot {
			t.Errorf("%s: got %s of class %q, want %s", c.at, text, sources.ClassOf(err), c.want)
		}
	}
	for _, s := range seen {
		if !strings.HasPrefix(strings.ToLower(s), "https://prom.example") || !strings.HasSuffix(s, " Bearer hush/T") {
			t.Errorf("came %s", s)
		}
	}
}

// A secret that is not there is a finding at the line that names it.
func TestMissingSecrets(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"junk.pem": "hush", "lines": "hush\nhush", "blank": " \n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		block string
		line  int
		want  string
	}{
		{"http:\n  bearer_token_env: UNSET", 3, "bearer_token_env: the variable is not set, or empty"},
		{"http:\n  bearer_token_file: none", 3, "bearer_token_file: no such file or directory"},
		{"http:\n  basic_auth:\n    username: me\n    password_env: UNSET", 5, "password_env: the variable is not set"},
		{"http:\n  basic_auth:\n    username_file: none", 4, "username_file: no such file or directory"},
		{"http:\n  basic_auth:\n    username_file: lines", 4, "username_file: the name has more than one line"},
		{"http:\n  basic_auth:\n    username_file: blank", 4, "username_file: the file is empty"},
		{"http:\n  authorization:\n    credentials_env: UNSET", 4, "credentials_env: the variable is not set"},
		{"token_env: UNSET\ntoken_header: X", 2, "token_env: the variable is not set"},
		{"http:\n  oauth2: {client_id: me, token_url: 'https://h/t', client_secret_env: UNSET}", 3, "client_secret_env: the variable is not set"},
		{"sigv4:\n  region: r\n  access_key_env: A\n  secret_key_env: UNSET", 5, "secret_key_env: the variable is not set"},
		{"google:\n  credentials_env: UNSET", 3, "credentials_env: the variable is not set"},
		{"google:\n  credentials_env: T", 3, "google: the credentials are not JSON"},
		{"http:\n  tls_config:\n    ca_file: none.pem", 4, "ca_file: no such file or directory"},
		{"http:\n  tls_config:\n    ca_file: junk.pem", 4, "ca_file holds no certificate in PEM"},
		{"http:\n  tls_config:\n    ca: hush", 4, "ca holds no certificate in PEM"},
		{"http:\n  tls_config:\n    cert_file: junk.pem\n    key_env: UNSET", 5, "key_env: the variable is not set"},
		{"http:\n  tls_config:\n    cert_file: junk.pem\n    key_env: T", 4, "cert_file and the key are no pair in PEM"},
	} {
		_, err := open(t, "url: https://prom.example/p\n"+c.block, dir, trip(nil))
		var list diag.List
		if !errors.As(err, &list) || list[0].Pos.Line != c.line || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: got %v, want line %d: %s", c.block, err, c.line, c.want)
		}
	}
	b, _ := block(t, "url: https://prom.example/p\nsigv4:\n  region: r", dir)
	if _, err := New(b, sources.Env{}); err == nil || !strings.Contains(err.Error(), "slo.yaml:3:3: sigv4: the variable AWS_ACCESS_KEY_ID is not set") {
		t.Errorf("got %v", err)
	}
}

// Without a network nobody is asked, whatever the block says.
func TestNoNetwork(t *testing.T) {
	for _, text := range []string{
		"", "http: {bearer_token_env: T}", "http: {proxy_url: 'http://p'}", "http: {tls_config: {server_name: h}}", "google: {metadata: true}",
		"http: {oauth2: {client_id: me, client_secret_env: S, token_url: 'https://h/t'}}", "sigv4: {region: r}",
	} {
		caller, err := open(t, "url: https://prom.example/p\n"+text, ".", nil)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if _, err := get(caller, "https://prom.example/p"); sources.ClassOf(err) != sources.Cannot || err.Error() != "there is no network here" {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

// authority makes certificates of a name.
type authority struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) authority {
	a := authority{t: t}
	_, a.cert, a.key = a.make("authority", true)
	return a
}

func (a authority) make(name string, ca bool) ([]byte, *x509.Certificate, *ecdsa.PrivateKey) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: ca, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	parent, signing := a.cert, a.key
	if ca {
		parent, signing = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signing)
	if err != nil {
		a.t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), cert, key
}

// pair returns a certificate and its key in PEM.
func (a authority) pair(name string) (cert, key []byte) {
	text, _, k := a.make(name, false)
	der, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		a.t.Fatal(err)
	}
	return text, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// through goes out by a route, as the program does.
func through(r sources.Route) http.RoundTripper {
	base := &http.Transport{TLSClientConfig: r.TLS}
	if r.Proxy != nil {
		base.Proxy = func(req *http.Request) (*url.URL, error) { return r.Proxy(req.URL) }
	}
	if r.Stamp != nil {
		return stamped{base, r.Stamp}
	}
	return base
}

// A server may be known by an authority of its own, and want to know who asks by a
// certificate.
func TestTLS(t *testing.T) {
	ours, other, dir := newAuthority(t), newAuthority(t), t.TempDir()
	write := func(name string, text []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	inPEM := func(a authority) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
	}
	write("ca.pem", inPEM(ours))
	write("other.pem", inPEM(other))
	cert, key := ours.pair("client")
	write("client.pem", cert)
	write("client.key", key)
	cert, key = other.pair("client")
	write("stranger.pem", cert)
	write("stranger.key", key)
	serving, err := tls.X509KeyPair(ours.pair("prom.example"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(ours.cert)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := "nobody"
		if len(r.TLS.PeerCertificates) > 0 {
			who = r.TLS.PeerCertificates[0].Subject.CommonName
		}
		fmt.Fprint(w, who, " ", r.Header.Get("Authorization"))
	}))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{serving}, ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: pool, MaxVersion: tls.VersionTLS12}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	inline := strings.ReplaceAll(strings.TrimSpace(string(inPEM(ours))), "\n", "\n      ")
	for _, c := range []struct{ settings, want string }{
		{"{ca_file: ca.pem, server_name: prom.example}", "nobody Bearer hush/T"},
		{"\n    server_name: prom.example\n    ca: |\n      " + inline, "nobody Bearer hush/T"},
		{"{ca_file: ca.pem, server_name: prom.example, cert_file: client.pem, key_file: client.key}", "client Bearer hush/T"},
		{"{insecure_skip_verify: true}", "nobody Bearer hush/T"},
		{"{ca_file: ca.pem, server_name: else.example}", "certificate is valid for prom.example, not else.example"},
		{"{ca_file: other.pem, server_name: prom.example}", "certificate signed by unknown authority"},
		{"{server_name: prom.example}", "certificate signed by unknown authority"},
		{"{ca_file: ca.pem, server_name: prom.example, cert_file: stranger.pem, key_file: stranger.key}", "unknown certificate authority"},
		{"{ca_file: ca.pem, server_name: prom.example, min_version: TLS13}", "protocol version not supported"},
	} {
		b, found := block(t, "url: "+s.URL+"\nhttp:\n  bearer_token_env: T\n  tls_config: "+c.settings, dir)
		if found.Errors() {
			t.Fatal(found)
		}
		caller, err := New(b, sources.Env{Getenv: variables, HTTP: trip(nil), Through: through})
		if err != nil {
			t.Fatal(err)
		}
		text, err := get(caller, s.URL)
		if err != nil {
			text = err.Error()
		}
		if !strings.Contains(text, c.want) {
			t.Errorf("%s: got %s, want %s", c.settings, text, c.want)
		}
	}
}

// A proxy of the source's own is asked, unless its host is to be asked past it.
func TestProxy(t *testing.T) {
	asked := ""
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.String()
		io.WriteString(w, "by the proxy")
	}))
	defer proxy.Close()
	b, _ := block(t, "url: http://prom.example\nhttp: {proxy_url: '"+proxy.URL+"'}", ".")
	caller, err := New(b, sources.Env{HTTP: trip(nil), Through: through})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := get(caller, "http://prom.example/api"); text != "by the proxy" || err != nil || asked != "http://prom.example/api" {
		t.Errorf("got %q, %v, asked for %s", text, err, asked)
	}
	for _, c := range []struct{ settings, at, want string }{
		{"{proxy_url: 'http://p:1'}", "https://prom.example", "http://p:1/"},
		{"{proxy_url: 'http://p:1', no_proxy: 'other.example,.in.example'}", "https://prom.example", "http://p:1/"},
		{"{proxy_url: 'http://p:1', no_proxy: 'other.example,.in.example'}", "http://prom.example", "http://p:1/"},
		{"{proxy_url: 'http://p:1', no_proxy: 'other.example,.in.example'}", "https://other.example", ""},
		{"{proxy_url: 'http://p:1', no_proxy: 'other.example,.in.example'}", "https://a.in.example", ""},
		{"{proxy_from_environment: false}", "https://prom.example", ""},
	} {
		b, found := block(t, "http: "+c.settings, ".")
		if len(found) > 0 {
			t.Fatal(found)
		}
		at, _ := url.Parse(c.at)
		got, err := newRoutes(below(b, "http"), sources.Env{}).proxy(at)
		text := ""
		if got != nil {
			text = got.String()
		}
		if text != c.want || err != nil {
			t.Errorf("%s, %s: got %s, %v, want %s", c.settings, c.at, text, err, c.want)
		}
	}
	for _, settings := range []string{"{}", "{proxy_from_environment: true}"} {
		b, _ := block(t, "http: "+settings, ".")
		if newRoutes(below(b, "http"), sources.Env{}).proxy != nil {
			t.Errorf("%s: it is not the environment's proxy", settings)
		}
	}
}

// Two sources of one server do not know of each other's secrets.
func TestApart(t *testing.T) {
	var seen []string
	server := trip(func(req *http.Request) (*http.Response, error) {
		seen = append(seen, req.Header.Get("Authorization"))
		return answers(200, ""), nil
	})
	var callers []*Caller
	for _, variable := range []string{"A", "B"} {
		c, err := open(t, "url: https://prom.example\nhttp: {bearer_token_env: "+variable+"}", ".", server)
		if err != nil {
			t.Fatal(err)
		}
		callers = append(callers, c)
	}
	for _, i := range []int{0, 1, 0} {
		if _, err := get(callers[i], "https://prom.example"); err != nil {
			t.Error(err)
		}
	}
	if got := strings.Join(seen, ", "); got != "Bearer hush/A, Bearer hush/B, Bearer hush/A" {
		t.Errorf("came %s", got)
	}
	if got := callers[0].Hide("hush/A hush%2FA hush/B"); got != "*** *** hush/B" {
		t.Errorf("got %s", got)
	}
}

// A request is not changed, and its answer streamed where it asks for that.
func TestRequestStays(t *testing.T) {
	streamed := false
	caller, err := open(t, "url: https://prom.example\nhttp: {bearer_token_env: T}\nheaders: {X-A: b}", ".", trip(func(req *http.Request) (*http.Response, error) {
		streamed = sources.Streamed(req)
		return answers(200, ""), nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	req, _ := http.NewRequestWithContext(context.Background(), http.MethodPost, "https://prom.example", bytes.NewReader([]byte("a=b")))
	resp, err := sources.Stream(caller, req)
	if err != nil || !streamed || len(req.Header) != 0 {
		t.Errorf("got %v, streamed %t, header %v", err, streamed, req.Header)
	}
	resp.Body.Close()
	var forbidden *hosts.Forbidden
	closed := false
	req.URL.Host, req.Body = "evil.example", closing{&closed}
	if _, err := caller.RoundTrip(req); !errors.As(err, &forbidden) || !closed {
		t.Errorf("got %v, body closed %t", err, closed)
	}
}

type closing struct{ closed *bool }

func (closing) Read([]byte) (int, error) { return 0, io.EOF }
func (c closing) Close() error           { *c.closed = true; return nil }

// What a server repeats of the query of its address is hidden, escaped or not.
func TestQueryIsHidden(t *testing.T) {
	c, err := open(t, "url: 'https://prom.example/?key=a%2Fsecret'", t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Hide("asked with key=a%2Fsecret, a/secret"), "asked with ***, ***"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A server may put who asks into a page, JSON or an address, or read its bytes as latin-1.
func TestSpelledSecretsAreHidden(t *testing.T) {
	const secret = `up"x=1&y/+ä`
	const says = `no: up&quot;x=1&amp;y/+ä, up\"x=1&y/+ä, up%22x%3D1%26y/%2B%C3%A4, ` + "up\"x=1&y/+Ã¤."
	for _, text := range []string{
		"http: {basic_auth: {username: me, password_env: TOKEN}}",
		"http: {bearer_token_env: TOKEN}",
		"token_header: X-Api-Key\ntoken_env: TOKEN",
	} {
		b, found := block(t, "url: https://prom.example\n"+text, t.TempDir())
		if found.Errors() {
			t.Fatal(found)
		}
		c, err := New(b, sources.Env{Getenv: func(string) string { return secret }})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := c.Hide(says), "no: ***, ***, ***, ***."; got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
