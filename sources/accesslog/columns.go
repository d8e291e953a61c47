package accesslog

import (
	"bytes"
	"slices"
	"strings"
)

// columns splits lines whose columns a #Fields directive names.
type columns struct {
	layout    *layout
	separator byte
	first     []string // without a directive; nil: such lines cannot be read
	slots     [][]int  // by column
	needs     []int    // by demand: columns that a line must have
	most      int      // columns that a line has at most
}

func newColumns(l *layout, separator byte, first []string) *columns {
	c := &columns{layout: l, separator: separator, first: first}
	c.restart()
	return c
}

// restart forgets the directives of the file before.
func (c *columns) restart() { c.name(c.first) }

// name sets the columns, up to the last that somebody asks for. Of the columns
// that may hold a variable the first of its keys counts.
func (c *columns) name(names []string) {
	c.slots, c.needs, c.most = c.slots[:0], make([]int, len(c.layout.demands)+1), len(names)
	for _, v := range c.layout.vars {
		i := column(names, v.keys)
		if i < 0 || !c.layout.wanted[v.slot] {
			continue
		}
		for len(c.slots) <= i {
			c.slots = append(c.slots, nil)
		}
		c.slots[i] = append(c.slots[i], v.slot)
		for _, d := range c.layout.allDemands() {
			if d.requires(v.slot) {
				c.needs[d.index] = max(c.needs[d.index], i+1)
			}
		}
	}
}

func column(names, keys []string) int {
	for _, key := range keys {
		if i := slices.IndexFunc(names, func(name string) bool { return strings.EqualFold(name, key) }); i >= 0 {
			return i
		}
	}
	return -1
}

// directive reads a line that begins with #.
func (c *columns) directive(line []byte) {
	if names, ok := bytes.CutPrefix(line, []byte("#Fields:")); ok {
		c.name(strings.Fields(string(names)))
	}
}

func (c *columns) split(line []byte, r *record, d *demand) bool {
	clear(r.values)
	for i, slots := range c.slots {
		var value []byte
		if i > 0 && line == nil {
			return i >= c.needs[d.index]
		}
		value, line = c.cut(line)
		for _, slot := range slots {
			if r.values[slot] = dashed(value); slot == c.layout.status {
				r.values[slot] = value
			}
		}
	}
	return len(c.slots) > 0 && c.ends(line)
}

// ends tells whether no more columns follow in the rest of a line than it has names: a
// line of more is two in one.
func (c *columns) ends(rest []byte) bool {
	rest = bytes.TrimRight(rest, string(c.separator))
	for n := len(c.slots); len(rest) > 0; n++ {
		if n == c.most {
			return false
		}
		_, rest = c.cut(rest)
	}
	return true
}

// cut returns the first column and the rest, nil if there is none. A column in
// quotes may hold blanks, and quotes written twice.
func (c *columns) cut(line []byte) (value, rest []byte) {
	if c.separator != ' ' || len(line) == 0 || line[0] != '"' {
		value, rest, _ = bytes.Cut(line, []byte{c.separator})
		return value, rest
	}
	end := 1
	for end < len(line) && (line[end] != '"' || end+1 < len(line) && line[end+1] == '"') {
		if line[end] == '"' {
			end++
		}
		end++
	}
	value = line[1:min(end, len(line))]
	if end+2 > len(line) {
		return value, nil
	}
	return value, line[end+2:]
}
