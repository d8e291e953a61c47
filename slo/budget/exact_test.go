package budget

import (
	"math"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
)

// meterOf returns the meter of minutes with those counts in units of 10^-decimals, bad
// and total in turn.
func meterOf(t *testing.T, n, decimals int, counts func(i int) (bad, total float64)) *Meter {
	t.Helper()
	start := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	data := slo.NewSeries(slo.Period{Start: start, End: start.Add(time.Duration(n) * time.Minute)}, time.Minute)
	data.Decimals = decimals
	for i := range n {
		data.Bad[i], data.Total[i] = counts(i)
	}
	l, err := New(objective("99.9%", slo.Window{Length: 30 * 24 * time.Hour, Zone: time.UTC}), data)
	if err != nil {
		t.Fatal(err)
	}
	return l.Meter()
}

func decimal(t *testing.T, text string) slo.Number {
	t.Helper()
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return slo.NumberRat(r)
}

// A limit that is met exactly is not passed; one event more passes it. The scan and
// the single question say the same.
func TestLimitMetExactlyAndOneEventMore(t *testing.T) {
	const month = 43200
	for _, c := range []struct {
		name       string
		n          int
		limit      string
		bad, total float64 // of every minute
		more       float64 // bad of the last minute besides
		decimals   int
		wide       bool
	}{
		{name: "whole", n: 1000, limit: "0.0144", bad: 144, total: 10000, more: 1},
		{name: "10^15 events a minute", n: month, limit: "0.001", bad: 1e12, total: 1e15, more: 1, wide: true},
		{name: "sum just under 64 bits", n: 1000, limit: "0.5", bad: 1 << 51, total: 1 << 52, more: 1},
		{name: "sum over 64 bits", n: 5000, limit: "0.5", bad: 1 << 52, total: 1 << 53, more: 1, wide: true},
		{name: "tenths of an event", n: 100, limit: "0.5", bad: 1, total: 2, decimals: 1, more: 1},
		{name: "10^6 events of 10^-9", n: month, limit: "0.001", bad: 1e12, total: 1e15, decimals: 9, more: 1, wide: true},
		{name: "limit of 30 digits", n: 100, limit: "0.500000000000000000000000000000", bad: 1, total: 2, more: 1},
	} {
		for _, more := range []float64{0, c.more} {
			m := meterOf(t, c.n, c.decimals, func(i int) (float64, float64) {
				if i == c.n-1 {
					return c.bad + more, c.total
				}
				return c.bad, c.total
			})
			if wide := m.tape.high != nil; wide != c.wide || m.tape.cut != nil {
				t.Errorf("%s: wide %t, want %t; rounded %t", c.name, wide, c.wide, m.tape.cut != nil)
			}
			limit, whole := LimitOf(decimal(t, c.limit)), m.Last(c.n, c.n)
			want := more > 0
			if got := m.Over(whole, whole, limit); got != want {
				t.Errorf("%s, %v more: over %t", c.name, more, got)
			}
			var at []int
			m.Scan(c.n-5, c.n, c.n-5, limit, func(k int) { at = append(at, k) })
			if got := len(at) == 1 && at[0] == c.n; got != want || len(at) > 1 {
				t.Errorf("%s, %v more: over at %v", c.name, more, at)
			}
			if got := m.OverWhole(m.Last(c.n, c.n), c.n, LimitOf(limit.Number().Mul(slo.NumberFrac(int64(c.n), month)))); got != want {
				t.Errorf("%s, %v more: over the whole window %t", c.name, more, got)
			}
		}
	}
}

// Limits whose fractions do not fit into 64 bits are as exact as others.
func TestLimitThatDoesNotFit(t *testing.T) {
	m := meterOf(t, 100, 0, func(int) (float64, float64) { return 1, 2 })
	s := m.Last(100, 100)
	for text, want := range map[string]bool{"0.4999999999999999999999999": true, "0.5": false, "0.5000000000000000000000001": false} {
		if l := LimitOf(decimal(t, text)); m.Over(s, s, l) != want || len(text) > 3 && l.fits() {
			t.Errorf("%s: over %t, fits %t", text, !want, l.fits())
		}
	}
}

// Bad events are lost in no sum, however large it is.
func TestNoBadEventIsLost(t *testing.T) {
	for _, bad := range []int{0, 1, 43200} {
		m := meterOf(t, 43200, 0, func(i int) (float64, float64) {
			if i < bad {
				return 1, 1e15
			}
			return 0, 1e15
		})
		got, total := m.Counts(m.Last(43200, 43200))
		if got.String() != slo.NumberOf(int64(bad)).String() || total.String() != "43200000000000000000" {
			t.Errorf("%s bad of %s, want %d of 43200000000000000000", got, total, bad)
		}
	}
}

// The fewest events are those of the stretch with some that has the fewest.
func TestFewest(t *testing.T) {
	totals := []float64{0, 9, 0, 5, 7, 0, 0, 0}
	m := meterOf(t, len(totals), 0, func(i int) (float64, float64) { return 0, totals[i] })
	for _, c := range []struct {
		first, last, back int
		want              string
	}{{1, 8, 1, "5"}, {2, 8, 2, "5"}, {4, 5, 2, "5"}, {5, 5, 2, "12"}, {7, 8, 2, "unknown"}} {
		if got := m.Fewest(c.first, c.last, c.back); got.String() != c.want {
			t.Errorf("%d before %d to %d: %s, want %s", c.back, c.first, c.last, got, c.want)
		}
	}
}

