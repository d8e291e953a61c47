package collect

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// finish judges an objective of two sources, or one that no source answered.
func (j *judge) finish(o *objective) error {
	s := labelled(o, nil)
	if o.failed != "" {
		return j.unanswered(o, s, o.failed)
	}
	for _, a := range o.asks {
		if a.question.failed != "" {
			return j.unanswered(o, s, a.question.failed)
		}
	}
	if len(o.asks) == 2 {
		if err := j.join(o); err != nil {
			return err
		}
	}
	if !o.listed { // no answer, or none of a label set that occurred in time
		return j.unanswered(o, s, "")
	}
	return nil
}

// join makes one series of the counts of two sources, for every label set that one of
// them knows.
func (j *judge) join(o *objective) error {
	first, second := o.asks[0].question, o.asks[1].question
	for _, q := range []*question{first, second} {
		for _, kept := range q.kept {
			labels := kept.came.Labels
			switch {
			case len(o.Per) > 0 && len(labels) == 0: // it has no label set
				continue
			case q == second && first.answers(labels) >= 0: // it was joined already
				continue
			}
			if err := j.pair(o, first, second, labels); err != nil {
				return err
			}
		}
	}
	return nil
}

// pair joins what two sources know of a label set, one of which may know nothing.
func (j *judge) pair(o *objective, first, second *question, labels map[string]string) error {
	a, ok := first.labelled(labels)
	b, both := second.labelled(labels)
	switch {
	case ok && both:
		return j.joined(o, a, b)
	case ok && j.plan.lists(labelled(o, labels), a.Series):
		return j.half(o, labels, second)
	case both && j.plan.lists(labelled(o, labels), b.Series):
		return j.half(o, labels, first)
	}
	return nil
}

// labelled returns the answer of a label set, also that of one of which the source knows
// that it counted nothing.
func (q *question) labelled(labels map[string]string) (sources.Answer, bool) {
	if k := q.answers(labels); k >= 0 {
		return q.kept[k].answer(), true
	}
	k := slices.IndexFunc(q.kept, func(k kept) bool { return !k.came.ZeroUntil.IsZero() })
	if k < 0 {
		return sources.Answer{}, false
	}
	a := q.kept[k].answer()
	none := slo.NewSeries(slo.Period{Start: a.Series.Start, End: a.Series.End()}, a.Series.Step)
	return sources.Answer{Labels: labels, Series: none, ZeroUntil: a.ZeroUntil}, true
}

// zeros returns the counts of a with the zeros that it stands for: where b was measured.
func zeros(a, b sources.Answer) *slo.Series {
	out, other := *a.Series, b.Series
	if a.ZeroUntil.IsZero() || !out.Start.Equal(other.Start) || out.Step != other.Step || out.Len() != other.Len() {
		return a.Series
	}
	out.Bad, out.Total = slices.Clone(out.Bad), slices.Clone(out.Total)
	for i := range out.Total {
		if !out.Measured(i) && other.Measured(i) && !out.Time(i+1).After(a.ZeroUntil) {
			out.Bad[i], out.Total[i] = 0, 0
		}
	}
	if out.Oldest.IsZero() || other.Oldest.Before(out.Oldest) {
		out.Oldest = other.Oldest
	}
	if a.ZeroUntil.After(out.Newest) {
		out.Newest = a.ZeroUntil
	}
	return &out
}

// answers returns which answer is that of a label set, less than 0 if none is.
func (q *question) answers(labels map[string]string) int {
	return slices.IndexFunc(q.kept, func(k kept) bool { return maps.Equal(k.came.Labels, labels) })
}

// joined judges an objective over the counts of both its sources.
func (j *judge) joined(o *objective, a, b sources.Answer) error {
	first, second := o.asks[0].question, o.asks[1].question
	a, b = o.asks[0].place(a), o.asks[1].place(b)
	a.Series, b.Series = zeros(a, b), zeros(b, a)
	var data *slo.Series
	var excess slo.Excess
	var err error
	if second.request.Count == spec.Bad {
		data, err = slo.JoinBad(a.Series, b.Series)
	} else {
		data, excess, err = slo.JoinTotal(a.Series, b.Series, first.request.Count == spec.Good)
	}
	if err != nil {
		j.refuse(first.source, err)
		return j.unanswered(o, labelled(o, a.Labels), brief(first.source, err))
	}
	notes := slices.Concat(a.Notes, b.Notes, exceeds(o, first, second, excess))
	return j.counted(o, sources.Answer{Labels: a.Labels, Series: data, Notes: notes})
}

// exceeds warns of buckets in which a part has more events than the whole.
func exceeds(o *objective, part, all *question, e slo.Excess) []diag.Finding {
	if e.Buckets == 0 {
		return nil
	}
	buckets := "1 bucket is"
	if e.Buckets > 1 {
		buckets = diag.Thousands(int64(e.Buckets)) + " buckets are"
	}
	f := diag.Warnf(o.Pos, "source/excess", "%s taken as not measured: source %q counts more %s events than source %q "+
		"has at all, first at %s with %s of %s", buckets, part.source.Name, part.request.Count, all.source.Name,
		e.First.UTC().Format(time.RFC3339), e.Share, e.Total)
	return []diag.Finding{f.WithHint("do both count the same events, with the same times?")}
}

// half judges an objective of which one source knows nothing.
func (j *judge) half(o *objective, labels map[string]string, missing *question) error {
	s := labelled(o, labels)
	err := fmt.Errorf("source %q has no counts of %s", missing.source.Name, s.ID())
	j.refuse(missing.source, err)
	return j.unanswered(o, s, err.Error())
}
