package notify

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Where a client would see an address something stands between; other texts stay as
// they are.
func TestInert(t *testing.T) {
	for text, want := range map[string]string{
		"http://evil.example/x": "http:|//evil.example/x", "see https://evil.com": "see https:|//evil|.com", "//evil.example": "//evil.example",
		"www.evil.example": "www|.evil.example", "WWW2.evil.example": "WWW2|.evil.example", "www. x": "www. x", "xwww.evil": "xwww.evil",
		"evil.com": "evil|.com", "EVIL.COM/x": "EVIL|.COM/x", "evil.co.jp": "evil|.co|.jp", "evil.com.": "evil|.com.", "サービスevil.comが": "サービスevil|.comが",
		"кремль.рф": "кремль|.рф", "deploy.sh": "deploy|.sh",
		"x@evil.example": "x@|evil.example", "@here": "@here", "a @ b": "a @ b", "mailto:x@y": "mailto|:x@|y", "tel:1": "tel|:1", "TEL: 1": "TEL: 1",
		`\\evil\share`: `\|\evil\share`, `\\`: `\\`, `C:\temp`: `C:\temp`,
		"checkout.v2": "checkout.v2", "api.internal/search": "api.internal/search", "shop.api/availability": "shop.api/availability",
		"99.26% of 99.5%": "99.26% of 99.5%", "checkout:v2": "checkout:v2", "07:48 UTC": "07:48 UTC", "host:9093": "host:9093", "10.0.0.1": "10.0.0.1",
		"a. com": "a. com", "logs/access.log: no such file": "logs/access.log: no such file", "slos/shop.yaml:3:1": "slos/shop.yaml:3:1", "": "",
	} {
		if got := strings.ReplaceAll(Inert(text), Apart, "|"); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// People see the text that it was, and to do it twice changes nothing.
func TestInertProperty(t *testing.T) {
	parts := rapid.SampledFrom([]string{"a", "www", ".", "com", "://", ":", "@", `\`, " ", "日", "/", "v2", "mailto"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(parts).Draw(t, "parts"), "")
		got := Inert(text)
		if strings.ReplaceAll(got, Apart, "") != text {
			t.Errorf("%q becomes %q", text, got)
		}
		if again := Inert(got); again != got {
			t.Errorf("%q becomes %q, and then %q", text, got, again)
		}
	})
}
