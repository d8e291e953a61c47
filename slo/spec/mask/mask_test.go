package mask

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo/pattern"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// masked returns text without its secrets, and without places that only a file that
// can be read has, if it is read as broken.
func masked(text string, broken bool) string {
	n := New([]string{"dsn"})
	lines := strings.Split(text, "\n")
	docs, _ := yaml.Parse("slo.yaml", []byte(text))
	if broken {
		docs = nil
	}
	for _, doc := range docs {
		n.Lines(lines, n.Places(doc))
	}
	n.Lines(lines, nil)
	return strings.Join(lines, "\n")
}

func TestLines(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"token: hush-1", "token: ******"},
		{"token:", "token:"},
		{"tokn: hush-1", "tokn: ******"},
		{"pasword: hush-1", "pasword: ******"},
		{"tokn_env: hush-1", "tokn_env: ******"},
		{"tokn_env: TOKEN", "tokn_env: TOKEN"},
		{"tier: hush-1", "tier: hush-1"},
		{"dns: hush-1", "dns: ******"},
		{"data: hush", "data: hush"},
		{"token:hush-1", "token:******"},
		{`"token": "hush-1"`, `"token": ********`},
		{"a: 1\nmy_PASSWORD: hush-1\nb: 2", "a: 1\nmy_PASSWORD: ******\nb: 2"},
		{"a: {token: hush-1, b: 2}", "a: {token: *************"},
		{"a: 1  # token: hush-1", "a: 1  # token: ******"},
		{"a: 日本 # token: 日本", "a: 日本 # token: **"},
		{"token_env: TOKEN", "token_env: TOKEN"},
		{"a: {token_env: PROM_TOKEN_2, b: 2}", "a: {token_env: PROM_TOKEN_2, b: 2}"},
		{`token_env: "TOKEN"  # of the proxy`, `token_env: "TOKEN"  # of the proxy`},
		{"token_env: ghp_ABC", "token_env: *******"},
		{"token_env: slack_token", "token_env: slack_token"},
		{"token_env: hush", "token_env: ****"},
		{"token_env: hush_1", "token_env: ******"},
		{"token_env: ghp_abcdefghijklmnop", "token_env: ********************"},
		{"token_file: slack_token", "token_file: slack_token"},
		{"token_file: Slack-1.txt", "token_file: Slack-1.txt"},
		{"token_file: Slack-1.hush", "token_file: ************"},
		{"token_env: AKIAIOSFODNN7EXAMPLE", "token_env: ********************"},
		{"token_env: [hush-1]", "token_env: ********"},
		{"token_env: TOKEN\ntoken_env: hush-1", "token_env: TOKEN\ntoken_env: ******"},
		{"dsn_file: secrets/dsn", "dsn_file: secrets/dsn"},
		{"dsn_file: dsn.txt", "dsn_file: dsn.txt"},
		{"dsn_file: hush", "dsn_file: ****"},
		{"dsn_file: wJalr/K7MDENG", "dsn_file: *************"},
		{"token: |\n  hush-1\n\n  hush-2\nb: 2", "token: *\n********\n\n********\nb: 2"},
		{"token:\n- hush-1\n- hush-2\nb: 2", "token:\n********\n********\nb: 2"},
		{"- token: hush\n- b: 2", "- token: ****\n- b: 2"},
		{"- token:\n    hush-1\n  b: 2", "- token:\n**********\n  b: 2"},
		{"- {token: hush}\n- b: 2", "- {token: *****\n- b: 2"},
		{"a: {token:\n  hush-1}\nb: 2", "a: {token:\n*********\nb: 2"},
		{"url: https://h/?hush", "url: https://h/?****"},
		{"url: https://h/?a=hush&b=hush", "url: https://h/?*************"},
		{"url: https://h/a", "url: https://h/a"},
		{"url: h/?a=hush", "url: h/?a=****"},
		{"url: https://me:hush@h/a", "url: https://*******@h/a"},
		{`a: "https://h/?k=日本", b: "https://me@h"`, `a: "https://h/?************************`},
		{"urls: [https://h/?hu=sh, https://h/?k=hush]", "urls: [https://h/?****** https://h/?*******"},
		{"query: rate(a[5m]) # what?", "query: rate(a[5m]) # what?"},
	} {
		for _, broken := range []bool{false, true} {
			if got := masked(c.text, broken); got != c.want {
				t.Errorf("%q, broken %v: got %q, want %q", c.text, broken, got, c.want)
			}
		}
	}
}

