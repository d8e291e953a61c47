package input

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/nines-slo/nines/sources"
)

// opened is a regular file as it was when it was opened. Zero, it is of a pipe, which
// does not change.
type opened struct {
	file *os.File
	info os.FileInfo
	path string // without links
}

// begin notes what a file is at its opening. What became of it since it was found
// counts: it may have been rotated while others were read.
func begin(x file, f *os.File) (opened, error) {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return opened{}, err
	}
	path, err := filepath.EvalSymlinks(x.path)
	if err != nil {
		path = x.path
	}
	switch found := x.info; {
	case found == nil:
	case !os.SameFile(found, info):
		return opened{}, changed(x, "is another file than when it was found")
	case info.Size() < found.Size():
		return opened{}, changed(x, "shrank from %d to %d bytes", found.Size(), info.Size())
	}
	return opened{file: f, info: info, path: path}, nil
}

// changed returns why what was read of a file is not to be trusted: that it shrank, was
// replaced or was written anew. To grow at its end, or to be renamed, is no change. raw
// is what was read, all of it if whole.
func (o *opened) changed(x file, raw *ends, whole bool) error {
	if o.file == nil {
		return nil
	}
	now, err := o.file.Stat()
	switch {
	case err != nil:
		return named(x.name, err)
	case now.Size() < o.info.Size():
		return changed(x, "shrank from %d to %d bytes", o.info.Size(), now.Size())
	case whole && raw.size < o.info.Size():
		return changed(x, "shrank to %d bytes, of %d", raw.size, o.info.Size())
	case now.Size() == o.info.Size() && !now.ModTime().Equal(o.info.ModTime()), !o.holds(raw):
		return changed(x, "was written anew")
	case o.replaced():
		return changed(x, "was replaced by another file")
	}
	return nil
}

func changed(x file, format string, args ...any) error {
	err := fmt.Errorf("%s: the file %s while it was read", x.name, fmt.Sprintf(format, args...))
	return &sources.Error{Class: sources.Temporary, Err: err}
}

// holds tells whether the file still begins and ends with what was read.
func (o *opened) holds(raw *ends) bool {
	same := func(want []byte, at int64) bool {
		got := make([]byte, len(want))
		n, _ := o.file.ReadAt(got, at)
		return n == len(want) && bytes.Equal(got, want)
	}
	return same(raw.head, 0) && same(raw.tail, raw.size-int64(len(raw.tail)))
}

// replaced tells whether another file has the name now, and this one none in its
// folder: a log that is rotated keeps one.
func (o *opened) replaced() bool {
	now, err := os.Stat(o.path)
	if err != nil || os.SameFile(now, o.info) {
		return false
	}
	entries, err := os.ReadDir(filepath.Dir(o.path))
	if err != nil {
		return true
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && os.SameFile(info, o.info) {
			return false
		}
	}
	return true
}
