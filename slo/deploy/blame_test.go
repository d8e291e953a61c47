package deploy

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

func at(text string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return t
}

// promise is 99 % of the events of the checkout, or of its slices.
func promise() slo.SLO {
	return slo.SLO{Service: "checkout", Name: "availability", Target: 990_000_000, Window: slo.Window{Length: 30 * 24 * time.Hour},
		Budgeting: slo.Budgeting{Method: slo.Occurrences}, MinCoverage: slo.DefaultMinCoverage()}
}

// history is what each minute of September and October had: 100 events of which
// nothing was bad, if no rule says otherwise. The last rule that fits counts.
type history []rule

type rule struct {
	from, to   string
	bad, total float64
}

func (h history) series() *slo.Series {
	s := slo.NewSeries(slo.Period{Start: at("2026-09-01 00:00"), End: at("2026-11-01 00:00")}, time.Minute)
	for i := range s.Len() {
		s.Bad[i], s.Total[i] = 0, 100
	}
	for _, r := range h {
		for i := s.Index(at(r.from)); i < s.Index(at(r.to)); i++ {
			s.Bad[i], s.Total[i] = r.bad, r.total
		}
	}
	return s
}

// every is a rule for the same hours of the four weeks before 13 October.
func every(from, to string, bad, total float64) history {
	var h history
	for _, day := range []string{"2026-09-15", "2026-09-22", "2026-09-29", "2026-10-06"} {
		h = append(h, rule{day + " " + from, day + " " + to, bad, total})
	}
	return h
}

var unmeasured = math.NaN()

// october asks for the deploys of October with a budget of 10,000 bad events.
func october() Question {
	return Question{Within: slo.Period{Start: at("2026-10-01 00:00"), End: at("2026-11-01 00:00")}, At: at("2026-11-02 00:00"), Hours: DefaultHours, Allowed: slo.NumberOf(10_000)}
}

func blame(t *testing.T, s slo.SLO, data *slo.Series, q Question, deploys ...Deploy) []Effect {
	t.Helper()
	l, err := budget.New(s, data)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(deploys, func(a, b Deploy) int { return a.Time.Compare(b.Time) })
	return Blame(l, deploys, q)
}

// TestVerdict deploys at 16:00 on Tuesday 13 October. The hours after are 16:00 to
// 20:00 with 24,000 events, of which 240 may be bad at an even pace.
func TestVerdict(t *testing.T) {
	day := func(from, to string, bad, total float64) rule {
		return rule{"2026-10-13 " + from, "2026-10-13 " + to, bad, total}
	}
	for _, c := range []struct {
		name    string
		history history
		want    string
	}{
		{"nothing bad", nil, "not_likely pace"},
		{"exactly an even pace", history{day("16:00", "18:00", 2, 100)}, "not_likely pace"},
		{"an outage of an hour", history{day("16:10", "17:10", 50, 100)}, "likely worse"},
		{"an outage that began before", history{day("15:00", "17:00", 50, 100)}, "not_likely as_before"},
		{"an outage that grew", history{day("12:00", "16:00", 1, 100), day("16:00", "20:00", 50, 100)}, "likely worse"},
		{"an outage at these hours every week", append(every("16:10", "17:10", 50, 100), day("16:10", "17:10", 50, 100)), "not_likely as_usual"},
		{"worse than at these hours every week", append(every("16:00", "20:00", 2, 100), day("16:00", "20:00", 9, 100)), "likely worse"},
		{"an outage in one of the weeks", append(every("16:00", "20:00", 0, 100)[:3], rule{"2026-10-06 16:00", "2026-10-06 17:00", 30, 100}, day("16:00", "20:00", 60, 100)), "likely worse"},
		{"hardly worse than before and usual", append(every("16:00", "20:00", 1, 100), day("12:00", "16:00", 1, 100), day("16:00", "20:00", 1, 100), day("16:00", "16:30", 2, 100)), "not_likely little"},
		{"few events", append(every("16:00", "20:00", 0, 0), day("12:00", "20:00", 0, 0), day("13:00", "13:10", 0, 1), day("16:20", "16:30", 0, 1), day("16:20", "16:21", 1, 1)), "cannot_tell unclear"},
		{"no events after", history{day("16:00", "20:00", 0, 0)}, "cannot_tell empty"},
		{"no events before", history{day("12:00", "16:00", 0, 0), day("16:00", "17:00", 50, 100)}, "cannot_tell alone"},
		{"not measured after", history{day("17:00", "20:00", unmeasured, unmeasured)}, "cannot_tell unmeasured"},
		{"not measured before", history{day("12:00", "15:00", unmeasured, unmeasured), day("16:00", "17:00", 50, 100)}, "cannot_tell alone"},
		{"as usual, not measured before", append(every("16:00", "17:00", 50, 100), day("12:00", "15:00", unmeasured, unmeasured), day("16:00", "17:00", 50, 100)), "not_likely as_usual"},
		{"no usual", append(every("12:00", "20:00", unmeasured, unmeasured), day("16:10", "17:10", 50, 100)), "likely worse"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := blame(t, promise(), c.history.series(), october(), Deploy{Time: at("2026-10-13 16:00"), Name: "v2"})
			if got := fmt.Sprint(e[0].Verdict, " ", e[0].Reason); len(e) != 1 || got != c.want {
				t.Errorf("got %s, want %s; %+v", got, c.want, e[0].Against)
			}
		})
	}
}

