// Package report is the model that every output draws, and its JSON form, which
// reads back. It judges nothing and says nothing: report/build makes the model, and
// report/words puts it into sentences. A renderer holds no arithmetic beyond layout,
// so that a figure seen in two outputs comes from one field.
package report

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/order"
)

// Report is the answer of `nines report`: every objective over one period.
type Report struct {
	Status
	Version   string     `json:"version"` // of the program
	Title     string     `json:"title"`
	Headline  string     `json:"headline"` // in Language
	Period    Period     `json:"period"`
	Final     bool       `json:"final"` // the period was over and all of it measured when the report was made
	Summary   Summary    `json:"summary"`
	Before    Period     `json:"period_before,omitzero"`
	Previous  *Summary   `json:"previous,omitempty"` // of the period before; nil if nothing was measured in it
	Incidents []Incident `json:"incidents"`          // by start

	Deploys     []Deploy `json:"deploys,omitzero"`       // by time; nil if they were not asked about
	DeployHours string   `json:"deploy_hours,omitempty"` // "4h", how long after a deploy was looked at
}

// Period is what a report covers. Name is "2026-10", "2026-Q3", "2026",
// "2026-W46", "last-7d", or "" for free bounds. Start and End are those of the
// report's zone; an objective in another zone has its own.
type Period struct {
	Name     string    `json:"name,omitempty"`
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`
	Timezone string    `json:"timezone"`
}

// Bounds returns [Start, End).
func (p Period) Bounds() slo.Period { return slo.Period{Start: p.Start, End: p.End} }

// MarshalJSON writes p in UTC.
func (p Period) MarshalJSON() ([]byte, error) {
	type plain Period
	p.Start, p.End = p.Start.UTC(), p.End.UTC()
	return json.Marshal(plain(p))
}

// Summary holds the four figures at the top of a report.
type Summary struct {
	Total           int           `json:"objectives"`
	Met             int           `json:"met"`     // or on track, or at risk: not missed, and judged
	Missed          int           `json:"missed"`  // or exhausted
	AtRisk          int           `json:"at_risk"` // counted in Met too
	NoData          int           `json:"no_data"`
	Availability    slo.Number    `json:"availability"`     // good / valid of all calls of availability objectives; unknown if there are none
	Calls           slo.Number    `json:"calls"`            // valid events behind it: each once that any objective of its indicator counts
	Incidents       slo.Number    `json:"incidents"`        // unknown where nothing was measured
	IncidentLength  time.Duration `json:"-"`                // of all incidents together
	IncidentMinutes slo.Number    `json:"incident_minutes"` // the same
	Blips           slo.Number    `json:"blips"`            // times of blips that are no part of an incident; unknown as Incidents
	Services        int           `json:"services"`
	Exhausted       int           `json:"services_exhausted"` // services with an objective whose budget is spent
	OnHold          int           `json:"services_on_hold"`   // services whose release gate was closed at the end of the period
}

// UnmarshalJSON reads the plain form.
func (s *Summary) UnmarshalJSON(text []byte) error {
	type plain Summary
	err := json.Unmarshal(text, (*plain)(s))
	s.IncidentLength = lasting(s.IncidentMinutes, time.Minute)
	return err
}

// IncidentNumber returns the place of the incident that p is part of, from 1; 0 if
// there is none.
func (r *Report) IncidentNumber(p slo.Period) int {
	return 1 + slices.IndexFunc(r.Incidents, func(i Incident) bool {
		return slo.Period{Start: i.Start, End: i.End}.Covers(p)
	})
}

// Rule is an exclusion with the objectives that it applies to.
type Rule struct {
	Exclusion  Exclusion
	Objectives []string // their IDs
}

// Rules returns each exclusion of the report once.
func (r *Report) Rules() []Rule {
	var rules []Rule
	for _, o := range r.Objectives {
		for _, e := range o.Exclusions {
			i := slices.IndexFunc(rules, func(r Rule) bool { return r.Exclusion.same(e) })
			if i < 0 {
				i = len(rules)
				rules = append(rules, Rule{Exclusion: e})
			}
			rules[i].Objectives = append(rules[i].Objectives, o.ID())
		}
	}
	return rules
}

// same tells whether e and f are of one rule and one zone's days, and left out as much.
func (e Exclusion) same(f Exclusion) bool {
	alike := func(x, y slo.Period) bool { return x.Start.Equal(y.Start) && x.End.Equal(y.End) }
	return e.Name == f.Name && e.AgreedBy == f.AgreedBy && e.Excluded.Cmp(f.Excluded) == 0 &&
		slices.EqualFunc(e.Periods, f.Periods, alike)
}

// FiredRow is a policy with the objective it is for.
type FiredRow struct {
	Objective *Objective
	Alert     *Alerted
}

// Running tells whether figures of an objective are of the time so far of a period.
func (r *Report) Running() bool {
	return slices.ContainsFunc(r.Objectives, func(o Objective) bool { return o.Budget.Projected() })
}

// Unmeasured tells whether nothing was measured of any objective.
func (r *Report) Unmeasured() bool {
	return !slices.ContainsFunc(r.Objectives, func(o Objective) bool { return !o.Unmeasured() })
}

// Mute returns how many of the policies cannot fire.
func (r *Report) Mute() int {
	n := 0
	for _, o := range r.Objectives {
		for _, a := range o.Fired {
			if a.Mute {
				n++
			}
		}
	}
	return n
}

// FiredRows returns the policies that fired in the report's period, the most
// urgent class first, then those that fired most, and how many there are besides that
// could have.
func (r *Report) FiredRows() (rows []FiredRow, silent int) {
	for i := range r.Objectives {
		o := &r.Objectives[i]
		for k := range o.Fired {
			if o.Fired[k].Fired == 0 {
				if o.Fired[k].Times().Known() {
					silent++
				}
				continue
			}
			rows = append(rows, FiredRow{o, &o.Fired[k]})
		}
	}
	order.Stable(rows, func(a, b FiredRow) int {
		return cmp.Or(cmp.Compare(a.Alert.Class.Rank(), b.Alert.Class.Rank()), cmp.Compare(b.Alert.Fired, a.Alert.Fired), cmp.Compare(a.Objective.ID(), b.Objective.ID()))
	})
	return rows, silent
}
