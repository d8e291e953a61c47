package backtest

import (
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/burn"
)

// shrunk leaves t a grid of few conditions.
func (t *Tuner) shrunk() {
	factors := []int{0, 4, 8, 10, 12}
	var small []knob
	for _, k := range t.grid {
		windows := []string{"2h/1h", "3h/1h", "6h/2h", "6h/1h"}
		at := slices.Index(factors, k.factor)
		if at >= 0 && k.minBad <= 5 && slices.Contains(windows, k.condition().String()) {
			k.factor = at
			small = append(small, k)
		}
	}
	t.grid, t.steps = small, len(factors)
}

// drawn is a random history: ten days of hourly counts, incidents in some.
type drawn struct {
	ledger    *budget.Ledger
	incidents []Incident
	options   Options
}

func draw(t *rapid.T, s slo.SLO) drawn {
	const hours = 240
	data := &slo.Series{Start: start, Step: time.Hour, Bad: make([]float64, hours), Total: make([]float64, hours)}
	for i := range data.Total {
		data.Total[i] = 1000
	}
	burst := func(name string, most int) (at, length int) {
		at, length = rapid.IntRange(0, hours-8).Draw(t, name), rapid.IntRange(1, most).Draw(t, name+" length")
		bad := rapid.SampledFrom([]float64{0, 3, 12, 60, 400}).Draw(t, name+" bad")
		for i := range length {
			data.Bad[at+i] = bad
		}
		return at, length
	}
	out := drawn{options: Options{From: start, To: data.End()}}
	for range rapid.IntRange(0, 15).Draw(t, "bursts") {
		burst("burst", 4)
	}
	for range rapid.IntRange(3, 10).Draw(t, "incidents") {
		at, length := burst("incident", 8)
		begin := start.Add(time.Duration(at)*time.Hour + time.Duration(rapid.IntRange(-2, 1).Draw(t, "off"))*time.Hour)
		period := slo.Period{Start: begin, End: begin.Add(time.Duration(length) * time.Hour)}
		out.incidents = append(out.incidents, Incident{Period: period})
	}
	out.options.MaxFalse = slo.NumberFrac(int64(rapid.IntRange(0, 60).Draw(t, "tenths of a false page a week")), 10)
	s.Step = time.Hour
	l, err := budget.New(s, data)
	if err != nil {
		t.Fatal(err)
	}
	out.ledger = l
	return out
}

// fed returns a tuner of few conditions that has what was drawn.
func fed(d drawn) *Tuner {
	tuner := NewTuner(d.options, []slo.SLO{d.ledger.SLO()})
	tuner.shrunk()
	tuner.Add(d.ledger, d.incidents)
	return tuner
}

// The choice is what an exhaustive search finds: every condition, and every pair, is
// replayed as a policy, and held against every incident.
func TestChooseTwin(t *testing.T) {
	chosen, pairs := 0, 0
	s := objective(t, "99.9%")
	check := func(t *rapid.T) {
		d := draw(t, s)
		tuner := fed(d)
		tuner.cut()
		twin := newTwin(tuner, d)
		for _, on := range []training{everything, {tuner.folds, 0}, {tuner.folds, 1}, {tuner.folds, tuner.folds - 1}} {
			got, want := tuner.choose(on), twin.choose(on)
			if got != want {
				t.Fatalf("%v: chose %v, want %v", on, tuner.policy(got), tuner.policy(want))
			}
			if got.a >= 0 {
				chosen++
			}
			if got.b >= 0 {
				pairs++
			}
		}
		got, _ := tuner.Tune()
		if best, base := got.Best.InSample.Found(), got.Base.InSample.Found(); best < base {
			t.Fatalf("recommends %v, which finds %d, the default %d", got.Best.Policy, best, base)
		}
	}
	for range 10 {
		if rapid.Check(t, check); chosen > 0 && pairs > 0 {
			return
		}
	}
	t.Errorf("%d policies were chosen, %d pairs", chosen, pairs)
}

// No policy finds an incident that does not show.
func TestShownTwin(t *testing.T) {
	s := objective(t, "99.9%")
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, s)
		tuner := fed(d)
		got, _ := tuner.Tune()
		for _, p := range append(got.Front, got.Default, got.Best) {
			if p.InSample.Found() > got.Shown && len(d.incidents) == got.Incidents {
				t.Fatalf("%v finds %d, %d of %d show", p.Policy, p.InSample.Found(), got.Shown, got.Incidents)
			}
		}
	})
}

// twin knows when each policy fires.
type twin struct {
	tuner   *Tuner
	d       drawn
	late    time.Duration
	order   []candidate
	firings map[candidate][]burn.Firing
}

