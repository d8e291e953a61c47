package match

import (
	"bytes"
	"regexp"
	"strings"
	"time"
)

type (
	anyOf   []test
	not     struct{ test test }
	missing struct{}
	equal   string
	numeral struct { // a text that is a number
		text  []byte
		value decimal
		whole bool
	}
	different string
	prefix    []byte // a glob whose only star is its last character
	glob      []byte
	matches   struct{ re *regexp.Regexp }

	between struct {
		lo, hi decimal // both included
		text   Truth   // of a text that is no number
	}
	compare struct {
		n     decimal
		order order
		text  Truth
	}
	statuses struct {
		Statuses
		text Truth
	}

	spanBetween struct {
		lo, hi uint64        // nanoseconds, both included
		unit   time.Duration // of a bare number
	}
	spanCompare struct {
		ns    uint64
		order order
		unit  time.Duration
	}
)

// known returns what a test says whose answer is yes if the event has the field.
func known(b []byte, yes bool) Truth {
	if len(b) == 0 {
		return Unsure
	}
	return truth(yes && !void(b))
}

func (missing) judge(b []byte) Truth     { return truth(Missing(b)) }
func (n not) judge(b []byte) Truth       { return n.test.judge(b).Not() }
func (e equal) judge(b []byte) Truth     { return known(b, string(b) == string(e)) }
func (d different) judge(b []byte) Truth { return known(b, string(b) != string(d)) }
func (p prefix) judge(b []byte) Truth    { return known(b, bytes.HasPrefix(b, p)) }
func (g glob) judge(b []byte) Truth      { return known(b, g.holds(b)) }
func (m matches) judge(b []byte) Truth   { return known(b, m.re.Match(b)) }
func (n numeral) judge(b []byte) Truth   { return known(b, n.holds(b)) }

func (a anyOf) judge(b []byte) Truth {
	out := No
	for _, t := range a {
		switch t.judge(b) {
		case Yes:
			return Yes
		case Unsure:
			out = Unsure
		}
	}
	return out
}

// order is a set of outcomes of a comparison.
type order uint8

const (
	less order = 1 << iota
	same
	greater
)

func orderOf(op Operator) order {
	switch op {
	case Less:
		return less
	case LessOrEqual:
		return less | same
	case Equal:
		return same
	case NotEqual:
		return less | greater
	case MoreOrEqual:
		return same | greater
	}
	return greater
}

// allows tells whether cmp, as cmp.Compare returns it, is in o.
func (o order) allows(cmp int) bool { return o&(less<<(cmp+1)) != 0 }

// sameNumber returns the test for a text that is a number. Blanks around a value do not
// matter, nor how a whole number is written: 503 is 503.0 too, and 1.10 is not 1.1.
func sameNumber(text string) test {
	d, _ := parseDecimal([]byte(text))
	canonical := text == "0" || text[0] != '0' && strings.Trim(text, "0123456789") == ""
	return numeral{[]byte(text), d, canonical}
}

func (n numeral) holds(b []byte) bool {
	if b = bytes.TrimSpace(b); bytes.Equal(b, n.text) {
		return true
	}
	point := bytes.IndexByte(b, '.') >= 0
	d, ok := parseDecimal(b)
	return ok && n.whole && point && d.cmp(n.value) == 0
}

// readNumber reads a value that a test takes for a number. Without one, out is what
// the test says: nothing is known of a value that is missing, and text of a text.
func readNumber(b []byte, text Truth) (d decimal, out Truth, ok bool) {
	d, ok = parseDecimal(bytes.TrimSpace(b))
	switch {
	case ok:
		return d, Yes, true
	case len(b) == 0:
		return d, Unsure, false
	case void(b):
		return d, No, false
	}
	return d, text, false
}

func (t between) judge(b []byte) Truth {
	d, out, ok := readNumber(b, t.text)
	if !ok {
		return out
	}
	return truth(d.cmp(t.lo) >= 0 && d.cmp(t.hi) <= 0)
}

func (t compare) judge(b []byte) Truth {
	d, out, ok := readNumber(b, t.text)
	if !ok {
		return out
	}
	return truth(t.order.allows(d.cmp(t.n)))
}

func (t statuses) judge(b []byte) Truth {
	if len(b) == 3 && isDigit(b[0]) && isDigit(b[1]) && isDigit(b[2]) {
		n := int(b[0]-'0')*100 + int(b[1]-'0')*10 + int(b[2]-'0')
		return truth(n >= t.Low && n <= t.High)
	}
	d, out, ok := readNumber(b, t.text)
	if !ok {
		return out
	}
	low, high := decimal{n: uint64(t.Low)}, decimal{n: uint64(t.High)}
	return truth(d.cmp(low) >= 0 && d.cmp(high) <= 0)
}

func (t spanBetween) judge(b []byte) Truth {
	ns, more, ok := parseSpan(b, t.unit)
	if !ok {
		return Unsure
	}
	return truth(ns >= t.lo && (ns < t.hi || ns == t.hi && !more))
}

func (t spanCompare) judge(b []byte) Truth {
	ns, more, ok := parseSpan(b, t.unit)
	switch {
	case !ok:
		return Unsure
	case ns < t.ns:
		return truth(t.order&less != 0)
	case ns > t.ns || more:
		return truth(t.order&greater != 0)
	}
	return truth(t.order&same != 0)
}

// newGlob returns the test of a pattern with * and ?.
func newGlob(pattern string) test {
	head, ok := strings.CutSuffix(pattern, "*")
	if ok && !strings.ContainsAny(head, "*?") {
		return prefix(head)
	}
	return glob(pattern)
}

// holds walks value once; after a mismatch the last star takes one byte more.
// ? is one byte, or all bytes of one UTF-8 character.
func (g glob) holds(value []byte) bool {
	p, v, star, from := 0, 0, -1, 0
	for v < len(value) {
		switch {
		case p < len(g) && g[p] == '*':
			star, from = p, v
			p++
		case p < len(g) && g[p] == '?':
			p, v = p+1, v+1
			for v < len(value) && value[v]&0xC0 == 0x80 {
				v++
			}
		case p < len(g) && g[p] == value[v]:
			p, v = p+1, v+1
		case star >= 0:
			from++
			p, v = star+1, from
		default:
			return false
		}
	}
	return len(bytes.TrimLeft(g[p:], "*")) == 0
}
