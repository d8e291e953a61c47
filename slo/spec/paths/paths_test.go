package paths

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"a/x.yaml", "a/y.YML", "a/z.txt", "a/deep/w.yaml", "a/folder.yaml/j.JSON", "a/.git/v.yaml", "b.yaml"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("text"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct{ name, args, files, directories, findings string }{
		{"nothing", "", "", "", ""},
		{"a file", "b.yaml", "b.yaml", "", ""},
		{"a file of another name", "a/z.txt", "a/z.txt", "", ""},
		{"a directory", "a", "a/deep/w.yaml+ a/folder.yaml/j.JSON+ a/x.yaml+ a/y.YML+", "a", ""},
		{"a file of a named directory", "a a/x.yaml", "a/deep/w.yaml+ a/folder.yaml/j.JSON+ a/x.yaml a/y.YML+", "a", ""},
		{"a directory in a named one", "a/deep a", "a/deep/w.yaml+ a/folder.yaml/j.JSON+ a/x.yaml+ a/y.YML+", "a/deep a", ""},
		{"a directory with a dot that is named", "a/.git", "a/.git/v.yaml+", "a/.git", ""},
		{"a file twice", "b.yaml ./b.yaml", "b.yaml", "", ""},
		{"a glob", "a/*.txt *.yaml", "a/z.txt b.yaml", "", ""},
		{"a glob of directories", "a/d*", "a/deep/w.yaml+", "a/deep", ""},
		{"no match", "c*", "", "", "c*: no file matches [file/none]"},
		{"no glob", "[", "", "", "[: no file matches [file/none]"},
		{"no file", "c b.yaml", "b.yaml", "", "c: no such file or directory [file/read]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := Find(nil, strings.Fields(tt.args))
			var files []string
			for _, file := range f.Files {
				if name := filepath.ToSlash(file.Path); file.Found {
					files = append(files, name+"+")
				} else {
					files = append(files, name)
				}
				if file.Dir != filepath.Dir(file.Path) {
					t.Errorf("%s is in %s", file.Path, file.Dir)
				}
			}
			got := []string{strings.Join(files, " "), strings.Join(f.Directories, " "), f.Findings.Error()}
			for i, want := range []string{tt.files, tt.directories, tt.findings} {
				if got[i] != want {
					t.Errorf("got %q, want %q", got[i], want)
				}
			}
		})
	}
}

// A link is what it leads to: a circle ends, and one that leads nowhere is an error
// where it may have been a document or a directory.
func TestFindLinks(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"a/z/x.yaml", "b/y.yaml", ".data/v.yaml"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("text"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{
		"a/up": "..", "a/self": "self", "a/inside": "z", "a/b": "../b", "a/w.yaml": "../.data/v.yaml",
		"a/lost.yaml": "gone.yaml", "a/lost": "gone", "a/lost.csv": "gone.csv", "a/.hidden": "../.data",
	} {
		if err := os.Symlink(to, name); err != nil {
			t.Skip(err)
		}
	}
	f := Find(nil, []string{"a"})
	var got []string
	for _, file := range f.Files {
		got = append(got, filepath.ToSlash(file.Path))
	}
	if want := "a/b/y.yaml a/w.yaml a/z/x.yaml"; strings.Join(got, " ") != want {
		t.Errorf("got %s, want %s", got, want)
	}
	want := "a/lost: the link leads nowhere [file/read]\na/lost.yaml: the link leads nowhere [file/read]\na/self: the link leads nowhere [file/read]"
	if f.Findings.Sort(); f.Findings.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", f.Findings, want)
	}
}

func TestRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.yaml")
	if err := os.WriteFile(file, []byte("12345"), 0o644); err != nil {
		t.Fatal(err)
	}
	for limit, want := range map[int64]string{3: "1234", 5: "12345", 9: "12345"} {
		if text, err := Read(nil, File{Path: file}, limit); string(text) != want || err != nil {
			t.Errorf("limit %d: got %q, %v, want %q", limit, text, err, want)
		}
	}
	if _, err := Read(nil, File{Path: file + "x"}, 1); err == nil || !strings.HasSuffix(Unread("x", err).Error(), "x: no such file or directory [file/read]") {
		t.Errorf("got %v", err)
	}
}
