package tally

import (
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

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
