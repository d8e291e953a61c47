package yamlout

import (
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/spec/yaml"
)

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"nines:bad:increase1h": "nines:bad:increase1h",
		"yes":                  "'yes'",
		"Null":                 "'Null'",
		"":                     "''",
		"1h":                   "'1h'",
		"a:":                   "'a:'",
		"it's # not":           "'it''s # not'",
		"two\nlines":           `"two\nlines"`,
		"a\u2028b\u0085":       `"a\U00002028b\U00000085"`,
		"\xff":                 `"` + "\ufffd" + `"`,
		"支払い":                  "'支払い'",
		"a\u3164b":             `"a\U00003164b"`,
		"\\\t\"":               `"\\\U00000009\""`,
	} {
		if got := Text(text); got != want {
			t.Errorf("Text(%q) = %s, want %s", text, got, want)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, text := range []string{"a: b", "{{ $x }}", "- x", "\x00", "\ufeff", "'", "~", "0x1f", "\r\n", "=", "\U0001f600"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		line := "k: " + Text(text) + "\n"
		if strings.Count(line, "\n") != 1 {
			t.Fatalf("more than a line: %q", line)
		}
		docs, findings := yaml.Parse("f", []byte(line))
		if findings.Errors() || len(docs) != 1 {
			t.Fatalf("%q: %v", line, findings)
		}
		if got, want := docs[0].Get("k").Text, strings.ToValidUTF8(text, "\ufffd"); got != want && got != each(text) {
			t.Fatalf("%q reads back as %q", want, got)
		}
	})
}

// each returns text with every byte that is no UTF-8 replaced by itself.
func each(text string) string { return string([]rune(text)) }
