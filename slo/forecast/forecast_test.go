package forecast

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// monday is the first day of every history here.
var monday = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// ledger returns an objective of 99 % over w with 1,000 events a day, of which
// bad(i), to two decimals, are bad on day i; −1 is a day that was not measured.
func ledger(t testing.TB, w slo.Window, days int, bad func(day int) float64) *budget.Ledger {
	t.Helper()
	return ledgerOf(t, w, 24*time.Hour, days, bad)
}

// ledgerOf is ledger with so many events every step.
func ledgerOf(t testing.TB, w slo.Window, step time.Duration, days int, bad func(day int) float64) *budget.Ledger {
	t.Helper()
	data := slo.NewSeries(slo.Period{Start: monday, End: monday.AddDate(0, 0, days)}, step)
	data.Decimals = 2
	for i := range data.Total {
		if b := bad(i * int(step/time.Hour) / 24); b >= 0 {
			data.Total[i], data.Bad[i] = 1000_00, math.Round(b*100)
		}
	}
	l, err := budget.New(slo.SLO{Name: "x", Target: 990_000_000, Window: w, Budgeting: slo.Budgeting{Method: slo.Occurrences},
		MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk()}, data)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func days(n int) slo.Window { return slo.Window{Length: time.Duration(n) * 24 * time.Hour} }

func near(n slo.Number, want float64) bool {
	return n.Known() && n.Float() > want-1e-9 && n.Float() < want+1e-9
}

// TestCertain holds forecasts of pasts that leave no doubt.
func TestCertain(t *testing.T) {
	month := slo.Window{Unit: slo.Month}
	for _, c := range []struct {
		name   string
		window slo.Window
		days   int // measured before at
		bad    func(day int) float64
		spent  float64
		out    string // day on which the budget runs out
	}{
		{"no failures", days(7), 120, func(int) float64 { return 0 }, 0, ""},
		{"half the budget each day", days(7), 120, func(int) float64 { return 5 }, 0.5, ""},
		{"failures on Mondays: one in any seven days", days(7), 121, monday35, 0.5, ""},
		{"a rolling window that is even stays even", days(28), 200, func(int) float64 { return 10 }, 1, ""},
		{"9 days into January at 20 a day: 310 allowed of 31,000, out on the 16th", month, 370, func(int) float64 { return 20 }, 2, "2027-01-16"},
		{"at 8 a day", month, 370, func(int) float64 { return 8 }, 0.8, ""},
	} {
		at := monday.AddDate(0, 0, c.days)
		f := Of(ledger(t, c.window, c.days, c.bad), at, 1)
		if f.Reason != "" {
			t.Errorf("%s: no forecast: %s", c.name, f.Reason)
			continue
		}
		if !near(f.Spent.Low, c.spent) || !near(f.Spent.Middle, c.spent) || !near(f.Spent.High, c.spent) {
			t.Errorf("%s: spent %v, want %v throughout", c.name, f.Spent, c.spent)
		}
		if !near(f.Score.Coverage, 0.8) || !near(f.Score.Pinball, 0) {
			t.Errorf("%s: score %v, want no loss and a share of 0.8", c.name, f.Score)
		}
		out := ""
		if !f.Exhaustion.Middle.IsZero() {
			out = f.Exhaustion.Middle.Format(time.DateOnly)
		}
		if out != c.out || f.Exhaustion.Early != f.Exhaustion.Late || near(f.Chance, 1) != (c.out != "") {
			t.Errorf("%s: runs out %v with chance %s, want %q", c.name, f.Exhaustion, f.Chance, c.out)
		}
	}
}

// monday35 fails on Mondays only.
func monday35(day int) float64 {
	if day%7 == 0 {
		return 35
	}
	return 0
}

// TestExhaustedAlready holds that what is spent needs no forecast of when.
func TestExhaustedAlready(t *testing.T) {
	f := Of(ledger(t, days(7), 120, func(int) float64 { return 20 }), monday.AddDate(0, 0, 120), 1)
	if !f.Exhausted || !near(f.Chance, 1) || f.Exhaustion != (Moments{}) || !near(f.Spent.Middle, 2) {
		t.Errorf("got %+v", f)
	}
}

// TestMidday holds that the rest of a day counts in part: at noon half of a month's
// last day is to come.
func TestMidday(t *testing.T) {
	l := ledgerOf(t, slo.Window{Unit: slo.Month}, time.Hour, 361, func(day int) float64 {
		if day == 360 {
			return 18 // 12 hours of it, as 36 hours of the others
		}
		return 6
	})
	at := time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC)
	f := Of(l, at, 1)
	if f.Reason != "" || !near(f.Spent.Middle, (732*6+12*18)/7440.) || f.End != time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC) {
		t.Errorf("got %+v, want the rest of the day like a day of the past", f)
	}
}

