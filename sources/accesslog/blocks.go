package accesslog

import (
	"bytes"
	"io"
	"sync"
)

const (
	blockSize = 256 << 10
	maxLine   = 1 << 20 // a longer line cannot be read
	headSize  = 512     // of a line that is too long, kept to show
)

// blocks cuts a stream into blocks of whole lines. next is safe for concurrent
// use: each block goes to one caller, so lines are parsed in parallel while the
// stream is read in order.
type blocks struct {
	mu    sync.Mutex
	r     io.Reader
	carry []byte // the line that the block before ended in
	err   error  // io.EOF at the end
	lines []int32
}

// block is a run of whole lines. Its number counts blocks from 0.
type block struct {
	number int
	data   []byte // with line ends, but for the last line of a stream
	long   bool   // data is the head of one line that is too long
	buf    []byte
}

// next fills b with the next block. It is false at the end and after an error.
func (s *blocks) next(b *block) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil && len(s.carry) == 0 {
		return false
	}
	b.number, b.long = len(s.lines), false
	s.lines = append(s.lines, 0)
	if size := max(blockSize, min(2*len(s.carry), maxLine+1)); len(b.buf) < size {
		b.buf = make([]byte, size)
	}
	n := copy(b.buf, s.carry)
	s.carry = s.carry[:0]
	return s.fill(b, n)
}

// fill reads after the n bytes that b already holds, up to a line's end.
func (s *blocks) fill(b *block, n int) bool {
	for searched := 0; ; {
		n = s.read(b.buf, n)
		if s.err != nil && s.err != io.EOF {
			return false
		}
		if end := bytes.LastIndexByte(b.buf[searched:n], '\n'); end >= 0 && s.err == nil {
			end += searched + 1
			b.data = b.buf[:end]
			s.carry = append(s.carry, b.buf[end:n]...)
			return true
		}
		if s.err == io.EOF && n <= maxLine+1 {
			b.data = b.buf[:n]
			return n > 0
		}
		if n > maxLine {
			return s.skip(b)
		}
		searched = n
		b.buf = append(b.buf, make([]byte, min(len(b.buf), maxLine+1-n))...)
	}
}

// read fills buf from n on and returns how far it came.
func (s *blocks) read(buf []byte, n int) int {
	for n < len(buf) && s.err == nil {
		var m int
		m, s.err = s.r.Read(buf[n:])
		n += m
	}
	return n
}

// skip drops the rest of a line that is too long.
func (s *blocks) skip(b *block) bool {
	b.long = true
	b.data = bytes.Clone(b.buf[:headSize])
	b.buf = b.buf[:blockSize:blockSize]
	for s.err == nil {
		n := s.read(b.buf, 0)
		if end := bytes.IndexByte(b.buf[:n], '\n'); end >= 0 {
			s.carry = append(s.carry, b.buf[end+1:n]...)
			break
		}
	}
	return s.err == nil || s.err == io.EOF
}

// counted notes how many lines a block had.
func (s *blocks) counted(block, lines int) {
	s.mu.Lock()
	s.lines[block] = int32(lines)
	s.mu.Unlock()
}

// before returns the lines before a block, once all were counted.
func (s *blocks) before(block int) int {
	n := 0
	for _, lines := range s.lines[:block] {
		n += int(lines)
	}
	return n
}
