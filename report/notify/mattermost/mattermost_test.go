package mattermost

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

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
	env := notify.Env{Getenv: func(string) string { return host + "/hooks/" + notifytest.Canary }, HTTP: http.DefaultTransport}
	d, err := Kind().Open(cfg, env)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestConformance(t *testing.T) {
	notifytest.Run(t, notifytest.Suite{
		Open:  func(t *testing.T) notify.Destination { return opened(t, "https://chat.example") },
		Takes: func(p notify.Parcel) error { return takes(p.Body) },
		Reads: func(_ *testing.T, p notify.Parcel) string {
			seen, _ := reader().Read(written(p.Body))
			return seen
		},
	})
}

func TestAnswers(t *testing.T) {
	replies := notifytest.Replies(false,
		notifytest.Reply{Name: "taken", Status: 200, Body: "ok\n", Want: notify.Sent},
		notifytest.Reply{Name: "a page", Status: 200, Body: "<html>Log in</html>", Want: notify.Unknown},
		notifytest.Reply{
			Name: "error as JSON", Status: 400, Want: notify.Refused,
			Body: "{\n \"id\":\"web.incoming_webhook.parse.app_error\",\n \"message\":\"bad " + notifytest.Canary + "\"}",
		},
	)
	notifytest.Answers(t, notifytest.Summary(unit.English), replies, opened)
}

// The server rewrites what looks like a link of Slack before anything else, and finds
// mentions; clients make links of addresses and of names of hosts before a slash. What
// is shown is then looked through for mentions, channels, tags and smileys.
func reader() notifytest.Markdown {
	return notifytest.Markdown{
		Escapes: "`*{}[]()#+-.!_>|~\\", Single: true, Entities: true,
		Written: regexp.MustCompile(`<[^\n<|>]+\|[^|\n>]+>|<!\w+>|@\w|\$|<|` +
			`[A-Za-z][A-Za-z\d.+-]*:(/|[\pL\d%])|www\d{0,3}\.|[\pL\d.-]+\.\pL{2,4}/`),
		Shown: regexp.MustCompile(`@\w|#\pL|~[a-z]|:[a-z0-9_+-]+:|[:;=]-?[\])(DPOops/|$'@]|</?3`),
	}
}

func written(body []byte) string {
	var p post
	json.Unmarshal(body, &p)
	return p.Text
}

// takes holds a body against what Mattermost takes as one post.
func takes(body []byte) error {
	var p struct {
		Text  string          `json:"text"`
		Props map[string]bool `json:"props"`
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	switch err := d.Decode(&p); {
	case err != nil:
		return err
	case len(body) > 300_000:
		return errors.New("Unable to decode")
	case utf8.RuneCountInString(p.Text) > 16383:
		return fmt.Errorf("%d characters make more than one post", utf8.RuneCountInString(p.Text))
	case strings.TrimSpace(p.Text) == "":
		return errors.New("no text")
	case !p.Props["disable_mentions"]:
		return errors.New("mentions are on")
	case strings.ContainsFunc(strings.ReplaceAll(p.Text, "\n", ""), unicode.IsControl):
		return errors.New("a control character")
	}
	_, found := reader().Read(p.Text)
	for _, mark := range found {
		if strings.HasPrefix(mark, "?") {
			return fmt.Errorf("%q was not meant", mark)
		}
	}
	return nil
}

// What names hold is read as it is, and nothing is marked but what always is.
func TestHostile(t *testing.T) {
	for _, text := range append(notifytest.Marked(), reporttest.HostileTexts()...) {
		m := notifytest.Hostile(text)
		p, err := opened(t, "https://chat.example").Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		if err := takes(p[0].Body); err != nil {
			t.Errorf("%q: %v\n%s", text, err, written(p[0].Body))
		}
		seen, found := reader().Read(written(p[0].Body))
		shown := strings.TrimSpace(diag.Escape(text))
		link := "link https://reports.example/?q=1&r=2"
		item, bold := "item", "bold"
		want := []string{bold, bold, item, bold, item, item, item, bold, item, link}
		if !slices.Equal(found, want) {
			t.Errorf("%q: marks are %q, want %q", text, found, want)
		}
		if n := strings.Count(notifytest.Seen(seen), shown); n < 10 {
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
	seen, _ := reader().Read(written(p[0].Body))
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

func TestEscapeProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		signs := rapid.SampledFrom([]rune("\\`*_~<>|[](){}#+-.!@:;=$&/w1aé日 \u00a0"))
		text := strings.TrimSpace(diag.Escape(rapid.StringOf(signs).Draw(t, "text")))
		marked := "- **" + escape(text) + "**: " + escape(text)
		seen, found := reader().Read(marked)
		if want := text + ": " + text; notifytest.Seen(seen) != want || !slices.Equal(found, []string{"item", "bold"}) {
			t.Errorf("%q is written %q, read %q with %q", text, marked, seen, found)
		}
	})
}

// A server that splits posts as Mattermost's does gets one post at any length.
func TestLimit(t *testing.T) {
	posts := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := takes(body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		posts++
		io.WriteString(w, "ok")
	}))
	defer server.Close()
	d := opened(t, server.URL)
	size := func(m notify.Message) int { return utf8.RuneCountInString(text(notify.Clean(m, 1000))) }
	for _, n := range []int{maxText - 1, maxText, maxText + 1} {
		m := notifytest.Filled(t, n, size)
		p, err := d.Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		if r := d.Send(t.Context(), p[0]); r.Outcome != notify.Sent || (p[0].Left > 0) != (n > maxText) {
			t.Errorf("%d characters: %s (%v), %d rows left out", n, r.Outcome, r.Err, p[0].Left)
		}
	}
	if posts != 3 {
		t.Errorf("%d posts", posts)
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
		reporttest.Golden(t, name+".json", append(p[0].Body, '\n'))
		reporttest.Golden(t, name+".md", []byte(written(p[0].Body)+"\n"))
	}
}

func TestNoAddress(t *testing.T) {
	cfg, _ := spec.ParseBlock("nines.yaml", "url_env: HOOK", t.TempDir())
	env := notify.Env{Getenv: func(string) string { return "ftp://" + notifytest.Canary }}
	_, err := Kind().Open(cfg, env)
	if err == nil || strings.Contains(err.Error(), notifytest.Canary) {
		t.Errorf("got %v, want an error that does not show the address", err)
	}
}
