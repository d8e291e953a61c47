// Package paths finds the YAML files that the arguments of a command stand for, and
// reads them. What is in them is the business of package spec.
package paths

import (
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
)

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
}

// Find returns the files that arguments stand for, each a file, a directory or a
// glob. A directory stands for the *.yaml and *.yml files directly in it.
func Find(args []string) Found {
	var f Found
	for _, arg := range args {
		matches := []string{arg}
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
	slices.SortFunc(f.Files, func(a, b File) int {
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

// expand adds the YAML files directly in a directory, or the file itself.
func (f *Found) expand(path string) {
	info, err := os.Stat(path)
	if err != nil {
		f.Findings = append(f.Findings, Unread(path, err))
		return
	}
	if !info.IsDir() {
		path = filepath.Clean(path)
		f.Files = append(f.Files, File{Path: path, Dir: filepath.Dir(path)})
		return
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		f.Findings = append(f.Findings, Unread(path, err))
		return
	}
	f.Directories = append(f.Directories, filepath.Clean(path))
	for _, e := range entries {
		if name := filepath.Join(path, e.Name()); isYAML(name) {
			f.Files = append(f.Files, File{Path: name, Dir: filepath.Dir(name), Found: true})
		}
	}
}

// isYAML tells whether a regular file has the name of a YAML file.
func isYAML(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	if ext != ".yaml" && ext != ".yml" {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// Read returns the text of a file, and no more than one byte over limit.
func Read(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit+1))
}

// Unread says why a file or directory cannot be read.
func Unread(path string, err error) diag.Finding {
	why := err.Error()
	var at *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		why = "no such file or directory"
	case errors.As(err, &at):
		why = fmt.Sprintf("%s: %v", at.Op, at.Err)
	}
	return diag.Errorf(diag.Pos{File: path}, "file/read", "%s", why)
}
