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
	Calls       []Point           `json:"calls"`                 // valid events per stretch of CallsPer, at its start
	CallsPer    string            `json:"calls_per"`             // "2h"; Percentiles holds the slowest hour of each such stretch
	Percentiles []slo.Percentiles `json:"percentiles,omitempty"` // per hour
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

// Point is a value at an instant; NaN (null in JSON) breaks the line.
type Point struct {
	Time  time.Time
	Value float64
}

// MarshalJSON writes [time, value]; an unknown value is null.
func (p Point) MarshalJSON() ([]byte, error) {
	return json.Marshal([2]any{p.Time.UTC(), slo.NumberFloat(p.Value)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Point) UnmarshalJSON(text []byte) error {
	var value slo.Number
	if err := json.Unmarshal(text, &[2]any{&p.Time, &value}); err != nil {
		return err
	}
	p.Value = value.Float()
	return nil
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
	d.Thresholds, d.Calls = listed(d.Thresholds), listed(d.Calls)
	return json.Marshal(plain(d))
}
