package accesslog

import (
	"bytes"
	"cmp"
	"io"
	"math"
	"strings"

	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/slo/spec/mask"
	"github.com/nines-slo/nines/sources/accesslog/line"
	"github.com/nines-slo/nines/sources/clock"
	"github.com/nines-slo/nines/sources/fold"
)

// event is called for every line that was read: the requests that can count it, all if
// nil, Unix seconds and the values. It returns the requests that could not judge the line.
type event func(some []bool, t int64, values [][]byte) []fold.Unsure

// worker parses blocks of lines. It belongs to one goroutine at a time.
type worker struct {
	layout   *layout
	splitter splitter
	clock    clock.Clock
	record   record
	at       int64   // events of this second and later are too late
	entire   *demand // all that the format has, whatever it is
	emit     event

	all     tally   // of lines that every request can read
	some    []tally // by demand, of lines that not every request can read
	buf     block
	found   found  // in the block
	ends    []ends // of the lines of the block, by demand
	growing bool   // the line is the last of a file that may be written to
}

// tally sums up the times of lines.
type tally struct {
	first, last int64
	late        int64 // lines at or after the instant of the question
	coming      int64 // the first of them
	future      int64 // of them, those that the minute that has begun then does not explain
	busy        minutes
}

func newTally(busy minutes) tally {
	return tally{first: math.MaxInt64, last: math.MinInt64, coming: math.MaxInt64, busy: busy.clone()}
}

func (t *tally) merge(o tally) {
	t.first, t.last = min(t.first, o.first), max(t.last, o.last)
	t.coming = min(t.coming, o.coming)
	t.late, t.future = t.late+o.late, t.future+o.future
	t.busy.merge(o.busy)
}

func newWorker(l *layout, at int64, busy minutes, emit event) *worker {
	if l.demands == nil {
		l.settle(nil)
	}
	w := &worker{layout: l, entire: &demand{status: -1}, splitter: l.split(l), clock: clock.New(l.stamp, l.zone),
		record: l.record(), at: at, emit: emit, all: newTally(busy)}
	if l.whole != nil {
		w.entire.need = len(l.whole.tokens)
	}
	for range l.demands {
		w.some = append(w.some, newTally(busy))
	}
	w.fresh()
	return w
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
	w.fresh()
	lines := w.block(b)
	w.found.ends = w.ends
	s.add(b.number, lines, w.found)
	return true
}

// fresh forgets what was found in the block before.
func (w *worker) fresh() {
	n := len(w.layout.demands)
	w.found, w.ends = found{refused: make([]refused, n)}, make([]ends, n)
}

// block parses the lines of b and returns how many there are.
func (w *worker) block(b *block) int {
	if b.long {
		w.found.rows++
		w.found.bytes += b.skipped
		w.unread(place{b.number, 1, b.data}, b.skipped, true)
		return 1
	}
	data, lines := b.data, 0
	if b.number == 0 {
		data = bytes.TrimPrefix(data, []byte("\ufeff"))
	}
	for len(data) > 0 {
		lines++
		n := bytes.IndexByte(data, '\n')
		w.growing = n < 0 && b.growing
		if n < 0 {
			n = len(data)
		}
		w.line(place{b.number, lines, data[:n]})
		data = data[min(n+1, len(data)):]
	}
	return lines
}

// place is where a line is, and its text.
type place struct {
	block, line int
	text        []byte
}

// line counts one line for the requests that can read it.
func (w *worker) line(p place) {
	text := p.text
	if n := len(text); n > 0 && text[n-1] == '\r' {
		text = text[:n-1]
	}
	if len(text) == 0 || text[0] <= ' ' && len(bytes.TrimSpace(text)) == 0 {
		return
	}
	if w.layout.serial && w.directive(text) {
		return
	}
	if !line.Control(text) {
		w.one(p, text)
		return
	}
	rest, growing := line.Plain(text), w.growing
	for more := true; more; { // lines that lost their line feed
		text, rest, more = bytes.Cut(rest, []byte{'\r'})
		w.growing = growing && !more
		w.one(p, text)
	}
}

// directive reads a line that says how later lines read, false if it is none.
func (w *worker) directive(text []byte) bool {
	if line.Control(text) { // colours of what carried it
		text = line.Plain(text)
	}
	if inner, _ := line.Unwrap(text); inner != nil {
		text = inner
	}
	if len(text) == 0 || text[0] != '#' {
		return false
	}
	w.splitter.(*columns).directive(text)
	return true
}

// one counts one line, text, that may be a part of the one at p.
func (w *worker) one(p place, text []byte) {
	if len(bytes.TrimSpace(text)) == 0 {
		return
	}
	if w.growing && w.unwritten(text) {
		return
	}
	w.found.rows++
	w.found.bytes += int64(len(text))
	if damaged := line.Control(text); damaged || len(text) > maxLine || line.Partial(text) {
		w.unread(p, int64(len(text)), damaged)
		return
	}
	if t, ok := w.fits(text, w.layout.every); ok {
		for i := range w.ends {
			w.ends[i].note(t, &w.found.refused[i])
		}
		w.found.carriers |= w.record.carrier
		w.count(&w.all, nil, t, p)
		return
	}
	unread := false
	for i, d := range w.layout.demands {
		t, ok := int64(0), false
		if d != w.layout.every {
			t, ok = w.fits(text, d)
		}
		switch {
		case ok:
			w.ends[i].note(t, &w.found.refused[i])
			w.found.carriers |= w.record.carrier
			w.count(&w.some[i], d.requests, t, p)
		case w.record.aside != "":
			w.found.setAside(i, w.record.aside)
			continue
		default:
			w.refuse(i, p, int64(len(text)), w.record.joined)
		}
		unread = true
	}
	if unread {
		w.found.unread++
	}
}

