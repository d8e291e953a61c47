package match

import (
	"regexp"
	"slices"
	"strings"
)

// New compiles an expression. nil compiles to nil, which holds for every event.
func New(e Expr) *Cond {
	if e == nil {
		return nil
	}
	c := &Cond{}
	c.demand(e)
	return c
}

// demand adds an expression that must hold. Tests of one field, which are nearly
// all, need no condition of their own.
func (c *Cond) demand(e Expr) {
	if k, ok := checkOf(e, false); ok {
		c.checks = append(c.checks, k)
		return
	}
	switch e := e.(type) {
	case And:
		for _, one := range e {
			c.demand(one)
		}
	case Not:
		c.nots = append(c.nots, New(e.Expr))
	case Or: // one of them holds if it is not so that none does
		var none And
		for _, one := range e {
			none = append(none, Not{one})
		}
		c.nots = append(c.nots, New(none))
	}
}

// checkOf compiles an expression all of whose tests are of one field, of which texts
// tells that the list around it has texts too.
func checkOf(e Expr, texts bool) (check, bool) {
	switch e := e.(type) {
	case Test:
		return check{e.Name, e.Field.Index, newTest(e, texts)}, true
	case Not:
		k, ok := checkOf(e.Expr, texts)
		k.test = not{k.test}
		return k, ok
	case Or:
		var out check
		var tests anyOf
		texts = texts || namesText(e)
		for i, one := range e {
			k, ok := checkOf(one, texts)
			if !ok || i > 0 && k.name != out.name {
				return check{}, false
			}
			out, tests = k, append(tests, k.test)
		}
		out.test = tests
		return out, len(e) > 0
	}
	return check{}, false
}

// namesText tells whether e asks for texts that are no numbers.
func namesText(e Expr) (found bool) {
	Tests(e, func(t Test) {
		switch is := t.Is.(type) {
		case OneOf:
			found = found || slices.ContainsFunc(is, func(text string) bool { return !numberLike([]byte(text)) })
		case Other, Glob, Regexp:
			found = true
		}
	})
	return found
}

// newTest compiles one test. Where texts are values too, a text is plainly not in a
// range of numbers.
func newTest(t Test, texts bool) test {
	unit, text := t.Field.Unit, Unsure
	if texts {
		text = No
	}
	switch is := t.Is.(type) {
	case None:
		return missing{}
	case OneOf:
		return newOneOf(is, t.Field.Type)
	case Other:
		if t.Field.Type == Host {
			return encoded(differentHost(newHost(string(is))), askingHost(string(is)))
		}
		return encoded(different(is), askingText(string(is), ""))
	case Glob:
		if t.Field.Type == Host {
			return encoded(hostGlob(undotted([]byte(strings.ToLower(string(is))))), askingHost(string(is)))
		}
		return encoded(newGlob(string(is)), askingText(string(is), "*?"))
	case Regexp:
		re := regexp.MustCompile(string(is))
		if t.Field.Type == Host {
			return encoded(hostMatches{re}, askingRegexp(string(is)))
		}
		return encoded(matches{re}, askingRegexp(string(is)))
	case Compare:
		return compare{is.Number.value, orderOf(is.Op), text}
	case Between:
		return between{is.Low.value, is.High.value, text}
	case Statuses:
		return statuses{is, text}
	case CompareDuration:
		return spanCompare{uint64(is.Length), orderOf(is.Op), unit}
	case BetweenDurations:
		return spanBetween{uint64(is.Low), uint64(is.High), unit}
	}
	return anyOf{} // holds for nothing
}

func newOneOf(texts OneOf, of Type) test {
	var out anyOf
	for _, text := range texts {
		switch {
		case of == Host:
			out = append(out, encoded(newHost(text), askingHost(text)))
		case of == Any && numberLike([]byte(text)):
			out = append(out, sameNumber(text))
		default:
			out = append(out, encodedText(text))
		}
	}
	if len(out) == 1 {
		return out[0]
	}
	return out
}
