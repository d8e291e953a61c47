package accesslog

import (
	"bytes"
	"cmp"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/nines-slo/nines/sources/accesslog/clock"
)

// event is called for every line that was read: Unix seconds and the values. It
// returns the requests that could not judge the line.
type event func(t int64, values [][]byte) (unsure []int)

// worker parses blocks of lines. It belongs to one goroutine at a time.
type worker struct {
	layout   *layout
	splitter splitter
	clock    clock.Clock
	record   record
	at       int64 // events of this second and later are too late
	emit     event
	busy     minutes

	first, last, late int64 // of all blocks
	buf               block
	found             found // in the block
}

func newWorker(l *layout, at int64, busy minutes, emit event) *worker {
	return &worker{layout: l, splitter: l.split(l), clock: clock.New(l.stamp, l.zone),
		record: l.record(), at: at, emit: emit, busy: busy, first: math.MaxInt64, last: math.MinInt64}
}

// read parses the next block of a stream, or the whole stream if its lines depend
// on those before. It tells whether the stream is at its end.
func (w *worker) read(s *stream) (atEnd bool) {
	if !w.layout.serial {
		return !w.step(s)
	}
	w.splitter.(*columns).restart()
	for w.step(s) {
	}
	return true
}

// readAll parses a whole stream.
func (w *worker) readAll(r io.Reader) (found, error) {
	s := &stream{r: r}
	for !w.read(s) {
	}
	if s.err != io.EOF {
		return s.found, s.err
	}
	return s.found, nil
}

// step parses the next block of a stream, false at its end.
func (w *worker) step(s *stream) bool {
	b := &w.buf
	if !s.next(b) {
		return false
	}
	w.found = found{}
	s.add(b.number, w.block(b), w.found)
	return true
}

// block parses the lines of b and returns how many there are.
func (w *worker) block(b *block) int {
	if b.long {
		w.found.rows++
		w.found.refuse(b.number, 1, b.data)
		return 1
	}
	data, lines := b.data, 0
	if b.number == 0 {
		data = bytes.TrimPrefix(data, []byte("\ufeff"))
	}
	for len(data) > 0 {
		lines++
		n := bytes.IndexByte(data, '\n')
		if n < 0 {
			n = len(data)
		}
		unsure, ok := w.line(data[:n])
		if !ok {
			w.found.refuse(b.number, lines, data[:n])
		}
		for _, i := range unsure {
			w.found.doubt(i, b.number, lines, data[:n])
		}
		data = data[min(n+1, len(data)):]
	}
	return lines
}

// line counts one line and returns the requests that could not judge it; false:
// it cannot be read.
func (w *worker) line(line []byte) (unsure []int, ok bool) {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	if len(line) == 0 || line[0] <= ' ' && len(bytes.TrimSpace(line)) == 0 {
		return nil, true
	}
	if w.layout.serial && line[0] == '#' {
		w.splitter.(*columns).directive(line)
		return nil, true
	}
	w.found.rows++
	if len(line) > maxLine {
		return nil, false
	}
	t, ok := w.layout.read(line, w.splitter, &w.clock, &w.record)
	if !ok {
		return nil, false
	}
	if t >= w.at {
		w.late++
		return nil, true
	}
	w.first, w.last = min(w.first, t), max(w.last, t)
	w.busy.mark(t)
	return w.emit(t, w.record.values), true
}

// maxExamples and maxShown bound what is shown of lines that cannot be read.
const (
	maxExamples = 3
	maxShown    = 120 // characters
)

// example is a line that could not be read, or not be judged.
type example struct {
	file  string
	block int
	line  int    // in its block, later in its file
	text  string // to show
	raw   []byte // the beginning of the line
}

// found is what was found in a block, or in a file.
type found struct {
	rows, unread int64
	examples     []example   // of lines that could not be read, the first
	unsure       [][]example // of lines that could not be judged, the first by request
}

// refuse counts a line that cannot be read.
func (f *found) refuse(block, line int, text []byte) {
	f.unread++
	if len(f.examples) < maxExamples {
		raw := bytes.Clone(text[:min(len(text), 4096)])
		f.examples = append(f.examples, example{block: block, line: line, text: shown(text), raw: raw})
	}
}

// doubt keeps a line that a request could not judge, if it is one of the first.
func (f *found) doubt(request, block, line int, text []byte) {
	f.grow(request + 1)
	if all := &f.unsure[request]; len(*all) < maxExamples {
		*all = append(*all, example{block: block, line: line, text: shown(text)})
	}
}

func (f *found) grow(requests int) {
	for len(f.unsure) < requests {
		f.unsure = append(f.unsure, nil)
	}
}

// add joins what was found in another block of the file.
func (f *found) add(more found) {
	f.rows += more.rows
	f.unread += more.unread
	f.examples = firstOf(f.examples, more.examples)
	f.grow(len(more.unsure))
	for i, examples := range more.unsure {
		f.unsure[i] = firstOf(f.unsure[i], examples)
	}
}

// firstOf returns the first lines of both.
func firstOf(a, b []example) []example {
	if len(b) == 0 {
		return a
	}
	all := append(a, b...)
	slices.SortFunc(all, func(a, b example) int {
		return cmp.Or(cmp.Compare(a.block, b.block), cmp.Compare(a.line, b.line))
	})
	return all[:min(len(all), maxExamples)]
}

// shown returns the beginning of a line with control characters escaped.
func shown(line []byte) string {
	line = bytes.TrimRight(line[:min(len(line), 4*maxShown)], "\r\n")
	var b strings.Builder
	for _, c := range strings.ToValidUTF8(string(line), "\uFFFD") {
		if b.Len() >= maxShown {
			return b.String() + "…"
		}
		b.WriteString(printable(c))
	}
	return b.String()
}
