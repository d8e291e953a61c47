package slo

import (
	"encoding/json"
	"math"
	"time"
)

// Percentiles are a source's response times over one hour, for looking at: they
// are never averaged or summed. Each is off by at most Error × itself, or a microsecond,
// but those from Over on: these are over what they say, and nobody knows by how much.
type Percentiles struct {
	Start         time.Time
	P50, P95, P99 time.Duration
	Error         Number // a ratio; unknown: nobody says
	Count         int64
	Over          int // 50, 95 or 99; 0: none is
}

// Percents returns which percentiles there are, in the order of Lengths.
func Percents() [3]int { return [3]int{50, 95, 99} }

// Lengths returns the percentiles, in the order of Percents.
func (p Percentiles) Lengths() [3]time.Duration { return [3]time.Duration{p.P50, p.P95, p.P99} }

// Slower tells whether the highest percentile of p is above that of another hour. One that is
// over what it says is above all of which that is known.
func (p Percentiles) Slower(than Percentiles) bool {
	if over := p.Over > 0; over != (than.Over > 0) {
		return over
	}
	return p.P99 > than.P99
}

// percentiles is the JSON form of Percentiles: seconds.
type percentiles struct {
	Start time.Time `json:"start"`
	P50   Number    `json:"p50_seconds"`
	P95   Number    `json:"p95_seconds"`
	P99   Number    `json:"p99_seconds"`
	Error Number    `json:"error"`
	Count int64     `json:"count"`
	Over  int       `json:"over_from,omitempty"`
}

// MarshalJSON writes p in seconds.
func (p Percentiles) MarshalJSON() ([]byte, error) {
	seconds := func(d time.Duration) Number { return NumberFrac(int64(d), int64(time.Second)) }
	return json.Marshal(percentiles{p.Start.UTC(), seconds(p.P50), seconds(p.P95), seconds(p.P99), p.Error, p.Count, p.Over})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Percentiles) UnmarshalJSON(text []byte) error {
	var in percentiles
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	seconds := func(n Number) time.Duration {
		return time.Duration(math.Round(n.Mul(NumberOf(int64(time.Second))).Float()))
	}
	*p = Percentiles{Start: in.Start, P50: seconds(in.P50), P95: seconds(in.P95), P99: seconds(in.P99),
		Error: in.Error, Count: in.Count, Over: in.Over}
	return nil
}
