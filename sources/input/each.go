package input

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"sync"

	"github.com/nines-slo/nines/sources"
)

// maxReaders bounds how many files are open at a time, whatever the machine.
const maxReaders = 8

// File is one file that is being read.
type File struct {
	Index int           // in the order of the files
	Input sources.Input // rows and unread rows are counted here

	before []chan struct{} // closed when the file of that index is read
}

// Turn waits until all files before f are read, for what has to be counted in
// the order of the files. It fails if ctx ends the work.
func (f *File) Turn(ctx context.Context) error {
	for _, read := range f.before {
		select {
		case <-read:
		case <-ctx.Done():
			return sources.Done(ctx)
		}
	}
	return nil
}

// ReadFunc reads the decompressed content of one file. ctx ends with the file.
type ReadFunc func(ctx context.Context, file *File, r io.Reader) error

// Len returns the number of files.
func (f *Files) Len() int { return len(f.files) }

// Each calls read with the decompressed content of every file, and returns what
// was read, in the order of the files. Files are begun in that order and read side
// by side, at most one a processor and eight in all; an open file takes 64 KiB
// and what its compression needs, 64 KiB for gzip, up to 64 MiB for zstd.
//
// After an error no file behind it is begun, and those that are being read are
// cancelled. The error is that of the first file that has one, as if the files
// were read one after the other; one that concerns the content names the file.
// Reading fails with the cause of ctx once that is done. All reading has ended
// when Each returns.
func (f *Files) Each(ctx context.Context, read ReadFunc) ([]sources.Input, error) {
	f.ends = make([]ends, len(f.files))
	w := newWalk(ctx, len(f.files))
	defer w.stopAfter(-1)
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(f.files), maxReaders) {
		wait.Go(func() {
			for i, ok := w.begin(); ok; i, ok = w.begin() {
				ctx, x, file := w.ctx[i], f.files[i], &w.files[i]
				file.Input.Name = x.name
				err := f.read(ctx, x, &file.Input, &f.ends[i], func(r io.Reader) error { return read(ctx, file, r) })
				w.end(i, err)
			}
		})
	}
	wait.Wait()
	return w.result()
}

// InTurn is Each for files that have to be read one behind the other: those of the
// indices in order, from the calling goroutine. It ends with the first that has an error.
func (f *Files) InTurn(ctx context.Context, order []int, read ReadFunc) ([]sources.Input, error) {
	f.ends = make([]ends, len(f.files))
	var inputs []sources.Input
	for _, i := range order {
		x, file := f.files[i], &File{Index: i, Input: sources.Input{Name: f.files[i].name}}
		err := f.read(ctx, x, &file.Input, &f.ends[i], func(r io.Reader) error { return read(ctx, file, r) })
		if err != nil {
			return inputs, err
		}
		inputs = append(inputs, file.Input)
	}
	return inputs, nil
}

// errStopped cancels the files behind one that has an error.
var errStopped = errors.New("a file before this one could not be read")

// walk is one reading of all files.
type walk struct {
	files  []File
	ctx    []context.Context // of each file: an error ends those behind it alone
	cancel []context.CancelCauseFunc
	done   []chan struct{}

	mu    sync.Mutex
	next  int // file to begin
	limit int // files from here on are not begun
	errs  []error
}

func newWalk(ctx context.Context, files int) *walk {
	w := &walk{files: make([]File, files), errs: make([]error, files), limit: files}
	for range w.files {
		fileCtx, cancel := context.WithCancelCause(ctx)
		w.ctx, w.cancel = append(w.ctx, fileCtx), append(w.cancel, cancel)
		w.done = append(w.done, make(chan struct{}))
	}
	for i := range w.files {
		w.files[i].Index, w.files[i].before = i, w.done[:i]
	}
	return w
}

// begin returns the next file to read, false if there is none.
func (w *walk) begin() (int, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := w.next
	w.next++
	return i, i < w.limit
}

// end notes how the reading of a file ended.
func (w *walk) end(i int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.errs[i] = err
	if err != nil {
		w.limit = min(w.limit, i)
		w.stopAfter(i)
	}
	close(w.done[i])
}

// stopAfter cancels the files behind one.
func (w *walk) stopAfter(i int) {
	for _, cancel := range w.cancel[i+1:] {
		cancel(errStopped)
	}
}

// result returns what was read up to the first error. A file that was cancelled
// lies behind the one whose error cancelled it.
func (w *walk) result() ([]sources.Input, error) {
	var inputs []sources.Input
	failed := slices.IndexFunc(w.errs, func(err error) bool { return err != nil })
	for i := range w.files {
		if i == failed {
			return inputs, w.errs[i]
		}
		inputs = append(inputs, w.files[i].Input)
	}
	return inputs, nil
}
