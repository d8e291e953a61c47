package rules_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/yaml"
	"github.com/nines-slo/nines/sources/prometheus/rules"
)

// What is written is a part of a configuration that Alertmanager takes, whatever labels are
// called.
func TestInhibit(t *testing.T) {
	program, err := exec.LookPath("amtool")
	if err != nil {
		if os.Getenv("NINES_CI") == "1" {
			t.Fatal(err)
		}
		t.Skip("amtool is not installed: apt-get install prometheus-alertmanager")
	}
	var none, one, some spec.Objective
	one.Per, some.Per = []string{"y"}, []string{"region", "no"}
	for _, all := range [][]spec.Objective{nil, {none}, {none, some, one, some}} {
		var text bytes.Buffer
		if err := rules.WriteInhibit(&text, all); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "alertmanager.yml")
		whole := "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n" + text.String()
		if err := os.WriteFile(file, []byte(whole), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(program, "check-config", file).CombinedOutput(); err != nil {
			t.Errorf("amtool: %v\n%s\n%s", err, out, whole)
		}
	}
}

// The labels of per: are among those that have to be equal, each once.
func TestInhibitEqual(t *testing.T) {
	var none, some spec.Objective
	some.Per = []string{"region", "no"}
	var text bytes.Buffer
	if err := rules.WriteInhibit(&text, []spec.Objective{some, none, some}); err != nil {
		t.Fatal(err)
	}
	docs, findings := yaml.Parse("f", text.Bytes())
	if findings.Errors() || len(docs) != 1 {
		t.Fatal(findings)
	}
	both := docs[0].Get("inhibit_rules").Items
	if len(both) != 2 {
		t.Fatalf("%d rules", len(both))
	}
	for _, rule := range both {
		var equal []string
		for _, label := range rule.Get("equal").Items {
			equal = append(equal, label.Text)
		}
		if want := []string{"nines_service", "nines_slo", "no", "region"}; !slices.Equal(equal, want) {
			t.Errorf("equal is %q, want %q", equal, want)
		}
	}
}
