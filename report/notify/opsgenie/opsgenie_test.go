package opsgenie

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/notifytest"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
)

func opened(t *testing.T, address string) notify.Destination {
	t.Helper()
	cfg, err := spec.ParseBlock("slos.yaml", "{type: opsgenie, key_env: OG_KEY, url: "+address+"}", ".")
	if err != nil {
		t.Fatal(err)
	}
	d, err := Kind().Open(cfg, notify.Env{HTTP: http.DefaultTransport, Getenv: func(string) string { return notifytest.Canary }})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func packed(t *testing.T, m notify.Message) []notify.Parcel {
	t.Helper()
	parcels, err := opened(t, defaultURL).Pack(m)
	if err != nil {
		t.Fatal(err)
	}
	return parcels
}

func TestConformance(t *testing.T) {
	notifytest.Run(t, notifytest.Suite{
		Open:      func(t *testing.T) notify.Destination { return opened(t, defaultURL) },
		Takes:     func(p notify.Parcel) error { return takes(p.Body) },
		Reads:     func(_ *testing.T, p notify.Parcel) string { return string(p.Body) },
		AlertOnly: true,
	})
}

// takes checks a request as the Alert API does: one to create, or one to close.
func takes(body []byte) error {
	var a struct {
		Message, Alias, Description, Entity, Source, Priority, Note string

		Details map[string]string
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil {
		return err
	}
	long := func(text string, most int) bool { return utf8.RuneCountInString(text) > most }
	details := ""
	for _, v := range a.Details {
		details += v
	}
	switch {
	case a.Message == "" && a.Note != "" && !long(a.Note, 25_000):
		return nil
	case a.Message == "" || long(a.Message, 130):
		return fmt.Errorf("message of %d characters", utf8.RuneCountInString(a.Message))
	case a.Alias == "" || long(a.Alias, 250), long(a.Description, 15_000), long(a.Entity, 512), long(a.Source, 100), long(details, 8000):
		return errors.New("a field is too long")
	case !slices.Contains([]string{"P1", "P2", "P3", "P4", "P5"}, a.Priority):
		return fmt.Errorf("priority %q", a.Priority)
	case strings.ContainsAny(a.Message+a.Entity+details, "\n\r\t\x00\x1b\u202e") || strings.ContainsAny(a.Description, "\r\t\x00\x1b\u202e"):
		return errors.New("more than text")
	}
	return nil
}

func TestGolden(t *testing.T) {
	var all bytes.Buffer
	for _, p := range packed(t, notifytest.Alert()) {
		if err := json.Indent(&all, p.Body, "", "  "); err != nil {
			t.Fatal(err)
		}
		all.WriteString("\n")
	}
	reporttest.Golden(t, "alert.json", all.Bytes())
}

func alert(c notify.Change) notify.Message {
	return notify.Message{
		ID: "alert-1", Kind: "alert", Headline: "x", Changes: []notify.Change{c},
		Links: []notify.Link{{Text: "Report", URL: "https://reports.example/"}},
	}
}

func change(kind notify.ChangeKind) notify.Change {
	return notify.Change{
		Key: "checkout/availability page", Kind: kind, Class: slo.Page, Service: "checkout", Objective: "checkout/availability",
		Policy: "page", Since: notifytest.At, Summary: "burns",
	}
}

// What came and went unnoticed is on record: opened, so that nobody has to get up, and
// closed. What was told of at its begin is only closed.
func TestPassed(t *testing.T) {
	for passed, want := range map[bool]string{true: "/v2/alerts P5, close", false: "close"} {
		c := change(notify.Resolved)
		c.Passed = passed
		var got []string
		for _, p := range packed(t, alert(c)) {
			var e struct{ Priority string }
			if err := json.Unmarshal(p.Body, &e); err != nil {
				t.Fatal(err)
			}
			if to := p.Own.(*url.URL).Path; e.Priority == "" {
				got = append(got, to[strings.LastIndex(to, "/")+1:])
			} else {
				got = append(got, to+" "+e.Priority)
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("passed %v: got %q", passed, got)
		}
	}
}

func TestLimits(t *testing.T) {
	for _, n := range []int{129, 130, 131} {
		c := change(notify.Fires)
		c.Summary = strings.Repeat("決", n)
		p := packed(t, alert(c))[0]
		if err := takes(p.Body); err != nil {
			t.Errorf("%d: %v", n, err)
		}
		if whole := bytes.Contains(p.Body, []byte(`"message":"`+c.Summary+`"`)); whole != (n <= 130) {
			t.Errorf("%d: whole is %t", n, whole)
		}
		if !bytes.Contains(p.Body, []byte(`"description":"`+c.Summary)) {
			t.Errorf("%d: the description has less than the message", n)
		}
	}
	for _, n := range []int{28, 29, 30, 31, 1000} {
		c := change(notify.Fires)
		c.Details = slices.Repeat([]string{strings.Repeat("x", 511)}, n)
		p := packed(t, alert(c))[0]
		if err := takes(p.Body); err != nil {
			t.Errorf("%d details: %v", n, err)
		}
		if !bytes.Contains(p.Body, []byte("Report: https://reports.example/")) {
			t.Errorf("%d details: the link is gone", n)
		}
	}
	for class, want := range map[slo.Class]string{slo.Page: "P1", slo.Ticket: "P3", slo.Log: "P5"} {
		c := change(notify.Fires)
		c.Class = class
		if p := packed(t, alert(c))[0]; !bytes.Contains(p.Body, []byte(`"priority":"`+want+`"`)) {
			t.Errorf("%s: %s", class, p.Body)
		}
	}
}

func TestNames(t *testing.T) {
	for _, name := range notifytest.Marked() {
		for _, p := range packed(t, notifytest.Hostile(name)) {
			if err := takes(p.Body); err != nil {
				t.Errorf("%q: %v", name, err)
			}
		}
	}
}

func TestNoSummary(t *testing.T) {
	if parcels, err := opened(t, defaultURL).Pack(notifytest.Summary(unit.English)); err == nil {
		t.Errorf("a summary calls people %d times", len(parcels))
	}
}

// The service keeps alerts by alias: what is sent ends as it should, wherever its API is.
func TestService(t *testing.T) {
	open, log, prefix := map[string]bool{}, "", ""
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		path, mine := strings.CutPrefix(r.URL.Path, prefix+"/v2/alerts")
		alias, closes := strings.CutSuffix(path, "/close")
		var a struct{ Alias string }
		err := errors.Join(takes(body), json.Unmarshal(body, &a))
		switch {
		case r.Header.Get("Authorization") != "GenieKey "+notifytest.Canary:
			w.WriteHeader(401)
			return
		case !mine || err != nil || closes && r.URL.RawQuery != "identifierType=alias" || !closes && path != "":
			w.WriteHeader(422)
			fmt.Fprintf(w, `{"message":"%v"}`, err)
			return
		case closes:
			open[strings.TrimPrefix(alias, "/")] = false
		default:
			if !open[a.Alias] {
				log += "page "
			}
			open[a.Alias] = true
		}
		w.WriteHeader(202)
		io.WriteString(w, `{"result":"Request will be processed","took":0.1,"requestId":"43a29c5c"}`)
	}))
	defer s.Close()
	for _, path := range []string{"", "/", "/v2/alerts", "/v2/alerts/", "/jsm/ops/integration", "/jsm/ops/integration/v2/alerts"} {
		log, prefix = "", ""
		if strings.HasPrefix(path, "/jsm") {
			prefix = "/jsm/ops/integration"
		}
		d := opened(t, s.URL+path)
		for _, kind := range []notify.ChangeKind{notify.Fires, notify.StillFires, notify.NoData, notify.Resolved} {
			parcels, err := d.Pack(alert(change(kind)))
			if err != nil {
				t.Fatal(err)
			}
			if r := d.Send(t.Context(), parcels[0]); r.Outcome != notify.Sent || r.Ref != "43a29c5c" {
				t.Errorf("%s %s: %s, %v, ref %s", path, kind, r.Outcome, r.Err, r.Ref)
			}
		}
		if log != "page " || open[notify.Hash(change(notify.Fires).Key)] {
			t.Errorf("%s: people were called: %s, open is %v", path, log, open)
		}
	}
	never := change(notify.NoData)
	never.Since = time.Time{}
	if parcels := packed(t, alert(never)); len(parcels) > 0 {
		t.Errorf("an alert that never fired calls: %s", parcels[0].Body)
	}
}

