package lineworks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/notifytest"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo/spec"
)

func opened(t *testing.T, address string) notify.Destination {
	t.Helper()
	cfg, err := spec.ParseBlock("slos.yaml", "{type: lineworks, url_env: LINEWORKS_URL}", ".")
	if err != nil {
		t.Fatal(err)
	}
	getenv := func(string) string { return address + "/message/" + notifytest.Canary }
	d, err := Kind().Open(cfg, notify.Env{HTTP: http.DefaultTransport, Getenv: getenv})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestConformance(t *testing.T) {
	notifytest.Run(t, notifytest.Suite{
		Open:  func(t *testing.T) notify.Destination { return opened(t, "https://webhook.worksmobile.com") },
		Takes: func(p notify.Parcel) error { return takes(p.Body) },
		Reads: func(t *testing.T, p notify.Parcel) string { return reads(t, p.Body) },
	})
}

// takes checks a request by the limits of bots.
func takes(body []byte) error {
	var p struct {
		Title  string
		Body   struct{ Text string }
		Button *struct{ Label, URL string }
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return err
	}
	if p.Title == "" || p.Body.Text == "" {
		return errors.New("missing parameter")
	}
	if utf8.RuneCountInString(p.Title) > 200 || utf8.RuneCountInString(p.Body.Text) > 2000 {
		return errors.New("too long")
	}
	text := p.Title + p.Body.Text
	if p.Button != nil {
		u, err := url.Parse(p.Button.URL)
		if err != nil || !strings.HasPrefix(u.Scheme, "http") || utf8.RuneCountInString(p.Button.Label) > 20 || len(p.Button.URL) > 1000 {
			return fmt.Errorf("button %v", *p.Button)
		}
		text += p.Button.Label
	}
	control := func(r rune) bool {
		return r != '\n' && !unicode.IsPrint(r) && r != '\u3000' && string(r) != notify.Apart
	}
	if strings.Contains(text, "<m ") || strings.ContainsFunc(text, control) {
		return fmt.Errorf("more than text: %q", text)
	}
	return nil
}

func reads(t *testing.T, body []byte) string {
	t.Helper()
	var p post
	if err := json.Unmarshal(body, &p); err != nil {
		t.Fatal(err)
	}
	text := p.Title + "\n" + p.Body.Text
	if p.Button != nil {
		text += "\n[" + p.Button.Label + "](" + p.Button.URL + ")"
	}
	return text
}

func TestGolden(t *testing.T) {
	for name, m := range map[string]notify.Message{
		"summary_en.json": notifytest.Summary(unit.English), "summary_ja.json": notifytest.Summary(unit.Japanese),
		"alert.json": notifytest.Alert(),
	} {
		parcels, err := opened(t, "https://webhook.worksmobile.com").Pack(m)
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

// No name calls anybody.
func TestMention(t *testing.T) {
	own := []string{`<m userId="all">`, `a<M userId="x@example.com">b`, "<m\tuserId=\"all\">", "< m >"}
	for _, name := range append(own, notifytest.Marked()...) {
		parcels, err := opened(t, "https://webhook.worksmobile.com").Pack(notifytest.Hostile(name))
		if err != nil {
			t.Fatal(err)
		}
		if err := takes(parcels[0].Body); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if seen := strings.ToLower(reads(t, parcels[0].Body)); strings.Contains(seen, "<m") || strings.Contains(seen, "< m") {
			t.Errorf("%q is written as:\n%s", name, seen)
		}
	}
	if got := quiet("p<minimum & a<b <mark>"); got != "p<minimum & a<b <mark>" {
		t.Errorf("what is no mention becomes %q", got)
	}
}

// One link is the button, the others stand in the text, and so does one too long for it.
func TestLinks(t *testing.T) {
	m := notifytest.Summary(unit.English)
	long := "https://reports.example/" + strings.Repeat("a", 1000)
	m.Links = append(m.Links, notify.Link{Text: "Gate", URL: "https://gate.example/"}, notify.Link{Text: "no", URL: "javascript:alert(1)"})
	seen := func() string {
		parcels, err := opened(t, "https://webhook.worksmobile.com").Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		return reads(t, parcels[0].Body)
	}
	if text := seen(); !strings.HasSuffix(text, "Gate: https://gate.example/\n[Full report](https://reports.example/2026-W48?a=1&b=2)") {
		t.Errorf("got\n%s", text)
	}
	m.Links = []notify.Link{{Text: "long", URL: long}}
	if text := seen(); !strings.HasSuffix(text, "long: "+long) {
		t.Errorf("got\n%s", text)
	}
}

func TestLimits(t *testing.T) {
	for _, n := range []int{maxText - 1, maxText, maxText + 1} {
		m := notifytest.Filled(t, n, func(m notify.Message) int { return utf8.RuneCountInString(postOf(m).Body.Text) })
		parcels, err := opened(t, "https://webhook.worksmobile.com").Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		if p := parcels[0]; takes(p.Body) != nil || (p.Left > 0) != (n > maxText) {
			t.Errorf("%d characters: %d rows are left out, %v", n, p.Left, takes(p.Body))
		}
	}
	for _, n := range []int{197, 198, 199, 200, 201} {
		parcels, err := opened(t, "https://webhook.worksmobile.com").Pack(notify.Message{Headline: strings.Repeat("あ", n), State: "missed"})
		if err != nil {
			t.Fatal(err)
		}
		if err := takes(parcels[0].Body); err != nil {
			t.Errorf("headline of %d: %v", n, err)
		}
		whole := strings.Contains(reads(t, parcels[0].Body), strings.Repeat("あ", n))
		if whole != (n <= 198) {
			t.Errorf("headline of %d: whole is %t", n, whole)
		}
	}
}

func TestService(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.URL.Path != "/message/"+notifytest.Canary || takes(body) != nil {
			w.WriteHeader(400)
			io.WriteString(w, `{"code":400,"description":"missing parameter"}`)
			return
		}
		io.WriteString(w, `{"code":200,"description":"success"}`)
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
	if r := d.Send(t.Context(), notify.Parcel{Body: []byte(`{"title":"a"}`)}); r.Outcome != notify.Refused || !strings.Contains(r.Err.Error(), "missing parameter") {
		t.Errorf("400 is %s, %v", r.Outcome, r.Err)
	}
}

func TestAnswers(t *testing.T) {
	notifytest.Answers(t, notifytest.Summary(unit.English), notifytest.Replies(Kind().Keyed,
		notifytest.Reply{Name: "200", Status: 200, Body: `{"code":200,"description":"success"}`, Want: notify.Sent},
		notifytest.Reply{Name: "200 and nothing", Status: 200, Want: notify.Sent},
		notifytest.Reply{Name: "400 within 200", Status: 200, Body: `{"code":400,"description":"missing parameter"}`, Want: notify.Refused},
		notifytest.Reply{Name: "429 within 200", Status: 200, Body: `{"code":429}`, Want: notify.Failed},
		notifytest.Reply{Name: "500 within 200", Status: 200, Body: `{"code":500}`, Want: notify.Unknown},
		notifytest.Reply{Name: "a login page", Status: 200, Body: "<html>" + notifytest.Canary, Want: notify.Refused},
	), opened)
}
