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

// What is proposed can be answered: what a request lacks is left out, lines that do not
// fit are allowed for, and what was asked for long ago is no objective.
func TestProposeWhatIsAnswered(t *testing.T) {
	line := func(day, minute int, path, status, taken string) string {
		return fmt.Sprintf("192.0.2.7 - - [%02d/Oct/2026:00:%02d:30 +0000] \"GET %s HTTP/1.1\" %s 5 \"-\" \"ua\" 1 \"r@f\" \"http://b\" %s\n", day, minute, path, status, taken)
	}
	hour := func(status, taken func(minute int) string) string {
		var log strings.Builder
		for minute := range 60 {
			log.WriteString(line(1, minute, "/users/1", status(minute), taken(minute)))
		}
		return log.String()
	}
	always := func(text string) func(int) string { return func(int) string { return text } }
	every := func(n int, text, other string) func(int) string {
		return func(minute int) string {
			if minute%n == 0 {
				return text
			}
			return other
		}
	}
	whole := hour(always("200"), always("12ms"))
	tests := []struct {
		name, log, ends string
		has, lacks      []string
	}{
		{"all that is needed", whole, "--at 2026-10-01T01:00, the end of the log",
			[]string{`where: {path: "/users/*"} # which`, "where: {path: \"/users/*\"}\n"}, []string{"not: none", "max_unread"}},
		{"no status now and then", hour(every(10, "-", "200"), always("12ms")), "--at 2026-10-01T01:00, the end of the log",
			[]string{`where: {path: "/users/*", status: {not: none}} # which requests count at all: 6 requests have no status`, "of 54 requests\n"}, []string{"duration: {not"}},
		{"no duration now and then", hour(always("200"), every(60, "-", "12ms")), "--at 2026-10-01T01:00, the end of the log",
			[]string{`where: {path: "/users/*", duration: {not: none}} # 1 request has no duration`}, []string{"status: {not"}},
		{"no status at all", hour(always("-"), always("12ms")), "--at 2026-10-01T01:00, the end of the log",
			[]string{"has a status: it tells nothing of availability", "name: latency"}, []string{"name: availability"}},
		{"lines that do not fit", whole + "what is this\n", "--at 2026-10-01T01:00, the end of the log",
			[]string{"1 more line does not fit format traefik-clf: with more than max_unread", `format: "traefik-clf", max_unread: 2%}`}, nil},
		{"one of very many", strings.Repeat(whole, 2) + "what is this\n", "--at 2026-10-01T01:00, the end of the log",
			[]string{"1 more line does not fit format traefik-clf."}, []string{"max_unread"}},
		{"what came in another window", strings.ReplaceAll(whole, "/users/1", "/old/1") + strings.ReplaceAll(whole, "[01/Oct", "[31/Oct"), "--at 2026-10-31, the last day of the log",
			[]string{`path: "/users/*"`, "60 of them, 50.0%, are of no path below"}, []string{"/old/"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.log")
			if err := os.WriteFile(path, []byte(tt.log), 0o600); err != nil {
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
			for _, want := range tt.has {
				if !strings.Contains(string(text), want) {
					t.Errorf("the proposal lacks %q:\n%s", want, text)
				}
			}
			for _, not := range tt.lacks {
				if strings.Contains(string(text), not) {
					t.Errorf("the proposal has %q:\n%s", not, text)
				}
			}
			if got := s.Ends(); got != tt.ends {
				t.Errorf("ends %q, want %q", got, tt.ends)
			}
		})
	}
}

// What fits no format names the nearest one and the first line that breaks it.
func TestNearest(t *testing.T) {
	const good = `192.0.2.7 - - [01/Oct/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "ua"`
	for text, want := range map[string]string{
		good + "\nwhat is this\n" + good + "\nand this\n": ":2: no known log format fits; the nearest is combined, which this line breaks: what is this\nhint: ",
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
