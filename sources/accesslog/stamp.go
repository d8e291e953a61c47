package accesslog

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// stamp is a compiled strftime layout: conversions and the text between them.
type stamp []conversion

type conversion struct {
	verb byte   // 0: literal text
	text string // of a literal
}

// compileStamp reads a strftime layout. %f is a fraction of a second, %Q the
// time in milli- or microseconds since 1970.
func compileStamp(layout string) (stamp, error) {
	layout = strings.NewReplacer("%T", "%H:%M:%S", "%F", "%Y-%m-%d", "%D", "%m/%d/%y", "%R", "%H:%M", "%h", "%b", "%3N", "%f", "%6N", "%f",
		"%9N", "%f", "%N", "%f", "%L", "%f", "%k", "%e").Replace(layout)
	var s stamp
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
			return nil, fmt.Errorf("%q is not a conversion of strftime that is known here", layout[:min(2, len(layout))])
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
func (s stamp) complete() bool {
	return s.has("sQ") || s.has("Yy") && s.has("mbB") && s.has("de") && s.has("HI") && s.has("M")
}

// has tells whether one of the conversions is in the layout.
func (s stamp) has(verbs string) bool {
	return slices.ContainsFunc(s, func(c conversion) bool { return c.verb != 0 && strings.IndexByte(verbs, c.verb) >= 0 })
}

// reading is the state of one text being read.
type reading struct {
	rest  []byte
	t     moment
	epoch int64
	whole bool // epoch is the time
	pm    int  // 12 after noon, 0 before, -1 if nothing was said
}

func (s stamp) parse(text []byte, zone *time.Location) (int64, bool) {
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

func (r *reading) read(verb byte) bool {
	ok := true
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
	case 'd', 'e':
		if len(r.rest) > 0 && r.rest[0] == ' ' {
			r.rest = r.rest[1:]
		}
		r.t.day, ok = r.number(2)
	case 'H', 'I':
		r.t.hour, ok = r.number(2)
	case 'M':
		r.t.minute, ok = r.number(2)
	case 'S':
		r.t.second, ok = r.number(2)
	case 'b', 'B':
		r.t.month = monthOf(r.word())
	case 'a', 'A':
		ok = len(r.word()) > 0
	case 'p':
		w := r.word()
		ok = len(w) == 2
		if r.pm = 0; ok && w[0]|0x20 == 'p' {
			r.pm = 12
		}
	case 'z', 'Z':
		ok = r.zone()
	case 'f':
		_, ok = r.number(9)
	case 's', 'Q':
		n := 0
		for n < len(r.rest) && digit(r.rest[n]) {
			n++
		}
		r.epoch, r.whole = parseEpoch(r.rest[:n])
		ok, r.rest = r.whole, r.rest[n:]
	}
	return ok
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