// TestNone holds why there is no forecast.
func TestNone(t *testing.T) {
	steady := func(int) float64 { return 5 }
	for _, c := range []struct {
		name   string
		window slo.Window
		days   int
		bad    func(int) float64
		want   Reason
	}{
		{"a window of a day", days(1), 300, steady, ShortWindow},
		{"a calendar day", slo.Window{Unit: slo.Day}, 300, steady, ShortWindow},
		{"a day too few for a week: 28 + 14 + 28 − 1 + 2 × 7", days(7), 82, steady, LittleHistory},
		{"enough", days(7), 83, steady, ""},
		{"nothing at all", days(7), 0, steady, NoData},
		{"never measured", days(7), 200, func(int) float64 { return -1 }, NoData},
		{"a window of no events", days(7), 200, func(day int) float64 { return until(193, day) }, NoData},
		{"one of seven days has some", days(7), 200, func(day int) float64 { return until(194, day) }, NoData},
		{"six of seven", days(7), 200, func(day int) float64 { return until(199, day) }, NoData}, // 86 % is under min_coverage
		{"months of 400 days, none in the last two", slo.Window{Unit: slo.Month}, 400, func(day int) float64 { return until(330, day) }, NoData},
		{"every other day measured, but all of the last week", days(7), 200, func(day int) float64 {
			if day%2 == 0 && day < 193 {
				return -1
			}
			return 5
		}, FewOutcomes},
		{"Sundays never measured but the last", days(7), 200, func(day int) float64 {
			if day%7 == 6 && day < 193 {
				return -1
			}
			return 5
		}, FewOutcomes},
		{"30 days out of 60 measured days", days(30), 60, steady, LittleHistory},
		{"64 times as bad each week", days(7), 120, func(day int) float64 { return 1000 * math.Exp2(6*float64(day-120)/7) }, MissedLately},
		{"so for months, then at the same level every week", days(7), 170, func(day int) float64 {
			return 1000 * math.Exp2(6*float64(min(day, 120+day%7)-127)/7)
		}, Unreliable},
	} {
		f := Of(ledger(t, c.window, c.days, c.bad), monday.AddDate(0, 0, c.days), 1)
		if f.Reason != c.want {
			t.Errorf("%s: reason %q of %d days, score %v; want %q", c.name, f.Reason, f.Days, f.Score, c.want)
		}
		if c.want != "" && (f.Spent.Middle.Known() || f.Method != "") {
			t.Errorf("%s: figures without a forecast: %+v", c.name, f)
		}
	}
}

// until returns 5, from day end on that it was not measured.
func until(end, day int) float64 {
	if day >= end {
		return -1
	}
	return 5
}

// TestReach holds that counts from before Needs, which are there where another
// objective asks the same of a source, change nothing: a week draws from 26 weeks
// less two days, whether 182 days are known or 400.
func TestReach(t *testing.T) {
	for _, c := range []struct {
		window slo.Window
		known  []int // days of history
		want   int
	}{
		{days(7), []int{182, 183, 400}, 180},                     // 26 weeks
		{days(28), []int{364, 365, 500}, 362},                    // 13 windows
		{slo.Window{Unit: slo.Month}, []int{390, 391, 700}, 388}, // 13 months of 30 days
	} {
		at := monday.AddDate(0, 0, 700).Add(7 * time.Hour)
		all := noisy(5)
		var first string
		for _, n := range c.known {
			f := Of(ledger(t, c.window, 701, func(day int) float64 {
				if day < 700-n {
					return -1
				}
				return all(day)
			}), at, 1)
			text, err := json.Marshal(f)
			if err != nil {
				t.Fatal(err)
			}
			if first == "" {
				first = string(text)
			}
			if f.Days != c.want || string(text) != first {
				t.Errorf("%v with %d days: draws from %d, want %d\n got %s\nwant %s", c.window, n, f.Days, c.want, text, first)
			}
		}
	}
}

