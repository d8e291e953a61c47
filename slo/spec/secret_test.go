package spec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/diag"
)

// Whatever prints a secret prints stars.
func TestSecretIsNotPrinted(t *testing.T) {
	type holder struct {
		Token  Secret
		hidden Secret
		Many   []Secret
		Next   *Secret
	}
	s := NewSecret("hush")
	h := holder{Token: s, hidden: s, Many: []Secret{s}, Next: &s}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10s"} {
		for _, v := range []any{s, &s, h, []Secret{s}, map[string]Secret{"a": s}} {
			text := fmt.Sprintf(verb, v)
			if strings.Contains(text, "hush") || strings.Contains(strings.ToLower(text), "68757368") {
				t.Errorf("%s of %T: got %s", verb, v, text)
			}
		}
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", s, "holder", h)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "secret", s, "holder", h)
	body, err := json.Marshal(map[string]any{"secret": s, "holder": h})
	if err != nil || strings.Contains(log.String()+string(body), "hush") || !strings.Contains(string(body), `"secret":"***"`) {
		t.Errorf("got %s%s, %v", log.String(), body, err)
	}
	if s.Reveal() != "hush" || s.String() != "***" || fmt.Sprint(s) != "***" {
		t.Errorf("got %q, printed %s", s.Reveal(), s)
	}
}

func TestNoSecret(t *testing.T) {
	for _, text := range []string{"", " ", "\n"} {
		if s := NewSecret(text); s.Is() || s.Reveal() != "" || fmt.Sprint(s) != "" || s.Hide("text") != "text" {
			t.Errorf("%q: got %q", text, s.Reveal())
		}
	}
	if got := NewSecret(" hush\n").Hide("a hush, hush"); got != "a ***, ***" {
		t.Errorf("got %s", got)
	}
}

func TestSecretsComeFromTheEnvironmentOrAFile(t *testing.T) {
	dir := t.TempDir()
	elsewhere := filepath.Join(t.TempDir(), "token")
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(elsewhere, "hush-far")
	full := strings.Repeat("h", maxSecret)
	for name, text := range map[string]string{
		"token": "hush-file\n", "empty": "\n", "two": "hush-1\nhush-2\n", "nul": "hush\x00",
		"long": full + "hush", "full": full,
	} {
		write(filepath.Join(dir, name), text)
	}
	env := map[string]string{"TOKEN": " hush-env\n", "EMPTY": "", "BLANK": " ", "LINES": "hush-1\nhush-2"}
	for _, c := range []struct{ block, want, err string }{
		{"url: https://prom", "", ""},
		{"token_env: TOKEN", "hush-env", ""},
		{"token_env: UNSET", "", `slo.yaml:1:12: token_env: the variable is not set, or empty [spec/secret]`},
		{"token_env: ghp_9", "", "token_env: the variable is not set, or empty"},
		{"token_file: ghp_9", "", "token_file: no such file or directory"},
		{"token_env: EMPTY", "", "the variable is not set, or empty"},
		{"token_env: BLANK", "", "the secret is empty"},
		{"token_env: LINES", "", "the secret has more than one line, or holds a control character"},
		{"token_file: token", "hush-file", ""},
		{"token_file: " + elsewhere, "hush-far", ""},
		{"token_file: full", full, ""},
		{"token_file: empty", "", "the secret is empty"},
		{"token_file: two", "", "more than one line"},
		{"token_file: nul", "", "control character"},
		{"token_file: long", "", "the file is over 64 KiB"},
		{"token_file: none", "", `slo.yaml:1:13: token_file: no such file or directory [spec/secret]`},
		{"token_file: .", "", "the file cannot be read"},
	} {
		b, err := ParseBlock("slo.yaml", c.block, dir)
		if err != nil {
			t.Fatal(err)
		}
		s, err := b.Secret("token", func(name string) string { return env[name] }, nil)
		switch {
		case c.err == "" && (err != nil || s.Reveal() != c.want):
			t.Errorf("%s: got %q, %v, want %q", c.block, s.Reveal(), err, c.want)
		case c.err != "" && (err == nil || s.Is() || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%s: got %q, %v, want error %s", c.block, s.Reveal(), err, c.err)
		case err != nil && (strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), "ghp")):
			t.Errorf("%s: the error shows the secret: %v", c.block, err)
		}
		if strings.Contains(b.Key()+b.String(), "hush") {
			t.Errorf("%s: the key is %s", c.block, b.Key())
		}
	}
	b, _ := ParseBlock("slo.yaml", "token_env: TOKEN", dir)
	if _, err := b.Secret("token", nil, nil); err == nil {
		t.Error("a secret comes from no environment")
	}
}

