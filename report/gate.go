package report

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/gate"
)

// GateSchema is the version of the JSON form of a Gate. Changes within it only add.
const GateSchema = "nines.gate/v1"

// Gate is the answer of `nines gate`: may a release go out at At?
type Gate struct {
	Schema     string          `json:"schema"`
	At         time.Time       `json:"at"`
	Language   unit.Language   `json:"language,omitempty"`
	Timezone   string          `json:"timezone,omitempty"` // the name of Zone, "" if that is nil
	Zone       *time.Location  `json:"-"`                  // in which times are shown to people
	Verdict    slo.Verdict     `json:"verdict"`
	Services   []string        `json:"services"`
	Files      []string        `json:"files"`      // SLO files that were read
	Skipped    []string        `json:"skipped"`    // files of other tools in the folders that were read
	Reasons    int             `json:"reasons"`    // what keeps the gate from being plainly open; what keeps several from being known is one
	Objectives []GateObjective `json:"objectives"` // worst first
	Lacking    []GateCheck     `json:"lacking"`    // names that were asked for and did not come with the data: cannot be told
	Overrides  []GateOverride  `json:"overrides"`  // of what was judged, also expired ones, in the order of the files
	Opens      *GateOpening    `json:"opens"`      // when a closed gate opens again; null for any other
	Sources    []Source        `json:"sources"`
	Notes      []GateNote      `json:"notes"` // what else there is to know, also of a gate that is open

	Deploys     []Deploy `json:"deploys,omitzero"`       // of the objectives' windows, by time; nil if they were not asked about
	DeployHours string   `json:"deploy_hours,omitempty"` // "4h", how long after a deploy was looked at
}

// GateNote is something to know of some objectives.
type GateNote struct {
	Code       string   `json:"code"`       // "early": the windows before count too; "overspent": why they are at risk; "gone", "vanished": of label sets; "unmet": no event met a condition; "overlap": files were counted twice
	Objectives []string `json:"objectives"` // ids
	Message    string   `json:"message"`    // in English
	Text       string   `json:"text"`       // the same in the gate's language
}

// GateObjective is what the policy says of one objective.
type GateObjective struct {
	ID      string      `json:"id"`   // service/name{labels}
	File    string      `json:"file"` // the SLO file
	Verdict slo.Verdict `json:"verdict"`
	Newest  *time.Time  `json:"newest"`           // end of its newest bucket with data; null if there is none
	Checks  []GateCheck `json:"checks"`           // worst first, never empty
	Status  Objective   `json:"status"`           // the figures, as in nines.status/v1
	Before  *Standing   `json:"before,omitempty"` // of the window before, which counts too while too little of the own one is measured
}

// GateCheck is one line of a policy held against an objective. Figure and Limit
// are shares of the budget left, minutes of age, or what else Code says.
type GateCheck struct {
	Code        gate.Code    `json:"code"`
	Verdict     slo.Verdict  `json:"verdict"` // open if it does not hold
	Lifted      string       `json:"overridden_by,omitempty"`
	LiftedUntil *time.Time   `json:"overridden_until,omitempty"` // when that ends
	Weight      slo.Verdict  `json:"weight"`                     // what it says in the end: the verdict, or what the override lets it be
	Figure      slo.Number   `json:"figure"`
	Limit       slo.Number   `json:"limit"`
	AtLimit     bool         `json:"at_limit,omitempty"` // it holds at the limit too
	Over        string       `json:"over,omitempty"`     // of a burn rate: "1h"
	Name        string       `json:"name,omitempty"`     // of an alert or a freeze; of a calendar, why it cannot be read
	Since       *time.Time   `json:"since,omitempty"`    // of an alert that fires, or of a promise that is too young
	Reason      string       `json:"reason,omitempty"`   // why there is no forecast, as in Forecast
	Message     string       `json:"message"`            // in English
	Text        string       `json:"text"`               // the same in the gate's language
	Hint        string       `json:"hint,omitempty"`     // what mends it, in English
	Remedy      string       `json:"remedy,omitempty"`   // the same in the gate's language
	Would       gate.Code    `json:"would,omitempty"`    // of doubtful and earlier: the rule that would close the gate; figure and limit are its own then
	Events      slo.Number   `json:"events,omitzero"`    // of doubtful: how many were not read or not sure
	Parted      bool         `json:"parted,omitempty"`   // of doubtful: the events are in the bucket of a histogram that the threshold parts
	Before      bool         `json:"before,omitempty"`   // of the window before
	Policy      string       `json:"policy"`             // "file:line" of its line, "default", or "none" if there is none
	Pos         diag.Pos     `json:"pos"`                // the same; of the default policy the objective's
	Opens       *GateOpening `json:"opens,omitempty"`
}

