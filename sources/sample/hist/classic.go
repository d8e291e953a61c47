package hist

import (
	"cmp"
	"math"
	"math/big"
	"slices"
	"strconv"

	"github.com/nines-slo/nines/slo/order"
)

// Bound is an upper bound of a classic histogram.
type Bound struct {
	// Texts are its values of the label le, sorted: a server may hold "1" and "1.0", of
	// one series before and after an upgrade. +Inf has none if no series has it.
	Texts []string
	At    float64 // the nearest float64; +Inf of the last

	exact *big.Rat // nil of +Inf
}

// String writes the bound as its series have it.
func (b Bound) String() string {
	if len(b.Texts) > 0 {
		return b.Texts[0]
	}
	return "+Inf"
}

// Bounds are those of one histogram in rising order. The last is +Inf, also where it has
// no series: its count is then that of the metric's _count.
type Bounds []Bound

// ReadBounds sorts the values that the label le has in a histogram. Texts of the same
// number are one bound; they are compared as decimals, digit by digit. odd are those that
// are no number.
func ReadBounds(le []string) (bounds Bounds, odd []string) {
	last := Bound{At: math.Inf(1)}
	for _, text := range le {
		if f, err := strconv.ParseFloat(text, 64); err == nil && math.IsInf(f, 1) {
			last.Texts = append(last.Texts, text)
			continue
		}
		r := decimal(text)
		if r == nil {
			odd = append(odd, text)
			continue
		}
		b := Bound{Texts: []string{text}, exact: r}
		b.At, _ = r.Float64()
		bounds = append(bounds, b)
	}
	order.Stable(bounds, func(a, b Bound) int {
		return cmp.Or(a.exact.Cmp(b.exact), cmp.Compare(a.Texts[0], b.Texts[0]))
	})
	return append(join(bounds), joinTexts(last)), odd
}

// join makes one bound of those that are the same number.
func join(sorted Bounds) Bounds {
	var out Bounds
	for _, b := range sorted {
		if n := len(out); n > 0 && out[n-1].exact.Cmp(b.exact) == 0 {
			out[n-1].Texts = append(out[n-1].Texts, b.Texts...)
			continue
		}
		out = append(out, b)
	}
	for i, b := range out {
		out[i] = joinTexts(b)
	}
	return out
}

func joinTexts(b Bound) Bound {
	slices.Sort(b.Texts)
	b.Texts = slices.Compact(b.Texts)
	return b
}

// At returns a bound by its index, −Inf for −1.
func (b Bounds) At(i int) float64 {
	if i < 0 {
		return math.Inf(-1)
	}
	return b[i].At
}

// Place is where a limit lies among bounds: their indexes. What is at or below the limit
// is at least what bound Low counts and at most what bound High counts.
type Place struct{ Low, High int }

// Exact tells whether the limit is a bound.
func (p Place) Exact() bool { return p.Low == p.High }

// Place returns where a limit lies: on a bound, which then is both; between two; under the
// first, where Low is −1 and nothing is known to be below; or over the last finite one,
// where High is that of +Inf.
func (b Bounds) Place(l Limit) Place {
	finite := b[:len(b)-1]
	i, found := slices.BinarySearchFunc(finite, l.exact, func(b Bound, at *big.Rat) int { return b.exact.Cmp(at) })
	if found {
		return Place{Low: i, High: i}
	}
	return Place{Low: i - 1, High: i}
}
