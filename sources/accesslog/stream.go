package accesslog

import (
	"bytes"
	"io"
	"math"
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
	r     io.Reader
	plain bool // the file is not packed, so that it may be written to

	mu    sync.Mutex
	carry []byte // the line that the block before ended in
	err   error  // io.EOF at the end
	lines []int32
	ends  [][]ends // by block and demand
	found found
}

// block is a run of whole lines. Its number counts blocks from 0.
type block struct {
	number  int
	data    []byte // with line ends, but for the last line of a stream
	long    bool   // data is the head of one line that is too long
	skipped int64  // bytes of that line
	growing bool   // the file may be written to: what follows the last line end is not all there
	buf     []byte
}

// next fills b with the next block. It is false at the end and after an error.
func (s *stream) next(b *block) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil && len(s.carry) == 0 {
		return false
	}
	b.number, b.long, b.growing = len(s.lines), false, s.plain
	s.lines, s.ends = append(s.lines, 0), append(s.ends, nil)
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
			return s.skip(b, n)
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

// skip drops the rest of a line that is too long, of which b holds n bytes.
func (s *stream) skip(b *block, n int) bool {
	b.long = true
	b.data = bytes.Clone(b.buf[:headSize])
	b.skipped = int64(n)
	b.buf = b.buf[:blockSize:blockSize]
	for s.err == nil {
		n := s.read(b.buf, 0)
		if end := bytes.IndexByte(b.buf[:n], '\n'); end >= 0 {
			s.carry = append(s.carry, b.buf[end+1:n]...)
			b.skipped += int64(end)
			break
		}
		b.skipped += int64(n)
	}
	return s.err == nil || s.err == io.EOF
}

// add notes what was found in a block, and how many lines it had.
func (s *stream) add(block, lines int, more found) {
	s.mu.Lock()
	s.lines[block], s.ends[block] = int32(lines), more.ends
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
	for demand := range s.found.refused {
		r := &s.found.refused[demand]
		place(r.examples)
		s.lead(demand, r)
	}
	for _, all := range s.found.unsure {
		place(all)
	}
	return s.found
}

// weight is how many lines could not be read. Lines that are longer than a request is
// may hold many, and count by their size.
type weight struct {
	lines int64 // up to maxRequest
	bytes int64 // of longer ones
}

const maxRequest = 4 << 10

func weightOf(size int64) weight {
	if size > maxRequest {
		return weight{bytes: size}
	}
	return weight{lines: 1}
}

func (w *weight) add(o weight) { w.lines, w.bytes = w.lines+o.lines, w.bytes+o.bytes }

// events returns how many lines of that many bytes, 0 if nobody knows, are in doubt.
func (w weight) events(bytes float64) int64 {
	if bytes == 0 {
		return w.lines + min(w.bytes, 1)
	}
	return w.lines + int64(math.Ceil(float64(w.bytes)/bytes))
}

// put adds lines that could not be read at an instant.
func (r *refused) put(at int64, w weight) {
	if r.at == nil {
		r.at = map[int64]weight{}
	}
	minute := at - (at%60+60)%60
	w.add(r.at[minute])
	r.at[minute] = w
}

func (r *refused) merge(o refused) {
	r.n, r.bytes, r.long = r.n+o.n, r.bytes+o.bytes, r.long+o.long
	r.lost.add(o.lost)
	r.addAside(o.aside)
	for minute, w := range o.at {
		r.put(minute, w)
	}
}

// ends are the times of the first and the last line of a block that a demand could be
// read of, and what could not be read before the first.
type ends struct {
	first, last int64
	known       bool
	lead        weight
}

// times follows the times of the lines of a block.
type times struct{ ends []ends }

func newTimes(demands int) times { return times{make([]ends, demands)} }

// all notes the time of a line that was read for all demands.
func (t *times) all(at int64) {
	for demand := range t.ends {
		t.some(demand, at)
	}
}

// some notes the time of a line that was read for one demand.
func (t *times) some(demand int, at int64) {
	e := &t.ends[demand]
	if !e.known {
		e.first, e.known = at, true
	}
	e.last = at
}

// lead gives what blocks of a file begin with, and a demand cannot read, the time of
// the line before; before the first line of the file, that of the first. r.lost gets
// what has none.
func (s *stream) lead(demand int, r *refused) {
	var start weight
	var last int64
	known := false
	for _, all := range s.ends {
		if len(all) == 0 {
			continue
		}
		e := all[demand]
		if known {
			r.put(last, e.lead)
		} else {
			start.add(e.lead)
		}
		if e.known && !known {
			r.put(e.first, start)
		}
		if e.known {
			last, known = e.last, true
		}
	}
	if !known {
		r.lost.add(start)
	}
}
