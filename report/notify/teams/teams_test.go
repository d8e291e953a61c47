package teams

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/notifytest"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// flow is the rest of an address of a workflow: no character of it may change.
const flow = "/powerautomate/automations/direct/workflows/0a1b2c3d/triggers/manual/paths/invoke" +
	"?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=" + notifytest.Canary

func opened(t *testing.T, address string) notify.Destination {
	t.Helper()
	cfg, err := spec.ParseBlock("slos.yaml", "{type: teams, url_env: TEAMS_URL}", ".")
	if err != nil {
		t.Fatal(err)
	}
	d, err := Kind().Open(cfg, notify.Env{HTTP: http.DefaultTransport, Getenv: func(string) string { return address + flow }})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestConformance(t *testing.T) {
	notifytest.Run(t, notifytest.Suite{
		Open:  func(t *testing.T) notify.Destination { return opened(t, "https://env.example:443") },
		Takes: func(p notify.Parcel) error { return takes(p.Body) },
		Reads: func(t *testing.T, p notify.Parcel) string { return reads(t, p.Body) },
	})
}

// takes checks a request as the workflow and the schema of Adaptive Cards 1.4 do.
func takes(body []byte) error {
	if len(body) > 20_000 {
		return fmt.Errorf("%d bytes", len(body))
	}
	var m struct {
		Type        string
		Attachments []map[string]any
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return err
	}
	if m.Type != "message" || len(m.Attachments) != 1 {
		return fmt.Errorf("type %q with %d attachments", m.Type, len(m.Attachments))
	}
	a := m.Attachments[0]
	if to, there := a["contentUrl"]; a["contentType"] != "application/vnd.microsoft.card.adaptive" || to != nil || !there {
		return fmt.Errorf("attachment of %v at %v", a["contentType"], to)
	}
	card, _ := a["content"].(map[string]any)
	if card["version"] != "1.4" || card["fallbackText"] == "" || card["msteams"].(map[string]any)["width"] != "Full" {
		return fmt.Errorf("card %v", card)
	}
	return validCard(card)
}

// properties are what each type of object may have: "!" marks what it must have, and a
// list of words what a text may be.
func properties() map[string]map[string][]string {
	color := []string{"Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention"}
	spacing := []string{"Default", "None", "Small", "Medium", "Large", "ExtraLarge", "Padding"}
	return map[string]map[string][]string{
		"AdaptiveCard": {
			"$schema": nil, "type": nil, "version": {"!", "1.4"}, "fallbackText": nil, "msteams": nil, "body": {"!"},
		},
		"Container": {
			"type": nil, "items": {"!"}, "style": {"default", "emphasis", "good", "attention", "warning", "accent"},
			"bleed": nil, "spacing": spacing, "separator": nil,
		},
		"RichTextBlock": {"type": nil, "inlines": {"!"}, "spacing": spacing, "separator": nil},
		"TextRun": {
			"type": nil, "text": {"!"}, "color": color, "isSubtle": nil, "weight": {"Default", "Lighter", "Bolder"},
			"size": {"Default", "Small", "Medium", "Large", "ExtraLarge"},
		},
		"ActionSet":      {"type": nil, "actions": {"!"}, "spacing": spacing, "separator": nil},
		"Action.OpenUrl": {"type": nil, "title": nil, "url": {"!"}},
	}
}

func validCard(v any) error {
	switch v := v.(type) {
	case []any:
		if len(v) == 0 {
			return fmt.Errorf("an empty list")
		}
		for _, one := range v {
			if err := validCard(one); err != nil {
				return err
			}
		}
	case map[string]any:
		return validObject(v)
	}
	return nil
}

func validObject(v map[string]any) error {
	name, typed := v["type"].(string)
	if !typed { // msteams
		return nil
	}
	known := properties()[name]
	for key, value := range v {
		allowed, there := known[key]
		if !there {
			return fmt.Errorf("%s has no %s", name, key)
		}
		text, is := value.(string)
		if is && len(allowed) > 1 && !slices.Contains(allowed, text) || is && text == "" {
			return fmt.Errorf("%s of %s is %q", key, name, text)
		}
		if err := validCard(value); err != nil {
			return err
		}
	}
	for key, allowed := range known {
		if _, there := v[key]; len(allowed) > 0 && allowed[0] == "!" && !there {
			return fmt.Errorf("%s lacks %s", name, key)
		}
	}
	return validText(name, v)
}

// validText refuses what would be more than text, and more buttons than are shown.
func validText(name string, v map[string]any) error {
	text, _ := v["text"].(string)
	if strings.Contains(text, "{{") || strings.ContainsAny(text, "\n\r\t\x00\x1b\u202e") {
		return fmt.Errorf("text %q is more than text", text)
	}
	if actions, _ := v["actions"].([]any); len(actions) > 6 {
		return fmt.Errorf("%d buttons", len(actions))
	}
	if name == "Action.OpenUrl" {
		u, err := url.Parse(v["url"].(string))
		if err != nil || u.Scheme != "https" && u.Scheme != "http" {
			return fmt.Errorf("button to %v", v["url"])
		}
	}
	return nil
}

// reads returns the lines of a card.
func reads(t *testing.T, body []byte) string {
	t.Helper()
	var m message
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatal(err)
	}
	var lines []string
	var walk func([]element)
	walk = func(all []element) {
		for _, e := range all {
			text := ""
			for _, r := range e.Inlines {
				text += r.Text
			}
			for _, a := range e.Actions {
				text += "[" + a.Title + "](" + a.URL + ")"
			}
			if lines = append(lines, text); len(e.Items) > 0 {
				walk(e.Items)
			}
		}
	}
	walk(m.Attachments[0].Content.Body)
	return strings.Join(lines, "\n")
}