// TestClocks holds that the month in which clocks go back has 31 days, not 32, and
// so needs 28 + 14 + 28 − 1 + 2 × 31 of history: the figure does not jump on the
// day after.
func TestClocks(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	w := slo.Window{Unit: slo.Month, Zone: berlin}
	for _, c := range []struct {
		at            time.Time
		ahead, passed int
	}{
		{time.Date(2026, 10, 1, 0, 0, 0, 0, berlin), 31, 0},
		{time.Date(2026, 10, 25, 0, 0, 0, 0, berlin), 7, 24},  // 25 h long
		{time.Date(2026, 10, 25, 12, 0, 0, 0, berlin), 7, 24}, // half of it
		{time.Date(2026, 3, 29, 0, 0, 0, 0, berlin), 3, 28},   // 23 h long
		{time.Date(2026, 3, 1, 0, 0, 0, 0, berlin), 31, 0},
	} {
		if ahead, passed := span(w, c.at); ahead != c.ahead || passed != c.passed {
			t.Errorf("%s: %d days to come and %d past, want %d and %d", c.at, ahead, passed, c.ahead, c.passed)
		}
	}
	f := Of(ledger(t, w, 200, func(int) float64 { return 5 }), time.Date(2026, 10, 1, 0, 0, 0, 0, berlin), 1)
	if f.Needed != 131 {
		t.Errorf("%d days are needed, want 131", f.Needed)
	}
}

// endings returns paths of these ratios that may end anywhere from 0.05 to 0.7.
func endings(ratios ...float64) sample {
	var s sample
	for _, r := range ratios {
		s = append(s, ending{ratio: r, least: 0.05, most: 0.7})
	}
	return s
}

