package words

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo/deploy"
)

// DeployHeadline says in one line which deploys are to blame, "" if nobody asked.
func DeployHeadline(l unit.Language, deploys []report.Deploy) string {
	if deploys == nil {
		return ""
	}
	count := map[deploy.Verdict]int{}
	for _, d := range deploys {
		count[d.Verdict()]++
	}
	fill := []string{"n", strconv.Itoa(len(deploys)), "likely", strconv.Itoa(count[deploy.Likely]),
		"unknown", strconv.Itoa(count[deploy.CannotTell])}
	if count[deploy.Likely] > 0 {
		worst := slices.MinFunc(deploys, func(a, b report.Deploy) int { return a.Effects[0].Compare(b.Effects[0]) })
		fill = append(fill, "name", worst.Name, "objective", worst.Effects[0].Objective,
			"extra", l.Share(worst.Effects[0].Extra.Least().Estimate))
	}
	id := "deploy.none"
	switch {
	case len(deploys) == 0:
		id = "deploy.empty"
	case len(deploys) == 1:
		id = "deploy.only." + string(deploys[0].Verdict())
	case count[deploy.Likely] > 0:
		id = "deploy.some"
	}
	text := l.Say(id, fill...)
	if len(deploys) > 1 && count[deploy.CannotTell] > 0 {
		text += l.Say("deploy.unknown", fill...)
	}
	return text + l.Say("deploy.end")
}

// Blame is the word for a verdict on a deploy.
func Blame(l unit.Language, v deploy.Verdict) string {
	return l.Say("deploy.verdict." + string(v))
}

// Why says what e's verdict follows from, and what limits it: in one line, without
// a full stop.
func Why(l unit.Language, e report.DeployEffect) string {
	least := e.Extra.Least()
	clauses := []string{l.Say("deploy.reason."+string(e.Reason), "extra", l.Share(least.Estimate),
		"range", l.Shares(least.Low, least.High))}
	if judged := e.After.Total.Sign() > 0; judged && e.Reason != deploy.Pace {
		switch {
		case e.Usual.Weeks == 0:
			clauses = append(clauses, l.Say("deploy.no_usual"))
		case e.Usual.Deploys:
			clauses = append(clauses, l.Say("deploy.usual_deploys"))
		}
	}
	if e.Partial && e.After.End.After(e.After.Start) {
		clauses = append(clauses, l.Say("deploy.partial", "length", l.Duration(e.After.End.Sub(e.After.Start))))
	}
	if len(e.Shared) > 0 && e.Verdict != deploy.NotLikely {
		clauses = append(clauses, l.Say("deploy.shared", "names", names(l, e.Shared, e.More)))
	}
	return strings.Join(clauses, l.Say("deploy.between"))
}

// maxShared is how many deploys are named that share a blame.
const maxShared = 3

// names lists the first few deploys, and counts the rest of them and others.
func names(l unit.Language, deploys []report.DeployName, others int) string {
	var out []string
	for _, d := range deploys[:min(len(deploys), maxShared)] {
		out = append(out, d.Name)
	}
	text := strings.Join(out, l.Say("deploy.comma"))
	if n := len(deploys) + others - len(out); n > 0 {
		text += l.Say("deploy.more", "n", strconv.Itoa(n))
	}
	return text
}
