package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

const (
	maxFindings = 200     // of one file are listed; the rest is counted
	maxExcerpt  = 1 << 16 // bytes of a source line that is shown
)

// Load reads the SLO files that paths name, each a file, a directory or a glob.
// A directory stands for the *.yaml and *.yml files directly in it that carry an
// apiVersion of this format; other files in it are none of our business, but
// refused when they are named themselves. Files are read in the order of their
// names, each once. All findings of all files come back, sorted by position; the
// Set holds what is right of the rest and is to be used only if none is an error.
func Load(paths []string, kinds []SourceKind) (*Set, diag.List) {
	l := newLoader(kinds)
	for _, in := range l.inputs(paths) {
		raw, err := readFile(in.path)
		if err != nil {
			l.add(diag.Errorf(diag.Pos{File: in.path}, "file/read", "%s", pathError(err)))
			continue
		}
		l.file(in, raw)
	}
	return l.finish()
}

// input is one file to read.
type input struct {
	path string
	dir  string // of the path
	dirs bool   // found in a directory, not named itself
}

// inputs returns the files that paths stand for, sorted, each once.
func (l *loader) inputs(paths []string) []input {
	var found []input
	for _, path := range paths {
		matches := []string{path}
		if _, err := os.Stat(path); err != nil && strings.ContainsAny(path, "*?[") {
			globbed, globErr := filepath.Glob(path)
			if globErr != nil || len(globbed) == 0 {
				l.add(diag.Errorf(diag.Pos{File: path}, "file/none", "no file matches"))
			}
			matches = globbed
		}
		for _, m := range matches {
			found = append(found, l.expand(m)...)
		}
	}
	slices.SortFunc(found, func(a, b input) int {
		if n := strings.Compare(a.path, b.path); n != 0 || a.dirs == b.dirs {
			return n
		}
		if a.dirs {
			return 1
		}
		return -1
	})
	return slices.CompactFunc(found, func(a, b input) bool { return a.path == b.path })
}

// expand returns the YAML files directly in a directory, or the file itself.
func (l *loader) expand(path string) []input {
	info, err := os.Stat(path)
	if err != nil {
		l.add(diag.Errorf(diag.Pos{File: path}, "file/read", "%s", pathError(err)))
		return nil
	}
	if !info.IsDir() {
		path = filepath.Clean(path)
		return []input{{path: path, dir: filepath.Dir(path)}}
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		l.add(diag.Errorf(diag.Pos{File: path}, "file/read", "%s", pathError(err)))
		return nil
	}
	l.directories = append(l.directories, filepath.Clean(path))
	var found []input
	for _, e := range entries {
		name := filepath.Join(path, e.Name())
		ext := strings.ToLower(filepath.Ext(name))
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() && (ext == ".yaml" || ext == ".yml") {
			found = append(found, input{path: name, dir: filepath.Dir(name), dirs: true})
		}
	}
	return found
}

// pathError returns what is wrong without the path, which stands before it.
func pathError(err error) string {
	var at *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file or directory"
	case errors.As(err, &at):
		return fmt.Sprintf("%s: %v", at.Op, at.Err)
	}
	return err.Error()
}

// readFile reads no more than shows that a file is too large.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, yaml.MaxBytes+1))
}

// loader collects what files say.
type loader struct {
	kinds       []SourceKind
	sourceKeys  []Key // of a source of any kind
	sliKeys     []Key // of an sli on one
	set         *Set
	directories []string            // named, not yet known to hold a file of ours
	ids         map[string]diag.Pos // of objectives
	report      map[string]Value    // keys of report blocks so far
	zones       []string            // of the documents
	findings    diag.List
	before      int                // findings of the files before this one
	said        map[place][]string // messages about conditions of alerts
}

func newLoader(kinds []SourceKind) *loader {
	return &loader{kinds: kinds, sourceKeys: unionKeys(kinds, sourceKeys), sliKeys: anySLI(kinds),
		set: &Set{texts: map[string]string{}}, ids: map[string]diag.Pos{}, report: map[string]Value{}, said: map[place][]string{}}
}

func (l *loader) add(findings ...diag.Finding) { l.findings = append(l.findings, findings...) }

