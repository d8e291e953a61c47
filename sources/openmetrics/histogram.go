package openmetrics

import (
	"bytes"
	"math"
	"slices"

	"github.com/nines-slo/nines/sources/sample"
)

// cell is a bucket of a native histogram as dumps print it: (lower,upper]:count, or
// [lower,upper) below zero. Empty ones are not printed.
type cell struct {
	lower, upper float64
	count        float64
	closed       bool // lower belongs to it
	open         bool // upper does not
}

// histogramText is a native histogram being read.
type histogramText struct {
	text []byte
	at   int
}

// readHistogram reads the native histogram that text begins with, and tells how long it
// is: {count:3, sum:1.5, (0.5,1]:2, (1,2]:1}. A dump prints neither the schema nor the
// index of a bucket, which follow from its bounds if they are powers of two. Of bounds of
// other kinds it prints too few: the histogram is nil then.
func readHistogram(text []byte) (*sample.Histogram, int, *unreadable) {
	t := &histogramText{text: text}
	h := &sample.Histogram{Schema: finest}
	ok := t.word("{count:") && t.number(&h.Count) && t.word(", sum:") && t.number(&h.Sum)
	var cells []cell
	for ok && t.word(", ") {
		var c cell
		ok = t.cell(&c)
		cells = append(cells, c)
	}
	if !ok || !t.word("}") {
		return nil, 0, &unreadable{t.at, "the histogram is not as promtool tsdb dump prints one",
			"it prints {count:3, sum:1.5, (0.5,1]:2, (1,2]:1}"}
	}
	if !fill(h, cells) {
		h = nil
	}
	return h, t.at, nil
}

// word skips a text, false if it does not stand here.
func (t *histogramText) word(text string) bool {
	if !bytes.HasPrefix(t.text[t.at:], []byte(text)) {
		return false
	}
	t.at += len(text)
	return true
}

// number reads a number up to what ends one in a histogram.
func (t *histogramText) number(v *float64) bool {
	n := bytes.IndexAny(t.text[t.at:], ",:)]} ")
	if n <= 0 {
		return false
	}
	var ok bool
	*v, _, ok = value(t.text[t.at : t.at+n])
	t.at += n
	return ok
}

func (t *histogramText) cell(c *cell) bool {
	if c.closed = t.word("["); !c.closed && !t.word("(") {
		return false
	}
	if !t.number(&c.lower) || !t.word(",") || !t.number(&c.upper) {
		return false
	}
	if c.open = t.word(")"); !c.open && !t.word("]") {
		return false
	}
	return t.word(":") && t.number(&c.count)
}

// finest is the schema of the smallest buckets. A histogram without any has it, which
// any other agrees with.
const finest = 8

// fill puts the cells into h, false if their bounds are no powers of two.
func fill(h *sample.Histogram, cells []cell) bool {
	width := 0.0 // of all buckets, as logarithms
	for _, c := range cells {
		if w, ok := c.width(); ok && width == 0 {
			width = w
		}
	}
	if width > 0 {
		h.Schema = int8(-math.Round(math.Log2(width)))
		width = math.Exp2(-float64(h.Schema))
	}
	for _, c := range cells {
		if c.zero() {
			h.ZeroThreshold, h.ZeroCount = c.upper, c.count
			continue
		}
		i, ok := c.index(width)
		switch {
		case !ok || h.Schema < -4 || h.Schema > finest:
			return false
		case c.open:
			h.Negative = append(h.Negative, sample.Bucket{Index: i, Count: c.count})
		default:
			h.Positive = append(h.Positive, sample.Bucket{Index: i, Count: c.count})
		}
	}
	slices.Reverse(h.Negative)
	return rising(h.Negative) && rising(h.Positive)
}

func rising(buckets []sample.Bucket) bool {
	for i := range buckets[min(1, len(buckets)):] {
		if buckets[i].Index >= buckets[i+1].Index {
			return false
		}
	}
	return true
}

// zero tells whether c is the bucket around zero.
func (c cell) zero() bool { return c.closed && !c.open && c.lower == -c.upper && c.upper >= 0 }

// size returns the bounds without their sign, false if c is no bucket of powers.
func (c cell) size() (lower, upper float64, ok bool) {
	lower, upper = c.lower, c.upper
	if c.open {
		lower, upper = -upper, -lower
	}
	return lower, upper, c.closed == c.open && lower > 0 && upper > lower
}

// width returns how far the bounds of c are apart, as logarithms, false if it cannot
// tell.
func (c cell) width() (float64, bool) {
	lower, upper, ok := c.size()
	if !ok || math.IsInf(upper, 1) {
		return 0, false
	}
	return math.Log2(upper) - math.Log2(lower), true
}

// near is how far a logarithm may be from what it should be.
const near = 1e-6

// index returns the index of c among buckets of that width, false if it is none of them.
func (c cell) index(width float64) (int32, bool) {
	lower, upper, ok := c.size()
	if !ok || width == 0 {
		return 0, false
	}
	if math.IsInf(upper, 1) { // behind the last bound that is a number
		return int32(1024/width) + 1, lower == math.MaxFloat64
	}
	exact := math.Log2(upper) / width
	i := math.Round(exact)
	same := math.Abs(exact-i) < near && math.Abs(math.Log2(lower)/width-(i-1)) < near
	return int32(i), same
}