// No finding shows a secret that stands in a file, nor does the excerpt of another
// finding in that line.
func TestFindingsShowNoSecret(t *testing.T) {
	text, err := os.ReadFile("testdata/err/secrets.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{string(text), "\ufeff" + strings.ReplaceAll(string(text), "\n", "\r\n")} {
		_, findings := read("secrets.yaml", text)
		var out bytes.Buffer
		if err := diag.Render(&out, findings, false); err != nil {
			t.Fatal(err)
		}
		if out.Len() == 0 || strings.Contains(out.String(), "hush") {
			t.Errorf("got\n%s", out.String())
		}
	}
}

// Whatever is wrong, no finding shows what stands under a key that holds a secret,
// nearly is such a key, or is called like one, nor the query of an address.
func TestNoFindingShowsASecret(t *testing.T) {
	const head = "apiVersion: nines/v1\nservice: a\nsources:\n"
	for _, c := range []struct{ source, want, shown string }{
		{"a: {type: prometheus, bearr_tokn: hush-9}", "unknown key \"bearr_tokn\"", "bearr_tokn: "},
		{"a: {type: prometheus, url: https://h, http: {bearer_tokn: hush-9}}", "unknown key \"bearer_tokn\"", ""},
		{"a: {type: prometheus, bearer_token: hush-9}", "unknown key \"bearer_token\"", ""},
		{"a: {type: prometheus, bearer_token:hush-9}", "unknown key \"bearer_token\"", ""},
		{"a:\n    type: prometheus\n    bearer_token:hush-9:", "unknown key \"bearer_token:***\"", "bearer_token:*"},
		{"a: {type: webb, token: hush-9}", "source type \"webb\" is not known", "type: webb"},
		{"a: {type: webb, my_api_key: hush-9}", "source type \"webb\" is not known", "my_api_key"},
		{"a: {type: webb, colour: blue}", "source type \"webb\" is not known", "colour: blue"},
		{"a: {type: prometheus, url: https://h, http: {bearer_token_env: [hush-9]}}", "must be", ""},
		{"a: {type: prometheus, url: https://h, http: {bearer_token_env: TOKEN, bearer_token_env: hush-9}}", "given twice", ""},
		{"a: {type: prometheus, url: https://h, http: {bearer_token_env: TOKEN, bearer_token_env: TOKEN}}", "given twice", "env: TOKEN}}"},
		{"a: {type: prometheus, url: \"https://h/?k=hush-9\", colour: blue}", "unknown key \"colour\"", "https://h/?"},
		{"a: {type: prometheus, url: https://h/a, colour: blue}", "unknown key \"colour\"", "https://h/a, colour: blue"},
		{"a: {type: webb, url: \"https://me:hush-9@h\"}", "source type \"webb\" is not known", "@h"},
		{"a: {type: prometheus, token: \"x\" hush-9}", "unexpected \"***\"", ""},
		{"a: {type: prometheus, colour: \"x\" blue}", "unexpected \"blue\"", "blue"},
		{"a:\n    type: webb\n    token: |\n      hush-9\n     hush-9", "", ""},
		{"a: {type: csv, path: a.csv, labels: {password: hush-9}}", "unknown key", ""},
	} {
		_, findings := read("slo.yaml", head+"  "+c.source+"\nslos: []\n")
		var out bytes.Buffer
		if err := diag.Render(&out, findings, false); err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(findings)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String()+string(body), "hush") {
			t.Errorf("%s: the secret is shown:\n%s%s", c.source, out.String(), body)
		}
		if !strings.Contains(out.String(), c.want) || !strings.Contains(out.String(), c.shown) || len(findings) == 0 {
			t.Errorf("%s: got\n%swant %s in it, and %s", c.source, out.String(), c.want, c.shown)
		}
	}
}

