package budget

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
)

// TestComparisonsTwin holds every comparison of a meter against the fractions that it
// stands for, on counts of any unit, of which some are up to 10^15 times as large.
func TestComparisonsTwin(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 9))
	scales := []float64{1, 1000, 1e9, 1 << 53}
	limits := []slo.Number{
		slo.NumberOf(0), slo.NumberOf(1), slo.NumberFrac(1, 1000), slo.NumberFrac(144, 10000),
		slo.NumberFrac(math.MaxInt64, 3), slo.NumberFrac(1, math.MaxInt64),
		slo.NumberRat(new(big.Rat).SetFrac(new(big.Int).Lsh(big.NewInt(1), 90), big.NewInt(7))),
	}
	windows := []slo.Window{{Length: 30 * 24 * time.Hour}, {Length: 24 * time.Hour}, {Unit: slo.Month}, {Unit: slo.Week}}
	for range 60 {
		m := scaledMeter(t, rnd, windows[rnd.IntN(len(windows))], scales[rnd.IntN(len(scales))], scales[rnd.IntN(len(scales))])
		n := m.Instants()
		for range 20 {
			k := 1 + rnd.IntN(n)
			a, b := m.Last(k, 1+rnd.IntN(n)), m.Last(k, 1+rnd.IntN(n))
			compareTwins(t, m, k, a, b, limits[rnd.IntN(len(limits))])
			exhaustsTwins(t, m, k, a, limits[1+rnd.IntN(len(limits)-1)], rnd)
		}
	}
}

// scaledMeter returns a meter over counts up to two scales.
func scaledMeter(t *testing.T, rnd *rand.Rand, w slo.Window, most, some float64) *Meter {
	t.Helper()
	start := time.Date(2026, time.January, 30, 0, 0, 0, 0, time.UTC)
	data := slo.NewSeries(slo.Period{Start: start, End: start.Add(time.Duration(1+rnd.IntN(200)) * time.Hour)}, time.Hour)
	data.Decimals = rnd.IntN(slo.MaxDecimals + 1)
	for i := range data.Len() {
		scale := most
		if rnd.IntN(3) == 0 {
			scale = some
		}
		total := math.Trunc(rnd.Float64() * scale)
		if rnd.IntN(20) > 0 { // else a gap
			data.Total[i], data.Bad[i] = total, math.Trunc(total*[]float64{0, 1, 0.001, 0.5}[rnd.IntN(4)])
		}
	}
	l, err := New(objective("99.9%", w), data)
	if err != nil {
		t.Fatal(err)
	}
	return l.Meter()
}

func compareTwins(t *testing.T, m *Meter, k int, a, b Stretch, limit slo.Number) {
	t.Helper()
	bad, total := m.Counts(a)
	otherBad, otherTotal := m.Counts(b)
	l, whole := LimitOf(limit), m.Whole(k)
	check := func(name string, got, want bool) {
		if got != want {
			t.Errorf("%s of %s/%s and %s/%s at %s: got %t", name, bad, total, otherBad, otherTotal, limit, got)
		}
	}
	check("over", m.Over(a, b, l), bad.Cmp(limit.Mul(otherTotal)) > 0)
	check("at least", m.AtLeast(a, l), bad.Cmp(limit) >= 0)
	check("empty", m.Empty(a), total.Sign() == 0)
	check("nothing", m.Nothing(k), !whole.Known() || whole.Sign() == 0)
	if total.Sign() > 0 && otherTotal.Sign() > 0 {
		faster := bad.Quo(total).Cmp(limit.Mul(otherBad.Quo(otherTotal))) > 0
		check("faster", m.Faster(a, b, l), faster)
	}
}

func exhaustsTwins(t *testing.T, m *Meter, k int, a Stretch, limit slo.Number, rnd *rand.Rand) {
	t.Helper()
	if _, total := m.Counts(a); total.Sign() == 0 {
		return
	}
	ahead, length := time.Duration(1+rnd.IntN(1000))*time.Hour, time.Duration(1+rnd.IntN(1000))*time.Hour
	over, known := m.Exhausts(k, a, ahead, length, LimitOf(limit))
	wantOver, wantKnown := m.exhaustsExactly(k, a, slo.NumberFrac(int64(ahead), int64(length)), limit)
	if known != wantKnown || known && over != wantOver {
		t.Errorf("exhausts %s in %s of %s: got %t, known %t, want %t, %t", limit, ahead, length, over, known, wantOver, wantKnown)
	}
}
