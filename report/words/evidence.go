package words

import (
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/evidence"
)

// Doubt says that o's counts settle nothing, and "" where they do or where there is
// no verdict to doubt.
func Doubt(l unit.Language, o report.Objective) string {
	if o.Evidence == nil || o.Evidence.Verdict != evidence.NotEnoughData || o.State == slo.NoData {
		return ""
	}
	c := o.Counts()
	id := "evidence.unproven"
	switch {
	case o.SLI.Cmp(o.Target.Number()) < 0:
		id = "evidence.undisproven"
	case c.Bad.Sign() == 0:
		id = "evidence.clean"
	}
	noun := l.Say("evidence.events")
	if o.Slices != nil {
		noun = l.Say("evidence.slices")
	}
	needed := evidence.Needed(o.Target, o.Evidence.Confidence)
	return l.Say(id, "good", l.Count(c.Good), "total", l.Count(c.Total), "noun", noun, "target", o.Target.String(),
		"interval", Interval(l, *o.Evidence, o.Target), "confidence", level(l, *o.Evidence),
		"needed", l.Count(needed))
}

// Interval returns e as "99.61% to 99.94%", rounded down as an SLI is.
func Interval(l unit.Language, e report.Evidence, target slo.Target) string {
	return l.SLI(e.Low, target) + l.Say("evidence.to") + l.SLI(e.High, target)
}

// Evidence returns the evidence e of o with what it settles: "99.13% to 99.37% (95%
// interval): proves that the target is missed", of a running period with the time that it is
// of.
func Evidence(l unit.Language, o report.Objective, e report.Evidence) string {
	id := "evidence.words"
	if o.Budget.Projected() {
		id = "evidence.words_so_far"
	}
	return l.Say(id, "interval", Interval(l, e, o.Target), "confidence", level(l, e),
		"settles", l.Say("evidence.settles."+string(e.Verdict)), "length", SoFar(l, o))
}

func level(l unit.Language, e report.Evidence) string {
	return strings.TrimSuffix(l.Percent(e.Confidence, 0), "%")
}
