package table

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/nines-slo/nines/slo/diag"
)

// MaxLine is the longest line, and the longest row of several lines, in bytes.
const MaxLine = 1 << 20

// Lines reads a file line by line and counts them. It removes a byte order mark
// at the start and the line ends, \n or \r\n.
type Lines struct {
	r     *bufio.Reader
	n     int
	long  []byte // a line that did not fit the reader's buffer
	ended bool
}

// ErrTooLong is what Next returns of a line over MaxLine; the next line can be read.
var ErrTooLong = errors.New("line is longer than 1 MiB")

// NewLines reads from r.
func NewLines(r io.Reader) *Lines { return &Lines{r: bufio.NewReaderSize(r, 256<<10)} }

// Number returns the number of the line that Next returned last, from 1.
func (l *Lines) Number() int { return l.n }

// Next returns the next line, io.EOF after the last. The bytes are good until
// the following call.
func (l *Lines) Next() ([]byte, error) {
	if l.ended {
		return nil, io.EOF
	}
	if l.n == 0 {
		if err := l.mark(); err != nil {
			return nil, err
		}
	}
	line, err := l.r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		line, err = l.rest(line)
	}
	if err == io.EOF {
		l.ended = true
		if len(line) == 0 {
			return nil, io.EOF
		}
		err = nil
	}
	l.n++
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), err
}

// mark skips a UTF-8 byte order mark and refuses the one of UTF-16.
func (l *Lines) mark() error {
	head, err := l.r.Peek(3)
	if err != nil && err != io.EOF {
		return err
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		_, err = l.r.Discard(3)
		return err
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return diag.Finding{Code: "encoding", Message: "the file is UTF-16", Hint: "save it as UTF-8"}
	}
	return nil
}

// rest reads the remainder of a long line. A line over MaxLine is skipped.
func (l *Lines) rest(head []byte) ([]byte, error) {
	l.long = append(l.long[:0], head...)
	for {
		part, err := l.r.ReadSlice('\n')
		if len(l.long)+len(part) <= MaxLine+2 {
			l.long = append(l.long, part...)
		} else {
			l.long = append(l.long[:MaxLine], "..."...)
		}
		switch {
		case err == bufio.ErrBufferFull:
		case len(l.long) > MaxLine+2:
			return nil, ErrTooLong
		default:
			return l.long, err
		}
	}
}
