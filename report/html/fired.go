package html

import (
	"strconv"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/report/words/texts"
)

// fired is the section on the alerts of the period.
type fired struct {
	Title, Note, Silent string
	Rows                []firedRow
}

// firedRow is one policy of one objective.
type firedRow struct{ Class, Policy, Objective, Fired, Useful, Length, Detection string }

// maxFired bounds the table: there may be thousands of objectives.
const maxFired = 200

func (p eventPart) fired() fired {
	rows, silent := p.report.FiredRows()
	out := fired{Title: plain(words.FiredTitle(p.report)), Note: p.say.s.FiredNote}
	for _, r := range rows[:min(len(rows), maxFired)] {
		out.Rows = append(out.Rows, p.firedRow(r))
	}
	out.Silent = more(p.say.s.FiredMore, len(rows)-maxFired)
	if out.Silent != "" {
		out.Silent += " "
	}
	out.Silent += more(p.say.s.FiredSilent, silent)
	return out
}

func (p eventPart) firedRow(r report.FiredRow) firedRow {
	row := firedRow{
		Class: p.say.l.Class(r.Alert.Class), Objective: r.Objective.ID(),
		Fired: strconv.Itoa(r.Alert.Fired), Useful: strconv.Itoa(r.Alert.InIncidents()),
		Length:    p.say.l.Duration(r.Alert.Length(r.Objective.Window.Elapsed)),
		Detection: words.Spread(r.Alert.Detection, p.say.l.Lapse),
	}
	if r.Alert.Name != string(r.Alert.Class) {
		row.Policy = r.Alert.Name
	}
	return row
}

// firstAlert says which alert told of i first, and how long after its start.
func (p eventPart) firstAlert(i report.Incident) (alert, after string) {
	if i.Alert == nil {
		return words.NoAlert(p.say.l, i), ""
	}
	return p.say.l.Class(i.Alert.Class), texts.Fill(p.say.s.AfterStart, "length", p.say.l.Lapse(i.Alert.Minutes))
}
