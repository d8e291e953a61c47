package notify

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// What the other side quotes of a secret address is hidden, the words of services are not.
func TestQuoteHidesThePath(t *testing.T) {
	for _, c := range []struct{ address, body, want string }{
		{"https://h/hooks/ab12", "no hook ab12", "no hook ***"},
		{"https://h/hooks/ab12", "POST /hooks/ab12 is not known", "POST /*** is not known"},
		{"https://h/hooks/ab12", "no hooks here", "no hooks here"},
		{"https://h/services/T0/B1/x9z", "cannot POST /services/T0/B1/x9z", "cannot POST /***"},
		{"https://h/services/T0/B1/x9z", `{"path":"\/services\/T0\/B1\/x9z"}`, `{"path":"\/***"}`},
		{"https://h/services/T0/B1/x9z", "T0 is not known", "T0 is not known"},
		{"https://h/api/webhooks/123/a%20bc", "webhooks: no a bc, a%20bc, 123", "webhooks: no ***, ***, 123"},
		{"https://h/api/v2/alerts", "/api/v2/alerts is not found", "/api/v2/alerts is not found"},
		{"https://h/abc", "abc", "abc"},
		{"https://h", "not found", "not found"},
	} {
		u, err := url.Parse(c.address)
		if err != nil {
			t.Fatal(err)
		}
		if got := (Call{URL: u}).Quote([]byte(c.body)); got != ": "+c.want {
			t.Errorf("%s, %s: got %s, want %s", c.address, c.body, got, c.want)
		}
	}
}

// Of a redirect the server is told, no path, user or query.
func TestMovedTellsTheServer(t *testing.T) {
	u, _ := url.Parse("https://h/hooks/ab12")
	for to, want := range map[string]string{
		"http://localhost:9102/x": "moved to http://localhost:9102;", "/login/hush": "moved to https://h;",
		"https://me:hush@other/hush?hush=hush#hush": "moved to https://other;", "//other/hush": "moved to https://other;",
		"": "",
	} {
		got := Call{URL: u}.moved(Answer{Status: 302, Header: http.Header{"Location": {to}}})
		if want == "" && got != "" || !strings.Contains(got, want) || strings.Contains(got, "hush") {
			t.Errorf("%s: got %q, want %q in it", to, got, want)
		}
	}
}
