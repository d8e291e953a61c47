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
	missing   struct{}
	equal     string
	different string
	prefix    []byte // a glob whose only star is its last character
	glob      []byte
	matches   struct{ re *regexp.Regexp }

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
func (t between) judge(b []byte) Truth   { return known(b, t.holds(b)) }
func (t compare) judge(b []byte) Truth   { return known(b, t.holds(b)) }
func (t statuses) judge(b []byte) Truth  { return known(b, t.holds(b)) }

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