func newTwin(t *Tuner, d drawn) *twin {
	w := &twin{tuner: t, d: d, late: LateOf(0, d.ledger.SLO(), time.Hour), firings: map[candidate][]burn.Firing{}}
	try := func(c candidate) {
		w.firings[c] = t.fired(d.ledger, t.policy(c), d.options.From)
		w.order = append(w.order, c)
	}
	w.firings[t.base()] = t.fired(d.ledger, t.policy(t.base()), d.options.From)
	for _, hold := range holds() {
		for a, short := range t.grid {
			try(candidate{a, -1, hold})
			for b, long := range t.grid {
				if short.long < long.long && short.minBad == long.minBad {
					try(candidate{a, b, hold})
				}
			}
		}
	}
	return w
}

// learnt tells whether on learns from what happened at an instant.
func (w *twin) learnt(on training, at time.Time) bool {
	if on == everything {
		return true
	}
	length := w.d.options.To.Sub(start) / time.Duration(on.folds)
	first := start.Add(time.Duration(on.without) * length)
	if on.without == on.folds-1 {
		return at.Before(first.Add(-w.tuner.embargo())) // the last instant is of the last fold
	}
	return at.Before(first.Add(-w.tuner.embargo())) || !at.Before(first.Add(length+w.tuner.embargo()))
}

// span returns how many hours on learns from.
func (w *twin) span(on training) (hours int64) {
	for at := start; at.Before(w.d.options.To); at = at.Add(time.Hour) {
		if w.learnt(on, at) {
			hours++
		}
	}
	return hours
}

// outcome is how a policy did.
type outcome struct {
	inTime, found int
	delay         time.Duration
	wrong         int
}

func (w *twin) score(on training, firings []burn.Firing) (o outcome) {
	to := w.d.options.To
	end := func(f burn.Firing) time.Time {
		if f.End.IsZero() {
			return to.Add(1000 * time.Hour)
		}
		return f.End
	}
	told := make([]bool, len(firings))
	for _, in := range w.d.incidents {
		var first *burn.Firing
		for k, f := range firings {
			if !f.Start.Before(in.End.Add(w.late)) || !end(f).After(in.Start) {
				continue
			}
			told[k] = true
			if first == nil && !f.Start.Before(in.Start.Add(-w.late)) {
				first = &firings[k]
			}
		}
		if first == nil || in.Start.Before(start) || in.Start.Add(w.late).After(to) || !w.learnt(on, in.Start) {
			continue
		}
		delay := max(0, first.Start.Sub(in.Start))
		o.found++
		o.delay += delay
		if delay <= w.late {
			o.inTime++
		}
	}
	for k, f := range firings {
		if !told[k] && w.learnt(on, f.Start) {
			o.wrong++
		}
	}
	return o
}

// keeps tells whether so many false firings are allowed in a span of hours.
func (w *twin) keeps(span int64, o outcome) bool {
	perWeek := big.NewRat(int64(o.wrong)*7*24, max(span, 1))
	return o.wrong == 0 || perWeek.Cmp(w.d.options.MaxFalse.Rat()) <= 0
}

// choose returns what the rule says.
func (w *twin) choose(on training) candidate {
	base := w.score(on, w.firings[w.tuner.base()])
	best, got, span := w.tuner.base(), base, w.span(on)
	for _, c := range w.order {
		o := w.score(on, w.firings[c])
		alone := true
		if c.b >= 0 {
			alone = w.keeps(span, w.score(on, w.firings[candidate{c.a, -1, c.hold}])) &&
				w.keeps(span, w.score(on, w.firings[candidate{c.b, -1, c.hold}]))
		}
		if !alone || !w.keeps(span, o) || o.found == 0 || o.found < base.found {
			continue
		}
		if best.a < 0 || w.before(c, o, best, got) {
			best, got = c, o
		}
	}
	as := func(o outcome) []int { return []int{-o.inTime, -o.found, int(o.delay), o.wrong} }
	if best.a < 0 || w.keeps(span, base) && slices.Compare(as(got), as(base)) >= 0 {
		return w.tuner.base()
	}
	return best
}

// before tells whether policy a is chosen rather than b.
func (w *twin) before(a candidate, x outcome, b candidate, y outcome) bool {
	as := func(c candidate, o outcome) []int {
		return []int{-o.inTime, -o.found, int(o.delay), c.conditions(), o.wrong}
	}
	if order := slices.Compare(as(a, x), as(b, y)); order != 0 {
		return order < 0
	}
	return w.tuner.order(a, b) < 0
}
