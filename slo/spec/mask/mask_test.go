package mask

import (
	"strings"
	"testing"

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

func TestIsSecret(t *testing.T) {
	for key, want := range map[string]bool{
		"token": true, "X-Api-Key": true, "apikey": true, "client_secret": true, "PASSWD": true, "bearer_token_env": true,
		"Authorization": true, "credentials": true, "": false, "key": false, "author": false, "target": false,
	} {
		if got := IsSecret(key); got != want {
			t.Errorf("%s: got %v, want %v", key, got, want)
		}
	}
}
