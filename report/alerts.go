package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/burn"
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
	NoData   int `json:"no_data"` // not idle, or firing when data ended
	Idle     int `json:"idle"`    // no traffic
	Inactive int `json:"inactive"`
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
	Since     *time.Time  `json:"since"`         // null if inactive; of no_data: firing from then on when data ended
	Earlier   bool        `json:"since_earlier"` // it may have begun before Since: counts reach no further back
	Figure    slo.Number  `json:"figure"`        // held against Limit: see burn.Alert
	Limit     slo.Number  `json:"limit"`
	Long      *BurnFigure `json:"long,omitempty"`
	Short     *BurnFigure `json:"short,omitempty"`
	Cost      slo.Number  `json:"cost"`   // share of the window's budget that went since Since
	Clears    *time.Time  `json:"clears"` // when it ends if nothing fails any more; null where that is not within the window
	Last      *Firing     `json:"last"`   // the last firing that is over, which missing data does not end; null if there was none
}

// BurnFigure is a burn rate with the counts it stands on.
type BurnFigure struct {
	Window string     `json:"window"` // "1h"
	Bad    slo.Number `json:"bad"`
	Total  slo.Number `json:"total"`
	Rate   slo.Number `json:"rate"`
}

// lookback is how far back a firing's begin is looked for at the least.
const lookback = 7 * 24 * time.Hour

// alerts returns how the policies of l's objective stand at the instant at; failed
// says that its source gave no answer.
func alerts(l *budget.Ledger, at time.Time, failed bool) []Alert {
	out := []Alert{}
	for _, a := range burn.New(l, l.SLO().Policies(), burn.Options{}).At(at) {
		if failed { // not even silence can be told
			a = burn.Alert{Policy: a.Policy, Condition: a.Condition, State: burn.NoData, Long: a.Long, Short: a.Short, Limit: a.Limit}
		}
		out = append(out, newAlert(a))
	}
	return out
}

func newAlert(a burn.Alert) Alert {
	out := Alert{Policy: a.Policy.Name, Class: a.Policy.Class, To: listed(a.Policy.To), Condition: a.Policy.Title(a.Condition), Test: a.Condition.Test,
		State: a.State, Covered: a.Covered, Idle: a.Idle, Earlier: a.Earlier, Figure: a.Figure, Limit: a.Limit, Cost: a.Spent}
	if !a.Since.IsZero() {
		out.Since = &a.Since
	}
	if !a.Clears.IsZero() {
		out.Clears = &a.Clears
	}
	if last := a.Last; !last.End.IsZero() {
		out.Last = &Firing{Start: last.Start, End: &last.End}
	}
	out.Long, out.Short = burnFigure(a.Long), burnFigure(a.Short)
	return out
}

// burnFigure returns nil for a window that the condition does not have.
func burnFigure(r budget.BurnRate) *BurnFigure {
	if r.Window == 0 {
		return nil
	}
	return &BurnFigure{Window: slo.FormatDuration(r.Window), Bad: r.Bad, Total: r.Total, Rate: r.Rate}
}

// Alerts returns what was added to a builder of alerts.
func (b *Builder) Alerts(sources []Source) *Alerts {
	out := &Alerts{Status: b.Status(sources)}
	out.Schema = AlertsSchema
	for _, o := range out.Objectives {
		for _, a := range o.Alerts {
			out.Summary.count(a)
		}
	}
	return out
}

func (s *AlertSummary) count(a Alert) {
	switch a.State {
	case burn.NoData:
		if a.Idle && a.Since == nil {
			s.Idle++
			return
		}
		s.NoData++
	case burn.Inactive:
		s.Inactive++
	case burn.Pending:
		s.Pending++
	case burn.Active:
		*map[slo.Class]*int{slo.Page: &s.Pages, slo.Ticket: &s.Tickets, slo.Log: &s.Logs}[a.Class]++
		if a.Covered {
			s.Covered++
		}
	}
}

// AlertRow is an alert with the objective it is about.
type AlertRow struct {
	*Objective
	*Alert
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
	slices.SortStableFunc(rows, func(x, y AlertRow) int {
		return cmp.Or(cmp.Compare(urgency(x), urgency(y)), cmp.Compare(x.Class.Rank(), y.Class.Rank()))
	})
	return rows
}

// urgency orders rows by state.
func urgency(r AlertRow) int {
	if r.Covered {
		return 1
	}
	return map[burn.State]int{burn.Active: 0, burn.Pending: 2, burn.NoData: 3, burn.Inactive: 4}[r.Alert.State]
}
