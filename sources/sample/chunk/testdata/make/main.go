// Command make prints chunks as Prometheus packs them, each with the samples that it reads
// back from them. It needs github.com/prometheus/prometheus/tsdb/chunkenc v0.315.0, and so
// a module of its own: go run . > ../chunks.txt
package main

import (
	"fmt"
	"math"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

func main() {
	for _, c := range []chunkenc.Chunk{chunkenc.NewXORChunk(), chunkenc.NewXOR2Chunk()} {
		floats(c)
	}
	for _, c := range []chunkenc.Chunk{
		chunkenc.NewHistogramChunk(), chunkenc.NewFloatHistogramChunk(),
		chunkenc.NewHistogramSTChunk(), chunkenc.NewFloatHistogramSTChunk(),
	} {
		histograms(c)
	}
}

func floats(c chunkenc.Chunk) {
	app, err := c.Appender()
	if err != nil {
		panic(err)
	}
	stale := math.Float64frombits(value.StaleNaN)
	at := int64(1_700_000_000_123)
	for i, v := range []float64{
		0, 0, 17, 18, 18, 1e9, 1e9 + 1, stale, stale, 3, math.Inf(1), math.NaN(), math.Inf(-1), -0.1, 1 << 60,
	} {
		at += []int64{15_000, 15_000, 15_001, 14_999, 20_000, 99_000, 700_000, 9_000_000, 1 << 40}[i*7%9]
		app.Append(int64(i/5)*1_000, at, v)
	}
	show(c)
}

func histograms(c chunkenc.Chunk) {
	app, err := c.Appender()
	if err != nil {
		panic(err)
	}
	h := &histogram.Histogram{
		Schema: 3, ZeroThreshold: 0.001, PositiveSpans: []histogram.Span{{Offset: -4, Length: 2}, {Offset: 3, Length: 1}},
		NegativeSpans: []histogram.Span{{Offset: 1, Length: 1}}, PositiveBuckets: []int64{2, -1, 4}, NegativeBuckets: []int64{3},
		ZeroCount: 1, Count: 12, Sum: 0.5,
	}
	for i := range 6 {
		at, start := 1_700_000_000_123+int64(i)*15_000+int64(i*i), int64(i/3)*1_000
		next := h.Copy()
		next.PositiveBuckets = []int64{2 + int64(i), -1, 4}
		next.Count += uint64(3 * i)
		next.Sum += float64(i) * 1.25
		if i == 5 {
			next = &histogram.Histogram{Sum: math.Float64frombits(value.StaleNaN)}
		}
		if c.Encoding() == chunkenc.EncHistogram || c.Encoding() == chunkenc.EncHistogramST {
			_, _, app, err = app.AppendHistogram(nil, start, at, next, true)
		} else {
			_, _, app, err = app.AppendFloatHistogram(nil, start, at, next.ToFloat(nil), true)
		}
		if err != nil {
			panic(err)
		}
	}
	show(c)
}

func show(c chunkenc.Chunk) {
	fmt.Printf("%d %x\n", c.Encoding(), c.Bytes())
	it := c.Iterator(nil)
	for v := it.Next(); v != chunkenc.ValNone; v = it.Next() {
		if v == chunkenc.ValFloat {
			t, v := it.At()
			fmt.Printf("\t%d %x\n", t, math.Float64bits(v))
			continue
		}
		t, h := it.AtFloatHistogram(nil)
		fmt.Printf("\t%d sum %x count %v zero %v to %v schema %d", t, math.Float64bits(h.Sum), h.Count, h.ZeroCount, h.ZeroThreshold, h.Schema)
		for it := h.NegativeBucketIterator(); it.Next(); {
			fmt.Printf(" -%d:%v", it.At().Index, it.At().Count)
		}
		for it := h.PositiveBucketIterator(); it.Next(); {
			fmt.Printf(" %d:%v", it.At().Index, it.At().Count)
		}
		fmt.Println()
	}
}