// Error ratios of slices are exact fractions, whether they have a small common
// denominator or none.
func TestRatiosOfSlices(t *testing.T) {
	primes := []float64{1009, 1013, 1019, 1021, 1031, 1033, 1039, 1049, 1051, 1061, 1063, 1069}
	for _, c := range []struct {
		name   string
		totals []float64
		cut    bool
	}{
		{"thirds", []float64{3, 3, 3}, false},
		{"many primes", append([]float64{3, 3, 3}, primes...), true},
	} {
		start := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
		data := slo.NewSeries(slo.Period{Start: start, End: start.Add(time.Duration(len(c.totals)) * time.Hour)}, time.Hour)
		for i, total := range c.totals {
			data.Bad[i], data.Total[i] = 1, total
		}
		l, err := New(sliced(objective("99%", slo.Window{Length: 30 * 24 * time.Hour, Zone: time.UTC}), slo.RatioTimeslices, time.Hour, ""), data)
		if err != nil {
			t.Fatal(err)
		}
		m := l.Meter()
		if cut := m.tape.cut != nil; cut != c.cut {
			t.Errorf("%s: rounded %t", c.name, cut)
		}
		s := Stretch{0, 3}
		bad, total := m.Counts(s)
		if bad.String() != "1" || total.String() != "3" {
			t.Errorf("%s: %s of %s, want 1 of 3", c.name, bad, total)
		}
		third := slo.NumberFrac(1, 3)
		if m.Over(s, s, LimitOf(third)) || !m.Over(s, s, LimitOf(third.Sub(slo.NumberFrac(1, 1e12)))) {
			t.Errorf("%s: three thirds of 3 slices are over a third, or not over less", c.name)
		}
	}
}

// The arithmetic of wide integers is that of math/big.
func TestWideTwin(t *testing.T) {
	digits := rapid.OneOf(rapid.Just(uint64(0)), rapid.Just(uint64(math.MaxUint64)), rapid.Uint64())
	rapid.Check(t, func(t *rapid.T) {
		w, v := wide{digits.Draw(t, "w.hi"), digits.Draw(t, "w.lo")}, wide{digits.Draw(t, "v.hi"), digits.Draw(t, "v.lo")}
		a, b := digits.Draw(t, "a"), max(1, digits.Draw(t, "b"))
		A, B := new(big.Int).SetUint64(a), new(big.Int).SetUint64(b)
		mul := func(x, y *big.Int) *big.Int { return new(big.Int).Mul(x, y) }
		equal := func(what string, got, want *big.Int) {
			if got.Cmp(want) != 0 {
				t.Fatalf("%s: %d, want %d", what, got, want)
			}
		}
		x, y := w.product().timesWide(v).times(a), v.product().times(b).times(a)
		equal("w·v·a", x.int(), mul(mul(w.int(), v.int()), A))
		equal("v·b·a", y.int(), mul(mul(v.int(), B), A))
		equal("sum", x.plus(y).int(), new(big.Int).Add(x.int(), y.int()))
		if got, want := x.cmp(y), x.int().Cmp(y.int()); got != want {
			t.Fatalf("%d against %d: %d, want %d", x.int(), y.int(), got, want)
		}
		if got, want := w.less(v), w.int().Cmp(v.int()) < 0; got != want {
			t.Fatalf("%d less than %d: %t", w.int(), v.int(), got)
		}
		if w.hi < b && a <= b {
			q, rest := w.scaled(a, b)
			whole, left := new(big.Int).QuoRem(mul(w.int(), A), B, new(big.Int))
			equal("w·a/b", q.int(), whole)
			if rest != (left.Sign() != 0) {
				t.Fatalf("a rest %t of %d", rest, left)
			}
		}
		limit := LimitOf(slo.NumberRat(new(big.Rat).SetFrac(A, B)))
		if got, want := limit.over(w, v), mul(w.int(), B).Cmp(mul(v.int(), A)) > 0; got != want {
			t.Fatalf("%d over %d/%d of %d: %t", w.int(), a, b, v.int(), got)
		}
	})
}

// A tape of a year of minutes takes the memory of the days with events; sums and scans are
// those of the plain running sums.
func TestTapeOfQuietTimeIsSmall(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	data := slo.NewSeries(slo.Period{Start: start, End: start.AddDate(1, 0, 0)}, time.Minute)
	n := data.Len()
	for _, i := range []int{0, pageSize - 1, pageSize, 7*pageSize + 3, 100_000, 100_001, 400_000, n - 1} {
		data.Bad[i], data.Total[i] = 1, 3
	}
	l, err := New(slo.SLO{Target: 999_000_000, Budgeting: slo.Budgeting{Method: slo.Occurrences}}, data)
	if err != nil {
		t.Fatal(err)
	}
	m := l.Meter()
	own := map[*page]bool{}
	for _, p := range m.tape.low.pages {
		own[p] = true
	}
	if len(own) > 20 {
		t.Errorf("%d pages are held for 8 minutes with events", len(own))
	}
	plain := make([]uint64, n+1)
	for i, total := range data.Total {
		plain[i+1] = plain[i]
		if total > 0 {
			plain[i+1] += 3
		}
	}
	for _, back := range []int{1, 5, pageSize, 4320} {
		at, over := 0, map[int]bool{}
		m.Scan(0, n, back, LimitOf(slo.NumberFrac(1, 100)), func(k int) { at, over[k] = at+1, true })
		want := 0
		for k := range plain {
			from := max(k-back, 0)
			if _, total := m.tape.sums(Stretch{from, k}); total.lo != plain[k]-plain[from] {
				t.Fatalf("the last %d of instant %d have %d, want %d", back, k, total.lo, plain[k]-plain[from])
			}
			if plain[k] > plain[from] {
				want++
				if !over[k] {
					t.Fatalf("the last %d of instant %d are over no limit", back, k)
				}
			}
		}
		if at != want {
			t.Errorf("the last %d: %d instants, want %d", back, at, want)
		}
	}
}
