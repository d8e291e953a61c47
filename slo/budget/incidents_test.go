package budget

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
)

// told writes incidents and blips as the buckets that they cover: "i4-9 100", "b12-13
// 5", with a star if they are open.
func told(data *slo.Series, incidents, blips []Incident) []string {
	var out []string
	for kind, list := range map[string][]Incident{"i": incidents, "b": blips} {
		for _, in := range list {
			open := map[bool]string{true: "*"}[in.Open]
			from, to := in.Start.Sub(data.Start)/data.Step, in.End.Sub(data.Start)/data.Step
			out = append(out, fmt.Sprintf("%s%06d-%d%s %s", kind, from, to, open, in.Bad))
		}
	}
	slices.Sort(out)
	return out
}

// twinRun is a run of down slices as the slow twin finds it.
type twinRun struct {
	from, to         int // buckets
	open             bool
	bad, total, cost *big.Rat
	part             twinPart
}

// twinPart is what of a run is in the period that is asked for.
type twinPart struct {
	from, to int
	cost     *big.Rat // nil if nothing is
}

// twinCost is what measured buckets with these events add to the period's bad.
func twinCost(s slo.SLO, data *slo.Series, bad, total *big.Rat, measured int64) *big.Rat {
	if s.Budgeting.Method != slo.RatioTimeslices {
		return bad
	}
	share := big.NewRat(measured*int64(data.Step), int64(s.Budgeting.Slice))
	return share.Mul(share, new(big.Rat).Quo(bad, total))
}

// add makes the buckets of a down cell, those of them that are down, part of p.
func (p *twinPart) add(s slo.SLO, data *slo.Series, in slo.Period, cell, down []int) {
	bad, total, measured, any := new(big.Rat), new(big.Rat), int64(0), false
	for _, i := range cell {
		if in.Contains(data.Time(i)) && data.Measured(i) && !isExcluded(s, data.Time(i)) {
			measured++
			bad.Add(bad, rat(data.Bad[i], 0))
			total.Add(total, rat(data.Total[i], 0))
		}
	}
	for _, i := range down {
		if !in.Contains(data.Time(i)) {
			continue
		}
		if any = true; p.cost == nil {
			p.from, p.cost = i, new(big.Rat)
		}
		p.to = i + 1
	}
	if any {
		p.cost.Add(p.cost, twinCost(s, data, bad, total, measured))
	}
}

// twinRuns finds the runs of an objective that counts events, or ratios of slices, the
// slow, obvious way: bucket by bucket, in fractions.
func twinRuns(s slo.SLO, data *slo.Series, p slo.Period, at time.Time) []twinRun {
	limit := new(big.Rat).Mul(s.Incidents.Burn.Rat(), s.Target.Budget().Rat())
	if limit.Cmp(big.NewRat(1, 2)) > 0 {
		limit = big.NewRat(1, 2)
	}
	counts := func(i int) bool { return data.Measured(i) && !isExcluded(s, data.Time(i)) }
	down := func(bad, total *big.Rat) bool {
		return bad.Sign() > 0 && bad.Cmp(new(big.Rat).Mul(limit, total)) >= 0
	}
	cells := map[int64][]int{} // those that start in the same five minutes
	var order []int64
	for i := range data.Len() {
		around := slo.Period{Start: p.Start.Add(-7 * 24 * time.Hour), End: p.End.Add(7 * 24 * time.Hour)}
		if !around.Contains(data.Time(i)) || data.Time(i+1).After(at) || data.Time(i).Before(data.First()) {
			continue
		}
		cell := data.Time(i).Unix() / 300
		if cells[cell] == nil {
			order = append(order, cell)
		}
		cells[cell] = append(cells[cell], i)
	}
	var runs []twinRun
	busy := map[int]bool{} // measured buckets of cells with traffic
	for _, cell := range order {
		bad, total := new(big.Rat), new(big.Rat)
		measured := int64(0)
		for _, i := range cells[cell] {
			if counts(i) {
				measured++
				bad.Add(bad, rat(data.Bad[i], 0))
				total.Add(total, rat(data.Total[i], 0))
			}
		}
		if total.Sign() == 0 {
			continue
		}
		var is []int // the buckets that are down themselves
		for _, i := range cells[cell] {
			if counts(i) {
				busy[i] = true
				if down(rat(data.Bad[i], 0), rat(data.Total[i], 0)) {
					is = append(is, i)
				}
			}
		}
		if !down(bad, total) {
			if len(runs) > 0 {
				runs[len(runs)-1].open = false
			}
			continue
		}
		from, to := is[0], is[len(is)-1]+1
		cost := twinCost(s, data, bad, total, measured)
		if n := len(runs); n > 0 {
			quiet := time.Duration(0)
			for i := runs[n-1].to; i < from; i++ {
				if busy[i] {
					quiet += data.Step
				}
			}
			if last := &runs[n-1]; quiet <= s.Incidents.Join {
				last.to, last.open = to, true
				last.bad.Add(last.bad, bad)
				last.total.Add(last.total, total)
				last.cost.Add(last.cost, cost)
				last.part.add(s, data, p, cells[cell], is)
				continue
			}
			runs[n-1].open = false
		}
		runs = append(runs, twinRun{from, to, true, new(big.Rat).Set(bad), total, new(big.Rat).Set(cost), twinPart{}})
		runs[len(runs)-1].part.add(s, data, p, cells[cell], is)
	}
	return runs
}

