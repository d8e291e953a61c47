package spec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nines-slo/nines/slo/diag"
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
		"slos/b.yaml":        service("b"),
		"slos/a.yml":         service("a"),
		"slos/j.JSON":        `{"apiVersion": "nines/v1", "service": "j", "sources": {"m": {"type": "csv", "path": "m.csv"}}, "slos": [{"name": "x", "target": "99%", "window": "30d", "sli": {"source": "m"}}]}`,
		"slos/compose.yaml":  "version: 3\nservices: {}\n",
		"slos/openslo.yaml":  "apiVersion: openslo/v1\nkind: SLO\n",
		"slos/readme.txt":    "apiVersion: nines/v1\n",
		"slos/sub/c.yaml":    service("c"),
		"slos/sub/in/d.yaml": service("d"),
		"slos/.git/e.yaml":   service("e"),
		"v2/d.yaml":          "apiVersion: nines/v2\n",
		"no/e.yaml":          "service: x\nslos: []\n",
		"bad/f.yaml":         "# a comment\napiVersion: \"nines/v1\"\nx: [\n",
		"near/g.YAML":        "apiVersion: Nines/v1\n",
		"near/h.yml":         "apiVersion: nine/v1\n",
		"none/x.yaml":        "a: b\n",
		"none/.x/y.yaml":     service("y"),
	})
	all := []string{"slos/a.yml", "slos/b.yaml", "slos/j.JSON", "slos/sub/c.yaml", "slos/sub/in/d.yaml"}
	others := []string{"slos/compose.yaml", "slos/openslo.yaml"}
	tests := []struct {
		name    string
		paths   []string
		files   []string
		skipped []string
		want    []string // beginnings of the findings
	}{
		{"a directory reads what is of this format", []string{"slos"}, all, others, nil},
		{"a file", []string{"slos/b.yaml"}, []string{"slos/b.yaml"}, nil, nil},
		{"a file once", []string{"slos/b.yaml", "slos", "./slos//b.yaml"}, all, others, nil},
		{"a directory once", []string{"slos/sub", "slos", "slos/"}, all, others, nil},
		{"a glob", []string{"slos/*/c.yaml"}, []string{"slos/sub/c.yaml"}, nil, nil},
		{"a glob of directories", []string{"slos/s*"}, []string{"slos/sub/c.yaml", "slos/sub/in/d.yaml"}, nil, nil},
		{"a directory with a dot that is named", []string{"slos/.git"}, []string{"slos/.git/e.yaml"}, nil, nil},
		{"a named file of another format is refused", []string{"slos/openslo.yaml"}, []string{"slos/openslo.yaml"}, nil, []string{`slos/openslo.yaml:1:13: apiVersion "openslo/v1" is not a known format`}},
		{"also beside its directory", []string{"slos/openslo.yaml", "slos/sub"}, []string{"slos/openslo.yaml", "slos/sub/c.yaml", "slos/sub/in/d.yaml"}, nil, []string{`slos/openslo.yaml:1:13: `}},
		{"a later version is not passed over", []string{"v2"}, []string{"v2/d.yaml"}, nil, []string{`v2/d.yaml:1:13: apiVersion "nines/v2" is not a known format`}},
		{"nor a forgotten apiVersion", []string{"no"}, []string{"no/e.yaml"}, nil, []string{
			`no/e.yaml:1:1: key "apiVersion" is missing`, `no/e.yaml:1:1: key "sources" is missing`, `no/e.yaml:2:7: "slos" is an empty list`}},
		{"nor a broken file", []string{"bad"}, []string{"bad/f.yaml"}, nil, []string{`bad/f.yaml:3:4: the list "[" is never closed`}},
		{"nor a slip of the pen", []string{"near"}, []string{"near/g.YAML", "near/h.yml"}, nil, []string{
			`near/g.YAML:1:13: apiVersion "Nines/v1" is not a known format`, `near/h.yml:1:13: apiVersion "nine/v1" is not a known format`}},
		{"a directory without any", []string{"none"}, nil, []string{"none/x.yaml"}, []string{"none: no SLO file in this directory"}},
		{"no such file", []string{"nines.yaml"}, nil, nil, []string{"nines.yaml: no such file or directory"}},
		{"no match", []string{"x*.yaml"}, nil, nil, []string{"x*.yaml: no file matches"}},
		{"no glob", []string{"[x"}, nil, nil, []string{"[x: no file matches"}},
		{"the others are read", []string{"none", "bad/f.yaml", "slos/b.yaml"}, []string{"bad/f.yaml", "slos/b.yaml"}, []string{"none/x.yaml"}, []string{"bad/f.yaml:3:4: ", "none: "}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, findings := Load(nil, tt.paths, Known{Sources: testKinds(), Formats: []Format{Native()}})
			if diff := cmp.Diff(tt.files, set.Files); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.skipped, set.Skipped); diff != "" {
				t.Errorf("skipped (-want +got):\n%s", diff)
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

// A file beside a sound one is read, refused, or told to be another tool's: never
// passed over in silence, whatever happened to it.
func TestLoadDamaged(t *testing.T) {
	sound := service("b")
	utf16 := func(text string) string {
		out := "\xff\xfe"
		for _, r := range text {
			out += string(rune(r)) + "\x00"
		}
		return out
	}
	long := "{\"name\": \"lock\", \"packages\": [" + strings.Repeat("1,", 80_000) + "1]}\n"
	const read, skip, own = "read", "skip", "own"
	tests := []struct{ name, text, want string }{ // or a part of the finding
		{"sound", sound, read},
		{"with a byte order mark", "\ufeff" + sound, read},
		{"with Windows' line ends", strings.ReplaceAll(sound, "\n", "\r\n"), read},
		{"JSON in YAML", `{"apiVersion": "nines/v1", "service": "b", "sources": {"m": {"type": "csv", "path": "m.csv"}}, "slos": [{"name": "x", "target": "99%", "window": "30d", "sli": {"source": "m"}}]}`, read},
		{"behind an empty document", "---\n---\n" + sound, read},

		{"empty", "", ":1:1: the file says nothing"},
		{"blank", " \n\n", ":1:1: the file says nothing"},
		{"a byte order mark alone", "\ufeff", ":1:1: the file says nothing"},
		{"commented out", "# " + strings.ReplaceAll(sound, "\n", "\n# "), ":1:1: the file says nothing"},
		{"nothing but a mark", "---\n", ":1:1: the file says nothing"},
		{"null", "null\n", ":1:1: the file says nothing"},
		{"cut off in its first word", sound[:8], ":1:1: this is no map of keys, as an SLO file is, but a single value"},
		{"cut off behind it", sound[:12], `:1:1: key "apiVersion" has no value`},
		{"cut off in its version", sound[:13], `:1:13: apiVersion "n" is not a known format`},
		{"cut off in a list", strings.TrimSuffix(sound, "}}]\n\n"), "is never closed"},
		{"its end alone", "  - {name: up}\n  - {name: down}\n", ":1:3: this is no map of keys, as an SLO file is, but a list"},
		{"UTF-16", utf16(sound), ":1:1: byte 0xff is not UTF-8"},
		{"Latin-1", strings.Replace(sound, "service: b", "service: caf\xe9", 1), ":2:13: byte 0xe9 is not UTF-8"},
		{"a NUL in front", "\x00" + sound, ":1:1: byte 0x00 is not text"},
		{"a tab in front", "\t" + sound, "a tab cannot indent a line"},
		{"a space in front", " " + sound, ":2:1: unexpected"},
		{"wrapped in a list", "- " + strings.ReplaceAll(strings.TrimSpace(sound), "\n", "\n  "), ":1:1: this is no map of keys"},
		{"wrapped in a map", "spec:\n  " + strings.ReplaceAll(strings.TrimSpace(sound), "\n", "\n  "), `:1:1: an SLO file seems to stand below key "spec"`},
		{"wrapped in both", "items:\n  - " + strings.ReplaceAll(strings.TrimSpace(sound), "\n", "\n    "), `:1:1: an SLO file seems to stand below key "items"`},
		{"wrapped without version", "a: 1\nfile: {srevice: x, slos: []}\n", `:2:1: an SLO file seems to stand below key "file"`},
		{"a pointer of Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n", ":1:1: this is no map of keys"},
		{"a merge in conflict", "<<<<<<< HEAD\n" + sound + "=======\n" + sound + ">>>>>>> other\n", "yaml/syntax"},
		{"HTML", "<html><body>404</body></html>\n", ":1:1: this is no map of keys"},
		{"a document that is none behind one of another tool", "a: b\n---\napiVersi\n", ":3:1: this is no map of keys"},
		{"one of ours behind one of another tool", "a: b\n---\n" + sound, `:1:1: key "apiVersion" is missing`},
		{"a template", "{{- if .Values.on }}\na: b\n{{- end }}\n", ":1:2: "},
		{"a list of another tool", `[{"name": "x"}]`, ":1:1: this is no map of keys, as an SLO file is, but a list"},

		{"a version to come", strings.Replace(sound, "nines/v1", "nines/v9", 1), `:1:13: apiVersion "nines/v9" is not a known format`},
		{"a version with two letters wrong", strings.Replace(sound, "nines/v1", "nimess/v1", 1), `:1:13: apiVersion "nimess/v1" is not a known format`},
		{"a version without its end", strings.Replace(sound, "nines/v1", "nines", 1), `:1:13: apiVersion "nines" is not a known format`},
		{"a slip in the key", strings.Replace(sound, "apiVersion", "apiVerison", 1), `key "apiVersion" is missing`},
		{"a key in small letters", strings.Replace(sound, "apiVersion", "apiversion", 1), `key "apiVersion" is missing`},
		{"two slips and no version", strings.NewReplacer("apiVersion: nines/v1\n", "", "service:", "sevrice:", "slos:", "slo:").Replace(sound), `key "apiVersion" is missing`},
		{"sources tell, too", "source: {}\nslos: []\n", `key "apiVersion" is missing`},
		{"a tag in a file of ours", strings.Replace(sound, "service: b", "service: !x b", 1), `tag "!x" is not read`},
		{"a file of ours with a key twice", sound + "service: c\n", `key "service" is given twice`},

		{"another tool's", "version: 3\nservices: {}\n", skip},
		{"of several documents", "a: b\n---\n---\nc: d\n---\n", skip},
		{"no key at all", "{}\n", skip},
		{"of another version", "apiVersion: apps/v1\nkind: Deployment\nspec: {service: x}\n", skip},
		{"with a word alike", "slo: 99.9\nowner: x\n", skip},
		{"with tags", "Resources:\n  A: !Ref b\n", skip},
		{"of YAML 1.1", "%YAML 1.1\n---\na: b\n", skip},
		{"with a key twice", "a: 1\na: 2\n", skip},
		{"that is long", long, skip},
		{"that holds one as a text", "data:\n  slo.yaml: |\n    apiVersion: nines/v1\n", skip},
		{"the schema of SLO files", `{"type": "object", "properties": {"apiVersion": {"type": "string"}, "service": {}, "sources": {}, "slos": {}}}`, skip},
		{"our own figures", `{"schema": "nines.status/v1", "at": "2026-10-01T00:00:00Z", "objectives": []}`, own},
		{"our own figures of today", `{"schema": "nines.status/v1", "slos": [{"service": "b", "name": "x", "sli": 0.5}], "sources": [{"name": "m"}]}`, own},
		{"a file of ours that names its schema", "schema: nines.schema.json\n" + sound, `unknown key "schema"`},
		{"a file of ours with the schema of an output", "schema: nines.status/v1\n" + sound, `unknown key "schema"`},
		{"the same with a slip", "schema: nines.status/v1\n" + strings.Replace(sound, "nines/v1", "nine/v1", 1), `apiVersion "nine/v1" is not a known format`},
		{"the same without version", "schema: nines.status/v1\n" + strings.Replace(sound, "apiVersion: nines/v1\n", "", 1), `key "apiVersion" is missing`},
		{"the same without service", "schema: nines.status/v1\nsources: {m: {type: test}}\nslos: []\n", `key "apiVersion" is missing`},
		{"another tool's schema of a name like ours", "schema: nines.schema.json\na: b\n", skip},
		{"our own figures of a service", `{"schema": "nines.gate/v1", "x": {"service": "a", "slos": []}}`, own},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files(t, map[string]string{"slos/a.yaml": service("a"), "slos/b.yaml": tt.text})
			set, findings := Load(nil, []string{"slos"}, Known{Sources: testKinds(), Formats: []Format{Native()}})
			got := own
			switch {
			case len(findings) > 0:
				got = findings.Error()
			case len(set.Files) == 2:
				got = read
			case len(set.Skipped) == 1:
				got = skip
			}
			if !strings.Contains(got, tt.want) || len(tt.want) > 4 && !findings.Errors() {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			for _, f := range findings {
				if f.Pos.File != "slos/b.yaml" {
					t.Errorf("%v is about another file", f)
				}
			}
		})
	}
}

// What is in a file that nobody could read is not shown: it may be secret.
func TestLoadDamagedShowsNothing(t *testing.T) {
	files(t, map[string]string{"slos/a.yaml": service("a"), "slos/b.yaml": "key = hunter2\nhunter3: [\n"})
	_, findings := Load(nil, []string{"slos"}, Known{Sources: testKinds(), Formats: []Format{Native()}})
	var out strings.Builder
	if err := diag.Render(&out, findings, false); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); strings.Contains(got, "hunter") || !strings.Contains(got, "slos/b.yaml:2:") {
		t.Errorf("got %s", got)
	}
}

