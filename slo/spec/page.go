package spec

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"

	"github.com/nines-slo/nines/slo/diag"
)

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
