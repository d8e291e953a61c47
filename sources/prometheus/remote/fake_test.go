package remote

import (
	"encoding/binary"
	"hash/crc32"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"

	"github.com/klauspost/compress/snappy"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
	"github.com/nines-slo/nines/sources/sample/chunk/chunktest"
	"google.golang.org/protobuf/encoding/protowire"
)

// kept is a series that a server has: floats or histograms.
type kept struct {
	labels     sample.Labels
	times      []int64
	values     []float64
	histograms []sample.Histogram
}

// fake is a server that has remote read.
type fake struct {
	series   []kept
	perChunk int  // samples of a chunk
	perFrame int  // chunks of a frame
	overlap  int  // how many samples of a chunk are those of the one before
	samples  bool // it does not stream

	// odd answers the request of that number, from 1 on, in its own way, if it returns true.
	odd func(n int, w http.ResponseWriter, queries []sample.Query, usual []byte) bool

	mu       sync.Mutex
	requests [][]sample.Query
}

// begin starts the server and returns a client of it.
func (f *fake) begin(t testing.TB) *Client {
	t.Helper()
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	address, err := url.Parse(server.URL + "/prefix/")
	if err != nil {
		t.Fatal(err)
	}
	return New(Config{URL: address, HTTP: http.DefaultTransport, Parallel: 2, Pause: noPause})
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	packed, _ := io.ReadAll(r.Body)
	data, err := snappy.Decode(nil, packed)
	header := r.Header
	if err != nil || r.Method != http.MethodPost || r.URL.Path != "/prefix/api/v1/read" ||
		header.Get("Content-Type") != "application/x-protobuf" || header.Get("Content-Encoding") != "snappy" ||
		header.Get("X-Prometheus-Remote-Read-Version") != "0.1.0" {
		http.Error(w, "this is no request for remote read", http.StatusTeapot)
		return
	}
	queries := decode(data)
	f.mu.Lock()
	f.requests = append(f.requests, queries)
	n := len(f.requests)
	f.mu.Unlock()
	w.Header().Set("Content-Type", "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse")
	answer := f.stream
	if f.samples {
		w.Header().Set("Content-Type", "application/x-protobuf")
		w.Header().Set("Content-Encoding", "snappy")
		answer = f.whole
	}
	usual := answer(queries)
	if f.odd == nil || !f.odd(n, w, queries, usual) {
		w.Write(usual)
	}
}

// decode reads a ReadRequest.
func decode(data []byte) []sample.Query {
	var out []sample.Query
	ops := []sample.Op{sample.Equal, sample.NotEqual, sample.Like, sample.Unlike}
	for f := (&fields{rest: data}); f.next(); {
		if f.number != 1 {
			continue
		}
		var q sample.Query
		for f := (&fields{rest: f.bytes}); f.next(); {
			switch f.number {
			case 1:
				q.From = int64(f.value)
			case 2:
				q.To = int64(f.value)
			case 3:
				var op uint64
				var name, value string
				for f := (&fields{rest: f.bytes}); f.next(); {
					switch f.number {
					case 1:
						op = f.value
					case 2:
						name = string(f.bytes)
					case 3:
						value = string(f.bytes)
					}
				}
				m, _ := sample.NewMatcher(name, ops[op], value)
				q.Selector = append(q.Selector, m)
			}
		}
		out = append(out, q)
	}
	return out
}

// stream returns frames of the chunks that overlap the time of a query.
func (f *fake) stream(queries []sample.Query) []byte {
	var out []byte
	for index, q := range queries {
		for _, k := range f.series {
			if !q.Selector.Takes(k.labels) {
				continue
			}
			var chunks [][]byte
			for begin := 0; begin < len(k.times); begin += f.perChunk {
				first, end := max(0, begin-f.overlap), min(len(k.times), begin+f.perChunk)
				if k.times[first] <= q.To && k.times[end-1] >= q.From {
					chunks = append(chunks, k.chunk(first, end))
				}
			}
			for part := range slices.Chunk(chunks, f.perFrame) {
				out = append(out, frame(chunkedResponse(index, k.labels, part))...)
			}
		}
	}
	return out
}

