package budget

import (
	"fmt"
	"math"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
)

// twin computes a status the slow, obvious way: minute by minute, in fractions.
type twin struct {
	bad, total        *big.Rat
	buckets, measured int
}

// rat returns so many units of 10^-decimals.
func rat(units float64, decimals int) *big.Rat {
	value, _ := new(big.Rat).SetString(fmt.Sprintf("%.0fe-%d", units, decimals))
	return value
}

func isExcluded(s slo.SLO, minute time.Time) bool {
	for i := range 60 { // every second of it lies in some exclusion
		inside := false
		for _, e := range s.Exclusions {
			for _, p := range e.Fixed {
				inside = inside || p.Contains(minute.Add(time.Duration(i)*time.Second))
			}
		}
		if !inside {
			return false
		}
	}
	return true
}

// twinSlices numbers the slice of every minute from a day before from on: a slice
// ends after its length, and where the local date first becomes a later one.
func twinSlices(from time.Time, n int, length time.Duration, zone *time.Location) []int {
	ids := make([]int, n)
	id, begun, latest := 0, time.Time{}, ""
	for i := -2 * 1440; i < n; i++ {
		t := from.Add(time.Duration(i) * time.Minute)
		date := t.In(zone).Format(time.DateOnly)
		if newDay := date > latest; newDay || t.Sub(begun) == length {
			id, begun = id+1, t
			latest = max(latest, date)
		}
		if i >= 0 {
			ids[i] = id
		}
	}
	return ids
}

func twinStatus(s slo.SLO, data *slo.Series, p slo.Period) twin {
	w := twin{bad: new(big.Rat), total: new(big.Rat)}
	ids := twinSlices(data.Start, data.Len(), s.Budgeting.Slice, s.Window.Location())
	type sums struct {
		begins             time.Time
		bad, total         *big.Rat
		measured, excluded int
		n                  int
	}
	slices := map[int]*sums{}
	for i := range data.Len() {
		t := data.Time(i)
		sl := slices[ids[i]]
		if sl == nil {
			sl = &sums{begins: t, bad: new(big.Rat), total: new(big.Rat)}
			slices[ids[i]] = sl
		}
		in := p.Contains(t)
		sl.n++
		if isExcluded(s, t) {
			sl.excluded++
			continue
		}
		if in {
			w.buckets++
		}
		if !data.Measured(i) {
			continue
		}
		sl.measured++
		sl.bad.Add(sl.bad, rat(data.Bad[i], data.Decimals))
		sl.total.Add(sl.total, rat(data.Total[i], data.Decimals))
		if in {
			w.measured++
			if !s.Budgeting.Slices() {
				w.bad.Add(w.bad, rat(data.Bad[i], data.Decimals))
				w.total.Add(w.total, rat(data.Total[i], data.Decimals))
			}
		}
	}
	if !s.Budgeting.Slices() {
		return w
	}
	b := s.Budgeting
	for _, sl := range slices {
		if !p.Contains(sl.begins) || sl.excluded == sl.n {
			continue
		}
		var bad *big.Rat
		switch {
		case sl.measured == 0 && b.Gaps == slo.GapsGood:
			bad = big.NewRat(0, 1)
		case sl.measured == 0 && b.Gaps == slo.GapsBad:
			bad = big.NewRat(1, 1)
		case sl.measured == 0:
			continue
		case sl.total.Sign() == 0 && b.NoTraffic == slo.NoTrafficBad:
			bad = big.NewRat(1, 1)
		case sl.total.Sign() == 0:
			continue
		case b.Method == slo.RatioTimeslices:
			bad = new(big.Rat).Quo(sl.bad, sl.total)
		default:
			good := new(big.Rat).Sub(sl.total, sl.bad)
			bad = big.NewRat(1, 1)
			if good.Quo(good, sl.total).Cmp(b.Target.Number().Rat()) >= 0 {
				bad = big.NewRat(0, 1)
			}
		}
		w.bad.Add(w.bad, bad)
		w.total.Add(w.total, big.NewRat(1, 1))
	}
	return w
}

var twinZones = []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana", "Africa/Cairo"}

