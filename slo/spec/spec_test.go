package spec

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/paths"
)

var update = flag.Bool("update", false, "write the golden files anew")

// testKinds are a source of events, one of queries and one of tables.
func testKinds() []SourceKind {
	return []SourceKind{
		{
			Name: "accesslog", Doc: "Access logs of web servers.",
			Keys: []Key{
				{Name: "path", Type: Texts, Required: true, Doc: "Files or globs."},
				{Name: "format", Type: Text, Doc: "Log format."},
				{Name: "max_unread", Type: Share, Doc: "Share of lines that may be unread."},
			},
			SLI: []Key{
				{Name: "where", Type: Condition, Doc: "Which events count."},
				{Name: "good", Type: Condition, Doc: "Which are good."},
				{Name: "bad", Type: Condition, Doc: "Which are bad."},
			},
			Check: func(source, sli Block) diag.List {
				if sli.Is() && sli.Count == Both && sli.Get("good").Is() == sli.Get("bad").Is() {
					return diag.List{diag.Errorf(sli.Pos, "accesslog/sli", "sli must have one of good and bad")}
				}
				return nil
			},
		},
		{
			Name: "csv", Doc: "Tables of counts.",
			Keys: []Key{{Name: "path", Type: Texts, Required: true, Doc: "Files."}, {Name: "step", Type: Length, Doc: "Length of a row."}},
			Step: func(source Block) time.Duration { return source.Get("step").Duration() },
		},
		{
			Name: "prometheus", Doc: "PromQL.",
			Keys: []Key{
				{Name: "url", Type: Address, Required: true, Doc: "Base address."},
				{Name: "http", Type: Object, Doc: "Client.", Keys: []Key{
					{Name: "bearer_token", Type: Credential, Doc: "Token."}, {Name: "retries", Type: Integer, Doc: "Count."}, {Name: "gzip", Type: Boolean, Doc: "Compress."}}},
			},
			SLI: []Key{{Name: "good", Type: Text, Doc: "Query."}, {Name: "total", Type: Text, Doc: "Query."}, {Name: "query", Type: Text, Doc: "Query."}, {Name: "ratio", Type: Text, Doc: "Query."}},
		},
	}
}

// read is Load of one file's text.
func read(name, text string) (*Set, diag.List) {
	l := newLoader(Known{Sources: testKinds(), Formats: []Format{Native()}})
	l.file(paths.File{Path: name, Dir: "."}, []byte(text))
	return l.finish()
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

// Each testdata/err/X.yaml has the findings of X.out.
func TestFindings(t *testing.T) {
	files, _ := filepath.Glob("testdata/err/*.yaml")
	if len(files) == 0 {
		t.Fatal("no cases")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, findings := read(filepath.Base(file), string(text))
			var out bytes.Buffer
			if err := diag.Render(&out, findings, false); err != nil {
				t.Fatal(err)
			}
			if out.Len() == 0 {
				t.Error("no finding")
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".out", out.Bytes())
		})
	}
}

// Each testdata/ok/X.yaml has no finding, and says what X.out lists.
func TestObjectives(t *testing.T) {
	files, _ := filepath.Glob("testdata/ok/*.yaml")
	if len(files) == 0 {
		t.Fatal("no cases")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			set, findings := Load(nil, []string{file}, Known{Sources: testKinds(), Formats: []Format{Native()}})
			if len(findings) > 0 {
				t.Fatal(findings)
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".out", []byte(describe(set)))
		})
	}
}
