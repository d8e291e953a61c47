package slack

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

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/markup"
	"github.com/nines-slo/nines/report/notify/notifytest"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// opened returns the destination of a block, whose secret is the variable SECRET.
func opened(t *testing.T, block, secret string) notify.Destination {
	t.Helper()
	cfg, err := spec.ParseBlock("nines.yaml", block, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if found := append(spec.Check(cfg.Value, Kind().Keys), check(cfg)...); len(found) > 0 {
		t.Fatal(found)
	}
	d, err := Kind().Open(cfg, notify.Env{Getenv: func(string) string { return secret }, HTTP: http.DefaultTransport})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func openedHook(t *testing.T, host string) notify.Destination {
	return opened(t, "url_env: SECRET", host+"/services/T0/B0/"+notifytest.Canary)
}

func openedBot(t *testing.T, host string) notify.Destination {
	block := "{token_env: SECRET, channel: '#slo', attach: [html, excel], api_url: " + host + "/api}"
	return opened(t, block, notifytest.Canary)
}

func TestConformance(t *testing.T) {
	for name, open := range map[string]func(*testing.T, string) notify.Destination{"webhook": openedHook, "bot": openedBot} {
		t.Run(name, func(t *testing.T) {
			notifytest.Run(t, notifytest.Suite{
				Open:  func(t *testing.T) notify.Destination { return open(t, "https://slack.example") },
				Takes: func(p notify.Parcel) error { return takes(p.Body) },
				Reads: func(t *testing.T, p notify.Parcel) string { return seen(t, p.Body) },
			})
		})
	}
}

func TestWebhookAnswers(t *testing.T) {
	replies := notifytest.Replies(false,
		notifytest.Reply{Name: "taken", Status: 200, Body: "ok", Want: notify.Sent},
		notifytest.Reply{Name: "a page", Status: 200, Body: "<html>Log in</html>", Want: notify.Unknown},
		notifytest.Reply{Name: "no service", Status: 404, Body: "no_service", Want: notify.Refused},
		notifytest.Reply{Name: "archived", Status: 410, Body: "channel_is_archived", Want: notify.Refused},
		notifytest.Reply{Name: "rollup error", Status: 500, Body: "rollup_error", Want: notify.Unknown},
	)
	notifytest.Answers(t, notifytest.Summary(unit.English), replies, openedHook)
}

func TestBotAnswers(t *testing.T) {
	said := func(code string) string {
		return `{"ok":false,"error":"` + code + `","needed":"` + notifytest.Canary + `"}`
	}
	replies := notifytest.Replies(false,
		notifytest.Reply{Name: "posted", Status: 200, Body: `{"ok":true,"channel":"C1","ts":"1.2"}`, Want: notify.Sent},
		notifytest.Reply{Name: "a page", Status: 200, Body: "<html>Log in</html>", Want: notify.Unknown},
		notifytest.Reply{Name: "nothing", Status: 200, Body: "{}", Want: notify.Unknown},
		notifytest.Reply{Name: "not there", Status: 200, Body: said("not_in_channel"), Want: notify.Refused},
		notifytest.Reply{Name: "no scope", Status: 200, Body: said("missing_scope"), Want: notify.Refused},
		notifytest.Reply{Name: "too long", Status: 200, Body: said("msg_blocks_too_long"), Want: notify.Refused},
		notifytest.Reply{Name: "too often", Status: 200, Body: said("ratelimited"), Want: notify.Failed},
		notifytest.Reply{Name: "half done", Status: 200, Body: said("fatal_error"), Want: notify.Unknown},
	)
	notifytest.Answers(t, notifytest.Summary(unit.English), replies, openedBot)
}

// What names hold is read as it is, in header, texts and links.
func TestHostile(t *testing.T) {
	for _, text := range append(notifytest.Marked(), reporttest.HostileTexts()...) {
		p, err := openedHook(t, "https://slack.example").Pack(notifytest.Hostile(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := takes(p[0].Body); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		want := 10
		if len(text) > maxHeader {
			want = 11 // the headline again, whole
		}
		if n := strings.Count(notifytest.Seen(seen(t, p[0].Body)), diag.Escape(text)); n < want && len(text) > 1 {
			t.Errorf("%q stands %d times in\n%s", text, n, seen(t, p[0].Body))
		}
	}
}

// Of more notes than there is room for the first stay, and how many there were.
func TestManyNotes(t *testing.T) {
	m := notifytest.Long(300)
	m.Notes = slices.Repeat(m.Notes, 1000)
	p, err := openedHook(t, "https://slack.example").Pack(m)
	if err != nil {
		t.Fatal(err)
	}
	if err := takes(p[0].Body); err != nil {
		t.Error(err)
	}
	seen := seen(t, p[0].Body)
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
		p, err := openedHook(t, "https://slack.example").Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		if err := takes(p[0].Body); err != nil {
			t.Errorf("%q: %v\n%s", text, err, p[0].Body)
		}
	}
}

// hook is a server that takes of a webhook what Slack does.
func hook(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	switch err := takes(body); {
	case errors.Is(err, errTooLong):
		http.Error(w, "msg_blocks_too_long", http.StatusBadRequest)
	case err != nil:
		http.Error(w, "invalid_blocks "+err.Error(), http.StatusBadRequest)
	default:
		io.WriteString(w, "ok")
	}
}

// A server with Slack's limits takes a message of any length. Below and at a limit all
// of it is there.
func TestLimits(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(hook))
	defer server.Close()
	d := openedHook(t, server.URL)
	send := func(name string, m notify.Message) notify.Parcel {
		t.Helper()
		p, err := d.Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		if r := d.Send(t.Context(), p[0]); r.Outcome != notify.Sent {
			t.Errorf("%s: %s (%v)", name, r.Outcome, r.Err)
		}
		return p[0]
	}
	size := func(m notify.Message) int { return len(notify.JSON(blocks(notify.Clean(m, 1000)))) }
	for _, n := range []int{maxSum - 1, maxSum, maxSum + 1} {
		p := send(fmt.Sprintf("%d bytes", n), notifytest.Filled(t, n, size))
		if (p.Left > 0) != (n > maxSum) {
			t.Errorf("%d bytes: %d rows left out", n, p.Left)
		}
	}
	for _, n := range []int{maxHeader - 3, maxHeader - 2, maxHeader - 1} { // and two of the mark
		m := notifytest.Summary(unit.English)
		m.Headline = strings.Repeat("日", n)
		text := seen(t, send(fmt.Sprintf("header of %d", n+2), m).Body)
		times := strings.Count(text, markup.Mark(slo.Exhausted)+m.Headline)
		if want := 2; times != want { // of text and header, or of text and below the header
			t.Errorf("header of %d: the headline stands %d times", n+2, times)
		}
		if cut := strings.Contains(text, "…"); cut != (n+2 > maxHeader) {
			t.Errorf("header of %d: shortened: %t", n+2, cut)
		}
	}
	for _, sections := range []int{47, 48, 49, 60} {
		m := notifytest.Summary(unit.English)
		last := m.Sections[0]
		m.Sections = nil
		for i := range sections - 1 {
			m.Sections = append(m.Sections, notify.Section{Title: fmt.Sprintf("Title %d.", i)})
		}
		m.Sections = append(m.Sections, last)
		p := send(fmt.Sprintf("%d sections", sections), m)
		if text := seen(t, p.Body); p.Left > 0 || !strings.Contains(text, fmt.Sprintf("Title %d.", sections-2)) || !strings.Contains(text, "Full report") {
			t.Errorf("%d sections: %d rows left out of\n%s", sections, p.Left, text)
		}
	}
}

// Where not even the link has room, that is an error and not a broken message.
func TestNoRoom(t *testing.T) {
	m := notifytest.Summary(unit.English)
	m.Links[0].URL += strings.Repeat("x", 20_000)
	if p, err := openedHook(t, "https://slack.example").Pack(m); err == nil {
		t.Errorf("got %d bytes, want an error", len(p[0].Body))
	}
}

func TestCheck(t *testing.T) {
	for block, want := range map[string]string{
		"{url_env: A}":                                "",
		"{url_file: secrets/a}":                       "",
		"{token_env: A, channel: C01}":                "",
		"{token_file: a, channel: C01, attach: html}": "",
		"{}":                         "there is no way to Slack",
		"{channel: C01}":             "there is no way to Slack; channel is of a bot: an incoming webhook has one channel and takes no files",
		"{url_env: A, token_env: B}": "url and token are two ways to one channel",
		"{token_env: A}":             "a bot needs the channel that it writes to",
		"{url_env: A, attach: [html], channel: C}": "channel is of a bot: an incoming webhook has one channel and takes no files; " +
			"attach is of a bot: an incoming webhook has one channel and takes no files",
		"{url_env: A, api_url: https://slack-gov.com/api}": "api_url is of a bot: an incoming webhook has one channel and takes no files",
	} {
		cfg, err := spec.ParseBlock("nines.yaml", block, "")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range check(cfg) {
			got = append(got, f.Message)
		}
		if text := strings.Join(got, "; "); text != want {
			t.Errorf("%s: got %q, want %q", block, text, want)
		}
	}
}

func TestGolden(t *testing.T) {
	for name, m := range map[string]notify.Message{
		"summary_en": notifytest.Summary(unit.English), "summary_ja": notifytest.Summary(unit.Japanese), "alert": notifytest.Alert(),
	} {
		p, err := openedHook(t, "https://slack.example").Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		var lines bytes.Buffer
		json.Indent(&lines, p[0].Body, "", " ")
		reporttest.Golden(t, name+".json", append(lines.Bytes(), '\n'))
		reporttest.Golden(t, name+".txt", []byte(seen(t, p[0].Body)))
	}
}
