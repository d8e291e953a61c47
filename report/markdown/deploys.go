package markdown

import (
	"bufio"
	"fmt"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo/deploy"
)

// deploys writes which deploys are to blame, and a line for each effect that is not
// cleared.
func deploys(out *bufio.Writer, r *report.Report) {
	if r.Deploys == nil {
		return
	}
	fmt.Fprintf(out, "\n**%s**\n\n", escape(report.DeployHeadline(r.Language, r.Deploys)))
	for _, d := range r.Deploys {
		for _, e := range d.Effects {
			if e.Verdict != deploy.NotLikely {
				fmt.Fprintf(out, "- %s %s, %s: %s: %s\n", escape(r.Language.DateTime(d.Time, r.Zone)), escape(d.Name), escape(e.Objective),
					escape(report.Blame(r.Language, e.Verdict)), escape(e.Why(r.Language)))
			}
		}
	}
}
