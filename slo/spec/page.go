package spec

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"

	"github.com/nines-slo/nines/slo/diag"
)

// page finds in a file's text where its tokens stand, which come in file order:
// the scanner is wrong behind tabs, and about plain scalars over several lines,
// whose end it may give.
type page struct {
	text string // what follows the last token
	line int    // of its first character
	col  int
	lost bool // a token was not found; those behind it stand where the scanner says
}

func newPage(text string) page { return page{text: text, line: 1, col: 1} }

// skip goes n bytes on.
func (p *page) skip(n int) {
	passed := p.text[:n]
	if breaks := strings.Count(passed, "\n"); breaks > 0 {
		p.line += breaks
		p.col = 1
		passed = passed[strings.LastIndexByte(passed, '\n')+1:]
	}
	p.col += utf8.RuneCountInString(passed)
	p.text = p.text[n:]
}

// pos is where the page stands.
func (p *page) pos(file string, length int) diag.Pos {
	return diag.Pos{File: file, Line: p.line, Col: p.col, Len: length}
}

// find corrects the place of the next token. It returns what is wrong with a text
// in double quotes, nil if nothing is.
func (p *page) find(file string, t *token.Token) *diag.Finding {
	word := source(t)
	if p.lost || word == "" {
		return nil
	}
	p.skip(len(p.text) - len(strings.TrimLeft(p.text, blank)))
	quoted := t.Type == token.DoubleQuoteType // of which the scanner does not keep the escapes
	if quoted {
		word = `"`
	}
	if !strings.HasPrefix(p.text, word) {
		p.lost = true
		return nil
	}
	t.Position.Line, t.Position.Column = p.line, p.col
	p.skip(len(word))
	if quoted {
		return p.doubleQuoted(file)
	}
	return nil
}

// doubleQuoted goes behind the end of a text in double quotes. It refuses what the
// scanner reads wrongly there: behind tabs between words it skips as many
// characters, and it takes any characters for hexadecimal digits.
func (p *page) doubleQuoted(file string) *diag.Finding {
	wrong := func(n int, message, hint string) *diag.Finding {
		p.skip(n)
		f := diag.Errorf(p.pos(file, 1), "yaml/syntax", "%s", message).WithHint("%s", hint)
		return &f
	}
	begun := true // the line has more than blanks before here
	for i := 0; i < len(p.text); i++ {
		switch p.text[i] {
		case '"':
			p.skip(i + 1)
			return nil
		case '\n':
			begun = false
			continue
		case ' ':
			continue
		case '\t':
			rest := strings.TrimLeft(p.text[i:], " \t")
			if begun && !strings.HasPrefix(rest, "\n") {
				return wrong(i, "a tab inside double quotes is not read", `write \t for it, or use single quotes`)
			}
			i = len(p.text) - len(rest) - 1
			continue
		case '\\':
			i++
			if i < len(p.text) && p.text[i] == '\n' {
				begun = false
				continue
			}
			n, ok := escape(p.text[i:])
			if !ok {
				return wrong(i-1, "this escape is no character: it wants hexadecimal digits", "if none is meant, write two backslashes, or use single quotes")
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
	c, err := strconv.ParseUint(text[1:n], 16, 32)
	if high := c >= 0xd800 && c <= 0xdbff; high && n == 5 {
		return 11, true
	}
	return n, err == nil && utf8.ValidRune(rune(c))
}

// blank is what YAML's grammar takes for white space; others are text.
const blank = " \t\n"

// source returns what a token looks like in the file.
func source(t *token.Token) string { return strings.Trim(t.Origin, blank) }
