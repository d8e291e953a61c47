package html

import (
	"strconv"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// releases is the section on the release gate at the period's end; a nil one is not
// shown.
type releases struct {
	Title, Note string
	Rows        []releaseRow
}

// releaseRow is one reason of one objective.
type releaseRow struct {
	Objective, Reason, Override string
	State                       state
}

// releases tells why releases are on hold, and who let them out all the same.
func (p *painter) releases() *releases {
	out := &releases{Title: fill(p.s.ReleasesTitle, "{n}", of(p.Summary.OnHold, p.Summary.Services)), Note: p.s.ReleasesNote}
	for _, o := range p.Objectives {
		for _, r := range o.GateReasons {
			row := releaseRow{Objective: o.ID(), Reason: plain(r.Text), State: p.verdict(r)}
			if r.Owner != "" {
				row.Override = plain(fill(p.s.OverrideLine, "{owner}", r.Owner, "{until}", p.l.DateTime(*r.Expires, p.zone), "{reason}", r.Reason))
			}
			out.Rows = append(out.Rows, row)
		}
	}
	if len(out.Rows) == 0 {
		return nil
	}
	if more := len(out.Rows) - maxReleases; more > 0 {
		out.Rows = out.Rows[:maxReleases]
		out.Note += " " + fill(p.s.FiredMore, "{n}", strconv.Itoa(more))
	}
	return out
}

// maxReleases bounds the table: there may be thousands of objectives.
const maxReleases = 200

// verdict marks what a reason says of releases.
func (p *painter) verdict(r report.GateReason) state {
	as := map[slo.Verdict]slo.State{slo.Closed: slo.Missed, slo.Warn: slo.AtRisk, slo.CannotTell: slo.NoData}[r.Verdict]
	return state{Mark: unit.Mark(as), Word: p.l.Verdict(r.Verdict), Tone: tone(as)}
}
