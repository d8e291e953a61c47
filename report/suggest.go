package report

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// SuggestSchema is the version of the JSON form of Suggestions.
const SuggestSchema = "nines.suggest/v1"

// SuggestWarning is what has to be said of every target that history suggests.
const SuggestWarning = "these targets say what the system happens to do; what to promise follows from what its users need"

// Suggestions is the answer of `nines suggest`: the targets that indicators would
// have met between From and To.
type Suggestions struct {
	Schema     string         `json:"schema"`
	From       time.Time      `json:"from"`
	To         time.Time      `json:"to"`
	Warning    string         `json:"warning"` // in English
	Objectives []Suggested    `json:"slos"`    // by name
	Sources    []Source       `json:"sources"`
	Language   unit.Language  `json:"language,omitempty"`
	Timezone   string         `json:"timezone,omitempty"` // the name of Zone, "" if that is nil
	Zone       *time.Location `json:"-"`
}

// Suggested is one objective of Suggestions.
type Suggested struct {
	Service  string            `json:"service"`
	Name     string            `json:"name"`
	Labels   map[string]string `json:"labels"`
	By       []string          `json:"by,omitempty"`
	Window   string            `json:"window"` // as in the file
	Length   time.Duration     `json:"-"`
	Start    *time.Time        `json:"start"`          // of the history; nil if nothing was measured
	Windows  int               `json:"windows"`        // held against, a day apart
	Needed   int               `json:"windows_needed"` // to suggest targets
	Missing  time.Duration     `json:"-"`
	MissingD slo.Number        `json:"missing_days"`     // of history
	Distinct slo.Number        `json:"distinct_windows"` // that do not overlap
	Now      SuggestedTarget   `json:"now"`
	Targets  []SuggestedTarget `json:"targets"`
	Warnings []diag.Finding    `json:"warnings"`
	Failed   string            `json:"error,omitempty"`
}

// ID returns "service/name{labels}".
func (s Suggested) ID() string {
	return slo.SLO{Service: s.Service, Name: s.Name, Labels: s.Labels, By: s.By}.ID()
}

// fewWindows is how many windows apart it takes for shares of windows to mean much.
const fewWindows = 3

// Rough tells whether the targets of s stand on few windows that do not overlap.
func (s Suggested) Rough() bool {
	return len(s.Targets) > 0 && s.Distinct.Cmp(slo.NumberOf(fewWindows)) < 0
}

// Short tells whether history is too short to suggest targets. Where there is none in the
// time that was looked at since the data ends or begins elsewhere, that is told instead.
func (s Suggested) Short() bool {
	elsewhere := func(f diag.Finding) bool { return strings.HasPrefix(f.Code, "data/") }
	return len(s.Targets) == 0 && s.Failed == "" && (s.Start != nil || !slices.ContainsFunc(s.Warnings, elsewhere))
}

// History returns how long the history of s is that ends at end; 0 if there is none.
func (s Suggested) History(end time.Time) time.Duration {
	if s.Start == nil {
		return 0
	}
	return end.Sub(*s.Start)
}

// SuggestedTarget is a target, held against history. Target is 0 (null in JSON) if
// no target would do.
type SuggestedTarget struct {
	Share    slo.Number `json:"share"` // of past windows that it was made for; unknown for the present target
	Target   slo.Target `json:"-"`
	Number   slo.Number `json:"target"`
	Met      slo.Number `json:"met"`   // share of past windows in which it would have been met
	Pages    slo.Number `json:"pages"` // of the default page policy over the history; unknown if it cannot fire at that target
	PerMonth slo.Number `json:"pages_per_month"`
	Proven   bool       `json:"proven"` // false: nothing failed at all, and no more than this is proven by so many events
}

// MarshalJSON writes s with its lists never null.
func (s Suggestions) MarshalJSON() ([]byte, error) {
	type plain Suggestions
	s.From, s.To = s.From.UTC(), s.To.UTC()
	s.Objectives, s.Sources = listed(s.Objectives), listed(s.Sources)
	return json.Marshal(plain(s))
}

// MarshalJSON writes s with its lists never null.
func (s Suggested) MarshalJSON() ([]byte, error) {
	type plain Suggested
	if s.Labels == nil {
		s.Labels = map[string]string{}
	}
	s.Start, s.Targets, s.Warnings = utc(s.Start), listed(s.Targets), listed(s.Warnings)
	return json.Marshal(plain(s))
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Suggested) UnmarshalJSON(text []byte) error {
	type plain Suggested
	if err := json.Unmarshal(text, (*plain)(s)); err != nil {
		return err
	}
	s.Missing = lasting(s.MissingD, 24*time.Hour)
	s.Length = slo.Unit(s.Window).Nominal()
	if s.Length > 0 {
		return nil
	}
	var err error
	s.Length, err = slo.ParseDuration(s.Window)
	return err
}

// UnmarshalJSON reads what the plain form writes; without a target there is none.
func (t *SuggestedTarget) UnmarshalJSON(text []byte) error {
	type plain SuggestedTarget
	if err := json.Unmarshal(text, (*plain)(t)); err != nil || !t.Number.Known() {
		return err
	}
	number, err := t.Number.MarshalJSON()
	if err != nil {
		return err
	}
	return t.Target.UnmarshalJSON(number)
}