func TestGolden(t *testing.T) {
	for name, m := range map[string]notify.Message{
		"summary_en.json": notifytest.Summary(unit.English), "summary_ja.json": notifytest.Summary(unit.Japanese),
		"alert.json": notifytest.Alert(),
	} {
		parcels, err := opened(t, "https://env.example").Pack(m)
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

// A reader sees a name as it is, whatever it would mean elsewhere.
func TestNames(t *testing.T) {
	own := []string{"snake_case_name", "<at>everyone</at>", "{{DATE(2026-01-01T00:00:00Z,SHORT)}}", "{{{{", "a{{b{{c", "決済_完了率"}
	for _, name := range append(own, notifytest.Marked()...) {
		parcels, err := opened(t, "https://env.example").Pack(notifytest.Hostile(name))
		if err != nil {
			t.Fatal(err)
		}
		if err := takes(parcels[0].Body); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		name = diag.Escape(name)
		if seen := notifytest.Seen(reads(t, parcels[0].Body)); strings.Count(seen, name) < 6 {
			t.Errorf("%q is read as:\n%s", name, seen)
		}
	}
}

// A message of any length is within 20 000 bytes, and as full as can be.
func TestSize(t *testing.T) {
	for _, n := range []int{10, 40, 41, 42, 100, 1000, 5000} {
		parcels, err := opened(t, "https://env.example").Pack(notifytest.Long(n))
		if err != nil {
			t.Fatal(err)
		}
		p := parcels[0]
		if err := takes(p.Body); err != nil {
			t.Errorf("%d rows: %v", n, err)
		}
		if p.Left > 0 && len(p.Body) < 19_000 {
			t.Errorf("%d rows: %d are left out of %d bytes", n, p.Left, len(p.Body))
		}
		if more := fmt.Sprintf("and %d more", p.Left-4+1); p.Left > 4 && !strings.Contains(reads(t, p.Body), "and ") {
			t.Errorf("%d rows: nothing says %q", n, more)
		}
	}
	seen := map[int]bool{}
	m := notifytest.Long(0)
	rows := &m.Sections[0].Rows
	for len(body(m)) < maxBody-2000 {
		*rows = append(*rows, notify.Row{Text: strings.Repeat("x", 500)})
	}
	*rows = append(*rows, notify.Row{})
	for last := range 1000 { // of each size around the limit: a character stands twice
		(*rows)[len(*rows)-1].Text = strings.Repeat("x", last)
		size := len(body(m))
		if size < maxBody-2 || size > maxBody+2 {
			continue
		}
		parcels, err := opened(t, "https://env.example").Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		if p := parcels[0]; takes(p.Body) != nil || (p.Left > 0) != (size > maxBody) {
			t.Errorf("%d bytes: %d rows are left out, %v", size, p.Left, takes(p.Body))
		}
		seen[size-maxBody] = true
	}
	if len(seen) < 2 {
		t.Errorf("sizes tried: %v", seen)
	}
}

// The service: it knows its address by every character, takes 28 KB, starts the flow,
// and says nothing.
func TestService(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch {
		case r.RequestURI != flow:
			w.WriteHeader(401)
		case len(body) > 28<<10:
			w.WriteHeader(413)
		case takes(body) != nil || r.Header.Get("Content-Type") != "application/json":
			w.WriteHeader(400)
		default:
			w.WriteHeader(202)
		}
	}))
	defer s.Close()
	d := opened(t, s.URL)
	for _, m := range []notify.Message{notifytest.Summary(unit.Japanese), notifytest.Long(1000), notifytest.Alert()} {
		parcels, err := d.Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		if r := d.Send(t.Context(), parcels[0]); r.Outcome != notify.Sent {
			t.Errorf("%s: %s, %v", m.Headline, r.Outcome, r.Err)
		}
	}
	large := notify.Parcel{Body: bytes.Repeat([]byte("x"), 28<<10+1)}
	if r := d.Send(t.Context(), large); r.Outcome != notify.Refused {
		t.Errorf("413 is %s", r.Outcome)
	}
}

func TestAnswers(t *testing.T) {
	notifytest.Answers(t, notifytest.Summary(unit.English), notifytest.Replies(Kind().Keyed,
		notifytest.Reply{Name: "202", Status: 202, Want: notify.Sent},
		notifytest.Reply{Name: "200 of a Response action", Status: 200, Body: "ok", Want: notify.Sent},
		notifytest.Reply{
			Name: "429 within 200", Status: 200, Want: notify.Failed,
			Body: "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x",
		},
		notifytest.Reply{Name: "403 within 200", Status: 200, Body: "Microsoft Teams endpoint returned HTTP error 403", Want: notify.Refused},
		notifytest.Reply{Name: "502 within 200", Status: 200, Body: "Microsoft Teams endpoint returned HTTP error 502", Want: notify.Unknown},
		notifytest.Reply{Name: "403 of a retired connector", Status: 403, Body: notifytest.Canary, Want: notify.Refused},
	), opened)
}
