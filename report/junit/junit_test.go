package junit

import (
	"bytes"
	"encoding/xml"
	"io"
	"testing"
	"time"

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
	reporttest.Golden(t, "gate.xml", written(t, reporttest.Gate(unit.English)))
}

// Whatever names hold, the file is XML, has a case per objective, and counts them.
func TestGateWithHostileNames(t *testing.T) {
	g := reporttest.HostileGate(unit.Japanese)
	var got suites
	dec := xml.NewDecoder(bytes.NewReader(written(t, g)))
	if err := dec.Decode(&got); err != nil {
		t.Fatal(err)
	}
	if _, err := dec.Token(); err != nil && err != io.EOF {
		if _, err = dec.Token(); err != io.EOF {
			t.Error("there is something behind the document")
		}
	}
	failures, errors := 0, 0
	for _, c := range got.Suite.Cases {
		if c.Failure != nil {
			failures++
		}
		if c.Error != nil {
			errors++
		}
	}
	if len(got.Suite.Cases) != len(g.Objectives) || got.Tests != len(g.Objectives) || got.Failures != failures || got.Errors != errors || failures == 0 || errors == 0 {
		t.Errorf("%d cases, %d tests, %d of %d failures, %d of %d errors", len(got.Suite.Cases), got.Tests, got.Failures, failures, got.Errors, errors)
	}
}

// Nothing to judge does not read as passed.
func TestGateWithoutObjectives(t *testing.T) {
	var got suites
	if err := xml.Unmarshal(written(t, &report.Gate{Verdict: slo.CannotTell, At: time.Unix(0, 0)}), &got); err != nil || got.Errors != 1 {
		t.Errorf("got %d errors (%v), want 1", got.Errors, err)
	}
}
