// Package tally turns samples into the answers of a source. It is of the opinion that a
// counter can be counted exactly: it takes the difference of every two samples of a series,
// never a rate. All that is decided about samples is decided here, so that the same samples
// give the same counts, whoever has them.
//
// A difference belongs to the bucket of its later sample, Bucket says which. A value lower
// than the one before is a restart and counts whole. Samples further apart than two
// intervals and a twentieth have a pause between them; an interval is the median of the
// nine distances around theirs. Buckets of a pause are gaps where no other series of the label set has samples;
// what happened in it counts where the series returns.
//
// The first value of a series is what it began with, except in two cases, in which it counts
// whole: its target, which is all that has its job and instance, had samples at the scrape
// before, none of the target's series of that metric ended then, and none that ended in the
// hour before or a few scrapes behind had a value that it may go on from, under other labels;
// or its process began after that scrape. Otherwise nobody knows when these events happened.
// They are left out, and a note says how many they may be.
//
// Series that differ in a label of replicas are one: in each bucket the one counts that has
// the most samples there, and from where the one before left off. Of native histograms whose
// buckets became coarser in between, what lies at or below a limit that is no bound is in
// doubt then; and the percentiles of an hour are those of the one with the most samples in it.
//
// Where the total is measured and the good or bad events have no sample at all they are 0
// only if their metric and all labels that their selector names are there. Good events that
// are more than all, since two counters are not read at once, count in the bucket before or
// in one of the hour behind where there is room; if there is none nothing was measured.
//
// Memory holds 8 bytes for each bucket and counter of a label set, and some 400 for each
// series; of a series with a replica label 48 for each bucket too, of a native histogram with
// one 160.
package tally

import (
	"context"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
)

// Config is what a source says of its samples.
type Config struct {
	Room    string        // of the codes of findings
	Step    time.Duration // of buckets, where a request asks for shorter ones; 0: as asked
	Replica []string      // labels that tell replicas apart; empty: the usual ones
	At      time.Time     // later samples are left out; zero: none
	Delay   time.Duration // by which samples come late
	Batch   int           // buckets of the requests that are read at once, or those of one with more; 0: all
	Digest  bool          // fill Input.Digest, which is that of the samples

	Recorded bool // expressions have a point for each bucket, whatever lies between samples of what they name

	Evaluate Evaluate // answers expressions; nil: a source takes selectors alone

	// Type returns the type of a metric, "counter" or "gauge", "" if it is not known. Nil: nobody asks.
	Type func(ctx context.Context, metric string) (string, error)

	// Said returns what the store's server said beside the samples of a selector. Nil: nothing.
	Said func(selector string) []string
}

// SourceKeys returns the keys of a source's block that say what samples mean.
func SourceKeys() []spec.Key {
	return []spec.Key{
		{
			Name: "step", Type: spec.Length, Example: "5m",
			Doc: "Length of a bucket, and $step of PromQL: whole minutes that divide 24h; longer where samples lie " +
				"further apart. If left out 1m; with PromQL the shortest of 1m, 2m, 5m, 10m and 1h that holds " +
				"four scrapes.",
		},
		{
			Name: "replica", Type: spec.Texts, Example: "prometheus_replica",
			Doc: "Labels that tell replicas apart: series that differ in these alone count once; " +
				"prometheus_replica, replica and __replica__ if left out.",
		},
	}
}

// CheckSource finds what SourceKeys cannot say.
func CheckSource(block spec.Block, room string) diag.List {
	step := block.Get("step")
	d := step.Duration()
	if !step.Is() || d >= time.Minute && d%time.Minute == 0 && 24*time.Hour%d == 0 {
		return nil
	}
	f := diag.Errorf(step.Pos, room+"/step", "step %q is not whole minutes that divide 24h", step.Text)
	return diag.List{f.WithHint("write for example 1m, 5m or 1h")}
}

// StepOf returns the length of the buckets of a source that says it, else 0.
func StepOf(block spec.Block) time.Duration { return block.Get("step").Duration() }

// NewConfig returns what a block of SourceKeys says.
func NewConfig(block spec.Block, env sources.Env, room string) Config {
	return Config{
		Room: room, Step: StepOf(block), Replica: block.Get("replica").Strings(),
		At: env.At, Delay: block.Get("delay").Duration(), Digest: env.Digest,
	}
}

// Bucket returns the start of the bucket that a sample at an instant counts in, both in
// milliseconds since the epoch: what a sample tells happened before it, at the latest just
// then, so a bucket of samples excludes its start and includes its end. The same holds for
// a point of a range query whose window is one step.
func Bucket(at int64, step time.Duration) int64 {
	length := step.Milliseconds()
	return floor(at-1, length) * length
}

// floor returns a / b, rounded down.
func floor(a, b int64) int64 {
	n := a / b
	if a%b < 0 {
		n--
	}
	return n
}

// Fetch answers requests whose sli blocks Check takes, as a sources.Source does.
func Fetch(
	ctx context.Context, store sample.Store, c Config, reqs []sources.Request, emit func(sources.Answer),
) error {
	var room scratch
	ends := c.batches(reqs)
	first := 0
	for i, next := range ends {
		p := newPlan(c, reqs, first, next, &room)
		if err := p.fetch(sources.OneOf(ctx, len(ends)-i), store, emit); err != nil {
			if done := sources.Done(ctx); done != nil {
				return done
			}
			return err
		}
		first = next
	}
	return nil
}

// batches returns the ends of the requests that are read together.
func (c Config) batches(reqs []sources.Request) (ends []int) {
	n := 0
	for i, r := range reqs {
		buckets := newGrid(r, c.Step).n
		if n += buckets; i > 0 && c.Batch > 0 && n > c.Batch {
			ends = append(ends, i)
			n = buckets
		}
	}
	if len(reqs) > 0 {
		ends = append(ends, len(reqs))
	}
	return ends
}

// fetch answers the requests of a plan.
func (p *plan) fetch(ctx context.Context, store sample.Store, emit func(sources.Answer)) error {
	for _, step := range []func(context.Context, sample.Store) error{p.findBounds, p.pace, p.evaluate, p.askReplicas, p.read, p.track, p.askBirths} {
		if err := step(ctx, store); err != nil {
			return err
		}
	}
	p.blame()
	for _, a := range p.asked {
		if a.hidden {
			continue
		}
		if err := a.answer(ctx, store, emit); err != nil {
			return err
		}
	}
	for _, a := range p.asked {
		for _, one := range a.split.All() {
			p.room.parts = append(p.room.parts, one)
		}
	}
	return nil
}
