package report

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
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

// AsBadAs returns the state whose mark and colour e's verdict has.
func (e DeployEffect) AsBadAs() slo.State {
	switch e.Verdict {
	case deploy.Likely:
		return slo.Missed
	case deploy.NotLikely:
		return slo.Met
	}
	return slo.NoData
}

// Least returns the smaller of both, and the other where one is unknown.
func (e DeployExtra) Least() DeployRange {
	x := deploy.Extras{Before: deploy.Extra(e.Before), Usual: deploy.Extra(e.Usual)}
	return DeployRange(x.Least())
}

// Verdict is the worst of d's effects.
func (d Deploy) Verdict() deploy.Verdict { return d.Effects[0].Verdict }

// Compare orders effects: those that a deploy is to blame for first, by what they cost.
func (e DeployEffect) Compare(f DeployEffect) int {
	return cmp.Or(cmp.Compare(blameRank(e.Verdict), blameRank(f.Verdict)),
		f.Extra.Least().Estimate.Cmp(e.Extra.Least().Estimate), cmp.Compare(e.Objective, f.Objective))
}

// blameRank orders verdicts: likely, cannot tell, not likely.
func blameRank(v deploy.Verdict) int {
	return slices.Index([]deploy.Verdict{deploy.Likely, deploy.CannotTell, deploy.NotLikely}, v)
}

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

// MarshalJSON writes e with its list never null.
func (e DeployEffect) MarshalJSON() ([]byte, error) {
	type plain DeployEffect
	e.Shared = listed(e.Shared)
	return json.Marshal(plain(e))
}
