package spec

import (
	"encoding/json"
	"fmt"
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
		text, err := json.Marshal(u)
		if shown := fmt.Sprintf("%v %+v %#v %s", u, u, u, text); err != nil || strings.Contains(shown, "hush") {
			t.Errorf("%s: printed as %s, %v", c.text, shown, err)
		}
	}
	if (Block{}).URL("url").Is() {
		t.Error("a missing key is an address")
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
