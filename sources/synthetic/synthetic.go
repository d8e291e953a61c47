// Package synthetic makes series from a short text instead of reading them: for
// demos, for trying an objective before its data exists, and as the reference
// of the conformance suite. A minute has the same counts in every run and for
// every period asked, on any machine: its noise is a hash of the minute, and the
// sums are integers.
package synthetic

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// Kind returns the kind `type: synthetic`.
func Kind() sources.Kind {
	return sources.Kind{SourceKind: spec.SourceKind{
		Name:  "synthetic",
		Doc:   "Counts made from a short text, for demos and tests.",
		Keys:  keys(),
		Check: check,
	}, Open: open}
}

func keys() []spec.Key {
	start := spec.Key{Name: "start", Type: spec.Text, Required: true, Doc: "First instant, such as 2026-01-01T00:00:00Z or 3d ago 14:00."}
	duration := spec.Key{Name: "duration", Type: spec.Length, Required: true, Doc: "How long it lasts."}
	share := spec.Key{
		Name: "errors", Type: spec.Fraction, Example: "30%", Required: true,
		Doc: "Share of bad events in this time, such as 30%; the larger one where it meets another.",
	}
	return []spec.Key{
		{Name: "start", Type: spec.Text, Required: true, Doc: "First minute that was measured, such as 2026-01-01T00:00:00Z, or 90d ago: the midnight 90 days before the day that is judged."},
		{Name: "end", Type: spec.Text, Doc: "End of the last minute measured, as start; without it the series goes on."},
		{Name: "traffic", Type: spec.Text, Doc: `Events, such as "120/min daily 0.3 weekend 0.5 noise 0.1": the busiest rate, its share at 04:00 local time, its share on Saturdays and Sundays, and how far a minute strays from it.`},
		{
			Name: "errors", Type: spec.Fraction, Example: "0.02%",
			Doc: "Share of bad events in quiet times, such as 0.02%; none if it is left out.",
		},
		{Name: "incidents", Type: spec.Objects, Keys: []spec.Key{start, duration, share}, Doc: "Times with more bad events."},
		{Name: "gaps", Type: spec.Objects, Keys: []spec.Key{start, duration}, Doc: "Times that were not measured."},
		{Name: "seed", Type: spec.Integer, Doc: "Another seed gives another noise."},
		{Name: "counts", Type: spec.Text, Doc: `Exact counts a minute instead of traffic: "1000 3/1000x5 _x10 0" is 1000 events, five minutes with 3 bad of 1000, ten not measured, one without traffic.`},
	}
}

func open(_ context.Context, cfg spec.Block, env sources.Env) (sources.Source, error) {
	m, findings := newModel(cfg, env.At)
	if findings.Errors() {
		return nil, findings
	}
	return &source{model: m, at: env.At}, nil
}

// source answers requests from a model.
type source struct {
	model *model
	at    time.Time
}

// Fetch answers requests in their order.
func (s *source) Fetch(ctx context.Context, reqs []sources.Request, emit func(sources.Answer)) error {
	for i, r := range reqs {
		a := sources.Answer{Request: i, Err: refuse(r)}
		if a.Err == nil {
			a.Series, a.Err = s.series(ctx, r)
		}
		if err := sources.Done(ctx); err != nil {
			return err
		}
		if a.Err == nil {
			a.Newest, a.Complete = s.model.newest(s.at), s.at
			a.Series.Newest = a.Newest
			a.Notes = s.model.notes(r.Period, s.at)
		}
		emit(a)
	}
	return nil
}

func refuse(r sources.Request) error {
	switch {
	case len(r.Per) > 0:
		return cannot("a synthetic source has no label %q to split by", r.Per[0])
	case r.Step > time.Minute && r.Step%time.Minute != 0, !r.Period.Empty() && !wholeMinute(r.Period.Start):
		return cannot("a synthetic source counts whole minutes, not %s from %s",
			slo.FormatDuration(r.Step), r.Period.Start.UTC().Format(time.RFC3339Nano))
	}
	return nil
}

func cannot(format string, args ...any) error {
	return &sources.Error{Class: sources.Cannot, Err: fmt.Errorf(format, args...)}
}

// series adds the minutes of each bucket. A bucket is measured if all of its
// minutes were, and it was complete at s.at.
func (s *source) series(ctx context.Context, r sources.Request) (*slo.Series, error) {
	out := slo.NewSeries(r.Period, max(r.Step, time.Minute))
	out.Oldest = s.model.start
	for i := range out.Len() {
		if i%4096 == 0 && ctx.Err() != nil {
			return nil, sources.Done(ctx) // which Fetch finds as well
		}
		c, ok := s.bucket(out.Time(i), out.Time(i+1))
		switch {
		case c.total > slo.MaxUnits:
			return nil, cannot("the bucket of %s has %d events, over 2^53, which cannot be held exactly",
				out.Time(i).UTC().Format(time.RFC3339), c.total)
		case ok:
			out.Bad[i], out.Total[i] = c.want(r.Count)
		}
	}
	return out, nil
}

func (s *source) bucket(start, end time.Time) (counts, bool) {
	var sum counts
	if end.After(s.at) {
		return sum, false
	}
	for t := start; t.Before(end); t = t.Add(time.Minute) {
		c, ok := s.model.minute(t)
		if !ok {
			return counts{}, false
		}
		sum.bad += c.bad
		sum.total += c.total
	}
	return sum, true
}

// counts of one bucket; bad is at most total.
type counts struct{ bad, total uint64 }

// want returns what stands in Series.Bad and Series.Total for that count.
func (c counts) want(count spec.Count) (bad, total float64) {
	switch count {
	case spec.Good:
		return 0, float64(c.total - c.bad)
	case spec.Bad:
		return 0, float64(c.bad)
	case spec.Total:
		return 0, float64(c.total)
	}
	return float64(c.bad), float64(c.total)
}

// maxCount bounds a minute so that an hour of minutes, or a day, still fits uint64.
const maxCount = math.MaxUint64 / (7 * 24 * 60)
