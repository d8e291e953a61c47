package backtest

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/burn"
)

// history is n days of 1,000 events a minute with an incident on each of the days
// that begins at noon, and a short burst that nobody minds each midnight.
type history struct {
	days, length, bad int // of an incident: minutes, and bad events a minute
	burst             int // bad events in each of ten minutes after midnight
	calm              func(day int) bool
	objectives        int  // that all count the same; 0: one
	quiet             bool // nothing is bad besides
}

func (h history) tune(t *testing.T, o Options) Tuning {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	data := series(h.days*24*60, func(i int) float64 {
		minute := i % (24 * 60)
		switch {
		case minute < 10:
			return float64(h.burst)
		case minute >= 720 && minute < 720+h.length && !h.calm(i/(24*60)):
			return float64(h.bad)
		case h.quiet:
			return 0
		}
		return float64(random.IntN(2))
	})
	var incidents []Incident
	for d := range h.days {
		if noon := start.Add(time.Duration(d)*24*time.Hour + 12*time.Hour); !h.calm(d) {
			incidents = append(incidents, Incident{Period: slo.Period{Start: noon, End: noon.Add(time.Duration(h.length) * time.Minute)}})
		}
	}
	l, err := budget.New(objective(t, "99.9%"), data)
	if err != nil {
		t.Fatal(err)
	}
	o.From, o.To = start, data.End()
	tuner := NewTuner(o, []slo.SLO{objective(t, "99.9%")})
	for range max(h.objectives, 1) {
		tuner.Add(l, incidents)
	}
	got, ok := tuner.Tune()
	if !ok {
		t.Fatal("nothing was added")
	}
	return got
}

func never(int) bool { return false }

// A burst of 10 % for ten minutes every night is 16.7 times the budget over the
// hour: the default pages for it every night, which is more than one a week.
func TestTuneKeepsTheLimit(t *testing.T) {
	got := history{days: 12, length: 60, bad: 300, burst: 100, calm: never}.tune(t, Options{})
	if got.Short != Enough || got.Best.Default || got.Kept != Replaced {
		t.Fatalf("%q, %q, recommends %v", got.Short, got.Kept, got.Best.Policy)
	}
	if got.Base.InSample.False != 11 && got.Base.InSample.False != 12 {
		t.Errorf("the default has %d false alarms in 12 nights", got.Base.InSample.False)
	}
	if best := got.Best.InSample; best.False > 1 || best.InTime != 12 {
		t.Errorf("recommended: %+v", best) // 12 days allow one
	}
	if got.HeldOut.False > 2 || got.HeldOut.Found() < 11 {
		t.Errorf("held out: %+v", got.HeldOut)
	}
	if got.Silent.InSample.Found() != 0 || got.Silent.InSample.False != 0 || got.Silent.InSample.Incidents != 12 {
		t.Errorf("silent: %+v", got.Silent.InSample)
	}
}

// Where the default finds everything in three minutes and is never wrong, only what is
// earlier and keeps the limit replaces it.
func TestTuneFindsEarlier(t *testing.T) {
	got := history{days: 12, length: 60, bad: 300, burst: 1, calm: never}.tune(t, Options{MaxFalse: slo.NumberOf(0)})
	if got.Short != Enough || got.Best.InSample.InTime != 12 || got.Best.InSample.False != 0 {
		t.Fatalf("%q, recommends %v: %+v", got.Short, got.Best.Policy, got.Best.InSample)
	}
	if got.Best.Default || got.Best.InSample.Delay >= got.Base.InSample.Delay {
		t.Errorf("%v in all, the default %v", got.Best.InSample.Delay, got.Base.InSample.Delay)
	}
	if len(got.Front) == 0 || got.Folds != maxFolds {
		t.Errorf("%d policies in front, %d folds", len(got.Front), got.Folds)
	}
}

// The default is kept where nothing is better, and said why. A minute in which everything
// fails is 16.7 times the budget over the hour: it fires after that minute, and nothing is
// earlier. Bursts at midnight that are like the incidents are told from them by nothing.
func TestTuneKeepsTheDefault(t *testing.T) {
	for _, tt := range []struct {
		history history
		want    Kept
	}{
		{history{days: 12, length: 60, bad: 1000, burst: 1, calm: never}, Unbeaten},
		{history{days: 12, length: 10, bad: 300, burst: 300, calm: never}, OverLimit},
	} {
		got := tt.history.tune(t, Options{})
		if got.Short != Enough || !got.Best.Default || got.Kept != tt.want {
			t.Errorf("%q, %q, want %q: recommends %v", got.Short, got.Kept, tt.want, got.Best.Policy)
		}
		if got.Base.InSample.Found() != 12 {
			t.Errorf("%q: the default finds %d of 12", tt.want, got.Base.InSample.Found())
		}
	}
}

