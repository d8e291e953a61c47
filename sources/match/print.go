package match

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Print writes an expression that Parse made as YAML that it reads back.
func Print(e Expr) string {
	all, _ := e.(And)
	var entries []string
	for _, one := range all {
		entries = append(entries, printEntry(one))
	}
	return "{" + strings.Join(entries, ", ") + "}"
}

func printEntry(e Expr) string {
	if not, ok := e.(Not); ok {
		if inner, ok := not.Expr.(And); ok {
			return "not: " + Print(inner)
		}
	}
	var name string
	Tests(e, func(t Test) { name = t.Name })
	return Key(name) + ": " + printTest(e)
}

// printTest writes what is asked of one field.
func printTest(e Expr) string {
	switch e := e.(type) {
	case Not:
		return "{not: " + printTest(e.Expr) + "}"
	case Or:
		var all []string
		for _, one := range e {
			all = append(all, printTest(one))
		}
		return "[" + strings.Join(all, ", ") + "]"
	case Test:
		return e.print()
	}
	return ""
}

func (t Test) print() string {
	texts, ok := t.Is.(OneOf)
	if !ok {
		return Key(t.asked())
	}
	var all []string
	for _, text := range texts {
		all = append(all, Key(t.plain(text)))
	}
	if len(all) == 1 {
		return all[0]
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// plain writes a text so that it is not taken for another test.
func (t Test) plain(text string) string {
	again := (&parser{}).scalar(Test{Field: t.Field}, text)
	if test, ok := again.(Test); ok {
		if one, ok := test.Is.(OneOf); ok && one[0] == text {
			return text
		}
	}
	return string(Equal) + " " + text
}

// asked writes a predicate as a condition does.
func (t Test) asked() string {
	switch is := t.Is.(type) {
	case None:
		return none
	case Other:
		return string(NotEqual) + " " + string(is)
	case Glob:
		return string(is)
	case Regexp:
		return "~" + string(is)
	case Compare:
		if is.Op == Equal && t.Field.Type != Any {
			return is.Number.String()
		}
		return string(is.Op) + " " + is.Number.String()
	case Between:
		return is.Low.String() + "-" + is.High.String()
	case Statuses:
		if is.Low%100 == 0 && is.High == is.Low+99 {
			return fmt.Sprintf("%dxx", is.Low/100)
		}
		return fmt.Sprintf("%d-%d", is.Low, is.High)
	case CompareDuration:
		return string(is.Op) + " " + is.Length.String()
	case BetweenDurations:
		return is.Low.String() + "-" + is.High.String()
	}
	return ""
}

// Key writes a name or a value as YAML takes it, in quotes if it must be.
func Key(text string) string {
	if regexp.MustCompile(`^[A-Za-z0-9_/][A-Za-z0-9_./-]*$`).MatchString(text) && text != "null" {
		return text
	}
	return strconv.Quote(text)
}
