package access

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// issuing is a server whose tokens are numbered, and one that wants the newest.
type issuing struct {
	mu     sync.Mutex
	asked  []string // header and form of requests for a token
	issued int
	answer func(n int, req *http.Request) *http.Response // nil: a token of an hour
}

func (i *issuing) RoundTrip(req *http.Request) (*http.Response, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch req.URL.Host {
	case "auth.example", "oauth2.googleapis.com", "metadata.google.internal":
		body := ""
		if req.Body != nil {
			text, _ := io.ReadAll(req.Body)
			body = string(text)
		}
		if _, says := req.Header["Idempotency-Key"]; !says || sources.Streamed(req) {
			return nil, errors.New("it may not be asked again")
		}
		i.asked = append(i.asked, strings.TrimSpace(req.Header.Get("Authorization")+" "+body))
		i.issued++
		if i.answer != nil {
			return i.answer(i.issued, req), nil
		}
		return answers(200, fmt.Sprintf(`{"access_token": "canary-%d", "token_type": "bearer", "expires_in": 3600}`, i.issued)), nil
	case "prom.example":
		if req.Header.Get("Authorization") != fmt.Sprintf("Bearer canary-%d", i.issued) {
			return answers(401, "who is "+req.Header.Get("Authorization")), nil
		}
		return answers(200, "yes"), nil
	}
	return nil, errors.New("an unknown host is asked: " + req.URL.Host)
}

const oauth2Block = "url: https://prom.example\nhttp: {oauth2: {client_id: a b, client_secret_env: S, " +
	"token_url: 'https://auth.example/token', scopes: [read, write], endpoint_params: {audience: prom}}}"

// One token is for all that ask, and the next one when it ends.
func TestTokenIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &issuing{}
		caller, err := open(t, oauth2Block, ".", server)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			after  time.Duration
			issued int
		}{{0, 1}, {time.Second, 1}, {3588 * time.Second, 1}, {time.Second, 2}, {time.Hour, 3}} {
			time.Sleep(c.after)
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					if text, err := get(caller, "https://prom.example/api"); text != "yes" || err != nil {
						t.Errorf("got %q, %v", text, err)
					}
				})
			}
			all.Wait()
			if server.issued != c.issued {
				t.Errorf("after %v: %d tokens, want %d", c.after, server.issued, c.issued)
			}
		}
		want := "Basic YSUyQmI6aHVzaCUyRlM= audience=prom&grant_type=client_credentials&scope=read+write"
		want = strings.Replace(want, "YSUyQmI6aHVzaCUyRlM=", base64.StdEncoding.EncodeToString([]byte("a+b:hush%2FS")), 1)
		if server.asked[0] != want {
			t.Errorf("asked %s, want %s", server.asked[0], want)
		}
		if got := caller.Hide("canary-1 canary-3 hush/S hush%2FS " + want); strings.Contains(got, "canary") || strings.Contains(got, "hush") || strings.Contains(got, "YSti") {
			t.Errorf("shows %s", got)
		}
	})
}

// A token that a server does not take any more is got anew, once for all that ask; one that it
// never took is not.
func TestTokenIsTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &issuing{}
		caller, err := open(t, oauth2Block, ".", server)
		if err != nil {
			t.Fatal(err)
		}
		ask := func(want string) {
			t.Helper()
			if text, err := get(caller, "https://prom.example/api"); text != want || (err != nil) != (want != "yes") {
				t.Errorf("got %q, %v, want %q", text, err, want)
			}
		}
		ask("yes")
		time.Sleep(time.Minute)
		server.issued++ // by somebody else: the first is worth nothing now
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { ask("yes") })
		}
		if all.Wait(); len(server.asked) != 2 {
			t.Errorf("%d tokens were asked for, want 2", len(server.asked))
		}
		time.Sleep(time.Minute)
		server.answer = func(int, *http.Request) *http.Response {
			return answers(200, `{"access_token": "canary-0", "expires_in": 3600}`)
		}
		server.issued++
		ask("who is Bearer canary-0")
		if len(server.asked) != 3 {
			t.Errorf("%d tokens were asked for, want 3", len(server.asked))
		}
	})
}

