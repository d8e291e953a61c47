package discord

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
	"time"
	"unicode"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/markup"
	"github.com/nines-slo/nines/report/notify/notifytest"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

func opened(t *testing.T, host string) notify.Destination {
	t.Helper()
	cfg, err := spec.ParseBlock("nines.yaml", "{url_env: HOOK, thread_id: '77'}", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	address := host + "/api/webhooks/123/" + notifytest.Canary
	d, err := Kind().Open(cfg, notify.Env{Getenv: func(string) string { return address }, HTTP: http.DefaultTransport})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestConformance(t *testing.T) {
	notifytest.Run(t, notifytest.Suite{
		Open:  func(t *testing.T) notify.Destination { return opened(t, "https://discord.example") },
		Takes: func(p notify.Parcel) error { return takes(p.Body) },
		Reads: func(_ *testing.T, p notify.Parcel) string {
			seen, _ := reader().Read(written(p.Body))
			return seen
		},
	})
}

func TestAnswers(t *testing.T) {
	limited := `{"message": "You are being rate limited.", "retry_after": 0.65, "global": false}`
	replies := notifytest.Replies(false,
		notifytest.Reply{Name: "saved", Status: 200, Body: `{"id":"42"}`, Want: notify.Sent},
		notifytest.Reply{Name: "nothing said", Status: 204, Want: notify.Unknown},
		notifytest.Reply{Name: "a page", Status: 200, Body: "<html>Log in</html>", Want: notify.Unknown},
		notifytest.Reply{Name: "429 with a body", Status: 429, Body: limited, Want: notify.Failed, Wait: 650 * time.Millisecond},
		notifytest.Reply{
			Name: "429 with both", Status: 429, Body: limited, Header: http.Header{"Retry-After": {"3"}},
			Want: notify.Failed, Wait: 3 * time.Second,
		},
		notifytest.Reply{Name: "429 with less than nothing", Status: 429, Body: `{"retry_after": -5}`, Want: notify.Failed},
		notifytest.Reply{Name: "embeds", Status: 400, Body: `{"embeds":["0"]}`, Want: notify.Refused},
	)
	notifytest.Answers(t, notifytest.Summary(unit.English), replies, opened)
}

// A backslash takes the meaning from any sign; what is shown is not looked through
// again.
func reader() notifytest.Markdown {
	return notifytest.Markdown{
		Escapes: "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
		Written: regexp.MustCompile(`\w+://|@\w|:[\w+-]+:`), Shown: regexp.MustCompile(`$^`),
	}
}

func written(body []byte) string {
	var p post
	json.Unmarshal(body, &p)
	text := p.Content
	for _, e := range p.Embeds {
		text += "\n" + e.Description
	}
	return text
}

// message is what Discord takes of a webhook, and what of it is used here.
type message struct {
	Content string `json:"content"`
	Embeds  []struct {
		Description string `json:"description"`
		Color       int    `json:"color"`
	} `json:"embeds"`
	Mentions map[string][]string `json:"allowed_mentions"`
}

// takes holds a body against Discord's limits.
func takes(body []byte) error {
	var m message
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return err
	}
	sum := 0
	for _, e := range m.Embeds {
		n := len(utf16.Encode([]rune(e.Description)))
		sum += n
		if n == 0 || n > 4096 || e.Color < 0 || e.Color > 0xffffff {
			return errors.New(`{"embeds":["0"]}`)
		}
	}
	parse, set := m.Mentions["parse"]
	n := len(utf16.Encode([]rune(m.Content)))
	switch {
	case n > 2000 || n == 0 && len(m.Embeds) == 0:
		return fmt.Errorf("50035: content of %d characters", n)
	case len(m.Embeds) > 10 || sum > 6000:
		return fmt.Errorf("50035: %d embeds of %d characters", len(m.Embeds), sum)
	case !set || len(parse) > 0 || len(m.Mentions) != 1:
		return errors.New("mentions are allowed")
	}
	text := written(body)
	if strings.ContainsFunc(strings.ReplaceAll(text, "\n", ""), unicode.IsControl) {
		return errors.New("a control character")
	}
	_, found := reader().Read(text)
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
		p, err := opened(t, "https://discord.example").Pack(notifytest.Hostile(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := takes(p[0].Body); err != nil {
			t.Errorf("%q: %v\n%s", text, err, written(p[0].Body))
		}
		seen, found := reader().Read(written(p[0].Body))
		item, bold := "item", "bold"
		want := []string{bold, bold, item, bold, item, item, item, bold, item, "link https://reports.example/?q=1&r=2"}
		if !slices.Equal(found, want) {
			t.Errorf("%q: marks are %q, want %q", text, found, want)
		}
		shown := strings.TrimSpace(diag.Escape(text))
		if n := strings.Count(notifytest.Seen(seen), shown); n < 10 {
			t.Errorf("%q stands %d times in\n%s", text, n, seen)
		}
	}
}

// Of more notes than there is room for the first stay, and how many there were.
func TestManyNotes(t *testing.T) {
	m := notifytest.Long(300)
	m.Notes = slices.Repeat(m.Notes, 1000)
	p, err := opened(t, "https://discord.example").Pack(m)
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
		p, err := opened(t, "https://discord.example").Pack(m)
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
		signs := rapid.SampledFrom([]rune("\\`*_~<>|[](){}#+-.!@:;=$&/w1aé日 "))
		text := strings.TrimSpace(diag.Escape(rapid.StringOf(signs).Draw(t, "text")))
		marked := "- **" + escape(text) + "**: " + escape(text) + "\n- " + escape(text)
		seen, found := reader().Read(marked)
		if want := text + ": " + text + "\n" + text; notifytest.Seen(seen) != want || !slices.Equal(found, []string{"item", "bold", "item"}) {
			t.Errorf("%q is written %q, read %q with %q", text, marked, seen, found)
		}
	})
}

