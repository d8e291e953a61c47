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
	objectives        int // that all count the same; 0: one
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
	tuner := NewTuner(o, 30*24*time.Hour)
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
// hour: the default pages for it every night, and is beaten.
func TestTuneBeatsFalseAlarms(t *testing.T) {
	got := history{days: 12, length: 60, bad: 300, burst: 100, calm: never}.tune(t, Options{})
	if got.Short != Enough || got.Best.Default {
		t.Fatalf("%q, recommends %v", got.Short, got.Best.Policy)
	}
	if got.Base.InSample.False != 11 && got.Base.InSample.False != 12 {
		t.Errorf("the default has %d false alarms in 12 nights", got.Base.InSample.False)
	}
	if got.HeldOut.False > 2 || got.HeldOut.Missed > 1 {
		t.Errorf("held out: %+v", got.HeldOut)
	}
	if got.HeldOut.cost() >= got.HeldBase.cost() {
		t.Errorf("held out %v is no better than %v", got.HeldOut, got.HeldBase)
	}
}

// Where the default is right every time, it is kept.
func TestTuneKeepsTheDefault(t *testing.T) {
	got := history{days: 12, length: 60, bad: 300, burst: 1, calm: never}.tune(t, Options{})
	if got.Short != Enough || !got.Best.Default {
		t.Errorf("%q, recommends %v", got.Short, got.Best.Policy)
	}
	if len(got.Front) == 0 || got.Folds != maxFolds {
		t.Errorf("%d policies in front, %d folds", len(got.Front), got.Folds)
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

// No policy in front does worse in all three than another that was tried.
func TestFront(t *testing.T) {
	got := history{days: 12, length: 60, bad: 30, burst: 100, calm: never}.tune(t, Options{})
	for i, a := range got.Front {
		for k, b := range got.Front {
			x, y := a.InSample, b.InSample
			if i != k && x.Missed <= y.Missed && x.False <= y.False && x.wait <= y.wait {
				t.Errorf("%v is dominated by %v", b, a)
			}
		}
	}
}

// held is what the evaluator says of for:, away from the start of the period.
func TestHeldTwin(t *testing.T) {
	l, err := budget.New(objective(t, "99.9%"), series(3*24*60, func(i int) float64 { return float64(i * i % 977 / 300 * (i / 100 % 2)) }))
	if err != nil {
		t.Fatal(err)
	}
	from, to := start.Add(24*time.Hour), start.Add(3*24*time.Hour)
	rapid.Check(t, func(t *rapid.T) {
		p := slo.Policy{When: []slo.Condition{{Test: slo.Burn, Limit: slo.NumberFrac(int64(rapid.IntRange(1, 20).Draw(t, "limit")), 10), Long: time.Hour, Short: 5 * time.Minute}}}
		replay := func() []burn.Firing { return burn.New(l, []slo.Policy{p}, burn.Options{}).Replay(from, to)[0].Firings }
		raw := replay()
		p.For = time.Duration(rapid.IntRange(0, 30).Draw(t, "for")) * time.Minute
		got, want := held(raw, p.For, to), replay()
		for len(raw) > 0 && raw[0].Start.Equal(from) && len(got) > 0 && len(want) > 0 {
			got, want, raw = got[1:], want[1:], nil // it was true before from
		}
		if len(got) != len(want) {
			t.Fatalf("for %s: %v, want %v", p.For, got, want)
		}
		for i := range got {
			if !got[i].Start.Equal(want[i].Start) || !got[i].End.Equal(want[i].End) {
				t.Fatalf("for %s: %v, want %v", p.For, got[i], want[i])
			}
		}
	})
}

// What the grid says is what the evaluator says of each condition alone.
func TestGridTwin(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	data := series(4*24*60, func(i int) float64 { return float64(random.IntN(1 + i%500/50)) })
	for i := range data.Total {
		data.Total[i] = max(data.Bad[i], float64(random.IntN(500)))
	}
	l, err := budget.New(objective(t, "99.9%"), data)
	if err != nil {
		t.Fatal(err)
	}
	tuner := NewTuner(Options{From: start.Add(24 * time.Hour), To: data.End()}, 30*24*time.Hour)
	tuner.Add(l, nil)
	fired := 0
	for i, k := range tuner.grid {
		got, want := tuner.objects[0].tracks[i], tuner.fired(l, k.policy())
		if !k.fits(time.Minute) || got == nil && len(want) > 20 {
			continue
		}
		if fired += len(want); !slices.Equal(got, want) {
			t.Fatalf("%v: %v, want %v", k.policy(), got, want)
		}
	}
	if fired == 0 {
		t.Error("nothing fired")
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
		t := NewTuner(Options{From: start, To: data.End()}, 30*24*time.Hour)
		t.Add(l, incidents)
		t.Tune()
	}
}
