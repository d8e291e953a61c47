// Package collect reads what the sources of SLO files count and hands every
// objective with its counts to whoever judges it. Data flows one way: the
// objectives get the periods that stand in calendars, then become questions to
// sources, then answers, then counts that are judged.
//
// Sources are fetched side by side, but judged one after the other in the order in
// which the files name them, by one goroutine, so that the same input gives the same
// output. An objective is asked about for the time that it needs itself, so its
// figures do not depend on what stands beside it.
package collect

import (
	"context"
	"errors"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// Plan says what to read and who judges it. Run changes nothing of it: the same plan
// may be run again.
type Plan struct {
	Set   *spec.Set
	Only  slo.Selector // chooses among the label sets that come with the data
	Kinds []sources.Kind
	Env   sources.Env

	// Needs returns the time over which an objective's counts are wanted.
	Needs func(slo.SLO) slo.Period
	// ReleasesAt returns when an objective's release policy is judged. If it is nil,
	// nobody asks, and calendars of freezes are not read.
	ReleasesAt  func(slo.SLO) time.Time
	Percentiles bool // hourly percentiles are wanted too, where a source has durations

	// Judge takes an objective with its counts, for every label set one. It is called
	// from the goroutine that called Run. What it takes is not used again, so series
	// can be dropped once they are judged. An error says that the objective cannot be
	// judged over these counts; Judge is then called again without counts.
	Judge func(build.Measured) error
}

// Result is what was read, besides the counts.
type Result struct {
	Sources  []report.Source // in the order in which the objectives name them
	Warnings diag.List       // of calendars of freezes
	Refusals diag.List       // why something could not be read, sorted
	Failed   bool            // a source or a calendar of exclusions did not answer something
}

// Run reads the counts of every objective of p.Set. It returns an error if nothing can
// be judged: ctx was cancelled, or two sources want to read standard input. A source
// that fails is none: its objectives are judged without counts, and Result tells.
func Run(ctx context.Context, p Plan) (Result, error) {
	objectives, calendars := readCalendars(p)
	inquiries := inquire(p, objectives)
	if err := oneStdin(inquiries); err != nil {
		return Result{}, err
	}
	j := &judge{plan: p, refusals: calendars.refusals, failed: calendars.failed}
	if err := fetch(ctx, p, inquiries, j); err != nil {
		return Result{}, err
	}
	if errors.Is(context.Cause(ctx), context.Canceled) { // half an answer is none
		return Result{}, context.Canceled
	}
	for _, o := range objectives {
		if err := j.finish(o); err != nil {
			return Result{}, err
		}
	}
	j.refusals.Sort()
	return Result{Sources: j.sources, Warnings: calendars.warnings, Refusals: j.refusals, Failed: j.failed}, nil
}
