package query

import (
	"slices"
	"strings"
)

// adds tells whether the operator at a word makes of counts what may be summed over time: one factor
// of a product at most is no constant, what is divided by is one, and so is what a remainder or a power is of.
func adds(text string, words []word, i int) bool {
	switch text[words[i].from] {
	case '*':
		return !varies(text, left(text, words, i)) || !varies(text, right(text, words, i))
	case '/':
		return !varies(text, right(text, words, i))
	case '%', '^':
		return !varies(text, left(text, words, i)) && !varies(text, right(text, words, i))
	}
	return true
}

// left returns the words that an operator at i has on its left, with those of operators that bind as it does.
func left(text string, words []word, i int) []word {
	from, depth := i, 0
	for ; from > 0; from-- {
		w := words[from-1]
		signed := from > 1 && w.in(text, "+-") && words[from-2].in(text, "*/%^")
		switch {
		case w.is(text, ")"):
			depth++
		case w.is(text, "(") && depth > 0:
			depth--
		case depth == 0 && !signed && ends(text, w):
			return words[from:i]
		}
	}
	return words[from:i]
}

// right returns the words that an operator at i has on its right.
func right(text string, words []word, i int) []word {
	from := i + 1
	for from < len(words) && words[from].in(text, "+-") {
		from++
	}
	depth := 0
	for to := from; to < len(words); to++ {
		w := words[to]
		switch {
		case w.is(text, "("):
			depth++
		case w.is(text, ")") && depth > 0:
			depth--
		case depth == 0 && (ends(text, w) || w.in(text, "*/%^")):
			return words[from:to]
		}
	}
	return words[from:]
}

// ends tells whether a word ends what an operator is of.
func ends(text string, w word) bool {
	return w.in(text, "+-<>=!,()") || w.kind == name && operator(w.text(text)) && !w.is(text, "offset")
}

// in tells whether a word is one of some signs.
func (w word) in(text, signs string) bool {
	return w.kind == sign && strings.IndexByte(signs, text[w.from]) >= 0
}

// varies tells whether a selector is among some words: what they give is no constant.
func varies(text string, words []word) bool {
	for i := 0; i < len(words); i++ {
		next := word{}
		if i+1 < len(words) {
			next = words[i+1]
		}
		if words[i].kind == name && grouping(words[i].text(text)) && next.is(text, "(") {
			i = closing(text, words, i+1)
		} else if selects(text, words[i], next) {
			return true
		}
	}
	return false
}

// rounds tells whether a function gives of a rate, which may be far below 1, something else than of
// the count in a window.
func rounds(function string) bool {
	return slices.Contains([]string{"ceil", "floor", "round"}, strings.ToLower(function))
}
