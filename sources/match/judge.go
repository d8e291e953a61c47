package match

import "slices"

// Truth is what is known of a condition.
type Truth uint8

const (
	No Truth = iota
	Yes
	Unsure // a value that decides it is not there, or cannot be read
)

func truth(b bool) Truth {
	if b {
		return Yes
	}
	return No
}

// Not is what is known of the opposite.
func (t Truth) Not() Truth {
	if t == Unsure {
		return Unsure
	}
	return Yes - t
}

// Judge tells what is known of an event: Unsure if a value that it lacks, or a
// number or duration that cannot be read, decides whether the condition holds. It does not
// decide where another test of the condition fails. values are the fields' raw
// texts; the event lacks those that are nil or empty. It allocates nothing.
func (c *Cond) Judge(values [][]byte) Truth {
	if c == nil {
		return Yes
	}
	out := Yes
	for i := range c.checks {
		k := &c.checks[i]
		switch k.test.judge(values[k.index]) {
		case No:
			return No
		case Unsure:
			out = Unsure
		}
	}
	for _, n := range c.nots {
		switch n.Judge(values) {
		case Yes:
			return No
		case Unsure:
			out = Unsure
		}
	}
	return out
}

// Lacks tells whether a test of the field is unsure of the event.
func (c *Cond) Lacks(field string, values [][]byte) bool {
	if c == nil {
		return false
	}
	return slices.ContainsFunc(c.checks, func(k check) bool {
		return k.name == field && k.test.judge(values[k.index]) == Unsure
	}) || slices.ContainsFunc(c.nots, func(n *Cond) bool { return n.Lacks(field, values) })
}

// Numbers names the fields that are tested as numbers alone, by ranges, classes
// and comparisons.
func (c *Cond) Numbers() (names []string) {
	if c == nil {
		return nil
	}
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, k := range c.checks {
		if numeric(k.test) {
			add(k.name)
		}
	}
	for _, n := range c.nots {
		for _, name := range n.Numbers() {
			add(name)
		}
	}
	return names
}

func numeric(t test) bool {
	switch t := t.(type) {
	case between, compare, statuses:
		return true
	case not:
		return numeric(t.test)
	case anyOf:
		texts := func(one test) bool { _, none := one.(missing); return !none && !numeric(one) }
		return slices.ContainsFunc(t, numeric) && !slices.ContainsFunc(t, texts)
	}
	return false
}
