package accesslog

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/nines-slo/nines/sources/accesslog/line"
)

// pattern is a format made of variables with text between them.
type pattern struct {
	head   []byte // text before the first variable
	tokens []token
	time   int  // the first token that says when
	status int  // -1: there is none
	closed bool // a line ends in a quote
	exact  bool // nothing is ever added to a line
}

// token is a variable and the text that ends it.
type token struct {
	after  []byte // empty: the end of the line
	quoted bool   // after begins with a quote: the value may hold escaped ones
	list   bool   // a comma or colon before a blank does not end the value
	word   bool   // at the end of a line, a blank ends the value
	keep   bool   // its value is wanted
	not    byte   // behind this byte what looks like the end may be none; 0: behind any
	inside int    // how often after stands in the value itself, as a blank in a time

	address bool // of a client
	host    bool
	single  bool // never holds a blank
}

// piece is a part of a format text: a literal, or a variable if it has a name.
type piece struct {
	literal string
	v       variable
}

// sample returns what a line may have in the place of a piece.
func (x piece) sample() string {
	switch {
	case x.v.name == "":
		return x.literal
	case x.v.field == timeField && strings.Contains(x.v.clock, " "):
		return "2026-10-01 00:00:00"
	case x.v.field == timeField:
		return "2026-10-01T00:00:00Z"
	}
	return "0"
}

// patternLayout compiles pieces. Two variables must have text between them.
func patternLayout(pieces []piece) (*layout, error) {
	var p pattern
	var vars []variable
	var sample []byte
	for _, x := range pieces {
		sample = append(sample, x.sample()...)
		switch n := len(p.tokens); {
		case x.v.name != "":
			if n > 0 && len(p.tokens[n-1].after) == 0 {
				return nil, fmt.Errorf("nothing stands between %q and %q", vars[n-1].name, x.v.name)
			}
			vars = append(vars, x.v)
			p.tokens = append(p.tokens, tokenOf(x.v))
		case n == 0:
			p.head = append(p.head, x.literal...)
		default:
			t := &p.tokens[n-1]
			t.after = append(t.after, x.literal...)
			t.quoted = t.after[0] == '"'
			switch {
			case t.quoted:
				t.not = '\\'
			case t.address:
				t.not = ','
			}
			t.inside = strings.Count(vars[n-1].clock, string(t.after))
		}
	}
	l := newLayout(vars, func(l *layout) splitter { return p.keeping(l) })
	l.whole, l.like = &p, line.Foreign(sample)
	if err := l.seal(true); err != nil {
		return nil, err
	}
	p.time, p.status = l.times[0], l.status
	last := p.tokens[len(p.tokens)-1].after
	p.closed = len(last) > 0 && last[len(last)-1] == '"'
	return l, nil
}

// spaceTime has the time end as late as a strftime layout says, which may have in it the
// text that ends it.
func (p *pattern) spaceTime(clock string) {
	if t := &p.tokens[p.time]; len(t.after) > 0 {
		t.inside = strings.Count(clock, string(t.after))
	}
}

func tokenOf(v variable) token {
	return token{
		list: v.list, word: v.unit > 0 || v.field == "status" || v.field == "bytes",
		address: v.field == "remote_addr", host: v.field == "host", single: !v.spaced(),
	}
}

// keeping returns the pattern that keeps the variables that are wanted.
func (p pattern) keeping(l *layout) *pattern {
	out := p
	out.tokens = slices.Clone(p.tokens)
	for i := range out.tokens {
		t := &out.tokens[i]
		t.keep = l.wanted[i]
		t.keep = t.keep || (i == 0 || t.address || t.host || t.single) && i < p.time // it tells whether a record begins there
	}
	return &out
}

func (p *pattern) split(text []byte, r *record, d *demand) bool {
	rest, there := p.cut(text, r)
	r.entire = there == len(p.tokens) && len(rest) == 0
	if there == len(p.tokens) && !p.whole(text, rest) {
		r.joined = true
		return false
	}
	return there >= d.need
}

// whole tells whether a line, of which rest is left behind the last value, ends as its
// record does, and not as another.
func (p *pattern) whole(text, rest []byte) bool {
	if end := len(text) - len(rest); p.tokens[len(p.tokens)-1].word && end > 0 && text[end-1] == '"' {
		if !quoted(text[bytes.LastIndexByte(text[:end], ' ')+1 : end]) {
			return false
		}
	}
	return len(rest) == 0 || !p.exact && line.Added(rest, p.closed)
}

// quoted tells whether a value that ends in a quote begins with one, as "0.1" and
// rt="0.1" do.
func quoted(value []byte) bool {
	n := bytes.IndexByte(value, '"')
	return n < len(value)-1 && (n == 0 || value[n-1] == '=' || value[n-1] == ':')
}

// begins tells whether the values before the time are such as they should be.
func (p *pattern) begins(r *record, surely bool) bool {
	for i := range p.time {
		switch t := &p.tokens[i]; {
		case !t.keep:
		case t.address && !isAddress(r.values[i]) && (surely || !isClient(r.values[i])), (t.single || t.list) && worded(r.values[i]):
			return false
		}
	}
	return true
}

