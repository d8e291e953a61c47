package excel

import (
	"fmt"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/deploy"
)

// deploys draws one row for each deploy and each objective that it may have touched.
// There is no such sheet if nobody asked about deploys.
func deploys(b *book) {
	if b.report.Deploys == nil {
		return
	}
	w := b.words
	s := b.open(layout{w.deploys, []float64{18, 24, 18, 40, 13, 13, 13, 13, 13, 13, 16, 70}, fmt.Sprintf("C%d", firstRow)})
	s.heading(words.DeployHeadline(b.lang, b.report.Deploys), b.lang.Say("excel.deploys_note", "hours", b.report.DeployHours, "zone", b.report.Period.Timezone))
	s.row(headRow, 38, b.text(w.deployTime, headLook), b.text(w.deploy, headLook), b.text(w.service, headNextLook), b.text(w.objective, headLook),
		b.text(w.spentAfter, headNumLook), b.text(w.spentBefore, headNumLook), b.text(w.spentUsually, headNumLook),
		b.text(w.extra, headNumLook), b.text(w.extraLow, headNumLook), b.text(w.extraHigh, headNumLook), b.text(w.blame, headNextLook), b.text(w.why, headLook))
	n := headRow
	for _, d := range b.report.Deploys {
		for k, e := range d.Effects {
			n++
			s.row(n, 22, s.deployCells(d, e, k > 0)...)
		}
	}
	if n == headRow {
		n++
	} else {
		s.try(s.file.AutoFilter(s.name, fmt.Sprintf("A%d:L%d", headRow, n), nil))
	}
	s.print(fmt.Sprintf("$A$1:$L$%d", n), fmt.Sprintf("$1:$%d", headRow), 1, 0)
	s.flush()
}

// deployCells are those of one row. What belongs to the deploy is repeated in grey,
// so that the table can be filtered.
func (s *sheet) deployCells(d report.Deploy, e report.DeployEffect, repeated bool) []any {
	paint := func(l look) look {
		if repeated {
			l.color = muted
		}
		return l
	}
	verdict := map[deploy.Verdict]slo.State{deploy.Likely: slo.Missed, deploy.NotLikely: slo.Met, deploy.CannotTell: slo.NoData}[e.Verdict]
	percent := look{bottom: 1, align: "right", format: "0.0%"}
	extra := e.Extra.Least()
	return []any{
		s.instant(d.Time, paint(dateTimeLook)), s.text(d.Name, paint(look{bottom: 1, bold: true})), s.text(d.Service, paint(textNextLook)), s.text(e.Objective, textLook),
		s.number(e.After.Spent, percent), s.number(e.Before.Spent, percent), s.number(e.Usual.Spent, percent),
		s.number(extra.Estimate, percent), s.number(extra.Low, percent), s.number(extra.High, percent),
		s.text(unit.Mark(verdict)+" "+words.Blame(s.lang, e.Verdict), textNextLook), s.text(words.Why(s.lang, e), textLook),
	}
}
