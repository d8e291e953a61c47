package text

import (
	"fmt"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo/diag"
)

// maxDeploys is how many of the last deploys a gate shows, and how many older ones
// that are likely to blame.
const maxDeploys = 3

// writeDeploys tells which deploys are to blame and how the last ones did, each by
// the objective that it may have cost most.
func writeDeploys(out *diag.Screen, g *report.Gate) {
	if g.Deploys == nil {
		return
	}
	fmt.Fprintf(out, "\n%s\n", diag.Escape(narrow(words.DeployHeadline(g.Language, g.Deploys))))
	for _, d := range report.LastDeploys(g.Deploys, maxDeploys) {
		e := d.Effects[0]
		at, name, objective := g.Language.DateTime(d.Time, g.Zone), diag.Escape(d.Name), diag.Escape(e.Objective)
		verdict, why := words.Blame(g.Language, e.Verdict), diag.Escape(narrow(words.Why(g.Language, e)))
		fmt.Fprintf(out, "  %s  %s  %s: %s: %s\n", at, cut(name, maxName), cut(objective, maxName), verdict, why)
	}
}
