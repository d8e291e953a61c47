// Package report is the one model that every output draws. All judgements,
// orders and totals are made here, once; a renderer below it holds no arithmetic
// beyond layout, so that a figure seen in two outputs comes from one field.
package report

import (
	"time"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/diag"
)

// Versions of the JSON forms. Changes within a version only add.
const (
	StatusSchema = "nines.status/v1"
	ReportSchema = "nines.report/v1"
)

// Status is the answer of `nines status`: every objective's own window at At.
type Status struct {
	Schema     string         `json:"schema"`
	At         time.Time      `json:"at"`
	Language   unit.Language  `json:"-"`
	Zone       *time.Location `json:"-"`    // in which times are shown to people
	Objectives []Objective    `json:"slos"` // worst first
	Sources    []Source       `json:"sources"`
}

// Report is the answer of `nines report`: every objective over one period.
type Report struct {
	Status
	Version   string     `json:"version"` // of the program
	Title     string     `json:"title"`
	Headline  string     `json:"headline"` // in Language
	Period    Period     `json:"period"`
	Final     bool       `json:"final"` // the period was over and all of it measured when the report was made
	Summary   Summary    `json:"summary"`
	Previous  *Summary   `json:"previous,omitempty"` // the period before; nil if nothing was measured in it
	Incidents []Incident `json:"incidents"`          // by start

	Deploys     []Deploy `json:"deploys,omitzero"`       // by time; nil if they were not asked about
	DeployHours string   `json:"deploy_hours,omitempty"` // "4h", how long after a deploy was looked at
}

// Period is what a report covers. Name is "2026-10", "2026-Q3", "2026",
// "2026-W46", "last-7d", or "" for free bounds. Start and End are those of the
// report's zone; an objective in another zone has its own.
type Period struct {
	Name     string    `json:"name,omitempty"`
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	Timezone string    `json:"timezone"`
}

// Bounds returns [Start, End).
func (p Period) Bounds() slo.Period { return slo.Period{Start: p.Start, End: p.End} }

// Summary holds the four figures at the top of a report.
type Summary struct {
	Total           int           `json:"objectives"`
	Met             int           `json:"met"`     // or on track, or at risk: not missed, and judged
	Missed          int           `json:"missed"`  // or exhausted
	AtRisk          int           `json:"at_risk"` // counted in Met too
	NoData          int           `json:"no_data"`
	Availability    slo.Number    `json:"availability"` // good / valid of all calls of availability objectives; unknown if there are none
	Calls           slo.Number    `json:"calls"`        // valid events behind it
	Incidents       int           `json:"incidents"`
	IncidentLength  time.Duration `json:"-"`                // of all incidents together
	IncidentMinutes slo.Number    `json:"incident_minutes"` // the same
	Services        int           `json:"services"`
	Exhausted       int           `json:"services_exhausted"` // services with an objective whose budget is spent
	OnHold          int           `json:"services_on_hold"`   // services whose release gate was closed at the end of the period
}

