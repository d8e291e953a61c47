package convert

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	goyaml "github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"

	"github.com/nines-slo/nines/slo/diag"
)

// openSLOSchema is the schema that OpenSLO published of v1 (github.com/OpenSLO/OpenSLO, schemas/v1, as it
// stood before it was taken back in favour of the Go SDK), whole and with its licence.
func openSLOSchema(t *testing.T) *jsonschema.Resolved {
	t.Helper()
	read := func(at *url.URL) (*jsonschema.Schema, error) {
		raw, err := os.ReadFile(filepath.Join("testdata/openslo-v1", strings.TrimPrefix(at.Path, "/schemas/v1/")))
		if err != nil {
			return nil, err
		}
		s := &jsonschema.Schema{}
		err = json.Unmarshal(raw, s)
		s.Schema = "http://json-schema.org/draft-07/schema#" // the # is missing, without which it is not known
		return s, err
	}
	root, err := read(&url.URL{Path: "/schemas/v1/openslo.schema.json"})
	if err != nil {
		t.Fatal(err)
	}
	resolved, err := root.Resolve(&jsonschema.ResolveOptions{Loader: read})
	if err != nil {
		t.Fatal(err)
	}
	return resolved
}

// Whatever is written is accepted by OpenSLO's own schema, read as any YAML reader reads it.
func TestOpenSLOSchema(t *testing.T) {
	schema := openSLOSchema(t)
	files, _ := filepath.Glob("../*/testdata/*")
	more, _ := filepath.Glob("testdata/*.yaml")
	documents := 0
	for _, path := range append(files, more...) {
		if filepath.Ext(path) != ".yaml" && filepath.Ext(path) != "" || strings.Contains(path, "/yaml/") {
			continue
		}
		set, findings := load(t, path)
		if findings.Errors() {
			continue
		}
		text, _ := OpenSLO(set)
		for _, doc := range strings.Split(text, "\n---\n") {
			if strings.TrimSpace(doc) == "" {
				continue
			}
			var v any
			if err := goyaml.Unmarshal([]byte(doc), &v); err != nil {
				t.Fatalf("%s: %v\n%s", path, err, doc)
			}
			raw, _ := json.Marshal(v)
			var plain any
			if err := json.Unmarshal(raw, &plain); err != nil {
				t.Fatal(err)
			}
			documents++
			if err := schema.Validate(plain); err != nil {
				t.Errorf("%s: %v\n%s", path, err, doc)
			}
		}
	}
	if documents < 10 {
		t.Errorf("%d documents were written", documents)
	}
	for _, wrong := range []string{`{"apiVersion": "openslo/v1", "kind": "SLO", "metadata": {"name": "a"}, "spec": {}}`, `{"kind": "Service"}`} {
		var v any
		if err := json.Unmarshal([]byte(wrong), &v); err != nil || schema.Validate(v) == nil {
			t.Errorf("the schema accepts %s", wrong)
		}
	}
}

// What OpenSLO has no words for is said, and what it cannot say is left out by name.
func TestOpenSLO(t *testing.T) {
	set, findings := load(t, "testdata/native.yaml")
	if findings.Errors() {
		t.Fatal(findings)
	}
	text, found := OpenSLO(set)
	var out strings.Builder
	if err := diag.Render(&out, found, false); err != nil {
		t.Fatal(err)
	}
	got := text + "=== findings\n" + out.String()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile("testdata/openslo.out", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/openslo.out")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