// GateOpening is when a gate that is closed opens again, as far as time decides.
type GateOpening struct {
	Stopped *time.Time `json:"if_errors_stop"`  // null: not within the window's length
	AtRate  *time.Time `json:"at_present_rate"` // null: not within the window's length, or the rate is unknown
	Rate    slo.Number `json:"burn_rate"`       // the present one; null if unknown
	Other   bool       `json:"cannot_tell"`     // and not while anything cannot be told
}

// GateOverride lets releases out although the policy does not.
type GateOverride struct {
	Owner   string      `json:"owner"`
	Reason  string      `json:"reason"`
	Expires time.Time   `json:"expires"`
	Expired bool        `json:"expired"`
	Only    []string    `json:"only"`
	Then    slo.Verdict `json:"then"`
	Missing bool        `json:"missing"`        // also of objectives of which too little is known
	Policy  string      `json:"policy"`         // "file:line"
	Pos     diag.Pos    `json:"pos"`            // the same
	Text    string      `json:"text,omitempty"` // in the gate's language, "" if it ended long ago
	Lifts   []string    `json:"lifts"`          // ids of the objectives that it lets pass now
}

// Reasons returns the checks that keep o from being plainly open, worst first.
func (o GateObjective) Reasons() []GateCheck {
	return slices.DeleteFunc(slices.Clone(o.Checks), func(c GateCheck) bool { return c.Weight == slo.Open })
}

// GateReasonOf is a check that keeps objectives from being plainly open.
type GateReasonOf struct {
	IDs   []string // of the objectives, or what was asked for and did not come
	Check GateCheck
}

// AllReasons returns what did not come, the worst reason of each objective, worst first,
// then the others. What keeps several from being known is one reason.
func (g *Gate) AllReasons() []GateReasonOf {
	all, more := g.lacking(), true
	for i := 0; more; i++ {
		more = false
		for _, o := range g.Objectives {
			if reasons := o.Reasons(); i < len(reasons) {
				all, more = withReason(all, o.ID, reasons[i]), true
			}
		}
	}
	return all
}

// Causes returns what did not come, then the reasons of each objective. What keeps several
// from being known is one.
func (g *Gate) Causes() []GateReasonOf {
	all := g.lacking()
	for _, o := range g.Objectives {
		for _, c := range o.Reasons() {
			all = withReason(all, o.ID, c)
		}
	}
	return all
}

func (g *Gate) lacking() (all []GateReasonOf) {
	for _, c := range g.Lacking {
		all = append(all, GateReasonOf{[]string{c.Name}, c})
	}
	return all
}

// withReason adds a reason of an objective, to that of others if it is the same: a source
// that failed. What was counted is each one's own.
func withReason(all []GateReasonOf, id string, c GateCheck) []GateReasonOf {
	i := slices.IndexFunc(all, func(r GateReasonOf) bool {
		o := r.Check
		return c.Code.Unknown() && o.Code == c.Code && o.Weight == c.Weight && o.Text == c.Text && o.Remedy == c.Remedy
	})
	if i < 0 {
		return append(all, GateReasonOf{[]string{id}, c})
	}
	all[i].IDs = append(all[i].IDs, id)
	return all
}

// Rows returns the checks that a table shows: the worst, every further reason, and what
// the window before says where it counts.
func (o GateObjective) Rows() []GateCheck {
	rows := o.Checks[:1:1]
	for _, c := range o.Checks[1:] {
		if c.Verdict != slo.Open || c.Before {
			rows = append(rows, c)
		}
	}
	return rows
}

// Exceptions returns the overrides that people are told of.
func (g *Gate) Exceptions() []GateOverride {
	return slices.DeleteFunc(slices.Clone(g.Overrides), func(o GateOverride) bool { return o.Text == "" })
}

// AsBadAs returns the state whose mark and colour a verdict of the gate has.
func AsBadAs(v slo.Verdict) slo.State {
	switch v {
	case slo.Open:
		return slo.Met
	case slo.Warn:
		return slo.AtRisk
	case slo.Closed:
		return slo.Missed
	}
	return slo.NoData
}
