package reach

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/all"
	"github.com/nines-slo/nines/report/notify/notifytest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/hosts"
	"github.com/nines-slo/nines/sources"
)

func destination(t *testing.T, block string) (spec.Destination, notify.Kind) {
	t.Helper()
	cfg, err := spec.ParseBlock("nines.yaml", block, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	d := spec.Destination{Name: "d", Type: cfg.Get("type").Text, Block: cfg, Pos: cfg.Pos}
	for _, k := range all.Kinds() {
		if k.Name == d.Type {
			if found := spec.Check(cfg.Value, spec.DestinationKeys(k.DestinationKind)); len(found) > 0 {
				t.Fatal(found)
			}
			return d, k
		}
	}
	t.Fatalf("no kind %s", d.Type)
	return d, notify.Kind{}
}

// guard returns the guard of a destination, whose secrets all are the same.
func guard(t *testing.T, d spec.Destination, k notify.Kind, secret string, list hosts.List) (Guard, error) {
	t.Helper()
	e, err := Destination(d, k.DestinationKind).Resolved(func(string) string { return secret }, nil)
	if err != nil {
		t.Fatal(err)
	}
	if found := e.Refused(list); len(found) > 0 {
		return Guard{}, found
	}
	return e.Guard(list), nil
}

func parse(t *testing.T, entries ...string) hosts.List {
	t.Helper()
	list, err := hosts.Parse(entries)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// Each kind that has secrets tells where they go.
func TestKindsHaveGoals(t *testing.T) {
	blocks := map[string]string{
		"discord": "{type: discord, url_env: S}", "teams": "{type: teams, url_env: S}", "slack": "{type: slack, url_env: S}",
		"googlechat": "{type: googlechat, url_env: S}", "mattermost": "{type: mattermost, url_env: S}",
		"lineworks": "{type: lineworks, url_env: S}", "webhook": "{type: webhook, url_env: S, token_env: T}",
		"pagerduty": "{type: pagerduty, key_env: K}", "opsgenie": "{type: opsgenie, key_env: K}",
		"stackstorm": `{type: stackstorm, key_env: K, url: "https://secret.example", webhook: w}`,
		"email": `{type: email, smtp: "secret.example:587", username: u, password_env: P,
  from: a@b.example, to: c@b.example}`,
	}
	usual := map[string]string{
		"pagerduty": "events.pagerduty.com", "opsgenie": "api.opsgenie.com", "email": "secret.example:587",
	}
	for _, k := range all.Kinds() {
		secret := false
		for _, key := range k.Keys {
			secret = secret || key.Type == spec.Credential
		}
		block, known := blocks[k.Name]
		if secret != known || secret != (k.Goals != nil) {
			t.Errorf("%s: has a secret: %t, known here: %t, goals: %t", k.Name, secret, known, k.Goals != nil)
			continue
		}
		if !known {
			continue
		}
		d, _ := destination(t, block)
		to := usual[k.Name]
		if to == "" {
			to = "secret.example"
		}
		if _, err := guard(t, d, k, "https://secret.example/hush", parse(t, to)); err != nil {
			t.Errorf("%s: %v", k.Name, err)
		}
		_, err := guard(t, d, k, "https://secret.example/hush", parse(t, "other.example"))
		if err == nil || !strings.Contains(err.Error(), to) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: got %v, want a finding that names %s", k.Name, err, to)
		}
	}
}

// server counts what comes, and answers with f.
func server(t *testing.T, f http.HandlerFunc) (*httptest.Server, *[]string) {
	var came []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		came = append(came, r.URL.String()+" "+r.Header.Get("Authorization")+" "+string(body))
		f(w, r)
	}))
	t.Cleanup(s.Close)
	return s, &came
}

// send sends a summary with a report from within the guard.
func send(t *testing.T, block, secret string, list hosts.List) notify.Receipt {
	t.Helper()
	d, k := destination(t, block)
	g, err := guard(t, d, k, secret, list)
	if err != nil {
		t.Fatal(err)
	}
	to, err := k.Open(d.Block, notify.Env{Getenv: func(string) string { return secret }, HTTP: g.HTTP(http.DefaultTransport)})
	if err != nil {
		t.Fatal(err)
	}
	m := notifytest.Summary(unit.English)
	m.Files = []notify.File{{Name: "report.html", Form: "html", Type: "text/html", Body: []byte("report")}}
	parcels, err := to.Pack(m)
	if err != nil {
		t.Fatal(err)
	}
	return to.Send(context.Background(), parcels[0])
}

