package main

// random is SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
// generators, OOPSLA 2014).
type random uint64

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	x := uint64(*r)
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// under returns a number in [0, n).
func (r *random) under(n int) int { return int(r.next() % uint64(n)) }

// chance is true in share of a thousand cases.
func (r *random) chance(share int) bool { return r.under(thousand) < share }

// round returns n thousandths as a whole number, up or down by chance.
func (r *random) round(n int) int { return (n + r.under(thousand)) / thousand }

// curve is a distribution by its quantiles: the values at equal steps from the
// smallest to the largest.
type curve []int

func (r *random) of(c curve) int {
	at := r.under((len(c) - 1) * thousand)
	i, part := at/thousand, at%thousand
	return c[i] + (c[i+1]-c[i])*part/thousand
}

// spaced picks one of every `every` things, never two close together, as single
// failures of a system in good order come.
type spaced struct{ every, left int }

// of returns how many of the next n things are picked.
func (s *spaced) of(n int, r *random) int {
	picked := 0
	for s.left -= n; s.left < 0; picked++ {
		s.left += s.every*7/10 + r.under(s.every*6/10)
	}
	return picked
}
