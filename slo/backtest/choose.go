package backtest

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
)

// Tuned is a policy that was tried.
type Tuned struct {
	Policy   slo.Policy
	Default  bool  // it is the default page, or that widened
	InSample Tally // on all of history
	HeldOut  Tally // on the folds that chose it
	Chosen   int   // how many did
}

// Reason is why history is too short to tell.
type Reason string

const (
	Enough       Reason = ""
	FewIncidents Reason = "incidents" // fewer than minTuned
	EmptyFolds   Reason = "folds"     // parts of history without any
	NoGrid       Reason = "period"    // too short for any window
)

// Tuning is what a search came to.
type Tuning struct {
	Objectives int
	Incidents  int // judged, each once however many objectives it concerns
	Folds      int
	Embargo    time.Duration
	Step       time.Duration // the coarsest of the data, which windows are made of
	Mixed      bool          // there are finer ones
	Own        bool          // the default pages of objectives differ: Default has no conditions, each has its own
	Tried      int           // policies
	Needed     int           // incidents to tell policies apart
	Short      Reason        // history is too short to tell
	Front      []Tuned       // no other policy is as good in missed, delay and false; fewest missed first
	Default    Tuned         // the default page
	Base       Tuned         // what stands in for it, with wider windows where the data is too coarse for it
	HeldOut    Tally         // of what each fold chose
	HeldBase   Tally         // of Base on the same folds
	Best       Tuned         // the recommended one
}

// Tune chooses. It returns false if nothing was added.
func (t *Tuner) Tune() (Tuning, bool) {
	if len(t.objects) == 0 {
		return Tuning{}, false
	}
	out := Tuning{Objectives: len(t.objects), Embargo: t.embargo(), Needed: minTuned}
	out.Step, out.Mixed, out.Own = t.coarsest, t.mixed, t.own
	spread := t.cut()
	out.Folds = t.folds
	chosen := map[candidate][]int{}
	for f := range t.folds {
		c := t.choose(training{t.folds, f})
		chosen[c] = append(chosen[c], f)
		out.HeldOut = out.HeldOut.plus(t.tally(c).fold(f), 1)
	}
	best := t.choose(everything)
	base := t.base()
	out.HeldBase = t.tally(base).whole()
	out.Incidents = t.incidents()
	switch {
	case len(t.grid) == 0:
		out.Short = NoGrid
	case out.Incidents < minTuned:
		out.Short = FewIncidents
	case !spread:
		out.Short = EmptyFolds
	}
	if out.Short != Enough || out.HeldOut.cost() >= out.HeldBase.cost() {
		best = base
	}
	out.Front = t.front(chosen)
	out.Default, out.Base, out.Best = t.tuned(plainDefault, chosen), t.tuned(base, chosen), t.tuned(best, chosen)
	for _, a := range t.tallies {
		if a != nil {
			out.Tried++
		}
	}
	return out, true
}

// incidents returns how many there are to judge by. One that concerns many
// objectives teaches about as much as one that concerns a single one.
func (t *Tuner) incidents() int {
	type what struct {
		start, end time.Time
		name       string
	}
	seen := map[what]bool{}
	for i := range t.objects {
		o := &t.objects[i]
		for _, m := range o.judgement.score(o.special[0]).Matches {
			if m.Outcome != NotJudged {
				seen[what{m.Incident.Start, m.Incident.End, m.Incident.Name}] = true
			}
		}
	}
	return len(seen)
}

func (t *Tuner) tuned(c candidate, chosen map[candidate][]int) Tuned {
	a := t.tally(c)
	out := Tuned{Policy: t.policy(c), Default: c.a < 0, InSample: a.whole(), Chosen: len(chosen[c])}
	for _, f := range chosen[c] {
		out.HeldOut = out.HeldOut.plus(a.fold(f), 1)
	}
	return out
}

// base returns what is kept unless something else is better: the default page, or,
// where some data is too coarse for any of its conditions, that widened.
func (t *Tuner) base() candidate {
	if t.coarse {
		return wideDefault
	}
	return plainDefault
}

// pairable is how many conditions are tried in pairs.
const pairable = 24

// choose returns the policy that does best in a training, the default unless it is
// beaten by more than chance. Of two policies that differ in n outcomes, one is better
// by √n by chance alone.
func (t *Tuner) choose(on training) candidate {
	all := t.singles(on)
	slices.SortFunc(all, t.better)
	all = append(all, t.pairs(all[:min(pairable, len(all))], on)...)
	base := t.base()
	if len(all) == 0 {
		return base
	}
	best := slices.MinFunc(all, t.better).candidate
	mine, _ := t.learnt(best, on)
	other, _ := t.learnt(base, on)
	if !beats(mine, other, t.price(best)) {
		return base
	}
	return best
}

// singles returns the policies of one condition that are of any use.
func (t *Tuner) singles(on training) []scored {
	var out []scored
	for i := range t.grid {
		for _, hold := range holds() {
			c := candidate{i, -1, hold}
			if got, ok := t.learnt(c, on); ok {
				out = append(out, scored{c, t.steady(c, got.cost(), on)})
			}
		}
	}
	return out
}

