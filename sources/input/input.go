// Package input opens what file sources read: globs of rotated files, gzip and
// zstd by content, and standard input. Content is decompressed, and made UTF-8, as it is read;
// a file that is cut short or broken is an error that names it, never half a file, and
// so is one that shrinks or is written anew while it is read, or that holds no lines:
// packed in another way, an archive, a pointer of Git LFS.
//
// Several files are read side by side. Nothing that is seen of them depends on
// which is read first: what a source finds in a file it keeps by the file's Index,
// and joins in that order.
package input

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/paths"
	"github.com/nines-slo/nines/sources"
)

// Files are the files of one source, sorted by name.
type Files struct {
	files []file
	env   sources.Env
	ends  []ends // of the contents, once they were read

	encoding textEncoding // of their text
}

type file struct {
	name string      // as the user wrote it, relative to the SLO file
	path string      // to open; empty for standard input
	info os.FileInfo // when it was found; nil: not known
}

// Find expands the path patterns of a source relative to its SLO file: * and ?
// stand for anything but a slash, [a-z] for one character. "-" is standard
// input. A file that is found twice, also through a link, is read once. A
// pattern without a match is an error that names it.
func Find(path spec.Value, dir string, env sources.Env) (*Files, error) {
	var findings diag.List
	found := &Files{env: env}
	for _, v := range patterns(path) {
		files, finding := expand(v, dir, env)
		if finding != nil {
			findings = append(findings, *finding)
		}
		found.files = append(found.files, files...)
	}
	if len(findings) > 0 {
		return nil, findings
	}
	found.unique()
	return found, nil
}

func patterns(path spec.Value) []spec.Value {
	if path.Kind == spec.List {
		return path.Items
	}
	return []spec.Value{path}
}

// expand returns the files of one pattern.
func expand(v spec.Value, dir string, env sources.Env) ([]file, *diag.Finding) {
	refuse := func(code, format string, args ...any) ([]file, *diag.Finding) {
		f := diag.Errorf(v.Pos, code, format, args...)
		return nil, &f
	}
	if v.Text == "-" {
		if env.Stdin == nil {
			return refuse("input/stdin", "path \"-\": there is no standard input here")
		}
		return []file{{name: "-"}}, nil
	}
	if v.Text == "" {
		return refuse("input/path", "the path is empty")
	}
	if strings.Contains(v.Text, "**") {
		return refuse("input/path", "path %q: ** is not supported, list one pattern per folder", v.Text)
	}
	if strings.Contains(v.Text, "://") { // not shown: it may name a user
		return refuse("input/path", "the path is an address: files alone are read")
	}
	if !env.Root.Holds(join(dir, v.Text)) {
		return nil, unsafe(v, paths.ErrOutside)
	}
	matches, err := glob(dir, v.Text)
	if err != nil {
		return refuse("input/path", "path %q is not a pattern: a [ is not closed", v.Text)
	}
	if len(matches) == 0 {
		f := diag.Errorf(v.Pos, "input/missing", "path %q matches no file", v.Text).
			WithHint("say where the files are; a path in an SLO file is relative to its folder")
		return nil, &f
	}
	return regular(v, matches, dir, env)
}

// regular drops folders, unless the pattern has no other match. What may not be read is
// refused by the name of the pattern: nobody learns what else there is.
func regular(v spec.Value, matches []string, dir string, env sources.Env) ([]file, *diag.Finding) {
	var files []file
	for _, p := range matches {
		real, err := env.Root.Resolve(p)
		if errors.Is(err, paths.ErrSystem) || errors.Is(err, paths.ErrOutside) {
			return nil, unsafe(v, err)
		}
		if err != nil {
			real = p
		}
		info, err := os.Stat(real)
		switch {
		case err == nil && info.IsDir():
			continue
		case err == nil && !info.Mode().IsRegular():
			return nil, unsafe(v, paths.ErrNoFile)
		}
		files = append(files, file{name: display(v.Text, p, dir), path: p, info: info})
	}
	if len(files) > 0 {
		return files, nil
	}
	f := diag.Errorf(v.Pos, "input/folder", "path %q is a folder", v.Text)
	f = f.WithHint("write %q", strings.TrimRight(v.Text, "/")+"/*")
	return nil, &f
}

