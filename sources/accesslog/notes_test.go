package accesslog

import (
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources"
)

// An empty period asks for nothing: it must not make silences be looked for in
// all the time since the year 1.
func TestSpanLeavesOutEmptyPeriods(t *testing.T) {
	at := time.Date(2026, 5, 1, 0, 0, 30, 0, time.UTC)
	p := slo.Period{Start: at, End: at.Add(time.Hour)}
	want := slo.Period{Start: at.Truncate(time.Minute), End: p.End}
	if got := span([]sources.Request{{}, {Period: p}, {Period: slo.Period{Start: at.AddDate(9, 0, 0), End: at}}}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := span([]sources.Request{{}}); !got.Empty() {
		t.Errorf("got %v, want an empty period", got)
	}
}
