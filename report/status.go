package report

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
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
	Language   unit.Language  `json:"language,omitempty"`
	Timezone   string         `json:"timezone,omitempty"` // the name of Zone, "" if that is nil
	Zone       *time.Location `json:"-"`                  // in which times are shown to people
	Objectives []Objective    `json:"slos"`               // worst first
	Sources    []Source       `json:"sources"`
}

// BurnWindows returns the windows of all burn rates, shortest first.
func (s *Status) BurnWindows() []time.Duration {
	var windows []time.Duration
	for _, o := range s.Objectives {
		for _, b := range o.BurnRates {
			windows = append(windows, b.Window)
		}
	}
	slices.Sort(windows)
	return slices.Compact(windows)
}

// StateCount is how many objectives are in a state.
type StateCount struct {
	State slo.State
	N     int
}

// States counts the objectives by state, worst first; states of none are left out.
func (s *Status) States() []StateCount {
	var out []StateCount
	for _, state := range [...]slo.State{slo.Missed, slo.Exhausted, slo.AtRisk, slo.NoData, slo.Met, slo.OnTrack} {
		n := 0
		for _, o := range s.Objectives {
			if o.State == state {
				n++
			}
		}
		if n > 0 {
			out = append(out, StateCount{state, n})
		}
	}
	return out
}
