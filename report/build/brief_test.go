package build

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// promised is an objective of 99% over a window.
func promised(w slo.Window) slo.SLO {
	s := counter("x", "", time.Unix(0, 0)).SLO
	s.Window = w
	return s
}

func monthly(zone *time.Location) slo.Window { return slo.Window{Unit: slo.Month, Zone: zone} }

// told returns the summary of the last week at the instant at, of one objective with as
// many bad ones of 100 an hour as bad says, NaN where nothing was measured.
func told(t interface {
	Helper()
	Fatal(...any)
}, at time.Time, zone *time.Location, s slo.SLO, bad func(time.Time) float64) *report.Brief {
	t.Helper()
	week := slo.Last(slo.Week, at, zone)
	return toldOf(t, week, at, zone, s, bad)
}

func toldOf(t interface {
	Helper()
	Fatal(...any)
}, span slo.Span, at time.Time, zone *time.Location, s slo.SLO, bad func(time.Time) float64) *report.Brief {
	t.Helper()
	own := Builder{At: at, Language: unit.English, Zone: zone}
	b := &BriefBuilder{Builder: own, Gate: GateBuilder{Builder: own}}
	b.Builder.Span = &span
	data := slo.NewSeries(b.Needs(s), time.Hour)
	for i := range data.Len() {
		if n := bad(data.Time(i)); !math.IsNaN(n) {
			data.Bad[i], data.Total[i] = n, 100
		}
	}
	if err := b.Add(Measured{SLO: s, Indicator: "x", Data: data}, diag.Pos{}); err != nil {
		t.Fatal(err)
	}
	return b.Brief(nil)
}

func berlin(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// The last week that is over is told of, whenever that is asked: also on the hour of its
// end, where the clocks change, and in years of 53 weeks.
func TestWhichWeek(t *testing.T) {
	zone := berlin(t)
	for _, c := range []struct {
		at, name string
		hours    int
	}{
		{"2026-10-26T00:00:00+01:00", "2026-W43", 169},
		{"2026-10-25T23:59:00+01:00", "2026-W42", 168},
		{"2026-10-29T18:00:00+01:00", "2026-W43", 169},
		{"2026-11-02T09:00:00+01:00", "2026-W44", 168},
		{"2026-03-30T00:00:00+02:00", "2026-W13", 167},
		{"2027-01-04T08:00:00+01:00", "2026-W53", 168},
		{"2027-01-01T08:00:00+01:00", "2026-W52", 168},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		b := told(t, at, zone, promised(slo.Window{Length: 7 * 24 * time.Hour, Zone: zone}), func(time.Time) float64 { return 0 })
		if got := b.Period; got.Name != c.name || got.Bounds().Length() != time.Duration(c.hours)*time.Hour || !b.Final {
			t.Errorf("%s: got %s of %s, final %t", c.at, got.Name, got.Bounds().Length(), b.Final)
		}
	}
}

// October ends on Saturday of week 44 with two of a hundred bad, twice what may be; the
// Sunday is without a fault.
func TestMonthThatTurned(t *testing.T) {
	zone := berlin(t)
	at := time.Date(2026, 11, 2, 9, 0, 0, 0, zone)
	october := func(bad float64) func(time.Time) float64 {
		return func(t time.Time) float64 {
			if t.In(zone).Month() == time.October {
				return bad
			}
			return 0
		}
	}
	b := told(t, at, zone, promised(monthly(zone)), october(2))
	o := b.Objectives[0]
	if !o.Turned || o.Change.Known() || o.Standing.State != slo.OnTrack || !o.Attention() || !o.Ended() || o.State() != slo.Missed {
		t.Fatalf("got turned %t, change %s, %s, attention %t, state %s", o.Turned, o.Change, o.Standing.State, o.Attention(), o.State())
	}
	if o.Before == nil || o.Before.State != slo.Missed || o.Before.Budget.Spent.Cmp(slo.NumberOf(2)) != 0 {
		t.Errorf("got October %+v", o.Before)
	}
	if want := "Error budgets, week 44: the only objective needs attention"; b.Headline != want {
		t.Errorf("got %q, want %q", b.Headline, want)
	}
	b = told(t, at, zone, promised(monthly(zone)), october(0))
	if o := b.Objectives[0]; !o.Turned || o.Attention() || o.Before == nil || o.Before.State != slo.Met {
		t.Errorf("without a fault: got %+v", o)
	}
	// A week before, the month goes on.
	b = told(t, at.AddDate(0, 0, -7), zone, promised(monthly(zone)), october(2))
	if o := b.Objectives[0]; o.Turned || o.Before != nil || !o.Change.Known() {
		t.Errorf("a week before: got turned %t, before %v, change %s", o.Turned, o.Before, o.Change)
	}
}

// A month's summary of a monthly window tells how the month went, and no other.
func TestMonthOfAMonth(t *testing.T) {
	span, err := slo.ParseSpan("2026-10")
	if err != nil {
		t.Fatal(err)
	}
	b := toldOf(t, span, time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC), time.UTC, promised(monthly(time.UTC)),
		func(t time.Time) float64 { return float64(11 - t.Month()) }) // 2 in September, 1 in October
	o := b.Objectives[0]
	if o.Before != nil || !o.Turned || o.Standing.Budget.Spent.Cmp(slo.NumberOf(1)) != 0 || o.Spent.Cmp(slo.NumberOf(2)) != 0 || o.Forecast != nil {
		t.Errorf("got before %v, turned %t, spent %s after %s", o.Before, o.Turned, o.Standing.Budget.Spent, o.Spent)
	}
}

