package excel

import (
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
)

// incidents draws one row for each objective that an incident touched. What
// belongs to the incident is repeated in grey, so that the table can be filtered.
func incidents(b *book) {
	w := b.words
	note := b.lang.Say("excel.incidents_note", "zone", b.report.Period.Timezone)
	if blips := words.Blips(b.lang, b.report.Summary.Blips); blips != "" {
		note += " " + blips
	}
	g := b.grid(w.incidents, w.incidents+" · "+b.period(), note, "B", 38, []columnHead{
		{w.no, 6, headLook}, {w.start, 18, headLook}, {w.end, 18, headLook}, {w.lengthMinutes, 10, headNumLook},
		{w.services, 24, headNextLook}, {w.objective, 42, headLook}, {w.bad, max(15, b.countWidth()), headNumLook},
		{w.badShare, 17, headNumLook}, {w.budgetShare, 17, headNumLook},
		{w.firstAlert, 16, headNextLook}, {w.firstAlertAfter, 13, headNumLook},
	})
	for i, incident := range b.report.Incidents {
		for k, impact := range impacts(incident) {
			again := k > 0
			was, told := b.incidentCells(i+1, incident, again), b.firstAlertCells(incident, again)
			g.add(22, slices.Concat(was, b.impactCells(impact), told))
		}
	}
	remark := ""
	if len(b.report.Incidents) == 0 && !b.report.Unmeasured() {
		remark = w.noIncidents
	}
	g.finish(remark)
}

// impacts returns the incident's impacts, one empty one if it has none.
func impacts(i report.Incident) []report.Impact {
	if len(i.Impacts) == 0 {
		return make([]report.Impact, 1)
	}
	return i.Impacts
}

func (b *book) incidentCells(n int, i report.Incident, repeated bool) []any {
	end := b.instant(i.End, dateTimeLook.again(repeated))
	if i.Open {
		end = b.text(b.words.ongoing, textLook.again(repeated))
	}
	number := look{bottom: 1, align: "left", format: "0"}
	return []any{
		b.number(slo.NumberOf(int64(n)), number.again(repeated)), b.instant(i.Start, dateTimeLook.again(repeated)), end,
		b.figure(unit.WholeMinutes(slo.Minutes(i.Length())), figureLook.again(repeated)),
		b.text(strings.Join(i.Services, ", "), textNextLook.again(repeated)),
	}
}

func (b *book) impactCells(i report.Impact) []any {
	return []any{
		b.text(i.Objective, boldLook), b.figure(unit.Count(i.Bad), figureLook),
		b.figure(unit.Percent(i.Share, 0), figureLook), b.figure(unit.Spent(i.Spent), figureLook),
	}
}

// firstAlertCells are those of the alert that told of i first.
func (b *book) firstAlertCells(i report.Incident, repeated bool) []any {
	class := textNextLook.again(repeated)
	if i.Alert == nil {
		return []any{b.text(words.NoAlert(b.lang, i), class)}
	}
	minutes := unit.WholeMinutes(i.Alert.Minutes)
	return []any{b.text(b.lang.Class(i.Alert.Class), class), b.figure(minutes, figureLook.again(repeated))}
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
