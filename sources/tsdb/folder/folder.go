// Package folder reads the files of a folder that a database wrote, whose form is binary:
// piece by piece, with a bound on what is held, and with words for what is wrong.
package folder

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/paths"
	"github.com/nines-slo/nines/sources"
)

// Folder is a folder whose files may be read.
type Folder struct {
	root *paths.Root
	dir  string // where it is
	name string // as the user wrote it
}

// New returns the folder dir, called name in what is said about it, which lies below root.
func New(root *paths.Root, dir, name string) Folder { return Folder{root: root, dir: dir, name: name} }

// Name returns what a file of the folder is called.
func (f Folder) Name(file string) string { return path.Join(f.name, file) }

// Sub returns a folder in the folder.
func (f Folder) Sub(name string) Folder {
	return Folder{root: f.root, dir: filepath.Join(f.dir, name), name: path.Join(f.name, name)}
}

// List returns the names of what is in the folder, in the order of the system. There is
// nothing in a folder that is not there.
func (f Folder) List() ([]string, error) {
	dir, err := f.root.Open(f.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, named(f.name, err)
	}
	defer dir.Close()
	if info, err := dir.Stat(); err == nil && !info.IsDir() {
		return nil, Damaged(f.name, "is no folder")
	}
	names, err := dir.Readdirnames(-1)
	return names, named(f.name, err)
}

// Open opens a file of the folder. ErrNotExist is in the error if there is none.
func (f Folder) Open(file string) (*File, error) {
	name := f.Name(file)
	opened, err := f.root.Open(filepath.Join(f.dir, file))
	if err != nil {
		return nil, named(name, err)
	}
	info, err := opened.Stat()
	switch {
	case err != nil:
		err = named(name, err)
	case info.IsDir():
		err = Damaged(name, "is a folder, not a file")
	default:
		return &File{Name: name, Size: info.Size(), file: opened, ahead: ahead}, nil
	}
	opened.Close()
	return nil, err
}

// Read returns the whole of a small file.
func (f Folder) Read(file string, limit int64) ([]byte, error) {
	opened, err := f.Open(file)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	if opened.Size > limit {
		return nil, Damaged(opened.Name, fmt.Sprintf("has %d bytes, more than the %d that such a file may have", opened.Size, limit))
	}
	return opened.At(0, int(opened.Size))
}

// Damaged says what is wrong with a file that the database wrote, and what helps.
func Damaged(name, what string) error {
	f := diag.Errorf(diag.Pos{File: name}, "tsdb/damaged", "the file %s", what)
	f = f.WithHint("promtool tsdb analyze or promtool tsdb dump says whether Prometheus can read it; " +
		"copy the folder anew, or take the block away: its time is then not measured")
	return diag.List{f}
}

// Changed says that a folder is not what it was when reading it began: a server that
// runs makes blocks of what it holds, and deletes what is old.
func Changed(name string) error {
	err := fmt.Errorf("%s changed while it was read: a server that runs on it has written or deleted blocks", name)
	return &sources.Error{Class: sources.Temporary, Err: err}
}

// Unsafe tells whether an error says that a file may not be read.
func Unsafe(err error) bool {
	return errors.Is(err, paths.ErrOutside) || errors.Is(err, paths.ErrNoFile) || errors.Is(err, paths.ErrSystem)
}

// Digest returns the sum of some files, of their names, lengths and contents. Those that
// are not there are left out.
func (f Folder) Digest(ctx context.Context, files []string) (string, error) {
	sum := sha256.New()
	for _, name := range files {
		opened, err := f.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s\x00%d\x00", filepath.ToSlash(name), opened.Size)
		err = opened.copy(ctx, sum)
		opened.Close()
		if err != nil {
			return "", err
		}
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil)), nil
}

// copy writes the whole file to w.
func (f *File) copy(ctx context.Context, w io.Writer) error {
	for off := int64(0); off < f.Size; {
		if err := sources.Done(ctx); err != nil {
			return err
		}
		held, err := f.Upto(off, ahead)
		if err != nil {
			return err
		}
		w.Write(held) // a sum takes all
		off += int64(len(held))
	}
	return nil
}

// named says which file an error of the system is about, in the user's words.
func named(name string, err error) error {
	if err == nil {
		return nil
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	if Unsafe(err) {
		return diag.List{diag.Errorf(diag.Pos{File: name}, "input/unsafe", "not read: %v", err)}
	}
	return fmt.Errorf("%s: %w", name, err)
}

// File is a file that is read in pieces, mostly one behind the other.
type File struct {
	Name string // as the user would write it
	Size int64  // when it was opened

	file   content
	ahead  int    // how much is read at once
	window []byte // what was read last
	start  int64  // where it stands
}

type content interface {
	io.ReaderAt
	io.Closer
}

// Held returns a file of these bytes, which are in memory.
func Held(name string, text []byte) *File {
	return &File{Name: name, Size: int64(len(text)), file: held{bytes.NewReader(text)}, ahead: ahead}
}

type held struct{ io.ReaderAt }

// Close does nothing.
func (held) Close() error { return nil }

// ahead is how much of a file is read at once.
const ahead = 64 << 10

// Aside returns the file for reading at other places than f reads at, n bytes at once. It
// is closed with f.
func (f *File) Aside(n int) *File { return &File{Name: f.Name, Size: f.Size, file: f.file, ahead: n} }

// At returns n bytes of the file, which are good until the next call.
func (f *File) At(off int64, n int) ([]byte, error) {
	if off < 0 || n < 0 || off > f.Size || int64(n) > f.Size-off {
		return nil, f.Damaged("ends at byte %d, where %d bytes at %d were to be read: it is cut short", f.Size, n, off)
	}
	if off < f.start || off+int64(n) > f.start+int64(len(f.window)) {
		if err := f.fill(off, n); err != nil {
			return nil, err
		}
	}
	at := off - f.start
	return f.window[at : at+int64(n) : at+int64(n)], nil
}

// Upto returns at least one and at most n bytes of the file, fewer at its end alone.
func (f *File) Upto(off int64, n int) ([]byte, error) {
	if off >= 0 && off < f.Size {
		n = int(min(int64(n), f.Size-off))
	}
	return f.At(off, max(n, 1))
}

// fill reads the window that has n bytes at off.
func (f *File) fill(off int64, n int) error {
	want := int(min(int64(max(n, f.ahead)), f.Size-off))
	if cap(f.window) < want || cap(f.window) > 16*ahead && want <= f.ahead {
		f.window = make([]byte, want)
	}
	f.window, f.start = f.window[:want], off
	got, err := f.file.ReadAt(f.window, off)
	if got == want {
		return nil
	}
	f.window = f.window[:0]
	if err == io.EOF { // shorter than when it was opened
		return Changed(f.Name)
	}
	return named(f.Name, err)
}

// Damaged says what is wrong with the file.
func (f *File) Damaged(format string, args ...any) error {
	return Damaged(f.Name, fmt.Sprintf(format, args...))
}

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }
