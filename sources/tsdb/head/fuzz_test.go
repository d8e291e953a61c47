package head

import (
	"errors"
	"testing"

	"github.com/klauspost/compress/snappy"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/input"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/sampletest"
	"github.com/nines-slo/nines/sources/tsdb/folder"
	"github.com/nines-slo/nines/sources/tsdb/tsdbtest"
)

// all counts what it is told.
type all struct{ named, samples int }

func (a *all) series(uint64, sample.Labels)              { a.named++ }
func (a *all) wants(uint64) bool                         { return true }
func (a *all) float(uint64, int64, float64)              { a.samples++ }
func (a *all) histogram(uint64, int64, sample.Histogram) { a.samples++ }
func (a *all) deleted(uint64, int64, int64)              {}

// FuzzRecord reads records that are made of anything: they are refused, or read.
func FuzzRecord(f *testing.F) {
	h := sample.Histogram{Schema: 3, Count: 3, Sum: 2, Positive: []sample.Bucket{{Index: 1, Count: 1}, {Index: 3, Count: 2}}}
	custom := sample.Histogram{Schema: sample.CustomBounds, Bounds: []float64{1, 2}, Positive: []sample.Bucket{{Index: 0, Count: 4}}}
	f.Add(tsdbtest.SeriesRecord(5, sampletest.Labels("a", "x", "1"), sampletest.Labels("b")))
	f.Add(tsdbtest.Tombstones(5, -7, 1<<40))
	for _, kind := range []byte{tsdbtest.Samples, tsdbtest.SamplesV2} {
		f.Add(tsdbtest.Record(kind, tsdbtest.One{Ref: 5, Time: 9, Value: 1, Start: 3}, tsdbtest.One{Ref: 4, Time: 8, Value: 2}))
	}
	for _, kind := range []byte{tsdbtest.Histograms, tsdbtest.Floats, 9, 10, tsdbtest.HistogramsV2, tsdbtest.FloatsV2} {
		f.Add(tsdbtest.Record(kind, tsdbtest.One{Ref: 5, Time: 9, Hist: &h}, tsdbtest.One{Ref: 6, Time: 9, Hist: &custom, Start: 1}))
	}
	f.Fuzz(func(t *testing.T, record []byte) {
		if len(record) == 0 {
			return
		}
		var d decoder
		if err := d.record(record, &all{}); err != nil && !errors.As(err, new(unreadable)) {
			t.Errorf("error %v", err)
		}
	})
}

// FuzzFiles reads files of a log, and of chunks of the head, that are made of anything.
func FuzzFiles(f *testing.F) {
	series := []sampletest.Series{{Labels: sampletest.Labels("a"), Times: []int64{1, 2, 3}, Values: []float64{1, 2, 3}}}
	for flag, pack := range map[byte]func([]byte) []byte{0: nil, tsdbtest.Snappy: func(b []byte) []byte { return snappy.Encode(nil, b) }} {
		log := &tsdbtest.Log{Flag: flag, Pack: pack}
		log.Series(series)
		log.Scrapes(series, series, tsdbtest.Samples, tsdbtest.Floats)
		f.Add(log.Bytes(), true)
		f.Add(log.Bytes(), false)
	}
	var file tsdbtest.Mapped
	file.Add(1, series[0], false)
	f.Add(append(file.Bytes(), 0, 0), true)
	f.Fuzz(func(t *testing.T, text []byte, growing bool) {
		s := segment{file: folder.Held("wal", text), blocks: &input.Blocks{Limit: 1 << 20}}
		var d decoder
		errs := []error{
			s.read(t.Context(), growing, func(record []byte) error { return d.record(record, &all{}) }),
			mappedChunks(t.Context(), folder.Held("chunks", text), growing, func(uint64, mapped) {}),
		}
		for _, err := range errs {
			if err != nil && !errors.As(err, &diag.List{}) {
				t.Errorf("error %v, which names no file", err)
			}
		}
	})
}

// A histogram finer than blocks hold is made coarser, and one of a schema that is not
// known is refused.
func TestSchemas(t *testing.T) {
	h := sample.Histogram{Schema: 10, Count: 6, Positive: []sample.Bucket{{Index: 1, Count: 1}, {Index: 4, Count: 2}, {Index: 5, Count: 3}}}
	got := &newestHistogram{}
	var d decoder
	if err := d.record(tsdbtest.Record(tsdbtest.Floats, tsdbtest.One{Ref: 1, Time: 1, Hist: &h}), got); err != nil {
		t.Fatal(err)
	}
	want := []sample.Bucket{{Index: 1, Count: 3}, {Index: 2, Count: 3}} // 4 buckets become one
	if got.h.Schema != 8 || len(got.h.Positive) != 2 || got.h.Positive[0] != want[0] || got.h.Positive[1] != want[1] {
		t.Errorf("got %+v", got.h)
	}
	h.Schema = 60
	if err := d.record(tsdbtest.Record(tsdbtest.Floats, tsdbtest.One{Ref: 1, Time: 1, Hist: &h}), got); !errors.As(err, new(unreadable)) {
		t.Errorf("schema 60: error %v", err)
	}
}

// What no chunk may have is refused in the log as well.
func TestWrongHistograms(t *testing.T) {
	one := []sample.Bucket{{Index: 3, Count: 1}}
	for name, h := range map[string]sample.Histogram{
		"its histogram has a count below 0":              {Positive: []sample.Bucket{{Index: 1, Count: -1}}},
		"its histogram has a bucket where none can be":   {Schema: sample.CustomBounds, Bounds: []float64{1, 2}, Positive: one},
		"its histogram has bounds that are out of order": {Schema: sample.CustomBounds, Bounds: []float64{1, 2, 2}, Positive: one},
	} {
		var d decoder
		err := d.record(tsdbtest.Record(9, tsdbtest.One{Ref: 1, Time: 1, Hist: &h}), &newestHistogram{})
		if err == nil || err.Error() != name {
			t.Errorf("%+v: error %v", h, err)
		}
	}
}

type newestHistogram struct {
	all
	h sample.Histogram
}

func (l *newestHistogram) histogram(_ uint64, _ int64, h sample.Histogram) { l.h = h }