// TestTwin holds Status against the slow twin on random series, periods,
// exclusions and methods over clock changes.
func TestTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(twinZones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		days := []string{"2026-03-07", "2026-03-28", "2026-10-03", "2026-10-24", "2026-10-31", "2026-04-23"}
		first, _ := slo.ParseDate(rapid.SampledFrom(days).Draw(t, "day"))
		start := first.Start(zone)
		data := slo.NewSeries(slo.Period{Start: start, End: first.AddDays(2).Start(zone).Add(3 * time.Hour)}, time.Minute)
		data.Decimals = rapid.SampledFrom([]int{0, 0, 1, 9}).Draw(t, "decimals")
		kind := rapid.IntRange(0, 3)
		for i := range data.Len() {
			if i%17 == 0 || i%17 > 12 {
				switch kind.Draw(t, "kind") {
				case 0:
					continue // a gap
				case 1:
					data.Bad[i], data.Total[i] = 0, 0
					continue
				}
			}
			total := rapid.IntRange(1, 40).Draw(t, "total")
			data.Total[i] = float64(total)
			data.Bad[i] = float64(rapid.IntRange(0, total).Draw(t, "bad"))
		}
		s := objective("97.3%", slo.Window{Unit: slo.Day, Zone: zone})
		switch rapid.IntRange(0, 2).Draw(t, "method") {
		case 1:
			s = sliced(s, slo.Timeslices, rapid.SampledFrom([]time.Duration{5 * time.Minute, time.Hour, 6 * time.Hour}).Draw(t, "slice"), "50%")
		case 2:
			s = sliced(s, slo.RatioTimeslices, rapid.SampledFrom([]time.Duration{15 * time.Minute, time.Hour}).Draw(t, "slice"), "")
		}
		if s.Budgeting.Slices() {
			s.Budgeting.Gaps = rapid.SampledFrom([]slo.GapPolicy{slo.GapsExclude, slo.GapsGood, slo.GapsBad}).Draw(t, "gaps")
			s.Budgeting.NoTraffic = rapid.SampledFrom([]slo.NoTraffic{slo.NoTrafficIgnore, slo.NoTrafficBad}).Draw(t, "idle")
		}
		for range rapid.IntRange(0, 3).Draw(t, "exclusions") {
			from := start.Add(time.Duration(rapid.IntRange(0, 200000).Draw(t, "from")) * time.Second)
			length := time.Duration(rapid.IntRange(1, 30000).Draw(t, "length")) * time.Second
			s.Exclusions = append(s.Exclusions, slo.Exclusion{Fixed: []slo.Period{{Start: from, End: from.Add(length)}}})
		}
		p := slo.Period{Start: start.Add(time.Duration(rapid.IntRange(1, 400).Draw(t, "cut")) * time.Minute), End: first.AddDays(2).Start(zone)}

		l, err := New(s, data)
		if err != nil {
			t.Fatal(err)
		}
		got := l.Status(p, p.End)
		want := twinStatus(s, data, p)
		if got.Counts.Bad.Rat().Cmp(want.bad) != 0 || got.Counts.Total.Rat().Cmp(want.total) != 0 {
			t.Errorf("%s: got %s of %s, want %s of %s", s.Budgeting.Method, got.Counts.Bad, got.Counts.Total, want.bad.RatString(), want.total.RatString())
		}
		if got.Buckets.Elapsed != want.buckets || got.Buckets.Measured != want.measured {
			t.Errorf("got %d of %d measured, want %d of %d", got.Buckets.Measured, got.Buckets.Elapsed, want.measured, want.buckets)
		}
		if want.total.Sign() > 0 {
			allowed := new(big.Rat).Mul(want.total, big.NewRat(27, 1000))
			spent, _ := new(big.Rat).Quo(want.bad, allowed).Float64()
			if got.Budget.Spent.Float() != spent {
				t.Errorf("spent %v, want %v", got.Budget.Spent.Float(), spent)
			}
		} else if !math.IsNaN(got.Budget.Spent.Float()) {
			t.Errorf("spent %v of nothing", got.Budget.Spent)
		}
	})
}
