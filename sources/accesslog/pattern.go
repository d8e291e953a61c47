package accesslog

import (
	"bytes"
	"fmt"
	"strings"
)

// pattern is a format made of variables with text between them.
type pattern struct {
	head   []byte // text before the first variable
	tokens []token
}

// token is a variable and the text that ends it.
type token struct {
	after  []byte // empty: the end of the line
	quoted bool   // after begins with a quote: the value may hold escaped ones
	list   bool   // a comma or colon before a blank does not end the value
	word   bool   // at the end of a line, a blank ends the value
	keep   bool   // its value is wanted
	inside int    // how often after stands in the value itself, as a blank in a time
}

// piece is a part of a format text: a literal, or a variable if it has a name.
type piece struct {
	literal string
	v       variable
}

// patternLayout compiles pieces. Two variables must have text between them.
func patternLayout(pieces []piece) (*layout, error) {
	var p pattern
	var vars []variable
	for _, x := range pieces {
		switch n := len(p.tokens); {
		case x.v.name != "":
			if n > 0 && len(p.tokens[n-1].after) == 0 {
				return nil, fmt.Errorf("nothing stands between %q and %q", vars[n-1].name, x.v.name)
			}
			vars = append(vars, x.v)
			word := x.v.unit > 0 || x.v.field == "status" || x.v.field == "bytes"
			p.tokens = append(p.tokens, token{list: x.v.list, word: word})
		case n == 0:
			p.head = append(p.head, x.literal...)
		default:
			t := &p.tokens[n-1]
			t.after = append(t.after, x.literal...)
			t.quoted = t.after[0] == '"'
			t.inside = strings.Count(vars[n-1].clock, string(t.after))
		}
	}
	l := newLayout(vars, func(l *layout) splitter { return p.until(l) })
	l.whole = &p
	return l, l.seal(true)
}

// until returns the pattern up to the last variable that is wanted: what comes
// later in a line is not looked at.
func (p pattern) until(l *layout) *pattern {
	last := 0
	out := &pattern{head: p.head}
	for i, t := range p.tokens {
		if t.keep = l.wanted[i]; t.keep {
			last = i
		}
		out.tokens = append(out.tokens, t)
	}
	out.tokens = out.tokens[:last+1]
	return out
}

func (p *pattern) split(line []byte, r *record, d *demand) bool {
	_, there := p.cut(line, r)
	return there >= d.need
}

// cut fills the values of a line. It returns what is left of the line, and how many
// values are there, -1 if it does not begin like the format.
func (p *pattern) cut(line []byte, r *record) (rest []byte, there int) {
	if len(p.head) > 0 {
		if !bytes.HasPrefix(line, p.head) {
			return nil, -1
		}
		line = line[len(p.head):]
	}
	for i := range p.tokens {
		t := &p.tokens[i]
		n := t.end(line)
		if n < 0 {
			p.lack(i, r)
			return nil, i
		}
		if t.keep {
			r.values[i] = line[:n:n]
			if t.quoted && bytes.IndexByte(line[:n], '\\') >= 0 {
				r.values[i] = r.unescape(line[:n])
			}
		}
		line = line[min(n+len(t.after), len(line)):]
	}
	return line, len(p.tokens)
}

// lack empties the values from token i on.
func (p *pattern) lack(i int, r *record) {
	for ; i < len(p.tokens); i++ {
		if p.tokens[i].keep {
			r.values[i] = nil
		}
	}
}

// end returns the length of the value that b begins with, -1 if its end is not
// there. Nearly always the first byte that may end it does.
func (t *token) end(b []byte) int {
	if len(t.after) == 0 {
		return t.tail(b)
	}
	n := bytes.IndexByte(b, t.after[0])
	if n >= 0 && !t.list && t.inside == 0 && !(t.quoted && n > 0 && b[n-1] == '\\') && begins(b[n:], t.after) {
		return n
	}
	return t.search(b)
}

// search tries every byte that may end the value.
func (t *token) search(b []byte) int {
	for from, inside := 0, t.inside; ; {
		n := bytes.IndexByte(b[from:], t.after[0])
		if n < 0 {
			return -1
		}
		n += from
		if begins(b[n:], t.after) && !(t.quoted && escaped(b[:n])) && !(t.list && listed(b, n)) {
			if inside == 0 {
				return n
			}
			inside--
		}
		from = n + 1
	}
}

// begins is bytes.HasPrefix for a few bytes, the first of which is known to be there.
func begins(b, prefix []byte) bool {
	if len(b) < len(prefix) {
		return false
	}
	for i := 1; i < len(prefix); i++ {
		if b[i] != prefix[i] {
			return false
		}
	}
	return true
}

// tail returns the length of a value at the end of a line.
func (t *token) tail(b []byte) int {
	if !t.word {
		return len(b)
	}
	for n, c := range b {
		if c == ' ' && !(t.list && listed(b, n)) {
			return n
		}
	}
	return len(b)
}

// escaped tells whether an odd number of backslashes stands at the end of b.
func escaped(b []byte) bool {
	n := len(b)
	for n > 0 && b[n-1] == '\\' {
		n--
	}
	return (len(b)-n)%2 == 1
}

// listed tells whether the blank at n stands between two values of a list, as
// in "0.1, 0.2 : 0.3".
func listed(b []byte, n int) bool {
	if b[n] != ' ' {
		return false
	}
	return n > 0 && (b[n-1] == ',' || b[n-1] == ':') || n+2 < len(b) && b[n+1] == ':' && b[n+2] == ' '
}

// unescape writes b without its escapes into the record's scratch.
func (r *record) unescape(b []byte) []byte {
	from := len(r.scratch)
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' || i+1 == len(b) {
			r.scratch = append(r.scratch, b[i])
			continue
		}
		i++
		c := b[i]
		switch c {
		case 'n':
			c = '\n'
		case 't':
			c = '\t'
		case 'r':
			c = '\r'
		case 'x':
			if i+2 < len(b) && hex(b[i+1]) >= 0 && hex(b[i+2]) >= 0 {
				c = byte(hex(b[i+1])<<4 | hex(b[i+2]))
				i += 2
			} else {
				r.scratch = append(r.scratch, '\\')
			}
		case '\\', '"', '\'', '/':
		default:
			r.scratch = append(r.scratch, '\\')
		}
		r.scratch = append(r.scratch, c)
	}
	return r.scratch[from:len(r.scratch):len(r.scratch)]
}

func hex(c byte) int {
	switch {
	case digit(c):
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
