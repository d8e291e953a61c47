package burn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

var start = time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)

// minutes returns a series whose bucket i has what count gives.
func minutes(n int, count func(i int) (bad, total float64)) *slo.Series {
	s := slo.NewSeries(slo.Period{Start: start, End: start.Add(time.Duration(n) * time.Minute)}, time.Minute)
	for i := range n {
		s.Bad[i], s.Total[i] = count(i)
	}
	return s
}

func objective(target slo.Target, window time.Duration) slo.SLO {
	return slo.SLO{Target: target, Window: slo.Window{Length: window}, Incidents: slo.DefaultIncidents(),
		MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(),
		Budgeting: slo.Budgeting{Method: slo.Occurrences, Gaps: slo.GapsExclude, NoTraffic: slo.NoTrafficIgnore}}
}

const month = 30 * 24 * time.Hour

// replay returns the firings of every condition as text, minutes after start.
func replay(t *testing.T, s slo.SLO, data *slo.Series, policies []slo.Policy) string {
	t.Helper()
	l, err := budget.New(s, data)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, track := range New(l, policies, Options{}).Replay(data.Start, data.End()) {
		out = append(out, track.Policy.Title(track.Condition)+":"+shown(track.Firings))
	}
	return strings.Join(out, "; ")
}

func shown(firings []Firing) string {
	var b strings.Builder
	for _, f := range firings {
		end := "on"
		if !f.End.IsZero() {
			end = fmt.Sprint(int(f.End.Sub(start).Minutes()))
		}
		fmt.Fprintf(&b, " %d-%s", int(f.Start.Sub(start).Minutes()), end)
	}
	return b.String()
}

// overs shows firings that are over.
func overs(all []Over) string {
	text := ""
	for _, o := range all {
		text += shown([]Firing{o.Firing})
		if !o.Blind.IsZero() {
			text += fmt.Sprintf(" blind from %d", int(o.Blind.Sub(start).Minutes()))
		}
	}
	return text
}