// A server that wants the client's secret in the form gets it there, and at once from then on.
func TestSecretInForm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &issuing{}
		server.answer = func(n int, req *http.Request) *http.Response {
			if req.Header.Get("Authorization") != "" {
				return answers(401, `{"error": "invalid_client"}`)
			}
			return answers(200, fmt.Sprintf(`{"access_token": "canary-%d", "expires_in": "3600"}`, n))
		}
		caller, err := open(t, oauth2Block, ".", server)
		if err != nil {
			t.Fatal(err)
		}
		for _, issued := range []int{2, 2, 3} {
			if text, err := get(caller, "https://prom.example/api"); text != "yes" || err != nil || server.issued != issued {
				t.Errorf("got %q, %v after %d questions, want %d", text, err, server.issued, issued)
			}
			if issued == 2 {
				time.Sleep(1800 * time.Second)
			}
		}
		want := "audience=prom&client_id=a+b&client_secret=hush%2FS&grant_type=client_credentials&scope=read+write"
		if server.asked[2] != want {
			t.Errorf("asked %s, want %s", server.asked[2], want)
		}
	})
}

// What is no token has a class, and shows no secret.
func TestNoToken(t *testing.T) {
	echo := `{"error": "invalid_client", "error_description": "hush/S is wrong", "access_token": "canary"}`
	for _, c := range []struct {
		name, body string
		code       int
		class      sources.Class
		want       string
	}{
		{"not known", echo, 401, sources.Auth, "no token from auth.example: answers 401 Unauthorized: invalid_client"},
		{"refused", echo, 400, sources.Auth, "no token from auth.example: answers 400 Bad Request: invalid_client"},
		{"refused in words", `{"error": "hush/S"}`, 400, sources.Cannot, "no token from auth.example: answers 400 Bad Request"},
		{"no such page", "hush/S", 404, sources.Cannot, "no token from auth.example: answers 404 Not Found"},
		{"too often", "", 429, sources.Throttled, "no token from auth.example: answers 429 Too Many Requests"},
		{"down", "hush/S", 503, sources.Temporary, "no token from auth.example: answers 503 Service Unavailable"},
		{"a page", "<html>hush/S", 200, sources.Cannot, "no token from auth.example: the answer is not the JSON of a token"},
		{"nothing", "{}", 200, sources.Cannot, "no token from auth.example: the answer holds no token"},
		{"two lines", `{"access_token": "canary\nX: y"}`, 200, sources.Cannot, "no token from auth.example: the answer holds no token"},
		{"another type", `{"access_token": "canary", "token_type": "mac"}`, 200, sources.Cannot, "no token from auth.example: the token is not of the type Bearer"},
		{"a wrong token", `{"access_token": "canary-0"}`, 200, sources.Auth, "answers 401 Unauthorized"},
	} {
		server := &issuing{answer: func(int, *http.Request) *http.Response { return answers(c.code, c.body) }}
		caller, err := open(t, oauth2Block, ".", server)
		if err != nil {
			t.Fatal(err)
		}
		_, err = get(caller, "https://prom.example/api")
		if err == nil || err.Error() != c.want || sources.ClassOf(err) != c.class {
			t.Errorf("%s: got %v of class %q, want %s of class %q", c.name, err, sources.ClassOf(err), c.want, c.class)
		}
		for ; err != nil; err = errors.Unwrap(err) {
			if said := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(said, "hush") || strings.Contains(said, "canary") {
				t.Errorf("%s: shows %s", c.name, said)
			}
		}
	}
	moved := &issuing{answer: func(_ int, req *http.Request) *http.Response {
		resp := answers(307, "")
		resp.Header.Set("Location", "https://evil.example/token")
		return resp
	}}
	caller, err := open(t, oauth2Block, ".", moved)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = get(caller, "https://prom.example/api"); err == nil || len(moved.asked) != 1 {
		t.Errorf("moved: got %v after %d questions", err, len(moved.asked))
	}
}

