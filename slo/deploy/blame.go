package deploy

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// DefaultHours is how much time after a deploy is looked at.
const DefaultHours = 4 * time.Hour

// Weeks is how many weeks before a deploy show what is usual.
const Weeks = 4

// Question is what is asked of deploys.
type Question struct {
	Within  slo.Period    // deploys of this time
	At      time.Time     // what came later is not known
	Hours   time.Duration // looked at after each deploy, and as much before
	Allowed slo.Number    // bad events (or slices) of the whole budget, which spent shares refer to
}

// Effect is what one objective spent in the hours after a deploy.
//
// The hours are counted from the start of the bucket or slice in which the deploy
// fell, and end at the instant asked for if that is earlier; the hours before and
// the usual ones are as long.
type Effect struct {
	Deploy  Deploy
	After   budget.Part
	Before  budget.Part
	Usual   Usual
	Spent   Spent
	Against Extras // shares of the budget
	Verdict Verdict
	Reason  Reason
	Partial bool     // the hours after are not over yet
	Shared  []Deploy // whose hours after overlap these and which are not cleared: the nearest MaxShared, by time
	More    int      // how many others do
}

// MaxShared is how many of the deploys that share a blame are named.
const MaxShared = 10

// Usual is what the same hours of the same weekday had in weeks before, on the
// clock of the objective's zone. Weeks that were not measured enough are left out,
// and those within the hours after another deploy if others are left.
type Usual struct {
	Weeks   int
	Bad     slo.Number // of all weeks together
	Total   slo.Number
	Deploys bool // all of them followed deploys too
}

// Spent holds shares of the budget: bad / allowed. Usual is the mean of a week.
type Spent struct{ After, Before, Usual slo.Number }

// Extras is how much more was spent in the hours after than the same events would have
// spent at the error ratio of each reference, with an interval of 95 %.
type Extras struct{ Before, Usual Extra }

// Least returns the smaller of both, the one against the worse reference. If one is
// unknown it returns the other.
func (e Extras) Least() Extra {
	if !e.Before.Estimate.Known() || e.Usual.Estimate.Known() && e.Usual.Estimate.Cmp(e.Before.Estimate) < 0 {
		return e.Usual
	}
	return e.Before
}

// Concern returns the deploys that may have touched s: those of its service, and
// those of none.
func Concern(deploys []Deploy, s slo.SLO) []Deploy {
	ofOthers := func(d Deploy) bool { return d.Service != "" && d.Service != s.Service }
	return slices.DeleteFunc(slices.Clone(deploys), ofOthers)
}

// Reach returns how far before a deploy counts have to be known.
func Reach(hours time.Duration) time.Duration { return Weeks*7*24*time.Hour + 25*time.Hour + hours }

// Blame returns the effect of each deploy of q.Within that concerns l's objective,
// by time. deploys are sorted by time and hold those of other times too; what is
// still to come at q.At is left out.
func Blame(l *budget.Ledger, deploys []Deploy, q Question) []Effect {
	past := slices.DeleteFunc(Concern(deploys, l.SLO()), func(d Deploy) bool { return d.Time.After(q.At) })
	b := blamer{ledger: l, question: q, deploys: past}
	var out []Effect
	for i, d := range b.deploys {
		if q.Within.Contains(d.Time) {
			out = append(out, b.effect(i))
		}
	}
	b.share(out)
	return out
}

// blamer answers a question about one objective.
type blamer struct {
	ledger   *budget.Ledger
	question Question
	deploys  []Deploy // that concern the objective
}

func (b *blamer) effect(i int) Effect {
	d := b.deploys[i]
	begin := b.ledger.GrainStart(d.Time)
	after := slo.Period{Start: begin, End: begin.Add(b.question.Hours)}
	e := Effect{Deploy: d}
	if known := b.ledger.GrainStart(b.question.At); known.Before(after.End) {
		e.Partial, after.End = true, known
	}
	if after.Empty() {
		e.After.Period = slo.Period{Start: begin, End: begin}
		e.Before.Period = e.After.Period
		e.Verdict, e.Reason = CannotTell, Early
		return e
	}
	length := after.Length()
	e.After = b.ledger.Over(after)
	e.Before = b.ledger.Over(slo.Period{Start: begin.Add(-length), End: begin})
	weeks, followed := b.usual(d, length)
	e.Usual = usualOf(weeks, followed)
	e.Spent = b.spent(e)
	burn := b.compare(e, weeks)
	e.Against = Extras{b.part(e, burn.Before), b.part(e, burn.Usual)}
	e.Verdict, e.Reason = b.verdict(e, burn)
	return e
}

