package unit

import (
	"regexp/syntax"
	"strings"

	"github.com/nines-slo/nines/sources/sample"
)

// examples returns values that a matcher names.
func examples(m sample.Matcher) []string {
	if m.Op == sample.Equal || m.Op == sample.NotEqual {
		return []string{m.Value}
	}
	tree, err := syntax.Parse(m.Value, syntax.Perl)
	if err != nil {
		return nil
	}
	var b strings.Builder
	example(&b, tree.Simplify())
	return []string{b.String()}
}

// example writes a text that an expression matches, the shortest of the first that there are.
func example(b *strings.Builder, e *syntax.Regexp) {
	switch e.Op {
	case syntax.OpLiteral:
		b.WriteString(string(e.Rune))
	case syntax.OpCharClass:
		if len(e.Rune) > 0 {
			b.WriteRune(seen(e.Rune))
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('0')
	case syntax.OpConcat:
		for _, sub := range e.Sub {
			example(b, sub)
		}
	case syntax.OpAlternate, syntax.OpCapture, syntax.OpPlus:
		example(b, e.Sub[0])
	case syntax.OpRepeat:
		for range e.Min {
			example(b, e.Sub[0])
		}
	}
}

// seen returns a letter or digit of a class, its first character if it has none.
func seen(ranges []rune) rune {
	for i := 0; i < len(ranges); i += 2 {
		for _, r := range "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" {
			if r >= ranges[i] && r <= ranges[i+1] {
				return r
			}
		}
	}
	return ranges[0]
}
