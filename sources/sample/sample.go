// Package sample has the words for samples of time series as Prometheus keeps them, and
// Store, which says how they are read: from a server, from files. What the samples mean
// is the matter of package tally.
package sample

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/slo/order"
)

// MetricName is the label that holds the name of a metric.
const MetricName = "__name__"

// Label is one label of a series.
type Label struct{ Name, Value string }

// Labels are those of a series, sorted by name, the metric's name among them. None has
// an empty value: that is the same as no label.
type Labels []Label

// NewLabels returns labels that come in any order, an error if one is there twice. Those
// without a value are left out. It sorts them where they are.
func NewLabels(labels []Label) (Labels, error) {
	byName := func(a, b Label) int { return strings.Compare(a.Name, b.Name) }
	if !slices.IsSortedFunc(labels, byName) { // as servers send them
		order.Stable(labels, byName)
	}
	for i := 1; i < len(labels); i++ {
		if name := labels[i].Name; name == labels[i-1].Name {
			return nil, fmt.Errorf("the label %.100q is there twice", name)
		}
	}
	return slices.DeleteFunc(labels, func(l Label) bool { return l.Value == "" }), nil
}

// AppendKey appends a key of the labels to key: others have another.
func (l Labels) AppendKey(key []byte) []byte {
	for _, label := range l {
		key = label.AppendKey(key)
	}
	return key
}

// AppendKey appends the part of a label to the key of labels.
func (l Label) AppendKey(key []byte) []byte {
	key = append(binary.AppendUvarint(key, uint64(len(l.Name))), l.Name...)
	return append(binary.AppendUvarint(key, uint64(len(l.Value))), l.Value...)
}

// Get returns the value of a label, "" if there is none.
func (l Labels) Get(name string) string {
	for _, label := range l {
		if label.Name == name {
			return label.Value
		}
	}
	return ""
}

// String writes the labels as a selector that takes them.
func (l Labels) String() string {
	var s Selector
	for _, label := range l {
		s = append(s, Matcher{Name: label.Name, Op: Equal, Value: label.Value})
	}
	return s.String()
}

// Selector takes the series that all of its matchers take.
type Selector []Matcher

// Takes tells whether the series of these labels is one of the selector's.
func (s Selector) Takes(l Labels) bool {
	return !slices.ContainsFunc(s, func(m Matcher) bool { return !m.Takes(l.Get(m.Name)) })
}

// Among tells whether one of some selectors is written as s is.
func Among(some []Selector, s Selector) bool {
	for _, other := range some {
		if other.String() == s.String() {
			return true
		}
	}
	return false
}

// Metric returns the name of the metric, "" if the selector does not name one.
func (s Selector) Metric() string {
	for _, m := range s {
		if m.Name == MetricName && m.Op == Equal {
			return m.Value
		}
	}
	return ""
}

// String writes the selector as PromQL has it.
func (s Selector) String() string {
	var b strings.Builder
	metric := s.Metric()
	if plain(metric) {
		b.WriteString(metric)
	} else {
		metric = ""
	}
	var parts []string
	for _, m := range s {
		if metric == "" || m.Name != MetricName || m.Op != Equal {
			parts = append(parts, m.String())
		}
	}
	if len(parts) > 0 || metric == "" {
		b.WriteString("{" + strings.Join(parts, ",") + "}")
	}
	return b.String()
}

// plain tells whether a name needs no quotes: letters, digits, _ and :, no digit first.
func plain(name string) bool {
	for i, c := range []byte(name) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}

// Family returns the name of the metric that a series' metric is of, and what stands behind
// it: _total of a counter, _bucket, _count or _sum of a histogram, or nothing.
func Family(metric string) (family, part string) {
	for _, part := range []string{"_total", "_bucket", "_count", "_sum"} {
		if family, ok := strings.CutSuffix(metric, part); ok && family != "" {
			return family, part
		}
	}
	return metric, ""
}

