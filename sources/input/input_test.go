package input

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// folder writes files, by name, into a folder whose own name is a pattern.
func folder(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "a[b]*c")
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func gz(text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.Bytes()
}

func zst(text string) []byte {
	w, _ := zstd.NewWriter(nil)
	return w.EncodeAll([]byte(text), nil)
}

func path(t *testing.T, yaml string) spec.Value {
	t.Helper()
	b, err := spec.ParseBlock("slo.yaml", "path: "+yaml, "")
	if err != nil {
		t.Fatal(err)
	}
	return b.Get("path")
}

// read returns "name=content" of every file.
func read(ctx context.Context, t *testing.T, yaml, dir string, env sources.Env) ([]string, []sources.Input, error) {
	t.Helper()
	files, err := Find(path(t, yaml), dir, env)
	if err != nil {
		return nil, nil, err
	}
	got := make([]string, files.Len())
	inputs, err := files.Each(ctx, func(_ context.Context, f *File, r io.Reader) error {
		b, err := io.ReadAll(r)
		got[f.Index] = f.Input.Name + "=" + string(b)
		return err
	})
	return got, inputs, err
}

func TestEach(t *testing.T) {
	dir := folder(t, map[string][]byte{
		"logs/access.log": []byte("a"), "logs/access.log.1": []byte("b"), "logs/access.log.2.gz": gz("c"), "logs/access.log.3.zst": zst("d"),
		"logs/members.gz": append(gz("e"), gz("f")...), "logs/empty": nil, "logs/x[1].log": []byte("g"), "logs/sub/deep": []byte("h"), "one": []byte("i"),
	})
	if err := os.Symlink("access.log.1", filepath.Join(dir, "logs/access.link")); err != nil {
		t.Skip(err)
	}
	for _, c := range []struct{ path, want string }{
		{"one", "one=i"},
		{"./one", "one=i"},
		{"logs/access.log*", "logs/access.log=a logs/access.log.1=b logs/access.log.2.gz=c logs/access.log.3.zst=d"},
		{"[logs/access.log.1, logs/access.log, logs/access.log.?]", "logs/access.log=a logs/access.log.1=b"},
		{"logs/access.l*[1k]", "logs/access.link=b"},
		{"logs/members.gz", "logs/members.gz=ef"},
		{"logs/empty", "logs/empty="},
		{`"logs/x[1].log"`, "logs/x[1].log=g"},
		{"logs/s*/*", "logs/sub/deep=h"},
		{`"*"`, "one=i"},
		{`"-"`, "-=j"},
	} {
		got, _, err := read(t.Context(), t, c.path, dir, sources.Env{Stdin: sources.NewStdin(bytes.NewReader(gz("j")))})
		if text := strings.Join(got, " "); text != c.want || err != nil {
			t.Errorf("%s: %q, %v, want %q", c.path, text, err, c.want)
		}
	}
}

// Gzip streams stand one behind the other, and zeros behind the last are padding.
func TestGzipStreams(t *testing.T) {
	one, other := gz("one\n"), gz("other\n")
	for _, content := range [][]byte{slices.Concat(one, other), slices.Concat(one, other, make([]byte, 1)), slices.Concat(one, other, make([]byte, 200<<10)), slices.Concat(one, gz(""), other)} {
		got, _, err := read(t.Context(), t, "a.gz", folder(t, map[string][]byte{"a.gz": content}), sources.Env{Digest: true})
		if err != nil || strings.Join(got, "") != "a.gz=one\nother\n" {
			t.Errorf("%d bytes: got %q, %v", len(content), got, err)
		}
	}
}

func TestErrors(t *testing.T) {
	whole := gz(strings.Repeat("many lines\n", 1000))
	wrong := slices.Clone(whole)
	wrong[len(wrong)-5] ^= 1
	dir := folder(t, map[string][]byte{"short.gz": whole[:len(whole)-9], "head.gz": whole[:6], "sum.gz": wrong,
		"short.zst": zst(strings.Repeat("many lines\n", 1000))[:30], "sub/x": nil, "none.gz": nil, "one.GZ": {0x1f}, "none.zst": nil, "two.zst": {0x28, 0xb5},
		"behind.gz": slices.Concat(whole, []byte("-- end --")), "padded.gz": slices.Concat(whole, make([]byte, 900), []byte("x")),
		"begun.gz": slices.Concat(whole, whole[:1]), "begun2.gz": slices.Concat(whole, whole[:8]), "behind.zst": slices.Concat(zst("a"), []byte("-- end --"))})
	for _, c := range []struct{ path, want string }{
		{"none-*.log", `slo.yaml:1:7: path "none-*.log" matches no file [input/missing]`},
		{"sub", `slo.yaml:1:7: path "sub" is a folder [input/folder]`},
		{`"sub/**/x"`, `** is not supported`},
		{`"[sub"`, `a [ is not closed`},
		{`""`, `the path is empty`},
		{`"-"`, `there is no standard input here`},
		{"short.gz", "short.gz: the gzip file is cut short"},
		{"head.gz", "head.gz: the gzip file is cut short"},
		{"sum.gz", "sum.gz: the gzip file is broken"},
		{"none.gz", "none.gz: the gz file is cut short"},
		{"one.GZ", "one.GZ: the GZ file is cut short"},
		{"none.zst", "none.zst: the zst file is cut short"},
		{"two.zst", "two.zst: the zst file is cut short"},
		{"short.zst", "short.zst: the zstd file is cut short"},
		{"behind.gz", "behind.gz: bytes that are no gzip stand behind the end of the gzip stream"},
		{"padded.gz", "padded.gz: bytes that are no gzip stand behind the end of the gzip stream"},
		{"begun.gz", "begun.gz: the gzip file is cut short"},
		{"begun2.gz", "begun2.gz: the gzip file is cut short"},
		{"behind.zst", "behind.zst: bytes that are no zstd stand behind the end of the zstd stream"},
	} {
		_, _, err := read(t.Context(), t, c.path, dir, sources.Env{})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.path, err, c.want)
		}
	}
}

