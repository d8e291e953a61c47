package match

import "slices"

// Truth is what is known of a condition.
type Truth uint8

const (
	No Truth = iota
	Yes
	Unsure // a value that decides it is not there
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
// duration that cannot be read, decides whether the condition holds. It does not
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

// Numbers names the fields that are tested as numbers alone, by ranges, classes
// and comparisons: no text holds for them, whatever was meant by it.
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
