package markup

import (
	"strings"
	"testing"

	"github.com/nines-slo/nines/report/notify"
	"pgregory.net/rapid"
)

// A mark gets something behind it where something follows; times of day stay.
func TestPart(t *testing.T) {
	for text, want := range map[string]string{
		"@here": "@|here", "a @ b": "a @ b", "x@": "x@", ":fire:": ":|fire:", "http://x": "http:|//x", "p: 1": "p: 1",
		"at 07:48 UTC": "at 07:48 UTC", "(07:48)": "(07:|48)", "12:30:45": "12:|30:|45", "a1:48": "a1:|48", "12:3": "12:|3", "1:234": "1:|234",
		"http:\u200b//x": "http:|//x", "7:45": "7:45", "@@x": "@|@|x", "": "",
	} {
		if got := strings.ReplaceAll(Part(text, "@:"), notify.Apart, "|"); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestAddress(t *testing.T) {
	for text, want := range map[string]string{
		"https://h.example/a?b=1&c=2#d":     "https://h.example/a?b=1&c=2#d",
		"http://h.example:80":               "http://h.example:80",
		"https://h.example/a(b)|c>d`e":      "https://h.example/a%28b%29%7Cc%3Ed%60e",
		"https://h.example/?q=a)b|c <@U> é": "https://h.example/?q=a%29b%7Cc%20%3C%40U%3E%20%C3%A9",
		"https://h.example/a%2Fb%29":        "https://h.example/a%2Fb%29",
		"https://h.example/報告":              "https://h.example/%E5%A0%B1%E5%91%8A",
		"https://u:p@h.example/x":           "https://h.example/x",
		"https://[::1]:8080/x":              "https://[::1]:8080/x",
		"https://h.example/\x00":            "",
	} {
		if got := Address(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestBullet(t *testing.T) {
	for text, want := range map[string]bool{
		"- x": true, "-": true, "---": true, "+ x": true, "===": true, "- - -": true, "-12%": false, "+12%": false, "x - y": false, "": false,
	} {
		if Bullet(text) != want {
			t.Errorf("%q: got %t", text, !want)
		}
	}
}

// Of a text that does not fit as many runes stay as can, and never a part of one.
func TestLongestProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("aé日😀"))).Draw(t, "text")
		room := rapid.IntRange(1, 12).Draw(t, "room")
		fits := func(s string) bool { return Units(s) <= room }
		got := Longest(text, fits)
		begin, cut := strings.CutSuffix(got, "…")
		want := []rune(text)
		for n := len(want); ; n-- {
			whole := string(want[:n]) + "…"
			if n == len(want) {
				whole = text
			}
			if fits(whole) {
				if got != whole {
					t.Errorf("%q in %d: got %q, want %q", text, room, got, whole)
				}
				break
			}
		}
		if cut && !strings.HasPrefix(text, begin) {
			t.Errorf("%q does not begin with %q", text, begin)
		}
	})
}

// Characters outside of the first plane take two units.
func TestUnits(t *testing.T) {
	if got := Units("aé日😀"); got != 5 {
		t.Errorf("got %d, want 5", got)
	}
}
