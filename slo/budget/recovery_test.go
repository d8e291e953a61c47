package budget

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
)

// TestRecoverTwin compares Recover with judging, bucket by bucket, a series that
// goes on as Recover supposes.
func TestRecoverTwin(t *testing.T) {
	start := time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "buckets")
		window := time.Duration(rapid.IntRange(1, 30).Draw(t, "window")) * time.Minute
		s := slo.SLO{Target: slo.Target(rapid.SampledFrom([]int64{500, 900, 990}).Draw(t, "target") * 1_000_000), Window: slo.Window{Length: window, Zone: time.UTC},
			Budgeting: slo.Budgeting{Method: slo.Occurrences}, MinCoverage: slo.NumberOf(0), AtRisk: slo.DefaultAtRisk()}
		data := slo.NewSeries(slo.Period{Start: start, End: start.Add(time.Duration(n) * time.Minute)}, time.Minute)
		for i := range n {
			data.Bad[i], data.Total[i] = float64(rapid.SampledFrom([]int{0, 0, 0, 1, 5, 100}).Draw(t, "bad")), 100
		}
		if rapid.Bool().Draw(t, "slices") {
			s = sliced(s, slo.Timeslices, time.Minute, "97%")
		}
		limit := rapid.SampledFrom([]slo.Number{slo.NumberOf(1), slo.NumberFrac(1, 2), slo.NumberOf(0)}).Draw(t, "limit")
		under := rapid.Bool().Draw(t, "under")
		l, err := New(s, data)
		if err != nil {
			t.Fatal(err)
		}
		at := data.End()
		got := l.Recover(l.Current(at).Judged.Start, at, window, limit, under)
		if want := stopped(t, s, data, limit, under); !got.Stopped.Equal(want) {
			t.Fatalf("recovers %v, want %v", got.Stopped, want)
		}
		if !got.AtRate.IsZero() && got.AtRate.Before(got.Stopped) {
			t.Fatalf("recovers %v while errors go on, and %v if they stop", got.AtRate, got.Stopped)
		}
	})
}

// stopped judges data, continued with good events alone, at every step to come.
func stopped(t *rapid.T, s slo.SLO, data *slo.Series, limit slo.Number, under bool) time.Time {
	first := max(0, data.Len()-int(s.Window.Length/time.Minute)) // of the window: what is older does not come back
	long := slo.NewSeries(slo.Period{Start: data.Time(first), End: data.End().Add(s.Window.Length + time.Minute)}, time.Minute)
	for i := range long.Len() {
		long.Bad[i], long.Total[i] = 0, 100
		if k := first + i; k < data.Len() {
			long.Bad[i], long.Total[i] = data.Bad[k], data.Total[k]
		}
	}
	l, err := New(s, long)
	if err != nil {
		t.Fatal(err)
	}
	for at := data.End().Add(time.Minute); !at.After(long.End()); at = at.Add(time.Minute) {
		if n := l.Current(at).Budget.Spent.Cmp(limit); n < 0 || n == 0 && !under {
			return at
		}
	}
	return time.Time{}
}

func BenchmarkRecover(b *testing.B) {
	at := time.Date(2026, time.May, 31, 0, 0, 0, 0, time.UTC)
	data := slo.NewSeries(slo.Period{Start: at.Add(-30 * 24 * time.Hour), End: at}, time.Minute)
	for i := range data.Len() {
		data.Bad[i], data.Total[i] = float64(i%1000/998), 100
	}
	s := slo.SLO{Target: 999_990_000, Window: slo.Window{Length: 30 * 24 * time.Hour, Zone: time.UTC}, Budgeting: slo.Budgeting{Method: slo.Occurrences}}
	l, err := New(s, data)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		l.Recover(data.Start, at, s.Window.Length, slo.NumberOf(1), false)
	}
}
