package match

import (
	"bytes"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// otherText judges a value that is not UTF-8. Of its letters beyond ASCII nobody knows
// which they are, nor how many: two bytes may be one letter, and the second may look like
// one of ASCII, as in Shift_JIS. A test that asks for such letters is unsure of it, unless
// what is asked for begins otherwise; any other holds, or does not, if it is so in every
// reading.
type otherText struct {
	test   test
	beyond bool   // the test asks for letters beyond ASCII
	head   []byte // of ASCII, that a value begins with of which such a test may hold
}

// encoded returns the test for a text, a glob or a regular expression that asks for
// letters as asked does.
func encoded(t test, asked asking) test {
	return otherText{t, asked.beyond, []byte(asked.head)}
}

// encodedText returns the test for a text. One of ASCII equals no value with other letters,
// whatever they are, and is as fast as can be.
func encodedText(text string) test {
	if asked := askingText(text, ""); asked.beyond {
		return encoded(equal(text), asked)
	}
	return equal(text)
}

// asking is what a pattern asks for.
type asking struct {
	beyond bool   // letters beyond ASCII
	head   string // that a value begins with, "" if that is not known
}

// askingText is what a text asks for, or a glob, whose signs are wild.
func askingText(text, wild string) asking {
	n := strings.IndexFunc(text, func(c rune) bool { return c >= utf8.RuneSelf })
	if n < 0 {
		return asking{}
	}
	if i := strings.IndexAny(text[:n], wild); wild != "" && i >= 0 {
		n = i
	}
	return asking{beyond: true, head: text[:n]}
}

// askingHost is askingText of hosts, of which letters matter whatever their case.
func askingHost(text string) asking { return asking{beyond: beyond([]rune(text))} }

// askingRegexp is what a regular expression asks for.
func askingRegexp(pattern string) asking {
	re, err := syntax.Parse(pattern, syntax.Perl)
	return asking{beyond: err == nil && spellsOut(re)}
}

func (t otherText) judge(b []byte) Truth {
	switch {
	case utf8.Valid(b):
		return t.test.judge(b)
	case t.beyond && bytes.HasPrefix(b, t.head):
		return Unsure
	}
	first := Unsure
	for i, reading := range readings(b) {
		switch said := t.test.judge(reading); {
		case i == 0:
			first = said
		case said != first:
			return Unsure
		}
	}
	return first
}

// maxLetter is how many bytes a letter has at most, in an encoding that is not UTF-8.
const maxLetter = 3

// readings returns what a value that is not UTF-8 may read as: its letters beyond ASCII of
// one, two or three bytes, with and without a byte behind that looks like one of ASCII.
// What letters they are is left open by two that have nothing in common.
func readings(b []byte) [][]byte {
	var out [][]byte
	for _, letter := range []string{"\uFFFD", "\u3042"} {
		for _, trail := range []bool{false, true} {
			for size := 1; size <= maxLetter; size++ {
				out = append(out, reading(b, letter, trail, size))
			}
		}
	}
	return out
}

// reading returns b with a letter in place of every size bytes that are none of ASCII.
func reading(b []byte, letter string, trail bool, size int) []byte {
	var out []byte
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			out = append(out, b[i])
			i++
			continue
		}
		n := foreign(b[i:], trail)
		out = append(out, strings.Repeat(letter, (n+size-1)/size)...)
		i += n
	}
	return out
}

// foreign returns how many bytes b begins with that are none of ASCII; with trail also
// those between and behind that may be the second of a letter.
func foreign(b []byte, trail bool) int {
	n := 0
	for n < len(b) && (b[n] >= utf8.RuneSelf || trail && n > 0 && b[n-1] >= utf8.RuneSelf && '@' <= b[n] && b[n] <= '~') {
		n++
	}
	return n
}

// spellsOut tells whether a regular expression asks for some of the letters beyond ASCII.
func spellsOut(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral:
		return beyond(re.Rune)
	case syntax.OpCharClass:
		return !allBeyond(re.Rune) && beyond(re.Rune)
	}
	return slices.ContainsFunc(re.Sub, spellsOut)
}

// allBeyond tells whether a class, of pairs of letters, holds all beyond ASCII.
func allBeyond(pairs []rune) bool {
	n := len(pairs)
	return n > 0 && pairs[n-1] == unicode.MaxRune && pairs[n-2] <= utf8.RuneSelf
}

// Letters beyond ASCII that are another case of one of ASCII: (?i) asks for them too.
const (
	longS  = '\u017f'
	kelvin = '\u212a'
)

func beyond(runes []rune) bool {
	return slices.ContainsFunc(runes, func(r rune) bool { return r >= utf8.RuneSelf && r != longS && r != kelvin })
}
