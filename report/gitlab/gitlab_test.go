package gitlab

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

func written(t *testing.T, g *report.Gate) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Gate(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGate(t *testing.T) {
	reporttest.Golden(t, "gate.json", written(t, reporttest.Gate(unit.English)))
}

// Every issue has what GitLab requires, and a fingerprint of its own.
func TestGateWithHostileNames(t *testing.T) {
	g := reporttest.HostileGate(unit.English)
	var issues []issue
	if err := json.Unmarshal(written(t, g), &issues); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, i := range issues {
		if i.Description == "" || i.Check == "" || i.Severity == "" || i.Location.Path == "" || strings.HasPrefix(i.Location.Path, "./") || i.Location.Lines.Begin < 1 || seen[i.Fingerprint] {
			t.Errorf("issue %+v", i)
		}
		seen[i.Fingerprint] = true
	}
	if len(issues) != g.Reasons+len(g.Exceptions()) {
		t.Errorf("%d issues for %d reasons", len(issues), g.Reasons)
	}
}

func TestOpenGateHasNoIssues(t *testing.T) {
	g := &report.Gate{Verdict: slo.Open, Objectives: []report.GateObjective{{Checks: []report.GateCheck{{Weight: slo.Open}}}}}
	if got := string(written(t, g)); got != "[]\n" {
		t.Errorf("got %q", got)
	}
	g = &report.Gate{Verdict: slo.CannotTell, Files: []string{"nines.yaml"}}
	if got := string(written(t, g)); !strings.Contains(got, `"path": "nines.yaml"`) {
		t.Errorf("nothing to judge: %s", got)
	}
}
