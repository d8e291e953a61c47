package budget

import (
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
)

// Everything is judged from where the promise began: what lies before since is in
// no day, incident or burn-down.
func TestSince(t *testing.T) {
	for _, s := range []slo.SLO{
		objective("90%", slo.Window{Unit: slo.Week}),
		sliced(objective("90%", slo.Window{Unit: slo.Week}), slo.Timeslices, 2*time.Hour, "50%"),
	} {
		monday := time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC)
		data := steady(monday, 7*1440, 10)
		fail(data, 0, 1440, 10) // Monday was down, but the promise begins on Tuesday
		fail(data, 1440, 1560, 10)
		s.Since = monday.Add(24 * time.Hour)
		s.Window.WeekStart = time.Monday
		l, err := New(s, data)
		if err != nil {
			t.Fatal(err)
		}
		st := l.Current(data.End().Add(-time.Minute))
		_, left := l.Burndown(st, 400)
		if last := left[len(left)-1]; last.Cmp(st.Budget.Remaining) != 0 {
			t.Errorf("%s: burn-down ends at %s, want %s", s.Budgeting.Method, last, st.Budget.Remaining)
		}
		sum := slo.NumberOf(0)
		for i, d := range l.Days(st) {
			if i == 0 && d.SLI.Known() {
				t.Errorf("%s: Monday has SLI %s, before the promise", s.Budgeting.Method, d.SLI)
			}
			if d.Spent.Known() {
				sum = sum.Add(d.Spent)
			}
		}
		if sum.Cmp(st.Budget.Spent) != 0 {
			t.Errorf("%s: days spent %s, want %s", s.Budgeting.Method, sum, st.Budget.Spent)
		}
		if got, _ := l.Incidents(st, st.Judged.End); len(got) != 1 || got[0].Share.String() != "1" || !got[0].Start.Equal(s.Since) {
			t.Errorf("%s: incidents %v, want one from Tuesday with all of the bad", s.Budgeting.Method, got)
		}
	}
}

// A promise that begins after the period cannot be judged over it.
func TestSinceAfterThePeriod(t *testing.T) {
	s := objective("90%", slo.Window{Unit: slo.Day})
	s.Since = day0.Add(48 * time.Hour)
	l, _ := New(s, steady(day0, 1440, 10))
	st := l.Status(slo.Period{Start: day0, End: day0.Add(24 * time.Hour)}, day0.Add(72*time.Hour))
	if st.State != slo.NoData || st.Counts.Total.Sign() != 0 {
		t.Errorf("got %s over %s events, want no_data over none", st.State, st.Counts.Total)
	}
}

// Time before the first bucket is no gap for burn rates either.
func TestBurnRateOfYoungObjective(t *testing.T) {
	for _, gaps := range []slo.GapPolicy{slo.GapsBad, slo.GapsGood} {
		s := sliced(objective("90%", slo.Window{Length: 48 * time.Hour}), slo.Timeslices, 30*time.Minute, "50%")
		s.Budgeting.Gaps = gaps
		data := steady(day0, 2880, 10)
		lose(data, 0, 2880-240) // four hours old
		fail(data, 2880-60, 2880, 10)
		l, _ := New(s, data)
		// two of eight slices are bad
		if got := l.BurnRate(data.End(), 6*time.Hour).Rate.String(); got != "2.5" {
			t.Errorf("gaps %s: 6 h burn = %s, want (2/8) / 10 %%", gaps, got)
		}
		lose(data, 2880-180, 2880-150) // a gap within its life is one
		l, _ = New(s, data)
		want := map[slo.GapPolicy]string{slo.GapsBad: "3.75", slo.GapsGood: "2.5"}[gaps]
		if got := l.BurnRate(data.End(), 6*time.Hour).Rate.String(); got != want {
			t.Errorf("gaps %s: 6 h burn with a gap = %s, want %s", gaps, got, want)
		}
	}
}

// A hole at the start of a window is a gap if older counts are known.
func TestHoleIsNotYoung(t *testing.T) {
	data := steady(day0, 1440, 10)
	lose(data, 0, 720)
	data.Oldest = day0.Add(-time.Hour)
	l, _ := New(objective("90%", oneDay), data)
	if st := l.Current(data.End()); st.State != slo.NoData || st.Coverage.String() != "0.5" {
		t.Errorf("got %s with coverage %s, want no_data with 0.5", st.State, st.Coverage)
	}
}

// Slices that cross the stretches of the burn-down are not lost.
func TestBurndownOfLongSlices(t *testing.T) {
	for _, slice := range []time.Duration{5 * time.Minute, 90 * time.Minute, 4 * time.Hour, 24 * time.Hour} {
		s := sliced(objective("99%", slo.Window{Length: 7 * 24 * time.Hour}), slo.Timeslices, slice, "95%")
		data := steady(day0, 7*1440+37, 10)
		fail(data, 3000, 4500, 9)
		l, _ := New(s, data)
		st := l.Current(data.End())
		_, left := l.Burndown(st, 400)
		if last := left[len(left)-1]; last.Cmp(st.Budget.Remaining) != 0 {
			t.Errorf("slices of %s: burn-down ends at %s, want %s", slice, last, st.Budget.Remaining)
		}
	}
}

func TestWarnings(t *testing.T) {
	s := objective("90%", oneDay)
	s.Exclusions = []slo.Exclusion{{Fixed: []slo.Period{{Start: day0.Add(10 * time.Second), End: day0.Add(50 * time.Second)}}}}
	l, _ := New(s, steady(day0, 1440, 10))
	got := l.Current(day0.Add(24 * time.Hour)).Warnings
	if len(got) != 1 || got[0].Code != "budget/exclusion" || got[0].Message != "buckets of 1m that are excluded in part count whole: 1 of them" {
		t.Errorf("got %v", got)
	}
}

// Nothing is left to judge where all time is excluded, and that is said.
func TestAllExcluded(t *testing.T) {
	day := slo.Period{Start: day0, End: day0.Add(24 * time.Hour)}
	daily := &slo.Recurrence{Rule: "FREQ=DAILY", Zone: time.UTC, Duration: 24 * time.Hour}
	morning := []slo.Period{{Start: day0, End: day0.Add(12 * time.Hour)}}
	for _, c := range []struct {
		name      string
		exclusion slo.Exclusion
		at        time.Time
		want      string
	}{
		{"every day", slo.Exclusion{Rule: daily}, day.End, "all of the period is excluded [budget/excluded]"},
		{"until now", slo.Exclusion{Fixed: morning}, day0.Add(6 * time.Hour), "all of the period so far is excluded [budget/excluded]"},
		{"half a day", slo.Exclusion{Fixed: morning}, day.End, ""},
		{"before any of it", slo.Exclusion{Rule: daily}, day.Start, ""},
	} {
		for _, s := range []slo.SLO{
			objective("90%", slo.Window{Unit: slo.Day}),
			sliced(objective("90%", slo.Window{Unit: slo.Day}), slo.Timeslices, time.Hour, "50%"),
		} {
			s.Exclusions = []slo.Exclusion{c.exclusion}
			l, err := New(s, steady(day0, 1440, 10))
			if err != nil {
				t.Fatal(err)
			}
			if got := l.Status(day, c.at).Warnings.Error(); got != c.want {
				t.Errorf("%s, %s: got %q, want %q", c.name, s.Budgeting.Method, got, c.want)
			}
		}
	}
}
