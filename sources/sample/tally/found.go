package tally

import (
	"slices"
	"time"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
)

// found tells what there is of each query of a request. The sides of a histogram are of one.
func (a *asked) found() (all []sources.Found) {
	sides := a.sides
	if a.buckets != nil && len(sides) == 0 {
		sides = []*side{a.buckets.side}
	}
	if a.native != nil && len(a.native.refuse) == 0 {
		sides = slices.Concat(sides, a.native.sides)
	}
	for _, s := range sides {
		one := s.found()
		i := slices.IndexFunc(all, func(f sources.Found) bool { return f.Key == one.Key && f.Query == one.Query })
		if i < 0 {
			all = append(all, one)
			continue
		}
		all[i] = with(all[i], one)
	}
	for i := range all {
		all[i].Step = a.step()
	}
	return all
}

// with returns what two sides of one query found.
func with(f, other sources.Found) sources.Found {
	f.Series, f.Every = max(f.Series, other.Series), max(f.Every, other.Every)
	if f.From.IsZero() || !other.From.IsZero() && other.From.Before(f.From) {
		f.From = other.From
	}
	if other.To.After(f.To) {
		f.To = other.To
	}
	f.Labels = append(f.Labels, other.Labels...)
	slices.Sort(f.Labels)
	f.Labels = slices.Compact(f.Labels)
	return f
}

// found tells what there is of a side.
func (s *side) found() sources.Found {
	f := sources.Found{Key: s.key(), Query: s.value.Text, Every: time.Duration(s.interval()) * time.Millisecond}
	if s.expr.Is() {
		f.By, f.Every = sources.PromQL, time.Duration(s.of.usual)*time.Millisecond
	}
	first, newest, names := int64(-never), int64(never), map[string]bool{}
	for _, one := range s.series {
		if one == nil || one.n == 0 {
			continue
		}
		f.Series++
		first, newest = min(first, one.firstAt), max(newest, one.lastAt)
		for _, l := range one.labels {
			if l.Name != sample.MetricName && (s.bound == nil || l.Name != "le") && !names[l.Name] {
				names[l.Name] = true
				f.Labels = append(f.Labels, l.Name)
			}
		}
	}
	slices.Sort(f.Labels)
	if f.Series > 0 {
		f.From, f.To = time.UnixMilli(first).UTC(), time.UnixMilli(newest).UTC()
	}
	return f
}

// rounds tells whether counts are rounded: of samples that are no whole numbers, and whatever
// a server counts.
func (s *side) rounds() bool { return s.rounded || s.expr.Is() && s.test == nil }

// key returns the key of the sli that says the query.
func (s *side) key() string {
	switch {
	case s.limit != nil, s.bound != nil:
		return histogramKey
	case s.test != nil, s.role == spec.Both:
		return valueKey
	}
	return string(s.role)
}
