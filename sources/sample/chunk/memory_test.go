package chunk_test

import (
	"encoding/binary"
	"runtime"
	"strings"
	"testing"

	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
)

// bits writes bits, the highest first.
type bits struct {
	data []byte
	n    int
}

func (w *bits) put(v uint64, n int) {
	for i := n - 1; i >= 0; i-- {
		if w.n%8 == 0 {
			w.data = append(w.data, 0)
		}
		w.data[len(w.data)-1] |= byte(v>>i&1) << (7 - w.n%8)
		w.n++
	}
}

// wide packs histograms at times that have buckets of which all have an event, or the last
// alone: a bit each in the chunk.
func wide(buckets int, all bool, at int64, later ...uint64) []byte {
	w := &bits{data: binary.BigEndian.AppendUint16(nil, uint16(1+len(later))), n: 16}
	w.put(0, 16)        // flags, threshold
	w.put(0, 1)         // schema
	w.put(0b10_001, 5)  // one stretch of buckets
	w.put(0b1111110, 7) // its length,
	w.put(uint64(buckets), 25)
	w.put(0, 2)    // from 0 on; none below 0
	w.put(0xff, 8) // time
	w.put(uint64(at), 64)
	w.put(0, 66) // counts and sum
	one := func(is bool) {
		if is {
			w.put(0b10_001, 5)
		} else {
			w.put(0, 1)
		}
	}
	one(all)
	for range buckets - 2 {
		one(false)
	}
	one(!all)
	for _, change := range later {
		w.put(0xff, 8)
		w.put(change, 64)
		w.put(0, 3+buckets) // as the one before
	}
	return w.data
}

// What is held of histograms is bounded by their buckets, whatever chunks a server makes:
// those in order are given away, those that overlap refused.
func TestRunHoldsBuckets(t *testing.T) {
	const most = 1<<18 - 1
	for name, test := range map[string]struct {
		chunk func(i int64) []byte
		err   string
	}{
		"one after the other": {chunk: func(i int64) []byte { return wide(most, true, i) }},
		"overlapping": {
			chunk: func(i int64) []byte { return wide(most/2, true, 1, uint64(i)) },
			err:   "over 524288 buckets of chunks that overlap",
		},
		"of one event":     {chunk: func(i int64) []byte { return wide(most, false, i) }},
		"beside the times": {chunk: func(i int64) []byte { return wide(most/2, true, i, 1_000_000) }},
	} {
		t.Run(name, func(t *testing.T) {
			r := chunk.NewRun(func(sample.Block) error { return nil })
			r.Begin(0, 1000)
			in, before := 0, heap()
			var err error
			for i := int64(1); i <= 40 && err == nil; i++ {
				data := test.chunk(i)
				in += len(data)
				err = r.Add(chunk.Histogram, data)
			}
			held := heap() - before
			t.Logf("%d KiB in, %d KiB held", in>>10, held>>10)
			if held > 24<<20 {
				t.Errorf("%d MiB held", held>>20)
			}
			if err == nil && test.err != "" || err != nil && (test.err == "" || !strings.Contains(err.Error(), test.err)) {
				t.Errorf("error %v, want %q", err, test.err)
			}
			runtime.KeepAlive(r)
		})
	}
}

// heap returns how many bytes are in use.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
