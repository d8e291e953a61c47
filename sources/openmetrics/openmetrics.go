// Package openmetrics reads samples from files of text with timestamps: OpenMetrics, the
// Prometheus text format, and what promtool tsdb dump prints. What the samples mean is the
// matter of package tally, so that a file gives the same counts as the server whose
// samples it has.
//
// OpenMetrics has its times in seconds, the others in milliseconds, and which one a file is
// must be certain. It is what the lines say that one format alone has: # EOF, # UNIT, the
// type unknown, info, stateset or gaugehistogram, an exemplar or a point in a time are of
// OpenMetrics, the type untyped of Prometheus, and series whose name stands among the
// labels of a dump. Where there is nothing of the kind, it is the unit in which times lie
// between 1990 and 2200, which is never true of both. Lines that contradict, times far from
// ours and files of neither unit are refused; the key format says it then.
//
// It is of the opinion that a wrong figure is worse than none: a line that cannot be read
// refuses the source, and such lines are named. So does an OpenMetrics file without # EOF
// and another one whose last line has no end, since they are cut short. The samples of a
// series stand in the order of their times, those of several series in any. Files are read
// in the order of their first samples, whatever their names. A sample that is older than
// the one before it in its series, or of the same time and another value, refuses the
// requests that ask for it; one that says the same again says nothing.
//
// NaN is taken as the marker of the end of a series, since that is how dumps print it. The
// native histograms of a dump are read if their bounds are powers of two, from which their
// schema follows; of other bounds a dump prints those of buckets that are not empty, which
// is too little. Exemplars, types and help texts are checked or skipped: nothing counts them.
//
// Memory holds some hundred samples for each series that is asked for, and the labels of
// the others up to 16 MiB. Standard input goes to a temporary file first, since what the
// first reading finds may ask for a second.
package openmetrics

import (
	"context"
	"io"
	"os"
	"slices"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/input"
	"github.com/nines-slo/nines/sources/sample/tally"
)

// room is that of the codes, and the name of the kind.
const room = "openmetrics"

// Kind returns the kind `type: openmetrics`.
func Kind() sources.Kind {
	return sources.Kind{
		SourceKind: spec.SourceKind{
			Name:  room,
			Doc:   "Files of samples with timestamps: OpenMetrics, the Prometheus text format, promtool tsdb dump.",
			Keys:  keys(),
			SLI:   tally.Keys(),
			Check: check,
			Step:  tally.StepOf,
			Files: func(block spec.Block) spec.Value { return block.Get("path") },
		},
		Open: func(_ context.Context, cfg spec.Block, env sources.Env) (sources.Source, error) {
			if findings := check(cfg, spec.Block{}); findings.Errors() {
				return nil, findings
			}
			return &source{block: cfg, env: env}, nil
		},
	}
}

func keys() []spec.Key {
	return append([]spec.Key{
		{
			Name: "path", Type: spec.Texts, Required: true, Doc: `Files to read, globs allowed, .gz and .zst too, ` +
				`in the order of their first samples; "-" is standard input.`,
		},
		input.EncodingKey(),
		{
			Name: "format", Type: spec.Text, Enum: formats()[1:],
			Doc: "How the lines are written, if they do not say it: openmetrics has times in seconds, " +
				"prometheus (text format 0.0.4) and dump (promtool tsdb dump) in milliseconds.",
		},
	}, tally.SourceKeys()...)
}

// check finds what keys cannot say.
func check(block, sli spec.Block) diag.List {
	findings := input.CheckEncoding(block.Get("encoding"))
	path := block.Get("path").Items
	stdin := slices.IndexFunc(path, func(v spec.Value) bool { return v.Text == "-" })
	if stdin >= 0 && len(path) > 1 {
		f := diag.Errorf(path[stdin].Pos, room+"/path",
			"standard input stands beside files: nobody can tell which comes first")
		findings = append(findings, f.WithHint(`name all of them as files, or put them together: path: "-"`))
	}
	findings = append(findings, tally.CheckSource(block, room)...)
	if sli.Is() {
		findings = append(findings, tally.Check(block, sli, room)...)
	}
	return findings
}

// source answers requests from the files of one block.
type source struct {
	block spec.Block
	env   sources.Env
}

// Fetch reads every file once for all requests, and again for what tally asks of the
// series that it found.
func (s *source) Fetch(ctx context.Context, reqs []sources.Request, emit func(sources.Answer)) error {
	store := &store{block: s.block, env: s.env, format: format(slices.Index(formats(), s.block.Get("format").Text))}
	path := s.block.Get("path")
	if path.Text == "-" || len(path.Items) == 1 && path.Items[0].Text == "-" {
		kept, err := keep(ctx, s.env.Stdin)
		if err != nil {
			return err
		}
		defer kept.drop()
		store.kept = kept
	}
	return tally.Fetch(ctx, store, tally.NewConfig(s.block, s.env, room), reqs, func(a sources.Answer) {
		a.Inputs = store.inputs
		emit(a)
	})
}

// keptInput is standard input in a temporary file, which can be read several times.
type keptInput struct {
	file *os.File
	size int64
}

// keep reads standard input to its end.
func keep(ctx context.Context, stdin *sources.Stdin) (*keptInput, error) {
	if stdin == nil {
		return nil, nil // Find says so
	}
	r, err := stdin.Open(ctx)
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp("", "nines-stdin-")
	if err != nil {
		return nil, err
	}
	k := &keptInput{file: file}
	if k.size, err = io.Copy(file, r); err != nil {
		k.drop()
		return nil, err
	}
	return k, nil
}

// again returns what reads standard input from its start.
func (k *keptInput) again() *sources.Stdin {
	return sources.NewStdin(io.NewSectionReader(k.file, 0, k.size))
}

// drop deletes the file.
func (k *keptInput) drop() {
	if k == nil {
		return
	}
	k.file.Close()
	os.Remove(k.file.Name())
}
