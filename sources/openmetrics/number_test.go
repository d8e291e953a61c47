package openmetrics

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/sources/sample"
)

// Numbers are what strconv reads, however they are written.
func TestValue(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.OneOf(
			rapid.Custom(func(r *rapid.T) string {
				v := math.Float64frombits(rapid.Uint64().Draw(r, "bits"))
				return strconv.FormatFloat(v, rapid.SampledFrom([]byte("gef")).Draw(r, "as"), -1, 64)
			}),
			rapid.StringMatching(`[+-]?[0-9]{0,20}(\.[0-9]{0,20})?([eE][+-]?[0-9]{1,4})?`),
			rapid.StringMatching(`[0-9]{1,7}(\.[0-9]{1,6})?(e\+[0-9]{2})?`),
		).Draw(r, "text")
		want, err := strconv.ParseFloat(text, 64)
		if math.IsNaN(want) {
			want = sample.StaleMarker()
		}
		got, n, ok := value([]byte(text + " 1"))
		if ok != (err == nil) || ok && (math.Float64bits(got) != math.Float64bits(want) || n != len(text)) {
			r.Fatalf("%q: got %v, %d, %t; want %v, %v", text, got, n, ok, want, err)
		}
	})
}
