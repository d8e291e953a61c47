package diag

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 999: "999", 1000: "1,000", 12345: "12,345", 1234567: "1,234,567", -999: "-999", -1000: "-1,000", -123456: "-123,456",
		9223372036854775807: "9,223,372,036,854,775,807", -9223372036854775808: "-9,223,372,036,854,775,808",
	} {
		if got := Thousands(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}

func TestQuote(t *testing.T) {
	for words, want := range map[string]string{
		"":                      `""`,
		"a\nb":                  `"a\nb"`,
		strings.Repeat("長", 60): `"` + strings.Repeat("長", 60) + `"`,
		strings.Repeat("長", 61): `"` + strings.Repeat("長", 59) + `…"`,
	} {
		if got := Quote(words); got != want {
			t.Errorf("%q: got %s, want %s", words, got, want)
		}
	}
}

// screened returns text behind a Screen that gets it in pieces of n bytes.
func screened(t interface{ Fatal(...any) }, as Notation, color bool, text string, n int) string {
	var out bytes.Buffer
	s := NewScreen(&out, as, color)
	for len(text) > 0 {
		piece := text[:min(n, len(text))]
		if _, err := io.WriteString(s, piece); err != nil {
			t.Fatal(err)
		}
		text = text[len(piece):]
	}
	return out.String()
}

func TestScreen(t *testing.T) {
	for _, tt := range []struct {
		text, want string
		as         Notation
		color      bool
	}{
		{"plain 日本 ‐ e\u0301\u200d\n\tx\n", "plain 日本 ‐ e\u0301\u200d\n\tx\n", Text, false},
		{"a\x1b]0;x\x07\x00\r\x7f\n", `a\x1b]0;x\x07\x00\x0d\x7f` + "\n", Text, false},
		{"a\u009b\u0085\u202e\u2066\u2028\u200f", `a\x9b\x85\u202e\u2066\u2028\u200f`, Text, false},
		{"a\x9bb\xe3\x81b", `a\x9bb\xe3\x81b`, Text, false},
		{"\x1b[31mred\x1b[0m \x1b[2J\n", `\x1b[31mred\x1b[0m \x1b[2J` + "\n", Text, false},
		{"\x1b[31mred\x1b[0m \x1b[2J\n", `\x1b[31mred\x1b[0m \x1b[2J` + "\n", Text, true},
		{"::error::x\n ::y\na::b\n:c\n", `:\x3aerror::x` + "\n" + ` :\x3ay` + "\na::b\n:c\n", Text, false},
		{"a ##[error]b # ## [c]\n", `a ##\x5berror]b # ## [c]` + "\n", Text, false},
		{"::error::x\x1b\n##[a]\n", `::error::x\x1b` + "\n##[a]\n", Commands, false},
		{"\"\u009b\u202e\"\n::a", `"\u009b\u202e"` + "\n" + `:\u003aa`, JSON, false},
		{"<a>\u009b\u202e</a>\n::a", "<a>&#x9b;&#x202e;</a>\n:&#x3a;a", XML, false},
		{"\u3000\u00a0::x\n:\n:\n", "\u3000\u00a0:" + `\x3ax` + "\n:\n:\n", Text, false},
		{"##vso[a]###[b]##a1[c]#\n#[d]", `##vso\x5ba]###\x5bb]##a1[c]#` + "\n#[d]", Text, false},
		{"\u200b\ufeff\u00ad\u3164\U000e0041\ufff9", `\u200b\ufeff\xad\u3164\U000e0041\ufff9`, Text, false},
		{"\U000e0041\xff", `\udb40\udc41\ufffd`, JSON, false},
		{"\U000e0041\xff", `&#xe0041;&#xfffd;`, XML, false},
	} {
		if got := screened(t, tt.as, tt.color, tt.text, 1000); got != tt.want {
			t.Errorf("%q: got  %q\nwant %q", tt.text, got, tt.want)
		}
	}
	if _, err := NewScreen(errWriter{}, Text, false).Write([]byte("x")); err != io.ErrClosedPipe {
		t.Errorf("got %v, want the error of the writer", err)
	}
}

// Colours come by Paint alone, also through a screen that stands in another's place.
func TestPaint(t *testing.T) {
	for _, tt := range []struct {
		behind, color bool
		want          string
	}{
		{true, true, "\x1b[31ma" + `\x1b[0mb` + "\x1b[0m c"},
		{true, false, `a\x1b[0mb c`},
		{false, true, `a\x1b[0mb c`},
	} {
		var out bytes.Buffer
		page := NewPage(NewScreen(&out, Text, tt.behind), Text, tt.color)
		page.Paint("a\x1b[0mb", "31")
		page.Paint(" c", "")
		if out.Len() > 0 {
			t.Errorf("%q left before the page was let go", out.String())
		}
		if err := page.Flush(); err != nil || out.String() != tt.want {
			t.Errorf("got %q, %v; want %q", out.String(), err, tt.want)
		}
	}
}

type errWriter struct{}

func (errWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// Whatever is written in whatever pieces, no line moves a terminal or is a command.
func TestScreenProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		piece := rapid.SampledFrom([]string{"::", ":", "\n", " ", "##[", "#", "[", "\x1b", "\x1b[1m", "\x9b", "\u009b", "日", "\xe3\x81", "\u202e", "\r", "x"})
		text := strings.Join(rapid.SliceOf(piece).Draw(t, "text"), "") + "\n"
		n := rapid.IntRange(1, 9).Draw(t, "n")
		got := screened(t, Text, false, text, n)
		for line := range strings.Lines(got) {
			if strings.HasPrefix(strings.TrimLeft(line, " \t"), "::") {
				t.Errorf("%q is a command", line)
			}
		}
		for _, r := range strings.ReplaceAll(got, "\n", "") {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar {
				t.Errorf("%q in %q", r, got)
			}
		}
	})
}
