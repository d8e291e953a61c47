package ical

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// outline is what a file is made of: its calendars with their events, and what is none.
type outline struct {
	open    []string // components around the line
	objects []*object
	events  []event
	others  others
}

// object is one VCALENDAR.
type object struct {
	cancels bool // METHOD:CANCEL: what it holds does not happen
	zones   zones
	zone    property // X-WR-TIMEZONE: what calendar programs show its times in
}

// readOutline returns the properties of every event and every time zone.
func readOutline(ctx context.Context, r io.Reader) (outline, error) {
	var o outline
	if err := contentLines(ctx, r, o.line); err != nil {
		return outline{}, err
	}
	if depth := len(o.open); depth > 0 {
		return outline{}, fmt.Errorf("the file ends inside %s", o.open[depth-1])
	}
	return o, nil
}

// line takes the next content line.
func (o *outline) line(p property) error {
	depth := len(o.open)
	switch {
	case p.name == "BEGIN":
		return o.begin(p)
	case depth == 0:
		return fmt.Errorf("line %d: an iCalendar file begins with BEGIN:VCALENDAR", p.line) // of others nothing is shown
	case p.name == "END":
		if inside := o.open[depth-1]; strings.ToUpper(p.value) != inside {
			return p.errorf("%q does not close %s", p.value, inside)
		}
		o.open = o.open[:depth-1]
	case depth == 1:
		return o.object().set(p)
	case o.open[1] == "VTIMEZONE":
		o.object().zones.line(p, depth)
	case depth == 2 && o.open[1] == "VEVENT":
		e := &o.events[len(o.events)-1]
		e.lines = append(e.lines, p)
	}
	return nil
}

func (o *outline) object() *object { return o.objects[len(o.objects)-1] }

// begin opens a component.
func (o *outline) begin(p property) error {
	name := strings.ToUpper(p.value)
	if len(o.open) == 0 && name != "VCALENDAR" {
		return p.errorf("%q is not VCALENDAR", p.value)
	}
	o.open = append(o.open, name)
	switch depth := len(o.open); {
	case depth == 1:
		o.objects = append(o.objects, &object{})
	case o.open[1] == "VTIMEZONE":
		o.object().zones.begin(p, depth)
	case depth == 2 && name == "VEVENT":
		o.events = append(o.events, event{line: p.line, object: o.object()})
	case depth == 2:
		o.others.add(p)
	}
	if len(o.events) > maxEvents || len(o.open) > maxDepth || len(o.object().zones.defined) > maxZones {
		return p.errorf("%q is one too many", p.value)
	}
	return nil
}

// set takes over what a calendar says of all its events.
func (c *object) set(p property) error {
	value := strings.ToUpper(strings.TrimSpace(p.value))
	switch p.name {
	case "CALSCALE":
		if value != "GREGORIAN" {
			return p.errorf("%q is not read: only GREGORIAN is", p.value)
		}
	case "METHOD":
		// RFC 5546, section 1.4: the others answer, ask for or add to what stands elsewhere.
		if !slices.Contains([]string{"PUBLISH", "REQUEST", "CANCEL"}, value) {
			return p.errorf("%q is a message about events that stand elsewhere, not a calendar", p.value)
		}
		c.cancels = value == "CANCEL"
	case "X-WR-TIMEZONE":
		c.zone = p
	}
	return nil
}
