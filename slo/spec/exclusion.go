package spec

import (
	"path/filepath"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// exclusionReader reads entries of exclusions and of a gate's freezes.
type exclusionReader struct {
	found *findings
	dir   string
	zone  *time.Location
	load  *load
}

// load is how many starts of recurring exclusions the objectives of one file look at.
type load struct {
	starts  int
	refused bool
}

// maxLoad is how many may be looked at for a year. Each of a thousand objectives may have
// ten exclusions a week, or ten objectives one each hour.
const maxLoad = 1_000_000

// lastYear is one for which rules with COUNT are gone through from their first start.
func lastYear() slo.Period {
	return slo.Period{
		Start: time.Date(2099, time.January, 1, 0, 0, 0, 0, time.UTC),
		End:   time.Date(2099, time.December, 31, 0, 0, 0, 0, time.UTC),
	}
}

// bear counts what a rule costs so many objectives, and tells whether it may.
func (r exclusionReader) bear(v Value, rule *slo.Recurrence, objectives int) bool {
	if rule == nil || r.load.refused {
		return rule == nil
	}
	r.load.starts += rule.Load(lastYear()) * objectives
	if r.load.refused = r.load.starts > maxLoad; !r.load.refused {
		return true
	}
	dense := diag.Errorf(v.Get("rrule").Pos, "exclusion/dense",
		"the recurring exclusions up to here have more than %d starts a year, over all objectives of the file", maxLoad)
	r.found.add(dense.WithHint("repeat less often and last longer, end a rule with UNTIL and not COUNT, or split the file"))
	return false
}

// exclusion reads one entry, in one of its three forms.
func (r exclusionReader) exclusion(v Value) (slo.Exclusion, bool) {
	e := slo.Exclusion{Name: v.Get("name").Text, AgreedBy: v.Get("agreed_by").Text}
	before := r.found.len()
	switch {
	case v.Kind != Map:
		return e, false
	case v.Get("ics").Is():
		r.calendar(v, &e)
	case v.Get("rrule").Is():
		r.recurring(v, &e)
	default:
		r.oneOff(v, &e)
	}
	return e, r.found.len() == before
}

// calendarFile returns the iCalendar file of an exclusion, which has that index.
func (r exclusionReader) calendarFile(v Value, index int) Calendar {
	file := v.Get("ics")
	path := file.Text
	if !filepath.IsAbs(path) {
		path = filepath.Join(r.dir, path)
	}
	zone := v.Get("timezone").Zone(r.zone)
	return Calendar{Exclusion: index, Path: path, Name: file.Text, Pos: file.Pos, Zone: zone}
}

// beside refuses keys that have no meaning in this form of exclusion.
func (r exclusionReader) beside(v Value, form string, keys ...string) {
	for _, key := range keys {
		if said := v.Get(key); said.Is() {
			needless := diag.Errorf(said.Pos, "exclusion/form", "%s has no meaning beside %s", key, form)
			r.found.add(needless.WithHint("an exclusion is {start, end}, {rrule, duration, start} or {ics}"))
		}
	}
}

func (r exclusionReader) calendar(v Value, e *slo.Exclusion) {
	r.beside(v, "ics", "rrule", "start", "end", "duration")
	if e.Name == "" {
		e.Name = filepath.Base(v.Get("ics").Text)
	}
}

func (r exclusionReader) recurring(v Value, e *slo.Exclusion) {
	rule, start, length := v.Get("rrule"), v.Get("start"), v.Get("duration")
	r.beside(v, "rrule", "end")
	if e.Name == "" {
		e.Name = rule.Text
	}
	if err := slo.CheckRule(rule.Text); err != nil {
		r.found.add(diag.Errorf(rule.Pos, "exclusion/rrule", "%v", err))
		return
	}
	if slo.NeedsStart(rule.Text) && !start.Is() {
		startless := diag.Errorf(rule.Pos, "exclusion/start", "a rule with INTERVAL or COUNT depends on its first day")
		r.found.add(startless.WithHint("add start: 2026-01-04"))
	}
	if length.Kind == Missing {
		endless := diag.Errorf(v.Pos, "exclusion/duration", "a recurring exclusion needs its duration")
		r.found.add(endless.WithHint("add duration: 1h"))
	}
	e.Rule = &slo.Recurrence{Rule: rule.Text, Zone: v.Get("timezone").Zone(r.zone), Duration: length.Duration()}
	if m, err := parseMoment(start.Text); err == nil {
		e.Rule.Start, e.Rule.Clock = m.wall(e.Rule.Zone)
	}
}

func (r exclusionReader) oneOff(v Value, e *slo.Exclusion) {
	start, end, length := v.Get("start"), v.Get("end"), v.Get("duration")
	if !start.Is() || end.Is() == length.Is() {
		timeless := diag.Errorf(v.Pos, "exclusion/form", "exclusion says not when it is")
		r.found.add(timeless.WithHint("write start and end, or start and duration, or rrule and duration, or ics"))
		return
	}
	zone := v.Get("timezone").Zone(r.zone)
	p := slo.Period{Start: r.found.instant(start, "start", zone)}
	p.End = p.Start.Add(length.Duration())
	if end.Is() {
		p.End = r.found.instant(end, "end", zone)
	}
	if p.Start.IsZero() || p.End.IsZero() || length.Is() && length.Duration() == 0 {
		return // reported by Check
	}
	if p.Empty() {
		r.found.add(diag.Errorf(end.Pos, "exclusion/end",
			"end %s is not after start %s", diag.Quote(end.Text), diag.Quote(start.Text)))
	}
	if e.Name == "" {
		e.Name = start.Text
	}
	e.Fixed = []slo.Period{p}
}

// exclude reads a document's exclusions and its SLOs' own, and gives each to the
// SLOs it covers. all are the documents of the same file.
func (d *document) exclude(all []*document) {
	for _, v := range d.root.Get("exclusions").Items {
		d.grant(v, d.covered(v, all))
	}
	for entry, s := range d.root.Get("slos").Items {
		for _, v := range s.Get("exclusions").Items {
			d.grant(v, d.ofSLO(entry))
		}
	}
}

// grant reads an exclusion and gives it to the objectives it covers.
func (d *document) grant(v Value, to []*Objective) {
	e, ok := d.exclusions.exclusion(v)
	if !ok || !d.exclusions.bear(v, e.Rule, len(to)) {
		return
	}
	for _, o := range to {
		o.Exclusions = append(o.Exclusions, e)
		if v.Get("ics").Is() {
			o.Calendars = append(o.Calendars, d.exclusions.calendarFile(v, len(o.Exclusions)-1))
		}
	}
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
			d.found.add(unknownOnly(name, known))
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
	f := diag.Errorf(name.Pos, "exclusion/only",
		"%s is neither a service nor an slo of this file", diag.Quote(name.Text))
	if near := diag.Nearest(name.Text, known); near != "" {
		f = f.WithHint("did you mean %s?", near)
	}
	return f
}
