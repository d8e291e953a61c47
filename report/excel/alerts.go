package excel

import (
	"strconv"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
)

// alerts draws one row for each policy that fired for an objective, and each time
// it did.
func alerts(b *book) {
	w := b.words
	note := b.lang.Say("excel.alerts_note", "zone", b.report.Period.Timezone)
	g := b.grid(w.alerts, words.FiredTitle(b.report), note, "D", 38, []columnHead{
		{w.class, 14, headLook}, {w.policy, 22, headLook}, {w.objective, 42, headLook},
		{w.start, 18, headLook}, {w.end, 18, headLook}, {w.lengthMinutes, 12, headNumLook},
		{w.inIncident, 18, headNextLook}, {w.incidentStart, 18, headLook},
		{w.detection, 14, headNumLook}, {w.spentByThen, 14, headNumLook},
	})
	rows, silent := b.report.FiredRows()
	for _, r := range rows {
		for _, e := range r.Alert.Events() {
			if e.Firing != nil { // else an incident that this alert did not tell of
				g.add(22, b.firingCells(r, e))
			}
		}
	}
	remark := ""
	if silent > 0 {
		remark = b.lang.Say("excel.silent", "n", strconv.Itoa(silent))
	}
	g.finish(remark)
}

// firingCells are those of one firing.
func (b *book) firingCells(r report.FiredRow, e report.Event) []any {
	end := b.text(b.words.ongoing, textLook)
	if e.Firing.End != nil {
		end = b.instant(*e.Firing.End, dateTimeLook)
	}
	length := unit.WholeMinutes(slo.Minutes(e.Firing.Length(r.Objective.Window.Elapsed)))
	cells := []any{
		b.text(b.lang.Class(r.Alert.Class), textLook), b.text(r.Alert.Name, textLook),
		b.text(r.Objective.ID(), boldLook),
		b.instant(e.Firing.Start, dateTimeLook), end, b.figure(length, figureLook),
	}
	if e.Match != nil {
		return append(cells, b.text(b.words.within, textNextLook), b.instant(e.Match.Start, dateTimeLook),
			b.figure(unit.WholeMinutes(e.Match.Detection), figureLook), b.figure(unit.Spent(e.Match.Spent), figureLook))
	}
	word := b.words.none
	if e.Again {
		word = b.words.again
	}
	empty := b.text("", textLook)
	return append(cells, b.text(word, textNextLook), empty, empty, empty)
}
