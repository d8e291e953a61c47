package schema

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

var update = flag.Bool("update", false, "write the golden file anew")

// testKinds are a source of events, one of queries and one of tables.
func testKinds() []spec.SourceKind {
	return []spec.SourceKind{
		{
			Name: "accesslog", Doc: "Access logs of web servers.",
			Keys: []spec.Key{
				{Name: "path", Type: spec.Texts, Required: true, Doc: "Files or globs."},
				{Name: "format", Type: spec.Text, Doc: "Log format."},
				{Name: "max_unread", Type: spec.Share, Doc: "Share of lines that may be unread."},
			},
			SLI: []spec.Key{
				{Name: "where", Type: spec.Condition, Doc: "Which events count."},
				{Name: "good", Type: spec.Condition, Doc: "Which are good."},
				{Name: "bad", Type: spec.Condition, Doc: "Which are bad."},
			},
		},
		{
			Name: "csv", Doc: "Tables of counts.",
			Keys: []spec.Key{{Name: "path", Type: spec.Texts, Required: true, Doc: "Files."}, {Name: "step", Type: spec.Length, Doc: "Length of a row."}},
		},
		{
			Name: "prometheus", Doc: "PromQL.",
			Keys: []spec.Key{
				{Name: "recorded", Type: spec.Text, Enum: []string{"true", "sloth"}, Doc: "Who recorded."},
				{Name: "url", Type: spec.Address, Required: true, Doc: "Base address."},
				{Name: "http", Type: spec.Object, Doc: "Client.", Keys: []spec.Key{
					{Name: "bearer_token", Type: spec.Credential, Doc: "Token."}, {Name: "retries", Type: spec.Integer, Doc: "Count."}, {Name: "gzip", Type: spec.Boolean, Doc: "Compress."}}},
			},
			SLI: []spec.Key{{Name: "good", Type: spec.Text, Doc: "Query."}, {Name: "total", Type: spec.Text, Doc: "Query."}, {Name: "query", Type: spec.Text, Doc: "Query."}},
		},
	}
}

func schemaOf(t *testing.T) (*jsonschema.Resolved, []byte) {
	t.Helper()
	text, err := Of(spec.Known{Sources: testKinds()})
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

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestSchemaGolden(t *testing.T) {
	_, text := schemaOf(t)
	golden(t, "testdata/schema.json", text)
	again, _ := Of(spec.Known{Sources: testKinds()})
	if !bytes.Equal(text, again) {
		t.Error("the same kinds gave other bytes")
	}
}

// asJSON is what an editor makes of a file, by the core schema of YAML 1.2.
func asJSON(v yaml.Value) any {
	switch v.Kind {
	case yaml.Map:
		m := map[string]any{}
		for _, f := range v.Fields {
			m[f.Key] = asJSON(f.Value)
		}
		return m
	case yaml.List:
		l := []any{}
		for _, item := range v.Items {
			l = append(l, asJSON(item))
		}
		return l
	case yaml.Scalar:
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
	files, _ := filepath.Glob("../testdata/ok/*.yaml")
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

// A document has a service and what belongs to it, or destinations alone.
func TestSchemaOfDestinations(t *testing.T) {
	schema, _ := schemaOf(t)
	for text, want := range map[string]bool{
		"apiVersion: nines/v1\ndestinations: {}":                true,
		"apiVersion: nines/v1\ndestinations: {}\nservice: shop": false,
		"apiVersion: nines/v1":                                  false,
		"destinations: {}":                                      false,
		"apiVersion: nines/v1\nservice: shop":                   false,
	} {
		docs, findings := yaml.Parse("x.yaml", []byte(text))
		if len(docs) != 1 || len(findings) > 0 {
			t.Fatal(findings)
		}
		if err := schema.Validate(asJSON(docs[0])); (err == nil) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Where true is one of several texts YAML's own is, too.
func TestSchemaOfTrue(t *testing.T) {
	schema, _ := schemaOf(t)
	for text, want := range map[string]bool{"true": true, "'true'": true, "sloth": true, "false": false, "1": false} {
		docs, findings := yaml.Parse("x.yaml", []byte("apiVersion: nines/v1\nservice: x\n"+
			"sources: {m: {type: prometheus, url: 'http://x', recorded: "+text+"}}\n"+
			"slos: [{name: x, target: 99%, window: 1d, sli: {source: m, good: x, total: y}}]\n"))
		if len(docs) != 1 || len(findings) > 0 {
			t.Fatal(findings)
		}
		if err := schema.Validate(asJSON(docs[0])); (err == nil) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	schema, _ := schemaOf(t)
	good, err := os.ReadFile("../testdata/ok/minimal.yaml")
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
			file := filepath.Join(t.TempDir(), "x.yaml")
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			if _, findings := spec.Load(nil, []string{file}, spec.Known{Sources: testKinds(), Formats: []spec.Format{spec.Native()}}); !findings.Errors() {
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
	hasKeys(t, "", &s, spec.FileKeys())
	for _, k := range testKinds() {
		hasKeys(t, k.Name+" source", s.Defs["source-"+k.Name], spec.SourceKeys(k))
		hasKeys(t, k.Name+" sli", s.Defs["sli-"+k.Name], spec.SLIKeys(k))
	}
}

func hasKeys(t *testing.T, path string, s *jsonschema.Schema, keys []spec.Key) {
	t.Helper()
	for _, k := range spec.Companions(keys) {
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
		case k.Type == spec.Objects:
			hasKeys(t, at, p.Items, k.Keys)
		case k.Type == spec.Object && k.Short != nil:
			hasKeys(t, at, p.AnyOf[1], k.Keys)
		case k.Type == spec.Object:
			hasKeys(t, at, p, k.Keys)
		}
	}
}
