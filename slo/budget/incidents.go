package budget

import (
	"time"

	"github.com/nines-slo/nines/slo"
)

// clockSlice is the slice in which the methods without slices of their own look
// for incidents.
const clockSlice = 5 * time.Minute

// Incidents returns the runs of down slices of st's judged period, by start. Runs at
// most Incidents.Join apart are one. Time that was not measured neither opens nor
// closes an incident: one that runs into a gap lasts until a slice was seen good.
func (l *Ledger) Incidents(st Status) []Incident {
	var out []Incident
	var open *Incident
	var quiet time.Duration // measured and not down since the end of open
	for _, s := range l.downSlices(st.Judged) {
		switch {
		case s.down && open != nil && quiet <= l.slo.Incidents.Join:
			open.End, open.Bad = s.period.End, open.Bad.Add(s.bad)
			quiet = 0
		case s.down:
			out = append(out, Incident{Period: s.period, Bad: s.bad})
			open, quiet = &out[len(out)-1], 0
		case open == nil:
		case s.measured || s.excluded:
			if quiet == 0 && !s.excluded {
				open.End = s.period.Start // the end of a gap, if there was one
			}
			quiet += s.period.Length()
		}
	}
	if open != nil && quiet == 0 {
		open.Open = true
		open.End = st.Elapsed.End
	}
	for i := range out {
		out[i].Share = out[i].Bad.Quo(st.Counts.Bad)
	}
	return out
}

// downSlice is a slice as incidents see it.
type downSlice struct {
	period                   slo.Period
	bad                      slo.Number
	down, measured, excluded bool
}

// downSlices returns the slices that lie wholly in p: bad ones of timeslices are
// down, else 5-minute clock slices (or buckets, if coarser) with enough errors.
func (l *Ledger) downSlices(p slo.Period) []downSlice {
	var out []downSlice
	if l.slo.Budgeting.Method == slo.Timeslices {
		for _, s := range l.record.slices {
			if p.Covers(s.period) {
				down := s.bad != nil && s.bad.Sign() > 0
				out = append(out, downSlice{s.period, slo.NumberRat(s.bad), down, s.measured, s.excluded})
			}
		}
		return out
	}
	limit, least := LimitOf(downRatio(l.slo)), LimitOf(l.slo.Incidents.MinBad)
	located := l.record.locate(p.Intersect(l.record.span()), max(clockSlice, l.record.data.Step))
	out = make([]downSlice, 0, len(located))
	for _, s := range located {
		if !p.Covers(s.period) {
			continue
		}
		added := l.record.add(s.i, s.j)
		d := downSlice{period: s.period, measured: added.measured > 0, excluded: added.buckets == 0}
		if d.down = isDown(added, limit, least); d.down {
			d.bad = l.record.badOf(added.tally())
		}
		out = append(out, d)
	}
	return out
}

// isDown tells whether at least least events were bad, and at least limit × the valid
// ones.
func isDown(s sums, limit, least Limit) bool {
	if s.bad.IsZero() {
		return false
	}
	bad, total, one := wideSum(s.bad), wideSum(s.total), wide{lo: slo.PowerOfTen(s.decimals)}
	return least.cmp(bad.product(), one.product()) >= 0 && limit.cmp(bad.product(), total.product()) >= 0
}

// badOf returns what a clock slice adds to the period's bad: events, or for
// ratio-timeslices the slices' error ratios, taken in proportion.
func (r *record) badOf(t tally) slo.Number {
	if r.slo.Budgeting.Method == slo.Occurrences {
		return t.bad
	}
	share := slo.NumberFrac(int64(t.measured)*int64(r.data.Step), int64(r.slo.Budgeting.Slice))
	return t.bad.Quo(t.total).Mul(share)
}

// downRatio is the error ratio from which a slice is down: the policy's burn rate,
// at most one half.
func downRatio(s slo.SLO) slo.Number {
	limit := s.Incidents.Burn.Mul(s.Target.Budget())
	if half := slo.NumberFrac(1, 2); limit.Cmp(half) > 0 {
		return half
	}
	return limit
}

// Reliability sums up the incidents of a period. Means are unknown without a
// closed incident, and unknown too where nothing went wrong.
type Reliability struct {
	Incidents slo.Number `json:"incidents"`
	MTTR      slo.Number `json:"mttr_minutes"` // mean length of closed incidents
	MTTF      slo.Number `json:"mttf_minutes"` // time up, per incident
	MTBF      slo.Number `json:"mtbf_minutes"` // elapsed time, per incident
	Longest   slo.Number `json:"longest_minutes"`
}

// ReliabilityOf returns mean times over the elapsed time of a period.
func ReliabilityOf(incidents []Incident, elapsed time.Duration) Reliability {
	r := Reliability{Incidents: slo.NumberOf(int64(len(incidents)))}
	var down, closed, longest time.Duration
	var n int64
	for _, i := range incidents {
		down += i.Length()
		longest = max(longest, i.Length())
		if !i.Open {
			closed += i.Length()
			n++
		}
	}
	if len(incidents) == 0 {
		return r
	}
	mean := func(d time.Duration, n int64) slo.Number { return slo.Minutes(d).Quo(slo.NumberOf(n)) }
	r.MTTR = mean(closed, n)
	r.MTTF = mean(elapsed-down, int64(len(incidents)))
	r.MTBF = mean(elapsed, int64(len(incidents)))
	r.Longest = mean(longest, 1)
	return r
}
