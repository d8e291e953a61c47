package match

import (
	"bytes"
	"regexp"
	"strings"
	"time"
)

type (
	anyOf     []test
	not       struct{ test test }
	equal     string
	different string
	prefix    []byte // a glob whose only star is its last character
	glob      []byte
	matches   struct {
		re   *regexp.Regexp
		span bool // of a duration
	}

	between struct{ lo, hi decimal } // both included
	compare struct {
		n     decimal
		order order
	}
	statuses Statuses

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

func (n not) judge(b []byte, absent Truth) Truth  { return n.test.judge(b, absent).not() }
func (e equal) judge(b []byte, _ Truth) Truth     { return truth(b != nil && string(b) == string(e)) }
func (d different) judge(b []byte, _ Truth) Truth { return truth(b != nil && string(b) != string(d)) }
func (p prefix) judge(b []byte, _ Truth) Truth    { return truth(b != nil && bytes.HasPrefix(b, p)) }
func (g glob) judge(b []byte, _ Truth) Truth      { return truth(b != nil && g.holds(b)) }
func (t between) judge(b []byte, _ Truth) Truth   { return truth(t.holds(b)) }
func (t compare) judge(b []byte, _ Truth) Truth   { return truth(t.holds(b)) }
func (t statuses) judge(b []byte, _ Truth) Truth  { return truth(t.holds(b)) }

func (m matches) judge(b []byte, absent Truth) Truth {
	if b == nil && m.span {
		return absent
	}
	return truth(b != nil && m.re.Match(b))
}

func (a anyOf) judge(b []byte, absent Truth) Truth {
	out := No
	for _, t := range a {
		switch t.judge(b, absent) {
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

func (t between) holds(b []byte) bool {
	d, ok := parseDecimal(b)
	return ok && d.cmp(t.lo) >= 0 && d.cmp(t.hi) <= 0
}

func (t compare) holds(b []byte) bool {
	d, ok := parseDecimal(b)
	return ok && t.order.allows(d.cmp(t.n))
}

func (t statuses) holds(b []byte) bool {
	if len(b) != 3 || !isDigit(b[0]) || !isDigit(b[1]) || !isDigit(b[2]) {
		return false
	}
	n := int(b[0]-'0')*100 + int(b[1]-'0')*10 + int(b[2]-'0')
	return n >= t.Low && n <= t.High
}

func (t spanBetween) judge(b []byte, absent Truth) Truth {
	ns, more, ok := parseSpan(b, t.unit)
	if !ok {
		return absent
	}
	return truth(ns >= t.lo && (ns < t.hi || ns == t.hi && !more))
}

func (t spanCompare) judge(b []byte, absent Truth) Truth {
	ns, more, ok := parseSpan(b, t.unit)
	switch {
	case !ok:
		return absent
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
