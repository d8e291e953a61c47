package budget

import (
	"iter"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/evidence"
)

// lookAt is the stretch of time in which the methods without slices of their own look
// for incidents. It begins at whole five minutes of UTC.
const lookAt = 5 * time.Minute

// Incidents returns when the objective was down in st's judged period, by start. What
// is too short, or too few events to tell, is a blip.
//
// A run of down slices begins with the first bad bucket and ends with the last one.
// Runs with at most Incidents.Join of measured time with traffic between them are one.
// A slice without valid events, measured or not, neither opens nor closes a run.
func (l *Ledger) Incidents(st Status) (incidents, blips []Incident) {
	d := downtime{record: l.record, limit: LimitOf(downRatio(l.slo))}
	for _, r := range d.runs(st.Judged) {
		r.Share = r.Bad.Quo(st.Counts.Bad)
		switch {
		case r.strays(l.slo):
		case r.counts(l):
			incidents = append(incidents, r.Incident)
		default:
			blips = append(blips, r.Incident)
		}
	}
	return incidents, blips
}

// run is a run of down slices.
type run struct {
	Incident
	events Counts // of its down slices
}

// strays tells whether r is a few failures alone, not even a blip. A bad slice of
// timeslices is not: its target is what they are held against.
func (r run) strays(s slo.SLO) bool {
	return s.Budgeting.Method != slo.Timeslices && r.events.Bad.Cmp(s.Incidents.MinBad) < 0
}

// counts tells whether r is an incident: its events prove that it was down, and it
// either spent enough of a month's budget or was an outage beyond doubt. That a slice
// of the slice methods is bad needs no proof.
func (r run) counts(l *Ledger) bool {
	proves := func(ratio slo.Number) bool { return evidence.Over(r.events.Bad, r.events.Total, ratio) }
	if !l.slo.Budgeting.Slices() && !proves(downRatio(l.slo)) {
		return false
	}
	return proves(slo.NumberFrac(1, 2)) || r.Bad.Cmp(l.slo.Incidents.MinSpent.Mul(l.month(r.Start))) >= 0
}

const (
	week  = 7 * 24 * time.Hour
	month = 30 * 24 * time.Hour
)

// IncidentReach is how long before a period the counts are wanted that tell which of
// its incidents count.
const IncidentReach = month

// month returns how many events or slices may be bad in 30 days, at the traffic of the
// 30 days before start, so that every period that is asked for has the same incidents.
// Where less than a week is known before start, it is the first week that is known. It
// is unknown without traffic to go by.
func (l *Ledger) month(start time.Time) slo.Number {
	budget := l.slo.Target.Budget()
	if l.slo.Budgeting.Slices() {
		return budget.Mul(slo.NumberFrac(int64(month), int64(l.slo.Budgeting.Slice)))
	}
	m, step := l.Meter(), l.record.data.Step
	s := Stretch{j: l.record.data.Index(start)}
	first := l.record.data.Index(l.record.data.First())
	s.i = max(first, s.j-int(month/step))
	if enough := s.i + int(week/step); s.j < enough {
		s.j = min(enough, m.Instants())
	}
	_, total := m.Counts(s)
	measured := slo.NumberOf(m.presence.measuredIn(s))
	return total.Quo(measured).Mul(slo.NumberFrac(int64(month), int64(step))).Mul(budget)
}

// downSlice is a slice as incidents see it: the buckets [i, j). Of a down one those
// from first to last are what was down.
type downSlice struct {
	i, j        int
	period      slo.Period // of the buckets that are down, or of the slice if it has none
	first, last int
	down, idle  bool       // idle: there is nothing to judge
	measured    int        // buckets
	bad         slo.Number // of the period's bad
}

// downtime looks for the runs of down slices of a record. Limit is the error ratio from
// which five minutes are down.
type downtime struct {
	record *record
	limit  Limit
}

