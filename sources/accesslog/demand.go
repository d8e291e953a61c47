package accesslog

import (
	"slices"

	"github.com/nines-slo/nines/sources/match"
)

// demand is what a line must have so that a request can count it. Requests that ask
// for the same have one demand. A line that lacks what one of them asks for is unread
// for that one alone, as if the others were not there.
type demand struct {
	required []bool // by slot
	status   int    // slot of the status, -1: nobody asks for it
	answered bool   // a line has a status, "-" if there was no answer; else it may lack it
	numbers  []number
	need     int    // of a format with text between the variables: how many of them
	index    int    // among all demands of the layout
	requests []bool // whose demand it is; nil: of all
}

// demand returns what a line must have whatever is asked for, once the layout is
// sealed and before a field is resolved.
func (l *layout) demand() *demand {
	return &demand{required: slices.Clone(l.wanted), status: l.status, answered: l.status >= 0}
}

// asking is resolve for a request, whose demand grows by what it asks for.
func (l *layout) asking(d *demand) func(name string) (match.Field, bool) {
	return func(name string) (match.Field, bool) {
		f, ok := l.resolve(name)
		if !ok {
			return f, false
		}
		d.join(l.memo[name].slots)
		if name == "status" {
			d.status = l.status
		}
		return f, true
	}
}

func (d *demand) join(slots []bool) {
	for slot, required := range slots {
		if slot == len(d.required) {
			d.required = append(d.required, false)
		}
		d.required[slot] = d.required[slot] || required
	}
}

// equals tells whether both demand the same.
func (d *demand) equals(o *demand) bool {
	for slot := range max(len(d.required), len(o.required)) {
		if d.requires(slot) != o.requires(slot) {
			return false
		}
	}
	return d.status == o.status && d.answered == o.answered
}

func (d *demand) requires(slot int) bool { return slot < len(d.required) && d.required[slot] }

// settle sets the demands of the requests. What is resolved from now on is optional:
// a line may lack it.
func (l *layout) settle(demands []*demand) {
	l.demands = nil
	for i, d := range demands {
		k := slices.IndexFunc(l.demands, d.equals)
		if k < 0 {
			k = len(l.demands)
			d.requests = make([]bool, len(demands))
			l.demands = append(l.demands, d)
		}
		l.demands[k].requests[i] = true
	}
	if len(l.demands) == 0 {
		l.demands = []*demand{l.demand()}
	}
	l.every = l.demands[0]
	if len(l.demands) > 1 {
		l.every = &demand{status: -1, index: len(l.demands)}
	}
	for i, d := range l.demands {
		d.index = i
		l.every.join(d.required)
		l.every.status = max(l.every.status, d.status)
		l.every.answered = l.every.answered || d.answered
	}
	for _, d := range l.allDemands() {
		d.numbers, d.need = l.numbers(d), l.need(d)
	}
	l.every.requests = nil
}

// allDemands returns the demands of the requests, and all of them together.
func (l *layout) allDemands() []*demand { return slices.Concat(l.demands, []*demand{l.every}) }

// blank empties what says in a line that there is no value.
func (l *layout) blank(r *record) {
	for slot, v := range r.values {
		if len(v) == 1 && v[0] == '-' {
			r.values[slot] = nil
		}
	}
	if l.status >= 0 && noStatus(r.values[l.status]) {
		r.values[l.status] = nil
	}
	for _, slot := range l.spans {
		if lacksSpan(r.values[slot]) {
			r.values[slot] = nil
		}
	}
}

// noSpan is the duration of requests that were not answered, in formats with a name.
const noSpan = "-1"

// lacksSpan tells whether b, of a format with a name, is no duration: noSpan, or that of a
// request that went on, which HAProxy writes with a plus.
func lacksSpan(b []byte) bool { return string(b) == noSpan || len(b) > 0 && b[0] == '+' }

// noStatus tells whether b is what servers log as the status of a request that was not
// answered, beside "-".
func noStatus(b []byte) bool {
	switch string(b) {
	case "0", "000", "-1":
		return true
	}
	return false
}

// lacksStatus tells whether b is no status and no sign that there is none.
func (d *demand) lacksStatus(b []byte) bool {
	return !isStatus(b) && !noStatus(b) && (d.answered || len(b) > 0)
}

// need returns how many variables a line must have, of a format with text between them.
func (l *layout) need(d *demand) int {
	if l.whole == nil {
		return 0
	}
	for n := len(l.whole.tokens); n > 0; n-- {
		if d.requires(n - 1) {
			return n
		}
	}
	return 0
}

// demandOf returns the number of the demand that a request has.
func (l *layout) demandOf(request int) int {
	return slices.IndexFunc(l.demands, func(d *demand) bool { return d.requests == nil || d.requests[request] })
}

// number is a variable that holds a duration or a size. A line in which it holds
// anything else is not of the format: the name of a cache in the place of the
// request time would be an event that was never slow.
type number struct {
	slot  int
	field match.Field
	none  bool // may say that there is none, see lacksSpan
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
	return len(b) == 0 || len(b) == 1 && b[0] == '-' || n.none && lacksSpan(b)
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
