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

// Incidents returns when the objective was down in st's judged period, by start, as far as
// that is known at the instant at. What is too short, or too few events to tell, is a
// blip.
//
// A run of down slices begins with the first bad bucket and ends with the last one.
// Runs with at most Incidents.Join of measured time with traffic between them are one.
// A slice without valid events, measured or not, neither opens nor closes a run. A run
// over a bound of the period is judged as a whole; its part in the period is listed.
//
// For every period that is asked for to tell the same, the data must hold what Around
// returns.
func (l *Ledger) Incidents(st Status, at time.Time) (incidents, blips []Incident) {
	if st.Judged.Empty() {
		return nil, nil
	}
	now := l.known(at.Add(-l.slo.Delay))
	d := newDowntime(l.record, st.Judged)
	for _, r := range d.runs(d.lookout(now)) {
		r.Share = r.Bad.Quo(st.Counts.Bad)
		switch {
		case r.Empty() || r.strays(l.slo):
		case r.counts(l, now):
			incidents = append(incidents, r.Incident)
		default:
			blips = append(blips, r.Incident)
		}
	}
	return incidents, blips
}

// Around returns the time whose counts tell which of the incidents of s in p count, at
// the instant at: a month before the earliest run that may reach into p, and the week
// after p.
func Around(s slo.SLO, p slo.Period, at time.Time) slo.Period {
	return Needs(s, slo.Period{Start: p.Start.Add(-week - month), End: p.End.Add(week)}, at)
}

// run is a run of down slices.
type run struct {
	Incident            // its part in the period that is asked for; empty if it has none
	whole    slo.Period // all of it
	cost     slo.Number // what all of it adds to the bad events or slices
	events   Counts     // of its down slices
}

// strays tells whether r is a few failures alone, not even a blip. A bad slice of
// timeslices is not: its target is what they are held against.
func (r run) strays(s slo.SLO) bool {
	return s.Budgeting.Method != slo.Timeslices && r.events.Bad.Cmp(s.Incidents.MinBad) < 0
}

// counts tells whether r is an incident: its events prove that it was down, and it
// either spent enough of a month's budget or was an outage beyond doubt. That a slice
// of the slice methods is bad needs no proof.
func (r run) counts(l *Ledger, now time.Time) bool {
	proves := func(ratio slo.Number) bool { return evidence.Over(r.events.Bad, r.events.Total, ratio) }
	if !l.slo.Budgeting.Slices() && !proves(downRatio(l.slo)) {
		return false
	}
	return proves(slo.NumberFrac(1, 2)) || r.cost.Cmp(l.slo.Incidents.MinSpent.Mul(l.month(r.whole.Start, now))) >= 0
}

const (
	week  = 7 * 24 * time.Hour
	month = 30 * 24 * time.Hour
)

// month returns how many events or slices may be bad in 30 days, at the traffic of the
// 30 days before start, so that every period that is asked for has the same incidents.
// Where less than a week of these is known, it is the traffic of the week from the first
// bucket of them that is known. It is unknown without traffic to go by.
func (l *Ledger) month(start, now time.Time) slo.Number {
	budget := l.slo.Target.Budget()
	if l.slo.Budgeting.Slices() {
		return budget.Mul(slo.NumberFrac(int64(month), int64(l.slo.Budgeting.Slice)))
	}
	step := l.record.data.Step
	s := Stretch{j: l.record.data.Index(start)}
	s.i = max(0, s.j-int(month/step))
	for s.i < s.j && !l.record.counts(s.i) {
		s.i++
	}
	if enough := s.i + int(week/step); s.j < enough {
		s.j = max(s.j, min(enough, l.record.complete(now)))
	}
	t := l.record.tallyBuckets(s.i, s.j)
	return t.total.Quo(slo.NumberOf(int64(t.measured))).Mul(slo.NumberFrac(int64(month), int64(step))).Mul(budget)
}

// downSlice is a slice as incidents see it: the buckets [i, j). Of a down one those
// from first to last are what was down.
type downSlice struct {
	i, j        int
	start       time.Time  // of the slice
	period      slo.Period // from the first to the last bucket that is down itself, or of the slice if none is
	first, last int
	down, idle  bool       // idle: there is nothing to judge
	measured    int        // buckets
	bad         slo.Number // of the period's bad
}

// downtime looks for the runs of down slices of a record.
type downtime struct {
	record *record
	listed slo.Period // whose part of each run is told
	limit  Limit      // the error ratio from which five minutes are down, or over which a slice of timeslices is bad
}

