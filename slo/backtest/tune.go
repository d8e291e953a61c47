package backtest

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/burn"
)

// Tuner looks for page policies that would have done better over the objectives
// that are added to it, one policy for all of them.
//
// A policy is scored on history that it was not chosen on. History is cut into folds.
// For each fold a policy is chosen on the others and scored on this one; an embargo as
// long as the longest window lies between them. So that a policy does not learn history
// by heart, the grid is coarse and fixed.
//
// Chosen is, of the policies with no more false firings a week than Options.MaxFalse over
// all objectives together, that with the highest recall in time: the most incidents in
// which an alert began no more than late after the start. Of equals that with the higher
// recall, late ones counted, is chosen, then that with the earlier detection. What finds
// nothing, or fewer incidents than the default page, is never chosen.
type Tuner struct {
	options  Options
	grid     []knob
	longest  time.Duration // of the windows that are tried
	coarsest time.Duration // of the steps
	mixed    bool          // steps differ
	coarse   bool          // some step is too coarse for all conditions of the default page
	wide     slo.Policy    // the default page widened for the coarsest step
	plain    slo.Policy    // the default page; without conditions if own
	own      bool          // objectives have default pages that differ
	objects  []tuned
	tallies  map[candidate]*tallies
	found    map[candidate]finds
	folds    int
	steps    int // factors
}

// tuned is one objective: when each condition would have fired.
type tuned struct {
	judgement   judgement
	step        time.Duration
	first, last time.Time // when the first and the last instant of the period are known
	// tracks are the firings of each knob, from the lead before the period on; nil if
	// it does not fit the step, or fires far too often whatever is held out.
	tracks    [][]burn.Firing
	special   [2][]burn.Firing
	shown     []bool // in step with the incidents: see Tuner.Add
	stretches map[training]stretch
}

// History is cut into minFolds to maxFolds parts. With fewer than minTuned incidents
// no policy is told from another.
const (
	minFolds = 3
	maxFolds = 5
	minTuned = 5
)

// longestOf returns the longest window that is tried: half of the objective's, and a
// quarter of a fold, so that the embargo leaves something to learn from.
func (t *Tuner) longestOf(window time.Duration) time.Duration {
	return min(window/2, t.options.To.Sub(t.options.From)/(4*maxFolds))
}

// workbook returns the default page for s, also where its windows are finer than the data.
func workbook(s slo.SLO) slo.Policy {
	s.Step, s.Budgeting.Slice = 0, 0
	return slo.Policy{Name: DefaultName, Class: slo.Page, When: slo.DefaultConditions(s, slo.Page)}
}

// DefaultName is the name of the default page among what was tuned.
const DefaultName = "default"

// SilentName is the name of the policy that never pages.
const SilentName = "silent"

// NewTuner returns a tuner for those objectives.
func NewTuner(o Options, objectives []slo.SLO) *Tuner {
	t := &Tuner{options: o, tallies: map[candidate]*tallies{}, found: map[candidate]finds{}}
	if len(objectives) == 0 {
		return t
	}
	shortest := objectives[0]
	for _, s := range objectives {
		if s.Window.Nominal() < shortest.Window.Nominal() {
			shortest = s
		}
		t.coarsest = max(t.coarsest, stepOf(s))
	}
	t.plain = workbook(shortest)
	t.wide = widened(t.plain, t.coarsest)
	for _, s := range objectives {
		t.own = t.own || !same(workbook(s), t.plain)
		t.mixed = t.mixed || stepOf(s) != t.coarsest
		t.coarse = t.coarse || len(t.wide.When) > 0 && tooCoarse(s)
	}
	if t.own {
		t.plain.When = nil
	}
	t.longest = t.longestOf(shortest.Window.Nominal())
	t.grid, t.steps = grid(t.longest), len(factors())
	return t
}

// stepOf returns the step at which windows of s move: of its counts, or its slices.
func stepOf(s slo.SLO) time.Duration {
	return max(s.Step, s.Budgeting.Slice, time.Minute)
}

// same tells whether two default pages ask for the same.
func same(a, b slo.Policy) bool {
	return slices.EqualFunc(a.When, b.When, func(a, b slo.Condition) bool {
		return a.Long == b.Long && a.Short == b.Short && a.Limit.Cmp(b.Limit) == 0
	})
}

