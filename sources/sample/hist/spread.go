package hist

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources/sample"
)

// Spread adds up what many histograms saw in a time, such as an hour, for percentiles.
// Exponential buckets that differ are brought to those that all can have; listed bounds
// that differ are kept apart. The zero Spread has seen nothing.
type Spread struct {
	exponential sample.Histogram
	listed      []sample.Histogram // of each layout
	lost        bool               // there were more bounds than are kept
}

// maxBounds is how many bounds several layouts may have together.
const maxBounds = 500

// Classic adds what a classic histogram saw: the increments of its buckets by their
// bounds in rising order, each with those before it, of which the last is that of +Inf.
// One that falls counts as the one before it.
func (s *Spread) Classic(bounds Bounds, increments []float64) {
	h := sample.Histogram{Schema: sample.CustomBounds}
	for i, n := range increments {
		if n > h.Count {
			h.Positive = append(h.Positive, sample.Bucket{Index: int32(i), Count: n - h.Count})
			h.Count = n
		}
		if i < len(bounds)-1 {
			h.Bounds = append(h.Bounds, bounds[i].At)
		}
	}
	s.merge(h)
}

// Add adds what another has seen, which is not used any more then.
func (s *Spread) Add(other *Spread) {
	s.merge(other.exponential)
	for _, h := range other.listed {
		s.merge(h)
	}
	s.lost = s.lost || other.lost
}

// grow adds what now holds more than before, an older state of the same histogram.
func (s *Spread) grow(before, now *sample.Histogram) {
	b, n, ok := common(before, now)
	if !ok {
		return
	}
	n.ZeroCount -= b.ZeroCount
	n.Positive = combine(n.Positive, b.Positive, -1)
	n.Negative = combine(n.Negative, b.Negative, -1)
	s.merge(n)
}

// merge adds h, whose buckets nobody else has; its bounds somebody may.
func (s *Spread) merge(h sample.Histogram) {
	to := &s.exponential
	if h.Schema == sample.CustomBounds {
		if to = s.layout(h.Bounds); to == nil {
			s.lost = s.lost || held(&h) > 0
			return
		}
	}
	switch {
	case held(&h) == 0:
	case held(to) == 0:
		*to = h
		to.Bounds = slices.Clone(h.Bounds)
	default:
		a, b, _ := common(to, &h)
		a.ZeroCount += b.ZeroCount
		a.Positive = combine(a.Positive, b.Positive, 1)
		a.Negative = combine(a.Negative, b.Negative, 1)
		*to = a
	}
}

// layout returns what was seen by listed bounds, nil if there are too many.
func (s *Spread) layout(bounds []float64) *sample.Histogram {
	n := len(bounds)
	for i := range s.listed {
		if slices.Equal(s.listed[i].Bounds, bounds) {
			return &s.listed[i]
		}
		n += len(s.listed[i].Bounds)
	}
	if len(s.listed) > 0 && n > maxBounds {
		return nil
	}
	s.listed = append(s.listed, sample.Histogram{Schema: sample.CustomBounds, Bounds: slices.Clone(bounds)})
	return &s.listed[len(s.listed)-1]
}

// combine returns a with sign times b added to it, without buckets that hold nothing.
func combine(a, b []sample.Bucket, sign float64) []sample.Bucket {
	out := make([]sample.Bucket, 0, max(len(a), len(b)))
	for len(a) > 0 || len(b) > 0 {
		var next sample.Bucket
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].Index < b[0].Index:
			next, a = a[0], a[1:]
		case len(a) == 0 || b[0].Index < a[0].Index:
			next, b = sample.Bucket{Index: b[0].Index, Count: sign * b[0].Count}, b[1:]
		default:
			next, a, b = sample.Bucket{Index: a[0].Index, Count: a[0].Count + sign*b[0].Count}, a[1:], b[1:]
		}
		if next.Count > 0 {
			out = append(out, next)
		}
	}
	return out
}

// held returns how many events the buckets of h hold.
func held(h *sample.Histogram) float64 { return sum(h.Negative) + h.ZeroCount + sum(h.Positive) }

// Quantile is the value that a part of all events is not above. The event of that rank lies
// in [Low, High], which is one bucket, and Value is a guess within it: as Prometheus
// makes it, by a straight line in classic histograms, custom bounds and zero buckets, and
// by a power in exponential buckets. Of a bucket that ends at +Inf it is the lower bound, of
// one that begins at −Inf the upper; but the first of listed bounds is taken to begin at 0
// if it ends above that, and the zero bucket to begin or end at 0 if all others are on
// one side of it. Of several layouts the straight lines are added up; then [Low, High] may be
// of buckets of several.
type Quantile struct{ Value, Low, High float64 }

// Count returns how many events were seen. Those that are NaN are not among them.
func (s *Spread) Count() float64 {
	n := held(&s.exponential)
	for i := range s.listed {
		n += held(&s.listed[i])
	}
	return n
}

