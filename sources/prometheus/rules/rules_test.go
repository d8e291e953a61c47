package rules_test

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	f := rules.NewFile(&out)
	for _, o := range all {
		groups, findings := rules.Of(o)
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

// A service may be called as if it were the budget of another.
func TestGroups(t *testing.T) {
	all := slices.Repeat(load(t, "testdata/forms.yaml")[:1], 3)
	all[1].Service = "budget " + all[0].Service
	all[2].Service = "-budget " + all[0].Service
	text, _ := written(t, all)
	names := map[string]bool{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "  - name: ") {
			names[line] = true
		}
	}
	if len(names) != 2*len(all) {
		t.Error(names)
	}
}
