package diag

import (
	"strings"
	"testing"
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