// maxUnwritten is the longest line that is taken for one that is being written.
const maxUnwritten = 16 << 10

// unwritten tells whether the last line of a file, which has no end, is only begun.
func (w *worker) unwritten(text []byte) bool {
	if len(text) > maxUnwritten || line.Control(text) {
		return false
	}
	_, whole := w.fits(text, w.entire)
	return !whole && w.record.aside == ""
}

// unread counts a line that no request can read.
func (w *worker) unread(p place, size int64, damaged bool) {
	w.found.unread++
	for i := range w.layout.demands {
		w.refuse(i, p, size, damaged)
	}
}

// refuse counts a line that a demand cannot be read of.
func (w *worker) refuse(demand int, p place, size int64, damaged bool) {
	much := weightOf(size, damaged)
	w.found.refuse(demand, p, size, much)
	if e := &w.ends[demand]; e.lines > 0 {
		e.tail.add(much)
	} else {
		e.lead.add(much)
	}
}

// fits reads a line as far as a demand goes and returns when it was.
func (w *worker) fits(text []byte, d *demand) (int64, bool) {
	return w.layout.read(text, w.splitter, &w.clock, &w.record, d)
}

// count counts a line that was read, for some requests or all.
func (w *worker) count(sum *tally, some []bool, t int64, p place) {
	if t >= w.at {
		sum.late++
		sum.coming = min(sum.coming, t)
		if t-w.at >= 60 {
			sum.future++
		}
		return
	}
	sum.first, sum.last = min(sum.first, t), max(sum.last, t)
	sum.busy.mark(t)
	for _, u := range w.emit(some, t, w.record.values) {
		w.found.doubt(u, p)
	}
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
	lacks fold.Fields
}

// found is what was found in a block, or in a file.
type found struct {
	rows, unread int64 // unread are the lines that not every request can read
	bytes        int64 // of the rows
	carriers     line.Carrier
	ends         []ends      // of the block, by demand
	refused      []refused   // by demand
	unsure       [][]example // of lines that could not be judged, the first by request
}

// refused are lines that cannot be read.
type refused struct {
	n, bytes int64            // of all such lines
	long     int64            // bytes of those that are longer than maxRequest, or damaged
	examples []example        // the first
	at       map[int64]weight // by minute, Unix seconds
	lost     weight           // of files of which nothing can be read
	aside    map[string]int64 // by kind, records that are none of a request and not in n
}

// refuse counts a line that a demand cannot be read of.
func (f *found) refuse(demand int, p place, size int64, much weight) {
	one := &f.refused[demand]
	one.n, one.bytes, one.long = one.n+1, one.bytes+size, one.long+much.bytes
	if len(one.examples) < maxExamples {
		raw := bytes.Clone(p.text[:min(len(p.text), 4096)])
		one.examples = append(one.examples, example{block: p.block, line: p.line, text: shown(p.text), raw: raw})
	}
}

// setAside counts a record that is none of a request.
func (f *found) setAside(demand int, kind string) {
	f.refused[demand].addAside(map[string]int64{kind: 1})
}

func (r *refused) addAside(more map[string]int64) {
	if r.aside == nil && len(more) > 0 {
		r.aside = map[string]int64{}
	}
	for kind, n := range more {
		r.aside[kind] += n
	}
}

// doubt keeps a line that a request could not judge, if it is one of the first.
func (f *found) doubt(u fold.Unsure, p place) {
	f.unsure = grown(f.unsure, u.Request+1)
	if all := &f.unsure[u.Request]; len(*all) < maxExamples {
		*all = append(*all, example{block: p.block, line: p.line, text: shown(p.text), lacks: u.Lacks})
	}
}

// grown returns a list of at least n.
func grown[T any](list []T, n int) []T {
	if n <= len(list) {
		return list
	}
	return append(list, make([]T, n-len(list))...)
}

// add joins what was found in another block of the file.
func (f *found) add(more found) {
	f.rows += more.rows
	f.unread += more.unread
	f.bytes += more.bytes
	f.carriers |= more.carriers
	f.refused = grown(f.refused, len(more.refused))
	for i, r := range more.refused {
		f.refused[i].merge(r)
		f.refused[i].examples = firstOf(f.refused[i].examples, r.examples)
	}
	f.unsure = grown(f.unsure, len(more.unsure))
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
	order.Stable(all, func(a, b example) int {
		return cmp.Or(cmp.Compare(a.block, b.block), cmp.Compare(a.line, b.line))
	})
	return all[:min(len(all), maxExamples)]
}

// shown returns the beginning of a line with control characters escaped, and stars in place
// of what may be a secret, as in lines of SLO files.
func shown(line []byte) string {
	lines := []string{beginning(line)}
	mask.New(nil).Lines(lines, nil)
	return lines[0]
}

func beginning(line []byte) string {
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