// TestFigures: 3,000 of 24,000 events were bad after, 60 before, and 300 in the four
// weeks together, of a budget of 10,000.
func TestFigures(t *testing.T) {
	h := append(every("16:00", "16:15", 5, 100), rule{"2026-10-13 16:10", "2026-10-13 17:10", 50, 100}, rule{"2026-10-13 12:00", "2026-10-13 13:00", 1, 100})
	e := blame(t, promise(), h.series(), october(), Deploy{Time: at("2026-10-13 16:00"), Name: "v2"})[0]
	for _, c := range []struct {
		name string
		got  slo.Number
		want float64
	}{
		{"bad after", e.After.Counts.Bad, 3000},
		{"all after", e.After.Counts.Total, 24_000},
		{"spent after", e.Spent.After, 0.3},
		{"spent before", e.Spent.Before, 0.006},
		{"spent usually", e.Spent.Usual, 0.0075},
		{"bad usually", e.Usual.Bad, 300},
		{"all usually", e.Usual.Total, 96_000},
		{"more than before", e.Against.Before.Estimate, 0.294},
		{"more than usual", e.Against.Usual.Estimate, 0.2925},
		{"least", e.Against.Least().Estimate, 0.2925},
	} {
		if c.got.Float() != c.want {
			t.Errorf("%s: got %v, want %v", c.name, c.got, c.want)
		}
	}
	if e.Usual.Weeks != 4 || e.Usual.Deploys || e.Partial || e.Shared != nil {
		t.Errorf("got %+v", e)
	}
	if low, high := e.Against.Usual.Low.Float(), e.Against.Usual.High.Float(); !(low > 0 && low < 0.2925 && high > 0.2925) {
		t.Errorf("got %v to %v for 0.2925", low, high)
	}
}

func TestPartial(t *testing.T) {
	h := history{{"2026-10-13 16:10", "2026-10-13 17:10", 50, 100}}
	q := october()
	for _, c := range []struct{ at, want string }{
		{"2026-10-13 15:59", ""},
		{"2026-10-13 16:00", "cannot_tell early 0s"},
		{"2026-10-13 16:05", "not_likely pace 5m0s"},
		{"2026-10-13 16:30", "likely worse 30m0s"},
		{"2026-10-13 19:59", "likely worse 3h59m0s"},
	} {
		q.At = at(c.at)
		found := blame(t, promise(), h.series(), q, Deploy{Time: at("2026-10-13 16:00"), Name: "v2"}, Deploy{Time: at("2026-10-13 19:59").Add(1), Name: "to come"})
		if c.want == "" {
			if len(found) > 0 {
				t.Errorf("at %s: got %+v for a deploy to come", c.at, found)
			}
			continue
		}
		e := found[0]
		if got := fmt.Sprint(e.Verdict, " ", e.Reason, " ", e.After.Length()); got != c.want || !e.Partial || len(e.Shared) > 0 {
			t.Errorf("at %s: got %s, want %s", c.at, got, c.want)
		}
		if e.After.Length() != e.Before.Length() {
			t.Errorf("at %s: %v after, but %v before", c.at, e.After.Length(), e.Before.Length())
		}
	}
}

