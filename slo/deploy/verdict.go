package deploy

import "github.com/nines-slo/nines/slo"

// Verdict says whether a deploy is to blame for what was spent after it.
type Verdict string

const (
	Likely     Verdict = "likely"
	NotLikely  Verdict = "not_likely"
	CannotTell Verdict = "cannot_tell"
)

// Reason says what a verdict follows from.
type Reason string

const (
	// Worse: likely, since more was spent than before, and than usual where that is known.
	Worse Reason = "worse"

	// Pace: not likely, since the hours after spent no faster than the budget allows.
	Pace Reason = "pace"
	// AsBefore: not likely, since the error ratio was no higher than in the hours before.
	AsBefore Reason = "as_before"
	// AsUsual: not likely, since the error ratio was no higher than usual.
	AsUsual Reason = "as_usual"
	// Little: not likely, since at most as much more was spent as the budget allows in these hours.
	Little Reason = "little"

	// Early: cannot tell, since nothing is known yet of the hours after.
	Early Reason = "early"
	// Excluded: cannot tell, since all of the hours after are excluded.
	Excluded Reason = "excluded"
	// Unmeasured: cannot tell, since too little of the hours after was measured.
	Unmeasured Reason = "unmeasured"
	// Empty: cannot tell, since no event was valid, or no slice whole, in the hours after.
	Empty Reason = "empty"
	// Alone: cannot tell, since too little of the hours before was measured.
	Alone Reason = "alone"
	// Unclear: cannot tell, since chance may explain it: there were few events, or
	// the error ratio varies as much without a deploy.
	Unclear Reason = "unclear"
)

// verdict judges e by the burn rates of the hours after over those of the
// references. Spending no faster than the budget allows needs no culprit. Beyond
// that a deploy is to blame if the interval against every known reference lies over
// 0, and not if one of them explains what was spent: as much was bad without it, or
// the most that the deploy can have added is a burn rate under 1.
func (b *blamer) verdict(e Effect, burn Extras) (Verdict, Reason) {
	if why := unusable(e); why != "" {
		return CannotTell, why
	}
	ratio := e.After.Counts.Bad.Quo(e.After.Counts.Total)
	switch known := burn.Before.Estimate.Known(); {
	case ratio.Cmp(b.ledger.SLO().Target.Budget()) <= 0:
		return NotLikely, Pace
	case known && burn.Before.Estimate.Sign() <= 0:
		return NotLikely, AsBefore
	case burn.Usual.Estimate.Known() && burn.Usual.Estimate.Sign() <= 0:
		return NotLikely, AsUsual
	case burn.Before.little() || burn.Usual.little():
		return NotLikely, Little
	case !known:
		return CannotTell, Alone
	case burn.Before.Low.Sign() > 0 && (e.Usual.Weeks == 0 || burn.Usual.Low.Sign() > 0):
		return Likely, Worse
	}
	return CannotTell, Unclear
}

// unusable says why the hours after cannot be judged, "" if they can.
func unusable(e Effect) Reason {
	switch {
	case e.After.Buckets.Elapsed == 0 && e.After.Buckets.Excluded > 0:
		return Excluded
	case !e.After.Enough:
		return Unmeasured
	case e.After.Counts.Total.Sign() <= 0:
		return Empty
	}
	return ""
}

// little tells whether a burn rate is under 1 for certain.
func (x Extra) little() bool { return x.High.Known() && x.High.Cmp(slo.NumberOf(1)) < 0 }
