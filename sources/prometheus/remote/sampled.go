package remote

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/snappy"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
	"google.golang.org/protobuf/encoding/protowire"
)

// What an answer of samples may have, which is held whole: packed and unpacked.
const (
	maxPacked   = 16 << 20
	maxUnpacked = 48 << 20
)

var errPacked = errors.New("answers with samples that are not packed as they should be")

// samples reads an answer that is not streamed.
func (w *worker) samples(batch []*query, body io.Reader) error {
	w.flight.client.holding.Lock()
	defer w.flight.client.holding.Unlock()
	defer func() { w.times, w.values = nil, nil }()
	packed, err := io.ReadAll(io.LimitReader(body, maxPacked+1))
	if err != nil {
		return &broken{err: err}
	}
	length, err := snappy.DecodedLen(packed)
	if err == nil && (length > maxUnpacked || len(packed) > maxPacked) {
		return tooMuch("answers with over %d MiB at once", maxUnpacked>>20)
	}
	if err != nil {
		return errPacked
	}
	data, err := snappy.Decode(nil, packed)
	if err != nil {
		return errPacked
	}
	index := int64(0)
	f := fields{rest: data}
	for f.next() {
		if f.is(1, protowire.BytesType) {
			if err := w.result(batch, index, f.bytes); err != nil {
				return err
			}
			index++
		}
	}
	if f.err == nil && index != int64(len(batch)) {
		return fmt.Errorf("answers %d queries of %d", index, len(batch))
	}
	return f.err
}

// maxSamples is how many floats a series of an answer may have.
const maxSamples = 1 << 21

// tooMuch returns an error of an answer that may be given in parts.
func tooMuch(format string, n int) error {
	err := &sources.Error{Class: sources.Cannot, Err: fmt.Errorf(format, n)}
	return &refusal{err: err, parts: true, limit: true}
}

// result reads a QueryResult.
func (w *worker) result(batch []*query, index int64, data []byte) error {
	f := fields{rest: data}
	for f.next() {
		if f.is(1, protowire.BytesType) {
			if err := w.timeSeries(batch, index, f.bytes); err != nil {
				return err
			}
		}
	}
	return f.err
}

// timeSeries reads a TimeSeries, its floats and histograms by their times.
func (w *worker) timeSeries(batch []*query, index int64, data []byte) error {
	var labels [][]byte
	w.times, w.values = w.times[:0], w.values[:0]
	f := fields{rest: data}
	for f.next() {
		switch {
		case f.is(1, protowire.BytesType):
			labels = append(labels, f.bytes)
		case f.is(2, protowire.BytesType):
			t, v, err := readSample(f.bytes)
			if err != nil {
				return err
			}
			if n := len(w.times); n > 0 && t <= w.times[n-1] {
				return errTimes
			}
			w.times, w.values = append(w.times, t), append(w.values, v)
		}
		switch {
		case len(labels) > maxLabels:
			return errLabels
		case len(w.times) > maxSamples:
			return tooMuch("answers with over %d samples of a series at once", maxSamples)
		}
	}
	if f.err != nil {
		return f.err
	}
	if err := w.begin(batch, index, labels); err != nil {
		return err
	}
	if err := w.mixed(data); err != nil {
		return w.of(err)
	}
	return nil
}

// mixed takes the histograms of a TimeSeries, and the floats that were read, in order of
// time.
func (w *worker) mixed(data []byte) error {
	times, values := w.times, w.values
	last, any := int64(0), false
	f := fields{rest: data}
	for f.next() {
		if !f.is(4, protowire.BytesType) {
			continue
		}
		t, h, err := readHistogram(f.bytes)
		if err != nil {
			return err
		}
		if any && t <= last {
			return errTimes
		}
		last, any = t, true
		before, _ := slices.BinarySearch(times, t)
		if err := w.floats(times[:before], values[:before]); err != nil {
			return err
		}
		times, values = times[before:], values[before:]
		if err := w.run.AddHistograms([]int64{t}, []sample.Histogram{h}); err != nil {
			return err
		}
	}
	if f.err != nil {
		return f.err
	}
	return w.floats(times, values)
}

// floats takes floats piece by piece, so that they are given away as they come.
func (w *worker) floats(times []int64, values []float64) error {
	const piece = 4096
	for len(times) > 0 {
		n := min(piece, len(times))
		if err := w.run.AddFloats(times[:n], values[:n]); err != nil {
			return err
		}
		times, values = times[n:], values[n:]
	}
	return nil
}
