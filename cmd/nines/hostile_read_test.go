package main

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"net/http"

	"github.com/klauspost/compress/snappy"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/nines-slo/nines/sources/prometheus/wire/wiretest"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
	"github.com/nines-slo/nines/sources/sample/chunk/chunktest"
)

// streamed gives a server remote read of what it keeps: frames of chunks of 120 samples.
// mangle changes the whole body; nil changes nothing.
func streamed(s *wiretest.Server, mangle func([]byte) []byte) {
	s.Read = func(r *http.Request, spoil func([]wiretest.Series) []wiretest.Series) (string, []byte, error) {
		packed, err := io.ReadAll(r.Body)
		if err != nil {
			return "", nil, err
		}
		data, err := snappy.Decode(nil, packed)
		if err != nil {
			return "", nil, err
		}
		var body []byte
		index := int64(0)
		err = messages(data, func(number protowire.Number, message []byte) {
			if number != 1 {
				return
			}
			q := readQuery(message)
			var found []wiretest.Series
			for _, one := range s.Series {
				if one = overlapping(one, q); q.Selector.Takes(one.Labels) && len(one.Times) > 0 {
					found = append(found, one)
				}
			}
			for _, one := range spoil(found) {
				body = append(body, framesOf(index, one)...)
			}
			index++
		})
		if mangle != nil {
			body = mangle(body)
		}
		return "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse", body, err
	}
}

// messages hands over the fields of a message that are messages or texts, and the
// numbers as the digits of a varint.
func messages(data []byte, take func(protowire.Number, []byte)) error {
	for len(data) > 0 {
		number, kind, n := protowire.ConsumeTag(data)
		if n < 0 {
			return errors.New("a broken message")
		}
		data = data[n:]
		if n = protowire.ConsumeFieldValue(number, kind, data); n < 0 {
			return errors.New("a broken field")
		}
		value := data[:n]
		if kind == protowire.BytesType {
			value, _ = protowire.ConsumeBytes(value)
		}
		take(number, value)
		data = data[n:]
	}
	return nil
}

func readQuery(message []byte) (q sample.Query) {
	varint := func(b []byte) uint64 { v, _ := protowire.ConsumeVarint(b); return v }
	ops := []sample.Op{sample.Equal, sample.NotEqual, sample.Like, sample.Unlike}
	messages(message, func(number protowire.Number, value []byte) {
		switch number {
		case 1:
			q.From = int64(varint(value))
		case 2:
			q.To = int64(varint(value))
		case 3:
			var op uint64
			var texts [2]string
			messages(value, func(number protowire.Number, value []byte) {
				if number == 1 {
					op = varint(value)
				} else {
					texts[number-2] = string(value)
				}
			})
			m, _ := sample.NewMatcher(texts[0], ops[op], texts[1])
			q.Selector = append(q.Selector, m)
		}
	})
	return q
}

// perChunk is how many samples a chunk has.
const perChunk = 120

// overlapping returns the chunks of a series that overlap the time of a query.
func overlapping(one wiretest.Series, q sample.Query) wiretest.Series {
	out := wiretest.Series{Labels: one.Labels}
	for from := 0; from < len(one.Times); from += perChunk {
		to := min(from+perChunk, len(one.Times))
		if one.Times[from] <= q.To && one.Times[to-1] >= q.From {
			out.Times, out.Values = append(out.Times, one.Times[from:to]...), append(out.Values, one.Values[from:to]...)
		}
	}
	return out
}

// framesOf writes the chunks of a series, a frame each.
func framesOf(index int64, one wiretest.Series) (out []byte) {
	for from := 0; from < len(one.Times); from += perChunk {
		to := min(from+perChunk, len(one.Times))
		out = append(out, frameOf(chunkOf(index, one.Labels, one.Times[from:to], one.Values[from:to]))...)
	}
	return out
}

// chunkOf is a ChunkedReadResponse of one chunk.
func chunkOf(index int64, labels sample.Labels, times []int64, values []float64) []byte {
	number := func(b []byte, field protowire.Number, v int64) []byte {
		return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), uint64(v))
	}
	bytes := func(b []byte, field protowire.Number, v []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), v)
	}
	var series []byte
	for _, l := range labels {
		series = bytes(series, 1, bytes(bytes(nil, 1, []byte(l.Name)), 2, []byte(l.Value)))
	}
	data := number(number(number(nil, 1, times[0]), 2, times[len(times)-1]), 3, int64(chunk.XOR))
	data = bytes(data, 4, chunktest.Floats(chunk.XOR, times, values, nil))
	return number(bytes(nil, 1, bytes(series, 2, data)), 2, index)
}

// frameOf puts a message into a frame: its length, a checksum, and the message.
func frameOf(message []byte) []byte {
	out := binary.AppendUvarint(nil, uint64(len(message)))
	out = binary.BigEndian.AppendUint32(out, crc32.Checksum(message, crc32.MakeTable(crc32.Castagnoli)))
	return append(out, message...)
}
