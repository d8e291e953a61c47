package tally

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"math"
	"math/bits"
	"slices"

	"github.com/nines-slo/nines/sources/sample"
)

// digest identifies the samples of a query, in whatever order its series come.
type digest struct {
	series []hash.Hash // by their number
	room   []byte
}

func (d *digest) add(b sample.Block) {
	for b.Series >= len(d.series) {
		d.series = append(d.series, nil)
	}
	if d.series[b.Series] == nil {
		d.series[b.Series] = sha256.New()
		d.series[b.Series].Write([]byte(b.Labels.String()))
	}
	d.room = d.room[:0]
	for i, at := range b.Times {
		d.room = binary.LittleEndian.AppendUint64(d.room, uint64(at))
		if b.Histograms == nil {
			d.room = binary.LittleEndian.AppendUint64(d.room, math.Float64bits(b.Values[i]))
		} else {
			d.room = fmt.Append(d.room, b.Histograms[i])
		}
	}
	d.series[b.Series].Write(d.room)
}

// scattered identifies points that come in any order: it is the sum of a hash of each.
type scattered struct {
	sum  [4]uint64
	n    uint64
	room []byte
}

func (d *scattered) add(b sample.Block) {
	labels := b.Labels.String()
	for i, at := range b.Times {
		d.room = binary.LittleEndian.AppendUint64(d.room[:0], uint64(at))
		if b.Histograms == nil {
			d.room = binary.LittleEndian.AppendUint64(d.room, math.Float64bits(b.Values[i]))
		} else {
			d.room = fmt.Append(d.room, b.Histograms[i])
		}
		h, carry := sha256.Sum256(append(d.room, labels...)), uint64(0)
		for k := range d.sum {
			d.sum[k], carry = bits.Add64(d.sum[k], binary.LittleEndian.Uint64(h[8*k:]), carry)
		}
		d.n++
	}
}

// String writes the digest of all points.
func (d *scattered) String() string {
	return fmt.Sprintf("sha256:%x", sha256.Sum256(fmt.Append(nil, d.n, d.sum)))
}

// String writes the digest of all series.
func (d *digest) String() string {
	var sums [][]byte
	for _, h := range d.series {
		sums = append(sums, h.Sum(nil))
	}
	slices.SortFunc(sums, slices.Compare)
	return fmt.Sprintf("sha256:%x", sha256.Sum256(slices.Concat(sums...)))
}
