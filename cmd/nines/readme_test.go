package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	places "github.com/nines-slo/nines/report/notify/all"
	"github.com/nines-slo/nines/slo/spec"
	formats "github.com/nines-slo/nines/slo/spec/all"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/all"
)

// TestReadme runs every "$ nines …" line of the README in the root of the checkout
// and holds what it prints against what the README shows; `yaml file=` blocks hold
// the file. UPDATE_README=1 writes both anew. The commands run beside a copy of the
// examples, so that what they write is not the reader's.
func TestReadme(t *testing.T) {
	readme, err := filepath.Abs("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "examples"), os.DirFS("../../examples")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	block := regexp.MustCompile("(?ms)^```(console|yaml file=(\\S+))\n(.*?)^```$")
	want := block.ReplaceAllFunc(text, func(b []byte) []byte {
		m := block.FindSubmatch(b)
		body := ""
		if file := string(m[2]); file != "" {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Error(err)
			}
			body = string(content)
		} else {
			body = rerun(t, string(m[3]))
		}
		return []byte("```" + string(m[1]) + "\n" + body + "```")
	})
	if bytes.Equal(text, want) {
		return
	}
	if os.Getenv("UPDATE_README") != "" {
		if err := os.WriteFile(readme, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, exp := strings.Split(string(text), "\n"), strings.Split(string(want), "\n")
	for i := range got {
		if i >= len(exp) || got[i] != exp[i] {
			t.Fatalf("README.md:%d shows\n%s\nbut the program prints\n%s\nrun UPDATE_README=1 go test ./cmd/nines -run Readme", i+1, got[i], strings.Join(exp[min(i, len(exp)):min(i+3, len(exp))], "\n"))
		}
	}
	t.Fatal("README.md lacks lines that the program prints")
}

// rerun returns the commands of a block, each followed by what it prints.
func rerun(t *testing.T, block string) string {
	t.Helper()
	var b strings.Builder
	for line := range strings.SplitSeq(block, "\n") {
		args, ok := strings.CutPrefix(line, "$ nines ")
		if !ok {
			continue
		}
		var out, errs bytes.Buffer
		a := app{kinds: all.Kinds(), places: places.Kinds(), stdin: strings.NewReader(""), stdout: &out, stderr: &errs, getenv: func(string) string { return "" }, now: fixedNow}
		args, shown := strings.CutSuffix(args, "; echo $?")
		code := a.run(context.Background(), strings.Fields(args))
		if code != 0 && !shown {
			t.Errorf("%s: exit %d: %s", line, code, errs.String())
		}
		b.WriteString(line + "\n" + out.String() + errs.String())
		if shown {
			fmt.Fprintln(&b, code)
		}
	}
	return b.String()
}

// TestReadmeFiles holds that every SLO file shown in the README is valid.
func TestReadmeFiles(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllSubmatch(text, -1)
	if len(shown) == 0 {
		t.Fatal("the README shows no SLO file")
	}
	for _, m := range shown {
		file := filepath.Join(t.TempDir(), "readme.yaml")
		if err := os.WriteFile(file, m[1], 0o644); err != nil {
			t.Fatal(err)
		}
		if _, findings := spec.Load(nil, []string{file}, spec.Known{Sources: sources.Specs(all.Kinds()), Formats: formats.Formats()}); len(findings) > 0 {
			t.Error(findings)
		}
	}
}
