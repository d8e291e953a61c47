package clock

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Layout is a compiled strftime layout: conversions and the text between them.
type Layout []conversion

type conversion struct {
	verb byte   // 0: literal text
	text string // of a literal
}

// Compile reads a strftime layout. %f is a fraction of a second, %Q the
// time in milli- or microseconds since 1970.
func Compile(layout string) (Layout, error) {
	layout = strings.NewReplacer(
		"%T", "%H:%M:%S", "%F", "%Y-%m-%d", "%D", "%m/%d/%y", "%R", "%H:%M", "%h", "%b", "%k", "%e",
		"%3N", "%f", "%6N", "%f", "%9N", "%f", "%N", "%f", "%L", "%f").Replace(layout)
	var s Layout
	for layout != "" {
		i := strings.IndexByte(layout, '%')
		if i < 0 {
			i = len(layout)
		}
		if i > 0 {
			s = append(s, conversion{text: layout[:i]})
			layout = layout[i:]
			continue
		}
		if len(layout) < 2 || !strings.ContainsRune("YmdHMSybBezZsaAIpfQ%", rune(layout[1])) {
			unknown := layout[:min(2, len(layout))]
			return nil, fmt.Errorf("%q is not a conversion of strftime that is known here", unknown)
		}
		if layout[1] == '%' {
			s = append(s, conversion{text: "%"})
		} else {
			s = append(s, conversion{verb: layout[1]})
		}
		layout = layout[2:]
	}
	if !s.complete() {
		return nil, fmt.Errorf("the time lacks a date or a time of day")
	}
	return s, nil
}

// complete tells whether the layout names an instant to the minute.
func (s Layout) complete() bool {
	return s.has("sQ") || s.has("Yy") && s.has("mbB") && s.has("de") && s.has("HI") && s.has("M")
}

// Zoned tells whether times of the layout say which instant they are, whatever
// the zone of the log.
func (s Layout) Zoned() bool { return s.has("zZsQ") }

// has tells whether one of the conversions is in the layout.
func (s Layout) has(verbs string) bool {
	return slices.ContainsFunc(s, func(c conversion) bool {
		return c.verb != 0 && strings.IndexByte(verbs, c.verb) >= 0
	})
}

// reading is the state of one text being read.
type reading struct {
	rest  []byte
	t     moment
	epoch int64
	whole bool // epoch is the time
	pm    int  // 12 after noon, 0 before, -1 if nothing was said
}

func (s Layout) parse(text []byte, zone *time.Location) (int64, bool) {
	r := reading{rest: text, pm: -1}
	r.t.month, r.t.day = 1, 1
	for _, c := range s {
		if c.verb == 0 {
			if len(r.rest) < len(c.text) || string(r.rest[:len(c.text)]) != c.text {
				return 0, false
			}
			r.rest = r.rest[len(c.text):]
			continue
		}
		if !r.read(c.verb) {
			return 0, false
		}
	}
	if len(r.rest) > 0 {
		return 0, false
	}
	if r.whole {
		return r.epoch, true
	}
	if r.pm >= 0 {
		r.t.hour = r.t.hour%12 + r.pm
	}
	r.t.second = min(r.t.second, 59)
	return r.t.unix(zone), r.t.valid()
}

// read reads what one conversion stands for.
func (r *reading) read(verb byte) bool {
	switch verb {
	case 'H', 'I', 'M', 'S', 'f':
		return r.timeOfDay(verb)
	case 'a', 'A':
		return len(r.word()) > 0
	case 'p':
		return r.half()
	case 'z', 'Z':
		return r.zone()
	case 's', 'Q':
		return r.sinceEpoch()
	}
	return r.date(verb)
}

func (r *reading) date(verb byte) (ok bool) {
	switch verb {
	case 'Y':
		r.t.year, ok = r.number(4)
	case 'y':
		r.t.year, ok = r.number(2)
		r.t.year += 2000
		if r.t.year > 2068 { // POSIX
			r.t.year -= 100
		}
	case 'm':
		r.t.month, ok = r.number(2)
	case 'b', 'B':
		r.t.month, ok = monthOf(r.word()), true
	case 'd', 'e':
		if len(r.rest) > 0 && r.rest[0] == ' ' {
			r.rest = r.rest[1:]
		}
		r.t.day, ok = r.number(2)
	}
	return ok
}

func (r *reading) timeOfDay(verb byte) (ok bool) {
	switch verb {
	case 'H', 'I':
		r.t.hour, ok = r.number(2)
	case 'M':
		r.t.minute, ok = r.number(2)
	case 'S':
		r.t.second, ok = r.number(2)
	case 'f':
		_, ok = r.number(9)
	}
	return ok
}

// half reads AM or PM.
func (r *reading) half() bool {
	w := r.word()
	if len(w) != 2 {
		return false
	}
	r.pm = 0
	if w[0]|0x20 == 'p' {
		r.pm = 12
	}
	return true
}

// sinceEpoch reads Unix time, which is the whole time.
func (r *reading) sinceEpoch() bool {
	n := 0
	for n < len(r.rest) && digit(r.rest[n]) {
		n++
	}
	r.epoch, r.whole = parseEpoch(r.rest[:n])
	r.rest = r.rest[n:]
	return r.whole
}

// number reads up to n digits.
func (r *reading) number(n int) (int, bool) {
	i, v := 0, 0
	for i < n && i < len(r.rest) && digit(r.rest[i]) {
		v = v*10 + int(r.rest[i]-'0')
		i++
	}
	r.rest = r.rest[i:]
	return v, i > 0
}

func (r *reading) word() []byte {
	i := 0
	for i < len(r.rest) && r.rest[i]|0x20 >= 'a' && r.rest[i]|0x20 <= 'z' {
		i++
	}
	w := r.rest[:i]
	r.rest = r.rest[i:]
	return w
}

func (r *reading) zone() bool {
	i := 0
	for i < len(r.rest) && i < 6 && r.rest[i] != ' ' && r.rest[i] != ']' && r.rest[i] != '.' {
		i++
	}
	ok := i > 0 && r.t.setZone(r.rest[:i])
	r.rest = r.rest[i:]
	return ok
}