// Objective is one row of every table.
type Objective struct {
	Service     string             `json:"service"`
	Name        string             `json:"name"`
	Labels      map[string]string  `json:"labels"`
	By          []string           `json:"-"` // labels that tell objectives of one name apart
	Description string             `json:"description,omitempty"`
	Owner       string             `json:"owner,omitempty"`
	Kind        slo.Kind           `json:"kind"`
	Target      slo.Target         `json:"target"`
	Method      slo.Method         `json:"method"`
	Slice       *Slice             `json:"slice,omitempty"` // of the slice methods
	Window      Window             `json:"window"`
	Events      *budget.Counts     `json:"events,omitempty"` // occurrences
	Slices      *budget.Counts     `json:"slices,omitempty"` // the slice methods
	SLI         slo.Number         `json:"sli"`
	Evidence    *Evidence          `json:"evidence"` // what the counts prove; nil without events
	Budget      Budget             `json:"budget"`
	BurnRates   BurnRates          `json:"burn_rates"`
	Coverage    slo.Number         `json:"coverage"`
	Buckets     budget.Buckets     `json:"buckets"`
	Measured    slo.Number         `json:"measured_minutes"` // not excluded
	Excluded    slo.Number         `json:"excluded_minutes"`
	MinCoverage slo.Number         `json:"min_coverage"`
	Exclusions  []Exclusion        `json:"exclusions"`
	Unexcluded  slo.Number         `json:"sli_without_exclusions"`
	AtRisk      slo.Number         `json:"at_risk"` // over this share of budget spent the state is at_risk
	State       slo.State          `json:"state"`
	Warnings    []diag.Finding     `json:"warnings"`
	Days        []Day              `json:"days,omitempty"`   // of the period; in a status the last 28
	Detail      *Detail            `json:"detail,omitempty"` // what charts show; only missed and at-risk objectives of a report
	Incidents   []budget.Incident  `json:"-"`                // of this objective, by start
	Reliability budget.Reliability `json:"reliability"`
	Alerts      []Alert            `json:"alerts,omitempty"`       // in the order of the policies; only where they were asked for
	Fired       []Alerted          `json:"fired,omitempty"`        // what each policy did in the period of a report
	Previous    *Previous          `json:"previous,omitempty"`     // the period before
	Standing    *Standing          `json:"standing,omitempty"`     // of the own window at the period's end, where it differs from the period
	Forecast    *Forecast          `json:"forecast,omitempty"`     // of the own window; nil if nobody asked
	Gate        slo.Verdict        `json:"gate,omitempty"`         // of a report: what the release policy says of it at the period's end
	GateReasons []GateReason       `json:"gate_reasons,omitempty"` // why it was not plainly open
	Failed      string             `json:"error,omitempty"`        // why the source gave no answer
}

// Slice is how the slice methods cut time.
type Slice struct {
	Length string      `json:"length"`           // "5m"
	Target *slo.Target `json:"target,omitempty"` // a slice of timeslices is good from here on
}

// ID returns "service/name{labels}".
func (o Objective) ID() string {
	return slo.SLO{Service: o.Service, Name: o.Name, Labels: o.Labels, By: o.By}.ID()
}

// Window is the period that an objective was judged over.
type Window struct {
	Kind     string     `json:"kind"`   // "rolling", "calendar", or "period" for a period asked for
	Length   string     `json:"length"` // as in the file: "30d", "month"; of a period asked for "period"
	Start    time.Time  `json:"start"`
	End      time.Time  `json:"end"`     // of the whole period, also while it runs
	Elapsed  time.Time  `json:"elapsed"` // figures cover [start, elapsed)
	Timezone string     `json:"timezone"`
	Since    *time.Time `json:"since,omitempty"` // the promise is younger than the window: figures begin here
	Closed   bool       `json:"closed"`
}

// Budget is an objective's error budget.
type Budget struct {
	budget.Spend
	Left      slo.Number         `json:"left"` // events or slices that may still be bad: allowed − bad
	Minutes   budget.Spend       `json:"minutes"`
	Projected *budget.Projection `json:"projected,omitempty"`
}

// BurnRates are in the order of their windows, shortest first.
type BurnRates []budget.BurnRate

// Over returns the burn rate over w, unknown if w is none of the windows.
func (b BurnRates) Over(w time.Duration) slo.Number {
	for _, r := range b {
		if r.Window == w {
			return r.Rate
		}
	}
	return slo.Number{}
}

// Exclusion is the excluded time of one rule within the elapsed period.
type Exclusion struct {
	Name     string       `json:"name"`
	AgreedBy string       `json:"agreed_by,omitempty"`
	Periods  []slo.Period `json:"periods"` // sorted, none overlaps another
}

