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
	Percentiles []slo.Percentiles `json:"percentiles,omitempty"` // per hour
	Calls       []Point           `json:"calls"`                 // valid events per stretch of CallsPer, at its start
	CallsPer    string            `json:"calls_per"`             // "2h"; Percentiles holds the slowest hour of each such stretch
	Days        []DetailDay       `json:"days"`                  // in step with the objective's
}

// DetailDay is one day of the charts.
type DetailDay struct {
	Left    slo.Number       // share of the budget left at its end
	Burn    []slo.Number     // highest rate of each of Detail.Burn, of windows that ended in it
	Slowest *slo.Percentiles // the hour with the highest p99; nil if none was measured
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

// SlowestHour returns the hour with the highest p99, the first of equals; nil if
// none was measured.
func (d *Detail) SlowestHour() *slo.Percentiles {
	var slowest *slo.Percentiles
	for i := range d.Percentiles {
		if h := &d.Percentiles[i]; slowest == nil || h.P99 > slowest.P99 {
			slowest = h
		}
	}
	return slowest
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

// Point is a value at an instant; an unknown one (null in JSON) breaks the line.
type Point struct {
	Time  time.Time
	Value slo.Number
}

// MarshalJSON writes [time, value]; an unknown value is null.
func (p Point) MarshalJSON() ([]byte, error) {
	return json.Marshal([2]any{p.Time.UTC(), p.Value})
}

// MarshalJSON writes b's points as a list.
func (b BurnLine) MarshalJSON() ([]byte, error) {
	type plain BurnLine
	b.Points = listed(b.Points)
	return json.Marshal(plain(b))
}

// percentiles is the JSON form of slo.Percentiles: seconds.
type percentiles struct {
	Start time.Time  `json:"start"`
	P50   slo.Number `json:"p50_seconds"`
	P95   slo.Number `json:"p95_seconds"`
	P99   slo.Number `json:"p99_seconds"`
	Count int64      `json:"count"`
}

// MarshalJSON writes d with percentiles in seconds.
func (d Detail) MarshalJSON() ([]byte, error) {
	type plain Detail
	out := struct {
		plain
		Percentiles []percentiles `json:"percentiles,omitempty"`
	}{plain: plain(d)}
	out.Burndown, out.Burn = listed(d.Burndown), listed(d.Burn)
	out.Thresholds, out.Calls = listed(d.Thresholds), listed(d.Calls)
	out.Days = listed(d.Days)
	for _, p := range d.Percentiles {
		out.Percentiles = append(out.Percentiles, inSeconds(p))
	}
	return json.Marshal(out)
}

// MarshalJSON writes d with percentiles in seconds.
func (d DetailDay) MarshalJSON() ([]byte, error) {
	out := struct {
		Left    slo.Number   `json:"left"`
		Burn    []slo.Number `json:"burn"`
		Slowest *percentiles `json:"slowest,omitempty"`
	}{Left: d.Left, Burn: listed(d.Burn)}
	if d.Slowest != nil {
		slowest := inSeconds(*d.Slowest)
		out.Slowest = &slowest
	}
	return json.Marshal(out)
}

func inSeconds(p slo.Percentiles) percentiles {
	seconds := func(d time.Duration) slo.Number { return slo.NumberFrac(int64(d), int64(time.Second)) }
	return percentiles{p.Start.UTC(), seconds(p.P50), seconds(p.P95), seconds(p.P99), p.Count}
}