// twinLower is the lower end of Wilson's interval at 95 %, to 60 digits.
func twinLower(bad, total *big.Rat) *big.Float {
	f := func(r *big.Rat) *big.Float { return new(big.Float).SetPrec(200).SetRat(r) }
	op := func() *big.Float { return new(big.Float).SetPrec(200) }
	zz, _ := op().SetString("3.841458820694125958361375437362596846213368")
	n, ratio := f(total), f(new(big.Rat).Quo(bad, total))
	rest := op().Sub(big.NewFloat(1), ratio)
	w := op().Quo(zz, n)
	root := op().Mul(ratio, rest)
	root.Mul(root, w)
	root.Add(root, op().Quo(op().Mul(w, w), big.NewFloat(4)))
	root.Sqrt(root)
	low := op().Add(ratio, op().Quo(w, big.NewFloat(2)))
	low.Sub(low, root)
	return low.Quo(low, op().Add(big.NewFloat(1), w))
}

// twinMonth is what 30 days allow at the traffic before bucket k.
func twinMonth(s slo.SLO, data *slo.Series, k int, at time.Time) *big.Rat {
	budget := s.Target.Budget().Rat()
	if s.Budgeting.Slices() {
		return budget.Mul(budget, big.NewRat(int64(30*24*time.Hour), int64(s.Budgeting.Slice)))
	}
	start := data.Time(k)
	p := slo.Period{Start: start.Add(-30 * 24 * time.Hour), End: start}
	for i := range data.Len() {
		if p.Contains(data.Time(i)) && data.Measured(i) && !isExcluded(s, data.Time(i)) {
			p.Start = data.Time(i)
			break
		}
		if data.Time(i).Equal(start) {
			p.Start = start
		}
	}
	if p.Length() < 7*24*time.Hour {
		p.End = earlier(p.Start.Add(7*24*time.Hour), at)
	}
	total, measured := new(big.Rat), int64(0)
	for i := range data.Len() {
		if p.Contains(data.Time(i)) && data.Measured(i) && !isExcluded(s, data.Time(i)) {
			total.Add(total, rat(data.Total[i], 0))
			measured++
		}
	}
	if measured == 0 {
		return new(big.Rat)
	}
	total.Mul(total, big.NewRat(int64(30*24*time.Hour/data.Step), measured))
	return total.Mul(total, budget)
}

func twinIncidents(s slo.SLO, data *slo.Series, p slo.Period, at time.Time) []string {
	var out []string
	over := func(r twinRun, ratio *big.Rat) bool {
		return twinLower(r.bad, r.total).Cmp(new(big.Float).SetPrec(200).SetRat(ratio)) > 0
	}
	for _, r := range twinRuns(s, data, p, at) {
		if r.part.cost == nil || r.bad.Cmp(s.Incidents.MinBad.Rat()) < 0 {
			continue
		}
		kind, half := "b", over(r, big.NewRat(1, 2))
		least := new(big.Rat).Mul(s.Incidents.MinSpent.Rat(), twinMonth(s, data, r.from, at))
		proved := s.Budgeting.Slices() || over(r, downRatio(s).Rat())
		if proved && (half || r.cost.Cmp(least) >= 0) {
			kind = "i"
		}
		open := map[bool]string{true: "*"}[r.open || r.part.to < r.to]
		out = append(out, fmt.Sprintf("%s%06d-%d%s %s", kind, r.part.from, r.part.to, open, slo.NumberRat(r.part.cost)))
	}
	slices.Sort(out)
	return out
}