// tooCoarse tells whether s has a default page that its step leaves nothing of.
func tooCoarse(s slo.SLO) bool {
	when := workbook(s).When
	return len(when) > 0 && !slices.ContainsFunc(when, func(c slo.Condition) bool { return c.Short >= stepOf(s) })
}

// Reach returns how much time before the period the counts must reach back.
func (t *Tuner) Reach() time.Duration {
	reach := t.embargo()
	for _, c := range t.wide.When {
		reach = max(reach, c.Long)
	}
	return reach + t.lead()
}

// lead is the time before the period in which a condition that has to be true for
// some time may have become true.
func (t *Tuner) lead() time.Duration { return time.Duration(slices.Max(holds())) * t.coarsest }

// Add replays every condition over one of the objectives.
//
// An incident shows if, at some instant from its start to late after its end, the burn
// rates over both windows of some condition of the grid are over the lowest factor
// there is, or the default page is true. No policy that is tried can find another.
func (t *Tuner) Add(l *budget.Ledger, incidents []Incident) {
	s, m := l.SLO(), l.Meter()
	first, last := t.instants(l)
	o := tuned{
		judgement: judgement{from: t.options.From, to: t.options.To, late: LateOf(t.options.Late, s, m.Step()), incidents: incidents},
		step:      m.Step(),
		first:     m.Time(first).Add(s.Delay),
		last:      m.Time(last).Add(s.Delay),
		special:   [2][]burn.Firing{t.fired(l, workbook(s), t.options.From), t.fired(l, t.wide, t.options.From)},
		stretches: t.stretches(incidents),
		shown:     make([]bool, len(incidents)),
	}
	o.show(o.special[0])
	o.show(o.special[1])
	o.tracks = t.tracks(l, &o)
	t.objects = append(t.objects, o)
}

// tracks returns when each knob fired; nil for those that do not fit the step or
// fired too often in everything that is learnt from.
func (t *Tuner) tracks(l *budget.Ledger, o *tuned) [][]burn.Firing {
	step := max(o.step, l.SLO().Budgeting.Slice)
	few := map[time.Duration]slo.Number{}
	for _, k := range t.grid {
		if _, ok := few[k.long]; !ok {
			few[k.long] = t.fewest(l, k.long)
		}
	}
	out, raw := make([][]burn.Firing, len(t.grid)), make([][]burn.Firing, len(t.grid))
	for i, k := range t.grid {
		if done := i - t.steps - 1; done >= 0 {
			raw[done] = nil
		}
		if !k.fits(step) {
			continue
		}
		if raw[i] = t.replay(l, raw, i, few[k.long]); raw[i] == nil {
			raw[i] = []burn.Firing{}
		}
		if k.factor == 0 && k.minBad == 0 {
			o.show(raw[i])
		}
		if !o.useless(raw[i]) {
			out[i] = raw[i]
		}
	}
	return out
}

// show marks the incidents in which something fires.
func (o *tuned) show(firings []burn.Firing) {
	for i, in := range o.judgement.incidents {
		k := firstAfter(firings, in.Start)
		o.shown[i] = o.shown[i] || k < len(firings) && o.judgement.before(firings[k].Start, in)
	}
}

// replay returns when knob i fired. raw has the firings of the knobs before it: a
// larger factor or minimum only fires where a smaller one does.
func (t *Tuner) replay(l *budget.Ledger, raw [][]burn.Firing, i int, fewest slo.Number) []burn.Firing {
	k := t.grid[i]
	switch {
	case k.minBad > 0 && t.moot(k, fewest, l.SLO()):
		return raw[i-t.steps]
	case k.factor > 0:
		return t.firedWithin(l, k.policy(), raw[i-1])
	case k.minBad > 0:
		return t.firedWithin(l, k.policy(), raw[i-t.steps])
	}
	return t.fired(l, k.policy(), t.options.From.Add(-t.lead()))
}

// moot tells whether the minimum of a knob changes nothing: even in the window with
// the fewest valid events the factor alone asks for as many bad ones. fewest is unknown
// if there never were any.
func (t *Tuner) moot(k knob, fewest slo.Number, s slo.SLO) bool {
	return !fewest.Known() || k.limit.Mul(s.Target.Budget()).Mul(fewest).Cmp(slo.NumberOf(k.minBad)) >= 0
}

