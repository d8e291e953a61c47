package markdown

import (
	"fmt"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo/deploy"
	"github.com/nines-slo/nines/slo/diag"
)

// writeDeploys writes which deploys are to blame, and a line for each effect that is
// not cleared; nothing if nobody asked.
func writeDeploys(out *diag.Screen, l unit.Language, zone *time.Location, deploys []report.Deploy) {
	if deploys == nil {
		return
	}
	fmt.Fprintf(out, "\n**%s**\n\n", escape(words.DeployHeadline(l, deploys)))
	for _, d := range deploys {
		for _, e := range d.Effects {
			if e.Verdict != deploy.NotLikely {
				at, verdict, why := l.DateTime(d.Time, zone), words.Blame(l, e.Verdict), words.Why(l, e)
				fmt.Fprintf(out, "- %s %s, %s: %s: %s\n",
					escape(at), escape(d.Name), escape(e.Objective), escape(verdict), escape(why))
			}
		}
	}
}