// A redirect takes nothing to another host, whether a client follows it or not.
func TestRedirect(t *testing.T) {
	other, came := server(t, func(http.ResponseWriter, *http.Request) {})
	moved, asked := server(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/stolen", http.StatusTemporaryRedirect)
	})
	if r := send(t, "{type: mattermost, url_env: S}", moved.URL+"/hooks/hush", nil); r.Outcome != notify.Refused {
		t.Errorf("got %+v", r)
	}
	d, k := destination(t, "{type: mattermost, url_env: S}")
	for _, list := range []hosts.List{nil, parse(t, strings.TrimPrefix(moved.URL, "http://"))} {
		g, err := guard(t, d, k, moved.URL, list)
		if err != nil {
			t.Fatal(err)
		}
		client := http.Client{Transport: g.HTTP(http.DefaultTransport)}
		_, err = client.Get(moved.URL)
		var forbidden *hosts.Forbidden
		if !errors.As(err, &forbidden) {
			t.Errorf("got %v", err)
		}
	}
	if len(*came) > 0 || len(*asked) != 3 {
		t.Errorf("%d asked, came %v", len(*asked), *came)
	}
}

// A file goes where Slack's methods are, or to Slack's own host for files: an answer that
// names another gets neither it nor the token.
func TestUpload(t *testing.T) {
	other, came := server(t, func(http.ResponseWriter, *http.Request) {})
	to := ""
	methods, asked := server(t, func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{"ok": true, "channel": "C1", "ts": "1.2", "upload_url": to, "file_id": "F1"})
	})
	block := "{type: slack, token_env: T, channel: C1, attach: [html], api_url: " + methods.URL + "/api}"
	for _, list := range []hosts.List{nil, parse(t, strings.TrimPrefix(methods.URL, "http://"))} {
		*asked, to = nil, other.URL+"/upload"
		r := send(t, block, "xoxb-hush", list)
		if r.Outcome != notify.Sent || r.Err == nil || !strings.Contains(r.Err.Error(), "nothing goes to 127.0.0.1:") || len(*came) > 0 {
			t.Errorf("another host: got %+v, %v", r, *came)
		}
		*asked, to = nil, methods.URL+"/upload"
		if r := send(t, block, "xoxb-hush", list); r.Outcome != notify.Sent || r.Err != nil || len(*asked) != 4 {
			t.Errorf("the same host: got %+v, %q", r, *asked)
		}
		if upload := (*asked)[2]; upload != "/upload  report" {
			t.Errorf("uploaded %q", upload)
		}
	}
	list := parse(t, "slack.com")
	d, k := destination(t, "{type: slack, token_env: T, channel: C1, attach: [html]}")
	g, err := guard(t, d, k, "xoxb-hush", list)
	if err != nil || g.check(hosts.Split("files.slack.com:443")) != nil || g.check(hosts.Split("a.slack.com:443")) == nil {
		t.Errorf("got %v", err)
	}
}

// The guard holds though the address of the secret changes behind it, and for what is no
// HTTP; whoever has no secret goes where the file says, and no further.
func TestGuard(t *testing.T) {
	d, k := destination(t, "{type: webhook, url_env: S}")
	list := parse(t, "a.example", "*.b.example:80")
	g, err := guard(t, d, k, "https://a.example/hush", list)
	if err != nil {
		t.Fatal(err)
	}
	bare, barred := destination(t, `{type: email, smtp: "mail.example:25", tls: none, from: a@b.example, to: c@b.example}`)
	open, err := guard(t, bare, barred, "", list)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		g       Guard
		address string
		want    bool
	}{
		{g, "a.example:443", true}, {g, "c.b.example:80", true}, {g, "c.b.example:443", false}, {g, "mail.example:25", false},
		{open, "mail.example:25", true}, {open, "mail.example:26", false}, {Guard{}, "a.example:443", false}, {Guard{}, "", false},
	} {
		dialled := false
		dial := tt.g.Dial(func(context.Context, string, string) (net.Conn, error) {
			dialled = true
			return nil, nil
		})
		_, err := dial(context.Background(), "tcp", tt.address)
		if dialled != tt.want || (err == nil) != tt.want {
			t.Errorf("%s: dialled %t, %v", tt.address, dialled, err)
		}
	}
	if g.HTTP(nil) != nil || g.Dial(nil) != nil {
		t.Error("there is a network where none was")
	}
}

