package spec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// files writes name → text below a directory, and makes that the working directory.
func files(t *testing.T, texts map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range texts {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

// service returns a file with one SLO x of that service.
func service(name string, more ...string) string {
	return "apiVersion: nines/v1\nservice: " + name + "\nsources: {m: {type: csv, path: m.csv}}\n" +
		"slos: [{name: x, target: 99%, window: 30d, sli: {source: m}}]\n" + strings.Join(more, "\n") + "\n"
}

func TestLoadPaths(t *testing.T) {
	files(t, map[string]string{
		"slos/b.yaml":       service("b"),
		"slos/a.yml":        service("a"),
		"slos/compose.yaml": "version: 3\nservices: {}\n",
		"slos/chart.yaml":   "{{ template }}\n",
		"slos/list.yaml":    "- apiVersion: v1\n",
		"slos/notes.yaml":   "# nothing yet\n",
		"cut/empty.yaml":    "",
		"near/g.YAML":       "apiVersion: Nines/v1\n",
		"near/h.yml":        "apiVersion: nine/v1\n",
		"slos/openslo.yaml": "apiVersion: openslo/v1\nkind: SLO\n",
		"slos/readme.txt":   "apiVersion: nines/v1\n",
		"slos/sub/c.yaml":   service("c"),
		"slos/v2/d.yaml":    "apiVersion: nines/v2\n",
		"slos/no/e.yaml":    "service: x\nslos: []\n",
		"slos/bad/f.yaml":   "# a comment\napiVersion: \"nines/v1\"\nx: [\n",
		"none/x.yaml":       "a: b\n",
	})
	tests := []struct {
		name  string
		paths []string
		files []string
		want  []string // beginnings of the findings
	}{
		{"a directory reads what is of this format", []string{"slos"}, []string{"slos/a.yml", "slos/b.yaml"}, nil},
		{"a file", []string{"slos/b.yaml"}, []string{"slos/b.yaml"}, nil},
		{"a file once", []string{"slos/b.yaml", "slos", "./slos//b.yaml"}, []string{"slos/a.yml", "slos/b.yaml"}, nil},
		{"a glob", []string{"slos/*/c.yaml"}, []string{"slos/sub/c.yaml"}, nil},
		{"a glob of directories", []string{"slos/s*"}, []string{"slos/sub/c.yaml"}, nil},
		{"a named file of another format is refused", []string{"slos/openslo.yaml"}, []string{"slos/openslo.yaml"}, []string{`slos/openslo.yaml:1:13: apiVersion "openslo/v1" is not a known format`}},
		{"also beside its directory", []string{"slos/openslo.yaml", "slos"}, []string{"slos/a.yml", "slos/b.yaml", "slos/openslo.yaml"}, []string{`slos/openslo.yaml:1:13: `}},
		{"a later version is not passed over", []string{"slos/v2"}, []string{"slos/v2/d.yaml"}, []string{`slos/v2/d.yaml:1:13: apiVersion "nines/v2" is not a known format`}},
		{"nor a forgotten apiVersion", []string{"slos/no"}, []string{"slos/no/e.yaml"}, []string{
			`slos/no/e.yaml:1:1: key "apiVersion" is missing`, `slos/no/e.yaml:1:1: key "sources" is missing`, `slos/no/e.yaml:2:7: "slos" is an empty list`}},
		{"nor a broken file", []string{"slos/bad"}, []string{"slos/bad/f.yaml"}, []string{`slos/bad/f.yaml:3:4: the list "[" is never closed`}},
		{"nor a file that was cut to nothing", []string{"cut"}, []string{"cut/empty.yaml"}, []string{"cut/empty.yaml:1:1: the file says nothing"}},
		{"nor a slip of the pen", []string{"near"}, []string{"near/g.YAML", "near/h.yml"}, []string{
			`near/g.YAML:1:13: apiVersion "Nines/v1" is not a known format`, `near/h.yml:1:13: apiVersion "nine/v1" is not a known format`}},
		{"a directory without any", []string{"none"}, nil, []string{"none: no SLO file in this directory"}},
		{"no such file", []string{"nines.yaml"}, nil, []string{"nines.yaml: no such file or directory"}},
		{"no match", []string{"x*.yaml"}, nil, []string{"x*.yaml: no file matches"}},
		{"no glob", []string{"[x"}, nil, []string{"[x: no file matches"}},
		{"the others are read", []string{"none", "slos/bad/f.yaml", "slos/b.yaml"}, []string{"slos/b.yaml", "slos/bad/f.yaml"}, []string{"none: ", "slos/bad/f.yaml:3:4: "}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, findings := Load(tt.paths, testKinds(), []Format{Native()})
			if diff := cmp.Diff(tt.files, set.Files); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if len(findings) != len(tt.want) {
				t.Fatalf("got %v, want %q", findings, tt.want)
			}
			for i, f := range findings {
				if !strings.HasPrefix(f.Error(), tt.want[i]) {
					t.Errorf("got %v, want %s", f, tt.want[i])
				}
			}
		})
	}
}

func TestLoadAcrossFiles(t *testing.T) {
	files(t, map[string]string{
		"a.yaml": service("shop", "timezone: Asia/Tokyo", "report: {title: Shop, period: 2026-10}"),
		"b.yaml": service("shop", "timezone: Asia/Tokyo", "report: {title: Store, language: ja}"),
		"c.yaml": service("search", "timezone: Asia/Tokyo"),
		"d.yaml": service("mail"),
	})
	_, findings := Load([]string{"a.yaml", "b.yaml"}, testKinds(), []Format{Native()})
	want := `b.yaml:4:15: slo "shop/x" is already at a.yaml:4:15 [slo/duplicate]
b.yaml:6:17: report.title is "Store" here and "Shop" at a.yaml:6:17 [report/conflict]`
	if findings.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", findings, want)
	}
	set, findings := Load([]string{"a.yaml", "c.yaml"}, testKinds(), []Format{Native()})
	if len(findings) > 0 || set.Report.Zone.String() != "Asia/Tokyo" || set.Report.Title != "Shop" {
		t.Errorf("common zone: %v, %v", set.Report, findings)
	}
	if set, _ := Load([]string{"a.yaml", "d.yaml"}, testKinds(), []Format{Native()}); set.Report.Zone != nil {
		t.Errorf("got %v, want no common zone", set.Report.Zone)
	}
}