// Whoever gives up does so while a token is waited for, be it by somebody else.
func TestTokenIsNotWaitedFor(t *testing.T) {
	cause := errors.New("no time left")
	ctx, cancel := context.WithCancelCause(t.Context())
	asked := make(chan bool)
	caller, err := open(t, oauth2Block, ".", trip(func(req *http.Request) (*http.Response, error) {
		close(asked)
		<-req.Context().Done()
		return nil, context.Cause(req.Context())
	}))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "https://prom.example/api", nil)
			if _, err := sources.Stream(caller, req); !errors.Is(err, cause) || sources.ClassOf(err) != sources.Cancelled {
				t.Errorf("got %v of class %q", err, sources.ClassOf(err))
			}
		})
	}
	<-asked
	cancel(cause)
	all.Wait()
}

func TestTokenHolds(t *testing.T) {
	for text, want := range map[string]time.Duration{
		`{}`: unsaid, `{"expires_in": null}`: unsaid, `{"expires_in": 0}`: unsaid, `{"expires_in": -3}`: unsaid,
		`{"expires_in": 3600}`: 3590 * time.Second, `{"expires_in": "60"}`: 50 * time.Second, `{"expires_in": 60.5}`: 50500 * time.Millisecond,
		`{"expires_in": 5}`: 0, `{"expires_in": 1e300}`: 1e6*time.Second - early,
	} {
		var a answer
		if err := json.Unmarshal([]byte(text), &a); err != nil || a.holds() != want {
			t.Errorf("%s: got %v, %v, want %v", text, a.holds(), err, want)
		}
	}
}

// serviceAccount returns the file of a service account, and the key that verifies it.
func serviceAccount(t *testing.T, edit ...string) (string, *rsa.PublicKey) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	inPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	file := map[string]string{
		"type": "service_account", "client_email": "nines@shop.example", "private_key_id": "k1", "private_key": string(inPEM),
		"token_uri": "https://oauth2.googleapis.com/token",
	}
	for i := 0; i+1 < len(edit); i += 2 {
		file[edit[i]] = edit[i+1]
	}
	text, _ := json.MarshalIndent(file, "", "  ")
	return string(text), &key.PublicKey
}

