package budget

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
)

// A meter says at every instant what the ledger says by adding up buckets.
func TestMeterAgreesWithLedger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLedger(t)
		m := l.Meter()
		w := time.Duration(rapid.IntRange(1, 400).Draw(t, "window")) * time.Minute
		back := m.Back(w)
		for k := rapid.IntRange(0, 30).Draw(t, "first"); k <= m.Instants(); k += 1 + 7*(k%5) {
			at := m.Time(k)
			want := l.BurnRate(at, w)
			bad, total := m.Counts(m.Last(k, back))
			if bad.Cmp(want.Bad) != 0 || total.Cmp(want.Total) != 0 {
				t.Fatalf("%s before instant %d: %s of %s, want %s of %s", w, k, bad, total, want.Bad, want.Total)
			}
			part := l.Over(slo.Period{Start: at.Add(-w.Truncate(m.Step())), End: at})
			if measured, elapsed := m.Seen(k, w.Truncate(m.Step())); measured != int64(part.Buckets.Measured) || elapsed != int64(part.Buckets.Elapsed) {
				t.Fatalf("%s before instant %d: %d of %d buckets seen, want %d of %d", w, k, measured, elapsed, part.Buckets.Measured, part.Buckets.Elapsed)
			}
			s := m.Last(k, back)
			for _, limit := range []slo.Number{slo.NumberOf(0), slo.NumberFrac(1, 2), bad.Quo(total), slo.NumberFrac(1, 1000)} {
				if limit.Known() && m.Over(s, s, LimitOf(limit)) != (bad.Cmp(limit.Mul(total)) > 0) {
					t.Fatalf("%s before instant %d: %s of %s, over %s: want %t", w, k, bad, total, limit, !m.Over(s, s, LimitOf(limit)))
				}
			}
			if !m.AtLeast(s, LimitOf(bad)) || m.AtLeast(s, LimitOf(bad.Add(slo.NumberFrac(1, 1e9)))) {
				t.Fatalf("%s before instant %d: %s bad are not at least as many, or more", w, k, bad)
			}
			before := m.Last(max(k-back, 0), back)
			if was, of := m.Counts(before); bad.Quo(total).Known() && was.Quo(of).Known() {
				now, then := bad.Quo(total), was.Quo(of)
				for _, limit := range []slo.Number{slo.NumberOf(0), slo.NumberOf(2), now.Quo(then)} {
					if want := now.Cmp(limit.Mul(then)) > 0; limit.Known() && m.Faster(s, before, LimitOf(limit)) != want {
						t.Fatalf("%s before instant %d: %s over %s times %s: want %t", w, k, now, limit, then, want)
					}
				}
			}
			if m.Empty(s) != (total.Sign() == 0) {
				t.Fatalf("%s before instant %d: %s are empty: %t", w, k, total, m.Empty(s))
			}
		}
	})
}

// The meter's own window is what Current judges, also along a calendar period
// whose outlook moves on step by step.
func TestMeterOwnWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := drawLedger(t)
		m := l.Meter()
		first := rapid.IntRange(0, m.Instants()).Draw(t, "first")
		for k := first; k <= min(first+40, m.Instants()); k++ {
			st := l.Current(m.Time(k))
			if first := l.record.data.First(); first.IsZero() || !first.Before(m.Time(k)) {
				continue // nothing is known yet: slices of gaps are worth nothing to a meter
			}
			own, _ := m.Own(k)
			bad, total := m.Counts(own)
			if st.Buckets.Measured == 0 && total.Sign() == 0 {
				continue // nothing was measured
			}
			if bad.Cmp(st.Counts.Bad) != 0 || total.Cmp(st.Counts.Total) != 0 {
				t.Fatalf("instant %d: %s of %s, want %s of %s", k, bad, total, st.Counts.Bad, st.Counts.Total)
			}
			if st.Basis == Projected && m.Whole(k).Cmp(st.Total) != 0 {
				t.Fatalf("instant %d: whole period %s, want %s", k, m.Whole(k), st.Total)
			}
			whole := m.Whole(k)
			if m.Nothing(k) != (whole.Sign() == 0) {
				t.Fatalf("instant %d: whole period %s, nothing: %t", k, whole, m.Nothing(k))
			}
			if recent := m.Last(k, 7); !m.Empty(recent) {
				some, all := m.Counts(recent)
				coming := some.Quo(all).Mul(slo.NumberFrac(3, 7))
				for _, limit := range []slo.Number{slo.NumberFrac(1, 1000), m.Spent(k).Add(coming)} {
					if !limit.Known() {
						limit = slo.NumberOf(1)
					}
					over, known := m.Exhausts(k, recent, 3*time.Hour, 7*time.Hour, LimitOf(limit))
					if want := m.Spent(k).Known(); known != want || known && over != (m.Spent(k).Add(coming).Cmp(limit) > 0) {
						t.Fatalf("instant %d: %s and %s over %s: %t, known %t, want %t", k, m.Spent(k), coming, limit, over, known, want)
					}
				}
			}
			for _, limit := range []slo.Number{slo.NumberOf(0), slo.NumberFrac(1, 2), bad.Quo(whole), slo.NumberFrac(1, 1000)} {
				if want := limit.Known() && whole.Known() && bad.Cmp(limit.Mul(whole)) > 0; limit.Known() && m.OverWhole(own, k, LimitOf(limit)) != want {
					t.Fatalf("instant %d: %s over %s of %s: want %t", k, bad, limit, whole, want)
				}
			}
		}
	})
}

