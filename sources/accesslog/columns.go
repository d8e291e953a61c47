package accesslog

import (
	"bytes"
	"slices"
	"strings"
	"time"
)

// columns splits lines whose columns a #Fields directive names. Where they have no date,
// a #Date directive says when they begin; a time of day that is earlier than the one
// before it, by more than late lines are, is one of the next day.
type columns struct {
	layout    *layout
	separator byte
	first     []string // without a directive; nil: such lines cannot be read
	slots     [][]int  // by column
	needs     []int    // by demand: columns that a line must have
	most      int      // columns that a line has at most

	date, time int    // slots; date is -1 if lines have one of their own
	day        []byte // "2026-10-01", nil if nobody knows
	last       int    // seconds of the day
}

// lateness is by how many seconds a line may be earlier than the one before it.
const lateness = 3600

func newColumns(l *layout, separator byte, first []string) *columns {
	c := &columns{layout: l, separator: separator, first: first}
	c.restart()
	return c
}

// restart forgets the directives of the file before.
func (c *columns) restart() {
	c.day = nil
	c.name(c.first)
}

// name sets the columns, up to the last that somebody asks for. Of the columns
// that may hold a variable the first of its keys counts.
func (c *columns) name(names []string) {
	c.slots, c.needs, c.most = c.slots[:0], make([]int, len(c.layout.demands)+1), len(names)
	c.date, c.time = -1, -1
	for _, v := range c.layout.vars {
		i := column(names, v.keys)
		switch {
		case v.name == "time":
			c.time = v.slot
		case v.name == "date" && i < 0:
			c.date = v.slot
		}
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
	if text, ok := bytes.CutPrefix(line, []byte("#Date:")); ok {
		if at, err := time.Parse(time.DateTime, string(bytes.TrimSpace(text))); err == nil {
			c.day, c.last = at.AppendFormat(nil, time.DateOnly), at.Hour()*3600+at.Minute()*60+at.Second()
		}
	}
}

// dated adds the date to a line that has none.
func (c *columns) dated(r *record) {
	if c.date < 0 || c.time < 0 || c.day == nil {
		return
	}
	at, err := time.Parse(time.TimeOnly, string(r.values[c.time]))
	if err != nil {
		return
	}
	second := at.Hour()*3600 + at.Minute()*60 + at.Second()
	if second < c.last-lateness {
		day, _ := time.Parse(time.DateOnly, string(c.day))
		c.day = day.AddDate(0, 0, 1).AppendFormat(nil, time.DateOnly)
	}
	c.last, r.values[c.date] = second, c.day
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
	c.dated(r)
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
