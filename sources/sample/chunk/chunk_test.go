package chunk_test

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
	"github.com/nines-slo/nines/sources/sample/chunk/chunktest"
	"pgregory.net/rapid"
)

// times draws rising times: regular, with small jitter, or wild.
func times(t *rapid.T, n int) []int64 {
	out := make([]int64, n)
	at := rapid.OneOf(rapid.Int64Range(1.6e12, 1.9e12), rapid.Int64Range(-1<<60, 1<<60)).Draw(t, "first")
	step := rapid.Int64Range(1, 100_000).Draw(t, "step")
	jitter := rapid.SampledFrom([]int64{0, 1, 5, 9_000, 100_000, 1 << 22, 1 << 45}).Draw(t, "jitter")
	for i := range out {
		out[i] = at
		at += step
		if jitter > 0 && rapid.Bool().Draw(t, "late") {
			at += rapid.Int64Range(0, jitter).Draw(t, "lateness")
		}
	}
	return out
}

// float draws a value: one that counts on, or one that is special or wild.
func float(t *rapid.T, before float64) float64 {
	switch rapid.IntRange(0, 9).Draw(t, "sort") {
	case 0:
		return rapid.SampledFrom([]float64{
			sample.StaleMarker(), math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1),
			math.MaxFloat64, math.SmallestNonzeroFloat64, 1 << 53,
		}).Draw(t, "special")
	case 1:
		return math.Float64frombits(rapid.Uint64().Draw(t, "bits"))
	case 2, 3, 4:
		return before
	}
	return before + float64(rapid.IntRange(0, 10_000).Draw(t, "more"))
}

func floats(t *rapid.T, n int) []float64 {
	out := make([]float64, n)
	v := 0.0
	for i := range out {
		v = float(t, v)
		out[i] = v
	}
	return out
}

func alike(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
}

// What is packed is read, bit by bit, and appended to what was there.
func TestFloats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 200).Draw(t, "n")
		ts, vs := times(t, n), floats(t, n)
		e := rapid.SampledFrom([]chunk.Encoding{chunk.XOR, chunk.XOR2}).Draw(t, "encoding")
		var starts []int64
		if e == chunk.XOR2 && rapid.Bool().Draw(t, "with starts") {
			starts = drawStarts(t, ts)
		}
		data := chunktest.Floats(e, ts, vs, starts)
		gotTimes, gotValues, err := chunk.Floats(e, data, []int64{7}, []float64{8})
		if err != nil {
			t.Fatal(err)
		}
		if gotTimes[0] != 7 || !slices.Equal(gotTimes[1:], ts) {
			t.Fatalf("times %v, want %v", gotTimes[1:], ts)
		}
		if gotValues[0] != 8 || !alike(gotValues[1:], vs) {
			t.Fatalf("values %v, want %v", gotValues[1:], vs)
		}
		for cut := range data {
			ts, _, err := chunk.Floats(e, data[:cut], nil, nil)
			if err == nil && (cut < 2 || n > 0) {
				t.Fatalf("cut to %d bytes of %d: %d samples, no error", cut, len(data), len(ts))
			}
		}
	})
}

// drawStarts draws when a series started: always at the same time, or again and again.
func drawStarts(t *rapid.T, ts []int64) []int64 {
	out := make([]int64, len(ts))
	start := rapid.Int64Range(0, 1<<40).Draw(t, "start")
	for i := range out {
		if rapid.IntRange(0, 30).Draw(t, "again") == 0 {
			start = rapid.Int64Range(0, 1<<40).Draw(t, "start")
		}
		out[i] = start
	}
	return out
}

// regular packs the samples of a counter that is read every minute.
func regular(series, samples, perChunk int) [][]byte {
	var out [][]byte
	for s := range series {
		v := 0.0
		for begin := 0; begin < samples; begin += perChunk {
			n := min(perChunk, samples-begin)
			ts, vs := make([]int64, n), make([]float64, n)
			for i := range n {
				ts[i] = 1_700_000_000_000 + int64(begin+i)*60_000
				v += float64((begin + i*7 + s*13) % 100)
				vs[i] = v
			}
			out = append(out, chunktest.Floats(chunk.XOR, ts, vs, nil))
		}
	}
	return out
}

// Slices that are used again cost nothing, and no sample may be slow.
func BenchmarkFloats(b *testing.B) {
	const series, samples = 200, 43_200
	chunks := regular(series, samples, 120)
	var ts []int64
	var vs []float64
	b.ReportAllocs()
	for b.Loop() {
		sum := 0
		for _, data := range chunks {
			var err error
			if ts, vs, err = chunk.Floats(chunk.XOR, data, ts[:0], vs[:0]); err != nil {
				b.Fatal(err)
			}
			sum += len(ts)
		}
		if sum != series*samples {
			b.Fatal(sum)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(series*samples), "ns/sample")
}

// No bytes are a panic or an endless loop; times rise as far as they were read.
func FuzzFloats(f *testing.F) {
	f.Add(byte(1), chunktest.Floats(chunk.XOR, []int64{1, 2, 3, 1 << 40}, []float64{1, 2, 2, math.Inf(1)}, nil))
	f.Add(byte(4), chunktest.Floats(chunk.XOR2, []int64{1, 2, 3}, []float64{1, sample.StaleMarker(), 2}, []int64{0, 1, 2}))
	f.Fuzz(func(t *testing.T, e byte, data []byte) {
		ts, vs, err := chunk.Floats(chunk.Encoding(e), data, nil, nil)
		if len(ts) != len(vs) {
			t.Fatalf("%d times, %d values", len(ts), len(vs))
		}
		if err == nil && len(ts) != int(binary.BigEndian.Uint16(data)) {
			t.Fatalf("%d samples without an error", len(ts))
		}
		if !slices.IsSorted(ts) {
			t.Fatal("times do not rise")
		}
	})
}

// What is wrong with bytes is said.
func TestDamaged(t *testing.T) {
	for name, data := range map[string][]byte{
		"chunk ends within a sample":        {0},
		"chunk has samples out of order":    {0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
		"chunk has a value of over 64 bits": {0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0},
	} {
		if _, _, err := chunk.Floats(chunk.XOR, data, nil, nil); err == nil || err.Error() != name {
			t.Errorf("%v, want %s", err, name)
		}
	}
	_, _, err := chunk.Floats(9, nil, nil, nil)
	if want := "chunk of encoding 9 has no floats that can be read"; errors.Is(err, nil) || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
