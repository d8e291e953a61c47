package build

import (
	"cmp"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/deploy"
	"github.com/nines-slo/nines/slo/order"
)

// deployHours is how much time after a deploy is looked at.
func (b *Builder) deployHours() time.Duration { return cmp.Or(b.DeployHours, deploy.DefaultHours) }

// deployReach is from when on counts have to be known to tell what is usual after the
// first deploy of the judged period.
func deployReach(q question) time.Time {
	within := slo.Period{Start: q.period.Start, End: q.end}
	for _, d := range deploy.Concern(q.b.Deploys, q.slo) {
		if within.Contains(d.Time) {
			return d.Time.Add(-deploy.Reach(q.b.deployHours()))
		}
	}
	return q.end
}

// blame notes what the objective spent after each deploy of the judged period, as
// shares of its budget.
func blame(j *judged, _ *report.Objective) {
	b, allowed := j.b, j.status.Budget.Allowed
	within := slo.Period{Start: j.status.Period.Start, End: j.ended()}
	asked := deploy.Question{Within: within, At: b.At.Add(-j.m.SLO.Delay), Hours: b.deployHours(), Allowed: allowed}
	if b.deploys == nil {
		b.deploys = map[report.DeployName][]report.DeployEffect{}
	}
	for _, e := range deploy.Blame(j.ledger, b.Deploys, asked) {
		name := deployName(e.Deploy)
		b.deploys[name] = append(b.deploys[name], newEffect(j.m.SLO.ID(), e))
	}
}

func deployName(d deploy.Deploy) report.DeployName {
	return report.DeployName{Time: d.Time, Name: d.Name, Service: d.Service}
}

func newEffect(objective string, e deploy.Effect) report.DeployEffect {
	out := report.DeployEffect{Objective: objective, Verdict: e.Verdict, Reason: e.Reason, Partial: e.Partial,
		More:  e.More,
		After: deployHours(e.After, e.Spent.After), Before: deployHours(e.Before, e.Spent.Before),
		Usual: report.DeployUsual{Weeks: e.Usual.Weeks, Bad: e.Usual.Bad, Total: e.Usual.Total,
			Spent: e.Spent.Usual, Deploys: e.Usual.Deploys},
		Extra: report.DeployExtra{Before: report.DeployRange(e.Against.Before),
			Usual: report.DeployRange(e.Against.Usual)}}
	for _, d := range e.Shared {
		out.Shared = append(out.Shared, deployName(d))
	}
	return out
}

func deployHours(p budget.Part, spent slo.Number) report.DeployHours {
	return report.DeployHours{Start: p.Start, End: p.End, Bad: p.Counts.Bad, Total: p.Counts.Total, Spent: spent}
}

// deployed returns the deploys of the periods of the objectives that were added, by
// time, each with its effects: those it is to blame for first, by what they cost;
// and how long after each was looked at. It returns nil if nobody asks.
func (b *Builder) deployed() ([]report.Deploy, string) {
	if b.Deploys == nil {
		return nil, ""
	}
	out := []report.Deploy{}
	for name, effects := range b.deploys {
		order.Stable(effects, report.DeployEffect.Compare)
		out = append(out, report.Deploy{DeployName: name, Effects: effects})
	}
	order.Stable(out, func(a, b report.Deploy) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Name, b.Name))
	})
	return out, slo.FormatDuration(b.deployHours())
}
