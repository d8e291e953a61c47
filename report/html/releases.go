package html

import (
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words/texts"
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

// maxReleases bounds the table: there may be thousands of objectives.
const maxReleases = 200

// releases tells why releases are on hold, and who let them out all the same.
func (p eventPart) releases() *releases {
	s, sum := p.say.s, p.report.Summary
	out := &releases{Title: texts.Fill(s.ReleasesTitle, "n", of(sum.OnHold, sum.Services)), Note: s.ReleasesNote}
	for _, o := range p.report.Objectives {
		for _, r := range o.GateReasons {
			out.Rows = append(out.Rows, p.release(o, r))
		}
	}
	if len(out.Rows) == 0 {
		return nil
	}
	if left := more(s.FiredMore, len(out.Rows)-maxReleases); left != "" {
		out.Rows = out.Rows[:maxReleases]
		out.Note += " " + left
	}
	return out
}

func (p eventPart) release(o report.Objective, r report.GateReason) releaseRow {
	row := releaseRow{
		Objective: o.ID(), Reason: plain(r.Text), State: marked(report.AsBadAs(r.Verdict), p.say.l.Verdict(r.Verdict)),
	}
	if r.Owner != "" {
		until := p.say.instant(*r.Expires)
		row.Override = plain(texts.Fill(p.say.s.OverrideLine, "owner", r.Owner, "until", until, "reason", r.Reason))
	}
	return row
}
