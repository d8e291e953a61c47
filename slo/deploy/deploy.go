// Package deploy tells which deploys cost error budget: it compares the hours after
// each with the hours before it and with the usual for that weekday. Lists of
// deploys are read by package journal.
//
// A verdict is a comparison in time, not a cause: what else happened in the same
// hours counts too, and is named where it was a deploy.
package deploy

import (
	"time"

	"github.com/nines-slo/nines/slo/diag"
)

// Deploy is one change that went live.
type Deploy struct {
	Time    time.Time
	Name    string   // a version or a tag
	Service string   // "": it may have touched every objective
	Pos     diag.Pos // where its service stands, else where the deploy does
}
