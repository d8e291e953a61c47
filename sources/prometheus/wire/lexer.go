package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	bufferSize = 64 << 10
	maxDepth   = 64       // of values that are skipped
	maxSkipped = 16 << 20 // bytes of an answer that say nothing, such as space and statistics
	maxText    = 64 << 10 // bytes of a name, of a value of a label, of a text
)

// brokenError is an answer that broke off, or is no JSON. It may be whole another time.
type brokenError struct {
	at  int64 // bytes before
	err error
}

// Error says where the answer broke off, and why.
func (e *brokenError) Error() string {
	if e.at == 0 && e.err == io.EOF {
		return "the answer is empty"
	}
	return fmt.Sprintf("the answer breaks off after %d bytes: %v", e.at, e.err)
}

// Unwrap returns why.
func (e *brokenError) Unwrap() error { return e.err }

// lexer reads JSON as it arrives.
type lexer struct {
	in       io.Reader
	buf      []byte
	pos, end int   // of buf: what was read and not taken
	before   int64 // bytes before buf
	skipped  int64
	ended    error // of in
	text     []byte
}

func newLexer(in io.Reader) *lexer { return &lexer{in: in, buf: make([]byte, bufferSize)} }

// at is how many bytes were taken.
func (l *lexer) at() int64 { return l.before + int64(l.pos) }

// fill reads on, and keeps what was not taken. It returns false at the end, or where
// the buffer is full.
func (l *lexer) fill() bool {
	if l.pos > 0 {
		copy(l.buf, l.buf[l.pos:l.end])
		l.before += int64(l.pos)
		l.pos, l.end = 0, l.end-l.pos
	}
	for tries := 0; l.ended == nil && l.end < len(l.buf); tries++ {
		n, err := l.in.Read(l.buf[l.end:])
		l.end += n
		l.ended = err
		if n == 0 && err == nil && tries >= 100 {
			l.ended = io.ErrNoProgress
		}
		if n > 0 {
			return true
		}
	}
	return false
}

// next returns the next byte and does not take it, 0 at the end.
func (l *lexer) next() byte {
	if l.pos < l.end || l.fill() {
		return l.buf[l.pos]
	}
	return 0
}

// peek returns the next byte behind space, 0 at the end.
func (l *lexer) peek() byte {
	for {
		c := l.next()
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return c
		}
		if l.skipped > maxSkipped {
			return 0
		}
		l.pos++
		l.skipped++
	}
}

// broken says that something else was wanted here.
func (l *lexer) broken(want string) error {
	e := &brokenError{at: l.at(), err: fmt.Errorf("%s is missing", want)}
	switch c := l.peek(); {
	case l.skipped > maxSkipped:
		return refused("the answer has over %d MiB that say nothing", maxSkipped>>20)
	case l.pos < l.end:
		e.err = fmt.Errorf("%q in place of %s", rune(c), want)
	case l.ended != nil && l.ended != io.EOF:
		e.err = l.ended
	}
	return e
}

// expect takes c.
func (l *lexer) expect(c byte) error {
	if l.peek() != c || c == 0 {
		return l.broken(strconv.QuoteRune(rune(c)))
	}
	l.pos++
	return nil
}

// more takes what stands behind an item of a list or map that is closed by end. It
// returns false behind the last.
func (l *lexer) more(end byte) (bool, error) {
	if l.pos < l.end && l.buf[l.pos] == ',' {
		l.pos++
		return true, nil
	}
	switch l.peek() {
	case ',':
		l.pos++
		return true, nil
	case end:
		l.pos++
		return false, nil
	}
	return false, l.broken("',' or " + strconv.QuoteRune(rune(end)))
}

