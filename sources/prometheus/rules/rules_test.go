package rules_test

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	formats "github.com/nines-slo/nines/slo/spec/all"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus"
	"github.com/nines-slo/nines/sources/prometheus/rules"
)

var update = flag.Bool("update", false, "write testdata/*.rules anew")

// load reads an SLO file.
func load(t *testing.T, file string) []spec.Objective {
	t.Helper()
	set, findings := spec.Load(nil, []string{file}, spec.Known{Formats: formats.Formats(false), Sources: sources.Specs([]sources.Kind{prometheus.Kind()})})
	if findings.Errors() {
		t.Fatal(findings)
	}
	return set.Objectives
}

// written returns the file of rules of all objectives, and what was found.
func written(t *testing.T, all []spec.Objective) (string, diag.List) {
	t.Helper()
	var out bytes.Buffer
	var found diag.List
	m, f := rules.NewMaker(all), rules.NewFile(&out)
	for _, o := range all {
		groups, findings := m.Of(o)
		f.Add(groups)
		found = append(found, findings...)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String(), found
}

// promtool runs Debian's promtool on a file, and skips the test where there is none.
func promtool(t *testing.T, args ...string) {
	t.Helper()
	program, err := exec.LookPath("promtool")
	if err != nil {
		if os.Getenv("NINES_CI") == "1" {
			t.Fatal(err)
		}
		t.Skip("promtool is not installed: apt-get install prometheus")
	}
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Fatalf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// Each file of testdata has its rules beside it, which Prometheus loads.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, findings := written(t, load(t, file))
			for _, f := range findings {
				text += "# " + f.Error() + "\n"
			}
			golden := strings.TrimSuffix(file, ".yaml") + ".rules"
			if *update {
				if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if text != string(want) {
				t.Errorf("%s is no more what is written; look at the difference and run with -update\n%s", golden, text)
			}
			promtool(t, "check", "rules", golden)
		})
	}
}

// Two objectives of one service and name are told apart by their labels.
func TestTwins(t *testing.T) {
	all := load(t, "testdata/forms.yaml")[:2]
	all[1].Name = all[0].Name
	all[1].Labels = map[string]string{"env": "test"}
	text, _ := written(t, all)
	for _, want := range []string{`nines_slo="bad-of-total",env=""}`, `nines_slo="bad-of-total",env="test"}`, "'nines checkout/bad-of-total env=test'"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}
