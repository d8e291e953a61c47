package spec

import (
	"bytes"
	"os"
	"testing"

	"github.com/nines-slo/nines/slo/diag"
)

// testdata/idle.yaml has the warnings of idle.out, and no finding of Load.
func TestIdle(t *testing.T) {
	text, err := os.ReadFile("testdata/idle.yaml")
	if err != nil {
		t.Fatal(err)
	}
	set, findings := read("idle.yaml", string(text))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	idle := set.Idle()
	if idle.Errors() {
		t.Error("a condition of the default table is an error")
	}
	var out bytes.Buffer
	if err := diag.Render(&out, idle, false); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/idle.out", out.Bytes())
}
