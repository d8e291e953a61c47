package sources

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
)

// Stdin is standard input, which can be read once. It may be used by several
// goroutines.
type Stdin struct {
	r      io.Reader
	opened atomic.Bool
}

// NewStdin returns a Stdin that reads r, nil if r is.
func NewStdin(r io.Reader) *Stdin {
	if r == nil {
		return nil
	}
	return &Stdin{r: r}
}

// Open returns what can be read. It reads until ctx is done, whose cause it then fails
// with: whoever writes may never write more, nor end. A second Open is refused: what it
// would return is what the first reader left over.
func (s *Stdin) Open(ctx context.Context) (io.Reader, error) {
	if s.opened.Swap(true) {
		return nil, &Error{Class: Cannot, Err: errors.New("standard input was read before, and can be read only once")}
	}
	return &awaited{ctx: ctx, r: s.r, buffer: make([]byte, 64<<10), came: make(chan error, 1)}, nil
}

// awaited reads what may never come. A read that has begun cannot be called off: where
// ctx ends the waiting its goroutine waits on alone, with the buffer, as long as the
// process runs.
type awaited struct {
	ctx    context.Context // kept, since Read is given none
	r      io.Reader
	buffer []byte
	size   int        // of what the last read brought
	came   chan error // of the last read, which is done
	rest   []byte     // of the buffer, to be handed out
	err    error      // behind rest
}

// Read hands out what came.
func (a *awaited) Read(p []byte) (int, error) {
	if len(a.rest) == 0 && a.err == nil {
		a.await()
	}
	if len(a.rest) == 0 {
		return 0, a.err
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// await waits for more.
func (a *awaited) await() {
	go func() {
		var err error
		a.size, err = a.r.Read(a.buffer)
		a.came <- err
	}()
	select {
	case a.err = <-a.came:
		a.rest = a.buffer[:a.size]
	case <-a.ctx.Done():
		a.err = Done(a.ctx)
	}
}
