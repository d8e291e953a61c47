package budget

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
)

// nightly is an exclusion of that length from a clock time on, every night of a zone.
func nightly(clock, length time.Duration, zone *time.Location) slo.Exclusion {
	return slo.Exclusion{Rule: &slo.Recurrence{Rule: "FREQ=DAILY", Clock: clock, Zone: zone, Duration: length}}
}

// TestExcludedOfTheJudgedTime: ten days of June with a rule at night. Of an hour off the
// hour no hourly bucket is excluded; before since nothing is; what two rules cover is of
// both.
func TestExcludedOfTheJudgedTime(t *testing.T) {
	kathmandu, err := time.LoadLocation("Asia/Kathmandu")
	if err != nil {
		t.Fatal(err)
	}
	june := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	type want struct {
		times  int
		length time.Duration
	}
	two, hour := 2*time.Hour, time.Hour
	for _, c := range []struct {
		name  string
		step  time.Duration
		since time.Time
		slice time.Duration
		rules []slo.Exclusion
		want  []want
		all   time.Duration
	}{
		{"on the hour", hour, time.Time{}, 0, []slo.Exclusion{nightly(two, hour, time.UTC)}, []want{{10, 10 * hour}}, 10 * hour},
		{"off it", hour, time.Time{}, 0, []slo.Exclusion{nightly(two, hour, kathmandu)}, []want{{10, 0}}, 0},
		{"off it, by minutes", time.Minute, time.Time{}, 0, []slo.Exclusion{nightly(two, hour, kathmandu)}, []want{{10, 10 * hour}}, 10 * hour},
		{"off it, two hours long", hour, time.Time{}, 0, []slo.Exclusion{nightly(two, two, kathmandu)}, []want{{10, 10 * hour}}, 10 * hour},
		{"since the 4th day", time.Minute, june.AddDate(0, 0, 3), 0, []slo.Exclusion{nightly(two, hour, time.UTC)}, []want{{7, 7 * hour}}, 7 * hour},
		{"since the middle of one", time.Minute, june.Add(3*24*hour + 2*hour + 30*time.Minute), 0,
			[]slo.Exclusion{nightly(two, hour, time.UTC)}, []want{{7, 6*hour + 30*time.Minute}}, 6*hour + 30*time.Minute},
		{"two that overlap", 30 * time.Minute, time.Time{}, 0,
			[]slo.Exclusion{nightly(two, hour, time.UTC), nightly(two+hour/2, hour, time.UTC)}, []want{{10, 10 * hour}, {10, 10 * hour}}, 15 * hour},
		{"two that make a bucket together", hour, time.Time{}, 0,
			[]slo.Exclusion{nightly(two, hour/2, time.UTC), nightly(two+hour/2, hour/2, time.UTC)}, []want{{10, 5 * hour}, {10, 5 * hour}}, 10 * hour},
		{"slices of three hours", hour, june.AddDate(0, 0, 3), 3 * hour, []slo.Exclusion{nightly(two, hour, time.UTC)}, []want{{7, 7 * hour}}, 7 * hour},
	} {
		data := slo.NewSeries(slo.Period{Start: june.AddDate(0, 0, -1), End: june.AddDate(0, 0, 11)}, c.step)
		for i := range data.Len() {
			data.Bad[i], data.Total[i] = 0, 100
		}
		s := objective("99%", slo.Window{Unit: slo.Month})
		if c.slice > 0 {
			s = sliced(s, slo.Timeslices, c.slice, "99%")
		}
		s.Since, s.Exclusions = c.since, c.rules
		l, err := New(s, data)
		if err != nil {
			t.Fatal(err)
		}
		st := l.Status(slo.Period{Start: june, End: june.AddDate(0, 0, 10)}, data.End())
		for i, got := range ExcludedOf(l, st) {
			if len(got.Periods) != c.want[i].times || got.Length != c.want[i].length {
				t.Errorf("%s, rule %d: %s in %d, want %s in %d", c.name, i, got.Length, len(got.Periods), c.want[i].length, c.want[i].times)
			}
		}
		if all := time.Duration(st.Buckets.Excluded) * c.step; all != c.all {
			t.Errorf("%s: %s excluded in all, want %s", c.name, all, c.all)
		}
	}
}

// TestExcludedOfOneRule: what one rule excludes is what the buckets say is excluded.
func TestExcludedOfOneRule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minutes := func(name string, least, most int) time.Duration {
			return time.Duration(rapid.IntRange(least, most).Draw(t, name)) * time.Minute
		}
		step := rapid.SampledFrom([]time.Duration{time.Minute, 5 * time.Minute, time.Hour}).Draw(t, "step")
		p := slo.Period{Start: day0.Add(minutes("start", 0, 1440))}
		p.End = p.Start.Add(minutes("length", 60, 6000))
		data := steady(day0, int(7*24*time.Hour/step), 100)
		data.Step = step
		s := objective("99%", slo.Window{Unit: slo.Month})
		if rapid.Bool().Draw(t, "slices") {
			s = sliced(s, slo.Timeslices, 2*time.Hour, "99%")
		}
		s.Exclusions = []slo.Exclusion{nightly(minutes("clock", 0, 1439), minutes("long", 1, 600), time.UTC)}
		if rapid.Bool().Draw(t, "since") {
			s.Since = p.Start.Add(minutes("since", 0, 3000))
		}
		l, err := New(s, data)
		if err != nil {
			t.Fatal(err)
		}
		st := l.Status(p, p.Start.Add(minutes("at", 0, 8000)))
		if got, want := ExcludedOf(l, st)[0].Length, time.Duration(st.Buckets.Excluded)*step; got != want {
			t.Fatalf("%s are excluded by the rule, %s in all", got, want)
		}
	})
}
