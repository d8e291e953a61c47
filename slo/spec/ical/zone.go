package ical

import (
	"cmp"
	_ "embed" // windows_zones.txt
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/order"
)

//go:embed windows_zones.txt
var windowsZones string

// zones finds the time zone that a TZID of one calendar names.
type zones struct {
	defined []*definition
	known   map[string]*time.Location // those that were found
}

// definition is a VTIMEZONE.
type definition struct {
	line        int
	id          string // TZID
	observances []observance
}

// observance is a STANDARD or DAYLIGHT of a VTIMEZONE.
type observance struct {
	line  int // of BEGIN
	lines []property
}

// begin opens a VTIMEZONE, or a component of one.
func (z *zones) begin(p property, depth int) {
	if depth == 2 {
		z.defined = append(z.defined, &definition{line: p.line})
		return
	}
	d := z.defined[len(z.defined)-1]
	if depth == 3 {
		d.observances = append(d.observances, observance{line: p.line})
	}
}

// line takes the next line of a VTIMEZONE or of its observance.
func (z *zones) line(p property, depth int) {
	d := z.defined[len(z.defined)-1]
	switch {
	case depth == 2 && p.name == "TZID":
		d.id = p.value
	case depth == 3:
		o := &d.observances[len(d.observances)-1]
		o.lines = append(o.lines, p)
	}
}

// find returns the zone that a TZID means: what the calendar's own VTIMEZONE says,
// else what is known under that name.
func (z *zones) find(id string, in scope) (*time.Location, error) {
	if zone := z.known[id]; zone != nil {
		return zone, nil
	}
	zone, err := z.look(id, in)
	if err != nil {
		return nil, err
	}
	if z.known == nil {
		z.known = map[string]*time.Location{}
	}
	z.known[id] = zone
	return zone, nil
}

func (z *zones) look(id string, in scope) (*time.Location, error) {
	if d, err := z.definition(id); err != nil {
		return nil, err
	} else if d != nil {
		return d.location(in)
	}
	if zone := named(id); zone != nil {
		return zone, nil
	}
	return nil, fmt.Errorf("has TZID %q, which is no IANA or Windows time zone and no VTIMEZONE of the file", id)
}

// definition returns the calendar's own of that name, nil if it has none. One without
// observances only says the name.
func (z *zones) definition(id string) (*definition, error) {
	var found *definition
	for _, d := range z.defined {
		switch {
		case d.id != id || len(d.observances) == 0:
		case found == nil:
			found = d
		case !found.equal(d):
			return nil, fmt.Errorf("has TZID %q, which the VTIMEZONE on line %d and that on line %d define otherwise",
				id, found.line, d.line)
		}
	}
	return found, nil
}

// equal tells whether d and other say the same.
func (d *definition) equal(other *definition) bool {
	return slices.EqualFunc(d.observances, other.observances, func(a, b observance) bool {
		return slices.EqualFunc(a.lines, b.lines, func(p, q property) bool { return p.name == q.name && p.value == q.value })
	})
}

// named returns the zone that is known under a name of IANA or of Windows, nil if there
// is none. A name behind a slash may begin with who gave it, "/example.org/Europe/Berlin"
// (RFC 5545, section 3.8.3.1).
func named(id string) *time.Location {
	for line := range strings.Lines(windowsZones) {
		if windows, iana, _ := strings.Cut(strings.TrimSpace(line), "\t"); windows == id {
			id = iana
		}
	}
	rest, global := strings.CutPrefix(id, "/")
	for more := true; more; _, rest, more = strings.Cut(rest, "/") {
		if zone, err := time.LoadLocation(rest); err == nil && rest != "" && rest != "Local" {
			return zone
		}
		if !global {
			break
		}
	}
	return nil
}

// otherwise warns of time zones that a calendar defines otherwise within a period than
// what is known under their name.
func (z *zones) otherwise(file string, within slo.Period) diag.List {
	var out diag.List
	for _, d := range z.defined {
		zone, known := z.known[d.id], named(d.id)
		if zone == nil || known == nil || len(d.observances) == 0 {
			continue
		}
		if at, differ := difference(zone, known, within); differ {
			out = append(out, diag.Warnf(diag.Pos{File: file, Line: d.line}, "exclusion/zone",
				"from %s on this VTIMEZONE has another offset than the %s that is known; times are read by the file's",
				at.UTC().Format("2006-01-02T15:04Z"), diag.Quote(d.id)).
				WithHint("export the calendar anew, or delete the VTIMEZONE if the known zone is meant"))
		}
	}
	return out
}

