// Package query reads PromQL as files of other tools have it, as far as formats need to say
// it in the native format: where the length of a window is put in, and whether it counts
// events. It looks at words and brackets only; what is wrong with a text is found where it
// is asked, by the source.
package query

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/slo/pattern"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// Step is what the native format calls the length of a window in.
const Step = "$step"

// Stepped returns a text with Step in place of what window matches, and how often it did.
func Stepped(v yaml.Value, window *regexp.Regexp) (stepped yaml.Value, times int) {
	found := window.FindAllStringIndex(v.Text, -1)
	return yaml.Replace(v, found, Step), len(found)
}

// Counted returns a text that counts events in place of one that may tell how many there are
// in a second: increase for rate. False, with the word that is in the way, if the text does
// not count: it is an average, a share or a product, looks at another time than a window, or has
// a number that would mean something else.
func Counted(v yaml.Value) (counted yaml.Value, why string, ok bool) {
	return countedBy(v, scan(v.Text))
}

// countedBy is Counted of a text whose words are known.
func countedBy(v yaml.Value, words []word) (counted yaml.Value, why string, ok bool) {
	var rates [][]int
	grows := growth(v.Text, words)
	for i, w := range words {
		switch {
		case w.is(v.Text, "rate") && called(v.Text, words, i):
			rates = append(rates, []int{w.from, w.to})
		case called(v.Text, words, i) && (!counts(w.text(v.Text)) || grows && rounds(w.text(v.Text))):
			return v, w.text(v.Text) + "()", false
		case w.kind == span && !strings.Contains(w.text(v.Text), Step),
			w.kind == sign && !adds(v.Text, words, i),
			w.is(v.Text, "bool"), w.is(v.Text, "atan2"):
			return v, w.text(v.Text), false
		}
	}
	for i, w := range words {
		if len(rates) > 0 && w.kind == number && !harmless(v.Text, words, i) {
			return v, w.text(v.Text), false
		}
	}
	return yaml.Replace(v, rates, "increase"), "", true
}

// Ratio returns the share that one text makes of another.
func Ratio(of, all yaml.Value) yaml.Value {
	return yaml.Join(of.Pos, yaml.Words("("), yaml.Whole(of), yaml.Words("\n) / (\n"), yaml.Whole(all), yaml.Words("\n)"))
}

// called tells whether a word is a function or an aggregation, with what it is of behind it.
func called(text string, words []word, i int) bool {
	if words[i].kind != name || i+1 == len(words) {
		return false
	}
	next := words[i+1].text(text)
	return next == "(" && !grouping(words[i].text(text)) && !operator(words[i].text(text))
}

func grouping(word string) bool {
	return slices.Contains([]string{"by", "without", "on", "ignoring", "group_left", "group_right"}, strings.ToLower(word))
}

func operator(word string) bool {
	return slices.Contains([]string{"and", "or", "unless", "bool", "offset"}, strings.ToLower(word))
}

// counts tells whether what a function gives of counts is one, or may be.
func counts(function string) bool {
	return slices.Contains([]string{
		"sum", "count", "group",
		"increase", "changes", "resets", "count_over_time", "sum_over_time", "last_over_time", "present_over_time",
		"histogram_count", "histogram_sum", "label_join", "label_replace", "scalar", "vector",
		"abs", "ceil", "floor", "round", "clamp_min", "sort", "sort_desc",
		"absent", "absent_over_time",
	}, strings.ToLower(function))
}

// harmless tells whether a number means the same beside a rate and beside a count: 0 does.
func harmless(text string, words []word, i int) bool {
	value, err := strconv.ParseFloat(words[i].text(text), 64)
	return err == nil && value == 0
}

// Pair returns two texts, of which one counts some of the events of the other, as Counted
// does. False, with the words that are in the way, if they do not: what one of them gives in
// a second the other must give in a second too.
func Pair(some, all yaml.Value) (countedSome, countedAll yaml.Value, why string, ok bool) {
	words, others := scan(some.Text), scan(all.Text)
	a, why, ok := countedBy(some, words)
	if !ok {
		return some, all, why, false
	}
	b, why, ok := countedBy(all, others)
	if !ok {
		return some, all, why, false
	}
	if growth(some.Text, words) != growth(all.Text, others) {
		return some, all, "rate() beside what is not per second", false
	}
	return a, b, "", true
}

// growth tells whether rates are taken in a text of these words.
func growth(text string, words []word) bool {
	return slices.ContainsFunc(words, func(w word) bool { return w.is(text, "rate") })
}

// Window is what Go's templates call the length of a window, as sloth has it.
func Window() *regexp.Regexp { return window() }

var window = pattern.Of(`\{\{-? *\.window *-?\}\}`)

// Template is a value that Go's templates put in.
func Template() *regexp.Regexp { return template() }

var template = pattern.Of(`\{\{[^}]*\}?\}?`)

// Outside returns what stands outside of quotes, comments and the braces of selectors.
func Outside(text string) string {
	var b strings.Builder
	for _, w := range scan(text) {
		if w.kind != braces {
			b.WriteString(w.text(text) + " ")
		}
	}
	return b.String()
}

// matcher is a comparison by = within the braces of a selector.
var matcher = pattern.Of(`([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*("(?:[^"\\]|\\.)*"|'[^'\\]*')`)