// A file that was named may be any, through a link of a pull request: of one that is no SLO
// file as far as anybody can see, findings have places and no text. Of the same text below a
// key of ours the line is shown.
func TestFindingsShowNothingOfOtherFiles(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"hush-1\n", "slo.yaml:1:1: this must be a map"},
		{"machine h login me password hush\n", "slo.yaml:1:1: this must be a map"},
		{"A_KEY=hush\nDB=postgres://u:hush@h/x\n", "slo.yaml:1:1: this must be a map"},
		{"-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----\n", "slo.yaml:1:1: this must be a map"},
		{"- hush\n- b\n", "not a list"},
		{`{"access":"hush","refresh":"hush"}`, `key "apiVersion" is missing`},
		{"{\"access\":\"hush\",\n\"refresh\" \"hush\"}", "slo.yaml:2:11: unexpected"},
		{"pin: hush\n", `key "apiVersion" is missing`},
		{"apiVersion: v1\nusers: hush\n", `apiVersion "v1" is not a known format`},
		{"apiVersion: v1\nusers: [hush\n", "slo.yaml:2:8: the list"},
		{"root:x:0:0:hush:/root\nme:hush:1::/:\n", "slo.yaml:2:13: unexpected"},
		{"[default]\nid = hush\nhush = hush\n", "slo.yaml:2:1: unexpected"},
		{"hush: [\n", "slo.yaml:1:7: the list"},
		{"a: *hush\n", "has no anchor"},
		{"a: !hush b\n", "is not read"},
		{"hush: 1\nhush: 2\n", "is given twice"},
		{"%hush\n---\na: b\n", "slo.yaml:1:"},
	} {
		_, findings := read("slo.yaml", c.text)
		body, err := json.Marshal(findings)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := diag.Render(&out, findings, false); err != nil {
			t.Fatal(err)
		}
		if shown := out.String() + string(body); strings.Contains(shown, "hush") || !strings.Contains(shown, "slo.yaml:") {
			t.Errorf("%s: got\n%s", c.text, shown)
		}
		if !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: got\n%s\nwant %s in it", c.text, out.String(), c.want)
		}
	}
	for _, text := range []string{"service: a\npin: [plain\n", "apiVersion: nines/v9\npin: plain\n", "slos: []\npin: plain\n"} {
		_, findings := read("slo.yaml", text)
		if !slices.ContainsFunc(findings, func(f diag.Finding) bool { return f.Excerpt != "" }) {
			t.Errorf("%s: no line is shown: %v", text, findings)
		}
	}
}

// What is in the program's own variables is for the program: no file names one for a secret.
func TestOwnVariables(t *testing.T) {
	keys := []Key{{Name: "token", Type: Credential}}
	for name, refused := range map[string]bool{
		"NINES_ALERTMANAGER_TOKEN": true, "nines_alertmanager_token": true, "NINES_HOSTS": true,
		"TOKEN": false, "MY_NINES_HOSTS": false, "NINES_HOSTS_TOKEN": false,
	} {
		b, err := ParseBlock("slo.yaml", "token_env: "+name, "")
		if err != nil {
			t.Fatal(err)
		}
		found := Check(b.Value, keys)
		if refused != (len(found) == 1) {
			t.Errorf("%s: got %v", name, found)
		}
		if refused && (found[0].Pos.Line != 1 || found[0].Pos.Col != 12 || found[0].Hint == "" || !strings.Contains(found[0].Message, name)) {
			t.Errorf("%s: got %v, hint %q", name, found[0], found[0].Hint)
		}
	}
}

