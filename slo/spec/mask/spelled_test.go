package mask

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What repeats a secret may have put it into something else.
func TestHide(t *testing.T) {
	for _, c := range []struct{ secret, text, want string }{
		{"", "a", "a"},
		{"hush", "", ""},
		{"hush", "bad key hush, hush!", "bad key ***, ***!"},
		{"hush", "bad key hus, Hush", "bad key hus, Hush"},
		{`up"x=1&y`, `bad key up&quot;x=1&amp;y.`, `bad key ***.`}, // a login page
		{`up"x=1&y`, `bad key up&#34;x=1&#x26;y.`, `bad key ***.`},
		{`up"x=1&y`, `bad key up&amp;quot;x=1&amp;amp;y.`, `bad key ***.`},
		{`up"x=1&y`, `bad key up&quot;x=1&amp;z.`, `bad key up&quot;x=1&amp;z.`},
		{`up"x=1`, `bad key up\"x=1.`, `bad key ***.`}, // JSON in plain text
		{`up"x=1`, `bad key up\\\"x=1.`, `bad key ***.`},
		{`up"x=1`, `bad key \u0075p\u0022x\u003d1.`, `bad key ***.`},
		{`up\x`, `bad key up\\x and up\x.`, `bad key *** and ***.`},
		{"tok/+=abc", "bad key tok/%2B%3Dabc.", "bad key ***."}, // an address whose slashes are kept
		{"tok/+=abc", "bad key tok%2f%2b%3dabc, tok%252F%252B%253Dabc.", "bad key ***, ***."},
		{"100%25", "bad key 100%25, 100%2525, 100%252525.", "bad key ***, ***, ***."},
		{"%25", "bad key 25.", "bad key 25."},
		{"R&amp;D", "bad key R&amp;D, R&amp;amp;D.", "bad key ***, ***."},
		{"two words", "bad key two+words, two%20words.", "bad key ***, ***."},
		{"head-äÅ", "bad key head-Ã¤Ã\u0085, head-Ã¤Ã…, head-äÅ.", "bad key ***, ***, ***."}, // latin-1, Windows-1252
		{"head-äÅ", `bad key head-\xc3\xa4\xc3\x85, head-\u00c3\u00a4\u00c3\u0085, head-%C3%A4%C3%85, head-&Atilde;&curren;Å.`,
			"bad key ***, ***, ***, ***."},
		{"head-äÅ", "bad key head-%E4%c5, head-%25E4%25C5, head-%E4.", "bad key ***, ***, head-%E4."}, // latin-1's
		{"head-äÅ-x", "bad key head-??-x, head-\uFFFD-x.", "bad key ***, ***."},
		{"smile-\U0001F600", `bad key smile-\ud83d\ude00, smile-\U0001f600, smile-&#128512;, smile-\ud83d\ude01.`,
			`bad key ***, ***, ***, smile-\ud83d\ude01.`},
		{"line\nend", `bad key line\nend, line%0Aend, line&#10;end.`, "bad key ***, ***, ***."},
		{"\x80a", "bad key \x80a, \u1e00a.", "bad key ***, \xe1\xb8***."}, // no UTF-8
		{"hush", `cut off: %, %2, \, \u00, &, &amp;, hus`, `cut off: %, %2, \, \u00, &, &amp;, hus`},
	} {
		if got := Hide(c.text, c.secret, "***"); got != c.want {
			t.Errorf("%q in %q: got %q, want %q", c.secret, c.text, got, c.want)
		}
	}
}

// spellings are ways to write any text.
var spellings = []func(string) string{
	func(s string) string { return s },
	html.EscapeString,
	func(s string) string { return html.EscapeString(html.EscapeString(s)) },
	url.QueryEscape,
	url.PathEscape,
	func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "%2F", "/") },
	func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	func(s string) string { return inJSON(s) },
	func(s string) string { return inJSON(inJSON(s)) },
	func(s string) string { q := fmt.Sprintf("%+q", s); return q[1 : len(q)-1] },
	latin,
	func(s string) string { return inJSON(latin(s)) },
	func(s string) string { return html.EscapeString(latin(s)) },
}

func inJSON(s string) string {
	text, _ := json.Marshal(s)
	return string(text[1 : len(text)-1])
}

// latin reads the bytes of a text as latin-1.
func latin(s string) string {
	var out []rune
	for _, b := range []byte(s) {
		out = append(out, rune(b))
	}
	return string(out)
}

// A secret is hidden in all spellings, and what is around it is not.
func TestHideSpellings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching("[a-z][a-z0-9\"'&<>/+=% \\\\äÅ日😀.:;-]{4,12}[a-z]").Draw(t, "secret")
		i := rapid.IntRange(0, len(spellings)-1).Draw(t, "spelling")
		text := "(KEY " + spellings[i](secret) + " KEY)"
		if got := Hide(text, secret, "***"); got != "(KEY *** KEY)" {
			t.Errorf("%q in %q: got %q", secret, text, got)
		}
	})
}

// No text is too odd, and what has nothing of a secret stays.
func FuzzHide(f *testing.F) {
	f.Add(`a%2 \u00 &amp`, "%&\\")
	f.Add("\uFFFDä\xc3", "ä\xff")
	f.Fuzz(func(t *testing.T, text, secret string) {
		got := Hide(text, secret, "")
		if len(got) > len(text) || secret != "" && strings.Contains(text, secret) && got == text {
			t.Errorf("%q in %q: got %q", secret, text, got)
		}
	})
}
