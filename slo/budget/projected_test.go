package budget

import (
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
)

// twinProjected is the budget of a running period the slow way: minute by minute, in
// fractions.
type twinProjected struct {
	bad, counted, total *big.Rat // events so far, and with those to come
	known               bool     // there is something to take a mean of
	minutes             int64    // measured so far, and not excluded to come
}

// projectTwin adds up the period p of s at the instant at, of data with buckets of an
// hour or less that begin at full hours of the zone.
func projectTwin(s slo.SLO, data *slo.Series, p slo.Period, at time.Time) twinProjected {
	type mean struct {
		sum *big.Rat
		n   int64
	}
	hourOf := func(t time.Time) int {
		local := t.In(s.Window.Location())
		return 24*int(local.Weekday()) + local.Hour()
	}
	counts := func(i int) bool {
		all := true
		for m := time.Duration(0); m < data.Step; m += time.Minute {
			all = all && isExcluded(s, data.Time(i).Add(m))
		}
		return data.Measured(i) && !all
	}
	past, so := map[int]*mean{}, mean{sum: new(big.Rat)}
	w := twinProjected{bad: new(big.Rat), known: true}
	perBucket := int64(data.Step / time.Minute)
	for i := range data.Len() {
		t := data.Time(i)
		if t.Add(data.Step).After(at) || !counts(i) {
			continue
		}
		if !t.Before(at.AddDate(0, 0, -28)) {
			h := hourOf(t)
			if past[h] == nil {
				past[h] = &mean{sum: new(big.Rat)}
			}
			past[h].sum.Add(past[h].sum, rat(data.Total[i], 0))
			past[h].n++
		}
		if p.Contains(t) {
			w.bad.Add(w.bad, rat(data.Bad[i], 0))
			so.sum.Add(so.sum, rat(data.Total[i], 0))
			so.n++
			w.minutes += perBucket
		}
	}
	w.counted = new(big.Rat).Set(so.sum)
	w.total = new(big.Rat).Set(so.sum)
	for bucket := at; bucket.Before(p.End); bucket = bucket.Add(data.Step) {
		free := int64(0)
		for t := bucket; t.Before(bucket.Add(data.Step)); t = t.Add(time.Minute) {
			if !isExcluded(s, t) {
				free++
			}
		}
		if free > 0 { // a bucket is excluded if all of it is
			free = perBucket
			w.minutes += perBucket
		}
		m := past[hourOf(bucket)]
		if m == nil {
			m = &so
		}
		if m.n == 0 {
			w.known = w.known && free == 0
			continue
		}
		share := big.NewRat(free, perBucket*m.n)
		w.total.Add(w.total, share.Mul(share, m.sum))
	}
	return w
}

// The budget of a running period is what the twin says, to the last digit: allowed,
// spent and left, in events and in minutes; and so is what the time so far allows.
func TestProjectedTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "Asia/Tokyo", "Asia/Kathmandu"}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		s := objective("99.3%", slo.Window{Unit: rapid.SampledFrom([]slo.Unit{slo.Day, slo.Week, slo.Month}).Draw(t, "unit"), Zone: zone})
		step := rapid.SampledFrom([]time.Duration{20 * time.Minute, time.Hour}).Draw(t, "step")
		within := time.Date(2026, time.October, 14, 0, 0, 0, 0, zone)
		p := s.Window.Bounds(within)
		at := p.Start.Add(time.Duration(rapid.Int64Range(0, int64(p.Length()/step)-1).Draw(t, "at")) * step)
		back := time.Duration(rapid.IntRange(0, 1000).Draw(t, "hours before")) * time.Hour
		data := slo.NewSeries(slo.Period{Start: p.Start.Add(-back), End: at}, step)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		for i := range data.Len() {
			if rng.IntN(9) == 0 {
				continue
			}
			data.Total[i] = float64(rng.IntN(60))
			data.Bad[i] = float64(rng.IntN(int(data.Total[i]) + 1))
		}
		for range rapid.IntRange(0, 2).Draw(t, "exclusions") {
			from := p.Start.Add(time.Duration(rapid.Int64Range(0, int64(p.Length()/time.Minute)).Draw(t, "from")) * time.Minute)
			length := time.Duration(rapid.IntRange(1, 600).Draw(t, "length")) * time.Minute
			s.Exclusions = append(s.Exclusions, slo.Exclusion{Fixed: []slo.Period{{Start: from, End: from.Add(length)}}})
		}
		l, err := New(s, data)
		if err != nil {
			t.Fatal(err)
		}
		st, want := l.Status(p, at), projectTwin(s, data, p, at)
		if st.Basis != Projected {
			t.Fatalf("basis %s at %v of %v", st.Basis, at, p)
		}
		share := big.NewRat(7, 1000)
		equal(t, "minutes allowed", st.Minutes.Allowed, new(big.Rat).Mul(share, big.NewRat(want.minutes, 1)))
		equal(t, "allowed so far", st.ElapsedBudget.Allowed, new(big.Rat).Mul(share, want.counted))
		if !want.known {
			if st.Budget.Allowed.Known() || st.Budget.Spent.Known() {
				t.Fatalf("budget %v of nothing known", st.Budget)
			}
			return
		}
		allowed := new(big.Rat).Mul(share, want.total)
		equal(t, "allowed", st.Budget.Allowed, allowed)
		if st.Buckets.Measured == 0 || allowed.Sign() == 0 {
			if st.Budget.Spent.Known() || st.Budget.Remaining.Known() || st.Minutes.Spent.Known() {
				t.Fatalf("spent %s of what nobody measured", st.Budget.Spent)
			}
			return
		}
		spent := new(big.Rat).Quo(want.bad, allowed)
		equal(t, "spent", st.Budget.Spent, spent)
		equal(t, "left", st.Budget.Remaining, new(big.Rat).Sub(big.NewRat(1, 1), spent))
		equal(t, "minutes spent", st.Minutes.Spent, spent.Mul(spent, st.Minutes.Allowed.Rat()))
		over := st.Budget.Spent.Cmp(slo.NumberOf(1)) > 0
		if want := over && st.State != slo.NoData; want != (st.State == slo.Exhausted) {
			t.Fatalf("%s with %s spent", st.State, st.Budget.Spent)
		}
	})
}

