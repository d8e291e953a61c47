package budget

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
)

// counted returns a ledger of 100 events a bucket, none of them bad, over a week around p.
func counted(t interface{ Fatal(...any) }, p slo.Period, step time.Duration, offset time.Duration) *Ledger {
	around := slo.Period{Start: p.Start.Truncate(24 * time.Hour).Add(offset - 7*24*time.Hour), End: p.End.Add(7 * 24 * time.Hour)}
	data := slo.NewSeries(around, step)
	for i := range data.Len() {
		data.Bad[i], data.Total[i] = 0, 100
	}
	s := slo.SLO{Target: 999_000_000, Window: slo.Window{Unit: slo.Month}, Budgeting: slo.Budgeting{Method: slo.Occurrences},
		MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents()}
	l, err := New(s, data)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// A table of one row a day has calls a day, one of a row every six hours calls every six:
// a stretch of less than a bucket has no calls of its own.
func TestCallsAreNoFinerThanBuckets(t *testing.T) {
	may := slo.Period{Start: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
	for _, c := range []struct {
		step, per time.Duration
		points    int
	}{
		{time.Minute, 2 * time.Hour, 372}, {time.Hour, 2 * time.Hour, 372}, {6 * time.Hour, 6 * time.Hour, 124},
		{24 * time.Hour, 24 * time.Hour, 31}, {90 * time.Minute, 3 * time.Hour, 248},
	} {
		l := counted(t, may, c.step, 0)
		per, calls := l.Calls(l.Status(may, may.End.Add(48*time.Hour)), 400)
		if per != c.per || len(calls) != c.points {
			t.Errorf("a bucket every %s: %d stretches of %s, want %d of %s", c.step, len(calls), per, c.points, c.per)
		}
	}
}

// TestCallsShareOutEvents: whatever the step, the zone and the period, each stretch has a
// bucket and all stretches together have the events of the period.
func TestCallsShareOutEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.SampledFrom([]time.Duration{time.Minute, 5 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour, 24 * time.Hour}).Draw(t, "step")
		minutes := func(name string, most int) time.Duration {
			return time.Duration(rapid.IntRange(0, most).Draw(t, name)) * time.Minute
		}
		start := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC).Add(minutes("start", 3000))
		p := slo.Period{Start: start, End: start.Add(step + minutes("length", 60000))}
		l := counted(t, p, step, minutes("offset", 1440))
		st, most := l.Status(p, p.End.Add(2*step)), rapid.IntRange(1, 400).Draw(t, "most")
		per, calls := l.Calls(st, most)
		sum := slo.NumberOf(0)
		for _, c := range calls {
			sum = sum.Add(c.Counts.Total)
		}
		if per < step && len(calls) > 1 || len(calls) > most || !sum.Known() || sum.Cmp(st.Counts.Total) != 0 {
			t.Fatalf("%d stretches of %s with %v events, want at most %d and %v", len(calls), per, sum, most, st.Counts.Total)
		}
	})
}