// What is packed and cut or garbled is refused; a disk that fails beneath it has no
// class, and whoever gives up has the class of that.
func TestClasses(t *testing.T) {
	packed, text := gz(strings.Repeat("many lines\n", 1000)), []byte("many lines\n")
	packedZst := zst(strings.Repeat("many lines\n", 1000))
	garbled := slices.Clone(packed)
	garbled[len(garbled)-5] ^= 1
	disk, cause := errors.New("input/output error"), errors.New("time is up")
	for _, c := range []struct {
		name  string
		begin []byte
		end   error
		class sources.Class
		want  string
	}{
		{"cut gzip", packed[:len(packed)-9], io.EOF, sources.Refused, "-: the gzip file is cut short: unexpected EOF"},
		{"the head of a gzip", packed[:6], io.EOF, sources.Refused, "-: the gzip file is cut short: unexpected EOF"},
		{"cut zstd", packedZst[:30], io.EOF, sources.Refused, "-: the zstd file is cut short: unexpected EOF"},
		{"garbled gzip", garbled, io.EOF, sources.Refused, "-: the gzip file is broken: gzip: invalid checksum"},
		{"whole gzip", packed, io.EOF, "", ""},
		{"whole zstd", packedZst, io.EOF, "", ""},
		{"whole text", text, io.EOF, "", ""},
		{"a disk fails in a gzip", packed[:len(packed)-9], disk, "", "-: input/output error"},
		{"a disk fails in the head of a gzip", packed[:6], disk, "", "-: input/output error"},
		{"a disk fails in a zstd", packedZst[:30], disk, "", "-: input/output error"},
		{"a disk fails in a text", text, disk, "", "-: input/output error"},
		{"given up in a gzip", packed[:len(packed)-9], cause, sources.Cancelled, "time is up"},
		{"given up in the head of a gzip", packed[:6], cause, sources.Cancelled, "time is up"},
		{"given up in a text", text, cause, sources.Cancelled, "time is up"},
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		end := iotest.ErrReader(c.end)
		if c.end == cause {
			end = reads(func([]byte) (int, error) { cancel(cause); return 1, nil })
		}
		in := io.MultiReader(bytes.NewReader(c.begin), end)
		_, _, err := read(ctx, t, `"-"`, "", sources.Env{Stdin: sources.NewStdin(in)})
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != c.want || sources.ClassOf(err) != c.class {
			t.Errorf("%s: got %q of class %q, want %q of class %q", c.name, got, sources.ClassOf(err), c.want, c.class)
		}
		cancel(nil)
	}
}

// reads is an io.Reader.
type reads func([]byte) (int, error)

func (r reads) Read(p []byte) (int, error) { return r(p) }

func TestDigestIsOfTheRawBytes(t *testing.T) {
	raw := gz("content that the reader does not finish")
	dir := folder(t, map[string][]byte{"a.gz": raw})
	files, err := Find(path(t, "a.gz"), dir, sources.Env{Digest: true})
	if err != nil {
		t.Fatal(err)
	}
	inputs, err := files.Each(t.Context(), func(_ context.Context, _ *File, r io.Reader) error {
		_, err := r.Read(make([]byte, 3))
		return err
	})
	want := fmt.Sprintf("sha256:%x", sha256.Sum256(raw))
	if err != nil || len(inputs) != 1 || inputs[0].Digest != want {
		t.Errorf("inputs %v, %v, want digest %s", inputs, err, want)
	}
}

func TestCancelled(t *testing.T) {
	dir := folder(t, map[string][]byte{"a": []byte("x")})
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("time is up")
	cancel(cause)
	if _, _, err := read(ctx, t, "a", dir, sources.Env{}); !errors.Is(err, cause) {
		t.Errorf("error %v, want %v", err, cause)
	}
}

// Standard input is gone once it was read: half of it must not be taken for all.
func TestStandardInputIsReadOnce(t *testing.T) {
	env := sources.Env{Stdin: sources.NewStdin(strings.NewReader("text"))}
	if got, _, err := read(t.Context(), t, `"-"`, "", env); err != nil || strings.Join(got, " ") != "-=text" {
		t.Errorf("first: got %q, %v", got, err)
	}
	got, _, err := read(t.Context(), t, `"-"`, "", env)
	if strings.Join(got, "") != "" || sources.ClassOf(err) != sources.Cannot || !strings.Contains(err.Error(), "standard input was read before") {
		t.Errorf("second: got %q, %v", got, err)
	}
}

// What lies in a folder that a source reads is read by it, and so would be what is
// written there.
func TestReadsFolder(t *testing.T) {
	dir := folder(t, map[string][]byte{"data/wal/0": []byte("x"), "beside": nil})
	for file, want := range map[string]bool{"data/wal/0": true, "data/new": true, "data/new/newer": true, "beside": false, "database": false} {
		if got := Reads(path(t, "data"), dir, filepath.Join(dir, file)); got != want {
			t.Errorf("%s: %t", file, got)
		}
	}
}
