package backtest

import (
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// Incident is a time in which something was wrong, as people wrote it down or as
// the counts show it.
type Incident struct {
	slo.Period          // a point in time if it is empty; the zero End: not over
	Name       string   // "" if it has none
	Service    string   // of these objectives only; "": of any service
	SLO        string   // a name or service/name; "": any
	Pos        diag.Pos // in the file
}

// Concerns tells whether i is an incident of s.
func (i Incident) Concerns(s slo.SLO) bool {
	if i.Service != "" && !slo.Globs(i.Service, s.Service) {
		return false
	}
	return i.SLO == "" || i.SLO == s.ID() || slo.Globs(i.SLO, s.Name) || slo.Globs(i.SLO, s.Service+"/"+s.Name)
}
