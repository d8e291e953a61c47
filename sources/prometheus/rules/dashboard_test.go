package rules_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/prometheus/rules"
)

// model is what is tested of a dashboard.
type model struct {
	SchemaVersion int
	Templating    struct {
		List []struct{ Name, Definition string }
	}
	Panels []struct {
		ID          int
		Title, Type string
		Description string
		GridPos     struct{ X, Y, W, H int }
		Targets     []struct{ Expr string }
	}
}

// The dashboard asks for series that rules record, by variables that there are.
func TestDashboard(t *testing.T) {
	var d model
	var text bytes.Buffer
	if err := rules.Dashboard(&text); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	text.Reset()
	if len(d.Panels) < 5 || d.SchemaVersion < 39 {
		t.Fatalf("%d panels, schema %d", len(d.Panels), d.SchemaVersion)
	}
	variables := map[string]bool{"__all": true}
	for _, v := range d.Templating.List {
		variables[v.Name] = true
	}
	recorded := recordings(t)
	check := rules.NewFile(&text)
	group := rules.Group{Name: "dashboard", Interval: time.Minute}
	ids, taken := map[int]bool{}, map[[2]int]string{}
	for _, p := range d.Panels {
		if ids[p.ID] || p.Description == "" || len(p.Targets) == 0 {
			t.Errorf("panel %s: %+v", p.Title, p)
		}
		ids[p.ID] = true
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" || x >= 24 {
					t.Fatalf("panel %s lies over %s", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
		for _, target := range p.Targets {
			for _, name := range regexp.MustCompile(`nines:[a-z0-9_:]+`).FindAllString(target.Expr, -1) {
				if !recorded[name] {
					t.Errorf("panel %s asks for %s, which no rule records", p.Title, name)
				}
			}
			for _, name := range regexp.MustCompile(`\$\{?(\w+)`).FindAllStringSubmatch(target.Expr, -1) {
				if !variables[name[1]] {
					t.Errorf("panel %s has no variable %s", p.Title, name[1])
				}
			}
			group.Rules = append(group.Rules, rules.Rule{Record: "nines:panel", Expr: target.Expr, Labels: []rules.Pair{{"panel", target.Expr}}})
		}
	}
	check.Add([]rules.Group{group})
	if err := check.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "panels.yaml")
	if err := os.WriteFile(file, text.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	promtool(t, "check", "rules", file)
}

// recordings returns the names of all series that the rules of testdata record.
func recordings(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("testdata/*.rules")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	out := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^ *- record: (\S+)$`).FindAllStringSubmatch(string(text), -1) {
			out[m[1]] = true
		}
	}
	return out
}

// Alertmanager takes what mutes slower alerts, and it names the labels of per: and of twins.
func TestInhibit(t *testing.T) {
	all := load(t, "testdata/forms.yaml")[:3]
	all[1].Name, all[1].Labels = all[0].Name, map[string]string{"env": "test"}
	all[2].Per = []string{"region"}
	var text strings.Builder
	if err := rules.NewMaker(all).Inhibit(&text, []*spec.Objective{&all[0], &all[1], &all[2]}); err != nil {
		t.Fatal(err)
	}
	if want := "equal: [nines_service, nines_slo, env, region]"; strings.Count(text.String(), want) != 2 {
		t.Errorf("not twice %s in\n%s", want, text.String())
	}
	program, err := exec.LookPath("amtool")
	if err != nil {
		if os.Getenv("NINES_CI") == "1" {
			t.Fatal(err)
		}
		t.Skip("amtool is not installed: apt-get install prometheus-alertmanager")
	}
	file := filepath.Join(t.TempDir(), "alertmanager.yml")
	config := "route: {receiver: none}\nreceivers: [{name: none}]\n" + text.String()
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(program, "check-config", file).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
