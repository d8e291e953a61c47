package budget

import (
	"math"
	"time"

	"github.com/nines-slo/nines/slo"
)

// Meter reads what a ledger counted over any stretch of time in constant time,
// from running sums. Its instants are the ends of buckets: instant k is the end
// of the first k of them. A Meter is for one goroutine.
//
// Terms are buckets, or for the slice methods slices, which belong to the instant
// at which they ended. What was excluded or not measured adds nothing.
type Meter struct {
	l     *Ledger
	tape  *tape
	ended []int32 // of the slice methods: how many slices ended by instant k
	born  time.Time

	// Made when they are asked for, an entry an instant.
	quiet    []int32 // buckets before it in a row that were not measured
	measured []int32 // buckets before it that were
	excluded []int32 // buckets before it that are

	counts []*counted // of a loose tape, asked about lately

	own     slo.Period // the calendar period asked about last
	count   slo.Period // the one whose slices were counted last
	whole   slo.Number // those slices
	ahead   *outlook   // of own
	aheadOf int        // its instant
}

// Stretch is a run of a meter's terms, [i, j).
type Stretch struct{ i, j int }

// Meter returns the meter of l, which is made once.
func (l *Ledger) Meter() *Meter {
	if l.meter == nil {
		l.meter = &Meter{l: l, born: l.born()}
		if l.slo.Budgeting.Slices() {
			l.meter.slices()
		} else {
			l.meter.buckets()
		}
	}
	return l.meter
}

// buckets makes the tape of occurrences.
func (m *Meter) buckets() {
	data, sum, places := m.l.data, 0.0, 0
	counted := func(i int) bool { return !m.l.excluded[i] && data.Measured(i) }
	for i := range data.Len() {
		if counted(i) {
			sum += data.Total[i]
			places = max(places, placesOf(data.Bad[i]), placesOf(data.Total[i]))
		}
	}
	m.tape = newTape(data.Len(), sum, places)
	for i := range data.Len() {
		if counted(i) {
			m.tape.push(data.Bad[i], data.Total[i])
		} else {
			m.tape.push(0, 0)
		}
	}
}

// placesOf returns how many binary places v has.
func placesOf(v float64) int {
	if v == math.Trunc(v) {
		return 0
	}
	_, e := mantissa(v)
	return -e
}

// slices makes the tape of the slice methods. Ratios are cut to 2^-64.
func (m *Meter) slices() {
	places := 0
	if m.l.slo.Budgeting.Method == slo.RatioTimeslices {
		places = 64
	}
	m.tape = newTape(len(m.l.slices), float64(len(m.l.slices)), places)
	for _, s := range m.l.slices {
		if s.bad == nil || m.unborn(s) {
			m.tape.push(0, 0)
			continue
		}
		m.tape.pushRatio(s.bad)
	}
	m.ended = make([]int32, m.l.data.Len()+1)
	n := 0
	for k := range m.ended {
		for n < len(m.l.slices) && !m.l.slices[n].End.After(m.l.data.Time(k)) {
			n++
		}
		m.ended[k] = int32(n)
	}
}

// unborn tells whether s is a gap before anything could be known, which is worth
// nothing even where gaps are.
func (m *Meter) unborn(s slice) bool {
	return m.l.filled() && !s.measured && !s.End.After(m.born)
}

// Instants returns the last instant: the number of buckets.
func (m *Meter) Instants() int { return m.l.data.Len() }

// Time returns instant k.
func (m *Meter) Time(k int) time.Time { return m.l.data.Time(k) }

// Instant returns the last instant that is not after at, 0 at the least.
func (m *Meter) Instant(at time.Time) int { return m.l.complete(at) }

// First returns the first instant that is not before at.
func (m *Meter) First(at time.Time) int {
	k := m.Instant(at)
	if k < m.Instants() && m.Time(k).Before(at) {
		k++
	}
	return k
}

// Step returns the time between two instants.
func (m *Meter) Step() time.Duration { return m.l.data.Step }

// Back returns how many instants before one a window of length w begins: buckets
// that start in the window, slices that end in it.
func (m *Meter) Back(w time.Duration) int {
	if m.ended != nil {
		return int((w + m.l.data.Step - 1) / m.l.data.Step)
	}
	return int(w / m.l.data.Step)
}

// Last returns the stretch between instants k − back and k.
func (m *Meter) Last(k, back int) Stretch {
	from := max(k-back, 0)
	if m.ended != nil {
		return Stretch{int(m.ended[from]), int(m.ended[k])}
	}
	return Stretch{from, k}
}

// Traffic returns the mean of the valid events of the measured buckets among the
// last back before instant k, 0 if there is none.
func (m *Meter) Traffic(k, back int) float64 {
	from := max(k-back, 0)
	t := m.l.tallyBuckets(from, k)
	if t.measured == 0 {
		return 0
	}
	return t.total.Float() / float64(t.measured)
}

// Gaps tells whether some of the time w before instant k, that is not excluded, was
// not measured.
func (m *Meter) Gaps(k int, w time.Duration) bool {
	t := m.l.add(m.l.data.Index(m.Time(k).Add(-w)), k)
	return t.measured < t.buckets || m.Time(k).Add(-w).Before(m.l.data.Start)
}

// Seen returns how many buckets of the time w before instant k were measured, and how
// many there were, excluded ones left out of both. Time before the data is there too.
func (m *Meter) Seen(k int, w time.Duration) (measured, elapsed int64) {
	if m.excluded == nil {
		m.excluded = m.runs(func(n int32, i int) int32 {
			if m.l.excluded[i] {
				n++
			}
			return n
		})
	}
	back := int(w / m.l.data.Step)
	from := max(k-back, 0)
	return m.known(Stretch{from, k}), int64(back) - int64(m.excluded[k]-m.excluded[from])
}

// known returns how many buckets of s were measured.
func (m *Meter) known(s Stretch) int64 {
	if m.measured == nil {
		m.measured = m.runs(func(n int32, i int) int32 {
			if !m.l.excluded[i] && m.l.data.Measured(i) {
				n++
			}
			return n
		})
	}
	return int64(m.measured[s.j] - m.measured[s.i])
}

// runs folds the buckets into one count an instant.
func (m *Meter) runs(next func(n int32, i int) int32) []int32 {
	out := make([]int32, m.l.data.Len()+1)
	for i := range m.l.data.Len() {
		out[i+1] = next(out[i], i)
	}
	return out
}

// Quiet returns for how long before instant k nothing was measured, not counting
// excluded time and the time before the promise began.
func (m *Meter) Quiet(k int) time.Duration {
	if m.quiet == nil {
		m.quiet = m.runs(func(n int32, i int) int32 {
			switch {
			case m.l.excluded[i]:
			case m.l.data.Measured(i):
				return 0
			case !m.l.data.Time(i).Before(m.born):
				return n + 1
			}
			return n
		})
	}
	return time.Duration(m.quiet[k]) * m.l.data.Step
}
