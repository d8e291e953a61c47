package text

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
)

func gateText(t *testing.T, g *report.Gate, color bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := Gate(&b, g, Options{Color: color}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGate(t *testing.T) {
	en := reporttest.Gate(unit.English)
	reporttest.Golden(t, "gate.txt", []byte(gateText(t, en, false)))
	reporttest.Golden(t, "gate-color.txt", []byte(gateText(t, en, true)))
	reporttest.Golden(t, "gate-ja.txt", []byte(gateText(t, reporttest.Gate(unit.Japanese), false)))
}

// A red pipeline is read from its end: the last ten lines begin with the verdict
// and end with when it opens again.
func TestLastTenLinesOfAGate(t *testing.T) {
	for _, l := range []unit.Language{unit.English, unit.Japanese} {
		lines := strings.Split(strings.TrimSuffix(gateText(t, reporttest.Gate(l), false), "\n"), "\n")
		last := strings.Join(lines[len(lines)-10:], "\n")
		for _, want := range []string{"\ngate: CLOSED", "overrides: [{owner: YOU"} {
			if !strings.Contains(last, want) {
				t.Errorf("%s: %q is not in the last ten lines:\n%s", l, want, last)
			}
		}
	}
}

func TestGateWithHostileNames(t *testing.T) {
	text := gateText(t, reporttest.HostileGate(unit.English), false)
	for _, c := range strings.ReplaceAll(text, "\n", "") {
		if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) {
			t.Fatalf("%q is in the output", c)
		}
	}
}
