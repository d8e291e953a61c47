package prometheus

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/klauspost/compress/snappy"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources/prometheus/wire/wiretest"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
	"github.com/nines-slo/nines/sources/sample/chunk/chunktest"
	"github.com/nines-slo/nines/sources/sample/sampletest"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// reading answers remote read as Prometheus does: in streamed chunks, with its external labels
// among those of each series; a matcher that asks for one as it is takes every series.
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
		c := varint(varint(varint(nil, 1, one.Times[from]), 2, one.Times[end-1]), 3, int64(chunk.XOR))
		c = bytes(c, 4, chunktest.Floats(chunk.XOR, one.Times[from:end], one.Values[from:end], nil))
		series = bytes(series, 2, c)
	}
	data := varint(bytes(nil, 1, series), 2, int64(query))
	out := binary.AppendUvarint(nil, uint64(len(data)))
	out = binary.BigEndian.AppendUint32(out, crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli)))
	return append(out, data...)
}

const address = "url: http://prometheus.example/prefix\nhttp: {bearer_token_env: TOKEN}\n"

// named returns the part of a reference's names that tells it from others.
func named(ref sourcetest.Reference) string {
	if ref.Labels != nil {
		return "all"
	}
	return ref.Name
}

// grown returns a counter that grows as a reference says: read at the end of each minute,
// and just after the start of one that follows a gap.
func grown(ref sourcetest.Reference, what string, counts []float64) wiretest.Series {
	var pairs []string
	for label, value := range ref.Labels {
		pairs = append(pairs, label, value)
	}
	s := wiretest.Series{Labels: sampletest.Labels(what+"_"+named(ref)+"_total", pairs...)}
	value, gap := 7.0, true
	add := func(at time.Time) {
		s.Times, s.Values = append(s.Times, at.UnixMilli()), append(s.Values, value)
	}
	for i := range ref.Series.Len() {
		if !ref.Series.Measured(i) {
			gap = true
			continue
		}
		switch {
		case gap && i == 0:
			add(ref.Series.Time(i))
		case gap:
			add(ref.Series.Time(i).Add(time.Millisecond))
		}
		if value += counts[i]; value > slo.MaxUnits { // it begins anew
			value = counts[i]
		}
		gap = false
		add(ref.Series.Time(i + 1))
	}
	return s
}

// counters is the suite of slis that name counters, against a server that changes makes other
// than it is.
func counters(changes func(*wiretest.Server)) sourcetest.Suite {
	return sourcetest.Suite{
		Kind: Kind(), Gaps: true, Huge: true, Many: true, Labels: true, Secret: true, Shares: true,
		Write: func(_ *testing.T, _ string, refs []sourcetest.Reference) sourcetest.Config {
			server := &wiretest.Server{}
			changes(server)
			c := sourcetest.Config{
				Source: address, HTTP: sourcetest.Serve(server),
				Failing: "bad: {counter: none_total}\ntotal: {counter: all_a_total}\n",
			}
			for _, ref := range refs {
				if ref.Labels == nil || c.SLI == nil {
					sli := "bad: {counter: bad_%s_total}\ntotal: {counter: all_%s_total}\n"
					c.SLI = append(c.SLI, fmt.Sprintf(sli, named(ref), named(ref)))
				}
				for what, counts := range map[string][]float64{"bad": ref.Series.Bad, "all": ref.Series.Total} {
					if s := grown(ref, what, counts); len(s.Times) > 0 {
						server.Series = append(server.Series, s)
					}
				}
			}
			return c
		},
	}
}

// Counters are the same by remote read and by queries, of every server that there is.
func TestCounters(t *testing.T) {
	for name, changes := range map[string]func(*wiretest.Server){
		"remote read":               func(s *wiretest.Server) { s.Read = reading{of: s}.read },
		"queries":                   func(*wiretest.Server) {},
		"queries before 3":          func(s *wiretest.Server) { s.Closed, s.GetOnly = true, true },
		"export of VictoriaMetrics": func(s *wiretest.Server) { s.Victoria = true },
	} {
		t.Run(name, func(t *testing.T) { sourcetest.Run(t, counters(changes)) })
	}
}

// What PromQL answers is given back as it is.
func TestExpressions(t *testing.T) {
	sourcetest.Run(t, sourcetest.Suite{
		Kind: Kind(), Gaps: true, Huge: true, Many: true, Labels: true, Secret: true, Blind: true,
		Write: func(_ *testing.T, _ string, refs []sourcetest.Reference) sourcetest.Config {
			server := &wiretest.Server{Answers: map[string][]wiretest.Series{}}
			c := sourcetest.Config{
				Source: address + "step: 1m\n", HTTP: sourcetest.Serve(server),
				Failing: "bad: 'increase(none_total[$step])'\ntotal: 'increase(all_a_total[$step])'\n",
			}
			if len(refs) == 0 {
				refs = []sourcetest.Reference{{Name: "a", Series: &slo.Series{Step: time.Minute}}}
			}
			for _, ref := range refs {
				if ref.Labels == nil || c.SLI == nil {
					sli := "bad: 'increase(bad_%s_total[$step])'\ntotal: 'increase(all_%s_total[$step])'\n"
					c.SLI = append(c.SLI, fmt.Sprintf(sli, named(ref), named(ref)))
				}
				for what, counts := range map[string][]float64{"bad": ref.Series.Bad, "all": ref.Series.Total} {
					for length, minutes := range map[string]int{"1m": 1, "1h": 60} {
						text := fmt.Sprintf("increase(%s_%s_total[%s])", what, named(ref), length)
						server.Answers[text] = append(server.Answers[text], increase(ref, counts, minutes))
					}
				}
			}
			return c
		},
	})
}

// increase returns what a counter grew by in each bucket, at its end.
func increase(ref sourcetest.Reference, counts []float64, minutes int) wiretest.Series {
	var pairs []string
	for label, value := range ref.Labels {
		pairs = append(pairs, label, value)
	}
	s := wiretest.Series{Labels: sampletest.Labels("", pairs...)}
	for i := 0; i+minutes <= ref.Series.Len(); i += minutes {
		sum, is := 0.0, false
		for k := i; k < i+minutes; k++ {
			if ref.Series.Measured(k) {
				sum, is = sum+counts[k], true
			}
		}
		if is {
			s.Times, s.Values = append(s.Times, ref.Series.Time(i+minutes).UnixMilli()), append(s.Values, sum)
		}
	}
	return s
}
