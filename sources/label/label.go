// Package label deals events and counts out by the labels of a request, `per:`.
package label

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/match"
)

const (
	maxValue = 256 // bytes of a label value; what is longer is cut
	shown    = 3   // label sets that a refusal names
)

// Split deals events or rows by the `per:` labels of a request: one part a set
// of label values, and one part in all without labels. T is a pointer.
type Split[T any] struct {
	req     sources.Request
	columns []int                 // of the labels, in the values of an event
	shapes  []func([]byte) []byte // of values of the labels, nil: as they are
	fresh   func() T

	parts map[string]T // by key
	only  T            // without labels, once there is an event
	any   bool         // only is there
	key   []byte       // scratch
	over  bool         // more label sets than the request may have
	first []string     // keys of the first of those that have no part, as they are sorted
	cut   bool         // a label value was longer than maxValue
}

// New returns a split without parts. columns are the places of req.Per in
// the values given to Part; fresh makes a part.
func New[T any](req sources.Request, columns []int, fresh func() T) *Split[T] {
	s := &Split[T]{req: req, columns: columns, fresh: fresh, parts: map[string]T{}}
	for _, name := range req.Per {
		s.shapes = append(s.shapes, match.LabelOf(name))
	}
	return s
}

// Part returns the part that an event of these values belongs to, nil if it has none
// since there are as many as the request may have. An event without a label belongs to the one of "".
func (s *Split[T]) Part(values [][]byte) T {
	if s.any {
		return s.only
	}
	s.key = s.key[:0]
	for i, column := range s.columns {
		v := values[column]
		if shape := s.shapes[i]; shape != nil {
			v = shape(v)
		}
		v = s.label(v)
		s.key = append(append(s.key, byte(len(v)>>8), byte(len(v))), v...)
	}
	if part, ok := s.parts[string(s.key)]; ok {
		return part
	}
	return s.add(string(s.key))
}

// label bounds a label value and makes it text. Bytes that are none are written as
// escapes: two values stay two.
func (s *Split[T]) label(v []byte) []byte {
	if n := maxValue; len(v) > n {
		for n > maxValue-utf8.UTFMax && !utf8.RuneStart(v[n]) {
			n--
		}
		v, s.cut = v[:n], true
	}
	if utf8.Valid(v) {
		return v
	}
	var text []byte
	for len(v) > 0 {
		r, n := utf8.DecodeRune(v)
		if r == utf8.RuneError && n == 1 {
			text = fmt.Appendf(text, `\x%02x`, v[0])
		} else {
			text = append(text, v[:n]...)
		}
		v = v[n:]
	}
	return text
}

func (s *Split[T]) add(key string) (part T) {
	if s.over = s.over || len(s.parts) == s.most(); s.over {
		s.leaveOut(key)
		return part
	}
	part = s.fresh()
	s.parts[key] = part
	if len(s.columns) == 0 {
		s.only, s.any = part, true
	}
	return part
}

// most is how many parts there may be.
func (s *Split[T]) most() int { return cmp.Or(s.req.MaxSets, spec.DefaultMaxSets) }

// leaveOut remembers a label set that gets no part, if it is one of the first: so a refusal
// names the same whatever the order of the events.
func (s *Split[T]) leaveOut(key string) {
	at, known := slices.BinarySearchFunc(s.first, key, byValues)
	if at < shown && !known {
		s.first = slices.Insert(s.first, at, strings.Clone(key))
		s.first = s.first[:min(len(s.first), shown)]
	}
}

// Merge joins the parts of other, a split of the same request, to those of s.
func (s *Split[T]) Merge(other *Split[T], join func(to, from T)) {
	s.over, s.cut = s.over || other.over, s.cut || other.cut
	for key, from := range other.parts {
		to, ok := s.parts[key]
		if !ok {
			if to = s.add(key); s.over {
				continue
			}
		}
		join(to, from)
	}
	for _, key := range other.first {
		s.leaveOut(key)
	}
}

// Join is Merge for the parts alone that s has already.
func (s *Split[T]) Join(other *Split[T], join func(to, from T)) {
	for key, from := range other.parts {
		if to, ok := s.parts[key]; ok {
			join(to, from)
		}
	}
}

// Len returns the number of parts.
func (s *Split[T]) Len() int { return len(s.parts) }

// All returns the parts and their labels, nil without any, in the order of the
// labels' values.
func (s *Split[T]) All() iter.Seq2[map[string]string, T] {
	return func(yield func(map[string]string, T) bool) {
		for _, key := range s.sorted() {
			if !yield(s.labels(key), s.parts[key]) {
				return
			}
		}
	}
}

func (s *Split[T]) sorted() []string { return slices.SortedFunc(maps.Keys(s.parts), byValues) }

// byValues orders keys by the values of their labels.
func byValues(a, b string) int { return slices.Compare(labelValues(a), labelValues(b)) }

// labelValues undoes the key that Part makes.
func labelValues(key string) (values []string) {
	for len(key) > 0 {
		n := 2 + int(key[0])<<8 + int(key[1])
		values, key = append(values, key[2:n]), key[n:]
	}
	return values
}

func (s *Split[T]) labels(key string) map[string]string {
	if len(s.columns) == 0 {
		return nil
	}
	labels := map[string]string{}
	for i, v := range labelValues(key) {
		labels[s.req.Per[i]] = v
	}
	return labels
}

// Err refuses a split of too many parts, which are not all there.
func (s *Split[T]) Err() error {
	if !s.over {
		return nil
	}
	keys := slices.Compact(slices.SortedFunc(slices.Values(slices.Concat(s.first, s.sorted())), byValues))
	var examples []string
	for _, key := range keys[:min(len(keys), shown)] {
		examples = append(examples, s.example(key))
	}
	sets := "label sets"
	if len(s.req.Per) == 1 {
		sets = "different values"
	}
	f := diag.Errorf(s.req.SLI.Pos, "per/many", "per: %s has more than %s %s, as max_sets allows, such as %s",
		s.names(), diag.Thousands(int64(s.most())), sets, strings.Join(examples, ", "))
	return diag.List{f.WithHint("split by a field with fewer values, narrow where, or raise max_sets beside per")}
}

// example shows a label set in a few signs: the value of the only label, or all of them.
func (s *Split[T]) example(key string) string {
	values := labelValues(key)
	if len(values) == 1 {
		return diag.Quote(values[0])
	}
	for i, name := range s.req.Per {
		values[i] = name + "=" + values[i]
	}
	return diag.Quote(strings.Join(values, ","))
}

// Notes warns of label values that were cut.
func (s *Split[T]) Notes() []diag.Finding {
	if !s.cut {
		return nil
	}
	return []diag.Finding{diag.Warnf(s.req.SLI.Pos, "per/long",
		"per: %s has values of over %d bytes; they are cut and counted together", s.names(), maxValue)}
}

func (s *Split[T]) names() string { return strings.Join(s.req.Per, ", ") }
