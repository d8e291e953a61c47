package report

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/backtest"
	"github.com/nines-slo/nines/slo/order"
)

// Alerted is what people would have been called by, and how well. The outcomes
// are unknown without an incidents file, since nines is no judge of itself.
type Alerted struct {
	Name      string     `json:"name"` // of the policy, or the class
	Class     slo.Class  `json:"class"`
	Fired     int        `json:"fired"`
	PerWeek   slo.Number `json:"per_week"`          // of the time that is known since the promise began; unknown under six days of it
	Detection Spread     `json:"detection_minutes"` // from an incident's start
	Reset     Spread     `json:"reset_minutes"`     // from an incident's end to the alert's, negative if that came first
	Spent     Spread     `json:"spent_before"`      // share of the window's budget that the incident had spent when the alert began
	Detected  slo.Number `json:"detected"`
	Late      slo.Number `json:"late"`
	Missed    slo.Number `json:"missed"`
	NotJudged slo.Number `json:"not_judged"`
	False     slo.Number `json:"false"`
	Precision slo.Number `json:"precision"` // firings that belong to an incident / firings
	Recall    slo.Number `json:"recall"`    // incidents detected or late / incidents
	Firings   []Firing   `json:"firings"`
	Matches   []Match    `json:"matches"`
	Unmatched []Firing   `json:"unmatched_firings"` // those that belong to no incident
	Mute      bool       `json:"cannot_fire"`       // none of its conditions can ever be true
	Unknown   bool       `json:"-"`                 // nothing was measured: nobody knows whether it would have fired
}

// Times returns how often the alert fired, unknown if nothing was measured, or if it
// cannot: then it was not watching.
func (a Alerted) Times() slo.Number {
	if a.Unknown || a.Mute {
		return slo.Number{}
	}
	return slo.NumberOf(int64(a.Fired))
}

// InIncidents returns how many of the firings belong to an incident of the period.
func (a *Alerted) InIncidents() int { return a.Fired - len(a.Unmatched) }

// Length returns for how long a fired until end.
func (a *Alerted) Length(end time.Time) time.Duration {
	var d time.Duration
	for _, f := range a.Firings {
		d += f.Length(end)
	}
	return d
}

// MarshalJSON writes a with its lists never null.
func (a Alerted) MarshalJSON() ([]byte, error) {
	type plain Alerted
	a.Firings, a.Matches, a.Unmatched = listed(a.Firings), listed(a.Matches), listed(a.Unmatched)
	if a.Unknown {
		return json.Marshal(struct {
			plain
			Fired slo.Number `json:"fired"`
		}{plain: plain(a)})
	}
	return json.Marshal(plain(a))
}

// Spread is the middle and the worst of some figures, unknown without any.
type Spread struct {
	Median slo.Number `json:"median"`
	Worst  slo.Number `json:"worst"`
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *Alerted) UnmarshalJSON(text []byte) error {
	type plain Alerted
	if err := json.Unmarshal(text, (*plain)(a)); err != nil {
		return err
	}
	var times struct {
		Fired slo.Number `json:"fired"`
	}
	err := json.Unmarshal(text, &times)
	a.Unknown = !times.Fired.Known()
	return err
}

// Firing is [Start, End); a nil End is still firing.
type Firing struct {
	Start time.Time  `json:"start"`
	End   *time.Time `json:"end"`

	Earlier bool `json:"since_earlier,omitempty"` // it fired before the period too, from where Start is

	// Blind is, of what `nines alerts` tells, from when to its end nobody knew whether it
	// went on; null if it was judged to the end.
	Blind *time.Time `json:"no_data_since,omitempty"`
}

// Length returns for how long f lasted, until now if it is still firing.
func (f Firing) Length(now time.Time) time.Duration {
	if f.End != nil {
		now = *f.End
	}
	return now.Sub(f.Start)
}

// MarshalJSON writes f in UTC.
func (f Firing) MarshalJSON() ([]byte, error) {
	type plain Firing
	f.Start, f.End, f.Blind = f.Start.UTC(), utc(f.End), utc(f.Blind)
	return json.Marshal(plain(f))
}

// Match is what an alert did in one incident.
type Match struct {
	Incident  string           `json:"incident"` // its name
	Start     time.Time        `json:"start"`
	End       *time.Time       `json:"end"`
	Outcome   backtest.Outcome `json:"outcome"`
	Already   bool             `json:"already_firing"` // missed since the alert had been on for longer than late
	Fired     *time.Time       `json:"fired"`
	Detection slo.Number       `json:"detection_minutes"`
	Reset     slo.Number       `json:"reset_minutes"`
	Spent     slo.Number       `json:"spent_before"`
}

// MarshalJSON writes m in UTC.
func (m Match) MarshalJSON() ([]byte, error) {
	type plain Match
	m.Start, m.End, m.Fired = m.Start.UTC(), utc(m.End), utc(m.Fired)
	return json.Marshal(plain(m))
}

// Event is what happened: a firing, an incident, or one that belongs to the other.
// An incident without a firing was missed or is not judged; a firing without an
// incident is a further one of an incident, or belongs to none.
type Event struct {
	Firing *Firing
	Match  *Match
	Again  bool // a further firing of an incident
}

// start is when e began, for people who read them in order.
func (e Event) start() time.Time {
	if e.Firing != nil {
		return e.Firing.Start
	}
	return e.Match.Start
}

// Events returns a's firings and matches as they came, each firing that told of an
// incident with it.
func (a Alerted) Events() []Event {
	var out []Event
	first := map[time.Time]bool{}
	for i := range a.Matches {
		e := Event{Match: &a.Matches[i]}
		if fired := e.Match.Fired; fired != nil {
			first[fired.UTC()] = true
			k := slices.IndexFunc(a.Firings, func(f Firing) bool { return f.Start.Equal(*fired) })
			e.Firing = &a.Firings[k]
		}
		out = append(out, e)
	}
	for i := range a.Firings {
		if f := &a.Firings[i]; !first[f.Start.UTC()] {
			out = append(out, Event{Firing: f, Again: !a.alone(*f)})
		}
	}
	order.Stable(out, func(a, b Event) int { return a.start().Compare(b.start()) })
	return out
}

// alone tells whether f belongs to no incident.
func (a Alerted) alone(f Firing) bool {
	return slices.ContainsFunc(a.Unmatched, func(u Firing) bool { return u.Start.Equal(f.Start) })
}
