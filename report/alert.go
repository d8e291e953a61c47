package report

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
)

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
}

// BurnFigure is a burn rate with the counts it stands on.
type BurnFigure struct {
	Window string     `json:"window"` // "1h"
	Bad    slo.Number `json:"bad"`
	Total  slo.Number `json:"total"`
	Rate   slo.Number `json:"rate"`
}
