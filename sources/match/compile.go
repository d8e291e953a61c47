package match

import "regexp"

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
	if k, ok := checkOf(e); ok {
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

// checkOf compiles an expression all of whose tests are of one field.
func checkOf(e Expr) (check, bool) {
	switch e := e.(type) {
	case Test:
		return check{e.Name, e.Field.Index, newTest(e)}, true
	case Not:
		k, ok := checkOf(e.Expr)
		k.test = not{k.test}
		return k, ok
	case Or:
		var out check
		var tests anyOf
		for i, one := range e {
			k, ok := checkOf(one)
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

func newTest(t Test) test {
	unit := t.Field.Unit
	switch is := t.Is.(type) {
	case None:
		return missing{}
	case OneOf:
		return newOneOf(is)
	case Other:
		return different(is)
	case Glob:
		return newGlob(string(is))
	case Regexp:
		return matches{regexp.MustCompile(string(is))}
	case Compare:
		return compare{is.Number.value, orderOf(is.Op)}
	case Between:
		return between{is.Low.value, is.High.value}
	case Statuses:
		return statuses(is)
	case CompareDuration:
		return spanCompare{uint64(is.Length), orderOf(is.Op), unit}
	case BetweenDurations:
		return spanBetween{uint64(is.Low), uint64(is.High), unit}
	}
	return anyOf{} // holds for nothing
}

func newOneOf(texts OneOf) test {
	if len(texts) == 1 {
		return equal(texts[0])
	}
	var out anyOf
	for _, text := range texts {
		out = append(out, equal(text))
	}
	return out
}