// Where the default is silent too, silence is no answer.
func TestTuneNeverRecommendsSilence(t *testing.T) {
	got := history{days: 12, length: 60, bad: 0, burst: 100, calm: never}.tune(t, Options{})
	if !got.Best.Default && got.Best.InSample.Found() == 0 {
		t.Errorf("recommends %v, which finds nothing", got.Best.Policy)
	}
}

// Half an hour of 0.05 % bad in each incident is half of what the budget allows: no two
// windows are over it. Bursts are, at midnight, but no incident is on then.
func TestShown(t *testing.T) {
	for _, tt := range []struct {
		name  string
		bad   int
		shown int
	}{{"half of the budget", 0, 0}, {"20 times the budget", 20, 12}} {
		got := history{days: 12, length: 30, bad: tt.bad, burst: 100, calm: never, quiet: true}.tune(t, Options{})
		if got.Incidents != 12 || got.Shown != tt.shown {
			t.Errorf("%s: %d of %d show, want %d", tt.name, got.Shown, got.Incidents, tt.shown)
		}
	}
}

// Incidents that leave no trace in the counts teach nothing.
func TestTuneLearnsNothingFromNoise(t *testing.T) {
	got := history{days: 15, length: 10, bad: 1, burst: 1, calm: func(d int) bool { return d%3 != 0 }}.tune(t, Options{})
	if !got.Best.Default {
		t.Errorf("recommends %v, held out %+v, default %+v", got.Best.Policy, got.HeldOut, got.HeldBase)
	}
}

func TestTooShort(t *testing.T) {
	few := history{days: 12, length: 60, bad: 300, burst: 100, calm: func(d int) bool { return d != 1 && d != 5 && d != 10 }}.tune(t, Options{})
	bunched := history{days: 12, length: 60, bad: 300, burst: 100, calm: func(d int) bool { return d > 5 }}.tune(t, Options{})
	if few.Short != FewIncidents || !few.Best.Default || bunched.Short != EmptyFolds || !bunched.Best.Default {
		t.Errorf("3 incidents: %q; 6 in the first half: %q", few.Short, bunched.Short)
	}
}

// Three incidents of two objectives are three incidents, not six.
func TestTooShortTwice(t *testing.T) {
	got := history{days: 12, length: 60, bad: 300, burst: 100, calm: func(d int) bool { return d != 1 && d != 5 && d != 10 }, objectives: 2}.tune(t, Options{})
	if got.Short != FewIncidents || got.Incidents != 3 || got.Objectives != 2 {
		t.Errorf("too short %q, %d incidents of %d objectives", got.Short, got.Incidents, got.Objectives)
	}
}

// No policy in front does worse in everything than another that was tried.
func TestFront(t *testing.T) {
	got := history{days: 12, length: 60, bad: 30, burst: 100, calm: never}.tune(t, Options{})
	for i, a := range got.Front {
		for k, b := range got.Front {
			x, y := a.InSample, b.InSample
			if i != k && x.dominates(y) {
				t.Errorf("%v is dominated by %v", b, a)
			}
		}
	}
}

// held is what the evaluator says of for:, also where it was true before the period.
func TestHeldTwin(t *testing.T) {
	l, err := budget.New(objective(t, "99.9%"), series(3*24*60, func(i int) float64 { return float64(i * i % 977 / 300 * (i / 100 % 2)) }))
	if err != nil {
		t.Fatal(err)
	}
	to := start.Add(3 * 24 * time.Hour)
	rapid.Check(t, func(t *rapid.T) {
		from := start.Add(time.Duration(rapid.IntRange(30, 24*60).Draw(t, "from")) * time.Minute)
		p := slo.Policy{When: []slo.Condition{{Test: slo.Burn, Limit: slo.NumberFrac(int64(rapid.IntRange(1, 20).Draw(t, "limit")), 10), Long: time.Hour, Short: 5 * time.Minute}}}
		replay := func(from time.Time) []burn.Firing {
			return burn.New(l, []slo.Policy{p}, burn.Options{}).Replay(from, to)[0].Firings
		}
		raw := replay(from.Add(-30 * time.Minute))
		p.For = time.Duration(rapid.IntRange(0, 30).Draw(t, "for")) * time.Minute
		o := tuned{step: time.Minute, first: from, last: to}
		if got, want := o.held(raw, p.For), replay(from); !slices.EqualFunc(got, want, equal) {
			t.Fatalf("for %s: %v, want %v", p.For, got, want)
		}
	})
}

