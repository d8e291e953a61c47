package report

import (
	"encoding/json"
	"time"

	"github.com/nines-slo/nines/slo/diag"
)

// Source is one source as the method block names it.
type Source struct {
	Name   string         `json:"name"`
	Type   string         `json:"type"`
	Newest *time.Time     `json:"newest"` // end of the newest bucket known
	Inputs []Input        `json:"inputs"`
	Notes  []diag.Finding `json:"notes"`
	Failed string         `json:"error,omitempty"`
}

// Input is one file or query that was read.
type Input struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	Unread int64  `json:"unread"`
	Digest string `json:"digest,omitempty"`

	// CarriedBy names what put words of its own before the lines of a log: "docker compose".
	CarriedBy string `json:"carried_by,omitempty"`

	// By is how a query of a server was read: one of the ways below.
	By string `json:"by,omitempty"`
	// Rounded tells that counts are no whole numbers, and rounded to 10^-6 of an event.
	Rounded bool `json:"rounded,omitempty"`
}

// Ways in which queries are read. Of the first the server evaluates them; of the others it
// hands over samples, which are counted here.
const (
	PromQL     = "promql"
	RemoteRead = "remote read"
	Instant    = "instant queries"
	Export     = "export"
)

// MarshalJSON writes s in UTC.
func (s Source) MarshalJSON() ([]byte, error) {
	type plain Source
	s.Newest, s.Inputs, s.Notes = utc(s.Newest), listed(s.Inputs), listed(s.Notes)
	return json.Marshal(plain(s))
}
