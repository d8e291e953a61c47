package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nines-slo/nines/report/notify"
	places "github.com/nines-slo/nines/report/notify/all"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	formats "github.com/nines-slo/nines/slo/spec/all"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/all"
)

// pages are what people read first and after it.
func pages() []string {
	return []string{"README.md", "cmd/nines/README.md", "slo/README.md", "slo/spec/README.md", "sources/README.md", "report/README.md",
		"sources/prometheus/rules/README.md"}
}

// TestReadme runs every "$ nines …" line of the pages in the root of the checkout
// and holds what it prints against what the page shows; `yaml file=` blocks hold
// the file. UPDATE_README=1 writes both anew. The commands run beside a copy of the
// examples, so that what they write is not the reader's.
func TestReadme(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages() {
		t.Run(page, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(filepath.Join(dir, "examples"), os.DirFS(filepath.Join(root, "examples"))); err != nil {
				t.Fatal(err)
			}
			t.Chdir(dir)
			runPage(t, filepath.Join(root, page))
		})
	}
}

// runPage holds the blocks of the page in file against what nines prints here.
func runPage(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?ms)^```(console|yaml file=(\\S+))\n(.*?)^```$")
	want := block.ReplaceAllFunc(text, func(b []byte) []byte {
		m := block.FindSubmatch(b)
		body := ""
		if shown := string(m[2]); shown != "" {
			content, err := os.ReadFile(shown)
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
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, exp := strings.Split(string(text), "\n"), strings.Split(string(want), "\n")
	for i := range got {
		if i >= len(exp) || got[i] != exp[i] {
			t.Fatalf("line %d shows\n%s\nbut the program prints\n%s\nrun UPDATE_README=1 go test ./cmd/nines -run Readme",
				i+1, got[i], strings.Join(exp[min(i, len(exp)):min(i+3, len(exp))], "\n"))
		}
	}
	t.Fatal("lines are lacking that the program prints")
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

// TestReadmeFiles holds that every SLO file shown in the pages is valid, and warns of
// nothing but what increase() does to counts, which the pages tell of.
func TestReadmeFiles(t *testing.T) {
	for _, page := range pages() {
		text, err := os.ReadFile(filepath.Join("../..", page))
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$").FindAllSubmatch(text, -1) {
			file := filepath.Join(t.TempDir(), "readme.yaml")
			if err := os.WriteFile(file, m[1], 0o644); err != nil {
				t.Fatal(err)
			}
			_, findings := spec.Load(nil, []string{file}, spec.Known{Sources: sources.Specs(all.Kinds()), Destinations: notify.Specs(places.Kinds()), Formats: formats.Formats(false)})
			findings = slices.DeleteFunc(findings, func(f diag.Finding) bool { return f.Code == "promql/increase" })
			if len(findings) > 0 {
				t.Errorf("%s, SLO file %d: %v", page, i+1, findings)
			}
		}
	}
}

// TestReadmeLength keeps the front door one.
func TestReadmeLength(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n > 300 {
		t.Errorf("README.md has %d lines, at most 300 are allowed: move what is looked up to the page beside the code", n)
	}
}

// TestReadmeLinks holds that each link of a page leads to a file or folder of the
// checkout, and to a heading that is there.
func TestReadmeLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	fence := regexp.MustCompile("(?ms)^```.*?^```$")
	for _, page := range append(pages(), "SECURITY.md", "CHANGELOG.md") {
		text, err := os.ReadFile(filepath.Join("../..", page))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(fence.ReplaceAllString(string(text), ""), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			file := page
			if target != "" {
				file = path.Join(path.Dir(page), target)
			}
			if _, err := os.Stat(filepath.Join("../..", file)); err != nil {
				t.Errorf("%s links to %s: %v", page, m[1], err)
			} else if anchor != "" && !anchors(t, file)[anchor] {
				t.Errorf("%s links to %s, but %s has no such heading", page, m[1], file)
			}
		}
	}
}

// anchors returns those of a page's headings: lower case, without punctuation, blanks
// as hyphens.
func anchors(t *testing.T, page string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", page))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	punctuation := regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	prose := regexp.MustCompile("(?ms)^```.*?^```$").ReplaceAllString(string(text), "")
	for _, m := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(prose, -1) {
		plain := punctuation.ReplaceAllString(strings.ToLower(m[1]), "")
		out[strings.ReplaceAll(plain, " ", "-")] = true
	}
	return out
}
