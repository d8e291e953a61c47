package match

import (
	"bytes"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"
)

// otherText judges a value that is not UTF-8. Of its letters beyond ASCII nobody knows what
// they are, nor how many, so a test that asks for some is unsure of it, unless what is
// asked for begins otherwise.
type otherText struct {
	test test
	head []byte // of ASCII, that a value begins with of which the test may hold
}

// encoded returns the test for a text or a glob. It is as fast as t where the text is of
// ASCII, which is the same in any encoding; counts tells that it counts characters too.
func encoded(t test, text string, counts bool) test {
	n := strings.IndexFunc(text, func(c rune) bool { return c >= utf8.RuneSelf })
	if n < 0 && !counts {
		return t
	}
	if n < 0 {
		n = len(text)
	}
	if _, ok := t.(glob); ok || counts {
		if i := strings.IndexAny(text[:n], "*?"); i >= 0 {
			n = i
		}
	}
	return otherText{t, []byte(text[:n])}
}

func (t otherText) judge(b []byte) Truth {
	if !utf8.Valid(b) && bytes.HasPrefix(b, t.head) {
		return Unsure
	}
	return t.test.judge(b)
}

// encodedHost is encoded for hosts, of which letters matter whatever their case.
func encodedHost(t test, text string) test {
	return encoded(t, "", strings.Contains(text, "?") || beyond([]rune(text)))
}

// spells tells whether a regular expression asks for letters beyond ASCII, or how many
// there are.
func spells(pattern string) bool {
	re, err := syntax.Parse(pattern, syntax.Perl)
	return err == nil && spellsOut(re, false)
}

// spellsOut walks an expression; any tells that it may come any number of times.
func spellsOut(re *syntax.Regexp, any bool) bool {
	switch re.Op {
	case syntax.OpLiteral:
		return beyond(re.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return !any
	case syntax.OpCharClass:
		n := len(re.Rune)
		all := n > 0 && re.Rune[n-1] == unicode.MaxRune && re.Rune[n-2] < utf8.RuneSelf
		return !(any && all && !beyond(re.Rune[:n-1])) && beyond(re.Rune)
	case syntax.OpStar, syntax.OpPlus:
		any = true
	case syntax.OpConcat:
		any = false
	}
	for _, sub := range re.Sub {
		if spellsOut(sub, any) {
			return true
		}
	}
	return false
}

func beyond(runes []rune) bool {
	for _, r := range runes {
		if r >= utf8.RuneSelf {
			return true
		}
	}
	return false
}
