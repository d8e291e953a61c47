package stackstorm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/notifytest"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo/spec"
)

const (
	toWebhook = "webhook: slo/weekly"
	toTrigger = "trigger: slo.summary"
)

func opened(t *testing.T, address, to string) notify.Destination {
	t.Helper()
	cfg, err := spec.ParseBlock("slos.yaml", "{type: stackstorm, key_env: ST2_KEY, url: "+address+", "+to+"}", ".")
	if err != nil {
		t.Fatal(err)
	}
	if found := append(spec.Check(cfg.Value, spec.DestinationKeys(Kind().DestinationKind)), check(cfg)...); len(found) > 0 {
		t.Fatal(found)
	}
	d, err := Kind().Open(cfg, notify.Env{HTTP: http.DefaultTransport, Getenv: func(string) string { return notifytest.Canary }})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestConformance(t *testing.T) {
	notifytest.Run(t, notifytest.Suite{
		Open:  func(t *testing.T) notify.Destination { return opened(t, "https://st2.example", toWebhook) },
		Takes: func(p notify.Parcel) error { return takes(p.Body, false) },
		Reads: func(t *testing.T, p notify.Parcel) string {
			var e notify.Event
			if err := json.Unmarshal(p.Body, &e); err != nil {
				t.Fatal(err)
			}
			return e.Text
		},
		Program: true,
	})
}

// takes checks what a webhook takes: an object, and for the special one a trigger with
// a payload.
func takes(body []byte, special bool) error {
	if len(body) > 1<<20 {
		return errors.New("413")
	}
	var e map[string]json.RawMessage
	if err := json.Unmarshal(body, &e); err != nil {
		return err
	}
	if special {
		if len(e["trigger"]) < 3 {
			return errors.New("Trigger not specified.")
		}
		return takes(e["payload"], false)
	}
	if len(e["id"]) < 3 || !json.Valid(e["data"]) {
		return errors.New("no id or data")
	}
	return nil
}

func TestGolden(t *testing.T) {
	for name, to := range map[string]string{"webhook.json": toWebhook, "trigger.json": toTrigger} {
		parcels, err := opened(t, "https://st2.example", to).Pack(notifytest.Summary(unit.Japanese))
		if err != nil {
			t.Fatal(err)
		}
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, parcels[0].Body, "", "  "); err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, name, append(pretty.Bytes(), '\n'))
	}
}

func TestService(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		tag := r.Header.Get("St2-Trace-Tag")
		special := r.URL.Path == "/api/v1/webhooks/st2"
		switch {
		case r.Header.Get("St2-Api-Key") != notifytest.Canary:
			w.WriteHeader(401)
			io.WriteString(w, `{"faultstring":"Unauthorized"}`)
		case !special && r.URL.Path != "/api/v1/webhooks/slo/weekly":
			w.WriteHeader(404)
			io.WriteString(w, `{"faultstring":"Webhook not registered"}`)
		case takes(body, special) != nil || r.Header.Get("Content-Type") != "application/json" || !bytes.Contains(body, []byte(`"id":"`+tag+`"`)):
			w.WriteHeader(400)
			fmt.Fprintf(w, `{"faultstring":"%v"}`, takes(body, special))
		default:
			w.WriteHeader(202)
			w.Write(body)
		}
	}))
	defer s.Close()
	for _, to := range []string{toWebhook, toTrigger} {
		d := opened(t, s.URL, to)
		for _, m := range []notify.Message{notifytest.Summary(unit.Japanese), notifytest.Long(1000), notifytest.Alert()} {
			parcels, err := d.Pack(m)
			if err != nil {
				t.Fatal(err)
			}
			if r := d.Send(t.Context(), parcels[0]); r.Outcome != notify.Sent {
				t.Errorf("%s: %s, %v", m.Headline, r.Outcome, r.Err)
			}
		}
	}
	parcels, err := opened(t, s.URL, "webhook: elsewhere").Pack(notifytest.Alert())
	if err != nil {
		t.Fatal(err)
	}
	if r := opened(t, s.URL, "webhook: elsewhere").Send(t.Context(), parcels[0]); r.Outcome != notify.Refused || !strings.Contains(r.Err.Error(), "not registered") {
		t.Errorf("404 is %s, %v", r.Outcome, r.Err)
	}
}

func TestCheck(t *testing.T) {
	for block, want := range map[string]string{
		"{url: https://st2.example, webhook: a/b}":             "",
		"{url: https://st2.example/prefix/, trigger: slo.x}":   "",
		"{url: https://st2.example}":                           "neither webhook nor trigger",
		"{url: https://st2.example, webhook: a, trigger: b.c}": "both say",
		"{url: https://st2.example, webhook: st2}":             "is not the name of a webhook",
		"{url: https://st2.example, webhook: /a}":              "is not the name of a webhook",
		"{url: https://st2.example, webhook: ../keys}":         "is not the name of a webhook",
		"{url: https://st2.example/api, webhook: a}":           "more than the server",
		"{url: https://st2.example/api/v1/, webhook: a}":       "more than the server",
	} {
		cfg, err := spec.ParseBlock("slos.yaml", block, ".")
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		if found := check(cfg); len(found) > 0 {
			text = found.Error()
		}
		if (want == "") != (text == "") || !strings.Contains(text, want) {
			t.Errorf("%s: got %q, want %q", block, text, want)
		}
	}
}

func TestAnswers(t *testing.T) {
	notifytest.Answers(t, notifytest.Summary(unit.English), notifytest.Replies(Kind().Keyed,
		notifytest.Reply{Name: "202", Status: 202, Body: `{"id":"x"}`, Want: notify.Sent},
		notifytest.Reply{Name: "403 with the key", Status: 403, Body: "no rights for " + notifytest.Canary, Want: notify.Refused},
	), func(t *testing.T, address string) notify.Destination { return opened(t, address, toWebhook) })
}

// Of a model that is too large the last rows have no room, and are counted.
func TestSize(t *testing.T) {
	for _, to := range []string{toWebhook, toTrigger} {
		m := notifytest.Summary(unit.English)
		m.Data = []byte(`{"slos":[` + strings.Repeat(`{"id":"`+strings.Repeat("x", 90)+`"},`, 20_000) + `{}]}`)
		parcels, err := opened(t, "https://st2.example", to).Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		body := parcels[0].Body
		if err := takes(body, to == toTrigger); err != nil || len(body) < 990_000 || !bytes.Contains(body, []byte(`"left":{"slos":1`)) {
			t.Errorf("%s: %d bytes, %v", to, len(body), err)
		}
	}
}