// Counts that end a day before the week does are told of: it is not all good.
func TestDataThatEndsBeforeTheWeek(t *testing.T) {
	at := time.Date(2026, 5, 11, 9, 0, 0, 0, time.UTC)
	end := time.Date(2026, 5, 10, 0, 0, 0, 0, time.UTC)
	b := told(t, at, time.UTC, promised(slo.Window{Length: 28 * 24 * time.Hour, Zone: time.UTC}), func(t time.Time) float64 {
		if t.Before(end) {
			return 0
		}
		return math.NaN()
	})
	o := b.Objectives[0]
	if o.Standing.State != slo.OnTrack || o.Why != "newest data is 1 d old" || o.State() != slo.NoData {
		t.Errorf("got %s, %q", o.Standing.State, o.Why)
	}
	if strings.Contains(b.Headline, "on track") || b.Worst() != slo.NoData {
		t.Errorf("got %q, %s", b.Headline, b.Worst())
	}
}

// Nothing to judge is not all good either.
func TestNoObjectives(t *testing.T) {
	at := time.Date(2026, 5, 11, 9, 0, 0, 0, time.UTC)
	week := slo.Last(slo.Week, at, time.UTC)
	own := Builder{At: at, Language: unit.English, Zone: time.UTC}
	b := &BriefBuilder{Builder: own, Gate: GateBuilder{Builder: own}}
	b.Builder.Span = &week
	if got := b.Brief(nil).Headline; got != "Error budgets, week 19: nothing to judge" {
		t.Errorf("got %q", got)
	}
}

// What is spent, and what of it since the week before, is what adding up by hand gives.
func TestChangeByHand(t *testing.T) {
	zone := berlin(t)
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.IntRange(0, 500).Draw(t, "day")
		at := time.Date(2026, 1, 5, 9, 0, 0, 0, zone).AddDate(0, 0, day)
		days := rapid.IntRange(1, 30).Draw(t, "window")
		seed := rapid.Int64Range(1, 1e6).Draw(t, "seed")
		bad := func(t time.Time) float64 { return float64((t.Unix()/3600*7919 + seed) % 5) }
		length := time.Duration(days) * 24 * time.Hour
		b := told(t, at, zone, promised(slo.Window{Length: length, Zone: zone}), bad)
		spent := func(end time.Time) slo.Number {
			sum, n := 0.0, 0
			for h := end.Add(-length); h.Before(end); h = h.Add(time.Hour) {
				sum += bad(h)
				n++
			}
			return slo.NumberOf(int64(sum)).Quo(slo.NumberOf(int64(n))) // 1 of 100 an hour may be bad
		}
		o, week := b.Objectives[0], b.Period
		now, then := spent(week.End), spent(week.Start)
		if o.Standing.Budget.Spent.Cmp(now) != 0 || o.Spent.Cmp(then) != 0 || o.Change.Cmp(now.Sub(then)) != 0 {
			t.Fatalf("%s: got %s after %s, change %s; want %s after %s", week.Name, o.Standing.Budget.Spent, o.Spent, o.Change, now, then)
		}
	})
}

// In a week of 168 hours 16 may be without counts, of which a note tells: that is 90.5%.
// One hour more is too little for "all on track", whatever the month says.
func TestWeekWithAGap(t *testing.T) {
	at := time.Date(2026, 5, 11, 9, 0, 0, 0, time.UTC)
	from := time.Date(2026, 5, 6, 0, 0, 0, 0, time.UTC)
	for hours, want := range map[int]struct{ why, headline string }{
		0:  {"", "Error budgets, week 19: the only objective is on track"},
		1:  {"", "Error budgets, week 19: the only objective is on track"},
		16: {"", "Error budgets, week 19: the only objective is on track"},
		17: {"89% of week 19 was measured, 90% is needed", "Error budgets, week 19: the only objective needs attention"},
		72: {"57% of week 19 was measured, 90% is needed", "Error budgets, week 19: the only objective needs attention"},
	} {
		gap := slo.Period{Start: from, End: from.Add(time.Duration(hours) * time.Hour)}
		bad := func(t time.Time) float64 {
			if gap.Contains(t) {
				return math.NaN()
			}
			return 0
		}
		b := told(t, at, time.UTC, promised(slo.Window{Length: 30 * 24 * time.Hour, Zone: time.UTC}), bad)
		o := b.Objectives[0]
		if o.Standing.State != slo.OnTrack || o.Why != want.why || b.Headline != want.headline {
			t.Errorf("%d h: %s, %q, %q", hours, o.Standing.State, o.Why, b.Headline)
		}
		if o.Gaps.Cmp(slo.NumberOf(int64(60*hours))) != 0 || o.Unsure() != (want.why != "") || (b.Worst() == slo.OnTrack) == o.Unsure() {
			t.Errorf("%d h: %s minutes were not measured, unsure %t, worst %s", hours, o.Gaps, o.Unsure(), b.Worst())
		}
		if slices.Contains(b.Facts(), "unsure "+o.ID) != o.Unsure() {
			t.Errorf("%d h: facts are %q", hours, b.Facts())
		}
	}
}