// A server with Discord's limits saves a message of any length, in the thread that is
// asked for, and waits until it is saved.
func TestLimits(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch err := takes(body); {
		case r.URL.Query().Get("wait") != "true" || r.URL.Query().Get("thread_id") != "77":
			w.WriteHeader(http.StatusNoContent)
		case err != nil:
			http.Error(w, `{"code":50035,"message":`+fmt.Sprintf("%q", err)+`}`, http.StatusBadRequest)
		default:
			io.WriteString(w, `{"id":"9"}`)
		}
	}))
	defer server.Close()
	d := opened(t, server.URL)
	send := func(name string, m notify.Message) notify.Parcel {
		p, err := d.Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		if r := d.Send(t.Context(), p[0]); r.Outcome != notify.Sent || r.Ref != "9" {
			t.Errorf("%s: %s, %q (%v)", name, r.Outcome, r.Ref, r.Err)
		}
		return p[0]
	}
	size := func(m notify.Message) int { return markup.Units(dialect().Below(notify.Clean(m, 1000))) }
	for _, n := range []int{maxDescription - 1, maxDescription, maxDescription + 1} {
		p := send(fmt.Sprint(n), notifytest.Filled(t, n, size))
		if (p.Left > 0) != (n > maxDescription) {
			t.Errorf("%d characters: %d rows left out", n, p.Left)
		}
	}
	// Headlines are escaped: 995 marks become 1990 characters, and six of bold and mark.
	for _, n := range []int{994, 995, 996, 997, 998, 999, 1000, 5000} {
		m := notifytest.Summary(unit.English)
		m.Headline = strings.Repeat("*", n)
		p := send(fmt.Sprintf("headline of %d", n), m)
		if cut := strings.Contains(written(p.Body), "…"); cut != (2*n+6 > maxContent) {
			t.Errorf("headline of %d: shortened: %t", n, cut)
		}
	}
	for _, links := range []int{1, 10} {
		m := notifytest.Long(300)
		m.Links = slices.Repeat(m.Links, links)
		send(fmt.Sprint(links, " links"), m)
	}
}

// Where not even links have room, that is an error and not a broken message.
func TestNoRoom(t *testing.T) {
	m := notifytest.Summary(unit.English)
	m.Links[0].URL += strings.Repeat("x", 5000)
	if p, err := opened(t, "https://discord.example").Pack(m); err == nil {
		t.Errorf("got %d bytes, want an error", len(p[0].Body))
	}
}

func TestGolden(t *testing.T) {
	for name, m := range map[string]notify.Message{
		"summary_en": notifytest.Summary(unit.English), "summary_ja": notifytest.Summary(unit.Japanese), "alert": notifytest.Alert(),
	} {
		p, err := opened(t, "https://discord.example").Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, name+".json", append(p[0].Body, '\n'))
		reporttest.Golden(t, name+".md", []byte(written(p[0].Body)+"\n"))
	}
}