// floating warns of times without zone in a calendar that says X-WR-TIMEZONE. By RFC 5545
// they are those of whoever reads them; some programs show them in that zone, in which
// they may lie elsewhere. A whole day is whole wherever it is read.
func (c *object) floating(file string, events []*event, in scope, within slo.Period) diag.List {
	n, first, id := 0, 0, strings.TrimSpace(c.zone.value)
	for _, e := range events {
		if e.object != c || !e.floats || e.cancelled {
			continue
		}
		if n++; n == 1 {
			first = e.line
		}
	}
	zone, err := c.zones.find(id, in)
	if _, differ := difference(in.zone, cmp.Or(zone, in.zone), within); n == 0 || id == "" || err == nil && !differ {
		return nil
	}
	text := fmt.Sprintf("the event on line %d has a time without zone, which is", first)
	if n > 1 {
		text = fmt.Sprintf("%d events from line %d on have times without zone, which are", n, first)
	}
	meant := "timezone: ZONE beside the ics if another is meant"
	if known := named(id); known != nil {
		meant = "timezone: " + known.String() + " beside the ics if that is meant"
	}
	return diag.List{diag.Warnf(diag.Pos{File: file, Line: c.zone.line}, "exclusion/zone",
		"%s read in %s, though X-WR-TIMEZONE is %s", text, in.zone, diag.Quote(id)).
		WithHint("write %s, else delete the line of X-WR-TIMEZONE", meant)}
}

// difference returns the first instant of a period at which clocks in a and b differ.
func difference(a, b *time.Location, within slo.Period) (time.Time, bool) {
	for t := within.Start; t.Before(within.End); {
		_, offsetA := t.In(a).Zone()
		_, offsetB := t.In(b).Zone()
		if offsetA != offsetB {
			return t, true
		}
		next := within.End
		for _, zone := range []*time.Location{a, b} {
			if _, end := t.In(zone).ZoneBounds(); end.After(t) && end.Before(next) {
				next = end
			}
		}
		t = next
	}
	return time.Time{}, false
}

// change is what an observance begins with.
type change struct {
	at       time.Time
	from, to int // seconds east of UTC
}

// location returns the zone as its observances say, as far as the scope needs it.
func (d *definition) location(in scope) (*time.Location, error) {
	var all []change
	offsets := map[int]bool{}
	for _, o := range d.observances {
		found, err := o.changes(in)
		all = append(all, found...)
		for _, c := range found {
			offsets[c.to] = true
		}
		if err == nil && (len(all) > maxChanges || len(offsets) > maxOffsets) {
			err = fmt.Errorf("line %d: that is one observance too many", o.line)
		}
		if err != nil {
			return nil, fmt.Errorf("has TZID %q, whose VTIMEZONE on line %d is not understood: %w", d.id, d.line, err)
		}
	}
	order.Stable(all, func(a, b change) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.to, b.to)) })
	return time.LoadLocationFromTZData(d.id, tzif(all))
}

// changes returns when the observance begins, as far as the scope needs it.
func (o observance) changes(in scope) ([]change, error) {
	var c change
	var start when
	for name, offset := range map[string]*int{"TZOFFSETFROM": &c.from, "TZOFFSETTO": &c.to} {
		p, err := o.property(name)
		if err != nil {
			return nil, err
		}
		if *offset, err = utcOffset(p); err != nil {
			return nil, err
		}
	}
	// A time of an observance is one by the offset before it (section 3.6.5).
	before := scope{zone: time.FixedZone("", c.from)}
	p, err := o.property("DTSTART")
	if err != nil {
		return nil, err
	}
	if start, err = p.when(p.value, before); err != nil {
		return nil, err
	}
	e := event{line: o.line, start: start}
	for _, p := range o.lines {
		switch p.name {
		case "RDATE":
			err = e.addDates(p, before)
		case "RRULE":
			err = e.addYearly(p, before)
		}
		if err != nil {
			return nil, err
		}
	}
	var out []change
	begin := func(at time.Time) { out = append(out, change{at, c.from, c.to}) }
	for _, rule := range e.rules {
		starts, err := e.expand(rule, slo.Period{End: in.until}, false, in.load)
		if err != nil {
			return nil, err
		}
		for _, at := range starts {
			begin(at)
		}
	}
	for _, add := range e.with {
		begin(add.when.instant())
	}
	// Many write any day in DTSTART, which would begin summer in January.
	if len(e.rules) == 0 {
		begin(start.instant())
	}
	return out, nil
}

// addYearly adds a rule of an observance.
func (e *event) addYearly(p property, in scope) error {
	if !strings.Contains(strings.ToUpper(p.value), "FREQ=YEARLY") {
		return p.errorf("%q is not yearly", p.value)
	}
	return e.addRule(p, in)
}

// property returns the one of a name.
func (o observance) property(name string) (property, error) {
	i := slices.IndexFunc(o.lines, func(p property) bool { return p.name == name })
	if i < 0 {
		return property{}, fmt.Errorf("line %d: there is no %s", o.line, name)
	}
	return o.lines[i], nil
}

// utcOffset reads +0900 or -033000, in seconds.
func utcOffset(p property) (int, error) {
	text := strings.TrimSpace(p.value)
	layout := "-0700"
	if len(text) == len("-070000") {
		layout = "-070000"
	}
	t, err := time.Parse(layout, text)
	if err != nil {
		return 0, p.errorf("%q is not an offset such as +0900", p.value)
	}
	_, offset := t.Zone()
	return offset, nil
}
