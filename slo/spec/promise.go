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

// inheritance is what SLOs take that do not say otherwise.
type inheritance struct{ service, defaults Value }

// of returns the value of a key of an SLO, or of defaults.
func (i inheritance) of(v Value, key string) Value {
	if own := v.Get(key); own.Kind != Missing {
		return own
	}
	if inherited := i.defaults.Get(key); inherited.Is() {
		return inherited
	}
	return Value{}
}

// orService is of for keys that the service itself has too.
func (i inheritance) orService(v Value, key string) Value {
	if own := i.of(v, key); own.Kind != Missing {
		return own
	}
	return i.service.Get(key)
}

// promise is one target over one window.
type promise struct {
	target slo.Target
	window slo.Window
	suffix string   // of the name
	pos    diag.Pos // of the entry in objectives, zero without one
	place  diag.Pos // of the window
}

// promiseReader reads what an SLO promises: targets, windows, and how the budget is
// counted.
type promiseReader struct {
	found *findings
	heirs inheritance
	zone  *time.Location
}

// promises returns the targets and windows of an SLO: its own, or those of its
// objectives, which take from the SLO what they leave out. The objectives' names
// are the SLO's with their own, else their window ("-30d", "-month"), else where
// windows are alike their target ("-99.9%"), else both.
func (r promiseReader) promises(v Value) []promise {
	entries := v.Get("objectives")
	if entries.Kind == Missing {
		return []promise{r.promise(v, v)}
	}
	var out []promise
	for _, e := range entries.Items {
		if e.Kind == Map {
			p := r.promise(e, v)
			p.pos, p.suffix = e.Pos, e.Get("name").Text
			out = append(out, p)
		}
	}
	r.unused(v, entries)
	if len(out) > 1 {
		nameApart(out)
	}
	return out
}

