package excel

import (
	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
)

// deploys draws one row for each deploy and each objective that it may have touched.
// There is no such sheet if nobody asked about deploys.
func deploys(b *book) {
	if b.report.Deploys == nil {
		return
	}
	w := b.words
	title := words.DeployHeadline(b.lang, b.report.Deploys)
	note := b.lang.Say("excel.deploys_note", "hours", b.report.DeployHours, "zone", b.report.Period.Timezone)
	g := b.grid(w.deploys, title, note, "C", 38, []columnHead{
		{w.deployTime, 18, headLook}, {w.deploy, 24, headLook}, {w.service, 18, headNextLook},
		{w.objective, 40, headLook},
		{w.spentAfter, 13, headNumLook}, {w.spentBefore, 13, headNumLook}, {w.spentUsually, 13, headNumLook},
		{w.extra, 13, headNumLook}, {w.extraLow, 13, headNumLook}, {w.extraHigh, 13, headNumLook},
		{w.blame, 16, headNextLook}, {w.why, 70, headLook},
	})
	for _, d := range b.report.Deploys {
		for k, e := range d.Effects {
			g.add(22, b.deployCells(d, e, k > 0))
		}
	}
	g.finish("")
}

// deployCells are those of one row. What belongs to the deploy is repeated in grey,
// so that the table can be filtered.
func (b *book) deployCells(d report.Deploy, e report.DeployEffect, repeated bool) []any {
	share := func(r unit.Rounded) excelize.Cell { return b.figure(r, figureLook) }
	extra := e.Extra.Least()
	verdict := unit.Mark(e.AsBadAs()) + " " + words.Blame(b.lang, e.Verdict)
	return []any{
		b.instant(d.Time, dateTimeLook.again(repeated)), b.text(d.Name, boldLook.again(repeated)),
		b.text(d.Service, textNextLook.again(repeated)), b.text(e.Objective, textLook),
		share(unit.Share(e.After.Spent)), share(unit.Share(e.Before.Spent)), share(unit.Share(e.Usual.Spent)),
		share(unit.Share(extra.Estimate)), share(unit.ShareAtLeast(extra.Low)), share(unit.Share(extra.High)),
		b.text(verdict, textNextLook), b.text(words.Why(b.lang, e), textLook),
	}
}
