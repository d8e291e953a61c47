// Package budget judges an objective: how many events were good, how much error
// budget that spent, whether the promise was kept. Everything is exact until it
// is shown.
package budget

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// Spend is an error budget on one basis. Spent may be over 1 and Remaining
// under 0; both are unknown without valid events.
type Spend struct {
	Allowed   slo.Number `json:"allowed"` // events or slices that may be bad
	Spent     slo.Number `json:"spent"`   // bad / allowed
	Remaining slo.Number `json:"remaining"`
}

// Basis tells what an error budget is a share of.
type Basis string

const (
	// Measured is what was counted, of a rolling window or a closed period.
	Measured Basis = "measured"
	// Projected is what will have been counted by the end of a period that still runs.
	Projected Basis = "projected"
)

// Counts are good, bad and total (valid) events or slices, 0 where nothing was
// measured. For ratio-timeslices Bad is Σ(1 − ratio) and need not be whole.
type Counts struct {
	Good  slo.Number `json:"good"`
	Bad   slo.Number `json:"bad"`
	Total slo.Number `json:"total"`
}

// Status is the standing of one objective over one period.
type Status struct {
	Period        slo.Period // the whole period
	Elapsed       slo.Period // the part of it whose buckets, or slices, are complete
	Judged        slo.Period // the part of Elapsed since the promise began: what all figures cover
	Covered       slo.Period // the part of it that coverage is a share of: Judged, and of a running period a slice that is not complete
	Now           time.Time  // end of the newest complete bucket, at the latest of the period's last
	Closed        bool       // all that starts in Period is complete
	Counts        Counts     // 0 where nothing was measured
	SLI           slo.Number // ratio
	Basis         Basis      // of Budget
	Total         slo.Number // valid events or slices that Budget is a share of
	Budget        Spend      // what the state follows from: of the whole period, also while it runs
	ElapsedBudget Spend      // what the judged time alone allows; Budget where that is measured
	Minutes       Spend      // Budget in minutes of full outage
	ToCome        slo.Number // minutes, not excluded, that a projected budget counts on
	Coverage      slo.Number // measured share of the elapsed, not excluded buckets
	Buckets       Buckets
	Unexcluded    slo.Number    // SLI as it would be without exclusions
	Young         time.Time     // the promise began here, inside the period; zero if before it
	Ripe          time.Time     // of a running period too little is over to judge it alone until then; zero: it is not
	Thin          time.Duration // of a running period so much has to be measured to judge it alone; 0: it is
	State         slo.State
	Warnings      diag.List
}

// Buckets tells how much of the judged time was measured.
type Buckets struct {
	Step     time.Duration `json:"-"`
	Elapsed  int           `json:"elapsed"` // not excluded
	Measured int           `json:"measured"`
	Excluded int           `json:"excluded"`
}

// BurnRate is how many times faster than even the budget was spent over Window.
type BurnRate struct {
	Window     time.Duration
	Bad, Total slo.Number
	Rate       slo.Number // bad / total / (1 − target); unknown without valid events
	Buckets    Buckets    // of Window: they tell why the rate is unknown
}

// Incident is a run of down slices.
type Incident struct {
	slo.Period
	Open  bool       // still down at the end of the elapsed period
	Bad   slo.Number // events or slices
	Share slo.Number // of the period's bad
}

// Day is one calendar day of a period.
type Day struct {
	slo.Period // cut to the elapsed period
	Date       slo.Date
	Counts     Counts
	Buckets    Buckets
	SLI        slo.Number
	Spent      slo.Number // share of the period's budget; unknown without data
	Multiple   slo.Number // Spent over an even day's share
}