// Equal returns the labels that a selector has one value of, as entries of a map that stand where
// the values do.
func Equal(v yaml.Value) (labels []yaml.Field) {
	open := strings.IndexByte(v.Text, '{')
	if open < 0 {
		return nil
	}
	for _, at := range matcher().FindAllStringSubmatchIndex(v.Text[open:], -1) {
		name, quoted := v.Text[open+at[2]:open+at[3]], v.Text[open+at[4]:open+at[5]]
		value, err := strconv.Unquote(`"` + quoted[1:len(quoted)-1] + `"`)
		if err == nil && value != "" && name != "__name__" && name != "le" {
			labels = append(labels, yaml.Text(v.Within(open+at[4], open+at[5]), value).As(name))
		}
	}
	return labels
}

// Grown returns a text of counters, which hold all events since their processes started, with their
// growth in a window in place of them. False if something else than the counters themselves stands
// in it.
func Grown(v yaml.Value) (grown yaml.Value, ok bool) {
	words := scan(v.Text)
	var parts []yaml.Part
	done := 0
	for i := 0; i < len(words); i++ {
		next := word{}
		if i+1 < len(words) {
			next = words[i+1]
		}
		switch w := words[i]; {
		case w.kind == span, next.kind == span:
			return v, false
		case w.kind == name && grouping(w.text(v.Text)) && next.is(v.Text, "("):
			i = closing(v.Text, words, i+1)
		case !selects(v.Text, w, next):
		default:
			end := w.to
			if w.kind == name && next.kind == braces {
				i++
				end = next.to
			}
			parts = append(parts, yaml.Part{Of: v, From: done, To: w.from}, yaml.Words("increase("),
				yaml.Part{Of: v, From: w.from, To: end}, yaml.Words("["+Step+"])"))
			done = end
		}
	}
	return yaml.Join(v.Pos, append(parts, yaml.Part{Of: v, From: done, To: len(v.Text)})...), done > 0
}

// selects tells whether a word, behind which another one stands, begins a selector: it is a name and
// no function, aggregation or operator, or the braces of one.
func selects(text string, w, next word) bool {
	if w.kind != name {
		return w.kind == braces
	}
	called := next.is(text, "(") || next.kind == name && grouping(next.text(text))
	return !called && !operator(w.text(text)) && !grouping(w.text(text))
}

// closing returns the index of the word that closes the bracket at another one.
func closing(text string, words []word, open int) int {
	depth := 0
	for i := open; i < len(words); i++ {
		switch words[i].text(text) {
		case "(":
			depth++
		case ")":
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(words) - 1
}

// Unfixed returns a text with Step in place of the fixed ranges of counters, which tools evaluate
// again and again: rate(x[5m]). False if there is a range of something else.
func Unfixed(v yaml.Value) (stepped yaml.Value, ok bool) {
	words := scan(v.Text)
	var found [][]int
	for i, w := range words {
		if w.kind != span {
			continue
		}
		if !grows(v.Text, words, i) || strings.Contains(w.text(v.Text), ":") {
			return v, false
		}
		found = append(found, []int{w.from + 1, w.to - 1})
	}
	return yaml.Replace(v, found, Step), len(found) > 0
}

// grows tells whether the range at a word is what rate or increase is of: rate(x{...}[5m]).
func grows(text string, words []word, i int) bool {
	for i--; i >= 0 && (words[i].kind == braces || words[i].kind == name); i-- {
		continue
	}
	return i > 0 && words[i].is(text, "(") && slices.Contains([]string{"rate", "increase"}, words[i-1].text(text))
}

// Quotient returns the two texts that a text divides, and whether it is 1 less that. False if the text
// is anything else.
func Quotient(v yaml.Value) (over, under yaml.Value, rest, ok bool) {
	words := bare(v.Text, scan(v.Text))
	if len(words) > 2 && words[0].is(v.Text, "1") && words[1].is(v.Text, "-") {
		rest, words = true, bare(v.Text, words[2:])
	}
	at := -1
	for i, depth := 0, 0; i < len(words); i++ {
		switch word := words[i].text(v.Text); {
		case word == "(":
			depth++
		case word == ")":
			depth--
		case depth > 0:
		case word == "/" && at < 0:
			at = i
		case words[i].kind == sign && word != ",", operator(word):
			return v, v, false, false
		}
	}
	if at <= 0 || at == len(words)-1 {
		return v, v, false, false
	}
	behind := at + 1
	for behind+1 < len(words) && grouping(words[behind].text(v.Text)) && words[behind+1].is(v.Text, "(") {
		behind = closing(v.Text, words, behind+1) + 1
	}
	if behind >= len(words) {
		return v, v, false, false
	}
	return part(v, words[:at]), part(v, words[behind:]), rest, true
}

// Counts returns the two counts that a share is the quotient of, and whether it is 1 less that. False
// if it is not made of counts.
func Counts(share yaml.Value) (some, all yaml.Value, rest, ok bool) {
	over, under, rest, ok := Quotient(share)
	if !ok {
		return share, share, false, false
	}
	some, all, _, ok = Pair(over, under)
	return some, all, rest, ok
}

// bare returns words without the brackets around all of them.
func bare(text string, words []word) []word {
	for len(words) > 2 && words[0].is(text, "(") && closing(text, words, 0) == len(words)-1 {
		words = words[1 : len(words)-1]
	}
	return words
}

// part returns the part of a text from the first of some words to the last.
func part(v yaml.Value, words []word) yaml.Value {
	return yaml.Join(v.Pos, yaml.Part{Of: v, From: words[0].from, To: words[len(words)-1].to})
}