// What a text alone does not tell, the document does.
func TestPlaces(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"{\n\"token\":\n\"hush-1\"\n}", "{\n\"token\":\n********\n}"},
		{"\"to\\u006ben\": hush-1", "\"to\\u006ben\": ******"},
		{"api key: hush-1", "api key: ******"},
		{"a: &x hush-1\ntoken: *x", "a: &x ******\ntoken: **"},
		{"token: {a: hush-1, b: [hush-2]}\nc: 3", "token: ************************\nc: 3"},
		{"a: &x hush-1\nb: *x", "a: &x hush-1\nb: *x"},
	} {
		if got := masked(c.text, false); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

// twinKey is a key with its sign, as one pattern says it.
var twinKey = pattern.Of(`["']?([A-Za-z0-9_][\w.-]*)["']?\s*[:=]\s*`)

// Keys are found in whatever stands around them.
func TestKeyBefore(t *testing.T) {
	piece := rapid.SampledFrom([]string{"a", "k_2", ":", "=", " ", "\t", "\v", `"`, "'", ".", "-", "?", "//", "日", "\xff", "\u00a0"})
	rapid.Check(t, func(t *rapid.T) {
		line := strings.Join(rapid.SliceOfN(piece, 0, 20).Draw(t, "pieces"), "")
		var got, want []string
		for at := range len(line) {
			if line[at] != ':' && line[at] != '=' {
				continue
			}
			if start, name := keyBefore(line[:at]); name != "" {
				got = append(got, line[start:at]+" has "+name)
			}
		}
		for _, m := range twinKey().FindAllStringSubmatchIndex(line, -1) {
			sign := m[0] + strings.IndexAny(line[m[0]:], ":=")
			want = append(want, line[m[0]:sign]+" has "+line[m[2]:m[3]])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	})
}

func TestIsSecret(t *testing.T) {
	for key, want := range map[string]bool{
		"token": true, "X-Api-Key": true, "apikey": true, "client_secret": true, "PASSWD": true, "bearer_token_env": true,
		"Authorization": true, "credentials": true, "": false, "key": false, "author": false, "target": false,
		"private_key": true, "accessKeyId": true, "set_cookie": true, "session_id": true, "jwt": true, "pwd": true, "basic_auth": true,
		"sid": true, "side": false, "authority": false, "pinned": false, "bypass": false, "design": false, "region": false,
	} {
		if got := IsSecret(key); got != want {
			t.Errorf("%s: got %v, want %v", key, got, want)
		}
	}
}

// A header is secret by its name, and no other is.
func TestIsSecretHeader(t *testing.T) {
	for name, want := range map[string]bool{
		"Authorization": true, "Proxy-Authorization": true, "X-Api-Key": true, "x-auth-token": true, "X-Auth": true, "Cookie": true,
		"PRIVATE-TOKEN": true, "X-Hub-Signature-256": true, "X-Key": true, "Api-Key": true, "X-Shop-Secret": true,
		"X-Team": false, "Content-Type": false, "Author": false, "X-Keyboard": false, "Accept": false, "X-Monkey": false,
	} {
		if got := IsSecretHeader(name); got != want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}

// People write secrets in addresses, flags, headers and JSON; names of files and
// variables, and places for values, are none.
func TestShows(t *testing.T) {
	for text, want := range map[string]bool{
		"https://me:hush@host": true, "https://host/?sig=hush": true, "https://host/?api_key=hush": true, "https://host/?page=2": false, "https://host/a": false,
		"https://hooks.slack.com/services/T0/B0/hush": true, "https://discord.com/api/webhooks/1/hush": true, "https://slack.com": false,
		"https://mm.example/hooks/abcdefghijklmnopqrstuvwxyz": true, "https://mm.example/hooks/ops": false, "mail me@host": false,
		"--token=hush": true, "--token=$TOKEN": false, "--token-file=hush": false, "--token": false, "X-Api-Key: hush": true, "X-Team: slo": false,
		"Cookie: a=b": true, "Authorization: Basic aHVzaGh1c2g=": true, "Bearer hushhush": true, "bearer of news": false, "basic": false, "xoxb-1-hush": true,
		"ghp_0123456789abcdef0": true, "whsec_aHVzaA==": true, `{"routing_key": "hush"}`: true, `{"routing_key": {{json .id}}}`: false,
		`{"project": {"key": "OPS"}}`: false, `{"text": {{json .headline}}}`: false, `{"dedup_key": "{{.id}}"}`: false, "password: <see wiki>": false, "": false,
	} {
		if got := Shows(text); got != want {
			t.Errorf("%s: got %t", text, got)
		}
	}
	for flag, want := range map[string]bool{
		"--token": true, "-password": true, "--api-key": true, "--token-file": false, "--room": false, "token": false, "--token=x": false, "--message-id": false,
	} {
		if got := AsksFor(flag); got != want {
			t.Errorf("%s: got %t", flag, got)
		}
	}
}
