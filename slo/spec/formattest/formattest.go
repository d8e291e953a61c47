// Package formattest is the suite that every format of other tools' files passes: what
// files say in the native format and what is found in them are golden files, whatever stands in
// a file is read without a panic, and what is found has a place in it.
package formattest

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// Run checks testdata/X.yaml against X.out: each document in the native format, then all
// findings of a run that reads the file. With -update it writes X.out anew. A directory X
// is read as one run.
func Run(t *testing.T, format spec.Format) {
	t.Helper()
	update := flag.Lookup("update") != nil && flag.Lookup("update").Value.String() == "true"
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for _, entry := range entries {
		name, isFile := strings.CutSuffix(entry.Name(), ".yaml")
		if !isFile && !entry.IsDir() || entry.Name() == "fuzz" {
			continue
		}
		cases++
		t.Run(name, func(t *testing.T) {
			golden(t, filepath.Join("testdata", name+".out"), say(t, filepath.Join("testdata", entry.Name()), format), update)
		})
	}
	if cases == 0 {
		t.Error("no cases")
	}
}

func golden(t *testing.T, path, got string, update bool) {
	t.Helper()
	if update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) == got {
		return
	}
	wants, gots := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range max(len(wants), len(gots)) {
		if i >= len(wants) || i >= len(gots) || wants[i] != gots[i] {
			t.Fatalf("%s differs from line %d on, got\n%s", path, i+1, strings.Join(gots[min(i, len(gots)):], "\n"))
		}
	}
}

// say writes what a file or a directory says.
func say(t *testing.T, path string, format spec.Format) string {
	t.Helper()
	var out bytes.Buffer
	for _, doc := range Native(t, path, format) {
		out.WriteString("---\n" + yaml.Block(doc, nil))
	}
	set, findings := spec.Load(nil, []string{path}, Known(format))
	fmt.Fprintf(&out, "=== %d objectives\n", len(set.Objectives))
	if err := diag.Render(&out, findings, false); err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(out.String(), filepath.ToSlash(path), filepath.Base(path))
}

// Native returns the documents of a file or a directory in the native format.
func Native(t *testing.T, path string, format spec.Format) []spec.Value {
	t.Helper()
	files := []string{path}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		files, _ = filepath.Glob(filepath.Join(path, "*.yaml"))
	}
	var all []spec.Value
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		docs, findings := yaml.Parse(file, raw)
		if len(findings) > 0 {
			t.Fatal(findings)
		}
		all = append(all, spec.Unlisted(docs)...)
	}
	return translated(all, format)
}

func translated(all []spec.Value, format spec.Format) (out []spec.Value) {
	var mine []spec.Value
	for _, doc := range all {
		if format.Mine(doc) {
			mine = append(mine, doc.Said())
		}
	}
	read := format.Native(mine)
	for _, doc := range mine {
		native, _ := read(doc)
		out = append(out, native...)
	}
	return out
}

// Known is what files may name: the sources that formats ask, which take any text.
func Known(formats ...spec.Format) spec.Known {
	text := func(name string) spec.Key { return spec.Key{Name: name, Type: spec.Text, Doc: "Text."} }
	any := func(name string) spec.Key { return spec.Key{Name: name, Type: spec.Any, Doc: "Any."} }
	return spec.Known{
		Formats: append([]spec.Format{spec.Native()}, formats...),
		Sources: []spec.SourceKind{{
			Name: "prometheus", Doc: "PromQL.",
			Keys: []spec.Key{{Name: "url", Type: spec.Address, Required: true, Doc: "Address."}, any("http"), any("headers")},
			SLI:  []spec.Key{any("good"), any("bad"), any("total"), text("value"), text("ratio"), text("histogram"), text("counter"), text("query")},
		}},
	}
}

// Fuzz reads whatever text says, seeded with the files of testdata.
func Fuzz(f *testing.F, format spec.Format) {
	seeds, _ := filepath.Glob("testdata/*.yaml")
	more, _ := filepath.Glob("testdata/*/*.yaml")
	for _, file := range append(seeds, more...) {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	f.Fuzz(func(t *testing.T, text string) {
		all, broken := yaml.Parse("x.yaml", []byte(text))
		if len(broken) > 0 {
			return
		}
		lines := strings.Count(text, "\n") + 1
		var mine []spec.Value
		for _, doc := range spec.Unlisted(all) {
			if format.Mine(doc) {
				mine = append(mine, doc.Said())
			}
		}
		read := format.Native(mine)
		for _, doc := range mine {
			native, findings := read(doc)
			for _, found := range findings {
				if found.Pos.Line < 1 || found.Pos.Line > lines+1 || found.Code == "" || found.Message == "" {
					t.Fatalf("finding without a place: %+v\n%s", found, text)
				}
			}
			for _, one := range native {
				block := yaml.Block(one, nil)
				again, wrong := yaml.Parse("y.yaml", []byte(block))
				if len(wrong) > 0 || len(again) != 1 || again[0].Key() != one.Key() {
					t.Fatalf("%s is written as\n%s\n%v", one, block, wrong)
				}
			}
		}
	})
}