// unsafe refuses a path because of where it leads.
func unsafe(v spec.Value, why error) *diag.Finding {
	f := diag.Errorf(v.Pos, "input/unsafe", "path %q is not read: %v", v.Text, why)
	if !errors.Is(why, paths.ErrOutside) {
		f = f.WithHint(`"-" reads standard input`)
	}
	return &f
}

// glob takes a file of exactly that name before it reads it as a pattern. What
// is special in the name of dir itself stays as it is.
func glob(dir, pattern string) ([]string, error) {
	path := join(dir, pattern)
	if !filepath.IsAbs(pattern) {
		pattern = filepath.Join(escape(dir), pattern)
	}
	if _, err := os.Lstat(path); err == nil {
		return []string{filepath.Clean(path)}, nil
	}
	return filepath.Glob(pattern)
}

// join returns where a path of an SLO file in dir leads.
func join(dir, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// escape makes path match itself alone. Windows has no way to.
func escape(path string) string {
	if filepath.Separator != '/' {
		return path
	}
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// display returns path as the user would write it.
func display(pattern, path, dir string) string {
	if filepath.IsAbs(pattern) {
		return path
	}
	if rel, err := filepath.Rel(dir, path); err == nil {
		path = rel
	}
	return filepath.ToSlash(path)
}

// Reads tells whether a file is one of those that path stands for, or would be if it
// were there, or lies in the folder that path names.
func Reads(path spec.Value, dir, file string) bool {
	abs, err := filepath.Abs(file)
	if err != nil {
		return false
	}
	for _, v := range patterns(path) {
		if v.Text == "-" || v.Text == "" {
			continue
		}
		if info, err := os.Stat(join(dir, v.Text)); err == nil && info.IsDir() && within(join(dir, v.Text), abs) {
			return true
		}
		pattern, err := filepath.Abs(join(escape(dir), v.Text))
		if matches, bad := filepath.Match(pattern, abs); err == nil && bad == nil && matches {
			return true
		}
		found, _ := glob(dir, v.Text)
		if slices.ContainsFunc(found, func(one string) bool { return Same(one, file) }) {
			return true
		}
	}
	return false
}

// within tells whether a file is, or would be, in a folder, whatever links lead there.
func within(folder, file string) bool {
	real, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return false
	}
	if real, err = filepath.Abs(real); err != nil {
		return false
	}
	for parent := filepath.Dir(file); ; parent = filepath.Dir(parent) {
		if there, err := filepath.EvalSymlinks(parent); err == nil || parent == filepath.Dir(parent) {
			return err == nil && paths.Within(real, there)
		}
	}
}

// Same tells whether two paths lead to one file.
func Same(a, b string) bool {
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// Overlaps warns of files that begin and end with the same line, once they were read:
// they are copies, or what a rotation left twice, and so are their lines.
func (f *Files) Overlaps(path spec.Value) (notes diag.List) {
	alike := map[[2]string][]string{}
	for i := range f.ends {
		first, last, ok := f.ends[i].lines()
		if !ok {
			continue
		}
		key := [2]string{first, last}
		alike[key] = append(alike[key], f.files[i].name)
	}
	for _, names := range alike {
		if len(names) > 1 {
			n := diag.Warnf(path.Pos, "input/overlap", "%s begin and end with the same line: what they share is counted more than once",
				strings.Join(names[:len(names)-1], ", ")+" and "+names[len(names)-1])
			notes = append(notes, n.WithHint("leave all but one of them out of path"))
		}
	}
	notes.Sort()
	return notes
}

// unique sorts the files by name and keeps the first name of each.
func (f *Files) unique() {
	order.Stable(f.files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	seen := map[string]bool{}
	var infos []os.FileInfo
	f.files = slices.DeleteFunc(f.files, func(x file) bool {
		real, err := filepath.EvalSymlinks(x.path)
		if err != nil {
			real = x.path
		}
		again := seen[real] || slices.ContainsFunc(infos, func(i os.FileInfo) bool { return x.info != nil && os.SameFile(i, x.info) })
		if seen[real] = true; !again && x.info != nil {
			infos = append(infos, x.info)
		}
		return again
	})
}
