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

// stream cuts a file into blocks of whole lines, and gathers what workers find in
// them. next is safe for concurrent use: each block goes to one caller, so lines
// are parsed in parallel while the file is read in order.
type stream struct {
	r io.Reader

	mu    sync.Mutex
	carry []byte // the line that the block before ended in
	err   error  // io.EOF at the end
	lines []int32
	found found
}

// block is a run of whole lines. Its number counts blocks from 0.
type block struct {
	number int
	data   []byte // with line ends, but for the last line of a stream
	long   bool   // data is the head of one line that is too long
	buf    []byte
}

// next fills b with the next block. It is false at the end and after an error.
func (s *stream) next(b *block) bool {
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
func (s *stream) fill(b *block, n int) bool {
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
func (s *stream) read(buf []byte, n int) int {
	for n < len(buf) && s.err == nil {
		var m int
		m, s.err = s.r.Read(buf[n:])
		n += m
	}
	return n
}

// skip drops the rest of a line that is too long.
func (s *stream) skip(b *block) bool {
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

// add notes what was found in a block, and how many lines it had.
func (s *stream) add(block, lines int, more found) {
	s.mu.Lock()
	s.lines[block] = int32(lines)
	s.found.add(more)
	s.mu.Unlock()
}

// before returns the lines before a block, once all blocks were added.
func (s *stream) before(block int) int {
	n := 0
	for _, lines := range s.lines[:block] {
		n += int(lines)
	}
	return n
}

// total returns what was found in the file of that name, once all blocks were added.
func (s *stream) total(file string) found {
	place := func(all []example) {
		for i := range all {
			all[i].file, all[i].line = file, s.before(all[i].block)+all[i].line
		}
	}
	for _, r := range s.found.refused {
		place(r.examples)
	}
	for _, all := range s.found.unsure {
		place(all)
	}
	return s.found
}
