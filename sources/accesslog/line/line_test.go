package line

import (
	"bytes"
	"strings"
	"testing"
)

func TestControl(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "a": false, "a\tb": false, "\x00": true, "a\rb": true, "\x7f": true, "\x1b[0m": true, "é\u0080": false,
		"0123456789abcdef": false, "0123456\t89abcdef": false, "0123456\n": true, "01234567\x01": true, "0123456\x7f89abcdef": true,
	} {
		if got := Control([]byte(text)); got != want {
			t.Errorf("Control(%q) = %v", text, got)
		}
	}
	for c := range 256 { // wherever it stands
		for n := range 20 {
			text := strings.Repeat("x", n) + string([]byte{byte(c)}) + strings.Repeat("y", 9)
			if want := c < ' ' && c != '\t' || c == 0x7f; Control([]byte(text)) != want {
				t.Fatalf("Control(%q) = %v", text, !want)
			}
		}
	}
}

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{
		"a": "a", "\x1b[36mweb | \x1b[0mx": "web | x", "\x1b[0;33;1mx\x1b[m": "x", "x\x1b[K": "x",
		"\x1b]0;t\a": "\x1b]0;t\a", "\x1b[": "\x1b[", "\x1b[12": "\x1b[12", "\x1b[2Jx": "\x1b[2Jx", "\x1b\x1b[0m": "\x1b",
	} {
		if got := string(Plain([]byte(text))); got != want {
			t.Errorf("Plain(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestUnwrap(t *testing.T) {
	for text, want := range map[string]string{
		"2026-10-01T00:00:00.1Z stdout F x y":                                 "x y",
		"2026-10-01T00:00:00.123456789+09:00 stderr F x":                      "x",
		"2026-10-01T00:00:00.1Z stdout P x":                                   "",
		"web-1  | x":                                                          "x",
		"web-1  | 2026-10-01T00:00:00Z stdout F x":                            "x",
		"Oct  1 00:00:00 web1 nginx: x":                                       "x",
		"Oct 11 00:00:00 web1 nginx[12]: x: y":                                "x: y",
		"<13>Oct 11 00:00:00 web1 nginx[12]: x":                               "x",
		"<13>nginx: x":                                                        "x",
		"<13>1 2026-10-01T00:00:00Z web1 nginx - - - x":                       "x",
		"<13>1 2026-10-01T00:00:00Z web1 nginx 7 ID [a b=\"]\"] x":            "x",
		"<13>1 2026-10-01T00:00:00Z web1 nginx - - - \xef\xbb\xbfx":           "x",
		"2026-10-01T00:00:00Z web1 nginx: x":                                  "x",
		"192.0.2.1 - - [01/Oct/2026:00:00:00 +0000] \"GET / | \" 20":          "",
		`{"a":"b | c"}`:                                                       "",
		`{"log":"x \"y\"\n","stream":"stdout","time":"2026-10-01T00:00:00Z"}`: `x "y"`,
		`{"log":"\u001b[36mx\u001b[0m\r\n","stream":"stderr","time":""}`:      "x",
		`{"log":"x\u0000\n","stream":"stderr"}`:                               "", `{"log":"x"}`: "", `{"log":"x`: "",
		"time:1\tx: | y": "", "2026-10-01T00:00:00Z 200 0.1": "", "web | b | c": "b | c", "x y | z": "", "": "", "<13": "", "<13>": "",
		"2026-10-01T00:00:00Z PUT /x?q=\"a: b":        "",
		"web-1  | 2026-10-01T00:00:00.123456789Z x y": "x y",
		"web-1  |   x y": "x y",
		`{"log": "x\n", "stream": "stdout", "time": "2026-10-01T00:00:00Z"}`: "x",
		`{"stream":"stdout","time":"2026-10-01T00:00:00Z","log":"x\n"}`:      "x",
		`{"log": "x\n", "stream": "stdout", "log": "y\n"}`:                   "",
		`Oct 11 00:00:00 web1 nginx[1]: {"log":"x\n","stream":"stdout"}`:     "x",
		"129 <165>1 2026-10-01T00:00:00Z web1 nginx - - - x":                 "x",
		"129 <165>Oct 11 00:00:00 web1 nginx: x":                             "x",
		"129 <x>1 2026-10-01T00:00:00Z web1 nginx - - - x":                   "",
		"Oct 11 2026 00:00:00 web1 nginx[12]: x":                             "x",
		"Oct  1 2026 00:00:00 web1 nginx: x":                                 "x",
		"<13>Oct 11 2026 00:00:00 web1 nginx: x":                             "x",
		"Oct 11 00:00:00.123456 web1 nginx[12]: x":                           "x",
		"Thu 2026-10-01 00:00:00 UTC web1 nginx[12]: x":                      "x",
		"Oct 11 00:00:00.": "", "Oct 11 00:00:00": "", "Oct 11 2026 00:00:00 ": "", "129 <1": "",
		"2026-10-01T00:00:00.123456789+09:00 x y":                                                       "x y",
		"web-1  | 2026-10-01T00:00:00.123Z x y":                                                         "2026-10-01T00:00:00.123Z x y",
		`{"log":"x\n","stream":"stdout","time":"2026-10-01T00:00:00.1Z","log":"y\n","stream":"stdout"}`: "",
	} {
		if inner, _ := Unwrap([]byte(text)); string(inner) != want {
			t.Errorf("Unwrap(%q) = %q, want %q", text, inner, want)
		}
	}
	if !Partial([]byte("2026-10-01T00:00:00.1Z stdout P x")) || Partial([]byte("2026-10-01T00:00:00.1Z stdout F x P ")) {
		t.Error("a part of a line is not told from a whole one")
	}
}

func TestForeign(t *testing.T) {
	for text, want := range map[string]string{
		"2026/10/01 00:00:00 [error] 31#31: *7 x":                                               "nginx error log entries",
		"web | 2026/10/01 00:00:00 [warn] 1#1: x":                                               "nginx error log entries",
		"[Thu Oct 01 00:00:00.1 2026] [mpm_event:notice] [pid 1:tid 2] x":                       "Apache error log entries",
		"[2026-10-01 00:00:00.743][1][info][main] x":                                            "Envoy log entries",
		"E1001 00:00:00.123456       7 main.go:1] x":                                            "application log entries",
		`time="2026-10-01T00:00:00Z" level=info msg=x`:                                          "application log entries",
		`level=info ts=2026-10-01T00:00:00Z msg=x`:                                              "application log entries",
		"2026-10-01T00:00:00Z INF github.com/traefik > x":                                       "application log entries",
		"2026-10-01 00:00:00,123 [WARNING] x":                                                   "application log entries",
		"2026/10/01 00:00:00.123\tINFO\ttls\tx":                                                 "application log entries",
		"DEBUG: x":                                                                              "application log entries",
		`{"level":"info","msg":"x","ts":1}`:                                                     "application log entries",
		`{"severity":"INFO","message":"x"}`:                                                     "application log entries",
		`{"level":"info","msg":"x","status":500}`:                                               "",
		`{"level":"info","msg":"x","RequestPath":"/"}`:                                          "",
		`{"level":"info"}`:                                                                      "",
		`{"level":"info","msg":"x"`:                                                             "",
		"/docker-entrypoint.sh: x":                                                              "lines of a container's start",
		"192.0.2.1 - - [01/Oct/2026:00:00:00 +0000] \"GET / HTTP/1.1\" 20":                      "",
		"2026-10-01 00:00:05 GET /a 200":                                                        "",
		"2026-10-01T00:00:00Z 500 0.1":                                                          "",
		"2026-05-01 11:46:10 UTC [1] LOG:  database system is ready":                            "PostgreSQL log entries",
		"db | 2026-05-01 11:46:10.123 UTC [77] ann@shop ERROR:  no":                             "PostgreSQL log entries",
		"2026-05-01 11:46:10 GET [1] /LOG: 200 x":                                               "",
		"PHP Warning:  Undefined variable $x in /a.php on line 3":                               "PHP log entries",
		"[01-May-2026 11:46:10 UTC] PHP Fatal error:  no":                                       "PHP log entries",
		"php-1  | [01-May-2026 11:46:10] NOTICE: ready to handle":                               "PHP log entries",
		"192.0.2.7:3 [06/Feb/2026:12:12:51.443] fnt b/s 0/0/5 212 -- 0/0/0/0/3 0/0":             "HAProxy log entries",
		"192.0.2.7:3 [06/Feb/2026:12:12:51.443] fnt/1: Connection closed":                       "HAProxy log entries",
		"Server b/s is DOWN, reason: Layer4 timeout":                                            "HAProxy log entries",
		"backend b has no server available!":                                                    "HAProxy log entries",
		"Proxy http-in started.":                                                                "HAProxy log entries",
		"Proxy 192.0.2.7 200":                                                                   "",
		"192.0.2.7:3 [06/Feb/2026:12:12:51.443] fnt b/s 0/0/1/2/5 212 9 - - ---- 0/0/0/0/3 0/0": "",
		"PHP is a request":                                                                      "",
		"web | 2026-10-01T00:00:00.123456789Z 2026/10/01 00:00:00 [warn] 1#1: x":                "nginx error log entries",
		"web | 2026-10-01T00:00:00.123456789Z INF x":                                            "application log entries",
		"web-1  | 2026-10-01T00:00:00.123456789Z ":                                              "empty lines",
		"web-1  | ": "empty lines", "garbage": "", "": "", " ": "",
	} {
		if got := Foreign([]byte(text)); got != want {
			t.Errorf("Foreign(%q) = %q, want %q", text, got, want)
		}
	}
}

// FuzzLine: what is taken off stands in front, and nothing else is changed.
func FuzzLine(f *testing.F) {
	f.Add([]byte("\x1b[36mweb-1  | \x1b[0mx"))
	f.Add([]byte("<13>1 2026-10-01T00:00:00Z web1 nginx 7 ID [a b=\"]\"] x"))
	f.Add([]byte("2026-10-01T00:00:00.1Z stdout F Oct  1 00:00:00 web1 nginx: x"))
	f.Add([]byte(`{"level":"info","msg":"x"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		carried := !bytes.Contains(b, []byte(`{"log":"`)) // which is decoded
		if inner, _ := Unwrap(b); inner != nil && carried && (!bytes.HasSuffix(b, inner) || len(inner) == len(b)) {
			t.Errorf("Unwrap(%q) = %q", b, inner)
		}
		if plain := Plain(b); len(plain) > len(b) || Control(plain) && !Control(b) {
			t.Errorf("Plain(%q) = %q", b, plain)
		}
		if rest := Later(b, b); rest != nil && !bytes.HasSuffix(b, rest) {
			t.Errorf("Later(%q) = %q", b, rest)
		}
		Foreign(b)
		Partial(b)
	})
}

// A value of structured data may hold brackets and quotes.
func TestStructuredData(t *testing.T) {
	const head = "<190>1 2026-05-01T00:00:00Z web1 nginx 12 - "
	for data, want := range map[string]string{
		"-": "x y", `[a@1 k="1"]`: "x y", `[a@1 k="1"][b@2]`: "x y", `[a@1 k="a\] b"]`: "x y", `[a@1 k="] \" ["]`: "x y",
		`[a@1 k="1"`: "", `[a@1]x`: "", "a": "",
	} {
		if got, by := Unwrap([]byte(head + data + " x y")); string(got) != want || want != "" && by != Syslog {
			t.Errorf("%s: %q by %s, want %q", data, got, by, want)
		}
	}
}
