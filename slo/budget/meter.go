package budget

import (
	"math"
	"slices"
	"sort"
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

// Own returns the stretch of the objective's own window that has passed by
// instant k, what Current judges then, and how much of that time the promise was
// there.
func (m *Meter) Own(k int) (s Stretch, passed time.Duration) {
	at := m.l.data.Time(k)
	start := m.Window(k).Start
	begin := start
	if m.born.After(start) {
		begin = earlier(m.born, at)
	}
	passed = at.Sub(begin)
	if m.ended == nil {
		return Stretch{min(m.l.data.Index(begin), k), k}, passed
	}
	if from := m.l.sliceStart(begin); !from.Before(start) {
		begin = from
	}
	i := sort.Search(len(m.l.slices), func(i int) bool { return !m.l.slices[i].Start.Before(begin) })
	return Stretch{min(i, int(m.ended[k])), int(m.ended[k])}, passed
}

// Window returns the objective's own window at instant k.
func (m *Meter) Window(k int) slo.Period {
	at := m.l.data.Time(k)
	if w := m.l.slo.Window; w.Rolling() {
		return slo.Period{Start: at.Add(-w.Length), End: at}
	}
	if !m.own.Contains(at) {
		m.own = m.l.slo.Window.Bounds(at)
	}
	return m.own
}

// Floats returns the bad and the valid of s as floats that are right to within
// Slack and a few units of their last place.
func (m *Meter) Floats(s Stretch) (bad, total float64) { return m.tape.floats(s.i, s.j) }

// Slack returns by how much a figure of Floats may be off; 0: whole numbers, exact.
func (m *Meter) Slack() float64 { return m.tape.slack }

// near is the relative distance from a limit within which floats do not decide:
// far over what a few roundings amount to.
const near = 1e-12

// Limit is a share of valid events with its nearest float.
type Limit struct {
	Exact slo.Number
	Float float64
}

// LimitOf returns n, which is not negative, as a Limit.
func LimitOf(n slo.Number) Limit { return Limit{n, n.Float()} }

// Over tells whether the bad of a is strictly over limit × the valid of b.
func (m *Meter) Over(a, b Stretch, limit Limit) bool {
	bad, _ := m.tape.floats(a.i, a.j)
	_, total := m.tape.floats(b.i, b.j)
	most := limit.Float * total
	margin := near*(bad+most) + m.tape.slack*(1+limit.Float)
	if bad <= most-margin && bad != most || bad == 0 && m.tape.slack == 0 {
		return false
	}
	return bad > most+margin || m.overExactly(a, b, limit)
}

func (m *Meter) overExactly(a, b Stretch, limit Limit) bool {
	bad, _ := m.Counts(a)
	_, total := m.Counts(b)
	return bad.Cmp(limit.Exact.Mul(total)) > 0
}

// AtLeast tells whether the bad of s is least or more.
func (m *Meter) AtLeast(s Stretch, least Limit) bool {
	bad, _ := m.tape.floats(s.i, s.j)
	switch margin := near*(bad+least.Float) + m.tape.slack; {
	case bad > least.Float+margin:
		return true
	case bad < least.Float-margin:
		return false
	}
	exact, _ := m.Counts(s)
	return exact.Cmp(least.Exact) >= 0
}

// Scan calls f with every instant of [first, last] at which the bad of the last
// back instants is strictly over limit × their valid.
func (m *Meter) Scan(first, last, back int, limit Limit, f func(k int)) {
	if m.ended != nil {
		for k := first; k <= last; k++ {
			if s := m.Last(k, back); m.Over(s, s, limit) {
				f(k)
			}
		}
		return
	}
	for ; first < min(back, last+1); first++ {
		m.scan(first, back, m.tape.near[first:first+1], m.tape.near[:1], limit, f)
	}
	if first <= last {
		m.scan(first, back, m.tape.near[first:last+1], m.tape.near[first-back:], limit, f)
	}
}

// scan is Scan over the buckets between entries of old and now, of which the first
// is that of instant k.
func (m *Meter) scan(k, back int, now, old []pair, limit Limit, f func(k int)) {
	slack := m.tape.slack * (1 + limit.Float)
	low, high := limit.Float*(1-2*near), limit.Float*(1+2*near)
	old = old[:len(now)]
	for i := range now {
		bad, total := now[i].bad-old[i].bad, now[i].total-old[i].total
		if bad < low*total-slack || bad == 0 && slack == 0 {
			continue
		}
		if s := m.Last(k+i, back); bad > high*total+slack || m.overExactly(s, s, limit) {
			f(k + i)
		}
	}
}

// Empty tells whether nothing valid was counted in s.
func (m *Meter) Empty(s Stretch) bool {
	_, total := m.tape.floats(s.i, s.j)
	if total > m.tape.slack || m.tape.slack == 0 {
		return total == 0
	}
	_, exact := m.Counts(s)
	return exact.Sign() == 0
}

// Counts returns the bad and the valid of s, exactly.
func (m *Meter) Counts(s Stretch) (bad, total slo.Number) {
	if !m.tape.loose {
		return m.tape.numbers(s.i, s.j)
	}
	c := m.nearby(s)
	c.move(s, m.add)
	return c.bad, c.total
}

// add adds up the terms [i, j).
func (m *Meter) add(i, j int) (bad, total slo.Number) {
	if m.ended == nil {
		t := m.l.tallyBuckets(i, j)
		return t.bad, t.total
	}
	return sumSlices(slices.DeleteFunc(slices.Clone(m.l.slices[i:j]), m.unborn))
}

// counted is a stretch whose exact counts are known. Where a limit is met exactly,
// it is asked about stretch after stretch, each a term further.
type counted struct {
	Stretch
	bad, total slo.Number
}

// maxCounted is how many stretches are remembered: those of a few conditions.
const maxCounted = 32

// nearby returns the remembered stretch that is quickest to turn into s, an empty
// one if none is quicker than to add up s.
func (m *Meter) nearby(s Stretch) *counted {
	best, least := -1, max((s.j-s.i)/4, 1)
	for i, c := range m.counts {
		if d := distance(c.i, s.i) + distance(c.j, s.j); d < least {
			best, least = i, d
		}
	}
	if best < 0 {
		m.counts = append(m.counts, &counted{Stretch{s.i, s.i}, slo.NumberOf(0), slo.NumberOf(0)})
		if len(m.counts) > maxCounted {
			m.counts = m.counts[1:]
		}
		best = len(m.counts) - 1
	}
	return m.counts[best]
}

func distance(a, b int) int { return max(a-b, b-a) }

// move turns c into s; add adds up terms.
func (c *counted) move(s Stretch, add func(i, j int) (bad, total slo.Number)) {
	change := func(i, j int, op func(n, m slo.Number) slo.Number) {
		if i < j {
			bad, total := add(i, j)
			c.bad, c.total = op(c.bad, bad), op(c.total, total)
		}
	}
	change(c.j, s.j, slo.Number.Add)
	change(s.j, c.j, slo.Number.Sub)
	change(s.i, c.i, slo.Number.Add)
	change(c.i, s.i, slo.Number.Sub)
	c.Stretch = s
}

// Whole returns the valid events or slices that the objective's own window will
// have had when it is over: for a calendar window those of the projection, for a
// rolling one what was counted, scaled up while the promise is younger than it.
func (m *Meter) Whole(k int) slo.Number {
	s, passed := m.Own(k)
	_, total := m.Counts(s)
	switch {
	case m.l.slo.Window.Rolling():
		return total.Mul(slo.NumberOf(int64(m.l.slo.Window.Length))).Quo(slo.NumberOf(int64(passed)))
	case m.ended != nil:
		return m.allSlices()
	}
	return total.Add(m.outlook(k).total(total.Quo(slo.NumberOf(m.known(s)))))
}

// Near returns Whole as a float that is right to a part in 10^9, as far as Slack
// allows. It is not over 0 where Whole is 0 or unknown.
func (m *Meter) Near(k int) float64 {
	s, passed := m.Own(k)
	return m.near(k, s, passed)
}

func (m *Meter) near(k int, own Stretch, passed time.Duration) float64 {
	_, total := m.Floats(own)
	switch {
	case m.l.slo.Window.Rolling():
		return total * float64(m.l.slo.Window.Length) / float64(passed)
	case m.ended != nil:
		return m.allSlices().Float()
	}
	return total + m.outlook(k).near(total/float64(m.known(own)))
}

// OverWhole tells whether the bad of a is strictly over limit × Whole(k).
func (m *Meter) OverWhole(a Stretch, k int, limit Limit) bool {
	own, passed := m.Own(k)
	bad, _ := m.Floats(a)
	_, total := m.Floats(own)
	slack := m.tape.slack * (1 + limit.Float)
	if bad == 0 && slack == 0 || bad < limit.Float*total*(1-far)-slack {
		return false // the whole is no less than what has passed
	}
	most := limit.Float * m.near(k, own, passed)
	switch margin := far*(bad+most) + slack; {
	case bad < most-margin:
		return false
	case bad > most+margin:
		return true
	}
	exact, _ := m.Counts(a)
	whole := m.Whole(k)
	return whole.Known() && exact.Cmp(limit.Exact.Mul(whole)) > 0
}

// far is near for figures that many floats went into.
const far = 1e-9

// allSlices returns the slices of the whole calendar period asked about last.
func (m *Meter) allSlices() slo.Number {
	if m.count != m.own {
		m.count, m.whole = m.own, m.l.allSlices(m.own)
	}
	return m.whole
}

// maxMoves is how far an outlook is moved on before it is quicker to make a new one.
const maxMoves = 1000

// outlook returns what the rest of the calendar period asked about last will have
// after instant k.
func (m *Meter) outlook(k int) *outlook {
	if m.ahead == nil || !m.ahead.end.Equal(m.own.End) || k < m.aheadOf || k > m.aheadOf+maxMoves {
		m.ahead, m.aheadOf = m.l.outlook(slo.Period{Start: m.l.data.Time(k), End: m.own.End}), k
		m.ahead.whole = m.tape.slack == 0
	}
	for ; m.aheadOf < k; m.aheadOf++ {
		m.ahead.move(m.aheadOf)
	}
	return m.ahead
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
