package html

import (
	"strconv"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/report/words/texts"
	"github.com/nines-slo/nines/slo/deploy"
)

// deployPart paints the section on deploys.
type deployPart part

// deploys is the section on deploys; a nil one is not shown.
type deploys struct {
	Title, Note  string
	Suspect      deployTable // likely to blame, or nobody can tell
	Cleared      deployTable // the others, folded
	ClearedTitle string
}

type deployTable struct {
	Caption                                              string
	When, Deploy, Objective, After, Before, Usual, Blame string // heads of columns
	Rows                                                 []deployRow
	More                                                 string // how many rows are not shown
}

// deployRow is one deploy and one objective.
type deployRow struct {
	When, Name, Service, Objective string
	After, Before, Usual           string
	State                          state
	Why                            string
}

// maxDeployRows bounds each of the two tables: there may be thousands of deploys.
const maxDeployRows = 200

func (p deployPart) deploys() *deploys {
	if p.report.Deploys == nil {
		return nil
	}
	s, hours := p.say.s, p.say.window(p.report.DeployHours)
	heads := deployTable{
		When: s.When, Deploy: s.DeployColumn, Objective: p.say.w.Objective,
		After: texts.Fill(s.SpentAfter, "hours", hours), Before: texts.Fill(s.SpentBefore, "hours", hours),
		Usual: s.SpentUsually, Blame: s.Blame,
	}
	out := &deploys{
		Title: plain(words.DeployHeadline(p.say.l, p.report.Deploys)), Note: s.DeploysNote,
		Suspect: heads, Cleared: heads,
	}
	out.Suspect.Caption = s.Suspects
	for _, d := range p.report.Deploys {
		for _, e := range d.Effects {
			t := &out.Suspect
			if e.Verdict == deploy.NotLikely {
				t = &out.Cleared
			}
			t.Rows = append(t.Rows, p.row(d, e))
		}
	}
	out.ClearedTitle = texts.Fill(s.Cleared, "n", strconv.Itoa(len(out.Cleared.Rows)))
	out.Cleared.Caption = out.ClearedTitle
	p.shorten(&out.Suspect)
	p.shorten(&out.Cleared)
	return out
}

// shorten keeps the newest rows.
func (p deployPart) shorten(t *deployTable) {
	t.More = more(p.say.s.MoreDeploys, len(t.Rows)-maxDeployRows)
	t.Rows = t.Rows[max(len(t.Rows)-maxDeployRows, 0):]
}

func (p deployPart) row(d report.Deploy, e report.DeployEffect) deployRow {
	l := p.say.l
	return deployRow{
		When: p.say.instant(d.Time), Name: d.Name, Service: d.Service, Objective: e.Objective,
		After: l.Share(e.After.Spent), Before: l.Share(e.Before.Spent), Usual: l.Share(e.Usual.Spent),
		State: marked(e.AsBadAs(), words.Blame(l, e.Verdict)), Why: plain(words.Why(l, e)),
	}
}

// maxLines is the most deploys that are drawn into one chart. Where there are more
// only those that are likely to blame are, and of them the last.
const maxLines = 60

// deployLines are the vertical lines of the deploys that may have touched the
// objective, and the keys that name them.
func (p chartPart) deployLines() (lines []moment, keys []key) {
	all := report.DeploysOf(p.report.Deploys, p.o.ID())
	if len(all) == 0 {
		return nil, nil
	}
	suspects := false
	for _, d := range all {
		m := moment{at: d.Time, colour: muted}
		if d.Verdict() == deploy.Likely {
			m = moment{at: d.Time, name: plain(d.Name), colour: bad}
			suspects = true
		}
		if m.name != "" || len(all) <= maxLines {
			lines = append(lines, m)
		}
	}
	lines = lines[max(len(lines)-maxLines, 0):]
	keys = []key{{"k-deploy", p.say.s.DeployLine}}
	if len(lines) < len(all) {
		keys[0].Text += " " + of(len(lines), len(all))
	}
	if suspects {
		keys = append(keys, key{"k-suspect", p.say.s.SuspectLine})
	}
	return lines, keys
}
