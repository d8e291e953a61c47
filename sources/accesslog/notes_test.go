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

// The share of unread lines is rounded up, so that one over the limit does not
// look like the limit.
func TestPercent(t *testing.T) {
	for _, c := range []struct {
		part, whole int64
		want        string
	}{
		{1, 1, "100 %"}, {999, 1000, "100 %"}, {1, 10, "10 %"}, {101, 1000, "11 %"}, {3, 100, "3 %"},
		{100, 10_000, "1 %"}, {104, 10_000, "1.1 %"}, {100_001, 10_000_000, "1.1 %"}, {996, 100_000, "1 %"},
		{1, 3000, "0.034 %"}, {1, 9_000_000_000, "0.000000012 %"},
	} {
		if got := percent(c.part, c.whole); got != c.want {
			t.Errorf("%d of %d: got %s, want %s", c.part, c.whole, got, c.want)
		}
	}
	for limit, want := range map[string]string{"1%": "1 %", "7%": "7 %", "0.07": "7 %", "0.1%": "0.1 %", "12.345678%": "12.345678 %"} {
		n, err := slo.ParseTarget(limit)
		if got := percentOf(n.Number()); err != nil || got != want {
			t.Errorf("limit %s: got %s, %v; want %s", limit, got, err, want)
		}
	}
}