// scored is a policy with what it costs.
type scored struct {
	candidate candidate
	cost      float64
}

// better puts what costs less first.
func (t *Tuner) better(a, b scored) int {
	return cmp.Or(cmp.Compare(a.cost, b.cost), t.order(a.candidate, b.candidate))
}

// pairs returns the policies of two of top's conditions, the one with the shorter
// long window first, that can be said as one policy and are of any use.
func (t *Tuner) pairs(top []scored, on training) []scored {
	var out []scored
	for i := range top {
		for k := range i {
			a, b := top[k].candidate, top[i].candidate
			if t.grid[a.a].long > t.grid[b.a].long {
				a, b = b, a
			}
			if a.hold != b.hold || t.grid[a.a].minBad != t.grid[b.a].minBad || t.grid[a.a].long == t.grid[b.a].long {
				continue
			}
			pair := candidate{a.a, b.a, a.hold}
			if got, ok := t.learnt(pair, on); ok {
				out = append(out, scored{pair, got.cost() + t.price(pair)})
			}
		}
	}
	return out
}

// beats tells whether a is better than b by more than chance, after its price.
func beats(a, b Tally, price float64) bool {
	missed, alarms := math.Abs(float64(a.Missed-b.Missed)), math.Abs(float64(a.False-b.False))
	changed := missedCosts*missedCosts*missed + alarms + math.Abs(a.lag-b.lag)
	return b.cost()-a.cost()-price > math.Sqrt(changed)
}

// order puts simple policies before others, and near the default before far from it.
func (t *Tuner) order(a, b candidate) int {
	return cmp.Or(
		cmp.Compare(t.price(a), t.price(b)),
		cmp.Compare(t.grid[a.a].far, t.grid[b.a].far),
		cmp.Compare(a.hold, b.hold),
		cmp.Compare(a.a, b.a),
		cmp.Compare(a.b, b.b))
}

// price is what c has to save, in false alarms, to be worth its knobs: a quarter each
// for a second condition, for "for" and for "min_bad", and a little for being far from
// the default.
func (t *Tuner) price(c candidate) float64 {
	if c.a < 0 {
		return 0
	}
	price := t.grid[c.a].far / 20
	if c.b >= 0 {
		price += 0.25
	}
	if c.hold > 0 {
		price += 0.25
	}
	if t.grid[c.a].minBad > 0 {
		price += 0.25
	}
	return price
}

// steady returns the mean of what c costs, own, and of what its neighbours cost, whose
// factor is a step smaller or larger. What works with one factor alone works by chance.
func (t *Tuner) steady(c candidate, own float64, on training) float64 {
	sum, n := 0.0, 0.0
	for _, step := range []int{-1, 1} {
		f := t.grid[c.a].factor + step
		if f < 0 || f >= t.steps {
			continue
		}
		if got, ok := t.learnt(candidate{c.a + step, -1, c.hold}, on); ok {
			sum, n = sum+got.cost(), n+1
		} else {
			sum, n = sum+2*own+1, n+1
		}
	}
	if n > 0 {
		own = (own + sum/n) / 2
	}
	return own + t.price(c)
}

// front returns the policies that no other dominates on all of history, one of each
// that did the same.
func (t *Tuner) front(chosen map[candidate][]int) []Tuned {
	type tried struct {
		candidate candidate
		tally     Tally
	}
	var all []tried
	for c := range t.tallies {
		if got, ok := t.learnt(c, everything); ok {
			all = append(all, tried{c, got})
		}
	}
	slices.SortFunc(all, func(a, b tried) int {
		return cmp.Or(
			cmp.Compare(a.tally.Missed, b.tally.Missed),
			cmp.Compare(a.tally.False, b.tally.False),
			cmp.Compare(a.tally.wait, b.tally.wait),
			cmp.Compare(-len(chosen[a.candidate]), -len(chosen[b.candidate])),
			t.plainFirst(a.candidate, b.candidate))
	})
	var out []Tuned
	var kept []Tally
	for _, s := range all {
		asGood := func(k Tally) bool {
			return k.Missed <= s.tally.Missed && k.False <= s.tally.False && k.wait <= s.tally.wait
		}
		if !slices.ContainsFunc(kept, asGood) {
			kept = append(kept, s.tally)
			out = append(out, t.tuned(s.candidate, chosen))
		}
	}
	return out
}

// plainFirst puts the default before others.
func (t *Tuner) plainFirst(a, b candidate) int {
	if a.a >= 0 && b.a >= 0 {
		return t.order(a, b)
	}
	return cmp.Compare(rank(a), rank(b))
}

// rank is 0 for the default page, 1 for that widened, 2 for any other policy.
func rank(c candidate) int {
	switch c {
	case plainDefault:
		return 0
	case wideDefault:
		return 1
	}
	return 2
}
