package openmetrics

import (
	"bytes"
	"math"
	"slices"

	"github.com/nines-slo/nines/sources/sample"
)

// series is what is known of one series while files are read.
type series struct {
	text   []byte // how lines begin with it, or one of several ways
	labels sample.Labels
	next   *series // whose line came behind one of it the last time
	wants  []want  // the queries that take it
	from   int64   // of the time that they ask for
	to     int64
	point  point // the last

	begun       bool // there is a last point
	first, last int64
	gap         int64 // the longest time between two samples; MaxInt64 if they are in no order

	forgotten  bool // it is not kept
	place      int  // among those that have samples waiting
	times      []int64
	values     []float64
	histograms []sample.Histogram
}

// want is one query that takes a series.
type want struct {
	query   int
	number  int  // of the series among those of the query; −1 before its first block
	refused bool // a sample cannot be used
}

// has tells whether the series has samples in [from, to]; sure is false if that cannot
// be told from what is known of it.
func (s *series) has(from, to int64) (has, sure bool) {
	switch {
	case to < s.first || from > s.last:
		return false, true
	case from <= s.first || to >= s.last:
		return true, true
	}
	return true, to-from >= s.gap
}

// maxKnown is how many bytes of labels are kept of series that nobody asks for.
const maxKnown = 16 << 20

// known are the series of the files read so far.
type known struct {
	queries []sample.Query
	over    []bool             // by query: it has too many series, and is given no more
	byText  map[string]*series // by how lines begin, and by the key of their labels
	all     []*series
	before  *series // of the line before
	size    int     // of the labels of series that nobody asks for
	forgot  bool    // some of them are not kept
	key     []byte
}

func newKnown(queries []sample.Query) *known {
	return &known{queries: queries, over: make([]bool, len(queries)), byText: map[string]*series{}, before: &series{}}
}

// series returns the series that a line begins with, and where its name and labels end.
func (k *known) series(line []byte, f format) (*series, int, *unreadable) {
	if s := k.before.next; s != nil && s.begins(line) {
		k.before = s
		return s, len(s.text), nil
	}
	end := seriesEnd(line)
	if end < 0 {
		return nil, 0, &unreadable{0, "the labels of the sample do not end",
			`they are written {name="value"}, and within the quotes " is written \"`}
	}
	s := k.byText[string(line[:end])]
	if s == nil {
		labels, why := readLabels(line[:end], f)
		if why != nil {
			return nil, 0, why
		}
		s = k.add(line[:end], labels)
	}
	k.expect(s, line)
	return s, end, nil
}

// expect notes that a line of s came behind the one before: the same will follow again.
func (k *known) expect(s *series, line []byte) {
	if s.forgotten || !s.begins(line) { // or it is written in another way here
		k.before = &series{}
		return
	}
	k.before.next, k.before = s, s
	if s.next == nil {
		s.next = s
	}
}

// begins tells whether a line begins with the series as it was written before.
func (s *series) begins(line []byte) bool {
	n := len(s.text)
	if n == 0 || n >= len(line) || !blank(line[n]) || !bytes.Equal(line[:n], s.text) {
		return false
	}
	return s.text[n-1] == '}' || !bytes.HasPrefix(line[n+blanks(line[n:]):], []byte{'{'})
}

// add returns the series of labels that stand in a text not seen before.
func (k *known) add(text []byte, labels sample.Labels) *series {
	k.key = labels.AppendKey(append(k.key[:0], " \x00"...)) // no text: behind a blank they have a brace
	if s := k.byText[string(k.key)]; s != nil {
		if k.size += len(text); k.size <= maxKnown {
			k.byText[string(text)] = s
		}
		return s
	}
	s := &series{text: bytes.Clone(text), labels: labels, from: math.MaxInt64, to: math.MinInt64}
	for i, q := range k.queries {
		if !k.over[i] && q.Selector.Takes(labels) {
			s.wants = append(s.wants, want{query: i, number: -1})
			s.from, s.to = min(s.from, q.From), max(s.to, q.To)
		}
	}
	if len(s.wants) == 0 {
		if k.size += 2*len(text) + len(k.key); k.size > maxKnown {
			k.forgot, s.forgotten = true, true
			return s
		}
	}
	k.byText[string(text)], k.byText[string(k.key)] = s, s
	k.all = append(k.all, s)
	return s
}

// note keeps in mind that there is a sample at a time, and tells whether that is after
// the one before.
func (s *series) note(t int64) bool {
	switch {
	case !s.begun:
		s.begun, s.first, s.last = true, t, t
		return true
	case t < s.point.time:
		s.first, s.gap = min(s.first, t), math.MaxInt64
	case t > s.point.time:
		s.gap, s.last = max(s.gap, t-s.point.time), t
		return true
	}
	return false
}

// same tells whether two samples of one time say the same.
func (p point) same(o point) bool {
	if p.histogram == nil || o.histogram == nil {
		return p.histogram == o.histogram && math.Float64bits(p.value) == math.Float64bits(o.value)
	}
	a, b := p.histogram, o.histogram
	same := func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) }
	return a.Schema == b.Schema && same(a.Sum, b.Sum) && a.Count == b.Count && a.ZeroThreshold == b.ZeroThreshold &&
		a.ZeroCount == b.ZeroCount && slices.Equal(a.Positive, b.Positive) && slices.Equal(a.Negative, b.Negative)
}
