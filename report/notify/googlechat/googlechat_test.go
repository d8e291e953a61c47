package googlechat

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/notifytest"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

func opened(t *testing.T, host string) notify.Destination {
	t.Helper()
	cfg, err := spec.ParseBlock("nines.yaml", "url_env: HOOK", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	address := host + "/v1/spaces/AAA/messages?key=" + notifytest.Canary + "&token=t-" + notifytest.Canary + "%3D"
	d, err := Kind().Open(cfg, notify.Env{Getenv: func(string) string { return address }, HTTP: http.DefaultTransport})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestConformance(t *testing.T) {
	notifytest.Run(t, notifytest.Suite{
		Open:  func(t *testing.T) notify.Destination { return opened(t, "https://chat.example") },
		Takes: func(p notify.Parcel) error { return takes(p.Body) },
		Reads: func(t *testing.T, p notify.Parcel) string {
			seen, err := read(p.Body)
			if err != nil {
				t.Error(err)
			}
			return seen
		},
	})
}

func TestAnswers(t *testing.T) {
	replies := notifytest.Replies(true,
		notifytest.Reply{Name: "posted", Status: 200, Body: `{"name":"spaces/AAA/messages/B.C"}`, Want: notify.Sent},
		notifytest.Reply{Name: "a page", Status: 200, Body: "<html>Sign in</html>", Want: notify.Unknown},
		notifytest.Reply{Name: "nothing", Status: 200, Body: "{}", Want: notify.Unknown},
		notifytest.Reply{
			Name: "too many for the space", Status: 429, Want: notify.Failed,
			Body: "{\n  \"error\": {\n    \"code\": 429,\n    \"status\": \"RESOURCE_EXHAUSTED\"\n  }\n}\n",
		},
	)
	notifytest.Answers(t, notifytest.Summary(unit.English), replies, opened)
}

// The error that Google writes over several lines is told in one.
func TestTellsError(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, "{\n  \"error\": {\n    \"message\": \"Invalid JSON payload received.\"\n  }\n}\n")
	}))
	defer server.Close()
	d := opened(t, server.URL)
	p, _ := d.Pack(notifytest.Alert())
	r := d.Send(t.Context(), p[0])
	if r.Err == nil || !strings.HasSuffix(r.Err.Error(), `answers 400 Bad Request: {"error":{"message":"Invalid JSON payload received."}}`) {
		t.Errorf("got %v", r.Err)
	}
}

var (
	tag    = regexp.MustCompile(`<[^>]*>?`)
	escape = regexp.MustCompile(`&[^;]*;?`)
)

// shown reads a text of a card, which is HTML of few tags.
func shown(text string) (string, error) {
	depth := 0
	for _, t := range tag.FindAllString(text, -1) {
		switch t {
		case "<b>":
			depth++
		case "</b>":
			depth--
		case "<br>":
		default:
			return "", fmt.Errorf("%q is not meant", t)
		}
		if depth < 0 || depth > 1 {
			return "", errors.New("<b> and </b> do not match")
		}
	}
	for _, e := range escape.FindAllString(text, -1) {
		if e != "&lt;" && e != "&gt;" && e != "&amp;" && e != "&#34;" && e != "&#39;" {
			return "", fmt.Errorf("%q is no entity", e)
		}
	}
	text = strings.ReplaceAll(text, "<br>", "\n")
	text = html.UnescapeString(tag.ReplaceAllString(text, ""))
	return text, inert(text)
}

// live is what clients make a link or a mention of, in any text.
var live = regexp.MustCompile(`@\w|\w+://|<users/`)

func inert(text string) error {
	if found := live.FindString(text); found != "" {
		return fmt.Errorf("%q is not meant", found)
	}
	if strings.ContainsFunc(strings.ReplaceAll(text, "\n", ""), unicode.IsControl) {
		return errors.New("a control character")
	}
	return nil
}

// read returns what is seen of a message, and what Google Chat does not take of it.
func read(body []byte) (seen string, err error) {
	var p post
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return "", err
	}
	var lines []string
	see := func(text string, bad error) {
		lines, err = append(lines, text), errors.Join(err, bad)
	}
	widgets := 0
	for _, s := range p.Cards[0].Card.Sections {
		see(shown(s.Header))
		widgets += len(s.Widgets)
		for _, w := range s.Widgets {
			switch {
			case w.Paragraph != nil && w.Buttons == nil && w.Paragraph.Text != "":
				see(shown(w.Paragraph.Text))
			case w.Paragraph == nil && w.Buttons != nil:
				for _, b := range w.Buttons.Buttons {
					see(b.Text, inert(b.Text))
					if to, bad := url.Parse(b.OnClick.Open.URL); bad != nil || b.Text == "" || to.Host == "" {
						see("", fmt.Errorf("the button %q leads nowhere", b.Text))
					}
				}
			default:
				see("", errors.New("a widget is of one kind"))
			}
		}
		if len(s.Widgets) == 0 {
			see("", errors.New("a section has no widget"))
		}
	}
	if widgets == 0 || widgets > 100 || len(p.Cards) != 1 || p.Cards[0].ID == "" || p.Fallback == "" {
		see("", fmt.Errorf("%d widgets in %d cards", widgets, len(p.Cards)))
	}
	see("", inert(p.Fallback))
	return strings.Join(lines, "\n"), err
}