// fewest returns the fewest valid events of any window of that length that had some,
// unknown if none had.
func (t *Tuner) fewest(l *budget.Ledger, long time.Duration) slo.Number {
	m := l.Meter()
	back := m.Back(long)
	if t.options.Semantics == burn.Prometheus3 {
		back = max(back-1, 0)
	}
	_, last := t.instants(l)
	return m.Fewest(m.First(t.options.From.Add(-l.SLO().Delay-t.lead())), last, back)
}

// instants returns the first and the last instant of l that become known in the period.
func (t *Tuner) instants(l *budget.Ledger) (first, last int) {
	m, delay := l.Meter(), l.SLO().Delay
	return m.First(t.options.From.Add(-delay)), m.Instant(t.options.To.Add(-delay))
}

// fired returns when any condition of p fired, from from on.
func (t *Tuner) fired(l *budget.Ledger, p slo.Policy, from time.Time) []burn.Firing {
	var all [][]burn.Firing
	e := burn.New(l, []slo.Policy{p}, burn.Options{Semantics: t.options.Semantics})
	for _, track := range e.Replay(from, t.options.To) {
		all = append(all, track.Firings)
	}
	return burn.Merge(all...)
}

// firedWithin returns when p fired, if it is known not to have fired outside of within.
// p has one condition and fires at once.
func (t *Tuner) firedWithin(l *budget.Ledger, p slo.Policy, within []burn.Firing) []burn.Firing {
	e := burn.New(l, []slo.Policy{p}, burn.Options{Semantics: t.options.Semantics})
	var out []burn.Firing
	for _, w := range within {
		to := t.options.To
		if !w.End.IsZero() {
			to = w.End.Add(-l.Meter().Step())
		}
		found := e.Replay(w.Start, to)[0].Firings
		if n := len(found); n > 0 && found[n-1].End.IsZero() {
			found[n-1].End = w.End
		}
		out = append(out, found...)
	}
	return out
}

// candidate is a policy that is tried: one or two conditions of the grid, or one of
// the special ones.
type candidate struct {
	a, b int // b: none if negative; a: −1 the default page, −2 the default page widened, −3 no page at all
	hold int // steps
}

var (
	plainDefault = candidate{a: -1, b: -1}
	wideDefault  = candidate{a: -2, b: -1}
	silent       = candidate{a: -3, b: -1}
)

// conditions returns how many conditions of the grid c has.
func (c candidate) conditions() int {
	if c.b < 0 {
		return 1
	}
	return 2
}

// holds are the steps that a condition has to be true before it fires.
func holds() []int { return []int{0, 2, 5} }

// of returns when c fires at o, and false if it is of no use there.
func (t *Tuner) of(o *tuned, c candidate) ([]burn.Firing, bool) {
	switch c {
	case silent:
		return nil, true
	case plainDefault, wideDefault:
		return o.special[-1-c.a], true
	}
	if o.tracks[c.a] == nil || c.b >= 0 && o.tracks[c.b] == nil {
		return nil, false
	}
	hold := time.Duration(c.hold) * t.coarsest
	if c.b < 0 {
		return o.held(o.tracks[c.a], hold), true
	}
	return burn.Merge(o.held(o.tracks[c.a], hold), o.held(o.tracks[c.b], hold)), true
}

// held returns when a condition fires in the period, if it has to be true for hold
// before it does. firings say when it was true, also before the period.
func (o *tuned) held(firings []burn.Firing, hold time.Duration) []burn.Firing {
	hold = (hold + o.step - 1) / o.step * o.step
	var out []burn.Firing
	for _, f := range firings {
		f.Start = f.Start.Add(hold)
		if f.Start.Before(o.first) {
			f.Start = o.first
		}
		if f.End.IsZero() && !f.Start.After(o.last) || f.Start.Before(f.End) {
			out = append(out, f)
		}
	}
	return out
}

// policy returns c as it stands in a file.
func (t *Tuner) policy(c candidate) slo.Policy {
	switch c {
	case plainDefault:
		return t.plain
	case wideDefault:
		return t.wide
	case silent:
		return slo.Policy{Name: SilentName, Class: slo.Page}
	}
	p := slo.Policy{Name: "tuned", Class: slo.Page, For: time.Duration(c.hold) * t.coarsest}
	p.When = []slo.Condition{t.grid[c.a].condition()}
	if c.b >= 0 {
		p.When = append(p.When, t.grid[c.b].condition())
	}
	if min := t.grid[c.a].minBad; min > 0 {
		p.MinBad = slo.NumberOf(min)
	}
	return p
}