func TestLoadListsSoMany(t *testing.T) {
	text := "apiVersion: nines/v1\n" + keys(1000)
	_, findings := read("x.yaml", text)
	if last := findings[len(findings)-1]; len(findings) != maxFindings+1 || last.Code != "file/findings" || !strings.HasPrefix(last.Message, "803 more") {
		t.Errorf("got %d findings, the last %v", len(findings), last)
	}
}

// A block keeps the file's directory and zone for the source.
func TestLoadBlocks(t *testing.T) {
	files(t, map[string]string{"slos/a.yaml": service("a", "timezone: Europe/Berlin")})
	set, findings := Load([]string{"slos"}, testKinds(), []Format{Native()})
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	part := set.Objectives[0].Parts[0]
	if part.Source.Block.Dir != "slos" || part.SLI.Dir != "slos" || part.SLI.Zone.String() != "Europe/Berlin" || part.Count != Both || part.Source.Type != "csv" {
		t.Errorf("got %+v", part)
	}
}

func TestMomentIn(t *testing.T) {
	tests := []struct {
		zone, text, want string
		skipped          bool
	}{
		{"UTC", "2026-10-04", "2026-10-04T00:00:00Z", false},
		{"Asia/Tokyo", "2026-10-04T09:30", "2026-10-04T00:30:00Z", false},
		{"Asia/Tokyo", "2026-10-04T09:30:00Z", "2026-10-04T09:30:00Z", false},
		{"Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00Z", false}, // comes twice: the first
		{"Europe/Berlin", "2026-10-25T03:30", "2026-10-25T02:30:00Z", false},
		{"Europe/Berlin", "2026-03-29 03:30:00", "2026-03-29T01:30:00Z", false},
		{"Europe/Berlin", "2026-03-29T02:30", "", true},
		{"Australia/Lord_Howe", "2026-10-04T12:00", "2026-10-04T01:00:00Z", false},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", false}, // the day begins at 01:00
	}
	for _, tt := range tests {
		zone, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		m, err := parseMoment(tt.text)
		if err != nil {
			t.Fatal(err)
		}
		at, exists := m.in(zone)
		if exists == tt.skipped || exists && at.UTC().Format(time.RFC3339) != tt.want {
			t.Errorf("%s in %s: got %v %v, want %s", tt.text, tt.zone, at.UTC(), exists, tt.want)
		}
	}
}
