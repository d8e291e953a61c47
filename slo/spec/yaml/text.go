package yaml

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/scanner"
	"github.com/goccy/go-yaml/token"

	"github.com/nines-slo/nines/slo/diag"
)

// decode returns a file's text as the scanner wants it: UTF-8 without byte order
// mark, lines ended by \n. It refuses what is not text.
func decode(name, text string) (string, *diag.Finding) {
	if len(text) > MaxBytes {
		f := diag.Errorf(diag.Pos{File: name, Line: 1, Col: 1}, "yaml/size", "file is over %d MiB", MaxBytes>>20).WithHint("split the file")
		return "", &f
	}
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.ReplaceAll(text, "\r\n", "\n")
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
	begin := strings.LastIndexByte(text[:i], '\n') + 1
	line, col := strings.Count(text[:i], "\n")+1, utf8.RuneCountInString(text[begin:i])+1
	pos := diag.Pos{File: name, Line: line, Col: col, Len: 1}
	f := diag.Errorf(pos, "yaml/text", "byte 0x%02x is not text", text[i])
	if text[i] >= utf8.RuneSelf {
		f.Message = fmt.Sprintf("byte 0x%02x is not UTF-8", text[i])
	}
	f = f.WithHint("save the file as UTF-8 text")
	return &f
}

// bytesOfToken is how long a token of an SLO file is, with the blanks behind it.
const bytesOfToken = 10

// scan cuts text into tokens, without comments, which comment gets unless it is nil.
//
// Note: only the library's scanner is used. Its parser takes time quadratic in
// the entries of a map (80,000 keys: 24 s), panics on some input, and stops at
// the first duplicate key.
func scan(name, text string, comment func(*token.Token)) (all tokens, problem *diag.Finding) {
	defer func() {
		if r := recover(); r != nil { // the scanner's own bug
			begin := diag.Pos{File: name, Line: 1, Col: 1}
			f := diag.Errorf(begin, "yaml/syntax", "the file is not YAML that can be read")
			problem = &f
		}
	}()
	var s scanner.Scanner
	s.Init(text)
	at, depth := newCursor(text), 0
	all = make(tokens, 0, min(len(text)/bytesOfToken, maxTokens))
	for {
		batch, err := s.Scan()
		if err == io.EOF {
			return all, nil
		}
		for _, t := range batch {
			if t.Type == token.InvalidType {
				f := invalid(name, text, t)
				return nil, &f
			}
			if f := at.find(name, t); f != nil {
				return nil, f
			}
			if f := tooLarge(name, t, len(all), depth); f != nil {
				return nil, f
			}
			switch {
			case t.Type != token.CommentType:
				all = append(all, t)
				depth += brackets(t)
			case comment != nil:
				comment(t)
			}
		}
	}
}

// tooLarge refuses a token behind n others in brackets of some depth.
func tooLarge(name string, t *token.Token, n, depth int) *diag.Finding {
	switch {
	case depth > MaxDepth:
		f := diag.Errorf(tokenPos(name, t), "yaml/depth", "nested deeper than %d levels", MaxDepth)
		return &f
	case n == maxTokens:
		f := diag.Errorf(tokenPos(name, t), "yaml/size", "file holds more than %d words and signs", maxTokens)
		return &f
	}
	return nil
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

// invalid says in our words why the scanner cannot read a token.
func invalid(name, text string, t *token.Token) diag.Finding {
	pos := tokenPos(name, t)
	if lines := strings.Split(text, "\n"); pos.Line <= len(lines) { // tabs in quotes are counted twice
		pos.Col = min(pos.Col, utf8.RuneCountInString(lines[pos.Line-1])+1)
	}
	said := strings.TrimPrefix(t.Error, "found ")
	message, hint := said, ""
	switch {
	case strings.Contains(said, `'	'`), strings.Contains(said, "tab character"):
		message, hint = "a tab cannot indent a line", "indent with spaces"
	case strings.Contains(said, "end character"):
		message = "the quotation mark is never closed"
	case strings.Contains(said, "surrogate pair"):
		message, hint = "this escape is no character", hintEscape
	case strings.Contains(said, "number of indent"):
		message, hint = "the text is indented less than the number above it says", "leave the number out"
	case strings.Contains(said, "header option"), strings.Contains(said, "reserved"):
		hint = "put the value in quotes"
	}
	f := diag.Errorf(pos, "yaml/syntax", "%s", message)
	f.Hint = hint
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

// plain returns the text of a scalar without quotes as the file has it: the
// scanner drops tabs inside.
func plain(t *token.Token) string { return fold(source(t)) }

// fold joins lines by spaces; empty lines are line breaks.
func fold(text string) string {
	text = strings.TrimRight(text, blank)
	if strings.IndexByte(text, '\n') < 0 {
		return strings.Trim(text, " \t")
	}
	lines := strings.Split(text, "\n")
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
