package html

import (
	"strconv"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/report/words/texts"
)

// eventPart paints what happened in the period: incidents, alerts, and what the
// release gate said.
type eventPart part

// incidents is the table of incidents.
type incidents struct {
	Title string
	Rows  []incident
	Blips string // how many there were besides
}

type incident struct {
	Number, When, Until, Length string
	Open                        bool
	Services                    []string
	Alert, AlertAt              string // the first that told of it, and when
	Impacts                     []impact
	More                        string
}

type impact struct{ Name, Text string }

// maxImpacts is how many objectives an incident lists; the rest is counted.
const maxImpacts = 6

func (p eventPart) incidents() incidents {
	out := incidents{Title: p.incidentsTitle(), Blips: words.Blips(p.say.l, p.report.Summary.Blips)}
	for n, i := range p.report.Incidents {
		row := incident{
			Number: strconv.Itoa(n + 1), When: p.say.instant(i.Start), Until: p.say.instant(i.End),
			Length: p.say.l.Duration(i.Length()), Open: i.Open, Services: i.Services,
			More: more(p.say.s.MoreImpacts, len(i.Impacts)-maxImpacts),
		}
		row.Alert, row.AlertAt = p.firstAlert(i)
		for _, im := range i.Impacts[:min(len(i.Impacts), maxImpacts)] {
			row.Impacts = append(row.Impacts, p.impact(im))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func (p eventPart) incidentsTitle() string {
	if p.report.Unmeasured() {
		return p.say.s.IncidentsUnknown
	}
	template := p.say.s.IncidentsTitle
	n := len(p.report.Incidents)
	switch n {
	case 0:
		return p.say.s.IncidentsNone
	case 1:
		template = p.say.s.IncidentOne
	}
	length := p.say.l.Duration(p.report.Summary.IncidentLength)
	return texts.Fill(template, "n", strconv.Itoa(n), "length", length)
}

func (p eventPart) impact(i report.Impact) impact {
	text := texts.Fill(p.say.s.ImpactLine, "spent", p.say.l.Spent(i.Spent), "share", p.say.l.Percent(i.Share, 0))
	return impact{i.Objective, text}
}
