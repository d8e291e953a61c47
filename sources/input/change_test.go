package input

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
)

// A file that does not stay what it was while it is read has failed. One that grows at
// its end, as logs do, or gets another name, has not.
func TestChanges(t *testing.T) {
	text := strings.Repeat("a line of a log\n", 20_000) // more than is read at once
	overwrite := func(path, with string, at int64) error {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		if _, err = f.WriteAt([]byte(with), at); err != nil {
			return err
		}
		return os.Chtimes(path, time.Time{}, time.Unix(1_800_000_000, 0)) // a clock may be coarse
	}
	add := func(path, more string) error {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = f.WriteString(more)
		return err
	}
	for _, c := range []struct {
		name   string
		change func(path string) error
		want   string
	}{
		{"nothing", func(string) error { return nil }, ""},
		{"grows", func(path string) error { return add(path, "one more\n") }, ""},
		{"is cut short", func(path string) error { return os.Truncate(path, 100) }, "shrank from 320000 to 100 bytes"},
		{"is emptied", func(path string) error { return os.Truncate(path, 0) }, "shrank from 320000 to 0 bytes"},
		{"is emptied and grows beyond", func(path string) error {
			if err := os.Truncate(path, 0); err != nil {
				return err
			}
			return add(path, strings.Repeat("another line\n", 40_000))
		}, "was written anew"},
		{"loses its last byte", func(path string) error { return os.Truncate(path, int64(len(text)-1)) }, "shrank from 320000 to 319999 bytes"},
		{"begins otherwise", func(path string) error { return overwrite(path, "A", 0) }, "was written anew"},
		{"changes in the middle", func(path string) error { return overwrite(path, "A", 160_000) }, "was written anew"},
		{"is rotated", func(path string) error { return os.Rename(path, path+".1") }, ""},
		{"is rotated and begun anew", func(path string) error {
			if err := os.Rename(path, path+".1"); err != nil {
				return err
			}
			return os.WriteFile(path, []byte("new\n"), 0o600)
		}, ""},
		{"is replaced", func(path string) error {
			if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
				return err
			}
			return os.Rename(path+".new", path)
		}, "was replaced by another file"},
		{"is removed", os.Remove, ""},
	} {
		for _, digest := range []bool{false, true} {
			dir := folder(t, map[string][]byte{"a.log": []byte(text)})
			files, err := Find(path(t, "a.log"), dir, sources.Env{Digest: digest})
			if err != nil {
				t.Fatal(err)
			}
			_, err = files.Each(t.Context(), func(_ context.Context, _ *File, r io.Reader) error {
				if _, err := io.ReadFull(r, make([]byte, 10)); err != nil {
					return err
				}
				if err := c.change(filepath.Join(dir, "a.log")); err != nil {
					return err
				}
				_, err := io.Copy(io.Discard, r)
				return err
			})
			want := ""
			if c.want != "" {
				want = "a.log: the file " + c.want + " while it was read"
			}
			if got := fmt.Sprint(err); err == nil && want != "" || err != nil && (got != want || sources.ClassOf(err) != sources.Temporary) {
				t.Errorf("a file that %s: %v of class %q, want %q", c.name, err, sources.ClassOf(err), want)
			}
		}
	}
}

