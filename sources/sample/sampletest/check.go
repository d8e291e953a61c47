package sampletest

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/sources/sample"
)

// Check asks a store and twin, which have the same series, the same: drawn selectors at
// drawn times. All samples must be the same to the bit.
func Check(t *testing.T, store sample.Store, twin *Store) {
	t.Helper()
	rapid.Check(t, func(r *rapid.T) {
		var queries []sample.Query
		for range rapid.IntRange(1, 4).Draw(r, "queries") {
			queries = append(queries, twin.draw(r))
		}
		compare(r, read(t, store, queries), read(t, twin, queries))
		twin.checkSeries(t, r, store, queries)
		twin.checkNames(t, r, store, queries[0])
	})
}

// draw draws a query that is near what the store has.
func (s *Store) draw(r *rapid.T) sample.Query {
	one := rapid.SampledFrom(s.Held).Draw(r, "series")
	q := sample.Query{From: one.instant(r), To: one.instant(r)}
	q.From, q.To = min(q.From, q.To), max(q.From, q.To)
	for _, l := range one.Labels {
		if l.Name != sample.MetricName && rapid.Bool().Draw(r, "left out") {
			continue
		}
		other := rapid.SampledFrom(s.Held).Draw(r, "other").Labels.Get(l.Name)
		op := rapid.SampledFrom([]sample.Op{sample.Equal, sample.NotEqual, sample.Like, sample.Unlike}).Draw(r, "op")
		if l.Name == sample.MetricName {
			op = sample.Equal
		}
		value := map[sample.Op]string{sample.Equal: l.Value, sample.NotEqual: other,
			sample.Like: literal(l.Value) + "|" + literal(other), sample.Unlike: literal(other) + ".*"}[op]
		m, err := sample.NewMatcher(l.Name, op, value)
		if err != nil {
			r.Fatal(err)
		}
		q.Selector = append(q.Selector, m)
	}
	return q
}

// instant draws a time at, just beside or between samples.
func (s Series) instant(r *rapid.T) int64 {
	at := rapid.SampledFrom(s.Times).Draw(r, "sample")
	return at + rapid.SampledFrom([]int64{0, 0, -1, 1, -7_000, 7_000, -7_200_000, 86_400_000}).Draw(r, "beside")
}

// literal returns the expression that takes a text alone.
func literal(text string) string {
	var out []rune
	for _, c := range text {
		if c < 128 && !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9') {
			out = append(out, '\\')
		}
		out = append(out, c)
	}
	return string(out)
}

// read reads the samples of queries by query and labels. It finds what breaks the
// contract of blocks.
func read(t *testing.T, s sample.Store, queries []sample.Query) map[string]*Series {
	t.Helper()
	all := map[string]*Series{}
	number := map[string]int{}
	counted := make([]int, len(queries))
	err := s.Select(t.Context(), queries, func(query int, b sample.Block) error {
		key := fmt.Sprint(query, " ", b.Labels)
		if all[key] == nil {
			all[key] = &Series{Labels: b.Labels}
			number[key] = b.Series
			counted[query] = max(counted[query], b.Series+1)
		}
		if number[key] != b.Series {
			t.Fatalf("%s is series %d and %d", key, number[key], b.Series)
		}
		return all[key].append(b, queries[query])
	})
	if err != nil {
		t.Fatal(err)
	}
	for query, n := range counted {
		seen := make([]bool, n)
		for key := range all {
			var of int
			if _, err := fmt.Sscan(key, &of); err == nil && of == query {
				seen[number[key]] = true
			}
		}
		if slices.Contains(seen, false) {
			t.Fatalf("query %d has holes in the numbers of its series: %v", query, seen)
		}
	}
	return all
}

// append adds a block of the query to its series.
func (s *Series) append(b sample.Block, q sample.Query) error {
	if len(b.Times) == 0 || len(b.Times) != len(b.Values)+len(b.Histograms) {
		return fmt.Errorf("%s: a block of %d times, %d values, %d histograms",
			b.Labels, len(b.Times), len(b.Values), len(b.Histograms))
	}
	if b.Values != nil && b.Histograms != nil {
		return fmt.Errorf("%s: a block of %d values and %d histograms, neither of them nil",
			b.Labels, len(b.Values), len(b.Histograms))
	}
	for _, at := range b.Times {
		if at < q.From || at > q.To {
			return fmt.Errorf("%s: a sample at %d of [%d, %d]", b.Labels, at, q.From, q.To)
		}
		if n := len(s.Times); n > 0 && at <= s.Times[n-1] {
			return fmt.Errorf("%s: a sample at %d after one at %d", b.Labels, at, s.Times[n-1])
		}
		s.Times = append(s.Times, at)
	}
	s.Values, s.Histograms = append(s.Values, b.Values...), append(s.Histograms, b.Histograms...)
	for i, h := range b.Histograms {
		h.Positive, h.Negative, h.Bounds = slices.Clone(h.Positive), slices.Clone(h.Negative), slices.Clone(h.Bounds)
		s.Histograms[len(s.Histograms)-len(b.Histograms)+i] = h
	}
	return nil
}

// compare compares samples to the bit.
func compare(r *rapid.T, got, want map[string]*Series) {
	for key, w := range want {
		g := got[key]
		if g == nil {
			r.Fatalf("query %s: no samples, want %d", key, len(w.Times))
		}
		if !slices.Equal(g.Times, w.Times) || !slices.EqualFunc(g.Values, w.Values, bits) {
			r.Fatalf("query %s:\ngot  %v %v\nwant %v %v", key, g.Times, g.Values, w.Times, w.Values)
		}
		if a, b := fmt.Sprint(g.Histograms), fmt.Sprint(w.Histograms); a != b {
			r.Fatalf("query %s:\ngot  %s\nwant %s", key, a, b)
		}
	}
	for key, g := range got {
		if want[key] == nil {
			r.Fatalf("query %s: %d samples of a series that has none", key, len(g.Times))
		}
	}
}

func bits(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }

// checkSeries compares labels: a store may name more of them, near the ends of the time.
func (s *Store) checkSeries(t *testing.T, r *rapid.T, store sample.Store, queries []sample.Query) {
	named := map[string]bool{}
	err := store.Series(t.Context(), queries, func(query int, l sample.Labels) error {
		key := fmt.Sprint(query, " ", l)
		if named[key] {
			return fmt.Errorf("series %s twice", key)
		}
		named[key] = true
		known := slices.ContainsFunc(s.Held, func(one Series) bool { return slices.Equal(one.Labels, l) })
		if !known || !queries[query].Selector.Takes(l) {
			return fmt.Errorf("series %s, which is none of the query's", key)
		}
		return nil
	})
	if err != nil {
		r.Fatal(err)
	}
	for i, q := range queries {
		for _, one := range s.parts(q) {
			if key := fmt.Sprint(i, " ", one.Labels); !named[key] {
				r.Fatalf("series %s is not named", key)
			}
		}
	}
}

// checkNames compares the names of metrics.
func (s *Store) checkNames(t *testing.T, r *rapid.T, store sample.Store, q sample.Query) {
	names, err := store.Names(t.Context(), q.From, q.To)
	if err != nil {
		r.Fatal(err)
	}
	want, _ := s.Names(t.Context(), q.From, q.To)
	for _, name := range want {
		if !slices.Contains(names, name) {
			r.Fatalf("metric %s is not named in [%d, %d]: %q", name, q.From, q.To, names)
		}
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		r.Fatalf("names are not sorted, or one is there twice: %q", names)
	}
}
