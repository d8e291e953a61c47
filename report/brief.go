package report

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// BriefSchema is the version of the JSON form. Changes within a version only add.
const BriefSchema = "nines.summary/v1"

// Brief is the answer of `nines summary`: what people have to know of a week. Every
// objective is shown over its own window as it stood when the week ended; the gate is
// that of now.
type Brief struct {
	Schema     string           `json:"schema"`
	Version    string           `json:"version"` // of the program
	At         time.Time        `json:"at"`
	Language   unit.Language    `json:"language,omitempty"`
	Timezone   string           `json:"timezone,omitempty"` // the name of Zone, "" if that is nil
	Zone       *time.Location   `json:"-"`                  // in which times are shown to people
	Title      string           `json:"title"`
	Owner      string           `json:"owner,omitempty"` // of a summary for one owner
	Period     Period           `json:"period"`
	Final      bool             `json:"final"` // the period was over and all of it measured
	Headline   string           `json:"headline"`
	Attention  int              `json:"need_attention"` // how many objectives people have to look at
	Objectives []BriefObjective `json:"slos"`           // worst first
	Gate       BriefGate        `json:"gate"`
	Alerts     []BriefAlerts    `json:"alerts"`    // of the period, by class
	Incidents  []Incident       `json:"incidents"` // of the period, by start
	Deploys    []Deploy         `json:"deploys,omitzero"`
	Sources    []Source         `json:"sources"`
	Link       string           `json:"link,omitempty"` // to the full report
}

// BriefObjective is how an objective stood at the end of the period.
type BriefObjective struct {
	ID        string         `json:"id"` // service/name{labels}
	Service   string         `json:"service"`
	Name      string         `json:"name"`
	Owner     string         `json:"owner,omitempty"`
	Target    slo.Target     `json:"target"`
	Standing  Standing       `json:"standing"`                // of its own window
	Spent     slo.Number     `json:"spent_before"`            // of the budget a period earlier
	Change    slo.Number     `json:"change"`                  // of what is spent; unknown where another window has begun
	Turned    bool           `json:"window_turned"`           // a calendar window began since then
	Before    *Standing      `json:"window_before,omitempty"` // the calendar window that ended within the period
	Why       string         `json:"why,omitempty"`           // not judged, or not surely; in Language
	Coverage  slo.Number     `json:"coverage"`                // measured share of the period
	Gaps      slo.Number     `json:"unmeasured_minutes"`      // of the period; 0 where gaps count as good or bad, or a label set may vanish
	Doubt     *Doubt         `json:"doubt,omitempty"`         // of the period; nil where all events were read and sure
	Forecast  *Forecast      `json:"forecast,omitempty"`      // nil where the own window is over
	Overspent *Overspent     `json:"overspent,omitempty"`     // at risk though its budget would last
	Failed    string         `json:"error,omitempty"`         // why the source gave no answer
	Warnings  []diag.Finding `json:"warnings"`
}

// Attention tells whether people have to look at o: its budget is gone or soon will be,
// was gone when a window ended within the period, or nobody knows for sure, since too
// little of the period or of its own window was counted.
func (o BriefObjective) Attention() bool {
	return o.Standing.State != slo.Met && o.Standing.State != slo.OnTrack || o.Why != "" || o.Missed()
}

// Missed tells that the window that ended within the period missed its target.
func (o BriefObjective) Missed() bool { return o.Before != nil && o.Before.State == slo.Missed }

// Ended tells that people are told of the window that ended within the period first: it
// missed its target, which is worse than what is known of the one that goes on.
func (o BriefObjective) Ended() bool {
	return o.Missed() && o.Standing.State.Rank() > slo.Missed.Rank()
}

// Judged tells that o has a state, sure or not.
func (o BriefObjective) Judged() bool { return o.Standing.State != slo.NoData }

// Unsure tells that o was judged, and that too little of it was counted to be sure.
func (o BriefObjective) Unsure() bool { return o.Why != "" && o.Judged() }

// State is the worst of what is told of o.
func (o BriefObjective) State() slo.State {
	worst := o.Standing.State
	if o.Missed() {
		worst = worse(worst, slo.Missed)
	}
	if o.Why != "" {
		worst = worse(worst, slo.NoData)
	}
	return worst
}

func worse(a, b slo.State) slo.State {
	if b.Rank() < a.Rank() {
		return b
	}
	return a
}

