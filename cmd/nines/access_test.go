package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/cmd/nines/transport"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/all"
	"github.com/nines-slo/nines/sources/prometheus/access"
)

// asker is a source that asks its server in somebody's name, and takes all that comes.
type asker struct {
	url    spec.URL
	caller *access.Caller
}

func askerKind() sources.Kind {
	return sources.Kind{
		SourceKind: spec.SourceKind{
			Name: "asker", Keys: append([]spec.Key{{Name: "url", Type: spec.Address}}, access.Keys()...),
			Check: func(source, _ spec.Block) diag.List { return access.Check(source) },
			Goals: access.Goals, Holds: access.Holds,
		},
		Open: func(_ context.Context, cfg spec.Block, env sources.Env) (sources.Source, error) {
			caller, err := access.New(cfg, env)
			return &asker{cfg.URL("url"), caller}, err
		},
	}
}

func (a *asker) Fetch(ctx context.Context, _ []sources.Request, _ func(sources.Answer)) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url.Join("api").String(), nil)
	if err != nil {
		return err
	}
	resp, err := sources.Stream(a.caller, req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if refused := sources.Status(resp); refused != nil {
		return fmt.Errorf("%w: %s", refused, a.caller.Hide(string(text)))
	}
	if err == nil {
		err = errors.New("it says " + a.caller.Hide(string(text)))
	}
	return err
}

// askerFile writes a file of a source with more keys, and returns a run of a command on it.
func askerFile(t *testing.T, source string) func(args ...string) (int, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "slos.yaml")
	text := "apiVersion: nines/v1\nservice: s\nsources:\n  m: {type: asker, " + source + "}\n" +
		"slos: [{name: a, target: 99%, window: 1d, sli: {source: m}}]\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return func(args ...string) (int, string) {
		var out strings.Builder
		a := app{kinds: append(all.Kinds(), askerKind()), stdout: &out, stderr: &out, now: fixedNow, http: transport.New(time.Now),
			getenv: func(name string) string {
				if strings.HasPrefix(name, "NINES") {
					return ""
				}
				return "canary/" + name
			}}
		code := a.run(t.Context(), append([]string{args[0], file}, args[1:]...))
		if strings.Contains(out.String(), "canary") {
			t.Errorf("%v shows a secret: %s", args, out.String())
		}
		return code, out.String()
	}
}

// A client's secret goes to the host that gives tokens, and the token to the server: to
// both only if both are allowed. Nothing that is said shows either.
func TestTokensGoWhereTheyMay(t *testing.T) {
	var asked []string
	issuer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		asked = append(asked, user+" "+password)
		io.WriteString(w, `{"access_token": "canary-token", "expires_in": 60}`)
	}))
	defer issuer.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Header.Get("Authorization"))
		if r.URL.Path == "/moved/api" {
			http.Redirect(w, r, issuer.URL+"/stolen", http.StatusFound)
			return
		}
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, "not for ", r.Header.Get("Authorization"))
	}))
	defer server.Close()
	host := func(s *httptest.Server) string { return strings.TrimPrefix(s.URL, "http://") }
	block := "url: " + server.URL + "%s, http: {oauth2: {client_id: me, client_secret_env: CLIENT_SECRET, token_url: " + issuer.URL + "/t}}"
	run := askerFile(t, fmt.Sprintf(block, ""))

	code, said := run("validate")
	for _, want := range []string{
		"source m  http.oauth2.client_secret  from variable CLIENT_SECRET  ",
		"to " + host(issuer) + "\n", "source m  http.oauth2                from a token of " + host(issuer), "to " + host(server) + "\n",
	} {
		if code != 0 || !strings.Contains(said, want) {
			t.Errorf("validate: exit %d, %s\nwant %s", code, said, want)
		}
	}
	for _, only := range []*httptest.Server{server, issuer} {
		code, said = run("status", "--allow-host", host(only))
		if code != exitUsage || len(asked) > 0 || !strings.Contains(said, "may not take http.oauth2") {
			t.Errorf("one host allowed: exit %d, asked %v, %s", code, asked, said)
		}
	}
	code, said = run("status", "--allow-host", host(server), "--allow-host", host(issuer))
	if code != exitUncertain || fmt.Sprint(asked) != "[me canary%2FCLIENT_SECRET Bearer canary-token]" ||
		!strings.Contains(said, "answers 403 Forbidden: not for Bearer ***") {
		t.Errorf("allowed: exit %d, asked %v, %s", code, asked, said)
	}
	asked = nil
	code, said = askerFile(t, fmt.Sprintf(block, "/moved"))("status")
	if code != exitUncertain || len(asked) != 2 || !strings.Contains(said, "nothing goes to "+host(issuer)) {
		t.Errorf("moved: exit %d, asked %v, %s", code, asked, said)
	}
}

// What a machine or the environment gives is a secret too, which a list of hosts confines.
func TestUsualSecretsAreConfined(t *testing.T) {
	for source, want := range map[string]string{
		"sigv4: {region: eu-west-1}": "may not take sigv4.access_key (variable AWS_ACCESS_KEY_ID), " +
			"sigv4.secret_key (variable AWS_SECRET_ACCESS_KEY), sigv4.session_token (variable AWS_SESSION_TOKEN) to 127.0.0.1:1",
		"google: {metadata: true}": "may not take google (a token of metadata.google.internal) to 127.0.0.1:1",
	} {
		code, said := askerFile(t, "url: http://127.0.0.1:1, "+source)("status", "--allow-host", "other.example")
		if code != exitUsage || !strings.Contains(said, want) {
			t.Errorf("%s: exit %d, %s\nwant %s", source, code, said, want)
		}
	}
}

// A secret that is not set, and a file that is not there, are findings at their lines.
func TestWhoAsksIsMissing(t *testing.T) {
	for source, want := range map[string]string{
		"http: {bearer_token_file: none}":          "slos.yaml:4:",
		"http: {tls_config: {ca_file: none.pem}}":  "ca_file: no such file or directory",
		"http: {bearer_token: canary}":             "write bearer_token_env: VARIABLE",
		"http: {basic_auth: {password: canary}}":   "write password_env: VARIABLE",
		"headers: {Authorization: Bearer canary1}": "write token_env: VARIABLE",
	} {
		if code, said := askerFile(t, "url: http://127.0.0.1:1, "+source)("status"); code == 0 || !strings.Contains(said, want) {
			t.Errorf("%s: exit %d, %s\nwant %s", source, code, said, want)
		}
	}
	code, said := askerFile(t, "url: http://127.0.0.1:1, http: {bearer_token_env: TOKEN}")("status", "--untrusted")
	if code == 0 || !strings.Contains(said, "the variable is not set") {
		t.Errorf("untrusted: exit %d, %s", code, said)
	}
}

// The end of the time ends a body that drips.
func TestTimeEndsADrip(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			io.WriteString(w, " ")
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
			case <-time.After(20 * time.Millisecond):
			}
		}
	}))
	defer server.Close()
	start := time.Now()
	code, said := askerFile(t, "url: "+server.URL)("status", "--timeout", "200ms")
	if code != exitUncertain || time.Since(start) > busy || !strings.Contains(said, "no answer within 200ms, the --timeout") {
		t.Errorf("exit %d after %v, %s", code, time.Since(start), said)
	}
}
