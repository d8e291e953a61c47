package report

import (
	"encoding/json"
	"time"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// BacktestSchema is the version of the JSON form of a Backtest.
const BacktestSchema = "nines.backtest/v1"

// Backtest is the answer of `nines backtest`: what alert policies would have done
// between From and To, both included.
type Backtest struct {
	Schema     string         `json:"schema"`
	From       time.Time      `json:"from"`
	To         time.Time      `json:"to"`
	Ranges     string         `json:"ranges"`            // RangesWhole, RangesClosed or RangesLeftOpen
	Incidents  string         `json:"incidents"`         // where they come from: FromFile or FromCounts
	Matching   string         `json:"matching"`          // the rule, in English
	Outside    int            `json:"incidents_outside"` // of the file, that were over before From or began after To: held against nothing
	Objectives []Backtested   `json:"slos"`              // by name
	Total      []Alerted      `json:"total"`             // of all objectives, a line a policy; without firings and matches
	Tuning     *Tuning        `json:"tuning,omitempty"`
	Sources    []Source       `json:"sources"`
	Language   unit.Language  `json:"language,omitempty"`
	Timezone   string         `json:"timezone,omitempty"` // the name of Zone, "" if that is nil
	Zone       *time.Location `json:"-"`
}

// Where incidents come from.
const (
	FromFile   = "file"
	FromCounts = "counts" // nines found them in the counts: no judge of the alerts
)

// How windows are cut, and what becomes of a firing without valid events: see
// burn.Semantics.
const (
	RangesWhole    = "whole"     // every bucket of the window; the firing is carried on
	RangesClosed   = "closed"    // the same buckets; it ends, as of rules in Prometheus 2
	RangesLeftOpen = "left-open" // a bucket less at the old side; it ends, as from Prometheus 3 on
)

// Matching is the rule by which firings are held against incidents, in English.
const Matching = "a firing belongs to an incident if it overlaps [start, end + late), and is false if it belongs to none; " +
	"an incident is detected if a firing began no more than late before or after its start, late if one began after that, " +
	"and missed if none did; a firing that had been on for longer than late when the incident began does not tell of it; " +
	"incidents that began before the period, or less than late before its end without a firing, are not judged"

// Backtested is one objective of a Backtest.
type Backtested struct {
	Service    string            `json:"service"`
	Name       string            `json:"name"`
	Labels     map[string]string `json:"labels"`
	By         []string          `json:"by,omitempty"`
	Target     slo.Target        `json:"target"`
	Window     string            `json:"window"` // as in the file
	From       time.Time         `json:"from"`   // as the days that were asked for begin and end in its own zone
	To         time.Time         `json:"to"`
	Step       string            `json:"step"`            // "1m"
	Delay      string            `json:"delay,omitempty"` // firings begin and end that long after the bucket that decides
	Late       time.Duration     `json:"-"`
	LateAfter  slo.Number        `json:"late_minutes"`
	Coverage   slo.Number        `json:"coverage"` // measured share of the buckets of the period that are not excluded
	Conditions []Replayed        `json:"conditions"`
	Policies   []Alerted         `json:"policies"`
	Classes    []Alerted         `json:"classes"` // all policies of a class as one
	Warnings   []diag.Finding    `json:"warnings"`
	Failed     string            `json:"error,omitempty"`
}

// ID returns "service/name{labels}".
func (b Backtested) ID() string {
	return slo.SLO{Service: b.Service, Name: b.Name, Labels: b.Labels, By: b.By}.ID()
}

// Replayed is one condition of a policy over the period.
type Replayed struct {
	Condition string    `json:"condition"` // "page 1h/5m"
	Policy    string    `json:"policy"`
	Class     slo.Class `json:"class"`
	Firings   []Firing  `json:"firings"`
}

// MarshalJSON writes b with its lists never null.
func (b Backtest) MarshalJSON() ([]byte, error) {
	type plain Backtest
	b.From, b.To = b.From.UTC(), b.To.UTC()
	b.Objectives, b.Total, b.Sources = listed(b.Objectives), listed(b.Total), listed(b.Sources)
	return json.Marshal(plain(b))
}

// MarshalJSON writes b with its lists never null.
func (b Backtested) MarshalJSON() ([]byte, error) {
	type plain Backtested
	if b.Labels == nil {
		b.Labels = map[string]string{}
	}
	b.From, b.To = b.From.UTC(), b.To.UTC()
	b.Conditions, b.Policies, b.Classes, b.Warnings = listed(b.Conditions), listed(b.Policies), listed(b.Classes), listed(b.Warnings)
	return json.Marshal(plain(b))
}

// UnmarshalJSON reads what MarshalJSON writes.
func (b *Backtested) UnmarshalJSON(text []byte) error {
	type plain Backtested
	err := json.Unmarshal(text, (*plain)(b))
	b.Late = lasting(b.LateAfter, time.Minute)
	return err
}