// Gaps that count as good or bad are nobody's question.
func TestWeekWithGapsThatCount(t *testing.T) {
	at := time.Date(2026, 5, 11, 9, 0, 0, 0, time.UTC)
	for gaps, want := range map[slo.GapPolicy]int64{slo.GapsExclude: 7 * 60, slo.GapsGood: 0, slo.GapsBad: 0} {
		s := promised(slo.Window{Length: 30 * 24 * time.Hour, Zone: time.UTC})
		s.Budgeting = slo.Budgeting{Method: slo.Timeslices, Slice: time.Hour, Target: slo.Target(9e8), Gaps: gaps}
		b := told(t, at, time.UTC, s, func(t time.Time) float64 {
			if t.Hour() == 3 {
				return math.NaN()
			}
			return 0
		})
		if o := b.Objectives[0]; o.Gaps.Cmp(slo.NumberOf(want)) != 0 {
			t.Errorf("gaps %s: %s minutes, want %d", gaps, o.Gaps, want)
		}
	}
}

func same(a, b *report.Doubt) bool {
	return a == nil && b == nil || a != nil && b != nil && a.State == b.State && a.Events.Cmp(b.Events) == 0
}

// 1 of 100 events may be bad, of the week's 16,800 so 168, of the 72,000 of 30 days 720,
// of which 540 are 75%. What was not read is told where it could be more than that.
func TestWeekNotAllRead(t *testing.T) {
	at := time.Date(2026, 5, 11, 9, 0, 0, 0, time.UTC)
	within, before := time.Date(2026, 5, 6, 0, 0, 0, 0, time.UTC), time.Date(2026, 5, 2, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		when   time.Time
		events float64
		why    string
	}{
		{within, 1, ""},
		{within, 168, ""},
		{within, 169, "169 events were not read or not sure: at worst 101% of the budget of week 19 is spent"},
		{before, 540, ""},
		{before, 541, "541 events were not read or not sure: at worst at risk, 76% spent"},
		{before, 721, "721 events were not read or not sure: at worst exhausted, 101% spent"},
	} {
		week := slo.Last(slo.Week, at, time.UTC)
		own := Builder{At: at, Language: unit.English, Zone: time.UTC}
		b := &BriefBuilder{Builder: own, Gate: GateBuilder{Builder: own}}
		b.Builder.Span = &week
		s := promised(slo.Window{Length: 30 * 24 * time.Hour, Zone: time.UTC})
		data := slo.NewSeries(b.Needs(s), time.Hour)
		zeros := func() []float64 { return make([]float64, data.Len()) }
		data.Bad, data.Total = zeros(), zeros()
		for i := range data.Total {
			data.Total[i] = 100
		}
		data.Doubt = &slo.Series{Start: data.Start, Step: data.Step, Bad: zeros(), Total: zeros()}
		i := data.Index(c.when)
		// Each was counted as good, and may be bad.
		data.Doubt.Bad[i] = c.events
		if err := b.Add(Measured{SLO: s, Indicator: "x", Data: data}, diag.Pos{}); err != nil {
			t.Fatal(err)
		}
		got := b.Brief(nil)
		o := got.Objectives[0]
		if o.Standing.State != slo.OnTrack || o.Why != c.why || strings.Contains(got.Headline, "on track") != (c.why == "") {
			t.Errorf("%v events at %s: %s, %q, %q", c.events, c.when, o.Standing.State, o.Why, got.Headline)
		}
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := report.ReadBrief(text); err != nil || !same(again.Objectives[0].Doubt, o.Doubt) || again.Objectives[0].Gaps.Sign() != 0 {
			t.Errorf("%v events: read back as %+v, %v", c.events, again, err)
		}
		if (o.Doubt != nil) != (c.when == within) {
			t.Errorf("%v events at %s: doubt of the week %+v", c.events, c.when, o.Doubt)
		}
	}
}