// A refused text is quoted, unless its key is called like one that holds a secret.
func TestRefusedTexts(t *testing.T) {
	for _, c := range []struct{ labels, want string }{
		{"{team: \"a\\thush\"}", "hush"},
		{"{api_key: \"a\\thush\"}", "api_key is not a name"},
	} {
		b, err := ParseBlock("slo.yaml", "labels: "+c.labels, "")
		if err != nil {
			t.Fatal(err)
		}
		got := Check(b.Value, []Key{{Name: "labels", Type: TextMap}}).Error()
		if !strings.Contains(got, c.want) || c.want != "hush" && strings.Contains(got, "hush") {
			t.Errorf("%s: got %s, want %s in it", c.labels, got, c.want)
		}
	}
}

// A required secret may come from either place.
func TestRequiredSecret(t *testing.T) {
	keys := []Key{{Name: "dsn", Type: Credential, Required: true}}
	for _, c := range []struct{ block, want string }{
		{"dsn_env: DSN", ""},
		{"dsn_file: dsn", ""},
		{"{}", `slo.yaml:1:1: key "dsn_env" is missing [spec/missing-key]`},
		{"dsn_env:", `slo.yaml:1:1: key "dsn_env" has no value [spec/empty]`},
	} {
		b, err := ParseBlock("slo.yaml", c.block, "")
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if found := Check(b.Value, keys); len(found) > 0 {
			got = found[0].Error()
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.block, got, c.want)
		}
	}
	if got := example(keys); got != "{dsn_env: VARIABLE}" {
		t.Errorf("example: got %s", got)
	}
}

// Secrets of maps below a block are told by their path.
func TestHeldBelow(t *testing.T) {
	keys := []Key{
		{Name: "token", Type: Credential},
		{Name: "http", Type: Object, Keys: []Key{
			{Name: "key", Type: Credential},
			{Name: "basic_auth", Type: Object, Keys: []Key{{Name: "username", Type: Name}, {Name: "password", Type: Credential}}},
		}},
	}
	b, err := ParseBlock("slo.yaml", "token_file: secrets/token\nhttp:\n  key_env: hush9\n  basic_auth: {username: me, password_env: PASSWORD}", ".")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range b.Held(keys) {
		got = append(got, fmt.Sprint(h.Key, " from ", h.From, " at ", h.Pos.Line))
	}
	want := "token from file secrets/token at 1, http.key from a variable at 3, http.basic_auth.password from variable PASSWORD at 4"
	if text := strings.Join(got, ", "); text != want {
		t.Errorf("got %s, want %s", text, want)
	}
	b, _ = ParseBlock("slo.yaml", "http: none", ".")
	if len(b.Held(keys)) > 0 {
		t.Error("a text holds secrets")
	}
}

// Keys and files of several lines are read as such where that is asked for.
func TestLongSecret(t *testing.T) {
	dir := t.TempDir()
	const text = "-----BEGIN KEY-----\nhush\n-----END KEY-----"
	if err := os.WriteFile(filepath.Join(dir, "key.pem"), []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ block, want, err string }{
		{"key_file: key.pem", text, ""},
		{"key_env: KEY", text, ""},
		{"key_env: UNSET", "", "slo.yaml:1:10: key_env: the variable is not set, or empty"},
		{"key_file: none.pem", "", "slo.yaml:1:11: key_file: no such file or directory"},
		{"other: x", "", ""},
	} {
		b, err := ParseBlock("slo.yaml", c.block, dir)
		if err != nil {
			t.Fatal(err)
		}
		s, err := b.LongSecret("key", func(name string) string { return map[string]string{"KEY": text}[name] }, nil)
		if s.Reveal() != c.want || (err != nil) != (c.err != "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: got %q, %v", c.block, s.Reveal(), err)
		}
		if _, err := b.Secret("key", func(string) string { return text }, nil); c.want != "" && (err == nil || strings.Contains(err.Error(), "hush")) {
			t.Errorf("%s: as one line: got %v", c.block, err)
		}
	}
	b, _ := ParseBlock("slo.yaml", "ca_file: key.pem", dir)
	if got, err := b.File("key.pem", nil, 60); got != text+"\n" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := b.File("key.pem", nil, 20); err == nil || strings.Contains(err.Error(), "key.pem") {
		t.Errorf("too long: got %v", err)
	}
}
