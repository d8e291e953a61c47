package budget

import (
	"math/big"
	"math/bits"

	"github.com/nines-slo/nines/slo"
)

// tape holds running sums of bad and total as whole numbers of a unit: entry k is
// the sum of the first k terms. The unit is that of the series, or as small a part of a
// slice as the terms need.
//
// Some slices have no common unit: error ratios with large denominators. They are
// rounded down, and the tape counts how many were: the true sum of a stretch is the
// tape's, or up to as many units more. A comparison that depends on which adds up the
// terms in fractions.
type tape struct {
	low  column     // the lower 64 bits
	high *column    // the upper 64 bits, nil while no sum needs them
	cut  []int32    // how many of the first k terms were rounded down, nil if none was
	one  wide       // units that make an event or a slice
	unit slo.Number // what a unit is worth
	term int        // bits that a term may have
}

// pair is 64 bits of a sum of bad and of one of total.
type pair struct{ bad, total uint64 }

// column holds pairs by entry, in pages. Pages in a row over which the sums stay what they
// are, since nothing is added, are one page: memory is that of the time with events.
type column struct {
	pages []*page
	n     int // entries
}

const (
	pageBits = 10
	pageSize = 1 << pageBits // entries: seventeen hours of minutes, 16 KiB
)

type page [pageSize]pair

// at returns entry k.
func (c *column) at(k int) pair { return c.pages[k>>pageBits][k%pageSize] }

// from returns the entries from k on that are in the same page.
func (c *column) from(k int) []pair { return c.pages[k>>pageBits][k%pageSize:] }

// push adds an entry.
func (c *column) push(sum pair) { c.add(1)[0] = sum }

// add adds entries and returns them, to be filled in: up to n, as many as are in one page.
func (c *column) add(n int) []pair {
	k := c.n % pageSize
	if k == 0 {
		c.open()
	}
	free := c.pages[len(c.pages)-1][k:]
	free = free[:min(n, len(free))]
	c.n += len(free)
	return free
}

// open makes room for entries, if it can in the last page: where the sums are the same from
// the start of the page before it to its end, that one stands for both.
func (c *column) open() {
	last := len(c.pages) - 1
	if last > 0 && c.pages[last-1][0] == c.pages[last][pageSize-1] {
		c.pages = append(c.pages, c.pages[last])
		c.pages[last] = c.pages[last-1]
		return
	}
	c.pages = append(c.pages, new(page))
}

// narrowBits are those that a sum may have that the lower halves hold.
const narrowBits = 63

// newTape returns a tape for n terms of so many bits, of which one units make 1.
func newTape(n, term int, one uint64) *tape {
	unit := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).SetUint64(one))
	t := &tape{one: wide{lo: one}, unit: slo.NumberRat(unit), term: term}
	t.low.push(pair{})
	if !t.narrow(n) {
		t.high = new(column)
		t.high.push(pair{})
	}
	return t
}

// narrow tells whether the lower 64 bits are enough for any n terms in a row. It does not
// matter then whether those of the running sums overflow.
func (t *tape) narrow(n int) bool { return t.term+bits.Len(uint(n)) <= narrowBits }

// push adds a term; cut says that it was rounded down.
func (t *tape) push(bad, total wide, cut bool) {
	k := t.low.n - 1
	sumBad, sumTotal := t.upTo(k)
	sumBad, sumTotal = sumBad.add(bad), sumTotal.add(total)
	t.low.push(pair{sumBad.lo, sumTotal.lo})
	if t.high != nil {
		t.high.push(pair{sumBad.hi, sumTotal.hi})
	}
	if cut && t.cut == nil {
		t.cut = make([]int32, k+1)
	}
	if t.cut != nil {
		n := t.cut[k]
		if cut {
			n++
		}
		t.cut = append(t.cut, n)
	}
}

