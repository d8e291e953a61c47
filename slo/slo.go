// Package slo holds the nouns of service level objectives: targets, windows,
// series of counts, exclusions, and the objectives made of them. It does no
// input or output and knows no clock; the packages below it hold the verbs,
// pure functions of an SLO, a Series and an instant.
//
// Times are UTC until they are shown, periods are half-open, shares are ratios
// in [0, 1].
package slo

import (
	"slices"
	"strings"
	"time"
)

// Method is how a budget is counted, in OpenSLO's words.
type Method string

const (
	Occurrences     Method = "occurrences"
	Timeslices      Method = "timeslices"
	RatioTimeslices Method = "ratio-timeslices"
)

// GapPolicy says what a slice that was not measured is worth.
type GapPolicy string

const (
	GapsExclude GapPolicy = "exclude" // it leaves both sums and lowers coverage
	GapsGood    GapPolicy = "good"
	GapsBad     GapPolicy = "bad"
)

// NoTraffic says what a measured slice without valid events is worth.
type NoTraffic string

const (
	NoTrafficIgnore NoTraffic = "ignore" // it leaves both sums, coverage does not fall
	NoTrafficBad    NoTraffic = "bad"
)

// Budgeting is the method with its parameters. Slice, Target, Gaps and
// NoTraffic belong to the slice methods; Target to timeslices alone.
type Budgeting struct {
	Method    Method
	Slice     time.Duration
	Target    Target
	Gaps      GapPolicy
	NoTraffic NoTraffic
}

// Slices tells whether budget is counted in slices of time, not in events.
func (b Budgeting) Slices() bool { return b.Method != Occurrences }

// Incidents says what makes an incident, and when two are one. Burn and MinBad are
// for the methods that have no bad slices of their own.
type Incidents struct {
	Burn     Number        // a 5-minute slice is down at this burn rate or an error ratio of 50 %
	Join     time.Duration // with at most this much traffic between them, runs of down slices are one
	MinBad   Number        // a run has at least this many bad events
	MinSpent Number        // share of a 30-day budget that one spends, unless it was an outage beyond doubt
}

// SLO is one objective: one indicator, one target, one window.
type SLO struct {
	Service     string
	Name        string
	Labels      map[string]string // from the file, and one per `per:` label
	Links       map[string]string // addresses of what belongs to it, by what they lead to: "runbook"
	By          []string          // the `per:` labels, which tell SLOs of one name apart
	Description string
	Owner       string
	Kind        Kind
	Target      Target
	Window      Window
	Budgeting   Budgeting
	Step        time.Duration // of the counts, where the file says it: windows are not shorter
	Delay       time.Duration // the counts of an instant are complete that long after it
	MinCoverage Number        // under this share of measured buckets the state is no_data
	AtRisk      Number        // over this share of budget spent the state is at_risk
	Since       time.Time     // the promise begins here; zero: with the first measured bucket
	MayVanish   bool          // label sets of By come and go: each is judged over its measured time alone
	Vanished    time.Time     // of such a set, the end of its events: there are none to come; zero: it goes on
	Incidents   Incidents
	Exclusions  []Exclusion // those that apply to this SLO
	Alerts      []Policy    // nil: the default policies, see SLO.Policies
	Gate        *Gate       // nil: the default policy, see SLO.ReleasePolicy
}

// DefaultMinCoverage is the share of time that has to be measured for a verdict.
func DefaultMinCoverage() Number { return NumberFrac(9, 10) }

// DefaultAtRisk is the share of budget over which an objective is at risk.
func DefaultAtRisk() Number { return NumberFrac(3, 4) }

// DefaultIncidents is what makes an incident where a file does not say.
func DefaultIncidents() Incidents {
	// 2 % is the share of the first page of the SRE Workbook, table 5-8.
	return Incidents{Burn: NumberOf(6), Join: 10 * time.Minute, MinBad: NumberOf(2), MinSpent: NumberFrac(2, 100)}
}

// Unlabelled returns the labels of By that did not come with the data of s: they do
// not if there is none.
func (s SLO) Unlabelled() []string {
	return slices.DeleteFunc(slices.Clone(s.By), func(label string) bool {
		_, has := s.Labels[label]
		return has
	})
}

// Passing tells whether s is a label set that may begin and end at any time.
func (s SLO) Passing() bool { return s.MayVanish && len(s.By) > 0 }

// ID returns "service/name", with the labels that tell SLOs of one name apart:
// "payments/authorisation{region=asia}".
func (s SLO) ID() string {
	id := s.Name
	if s.Service != "" {
		id = s.Service + "/" + s.Name
	}
	var pairs []string
	for _, label := range s.By {
		if value, ok := s.Labels[label]; ok {
			pairs = append(pairs, label+"="+value)
		}
	}
	if len(pairs) > 0 {
		id += "{" + strings.Join(pairs, ",") + "}"
	}
	return id
}

// State is the verdict on an objective over a period.
type State string

const (
	Met       State = "met" // closed periods
	Missed    State = "missed"
	OnTrack   State = "on_track" // running windows
	Exhausted State = "exhausted"
	AtRisk    State = "at_risk" // both
	NoData    State = "no_data"
)

// Rank orders states worst first: 0 for missed and exhausted, then at_risk,
// no_data, and met and on_track last.
func (s State) Rank() int {
	switch s {
	case Missed, Exhausted:
		return 0
	case AtRisk:
		return 1
	case NoData:
		return 2
	}
	return 3
}

// Names of what objectives count.
const (
	Availability = "availability"
	Latency      = "latency"
)

// Kind says what an objective counts. The zero Kind is unknown.
type Kind struct {
	Name      string        `json:"name"`                // "availability" or "latency"
	Threshold time.Duration `json:"threshold,omitempty"` // of a latency objective, nanoseconds in JSON
}