func equal(t *rapid.T, what string, got slo.Number, want *big.Rat) {
	t.Helper()
	if !got.Known() || got.Rat().Cmp(want) != 0 {
		t.Fatalf("%s: got %s, want %s", what, got, want.RatString())
	}
}

// The same counts promise the same month, whether they come hourly, every six hours or
// daily: 1,000 an hour on the 22 weekdays of June 2026, none at weekends.
func TestProjectionKnowsTheWeekAtEveryStep(t *testing.T) {
	june := slo.Period{Start: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)}
	at := june.Start.AddDate(0, 0, 5)
	for _, step := range []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour} {
		data := slo.NewSeries(slo.Period{Start: june.Start.AddDate(0, 0, -28), End: at}, step)
		for i := range data.Len() {
			data.Bad[i], data.Total[i] = 0, 0
			if day := data.Time(i).Weekday(); day != time.Saturday && day != time.Sunday {
				data.Total[i] = 1000 * step.Hours()
			}
		}
		l, err := New(objective("99%", slo.Window{Unit: slo.Month, Zone: time.UTC}), data)
		if err != nil {
			t.Fatal(err)
		}
		if st := l.Status(june, at); st.Total.Cmp(slo.NumberOf(528_000)) != 0 {
			t.Errorf("step %s: %s events in June, want 22 days of 24,000", step, st.Total)
		}
	}
}

// A bucket to come is excluded if all of it is, as one that has been counted: of
// 08:30 to 17:30 every day, none of daily buckets and eight of hourly ones.
func TestProjectionExcludesWholeBuckets(t *testing.T) {
	june := slo.Period{Start: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)}
	var hours []slo.Period
	for day := june.Start.AddDate(0, 0, -28); day.Before(june.End); day = day.AddDate(0, 0, 1) {
		hours = append(hours, slo.Period{Start: day.Add(8*time.Hour + 30*time.Minute), End: day.Add(17*time.Hour + 30*time.Minute)})
	}
	for step, want := range map[time.Duration]int64{24 * time.Hour: 30 * 24 * 120, time.Hour: 30 * 16 * 120, time.Minute: 30 * 15 * 120} {
		at := june.Start.AddDate(0, 0, 5)
		data := slo.NewSeries(slo.Period{Start: june.Start.AddDate(0, 0, -28), End: at}, step)
		for i := range data.Len() {
			data.Bad[i], data.Total[i] = 0, 120*step.Hours()
		}
		s := objective("99%", slo.Window{Unit: slo.Month, Zone: time.UTC})
		s.Exclusions = []slo.Exclusion{{Fixed: hours}}
		l, err := New(s, data)
		if err != nil {
			t.Fatal(err)
		}
		if st := l.Status(june, at); st.Total.Cmp(slo.NumberOf(want)) != 0 {
			t.Errorf("step %s: %s events in June, want %d", step, st.Total, want)
		}
	}
}