// drawLedger draws a ledger of some days of 10-minute or 1-hour buckets, or of a
// day of minutes, with gaps, idle time, an exclusion and any method.
func drawLedger(t *rapid.T) *Ledger {
	step := rapid.SampledFrom([]time.Duration{time.Minute, 10 * time.Minute, time.Hour}).Draw(t, "step")
	seed := rapid.Uint64().Draw(t, "seed")
	n := rapid.IntRange(1, 900).Draw(t, "buckets")
	start := time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC)
	data := slo.NewSeries(slo.Period{Start: start, End: start.Add(time.Duration(n) * step)}, step)
	scale := rapid.SampledFrom([]float64{1, 37, 1e14}).Draw(t, "scale")
	data.Decimals = rapid.SampledFrom([]int{0, 2, 9}).Draw(t, "decimals")
	rng := rand.New(rand.NewPCG(seed, 1))
	from := rng.IntN(n)
	for i := range n {
		if i < from/4 || rng.IntN(9) == 0 {
			continue
		}
		data.Total[i] = float64(rng.IntN(50)) * scale
		data.Bad[i] = math.Min(data.Total[i], float64(rng.IntN(1+50*rng.IntN(2)))*scale)
	}
	zone, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "Europe/Berlin"}).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	s := slo.SLO{Target: 999_000_000, Incidents: slo.DefaultIncidents(), MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(),
		Budgeting: slo.Budgeting{Method: slo.Occurrences, Gaps: slo.GapsExclude, NoTraffic: slo.NoTrafficIgnore}}
	s.Window = rapid.SampledFrom([]slo.Window{{Length: 30 * 24 * time.Hour, Zone: zone}, {Length: 5 * time.Hour, Zone: zone}, {Unit: slo.Month, Zone: zone}, {Unit: slo.Day, Zone: zone}}).Draw(t, "window")
	s.Budgeting.Method = rapid.SampledFrom([]slo.Method{slo.Occurrences, slo.Timeslices, slo.RatioTimeslices}).Draw(t, "method")
	if s.Budgeting.Slices() {
		s.Budgeting.Slice, s.Budgeting.Target = time.Hour, 950_000_000
		s.Budgeting.Gaps = rapid.SampledFrom([]slo.GapPolicy{slo.GapsExclude, slo.GapsGood, slo.GapsBad}).Draw(t, "gaps")
		s.Budgeting.NoTraffic = rapid.SampledFrom([]slo.NoTraffic{slo.NoTrafficIgnore, slo.NoTrafficBad}).Draw(t, "no traffic")
	}
	if rapid.Bool().Draw(t, "excluded") {
		at := start.Add(time.Duration(rng.IntN(n)) * step)
		s.Exclusions = []slo.Exclusion{{Name: "x", Fixed: []slo.Period{{Start: at, End: at.Add(95 * time.Minute)}}}}
	}
	if rapid.IntRange(0, 3).Draw(t, "since") == 0 {
		s.Since = start.Add(time.Duration(rng.IntN(n)) * step / 2)
	}
	l, err := New(s, data)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
