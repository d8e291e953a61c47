package report

import (
	"encoding/json"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/diag"
)

// Objective is one row of every table.
type Objective struct {
	Service     string             `json:"service"`
	Name        string             `json:"name"`
	Labels      map[string]string  `json:"labels"`
	By          []string           `json:"by,omitempty"` // labels that tell objectives of one name apart
	Description string             `json:"description,omitempty"`
	Owner       string             `json:"owner,omitempty"`
	Kind        slo.Kind           `json:"kind"`
	Target      slo.Target         `json:"target"`
	Method      slo.Method         `json:"method"`
	Unit        string             `json:"unit,omitempty"`  // "0.1", "1e-6": events are whole numbers of this; "" where they are counted one by one
	Slice       *Slice             `json:"slice,omitempty"` // of the slice methods
	Window      Window             `json:"window"`
	Events      *budget.Counts     `json:"events,omitempty"` // occurrences
	Slices      *budget.Counts     `json:"slices,omitempty"` // the slice methods
	SLI         slo.Number         `json:"sli"`
	Evidence    *Evidence          `json:"evidence"` // what the counts prove; nil without events
	Budget      Budget             `json:"budget"`
	BurnRates   BurnRates          `json:"burn_rates"`
	Coverage    slo.Number         `json:"coverage"`
	Buckets     Buckets            `json:"buckets"`
	Measured    slo.Number         `json:"measured_minutes"` // not excluded
	Excluded    slo.Number         `json:"excluded_minutes"`
	ToCome      slo.Number         `json:"minutes_to_come"` // not excluded, that a projected budget counts on; else 0
	MinCoverage slo.Number         `json:"min_coverage"`
	Exclusions  []Exclusion        `json:"exclusions"`
	Unexcluded  slo.Number         `json:"sli_without_exclusions"`
	AtRisk      slo.Number         `json:"at_risk"` // over this share of budget spent the state is at_risk
	State       slo.State          `json:"state"`
	Caveat      *Caveat            `json:"caveat,omitempty"`    // nil where enough of the window was measured, and without a state
	Overspent   *Overspent         `json:"overspent,omitempty"` // why a running period is at risk although its budget would last
	Gone        bool               `json:"gone,omitempty"`      // a label set that did not occur in the period, only in the one before
	Doubt       *Doubt             `json:"doubt,omitempty"`     // of the period; nil where all events were read and sure
	Warnings    []diag.Finding     `json:"warnings"`
	Days        []Day              `json:"days,omitempty"`      // of the period; in a status the last 28
	Detail      *Detail            `json:"detail,omitempty"`    // what charts show; only missed and at-risk objectives of a report
	Incidents   []Outage           `json:"incidents,omitempty"` // of this objective, by start
	Blips       []Outage           `json:"blips,omitempty"`     // too short or too few events to be incidents, by start
	Reliability budget.Reliability `json:"reliability"`
	Alerts      []Alert            `json:"alerts,omitempty"`       // in the order of the policies; only where they were asked for
	Mute        []string           `json:"cannot_fire,omitempty"`  // policies of which no condition can ever be true; only with Alerts
	Fired       []Alerted          `json:"fired,omitempty"`        // what each policy did in the period of a report
	Previous    *Previous          `json:"previous,omitempty"`     // the period before
	Standing    *Standing          `json:"standing,omitempty"`     // of the own window at the period's end, where it differs from the period
	Forecast    *Forecast          `json:"forecast,omitempty"`     // of the own window; nil if nobody asked
	Gate        slo.Verdict        `json:"gate,omitempty"`         // of a report: what the release policy says of it at the period's end
	GateReasons []GateReason       `json:"gate_reasons,omitempty"` // why it was not plainly open
	Failed      string             `json:"error,omitempty"`        // why the source gave no answer
}

// Caveat tells that a state stands on less of its window than min_coverage asks for:
// the window is young, has only begun, or has gaps that the slice methods count as
// good or bad. Coverage cannot tell, since it is the share of the time that has gone
// by since the promise began; a reader takes "on track" for the whole window. So the
// basis is all of the window, from its start to its end, without what is excluded.
type Caveat struct {
	Measured slo.Number `json:"measured_minutes"` // not excluded
	Whole    slo.Number `json:"window_minutes"`   // not excluded, also what is to come
}

// Overspent tells why a running period is at risk although no more of its budget is
// spent than may be: it is more than the time so far allows.
type Overspent struct {
	Spent   slo.Number `json:"spent"`           // of what the time so far allows, over 1
	Elapsed slo.Number `json:"elapsed_minutes"` // the time so far
	Message string     `json:"message"`         // in English
}

// Doubt tells how an objective would stand if all events that were not read or not sure
// were bad.
type Doubt struct {
	Events slo.Number `json:"events"`
	SLI    slo.Number `json:"sli"`
	Spent  slo.Number `json:"spent"`
	State  slo.State  `json:"state"`
	Parted bool       `json:"parted,omitempty"` // they are in the bucket of a histogram that the threshold parts
}

// Slice is how the slice methods cut time. Their good, bad, total, allowed and left are
// numbers of slices, of which a slice of ratio-timeslices may be bad in part; these are
// exact fractions.
type Slice struct {
	Unit   string      `json:"unit"`             // "slices": what figures are numbers of
	Length string      `json:"length"`           // "5m"
	Target *slo.Target `json:"target,omitempty"` // a slice of timeslices is good from here on
}

