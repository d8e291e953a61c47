package spec

import (
	"path/filepath"
	"slices"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// exclude reads a document's exclusions and its SLOs' own, and gives each to the
// SLOs it covers. all are the documents of the same file.
func (d *document) exclude(all []*document) {
	for _, v := range d.Get("exclusions").Items {
		d.grant(v, d.covered(v, all))
	}
	for _, s := range d.Get("slos").Items {
		for _, v := range s.Get("exclusions").Items {
			d.grant(v, d.ofSLO(s))
		}
	}
}

// grant reads an exclusion and gives it to the objectives it covers.
func (d *document) grant(v Value, to []*Objective) {
	e, ok := d.exclusion(v)
	if !ok {
		return
	}
	for _, o := range to {
		d.give(o, e, v)
	}
}

// give adds an exclusion, which v says, to an objective.
func (d *document) give(o *Objective, e slo.Exclusion, v Value) {
	o.Exclusions = append(o.Exclusions, e)
	file := v.Get("ics")
	if !file.Is() {
		return
	}
	o.Calendars = append(o.Calendars, d.calendarFile(v, file, len(o.Exclusions)-1))
}

// calendarFile returns the iCalendar file of an exclusion, which has that index.
func (d *document) calendarFile(v, file Value, index int) Calendar {
	path := file.Text
	if !filepath.IsAbs(path) {
		path = filepath.Join(d.dir, path)
	}
	return Calendar{Exclusion: index, Path: path, Name: file.Text, Pos: file.Pos, Zone: v.Get("timezone").Zone(d.zone)}
}

// own returns the document's objectives, to be added to.
func (d *document) own() []*Objective {
	var out []*Objective
	for i := d.first; i < d.last; i++ {
		out = append(out, &d.set.Objectives[i])
	}
	return out
}

// ofSLO returns the objectives that one entry of slos made.
func (d *document) ofSLO(v Value) []*Objective {
	return slices.DeleteFunc(d.own(), func(o *Objective) bool { return o.entry != v.Pos })
}

// covered returns the objectives that an exclusion of the document is for: its
// own, or those of the file that `only` names by service, SLO or both.
func (d *document) covered(v Value, all []*document) []*Objective {
	only := v.Get("only")
	if !only.Is() {
		return d.own()
	}
	var file []*Objective
	known := []string{}
	for _, other := range all {
		file = append(file, other.own()...)
		known = append(known, other.service)
	}
	for _, o := range file {
		known = append(known, o.names()...)
	}
	for _, name := range texts(only) {
		if !slices.Contains(known, name.Text) {
			d.add(unknownOnly(name, known))
		}
	}
	return slices.DeleteFunc(file, func(o *Objective) bool {
		return !slices.ContainsFunc(only.Strings(), func(name string) bool {
			return name == o.Service || slices.Contains(o.names(), name)
		})
	})
}

// names returns what an exclusion may call an objective.
func (o *Objective) names() []string {
	return []string{o.Name, o.base, o.Service + "/" + o.Name, o.Service + "/" + o.base}
}

// texts returns the scalars of a Texts value with their places.
func texts(v Value) []Value {
	if v.Kind == Scalar {
		return []Value{v}
	}
	return v.Items
}

func unknownOnly(name Value, known []string) diag.Finding {
	f := diag.Errorf(name.Pos, "exclusion/only", "%s is neither a service nor an slo of this file", diag.Quote(name.Text))
	if near := diag.Nearest(name.Text, known); near != "" {
		f = f.WithHint("did you mean %s?", near)
	}
	return f
}

// exclusion reads one entry, in one of its three forms.
func (d *document) exclusion(v Value) (slo.Exclusion, bool) {
	e := slo.Exclusion{Name: v.Get("name").Text, AgreedBy: v.Get("agreed_by").Text}
	before := len(d.findings)
	switch {
	case v.Kind != Map:
		return e, false
	case v.Get("ics").Is():
		d.calendar(v, &e)
	case v.Get("rrule").Is():
		d.recurring(v, &e)
	default:
		d.oneOff(v, &e)
	}
	return e, len(d.findings) == before
}

// beside refuses keys that have no meaning in this form of exclusion.
func (d *document) beside(v Value, form string, keys ...string) {
	for _, key := range keys {
		if found := v.Get(key); found.Is() {
			d.add(diag.Errorf(found.Pos, "exclusion/form", "%s has no meaning beside %s", key, form).
				WithHint("an exclusion is {start, end}, {rrule, duration, start} or {ics}"))
		}
	}
}

func (d *document) calendar(v Value, e *slo.Exclusion) {
	d.beside(v, "ics", "rrule", "start", "end", "duration")
	if e.Name == "" {
		e.Name = filepath.Base(v.Get("ics").Text)
	}
}

func (d *document) recurring(v Value, e *slo.Exclusion) {
	rule, start, length := v.Get("rrule"), v.Get("start"), v.Get("duration")
	d.beside(v, "rrule", "end")
	if e.Name == "" {
		e.Name = rule.Text
	}
	if err := slo.CheckRule(rule.Text); err != nil {
		d.add(diag.Errorf(rule.Pos, "exclusion/rrule", "%v", err))
		return
	}
	if slo.NeedsStart(rule.Text) && !start.Is() {
		d.add(diag.Errorf(rule.Pos, "exclusion/start", "a rule with INTERVAL or COUNT depends on its first day").WithHint("add start: 2026-01-04"))
	}
	if length.Kind == Missing {
		d.add(diag.Errorf(v.Pos, "exclusion/duration", "a recurring exclusion needs its duration").WithHint("add duration: 1h"))
	}
	e.Rule = &slo.Recurrence{Rule: rule.Text, Zone: v.Get("timezone").Zone(d.zone), Duration: length.Duration()}
	if m, err := parseMoment(start.Text); err == nil {
		e.Rule.Start, e.Rule.Clock = m.wall(e.Rule.Zone)
	}
}

func (d *document) oneOff(v Value, e *slo.Exclusion) {
	start, end, length := v.Get("start"), v.Get("end"), v.Get("duration")
	if !start.Is() || end.Is() == length.Is() {
		d.add(diag.Errorf(v.Pos, "exclusion/form", "exclusion says not when it is").
			WithHint("write start and end, or start and duration, or rrule and duration, or ics"))
		return
	}
	zone := v.Get("timezone").Zone(d.zone)
	p := slo.Period{Start: d.instant(start, "start", zone)}
	p.End = p.Start.Add(length.Duration())
	if end.Is() {
		p.End = d.instant(end, "end", zone)
	}
	if p.Start.IsZero() || p.End.IsZero() || length.Is() && length.Duration() == 0 {
		return // reported by Check
	}
	if p.Empty() {
		d.add(diag.Errorf(end.Pos, "exclusion/end", "end %s is not after start %s", diag.Quote(end.Text), diag.Quote(start.Text)))
	}
	if e.Name == "" {
		e.Name = start.Text
	}
	e.Fixed = []slo.Period{p}
}
