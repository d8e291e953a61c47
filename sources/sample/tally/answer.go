package tally

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
)

// parted returns which events the sides give beside all of them, Total if none.
func (a *asked) parted() spec.Count {
	parted := spec.Total
	for _, s := range a.sides {
		switch {
		case s.limit != nil:
			return spec.Good
		case s.role == spec.Bad, s.role == spec.Both:
			return spec.Bad
		case s.role == spec.Good:
			parted = spec.Good
		}
	}
	return parted
}

// adds tells whether all events are the good and the bad ones.
func (a *asked) adds() bool {
	return !slices.ContainsFunc(a.sides, func(s *side) bool { return s.role == spec.Total || s.role == spec.Both })
}

// want returns the count that is asked for. That of a counter with a source of its own
// stands for all.
func (a *asked) want() spec.Count {
	if len(a.sides) == 1 && a.sides[0].role == spec.Total {
		return spec.Total
	}
	return a.req.Count
}

// answer emits the answers of a request.
func (a *asked) answer(ctx context.Context, store sample.Store, emit func(sources.Answer)) error {
	a.fold()
	base := sources.Answer{Request: a.index, Found: a.found(), Err: a.err()}
	if base.Err == nil {
		if err := a.look(ctx, store, &base); err != nil {
			return err
		}
	}
	if base.Err != nil {
		base.ZeroUntil = time.Time{}
		emit(base)
		return nil
	}
	base.Notes = slices.Concat(base.Notes, a.split.Notes(), a.notes(), types(ctx, a))
	base.Complete, base.Inputs = a.complete(), a.inputs()
	any := false
	for labels, p := range a.split.All() {
		any = true
		one := base
		one.Labels = labels
		p.answer(&one)
		if one.Err == nil {
			one.Percentiles = a.spreads(p)
		}
		emit(one)
	}
	if !any {
		base.Complete = time.Time{}
		a.newPart().answer(&base)
		emit(base)
	}
	return nil
}

// look asks what it means where a side has no sample at all.
func (a *asked) look(ctx context.Context, store sample.Store, base *sources.Answer) error {
	missing, notes, err := a.missing(ctx, store)
	if err == nil && a.failed == nil {
		missing = append(missing, unsplit(ctx, store, a)...)
	}
	base.Notes = notes
	switch {
	case err != nil && a.failed == nil:
		return err
	case a.failed != nil:
		base.Err = a.failed
	case len(missing) > 0:
		base.Err = missing
	default:
		gone, err := a.findGone(ctx, store)
		if err == nil && a.failed == nil {
			base.Notes = append(base.Notes, gone...)
			base.ZeroUntil, err = a.zeroUntil(ctx, store, len(notes) == 0)
		}
		base.Err = a.failed
		return err
	}
	return nil
}

// err returns why there is no answer.
func (a *asked) err() error {
	switch {
	case len(a.refuse) > 0:
		return a.refuse
	case a.failed != nil:
		return a.failed
	}
	return a.split.Err()
}

// answer fills in the counts of a label set.
func (p *part) answer(to *sources.Answer) {
	a := p.of
	if p.over > 0 {
		to.Err = a.tooMany(a.grid.time(p.over - 1))
		return
	}
	j := p.join()
	to.Notes = slices.Concat(to.Notes, p.bornNotes(to.Labels), j.notes(p), j.between(p), p.notes(), p.nan.notes())
	step := a.step()
	first, n := 0, int(step/a.grid.length())
	for n > 1 && first < a.grid.n && a.grid.time(first).UnixMilli()%step.Milliseconds() != 0 {
		first++
	}
	start := a.grid.time(first)
	s := slo.NewSeries(slo.Period{Start: start, End: a.req.Period.End}, step)
	if p.fine {
		s.Decimals = microDecimals
	}
	if n > 1 {
		j.coarsen(first, n, a.grid.bucket(p.oldest), a.grid.n)
	}
	want := a.want()
	for i, b := range j.buckets[:max(0, min(s.Len()-j.first, len(j.buckets)))] {
		if !j.put(s, j.first+i, b, want) {
			to.Err = a.tooMany(s.Time(j.first + i))
			return
		}
	}
	p.ends(s, to, step)
	to.Series = s
}