// runs returns the runs of down slices in p.
func (d downtime) runs(p slo.Period) []run {
	var out []run
	var quiet time.Duration // measured, with traffic, since the end of the last run
	lasting := func(buckets int) time.Duration { return time.Duration(buckets) * d.record.data.Step }
	for s := range d.slices(p) {
		switch {
		case s.idle || !s.down && len(out) == 0:
			continue
		case !s.down:
			out[len(out)-1].Open = false
			quiet += lasting(s.measured)
			continue
		}
		quiet += lasting(d.record.add(s.i, s.first).measured)
		if len(out) == 0 || quiet > d.record.slo.Incidents.Join {
			if len(out) > 0 {
				out[len(out)-1].Open = false
			}
			zero := slo.NumberOf(0)
			out = append(out, run{Incident{Period: s.period, Bad: zero}, Counts{zero, zero, zero}})
		}
		last := &out[len(out)-1]
		last.add(s, d.record.add(s.i, s.j).tally())
		quiet = lasting(d.record.add(s.last, s.j).measured)
	}
	return out
}

// add makes s the last slice of r.
func (r *run) add(s downSlice, events tally) {
	r.End, r.Open, r.Bad = s.period.End, true, r.Bad.Add(s.bad)
	r.events.Bad = r.events.Bad.Add(events.bad)
	r.events.Total = r.events.Total.Add(events.total)
}

// slices returns the slices of p: those of timeslices, else stretches of five
// minutes, or buckets if these are longer.
func (d downtime) slices(p slo.Period) iter.Seq[downSlice] {
	if d.record.slo.Budgeting.Method == slo.Timeslices {
		return d.badSlices(p)
	}
	return func(yield func(downSlice) bool) {
		end := d.record.data.Index(p.End)
		for i := d.record.data.Index(p.Start); i < end; {
			j := min(end, max(i+1, d.record.data.Index(d.record.data.Time(i).Truncate(lookAt).Add(lookAt))))
			if !yield(d.look(i, j)) {
				return
			}
			i = j
		}
	}
}

// look judges the buckets [i, j): they are down if their error ratio reaches the limit, and
// so is each of them.
func (d downtime) look(i, j int) downSlice {
	sums := d.record.add(i, j)
	s := downSlice{i: i, j: j, first: i, last: j, measured: sums.measured}
	s.idle, s.down = sums.total.IsZero(), reaches(sums, d.limit)
	if !s.down {
		return s
	}
	for !reaches(d.record.add(s.first, s.first+1), d.limit) {
		s.first++
	}
	for !reaches(d.record.add(s.last-1, s.last), d.limit) {
		s.last--
	}
	s.period = slo.Period{Start: d.record.data.Time(s.first), End: d.record.data.Time(s.last)}
	s.bad = d.badOf(sums.tally())
	return s
}

// badSlices returns the slices of timeslices in p. A bad one is down as a whole.
func (d downtime) badSlices(p slo.Period) iter.Seq[downSlice] {
	return func(yield func(downSlice) bool) {
		for _, s := range d.record.starting(p) {
			down := downSlice{i: s.i, j: s.j, first: s.i, last: s.j, period: s.period, bad: slo.NumberRat(s.bad)}
			down.measured = d.record.add(s.i, s.j).measured
			down.down = s.bad != nil && s.bad.Sign() > 0
			down.idle = s.bad == nil || !down.down && !s.measured
			if s.i < s.j {
				down.period = slo.Period{Start: d.record.data.Time(s.i), End: d.record.data.Time(s.j)}
			}
			if !yield(down) {
				return
			}
		}
	}
}

// reaches tells whether at least limit × the valid events of s were bad, and some were.
func reaches(s sums, limit Limit) bool {
	return !s.bad.IsZero() && limit.cmp(wideSum(s.bad).product(), wideSum(s.total).product()) >= 0
}

// badOf returns what five minutes add to the period's bad: events, or for
// ratio-timeslices the slices' error ratios, taken in proportion.
func (d downtime) badOf(t tally) slo.Number {
	if d.record.slo.Budgeting.Method == slo.Occurrences {
		return t.bad
	}
	share := slo.NumberFrac(int64(t.measured)*int64(d.record.data.Step), int64(d.record.slo.Budgeting.Slice))
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
	MTBF      slo.Number `json:"mtbf_minutes"` // time judged, per incident
	Longest   slo.Number `json:"longest_minutes"`
}

// ReliabilityOf returns mean times over the time that was judged.
func ReliabilityOf(incidents []Incident, judged time.Duration) Reliability {
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
	r.MTTF = mean(judged-down, int64(len(incidents)))
	r.MTBF = mean(judged, int64(len(incidents)))
	r.Longest = mean(longest, 1)
	return r
}