// Query asks for the samples of some series in [From, To], both included, in
// milliseconds since the epoch.
type Query struct {
	Selector Selector
	From, To int64
}

// MaxSeries is how many series a query may have, whoever answers it: what is held of each
// has a bound then, and no objective has so many on purpose.
const MaxSeries = 100_000

// FewerSeries is what helps where a query has more.
const FewerSeries = "name more labels in the selector, or count what a recording rule sums up"

// Block is a stretch of one series: floats or histograms in order of time, no time twice.
// Staleness markers are among the floats, see Stale.
type Block struct {
	Series     int    // number of the series: of one query the same labels have the same, from 0 on without holes
	Labels     Labels // of the series; not changed by anybody
	Times      []int64
	Values     []float64
	Histograms []Histogram // in place of Values; the one that a block has not is nil
}

// Stale tells whether sample i says that the series ended.
func (b Block) Stale(i int) bool {
	if b.Histograms != nil {
		return Stale(b.Histograms[i].Sum)
	}
	return Stale(b.Values[i])
}

// Store is where samples are.
type Store interface {
	// Select hands over the samples that queries ask for: query is the index of one.
	// Blocks of one series and query come in order of time and do not overlap; blocks of
	// several series or queries may come mixed. The slices of a block are good until take
	// returns, its Labels for ever. take is called from the calling goroutine. An
	// error of take ends the work and is returned. Errors are classed as those of
	// sources.Source. What concerns one query alone is a QueryError; others may go on.
	Select(ctx context.Context, queries []Query, take func(query int, b Block) error) error

	// Series hands over the labels of the series that have samples for a query, in any
	// order, each once. A store may name a series that has none, near the ends of the time.
	Series(ctx context.Context, queries []Query, take func(query int, l Labels) error) error

	// Names returns the names of all metrics that have samples in [from, to], sorted.
	Names(ctx context.Context, from, to int64) ([]string, error)
}

// QueryError is an error of one query of a Select or Series; all others were answered.
// Several are joined by errors.Join.
type QueryError struct {
	Query int // its index
	Err   error
}

// Error says what happened, in the words of e.Err.
func (e *QueryError) Error() string { return e.Err.Error() }

// Unwrap returns e.Err.
func (e *QueryError) Unwrap() error { return e.Err }

// staleBits are those of the value that says that a series ended: a NaN like no other.
const staleBits = 0x7ff0000000000002

// StaleMarker returns the value that says that a series ended.
func StaleMarker() float64 { return math.Float64frombits(staleBits) }

// Stale tells whether a value says that its series ended.
func Stale(v float64) bool { return math.Float64bits(v) == staleBits }

// Histogram is a sample of a native histogram: counts since its series began, as the
// Prometheus documentation on native histograms has them.
type Histogram struct {
	// Schema says where buckets end: index i of Positive ends at 2^(i·2^-Schema) for -4 to
	// 8, at Bounds[i] (after the last: +Inf) for CustomBounds. Each bucket excludes its
	// lower and includes its upper bound; those of Negative are mirrored at 0.
	Schema        int8
	ZeroThreshold float64 // ZeroCount events lie in [-ZeroThreshold, ZeroThreshold]
	ZeroCount     float64
	Count, Sum    float64 // Sum is a stale marker where the series ended
	Positive      []Bucket
	Negative      []Bucket
	Bounds        []float64 // with CustomBounds
	Reset         Reset
}

// CustomBounds is the schema of histograms that list their bounds.
const CustomBounds = -53

// Bucket is one bucket of a native histogram, by order of their index.
type Bucket struct {
	Index int32
	Count float64 // of this bucket alone
}

// Reset is what a histogram says of the one before it in its series.
type Reset byte

// What a histogram may say.
const (
	ResetUnknown Reset = iota // compare the counts
	Restarted                 // this one began anew
	Continued                 // this one goes on
	Gauge                     // this one is no counter
)

// quote writes a label value as PromQL has it.
func quote(v string) string { return strconv.Quote(v) }
