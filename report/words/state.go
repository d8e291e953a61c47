package words

import (
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// State says how an objective stands: "on track".
func State(l unit.Language, o report.Objective) string { return l.State(o.State) }

// spent says how much of the deciding budget is spent, and of one that is spent
// what it lacks.
func (w Gate) spent(o report.Objective, c report.GateCheck) string {
	spent, limit := w.Language.Spent(o.Deciding().Spent), mayBeSpent(c)
	text := w.Language.Say("gate.check.spent", "spent", spent, "limit", limit)
	left, minutes := o.Budget.Left, o.Budget.Minutes.Remaining
	if p := o.Budget.Projected; p != nil {
		text = w.Language.Say("gate.check.spent_of_period", "spent", spent, "limit", limit)
		left, minutes = p.Left, slo.Number{}
	}
	if c.Verdict == slo.Open {
		return text
	}
	return text + w.Language.Say("gate.check.lacks", "failures", w.Language.Failures(left, minutes, o.Slices != nil))
}

// mayBeSpent returns the share of budget that c lets be spent, exact: "75%".
func mayBeSpent(c report.GateCheck) string {
	if !c.Limit.Known() {
		return unit.Unknown
	}
	share := slo.NumberOf(1).Sub(c.Limit).Mul(slo.NumberOf(100)).String() + "%"
	if c.Of.AtLimit {
		return "<" + share
	}
	return share
}
