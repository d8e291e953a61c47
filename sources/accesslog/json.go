package accesslog

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds how deep values of a line are read.
const maxDepth = 64

// jsonLine splits a line that is one JSON object. Of an array the first value
// counts, and null is a missing value. A line that has a name twice of what somebody
// asks for is two lines that lost what was between them.
type jsonLine struct {
	root *node
	line int // how many lines were split
}

// node is an object, or a value, that somebody asks for.
type node struct {
	name     string
	slots    []int
	children []*node
	line     int // the last that has it
}

func newJSON(l *layout) splitter {
	root := &node{}
	for _, v := range l.vars {
		if !l.wanted[v.slot] {
			continue
		}
		for _, key := range v.keys {
			root.child(key).slots = append(root.child(key).slots, v.slot)
			if parts := strings.Split(key, "."); len(parts) > 1 && len(parts) < maxDepth {
				root.path(parts).slots = append(root.path(parts).slots, v.slot)
			}
		}
	}
	return &jsonLine{root: root}
}

func (n *node) path(parts []string) *node {
	for _, p := range parts {
		n = n.child(p)
	}
	return n
}

func (n *node) child(name string) *node {
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	c := &node{name: name}
	n.children = append(n.children, c)
	return c
}

func (n *node) find(name []byte) *node {
	if n == nil {
		return nil
	}
	for _, c := range n.children {
		if string(name) == c.name {
			return c
		}
	}
	return nil
}

// seen marks a node that a line has.
func (n *node) seen(line int) *node {
	if n != nil {
		n.line = line
	}
	return n
}

func (s *jsonLine) split(line []byte, r *record, _ *demand) bool {
	clear(r.values)
	s.line++
	p := jsonReader{b: line, r: r, line: s.line}
	p.blanks()
	if !p.object(s.root, 0) {
		return false
	}
	p.blanks()
	return p.i == len(p.b)
}

// jsonReader walks one line.
type jsonReader struct {
	b []byte
	i int
	r *record

	line int // the number of the line
}

func (p *jsonReader) blanks() {
	for p.i < len(p.b) && (p.b[p.i] == ' ' || p.b[p.i] == '\t' || p.b[p.i] == '\r') {
		p.i++
	}
}

// take reads the byte c and the blanks around it.
func (p *jsonReader) take(c byte) bool {
	p.blanks()
	if p.i >= len(p.b) || p.b[p.i] != c {
		return false
	}
	p.i++
	p.blanks()
	return true
}

func (p *jsonReader) object(n *node, depth int) bool {
	if !p.take('{') {
		return false
	}
	if p.take('}') {
		return true
	}
	for {
		name, ok := p.text()
		if !ok || !p.take(':') {
			return false
		}
		inner := n.find(name)
		if inner != nil && inner.line == p.line || !p.value(inner.seen(p.line), depth+1) {
			return false
		}
		if !p.take(',') {
			return p.take('}')
		}
	}
}

func (p *jsonReader) array(n *node, depth int) bool {
	if !p.take('[') {
		return false
	}
	if p.take(']') {
		return true
	}
	for {
		if !p.value(n, depth+1) {
			return false
		}
		n = nil
		if !p.take(',') {
			return p.take(']')
		}
	}
}

// value reads a value, and stores it if n asks for it.
func (p *jsonReader) value(n *node, depth int) bool {
	if p.i >= len(p.b) || depth > maxDepth {
		return false
	}
	switch p.b[p.i] {
	case '{':
		return p.object(n, depth)
	case '[':
		return p.array(n, depth)
	case '"':
		text, ok := p.text()
		if ok && n != nil && len(n.slots) > 0 {
			p.set(n, p.decode(text))
		}
		return ok
	}
	text := p.bare()
	if n != nil && string(text) != "null" {
		p.set(n, text)
	}
	return len(text) > 0
}

func (p *jsonReader) set(n *node, value []byte) {
	for _, slot := range n.slots {
		p.r.values[slot] = value
	}
}

// text reads a string and returns what stands between its quotes.
func (p *jsonReader) text() ([]byte, bool) {
	if p.i >= len(p.b) || p.b[p.i] != '"' {
		return nil, false
	}
	from := p.i + 1
	for end := from; ; end++ {
		n := bytes.IndexByte(p.b[end:], '"')
		if n < 0 {
			return nil, false
		}
		if end += n; !escaped(p.b[from:end]) {
			p.i = end + 1
			return p.b[from:end:end], true
		}
	}
}

// bare reads a number, true, false or null.
func (p *jsonReader) bare() []byte {
	from := p.i
	for p.i < len(p.b) {
		c := p.b[p.i]
		if !digit(c) && (c|0x20 < 'a' || c|0x20 > 'z') && c != '.' && c != '-' && c != '+' {
			break
		}
		p.i++
	}
	return p.b[from:p.i:p.i]
}

// decode returns a string without its escapes. Control characters stay as they are
// written.
func (p *jsonReader) decode(b []byte) []byte {
	if bytes.IndexByte(b, '\\') < 0 {
		return b
	}
	out := p.r.scratch
	from := len(out)
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' || i+1 == len(b) {
			out = append(out, b[i])
			continue
		}
		i++
		switch b[i] {
		case 'n', 't', 'r', 'b', 'f':
			out = append(out, '\\', b[i])
		case 'u':
			c, n := unicodeEscape(b[i:])
			if unicode.IsControl(c) {
				out = append(out, b[i-1:i+n]...)
			} else {
				out = utf8.AppendRune(out, c)
			}
			i += n - 1
		default:
			out = append(out, b[i])
		}
	}
	p.r.scratch = out
	return out[from:len(out):len(out)]
}

// unicodeEscape reads "u00e9", or two halves of a pair, and returns its length.
func unicodeEscape(b []byte) (rune, int) {
	c, ok := fourHex(b)
	if !ok {
		return utf8.RuneError, 1
	}
	if utf16.IsSurrogate(c) && len(b) > 6 && b[5] == '\\' {
		if low, ok := fourHex(b[6:]); ok {
			return utf16.DecodeRune(c, low), 11
		}
	}
	return c, 5
}

func fourHex(b []byte) (rune, bool) {
	if len(b) < 5 || b[0] != 'u' {
		return 0, false
	}
	var c rune
	for _, d := range b[1:5] {
		h := hex(d)
		if h < 0 {
			return 0, false
		}
		c = c<<4 | rune(h)
	}
	return c, true
}