// Each case is a scenario whose minutes a person can work out.
func TestReplay(t *testing.T) {
	steady := func(bad float64) func(int) (float64, float64) {
		return func(int) (float64, float64) { return bad, 1000 }
	}
	outage := func(from, to int, bad float64) func(int) (float64, float64) {
		return func(i int) (float64, float64) {
			if i >= from && i < to {
				return bad, 1000
			}
			return 0, 1000
		}
	}
	burn := func(limit slo.Number, long, short time.Duration) slo.Condition {
		return slo.Condition{Test: slo.Burn, Limit: limit, Long: long, Short: short}
	}
	page := func(c ...slo.Condition) []slo.Policy {
		return []slo.Policy{{Name: "p", Class: slo.Page, When: c}}
	}
	factor := slo.NumberFrac(72, 5) // 14.4
	hour := burn(factor, time.Hour, 5*time.Minute)
	tests := []struct {
		name     string
		data     *slo.Series
		policies []slo.Policy
		want     string
	}{
		{"exactly 14.4 times for ever does not fire", minutes(300, func(i int) (float64, float64) { return 144, 10000 }), page(hour), "p 1h/5m:"},
		{"one event more does", minutes(300, func(i int) (float64, float64) {
			if i == 100 {
				return 145, 10000
			}
			return 144, 10000
		}), page(hour), "p 1h/5m: 101-106"},
		// 1.44 % of 60,000 is 864: the third minute of 300 passes it; the window of
		// 5 minutes holds 72 bad at most after minute 125 + 4.
		{"30 % for 25 minutes", minutes(300, outage(100, 125, 300)), page(hour), "p 1h/5m: 103-130"},
		{"for 2m", minutes(300, outage(100, 125, 300)), []slo.Policy{{Name: "p", Class: slo.Page, When: []slo.Condition{hour}, For: 2 * time.Minute}}, "p 1h/5m: 105-130"},
		{"a minimum of 1,500 bad", minutes(300, outage(100, 125, 300)), []slo.Policy{{Name: "p", Class: slo.Page, When: []slo.Condition{hour}, MinBad: slo.NumberOf(1500)}}, "p 1h/5m: 105-130"},
		{"still on at the end", minutes(110, outage(100, 125, 300)), page(hour), "p 1h/5m: 103-on"},
		{"young: the first minutes are all there is", minutes(20, steady(300)), page(hour), "p 1h/5m: 1-on"},
		{"events: 2 % of 43,200,000 × 0.1 % is 864 in 1 h, 72 in 5 m", minutes(300, outage(100, 125, 300)),
			page(slo.Condition{Test: slo.Events, Limit: slo.NumberFrac(1, 50), Long: time.Hour, Short: 5 * time.Minute}), "p events 1h/5m: 103-130"},
		// x minutes after 60: 120 + 3x > 2 × 120 from x = 41 on; from 120 on the hour
		// before rises too: 300 > 2 × (120 + 3y) until y = 9.
		{"acceleration: more than twice the hour before", minutes(300, func(i int) (float64, float64) {
			if i < 60 {
				return 2, 1000
			}
			return 5, 1000
		}), page(slo.Condition{Test: slo.Acceleration, Limit: slo.NumberOf(2), Long: time.Hour}), "p acceleration 1h: 101-130"},
		// 300,000 valid and 300 bad are the whole budget so far: 75 bad of 100,000 leave a quarter.
		{"remaining under a quarter", minutes(400, func(i int) (float64, float64) {
			if i == 99 {
				return 76, 1000
			}
			return 0, 1000
		}), page(slo.Condition{Test: slo.Remaining, Limit: slo.NumberFrac(1, 4)}), "p remaining 25%: 100-102"},
		{"nothing measured for 10 minutes", minutes(100, func(i int) (float64, float64) {
			if i >= 50 && i < 70 {
				return math.NaN(), math.NaN()
			}
			return 0, 1000
		}), page(slo.Condition{Test: slo.Silence, Within: 10 * time.Minute}), "p no data 10m: 60-71"},
		// Minute 109 leaves the window of 5 m at 115. Nobody knows more until 141.
		{"a gap carries a firing on", minutes(300, func(i int) (float64, float64) {
			if i >= 110 && i < 140 {
				return math.NaN(), math.NaN()
			}
			return outage(100, 125, 300)(i)
		}), page(hour), "p 1h/5m: 103-141"},
		{"no traffic does too", minutes(300, func(i int) (float64, float64) {
			if i >= 110 && i < 140 {
				return 0, 0
			}
			return outage(100, 125, 300)(i)
		}), page(hour), "p 1h/5m: 103-141"},
		{"an hour after the last instant judged, 114, is the last that is carried on", minutes(300, func(i int) (float64, float64) {
			if i >= 110 && i < 180 {
				return math.NaN(), math.NaN()
			}
			return outage(100, 125, 300)(i)
		}), page(hour), "p 1h/5m: 103-175"},
		{"what is pending is not carried on", minutes(300, func(i int) (float64, float64) {
			switch {
			case i >= 110 && i < 120:
				return math.NaN(), math.NaN()
			case i >= 105 && i < 135:
				return 1000, 1000
			}
			return 0, 1000
		}), []slo.Policy{{Name: "p", Class: slo.Page, When: []slo.Condition{hour}, For: 12 * time.Minute}}, "p 1h/5m: 133-140"},
		// One window: 900 bad are over 864 until the first minute of 300 leaves the hour.
		{"short: none", minutes(300, outage(100, 103, 300)), page(burn(factor, time.Hour, 0)), "p 1h: 103-161"},
	}
	for _, tt := range tests {
		if got := replay(t, objective(999_000_000, month), tt.data, tt.policies); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// A firing is over when its condition is known not to hold: minutes 103 to 130 as above,
// or with nothing measured from 110 to 139 until there is a good one: from 114 on, the
// last minute whose short window has events, nobody knew.
func TestFiringsOver(t *testing.T) {
	outage := func(gap bool) *slo.Series {
		return minutes(300, func(i int) (float64, float64) {
			switch {
			case gap && i >= 110 && i < 140:
				return math.NaN(), math.NaN()
			case i >= 100 && i < 125:
				return 300, 1000
			}
			return 0, 1000
		})
	}
	hour := slo.Condition{Test: slo.Burn, Limit: slo.NumberFrac(72, 5), Long: time.Hour, Short: 5 * time.Minute}
	tests := []struct {
		at    int
		gap   bool
		state State
		last  string
	}{
		{102, false, Inactive, ""},
		{129, false, Active, ""},
		{130, false, Inactive, " 103-130"},
		{300, false, Inactive, " 103-130"},
		{114, true, Active, ""},
		{140, true, NoData, ""},
		{141, true, Inactive, " 103-141 blind from 114"},
	}
	for _, tt := range tests {
		l, err := budget.New(objective(999_000_000, month), outage(tt.gap))
		if err != nil {
			t.Fatal(err)
		}
		a := New(l, []slo.Policy{{Name: "p", When: []slo.Condition{hour}}}, Options{}).At(start.Add(time.Duration(tt.at) * time.Minute))[0]
		last := overs(a.Over)
		if a.State != tt.state || last != tt.last {
			t.Errorf("minute %d, gap %v: got %s, last%s, want %s, last%s", tt.at, tt.gap, a.State, last, tt.state, tt.last)
		}
	}
}

// At the hour's end the budget is a day's worth of burn away.
func TestExhaustion(t *testing.T) {
	// Burn 20 from the start: a tenth of the 30 days' rate is the window of 3 d, so
	// 20 × 3/30 = 2 and spent 20 (young: all events so far) are over 1 from minute 1.
	data := minutes(60, func(i int) (float64, float64) { return 20, 1000 })
	c := slo.Condition{Test: slo.Exhaustion, Long: 30 * time.Minute, Within: 3 * 24 * time.Hour}
	if got := replay(t, objective(999_000_000, month), data, []slo.Policy{{Name: "p", When: []slo.Condition{c}}}); got != "p exhaustion 3d over 30m: 1-on" {
		t.Errorf("got %q", got)
	}
	// A day good, then burn 4 over 30 m: spent (4,30) of 1,440+: 120 of 1,470 bad,
	// 8 %, and 4 × 3/30 = 0.4. With 10 d: 4 × 10/30 = 1.33.
	data = minutes(1470, func(i int) (float64, float64) {
		if i >= 1440 {
			return 4, 1000
		}
		return 0, 1000
	})
	c.Within = 10 * 24 * time.Hour
	if got := replay(t, objective(999_000_000, month), data, []slo.Policy{{Name: "p", When: []slo.Condition{c}}}); got != "p exhaustion 10d over 30m: 1462-on" {
		t.Errorf("got %q", got)
	}
}

// Every test of every instant agrees with the sums taken bucket by bucket.
func TestAgreesWithTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, data, policies := draw(t)
		l, err := budget.New(s, data)
		if err != nil {
			t.Fatal(err)
		}
		e := New(l, policies, Options{})
		for _, r := range e.rules {
			var seen []int
			r.each(0, data.Len(), func(k int) { seen = append(seen, k) })
			for k := 0; k <= data.Len(); k++ {
				if _, found := slices.BinarySearch(seen, k); found != (r.test(k) == yes) {
					t.Fatalf("instant %d, %s: replayed %t", k, r.policy.Title(r.condition), found)
				}
				if got, want := r.test(k), twin(l, r.policy, r.condition, data.Time(k)); got != want {
					t.Fatalf("instant %d, %s: got %d, want %d", k, r.policy.Title(r.condition), got, want)
				}
			}
		}
	})
}

