package report

import (
	"encoding/json"
	"time"

	"github.com/nines-slo/nines/slo"
)

// Detail holds the charts of one objective, each line of at most 400 points
// (the smallest and the largest of each stretch are kept).
type Detail struct {
	Burndown    []Point           `json:"burndown"`          // share of the budget left; the last is budget.remaining
	RanOut      *time.Time        `json:"ran_out,omitempty"` // when the budget was overspent
	Burn        []BurnLine        `json:"burn"`
	Thresholds  []Threshold       `json:"thresholds"`            // of the alert policies
	Calls       []Point           `json:"calls"`                 // valid events per stretch of CallsPer, no less than a bucket, at its start
	CallsPer    string            `json:"calls_per"`             // "2h"; Percentiles holds the slowest hour of each such stretch
	Percentiles []slo.Percentiles `json:"percentiles,omitempty"` // per hour
	Days        []DetailDay       `json:"days"`                  // in step with the objective's
}

// DetailDay is one day of the charts.
type DetailDay struct {
	Left slo.Number   `json:"left"` // share of the budget left at its end
	Burn []slo.Number `json:"burn"` // highest rate of each of Detail.Burn, of windows that ended in it
}

// Lowest returns the least that was left of the budget along the burn-down, unknown
// if nothing is known of it.
func (d *Detail) Lowest() slo.Number {
	var least slo.Number
	for _, p := range d.Burndown {
		if p.Value.Known() && (!least.Known() || p.Value.Cmp(least) < 0) {
			least = p.Value
		}
	}
	return least
}

// WorstBurn returns the burn rate to speak of first: the first that went past its
// threshold, else the first that is known; nil if none is.
func (d *Detail) WorstBurn() *BurnLine {
	var worst *BurnLine
	for i := range d.Burn {
		b := &d.Burn[i]
		if b.Peak.Known() && (worst == nil || b.Past && !worst.Past) {
			worst = b
		}
	}
	return worst
}

// MostCalls returns the stretch with the most valid events, the first of equals;
// nil if none was measured.
func (d *Detail) MostCalls() *Point {
	var most *Point
	for i := range d.Calls {
		if p := &d.Calls[i]; p.Value.Known() && (most == nil || p.Value.Cmp(most.Value) > 0) {
			most = p
		}
	}
	return most
}

// BurnLine is the burn rate over one window along the period. Peak is its highest
// value, exact; Threshold is that of the alert with this long window, if there is
// one, and Past tells whether Peak is over it.
type BurnLine struct {
	Window    string     `json:"window"` // "1h"
	Points    []Point    `json:"points"`
	Peak      slo.Number `json:"peak"`
	PeakAt    *time.Time `json:"peak_at"` // nil where no value is known
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

// Point is a value at an instant; an unknown one (null in JSON) breaks the line.
type Point struct {
	Time  time.Time
	Value slo.Number
}

// MarshalJSON writes [time, value]; an unknown value is null.
func (p Point) MarshalJSON() ([]byte, error) {
	return json.Marshal([2]any{p.Time.UTC(), p.Value})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Point) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &[2]any{&p.Time, &p.Value})
}

// MarshalJSON writes b's points as a list.
func (b BurnLine) MarshalJSON() ([]byte, error) {
	type plain BurnLine
	b.Points = listed(b.Points)
	return json.Marshal(plain(b))
}

// MarshalJSON writes d with its lists never null.
func (d Detail) MarshalJSON() ([]byte, error) {
	type plain Detail
	d.Burndown, d.Burn = listed(d.Burndown), listed(d.Burn)
	d.Thresholds, d.Calls, d.Days = listed(d.Thresholds), listed(d.Calls), listed(d.Days)
	return json.Marshal(plain(d))
}

// MarshalJSON writes d with its lists never null.
func (d DetailDay) MarshalJSON() ([]byte, error) {
	type plain DetailDay
	d.Burn = listed(d.Burn)
	return json.Marshal(plain(d))
}
