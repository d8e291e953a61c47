package json

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
)

// A gate is not translated, and its lists are never null.
func TestGate(t *testing.T) {
	write := func(g *report.Gate) []byte {
		var b bytes.Buffer
		if err := Gate(&b, g); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	en := write(reporttest.Gate(unit.English))
	if ja := write(reporttest.Gate(unit.Japanese)); !bytes.Equal(en, ja) {
		t.Error("the language changes the JSON")
	}
	reporttest.Golden(t, "gate.json", en)
	var empty map[string]any
	if err := json.Unmarshal(write(&report.Gate{}), &empty); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"services", "files", "objectives", "overrides", "sources"} {
		if _, ok := empty[key].([]any); !ok {
			t.Errorf("%s is %v", key, empty[key])
		}
	}
}