// TestNeighbours: which deploys are asked about, share the blame, and spoil what is usual.
func TestNeighbours(t *testing.T) {
	deploys := []Deploy{
		{Time: at("2026-09-29 15:00"), Name: "september"},
		{Time: at("2026-10-06 12:00"), Name: "ends before"},
		{Time: at("2026-10-13 12:00"), Name: "apart"},
		{Time: at("2026-10-13 12:01"), Name: "near"},
		{Time: at("2026-10-13 16:00"), Name: "v2", Service: "checkout"},
		{Time: at("2026-10-13 17:00"), Name: "other", Service: "search"},
		{Time: at("2026-10-13 19:59"), Name: "hotfix", Service: "checkout"},
		{Time: at("2026-11-01 00:00"), Name: "november"},
	}
	outages := history{{"2026-10-13 12:30", "2026-10-13 13:30", 50, 100}, {"2026-10-13 22:00", "2026-10-13 23:00", 50, 100}}
	effects := blame(t, promise(), outages.series(), october(), deploys...)
	var names []string
	for _, e := range effects {
		names = append(names, e.Deploy.Name)
	}
	if got := strings.Join(names, ", "); got != "ends before, apart, near, v2, hotfix" {
		t.Errorf("asked about %s", got)
	}
	var shared []string
	for _, d := range effects[3].Shared {
		shared = append(shared, d.Name)
	}
	if got := strings.Join(shared, ", "); got != "near, hotfix" {
		t.Errorf("v2 shares with %s", got)
	}
	if cleared := effects[4].Shared; len(cleared) != 0 {
		t.Errorf("hotfix shares with %v: v2 is not likely to blame", cleared)
	}
	if u := effects[3].Usual; u.Weeks != 3 || u.Deploys {
		t.Errorf("usual for v2: %+v, want three weeks without deploys", u)
	}
	weekly := blame(t, promise(), history{}.series(), october(), Deploy{Time: at("2026-10-13 16:00"), Name: "e"}, Deploy{Time: at("2026-10-06 16:00"), Name: "d"},
		Deploy{Time: at("2026-09-29 16:00"), Name: "c"}, Deploy{Time: at("2026-09-22 16:00"), Name: "b"}, Deploy{Time: at("2026-09-15 16:00"), Name: "a"})
	if u := weekly[1].Usual; u.Weeks != 4 || !u.Deploys {
		t.Errorf("usual of a weekly deploy: %+v, want four weeks that followed deploys", u)
	}
}

// TestGrain: the hours are counted from the start of the bucket or slice of the deploy.
func TestGrain(t *testing.T) {
	deploy := Deploy{Time: at("2026-10-13 16:20"), Name: "v2"}
	hourly := slo.NewSeries(slo.Period{Start: at("2026-09-01 00:00"), End: at("2026-11-01 00:00")}, time.Hour)
	for i := range hourly.Len() {
		hourly.Bad[i], hourly.Total[i] = 0, 6000
	}
	hourly.Bad[hourly.Index(at("2026-10-13 16:00"))] = 3000
	e := blame(t, promise(), hourly, october(), deploy)[0]
	if !e.After.Start.Equal(at("2026-10-13 16:00")) || !e.After.End.Equal(at("2026-10-13 20:00")) || e.Verdict != Likely {
		t.Errorf("buckets of an hour: %v, %s", e.After.Period, e.Verdict)
	}
	s := promise()
	s.Budgeting = slo.Budgeting{Method: slo.Timeslices, Slice: 30 * time.Minute, Target: 950_000_000, Gaps: slo.GapsExclude, NoTraffic: slo.NoTrafficIgnore}
	e = blame(t, s, history{{"2026-10-13 16:10", "2026-10-13 19:10", 50, 100}}.series(), october(), deploy)[0]
	if got := fmt.Sprint(e.After.Counts.Bad, " of ", e.After.Counts.Total, " ", e.Verdict); got != "7 of 8 likely" {
		t.Errorf("slices of half an hour: %s", got)
	}
	s.Budgeting.Slice = 8 * time.Hour
	if e = blame(t, s, history{}.series(), october(), deploy)[0]; e.Reason != Empty {
		t.Errorf("slices longer than the hours: %s %s", e.Verdict, e.Reason)
	}
}

