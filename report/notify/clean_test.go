package notify

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo/spec"
	"pgregory.net/rapid"
)

// Of any text a reader sees all, up to the length that it may have.
func TestShorten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, n := rapid.String().Draw(t, "text"), rapid.IntRange(1, 40).Draw(t, "n")
		got, whole := Shorten(text, n), utf8.RuneCountInString(text) <= n
		switch {
		case whole && got != text:
			t.Errorf("%q in %d: got %q", text, n, got)
		case !whole && (utf8.RuneCountInString(got) != n || !strings.HasPrefix(text, strings.TrimSuffix(got, "…"))):
			t.Errorf("%q in %d: got %q", text, n, got)
		}
	})
}

func TestClean(t *testing.T) {
	text := "a\nb\u202ec\x1b[31m" + strings.Repeat("x", 100)
	m := Message{
		Headline: text, Notes: []string{text}, Sections: []Section{{Title: text, Rows: []Row{{Name: text, Text: text, More: []string{text}}}}},
		Links:   []Link{{Text: text, URL: "https://a.example/?b=c&d=e"}, {URL: "javascript:alert(1)"}, {URL: "//b.example"}, {URL: "https://"}},
		Changes: []Change{{Key: "k", Service: text, Objective: text, Policy: text, Summary: text, Details: []string{text}}},
	}
	before := fmt.Sprint(m)
	got := Clean(m, 50)
	bad := func(r rune) bool { return unicode.IsControl(r) || r == '\u202e' }
	if all := fmt.Sprint(got); strings.ContainsFunc(all, bad) || strings.Count(all, "…") != strings.Count(before, "\x1b") {
		t.Errorf("got %q", all)
	}
	if len(got.Links) != 1 || got.Links[0].URL != m.Links[0].URL {
		t.Errorf("got links %v", got.Links)
	}
	if after := fmt.Sprint(m); after != before {
		t.Errorf("the message itself has changed: %q", after)
	}
}

// Rows go first, then the length of texts, then notes; headline and links stay.
func TestWithin(t *testing.T) {
	m := Message{
		Headline: "h", Links: []Link{{Text: "l", URL: "https://a.example"}},
		Sections: []Section{{Rows: []Row{{Text: strings.Repeat("r", 60)}, {Text: strings.Repeat("r", 60)}}}},
		Notes:    []string{strings.Repeat("n", 900), strings.Repeat("n", 150), "last"},
	}
	for _, tt := range []struct{ room, rows, longest, notes int }{
		{2000, 2, 900, 3}, {1200, 1, 900, 3}, {1000, 2, 200, 3}, {230, 0, 80, 3}, {180, 0, 80, 2}, {60, 0, 10, 1},
	} {
		got, left := Within(m, func(m Message) bool { return len(Plain(m)) <= tt.room })
		text := Plain(got)
		if len(text) > tt.room || !strings.HasPrefix(text, "h\n") || !strings.HasSuffix(text, "l: https://a.example\n") {
			t.Errorf("room for %d: got %q", tt.room, text)
		}
		longest := 0
		for _, n := range got.Notes {
			longest = max(longest, utf8.RuneCountInString(n))
		}
		if rows := 2 - left; rows != tt.rows || longest != tt.longest || len(got.Notes) != tt.notes {
			t.Errorf("room for %d: %d rows, notes %q", tt.room, rows, got.Notes)
		}
	}
}

// An event has an ID that stands in any header, one for each message.
func TestEventID(t *testing.T) {
	for id, same := range map[string]bool{
		"summary-2026-W48-chat": true, "": false, "a.b": false, "a b": false, "決済": false, strings.Repeat("a", 64): true, strings.Repeat("a", 65): false,
	} {
		got := EventOf(Message{ID: id}).ID
		if !simple().MatchString(got) || (got == id) != same {
			t.Errorf("%q becomes %q", id, got)
		}
	}
}

// An address goes out as it is, and is not shown where it is none.
func TestAddress(t *testing.T) {
	cfg, err := spec.ParseBlock("slos.yaml", "{url_env: URL}", ".")
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"https://a.example:443/p%2Fq/../x?sp=%2Ft%2Fr&sig=a_b-c%3D": "",
		"http://a.example":           "",
		"a.example/hush":             "the secret url is not an address: it does not begin with http:// or https://",
		"https://hush@a.example":     "the secret url is not an address: it names a user; credentials come from a variable or a file",
		"https://a.example/%zz?hush": "the secret url is not an address",
		"https://a.example:hush":     "the secret url is not an address",
	} {
		u, err := Address(cfg, "url", Env{Getenv: func(string) string { return address }})
		switch {
		case err == nil && (want != "" || u.String() != address):
			t.Errorf("%s: got %s, want error %q", address, u, want)
		case err != nil && err.Error() != want:
			t.Errorf("%s: got error %q, want %q", address, err, want)
		}
	}
}