func (k kept) chunk(i, j int) []byte {
	e, data := chunk.XOR, []byte(nil)
	if k.values != nil {
		data = chunktest.Floats(e, k.times[i:j], k.values[i:j], nil)
	} else {
		e = chunk.Histogram
		data = chunktest.Histograms(e, k.times[i:j], k.histograms[i:j], nil)
	}
	b := number(nil, 1, k.times[i])
	b = number(b, 2, k.times[j-1])
	b = number(b, 3, int64(e))
	return message(b, 4, func([]byte) []byte { return data })
}

func encodeLabels(b []byte, ls sample.Labels) []byte {
	for _, l := range ls {
		b = message(b, 1, func(b []byte) []byte {
			b = protowire.AppendString(protowire.AppendTag(b, 1, protowire.BytesType), l.Name)
			return protowire.AppendString(protowire.AppendTag(b, 2, protowire.BytesType), l.Value)
		})
	}
	return b
}

func chunkedResponse(index int, ls sample.Labels, chunks [][]byte) []byte {
	b := message(nil, 1, func(b []byte) []byte {
		b = encodeLabels(b, ls)
		for _, c := range chunks {
			b = message(b, 2, func([]byte) []byte { return c })
		}
		return b
	})
	if index > 0 {
		b = number(b, 2, int64(index))
	}
	return b
}

func frame(data []byte) []byte {
	b := binary.AppendUvarint(nil, uint64(len(data)))
	b = binary.BigEndian.AppendUint32(b, crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)))
	return append(b, data...)
}

func float(b []byte, field protowire.Number, v float64) []byte {
	return protowire.AppendFixed64(protowire.AppendTag(b, field, protowire.Fixed64Type), math.Float64bits(v))
}

// whole returns a ReadResponse.
func (f *fake) whole(queries []sample.Query) []byte {
	var out []byte
	for _, q := range queries {
		out = message(out, 1, func(b []byte) []byte {
			for _, k := range f.series {
				if q.Selector.Takes(k.labels) {
					b = message(b, 1, func(b []byte) []byte { return k.encode(encodeLabels(b, k.labels), q) })
				}
			}
			return b
		})
	}
	return snappy.Encode(nil, out)
}

func (k kept) encode(b []byte, q sample.Query) []byte {
	for i, t := range k.times {
		switch {
		case t < q.From || t > q.To:
		case k.values != nil:
			b = message(b, 2, func(b []byte) []byte { return number(float(b, 1, k.values[i]), 2, t) })
		default:
			b = message(b, 4, func(b []byte) []byte { return encodeHistogram(b, t, k.histograms[i]) })
		}
	}
	return b
}

// encodeHistogram writes a Histogram, of even times with whole counts, of others with floats.
func encodeHistogram(b []byte, t int64, h sample.Histogram) []byte {
	whole := t%2 == 0
	if whole {
		b = number(number(b, 1, int64(h.Count)), 6, int64(h.ZeroCount))
	} else {
		b = float(float(b, 2, h.Count), 7, h.ZeroCount)
	}
	b = float(number(float(b, 3, h.Sum), 4, zigzag(int64(h.Schema))), 5, h.ZeroThreshold)
	b = encodeBuckets(b, 8, h.Negative, whole)
	b = encodeBuckets(b, 11, h.Positive, whole)
	b = number(number(b, 14, int64(h.Reset)), 15, t)
	for _, bound := range h.Bounds {
		b = float(b, 16, bound)
	}
	return b
}

func zigzag(v int64) int64 { return int64(protowire.EncodeZigZag(v)) }

// encodeBuckets writes the fields from first on: a span for each bucket, and the counts.
func encodeBuckets(b []byte, first protowire.Number, bs []sample.Bucket, whole bool) []byte {
	at, before := int32(0), int64(0)
	var deltas, counts []byte
	for _, bucket := range bs {
		b = message(b, first, func(b []byte) []byte {
			return number(number(b, 1, zigzag(int64(bucket.Index-at))), 2, 1)
		})
		at = bucket.Index + 1
		deltas = protowire.AppendVarint(deltas, uint64(zigzag(int64(bucket.Count)-before)))
		before = int64(bucket.Count)
		counts = protowire.AppendFixed64(counts, math.Float64bits(bucket.Count))
	}
	switch {
	case len(bs) == 0:
		return b
	case whole:
		return message(b, first+1, func([]byte) []byte { return deltas })
	}
	return message(b, first+2, func([]byte) []byte { return counts })
}