// Length returns how much time is excluded.
func (e Exclusion) Length() time.Duration {
	var d time.Duration
	for _, p := range e.Periods {
		d += p.Length()
	}
	return d
}

// Level tells how much of the budget a day took against an even day's share.
type Level int

const (
	LevelNone Level = iota // no data
	LevelLow               // up to half of an even day's share
	LevelEven              // up to an even day's share
	LevelHigh              // up to five times as much
	LevelOver              // more
)

// Day is one day of an objective.
type Day struct {
	Date     string        `json:"date"` // local, 2026-10-31
	Start    time.Time     `json:"start"`
	End      time.Time     `json:"end"`
	Counts   budget.Counts `json:"counts"`
	SLI      slo.Number    `json:"sli"`
	Spent    slo.Number    `json:"spent"`    // share of the period's budget; the days add up to budget.spent
	Multiple slo.Number    `json:"multiple"` // spent over an even day's share
	Level    Level         `json:"level"`
}

// Point is a value at an instant; NaN (null in JSON) breaks the line.
type Point struct {
	Time  time.Time
	Value float64
}

// Detail holds the charts of one objective, each line of at most 400 points
// (the smallest and the largest of each stretch are kept).
type Detail struct {
	Burndown    []Point           `json:"burndown"`          // share of the budget left; the last is budget.remaining
	RanOut      *time.Time        `json:"ran_out,omitempty"` // when the budget was overspent
	Burn        []BurnLine        `json:"burn"`
	Thresholds  []Threshold       `json:"thresholds"`            // of the alert policies
	Percentiles []slo.Percentiles `json:"percentiles,omitempty"` // per hour
	Calls       []Point           `json:"calls"`                 // valid events per stretch of CallsPer, at its start
	CallsPer    string            `json:"calls_per"`             // "2h"; Percentiles holds the slowest hour of each such stretch
}

// BurnLine is the burn rate over one window along the period. Peak is its highest
// value, exact; Threshold is that of the alert with this long window, if there is
// one, and Past tells whether Peak is over it.
type BurnLine struct {
	Window    string     `json:"window"` // "1h"
	Points    []Point    `json:"points"`
	Peak      slo.Number `json:"peak"`
	PeakAt    time.Time  `json:"peak_at"`
	Threshold *Threshold `json:"threshold,omitempty"`
	Past      bool       `json:"past"`
}

// Threshold is a burn rate at which an alert fires.
type Threshold struct {
	Name    string     `json:"name"`    // "page 1h/5m"
	Class   string     `json:"class"`   // "page"
	Windows string     `json:"windows"` // "1h/5m"
	Factor  slo.Number `json:"factor"`
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
	Budget Budget     `json:"budget"`
	State  slo.State  `json:"state"`
}

// Incident is one time in which one or more objectives were down.
type Incident struct {
	Start    time.Time   `json:"start"`
	End      time.Time   `json:"end"`
	Open     bool        `json:"open"` // not over at the end of the period
	Services []string    `json:"services"`
	Impacts  []Impact    `json:"impacts"`     // largest share of its budget first
	Alert    *FirstAlert `json:"first_alert"` // null if no page or ticket told of it
}

// Impact is what an incident cost one objective.
type Impact struct {
	Objective string     `json:"objective"` // Objective.ID
	Bad       slo.Number `json:"bad"`
	Share     slo.Number `json:"share"` // of the objective's bad events in the period
	Spent     slo.Number `json:"spent"` // of the objective's budget
}

// Source is one source as the method block names it.
type Source struct {
	Name   string         `json:"name"`
	Type   string         `json:"type"`
	Newest *time.Time     `json:"newest"` // end of the newest bucket known
	Inputs []Input        `json:"inputs"`
	Notes  []diag.Finding `json:"notes"`
	Failed string         `json:"error,omitempty"`
}

// Input is one file or query that was read.
type Input struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	Unread int64  `json:"unread"`
	Digest string `json:"digest,omitempty"`
}
