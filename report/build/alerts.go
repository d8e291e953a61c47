package build

import (
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/diag"
)

// lookback is how far back a firing's begin is looked for at the least, and over how much time
// the traffic is taken.
const lookback = 7 * 24 * time.Hour

// alerts tells how the policies of an objective stand now.
func alerts(j *judged, o *report.Objective) {
	o.Alerts = []report.Alert{}
	if o.Gone {
		return
	}
	o.Warnings = append(o.Warnings, j.m.Idle...)
	for _, p := range j.m.SLO.Policies() {
		if !j.m.SLO.CanFire(p) {
			o.Mute = append(o.Mute, p.Name)
		}
	}
	end := j.status.Now
	week := j.ledger.Over(slo.Period{Start: end.Add(-lookback), End: end}) // the first hours of a month tell little
	o.Warnings = append(o.Warnings, scarce(j.m.SLO, week.Counts, week.Buckets)...)
	evaluator := burn.New(j.ledger, j.m.SLO.Policies(), burn.Options{})
	for _, a := range evaluator.At(end.Add(j.m.SLO.Delay)) {
		if j.m.Failed != "" { // not even silence can be told
			a = burn.Alert{Policy: a.Policy, Condition: a.Condition, State: burn.NoData, Long: a.Long,
				Short: a.Short, Limit: a.Limit}
		}
		o.Alerts = append(o.Alerts, newAlert(a, end.Add(-lookback)))
	}
}

// scarce warns of a page that hardly any failures make, where so many events came in so
// many buckets.
func scarce(s slo.SLO, c budget.Counts, b budget.Buckets) []diag.Finding {
	hours := slo.NumberFrac(int64(b.Measured)*int64(b.Step), int64(time.Hour))
	if got, found := burn.ScarceAt(s, s.Policies(), c.Total.Quo(hours)); found {
		return []diag.Finding{got.Finding(s)}
	}
	return nil
}

// newAlert returns a with the firings that were over after an instant.
func newAlert(a burn.Alert, after time.Time) report.Alert {
	out := report.Alert{Policy: a.Policy.Name, Class: a.Policy.Class, To: append([]string{}, a.Policy.To...),
		Condition: a.Policy.Title(a.Condition), Test: a.Condition.Test,
		State: a.State, Covered: a.Covered, Idle: a.Idle, Earlier: a.Earlier, Figure: a.Figure, Limit: a.Limit,
		Cost: a.Spent}
	if !a.Since.IsZero() {
		out.Since = &a.Since
	}
	if !a.Clears.IsZero() {
		out.Clears = &a.Clears
	}
	if !a.Known.IsZero() {
		out.Known = &a.Known
	}
	out.Over = []report.Firing{}
	for _, o := range a.Over {
		f := report.Firing{Start: o.Start, End: &o.End}
		if !o.Blind.IsZero() {
			f.Blind = &o.Blind
		}
		if out.Last = &f; o.End.After(after) {
			out.Over = append(out.Over, f)
		}
	}
	out.Long, out.Short = burnFigure(a.Long), burnFigure(a.Short)
	return out
}

// burnFigure returns nil for a window that the condition does not have.
func burnFigure(r budget.BurnRate) *report.BurnFigure {
	if r.Window == 0 {
		return nil
	}
	return &report.BurnFigure{Window: slo.FormatDuration(r.Window), Bad: r.Bad, Total: r.Total, Rate: r.Rate}
}
