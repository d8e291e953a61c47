package collect

import (
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/hosts"
	"github.com/nines-slo/nines/sources"
)

// Plan says what to read and who judges it. Run changes nothing of it: the same plan
// may be run again.
type Plan struct {
	Set   *spec.Set
	Only  slo.Selector // chooses among the label sets that come with the data
	Kinds []sources.Kind
	Env   sources.Env
	Hosts hosts.List // that secrets may go to

	// Needs returns the time over which an objective's counts are wanted.
	Needs func(slo.SLO) slo.Period
	// Sets returns the time in which a label set has to occur to be judged. If it is nil,
	// any that comes with the data is. It is asked about for objectives per label.
	Sets func(slo.SLO) slo.Period
	// Told returns the time over which an objective is judged, of which sources tell what they
	// noted. If it is nil, they tell of all that is read.
	Told func(slo.SLO) slo.Period
	// ReleasesAt returns when an objective's release policy is judged. If it is nil,
	// nobody asks, and calendars of freezes are not read.
	ReleasesAt  func(slo.SLO) time.Time
	Percentiles bool // hourly percentiles are wanted too, where a source has durations

	// Judge takes an objective with its counts, for every label set one. It is called
	// from the goroutine that called Run. What it takes is not used again, so series
	// can be dropped once they are judged. An error says that the objective cannot be
	// judged over these counts; Judge is then called again without counts.
	Judge func(build.Measured) error

	// Hear takes what a source says of a part of an objective, for each label set and before
	// it is judged. If it is nil, nobody asks.
	Hear func(Heard)
}

// Heard is what a source says of a part of an objective: an answer, or why there is none.
type Heard struct {
	Objective spec.Objective
	Part      spec.Part
	Period    slo.Period // that was asked about
	Answer    sources.Answer
}

// reach returns the time over which counts of s are asked for.
func (p Plan) reach(s slo.SLO) slo.Period {
	need := p.Needs(s)
	if p.Sets != nil && len(s.By) > 0 {
		need = need.Hull(p.Sets(s))
	}
	return need
}

// lists tells whether a label set of s is judged.
func (p Plan) lists(s slo.SLO, data *slo.Series) bool {
	if p.Sets == nil || len(s.By) == 0 {
		return true
	}
	sets := p.Sets(s)
	sets.Start = sets.Start.Add(1 - data.Step) // a bucket that it begins in belongs to it
	return data.Occurred(sets)
}

// Result is what was read, besides the counts.
type Result struct {
	Sources  []report.Source // in the order in which the objectives name them
	Warnings diag.List       // of calendars of freezes
	Refusals diag.List       // why something could not be read, sorted
	Untold   diag.List       // of Refusals, those that neither a source nor an objective tells
	Came     []string        // IDs of the objectives, with the labels that came with the data
	Idle     []string        // terms of Plan.Only that chose none of them
	Failed   bool            // a source or a calendar of exclusions did not answer something
}