// twin answers a condition from the ledger's public figures, in fractions.
func twin(l *budget.Ledger, p slo.Policy, c slo.Condition, at time.Time) answer {
	long, short := l.BurnRate(at, c.Long), l.BurnRate(at, c.Short)
	st := l.Current(at)
	enough := func(true bool) answer {
		return is(true && (!p.MinBad.Known() || long.Bad.Cmp(p.MinBad) >= 0))
	}
	switch c.Test {
	case slo.Burn:
		if !long.Rate.Known() || !short.Rate.Known() {
			return unknown
		}
		return enough(long.Rate.Cmp(c.Limit) > 0 && short.Rate.Cmp(c.Limit) > 0)
	case slo.Acceleration:
		before := l.BurnRate(at.Add(-c.Long), c.Long)
		if !long.Rate.Known() || !before.Rate.Known() {
			return unknown
		}
		return enough(long.Rate.Cmp(before.Rate.Mul(c.Limit)) > 0)
	case slo.Remaining:
		if !st.Budget.Spent.Known() {
			return unknown
		}
		return is(st.Budget.Remaining.Cmp(c.Limit) < 0)
	case slo.Exhaustion:
		if !long.Rate.Known() || !st.Budget.Spent.Known() {
			return unknown
		}
		share := slo.NumberFrac(int64(c.Within), int64(st.Period.Length()))
		return enough(long.Rate.Mul(share).Cmp(st.Budget.Remaining) > 0)
	case slo.Events:
		if !long.Rate.Known() || !short.Rate.Known() || st.Counts.Total.Sign() == 0 {
			return unknown
		}
		a := st.Budget.Allowed
		if !st.Young.IsZero() {
			a = a.Mul(slo.NumberFrac(int64(st.Period.Length()), int64(st.Elapsed.End.Sub(st.Young))))
		}
		part := slo.NumberFrac(int64(c.Short), int64(c.Long))
		return enough(long.Bad.Cmp(a.Mul(c.Limit)) > 0 && short.Bad.Cmp(a.Mul(c.Limit).Mul(part)) > 0)
	}
	panic("no twin of " + string(c.Test))
}

