package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
)

func TestURL(t *testing.T) {
	for _, c := range []struct{ text, shown, joined string }{
		{"http://host", "http://host", "http://host/api/v1"},
		{"https://host:9090/", "https://host:9090/", "https://host:9090/api/v1"},
		{"https://host/some%2Fprefix?tenant=hush", "https://host/some%2Fprefix", "https://host/some%2Fprefix/api/v1?tenant=hush"},
		{"http://[::1]:9090", "http://[::1]:9090", "http://[::1]:9090/api/v1"},
	} {
		b, err := ParseBlock("slo.yaml", fmt.Sprintf("url: %q", c.text), "")
		if err != nil {
			t.Fatal(err)
		}
		u := b.URL("url")
		if !u.Is() || u.String() != c.shown || u.Join("api", "v1").String() != c.joined {
			t.Errorf("%s: got %s, joined %s; want %s, %s", c.text, u, u.Join("api", "v1"), c.shown, c.joined)
		}
	}
	if (Block{}).URL("url").Is() {
		t.Error("a missing key is an address")
	}
}

// However an address is printed, its query is not, whatever holds it.
func TestURLIsNotPrintedWithItsQuery(t *testing.T) {
	type holder struct {
		URL    URL
		hidden URL
		many   []URL
		next   *URL
		any    any
	}
	u, err := ParseURL("https://host/a?token=hush-1")
	if err != nil {
		t.Fatal(err)
	}
	h := holder{URL: u, hidden: u, many: []URL{u}, next: &u, any: u}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10s"} {
		for _, v := range []any{u, &u, h, &h, []URL{u}, map[string]URL{"a": u}, map[string]holder{"a": h}} {
			text := fmt.Sprintf(verb, v)
			if strings.Contains(text, "hush") || strings.Contains(strings.ToLower(text), "68757368") {
				t.Errorf("%s of %T: got %s", verb, v, text)
			}
		}
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "url", u, "holder", h, "pointer", &h)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "url", u, "holder", h, "pointer", &h)
	body, err := json.Marshal(map[string]any{"url": u, "holder": h})
	if err != nil || strings.Contains(log.String()+string(body), "hush") {
		t.Errorf("got %s%s, %v", log.String(), body, err)
	}
	if !strings.Contains(log.String(), "url=https://host/a ") || !strings.Contains(string(body), `"url":"https://host/a"`) {
		t.Errorf("got %s%s, want the address without its query", log.String(), body)
	}
	for _, verb := range []string{"%v", "%#v", "%d"} {
		if got := fmt.Sprintf(verb, u); got != "https://host/a" {
			t.Errorf("%s: got %s", verb, got)
		}
	}
}

func TestRedact(t *testing.T) {
	query := QuerySecrets("token=hush%2F1&a=b&hush-2;c=hu+sh%7e")
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"a=b is not told, a b c neither", "a=b is not told, a b c neither"},
		{"hush/1, hush%2F1, hush-2, hu sh~, hu+sh%7e, hu+sh~ and hu%20sh~", "***, ***, ***, ***, ***, *** and ***"},
		{"GET /?token=hush%2F1&a=b&hush-2;c=hu+sh%7e", "GET /?***"},
		{"from http://me:hush@host and http://host@", "from http://***@host and http://***@"},
	} {
		if got := Redact(c.text, query...); got != c.want {
			t.Errorf("%s: got %s, want %s", c.text, got, c.want)
		}
	}
	if got := Redact("hush-12, hush-1", NewSecret("hush-1"), NewSecret("hush-12"), Secret{}); got != "***, ***" {
		t.Errorf("a secret within another: got %s", got)
	}
	if got := QuerySecrets(""); got != nil {
		t.Errorf("no query: got %d secrets", len(got))
	}
	user := UserSecrets(url.UserPassword("me", "hush/3"))
	if got := Redact("hush/3 hush%2F3 bWU6aHVzaC8z me", user...); got != "*** *** *** me" {
		t.Errorf("a user: got %s", got)
	}
	if got := Redact("hush-1 aHVzaC0xOg==", UserSecrets(url.User("hush-1"))...); got != "*** ***" {
		t.Errorf("a name that is a token: got %s", got)
	}
	if got := Redact("me, some bWU6", UserSecrets(url.User("me"))...); got != "me, some ***" || UserSecrets(nil) != nil {
		t.Errorf("a short name: got %s", got)
	}
	u, err := ParseURL("https://host/?key=hush-1")
	if err != nil || u.Hide("key hush-1 is not allowed") != "key *** is not allowed" || (URL{}).Hide("key") != "key" {
		t.Errorf("got %s, %v", u.Hide("key hush-1 is not allowed"), err)
	}
}

func TestNotAURL(t *testing.T) {
	for _, text := range []string{"", "host", "host:9090", "//host", "ftp://host", "http://", "http:///path", "http://:80", "http://[::1",
		"http://ho st", "http://hush@host", "https://me:hush@host", "https://me:hu/sh@host", "http://host/#hush", "http://host/#", "http://host/%zz?hush"} {
		u, err := ParseURL(text)
		if err == nil || u.Is() {
			t.Errorf("%q is taken as %s", text, u)
		}
		if err != nil && strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: got %v", text, err)
		}
	}
}
