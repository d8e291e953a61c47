package yaml

import (
	"strings"

	"github.com/nines-slo/nines/slo/diag"
)

// What the scanner may be given: it reads a file to its end before it hands out the first
// token, and goes over some parts of it again for each character.
const (
	maxLines = 100_000
	maxSigns = 100_000    // that may begin or end a token
	maxAgain = 10_000_000 // bytes that it goes over again
)

// bounds measures how much work a text is for the scanner, line by line.
type bounds struct {
	lines, signs, again int

	inside bool // a block scalar
	left   int  // blanks before the line that begins it
	size   int  // bytes of it so far
}

// bounded refuses a text that the scanner would need more than a moment for.
func bounded(name, text string) *diag.Finding {
	var b bounds
	for line := range strings.Lines(text) {
		b.lines++
		found := b.add(line)
		if found == nil {
			continue
		}
		found.Pos = diag.Pos{File: name, Line: b.lines, Col: 1, Len: 1}
		return found
	}
	return nil
}

// add measures one more line, and says what is too much now, without its place.
func (b *bounds) add(line string) *diag.Finding {
	refuse := func(hint, format string, args ...any) *diag.Finding {
		f := diag.Errorf(diag.Pos{}, "yaml/size", format, args...).WithHint("%s", hint)
		return &f
	}
	b.signs += signs(line)
	// From a tab in quotes it looks for the end of the line.
	b.again += strings.Count(line, "\t") * len(line)
	tabs := b.again > maxAgain
	b.again += b.behind(line)
	switch {
	case b.lines > maxLines:
		return refuse("split the file", "file holds more than %d lines", maxLines)
	case b.signs > maxSigns:
		return refuse("split the file", "file holds more than %d words and signs", maxSigns)
	case tabs:
		return refuse(`write blanks, and \t in double quotes`, "there are too many tabs in lines as long as this one")
	case b.again > maxAgain:
		return refuse("remove them", "too many blank lines stand in or behind texts that begin with | or >")
	}
	return nil
}

// signs counts what may begin or end a token on a line.
func signs(line string) int {
	n := 1
	for i := range len(line) {
		switch line[i] {
		case ',', '[', ']', '{', '}', '"', '\'', '&', '*', '!', '%':
			n++
		case ':', '-', '?':
			if i+1 < len(line) && strings.IndexByte(blank, line[i+1]) >= 0 {
				n++
			}
		}
	}
	return n
}

// behind returns how many bytes a line makes the scanner go over again: a block scalar as
// a whole for each blank line at its end. Those within are counted too, since quotes may
// hide where it ends.
func (b *bounds) behind(line string) int {
	left := len(line) - len(strings.TrimLeft(line, " "))
	switch text := strings.Trim(line, blank); {
	case b.inside && text == "":
		b.size += len(line)
		return b.size
	case b.inside && left > b.left:
		b.size += len(line)
		return 0
	}
	b.inside, b.left, b.size = opens(line), left, 0
	return 0
}

// opens tells whether a block scalar may begin behind a line: it ends with the sign of one
// and its numbers, and maybe a note.
func opens(line string) bool {
	for i := range len(line) {
		if line[i] != '|' && line[i] != '>' {
			continue
		}
		rest := strings.TrimLeft(strings.TrimLeft(line[i+1:], "-+0123456789"), " \t")
		if rest == "" || rest[0] == '\n' || rest[0] == '#' {
			return true
		}
	}
	return false
}