// drawTroubled draws a series with outages, failures at random, gaps and idle times.
func drawTroubled(t *rapid.T, step time.Duration) *slo.Series {
	start := day0.Add(time.Duration(rapid.IntRange(0, 23).Draw(t, "hour")) * time.Hour)
	data := slo.NewSeries(slo.Period{Start: start, End: start.Add(time.Duration(rapid.IntRange(40, 300).Draw(t, "buckets")) * step)}, step)
	traffic := rapid.SampledFrom([]int{1, 2, 8, 100, 5000}).Draw(t, "traffic")
	mood, left := 0, 0
	for i := range data.Len() {
		if left == 0 {
			mood = rapid.SampledFrom([]int{0, 0, 0, 1, 2, 3, 4, 5}).Draw(t, "mood")
			left = rapid.IntRange(1, 12).Draw(t, "length")
		}
		left--
		total := rapid.IntRange(traffic/2, traffic).Draw(t, "total")
		bad := 0
		switch mood {
		case 1: // a gap
			continue
		case 2:
			total = 0
		case 3:
			bad = total
		case 4:
			bad = rapid.IntRange(0, total).Draw(t, "bad")
		case 5:
			bad = min(total, rapid.IntRange(0, 1+total/20).Draw(t, "few"))
		}
		data.Bad[i], data.Total[i] = float64(bad), float64(total)
	}
	return data
}

// TestIncidentTwin holds incidents and blips against the slow twin, on random series,
// steps, zones, periods, methods and keys.
func TestIncidentTwin(t *testing.T) {
	steps := []time.Duration{time.Minute, 2 * time.Minute, 3 * time.Minute, 5 * time.Minute, 10 * time.Minute, time.Hour}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(twinZones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		step := rapid.SampledFrom(steps).Draw(t, "step")
		data := drawTroubled(t, step)
		s := objective(rapid.SampledFrom([]string{"99.9%", "99%", "90%"}).Draw(t, "target"), slo.Window{Unit: slo.Month, Zone: zone})
		if rapid.Bool().Draw(t, "ratios") {
			s = sliced(s, slo.RatioTimeslices, rapid.SampledFrom([]time.Duration{2 * time.Hour, 6 * time.Hour}).Draw(t, "slice"), "")
		}
		s.Incidents.Join = time.Duration(rapid.SampledFrom([]int{0, 4, 10, 60}).Draw(t, "join")) * time.Minute
		s.Incidents.MinBad = slo.NumberOf(rapid.Int64Range(1, 5).Draw(t, "min bad"))
		s.Incidents.MinSpent = slo.NumberFrac(rapid.SampledFrom([]int64{0, 1, 2, 50}).Draw(t, "min spent"), 100)
		if rapid.Bool().Draw(t, "exclusion") {
			from := data.Time(rapid.IntRange(0, data.Len()-1).Draw(t, "from"))
			until := from.Add(time.Duration(rapid.IntRange(1, 20).Draw(t, "for")) * step)
			s.Exclusions = []slo.Exclusion{{Fixed: []slo.Period{{Start: from, End: until}}}}
		}
		p := slo.Period{Start: data.Time(rapid.IntRange(0, 20).Draw(t, "first")), End: data.Time(data.Len() - rapid.IntRange(0, 10).Draw(t, "rest"))}
		l, err := New(s, data)
		if err != nil {
			t.Fatal(err)
		}
		at := data.Time(rapid.IntRange(data.Index(p.End), data.Len()).Draw(t, "at"))
		st := l.Status(p, p.End)
		incidents, blips := l.Incidents(st, at)
		if got, want := told(data, incidents, blips), twinIncidents(s, data, st.Judged, at); !slices.Equal(got, want) {
			t.Errorf("%s every %s: got\n%q, want\n%q", s.Budgeting.Method, step, got, want)
		}
	})
}

