package accesslog

import (
	"math/bits"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
)

const (
	silenceMinutes = 30
	minuteOfWeek   = 7 * 24 * 60
	minuteOfDay    = 24 * 60
	leastWeeks     = 4 // to compare with the same hours of other weeks
	leastDays      = 3 // to compare with the same hours of other days
)

// minutes says in which minutes of a period there was a line. The zero minutes
// remember nothing.
type minutes struct {
	start int64 // Unix seconds
	bits  []uint64
	n     int
}

func newMinutes(p slo.Period) minutes {
	if p.Empty() {
		return minutes{}
	}
	n := int(p.Length() / time.Minute)
	return minutes{start: p.Start.Unix(), bits: make([]uint64, n/64+1), n: n}
}

func (m minutes) clone() minutes {
	m.bits = slices.Clone(m.bits)
	return m
}

// of returns the minutes of a period within.
func (m minutes) of(p slo.Period) minutes {
	part := newMinutes(wholeMinutes(p))
	for i := range part.n {
		if k := int((part.start-m.start)/60) + i; k >= 0 && k < m.n && m.has(k) {
			part.bits[i/64] |= 1 << (i % 64)
		}
	}
	return part
}

// wholeMinutes begins a period with a whole minute.
func wholeMinutes(p slo.Period) slo.Period {
	p.Start = p.Start.Truncate(time.Minute)
	return p
}

func (m minutes) mark(t int64) {
	if i := t - m.start; i >= 0 && i < int64(m.n)*60 {
		m.bits[i/60/64] |= 1 << (i / 60 % 64)
	}
}

func (m minutes) merge(o minutes) {
	for i := range m.bits {
		m.bits[i] |= o.bits[i]
	}
}

func (m minutes) has(i int) bool { return m.bits[i/64]>>(i%64)&1 == 1 }

// count returns how many of the minutes from, from+1 … to-1 had a line.
func (m minutes) count(from, to int) int {
	n := 0
	for i := from; i < to; {
		if i%64 == 0 && i+64 <= to {
			n += bits.OnesCount64(m.bits[i/64])
			i += 64
			continue
		}
		if m.has(i) {
			n++
		}
		i++
	}
	return n
}

// silence is a run of minutes without a line.
type silence struct{ from, to int }

// silences returns the runs of half an hour and more, between the first line and
// the second end at which the log is known to have gone on, at times that usually
// have lines in most minutes.
func (m minutes) silences(end int64) []silence {
	var out []silence
	first, last := m.ends()
	if first <= last {
		last = max(last, int(min(end-m.start, int64(m.n)*60)/60)-1)
	}
	for i := first; i <= last; i++ {
		from := i
		for i <= last && !m.has(i) {
			i++
		}
		if i-from >= silenceMinutes && m.usuallyBusy(silence{from, i}, first, last+1) {
			out = append(out, silence{from, i})
		}
	}
	return out
}

// ends returns the first and the last minute with a line; first > last if there is none.
func (m minutes) ends() (first, last int) {
	for last = m.n - 1; last >= 0 && !m.has(last); last-- {
	}
	for first < last && !m.has(first) {
		first++
	}
	return first, last
}

// usuallyBusy compares with the same hours of the week, or of the day where
// there are too few weeks.
func (m minutes) usuallyBusy(s silence, first, end int) bool {
	share, n := m.elsewhere(s, minuteOfWeek, first, end)
	if n < leastWeeks {
		share, n = m.elsewhere(s, minuteOfDay, first, end)
		if n < leastDays {
			return false
		}
	}
	return share >= 0.5
}

// elsewhere returns the share of minutes with a line in s shifted by whole
// cycles, and how many shifts lie between first and end.
func (m minutes) elsewhere(s silence, cycle, first, end int) (share float64, n int) {
	busy := 0
	for shift := cycle * ((first - s.from) / cycle); s.to+shift <= end; shift += cycle {
		if shift == 0 || s.from+shift < first {
			continue
		}
		busy += m.count(s.from+shift, s.to+shift)
		n++
	}
	if n == 0 {
		return 0, 0
	}
	return float64(busy) / float64(n*(s.to-s.from)), n
}
