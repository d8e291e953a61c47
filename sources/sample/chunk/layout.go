package chunk

import (
	"fmt"
	"math"
	"slices"

	"github.com/nines-slo/nines/sources/sample"
)

// The schemas that sample.Histogram has, and the finest that may be written, which are
// made coarser.
const (
	coarsest = -4
	finest   = 8
	written  = 52
)

// begin reads what a chunk of histograms begins with: which buckets all of its samples have.
func (c *histograms) begin() {
	c.layout.ZeroThreshold = c.zeroThreshold()
	schema := c.varbitInt()
	custom := schema == sample.CustomBounds
	if !custom && (schema < coarsest || schema > written) {
		c.err = fmt.Errorf("chunk has buckets of schema %d, which is not known", schema)
	}
	finer := max(0, schema-finest)
	c.layout.Schema = int8(min(schema, finest))
	c.positive, c.negative = c.sideOf(int(finer)), c.sideOf(int(finer))
	if custom {
		c.layout.Bounds = c.bounds()
		outside := func(i int32) bool { return i < 0 || int(i) > len(c.layout.Bounds) }
		if len(c.negative.indices) > 0 || slices.ContainsFunc(c.positive.indices, outside) {
			c.err = errSpans
		}
	}
}

// zeroThreshold reads a byte: 0, a power of 2, or 255 before any other number.
func (c *histograms) zeroThreshold() float64 {
	var v float64
	switch b := c.take(8); b {
	case 0:
	case 255:
		v = math.Float64frombits(c.take(64))
	default:
		v = math.Ldexp(0.5, int(b)-243)
	}
	if !(v >= 0) {
		c.err = errNegative
	}
	return v
}

// sideOf reads which buckets there are above or below 0: stretches of them, each with its
// length and how far it is from the one before. Of a schema that is finer than the finest
// 2^finer buckets are one.
func (c *histograms) sideOf(finer int) side {
	var s side
	spans, _ := c.varbitUint()
	at := int64(0)
	for i := range spans {
		length, _ := c.varbitUint()
		offset := c.varbitInt()
		if c.left() < 0 || c.err != nil {
			return side{}
		}
		at += offset
		if i > 0 && offset < 0 || at < math.MinInt32 || at > math.MaxInt32-MaxBuckets {
			c.err = errSpans
			return side{}
		}
		// Every bucket has a bit at least.
		if length > uint64(c.left()) || len(s.indices)+int(length) > MaxBuckets {
			c.err = errShort
			return side{}
		}
		for range length {
			s.indices = append(s.indices, int32((at-1)>>finer+1))
			at++
		}
	}
	s.fields = make([]field, len(s.indices))
	return s
}

// bounds reads the upper bounds of buckets: thousandths and one more, or 0 before any
// other number.
func (c *histograms) bounds() []float64 {
	n, _ := c.varbitUint()
	if n > MaxBuckets {
		c.err = errBuckets
		return nil
	}
	var out []float64
	for range n {
		v, _ := c.varbitUint()
		bound := float64(v-1) / 1000
		if v == 0 {
			bound = math.Float64frombits(c.take(64))
		}
		before := math.Inf(-1)
		if len(out) > 0 {
			before = out[len(out)-1]
		}
		if !(bound > before) || math.IsInf(bound, 1) {
			c.err = errBounds
			return nil
		}
		if c.left() < 0 {
			return nil
		}
		out = append(out, bound)
	}
	return out
}
