package build

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/backtest"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/order"
)

// fired tells what the alert policies of an objective did over the judged period,
// and how they did in the incidents that the counts show.
func fired(j *judged, o *report.Objective) {
	s, p := j.m.SLO, j.status.Judged
	o.Warnings = append(o.Warnings, j.m.Idle...)
	if o.Unmeasured() {
		for _, p := range s.Policies() {
			o.Fired = append(o.Fired, unmeasured(p.Name, p.Class))
		}
		return
	}
	replay := backtest.Run(j.ledger, s.Policies(), backtest.Found(j.wide, p, j.b.At), backtest.Options{From: p.Start, To: j.heard()})
	o.Warnings = append(o.Warnings, scarce(s, j.status.Counts, j.status.Buckets)...)
	known := slo.Lasting(budget.Known(j.ledger, p))
	for _, a := range replay.Policies {
		o.Fired = append(o.Fired, newAlerted(a, known, false))
	}
	mute(o.Fired, s, s.Policies())
}

// mute marks those of alerts, each of a policy, that cannot fire for s. Where nothing was
// measured nobody asks.
func mute(alerts []report.Alerted, s slo.SLO, policies []slo.Policy) {
	for i, p := range policies {
		if a := &alerts[i]; !a.Unknown && !s.CanFire(p) {
			a.Mute, a.PerWeek = true, slo.Number{}
		}
	}
}

// heard returns when the last counts of the judged time are complete, or the period is
// over: later alerts belong to the next.
func (j *judged) heard() time.Time {
	last := j.status.Judged.End
	if known := earlier(last.Add(j.m.SLO.Delay), j.status.Period.End); known.After(last) {
		return known
	}
	return last
}

// newAlerted makes the figures of an alert over a period of which so much is known. With
// judged the incidents are known from elsewhere.
func newAlerted(a backtest.Alert, known time.Duration, judged bool) report.Alerted {
	out := report.Alerted{Name: a.Name, Class: a.Class, Fired: len(a.Firings),
		Firings: newFirings(a.Firings, a.Earlier)}
	out.PerWeek = perWeek(out.Fired, known)
	for _, m := range a.Matches {
		out.Matches = append(out.Matches, newMatch(m))
	}
	for i, told := range a.Told {
		if !told {
			out.Unmatched = append(out.Unmatched, out.Firings[i])
		}
	}
	if judged {
		out.Detected, out.Late, out.Missed = number(a.Detected), number(a.Score.Late), number(a.Missed)
		out.NotJudged, out.False = number(a.NotJudged), number(a.False)
	}
	conclude(&out, out.Matches)
	return out
}

// unmeasured returns an alert of which nothing is known.
func unmeasured(name string, class slo.Class) report.Alerted {
	return report.Alerted{Name: name, Class: class, Unknown: true}
}

func number(n int) slo.Number { return slo.NumberOf(int64(n)) }

// perWeek returns n firings in so much known time as so many a week, unknown if less is
// known than a week but for a day of gaps.
func perWeek(n int, known time.Duration) slo.Number {
	week := slo.Week.Nominal()
	if known < week-slo.Day.Nominal() {
		return slo.Number{}
	}
	return backtest.Rate(n, known, week)
}

// spread returns the median (of an even number, the mean of the two in the middle)
// and the largest of ns.
func spread(ns []slo.Number) report.Spread {
	ns = slices.DeleteFunc(slices.Clone(ns), func(n slo.Number) bool { return !n.Known() })
	if len(ns) == 0 {
		return report.Spread{}
	}
	order.Stable(ns, slo.Number.Cmp)
	low, high := ns[(len(ns)-1)/2], ns[len(ns)/2]
	return report.Spread{Median: low.Add(high).Quo(slo.NumberOf(2)), Worst: ns[len(ns)-1]}
}

// conclude makes the figures of a that follow from its others and from matches.
func conclude(a *report.Alerted, matches []report.Match) {
	var detection, reset, spent []slo.Number
	for _, m := range matches {
		if m.Outcome == backtest.NotJudged {
			continue
		}
		detection = append(detection, m.Detection)
		reset = append(reset, m.Reset)
		spent = append(spent, m.Spent)
	}
	a.Detection, a.Reset, a.Spent = spread(detection), spread(reset), spread(spent)
	found, fired := a.Detected.Add(a.Late), number(a.Fired)
	a.Recall = found.Quo(found.Add(a.Missed))
	a.Precision = fired.Sub(a.False).Quo(fired)
}

// addUp adds another objective's counts of the same policy to a.
func addUp(a *report.Alerted, b report.Alerted) {
	a.Fired += b.Fired
	switch {
	case a.Mute:
		a.PerWeek = b.PerWeek
	case !b.Mute:
		a.PerWeek = a.PerWeek.Add(b.PerWeek)
	}
	a.Mute = a.Mute && b.Mute
	a.Detected, a.Late, a.Missed = a.Detected.Add(b.Detected), a.Late.Add(b.Late), a.Missed.Add(b.Missed)
	a.NotJudged, a.False = a.NotJudged.Add(b.NotJudged), a.False.Add(b.False)
}

// totals adds up the policies of all objectives of which anything is known, in the
// order in which they come.
func totals(objectives []report.Backtested) []report.Alerted {
	out := []report.Alerted{}
	var matches [][]report.Match // of out, in step
	for _, o := range objectives {
		for _, a := range o.Policies {
			if a.Unknown {
				continue
			}
			i := slices.IndexFunc(out, func(t report.Alerted) bool { return t.Name == a.Name && t.Class == a.Class })
			if i >= 0 {
				addUp(&out[i], a)
				matches[i] = append(matches[i], a.Matches...)
				continue
			}
			matches = append(matches, slices.Clone(a.Matches))
			a.Firings, a.Matches, a.Unmatched = nil, nil, nil
			out = append(out, a)
		}
	}
	for i := range out {
		conclude(&out[i], matches[i])
	}
	return out
}

func newMatch(m backtest.Match) report.Match {
	out := report.Match{Incident: m.Incident.Name, Start: m.Incident.Start, End: instant(m.Incident.End),
		Outcome: m.Outcome, Already: m.Already,
		Fired: instant(m.Fired), Spent: m.Spent}
	if !m.Fired.IsZero() {
		out.Detection = slo.Minutes(m.Detection)
	}
	if reset, ok := m.Reset(); ok {
		out.Reset = slo.Minutes(reset)
	}
	return out
}

// newFirings returns firings of a period; earlier: the first began before it.
func newFirings(fs []burn.Firing, earlier bool) []report.Firing {
	out := []report.Firing{}
	for i, f := range fs {
		out = append(out, report.Firing{Start: f.Start, End: instant(f.End), Earlier: earlier && i == 0})
	}
	return out
}
