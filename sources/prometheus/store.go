package prometheus

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus/remote"
	"github.com/nines-slo/nines/sources/prometheus/wire"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/tally"
)

// store reads samples in the best way that its server has.
type store struct {
	remote *remote.Client
	wire   *wire.Client
	known  bool // what the server has in the place of remote read:
	export bool // that of VictoriaMetrics
	direct bool // there is no remote read

	external external // labels of what comes by remote read

	said map[string][]string // infos beside samples, by the selector
}

// Select reads samples by remote read, or by what the server has in its place.
func (s *store) Select(ctx context.Context, queries []sample.Query, take func(int, sample.Block) error) error {
	if !s.direct {
		err := s.remote.Select(ctx, queries, s.own(ctx, queries, take))
		if !errors.Is(err, remote.ErrNone) {
			return err
		}
		s.direct = true
	}
	return s.heeding(ctx, queries, func(from *wire.Store) error { return from.Select(ctx, queries, take) })
}

// Series returns the labels of series.
func (s *store) Series(ctx context.Context, queries []sample.Query, take func(int, sample.Labels) error) error {
	return s.heeding(ctx, queries, func(from *wire.Store) error { return from.Series(ctx, queries, take) })
}

// Names returns the names of metrics.
func (s *store) Names(ctx context.Context, from, to int64) ([]string, error) {
	if err := s.know(ctx); err != nil {
		return nil, err
	}
	return s.answers(nil).Names(ctx, from, to)
}

// know learns who answers where there is no remote read.
func (s *store) know(ctx context.Context) error {
	if s.known {
		return nil
	}
	exports, err := s.wire.Exports(ctx)
	if err != nil && sources.ClassOf(err) != sources.Auth { // queries may be allowed all the same
		return err
	}
	s.known, s.export = true, exports
	return nil
}

// answers returns who answers in the place of remote read.
func (s *store) answers(hear wire.Hear) *wire.Store {
	if s.export {
		return s.wire.Export(hear)
	}
	return s.wire.Samples(hear)
}

// heeding asks, and makes an error of what the server warns of: what it then answers may
// lack something, and no figure shows that.
func (s *store) heeding(ctx context.Context, queries []sample.Query, ask func(*wire.Store) error) error {
	if err := s.know(ctx); err != nil {
		return err
	}
	var warned []error
	err := ask(s.answers(func(i int, t wire.Told) {
		s.hear(queries[i].Selector.String(), t.Infos)
		if len(t.Warnings) > 0 {
			warned = append(warned, &sample.QueryError{Query: i, Err: warning(t)})
		}
	}))
	return errors.Join(append(warned, err)...)
}

// hear keeps what a server said beside samples, each text once.
func (s *store) hear(selector string, infos []string) {
	for _, text := range infos {
		if s.said == nil {
			s.said = map[string][]string{}
		}
		if !slices.Contains(s.said[selector], text) {
			s.said[selector] = append(s.said[selector], text)
		}
	}
}

// infos returns what the server said beside the samples of a selector.
func (s *store) infos(selector string) []string { return s.said[selector] }

// way names how samples are read.
func (s *store) way() string {
	switch {
	case !s.direct:
		return "remote read"
	case s.export:
		return "export"
	}
	return "instant queries"
}

// warning says that an answer may lack something.
func warning(t wire.Told) error {
	return &sources.Error{
		Class: sources.Cannot,
		Err:   fmt.Errorf("warns that its answer may lack something: %s", t.Warnings[0]),
	}
}

// evaluate has the server count.
func (s *source) evaluate(
	ctx context.Context, all []tally.Evaluation, take func(int, sample.Block) error,
) ([][]string, error) {
	var ranges []wire.Range
	for _, e := range all {
		ranges = append(ranges, wire.Range{Query: e.Query, From: e.From, To: e.To, Step: e.Step, Lookback: e.Lookback})
	}
	told, err := s.wire.Range(ctx, ranges, take)
	failed, infos := []error{err}, make([][]string, len(all))
	for i, t := range told {
		infos[i] = t.Infos
		if len(t.Warnings) > 0 {
			failed = append(failed, &sample.QueryError{Query: i, Err: warning(t)})
		}
	}
	return infos, errors.Join(failed...)
}
