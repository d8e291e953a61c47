package html

import (
	"strconv"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/deploy"
)

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

func (p *painter) deploys() *deploys {
	if p.Deploys == nil {
		return nil
	}
	hours := p.windowName(p.DeployHours)
	heads := deployTable{When: p.s.When, Deploy: p.s.DeployColumn, Objective: p.w.Objective, After: fill(p.s.SpentAfter, "{hours}", hours),
		Before: fill(p.s.SpentBefore, "{hours}", hours), Usual: p.s.SpentUsually, Blame: p.s.Blame}
	out := &deploys{Title: plain(words.DeployHeadline(p.l, p.Deploys)), Note: p.s.DeploysNote, Suspect: heads, Cleared: heads}
	out.Suspect.Caption = p.s.Suspects
	for _, d := range p.Deploys {
		for _, e := range d.Effects {
			t := &out.Suspect
			if e.Verdict == deploy.NotLikely {
				t = &out.Cleared
			}
			t.Rows = append(t.Rows, p.deployRow(d, e))
		}
	}
	out.ClearedTitle = fill(p.s.Cleared, "{n}", strconv.Itoa(len(out.Cleared.Rows)))
	out.Cleared.Caption = out.ClearedTitle
	p.shorten(&out.Suspect)
	p.shorten(&out.Cleared)
	return out
}

// shorten keeps the newest rows.
func (p *painter) shorten(t *deployTable) {
	if more := len(t.Rows) - maxDeployRows; more > 0 {
		t.Rows = t.Rows[more:]
		t.More = fill(p.s.MoreDeploys, "{n}", strconv.Itoa(more))
	}
}

func (p *painter) deployRow(d report.Deploy, e report.DeployEffect) deployRow {
	tones := map[deploy.Verdict]slo.State{deploy.Likely: slo.Missed, deploy.NotLikely: slo.Met, deploy.CannotTell: slo.NoData}
	return deployRow{When: p.l.DateTime(d.Time, p.zone), Name: d.Name, Service: d.Service, Objective: e.Objective,
		After: p.l.Share(e.After.Spent), Before: p.l.Share(e.Before.Spent), Usual: p.l.Share(e.Usual.Spent),
		State: state{Mark: unit.Mark(tones[e.Verdict]), Word: words.Blame(p.l, e.Verdict), Tone: tone(tones[e.Verdict])}, Why: plain(words.Why(p.l, e))}
}

// maxLines is the most deploys that are drawn into one chart. Where there are more
// only those that are likely to blame are, and of them the last.
const maxLines = 60

// deployLines are the vertical lines of the deploys that may have touched o, and
// the keys that name them.
func (p *painter) deployLines(o report.Objective) (lines []moment, keys []key) {
	all := report.DeploysOf(p.Deploys, o.ID())
	if len(all) == 0 {
		return nil, nil
	}
	suspects := false
	for _, d := range all {
		m := moment{at: d.Time, colour: "var(--muted)"}
		if d.Verdict() == deploy.Likely {
			m = moment{at: d.Time, name: plain(d.Name), colour: "var(--bad)"}
			suspects = true
		}
		if m.name != "" || len(all) <= maxLines {
			lines = append(lines, m)
		}
	}
	lines = lines[max(len(lines)-maxLines, 0):]
	keys = []key{{"k-deploy", p.s.DeployLine}}
	if len(lines) < len(all) {
		keys[0].Text += " " + of(len(lines), len(all))
	}
	if suspects {
		keys = append(keys, key{"k-suspect", p.s.SuspectLine})
	}
	return lines, keys
}