// upTo returns the sums of the first k terms.
func (t *tape) upTo(k int) (bad, total wide) {
	low := t.low.at(k)
	bad.lo, total.lo = low.bad, low.total
	if t.high != nil {
		high := t.high.at(k)
		bad.hi, total.hi = high.bad, high.total
	}
	return bad, total
}

// sums returns the sums of the terms of s, in units, rounded down.
func (t *tape) sums(s Stretch) (bad, total wide) {
	bad, total = t.upTo(s.j)
	fromBad, fromTotal := t.upTo(s.i)
	return bad.sub(fromBad), total.sub(fromTotal)
}

// lost returns how many units more than its sums s may have.
func (t *tape) lost(s Stretch) wide {
	if t.cut == nil {
		return wide{}
	}
	return wide{lo: uint64(t.cut[s.j] - t.cut[s.i])}
}

// number returns what w units are worth.
func (t *tape) number(w wide) slo.Number {
	return slo.NumberRat(new(big.Rat).SetInt(w.int())).Mul(t.unit)
}

// bucketTape returns the tape of the buckets of r. Those that do not count add
// nothing.
func bucketTape(r *record) *tape {
	data, most := r.data, 0.0
	for i, total := range data.Total {
		if total > most && !r.excluded[i] {
			most = total
		}
	}
	t := newTape(data.Len(), bits.Len64(uint64(most)), slo.PowerOfTen(data.Decimals))
	if t.high == nil {
		t.pushNarrow(r)
		return t
	}
	for i := range data.Len() {
		var bad, total wide
		if r.counts(i) {
			bad.lo, total.lo = uint64(data.Bad[i]), uint64(data.Total[i])
		}
		t.push(bad, total, false)
	}
	return t
}

// pushNarrow pushes the buckets of r onto a tape of lower halves alone.
func (t *tape) pushNarrow(r *record) {
	bad, total, excluded := r.data.Bad, r.data.Total, r.excluded
	sum := pair{}
	for len(total) > 0 {
		sums := t.low.add(len(total))
		n := len(sums)
		bads, totals, outs := bad[:n], total[:n], excluded[:n]
		for i := range sums {
			if totals[i] > 0 && !outs[i] { // measured, and it adds something
				sum.bad, sum.total = sum.bad+uint64(int64(bads[i])), sum.total+uint64(int64(totals[i]))
			}
			sums[i] = sum
		}
		bad, total, excluded = bad[n:], total[n:], excluded[n:]
	}
}

// wideSum returns the units of a sum.
func wideSum(s slo.Sum) (w wide) {
	w.hi, w.lo = s.Units()
	return w
}

// sliceTape returns the tape of the slices of r. Those that do not count add nothing.
// Its unit is one part of the common denominator of their error ratios; where that is
// too large, of a power of two.
func sliceTape(r *record) *tape {
	n := len(r.slices)
	term := narrowBits - bits.Len(uint(n)+1)
	parts := commonParts(r.slices, 1<<(term-1))
	t := newTape(n, term, parts.Uint64())
	for _, s := range r.slices {
		if s.bad == nil || r.unborn(s) {
			t.push(wide{}, wide{}, false)
			continue
		}
		bad, rest := new(big.Int).QuoRem(new(big.Int).Mul(s.bad.Num(), parts), s.bad.Denom(), new(big.Int))
		t.push(wide{lo: bad.Uint64()}, t.one, rest.Sign() != 0)
	}
	return t
}

// commonParts returns the least common denominator of the error ratios of slices,
// most if it is over that.
func commonParts(slices []slice, most int64) *big.Int {
	parts, limit := big.NewInt(1), big.NewInt(most)
	for _, s := range slices {
		if s.bad == nil || s.bad.IsInt() {
			continue
		}
		d := s.bad.Denom()
		parts.Mul(parts, new(big.Int).Quo(d, new(big.Int).GCD(nil, nil, parts, d)))
		if parts.Cmp(limit) > 0 {
			return limit
		}
	}
	return parts
}
