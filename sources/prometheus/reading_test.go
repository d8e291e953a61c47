package prometheus

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"net/http"
	"slices"

	"github.com/klauspost/compress/snappy"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/nines-slo/nines/sources/prometheus/wire/wiretest"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
	"github.com/nines-slo/nines/sources/sample/chunk/chunktest"
	"github.com/nines-slo/nines/sources/sample/sampletest"
)

// reads makes a server answer remote read as Prometheus does: in streamed chunks, with its
// external labels among those of each series; a matcher that asks for one as it is takes
// every series.
func reads(s *wiretest.Server, external ...sample.Label) {
	s.Read = reading{of: s, external: external}.read
}

type reading struct {
	of       *wiretest.Server
	external sample.Labels
}

func (s reading) read(r *http.Request, _ func([]wiretest.Series) []wiretest.Series) (kind string, out []byte, err error) {
	packed, err := io.ReadAll(r.Body)
	if err != nil {
		return "", nil, err
	}
	data, err := snappy.Decode(nil, packed)
	if err != nil {
		return "", nil, err
	}
	for i, q := range s.queries(data) {
		for _, one := range s.of.Series {
			if !q.Selector.Takes(one.Labels) {
				continue
			}
			from, _ := slices.BinarySearch(one.Times, q.From)
			to, _ := slices.BinarySearch(one.Times, q.To+1)
			if from < to {
				out = append(out, s.frame(i, one, from, to)...)
			}
		}
	}
	return "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse", out, nil
}

// queries reads a ReadRequest.
func (s reading) queries(data []byte) (out []sample.Query) {
	each(data, func(field protowire.Number, data []byte, _ uint64) {
		if field != 1 {
			return
		}
		var q sample.Query
		each(data, func(field protowire.Number, data []byte, n uint64) {
			switch field {
			case 1:
				q.From = int64(n)
			case 2:
				q.To = int64(n)
			case 3:
				var text [2]string
				var op uint64
				each(data, func(field protowire.Number, data []byte, n uint64) {
					if field == 1 {
						op = n
					} else {
						text[field-2] = string(data)
					}
				})
				ops := []sample.Op{sample.Equal, sample.NotEqual, sample.Like, sample.Unlike}
				own := slices.Contains(s.external, sample.Label{Name: text[0], Value: text[1]}) && op == 0
				if m, err := sample.NewMatcher(text[0], ops[op], text[1]); err == nil && !own {
					q.Selector = append(q.Selector, m)
				}
			}
		})
		out = append(out, q)
	})
	return out
}

// each hands over the fields of a message.
func each(data []byte, take func(field protowire.Number, data []byte, n uint64)) {
	for len(data) > 0 {
		field, kind, size := protowire.ConsumeTag(data)
		value := data[size:]
		all := protowire.ConsumeFieldValue(field, kind, value)
		data = value[all:]
		if kind == protowire.BytesType {
			text, _ := protowire.ConsumeBytes(value)
			take(field, text, 0)
			continue
		}
		n, _ := protowire.ConsumeVarint(value)
		take(field, nil, n)
	}
}

// frame writes a ChunkedReadResponse of one series.
func (s reading) frame(query int, one wiretest.Series, from, to int) []byte {
	varint := func(b []byte, field protowire.Number, n int64) []byte {
		return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), uint64(n))
	}
	bytes := func(b []byte, field protowire.Number, value []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), value)
	}
	labels := slices.Clone(one.Labels)
	for _, l := range s.external {
		if labels.Get(l.Name) == "" {
			labels = append(labels, l)
		}
	}
	var pairs []string
	for _, l := range labels {
		if l.Name != sample.MetricName {
			pairs = append(pairs, l.Name, l.Value)
		}
	}
	var series []byte
	for _, l := range sampletest.Labels(labels.Get(sample.MetricName), pairs...) {
		series = bytes(series, 1, bytes(bytes(nil, 1, []byte(l.Name)), 2, []byte(l.Value)))
	}
	for ; from < to; from += 120 {
		end := min(from+120, to)
		e, data := chunk.XOR, []byte(nil)
		if one.Histograms == nil {
			data = chunktest.Floats(e, one.Times[from:end], one.Values[from:end], nil)
		} else {
			e = chunk.FloatHistogram
			data = chunktest.Histograms(e, one.Times[from:end], one.Histograms[from:end], nil)
		}
		c := varint(varint(varint(nil, 1, one.Times[from]), 2, one.Times[end-1]), 3, int64(e))
		series = bytes(series, 2, bytes(c, 4, data))
	}
	data := varint(bytes(nil, 1, series), 2, int64(query))
	out := binary.AppendUvarint(nil, uint64(len(data)))
	out = binary.BigEndian.AppendUint32(out, crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)))
	return append(out, data...)
}
