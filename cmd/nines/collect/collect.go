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
	"slices"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// Run reads the counts of every objective of p.Set. It returns an error if nothing can
// be judged: ctx was cancelled, or two sources want to read standard input. A source
// that fails is none: its objectives are judged without counts, and Result tells.
func Run(ctx context.Context, p Plan) (Result, error) {
	objectives, calendars := readCalendars(ctx, p)
	inquiries := inquire(p, objectives)
	if err := oneStdin(inquiries); err != nil {
		return Result{}, err
	}
	j := &judge{plan: p, met: map[string]bool{}, refusals: calendars.refusals, failed: calendars.failed}
	if err := fetch(ctx, p, inquiries, j.hear); err != nil {
		return Result{}, err
	}
	if errors.Is(ctx.Err(), context.Canceled) { // half an answer is none
		return Result{}, context.Cause(ctx)
	}
	for _, o := range objectives {
		if err := j.finish(o); err != nil {
			return Result{}, err
		}
	}
	j.refusals.Sort()
	told := func(f diag.Finding) bool { return slices.Contains(j.told, f) }
	untold := slices.DeleteFunc(slices.Clone(j.refusals), told)
	idle := p.Only.Idle(func(term slo.Selector) bool { return j.met[term[0]] })
	return Result{Sources: j.sources, Warnings: calendars.warnings, Refusals: j.refusals, Untold: untold,
		Came: slices.Compact(slices.Sorted(slices.Values(j.came))), Idle: idle, Failed: j.failed}, nil
}
