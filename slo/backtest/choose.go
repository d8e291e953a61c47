package backtest

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/order"
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

// Kept is why the default is recommended where history is long enough to tell.
type Kept string

const (
	Replaced  Kept = ""
	Unbeaten  Kept = "unbeaten"  // on all of history nothing that was tried does better
	OverLimit Kept = "max_false" // nothing that was tried finds as much and keeps the limit
	Unproven  Kept = "held_out"  // what the folds chose does no better than the default where it was not chosen
)

// Tuning is what a search came to.
type Tuning struct {
	Objectives int
	Incidents  int        // judged, each once however many objectives it concerns
	Shown      int        // of those, in which some policy that was tried could have fired: see Tuner.Add
	Lowest     slo.Number // factor that was tried
	MaxFalse   slo.Number // false firings a week
	Folds      int
	Embargo    time.Duration
	Step       time.Duration // the coarsest of the data, which windows are made of
	Mixed      bool          // there are finer ones
	Coarse     bool          // some data is too coarse for the default page: it cannot fire there, Base stands in for it
	Own        bool          // the default pages of objectives differ: Default has no conditions, each has its own
	Tried      int           // policies
	Needed     int           // incidents to tell policies apart
	Short      Reason        // history is too short to tell
	Kept       Kept          // why Best is Base, if Short does not say it
	Front      []Tuned       // no other policy is as good in all of in time, found, false and delay; most in time first
	Silent     Tuned         // no page at all, which is never recommended
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
	out.Step, out.Mixed, out.Own, out.Coarse = t.coarsest, t.mixed, t.own, t.coarse
	out.MaxFalse, out.Lowest = t.options.maxFalse(), factors()[0]
	out.Incidents, out.Shown = t.incidents()
	out.Short = t.short(t.cut(), out.Incidents)
	out.Folds = t.folds
	chosen := map[candidate][]int{}
	for f := range t.folds {
		c := t.choose(training{t.folds, f})
		chosen[c] = append(chosen[c], f)
		out.HeldOut = out.HeldOut.plus(t.tally(c).fold(f), 1)
	}
	base := t.base()
	out.HeldBase = t.tally(base).whole()
	best := base
	if out.Short == Enough {
		best, out.Kept = t.recommended(out.HeldOut)
	}
	out.Front = t.front(chosen)
	out.Default, out.Base, out.Best = t.tuned(plainDefault, chosen), t.tuned(base, chosen), t.tuned(best, chosen)
	out.Silent = t.tuned(silent, chosen)
	for c, a := range t.tallies {
		if a != nil && c != silent {
			out.Tried++
		}
	}
	return out, true
}

// short returns why history is too short, if it is. spread tells whether there are
// incidents in every fold.
func (t *Tuner) short(spread bool, incidents int) Reason {
	switch {
	case len(t.grid) == 0:
		return NoGrid
	case incidents < minTuned:
		return FewIncidents
	case !spread:
		return EmptyFolds
	}
	return Enough
}

// recommended returns what does best on all of history, if choosing in this way does
// better than the default where nothing was learnt. heldOut is how it did there.
func (t *Tuner) recommended(heldOut Tally) (candidate, Kept) {
	base, best := t.base(), t.choose(everything)
	held := t.tally(base).whole()
	r := t.rule(held)
	switch {
	case best == base && r.excess(held) > 0:
		return base, OverLimit
	case best == base:
		return base, Unbeaten
	case heldOut.Found() < held.Found() || r.compare(heldOut, held) >= 0:
		return base, Unproven
	}
	return best, Replaced
}

// incidents returns how many there are to judge by, and how many of them show. One
// that concerns many objectives teaches about as much as one that concerns a single one.
func (t *Tuner) incidents() (judged, shown int) {
	type what struct {
		start, end time.Time
		name       string
	}
	seen := map[what]bool{}
	for i := range t.objects {
		o := &t.objects[i]
		for k, in := range o.judgement.incidents {
			if o.judgement.judges(in) {
				key := what{in.Start, in.End, in.Name}
				seen[key] = seen[key] || o.shown[k]
			}
		}
	}
	for _, shows := range seen {
		if shows {
			shown++
		}
	}
	return len(seen), shown
}

func (t *Tuner) tuned(c candidate, chosen map[candidate][]int) Tuned {
	a := t.tally(c)
	out := Tuned{Policy: t.policy(c), InSample: a.whole(), Chosen: len(chosen[c])}
	out.Default = c == plainDefault || c == wideDefault
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

// front returns the policies that no other dominates on all of history, one of each
// that did the same.
func (t *Tuner) front(chosen map[candidate][]int) []Tuned {
	var all []scored
	for c := range t.tallies {
		if got, ok := t.learnt(c, everything); ok && c != silent {
			all = append(all, scored{c, got})
		}
	}
	order.Stable(all, func(a, b scored) int {
		return cmp.Or(
			cmp.Compare(b.tally.InTime, a.tally.InTime),
			cmp.Compare(b.tally.Found(), a.tally.Found()),
			cmp.Compare(a.tally.False, b.tally.False),
			cmp.Compare(a.tally.Delay, b.tally.Delay),
			cmp.Compare(len(chosen[b.candidate]), len(chosen[a.candidate])),
			t.plainFirst(a.candidate, b.candidate))
	})
	var out []Tuned
	var kept []Tally
	for _, s := range all {
		if !slices.ContainsFunc(kept, func(k Tally) bool { return k.dominates(s.tally) }) {
			kept = append(kept, s.tally)
			out = append(out, t.tuned(s.candidate, chosen))
		}
	}
	return out
}

// dominates tells whether t is as good as u in everything. Delays are compared where
// both found as many.
func (t Tally) dominates(u Tally) bool {
	if t.InTime < u.InTime || t.Found() < u.Found() || t.False > u.False {
		return false
	}
	return t.Found() > u.Found() || t.Delay <= u.Delay
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