// TestIncidentsInEveryZone holds that incidents are where the data's buckets are: the
// zone of the promise moves none.
func TestIncidentsInEveryZone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := drawTroubled(t, rapid.SampledFrom([]time.Duration{time.Minute, 2 * time.Minute, 15 * time.Minute, time.Hour}).Draw(t, "step"))
		var want []string
		for i, name := range append([]string{"UTC", "Asia/Kolkata", "Pacific/Chatham"}, twinZones...) {
			zone, err := time.LoadLocation(name)
			if err != nil {
				t.Fatal(err)
			}
			l, err := New(objective("99%", slo.Window{Unit: slo.Month, Zone: zone}), data)
			if err != nil {
				t.Fatal(err)
			}
			incidents, blips := l.Incidents(l.Status(slo.Period{Start: data.Start, End: data.End()}, data.End()), data.End())
			got := told(data, incidents, blips)
			if i == 0 {
				want = got
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: got %q, in UTC %q", name, got, want)
			}
		}
	})
}

// Hourly slices of a zone that is off the hour begin inside hourly buckets. The
// incident is that of the bucket.
func TestIncidentOfSlicesOffTheBuckets(t *testing.T) {
	kathmandu, err := time.LoadLocation("Asia/Kathmandu")
	if err != nil {
		t.Fatal(err)
	}
	data := slo.NewSeries(slo.Period{Start: day0, End: day0.Add(72 * time.Hour)}, time.Hour)
	for i := range data.Len() {
		data.Bad[i], data.Total[i] = 0, 100
	}
	fail(data, 34, 36, 50)
	l, err := New(sliced(objective("99%", slo.Window{Unit: slo.Day, Zone: kathmandu}), slo.Timeslices, time.Hour, "99%"), data)
	if err != nil {
		t.Fatal(err)
	}
	start := day0.Add(18*time.Hour + 15*time.Minute)
	got, blips := l.Incidents(l.Status(slo.Period{Start: start, End: start.Add(24 * time.Hour)}, data.End()), data.End())
	if want := []string{"i000034-36 2"}; !slices.Equal(told(data, got, blips), want) {
		t.Errorf("got %q, want %q", told(data, got, blips), want)
	}
}

// TestFailedDailyChecks: 31 daily checks failed, and between them was nothing to tell
// that it got better. It is one incident, not over yet, up to the last check.
func TestFailedDailyChecks(t *testing.T) {
	daily := func(idle bool, bad func(day int) float64) *slo.Series {
		data := steady(day0, 31*1440, 0)
		for i := range data.Len() {
			switch {
			case i%1440 == 180:
				data.Bad[i], data.Total[i] = bad(i/1440), 1
			case !idle:
				lose(data, i, i+1)
			}
		}
		return data
	}
	for _, idle := range []bool{true, false} {
		for name, c := range map[string]struct {
			bad  func(day int) float64
			want []string
		}{
			"all failed":     {func(int) float64 { return 1 }, []string{"i000180-43381* 31"}},
			"one failed":     {func(day int) float64 { return float64(btoi(day == 9)) }, nil},
			"ten, then good": {func(day int) float64 { return float64(btoi(day < 10)) }, []string{"i000180-13141 10"}},
			"every other one": { // one good check is less than ten minutes of traffic
				func(day int) float64 { return float64(btoi(day%2 == 0)) }, []string{"i000180-43381* 16"}},
		} {
			data := daily(idle, c.bad)
			s := objective("99%", slo.Window{Unit: slo.Month})
			l, _ := New(s, data)
			incidents, blips := l.Incidents(l.Status(slo.Period{Start: day0, End: data.End()}, data.End()), data.End())
			if got := told(data, incidents, blips); !slices.Equal(got, c.want) {
				t.Errorf("%s, idle %t: got %q, want %q", name, idle, got, c.want)
			}
		}
	}
}

func btoi(b bool) int { return map[bool]int{true: 1}[b] }