// A source tells its hosts as a destination does.
func TestSource(t *testing.T) {
	cfg, err := spec.ParseBlock("nines.yaml", `{type: metrics, url: "http://prom.example:9090", token_env: TOKEN}`, ".")
	if err != nil {
		t.Fatal(err)
	}
	kind := spec.SourceKind{
		Name: "metrics", Keys: []spec.Key{{Name: "url", Type: spec.Address}, {Name: "token", Type: spec.Credential}},
		Goals: func(b spec.Block) []hosts.Goal { return hosts.To(b.URL("url").Join()) },
	}
	source := &spec.Source{Name: "m", Type: "metrics", Block: cfg}
	set := &spec.Set{Objectives: []spec.Objective{{Parts: []spec.Part{{Source: source}, {Source: source}}}}}
	entries := Of(set, spec.Known{Sources: []spec.SourceKind{kind}})
	if len(entries) != 1 {
		t.Fatalf("got %d", len(entries))
	}
	var text bytes.Buffer
	if err := entries[0].Secrets(parse(t, "prom.example:9091")).List(&text, true); err != nil {
		t.Fatal(err)
	}
	if want := "  source m  token  from variable TOKEN  to prom.example:9090  not allowed\n"; !strings.HasSuffix(text.String(), want) {
		t.Errorf("got %s", text.String())
	}
	if found := entries[0].Refused(parse(t, "prom.example:9091")); len(found) != 1 || found[0].Pos.Line != 1 {
		t.Errorf("got %v", found)
	}
	if found := entries[0].Refused(parse(t, "prom.example")); len(found) != 0 {
		t.Errorf("got %v", found)
	}
	if names := Variables(set, spec.Known{Sources: []spec.SourceKind{kind}}, "OTHER"); strings.Join(names, " ") != "OTHER TOKEN" {
		t.Errorf("got %v", names)
	}
}

// Each secret is told with the hosts that it goes to, and confined to those alone; a
// route of a source's own is within the guard.
func TestSecretsGoApart(t *testing.T) {
	cfg, err := spec.ParseBlock("nines.yaml", "{type: metrics, url: https://prom.example, issuer: https://auth.example, token_env: TOKEN, key_env: KEY}", ".")
	if err != nil {
		t.Fatal(err)
	}
	kind := spec.SourceKind{
		Name: "metrics",
		Keys: []spec.Key{{Name: "token", Type: spec.Credential}, {Name: "key", Type: spec.Credential}},
		Goals: func(b spec.Block) []hosts.Goal {
			return []hosts.Goal{
				{Host: hosts.Of(b.URL("url").Join()), Takes: []string{"token", "given"}},
				{Host: hosts.Of(b.URL("issuer").Join()), Takes: []string{"key"}},
				{Host: hosts.Split("open.example:80"), Takes: []string{}},
			}
		},
		Holds: func(b spec.Block) []spec.Held {
			return []spec.Held{{Key: "given", Pos: b.Pos, From: "a token of auth.example", Variable: "GIVEN"}}
		},
	}
	e := Source(&spec.Source{Name: "m", Type: "metrics", Block: cfg}, kind)
	var got []string
	for _, s := range e.Secrets(nil) {
		got = append(got, s.String())
	}
	const want = "source m: token from variable TOKEN goes to prom.example\n" +
		"source m: key from variable KEY goes to auth.example\n" +
		"source m: given from a token of auth.example goes to prom.example"
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("got %s\nwant %s", text, want)
	}
	only := parse(t, "auth.example")
	if found := e.Refused(only); len(found) != 1 || !strings.Contains(found[0].Message, "take token (variable TOKEN), given (a token of auth.example) to prom.example") {
		t.Errorf("got %v", found)
	}
	var through []string
	rt := e.Guard(only).Through(func(r sources.Route) http.RoundTripper {
		return tripper(func(req *http.Request) (*http.Response, error) {
			through = append(through, req.URL.Host)
			return nil, io.EOF
		})
	})(sources.Route{})
	for _, host := range []string{"prom.example", "auth.example", "open.example:80", "evil.example"} {
		req, _ := http.NewRequest(http.MethodGet, "https://"+host, nil)
		if host == "open.example:80" {
			req.URL.Scheme = "http"
		}
		rt.RoundTrip(req)
	}
	if strings.Join(through, " ") != "auth.example open.example:80" {
		t.Errorf("went to %v", through)
	}
	if e.Guard(nil).Through(nil) != nil {
		t.Error("there is a network where none was")
	}
	set := &spec.Set{Objectives: []spec.Objective{{Parts: []spec.Part{{Source: &spec.Source{Name: "m", Type: "metrics", Block: cfg}}}}}}
	if names := Variables(set, spec.Known{Sources: []spec.SourceKind{kind}}); strings.Join(names, " ") != "TOKEN KEY GIVEN" {
		t.Errorf("got %v", names)
	}
}

// tripper is an http.RoundTripper.
type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
