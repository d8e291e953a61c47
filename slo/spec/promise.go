package spec

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// Bounds of a rolling window.
const (
	minWindow = time.Minute
	maxWindow = 5 * 366 * 24 * time.Hour
	day       = 24 * time.Hour
)

// promise is one target over one window.
type promise struct {
	target slo.Target
	window slo.Window
	suffix string   // of the name
	pos    diag.Pos // of the entry in objectives, zero without one
	place  diag.Pos // of the window
}

// promises returns the targets and windows of an SLO: its own, or those of its
// objectives, which take from the SLO what they leave out. The objectives' names
// are the SLO's with their own, else their window ("-30d", "-month"), else where
// windows are alike their target ("-99.9%"), else both.
func (d *document) promises(v Value) []promise {
	entries := v.Get("objectives")
	if entries.Kind == Missing {
		return []promise{d.promise(v, v)}
	}
	var out []promise
	for _, e := range entries.Items {
		if e.Kind == Map {
			p := d.promise(e, v)
			p.pos, p.suffix = e.Pos, e.Get("name").Text
			out = append(out, p)
		}
	}
	d.unused(v, entries)
	if len(out) > 1 {
		nameApart(out)
	}
	return out
}

// unused reports a target or window that every objective replaces.
func (d *document) unused(v, entries Value) {
	for _, key := range []string{"target", "window"} {
		used := !v.Get(key).Is() || len(entries.Items) == 0
		for _, e := range entries.Items {
			used = used || !e.Get(key).Is()
		}
		if !used {
			d.add(diag.Errorf(v.Get(key).Pos, "slo/unused", "%s is not used: every entry of objectives has its own", key).WithHint("remove it"))
		}
	}
}

func nameApart(all []promise) {
	windows, targets := map[string]bool{}, map[slo.Target]bool{}
	for _, p := range all {
		windows[p.window.String()] = true
		targets[p.target] = true
	}
	for i := range all {
		p := &all[i]
		switch {
		case p.suffix != "":
		case len(windows) == len(all):
			p.suffix = p.window.String()
		case len(targets) == len(all):
			p.suffix = p.target.String()
		default:
			p.suffix = p.window.String() + "-" + p.target.String()
		}
	}
}

// promise reads target and window of v, which inherits from outer.
func (d *document) promise(v, outer Value) promise {
	target, window := v.Get("target"), v.Get("window")
	if target.Kind == Missing {
		target = d.inherit(outer, "target")
	}
	if window.Kind == Missing {
		window = d.inherit(outer, "window")
	}
	d.need(target, v, "target", "99.9%")
	d.need(window, v, "window", "30d")
	return promise{target: d.target(target), window: d.window(window), place: window.Pos}
}

func (d *document) need(found, v Value, key, sample string) {
	if found.Kind == Missing {
		d.add(diag.Errorf(v.Pos, "spec/missing-key", "key %q is missing", key).WithHint("add %s: %s, here or under defaults", key, sample))
	}
}

func (d *document) target(v Value) slo.Target {
	t, err := slo.ParseTarget(v.Text)
	if err == nil && t >= slo.Full {
		d.add(diag.Errorf(v.Pos, "target/range", "target %s leaves no error budget", diag.Quote(v.Text)).WithHint("write a target under 100%%, such as 99.99%%"))
	}
	return t
}

// window reads "30d", "month" or the long form. What Check refused stays unset.
func (d *document) window(v Value) slo.Window {
	if v.Kind == Scalar {
		if unit, ok := slo.ParseUnit(v.Text); ok {
			return slo.Window{Unit: unit, Zone: d.zone, WeekStart: time.Monday}
		}
		return slo.Window{Length: d.length(v), Zone: d.zone}
	}
	if v.Kind != Map {
		return slo.Window{}
	}
	w := slo.Window{Zone: v.Get("timezone").Zone(d.zone), WeekStart: time.Monday}
	rolling, calendar := v.Get("rolling"), v.Get("calendar")
	if rolling.Is() == calendar.Is() {
		d.add(diag.Errorf(v.Pos, "window/form", "window must have one of rolling and calendar").WithHint("write {rolling: 30d} or {calendar: month}"))
		return w
	}
	if rolling.Is() {
		w.Length = d.length(rolling)
	} else {
		w.Unit, _ = slo.ParseUnit(calendar.Text)
	}
	d.weekStart(v, &w)
	d.anchor(v, &w)
	return w
}

// length returns that of a rolling window.
func (d *document) length(v Value) time.Duration {
	length := v.Duration()
	switch {
	case length == 0: // reported by Check
	case length < minWindow, length%time.Minute != 0:
		d.add(diag.Errorf(v.Pos, "window/minutes", "window %s must be whole minutes, at least one", diag.Quote(v.Text)))
	case length > maxWindow:
		d.add(diag.Errorf(v.Pos, "window/long", "window %s is longer than 5 years", diag.Quote(v.Text)))
	}
	return length
}

func (d *document) weekStart(v Value, w *slo.Window) {
	start := v.Get("week_start")
	if !start.Is() {
		return
	}
	if w.Unit != slo.Week {
		d.add(diag.Errorf(start.Pos, "window/week", "week_start has a meaning for calendar weeks only").WithHint("remove it, or write calendar: week"))
	}
	if start.Text == "sunday" {
		w.WeekStart = time.Sunday
	}
}

func (d *document) anchor(v Value, w *slo.Window) {
	anchor := v.Get("anchor")
	if !anchor.Is() {
		return
	}
	w.Anchor, _ = slo.ParseDate(anchor.Text)
	switch {
	case w.Rolling() || w.Unit == slo.Day:
		d.add(diag.Errorf(anchor.Pos, "window/anchor", "anchor has a meaning for calendar weeks, months, quarters and years only").WithHint("remove it"))
	case v.Get("week_start").Is():
		d.add(diag.Errorf(anchor.Pos, "window/anchor", "anchor and week_start both say on which day weeks begin").WithHint("remove one of them"))
	}
}

// checkWindow holds a rolling window against the slice and the sources' steps.
func (d *document) checkWindow(p promise, o Objective) {
	if !o.Window.Rolling() {
		return
	}
	if slice := o.Budgeting.Slice; slice > o.Window.Length {
		d.add(diag.Errorf(p.place, "window/slice", "window %s is shorter than a slice of %s", o.Window, slo.FormatDuration(slice)))
	}
	for _, part := range o.Parts {
		if step := part.Source.Step; step > 0 && o.Window.Length%step != 0 {
			d.add(diag.Errorf(p.place, "window/step", "window %s is not a multiple of the step %s of source %s",
				o.Window, slo.FormatDuration(step), diag.Quote(part.Source.Name)))
		}
	}
}
