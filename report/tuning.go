package report

import (
	"encoding/json"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/backtest"
)

// Tuning is what a search for a page policy came to.
type Tuning struct {
	Objectives    int             `json:"objectives"`
	Incidents     int             `json:"incidents"`       // to judge by, each once however many objectives it concerns
	Shown         int             `json:"incidents_shown"` // of those, that show in the SLI: see backtest.Tuner.Add
	Lowest        slo.Number      `json:"lowest_factor"`   // that was tried
	Unseen        bool            `json:"mostly_unseen"`   // fewer than half of them show: no policy can find the others
	MaxFalse      slo.Number      `json:"max_false"`       // pages a week, over all objectives, that are allowed
	Folds         int             `json:"folds"`           // into which history was cut
	Embargo       time.Duration   `json:"-"`
	EmbargoLength slo.Number      `json:"embargo_minutes"`     // beside a fold that its policy was not chosen on
	Step          string          `json:"step"`                // the coarsest of the data, which windows are made of: "1h"
	Mixed         bool            `json:"mixed_steps"`         // there are finer ones, which may do better by themselves
	Own           bool            `json:"own_defaults"`        // the default pages of objectives differ: Default is each one's own
	Coarse        bool            `json:"default_cannot_fire"` // on the coarsest of the data: Base stands in for it
	Tried         int             `json:"tried"`               // policies
	Needed        int             `json:"incidents_needed"`
	TooShort      backtest.Reason `json:"too_short,omitempty"`
	Kept          backtest.Kept   `json:"kept,omitempty"` // why the default is recommended
	Silent        TunedPolicy     `json:"silent"`         // no page at all, to compare with; never recommended
	Default       TunedPolicy     `json:"default"`
	Base          TunedPolicy     `json:"base"`          // what stands in for the default, with wider windows where the data is too coarse for it
	Front         []TunedPolicy   `json:"front"`         // most found in time first
	HeldOut       Outcomes        `json:"held_out"`      // of what each fold chose
	HeldBase      Outcomes        `json:"held_out_base"` // of Base on the same folds
	Best          TunedPolicy     `json:"recommended"`
	YAML          string          `json:"yaml"` // Best, for alerts: of a file
}

// TunedPolicy is a policy that was tried.
type TunedPolicy struct {
	Policy   string    `json:"policy"` // "1h/5m > 10, 6h/30m > 4; for 2m; min_bad 5"
	Default  bool      `json:"default"`
	InSample Outcomes  `json:"in_sample"` // on all of history
	HeldOut  *Outcomes `json:"held_out"`  // on the folds that chose it; nil if none did
	Chosen   int       `json:"chosen"`    // by so many folds
}

// Outcomes are how a policy did.
type Outcomes struct {
	Incidents int           `json:"incidents"`
	Detected  int           `json:"detected"` // in time
	Late      int           `json:"late"`     // after that
	Missed    int           `json:"missed"`
	Recall    slo.Number    `json:"recall"` // share of the incidents that were detected, late or not
	Delay     time.Duration `json:"-"`
	DelayTime slo.Number    `json:"delay_minutes"` // to the alerts, added up; unknown without any
	False     int           `json:"false"`
	PerWeek   slo.Number    `json:"false_per_week"`
}

// Part is what a policy of a Tuning is besides one of those in front.
type Part string

const (
	InFront     Part = ""
	Unchanged   Part = "default"
	Widened     Part = "widened" // Base, where it is not the default itself
	Recommended Part = "recommended"
	Silenced    Part = "silent"
)

// TuningRow is a policy of a Tuning as it is shown.
type TuningRow struct {
	Tuned TunedPolicy
	Part  Part
	Best  bool // the recommended one; of the default it goes without saying
}

// maxFront is how many policies of a front are shown.
const maxFront = 15

// Rows returns the policies that are shown, each once: the default, what stands in for
// it, the recommended one, that which is silent, and the first of the front, and how many of the front are
// left out.
func (t *Tuning) Rows() (rows []TuningRow, more int) {
	seen := map[string]bool{}
	add := func(p TunedPolicy, part Part) {
		if !seen[p.Policy] {
			seen[p.Policy] = true
			best := part == Recommended || part == Widened && p.Policy == t.Best.Policy
			rows = append(rows, TuningRow{p, part, best})
		}
	}
	if t.Own {
		add(t.Default, InFront) // its name says what it is
	}
	add(t.Default, Unchanged)
	add(t.Base, Widened)
	add(t.Best, Recommended)
	add(t.Silent, Silenced)
	most := len(rows) + maxFront
	for _, p := range t.Front {
		if len(rows) == most && !seen[p.Policy] {
			more++
			continue
		}
		add(p, InFront)
	}
	return rows, more
}

// UnmarshalJSON reads the plain form.
func (t *Tuning) UnmarshalJSON(text []byte) error {
	type plain Tuning
	err := json.Unmarshal(text, (*plain)(t))
	t.Embargo = lasting(t.EmbargoLength, time.Minute)
	return err
}

// UnmarshalJSON reads the plain form.
func (o *Outcomes) UnmarshalJSON(text []byte) error {
	type plain Outcomes
	err := json.Unmarshal(text, (*plain)(o))
	o.Delay = lasting(o.DelayTime, time.Minute)
	return err
}
