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

// Evidence returns e with what it settles: "99.13% to 99.37% (95% interval): proves that
// the target is missed".
func Evidence(l unit.Language, e report.Evidence, target slo.Target) string {
	settles := l.Say("evidence.settles." + string(e.Verdict))
	return l.Say("evidence.words", "interval", Interval(l, e, target), "confidence", level(l, e), "settles", settles)
}

func level(l unit.Language, e report.Evidence) string {
	return strings.TrimSuffix(l.Percent(e.Confidence, 0), "%")
}