// What a service account signs is verified by its public key.
func TestGoogleKey(t *testing.T) {
	file, public := serviceAccount(t)
	b, found := block(t, "url: https://prom.example\ngoogle: {credentials_env: G}", ".")
	if len(found) > 0 {
		t.Fatal(found)
	}
	server := &issuing{}
	caller, err := New(b, sources.Env{HTTP: server, Getenv: func(string) string { return file }})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := get(caller, "https://prom.example/v1"); text != "yes" || err != nil {
		t.Fatalf("got %q, %v", text, err)
	}
	values, ok := strings.CutPrefix(server.asked[0], "assertion=")
	token, grant, _ := strings.Cut(values, "&grant_type=")
	parts := strings.Split(token, ".")
	if !ok || grant != "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer" || len(parts) != 3 {
		t.Fatalf("asked %s", server.asked[0])
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	hash := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err != nil || rsa.VerifyPKCS1v15(public, crypto.SHA256, hash[:], signature) != nil {
		t.Errorf("the signature is wrong: %v", err)
	}
	var header struct{ Alg, Typ, Kid string }
	var claims struct {
		Iss, Scope, Aud string
		Iat, Exp        int64
	}
	for i, into := range []any{&header, &claims} {
		text, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(text, into) != nil {
			t.Fatalf("got %s", text)
		}
	}
	now := time.Now().Unix()
	if header.Alg != "RS256" || header.Typ != "JWT" || header.Kid != "k1" || claims.Iss != "nines@shop.example" ||
		claims.Scope != "https://www.googleapis.com/auth/monitoring.read" || claims.Aud != "https://oauth2.googleapis.com/token" ||
		claims.Iat > now || claims.Iat < now-60 || claims.Exp != claims.Iat+3600 {
		t.Errorf("got %+v, %+v", header, claims)
	}
}

// Files that are no key of a service account are refused, and not shown.
func TestGoogleRefuses(t *testing.T) {
	for _, c := range []struct{ key, value, want string }{
		{"type", "external_account", "are not of type service_account"},
		{"type", "authorized_user", "are not of type service_account"},
		{"client_email", "", "have no client_email"},
		{"token_uri", "https://evil.example/canary", "want tokens from another address than https://oauth2.googleapis.com/token"},
		{"private_key", "canary", "have no private_key in PEM"},
		{"private_key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "have a private_key that is none of RSA"},
	} {
		file, _ := serviceAccount(t, c.key, c.value)
		_, err := readAccount(spec.NewSecret(file))
		if err == nil || err.Error() != c.want || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s %s: got %v, want %s", c.key, c.value, err, c.want)
		}
	}
}

// The metadata server is asked past all proxies, with the header that it wants.
func TestGoogleMetadata(t *testing.T) {
	server := &issuing{}
	server.answer = func(n int, req *http.Request) *http.Response {
		const want = "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token" +
			"?scopes=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fmonitoring.read"
		if req.Method != http.MethodGet || req.URL.String() != want || req.Header.Get("Metadata-Flavor") != "Google" {
			t.Errorf("asked %s %s", req.Method, req.URL)
		}
		return answers(200, fmt.Sprintf(`{"access_token": "canary-%d", "expires_in": 3599, "token_type": "Bearer"}`, n))
	}
	b, found := block(t, "url: https://prom.example\ngoogle: {metadata: true}\nhttp: {proxy_url: 'http://proxy.example'}", ".")
	if len(found) > 0 {
		t.Fatal(found)
	}
	var proxies []string
	caller, err := New(b, sources.Env{HTTP: trip(nil), Through: func(r sources.Route) http.RoundTripper {
		at, err := r.Proxy(nil)
		proxies = append(proxies, fmt.Sprint(at, err))
		if r.Stamp != nil {
			return stamped{server, r.Stamp}
		}
		return server
	}})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := get(caller, "https://prom.example/v1"); text != "yes" || err != nil {
		t.Errorf("got %q, %v", text, err)
	}
	if got := fmt.Sprint(proxies); got != "[<nil> <nil> http://proxy.example/ <nil>]" {
		t.Errorf("proxies %s", got)
	}
}

// Whatever an issuer says is a token to use, or an error.
func FuzzAnswer(f *testing.F) {
	for _, text := range []string{`{"access_token": "a", "expires_in": "60"}`, `{"access_token": "a\nb"}`, `[]`, `{"expires_in": 1e999}`, "<html>"} {
		f.Add(200, text)
		f.Add(400, text)
	}
	f.Fuzz(func(t *testing.T, code int, text string) {
		if code < 200 || code > 599 || code/100 == 3 {
			return
		}
		server := trip(func(*http.Request) (*http.Response, error) { return answers(code, text), nil })
		c := &Caller{}
		tk := newTokens(c, server, askMachine)
		token, err := tk.get(t.Context())
		if (err == nil) != token.Is() {
			t.Fatalf("got a token %t and %v", token.Is(), err)
		}
		if strings.ContainsAny(token.Reveal(), " \r\n\x00") {
			t.Errorf("got %q", token.Reveal())
		}
		if err != nil && sources.ClassOf(err) == "" {
			t.Errorf("no class: %v", err)
		}
	})
}

// Whatever a file of credentials holds, it can sign or is refused in words that show
// nothing of it.
func FuzzAccount(f *testing.F) {
	f.Add(`{"type": "service_account", "client_email": "a", "private_key": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}`)
	f.Add(`{"type": "service_account", "token_uri": 1}`)
	f.Fuzz(func(t *testing.T, text string) {
		a, err := readAccount(spec.NewSecret(text))
		if err == nil && (a.key == nil || a.email == "") {
			t.Errorf("got %+v", a.email)
		}
		if err != nil && len(err.Error()) > 100 {
			t.Errorf("got %v", err)
		}
	})
}