// TestIncidentsOfEveryPeriod holds that weeks, months and the quarter find the same
// incidents, however much the traffic grows, from the counts that each of them reads.
func TestIncidentsOfEveryPeriod(t *testing.T) {
	start := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	quarter := slo.Window{Unit: slo.Quarter}.Bounds(start)
	rapid.Check(t, func(t *rapid.T) {
		data := slo.NewSeries(slo.Period{Start: quarter.Start.AddDate(0, 0, -45), End: quarter.End}, time.Hour)
		growth := rapid.Float64Range(-0.9, 9).Draw(t, "growth")
		for i := range data.Len() {
			data.Bad[i], data.Total[i] = 0, math.Floor(200*(1+growth*float64(i)/float64(data.Len())))
		}
		for range rapid.IntRange(1, 40).Draw(t, "outages") {
			day := rapid.IntRange(45, 45+90).Draw(t, "day")
			from, hours := 24*day+rapid.IntRange(2, 18).Draw(t, "from"), rapid.IntRange(1, 4).Draw(t, "hours")
			share := rapid.SampledFrom([]float64{0.01, 0.03, 0.1, 0.6, 1}).Draw(t, "share")
			for i := from; i < from+hours; i++ {
				data.Bad[i] = math.Floor(share * data.Total[i])
			}
		}
		s := objective("99.9%", slo.Window{Unit: slo.Month})
		s.Incidents.Join = time.Hour // hours before midnight join none after it: they are good
		found := func(unit slo.Unit) []string {
			var out []string
			w := slo.Window{Unit: unit, WeekStart: time.Monday}
			for whole := w.Bounds(start); whole.Start.Before(quarter.End); whole = w.Bounds(whole.End) {
				p := whole.Intersect(quarter)
				l, err := New(s, data.Cut(Around(s, p, quarter.End)))
				if err != nil {
					t.Fatal(err)
				}
				incidents, blips := l.Incidents(l.Status(p, quarter.End), quarter.End)
				out = append(out, told(data, incidents, blips)...)
			}
			slices.Sort(out)
			return out
		}
		want := found(slo.Quarter)
		for _, unit := range []slo.Unit{slo.Month, slo.Week} {
			if got := found(unit); !slices.Equal(got, want) {
				t.Errorf("by %s %q, by quarter %q", unit, got, want)
			}
		}
	})
}

// TestOutageOfFiveMinutes: at 99 % and 1,000 calls a total outage of five minutes
// counts in a week, a month and a year, and at 99.9 % 2 of 100 do in none.
func TestOutageOfFiveMinutes(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	data := slo.NewSeries(slo.Window{Unit: slo.Year}.Bounds(start), 5*time.Minute)
	for i := range data.Len() {
		data.Bad[i], data.Total[i] = 0, 1000
	}
	noon := data.Index(start.AddDate(0, 0, 6).Add(12 * time.Hour))
	data.Bad[noon] = 1000
	few := data.Cut(slo.Period{Start: data.Start, End: data.End()})
	few.Bad, few.Total = slices.Clone(data.Bad), slices.Clone(data.Total)
	for i := range few.Total {
		few.Total[i], few.Bad[i] = 100, 0
	}
	few.Bad[noon] = 2
	for _, unit := range []slo.Unit{slo.Week, slo.Month, slo.Year} {
		p := slo.Window{Unit: unit, WeekStart: time.Monday}.Bounds(data.Time(noon))
		for _, c := range []struct {
			target           string
			data             *slo.Series
			incidents, blips int
		}{{"99%", data, 1, 0}, {"99.9%", few, 0, 1}} {
			l, _ := New(objective(c.target, slo.Window{Unit: slo.Month}), c.data)
			incidents, blips := l.Incidents(l.Status(p, data.End()), data.End())
			if len(incidents) != c.incidents || len(blips) != c.blips {
				t.Errorf("%s of a %s: %v and blips %v", c.target, unit, incidents, blips)
			}
		}
	}
}

