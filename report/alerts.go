package report

import (
	"cmp"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/order"
)

// AlertsSchema is the version of the JSON form. Changes within a version only add.
const AlertsSchema = "nines.alerts/v1"

// Alerts is the answer of `nines alerts`: how every condition of every alert
// policy stands at At.
type Alerts struct {
	Status
	Summary AlertSummary `json:"summary"`
}

// AlertSummary counts conditions.
type AlertSummary struct {
	Pages    int `json:"pages"`   // firing
	Tickets  int `json:"tickets"` // firing, also if covered
	Logs     int `json:"logs"`    // firing, also if covered
	Covered  int `json:"covered"`
	Pending  int `json:"pending"`
	Carried  int `json:"carried"` // of no_data and idle: firing on since there was something to judge
	NoData   int `json:"no_data"` // not idle
	Idle     int `json:"idle"`    // no traffic
	Inactive int `json:"inactive"`
	Mute     int `json:"cannot_fire"` // policies, not conditions: none of theirs can ever be true
}

// Firing returns how many conditions fire.
func (s AlertSummary) Firing() int { return s.Pages + s.Tickets + s.Logs }

// Alert is one condition of a policy at an instant.
type Alert struct {
	Policy    string      `json:"policy"`
	Class     slo.Class   `json:"class"`
	To        []string    `json:"to"`        // destinations
	Condition string      `json:"condition"` // "page 1h/5m"
	Test      slo.Test    `json:"test"`
	State     burn.State  `json:"state"`
	Covered   bool        `json:"covered"`       // a faster class fires too
	Idle      bool        `json:"idle"`          // of no_data: all was measured, but there was no traffic
	Since     *time.Time  `json:"since"`         // null if inactive; of no_data: firing since then, and carried on
	Earlier   bool        `json:"since_earlier"` // it may have begun before Since: counts reach no further back
	Figure    slo.Number  `json:"figure"`        // held against Limit: see burn.Alert
	Limit     slo.Number  `json:"limit"`
	Long      *BurnFigure `json:"long"`   // null of a condition that has no such window
	Short     *BurnFigure `json:"short"`  // null too where the long one alone decides; of acceleration the window before
	Cost      slo.Number  `json:"cost"`   // share of the window's budget that went since Since
	Clears    *time.Time  `json:"clears"` // when it ends if nothing fails any more; null where that is not within the window
	Last      *Firing     `json:"last"`   // the last firing that is over; null if there was none
	Over      []Firing    `json:"over"`   // those that were over in the last seven days, oldest first

	// Known is, of no_data, the last instant that could be judged; null if there is none.
	Known *time.Time `json:"known_until"`
}

// BurnFigure is a burn rate with the counts it stands on.
type BurnFigure struct {
	Window string     `json:"window"` // "1h"
	Bad    slo.Number `json:"bad"`
	Total  slo.Number `json:"total"`
	Rate   slo.Number `json:"rate"`
}

// AlertRow is an alert with the objective it is about.
type AlertRow struct {
	Objective *Objective
	Alert     *Alert
}

// Rows returns the alerts as a list, most urgent first: those that fire by class,
// covered ones after the others, then pending ones, those without data, and if all
// is set the inactive and idle ones.
func (a *Alerts) Rows(all bool) []AlertRow {
	var rows []AlertRow
	for i := range a.Objectives {
		o := &a.Objectives[i]
		for k := range o.Alerts {
			if a := o.Alerts[k]; all || a.State != burn.Inactive && (!a.Idle || a.Since != nil) {
				rows = append(rows, AlertRow{o, &o.Alerts[k]})
			}
		}
	}
	order.Stable(rows, func(x, y AlertRow) int {
		return cmp.Or(cmp.Compare(urgency(x), urgency(y)), cmp.Compare(x.Alert.Class.Rank(), y.Alert.Class.Rank()))
	})
	return rows
}

// urgency orders rows by state.
func urgency(r AlertRow) int {
	if r.Alert.Covered {
		return 1
	}
	return map[burn.State]int{burn.Active: 0, burn.Pending: 2, burn.NoData: 3, burn.Inactive: 4}[r.Alert.State]
}
