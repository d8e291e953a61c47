package report

import (
	"time"

	"github.com/nines-slo/nines/report/unit"
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