// TestHolds holds how far a band of ties takes in what came.
func TestHolds(t *testing.T) {
	spent := func(zeros, ones int) sample {
		return endings(slices.Concat(make([]float64, zeros), slices.Repeat([]float64{1}, ones))...)
	}
	for _, c := range []struct {
		name string
		s    sample
		came float64
		want float64
	}{
		{"all paths at 0", spent(100, 0), 0, 0.8},
		{"more than any path", spent(100, 0), 1, 0},
		{"half at 0: of these the upper four fifths", spent(50, 50), 0, 0.8},
		{"half at 1: the lower four fifths", spent(50, 50), 1, 0.8},
		{"between them", spent(50, 50), 0.5, 1},
		{"95 of 100 at 0", spent(95, 5), 0, 0.8 / 0.95},
		{"the few above the band", spent(95, 5), 1, 0},
	} {
		if got := c.s.holds(c.came); got < c.want-1e-9 || got > c.want+1e-9 {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// TestLoss adds up the pinball loss by hand: 0.1 × 4 + 0.5 × 2 + 0.1 × 1 for what
// came at 5 with the band 1, 3, 6.
func TestLoss(t *testing.T) {
	s := endings(1, 1, 1, 3, 3, 3, 6, 6, 6)
	if low, middle, high := s.band(); low != 1 || middle != 3 || high != 6 {
		t.Fatalf("band %v %v %v", low, middle, high)
	}
	if got := s.loss(5); got < 1.5-1e-9 || got > 1.5+1e-9 {
		t.Errorf("got %v, want 1.5", got)
	}
}

// TestStretch holds what outcomes make of a band of 0.1, 0.3, 0.4: 19 of 20 came at
// 0.3, one at 0.7, four times as far up as the edge.
func TestStretch(t *testing.T) {
	s := endings(0.1, 0.1, 0.3, 0.4, 0.4)
	var outcomes []outcome
	for i := range 20 {
		o := outcome{origin: i * 7, sample: s, came: 0.3, held: nominal}
		if i == 4 {
			o.came = 0.7
		}
		outcomes = append(outcomes, o)
	}
	tr := trial{horizon: 7}
	if got, want := tr.stretchOf(outcomes), (stretch{up: minStretch, down: minStretch}); got != want {
		t.Errorf("one in twenty: %v, want %v", got, want)
	}
	outcomes[5].came, outcomes[6].came = 0.7, 0.7
	got := tr.stretchOf(outcomes)
	if math.Abs(got.up-4) > 1e-9 || got.down != minStretch {
		t.Errorf("three in twenty: %v, want 4 times up", got)
	}
}

// TestMove holds that no path is moved to where it cannot end: not under 0.05, for what
// is bad stays, nor over 0.7, where all that comes is.
func TestMove(t *testing.T) {
	got := stretch{up: 5, down: 2}.apply(endings(0.1, 0.2, 0.25, 0.3, 0.31, 0.4))
	var ratios []float64
	for _, e := range got {
		ratios = append(ratios, math.Round(e.ratio*1e9)/1e9)
	}
	// The middle is 0.275: 0.1 would go to −0.075, 0.4 to 0.9.
	if want := []float64{0.05, 0.125, 0.225, 0.4, 0.45, 0.7}; !slices.Equal(ratios, want) {
		t.Errorf("got %v, want %v", ratios, want)
	}
}

// TestSpread holds where the bad events of a path come that is moved.
func TestSpread(t *testing.T) {
	future := []day{{bad: 1, total: 10}, {bad: 6, total: 10}, {bad: 0, total: 5}}
	for _, c := range []struct {
		name string
		bad  float64
		want []float64
	}{
		{"nothing", 0, []float64{0, 0, 0}},
		{"what was drawn", 7, []float64{1, 6, 0}},
		{"half of it", 3.5, []float64{0.5, 3, 0}},
		{"twice as much: the second day has no 12, and 2 go on to the third", 14, []float64{2, 10, 2}},
		{"three times: 8 go on to the third, which has no 8, and back to the first", 21, []float64{6, 10, 5}},
		{"all", 25, []float64{10, 10, 5}},
		{"more than there is", 30, []float64{10, 10, 5}},
	} {
		for i, d := range spread(future, c.bad) {
			if math.Abs(d.bad-c.want[i]) > 1e-9 || d.total != future[i].total {
				t.Errorf("%s: day %d has %v of %v, want %v", c.name, i, d.bad, d.total, c.want[i])
			}
		}
	}
	if got := spread([]day{{total: 10}, {total: 30}}, 4); got[0].bad != 1 || got[1].bad != 3 {
		t.Errorf("from no bad event: %v, want 1 and 3", got)
	}
}

// noisy is a past of quiet days with bad runs now and then.
func noisy(seed uint64) func(int) float64 {
	r := rand.New(rand.NewPCG(seed, 0))
	bad := make([]float64, 800)
	for i := range bad {
		bad[i] += float64(r.IntN(8))
		if i%7 < 5 {
			bad[i] += float64(r.IntN(6))
		}
		if r.IntN(25) == 0 {
			for k := i; k < min(i+1+r.IntN(3), len(bad)); k++ {
				bad[k] += float64(20 + r.IntN(60))
			}
		}
	}
	return func(day int) float64 { return bad[day] }
}

// TestReproducible holds the figures themselves: they must be the same on every
// platform, however many processors there are.
func TestReproducible(t *testing.T) {
	at := monday.AddDate(0, 0, 380).Add(7 * time.Hour)
	bad := noisy(3)
	quieter := func(day int) float64 { return bad(day) * 3 / 4 }
	text := func(seed uint64) string {
		out, err := json.Marshal(Of(ledgerOf(t, days(28), time.Hour, 390, quieter), at, seed))
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	first := text(1)
	old := runtime.GOMAXPROCS(1)
	second := text(1)
	runtime.GOMAXPROCS(old)
	if first != second {
		t.Errorf("got %s, then %s", first, second)
	}
	if other := text(2); other == first {
		t.Errorf("another seed gives the same: %s", other)
	}
	const want = `{"At":"2027-01-20T07:00:00Z","End":"2027-02-17T07:00:00Z","Method":"block_bootstrap","Spent":{"Low":0.4058399283008657,"Middle":0.7293526785714286,"High":1.145913985823337},"Exhausted":false,"Exhaustion":{"Early":"2027-01-24T00:00:00Z","Middle":"0001-01-01T00:00:00Z","Late":"0001-01-01T00:00:00Z"},"Chance":0.3383084577114428,"Score":{"Method":"block_bootstrap","Pinball":0.211414891683867,"Coverage":0.825,"Origins":80,"Recent":{"Held":28,"Outcomes":28}},"Other":{"Method":"seasonal_naive","Pinball":0.2686607775243947,"Coverage":0.85,"Origins":80,"Recent":{"Held":28,"Outcomes":28}},"Reason":"","Days":362,"Needed":125}`
	if first != want {
		t.Errorf("got  %s\nwant %s", first, want)
	}
}

// TestBandHolds forecasts from many days of many made-up pasts and looks what came:
// the 80 % band has to hold between 70 and 90 % of it.
func TestBandHolds(t *testing.T) {
	var held, n, refused float64
	for seed := range uint64(8) {
		bad := noisy(seed)
		l := ledger(t, days(7), 800, bad)
		for day := 200; day < 790; day += 61 {
			f := Of(l, monday.AddDate(0, 0, day), 1)
			if f.Reason != "" {
				refused++
				continue
			}
			came := 0.0
			for d := day; d < day+7; d++ {
				came += bad(d) / (7 * 10)
			}
			if n++; came >= f.Spent.Low.Float() && came <= f.Spent.High.Float() {
				held++
			}
		}
	}
	if share := held / n; share < 0.7 || share > 0.9 || refused > n/5 {
		t.Errorf("%v of %v outcomes lay in the 80 %% band, %v refused", held, n, refused)
	}
}

// TestOrder holds for any past: quantiles are in order, nothing is spent back, and
// shares are shares.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		scale := rapid.SampledFrom([]float64{0, 1, 8, 900}).Draw(rt, "scale")
		gaps := rapid.IntRange(0, 3).Draw(rt, "gaps")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		bad := func(int) float64 { return r.Float64() * r.Float64() * scale }
		w := rapid.SampledFrom([]slo.Window{days(7), days(30), {Unit: slo.Week}, {Unit: slo.Month}}).Draw(rt, "window")
		n := rapid.IntRange(0, 260).Draw(rt, "days")
		at := monday.AddDate(0, 0, n).Add(-time.Duration(rapid.IntRange(0, 1500).Draw(rt, "minutes")) * time.Minute)
		values := make([]float64, n)
		for i := range values {
			if values[i] = bad(i); r.IntN(100) < gaps {
				values[i] = -1
			}
		}
		f := Of(ledger(t, w, n, func(d int) float64 { return values[d] }), at, 1)
		if f.Reason != "" {
			return
		}
		if f.Spent.Low.Sign() < 0 || f.Spent.Low.Cmp(f.Spent.Middle) > 0 || f.Spent.Middle.Cmp(f.Spent.High) > 0 {
			rt.Errorf("spent %v", f.Spent)
		}
		one := slo.NumberOf(1)
		if f.Chance.Sign() < 0 || f.Chance.Cmp(one) > 0 || f.Score.Coverage.Sign() < 0 || f.Score.Coverage.Cmp(one) > 0 {
			rt.Errorf("chance %s, coverage %s", f.Chance, f.Score.Coverage)
		}
		m := f.Exhaustion
		if !m.Late.IsZero() && m.Late.Before(m.Middle) || !m.Middle.IsZero() && m.Middle.Before(m.Early) || !m.Early.IsZero() && m.Early.Before(at) {
			rt.Errorf("at %s: %v", at, m)
		}
	})
}

// BenchmarkOf is one objective with a year of minutes behind it.
func BenchmarkOf(b *testing.B) {
	data := slo.NewSeries(slo.Period{Start: monday, End: monday.AddDate(0, 0, 400)}, time.Minute)
	bad := noisy(1)
	for i := range data.Total {
		data.Total[i] = 100
		if i%97 == 0 {
			data.Bad[i] = bad(i / 1440)
		} else {
			data.Bad[i] = 0
		}
	}
	l, err := budget.New(slo.SLO{Name: "x", Target: 990_000_000, Window: days(30), Budgeting: slo.Budgeting{Method: slo.Occurrences},
		MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk()}, data)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Of(l, data.End(), 1)
	}
}
