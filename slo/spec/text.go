package spec

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/scanner"
	"github.com/goccy/go-yaml/token"

	"github.com/nines-slo/nines/slo/diag"
)

// Limits of one file. They keep a hostile file from costing more than a moment,
// and leave room for two thousand SLOs.
const (
	maxBytes  = 2 << 20
	maxTokens = 150_000
	maxValues = 100_000 // with aliases written out
	maxDepth  = 64
)

// decode returns a file's text as the scanner wants it: UTF-8 without byte order
// mark, lines ended by \n. It refuses what is not text.
func decode(name string, raw []byte) (string, *diag.Finding) {
	if len(raw) > maxBytes {
		f := diag.Errorf(diag.Pos{File: name, Line: 1, Col: 1}, "yaml/size", "file is over %d MiB", maxBytes>>20)
		return "", &f
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	text := string(raw)
	if !strings.HasSuffix(text, "\n") {
		text += "\n" // without it the scanner does not fold the last line of ">"
	}
	for i, r := range text {
		control := r < ' ' && r != '\t' && r != '\n' || r == 0x7f
		if control || r == utf8.RuneError && !utf8.ValidString(text[i:min(i+3, len(text))]) {
			return "", notText(name, text, i)
		}
	}
	return text, nil
}

// notText describes the byte at offset i that no text file holds.
func notText(name, text string, i int) *diag.Finding {
	line := strings.LastIndexByte(text[:i], '\n') + 1
	pos := diag.Pos{File: name, Line: 1 + strings.Count(text[:i], "\n"), Col: 1 + utf8.RuneCountInString(text[line:i]), Len: 1}
	f := diag.Errorf(pos, "yaml/text", "byte 0x%02x is not text", text[i])
	if text[i] >= utf8.RuneSelf {
		f.Message = fmt.Sprintf("byte 0x%02x is not UTF-8", text[i])
	}
	f = f.WithHint("save the file as UTF-8 text")
	return &f
}

// scan cuts text into tokens, without comments.
//
// Note: only the library's scanner is used. Its parser takes time quadratic in
// the entries of a map (80,000 keys: 24 s), panics on some input, and stops at
// the first duplicate key.
func scan(name, text string) (tokens []*token.Token, problem *diag.Finding) {
	defer func() {
		if r := recover(); r != nil { // the scanner's own bug
			f := diag.Errorf(diag.Pos{File: name, Line: 1, Col: 1}, "yaml/syntax", "the file is not YAML that can be read")
			problem = &f
		}
	}()
	var s scanner.Scanner
	s.Init(text)
	p, depth := page{lines: strings.Split(text, "\n")}, 0
	for {
		batch, err := s.Scan()
		if err == io.EOF {
			return tokens, nil
		}
		for _, t := range batch {
			p.mend(t)
			if f := p.misread(name, t); f != nil {
				return nil, f
			}
			switch {
			case t.Type == token.InvalidType:
				f := invalid(name, t)
				return nil, &f
			case depth > maxDepth:
				f := diag.Errorf(tokenPos(name, t), "yaml/depth", "nested deeper than %d levels", maxDepth)
				return nil, &f
			case len(tokens) == maxTokens:
				f := diag.Errorf(tokenPos(name, t), "yaml/size", "file holds more than %d words and signs", maxTokens)
				return nil, &f
			case t.Type != token.CommentType:
				tokens = append(tokens, t)
				depth += brackets(t)
			}
		}
	}
}

// brackets returns by how much a token changes the nesting in brackets.
func brackets(t *token.Token) int {
	switch t.Type {
	case token.MappingStartType, token.SequenceStartType:
		return 1
	case token.MappingEndType, token.SequenceEndType:
		return -1
	}
	return 0
}

// page is a file in lines, of which the last that was asked for is at hand in runes.
type page struct {
	lines  []string
	number int
	runes  []rune
}

// line returns line n, counted from 1; nothing outside the file.
func (p *page) line(n int) []rune {
	if n < 1 || n > len(p.lines) {
		return nil
	}
	if n != p.number {
		p.number, p.runes = n, []rune(p.lines[n-1])
	}
	return p.runes
}

// misread returns what the scanner reads wrongly in a text in double quotes, nil
// if it does not: behind such a text it skips as many characters as that holds
// tabs, and it takes any characters for hexadecimal digits.
func (p *page) misread(name string, t *token.Token) *diag.Finding {
	if t.Type != token.DoubleQuoteType {
		return nil
	}
	wrong := func(line, col int, message, hint string) *diag.Finding {
		f := diag.Errorf(diag.Pos{File: name, Line: line, Col: col + 1, Len: 1}, "yaml/syntax", "%s", message).WithHint("%s", hint)
		return &f
	}
	for n, i := t.Position.Line, t.Position.Column; n <= len(p.lines); n, i = n+1, 0 {
		for line := p.line(n); i < len(line); i++ {
			switch line[i] {
			case '"':
				return nil
			case '\t':
				return wrong(n, i, "a tab inside double quotes is not read", `write \t for it, or use single quotes`)
			case '\\':
				i++
				for range digits(line, i) {
					if i++; i >= len(line) || !strings.ContainsRune("0123456789abcdefABCDEF", line[i]) {
						return wrong(n, min(i, len(line)), "this escape wants hexadecimal digits", "if none is meant, write two backslashes, or use single quotes")
					}
				}
			}
		}
	}
	return nil
}

// digits returns how many an escape has whose letter is the one at i.
func digits(line []rune, i int) int {
	if i == len(line) {
		return 0
	}
	switch line[i] {
	case 'x':
		return 2
	case 'u':
		return 4
	case 'U':
		return 8
	}
	return 0
}

// maxMended is the length of a line up to which wrong columns are searched for.
const maxMended = 4096

// mend corrects a token's place: the scanner is wrong behind tabs in plain
// scalars, and about plain scalars over several lines, where it may give their
// end or that of blank lines below. Such a token is looked for in the lines that
// it may take up, the first one first. What is invalid stands at most behind its
// line.
func (p *page) mend(t *token.Token) {
	at := t.Position
	if at.Line < 1 || at.Line > len(p.lines) || at.Column < 1 {
		return
	}
	line := p.line(at.Line)
	if t.Type == token.InvalidType {
		at.Column = min(at.Column, len(line)+1)
		return
	}
	word := []rune(firstLine(t))
	if t.Type == token.DoubleQuoteType {
		word = word[:1]
	}
	_, more, several := strings.Cut(source(t), "\n")
	if several = several && t.Type != token.DoubleQuoteType; !several {
		if hasPrefix(line[min(at.Column-1, len(line)):], word) {
			return
		}
		if col := find(line, word); col > 0 {
			at.Column = col
			return
		}
	}
	next, _, _ := strings.Cut(strings.TrimLeft(more, blank), "\n")
	for n := max(1, at.Line-strings.Count(t.Origin, "\n")); n <= at.Line; n++ {
		begin := strings.TrimRight(p.lines[n-1], " \t")
		if strings.HasSuffix(begin, string(word)) && (!several || follows(p.lines[n:], next)) {
			at.Line, at.Column = n, 1+utf8.RuneCountInString(begin)-len(word)
			return
		}
	}
}

// follows tells whether the first line with text begins with word.
func follows(lines []string, word string) bool {
	for _, line := range lines {
		if line = strings.TrimLeft(line, " \t"); line != "" {
			return strings.HasPrefix(line, strings.TrimRight(word, " \t"))
		}
	}
	return false
}

// find returns the column in which word stands in a line, 0 if it does not or the
// line is long.
func find(line, word []rune) int {
	if len(line) > maxMended {
		return 0
	}
	for i := range line {
		if hasPrefix(line[i:], word) {
			return i + 1
		}
	}
	return 0
}

func hasPrefix(s, prefix []rune) bool {
	return len(s) >= len(prefix) && slices.Equal(s[:len(prefix)], prefix)
}

func invalid(name string, t *token.Token) diag.Finding {
	pos := tokenPos(name, t)
	f := diag.Errorf(pos, "yaml/syntax", "%s", strings.TrimPrefix(t.Error, "found "))
	switch {
	case strings.Contains(t.Error, `'	'`):
		f.Message = "a tab cannot indent a line"
		return f.WithHint("indent with spaces")
	case strings.Contains(t.Error, "end character"):
		f.Message = "the quotation mark is never closed"
		return f
	case strings.Contains(t.Error, "header option"), strings.Contains(t.Error, "reserved"):
		return f.WithHint("put the value in quotes")
	}
	return f
}

// tokenPos returns the place of a token. Len ends with its first line.
func tokenPos(name string, t *token.Token) diag.Pos {
	length := utf8.RuneCountInString(firstLine(t))
	return diag.Pos{File: name, Line: t.Position.Line, Col: max(t.Position.Column, 1), Len: max(length, 1)}
}

// firstLine returns what a token looks like in the file, up to its line's end.
// The scanner does not keep the escapes in double quotes.
func firstLine(t *token.Token) string {
	line, _, _ := strings.Cut(source(t), "\n")
	return strings.TrimRight(line, " \t")
}

// blank is what YAML's grammar takes for white space; others are text.
const blank = " \t\n"

// source returns what a token looks like in the file.
func source(t *token.Token) string { return strings.Trim(t.Origin, blank) }

// plain returns the text of a scalar without quotes as the file has it: the
// scanner drops tabs inside. Line breaks fold into spaces, empty lines into breaks.
func plain(t *token.Token) string {
	lines := strings.Split(source(t), "\n")
	var b strings.Builder
	broken := false
	for i, line := range lines {
		line = strings.Trim(line, " \t")
		switch {
		case line == "":
			b.WriteByte('\n')
			broken = true
			continue
		case i > 0 && !broken:
			b.WriteByte(' ')
		}
		b.WriteString(line)
		broken = false
	}
	return b.String()
}