// TestIncidentOverABound: 30 % fail from 23:40 to 00:20. April and May each have half of
// the one incident of the quarter, and April's goes on.
func TestIncidentOverABound(t *testing.T) {
	april := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	quarter := slo.Window{Unit: slo.Quarter}.Bounds(april)
	data := slo.NewSeries(quarter, 5*time.Minute)
	for i := range data.Len() {
		data.Bad[i], data.Total[i] = 0, 100
	}
	from := data.Index(time.Date(2026, 4, 30, 23, 40, 0, 0, time.UTC))
	fail(data, from, from+8, 30)
	s := objective("99%", slo.Window{Unit: slo.Month})
	for _, c := range []struct {
		p    slo.Period
		want string
	}{
		{slo.Window{Unit: slo.Month}.Bounds(april), fmt.Sprintf("i%06d-%d* 120", from, from+4)},
		{slo.Window{Unit: slo.Month}.Bounds(april.AddDate(0, 1, 0)), fmt.Sprintf("i%06d-%d 120", from+4, from+8)},
		{quarter, fmt.Sprintf("i%06d-%d 240", from, from+8)},
	} {
		l, _ := New(s, data.Cut(Around(s, c.p, quarter.End)))
		incidents, blips := l.Incidents(l.Status(c.p, quarter.End), quarter.End)
		if got := told(data, incidents, blips); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%v: got %q, want %q", c.p, got, c.want)
		}
	}
}

// TestIncidentOfAYoungObjective: on the second day of the data 96 fail, of which a quiet
// first day and five busy ones tell whether that is 2 %. Every period says the same.
func TestIncidentOfAYoungObjective(t *testing.T) {
	april := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	data := slo.NewSeries(slo.Period{Start: april, End: april.AddDate(0, 0, 39)}, 5*time.Minute)
	for i := range data.Len() {
		data.Bad[i], data.Total[i] = 0, 1000
		if i < 2*288 {
			data.Total[i] = 10
		}
	}
	noon := 288 + 144
	fail(data, noon, noon+24, 4)
	s := objective("99%", slo.Window{Unit: slo.Month})
	for _, days := range []int{2, 5, 30, 91} {
		p := slo.Period{Start: april, End: april.AddDate(0, 0, days)}
		l, _ := New(s, data.Cut(Around(s, p, data.End())))
		incidents, blips := l.Incidents(l.Status(p, data.End()), data.End())
		want := []string{fmt.Sprintf("b%06d-%d 96", noon, noon+24)}
		if got := told(data, incidents, blips); !slices.Equal(got, want) {
			t.Errorf("%d days: got %q, want %q", days, got, want)
		}
	}
}

// TestIncidentOfSlices: 30 % fail from 10:02 to 10:11. Slices of an hour, off the hour in
// Kathmandu, and of ten minutes have that incident; a slice without traffic that is bad
// has no bad bucket and is down as a whole.
func TestIncidentOfSlices(t *testing.T) {
	kathmandu, err := time.LoadLocation("Asia/Kathmandu")
	if err != nil {
		t.Fatal(err)
	}
	for slice, want := range map[time.Duration][]string{
		time.Hour:        {"i000602-611 1", "i001215-1275 1"},
		10 * time.Minute: {"i000602-611 2", "i001215-1275 6"},
	} {
		data := steady(day0, 1440, 100)
		fail(data, 602, 611, 30)
		for i := 1215; i < 1275; i++ {
			data.Total[i] = 0
		}
		s := sliced(objective("99%", slo.Window{Unit: slo.Month, Zone: kathmandu}), slo.Timeslices, slice, "99%")
		s.Budgeting.NoTraffic = slo.NoTrafficBad
		s.Incidents.MinSpent = slo.NumberOf(0)
		l, _ := New(s, data)
		incidents, blips := l.Incidents(l.Status(slo.Period{Start: day0, End: data.End()}, data.End()), data.End())
		if got := told(data, incidents, blips); !slices.Equal(got, want) {
			t.Errorf("slices of %s: got %q, want %q", slice, got, want)
		}
	}
}

// BenchmarkIncidents is 30 days of minutes, some with a few bad events and one an outage.
func BenchmarkIncidents(b *testing.B) {
	start := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	data := slo.NewSeries(slo.Period{Start: start, End: start.AddDate(0, 0, 30)}, time.Minute)
	for i := range data.Len() {
		data.Bad[i], data.Total[i] = float64(i%13/10), 1000
	}
	for i := 20000; i < 20030; i++ {
		data.Bad[i] = 900
	}
	l, err := New(objective("99%", slo.Window{Length: 30 * 24 * time.Hour}), data)
	if err != nil {
		b.Fatal(err)
	}
	st := l.Current(data.End())
	for b.Loop() {
		l.Incidents(st, data.End())
	}
}
