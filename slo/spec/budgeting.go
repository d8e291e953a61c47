package spec

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

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
