package paths

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// layout makes files in a new folder: a text that begins with -> is a link to the rest.
func layout(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if to, link := text, len(text) > 2 && text[:2] == "->"; link {
			if err := os.Symlink(to[2:], path); err != nil {
				t.Skip(err)
			}
			continue
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRootOpen(t *testing.T) {
	dir := layout(t, map[string]string{
		"in/a": "a", "in/sub/b": "b", "out/c": "c", "inside/d": "d",
		"in/near": "->a", "in/up": "->../in/a", "in/far": "->../out/c", "in/none": "->../out/none", "in/lost": "->gone",
		"in/etc": "->../out", "in/proc": "->/proc/self/environ", "in/cpu": "->/proc", "in/null": "->/dev/null",
		"in/stdin": "->/dev/stdin", "in/twice": "->far", "in/loop": "->loop",
	})
	if err := os.Symlink(filepath.Join(dir, "in", "a"), filepath.Join(dir, "in", "whole")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "in"), filepath.Join(dir, "alias")); err != nil {
		t.Fatal(err)
	}
	_, noProc := os.Stat("/proc/self/environ")
	for _, tt := range []struct {
		path        string
		free, under error // without a root, and below in
	}{
		{"in/a", nil, nil},
		{"in/sub/b", nil, nil},
		{"in/near", nil, nil},
		{"in/up", nil, nil},
		{"in/whole", nil, nil}, // an absolute link that stays
		{"in/sub/../a", nil, nil},
		{"alias/a", nil, ErrOutside}, // by its name, whatever it leads to
		{"in/missing", fs.ErrNotExist, fs.ErrNotExist},
		{"in/lost", fs.ErrNotExist, fs.ErrNotExist},
		{"out/c", nil, ErrOutside},
		{"in/../out/c", nil, ErrOutside},
		{"inside/d", nil, ErrOutside}, // a name that begins as the root's
		{"in/far", nil, ErrOutside},
		{"in/twice", nil, ErrOutside},
		{"in/none", fs.ErrNotExist, ErrOutside}, // nobody learns what is there
		{"in/etc/c", nil, ErrOutside},
		{"out/missing", fs.ErrNotExist, ErrOutside},
		{"in/proc", ErrSystem, ErrSystem},
		{"in/cpu/self/environ", ErrSystem, ErrSystem},
		{"in/null", ErrSystem, ErrSystem},
		{"/proc/self/environ", ErrSystem, ErrSystem},
		{"/proc/self/cwd/root_test.go", ErrSystem, ErrSystem}, // no name there is one of a file
		{"/dev/null", ErrSystem, ErrSystem},
		{"/dev/stdin", ErrSystem, ErrSystem},
		{"/sys/none", ErrSystem, ErrSystem},
	} {
		if noProc != nil && (errors.Is(tt.free, ErrSystem) || errors.Is(tt.under, ErrSystem)) {
			continue
		}
		path := tt.path
		if !filepath.IsAbs(path) {
			path = dir + "/" + path
		}
		root, err := NewRoot(filepath.Join(dir, "in"))
		if err != nil {
			t.Fatal(err)
		}
		for from, want := range map[*Root]error{nil: tt.free, root: tt.under} {
			f, err := from.Open(path)
			if !errors.Is(err, want) {
				t.Errorf("%s, a root %v: got %v, want %v", tt.path, from != nil, err, want)
			}
			if err == nil {
				f.Close()
			}
		}
	}
	if f, err := (*Root)(nil).Open(filepath.Join(dir, "in/loop")); err == nil {
		f.Close()
		t.Error("a link to itself is opened")
	}
}

// TestRootOfLink names the root by a link.
func TestRootOfLink(t *testing.T) {
	dir := layout(t, map[string]string{"in/a": "a", "alias": "->in"})
	root, err := NewRoot(filepath.Join(dir, "alias"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"alias/a", "in/a"} {
		f, err := root.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if text, err := io.ReadAll(f); string(text) != "a" || err != nil {
			t.Errorf("%s: got %q, %v", name, text, err)
		}
	}
	for _, name := range []string{"none", "in/a"} {
		if _, err := NewRoot(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s is a root", name)
		}
	}
}

// TestOpenNamed opens what a command line names: pipes have no name below a root.
func TestOpenNamed(t *testing.T) {
	dir := layout(t, map[string]string{"in/a": "a", "in/null": "->/dev/null", "in/proc": "->/proc/self/environ", "out/c": "c"})
	root, err := NewRoot(filepath.Join(dir, "in"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("/dev/null"); err != nil {
		t.Skip(err)
	}
	for _, tt := range []struct {
		root *Root
		path string
		want error
	}{
		{nil, "/dev/null", nil},
		{root, "/dev/null", nil},
		{nil, dir + "/in/null", nil},
		{root, dir + "/in/null", ErrSystem}, // put there by who wrote the folder
		{root, dir + "/in/a", nil},
		{root, dir + "/out/c", ErrOutside},
		{nil, dir + "/out/c", nil},
		{nil, dir + "/in/proc", ErrSystem},
	} {
		f, err := tt.root.OpenNamed(tt.path)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s, a root %v: got %v, want %v", tt.path, tt.root != nil, err, tt.want)
		}
		if err == nil {
			f.Close()
		}
	}
}
