package fold

import (
	"math/bits"
	"time"

	"github.com/nines-slo/nines/slo"
)

const (
	binBits = 4 // 16 bins an octave
	bins    = 1 << binBits
	octaves = 40 // up to 16·2^39 µs = 101 days; longer counts as that
)

// histogram counts durations in bins that are one microsecond wide up to 16 µs
// and 1/16 of their octave above. A percentile is the middle of its bin, so it
// is off by at most 1/32 (3.2 %), under 16 µs by at most a microsecond. Octaves
// exist once a duration falls into them: at most 3 KB, usually a quarter of that.
type histogram struct {
	octave [octaves]*[bins]uint32
	count  int64
}

func (h *histogram) add(ns int64) { h.addN(binOf(uint64(ns)/1000), 1) }

func (h *histogram) addN(bin int, n uint32) {
	o := &h.octave[bin/bins]
	if *o == nil {
		*o = new([bins]uint32)
	}
	(*o)[bin%bins] += n
	h.count += int64(n)
}

func (h *histogram) merge(o *histogram) {
	for i, octave := range o.octave {
		if octave == nil {
			continue
		}
		for j, n := range octave {
			if n > 0 {
				h.addN(i*bins+j, n)
			}
		}
	}
}

// binOf returns the bin of a duration in microseconds.
func binOf(us uint64) int {
	octave := max(0, bits.Len64(us)-binBits)
	if octave == 0 {
		return int(us)
	}
	if octave >= octaves {
		return octaves*bins - 1
	}
	return octave*bins + int(us>>(octave-1)) - bins
}

// middle returns the middle of the whole microseconds of a bin.
func middle(bin int) time.Duration {
	if bin < bins {
		return time.Duration(bin) * time.Microsecond
	}
	width := time.Microsecond << (bin/bins - 1)
	return time.Duration(bin%bins+bins)*width + (width-time.Microsecond)/2
}

// percentiles returns the nearest ranks.
func (h *histogram) percentiles(start time.Time) slo.Percentiles {
	return slo.Percentiles{Start: start, P50: h.rank(50), P95: h.rank(95), P99: h.rank(99),
		Error: slo.NumberFrac(1, 2*bins), Count: h.count}
}

// rank returns the smallest duration that percent of all are not above.
func (h *histogram) rank(percent int64) time.Duration {
	left := (h.count*percent + 99) / 100
	for i, octave := range h.octave {
		if octave == nil {
			continue
		}
		for j, n := range octave {
			left -= int64(n)
			if left <= 0 {
				return middle(i*bins + j)
			}
		}
	}
	return 0
}
