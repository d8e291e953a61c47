package table

import (
	"bytes"
	"errors"
	"io"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/input"
)

// MaxLine is the longest line, and the longest row of several lines, in bytes.
const MaxLine = 1 << 20

// Lines reads a file line by line and counts them. It removes a byte order mark
// at the start and the line ends, \n, \r\n or, unless made by NewFeedLines, \r.
type Lines struct {
	r        io.Reader
	feedOnly bool  // \r alone is no line end
	err      error // of r
	buf      []byte
	start    int // of the next line in buf
	feed     int // of the next \n in buf, len(buf) if there is none
	n        int
	ended    bool // the line before had an end
}

// ErrTooLong is what Next returns of a line over MaxLine; the next line can be read.
var ErrTooLong = errors.New("line is longer than 1 MiB")

// mark is a byte order mark. Alone it is no line.
const mark = "\ufeff"

// NewLines reads from r.
func NewLines(r io.Reader) *Lines { return &Lines{r: r} }

// NewFeedLines reads lines from r that may hold a \r: it ends none without a \n behind it.
func NewFeedLines(r io.Reader) *Lines { return &Lines{r: r, feedOnly: true} }

// Number returns the number of the line that Next returned last, from 1.
func (l *Lines) Number() int { return l.n }

// Ended tells whether the line that Next returned last has an end. One without is the
// last of the file, and may not be written yet.
func (l *Lines) Ended() bool { return l.ended }

// Next returns the next line, io.EOF after the last. The bytes are good until
// the following call. One that is not UTF-8 is a finding about the whole file: its other
// lines are of the same encoding.
func (l *Lines) Next() ([]byte, error) {
	first := l.buf == nil
	tooLong := false
	for seen := 0; ; {
		text := l.buf[l.start:]
		end, width := l.end(text, seen)
		if end < 0 && l.err == nil {
			if len(text) > MaxLine+1 { // its last may be the \r of \r\n
				l.start, tooLong = len(l.buf)-1, true
			}
			seen = max(0, len(l.buf)-l.start-1)
			l.fill()
			continue
		}
		if end < 0 {
			nothing := len(text) == 0 && !tooLong || first && string(text) == mark
			if l.err != io.EOF || nothing {
				l.start = len(l.buf)
				return nil, l.err
			}
			end, width = len(text), 0
		}
		l.start, l.ended = l.start+end+width, width > 0
		l.n++
		if tooLong || end > MaxLine {
			return nil, ErrTooLong
		}
		line := text[:end:end]
		if first {
			line = bytes.TrimPrefix(line, []byte(mark))
		}
		if f, bad := input.NotUTF8(line, diag.Pos{Line: l.n}); bad {
			return nil, diag.List{f}
		}
		return line, nil
	}
}

// end returns where the line ends that text begins with, and how long its end is; −1 if
// that is not there yet. Up to seen there is none.
func (l *Lines) end(text []byte, seen int) (at, width int) {
	if l.feed < l.start+seen {
		l.feed = len(l.buf)
		if i := bytes.IndexByte(l.buf[l.start+seen:], '\n'); i >= 0 {
			l.feed = l.start + seen + i
		}
	}
	feed := l.feed - l.start
	if l.feedOnly {
		return feedEnd(text, feed)
	}
	at = bytes.IndexByte(text[seen:feed], '\r')
	switch at += seen; {
	case at < seen && feed == len(text):
		return -1, 0
	case at < seen:
		return feed, 1
	case at+1 < feed:
		return at, 1
	case feed < len(text): // \r\n
		return at, 2
	case l.err != nil:
		return at, 1
	}
	return -1, 0 // \n may follow
}

// feedEnd returns where the line ends that text begins with and whose \n is at feed.
func feedEnd(text []byte, feed int) (at, width int) {
	switch {
	case feed == len(text):
		return -1, 0
	case feed > 0 && text[feed-1] == '\r':
		return feed - 1, 2
	}
	return feed, 1
}

// fill reads more behind what was not used yet.
func (l *Lines) fill() {
	const size = 256 << 10
	rest := copy(l.buf[:cap(l.buf)], l.buf[l.start:])
	l.buf, l.start, l.feed = l.buf[:rest], 0, -1
	if cap(l.buf)-rest < size/2 {
		l.buf = append(make([]byte, 0, rest+size), l.buf...)
	}
	for range 100 {
		n, err := l.r.Read(l.buf[rest:cap(l.buf)])
		l.buf, l.err = l.buf[:rest+n], err
		if n > 0 || err != nil {
			return
		}
	}
	l.err = io.ErrNoProgress
}