// Unmeasured tells whether nothing was measured of o.
func (o Objective) Unmeasured() bool {
	return o.Buckets.Measured == 0 && o.Counts().Total.Sign() == 0
}

// Counted returns the time that the figures of o are of: its buckets so far, also those
// that are excluded.
func (o Objective) Counted() time.Duration {
	return time.Duration(o.Buckets.Elapsed+o.Buckets.Excluded) * o.Buckets.Step
}

// ID returns "service/name{labels}". Copied into its callers it would be 25 kB of the
// program.
//
//go:noinline
func (o Objective) ID() string {
	return slo.SLO{Service: o.Service, Name: o.Name, Labels: o.Labels, By: o.By}.ID()
}

// Counts returns o's events or slices, whichever its method counts.
func (o Objective) Counts() budget.Counts {
	switch {
	case o.Events != nil:
		return *o.Events
	case o.Slices != nil:
		return *o.Slices
	}
	return budget.Counts{}
}

// Lack is why an objective could not be judged.
type Lack int

const (
	LackNothing  Lack = iota // it was judged
	LackAnswer               // the source failed
	LackEvents               // nothing valid happened
	LackCoverage             // too little of the time was measured
	LackTime                 // there was no time to measure
)

// Lacks returns why o could not be judged.
func (o Objective) Lacks() Lack {
	switch {
	case o.Failed != "":
		return LackAnswer
	case o.State != slo.NoData:
		return LackNothing
	case !o.Coverage.Known():
		return LackTime
	case o.Coverage.Cmp(o.MinCoverage) < 0:
		return LackCoverage
	}
	return LackEvents
}

// Previous is how the objective stood over the period before.
type Previous struct {
	SLI   slo.Number `json:"sli"`
	Spent slo.Number `json:"spent"`
	State slo.State  `json:"state"`
}

// Standing is the objective's own window at the end of a report's period.
type Standing struct {
	Window Window     `json:"window"`
	SLI    slo.Number `json:"sli"`
	Method slo.Method `json:"method"` // what the budget counts
	Budget Budget     `json:"budget"`
	State  slo.State  `json:"state"`
	Caveat *Caveat    `json:"caveat,omitempty"`
}

// GateReason is why the release gate of an objective was not plainly open at a
// period's end, and who let releases out all the same.
type GateReason struct {
	Verdict slo.Verdict `json:"verdict"`
	Message string      `json:"message"` // in English
	Text    string      `json:"text"`    // the same in the report's language
	Owner   string      `json:"overridden_by,omitempty"`
	Reason  string      `json:"override_reason,omitempty"`
	Expires *time.Time  `json:"override_expires,omitempty"`
}

// Outage is one time in which an objective was down, an incident or a blip.
type Outage struct {
	Start time.Time  `json:"start"`
	End   time.Time  `json:"end"`
	Open  bool       `json:"open"` // still down at the end of the elapsed period
	Bad   slo.Number `json:"bad"`
	Share slo.Number `json:"share"` // of the period's bad
}

// Bounds returns [Start, End).
func (o Outage) Bounds() slo.Period { return slo.Period{Start: o.Start, End: o.End} }

// MarshalJSON writes o in UTC.
func (o Outage) MarshalJSON() ([]byte, error) {
	type plain Outage
	o.Start, o.End = o.Start.UTC(), o.End.UTC()
	return json.Marshal(plain(o))
}

// UnmarshalJSON reads what MarshalJSON writes. A forecast is in the zone of the window.
func (o *Objective) UnmarshalJSON(text []byte) error {
	type plain Objective
	if err := json.Unmarshal(text, (*plain)(o)); err != nil || o.Forecast == nil {
		return err
	}
	zone, err := time.LoadLocation(o.Window.Timezone)
	o.Forecast.Zone = zone
	return err
}

// MarshalJSON writes o with its lists never null.
func (o Objective) MarshalJSON() ([]byte, error) {
	type plain Objective
	if o.Labels == nil {
		o.Labels = map[string]string{}
	}
	o.Exclusions, o.Warnings = listed(o.Exclusions), listed(o.Warnings)
	return json.Marshal(plain(o))
}

// WorstDay returns the day that took most of the budget, the first of equals; nil if
// none has data.
func (o Objective) WorstDay() *Day {
	var worst *Day
	for i := range o.Days {
		if d := &o.Days[i]; d.Multiple.Known() && (worst == nil || d.Multiple.Cmp(worst.Multiple) > 0) {
			worst = d
		}
	}
	return worst
}

// SlowestHour returns the hour of o's days with the highest p99, the first of equals;
// nil if none was measured.
func (o Objective) SlowestHour() *slo.Percentiles {
	var slowest *slo.Percentiles
	for _, d := range o.Days {
		if d.Slowest != nil && (slowest == nil || d.Slowest.Slower(*slowest)) {
			slowest = d.Slowest
		}
	}
	return slowest
}

// DaysAt returns how many of o's days are of each level.
func (o Objective) DaysAt() [LevelOver + 1]int {
	var n [LevelOver + 1]int
	for _, d := range o.Days {
		n[d.Level]++
	}
	return n
}
