// Package paths finds the YAML and JSON files that the arguments of a command stand for, and
// reads them. What is in them is the business of package spec.
package paths

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/order"
)

// Stdin is what arguments call standard input, and the Path of the File that it is.
const Stdin = "-"

// File is one file to read.
type File struct {
	Path  string
	Dir   string // of the path
	Found bool   // in a directory, not named itself
}

// Found is what arguments stand for.
type Found struct {
	Files       []File   // sorted, each once
	Directories []string // that were named
	Findings    diag.List

	root *Root
}

// Find returns the files that arguments stand for, each a file, a directory, a glob or Stdin. A directory stands for the *.yaml, *.yml and *.json files in it and in its
// subdirectories, those aside whose names begin with a dot. A link is what it leads to;
// each directory is looked at once. Nothing outside of root is read.
func Find(root *Root, args []string) Found {
	f := Found{root: root}
	for _, arg := range args {
		matches := []string{arg}
		if arg == "" {
			f.Findings = append(f.Findings, diag.Errorf(diag.Pos{}, "file/none", "an empty word names no SLO file").
				WithHint("a variable of the shell may not be set"))
			continue
		}
		if strings.Contains(arg, "://") { // not shown: it may name a user
			f.Findings = append(f.Findings, address())
			continue
		}
		if _, err := os.Stat(arg); err != nil && strings.ContainsAny(arg, "*?[") {
			globbed, globErr := filepath.Glob(arg)
			if globErr != nil || len(globbed) == 0 {
				f.Findings = append(f.Findings, diag.Errorf(diag.Pos{File: arg}, "file/none", "no file matches"))
			}
			matches = globbed
		}
		for _, m := range matches {
			f.expand(m)
		}
	}
	order.Stable(f.Files, func(a, b File) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), a.rank()-b.rank())
	})
	f.Files = slices.CompactFunc(f.Files, func(a, b File) bool { return a.Path == b.Path })
	return f
}

// rank puts a file that was named before the same one found in a directory.
func (f File) rank() int {
	if f.Found {
		return 1
	}
	return 0
}

func address() diag.Finding {
	found := diag.Errorf(diag.Pos{}, "file/none", "an address is no SLO file")
	return found.WithHint("name files, directories or globs; what takes an address is a flag, such as --alertmanager")
}

// expand adds the documents of a directory, or the file itself.
func (f *Found) expand(path string) {
	if path == Stdin {
		f.Files = append(f.Files, File{Path: Stdin, Dir: "."})
		return
	}
	info, err := os.Stat(path)
	if pipe := err == nil && !info.IsDir() && !info.Mode().IsRegular(); !pipe {
		if _, refused := f.root.follow(path); refused != nil {
			err = refused
		}
	}
	if err != nil {
		f.Findings = append(f.Findings, Unread(path, err))
		return
	}
	path = filepath.Clean(path)
	if !info.IsDir() {
		f.Files = append(f.Files, File{Path: path, Dir: filepath.Dir(path)})
		return
	}
	f.Directories = append(f.Directories, path)
	w := walk{found: f, seen: map[string]bool{}}
	w.directory(path)
	for len(w.links) > 0 { // behind the directories themselves: those have the shorter names
		next := w.links[0]
		w.links = w.links[1:]
		w.directory(next)
	}
}

// walk goes through a directory.
type walk struct {
	found *Found
	seen  map[string]bool // directories, without links in their names
	links []string        // to directories, still to be looked at
}

// directory adds the documents of a directory and of those below it.
func (w *walk) directory(path string) {
	real, err := w.found.root.follow(path)
	if err != nil {
		w.unread(path, err)
		return
	}
	if w.seen[real] {
		return
	}
	w.seen[real] = true
	entries, err := os.ReadDir(path)
	if err != nil {
		w.unread(path, err)
		return
	}
	for _, e := range entries {
		w.entry(filepath.Join(path, e.Name()), e.Type()&fs.ModeSymlink != 0)
	}
}

// entry adds one entry of a directory. A link that leads nowhere may have been one to
// a document, or to a directory.
func (w *walk) entry(path string, link bool) {
	document := isDocument(path)
	info, err := os.Stat(path)
	if link && (document || err != nil || info.IsDir()) {
		if _, refused := w.found.root.follow(path); errors.Is(refused, ErrOutside) {
			err = refused
		}
	}
	switch {
	case errors.Is(err, ErrOutside) && (document || filepath.Ext(path) == ""):
		w.unread(path, err)
	case err != nil && link && (document || filepath.Ext(path) == ""):
		w.unread(path, errors.New("the link leads nowhere"))
	case err != nil && document:
		w.unread(path, err)
	case err != nil:
	case info.IsDir() && strings.HasPrefix(filepath.Base(path), "."):
	case info.IsDir() && link:
		w.links = append(w.links, path)
	case info.IsDir():
		w.directory(path)
	case document && !info.Mode().IsRegular():
		w.unread(path, errors.New("this is no regular file"))
	case document:
		w.found.Files = append(w.found.Files, File{Path: path, Dir: filepath.Dir(path), Found: true})
	}
}

func (w *walk) unread(path string, err error) {
	w.found.Findings = append(w.found.Findings, Unread(path, err))
}

// isDocument tells whether path is the name of a YAML or JSON file.
func isDocument(path string) bool {
	return slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(path)))
}

// Within tells whether a file that Find found stands in a directory, or below it.
func Within(dir, file string) bool {
	relative, err := filepath.Rel(dir, file)
	return err == nil && filepath.IsLocal(relative)
}

// Beside tells whether a folder has a file of this name, which is no path. It is not opened.
func Beside(dir, name string) bool {
	if name != filepath.Base(name) {
		return false
	}
	found, err := os.Lstat(filepath.Join(dir, name))
	return err == nil && !found.IsDir()
}

// Read returns the text of a file that Find found below root, and no more than one byte
// over limit.
func Read(root *Root, in File, limit int64) ([]byte, error) {
	open := root.OpenNamed
	if in.Found {
		open = root.Open
	}
	f, err := open(in.Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all bytes.Buffer
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		all.Grow(int(min(info.Size(), limit)) + bytes.MinRead)
	}
	_, err = all.ReadFrom(io.LimitReader(f, limit+1))
	return all.Bytes(), err
}

// Reason says why a file cannot be read, without its name.
func Reason(err error) string {
	return bare(err).Error()
}

// bare returns an error of a file without what names the file.
func bare(err error) error {
	for at := new(fs.PathError); errors.As(err, &at); err = at.Err {
	}
	return err
}

// Unread says why a file or directory cannot be read.
func Unread(path string, err error) diag.Finding {
	why := err.Error()
	var at *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		why = "no such file or directory"
	case errors.Is(err, ErrOutside), errors.Is(err, ErrSystem), errors.Is(err, ErrNoFile):
		why = "not read: " + Reason(err)
	case errors.As(err, &at):
		why = fmt.Sprintf("%s: %v", at.Op, at.Err)
	}
	return diag.Errorf(diag.Pos{File: path}, "file/read", "%s", why)
}