func equal(a, b burn.Firing) bool { return a.Start.Equal(b.Start) && a.End.Equal(b.End) }

// What the grid says is what the evaluator says of each condition alone, for as long
// as it has to be true.
func TestGridTwin(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	data := series(4*24*60, func(i int) float64 { return float64(random.IntN(1 + i%500/50)) })
	for i := range data.Total {
		data.Total[i] = max(data.Bad[i], float64(random.IntN(500)))
	}
	for _, c := range []struct {
		semantics burn.Semantics
		delay     time.Duration
	}{{}, {semantics: burn.Prometheus3}, {delay: 7 * time.Minute}} {
		s := objective(t, "99.9%")
		s.Delay = c.delay
		l, err := budget.New(s, data)
		if err != nil {
			t.Fatal(err)
		}
		o := Options{From: start.Add(24 * time.Hour), To: data.End(), Semantics: c.semantics}
		if fired := gridTwin(t, l, o); fired == 0 {
			t.Error("nothing fired")
		}
	}
}

// gridTwin returns how many firings were the same.
func gridTwin(t *testing.T, l *budget.Ledger, o Options) (fired int) {
	t.Helper()
	tuner := NewTuner(o, []slo.SLO{l.SLO()})
	tuner.Add(l, nil)
	for i, k := range tuner.grid {
		for _, hold := range holds() {
			c := candidate{i, -1, hold}
			got, ok := tuner.of(&tuner.objects[0], c)
			want := tuner.fired(l, tuner.policy(c), o.From)
			if !k.fits(time.Minute) || !ok {
				continue
			}
			if fired += len(want); !slices.EqualFunc(got, want, equal) {
				t.Fatalf("%v, semantics %d: %v, want %v", tuner.policy(c), o.Semantics, got, want)
			}
		}
	}
	return fired
}

// Of 5 events a minute 19 of every 45 are bad: 42 %, which is over 4 × 10 %. Ten
// minutes hold 50 events, 40 % of which are 20; but nine, which is what Prometheus
// looks at, hold 19 bad ones: a minimum of 20 is never met.
func TestMootLeftOpen(t *testing.T) {
	data := series(3*24*60, func(i int) float64 {
		if i%9 == 0 {
			return 3
		}
		return 2
	})
	for i := range data.Total {
		data.Total[i] = 5
	}
	s := objective(t, "90%")
	l, err := budget.New(s, data)
	if err != nil {
		t.Fatal(err)
	}
	tuner := NewTuner(Options{From: start.Add(24 * time.Hour), To: data.End(), Semantics: burn.Prometheus3}, []slo.SLO{s})
	var hourly []Incident // so many that firing every 9 minutes is not too often
	for h := range 40 {
		hourly = append(hourly, Incident{Period: slo.Period{Start: start.Add(time.Duration(24+h) * time.Hour)}})
	}
	tuner.Add(l, hourly)
	tried := 0
	for i, k := range tuner.grid {
		if got, ok := tuner.of(&tuner.objects[0], candidate{i, -1, 0}); ok && k.long == 10*time.Minute && k.minBad == 20 && k.limit.Cmp(slo.NumberOf(4)) == 0 {
			if tried++; len(got) > 0 {
				t.Errorf("%v: %v, though its windows hold 19 bad", k.policy(), got)
			}
		}
	}
	if tried == 0 {
		t.Error("nothing was tried")
	}
}

// The default page of 28 days is 13.44 and 5.6, that of 8 hours 14.4 alone: each
// objective is held against its own, whichever comes first.
func TestOwnDefaults(t *testing.T) {
	month, shift := objective(t, "99.9%"), objective(t, "99.9%")
	month.Window.Length, shift.Window.Length = 28*24*time.Hour, 8*time.Hour
	data := series(24*60, func(i int) float64 { return 0 })
	for _, order := range [][]slo.SLO{{month, shift}, {shift, month}} {
		tuner := NewTuner(Options{From: start, To: data.End()}, order)
		for _, s := range order {
			l, err := budget.New(s, data)
			if err != nil {
				t.Fatal(err)
			}
			tuner.Add(l, nil)
		}
		got, _ := tuner.Tune()
		if !got.Own || got.Default.Policy.Name != DefaultName || got.Default.Policy.When != nil || !got.Base.Default || got.Base.Policy.When != nil {
			t.Errorf("own %t, default %v, base %v", got.Own, got.Default.Policy, got.Base.Policy)
		}
	}
}