// TestZone: what is usual is the same hour on the clock. Berlin put it back on 25 October.
func TestZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	s := promise()
	s.Window = slo.Window{Unit: slo.Month, Zone: berlin}
	h := history{{"2026-10-20 16:00", "2026-10-20 16:30", 10, 100}}
	e := blame(t, s, h.series(), october(), Deploy{Time: at("2026-10-27 17:00"), Name: "v2"})[0]
	if got := e.Usual.Bad.String(); got != "300" {
		t.Errorf("18:00 in Berlin was 16:00 UTC a week earlier: got %s of 300 bad events", got)
	}
}

func TestExcluded(t *testing.T) {
	s := promise()
	s.Exclusions = []slo.Exclusion{{Name: "move", Fixed: []slo.Period{{Start: at("2026-10-13 16:00"), End: at("2026-10-13 20:00")}}}}
	e := blame(t, s, history{{"2026-10-13 16:00", "2026-10-13 20:00", 50, 100}}.series(), october(), Deploy{Time: at("2026-10-13 16:00"), Name: "v2"})[0]
	if e.Verdict != CannotTell || e.Reason != Excluded {
		t.Errorf("got %s %s", e.Verdict, e.Reason)
	}
}

// TestNewcombe holds the interval against table II of Newcombe, Statistics in
// Medicine 17 (1998), method 10.
func TestNewcombe(t *testing.T) {
	for _, c := range []struct {
		a, m, b, n int64
		low, high  float64
	}{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
		{6, 7, 2, 7, 0.0582, 0.8062},
		{5, 56, 0, 29, -0.0381, 0.1926},
		{0, 10, 0, 20, -0.1611, 0.2775},
		{0, 10, 0, 10, -0.2775, 0.2775},
		{10, 10, 0, 20, 0.6791, 1},
		{10, 10, 0, 10, 0.6075, 1},
	} {
		got := difference(sample{slo.NumberOf(c.a), slo.NumberOf(c.m)}, sample{slo.NumberOf(c.b), slo.NumberOf(c.n)})
		if math.Abs(got.Low.Float()-c.low) > 0.00005 || math.Abs(got.High.Float()-c.high) > 0.00005 {
			t.Errorf("%d/%d − %d/%d: got %.4f to %.4f, want %.4f to %.4f", c.a, c.m, c.b, c.n, got.Low.Float(), got.High.Float(), c.low, c.high)
		}
	}
}

