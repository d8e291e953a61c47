package tally

import (
	"math"

	"github.com/nines-slo/nines/slo"
)

// number is the value of a sample of a counter: 0 or more, and under 2^63. What is behind
// the point is rounded to 10^-6, halves up.
type number struct{ whole, micro int64 }

// numberOf returns the number of a value.
func numberOf(v float64) number {
	whole := math.Floor(v)
	part := v - whole // exact
	units := part * micro
	n := math.Floor(units)
	missing := math.FMA(part, micro, -units) // what rounding took
	if rest := units - n - 0.5; rest > 0 || rest == 0 && missing >= 0 {
		n++
	}
	out := number{int64(whole), int64(n)}
	if out.micro == micro {
		out = number{out.whole + 1, 0}
	}
	return out
}

// less tells whether n is under m.
func (n number) less(m number) bool {
	return n.whole < m.whole || n.whole == m.whole && n.micro < m.micro
}

// since returns n − m, which is not negative, in 10^-6 if fine, else without what is
// behind the point. What is too large is over slo.MaxUnits.
func (n number) since(m number, fine bool) uint64 {
	whole := uint64(n.whole - m.whole)
	switch {
	case whole > slo.MaxUnits:
		return slo.MaxUnits + 1
	case !fine:
		return whole
	case whole > slo.MaxUnits/micro:
		return slo.MaxUnits + 1
	}
	return uint64(int64(whole)*micro + n.micro - m.micro)
}

// beyond is since, 0 where n is under m.
func (n number) beyond(m number, fine bool) uint64 {
	if n.less(m) {
		return 0
	}
	return n.since(m, fine)
}

// rise is what a counter grew from m to n: all of n if it began anew.
func (n number) rise(m number, fine bool) uint64 {
	if n.less(m) {
		m = number{}
	}
	return n.since(m, fine)
}

// plain returns how many of the values, from the first on, are whole numbers up to 2^53.
func plain(values []float64) int {
	for i, v := range values {
		if n := int64(v); float64(n) != v || uint64(n) > slo.MaxUnits {
			return i
		}
	}
	return len(values)
}
