package spec

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/nines-slo/nines/slo/spec/yaml"
)

func schemaOf(t *testing.T) (*jsonschema.Resolved, []byte) {
	t.Helper()
	text, err := Schema(testKinds())
	if err != nil {
		t.Fatal(err)
	}
	var s jsonschema.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	resolved, err := s.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return resolved, text
}

func TestSchemaGolden(t *testing.T) {
	_, text := schemaOf(t)
	golden(t, "testdata/schema.json", text)
	again, _ := Schema(testKinds())
	if !bytes.Equal(text, again) {
		t.Error("the same kinds gave other bytes")
	}
}

// asJSON is what an editor makes of a file, by the core schema of YAML 1.2.
func asJSON(v Value) any {
	switch v.Kind {
	case Map:
		m := map[string]any{}
		for _, f := range v.Fields {
			m[f.Key] = asJSON(f.Value)
		}
		return m
	case List:
		l := []any{}
		for _, item := range v.Items {
			l = append(l, asJSON(item))
		}
		return l
	case Scalar:
		if n, err := strconv.ParseFloat(v.Text, 64); err == nil && !v.Quoted {
			return n
		}
		if !v.Quoted && (v.Text == "true" || v.Text == "false") {
			return v.Text == "true"
		}
		return v.Text
	}
	return nil
}

// What Load accepts, the schema accepts.
func TestSchemaAccepts(t *testing.T) {
	schema, _ := schemaOf(t)
	files, _ := filepath.Glob("testdata/ok/*.yaml")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		docs, findings := yaml.Parse(file, raw)
		if len(docs) == 0 || len(findings) > 0 {
			t.Fatal(findings)
		}
		for _, doc := range docs {
			if err := schema.Validate(asJSON(doc)); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	schema, _ := schemaOf(t)
	good, err := os.ReadFile("testdata/ok/minimal.yaml")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new string }{
		{"unknown key", "service:", "servce:"},
		{"unknown version", "nines/v1", "nines/v9"},
		{"unknown type of source", "csv", "cvs"},
		{"key of another type of source", "path:", "url:"},
		{"window without unit", "1d", "1 day"},
		{"unknown budgeting", "window: 1d", "window: 1d, budgeting: slices"},
		{"unknown key of an sli", "{source: m}", "{source: m, sum: x}"},
		{"sli without source", "{source: m}", "{good: x, total: y, bad: z}"},
		{"empty list", "slos:\n", "exclusions: []\nslos:\n"},
		{"unknown class of alerts", "slos:\n", "alerts: [{class: pager}]\nslos:\n"},
		{"another tool's name of a key", "slos:\n", "alerts: [{class: page, when: [{factor: 6, long: 1h}]}]\nslos:\n"},
		{"list for a text", "name: x", "name: [x]"},
		{"no text", "name: x", "name:"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(string(good), tt.old, tt.new, 1)
			docs, findings := yaml.Parse("x.yaml", []byte(text))
			if text == string(good) || len(docs) != 1 || len(findings) > 0 {
				t.Fatal("the case is no YAML or changes nothing", findings)
			}
			if schema.Validate(asJSON(docs[0])) == nil {
				t.Error("accepted")
			}
			if _, findings := read("x.yaml", text); !findings.Errors() {
				t.Error("Load accepts it")
			}
		})
	}
}

// Every key of every table is in the schema, with its description.
func TestSchemaHasEveryKey(t *testing.T) {
	_, text := schemaOf(t)
	var s jsonschema.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	hasKeys(t, "", &s, fileKeys())
	for _, k := range testKinds() {
		hasKeys(t, k.Name+" source", s.Defs["source-"+k.Name], sourceKeys(k))
		hasKeys(t, k.Name+" sli", s.Defs["sli-"+k.Name], sliKeys(k))
	}
}

func hasKeys(t *testing.T, path string, s *jsonschema.Schema, keys []Key) {
	t.Helper()
	for _, k := range companions(keys) {
		at := path + "." + k.Name
		if s == nil || s.Properties[k.Name] == nil {
			if k.Means == "" {
				t.Errorf("%s is not in the schema", at)
			}
			continue
		}
		p := s.Properties[k.Name]
		if p.Description == "" {
			t.Errorf("%s has no description", at)
		}
		switch {
		case k.Type == Objects:
			hasKeys(t, at, p.Items, k.Keys)
		case k.Short != nil:
			hasKeys(t, at, p.AnyOf[1], k.Keys)
		case k.Type == Object:
			hasKeys(t, at, p, k.Keys)
		}
	}
}
