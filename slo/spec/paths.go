package spec

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

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
				l.found.add(diag.Errorf(diag.Pos{File: path}, "file/none", "no file matches"))
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
		l.found.add(diag.Errorf(diag.Pos{File: path}, "file/read", "%s", pathError(err)))
		return nil
	}
	if !info.IsDir() {
		path = filepath.Clean(path)
		return []input{{path: path, dir: filepath.Dir(path)}}
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		l.found.add(diag.Errorf(diag.Pos{File: path}, "file/read", "%s", pathError(err)))
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
