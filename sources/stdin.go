package sources

import (
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

// Open returns what can be read. A second Open is refused: what it would return is
// what the first reader left over.
func (s *Stdin) Open() (io.Reader, error) {
	if s.opened.Swap(true) {
		return nil, &Error{Class: Cannot, Err: errors.New("standard input was read before, and can be read only once")}
	}
	return s.r, nil
}