// What stands in for the default is one policy, for the coarsest step and the
// shortest window, whichever comes first.
func TestOneWidened(t *testing.T) {
	fine, coarse := objective(t, "99.9%"), objective(t, "99.9%")
	fine.Window.Length, coarse.Step = 28*24*time.Hour, time.Hour
	for _, order := range [][]slo.SLO{{fine, coarse}, {coarse, fine}} {
		tuner := NewTuner(Options{From: start, To: start.Add(10 * 24 * time.Hour)}, order)
		wide := tuner.policy(wideDefault).When
		if tuner.base() != wideDefault || !tuner.mixed || !tuner.own {
			t.Errorf("base %v, mixed %t, own %t", tuner.base(), tuner.mixed, tuner.own)
		}
		if len(wide) != 2 || wide[0].String() != "2h/1h" || wide[0].Limit.Cmp(slo.NumberFrac(672, 100)) != 0 {
			t.Errorf("widened: %v", wide) // 13.44 / 2
		}
	}
}

// What happens in a fold that is held out, and beside it, has no say in whether a
// condition fires too often.
func TestOftenLearnsNothingHeldOut(t *testing.T) {
	tuner := NewTuner(Options{From: start, To: start.Add(10 * 24 * time.Hour)}, []slo.SLO{objective(t, "99.9%")})
	at := func(hours int) time.Time { return start.Add(time.Duration(hours) * time.Hour) }
	parts := tuner.stretches([]Incident{{Period: slo.Period{Start: at(150)}}, {Period: slo.Period{Start: at(2)}}})
	var firings []burn.Firing
	for m := range 50 { // on the first of ten days
		firings = append(firings, burn.Firing{Start: at(3).Add(time.Duration(m) * time.Minute), End: at(3).Add(time.Duration(m)*time.Minute + 30*time.Second)})
	}
	for _, tt := range []struct {
		on    training
		most  int
		often bool
	}{
		{training{5, 0}, 41, false}, // one a week may be false; the first two days are held out, with one of the incidents
		{training{5, 1}, 61, false}, // days 3 and 4: both incidents are learnt from
		{training{5, 2}, 41, true},  // days 5 and 6: that of hour 150 is beside them
		{everything, 61, false},
	} {
		if got := parts[tt.on]; got.most != tt.most || got.often(firings) != tt.often {
			t.Errorf("%v: at most %d, often %t", tt.on, got.most, got.often(firings))
		}
	}
}

// What is learnt on all folds but one is all, less that fold and the embargo beside it.
func TestWithout(t *testing.T) {
	var a tallies
	n := 1
	for f := range a {
		for z := range a[f] {
			a[f][z].False = n // 1, 2, 4, … so that a sum tells its terms
			n *= 2
		}
	}
	all := 1<<15 - 1
	if got := a.without(0).False; got != all-1-2-4-8 {
		t.Errorf("without the first: %b", got)
	}
	if got := a.without(2).False; got != all-(64+128+256)-32-512 {
		t.Errorf("without the third: %b", got)
	}
	if got := a.without(4).False; got != all-(4096+8192+16384)-2048 {
		t.Errorf("without the last: %b", got)
	}
}

func TestWidened(t *testing.T) {
	s := objective(t, "99.9%")
	p := slo.Policy{When: slo.DefaultConditions(s, slo.Page)}
	for step, want := range map[time.Duration]string{
		time.Minute: "1h/5m 14.4, 6h/30m 6", 10 * time.Minute: "1h/10m 14.4, 6h/30m 6", time.Hour: "2h/1h 7.2, 6h/1h 6", 24 * time.Hour: "2d/1d 0.3",
	} {
		text := ""
		for i, c := range widened(p, step).When {
			if i > 0 {
				text += ", "
			}
			text += c.String() + " " + c.Limit.String()
		}
		if text != want {
			t.Errorf("step %s: %s, want %s", step, text, want)
		}
	}
}

// A month at one minute: every condition of the grid, and the search.
func BenchmarkTuneMonth(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	data := series(30*24*60, func(i int) float64 {
		if i%(24*60) < 40 {
			return 200
		}
		return float64(random.IntN(3))
	})
	var incidents []Incident
	for d := range 30 {
		at := start.Add(time.Duration(d) * 24 * time.Hour)
		incidents = append(incidents, Incident{Period: slo.Period{Start: at, End: at.Add(40 * time.Minute)}})
	}
	for b.Loop() {
		l, err := budget.New(objective(b, "99.9%"), data)
		if err != nil {
			b.Fatal(err)
		}
		t := NewTuner(Options{From: start, To: data.End()}, []slo.SLO{objective(b, "99.9%")})
		t.Add(l, incidents)
		t.Tune()
	}
}
