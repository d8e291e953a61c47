package budget

import "time"

// Meter answers what a ledger counted over a stretch of time, in constant time: it
// keeps running sums. Its instants are the ends of buckets: instant k is the end of
// the first k of them. A Meter is for one goroutine.
//
// The terms of a sum are buckets; for the slice methods they are slices, which belong
// to the instant at which they ended. What was excluded or not measured adds nothing.
//
// All comparisons are exact.
type Meter struct {
	record   *record
	tape     *tape
	ended    []int32 // of the slice methods: how many slices ended by instant k
	presence presence
	calendar calendar
}

// Stretch is a run of a meter's terms, [i, j).
type Stretch struct{ i, j int }

// Meter returns the meter of l, which is made once.
func (l *Ledger) Meter() *Meter {
	if l.meter != nil {
		return l.meter
	}
	r := l.record
	m := &Meter{record: r, presence: presence{record: r}}
	if r.slo.Budgeting.Slices() {
		m.tape, m.ended = sliceTape(r), endedBy(r)
	} else {
		m.tape = bucketTape(r)
	}
	m.calendar = calendar{record: r, tape: m.tape}
	l.meter = m
	return m
}

// endedBy returns how many slices of r ended by each instant.
func endedBy(r *record) []int32 {
	out := make([]int32, r.data.Len()+1)
	n := 0
	for k := range out {
		for n < len(r.slices) && !r.slices[n].period.End.After(r.data.Time(k)) {
			n++
		}
		out[k] = int32(n)
	}
	return out
}

// Instants returns the last instant: the number of buckets.
func (m *Meter) Instants() int { return m.record.data.Len() }

// Time returns instant k.
func (m *Meter) Time(k int) time.Time { return m.record.data.Time(k) }

// Instant returns the last instant that is not after at, 0 at the least.
func (m *Meter) Instant(at time.Time) int { return m.record.complete(at) }

// First returns the first instant that is not before at.
func (m *Meter) First(at time.Time) int {
	k := m.Instant(at)
	if k < m.Instants() && m.Time(k).Before(at) {
		k++
	}
	return k
}

// Step returns the time between two instants.
func (m *Meter) Step() time.Duration { return m.record.data.Step }

// Back returns how many instants before one a window of length w begins: buckets
// that start in the window, slices that end in it.
func (m *Meter) Back(w time.Duration) int {
	if m.ended != nil {
		return int((w + m.record.data.Step - 1) / m.record.data.Step)
	}
	return int(w / m.record.data.Step)
}

// Last returns the stretch between instants k − back and k.
func (m *Meter) Last(k, back int) Stretch {
	from := max(k-back, 0)
	if m.ended != nil {
		return Stretch{int(m.ended[from]), int(m.ended[k])}
	}
	return Stretch{from, k}
}

// Traffic returns the mean of the valid of the measured buckets among the last back
// before instant k, in units of the data, 0 if there is none.
func (m *Meter) Traffic(k, back int) float64 {
	from := max(k-back, 0)
	t := m.record.add(from, k)
	if t.measured == 0 {
		return 0
	}
	return t.total.Number(0).Float() / float64(t.measured)
}

// Gaps tells whether some of the time w before instant k, that is not excluded and in
// which the promise had begun, was not measured.
func (m *Meter) Gaps(k int, w time.Duration) bool {
	at, from := m.Time(k), m.Time(k).Add(-w)
	if m.record.born.After(from) {
		from = m.record.born
	}
	if !from.Before(at) || from.Before(m.record.data.Start) {
		return true
	}
	t := m.record.add(m.record.data.Index(from), k)
	return t.measured < t.buckets
}

// Seen returns how many buckets of the time w before instant k were measured, and how
// many there were, excluded ones left out of both. Time before the data is there too.
func (m *Meter) Seen(k int, w time.Duration) (measured, elapsed int64) {
	back := int(w / m.record.data.Step)
	s := Stretch{max(k-back, 0), k}
	return m.presence.measuredIn(s), int64(back) - m.presence.excludedIn(s)
}

// Quiet returns for how long before instant k nothing was measured, not counting
// excluded time and the time before the promise began.
func (m *Meter) Quiet(k int) time.Duration {
	return time.Duration(m.presence.quietBefore(k)) * m.record.data.Step
}
