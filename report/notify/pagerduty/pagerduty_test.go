package pagerduty

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/notifytest"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
)

const routingKey = notifytest.Canary

func opened(t *testing.T, address string) notify.Destination {
	t.Helper()
	cfg, err := spec.ParseBlock("slos.yaml", "{type: pagerduty, key_env: PD_KEY, url: "+address+"}", ".")
	if err != nil {
		t.Fatal(err)
	}
	d, err := Kind().Open(cfg, notify.Env{HTTP: http.DefaultTransport, Getenv: func(string) string { return routingKey }})
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
		Takes:     func(p notify.Parcel) error { return takes(p.Body, "***") },
		Reads:     func(_ *testing.T, p notify.Parcel) string { return string(p.Body) },
		AlertOnly: true,
	})
}

// takes checks an event as Events API v2 does.
func takes(body []byte, key string) error {
	var e struct {
		Key    string `json:"routing_key"`
		Action string `json:"event_action"`
		Dedup  string `json:"dedup_key"`
		Client string `json:"client"`
		Links  []struct{ Href, Text string }
		Pay    *struct {
			Summary, Source, Severity, Component, Group, Class string

			Timestamp *time.Time
			Details   any `json:"custom_details"`
		} `json:"payload"`
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	switch err := d.Decode(&e); {
	case err != nil:
		return err
	case len(body) > 512_000:
		return errors.New("event is too large")
	case e.Key != key:
		return errors.New("invalid routing key")
	case e.Dedup == "" || len(e.Dedup) > 255:
		return errors.New("dedup_key")
	case e.Action == "resolve" && e.Pay == nil:
		return nil
	case e.Action != "trigger" || e.Pay == nil:
		return fmt.Errorf("event_action %q", e.Action)
	}
	p := e.Pay
	switch {
	case p.Summary == "" || utf8.RuneCountInString(p.Summary) > 1024:
		return fmt.Errorf("summary of %d characters", utf8.RuneCountInString(p.Summary))
	case p.Source == "" || !slices.Contains([]string{"critical", "error", "warning", "info"}, p.Severity):
		return fmt.Errorf("source %q, severity %q", p.Source, p.Severity)
	}
	for _, text := range []string{p.Summary, p.Source, p.Component, p.Group, p.Class} {
		if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == '\u202e' }) {
			return fmt.Errorf("more than text: %q", text)
		}
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

func alert(changes ...notify.Change) notify.Message {
	return notify.Message{ID: "alert-1", Kind: "alert", Headline: "x", Changes: changes}
}

func change(kind notify.ChangeKind) notify.Change {
	return notify.Change{
		Key: "checkout/availability page", Kind: kind, Class: slo.Page, Service: "checkout", Objective: "checkout/availability",
		Policy: "page", Since: notifytest.At, Summary: "burns",
	}
}

// Whatever comes after the begin of an alert goes to the incident that its begin
// opened; an alert that never fired opens none when it loses its data.
func TestOneIncident(t *testing.T) {
	never := change(notify.NoData)
	never.Since = time.Time{}
	got := ""
	for _, c := range []notify.Change{change(notify.Fires), change(notify.StillFires), change(notify.NoData), never, change(notify.Resolved)} {
		parcels := packed(t, alert(c))
		if len(parcels) == 0 {
			got += "nothing "
		}
		for _, p := range parcels {
			var e struct {
				Action string `json:"event_action"`
				Dedup  string `json:"dedup_key"`
			}
			if err := json.Unmarshal(p.Body, &e); err != nil || e.Dedup != notify.Hash(c.Key) || p.ID != e.Dedup || p.Part != c.Key {
				t.Errorf("%s: dedup_key %s, parcel %s %s, %v", c.Kind, e.Dedup, p.ID, p.Part, err)
			}
			got += e.Action + " "
		}
	}
	if want := "trigger trigger trigger nothing resolve "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	other := change(notify.Fires)
	other.Key = "checkout/latency page"
	if two := packed(t, alert(change(notify.Fires), other)); len(two) != 2 || two[0].ID == two[1].ID {
		t.Errorf("two alerts are %d events", len(two))
	}
}

// A summary is cut where it would lose the page, on a character.
// What came and went unnoticed is on record: opened, so that nobody has to get up, and
// closed. What was told of at its begin is only closed.
func TestPassed(t *testing.T) {
	for passed, want := range map[bool]string{true: "trigger info, resolve", false: "resolve"} {
		c := change(notify.Resolved)
		c.Passed = passed
		var got []string
		dedups := map[string]bool{}
		for _, p := range packed(t, alert(c)) {
			e := p.Own.(event)
			text := e.Action
			if e.Payload != nil {
				text += " " + e.Payload.Severity
			}
			got = append(got, text)
			dedups[e.Dedup] = true
		}
		if strings.Join(got, ", ") != want || len(dedups) != 1 {
			t.Errorf("passed %v: got %q of %d incidents", passed, got, len(dedups))
		}
	}
}

func TestLimits(t *testing.T) {
	for _, n := range []int{1023, 1024, 1025} {
		c := change(notify.Fires)
		c.Summary = strings.Repeat("決", n)
		p := packed(t, alert(c))[0]
		if err := takes(p.Body, "***"); err != nil {
			t.Errorf("%d: %v", n, err)
		}
		if whole := bytes.Contains(p.Body, []byte(`"`+c.Summary+`"`)); whole != (n <= 1024) {
			t.Errorf("%d: whole is %t", n, whole)
		}
	}
	for _, n := range []int{400, 500, 510, 520, 5000} {
		c := change(notify.Fires)
		c.Details = slices.Repeat([]string{strings.Repeat("x", 1000)}, n)
		if err := takes(packed(t, alert(c))[0].Body, "***"); err != nil {
			t.Errorf("%d details: %v", n, err)
		}
	}
	for class, want := range map[slo.Class]string{slo.Page: "critical", slo.Ticket: "warning", slo.Log: "info"} {
		c := change(notify.Fires)
		c.Class = class
		if p := packed(t, alert(c))[0]; !bytes.Contains(p.Body, []byte(`"severity":"`+want+`"`)) {
			t.Errorf("%s: %s", class, p.Body)
		}
	}
}

func TestNames(t *testing.T) {
	for _, name := range notifytest.Marked() {
		for _, p := range packed(t, notifytest.Hostile(name)) {
			if err := takes(p.Body, "***"); err != nil {
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

// The service keeps incidents: what is sent ends as it should.
func TestService(t *testing.T) {
	open, log := map[string]bool{}, ""
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var e struct {
			Action string `json:"event_action"`
			Dedup  string `json:"dedup_key"`
		}
		err := errors.Join(takes(body, routingKey), json.Unmarshal(body, &e))
		if err != nil || r.URL.Path != "/v2/enqueue" {
			w.WriteHeader(400)
			fmt.Fprintf(w, `{"status":"invalid event","message":%q}`, err)
			return
		}
		if e.Action == "trigger" && !open[e.Dedup] {
			log += "page "
		}
		open[e.Dedup] = e.Action == "trigger"
		w.WriteHeader(202)
		fmt.Fprintf(w, `{"status":"success","message":"Event processed","dedup_key":%q}`, e.Dedup)
	}))
	defer s.Close()
	for _, address := range []string{s.URL, s.URL + "/", s.URL + "/v2/enqueue"} {
		log = ""
		d := opened(t, address)
		for _, kind := range []notify.ChangeKind{notify.Fires, notify.StillFires, notify.NoData, notify.Resolved} {
			for _, p := range packed(t, alert(change(kind))) {
				if r := d.Send(t.Context(), p); r.Outcome != notify.Sent || r.Ref != notify.Hash(change(kind).Key) {
					t.Errorf("%s: %s, %v, ref %s", kind, r.Outcome, r.Err, r.Ref)
				}
			}
		}
		if log != "page " || open[notify.Hash(change(notify.Fires).Key)] {
			t.Errorf("people were called: %s, open is %v", log, open)
		}
	}
}

func TestCheck(t *testing.T) {
	for url, wrong := range map[string]bool{
		"https://events.pagerduty.com": false, "https://events.eu.pagerduty.com/": false, "https://events.pagerduty.com/v2/enqueue": false,
		"https://events.pagerduty.com/v2/change/enqueue": true, "https://shop.pagerduty.com/services/PX": true,
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
		notifytest.Reply{Name: "202", Status: 202, Body: `{"status":"success","dedup_key":"x"}`, Want: notify.Sent},
		notifytest.Reply{Name: "202 and nothing", Status: 202, Want: notify.Sent},
		notifytest.Reply{Name: "400 with the key", Status: 400, Body: `{"errors":["` + routingKey + `"]}`, Want: notify.Refused},
		notifytest.Reply{Name: "429", Status: 429, Body: `{"status":"throttle exceeded"}`, Want: notify.Failed},
	), opened)
}

// What people read leads nowhere; what rules read stays as it is.
func TestInert(t *testing.T) {
	parcels, err := opened(t, "https://events.pagerduty.com").Pack(notifytest.Hostile("evil.com"))
	if err != nil {
		t.Fatal(err)
	}
	p := parcels[0].Own.(event).Payload
	if p.Summary == "evil.com" || notifytest.Seen(p.Summary) != "evil.com" || p.Details.Figures[0] == "evil.com" || p.Source != "evil.com" || p.Component != "evil.com" {
		t.Errorf("got %+v", p)
	}
}
