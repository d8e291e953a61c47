package markdown

import (
	"bytes"
	"testing"

	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
)

func TestGate(t *testing.T) {
	for name, l := range map[string]unit.Language{"gate.md": unit.English, "gate-ja.md": unit.Japanese} {
		var b bytes.Buffer
		if err := Gate(&b, reporttest.Gate(l)); err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, name, b.Bytes())
	}
}

func TestGateWithHostileNames(t *testing.T) {
	var b bytes.Buffer
	if err := Gate(&b, reporttest.HostileGate(unit.English)); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b.Bytes(), []byte("<img")) && !bytes.Contains(b.Bytes(), []byte(`\<img`)) {
		t.Errorf("markup is not escaped:\n%s", b.String())
	}
	reporttest.Golden(t, "gate-hostile.md", b.Bytes())
}
