package chunktest

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
)

// Histograms packs samples of native histograms: of the first one's schema, threshold and
// bounds, nothing after a marker of an end but others. The first one's Reset is the chunk's.
// Counts are whole where the encoding wants it. starts is as for Floats.
func Histograms(e chunk.Encoding, times []int64, hs []sample.Histogram, starts []int64) []byte {
	whole := e == chunk.Histogram || e == chunk.HistogramST
	w := &writer{data: []byte{byte(len(times) >> 8), byte(len(times)), 0}}
	flags := map[sample.Reset]byte{sample.Restarted: 2 << 6, sample.Continued: 1 << 6, sample.Gauge: 3 << 6}[hs[0].Reset]
	if e == chunk.HistogramST || e == chunk.FloatHistogramST {
		w.data[0] |= flags
	} else {
		w.data[2] = flags
	}
	indices := layout(w, hs)
	positive, negative := indices[0], indices[1]
	fields := make([]field, 4+len(positive)+len(negative))
	st := starter{times: times, starts: starts, header: 2}
	for i, h := range hs {
		fields[0].put(w, i, true, true, 0, times[i])
		fields[1].put(w, i, whole, false, h.Count, int64(h.Count))
		fields[2].put(w, i, whole, false, h.ZeroCount, int64(h.ZeroCount))
		fields[3].put(w, i, false, false, h.Sum, 0)
		if !sample.Stale(h.Sum) {
			buckets(w, i, whole, fields[4:], positive, h.Positive)
			buckets(w, i, whole, fields[4+len(positive):], negative, h.Negative)
		}
		st.put(w, i)
	}
	return w.data
}

// field is a number of each sample.
type field struct {
	before, change int64
	float          value
}

func (f *field) put(w *writer, i int, whole, sign bool, float float64, v int64) {
	if !whole {
		if i == 0 {
			w.bits(math.Float64bits(float), 64)
			f.float.bits = math.Float64bits(float)
		} else {
			f.float.xor(w, float)
		}
		return
	}
	switch change := v - f.before; {
	case i == 0 && sign:
		w.signed(v)
	case i == 0:
		w.unsigned(uint64(v))
	default:
		w.signed(change - f.change)
		f.change = change
	}
	f.before = v
}

func buckets(w *writer, i int, whole bool, fields []field, indices []int32, bs []sample.Bucket) {
	before := int64(0)
	for n, index := range indices {
		count := 0.0
		for _, b := range bs {
			if b.Index == index {
				count = b.Count
			}
		}
		fields[n].put(w, i, whole, true, count, int64(count)-before)
		before = int64(count)
	}
}

// layout writes which buckets the samples have, those above 0 and those below, and
// returns their indices.
func layout(w *writer, hs []sample.Histogram) (out [2][]int32) {
	for _, h := range hs {
		for side, bs := range [][]sample.Bucket{h.Positive, h.Negative} {
			for _, b := range bs {
				out[side] = append(out[side], b.Index)
			}
		}
	}
	threshold(w, hs[0].ZeroThreshold)
	w.signed(int64(hs[0].Schema))
	for side := range out {
		slices.Sort(out[side])
		out[side] = slices.Compact(out[side])
		spans(w, out[side])
	}
	if hs[0].Schema == sample.CustomBounds {
		w.unsigned(uint64(len(hs[0].Bounds)))
		for _, b := range hs[0].Bounds {
			if thousandths := math.Round(b * 1000); thousandths/1000 == b && b >= 0 && thousandths <= 33554430 {
				w.unsigned(uint64(thousandths) + 1)
			} else {
				w.bits(0, 1)
				w.bits(math.Float64bits(b), 64)
			}
		}
	}
	return out
}

func threshold(w *writer, v float64) {
	half, exp := math.Frexp(v)
	switch {
	case v == 0:
		w.bytes(0)
	case half == 0.5 && exp >= -242 && exp <= 11:
		w.bytes(byte(exp + 243))
	default:
		w.bytes(binary.BigEndian.AppendUint64([]byte{255}, math.Float64bits(v))...)
	}
}

func spans(w *writer, indices []int32) {
	var begins []int
	for i := range indices {
		if i == 0 || indices[i] > indices[i-1]+1 {
			begins = append(begins, i)
		}
	}
	w.unsigned(uint64(len(begins)))
	end := int32(0)
	for n, begin := range begins {
		next := len(indices)
		if n+1 < len(begins) {
			next = begins[n+1]
		}
		w.unsigned(uint64(next - begin))
		w.signed(int64(indices[begin] - end))
		end = indices[next-1] + 1
	}
}
