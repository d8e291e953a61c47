package excel

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/xuri/excelize/v2"
)

// incidents draws one row for each objective that an incident touched. What
// belongs to the incident is repeated in grey, so that the table can be filtered.
func incidents(b *book) {
	w := b.words
	s := b.open(layout{w.incidents, []float64{6, 18, 18, 10, 24, 42, max(15, b.countWidth()), 17, 17, 16, 13}, fmt.Sprintf("B%d", firstRow)})
	s.heading(w.incidents+" · "+b.period(), b.lang.Say("excel.incidents_note", "zone", b.report.Period.Timezone))
	s.row(headRow, 38, b.text(w.no, headLook), b.text(w.start, headLook), b.text(w.end, headLook), b.text(w.lengthMinutes, headNumLook),
		b.text(w.services, headNextLook), b.text(w.objective, headLook), b.text(w.bad, headNumLook),
		b.text(w.badShare, headNumLook), b.text(w.budgetShare, headNumLook), b.text(w.firstAlert, headNextLook), b.text(w.firstAlertAfter, headNumLook))
	n := headRow
	for i, incident := range b.report.Incidents {
		for k, impact := range impacts(incident) {
			n++
			s.row(n, 22, slices.Concat(s.incidentCells(i+1, incident, k > 0), s.impactCells(impact), s.firstAlertCells(incident, k > 0))...)
		}
	}
	if n == headRow {
		n++
		s.row(n, 22, s.text(w.noIncidents, noteLook))
	} else {
		s.try(s.file.AutoFilter(s.name, fmt.Sprintf("A%d:K%d", headRow, n), nil))
	}
	s.print(fmt.Sprintf("$A$1:$K$%d", n), fmt.Sprintf("$1:$%d", headRow), 1, 0)
	s.flush()
}

// impacts returns the incident's impacts, one empty one if it has none.
func impacts(i report.Incident) []report.Impact {
	if len(i.Impacts) == 0 {
		return make([]report.Impact, 1)
	}
	return i.Impacts
}

func (s *sheet) incidentCells(n int, i report.Incident, repeated bool) []any {
	paint := func(l look) look {
		if repeated {
			l.color = muted
		}
		return l
	}
	end := s.instant(i.End, paint(dateTimeLook))
	if i.Open {
		end = s.text(s.words.ongoing, paint(textLook))
	}
	return []any{
		s.number(slo.NumberOf(int64(n)), paint(look{bottom: 1, align: "left", format: "0"})), s.instant(i.Start, paint(dateTimeLook)), end,
		s.number(slo.Minutes(i.End.Sub(i.Start)), paint(numberLook)), s.text(strings.Join(i.Services, ", "), paint(textNextLook)),
	}
}

func (s *sheet) impactCells(i report.Impact) []any {
	percent := look{bottom: 1, align: "right", format: "0.0%"}
	return []any{
		s.text(i.Objective, look{bottom: 1, bold: true}), s.number(i.Bad, numberLook), s.number(i.Share, percent), s.number(i.Spent, percent),
	}
}

// firstAlertCells are those of the alert that told of i first.
func (s *sheet) firstAlertCells(i report.Incident, repeated bool) []any {
	class, number := textNextLook, numberLook
	if repeated {
		class.color, number.color = muted, muted
	}
	if i.Alert == nil {
		return []any{s.text(s.words.none, class)}
	}
	return []any{s.text(s.lang.Class(i.Alert.Class), class), s.number(i.Alert.Minutes, number)}
}

// instant returns a cell with t on the wall clock of the report's zone.
func (b *book) instant(t time.Time, l look) excelize.Cell {
	return excelize.Cell{Value: serial(t.In(b.zone())), StyleID: b.style(l)}
}

func (b *book) zone() *time.Location {
	if b.report.Zone == nil {
		return time.UTC
	}
	return b.report.Zone
}