// BriefGate is what the release gate says now.
type BriefGate struct {
	Verdict slo.Verdict   `json:"verdict"`
	Reasons []BriefReason `json:"reasons"`         // worst first, an objective once
	Opens   string        `json:"opens,omitempty"` // when it opens again, in the summary's language
}

// BriefReason is why the gate is not plainly open for some objectives.
type BriefReason struct {
	Objectives []string    `json:"objectives"` // or what was asked for and did not come
	Verdict    slo.Verdict `json:"verdict"`
	Text       string      `json:"text"` // in a few words, in the summary's language
}

// BriefAlerts is what the alerts of one class did in the period.
type BriefAlerts struct {
	Class  slo.Class `json:"class"`
	Fired  int       `json:"fired"`
	Useful int       `json:"in_incidents"`
	False  int       `json:"in_none"`
	Firing []string  `json:"still_firing"` // "checkout/availability page", at the period's end
}

// Needy returns the objectives that need attention, worst first.
func (b *Brief) Needy() []BriefObjective {
	return slices.DeleteFunc(slices.Clone(b.Objectives), func(o BriefObjective) bool { return !o.Attention() })
}

// Nobody is the Owner of a summary of objectives that name none.
const Nobody = "nobody"

// Concerned tells whether b tells of a source's objectives: of a summary for one owner
// most sources are others'.
func (b *Brief) Concerned(s Source) bool {
	of := func(o BriefObjective) bool { return o.Failed == s.Failed }
	return b.Owner == "" || slices.ContainsFunc(b.Objectives, of)
}

// Services returns the services that b tells of, sorted.
func (b *Brief) Services() []string {
	var out []string
	for _, o := range b.Objectives {
		out = append(out, o.Service)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// IDs returns the objectives that b tells of.
func (b *Brief) IDs() []string {
	var out []string
	for _, o := range b.Objectives {
		out = append(out, o.ID)
	}
	return out
}

// Facts are what a reader would call news if it differs from the last summary: states and
// whether they are sure, verdicts, alerts that fire, and incidents. They are the same in
// every language.
func (b *Brief) Facts() []string {
	facts := []string{"gate " + string(b.Gate.Verdict)}
	for _, o := range b.Objectives {
		facts = append(facts, "state "+o.ID+" "+string(o.State()))
		if o.Unsure() {
			facts = append(facts, "unsure "+o.ID)
		}
	}
	for _, r := range b.Gate.Reasons {
		for _, id := range r.Objectives {
			facts = append(facts, "gate "+id+" "+string(r.Verdict))
		}
	}
	for _, a := range b.Alerts {
		for _, name := range a.Firing {
			facts = append(facts, "firing "+name)
		}
	}
	for _, i := range b.Incidents {
		facts = append(facts, "incident "+strconv.FormatInt(i.Start.Unix(), 10))
	}
	slices.Sort(facts)
	return facts
}

// Worst is the worst state that b tells of.
func (b *Brief) Worst() slo.State {
	worst := slo.OnTrack
	for _, o := range b.Objectives {
		worst = worse(worst, o.State())
	}
	return worst
}

// UnmarshalJSON reads what MarshalJSON writes. A forecast is in the zone of the window.
func (o *BriefObjective) UnmarshalJSON(text []byte) error {
	type plain BriefObjective
	if err := json.Unmarshal(text, (*plain)(o)); err != nil || o.Forecast == nil {
		return err
	}
	zone, err := time.LoadLocation(o.Standing.Window.Timezone)
	o.Forecast.Zone = zone
	return err
}

// MarshalJSON writes b in UTC, with its lists never null.
func (b Brief) MarshalJSON() ([]byte, error) {
	type plain Brief
	b.At = b.At.UTC()
	b.Objectives, b.Alerts = listed(b.Objectives), listed(b.Alerts)
	b.Incidents, b.Sources = listed(b.Incidents), listed(b.Sources)
	return json.Marshal(plain(b))
}

// MarshalJSON writes o with its lists never null.
func (o BriefObjective) MarshalJSON() ([]byte, error) {
	type plain BriefObjective
	o.Warnings = listed(o.Warnings)
	return json.Marshal(plain(o))
}

// MarshalJSON writes g with its list never null.
func (g BriefGate) MarshalJSON() ([]byte, error) {
	type plain BriefGate
	g.Reasons = listed(g.Reasons)
	return json.Marshal(plain(g))
}

// MarshalJSON writes a with its list never null.
func (a BriefAlerts) MarshalJSON() ([]byte, error) {
	type plain BriefAlerts
	a.Firing = listed(a.Firing)
	return json.Marshal(plain(a))
}
