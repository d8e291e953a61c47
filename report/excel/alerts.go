package excel

import (
	"fmt"
	"strconv"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
)

// alerts draws one row for each policy that fired for an objective, and each time
// it did.
func alerts(b *book) {
	w := b.words
	s := b.open(layout{w.alerts, []float64{14, 22, 42, 18, 18, 12, 18, 18, 14, 14}, fmt.Sprintf("D%d", firstRow)})
	s.heading(words.FiredTitle(b.report), b.lang.Say("excel.alerts_note", "zone", b.report.Period.Timezone))
	s.row(headRow, 38, b.text(w.class, headLook), b.text(w.policy, headLook), b.text(w.objective, headLook), b.text(w.start, headLook),
		b.text(w.end, headLook), b.text(w.lengthMinutes, headNumLook), b.text(w.inIncident, headNextLook), b.text(w.incidentStart, headLook),
		b.text(w.detection, headNumLook), b.text(w.spentByThen, headNumLook))
	rows, silent := b.report.FiredRows()
	n := headRow
	for _, r := range rows {
		for _, e := range r.Alert.Events() {
			if e.Firing == nil {
				continue // an incident that this alert did not tell of
			}
			n++
			s.row(n, 22, s.firingCells(r, e)...)
		}
	}
	if n > headRow {
		s.try(s.file.AutoFilter(s.name, fmt.Sprintf("A%d:J%d", headRow, n), nil))
	}
	if silent > 0 {
		n++
		s.row(n, 22, s.text(b.lang.Say("excel.silent", "n", strconv.Itoa(silent)), noteLook))
	}
	s.print(fmt.Sprintf("$A$1:$J$%d", max(n, headRow+1)), fmt.Sprintf("$1:$%d", headRow), 1, 0)
	s.flush()
}

// firingCells are those of one firing.
func (s *sheet) firingCells(r report.FiredRow, e report.Event) []any {
	percent := look{bottom: 1, align: "right", format: "0.0%"}
	to, end := r.Objective.Window.Elapsed, s.text(s.words.ongoing, textLook)
	if e.Firing.End != nil {
		to, end = *e.Firing.End, s.instant(*e.Firing.End, dateTimeLook)
	}
	cells := []any{
		s.text(s.lang.Class(r.Alert.Class), textLook), s.text(r.Alert.Name, textLook), s.text(r.Objective.ID(), look{bottom: 1, bold: true}),
		s.instant(e.Firing.Start, dateTimeLook), end, s.number(slo.Minutes(to.Sub(e.Firing.Start)), numberLook),
	}
	if e.Match != nil {
		return append(cells, s.text(s.words.within, textNextLook), s.instant(e.Match.Start, dateTimeLook), s.number(e.Match.Detection, numberLook), s.number(e.Match.Spent, percent))
	}
	word := s.words.none
	if e.Again {
		word = s.words.again
	}
	empty := s.text("", textLook)
	return append(cells, s.text(word, textNextLook), empty, empty, empty)
}
