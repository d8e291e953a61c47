package yaml

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"

	"github.com/nines-slo/nines/slo/diag"
)

// cursor finds in a file's text where its tokens stand, which come in file order:
// the scanner is wrong behind tabs, and about plain scalars over several lines,
// whose end it may give.
type cursor struct {
	text string // what follows the last token
	line int    // of its first character
	col  int
}

func newCursor(text string) cursor { return cursor{text: text, line: 1, col: 1} }

// skip goes n bytes on.
func (c *cursor) skip(n int) {
	passed := c.text[:n]
	if breaks := strings.Count(passed, "\n"); breaks > 0 {
		c.line += breaks
		c.col = 1
		passed = passed[strings.LastIndexByte(passed, '\n')+1:]
	}
	c.col += utf8.RuneCountInString(passed)
	c.text = c.text[n:]
}

// wrong is a finding about the character at which the cursor stands.
func (c *cursor) wrong(file, message, hint string) *diag.Finding {
	at := diag.Pos{File: file, Line: c.line, Col: c.col, Len: 1}
	f := diag.Errorf(at, "yaml/syntax", "%s", message).WithHint("%s", hint)
	return &f
}

// find corrects the place of the next token. It returns what keeps the token from
// being read as the file has it, nil if nothing does.
func (c *cursor) find(file string, t *token.Token) *diag.Finding {
	word := source(t)
	if word == "" {
		return nil
	}
	blanks := len(c.text) - len(strings.TrimLeft(c.text, blank))
	c.skip(blanks)
	if t.Type == token.CommentType && blanks == 0 && c.col > 1 {
		return c.wrong(file, "a comment needs a blank before its #", "write a blank, or quote the text")
	}
	quoted := t.Type == token.DoubleQuoteType // of which the scanner does not keep the escapes
	if quoted {
		word = `"`
	}
	length, ok := begins(c.text, word)
	if !ok {
		return c.wrong(file, "this cannot be read as YAML", "put texts in quotes")
	}
	t.Position.Line, t.Position.Column = c.line, c.col
	begun := c.text
	c.skip(length)
	var found *diag.Finding
	if quoted {
		found = c.doubleQuoted(file)
	}
	t.Origin = begun[:len(begun)-len(c.text)]
	return found
}

// begins tells whether text begins with word, and how long it is there: the
// scanner may drop blanks around line breaks.
func begins(text, word string) (length int, ok bool) {
	if strings.HasPrefix(text, word) {
		return len(word), true
	}
	rest := text
	for line := range strings.SplitSeq(word, "\n") {
		if line = strings.Trim(line, blank); line == "" {
			continue
		}
		if rest, ok = strings.CutPrefix(strings.TrimLeft(rest, blank), line); !ok {
			return 0, false
		}
	}
	return len(text) - len(rest), true
}

const hintEscape = `write \x41, \u00e9 or \U0001f600; if none is meant, two backslashes, or single quotes`

// doubleQuoted goes behind the end of a text in double quotes. It refuses what the
// scanner reads wrongly there: behind tabs between words it skips as many
// characters, and it takes any characters for hexadecimal digits.
func (c *cursor) doubleQuoted(file string) *diag.Finding {
	begun := true // the line has more than blanks before here
	for i := 0; i < len(c.text); i++ {
		switch c.text[i] {
		case '"':
			c.skip(i + 1)
			return nil
		case '\n':
			begun = false
			continue
		case ' ':
			continue
		case '\t':
			rest := strings.TrimLeft(c.text[i:], " \t")
			if begun && rest != "" && rest[0] != '\n' && rest[0] != '"' {
				c.skip(i)
				return c.wrong(file, "a tab inside double quotes is not read", `write \t for it, or use single quotes`)
			}
			i = len(c.text) - len(rest) - 1
			continue
		case '\\':
			i++
			if i < len(c.text) && c.text[i] == '\n' {
				begun = false
				continue
			}
			n, ok := escape(c.text[i:])
			if !ok {
				c.skip(i - 1)
				return c.wrong(file, "this escape is no character", hintEscape)
			}
			i += n - 1
		}
		begun = true
	}
	return nil
}

// escape returns the length of the escape with which text begins, behind its
// backslash, and whether it is a character. Of the first half of a surrogate pair
// the scanner demands the second.
func escape(text string) (n int, ok bool) {
	if text == "" {
		return 1, true
	}
	switch text[0] {
	case 'x':
		n = 3
	case 'u':
		n = 5
	case 'U':
		n = 9
	default:
		return 1, true
	}
	if n > len(text) {
		return n, false
	}
	code, err := strconv.ParseUint(text[1:n], 16, 32)
	if high := code >= 0xd800 && code <= 0xdbff; high && n == 5 {
		return 11, true
	}
	return n, err == nil && utf8.ValidRune(rune(code))
}

// blank is what YAML's grammar takes for white space; others are text.
const blank = " \t\n"

// source returns what a token looks like in the file. It is asked for several times a token,
// most of which have no blanks around them.
func source(t *token.Token) string {
	s := t.Origin
	if s == "" || s[0] > ' ' && s[len(s)-1] > ' ' { // no character of blank is
		return s
	}
	return strings.Trim(s, blank)
}
