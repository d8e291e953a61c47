package slip

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nines-slo/nines/cmd/nines/completion"
	"github.com/nines-slo/nines/slo/diag"
)

func TestMeant(t *testing.T) {
	for typed, want := range map[string]string{
		"": "--help", "help": "--help", "help status": "status --help", "--version": "version", "status --at now": "status --at now",
	} {
		if got := strings.Join(Meant(strings.Fields(typed)), " "); got != want {
			t.Errorf("%q: got %q, want %q", typed, got, want)
		}
	}
}

// What is wrong with a line leads to one that works.
func TestMisused(t *testing.T) {
	commands := []completion.Command{
		{Name: "status", Flags: []completion.Flag{{Name: "at", Place: "TIME"}, {Name: "color", Values: []string{"auto", "never"}}}},
		{Name: "report"}, {Name: "init"},
	}
	for _, tt := range []struct{ command, args, said, want string }{
		{"", "statsu", "unexpected argument statsu", "unexpected argument statsu\nhint: run nines --help; there are status, report, init"},
		{"", "-v", "unknown flag -v", "nines --version prints the version"},
		{"", "demo", "unexpected argument demo", "type nines init --template demo"},
		{"", "--at now status", "unknown flag --at", "flags stand behind the command"},
		{"init", "init --demo", "unknown flag --demo, did you mean x?", "unknown flag --demo\nhint: type nines init --template demo"},
		{"init", "init --from-log a b", "unexpected argument b", "hint: to read several logs, quote the pattern"},
		{"report", "report -o json", "unknown flag -o", "hint: report writes files"},
		{"status", "status --json", "unknown flag --json", "hint: type -o json"},
		{"status", "status --format=json", "unknown flag --format", "hint: type -o, as in -o json"},
		{"status", "status --att x", "unknown flag --att; perhaps try", "unknown flag --att\nhint: run nines status --help; there are --at, --color"},
		{"status", "status --at", `--at: expected string value but got "EOL" (<EOL>)`, "--at needs a value, --at TIME"},
		{"status", "status --color", `--color: missing value, expecting "<arg>"`, "--color needs a value: auto, never"},
		{"status", "status -o xml", `-o must be one of "","table"`, "-o must be one of \"table\"\nhint: run nines status --help; for example: nines status;"},
	} {
		l := Line{Said: tt.said, Args: strings.Fields(tt.args), Command: tt.command, Commands: commands}
		if got := l.Misused(); !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.args, got, tt.want)
		}
	}
}

// A path that names nothing leads to what may have been meant.
func TestLead(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.MkdirAll(filepath.Join("slos", "shop"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("access.log", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for arg, want := range map[string]string{
		"access.log":     "nines init --from-log access.log",
		"slo/shop":       "did you mean slos/shop?",
		"slos/shpo":      "did you mean slos/shop?",
		"checkout/pay":   "--only checkout/pay selects",
		"決済":             "--only 決済 selects",
		"/none/here.yml": "name an SLO file, or write one with nines init",
		"slos/shop":      "",
	} {
		found := diag.List{diag.Errorf(diag.Pos{File: arg}, "file/read", "not read")}
		Lead(found, []string{arg})
		if got := found[0].Hint; !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("%s: got %q, want %q", arg, got, want)
		}
		others := diag.List{diag.Errorf(diag.Pos{File: arg}, "file/read", "not read")}
		if Lead(others, nil); others[0].Hint != "" {
			t.Errorf("%s, which nobody typed: got %q", arg, others[0].Hint)
		}
	}
}

func TestDiscreet(t *testing.T) {
	for text, want := range map[string]string{
		"get https://user:hush@host/a?token=hush&b=hush: no": "get https://***@host/a?*** no",
		"://hush@host": "://hush@host", "a@b.example?c": "a@b.example?c", "ftp://hush@": "ftp://***@",
	} {
		if got := Discreet(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

// Every example is of the command under which it stands.
func TestExamples(t *testing.T) {
	for _, command := range []string{"status", "report", "alerts", "summary", "gate", "backtest", "suggest", "explain",
		"validate", "convert", "init", "schema", "completion", "version"} {
		begins := func(example string) bool { return strings.HasPrefix(example+" ", "nines "+command+" ") }
		if all := Examples(command); len(all) == 0 || !slices.ContainsFunc(all, begins) {
			t.Errorf("%s: %v", command, all)
		}
	}
}
