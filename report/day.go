package report

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// Level tells how much of the budget a day took against an even day's share.
type Level int

const (
	LevelNone Level = iota // no data
	LevelLow               // up to half of an even day's share
	LevelEven              // up to an even day's share
	LevelHigh              // up to five times as much
	LevelOver              // more
)

// MarshalText writes a level as a word.
func (l Level) MarshalText() ([]byte, error) {
	return []byte([...]string{"none", "low", "even", "high", "over"}[l]), nil
}

// UnmarshalText reads the word.
func (l *Level) UnmarshalText(text []byte) error {
	for level := LevelNone; level <= LevelOver; level++ {
		if word, _ := level.MarshalText(); string(word) == string(text) {
			*l = level
			return nil
		}
	}
	return fmt.Errorf("%q is no level of a day", text)
}

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

	Slowest *slo.Percentiles `json:"slowest,omitempty"` // the slowest hour, by p99; nil if nobody asked or none was measured
}

// MarshalJSON writes d in UTC; the date stays local.
func (d Day) MarshalJSON() ([]byte, error) {
	type plain Day
	d.Start, d.End = d.Start.UTC(), d.End.UTC()
	return json.Marshal(plain(d))
}