// list calls item where each item of a list begins.
func (l *lexer) list(item func() error) error {
	if err := l.expect('['); err != nil {
		return err
	}
	if l.peek() == ']' {
		l.pos++
		return nil
	}
	for more := true; more; {
		err := item()
		if err == nil {
			more, err = l.more(']')
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// object calls value where the value of each key begins; key is good until then.
func (l *lexer) object(value func(key []byte) error) error {
	if err := l.expect('{'); err != nil {
		return err
	}
	if l.peek() == '}' {
		l.pos++
		return nil
	}
	for more := true; more; {
		key, err := l.str(maxText)
		if err == nil {
			err = l.expect(':')
		}
		if err == nil {
			err = value(key)
		}
		if err == nil {
			more, err = l.more('}')
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// str takes a text of at most limit bytes. It is good until the next one is taken.
func (l *lexer) str(limit int) ([]byte, error) { return l.quoted(limit, false) }

// start takes a text, however long, and returns its first limit bytes or a few more. They
// are good until the next text is taken.
func (l *lexer) start(limit int) ([]byte, error) { return l.quoted(limit, true) }

func (l *lexer) quoted(limit int, cut bool) ([]byte, error) {
	if err := l.expect('"'); err != nil {
		return nil, err
	}
	l.text = l.text[:0]
	for {
		l.plain()
		switch over := len(l.text) - limit; {
		case over > 0 && !cut:
			return nil, refused("the answer has a text of over %d bytes", limit)
		case over > utf8.UTFMax:
			l.text = l.text[:limit+utf8.UTFMax]
			l.skipped += int64(over)
		}
		switch c := l.next(); {
		case l.skipped > maxSkipped, l.pos == l.end, c < ' ':
			return nil, l.broken("the end of a text")
		case c == '"':
			l.pos++
			return valid(l.text), nil
		case c == '\\':
			l.pos++
			if err := l.escape(); err != nil {
				return nil, err
			}
		}
	}
}

// plain takes what of a text is in the buffer and stands for itself.
func (l *lexer) plain() {
	window := l.buf[l.pos:l.end]
	i := 0
	for i < len(window) && window[i] != '"' && window[i] != '\\' && window[i] >= ' ' {
		i++
	}
	l.text = append(l.text, window[:i]...)
	l.pos += i
}

// valid returns text with the bytes that are no UTF-8 replaced, as encoding/json does.
func valid(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	return []byte(string([]rune(string(text))))
}

// escape takes what stands behind a backslash.
func (l *lexer) escape() error {
	c := l.next()
	l.pos++
	if i := bytes.IndexByte([]byte(`"\/bfnrt`), c); i >= 0 {
		l.text = append(l.text, "\"\\/\b\f\n\r\t"[i])
		return nil
	}
	l.pos--
	if c != 'u' {
		return l.broken("an escape")
	}
	l.pos++
	r, err := l.hex()
	if err != nil {
		return err
	}
	for utf16.IsSurrogate(r) {
		if !l.ahead(`\u`) {
			r = utf8.RuneError
			break
		}
		l.pos += 2
		second, err := l.hex()
		if err != nil {
			return err
		}
		if pair := utf16.DecodeRune(r, second); pair != utf8.RuneError {
			r = pair
			break
		}
		l.text = utf8.AppendRune(l.text, utf8.RuneError)
		r = second // of no pair: it stands for itself
	}
	l.text = utf8.AppendRune(l.text, r)
	return nil
}

// ahead tells whether text stands here.
func (l *lexer) ahead(text string) bool {
	for l.end-l.pos < len(text) && l.fill() {
	}
	return bytes.HasPrefix(l.buf[l.pos:l.end], []byte(text))
}

// hex takes four digits.
func (l *lexer) hex() (rune, error) {
	for l.end-l.pos < 4 && l.fill() {
	}
	if l.end-l.pos >= 4 {
		n, err := strconv.ParseUint(string(l.buf[l.pos:l.pos+4]), 16, 16)
		if err == nil {
			l.pos += 4
			return rune(n), nil
		}
	}
	return 0, l.broken("four digits of an escape")
}

// number takes a number, as it is written. It is good until the buffer is read on.
func (l *lexer) number() ([]byte, error) {
	l.peek()
	if l.end-l.pos < maxNumber {
		for l.end-l.pos < maxNumber && l.fill() {
		}
	}
	window := l.buf[l.pos:min(l.end, l.pos+maxNumber)]
	n := numberLen(window)
	if n == 0 || n == maxNumber {
		return nil, l.broken("a number")
	}
	l.pos += n
	return window[:n], nil
}

// maxNumber is how many bytes a number may have.
const maxNumber = 400

// numberLen returns the length of the number of JSON that text begins with, 0 if it
// begins with none.
func numberLen(text []byte) int {
	i := 0
	digits := func() bool {
		from := i
		for i < len(text) && text[i]-'0' <= 9 {
			i++
		}
		return i > from
	}
	is := func(set string) bool { return i < len(text) && bytes.IndexByte([]byte(set), text[i]) >= 0 }
	if is("-") {
		i++
	}
	if is("0") {
		i++
	} else if !digits() {
		return 0
	}
	if is(".") {
		i++
		if !digits() {
			return 0
		}
	}
	if is("eE") {
		i++
		if is("+-") {
			i++
		}
		if !digits() {
			return 0
		}
	}
	return i
}

// skip takes a value of any kind.
func (l *lexer) skip() error { return l.skipAt(0) }

func (l *lexer) skipAt(depth int) error {
	if depth > maxDepth {
		return refused("the answer is nested over %d deep", maxDepth)
	}
	var err error
	from, nested := l.at(), false
	switch c := l.peek(); c {
	case '{':
		nested = true
		err = l.object(func([]byte) error { return l.skipAt(depth + 1) })
	case '[':
		nested = true
		err = l.list(func() error { return l.skipAt(depth + 1) })
	case '"':
		_, err = l.start(0)
	case 't', 'f', 'n':
		err = l.word(map[byte]string{'t': "true", 'f': "false", 'n': "null"}[c])
	default:
		_, err = l.number()
	}
	l.skipped += 2
	if !nested {
		l.skipped += l.at() - from
	}
	if err == nil && l.skipped > maxSkipped {
		err = l.broken("an end")
	}
	return err
}

func (l *lexer) word(word string) error {
	if !l.ahead(word) {
		return l.broken(word)
	}
	l.pos += len(word)
	return nil
}

// close takes the end of the answer.
func (l *lexer) close() error {
	if l.peek() != 0 || l.pos < l.end || l.skipped > maxSkipped || !errors.Is(l.ended, io.EOF) {
		return l.broken("the end of the answer")
	}
	return nil
}
