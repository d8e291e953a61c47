package html

import (
	"strconv"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
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

func (p *painter) fired() fired {
	rows, silent := p.FiredRows()
	out := fired{Title: plain(words.FiredTitle(p.Report)), Note: p.s.FiredNote}
	for _, r := range rows[:min(len(rows), maxFired)] {
		row := firedRow{Class: p.l.Class(r.Alert.Class), Objective: r.Objective.ID(), Fired: strconv.Itoa(r.Alert.Fired), Useful: strconv.Itoa(r.Alert.InIncidents()),
			Length: p.l.Duration(r.Alert.Length(r.Objective.Window.Elapsed)), Detection: words.Spread(r.Alert.Detection, p.l.Lapse)}
		if r.Alert.Name != string(r.Alert.Class) {
			row.Policy = r.Alert.Name
		}
		out.Rows = append(out.Rows, row)
	}
	if more := len(rows) - maxFired; more > 0 {
		out.Silent = fill(p.s.FiredMore, "{n}", strconv.Itoa(more)) + " "
	}
	if silent > 0 {
		out.Silent += fill(p.s.FiredSilent, "{n}", strconv.Itoa(silent))
	}
	return out
}

// firstAlert says which alert told of i first, and how long after its start.
func (p *painter) firstAlert(i report.Incident) (alert, after string) {
	if i.Alert == nil {
		return p.s.NoAlert, ""
	}
	return p.l.Class(i.Alert.Class), fill(p.s.AfterStart, "{length}", p.l.Lapse(i.Alert.Minutes))
}