// unused reports a target or window that every objective replaces.
func (r promiseReader) unused(v, entries Value) {
	for _, key := range []string{"target", "window"} {
		used := !v.Get(key).Is() || len(entries.Items) == 0
		for _, e := range entries.Items {
			used = used || !e.Get(key).Is()
		}
		if !used {
			unused := diag.Errorf(v.Get(key).Pos, "slo/unused",
				"%s is not used: every entry of objectives has its own", key)
			r.found.add(unused.WithHint("remove it"))
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
func (r promiseReader) promise(v, outer Value) promise {
	target, window := v.Get("target"), v.Get("window")
	if target.Kind == Missing {
		target = r.heirs.of(outer, "target")
	}
	if window.Kind == Missing {
		window = r.heirs.of(outer, "window")
	}
	r.need(target, v, "target", "99.9%")
	r.need(window, v, "window", "30d")
	return promise{target: r.target(target), window: r.window(window), place: window.Pos}
}

func (r promiseReader) need(said, v Value, key, sample string) {
	if said.Kind == Missing {
		missing := diag.Errorf(v.Pos, "spec/missing-key", "key %q is missing", key)
		r.found.add(missing.WithHint("add %s: %s, here or under defaults", key, sample))
	}
}

func (r promiseReader) target(v Value) slo.Target {
	t, err := slo.ParseTarget(v.Text)
	if err == nil && t >= slo.Full {
		full := diag.Errorf(v.Pos, "target/range", "target %s leaves no error budget", diag.Quote(v.Text))
		r.found.add(full.WithHint("write a target under 100%%, such as 99.99%%"))
	}
	return t
}

// window reads "30d", "month" or the long form. What Check refused stays unset.
func (r promiseReader) window(v Value) slo.Window {
	if v.Kind == Scalar {
		if unit, ok := slo.ParseUnit(v.Text); ok {
			return slo.Window{Unit: unit, Zone: r.zone, WeekStart: time.Monday}
		}
		return slo.Window{Length: r.length(v), Zone: r.zone}
	}
	if v.Kind != Map {
		return slo.Window{}
	}
	w := slo.Window{Zone: v.Get("timezone").Zone(r.zone), WeekStart: time.Monday}
	rolling, calendar := v.Get("rolling"), v.Get("calendar")
	if rolling.Is() == calendar.Is() {
		form := diag.Errorf(v.Pos, "window/form", "window must have one of rolling and calendar")
		r.found.add(form.WithHint("write {rolling: 30d} or {calendar: month}"))
		return w
	}
	if rolling.Is() {
		w.Length = r.length(rolling)
	} else {
		w.Unit, _ = slo.ParseUnit(calendar.Text)
	}
	r.weekStart(v, &w)
	r.anchor(v, &w)
	return w
}

// length returns that of a rolling window.
func (r promiseReader) length(v Value) time.Duration {
	length := v.Duration()
	switch {
	case length == 0: // reported by Check
	case length < minWindow, length%time.Minute != 0:
		r.found.add(diag.Errorf(v.Pos, "window/minutes",
			"window %s must be whole minutes, at least one", diag.Quote(v.Text)))
	case length > maxWindow:
		r.found.add(diag.Errorf(v.Pos, "window/long", "window %s is longer than 5 years", diag.Quote(v.Text)))
	}
	return length
}

func (r promiseReader) weekStart(v Value, w *slo.Window) {
	start := v.Get("week_start")
	if !start.Is() {
		return
	}
	if w.Unit != slo.Week {
		needless := diag.Errorf(start.Pos, "window/week", "week_start has a meaning for calendar weeks only")
		r.found.add(needless.WithHint("remove it, or write calendar: week"))
	}
	if start.Text == "sunday" {
		w.WeekStart = time.Sunday
	}
}

func (r promiseReader) anchor(v Value, w *slo.Window) {
	anchor := v.Get("anchor")
	if !anchor.Is() {
		return
	}
	w.Anchor, _ = slo.ParseDate(anchor.Text)
	switch {
	case w.Rolling() || w.Unit == slo.Day:
		needless := diag.Errorf(anchor.Pos, "window/anchor",
			"anchor has a meaning for calendar weeks, months, quarters and years only")
		r.found.add(needless.WithHint("remove it"))
	case v.Get("week_start").Is():
		twice := diag.Errorf(anchor.Pos, "window/anchor", "anchor and week_start both say on which day weeks begin")
		r.found.add(twice.WithHint("remove one of them"))
	}
}

// fits checks a rolling window against the slice and the sources' steps.
func (r promiseReader) fits(p promise, o Objective) {
	if !o.Window.Rolling() {
		return
	}
	if slice := o.Budgeting.Slice; slice > o.Window.Length {
		r.found.add(diag.Errorf(p.place, "window/slice",
			"window %s is shorter than a slice of %s", o.Window, slo.FormatDuration(slice)))
	}
	for _, part := range o.Parts {
		if step := part.Source.Step; step > 0 && o.Window.Length%step != 0 {
			r.found.add(diag.Errorf(p.place, "window/step", "window %s is not a multiple of the step %s of source %s",
				o.Window, slo.FormatDuration(step), diag.Quote(part.Source.Name)))
		}
	}
}

// budgeting reads how an SLO's budget is counted. The slices of the short form
// ratio-timeslices are as long as the step: the sources', or a minute.
func (r promiseReader) budgeting(v Value, parts []Part) slo.Budgeting {
	form := r.heirs.of(v, "budgeting")
	b := slo.Budgeting{Method: slo.Occurrences, Gaps: slo.GapsExclude, NoTraffic: slo.NoTrafficIgnore}
	method := form
	if form.Kind == Map {
		method = form.Get("method")
	}
	if method.Kind == Scalar {
		b.Method = slo.Method(method.Text)
	}
	if !b.Slices() {
		r.occurrencesOnly(form)
		return b
	}
	r.slices(form, &b, parts)
	r.unfilled(form, &b)
	return b
}

// occurrencesOnly refuses what has a meaning for slices alone.
func (r promiseReader) occurrencesOnly(form Value) {
	for _, key := range []string{"slice", "target"} {
		if said := form.Get(key); said.Is() {
			needless := diag.Errorf(said.Pos, "budgeting/occurrences", "%s has no meaning for occurrences", key)
			r.found.add(needless.WithHint("remove it, or write method: timeslices"))
		}
	}
	if gaps := form.Get("gaps"); gaps.Is() && gaps.Text != string(slo.GapsExclude) {
		uncounted := diag.Errorf(gaps.Pos, "budgeting/gaps",
			"gaps %s cannot be counted: a gap has no number of events", diag.Quote(gaps.Text))
		r.found.add(uncounted.WithHint("write gaps: exclude, or method: timeslices"))
	}
	if idle := form.Get("no_traffic"); idle.Is() && idle.Text != string(slo.NoTrafficIgnore) {
		uncounted := diag.Errorf(idle.Pos, "budgeting/no-traffic",
			"no_traffic %s cannot be counted: silence has no number of events", diag.Quote(idle.Text))
		r.found.add(uncounted.WithHint("write no_traffic: ignore, or method: timeslices"))
	}
}

// slices reads length and target of the slices.
func (r promiseReader) slices(form Value, b *slo.Budgeting, parts []Part) {
	slice, target := form.Get("slice"), form.Get("target")
	b.Slice = time.Minute
	for _, p := range parts {
		b.Slice = max(b.Slice, p.Source.Step)
	}
	if slice.Is() {
		b.Slice = slice.Duration()
	} else {
		slice = Value{Kind: Missing, Pos: form.Pos, Text: slo.FormatDuration(b.Slice)}
	}
	r.checkSlice(slice, b.Slice, parts)
	b.Target, _ = slo.ParseTarget(target.Text)
	switch {
	case b.Method == slo.RatioTimeslices && target.Is():
		needless := diag.Errorf(target.Pos, "budgeting/target",
			"target has no meaning for ratio-timeslices: the ratio of every slice counts")
		r.found.add(needless.WithHint("remove it, or write method: timeslices"))
	case b.Method == slo.Timeslices && (slice.Kind == Missing || target.Kind == Missing):
		missing := diag.Errorf(form.Pos, "budgeting/timeslices",
			"timeslices needs the length of a slice and the ratio from which it is good")
		r.found.add(missing.WithHint("write budgeting: {method: timeslices, slice: 5m, target: 95%%}"))
	}
}

// checkSlice checks that slices, whose length v says, share out a day and are made
// of whole steps.
func (r promiseReader) checkSlice(v Value, slice time.Duration, parts []Part) {
	if slice == 0 {
		return // reported by Check
	}
	if slice%time.Minute != 0 || day%slice != 0 {
		uneven := diag.Errorf(v.Pos, "budgeting/slice",
			"slice %s must be whole minutes that divide a day", diag.Quote(v.Text))
		r.found.add(uneven.WithHint("write 1m, 5m, 10m, 15m, 30m, 1h, …, or 1d"))
		return
	}
	for _, p := range parts {
		if step := p.Source.Step; step > 0 && slice%step != 0 {
			r.found.add(diag.Errorf(v.Pos, "budgeting/step", "slice %s is not a multiple of the step %s of source %s",
				diag.Quote(v.Text), slo.FormatDuration(step), diag.Quote(p.Source.Name)))
		}
	}
}

// unfilled reads what slices are worth that were not measured or have no events.
func (r promiseReader) unfilled(form Value, b *slo.Budgeting) {
	gaps, idle := form.Get("gaps"), form.Get("no_traffic")
	if !gaps.Is() {
		gaps = r.heirs.defaults.Get("gaps")
	}
	if !idle.Is() {
		idle = r.heirs.defaults.Get("no_traffic")
	}
	if gaps.Is() {
		b.Gaps = slo.GapPolicy(gaps.Text)
	}
	if idle.Is() {
		b.NoTraffic = slo.NoTraffic(idle.Text)
	}
}