// share fills in which deploys share the blame of each effect.
func (b *blamer) share(effects []Effect) {
	cleared, place := map[Deploy]bool{}, map[Deploy]int{}
	for _, e := range effects {
		cleared[e.Deploy] = e.Verdict == NotLikely
	}
	suspects := slices.DeleteFunc(slices.Clone(b.deploys), func(d Deploy) bool { return cleared[d] })
	for i, d := range suspects {
		place[d] = i
	}
	for i := range effects {
		d, hours := effects[i].Deploy, b.question.Hours
		at := firstOf(suspects, d.Time)
		low, high := firstOf(suspects, d.Time.Add(1-hours)), firstOf(suspects, d.Time.Add(hours))
		next := at
		if own, ok := place[d]; ok {
			at, next = own, own+1
		}
		effects[i].Shared, effects[i].More = nearest(d.Time, suspects[low:at], suspects[next:high])
	}
}

// firstOf returns the first of deploys that was not before t.
func firstOf(deploys []Deploy, t time.Time) int {
	i, _ := slices.BinarySearchFunc(deploys, t, func(d Deploy, t time.Time) int { return d.Time.Compare(t) })
	return i
}

// nearest returns the MaxShared of before and after that are nearest to t, by time,
// and how many others there are.
func nearest(t time.Time, before, after []Deploy) ([]Deploy, int) {
	from, to := len(before), 0
	for len(before)-from+to < MaxShared && (from > 0 || to < len(after)) {
		if to == len(after) || from > 0 && t.Sub(before[from-1].Time) <= after[to].Time.Sub(t) {
			from--
		} else {
			to++
		}
	}
	return slices.Concat(before[from:], after[:to]), from + len(after) - to
}

// usual returns the hours of the weeks before d that were measured enough, and
// whether all of them followed other deploys.
func (b *blamer) usual(d Deploy, length time.Duration) (weeks []budget.Part, followed bool) {
	var calm []budget.Part
	local := d.Time.In(b.ledger.SLO().Window.Location())
	for k := 1; k <= Weeks; k++ {
		begin := b.ledger.GrainStart(local.AddDate(0, 0, -7*k).UTC())
		w := b.ledger.Over(slo.Period{Start: begin, End: begin.Add(length)})
		if !w.Enough || w.Counts.Total.Sign() <= 0 {
			continue
		}
		weeks = append(weeks, w)
		if !b.follows(w.Period) {
			calm = append(calm, w)
		}
	}
	if len(calm) > 0 {
		return calm, false
	}
	return weeks, len(weeks) > 0
}

// follows tells whether p overlaps the hours after a deploy.
func (b *blamer) follows(p slo.Period) bool {
	hours := b.question.Hours
	for _, d := range b.deploys[firstOf(b.deploys, p.Start.Add(-hours)):] {
		if !d.Time.Before(p.End) {
			break
		}
		if d.Time.Add(hours).After(p.Start) {
			return true
		}
	}
	return false
}

func usualOf(weeks []budget.Part, followed bool) Usual {
	if len(weeks) == 0 {
		return Usual{}
	}
	s := sum(weeks)
	return Usual{Weeks: len(weeks), Bad: s.bad, Total: s.total, Deploys: followed}
}

func (b *blamer) spent(e Effect) Spent {
	share := func(bad slo.Number, measured bool) slo.Number {
		if !measured {
			return slo.Number{}
		}
		return bad.Quo(b.question.Allowed)
	}
	return Spent{
		After:  share(e.After.Counts.Bad, e.After.Buckets.Measured > 0),
		Before: share(e.Before.Counts.Bad, e.Before.Buckets.Measured > 0),
		Usual:  share(e.Usual.Bad.Quo(slo.NumberOf(int64(e.Usual.Weeks))), e.Usual.Weeks > 0),
	}
}

// compare returns the burn rate of the hours after over that of each reference.
func (b *blamer) compare(e Effect, weeks []budget.Part) Extras {
	before := b.blocks([]budget.Part{e.Before})
	d := dispersion(before, b.blocks(weeks))
	after := sum([]budget.Part{e.After}).over(d)
	burn := slo.NumberOf(1).Quo(b.ledger.SLO().Target.Budget())
	var x Extras
	if e.Before.Enough {
		x.Before = difference(after, sum([]budget.Part{e.Before}).over(d)).times(burn)
	}
	x.Usual = difference(after, sum(weeks).over(d)).times(burn)
	return x
}

// part returns a burn rate of the hours after as a share of the budget, at most
// what they spent.
func (b *blamer) part(e Effect, burn Extra) Extra {
	even := e.After.Counts.Total.Mul(b.ledger.SLO().Target.Budget()).Quo(b.question.Allowed)
	x := burn.times(even)
	if x.High.Cmp(e.Spent.After) > 0 {
		x.High = e.Spent.After
	}
	return x
}

// blocks cuts parts into quarters, or into what they are counted in if that is
// coarser.
func (b *blamer) blocks(parts []budget.Part) []budget.Part {
	var out []budget.Part
	for _, s := range parts {
		size := max((s.Length() / 4).Truncate(b.ledger.Grain()), b.ledger.Grain())
		for t := s.Start; t.Before(s.End); t = t.Add(size) {
			out = append(out, b.ledger.Over(slo.Period{Start: t, End: t.Add(size)}.Intersect(s.Period)))
		}
	}
	return out
}