func draw(t *rapid.T) (slo.SLO, *slo.Series, []slo.Policy) {
	seed := rapid.Uint64().Draw(t, "seed")
	rng := rand.New(rand.NewPCG(seed, 2))
	scale := rapid.SampledFrom([]float64{1, 1e13}).Draw(t, "scale")
	// Few values, so that limits are met exactly.
	data := minutes(rapid.IntRange(1, 300).Draw(t, "minutes"), func(i int) (float64, float64) {
		total := float64(rng.IntN(3)*100) * scale
		switch {
		case rng.IntN(12) == 0:
			return math.NaN(), math.NaN()
		case rng.IntN(4) == 0:
			return total * float64(rng.IntN(3)) / 4, total
		}
		return 0, total
	})
	data.Decimals = rapid.SampledFrom([]int{0, 1, 9}).Draw(t, "decimals")
	s := objective(rapid.SampledFrom([]slo.Target{900_000_000, 990_000_000, 500_000_000}).Draw(t, "target"), time.Duration(rapid.IntRange(10, 200).Draw(t, "window"))*time.Minute)
	s.Budgeting.Method = rapid.SampledFrom([]slo.Method{slo.Occurrences, slo.Timeslices, slo.RatioTimeslices}).Draw(t, "method")
	if s.Budgeting.Slices() {
		s.Budgeting.Slice, s.Budgeting.Target = rapid.SampledFrom([]time.Duration{time.Minute, 5 * time.Minute}).Draw(t, "slice"), 900_000_000
	}
	long := time.Duration(rapid.IntRange(2, max(2, min(60, int(s.Window.Length/time.Minute)))).Draw(t, "long")) * time.Minute
	c := slo.Condition{Limit: slo.NumberFrac(int64(rapid.IntRange(0, 12).Draw(t, "limit")), 4), Long: long, Short: max(time.Minute, long/4).Truncate(time.Minute), Within: 7 * time.Minute}
	var policies []slo.Policy
	for _, test := range []slo.Test{slo.Burn, slo.Events, slo.Acceleration, slo.Remaining, slo.Exhaustion} {
		c.Test = test
		if test == slo.Remaining { // a share of the budget
			c.Limit = slo.NumberFrac(int64(rapid.IntRange(-4, 4).Draw(t, "remaining")), 4)
		}
		p := slo.Policy{Name: "p", When: []slo.Condition{c}}
		policies = append(policies, p)
		p.MinBad = slo.NumberOf(2)
		policies = append(policies, p)
	}
	return s, data, policies
}

