package prometheus_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources/sample"
)

// pushedLength is for how long series are pushed: from the day after dusk on, since a
// server takes no sample older than its blocks.
const pushedLength = 8 * hour

// pushes are series that no text can hold: with markers that they ended, and native
// histograms.
func (w *world) pushes() {
	from := at(93)
	p := slo.Period{Start: time.UnixMilli(from + 2*hour).UTC(), End: time.UnixMilli(from + pushedLength).UTC()}
	scene := func(name, sli string, per ...string) *scene {
		s := &scene{name: name, sli: sli, step: time.Minute, period: p, per: per, pushed: true,
			want: map[string]*truth{}, notes: []string{"pause"}}
		w.scenes = append(w.scenes, s)
		return s
	}
	gauge := scene("a gauge that ends", "value: probe_success\ngood: \">= 1\"\n", "instance")
	judged := scene("a gauge judged each minute",
		"value: 'min by (instance) (probe_success)'\ngood: \">= 1\"\n", "instance")
	judged.query, judged.source, judged.notes = true, "step: 1m\n", nil
	gauge.plain = "2"
	hits := scene("a counter that ends",
		"bad: {counter: 'probe_hits_total{code=\"500\"}'}\ntotal: {counter: probe_hits_total}\n")
	hits.want[""] = newTruth(time.Minute)
	for i := range 3 {
		instance := fmt.Sprint(i)
		gauge.want[instance], judged.want[instance] = newTruth(time.Minute), newTruth(time.Minute)
		v := visits{every: minute, offset: 13*second + int64(i), from: from, to: from + pushedLength}
		out := span{from + 4*hour, from + 4*hour + 25*minute} // after it
		if i == 2 {
			out = span{}
		}
		w.probe(instance, v, out, gauge.want[instance], judged.want[instance], hits.want[""])
	}
	native := scene("native histograms", "histogram: span_seconds\ngood: \"<= 250ms\"\n")
	native.native, native.notes = true, nil
	native.want[""] = newTruth(time.Minute)
	w.native(visits{every: 30 * second, offset: 2 * second, from: from, to: from + pushedLength}, native.want[""])
}

// probe makes a gauge and a counter of one target, which end with a marker before a pause.
// In the third hour of the minutes it fails.
func (w *world) probe(instance string, v visits, out span, gauge, judged, hits *truth) {
	labels := fmt.Sprintf(`instance="%s",job="probe"`, instance)
	success := &made{labels: "probe_success{" + labels + "}"}
	good := counter{made: &made{labels: "probe_hits_total{code=\"200\"," + labels + "}"}, n: 5}
	bad := counter{made: &made{labels: "probe_hits_total{code=\"500\"," + labels + "}"}, n: 5}
	w.pushed = append(w.pushed, success, good.made, bad.made)
	was := int64(0)
	for _, now := range v.times(w) {
		if out.has(now) {
			if !out.has(now - v.every) {
				for _, m := range []*made{success, good.made, bad.made} {
					m.add(now, sample.StaleMarker())
				}
			}
			continue
		}
		failed := int64(0)
		if n := now - v.from; n >= 3*hour && n < 3*hour+20*minute {
			failed = 1
		}
		success.add(now, float64(1-failed))
		gauge.count(now, failed, 1)
		judged.count(now, failed, 1) // the minute ends with it
		ok, no := good.saw(now, w.rand.Int64N(9), false), bad.saw(now, w.rand.Int64N(3)/2, false)
		if was > 0 {
			hits.count(now, no, ok+no)
		}
		was = now
	}
}

// spanned is a series of native histograms: of each scrape the counts of the buckets that
// end at 0.125, 0.25, 1 and 4 seconds.
type spanned struct {
	times  []int64
	counts [][4]int64
}

func (w *world) native(v visits, t *truth) {
	var sum [4]int64
	w.spans = &spanned{}
	for i, now := range v.times(w) {
		restart := i == 700
		if restart {
			sum = [4]int64{}
		}
		var in [4]int64
		all := int64(0)
		for b := range in {
			in[b] = 1 + w.rand.Int64N(6)
			sum[b] += in[b]
			all += in[b]
		}
		if i > 0 {
			t.count(now, in[2]+in[3], all)
		}
		w.spans.times, w.spans.counts = append(w.spans.times, now), append(w.spans.counts, sum)
	}
}

// push sends what is pushed by remote write, half an hour at a time.
func (w *world) push(t *testing.T, server *url.URL, histograms bool) {
	t.Helper()
	for from := at(93); from < at(93)+pushedLength; from += 30 * minute {
		part := span{from, from + 30*minute}
		var body []byte
		for _, m := range w.pushed {
			body = field(body, 1, m.message(part))
		}
		if histograms {
			body = field(body, 1, w.spans.message(part))
		}
		to := server.JoinPath("api/v1/write").String()
		resp, err := http.Post(to, "application/x-protobuf", bytes.NewReader(packed(body)))
		if err != nil {
			t.Fatal(err)
		}
		if text, _ := io.ReadAll(resp.Body); resp.StatusCode/100 != 2 {
			t.Fatalf("remote write: %s: %s", resp.Status, text)
		}
		resp.Body.Close()
	}
}

// The fields of protocol buffers that remote write needs.

func field(b []byte, number int, content []byte) []byte {
	b = binary.AppendUvarint(b, uint64(number)<<3|2)
	return append(binary.AppendUvarint(b, uint64(len(content))), content...)
}

func whole(b []byte, number int, v uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(b, uint64(number)<<3), v)
}

func float(b []byte, number int, v float64) []byte {
	return binary.LittleEndian.AppendUint64(binary.AppendUvarint(b, uint64(number)<<3|1), math.Float64bits(v))
}

func labelMessage(name, value string) []byte {
	return field(field(nil, 1, []byte(name)), 2, []byte(value))
}

func (m *made) message(part span) (b []byte) {
	for _, l := range m.parts() {
		b = field(b, 1, labelMessage(l[0], l[1]))
	}
	for i, at := range m.times {
		if part.has(at) {
			b = field(b, 2, whole(float(nil, 1, m.values[i]), 2, uint64(at)))
		}
	}
	return b
}

func (s *spanned) message(part span) (b []byte) {
	b = field(b, 1, labelMessage("__name__", "span_seconds"))
	b = field(b, 1, labelMessage("instance", "a"))
	b = field(b, 1, labelMessage("job", "native"))
	for i, at := range s.times {
		if !part.has(at) {
			continue
		}
		n := s.counts[i]
		h := whole(nil, 1, uint64(n[0]+n[1]+n[2]+n[3]))
		h = float(float(whole(h, 4, 0), 3, float64(n[3])), 5, 1e-9)
		last, before := int64(0), int64(0)
		var deltas []byte
		for k, index := range []int64{-3, -2, 0, 2} { // 2^-3, 2^-2, 1 and 4
			offset := index - last
			h = field(h, 11, whole(binary.AppendVarint([]byte{1 << 3}, offset), 2, 1))
			last = index + 1
			deltas = binary.AppendVarint(deltas, n[k]-before)
			before = n[k]
		}
		h = whole(field(h, 12, deltas), 15, uint64(at))
		b = field(b, 4, h)
	}
	return b
}

// packed is b in the form of snappy, without being made smaller.
func packed(b []byte) []byte {
	out := binary.AppendUvarint(nil, uint64(len(b)))
	for len(b) > 0 {
		n := min(len(b), 1<<16)
		out = binary.LittleEndian.AppendUint16(append(out, 61<<2), uint16(n-1))
		out, b = append(out, b[:n]...), b[n:]
	}
	return out
}
