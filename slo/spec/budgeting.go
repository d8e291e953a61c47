package spec

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// budgeting reads how an SLO's budget is counted. The slices of the short form
// ratio-timeslices are as long as the step: the sources', or a minute.
func (d *document) budgeting(v Value, parts []Part) slo.Budgeting {
	form := d.inherit(v, "budgeting")
	b := slo.Budgeting{Method: slo.Occurrences, Gaps: slo.GapsExclude, NoTraffic: slo.NoTrafficIgnore}
	method := form
	if form.Kind == Map {
		method = form.Get("method")
	}
	if method.Kind == Scalar {
		b.Method = slo.Method(method.Text)
	}
	if !b.Slices() {
		d.occurrencesOnly(form)
		return b
	}
	d.slices(form, &b, parts)
	d.silence(form, &b)
	return b
}

// occurrencesOnly refuses what has a meaning for slices alone.
func (d *document) occurrencesOnly(form Value) {
	for _, key := range []string{"slice", "target"} {
		if form.Get(key).Is() {
			d.add(diag.Errorf(form.Get(key).Pos, "budgeting/occurrences", "%s has no meaning for occurrences", key).
				WithHint("remove it, or write method: timeslices"))
		}
	}
	if gaps := form.Get("gaps"); gaps.Is() && gaps.Text != string(slo.GapsExclude) {
		d.add(diag.Errorf(gaps.Pos, "budgeting/gaps", "gaps %s cannot be counted: a gap has no number of events", diag.Quote(gaps.Text)).
			WithHint("write gaps: exclude, or method: timeslices"))
	}
	if silence := form.Get("no_traffic"); silence.Is() && silence.Text != string(slo.NoTrafficIgnore) {
		d.add(diag.Errorf(silence.Pos, "budgeting/no-traffic", "no_traffic %s cannot be counted: silence has no number of events", diag.Quote(silence.Text)).
			WithHint("write no_traffic: ignore, or method: timeslices"))
	}
}

// slices reads length and target of the slices.
func (d *document) slices(form Value, b *slo.Budgeting, parts []Part) {
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
	d.checkSlice(slice, b.Slice, parts)
	b.Target, _ = slo.ParseTarget(target.Text)
	switch {
	case b.Method == slo.RatioTimeslices && target.Is():
		d.add(diag.Errorf(target.Pos, "budgeting/target", "target has no meaning for ratio-timeslices: the ratio of every slice counts").
			WithHint("remove it, or write method: timeslices"))
	case b.Method == slo.Timeslices && (slice.Kind == Missing || target.Kind == Missing):
		d.add(diag.Errorf(form.Pos, "budgeting/timeslices", "timeslices needs the length of a slice and the ratio from which it is good").
			WithHint("write budgeting: {method: timeslices, slice: 5m, target: 95%%}"))
	}
}

func (d *document) checkSlice(v Value, slice time.Duration, parts []Part) {
	if slice == 0 {
		return // reported by Check
	}
	if slice%time.Minute != 0 || day%slice != 0 {
		d.add(diag.Errorf(v.Pos, "budgeting/slice", "slice %s must be whole minutes that divide a day", diag.Quote(v.Text)).
			WithHint("write 1m, 5m, 10m, 15m, 30m, 1h, …, or 1d"))
		return
	}
	for _, p := range parts {
		if step := p.Source.Step; step > 0 && slice%step != 0 {
			d.add(diag.Errorf(v.Pos, "budgeting/step", "slice %s is not a multiple of the step %s of source %s",
				diag.Quote(v.Text), slo.FormatDuration(step), diag.Quote(p.Source.Name)))
		}
	}
}

// silence reads what gaps and slices without events are worth.
func (d *document) silence(form Value, b *slo.Budgeting) {
	gaps, traffic := form.Get("gaps"), form.Get("no_traffic")
	if !gaps.Is() {
		gaps = d.defaults.Get("gaps")
	}
	if !traffic.Is() {
		traffic = d.defaults.Get("no_traffic")
	}
	if gaps.Is() {
		b.Gaps = slo.GapPolicy(gaps.Text)
	}
	if traffic.Is() {
		b.NoTraffic = slo.NoTraffic(traffic.Text)
	}
}
