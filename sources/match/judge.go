package match

import "slices"

// Truth is what is known of a condition.
type Truth uint8

const (
	No Truth = iota
	Yes
	Unsure // a duration that decides it is not there
)

func truth(b bool) Truth {
	if b {
		return Yes
	}
	return No
}

func (t Truth) not() Truth {
	if t == Unsure {
		return Unsure
	}
	return Yes - t
}

// Judge is Match for events whose durations may be missing: it is Unsure if one
// that is not there, or cannot be read, decides whether the condition holds. It
// does not decide where another test of the condition fails.
func (c *Cond) Judge(values [][]byte) Truth { return c.judge(values, Unsure) }

func (c *Cond) judge(values [][]byte, absent Truth) Truth {
	if c == nil {
		return Yes
	}
	out := Yes
	for i := range c.checks {
		k := &c.checks[i]
		switch k.test.judge(values[k.index], absent) {
		case No:
			return No
		case Unsure:
			out = Unsure
		}
	}
	for _, n := range c.nots {
		switch n.judge(values, absent) {
		case Yes:
			return No
		case Unsure:
			out = Unsure
		}
	}
	return out
}

// Durations names the fields whose tests are Unsure where there is no duration,
// in the order of the condition.
func (c *Cond) Durations() []string {
	return c.names(func(t test) bool { return t.judge(nil, Unsure) == Unsure })
}

// Numbers names the fields that are tested as numbers alone, by ranges, classes
// and comparisons: no text holds for them, whatever was meant by it.
func (c *Cond) Numbers() []string { return c.names(numeric) }

func numeric(t test) bool {
	switch t := t.(type) {
	case between, compare, statuses:
		return true
	case not:
		return numeric(t.test)
	case anyOf:
		return !slices.ContainsFunc(t, func(one test) bool { return !numeric(one) })
	}
	return false
}

// names lists the fields that have a test of that kind, each once.
func (c *Cond) names(of func(test) bool) (names []string) {
	if c == nil {
		return nil
	}
	for _, k := range c.checks {
		if of(k.test) && !slices.Contains(names, k.name) {
			names = append(names, k.name)
		}
	}
	for _, n := range c.nots {
		for _, name := range n.names(of) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}
