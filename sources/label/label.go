// Package label deals events and counts out by the labels of a request, `per:`.
package label

import (
	"bytes"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/match"
)

const (
	// MaxParts bounds the label sets of one request: each has buckets of its own. It is
	// twice the 1,000 that one period may have, since what is asked for may reach back to
	// the period before, whose sets may be others.
	MaxParts = 2000
	// maxValue bounds the bytes of a label value; what is longer is cut.
	maxValue = 256
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
	over  bool         // more than MaxParts label sets
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

// Part returns the part that an event of these values belongs to, nil if there
// are too many parts. An event without a label belongs to the one of "".
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

// label bounds a label value and makes it text.
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
	return bytes.ToValidUTF8(v, []byte("\uFFFD"))
}

func (s *Split[T]) add(key string) (part T) {
	if s.over = s.over || len(s.parts) == MaxParts; s.over {
		return part
	}
	part = s.fresh()
	s.parts[key] = part
	if len(s.columns) == 0 {
		s.only, s.any = part, true
	}
	return part
}

// Merge joins the parts of other, a split of the same request, to those of s.
func (s *Split[T]) Merge(other *Split[T], join func(to, from T)) {
	s.over, s.cut = s.over || other.over, s.cut || other.cut
	for key, from := range other.parts {
		to, ok := s.parts[key]
		if !ok {
			if to = s.add(key); s.over {
				return
			}
		}
		join(to, from)
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

func (s *Split[T]) sorted() (keys []string) {
	values := map[string][]string{}
	for key := range s.parts {
		keys = append(keys, key)
		values[key] = labelValues(key)
	}
	slices.SortFunc(keys, func(a, b string) int { return slices.Compare(values[a], values[b]) })
	return keys
}

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
	f := diag.Errorf(s.req.SLI.Pos, "per/many", "per: %s has more than %s different values", s.names(), diag.Thousands(MaxParts))
	return diag.List{f.WithHint("split by a field with few values, or narrow `where`")}
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