func TestMerge(t *testing.T) {
	at := func(m int) time.Time { return start.Add(time.Duration(m) * time.Minute) }
	f := func(from, to int) Firing {
		if to == 0 {
			return Firing{Start: at(from)}
		}
		return Firing{at(from), at(to)}
	}
	tests := []struct {
		name string
		in   [][]Firing
		want string
	}{
		{"nothing", nil, ""},
		{"overlaps and touches", [][]Firing{{f(1, 3), f(9, 12)}, {f(2, 5)}, {f(5, 7)}}, " 1-7 9-12"},
		{"one has no end", [][]Firing{{f(1, 3)}, {f(2, 0)}}, " 1-on"},
		{"no end after a gap", [][]Firing{{f(1, 3), f(8, 0)}, {f(4, 6)}}, " 1-3 4-6 8-on"},
		{"two without end", [][]Firing{{f(8, 0)}, {f(6, 0)}, {f(1, 2)}}, " 1-2 6-on"},
		{"an end within one without", [][]Firing{{f(1, 30)}, {f(8, 0)}}, " 1-on"},
	}
	for _, tt := range tests {
		if got := shown(Merge(tt.in...)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		slices.Reverse(tt.in)
		if got := shown(Merge(tt.in...)); got != tt.want {
			t.Errorf("%s, reversed: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// BenchmarkReplay is 30 days of minutes and four conditions.
func BenchmarkReplay(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	data := minutes(43200, func(i int) (float64, float64) { return float64(rng.IntN(3)), 1000 })
	l, err := budget.New(objective(999_000_000, month), data)
	if err != nil {
		b.Fatal(err)
	}
	var when []slo.Condition
	for _, long := range []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour, 72 * time.Hour} {
		when = append(when, slo.Condition{Test: slo.Burn, Limit: slo.NumberFrac(5, 2), Long: long, Short: long / 12})
	}
	e := New(l, []slo.Policy{{Name: "p", When: when}}, Options{})
	for b.Loop() {
		e.Replay(data.Start, data.End())
	}
}

// BenchmarkAt is how default policies stand after 30 days of minutes.
func BenchmarkAt(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	data := minutes(43200, func(i int) (float64, float64) { return float64(rng.IntN(3)), 1000 })
	s := objective(999_000_000, month)
	l, err := budget.New(s, data)
	if err != nil {
		b.Fatal(err)
	}
	e := New(l, slo.DefaultPolicies(s), Options{})
	for b.Loop() {
		e.At(data.End())
	}
}

// BenchmarkReplayWide is BenchmarkReplay over counts whose sums need over 64 bits, over
// decimals, and over error ratios of slices, which have no common denominator.
func BenchmarkReplayWide(b *testing.B) {
	for _, c := range []struct {
		name        string
		part, whole float64 // units
		decimals    int
		method      slo.Method
	}{
		{"large", 1e12, 1e15, 0, slo.Occurrences},
		{"decimals", 1, 999, 1, slo.Occurrences},
		{"ratios", 1, 1000, 0, slo.RatioTimeslices},
	} {
		b.Run(c.name, func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 1))
			data := minutes(43200, func(i int) (float64, float64) {
				return float64(rng.IntN(3)) * c.part, c.whole + float64(rng.IntN(50))
			})
			data.Decimals = c.decimals
			s := objective(999_000_000, month)
			s.Budgeting = slo.Budgeting{Method: c.method}
			if s.Budgeting.Slices() {
				s.Budgeting.Slice, s.Budgeting.Gaps, s.Budgeting.NoTraffic = 5*time.Minute, slo.GapsExclude, slo.NoTrafficIgnore
			}
			l, err := budget.New(s, data)
			if err != nil {
				b.Fatal(err)
			}
			c := slo.Condition{Test: slo.Burn, Limit: slo.NumberFrac(5, 2), Long: time.Hour, Short: 5 * time.Minute}
			e := New(l, []slo.Policy{{Name: "p", When: []slo.Condition{c}}}, Options{})
			for b.Loop() {
				e.Replay(data.Start, data.End())
			}
		})
	}
}

// BenchmarkYear is a year of minutes and one condition of each kind.
func BenchmarkYear(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	data := minutes(365*1440, func(i int) (float64, float64) { return float64(rng.IntN(3)), 1000 })
	conditions := map[string]slo.Condition{
		"burn":         {Test: slo.Burn, Limit: slo.NumberFrac(5, 2), Long: time.Hour, Short: 5 * time.Minute},
		"events":       {Test: slo.Events, Limit: slo.NumberFrac(1, 50), Long: time.Hour, Short: 5 * time.Minute},
		"acceleration": {Test: slo.Acceleration, Limit: slo.NumberOf(2), Long: time.Hour},
		"remaining":    {Test: slo.Remaining, Limit: slo.NumberFrac(1, 4)},
		"exhaustion":   {Test: slo.Exhaustion, Long: 6 * time.Hour, Within: 3 * 24 * time.Hour},
		"silence":      {Test: slo.Silence, Within: 30 * time.Minute},
	}
	for _, window := range []slo.Window{{Length: month}, {Unit: slo.Month}} {
		for name, c := range conditions {
			b.Run(name+"/"+window.String(), func(b *testing.B) {
				s := objective(999_000_000, month)
				s.Window = window
				l, err := budget.New(s, data)
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					New(l, []slo.Policy{{Name: "p", When: []slo.Condition{c}}}, Options{}).Replay(data.Start, data.End())
				}
			})
		}
	}
}
