package json

import (
	"bytes"
	"encoding/json"
	"regexp"
	"testing"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
)

// Of a gate only texts for people are translated, and its lists are never null.
func TestGate(t *testing.T) {
	write := func(g *report.Gate) []byte {
		var b bytes.Buffer
		if err := Gate(&b, g); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	en := write(reporttest.Gate(unit.English))
	if ja := write(reporttest.Gate(unit.Japanese)); !bytes.Equal(untold(en), untold(ja)) {
		t.Error("the language changes more of the JSON than its texts")
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

var told = regexp.MustCompile(`(?m)^ *"(language|text|remedy)": .*\n`)

// untold returns the JSON of a gate without its texts in the language.
func untold(form []byte) []byte { return told.ReplaceAll(form, nil) }