func newDowntime(r *record, listed slo.Period) downtime {
	d := downtime{record: r, listed: listed, limit: LimitOf(downRatio(r.slo))}
	if d.timeslices() {
		d.limit = LimitOf(r.slo.Budgeting.Target.Budget())
	}
	return d
}

func (d downtime) timeslices() bool { return d.record.slo.Budgeting.Method == slo.Timeslices }

// lookout returns the time in which runs are looked for that may have a part in the listed
// period: up to a week before and after it, since the promise began and as far as it is
// known.
func (d downtime) lookout(now time.Time) slo.Period {
	r, p := d.record, d.listed
	out := slo.Period{Start: p.Start.Add(-week), End: r.gridStart(earlier(p.End.Add(week), now))}
	if d.timeslices() {
		out.End = r.sliceStart(out.End)
	}
	if born := r.sliceStart(r.born); out.Start.Before(born) {
		out.Start = born
	}
	out.Start = earlier(out.Start, p.Start)
	if out.End.Before(p.End) {
		out.End = p.End
	}
	return out
}

// runs returns the runs of down slices in p.
func (d downtime) runs(p slo.Period) []run {
	var out []run
	var quiet time.Duration // measured, with traffic, since the end of the last run
	open := false           // nothing good came since the end of the last run
	lasting := func(buckets int) time.Duration { return time.Duration(buckets) * d.record.data.Step }
	over := func() bool { return len(out) == 0 || !open && quiet > d.record.slo.Incidents.Join }
	for s := range d.slices(p, over) {
		switch {
		case s.idle || !s.down && len(out) == 0:
			continue
		case !s.down:
			open = false
			quiet += lasting(s.measured)
			continue
		}
		quiet += lasting(d.record.add(s.i, s.first).measured)
		if len(out) == 0 || quiet > d.record.slo.Incidents.Join {
			zero := slo.NumberOf(0)
			out = append(out, run{whole: s.period, cost: zero, events: Counts{zero, zero, zero}})
			out[len(out)-1].Bad = zero
		}
		out[len(out)-1].add(s, d.part(s), d.record.add(s.i, s.j).tally())
		quiet, open = lasting(d.record.add(s.last, s.j).measured), true
	}
	for i := range out {
		r := &out[i]
		r.Open = open && i == len(out)-1 || r.whole.End.After(r.End)
	}
	return out
}

// add makes s the last slice of r. Part is what of it is listed.
func (r *run) add(s, part downSlice, events tally) {
	r.whole.End, r.cost = s.period.End, r.cost.Add(s.bad)
	r.events.Bad = r.events.Bad.Add(events.bad)
	r.events.Total = r.events.Total.Add(events.total)
	if part.period.Empty() {
		return
	}
	if r.Empty() {
		r.Start = part.period.Start
	}
	r.End, r.Bad = part.period.End, r.Bad.Add(part.bad)
}

// part returns what of a down slice is listed, with an empty period if nothing is: all of
// a slice of timeslices that starts in the listed period, else the buckets that do.
func (d downtime) part(s downSlice) downSlice {
	if d.timeslices() {
		if !d.listed.Contains(s.start) {
			s.period = slo.Period{}
		}
		return s
	}
	i, j := max(s.i, d.record.data.Index(d.listed.Start)), min(s.j, d.record.data.Index(d.listed.End))
	if i == s.i && j == s.j {
		return s
	}
	s.i, s.j, s.period = i, j, slo.Period{}
	if first, last := d.narrow(i, j); first < last {
		s.first, s.last, s.period = first, last, d.period(first, last)
		s.bad = d.badOf(d.record.add(i, j).tally())
	}
	return s
}

// narrow returns the buckets from the first to the last of [i, j) that is down itself,
// none if no bucket is.
func (d downtime) narrow(i, j int) (first, last int) {
	for i < j && !d.down(d.record.add(i, i+1)) {
		i++
	}
	for i < j && !d.down(d.record.add(j-1, j)) {
		j--
	}
	return i, j
}

// period returns the time of the buckets [i, j).
func (d downtime) period(i, j int) slo.Period {
	return slo.Period{Start: d.record.data.Time(i), End: d.record.data.Time(j)}
}

// slices returns the slices of p that have events: those of timeslices, else stretches of
// five minutes, or buckets if these are longer. While no run goes on, which over tells,
// those before the next down bucket may be left out.
func (d downtime) slices(p slo.Period, over func() bool) iter.Seq[downSlice] {
	if d.timeslices() {
		return d.badSlices(p)
	}
	return func(yield func(downSlice) bool) {
		data, end := d.record.data, d.record.data.Index(p.End)
		for i := data.Index(p.Start); i < end; {
			if over() {
				i = d.nextDown(i, end)
			}
			if i == end {
				return
			}
			if !(data.Total[i] > 0) { // no slice that begins in it and ends before traffic is down
				i++
				continue
			}
			first, next := d.lookAround(i)
			first, next = max(first, data.Index(p.Start)), min(next, end)
			if !yield(d.look(first, next)) {
				return
			}
			i = next
		}
	}
}

