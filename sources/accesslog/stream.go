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

// total returns what was found in the file of that name, once all blocks were added. At
// is the instant of the question.
func (s *stream) total(file string, at int64) found {
	place := func(all []example) {
		for i := range all {
			all[i].file, all[i].line = file, s.before(all[i].block)+all[i].line
		}
	}
	for demand := range s.found.refused {
		r := &s.found.refused[demand]
		place(r.examples)
		s.edges(demand, r, at)
	}
	for _, all := range s.found.unsure {
		place(all)
	}
	return s.found
}

// weight is how many lines could not be read. Lines that are longer than a request is,
// or damaged, may hold many, and count by their size.
type weight struct {
	lines int64 // up to maxRequest
	bytes int64 // of the others
}

const maxRequest = 4 << 10

func weightOf(size int64, damaged bool) weight {
	if damaged || size > maxRequest {
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
	if w == (weight{}) {
		return
	}
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

// ends are the times of the lines of a block that a demand could be read of, and what
// could not be read at its edges. What cannot be read has the time of the line before,
// unless that one's is none between its neighbours': a stamp of another day would hide
// what follows it.
type ends struct {
	lines         int   // none, one, or two for more
	first, second int64 // 0 without
	before, last  int64
	lead          weight // before the first line
	early         weight // between the first and the second
	tail          weight // behind the last
}

// note takes the time of a line that was read, and gives r what came before it.
func (e *ends) note(at int64, r *refused) {
	switch {
	case e.lines == 0:
		e.first, e.last = at, at
	case e.lines == 1:
		e.second, e.early = at, e.tail
	case e.tail != weight{}:
		r.put(middle(e.before, e.last, at), e.tail)
	}
	e.lines = min(e.lines+1, 2)
	e.before, e.last, e.tail = e.last, at, weight{}
}

// middle returns the second of three in order.
func middle(a, b, c int64) int64 { return max(min(a, b), min(max(a, b), c)) }

// edges gives what a demand cannot read at the edges of the blocks of a file its time;
// before the first line of the file, that of the first. r.lost gets what has none.
func (s *stream) edges(demand int, r *refused, at int64) {
	var between weight
	var before, last int64
	known := false
	for _, all := range s.ends {
		if len(all) == 0 {
			continue
		}
		e := all[demand]
		between.add(e.lead)
		if e.lines == 0 {
			continue
		}
		if !known {
			before, last, known = e.first, e.first, true
		}
		r.put(middle(before, last, e.first), between)
		r.put(middle(last, e.first, e.second), e.early)
		if before = last; e.lines > 1 {
			before = e.before
		}
		last, between = e.last, e.tail
	}
	switch {
	case !known:
		r.lost.add(between)
	case last-at >= 60: // a stamp that the minute of the question does not explain
		r.put(before, between)
	default:
		r.put(last, between)
	}
}
