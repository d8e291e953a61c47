// Package prometheus asks Prometheus, and servers that speak its API: Thanos, Mimir,
// VictoriaMetrics, what clouds offer under that name, and Loki for its metric queries.
//
// Where an sli names selectors, the samples are read as the server keeps them and package
// tally counts them, to the event. They come by remote read, else by the export of
// VictoriaMetrics, else by instant queries, and the counts are the same either way. Where
// an sli gives PromQL, the server counts, and what it answers is what is reported: its
// increase() extrapolates, which a finding says.
package prometheus

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus/access"
	"github.com/nines-slo/nines/sources/prometheus/recorded"
	"github.com/nines-slo/nines/sources/prometheus/remote"
	"github.com/nines-slo/nines/sources/prometheus/rules"
	"github.com/nines-slo/nines/sources/prometheus/wire"
	"github.com/nines-slo/nines/sources/sample/tally"
)

// room is that of the codes, and the name of the kind.
const room = "prometheus"

// Kind returns the kind `type: prometheus`.
func Kind() sources.Kind {
	return sources.Kind{
		SourceKind: spec.SourceKind{
			Name: room,
			Doc: "Prometheus, and servers that speak its API: Thanos, Mimir, VictoriaMetrics, Grafana Cloud, " +
				"Amazon's and Google's, Loki.",
			Keys:  keys(),
			SLI:   tally.QueryKeys(),
			Check: check,
			Step:  stepOf,
			Goals: access.Goals,
			Holds: access.Holds,
		},
		Open: open,
	}
}

func keys() []spec.Key {
	url := spec.Key{
		Name: "url", Type: spec.Address, Required: true, Example: "https://prometheus.example",
		Doc: "Address of the server, with the path before /api/v1 if there is one.",
	}
	return slices.Concat([]spec.Key{url}, access.Keys(), tally.SourceKeys(), []spec.Key{recorded.Key()})
}

// check finds what keys cannot say: of a block, or of an sli on one that is right.
func check(block, sli spec.Block) diag.List {
	if sli.Is() {
		return tally.CheckQueries(sli, room, sli.Per)
	}
	return append(access.Check(block), tally.CheckSource(block, room)...)
}

// stepOf returns the length of the buckets that a source has: of recordings that of theirs.
func stepOf(block spec.Block) time.Duration {
	if recorded.By(block) != "" {
		return rules.Bucket
	}
	return tally.StepOf(block)
}

// source asks one server.
type source struct {
	config tally.Config
	wire   *wire.Client
	store  *store

	types    map[string]string // of metrics, as the server has them
	typeless error             // why it does not say more of them
}

// perBatch is how many buckets the requests have that are read at once: a dozen of 30 days
// of minutes, in 8 MiB.
const perBatch = 1 << 19

func open(_ context.Context, cfg spec.Block, env sources.Env) (sources.Source, error) {
	if findings := check(cfg, spec.Block{}); findings.Errors() {
		return nil, findings
	}
	caller, err := access.New(cfg, env)
	if err != nil {
		return nil, err
	}
	at := cfg.URL("url").Join()
	s := &source{config: tally.NewConfig(cfg, env, room), types: map[string]string{}}
	s.wire = wire.New(wire.Config{URL: at, HTTP: caller, Parallel: env.Parallel, Hide: caller.Hide})
	s.store = &store{
		wire:   s.wire,
		remote: remote.New(remote.Config{URL: at, HTTP: caller, Parallel: env.Parallel, Hide: caller.Hide}),
	}
	s.config.Step, s.config.Recorded = stepOf(cfg), recorded.By(cfg) != ""
	s.config.Batch, s.config.Evaluate, s.config.Said = perBatch, s.evaluate, s.store.infos
	if env.Types {
		s.config.Type = s.typeOf
	}
	return s, nil
}

// typeOf returns the type of a metric. The server is asked once, and if it does not answer
// never again.
func (s *source) typeOf(ctx context.Context, metric string) (string, error) {
	if kind, known := s.types[metric]; known || s.typeless != nil {
		return kind, s.typeless
	}
	kind, err := s.wire.Type(ctx, metric)
	if s.typeless = err; err == nil {
		s.types[metric] = kind
	}
	return kind, err
}

// Fetch answers every request.
func (s *source) Fetch(ctx context.Context, reqs []sources.Request, emit func(sources.Answer)) error {
	return tally.Fetch(ctx, s.store, s.config, reqs, func(a sources.Answer) {
		way := s.store.way()
		for i, in := range a.Inputs {
			a.Inputs[i].By = cmp.Or(in.By, way)
		}
		for i, f := range a.Found {
			a.Found[i].By = cmp.Or(f.By, way)
		}
		emit(a)
	})
}
