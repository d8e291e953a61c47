package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// gateExample is an example of a pipeline and how its gate is run.
type gateExample struct {
	file   string
	script func(t *testing.T, text []byte, dir string) []string // commands of a shell, in a workspace
}

func gateExamples() []gateExample {
	return []gateExample{
		{"github-actions/release.yaml", githubSteps},
		{"gitlab-ci/gitlab-ci.yml", gitlabScript},
		{"argo-rollouts/analysis.yaml", argoJob},
		{"flagger/canary.yaml", flaggerHook},
	}
}

// TestGateExamples runs what the examples run, as far as that is possible without
// their platforms: with a budget that holds, one that is spent, and without data.
func TestGateExamples(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no sh to run scripts with")
	}
	nines := buildNines(t, root)
	for _, e := range gateExamples() {
		t.Run(e.file, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(root, "examples/gate", e.file))
			if err != nil {
				t.Fatal(err)
			}
			for name, c := range map[string]struct {
				counts func(string) string
				want   int
			}{
				"a budget that holds": {func(s string) string { return s }, 0},
				"a spent budget":      {func(s string) string { return regexp.MustCompile(`(T09:..:00Z),\d+`).ReplaceAllString(s, "$1,0") }, 1},
				"no data":             {func(string) string { return "timestamp,good,total\n" }, 3},
			} {
				dir := workspace(t, root, nines, c.counts)
				if got, out := runScript(t, dir, e.script(t, text, dir)); got != c.want {
					t.Errorf("%s: exit %d, want %d\n%s", name, got, c.want, out)
				}
			}
		})
	}
}

// buildNines builds the binary, and returns a command that calls it as of the
// instant at which the example's data ends.
func buildNines(t *testing.T, root string) string {
	t.Helper()
	dir := t.TempDir()
	real, wrapper := filepath.Join(dir, "real"), filepath.Join(dir, "nines")
	cmd := exec.Command("go", "build", "-o", real, "./cmd/nines")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.WriteFile(wrapper, []byte("#!/bin/sh\nexec '"+real+"' \"$@\" --at 2026-05-02T00:00:00Z\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return wrapper
}

// workspace is a checkout with the SLO files, and bin with a go that does what the
// examples need of it: it puts nines where -o says.
func workspace(t *testing.T, root, nines string, counts func(string) string) string {
	t.Helper()
	dir := t.TempDir()
	for _, sub := range []string{"slos", "bin", "tools"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"checkout.yaml", "counts.csv"} {
		text, err := os.ReadFile(filepath.Join(root, "examples/gate/slos", name))
		if err != nil {
			t.Fatal(err)
		}
		if name == "counts.csv" {
			text = []byte(counts(string(text)))
		}
		if err := os.WriteFile(filepath.Join(dir, "slos", name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	goes := "#!/bin/sh\n[ \"$1 $2 $3 $4 $6\" = 'build -C tools/nines -o ./cmd/nines' ] && [ -f tools/nines/go.mod ] && cp '" + nines + "' \"$5\"\n"
	if err := os.WriteFile(filepath.Join(dir, "bin", "go"), []byte(goes), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(nines, filepath.Join(dir, "bin", "nines")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(root, filepath.Join(dir, "tools", "nines")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// runScript runs commands as a runner does, up to the first that fails.
func runScript(t *testing.T, dir string, script []string) (code int, output string) {
	t.Helper()
	cmd := exec.Command("sh", "-e", "-c", strings.Join(script, "\n"))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"),
		"RUNNER_TEMP="+dir, "CI_PROJECT_DIR="+dir, "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary.md"))
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

func githubSteps(t *testing.T, text []byte, _ string) (script []string) {
	var file struct {
		Jobs map[string]struct {
			Needs string
			Steps []struct{ Run string }
		}
	}
	decode(t, text, &file)
	if file.Jobs["release"].Needs != "gate" {
		t.Error("the release does not need the gate")
	}
	for _, s := range file.Jobs["gate"].Steps {
		if s.Run != "" {
			script = append(script, s.Run)
		}
	}
	return script
}

func gitlabScript(t *testing.T, text []byte, dir string) []string {
	var file struct {
		Stages []string
		Gate   struct {
			Stage     string
			Script    []string
			Artifacts struct {
				When    string
				Reports map[string]string
			}
		}
		Release struct{ Stage string }
	}
	decode(t, text, &file)
	if len(file.Stages) != 2 || file.Stages[0] != file.Gate.Stage || file.Stages[1] != file.Release.Stage || file.Gate.Artifacts.When != "always" {
		t.Errorf("the release does not come after the gate: %+v", file)
	}
	script := file.Gate.Script
	for i, s := range script { // the reports must be there before the gate decides
		if i == len(script)-1 {
			script = append(script[:i:i], "test -s "+file.Gate.Artifacts.Reports["junit"], "test -s "+file.Gate.Artifacts.Reports["codequality"], s)
		}
	}
	return script
}

func argoJob(t *testing.T, text []byte, dir string) []string {
	var file struct {
		Spec struct {
			Metrics []struct {
				Provider struct {
					Job struct {
						Spec struct {
							Template struct {
								Spec struct {
									Containers []struct{ Command, Args []string }
								}
							}
						}
					}
				}
			}
		}
	}
	decode(t, text, &file)
	c := file.Spec.Metrics[0].Provider.Job.Spec.Template.Spec.Containers[0]
	words := append(append([]string{}, c.Command...), c.Args...)
	for i, w := range words {
		words[i] = strings.NewReplacer("/nines", filepath.Join(dir, "bin", "nines"), "/slos", filepath.Join(dir, "slos")).Replace(w)
	}
	return []string{"exec '" + strings.Join(words, "' '") + "'"}
}

func flaggerHook(t *testing.T, text []byte, dir string) []string {
	var file struct {
		Spec struct {
			Analysis struct {
				Webhooks []struct {
					Type     string
					Metadata map[string]string
				}
			}
		}
	}
	decode(t, text, &file)
	hook := file.Spec.Analysis.Webhooks[0]
	if hook.Type != "confirm-rollout" || hook.Metadata["type"] != "bash" {
		t.Errorf("hook %+v", hook)
	}
	return []string{strings.ReplaceAll(hook.Metadata["cmd"], "/slos", filepath.Join(dir, "slos"))}
}

func decode(t *testing.T, text []byte, into any) {
	t.Helper()
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

// The images build what the tests build.
func TestGateExampleImages(t *testing.T) {
	for _, name := range []string{"argo-rollouts", "flagger"} {
		text, err := os.ReadFile(filepath.Join("../../examples/gate", name, "Dockerfile"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "RUN CGO_ENABLED=0 go build -o /nines ./cmd/nines\n") {
			t.Errorf("%s does not build nines", name)
		}
	}
}
