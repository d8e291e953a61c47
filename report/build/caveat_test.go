package build

import (
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
)

// A state that stands on less of its window than min_coverage asks for says so,
// whatever the reason; nothing is said where nothing is judged.
func TestCaveat(t *testing.T) {
	may := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	june := may.AddDate(0, 1, 0)
	span, _ := slo.ParseSpan("2026-05")
	slices := slo.Budgeting{Method: slo.Timeslices, Slice: time.Hour, Target: slo.Target(1e9)}
	good, bad := slices, slices
	good.Gaps, bad.Gaps = slo.GapsGood, slo.GapsBad
	rolling := slo.Window{Length: 30 * 24 * time.Hour}
	events := slo.Budgeting{Method: slo.Occurrences}
	for _, c := range []struct {
		name     string
		at       time.Time
		span     *slo.Span
		window   slo.Window
		budget   slo.Budgeting
		since    time.Time
		from, to time.Time // measured
		excluded time.Duration
		en, ja   string
	}{
		{name: "a whole month", at: june, span: &span, window: rolling, budget: events, from: may, to: june,
			en: "met", ja: "達成"},
		{name: "nine tenths of it", at: june, span: &span, window: rolling, budget: events, from: may,
			to: may.Add(31 * 24 * time.Hour * 9 / 10), en: "met", ja: "達成"},
		{name: "a month without enough data", at: june, span: &span, window: rolling, budget: events, from: may,
			to: may.AddDate(0, 0, 5), en: "no data", ja: "データなし"},
		{name: "a promise made in the month", at: june, span: &span, window: rolling, budget: events,
			since: may.AddDate(0, 0, 25), from: may, to: june,
			en: "met over 6 of 31 days", ja: "達成(31日中6日)"},
		{name: "a month that runs", at: may.AddDate(0, 0, 5), window: slo.Window{Unit: slo.Month},
			budget: events, from: may, to: june,
			en: "on track over 5 of 31 days", ja: "順調(31日中5日)"},
		{name: "excluded time is no part of it", at: may.AddDate(0, 0, 5), window: slo.Window{Unit: slo.Month},
			budget: events, from: may, to: june, excluded: 48 * time.Hour,
			en: "on track over 5 of 29 days", ja: "順調(29日中5日)"},
		{name: "its first hours", at: may.Add(6 * time.Hour), window: slo.Window{Unit: slo.Month},
			budget: events, from: may, to: june,
			en: "on track over 6 h of 31 d", ja: "順調(31日中6時間)"},
		{name: "a day that runs", at: may.Add(6*time.Hour + 59*time.Minute), window: slo.Window{Unit: slo.Day},
			budget: events, from: may, to: june,
			en: "on track over 6 of 24 hours", ja: "順調(24時間中6時間)"},
		{name: "a young window", at: june, window: rolling, budget: events, from: june.AddDate(0, 0, -7),
			to: june, en: "on track over 7 of 30 days", ja: "順調(30日中7日)"},
		{name: "a full window", at: june, window: rolling, budget: events, from: june.AddDate(0, 0, -40),
			to: june, en: "on track", ja: "順調"},
		{name: "gaps that count as good", at: june, span: &span, window: rolling, budget: good, from: may,
			to: may.AddDate(0, 0, 10), en: "met over 10 of 31 days", ja: "達成(31日中10日)"},
		{name: "gaps that count as bad", at: june, span: &span, window: rolling, budget: bad, from: may,
			to: may.AddDate(0, 0, 10), en: "missed over 10 of 31 days", ja: "未達(31日中10日)"},
		{name: "a short window", at: june, window: slo.Window{Length: time.Hour}, budget: events,
			from: june.Add(-30 * time.Minute), to: june,
			en: "on track over 30 of 60 minutes", ja: "順調(60分中30分)"},
	} {
		s := slo.SLO{Service: "shop", Name: "orders", Target: 999_000_000, Window: c.window,
			Budgeting: c.budget, Since: c.since,
			MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents()}
		if c.excluded > 0 { // days to come
			end := june.AddDate(0, 0, -3)
			s.Exclusions = []slo.Exclusion{{Name: "works",
				Fixed: []slo.Period{{Start: end.Add(-c.excluded), End: end}}}}
		}
		data := slo.NewSeries(slo.Period{Start: may.AddDate(0, 0, -40), End: june}, time.Minute)
		for i := data.Index(c.from); i < data.Index(c.to); i++ {
			data.Bad[i], data.Total[i] = 0, 100
		}
		b := &Builder{At: c.at, Zone: time.UTC, Span: c.span}
		if err := b.Add(Measured{SLO: s, Data: data}); err != nil {
			t.Fatal(err)
		}
		o := b.Status([]report.Source{}).Objectives[0]
		if en, ja := words.State(unit.English, o.State, o.Caveat), words.State(unit.Japanese, o.State, o.Caveat); en != c.en || ja != c.ja {
			t.Errorf("%s: got %q and %q, want %q and %q", c.name, en, ja, c.en, c.ja)
		}
	}
}

// The own window of an objective has a caveat of its own, when it runs longer than the
// period reported.
func TestCaveatOfTheOwnWindow(t *testing.T) {
	may := time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC)
	span, err := slo.ParseSpan("2026-05")
	if err != nil {
		t.Fatal(err)
	}
	for want, unit := range map[string]slo.Unit{"61 of 91 days": slo.Quarter, "": slo.Month} {
		s := slo.SLO{Service: "shop", Name: "orders", Target: 999_000_000, Window: slo.Window{Unit: unit},
			Budgeting:   slo.Budgeting{Method: slo.Occurrences},
			MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents()}
		b := &Builder{At: may.AddDate(0, 1, 0), Zone: time.UTC, Span: &span, Full: true}
		data := slo.NewSeries(b.Needs(s), time.Minute)
		for i := range data.Total {
			data.Bad[i], data.Total[i] = 0, 100
		}
		if err := b.Add(Measured{SLO: s, Data: data}); err != nil {
			t.Fatal(err)
		}
		o := b.Report("", "", []report.Source{}).Objectives[0]
		got := ""
		if o.Standing != nil {
			got = words.Caveat("en", o.Standing.Caveat)
		}
		if got != want || o.Caveat != nil {
			t.Errorf("by %s: own window %q, want %q; the month %v", unit, got, want, o.Caveat)
		}
	}
}

// An exclusion that excludes no whole bucket takes nothing off the window.
func TestWholeBuckets(t *testing.T) {
	midnight := time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		from, to, step, want time.Duration
	}{
		{0, 30 * time.Minute, time.Hour, 0},
		{0, 30 * time.Minute, time.Minute, 30 * time.Minute},
		{30 * time.Minute, 3 * time.Hour, time.Hour, 2 * time.Hour},
		{time.Hour, 3*time.Hour + 59*time.Minute, time.Hour, 2 * time.Hour},
		{10 * time.Minute, 50 * time.Minute, time.Hour, 0},
	} {
		p := slo.Period{Start: midnight.Add(c.from), End: midnight.Add(c.to)}
		if got := wholeBuckets(p, midnight, c.step); got != c.want {
			t.Errorf("%s to %s by %s: got %s, want %s", c.from, c.to, c.step, got, c.want)
		}
	}
}
