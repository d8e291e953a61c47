package chunk_test

import (
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
)

// What Prometheus packs is read as Prometheus reads it: testdata/chunks.txt has chunks of
// each encoding and their samples, from the program in testdata/make.
func TestReal(t *testing.T) {
	text, err := os.ReadFile("testdata/chunks.txt")
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	chunks := 0
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "\t") {
			continue
		}
		var e chunk.Encoding
		var packed string
		if _, err := fmt.Sscan(line, &e, &packed); err != nil {
			t.Fatal(err)
		}
		data, err := hex.DecodeString(packed)
		if err != nil {
			t.Fatal(err)
		}
		got.WriteString(line)
		got.WriteString(shown(t, e, data))
		chunks++
	}
	if got.String() != string(text) || chunks != 6 {
		t.Errorf("%d chunks are read as\n%s\nwant\n%s", chunks, got.String(), text)
	}
}

// shown writes the samples of a chunk as the file has them.
func shown(t *testing.T, e chunk.Encoding, data []byte) string {
	var out strings.Builder
	if e.Floats() {
		times, values, err := chunk.Floats(e, data, nil, nil)
		if err != nil {
			t.Error(err)
		}
		for i, at := range times {
			fmt.Fprintf(&out, "\t%d %x\n", at, math.Float64bits(values[i]))
		}
		return out.String()
	}
	times, hs, err := chunk.Histograms(e, data, nil, nil)
	if err != nil {
		t.Error(err)
	}
	for i, h := range hs {
		fmt.Fprintf(&out, "\t%d sum %x count %v zero %v to %v schema %d",
			times[i], math.Float64bits(h.Sum), h.Count, h.ZeroCount, h.ZeroThreshold, h.Schema)
		out.WriteString(buckets("-", h.Negative) + buckets("", h.Positive) + "\n")
	}
	return out.String()
}

func buckets(sign string, bs []sample.Bucket) string {
	var out strings.Builder
	for _, b := range bs {
		fmt.Fprintf(&out, " %s%d:%v", sign, b.Index, b.Count)
	}
	return out.String()
}