func takes(body []byte) error {
	if len(body) > 32_000 {
		return fmt.Errorf("%d bytes", len(body))
	}
	_, err := read(body)
	return err
}

// What names hold is read as it is, and nothing else.
func TestHostile(t *testing.T) {
	for _, text := range append(notifytest.Marked(), reporttest.HostileTexts()...) {
		p, err := opened(t, "https://chat.example").Pack(notifytest.Hostile(text))
		if err != nil {
			t.Fatal(err)
		}
		seen, err := read(p[0].Body)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if n := strings.Count(notifytest.Seen(seen), diag.Escape(text)); n < 10 {
			t.Errorf("%q stands %d times in\n%s", text, n, seen)
		}
	}
}

// Of more notes than there is room for the first stay, and how many there were.
func TestManyNotes(t *testing.T) {
	m := notifytest.Long(300)
	m.Notes = slices.Repeat(m.Notes, 1000)
	p, err := opened(t, "https://chat.example").Pack(m)
	if err != nil {
		t.Fatal(err)
	}
	if err := takes(p[0].Body); err != nil {
		t.Error(err)
	}
	seen, err := read(p[0].Body)
	if err != nil {
		t.Fatal(err)
	}
	rest := 1000 - strings.Count(notifytest.Seen(seen), "! "+m.Notes[0])
	for _, want := range []string{m.Headline, "Full report", fmt.Sprintf("! and %d more", rest)} {
		if !strings.Contains(seen, want) {
			t.Errorf("%q is not in\n%s", want, seen)
		}
	}
	if p[0].Left != 300+3 { // rows of Long and of the sections below
		t.Errorf("%d rows left out", p[0].Left)
	}
}

// Whatever an address holds, it ends where the link does.
func TestHostileLink(t *testing.T) {
	for _, text := range append(notifytest.Marked(), reporttest.HostileTexts()...) {
		m := notifytest.Summary(unit.English)
		m.Links = append(m.Links, notify.Link{Text: "x", URL: "https://reports.example/" + text}, notify.Link{Text: "y", URL: text})
		p, err := opened(t, "https://chat.example").Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		if err := takes(p[0].Body); err != nil {
			t.Errorf("%q: %v\n%s", text, err, p[0].Body)
		}
	}
}

// A server with Google's limits posts a message of any length once, however often it
// is sent, and keeps the key and the token of the address.
func TestLimitAndKey(t *testing.T) {
	posted := map[string]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		query := r.URL.Query()
		id := query.Get("requestId")
		switch err := takes(body); {
		case query.Get("key") != notifytest.Canary || query.Get("token") != "t-"+notifytest.Canary+"=":
			http.Error(w, `{"error":{"status":"UNAUTHENTICATED"}}`, http.StatusUnauthorized)
		case err != nil || id == "":
			http.Error(w, fmt.Sprintf(`{"error":{"message":%q}}`, fmt.Sprint(err)), http.StatusBadRequest)
		default:
			if posted[id] == "" {
				posted[id] = fmt.Sprintf("spaces/AAA/messages/%d", len(posted))
			}
			fmt.Fprintf(w, `{"name":%q}`, posted[id])
		}
	}))
	defer server.Close()
	d := opened(t, server.URL)
	size := func(m notify.Message) int { return len(body(notify.Clean(m, 1000))) }
	for i, n := range []int{maxBody - 1, maxBody, maxBody + 1} {
		m := notifytest.Filled(t, n, size)
		m.ID = fmt.Sprint("message ", n)
		p, err := d.Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		if (p[0].Left > 0) != (n > maxBody) {
			t.Errorf("%d bytes: %d rows left out", n, p[0].Left)
		}
		for range 2 {
			r := d.Send(t.Context(), p[0])
			if r.Outcome != notify.Sent || r.Ref != fmt.Sprintf("spaces/AAA/messages/%d", i) {
				t.Errorf("%d bytes: %s %s (%v)", n, r.Outcome, r.Ref, r.Err)
			}
		}
	}
	if len(posted) != 3 {
		t.Errorf("%d messages", len(posted))
	}
}

// A hundred and twenty sections are more than a card shows.
func TestWidgets(t *testing.T) {
	m := notifytest.Summary(unit.English)
	for i := range 120 {
		m.Sections = append(m.Sections, notify.Section{Title: fmt.Sprint("section ", i)})
	}
	if p, err := opened(t, "https://chat.example").Pack(m); err == nil {
		t.Errorf("got %d bytes, want an error", len(p[0].Body))
	}
}

func TestGolden(t *testing.T) {
	for name, m := range map[string]notify.Message{
		"summary_en": notifytest.Summary(unit.English), "summary_ja": notifytest.Summary(unit.Japanese), "alert": notifytest.Alert(),
	} {
		p, err := opened(t, "https://chat.example").Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		var lines bytes.Buffer
		json.Indent(&lines, p[0].Body, "", " ")
		reporttest.Golden(t, name+".json", append(lines.Bytes(), '\n'))
	}
}