// Quantile returns the value that percent of the events are not above; percent is over 0
// and at most 100. The rank is rounded up, so that the median of two is the smaller. It is
// false if there was no event, if exponential buckets and listed bounds were seen, which
// have nothing in common, or if there were too many bounds.
func (s *Spread) Quantile(percent int) (Quantile, bool) {
	all := spans(&s.exponential)
	layouts := 0
	for i := range s.listed {
		if held(&s.listed[i]) > 0 {
			layouts++
			all = append(all, spans(&s.listed[i])...)
		}
	}
	count := s.Count()
	switch {
	case count == 0, s.lost, layouts > 0 && held(&s.exponential) > 0:
		return Quantile{}, false
	case layouts > 1:
		return curves(all).quantile(count * float64(percent) / 100), true
	}
	var seen float64
	var b span
	for _, b = range all {
		seen += b.count
		if seen*100 >= count*float64(percent) {
			break
		}
	}
	rank := min(count*float64(percent)/100, seen)
	return b.quantile(1 - (seen-rank)/b.count), true
}

// span is a bucket with events.
type span struct {
	low, high, count float64
	from, to         float64 // of it, where events are taken to be
	power            bool    // they lie on a scale of powers
}

// spans returns the buckets that have events, in rising order.
func spans(h *sample.Histogram) []span {
	power := h.Schema != sample.CustomBounds
	var out []span
	for _, b := range slices.Backward(h.Negative) {
		low, high := bounds(h, b.Index)
		out = append(out, span{-high, -low, b.Count, -high, -low, power})
	}
	if h.ZeroCount > 0 {
		out = append(out, zeroSpan(h))
	}
	for _, b := range h.Positive {
		low, high := bounds(h, b.Index)
		from := low
		if math.IsInf(low, -1) && high > 0 {
			from = 0
		}
		out = append(out, span{low, high, b.Count, from, high, power})
	}
	return out
}

func zeroSpan(h *sample.Histogram) span {
	zero := h.ZeroThreshold
	b := span{low: -zero, high: zero, count: h.ZeroCount, from: -zero, to: zero}
	switch {
	case len(h.Negative) == 0 && len(h.Positive) > 0:
		b.from = 0
	case len(h.Positive) == 0 && len(h.Negative) > 0:
		b.to = 0
	}
	return b
}

// quantile returns the value a part of the way through a bucket.
func (b span) quantile(part float64) Quantile {
	q := Quantile{Low: b.low, High: b.high}
	switch {
	case math.IsInf(b.from, -1):
		q.Value = b.to
	case math.IsInf(b.to, 1):
		q.Value = b.from
	case !b.power:
		q.Value = b.from + (b.to-b.from)*part
	case b.low >= 0:
		q.Value = between(b.from, b.to, part)
	default:
		q.Value = -between(-b.to, -b.from, 1-part)
	}
	q.Value = max(b.from, min(q.Value, b.to))
	return q
}

// between returns the value a part of the way from low to high on a scale of powers.
func between(low, high, part float64) float64 {
	from, to := math.Log2(low), math.Log2(high)
	return math.Exp2(from + (to-from)*part)
}

// Percentiles returns the percentiles of an hour that began at start; unit is one unit of
// the metric. The true ones lie in the same buckets, so that Error is the distance to the
// farther end of one, as a part of the value, and the worst of the three: with exponential
// buckets at most 2^(1/2^schema) − 1, of schema 3 9.1 %, with listed bounds whatever these
// are apart. It is unknown if one is 0. One that lies over the last bound is that bound, and
// said to be over it: Error is that of the others. Percentiles is false where Quantile is, and
// for values that are no durations, or lie in a bucket without any bound.
func (s *Spread) Percentiles(start time.Time, unit time.Duration) (slo.Percentiles, bool) {
	out := slo.Percentiles{Start: start, Count: int64(math.Round(s.Count()))}
	var worst float64
	for i, to := range []*time.Duration{&out.P50, &out.P95, &out.P99} {
		percent := slo.Percents()[i]
		q, ok := s.Quantile(percent)
		length := q.Value * float64(unit)
		nowhere := math.IsInf(q.Low, -1) && math.IsInf(q.High, 1)
		if !ok || nowhere || q.Value < 0 || length >= math.MaxInt64 {
			return slo.Percentiles{}, false
		}
		*to = time.Duration(math.Round(length))
		if math.IsInf(q.High, 1) {
			out.Over = cmp.Or(out.Over, percent)
			continue
		}
		worst = max(worst, q.off(float64(*to), float64(unit)))
	}
	if worst < math.MaxInt32 && out.Over != 50 {
		const parts = 10_000
		out.Error = slo.NumberFrac(int64(math.Ceil(worst*parts)), parts)
	}
	return out, true
}

// off returns by how much of itself a length within a quantile's bucket is off at most, 0 if
// that is a microsecond.
func (q Quantile) off(length, unit float64) float64 {
	low := max(q.Low, 0) // no duration is under 0
	far := max(q.High*unit-length, length-low*unit)
	if far <= float64(time.Microsecond) {
		return 0
	}
	return far / length
}
