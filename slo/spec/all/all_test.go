package all

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/nines-slo/nines/slo/spec"
)

// Every format has a name of its own, by which findings call it.
func TestFormats(t *testing.T) {
	names := map[string]bool{}
	for _, f := range Formats(false) {
		if f.Name == "" || names[f.Name] || f.Mine == nil || f.Native == nil {
			t.Errorf("format %q has no name of its own, or lacks a part", f.Name)
		}
		names[f.Name] = true
	}
	if !names["nines/v1"] {
		t.Error("the native format is not read")
	}
}

// A slip in what marks a document is an error where it stands, also in a directory: its SLOs would be
// missing in silence. What has nothing to do with SLOs is passed over there.
func TestSlips(t *testing.T) {
	const known = "did you mean "
	for head, want := range map[string]string{
		"apiVersion: pyra.dev/v1alpha1\nkind: ServiceLevelObjective":       known + "apiVersion: pyrra.dev/v1alpha1?",
		"apiVersion: pyrra.dev/v1alpha2\nkind: ServiceLevelObjective":      known + "pyrra.dev/v1alpha1?",
		"apiVersion: OpenSLO/v1\nkind: SLO":                                known + "apiVersion: openslo/v1?",
		"apiVersion: openslo.co/v2alpha\nkind: SLO":                        known + "apiVersion: openslo.com/v2alpha?",
		"apiVersion: openslo\nkind: SLO":                                   known + "apiVersion: openslo/v1?",
		"apiversion: openslo/v1\nkind: SLO":                                known + "apiVersion: openslo/v1?",
		"apiVersion: sloth.slok.de/v1\nkind: PrometheusServiceLevel":       known + "apiVersion: sloth.slok.dev/v1?",
		"kind: AlertWindows\napiVersion: sloth.slok.de/v1":                 known + "apiVersion: sloth.slok.dev/v1?",
		"version: promethus/v1\nservice: a\nslos: []":                      known + "version: prometheus/v1?",
		"version: promethus/v1\nservice: a":                                known + "version: prometheus/v1?",
		"verison: prometheus/v1\nservice: a\nslos: []":                     known + "version: prometheus/v1?",
		"apiVersion: sre.google.co/v2\nkind: ServiceLevelObjective":        known + "apiVersion: sre.google.com/v2?",
		"apiVersion: N9/v1alpha\nkind: SLO":                                known + "apiVersion: n9/v1alpha?",
		"apiVersion: apps/v1\nkind: Deployment":                            "",
		"apiVersion: v1\nkind: Service":                                    "",
		"apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule":       "",
		"apiVersion: iam.google.com/v1\nkind: Policy":                      "",
		"version: '3'\nservices: {web: {image: web}}":                      "",
		"apiVersion: datadoghq.com/v1alpha1\nkind: DatadogSLO\nspec: {}":   "",
		"apiVersion: grafana.com/v1\nkind: Dashboard\nmetadata: {a: {}}":   "",
		"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization": "",
	} {
		dir := t.TempDir()
		file := filepath.Join(dir, "a.yaml")
		if err := os.WriteFile(file, []byte(head+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		set, found := spec.Load(nil, []string{dir}, spec.Known{Formats: Formats(false)})
		got := ""
		for _, f := range found {
			if f.Pos.File == file {
				got += f.Hint
			}
		}
		if got != want || (len(set.Skipped) == 1) != (want == "") {
			t.Errorf("%s: got %q, want %q, skipped %v", head, got, want, set.Skipped)
		}
	}
}
