package report

import (
	"encoding/json"
	"time"

	"github.com/nines-slo/nines/slo"
)

// Incident is one time in which one or more objectives were down.
type Incident struct {
	Start    time.Time   `json:"start"`
	End      time.Time   `json:"end"`
	Open     bool        `json:"open"` // not over at the end of the period
	Services []string    `json:"services"`
	Impacts  []Impact    `json:"impacts"`     // largest share of its budget first
	Alert    *FirstAlert `json:"first_alert"` // null if no page or ticket told of it
	Mute     bool        `json:"cannot_fire"` // no page or ticket of an objective in it can fire
}

// Length returns how long i lasted, so far if it is open.
func (i Incident) Length() time.Duration { return i.End.Sub(i.Start) }

// Impact is what an incident cost one objective.
type Impact struct {
	Objective string     `json:"objective"` // Objective.ID
	Bad       slo.Number `json:"bad"`
	Share     slo.Number `json:"share"` // of the objective's bad events in the period
	Spent     slo.Number `json:"spent"` // of the objective's budget
}

// FirstAlert is the first page or ticket that told of an incident.
type FirstAlert struct {
	Objective string     `json:"objective"`
	Policy    string     `json:"policy"`
	Class     slo.Class  `json:"class"`
	At        time.Time  `json:"at"`
	Minutes   slo.Number `json:"minutes"` // from the incident's start
}

// MarshalJSON writes i in UTC.
func (i Incident) MarshalJSON() ([]byte, error) {
	type plain Incident
	i.Start, i.End = i.Start.UTC(), i.End.UTC()
	i.Services, i.Impacts = listed(i.Services), listed(i.Impacts)
	return json.Marshal(plain(i))
}