func TestCheck(t *testing.T) {
	for url, wrong := range map[string]bool{
		"https://api.opsgenie.com": false, "https://api.eu.opsgenie.com/": false, "https://api.opsgenie.com/v2/alerts": false,
		jsmURL: false, jsmURL + "/v2/alerts": false, "https://proxy.example/opsgenie": false,
		"https://api.opsgenie.com/v2": true, "https://api.opsgenie.com/v1/json/alert": true, "https://api.opsgenie.com/v2/heartbeats": true,
		"https://api.atlassian.com/jsm/ops/api/cloud/v1": true,
	} {
		cfg, err := spec.ParseBlock("slos.yaml", "{key_env: K, url: "+url+"}", ".")
		if err != nil {
			t.Fatal(err)
		}
		if found := check(cfg); (len(found) > 0) != wrong {
			t.Errorf("%s: %v", url, found)
		}
	}
	if found := check(spec.Block{}); len(found) > 0 {
		t.Errorf("no url: %v", found)
	}
}

func TestAnswers(t *testing.T) {
	notifytest.Answers(t, notifytest.Alert(), notifytest.Replies(Kind().Keyed,
		notifytest.Reply{Name: "202", Status: 202, Body: `{"requestId":"x"}`, Want: notify.Sent},
		notifytest.Reply{Name: "202 and nothing", Status: 202, Want: notify.Sent},
		notifytest.Reply{Name: "403 with the key", Status: 403, Body: "no such key " + notifytest.Canary, Want: notify.Refused},
		notifytest.Reply{
			Name: "429 of Opsgenie", Status: 429, Header: http.Header{"X-Ratelimit-Period-In-Sec": {"60"}}, Want: notify.Failed, Wait: time.Minute,
		},
	), opened)
}

// What people read leads nowhere; what rules read stays as it is.
func TestInert(t *testing.T) {
	parcels, err := opened(t, "https://api.opsgenie.com").Pack(notifytest.Hostile("evil.com"))
	if err != nil {
		t.Fatal(err)
	}
	var got creation
	if err := json.Unmarshal(parcels[0].Body, &got); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got.Message+got.Description, "evil.com") || notifytest.Seen(got.Message) != "evil.com" || got.Entity != "evil.com" || got.Details["service"] != "evil.com" {
		t.Errorf("got %+v", got)
	}
}
