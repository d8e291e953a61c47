package github

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

func written(t *testing.T, g *report.Gate) string {
	t.Helper()
	var b bytes.Buffer
	if err := Gate(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGate(t *testing.T) {
	reporttest.Golden(t, "gate.txt", []byte(written(t, reporttest.Gate(unit.English))))
}

func TestEscape(t *testing.T) {
	if got, want := data("50%: a, b\r\nc"), "50%25: a, b%0D%0Ac"; got != want {
		t.Errorf("data: %q, want %q", got, want)
	}
	if got, want := property("50%: a, b\r\nc"), "50%25%3A a%2C b%0D%0Ac"; got != want {
		t.Errorf("property: %q, want %q", got, want)
	}
}

// Whatever names hold, a command is one line and nothing else is a command: the
// text stands between stop-commands and its token, which is not in it.
func TestGateWithHostileNames(t *testing.T) {
	g := reporttest.HostileGate(unit.English)
	g.Objectives[0].ID = "::add-mask::x\n::error::y"
	g.Objectives[0].Checks[0].Text = "##[error]z\r\n::warning::w"
	out := written(t, g)
	commands, rest, ok := strings.Cut(out, "::stop-commands::")
	token, rest, ok2 := strings.Cut(rest, "\n")
	text, ok3 := strings.CutSuffix(rest, "::"+token+"::\n")
	if !ok || !ok2 || !ok3 || strings.Contains(text, token) {
		t.Fatalf("the text does not stand between its tokens:\n%s", out)
	}
	reasons := 0
	for line := range strings.Lines(commands) {
		reasons++
		level, _, _ := strings.Cut(line, " file=slos/shop.yaml,line=")
		if !slices.Contains([]string{"::error", "::warning", "::notice"}, level) {
			t.Errorf("%q is no annotation", line)
		}
	}
	if reasons != g.Reasons+len(g.Exceptions()) {
		t.Errorf("%d annotations for %d reasons", reasons, g.Reasons)
	}
}

func TestGateWithoutObjectives(t *testing.T) {
	if out := written(t, &report.Gate{Verdict: slo.CannotTell}); !strings.HasPrefix(out, "::error title=nines gate::") {
		t.Errorf("no annotation:\n%s", out)
	}
}
