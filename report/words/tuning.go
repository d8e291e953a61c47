package words

import (
	"strconv"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo/backtest"
)

// Unseen says that most incidents do not show in the SLI, "" if they do.
func Unseen(l unit.Language, t *report.Tuning) string {
	if !t.Unseen {
		return ""
	}
	return l.Say("tuning.unseen", "shown", strconv.Itoa(t.Shown), "incidents", strconv.Itoa(t.Incidents),
		"factor", t.Lowest.String())
}

// TuningRule says by what rule a policy was chosen.
func TuningRule(l unit.Language, t *report.Tuning) string {
	return l.Say("tuning.rule", "max", t.MaxFalse.String(), "base", baseName(l, t))
}

// HeldOut says how what the folds chose did where it was not chosen, and how the default.
func HeldOut(l unit.Language, t *report.Tuning) string {
	return l.Say("tuning.held_out", "chosen", tunedOutcomes(l, t.HeldOut),
		"base", t.Base.Policy, "held", tunedOutcomes(l, t.HeldBase))
}

func tunedOutcomes(l unit.Language, o report.Outcomes) string {
	return l.Say("tuning.outcomes", "in_time", strconv.Itoa(o.Detected), "late", strconv.Itoa(o.Late),
		"incidents", strconv.Itoa(o.Incidents), "delay", l.Lapse(o.DelayTime), "false", strconv.Itoa(o.False),
		"week", l.Multiple(o.PerWeek))
}

// Tuned says what is recommended, and why not more.
func Tuned(l unit.Language, t *report.Tuning) string {
	base, keep, keepIt, orAllow := baseName(l, t), l.Say("tuning.keep"), l.Say("tuning.keep_it"), l.Say("tuning.keep_or_allow")
	if t.Coarse {
		keep, orAllow = l.Say("tuning.stand_in", "step", t.Step), l.Say("tuning.stand_in_or_allow", "step", t.Step)
		keepIt = keep
	}
	switch {
	case t.TooShort == backtest.FewIncidents:
		return l.Say("tuning.few_incidents", "n", strconv.Itoa(t.Incidents), "needed", strconv.Itoa(t.Needed), "keep", keep)
	case t.TooShort == backtest.EmptyFolds:
		return l.Say("tuning.empty_folds", "folds", strconv.Itoa(t.Folds), "keep", keep)
	case t.TooShort == backtest.NoGrid:
		return l.Say("tuning.no_grid", "keep", keep)
	case t.Kept == backtest.OverLimit:
		return l.Say("tuning.over_limit", "max", t.MaxFalse.String(), "base", base, "keep", orAllow)
	case t.Kept == backtest.Unproven:
		return l.Say("tuning.unproven", "base", base, "keep", keepIt)
	case t.Kept == backtest.Unbeaten:
		return l.Say("tuning.unbeaten", "base", base, "keep", keepIt)
	}
	return l.Say("tuning.better", "base", base)
}

// baseName names what policies are held against: the default, or what stands in for it
// where that cannot fire.
func baseName(l unit.Language, t *report.Tuning) string {
	if t.Coarse {
		return l.Say("tuning.its_stand_in")
	}
	return l.Say("tuning.the_default")
}