// file reads one file's documents.
func (l *loader) file(in input, raw []byte) {
	l.before = len(l.findings)
	docs, findings := yaml.Parse(in.path, raw)
	if in.dirs && !ours(docs, findings, raw) {
		return
	}
	l.directories = slices.DeleteFunc(l.directories, func(dir string) bool { return dir == in.dir })
	l.set.Files = append(l.set.Files, in.path)
	l.add(findings...)
	if len(docs) == 0 && len(findings) == 0 {
		l.add(diag.Errorf(diag.Pos{File: in.path, Line: 1, Col: 1}, "file/empty", "the file says nothing").WithHint("begin it with apiVersion: %s", APIVersion))
	}
	l.documents(in, docs)
	l.set.texts[in.path] = string(raw)
}

// ours tells whether a file found in a directory is one of this format: it has
// the apiVersion of one of its versions, or one so close that it was meant, or lacks
// it but has SLOs, or has nothing at all, as a file that was cut short.
func ours(docs []Value, findings diag.List, raw []byte) bool {
	for _, doc := range docs {
		version := doc.Get("apiVersion")
		if nearly(version.Text) || !version.Is() && doc.Get("slos").Is() && doc.Get("service").Is() {
			return true
		}
	}
	if len(findings) == 0 {
		return len(docs) == 0 && len(bytes.TrimSpace(raw)) == 0
	}
	for line := range strings.Lines(string(raw[:min(len(raw), yaml.MaxBytes)])) {
		if key, value, _ := strings.Cut(line, ":"); key == "apiVersion" && nearly(strings.Trim(value, " \"'")) {
			return true
		}
	}
	return false
}

// nearly tells whether an apiVersion is of this format, or a slip of the pen away.
func nearly(version string) bool {
	version = strings.ToLower(strings.TrimSpace(version))
	return strings.HasPrefix(version, "n") && (strings.HasPrefix(version, "nines/") || diag.Nearest(version, []string{APIVersion}) != "")
}

// finish sorts, cuts and illustrates the findings.
func (l *loader) finish() (*Set, diag.List) {
	for _, dir := range l.directories {
		l.add(diag.Errorf(diag.Pos{File: dir}, "file/none", "no SLO file in this directory").
			WithHint("a file is read if its name ends in .yaml or .yml and it has apiVersion: %s", APIVersion))
	}
	l.set.Report.Zone = l.reportZone()
	l.findings.Sort()
	l.maskSecrets()
	listed := l.cut()
	l.set.Illustrate(listed)
	return l.set, listed
}

// Illustrate adds to findings about the files of s the line they point to, as Load
// does to its own.
func (s *Set) Illustrate(findings diag.List) {
	lines := map[string][]string{}
	for i, f := range findings {
		text, known := s.texts[f.Pos.File]
		if !known || f.Excerpt != "" {
			continue
		}
		if lines[f.Pos.File] == nil {
			text = strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n")
			lines[f.Pos.File] = strings.Split(text, "\n")
		}
		findings[i].Excerpt = excerpt(lines[f.Pos.File], f.Pos.Line)
	}
}

// excerpt returns a line that can be shown, "" if it cannot.
func excerpt(lines []string, number int) string {
	if number < 1 || number > len(lines) {
		return ""
	}
	if line := lines[number-1]; len(line) <= maxExcerpt && utf8.ValidString(line) {
		return line
	}
	return ""
}

// cut leaves the first findings of each file and says how many there are besides.
func (l *loader) cut() diag.List {
	var out diag.List
	for rest := l.findings; len(rest) > 0; {
		file := rest[0].Pos.File
		n := slices.IndexFunc(rest, func(f diag.Finding) bool { return f.Pos.File != file })
		if n < 0 {
			n = len(rest)
		}
		out = append(out, rest[:min(n, maxFindings)]...)
		if n > maxFindings {
			more := diag.Warnf(rest[maxFindings].Pos, "file/findings", "%d more findings in this file are not listed", n-maxFindings)
			if rest[maxFindings:n].Errors() {
				more.Severity = diag.Error
			}
			out = append(out, more)
		}
		rest = rest[n:]
	}
	return out
}
