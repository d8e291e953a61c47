package survey

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPrefixOf(t *testing.T) {
	for path, want := range map[string]string{
		"/": "/*", "/cart": "/*", "/cart/": "/cart/*", "/cart/items": "/cart/*", "/users/123": "/users/*", "/users/123/orders": "/users/*",
		"/api/pay/1": "/api/pay/*", "/api/v1/users/7": "/api/v1/users/*", "/v2/cart/x": "/v2/cart/*", "/api/v1/v2/x/y": "/api/v1/v2/*",
		"/api/6fa459ea-ee8a-3ca4-894e-db77e160355e/x": "/api/*", "/deadbeef01/x": "/*", "/2026-05-01/report": "/*", "/20260501/r": "/*",
		"/123/profile": "/*", "/api/2026/05/x": "/api/*", "/order-12345/pay": "/*", "/feed/x": "/feed/*", "/a%20b/x": "/*", "/added/x": "/added/*",
		"": "", "*": "", "http": "",
	} {
		if got := prefixOf(path); got != want {
			t.Errorf("prefixOf(%q) = %q, want %q", path, got, want)
		}
	}
}

// A proposal tells what carried the lines, what it leaves out, and since when.
func TestPropose(t *testing.T) {
	var log strings.Builder
	for i := range 100 {
		path := fmt.Sprintf("/users/%d/orders", i)
		switch {
		case i >= 98:
			path = "-"
		case i >= 95:
			path = "/favicon.ico"
		}
		fmt.Fprintf(&log, "web-1  | 192.0.2.7 - - [01/Oct/2026:00:%02d:30 +0000] \"GET %s HTTP/1.1\" 200 5 \"-\" \"ua\"\n", i%60, path)
	}
	path := filepath.Join(t.TempDir(), "a.log")
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(log.String(), "GET - HTTP/1.1", "-")), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Look(t.Context(), nil, path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := s.Propose("a.log")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`path: "/users/*"`, "carried by docker compose", "5 of them, 5.0%,", "since: 2026-10-01T00:00:00Z", "95 requests"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the proposal lacks %q:\n%s", want, text)
		}
	}
}

// What fits no format names the nearest one and the first line that breaks it.
func TestNearest(t *testing.T) {
	const good = `192.0.2.7 - - [01/Oct/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "ua"`
	for text, want := range map[string]string{
		good + "\nwhat is this\n" + good + "\nand this\n": ":2: no known log format fits; the nearest is combined, which this line breaks\n   what is this\nhint: ",
		"what is this\n": " has no known log format\nhint: ",
		"":               " has no line that can be read",
	} {
		path := filepath.Join(t.TempDir(), "a.log")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Look(t.Context(), nil, path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