// worded tells whether a value has blanks that part no list.
func worded(b []byte) bool {
	for n := bytes.IndexByte(b, ' '); n >= 0 && n < len(b); n++ {
		if b[n] == ' ' && !listed(b, n) {
			return true
		}
	}
	return false
}

// alone tells whether no other record, or half of one, stands before or behind the one
// that r holds of a line. What carried the line may have written a time at its start.
func (p *pattern) alone(text []byte, r *record) bool {
	time := r.values[p.time]
	before := text[:max(0, len(text)-len(r.rest)-len(p.tokens[p.time].after)-len(time))]
	if len(before) > len("[17/May/20 [") && common(time) && recursCommon(before, time[:9]) {
		return false
	}
	if len(before) > len(time) && recurs(before[1:], time, func(int) bool { return true }) {
		return false
	}
	return !recurs(r.rest, time, func(at int) bool { return p.resumes(r.rest[at:]) })
}

// resumes tells whether b goes on like the format from the time up to the status.
func (p *pattern) resumes(b []byte) bool {
	if p.status < p.time { // a time alone may be part of a value
		return false
	}
	for i := p.time; i <= p.status; i++ {
		t := &p.tokens[i]
		n := t.end(b)
		if n < 0 || i == p.status && !isStatus(b[:n]) && !halfStatus(b[:n]) {
			return false
		}
		b = b[min(n+len(t.after), len(b)):]
	}
	return true
}

// halfStatus takes what may be left of a status, and what stands for none.
func halfStatus(b []byte) bool {
	return noStatus(b) || len(b) > 0 && len(b) < 3 && digit(b[0]) && digit(b[len(b)-1])
}

// recurs tells whether text holds something of the shape of a time, whose place fits
// takes. What begins like that of the common log is nothing else.
func recurs(text, time []byte, fits func(at int) bool) bool {
	if common(time) {
		return recursCommon(text, time[:9])
	}
	time = time[:min(len(time), 17)]
	mark := bytes.IndexByte(time, ':')
	if mark < 0 {
		mark = bytes.IndexByte(time, '.')
	}
	if mark < 1 {
		return false
	}
	for from := 0; ; {
		n := bytes.IndexByte(text[from:], time[mark])
		if n < 0 {
			return false
		}
		from += n + 1
		at := from - 1 - mark
		if at < 0 || !shaped(text[at:], time) {
			continue
		}
		if fits(at) {
			return true
		}
	}
}

// common tells whether a time is one of the common log.
func common(time []byte) bool { return len(time) > 11 && time[2] == '/' && time[11] == ':' }

// recursCommon is recurs for the time of the common log, the beginning of which stands
// in brackets.
func recursCommon(text, time []byte) bool {
	for {
		n := bytes.IndexByte(text, '[')
		if n < 0 {
			return false
		}
		if text = text[n+1:]; shaped(text, time) {
			return true
		}
	}
}

// shaped tells whether b begins with digits and letters where time has them.
func shaped(b, time []byte) bool {
	if len(b) < len(time) {
		return false
	}
	for i, c := range time {
		alike := b[i] == c
		switch {
		case digit(c):
			alike = digit(b[i])
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			alike = b[i]|0x20 >= 'a' && b[i]|0x20 <= 'z'
		}
		if !alike {
			return false
		}
	}
	return true
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
		if i == p.time && r != nil {
			r.rest = line
		}
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
	if t.address && t.after[0] == ':' {
		return portAt(b)
	}
	n := bytes.IndexByte(b, t.after[0])
	if n >= 0 && !t.list && t.inside == 0 && !(n > 0 && b[n-1] == t.not) && begins(b[n:], t.after) {
		return n
	}
	return t.search(b)
}

// portAt returns where the port of the address begins that b begins with.
func portAt(b []byte) int {
	if n := bytes.IndexByte(b, ' '); n >= 0 {
		b = b[:n]
	}
	return bytes.LastIndexByte(b, ':')
}

// search tries every byte that may end the value.
func (t *token) search(b []byte) int {
	for from, inside := 0, t.inside; ; {
		n := bytes.IndexByte(b[from:], t.after[0])
		if n < 0 {
			return -1
		}
		n += from
		if begins(b[n:], t.after) && !(t.quoted && escaped(b[:n])) && !((t.list || t.address) && listed(b, n)) {
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

// unescape writes b without its escapes into the record's scratch. Control characters
// stay as they are written.
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
		case 'x':
			if n := hexPair(b[i+1:]); n >= ' ' && n != 0x7f {
				c = byte(n)
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

// hexPair returns the number that b begins with, in two digits, -1 without.
func hexPair(b []byte) int {
	if len(b) < 2 || hex(b[0]) < 0 || hex(b[1]) < 0 {
		return -1
	}
	return hex(b[0])<<4 | hex(b[1])
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
