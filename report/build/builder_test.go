package build

import (
	"slices"
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// region is a region with 100 good events an hour from one instant to another, in a source
// that has counts of 60 days up to at.
func region(name string, from, to time.Time, mayVanish bool, at time.Time) Measured {
	s := slo.SLO{Service: "s", Name: "a", Target: 999_000_000, Window: slo.Window{Unit: slo.Month, Zone: time.UTC},
		Budgeting: slo.Budgeting{Method: slo.Occurrences}, MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents(),
		By: []string{"region"}, Labels: map[string]string{"region": name}, MayVanish: mayVanish}
	data := slo.NewSeries(slo.Period{Start: at.AddDate(0, 0, -60), End: at}, time.Hour)
	data.Newest = at
	for i := range data.Len() {
		if t := data.Time(i); !t.Before(from) && t.Before(to) {
			data.Bad[i], data.Total[i] = 0, 100
		}
	}
	return Measured{SLO: s, Data: data}
}

func has(warnings []diag.Finding, code string) bool {
	for _, w := range warnings {
		if w.Code == code {
			return true
		}
	}
	return false
}

// A label set that may vanish is judged over its measured time: its budget is what was
// measured, and low coverage does not make it no data.
func TestLabelSetsThatComeAndGo(t *testing.T) {
	at := time.Date(2026, 6, 21, 0, 0, 0, 0, time.UTC)
	first := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	for _, c := range []struct {
		name       string
		from, to   time.Time
		may        bool
		state      slo.State
		total      int64 // of the budget
		gone, told bool
	}{
		{"there all the time", first.Add(-40 * day), at, false, slo.OnTrack, 720 * 100, false, false},
		{"vanished on the 6th", first.Add(-40 * day), first.Add(5 * day), false, slo.NoData, 0, false, false},
		{"so, and it may", first.Add(-40 * day), first.Add(5 * day), true, slo.OnTrack, 5 * 24 * 100, false, true},
		{"began on the 11th, and may", first.Add(10 * day), at, true, slo.OnTrack, 20 * 24 * 100, false, false},
		{"three days of June, and may", first.Add(10 * day), first.Add(13 * day), true, slo.OnTrack, 3 * 24 * 100, false, true},
		{"only in May", first.Add(-20 * day), first.Add(-10 * day), false, slo.NoData, 0, true, false},
		{"only in May, and may", first.Add(-20 * day), first.Add(-10 * day), true, slo.NoData, 0, true, true},
	} {
		b := &Builder{At: at}
		if err := b.Add(region("us", c.from, c.to, c.may, at)); err != nil {
			t.Fatal(err)
		}
		o := b.Status(nil).Objectives[0]
		if o.State != c.state || o.Gone != c.gone || has(o.Warnings, "slo/vanished") != c.told || has(o.Warnings, "slo/gone") != c.gone {
			t.Errorf("%s: %s, gone %t, %v; want %s, %t, told %t", c.name, o.State, o.Gone, o.Warnings, c.state, c.gone, c.told)
		}
		if c.state != slo.NoData && o.Budget.Total.Cmp(slo.NumberOf(c.total)) != 0 {
			t.Errorf("%s: a budget of %v events, want %d", c.name, o.Budget.Total, c.total)
		}
	}
}

// A label set that is gone stops no release, unless none of its SLO is left.
func TestGoneLabelSetsAndTheGate(t *testing.T) {
	at := time.Date(2026, 6, 21, 0, 0, 0, 0, time.UTC)
	from, may := at.AddDate(0, 0, -60), time.Date(2026, 5, 20, 0, 0, 0, 0, time.UTC)
	yesterday := at.AddDate(0, 0, -1)
	for _, c := range []struct {
		name   string
		eu, us time.Time // of the last events
		may    bool      // vanish
		want   slo.Verdict
		noted  bool // that one is gone and stops no release
	}{
		{"both there", at, at, false, slo.Open, false},
		{"one gone", at, may, false, slo.Open, true},
		{"both gone", may, may, false, slo.CannotTell, false},
		{"one gone, one vanished", yesterday, may, false, slo.CannotTell, true},
		{"both there, and may vanish", at, at, true, slo.Open, false},
		{"one vanished, and may", at, yesterday, true, slo.Open, false},
		{"both vanished, and may", yesterday, yesterday, true, slo.CannotTell, false},
		{"one gone, one vanished, and may", yesterday, may, true, slo.CannotTell, false},
		{"both gone, and may", may, may, true, slo.CannotTell, false},
	} {
		b := &GateBuilder{Builder: Builder{At: at}}
		for name, to := range map[string]time.Time{"eu": c.eu, "us": c.us} {
			if err := b.Add(region(name, from, to, c.may, at), diag.Pos{File: "a.yaml"}); err != nil {
				t.Fatal(err)
			}
		}
		g := b.Gate([]report.Source{})
		if g.Verdict != c.want || len(g.Objectives) != 2 {
			t.Errorf("%s: %s for %v, want %s", c.name, g.Verdict, g.AllReasons(), c.want)
		}
		noted := slices.ContainsFunc(g.Notes, func(n report.GateNote) bool { return n.Code == "gone" })
		if noted != c.noted {
			t.Errorf("%s: notes %v", c.name, g.Notes)
		}
	}
}

// A report that ends at an instant holds a release as the gate does then, on each side of
// midnight of the first, whatever became of the label sets and their budgets.
func TestReportsHoldAsTheGateDoes(t *testing.T) {
	june := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	for _, c := range []struct {
		name   string
		eu, us time.Time // of the last events
		bad    time.Time // an hour of eu that failed
		may    bool      // vanish
		want   []slo.Verdict
	}{
		{"healthy", june.Add(9 * day), june.Add(9 * day), time.Time{}, false, []slo.Verdict{slo.Open}},
		{"May is spent", june.Add(9 * day), june.Add(9 * day), june.Add(-2 * day), false, []slo.Verdict{slo.Closed, slo.Open}},
		{"June is spent at once", june.Add(9 * day), june.Add(9 * day), june, false, []slo.Verdict{slo.Open, slo.Closed}},
		{"one vanished on the 30th", june.Add(9 * day), june.Add(-day), time.Time{}, false, []slo.Verdict{slo.CannotTell, slo.Open}},
		{"both did", june.Add(-2 * day), june.Add(-day), time.Time{}, false, []slo.Verdict{slo.CannotTell}},
		{"both did, and may", june.Add(-2 * day), june.Add(-day), time.Time{}, true, []slo.Verdict{slo.CannotTell}},
		{"one did, and may", june.Add(9 * day), june.Add(-day), time.Time{}, true, []slo.Verdict{slo.Open}},
	} {
		seen := map[slo.Verdict]bool{}
		for _, at := range []time.Time{june.Add(-time.Hour), june, june.Add(10 * time.Minute), june.Add(time.Hour),
			june.Add(119 * time.Minute), june.Add(2 * time.Hour), june.Add(5 * time.Hour)} {
			span := slo.Span{Fixed: slo.Period{Start: at.AddDate(0, 0, -7), End: at}}
			page, gate := &Builder{At: at, Zone: time.UTC, Span: &span, Full: true}, &GateBuilder{Builder: Builder{At: at}}
			for name, to := range map[string]time.Time{"eu": c.eu, "us": c.us} {
				m := region(name, june.AddDate(0, 0, -60), to, c.may, at.Truncate(time.Hour))
				if i := m.Data.Index(c.bad); name == "eu" && !c.bad.IsZero() && i < m.Data.Len() {
					m.Data.Bad[i] = 100
				}
				if err := page.Add(m); err != nil {
					t.Fatal(err)
				}
				if err := gate.Add(m, diag.Pos{File: "a.yaml"}); err != nil {
					t.Fatal(err)
				}
			}
			want := map[string]slo.Verdict{}
			verdict := gate.Gate([]report.Source{})
			for _, o := range verdict.Objectives {
				want[o.ID] = o.Verdict
			}
			for _, o := range page.Report("", "", nil).Objectives {
				if o.Gate != want[o.ID()] {
					t.Errorf("%s, %s: %s of %s in the report, %s by the gate", c.name, at, o.Gate, o.ID(), want[o.ID()])
				}
			}
			seen[verdict.Verdict] = true
		}
		for _, v := range c.want {
			delete(seen, v)
		}
		if len(seen) > 0 {
			t.Errorf("%s: also %v", c.name, seen)
		}
	}
}

// An event that lost its label may be one of a set that is gone or has vanished, where
// that has no counts of its own. It is not one of a set before that began.
func TestLostLabelsOfSetsThatWent(t *testing.T) {
	at := time.Date(2026, 6, 21, 0, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	for _, c := range []struct {
		name     string
		from, to time.Duration // of the events, before at
		may      bool
		lost     time.Duration // when 1,000 events lost their label, before at
		want     slo.Verdict
	}{
		{"gone in May", 60 * day, 30 * day, false, day, slo.CannotTell},
		{"gone in May, and so were the events", 60 * day, 30 * day, false, 29 * day, slo.Open},
		{"vanished, and may", 60 * day, 5 * day, true, day, slo.CannotTell},
		{"gone, and may vanish", 60 * day, 30 * day, true, day, slo.CannotTell},
		{"began after that, and may vanish", 3 * day, 0, true, 4 * day, slo.Open},
	} {
		us := region("us", at.Add(-c.from), at.Add(-c.to), c.may, at)
		us.Data.Doubt = slo.NewSeries(slo.Period{Start: us.Data.Start, End: us.Data.End()}, us.Data.Step)
		clear(us.Data.Doubt.Bad)
		clear(us.Data.Doubt.Total)
		i := us.Data.Index(at.Add(-c.lost))
		us.Data.Doubt.Bad[i], us.Data.Doubt.Total[i] = 1000, 1000
		b := &GateBuilder{Builder: Builder{At: at}}
		for _, m := range []Measured{us, region("eu", at.AddDate(0, 0, -60), at, c.may, at)} {
			if err := b.Add(m, diag.Pos{File: "a.yaml"}); err != nil {
				t.Fatal(err)
			}
		}
		if g := b.Gate([]report.Source{}); g.Verdict != c.want {
			t.Errorf("%s: %s for %v, want %s", c.name, g.Verdict, g.AllReasons(), c.want)
		}
	}
}

// A label set is listed if it occurred in the judged period or the whole one before,
// however little of a running one has passed.
func TestSetsOfThePeriodBefore(t *testing.T) {
	at := time.Date(2026, 6, 1, 0, 20, 0, 0, time.UTC) // a Monday
	twoDays := slo.Span{Fixed: slo.Period{Start: at.AddDate(0, 0, -2), End: at}}
	for _, c := range []struct {
		window slo.Window
		span   *slo.Span
		start  string
	}{
		{slo.Window{Unit: slo.Month}, nil, "2026-05-01T00:00:00Z"},
		{slo.Window{Unit: slo.Quarter}, nil, "2026-01-01T00:00:00Z"},
		{slo.Window{Unit: slo.Week, WeekStart: time.Monday}, nil, "2026-05-25T00:00:00Z"},
		{slo.Window{Unit: slo.Day}, nil, "2026-05-31T00:00:00Z"},
		{slo.Window{Length: 48 * time.Hour}, nil, "2026-05-28T00:20:00Z"},
		{slo.Window{Unit: slo.Month}, &twoDays, "2026-05-28T00:20:00Z"},
	} {
		b := &Builder{At: at, Span: c.span}
		got := b.Sets(slo.SLO{Window: c.window, Budgeting: slo.Budgeting{Method: slo.Occurrences}})
		if got.Start.Format(time.RFC3339) != c.start || !got.End.Equal(at) {
			t.Errorf("%s: %v, want from %s to %v", c.window, got, c.start, at)
		}
	}
}

// Doubt that would exhaust the budget is told, and only that.
func TestDoubtIsTold(t *testing.T) {
	at := time.Date(2026, 6, 21, 0, 0, 0, 0, time.UTC)
	for events, want := range map[float64]bool{0: false, 10: false, 100: true} { // 72 of 72,000 may be bad
		m := region("us", at.AddDate(0, 0, -60), at, false, at)
		zeros := func() []float64 { return make([]float64, m.Data.Len()) }
		m.Data.Doubt = &slo.Series{Start: m.Data.Start, Step: m.Data.Step, Bad: zeros(), Total: zeros()}
		m.Data.Doubt.Bad[m.Data.Len()-3], m.Data.Doubt.Total[m.Data.Len()-3] = events, events
		b := &Builder{At: at}
		if err := b.Add(m); err != nil {
			t.Fatal(err)
		}
		o := b.Status(nil).Objectives[0]
		if has(o.Warnings, "budget/doubt") != want || (o.Doubt == nil) != (events == 0) {
			t.Errorf("%v events: %v, %+v", events, o.Warnings, o.Doubt)
		}
		if want && (o.Doubt.State != slo.Exhausted || o.State != slo.OnTrack || o.Doubt.Events.Cmp(slo.NumberFloat(events)) != 0) {
			t.Errorf("%v events: %s, at worst %+v", events, o.State, o.Doubt)
		}
	}
}