func TestLoadAcrossFiles(t *testing.T) {
	files(t, map[string]string{
		"a.yaml": service("shop", "timezone: Asia/Tokyo", "report: {title: Shop, period: 2026-10}"),
		"b.yaml": service("shop", "timezone: Asia/Tokyo", "report: {title: Store, language: ja}"),
		"c.yaml": service("search", "timezone: Asia/Tokyo"),
		"d.yaml": service("mail"),
	})
	_, findings := Load(nil, []string{"a.yaml", "b.yaml"}, Known{Sources: testKinds(), Formats: []Format{Native()}})
	want := `b.yaml:4:15: slo "shop/x" is already at a.yaml:4:15 [slo/duplicate]
b.yaml:6:17: report.title is "Store" here and "Shop" at a.yaml:6:17 [report/conflict]`
	if findings.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", findings, want)
	}
	set, findings := Load(nil, []string{"a.yaml", "c.yaml"}, Known{Sources: testKinds(), Formats: []Format{Native()}})
	if len(findings) > 0 || set.Report.Zone.String() != "Asia/Tokyo" || set.Report.Title != "Shop" {
		t.Errorf("common zone: %v, %v", set.Report, findings)
	}
	if set, _ := Load(nil, []string{"a.yaml", "d.yaml"}, Known{Sources: testKinds(), Formats: []Format{Native()}}); set.Report.Zone != nil {
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
	set, findings := Load(nil, []string{"slos"}, Known{Sources: testKinds(), Formats: []Format{Native()}})
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
