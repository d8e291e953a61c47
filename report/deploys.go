package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/deploy"
)

// Deploy is one deploy of the period, and what the objectives that it may have
// touched spent after it.
type Deploy struct {
	DeployName
	Effects []DeployEffect `json:"objectives"` // those it is to blame for first
}

// DeployName tells one deploy from others.
type DeployName struct {
	Time    time.Time `json:"time"`
	Name    string    `json:"name"`
	Service string    `json:"service,omitempty"` // absent: it may have touched every objective
}

// DeployEffect is what one objective spent in the hours after a deploy, against the
// hours before it and the usual ones. Spends are shares of the period's budget.
type DeployEffect struct {
	Objective string         `json:"objective"` // Objective.ID
	Verdict   deploy.Verdict `json:"verdict"`
	Reason    deploy.Reason  `json:"reason"`
	After     DeployHours    `json:"after"`
	Before    DeployHours    `json:"before"`
	Usual     DeployUsual    `json:"usual"`
	Extra     DeployExtra    `json:"extra"`
	Partial   bool           `json:"partial"`     // the hours after are not over yet
	Shared    []DeployName   `json:"shared_with"` // deploys whose hours after overlap these: the nearest deploy.MaxShared
	More      int            `json:"shared_more"` // how many others do
}

// DeployHours are the hours after a deploy, or before it.
type DeployHours struct {
	Start time.Time  `json:"start"`
	End   time.Time  `json:"end"`
	Bad   slo.Number `json:"bad"`
	Total slo.Number `json:"total"`
	Spent slo.Number `json:"spent"`
}

// DeployUsual is what the same hours of the same weekday had in Weeks weeks before.
type DeployUsual struct {
	Weeks   int        `json:"weeks"`
	Bad     slo.Number `json:"bad"` // of all weeks
	Total   slo.Number `json:"total"`
	Spent   slo.Number `json:"spent"`         // in the mean of a week
	Deploys bool       `json:"after_deploys"` // all of these hours followed other deploys
}

// DeployExtra is how much more was spent than at the error ratio of the hours
// before and at the usual one, with an interval of 95 %.
type DeployExtra struct {
	Before DeployRange `json:"against_before"`
	Usual  DeployRange `json:"against_usual"`
}

// DeployRange is an estimate with its interval; all are unknown together.
type DeployRange struct {
	Low      slo.Number `json:"low"`
	Estimate slo.Number `json:"estimate"`
	High     slo.Number `json:"high"`
}

// Least returns the smaller of both, and the other where one is unknown.
func (e DeployExtra) Least() DeployRange {
	x := deploy.Extras{Before: deploy.Extra(e.Before), Usual: deploy.Extra(e.Usual)}
	return DeployRange(x.Least())
}

// deployHours is how much time after a deploy is looked at.
func (b *Builder) deployHours() time.Duration { return cmp.Or(b.DeployHours, deploy.DefaultHours) }

// deploysWithin returns when the deploys happened that b looks at for s: in its period.
func (b *Builder) deploysWithin(p slo.Period) slo.Period {
	if p.End.After(b.At) {
		p.End = b.At
	}
	return p
}

// deployReach returns from when on counts of s have to be known to tell what is
// usual; the zero time if there is no deploy.
func (b *Builder) deployReach(s slo.SLO) time.Time {
	within := b.deploysWithin(b.period(s))
	for _, d := range deploy.Concern(b.Deploys, s) {
		if within.Contains(d.Time) {
			return d.Time.Add(-deploy.Reach(b.deployHours()))
		}
	}
	return time.Time{}
}

// blame notes what the objective of l spent after each deploy of st's period, as
// shares of a budget of that many bad events or slices.
func (b *Builder) blame(l *budget.Ledger, st budget.Status, allowed slo.Number) {
	question := deploy.Question{Within: b.deploysWithin(st.Period), At: b.At, Hours: b.deployHours(), Allowed: allowed}
	if b.deploys == nil {
		b.deploys = map[DeployName][]DeployEffect{}
	}
	for _, e := range deploy.Blame(l, b.Deploys, question) {
		name := deployName(e.Deploy)
		b.deploys[name] = append(b.deploys[name], newEffect(l.SLO().ID(), e))
	}
}

func deployName(d deploy.Deploy) DeployName { return DeployName{d.Time, d.Name, d.Service} }

func newEffect(objective string, e deploy.Effect) DeployEffect {
	out := DeployEffect{Objective: objective, Verdict: e.Verdict, Reason: e.Reason, Partial: e.Partial, More: e.More,
		After: deployHours(e.After, e.Spent.After), Before: deployHours(e.Before, e.Spent.Before),
		Usual: DeployUsual{e.Usual.Weeks, e.Usual.Bad, e.Usual.Total, e.Spent.Usual, e.Usual.Deploys},
		Extra: DeployExtra{DeployRange(e.Against.Before), DeployRange(e.Against.Usual)}}
	for _, d := range e.Shared {
		out.Shared = append(out.Shared, deployName(d))
	}
	return out
}

func deployHours(p budget.Part, spent slo.Number) DeployHours {
	return DeployHours{p.Start, p.End, p.Counts.Bad, p.Counts.Total, spent}
}

// deployed returns the deploys of the periods of the objectives that were added, by
// time, each with its effects: those it is to blame for first, by what they cost;
// and how long after each was looked at. It returns nil if nobody asks.
func (b *Builder) deployed() ([]Deploy, string) {
	if b.Deploys == nil {
		return nil, ""
	}
	out := []Deploy{}
	for name, effects := range b.deploys {
		slices.SortFunc(effects, worstEffect)
		out = append(out, Deploy{name, effects})
	}
	slices.SortFunc(out, func(a, b Deploy) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Name, b.Name))
	})
	return out, slo.FormatDuration(b.deployHours())
}

func worstEffect(a, b DeployEffect) int {
	return cmp.Or(cmp.Compare(blameRank(a.Verdict), blameRank(b.Verdict)),
		b.Extra.Least().Estimate.Cmp(a.Extra.Least().Estimate), cmp.Compare(a.Objective, b.Objective))
}

// blameRank orders verdicts: likely, cannot tell, not likely.
func blameRank(v deploy.Verdict) int {
	return slices.Index([]deploy.Verdict{deploy.Likely, deploy.CannotTell, deploy.NotLikely}, v)
}

// Verdict is the worst of d's effects.
func (d Deploy) Verdict() deploy.Verdict { return d.Effects[0].Verdict }

// DeploysOf returns the deploys that may have touched an objective, with their
// effect on it.
func DeploysOf(deploys []Deploy, objective string) []Deploy {
	var out []Deploy
	for _, d := range deploys {
		if i := slices.IndexFunc(d.Effects, func(e DeployEffect) bool { return e.Objective == objective }); i >= 0 {
			out = append(out, Deploy{d.DeployName, d.Effects[i : i+1]})
		}
	}
	return out
}

// LastDeploys returns the last n deploys and, before them, up to n that are likely
// to blame.
func LastDeploys(deploys []Deploy, n int) []Deploy {
	last := deploys[max(len(deploys)-n, 0):]
	likely := slices.DeleteFunc(slices.Clone(deploys[:len(deploys)-len(last)]), func(d Deploy) bool { return d.Verdict() != deploy.Likely })
	return slices.Concat(likely[max(len(likely)-n, 0):], last)
}