// What happens to a file that waits for its turn counts too: after a rotation in the
// middle of the files one of them would be read twice, and one not at all.
func TestChangesBeforeOpening(t *testing.T) {
	processors(t, 1)
	for _, c := range []struct {
		name   string
		change func(dir string) error
		want   string
	}{
		{"rotated", func(dir string) error {
			if err := os.Rename(filepath.Join(dir, "b"), filepath.Join(dir, "c")); err != nil {
				return err
			}
			return os.Rename(filepath.Join(dir, "a"), filepath.Join(dir, "b"))
		}, "b: the file is another file than when it was found while it was read"},
		{"shrunk", func(dir string) error { return os.Truncate(filepath.Join(dir, "b"), 1) },
			"b: the file shrank from 2 to 1 bytes while it was read"},
	} {
		dir := folder(t, map[string][]byte{"a": []byte("1\n"), "b": []byte("2\n")})
		files, err := Find(path(t, "[a, b]"), dir, sources.Env{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = files.Each(t.Context(), func(_ context.Context, f *File, r io.Reader) error {
			if f.Index == 0 {
				return c.change(dir)
			}
			return nil
		})
		if fmt.Sprint(err) != c.want || sources.ClassOf(err) != sources.Temporary {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// A gzip that is cut while it is read has changed: it was not broken before.
func TestChangedBeforeBroken(t *testing.T) {
	var packed strings.Builder
	z, _ := gzip.NewWriterLevel(&packed, gzip.NoCompression)
	io.WriteString(z, strings.Repeat("a line of a log\n", 20_000))
	z.Close()
	dir := folder(t, map[string][]byte{"a.gz": []byte(packed.String())})
	files, err := Find(path(t, "a.gz"), dir, sources.Env{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = files.Each(t.Context(), func(_ context.Context, _ *File, r io.Reader) error {
		os.Truncate(filepath.Join(dir, "a.gz"), 70_000)
		_, err := io.Copy(io.Discard, r)
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "shrank from") {
		t.Errorf("error %v, want that the file shrank", err)
	}
}

func TestOverlaps(t *testing.T) {
	log := "first\nsecond\nlast\n"
	for _, c := range []struct {
		name  string
		files map[string][]byte
		want  string
	}{
		{"different", map[string][]byte{"a": []byte(log), "b": []byte("first\nother\n")}, ""},
		{"a copy", map[string][]byte{"a.log": []byte(log), "a.log.1": []byte(log), "b": []byte("x\ny\n")}, "a.log and a.log.1"},
		{"packed beside plain", map[string][]byte{"a.log": []byte(log), "a.log.gz": gz(log), "a.log.zst": zst(log)}, "a.log, a.log.gz and a.log.zst"},
		{"line ends aside", map[string][]byte{"a": []byte(log), "b": []byte("first\r\nsecond\r\nlast")}, "a and b"},
		{"what lies between aside", map[string][]byte{"a": []byte(log), "b": []byte("first\nlast\n")}, "a and b"},
		{"comments aside", map[string][]byte{"a": []byte("#Version: 1\nfirst\nlast\n"), "b": []byte(log)}, "a and b"},
		{"two pairs", map[string][]byte{"a": []byte(log), "b": []byte("x\ny\n"), "c": []byte(log), "d": []byte("x\ny\n")}, "a and c|b and d"},
		{"empty", map[string][]byte{"a": nil, "b": nil, "c": []byte("\n\n"), "d": []byte("\n\n")}, ""},
		{"one line", map[string][]byte{"a": []byte("x\n"), "b": []byte("x\n")}, ""},
		{"the same line over and over", map[string][]byte{"a": []byte("x\nx\n"), "b": []byte("x\nx\nx\n")}, ""},
		{"long lines", map[string][]byte{"a": []byte(strings.Repeat("x", 9999) + "\n" + strings.Repeat("y", 9999)),
			"b": []byte(strings.Repeat("x", 9999) + "\n" + strings.Repeat("z", 9999))}, ""},
	} {
		files, err := Find(path(t, `"*"`), folder(t, c.files), sources.Env{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = files.Each(t.Context(), func(_ context.Context, _ *File, r io.Reader) error {
			_, err := io.Copy(io.Discard, r)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range files.Overlaps(path(t, "x")) {
			names, _, _ := strings.Cut(n.Message, " begin and end ")
			if got = append(got, names); n.Severity != diag.Warning || n.Pos.Line != 1 {
				t.Errorf("%s: %v", c.name, n)
			}
		}
		if text := strings.Join(got, "|"); text != c.want {
			t.Errorf("%s: %q, want %q", c.name, text, c.want)
		}
	}
}

// The same file under a second name is no second file, whatever kind of link it is.
func TestHardLink(t *testing.T) {
	dir := folder(t, map[string][]byte{"a": []byte("x")})
	if err := os.Link(filepath.Join(dir, "a"), filepath.Join(dir, "b")); err != nil {
		t.Skip(err)
	}
	if got, _, err := read(t.Context(), t, `"*"`, dir, sources.Env{}); err != nil || strings.Join(got, " ") != "a=x" {
		t.Errorf("read %q, %v, want a once", got, err)
	}
}
