package hosts

import (
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// An entry allows the hosts that it names, at a label's border, and none that looks alike.
func TestAllows(t *testing.T) {
	for _, tt := range []struct {
		entries, address string
		want             bool
	}{
		{"hooks.slack.com", "https://hooks.slack.com/services/x", true},
		{"hooks.slack.com", "http://hooks.slack.com:8080", true},
		{"HOOKS.Slack.com.", "https://hooks.slack.com", true},
		{"hooks.slack.com", "https://HOOKS.SLACK.COM.:443/", true},
		{"hooks.slack.com", "https://hooks.slack.com.evil.net", false},
		{"hooks.slack.com", "https://evil-hooks.slack.com", false},
		{"hooks.slack.com", "https://hooks.slack.com@evil.net", false},
		{"hooks.slack.com", "https://evil.net/hooks.slack.com", false},
		{"hooks.slack.com", "https://evil.net?hooks.slack.com", false},
		{"hooks.slack.com", "https://evil.net#@hooks.slack.com", false},
		{"hooks.slack.com", "https://hooks.slack.com..", false},
		{"hooks.slack.com", "https://hooks.slack.com%00.evil.net", false},
		{"example.com", "https://a.example.com", false},
		{"*.example.com", "https://a.example.com", true},
		{"*.example.com", "https://b.a.example.com:9", true},
		{"*.example.com", "https://example.com", false},
		{"*.example.com", "https://.example.com", true}, // no such host is found
		{"*.example.com", "https://evil-example.com", false},
		{"*.example.com", "https://a.example.com.evil.net", false},
		{"*.example.com:443", "https://a.example.com", true},
		{"*.example.com:443", "http://a.example.com", false},
		{"h:443", "https://h", true},
		{"h:443", "https://h:0443", true},
		{"h:443", "http://h", false},
		{"h:443", "http://h:443", true},
		{"h:80", "http://h", true},
		{"h:080", "http://h:80", true},
		{"h:443", "https://h:444", false},
		{"prom.example:9090", "http://prom.example:9090", true},
		{"127.0.0.1", "http://127.0.0.1:8080", true},
		{"127.0.0.1", "http://[::ffff:127.0.0.1]:8080", true},
		{"127.0.0.1", "http://localhost", false},
		{"127.0.0.1", "http://127.0.0.1.evil.net", false},
		{"0.0.1", "http://127.0.0.1", false},
		{"*.0.0.example", "http://127.0.0.example", true},
		{"::1", "http://[::1]:25", true},
		{"[::1]", "http://[0:0::1]", true},
		{"[::1]:25", "http://[::1]:25", true},
		{"[::1]:25", "http://[::1]:26", false},
		{"[FE80::1%eth0]", "http://[fe80::1%25eth0]", true},
		{"[fe80::1%25eth0]:80", "http://[fe80::1%25eth0]", true},
		{"[fe80::1%eth0]", "http://[fe80::1%25eth1]", false},
		{"fe80::1", "http://[fe80::1%25eth0]", false},
		{"bücher.example", "https://xn--bcher-kva.example", true},
		{"xn--bcher-kva.example", "https://BÜCHER.example", true},
		{"*.bücher.example", "https://www.bücher.example", true},
		{"example.com", "https://ｅｘａｍｐｌｅ。com", true},  // it is that host which is looked up
		{"example.com", "https://еxample.com", false}, // the first letter is Cyrillic
		{"a, b", "https://b", true},
	} {
		list, err := Parse(strings.Split(tt.entries, ","))
		if err != nil {
			t.Errorf("%s: %v", tt.entries, err)
			continue
		}
		u, err := url.Parse(tt.address)
		if err != nil {
			if tt.want {
				t.Errorf("%s: %v", tt.address, err)
			}
			continue
		}
		if got := list.Allows(Of(u)); got != tt.want {
			t.Errorf("%s and %s: got %t", tt.entries, tt.address, got)
		}
	}
	if (List{}).Allows(Host{}) || (List{{}}).Allows(Host{}) {
		t.Error("no host is allowed")
	}
}

func TestBadEntries(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "an entry is empty",
		" ":                       "an entry is empty",
		"*":                       "every host",
		"*:443":                   "every host",
		"*.":                      "no name of a host",
		"a.*.example":             "no name of a host",
		"**.example":              "no name of a host",
		"*example.com":            "no name of a host",
		"*.*.example":             "no name of a host",
		"*.10.0.0.1":              "below an IP address",
		"https://u:hush@h/hush":   `"https://h" is no host: it is an address`,
		"h/hush":                  `"h/…" is no host: it has a path`,
		"h?hush":                  "it has a path",
		`h\hush`:                  "it has a path",
		"hush@h":                  `"…@h" is no host: it names a user`,
		"h:":                      "no port",
		"h:0":                     "no port",
		"h:65536":                 "no port",
		"h:http":                  "no port",
		"h:80:80":                 "no port",
		"[h]:80":                  "no IP address",
		"[127.0.0.1]":             "no IP address",
		"[::1":                    "no port",
		"[::1]x":                  "no port",
		"a b":                     "no name of a host",
		"a..b":                    "no name of a host",
		".a":                      "no name of a host",
		"h\x00":                   "no name of a host",
		"a%2eb":                   "no name of a host",
		strings.Repeat("a", 64):   "no name of a host",
		strings.Repeat("a.", 200): "no name of a host",
	} {
		_, err := Parse([]string{"ok.example", text})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

// A host is allowed by the entry that names it, as findings propose, and is one in all of
// its forms.
func TestNamedHostIsAllowed(t *testing.T) {
	label := rapid.StringMatching(`[a-zA-Z0-9][a-zA-Z0-9_-]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(label, 1, 4).Draw(t, "labels")
		u := &url.URL{Scheme: rapid.SampledFrom([]string{"http", "https"}).Draw(t, "scheme"), Host: strings.Join(names, ".") + ".example"}
		u.Host += rapid.SampledFrom([]string{"", ".", ":80", ":443", ":9090", ".:0080"}).Draw(t, "end")
		h := Of(u)
		list, err := Parse([]string{h.String()})
		if err != nil || !list.Allows(h) {
			t.Fatalf("%s: %s does not allow it: %v", u, h, err)
		}
		other := *u
		other.Host = "evil" + rapid.SampledFrom([]string{"", "-", "."}).Draw(t, "between") + u.Host
		if list.Allows(Of(&other)) {
			t.Errorf("%s allows %s", h, other.Host)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"a.example:80", "*.b", "[::1]:2", "fe80::1%eth0", "bücher.example", "https://x/y", "1.2.3.4"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := Parse([]string{text})
		if err != nil {
			return
		}
		evil := Of(&url.URL{Scheme: "https", Host: "evil.net"})
		if e := list[0]; list.Allows(evil) && e.name != "evil.net" && e.name != "net" {
			t.Errorf("%q allows %s", text, evil)
		}
	})
}
