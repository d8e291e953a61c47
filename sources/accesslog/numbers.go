package accesslog

import (
	"github.com/nines-slo/nines/sources/match"
)

// number is a variable that holds a duration or a size. A line in which it holds
// anything else is not of the format: the name of a cache in the place of the
// request time would be an event that was never slow.
type number struct {
	slot  int
	field match.Field
	none  string
	list  bool
}

// numbers returns the numbers that a demand is about.
func (l *layout) numbers(d *demand) []number {
	var out []number
	for _, v := range l.vars {
		kind := typeOf(v.field)
		if v.unit > 0 {
			kind = match.Duration
		}
		if d.requires(v.slot) && (kind == match.Duration || kind == match.Number) {
			out = append(out, number{v.slot, match.Field{Type: kind, Unit: v.unit}, v.none, v.list})
		}
	}
	return out
}

// reads tells whether b is a number, several of a list, or none.
func (n *number) reads(b []byte) bool {
	return plainNumber(b) || n.plainSpan(b) || n.absent(b) || n.field.Reads(b) || n.list && n.readsAll(b)
}

// plainSpan takes "42ms", as Traefik writes all its times.
func (n *number) plainSpan(b []byte) bool {
	end := len(b) - len("ms")
	return n.field.Type == match.Duration && end > 0 && b[end] == 'm' && b[end+1] == 's' && plainNumber(b[:end])
}

// absent tells whether b says that there is no value. Nothing at all does, as
// nginx writes it in JSON.
func (n *number) absent(b []byte) bool {
	return len(b) == 0 || len(b) == 1 && b[0] == '-' || n.none != "" && string(b) == n.none
}

func (n *number) readsAll(b []byte) bool {
	for len(b) > 0 {
		var one []byte
		if one, b = cutListed(b); !n.absent(one) && !n.field.Reads(one) {
			return false
		}
	}
	return true
}

// plainNumber takes "12" and "0.042", which nearly all numbers are.
func plainNumber(b []byte) bool {
	if len(b) == 0 || !digit(b[0]) {
		return false
	}
	point := false
	for _, c := range b {
		if digit(c) {
			continue
		}
		if c != '.' || point {
			return false
		}
		point = true
	}
	return true
}

func digit(c byte) bool { return c-'0' < 10 }