// nextDown returns the first of the buckets [i, j) that is down itself, j if none is. A
// slice is down only if one of its buckets is.
func (d downtime) nextDown(i, j int) int {
	r := d.record
	for k, bad := range r.data.Bad[i:j] {
		if !(bad > 0) || r.excluded[i+k] {
			continue
		}
		if !d.limit.fits() || d.limit.reached(uint64(bad), uint64(r.data.Total[i+k])) {
			return i + k
		}
	}
	return j
}

// lookAround returns the buckets [i, j) that are looked at together with bucket k: those
// that start in the same five minutes of UTC.
func (d downtime) lookAround(k int) (i, j int) {
	step := d.record.data.Step
	before := d.record.data.Start.Sub(d.record.data.Start.Truncate(lookAt)) // in five minutes when the first starts
	from := (before + time.Duration(k)*step).Truncate(lookAt) - before
	i, j = int((from+step-1)/step), int((from+lookAt+step-1)/step)
	return min(max(i, 0), k), max(j, k+1)
}

// look judges the buckets [i, j): they are down if their error ratio reaches the limit, and
// so is each of them.
func (d downtime) look(i, j int) downSlice {
	sums := d.record.add(i, j)
	s := downSlice{i: i, j: j, start: d.record.data.Time(i), measured: sums.measured}
	s.idle, s.down = sums.total.IsZero(), d.down(sums)
	if s.down {
		s.first, s.last = d.narrow(i, j)
		s.period, s.bad = d.period(s.first, s.last), d.badOf(sums.tally())
	}
	return s
}

// badSlices returns the slices of timeslices in p. A bad one is down as a whole, but an
// incident begins and ends with a bucket of it that is bad itself; where none is, since
// the slice is bad without any events, with the slice's.
func (d downtime) badSlices(p slo.Period) iter.Seq[downSlice] {
	return func(yield func(downSlice) bool) {
		for _, s := range d.record.starting(p) {
			down := downSlice{i: s.i, j: s.j, first: s.i, last: s.j, start: s.period.Start, period: s.period,
				bad: slo.NumberRat(s.bad), measured: d.record.add(s.i, s.j).measured}
			down.down = s.bad != nil && s.bad.Sign() > 0
			down.idle = s.bad == nil || !down.down && !s.measured
			if down.down {
				down.period = d.period(s.i, s.j)
				if first, last := d.narrow(s.i, s.j); first < last {
					down.period = d.period(first, last)
				}
			}
			if !yield(down) {
				return
			}
		}
	}
}

// down tells whether the error ratio of s makes it down: some events were bad, and at
// least limit × the valid ones; for timeslices more than that.
func (d downtime) down(s sums) bool {
	if s.bad.IsZero() {
		return false
	}
	side := d.limit.cmp(wideSum(s.bad).product(), wideSum(s.total).product())
	return side > 0 || side == 0 && !d.timeslices()
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
	MTTF      slo.Number `json:"mttf_minutes"` // measured time up, per incident
	MTBF      slo.Number `json:"mtbf_minutes"` // measured time, per incident
	Longest   slo.Number `json:"longest_minutes"`
}

// Reliability sums up incidents of st's judged period. Whether the objective was up is
// known of the time that was measured and is not excluded: MTTF and MTBF are of that.
func (l *Ledger) Reliability(st Status, incidents []Incident) Reliability {
	n := int64(len(incidents))
	r := Reliability{Incidents: slo.NumberOf(n)}
	if n == 0 {
		return r
	}
	measured := func(p slo.Period) time.Duration {
		t := l.record.add(l.record.data.Index(p.Start), l.record.data.Index(p.End))
		return time.Duration(t.measured) * l.record.data.Step
	}
	judged := measured(st.Judged)
	up := judged
	var closed, longest time.Duration
	var repaired int64
	for _, i := range incidents {
		up -= measured(i.Period)
		longest = max(longest, i.Length())
		if !i.Open {
			closed += i.Length()
			repaired++
		}
	}
	mean := func(d time.Duration, n int64) slo.Number { return slo.Minutes(d).Quo(slo.NumberOf(n)) }
	r.MTTR, r.Longest = mean(closed, repaired), mean(longest, 1)
	r.MTTF, r.MTBF = mean(up, n), mean(judged, n)
	return r
}
