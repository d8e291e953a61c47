package server

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"
)

// Addresses keep their prefix, whatever it is, and nothing of it is resolved.
func TestURL(t *testing.T) {
	for from, want := range map[string]string{
		"http://h":              "http://h/api/v1/query",
		"http://h/":             "http://h/api/v1/query",
		"http://h/prefix/":      "http://h/prefix/api/v1/query",
		"http://h/a/../b//c":    "http://h/a/../b//c/api/v1/query",
		"http://h/api/v1/":      "http://h/api/v1/query",
		"http://h/a%2Fb?x=1#y":  "http://h/a%2Fb/api/v1/query?x=1",
		"http://h/select/0:1/p": "http://h/select/0:1/p/api/v1/query",
	} {
		base, err := url.Parse(from)
		if err != nil {
			t.Fatal(err)
		}
		if got := URL(base, "query").String(); got != want {
			t.Errorf("%s: got %s, want %s", from, got, want)
		}
	}
}

// What a server says is one line without secrets, and not long.
func TestShown(t *testing.T) {
	hide := func(text string) string { return strings.ReplaceAll(text, "s3cret", "***") }
	for text, want := range map[string]string{
		"  a\n\tb  ":            "a b",
		"token s3cret is wrong": "token *** is wrong",
		"a\xffb":                "a\uFFFDb",
	} {
		if got := Shown(text, hide); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if got := Shown(strings.Repeat("x", 2*MaxShown), hide); got != strings.Repeat("x", MaxShown-1)+"…" {
		t.Errorf("a long text is shown as %q", got)
	}
}

// Nobody waits who has no time for it.
func TestPause(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if Pause(ctx, 1) == nil || ctx.Err() != nil {
		t.Error("there is a pause of over a second within one")
	}
}
