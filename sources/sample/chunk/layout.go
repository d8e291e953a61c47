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
	schema, finer, err := schemaOf(c.varbitInt())
	if err != nil {
		c.err = err
	}
	c.layout.Schema = schema
	c.positive, c.negative = c.sideOf(finer), c.sideOf(finer)
	if schema == sample.CustomBounds {
		c.layout.Bounds = c.bounds()
		outside := func(i int32) bool { return i < 0 || int(i) > len(c.layout.Bounds) }
		if len(c.negative.indices) > 0 || slices.ContainsFunc(c.positive.indices, outside) {
			c.err = errSpans
		}
	}
}

// schemaOf returns the schema of what is written with one, and how much finer that is.
func schemaOf(schema int64) (is int8, finer int, err error) {
	if schema != sample.CustomBounds && (schema < coarsest || schema > written) {
		err = fmt.Errorf("histogram has buckets of schema %d, which is not known", schema)
	}
	return int8(min(schema, finest)), int(max(0, schema-finest)), err
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
	at := place{finer: finer}
	for range spans {
		length, _ := c.varbitUint()
		offset := c.varbitInt()
		if c.left() < 0 || c.err != nil {
			return side{}
		}
		if !at.to(Span{offset, length}) {
			c.err = errSpans
			return side{}
		}
		if length > uint64(c.left()) { // every bucket has a bit at least
			c.err = errShort
			return side{}
		}
		if len(s.indices)+int(length) > MaxBuckets {
			c.err = errBuckets
			return side{}
		}
		for range length {
			s.indices = append(s.indices, at.next())
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
	before := math.Inf(-1)
	for range n {
		v, _ := c.varbitUint()
		bound := float64(v-1) / 1000
		if v == 0 {
			bound = math.Float64frombits(c.take(64))
		}
		if !follows(before, bound) {
			c.err = errBounds
			return nil
		}
		if c.left() < 0 {
			return nil
		}
		out, before = append(out, bound), bound
	}
	return out
}

// follows tells whether a bound can be after another.
func follows(before, bound float64) bool { return bound > before && !math.IsInf(bound, 1) }