// ends fills in from when to when counts are known.
func (p *part) ends(s *slo.Series, to *sources.Answer, step time.Duration) {
	if p.newest == never {
		return
	}
	newest := int64(never)
	for _, other := range p.of.split.All() {
		newest = max(newest, other.newest)
	}
	s.Oldest = time.UnixMilli(Bucket(p.oldest, step)).UTC()
	to.Newest, s.Newest = p.of.known(p.newest, step), p.of.known(newest, step)
}

// known returns the end of the bucket of a sample, as far as it has come.
func (a *asked) known(at int64, step time.Duration) time.Time {
	end := time.UnixMilli(Bucket(at, step)).UTC().Add(step)
	if at := a.config.At; !at.IsZero() && end.After(at) {
		end = at.UTC()
	}
	return end
}

// tooMany says that a bucket cannot be held.
func (a *asked) tooMany(at time.Time) error {
	return diag.List{diag.Errorf(a.req.SLI.Pos, a.config.Room+"/count",
		"the bucket of %s has over 2^53 events, or millionths of one, which cannot be held exactly",
		at.UTC().Format(time.RFC3339)).WithHint("is it a counter of events, and not of bytes or nanoseconds?")}
}

// step returns the length of the buckets: no shorter than what is usual between samples,
// of which a twentieth is chance.
func (a *asked) step() time.Duration {
	least := a.interval() - a.interval()/chance
	if least <= a.grid.step {
		return a.grid.length()
	}
	return shortest(time.Duration(least)*time.Millisecond, a.grid.length())
}

// interval returns what is usual between samples, the longest of the sides.
func (a *asked) interval() int64 {
	if a.usual == 0 {
		for _, s := range a.sides {
			a.usual = max(a.usual, s.interval())
		}
	}
	return a.usual
}

// interval returns the median of what is usual between the samples of each series, 0 if
// none has two.
func (s *side) interval() int64 {
	var all []int64
	for _, one := range s.series {
		if one == nil {
			continue
		}
		if n := one.rhythm.interval(); n > 0 {
			all = append(all, n)
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[(len(all)-1)/2]
}

// complete returns until when all series that go on were read.
func (a *asked) complete() time.Time {
	newest := int64(never)
	for _, s := range a.sides {
		newest = max(newest, s.newest)
	}
	least := newest
	for _, s := range a.sides {
		for _, one := range s.series {
			if one != nil && one.n > 0 && one.lastAt >= newest-patient*max(one.rhythm.interval(), a.spacing()) {
				least = min(least, one.lastAt)
			}
		}
	}
	if newest == never {
		return time.Time{}
	}
	if at := a.config.At; a.counts() && !at.IsZero() { // the last scrapes may not have come then
		least = min(least, at.UnixMilli()-cmp.Or(a.usual, a.grid.step))
	}
	return time.UnixMilli(least).UTC()
}

// spacing returns how far what is read is apart: samples, or points of expressions.
func (a *asked) spacing() int64 {
	if a.counts() {
		return a.grid.step
	}
	return a.interval()
}

// inputs names the selectors and expressions.
func (a *asked) inputs() (all []sources.Input) {
	for _, s := range a.sides {
		name := s.name()
		i := slices.IndexFunc(all, func(in sources.Input) bool { return in.Name == name })
		if i < 0 {
			i = len(all)
			all = append(all, sources.Input{Name: name})
		}
		if all[i].Rounded = all[i].Rounded || s.rounds(); s.expr.Is() {
			all[i].By = sources.PromQL
		}
		all[i].Rows += s.samples
		if a.config.Digest && s.query != nil {
			all[i].Digest = s.query.digest.String()
		}
		if a.config.Digest && s.evaluation != nil {
			all[i].Digest = s.evaluation.digest.String()
		}
	}
	return all
}
