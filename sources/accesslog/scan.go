package accesslog

import (
	"bytes"
	"cmp"
	"io"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/nines-slo/nines/sources"
)

// maxWorkers bounds how many goroutines parse one file. Reading and unpacking
// feed no more than that.
const maxWorkers = 8

// job reads the files of one source with several workers, which last from file
// to file. What they find does not depend on how many they are.
type job struct {
	workers []*worker
	unread  []example   // of the files so far
	unsure  [][]example // by request, of lines that it could not judge
}

// event is called for every line that was read: Unix seconds and the values. It
// returns the requests that could not judge the line.
type event func(t int64, values [][]byte) (unsure []int)

// newJob starts workers; sink returns where worker i puts its events.
func newJob(l *layout, at int64, busy minutes, sink func() event) *job {
	n := min(runtime.GOMAXPROCS(0), maxWorkers)
	if l.serial {
		n = 1
	}
	j := &job{}
	for range n {
		j.workers = append(j.workers, newWorker(l, at, busy.clone(), sink()))
	}
	return j
}

// file reads one stream and counts its lines into in.
func (j *job) file(in *sources.Input, r io.Reader) error {
	stream := &blocks{r: r}
	var wait sync.WaitGroup
	for _, w := range j.workers {
		w.begin()
		wait.Go(func() { w.run(stream) })
	}
	wait.Wait()
	if stream.err != nil && stream.err != io.EOF {
		return stream.err
	}
	var unread []example
	var unsure [][]example
	for _, w := range j.workers {
		in.Rows += w.rows
		in.Unread += w.unread
		unread = append(unread, w.examples...)
		for i, found := range w.unsure {
			unsure = grown(unsure, i)
			unsure[i] = append(unsure[i], found...)
		}
	}
	j.unread = keep(j.unread, in.Name, stream, unread)
	for i, found := range unsure {
		j.unsure = grown(j.unsure, i)
		j.unsure[i] = keep(j.unsure[i], in.Name, stream, found)
	}
	return nil
}

// keep adds the first lines found in a file to have, while there are less than enough.
func keep(have []example, file string, stream *blocks, found []example) []example {
	slices.SortFunc(found, func(a, b example) int { return cmp.Or(cmp.Compare(a.block, b.block), cmp.Compare(a.line, b.line)) })
	for _, e := range found[:min(len(found), maxExamples-len(have))] {
		e.file, e.line = file, stream.before(e.block)+e.line
		have = append(have, e)
	}
	return have
}

// grown returns lists with one at i.
func grown(lists [][]example, i int) [][]example {
	for i >= len(lists) {
		lists = append(lists, nil)
	}
	return lists
}

// span returns the times of the first and the last event, false without one. If
// there are later lines than may count, the log went on up to them: last is then
// the instant from which they are too late.
func (j *job) span() (first, last int64, ok bool) {
	first, last = math.MaxInt64, math.MinInt64
	for _, w := range j.workers {
		first, last = min(first, w.first), max(last, w.last)
	}
	if ok = first <= last; ok && j.late() > 0 {
		last = j.workers[0].at
	}
	return first, last, ok
}

// late returns how many events happened too late to count.
func (j *job) late() (n int64) {
	for _, w := range j.workers {
		n += w.late
	}
	return n
}

// busy returns the minutes that had a line.
func (j *job) busy() minutes {
	all := j.workers[0].busy
	for _, w := range j.workers[1:] {
		all.merge(w.busy)
	}
	return all
}

// worker parses blocks of lines. It belongs to one goroutine at a time.
type worker struct {
	layout   *layout
	splitter splitter
	clock    clock
	record   record
	at       int64 // events of this second and later are too late
	emit     event
	busy     minutes

	first, last, late int64       // of all files
	rows, unread      int64       // of the file
	examples          []example   // of the file
	unsure            [][]example // of the file, by request
}

func newWorker(l *layout, at int64, busy minutes, emit event) *worker {
	return &worker{layout: l, splitter: l.split(l), clock: clock{layout: l.stamp, zone: l.zone},
		record: l.record(), at: at, emit: emit, busy: busy, first: math.MaxInt64, last: math.MinInt64}
}

// begin forgets the file before.
func (w *worker) begin() {
	w.rows, w.unread, w.examples, w.unsure = 0, 0, nil, nil
	if c, ok := w.splitter.(*columns); ok {
		c.restart()
	}
}

func (w *worker) run(stream *blocks) {
	var b block
	for stream.next(&b) {
		stream.counted(b.number, w.block(&b))
	}
}

// block parses the lines of b and returns how many there are.
func (w *worker) block(b *block) int {
	if b.long {
		w.rows++
		w.refuse(b.number, 1, b.data)
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
			w.refuse(b.number, lines, data[:n])
		}
		for _, i := range unsure {
			w.doubt(i, b.number, lines, data[:n])
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
	w.rows++
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

func (w *worker) refuse(block, line int, text []byte) {
	w.unread++
	if len(w.examples) < maxExamples {
		w.examples = append(w.examples, example{block: block, line: line, text: shown(text), raw: bytes.Clone(text[:min(len(text), 4096)])})
	}
}

// doubt keeps the first lines that a request could not judge.
func (w *worker) doubt(request, block, line int, text []byte) {
	w.unsure = grown(w.unsure, request)
	if found := &w.unsure[request]; len(*found) < maxExamples {
		*found = append(*found, example{block: block, line: line, text: shown(text)})
	}
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