func TestDispersion(t *testing.T) {
	blocks := func(pairs ...int64) (out []budget.Part) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, budget.Part{Counts: budget.Counts{Bad: slo.NumberOf(pairs[i]), Total: slo.NumberOf(pairs[i+1])}})
		}
		return out
	}
	for _, c := range []struct {
		name   string
		groups [][]budget.Part
		want   float64
	}{
		{"nothing", nil, 1},
		{"one block", [][]budget.Part{blocks(5, 10)}, 1},
		{"nothing bad", [][]budget.Part{blocks(0, 10, 0, 10)}, 1},
		{"all alike", [][]budget.Part{blocks(5, 10, 5, 10)}, 1},
		{"one of two all bad", [][]budget.Part{blocks(0, 10, 10, 10)}, 20},                              // 2 × 5² / 2.5 over 1
		{"and two alike", [][]budget.Part{blocks(0, 10, 10, 10), blocks(5, 10, 5, 10)}, 10},             // 20 over 2
		{"and a block without events", [][]budget.Part{blocks(0, 10, 10, 10, 0, 0)}, 20},                // says nothing
		{"groups that differ from each other", [][]budget.Part{blocks(1, 10, 1, 10), blocks(9, 10)}, 1}, // each about its own
	} {
		if got := dispersion(c.groups...).Float(); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// noise returns hours of 6,000 events whose error ratio is about 2 %, twice what the
// budget allows, and varies as real ones do.
func noise(random *rand.Rand) *slo.Series {
	data := slo.NewSeries(slo.Period{Start: at("2026-09-01 00:00"), End: at("2026-11-01 00:00")}, time.Hour)
	for i := range data.Len() {
		ratio := 0.02 * math.Exp(0.4*random.NormFloat64())
		data.Bad[i] = math.Round(6000*ratio + math.Sqrt(6000*ratio)*random.NormFloat64())
		data.Bad[i], data.Total[i] = max(data.Bad[i], 0), 6000
	}
	return data
}

// TestChance deploys where nothing changes: blame without cause is rare.
func TestChance(t *testing.T) {
	l, err := budget.New(promise(), noise(rand.New(rand.NewPCG(1, 2))))
	if err != nil {
		t.Fatal(err)
	}
	count, n := map[Verdict]int{}, 0
	for d := at("2026-10-01 02:00"); d.Before(at("2026-10-31 12:00")); d = d.Add(time.Hour) {
		count[Blame(l, []Deploy{{Time: d, Name: "v"}}, october())[0].Verdict]++
		n++
	}
	if share := float64(count[Likely]) / float64(n); share > 0.05 {
		t.Errorf("%d of %d deploys without effect are blamed: %v", count[Likely], n, count)
	}
}

// TestPower deploys what makes five times as many events fail: that is seen.
func TestPower(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	found := 0
	for range 100 {
		data := noise(random)
		d := Deploy{Time: at("2026-10-13 16:00"), Name: "v"}
		for i := range 4 {
			data.Bad[data.Index(d.Time)+i] *= 5
		}
		if blame(t, promise(), data, october(), d)[0].Verdict == Likely {
			found++
		}
	}
	if found < 90 {
		t.Errorf("%d of 100 deploys that do harm are blamed", found)
	}
}

// TestManyNeighbours: a deploy a second, all in the same outage. Each shares the
// blame with every other of the 300; the nearest ten are named.
func TestManyNeighbours(t *testing.T) {
	outage := history{{"2026-10-13 16:00", "2026-10-13 20:30", 50, 100}}
	var deploys []Deploy
	for i := range 300 {
		deploys = append(deploys, Deploy{Time: at("2026-10-13 16:00").Add(time.Duration(i) * time.Second), Name: fmt.Sprint(i)})
	}
	effects := blame(t, promise(), outage.series(), october(), deploys...)
	for _, c := range []struct {
		i          int
		near, last string
	}{{0, "1", "10"}, {150, "145", "155"}, {299, "289", "298"}} {
		e := effects[c.i]
		if e.Verdict != Likely || len(e.Shared) != MaxShared || e.Shared[0].Name != c.near || e.Shared[9].Name != c.last || e.More != 289 {
			t.Errorf("deploy %d: %s, shares with %v and %d more, want %s to %s and 289 more", c.i, e.Verdict, e.Shared, e.More, c.near, c.last)
		}
	}
}

// Four thousand deploys in an hour: what is named of each does not grow with them.
func BenchmarkManyDeploys(b *testing.B) {
	s := history{{"2026-10-13 16:00", "2026-10-13 20:30", 50, 100}}.series()
	var deploys []Deploy
	for i := range 4000 {
		deploys = append(deploys, Deploy{Time: at("2026-10-13 16:00").Add(time.Duration(i) * time.Second), Name: fmt.Sprint(i)})
	}
	b.ReportAllocs()
	for b.Loop() {
		l, err := budget.New(promise(), s)
		if err != nil {
			b.Fatal(err)
		}
		Blame(l, deploys, october())
	}
}
