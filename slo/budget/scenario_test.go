package budget

import (
	"math"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/nines-slo/nines/slo"
)

var day0 = time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)

// objective returns an SLO with the defaults of a file.
func objective(target string, w slo.Window) slo.SLO {
	t, err := slo.ParseTarget(target)
	if err != nil {
		panic(err)
	}
	return slo.SLO{Service: "s", Name: "n", Target: t, Window: w, Budgeting: slo.Budgeting{Method: slo.Occurrences},
		MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents()}
}

func sliced(s slo.SLO, m slo.Method, length time.Duration, target string) slo.SLO {
	s.Budgeting = slo.Budgeting{Method: m, Slice: length, Gaps: slo.GapsExclude, NoTraffic: slo.NoTrafficIgnore}
	if target != "" {
		s.Budgeting.Target, _ = slo.ParseTarget(target)
	}
	return s
}

// steady returns n minutes of total events each, none bad.
func steady(start time.Time, n int, total float64) *slo.Series {
	s := slo.NewSeries(slo.Period{Start: start, End: start.Add(time.Duration(n) * time.Minute)}, time.Minute)
	for i := range n {
		s.Bad[i], s.Total[i] = 0, total
	}
	return s
}

// fail makes minutes [from, to) of s have bad failures each.
func fail(s *slo.Series, from, to int, bad float64) {
	for i := from; i < to; i++ {
		s.Bad[i] = bad
	}
}

// lose makes minutes [from, to) of s not measured.
func lose(s *slo.Series, from, to int) {
	for i := from; i < to; i++ {
		s.Bad[i], s.Total[i] = math.NaN(), math.NaN()
	}
}

var oneDay = slo.Window{Length: 24 * time.Hour}

func TestStatus(t *testing.T) {
	type want struct {
		bad, total, spent, coverage string
		state                       slo.State
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		slo  slo.SLO
		data func() *slo.Series
		at   time.Time // default: the end of the data
		want want
	}{
		{
			// 720,000 events, 9 minutes with 69 failures: 621 of 3,600 allowed
			name: "occurrences", slo: objective("99.5%", oneDay),
			data: func() *slo.Series { s := steady(day0, 1440, 500); fail(s, 60, 69, 69); return s },
			want: want{"621", "720000", "0.1725", "1", slo.OnTrack},
		},
		{
			name: "exactly spent is at risk, not exhausted", slo: objective("99.9%", oneDay),
			data: func() *slo.Series { s := steady(day0, 1440, 1000); fail(s, 0, 1440, 1); return s },
			want: want{"1440", "1440000", "1", "1", slo.AtRisk},
		},
		{
			name: "one event over is exhausted", slo: objective("99.9%", oneDay),
			data: func() *slo.Series { s := steady(day0, 1440, 1000); fail(s, 0, 1440, 1); fail(s, 0, 1, 2); return s },
			want: want{"1441", "1440000", "1.0006944444444446", "1", slo.Exhausted},
		},
		{
			// 43,200 buckets of 10^15, one bad event: nothing overflows or is lost
			name: "huge counts", slo: objective("99.9%", slo.Window{Length: 30 * 24 * time.Hour}),
			data: func() *slo.Series { s := steady(day0, 43200, 1e15); fail(s, 7, 8, 1); return s },
			want: want{"1", "43200000000000000000", "2.3148148148148148e-17", "1", slo.OnTrack},
		},
		{
			name: "a gap leaves both sums and lowers coverage", slo: objective("99%", oneDay),
			data: func() *slo.Series { s := steady(day0, 1440, 100); lose(s, 600, 960); return s },
			want: want{"0", "108000", "0", "0.75", slo.NoData},
		},
		{
			name: "no traffic is measured", slo: objective("99%", oneDay),
			data: func() *slo.Series { return steady(day0, 1440, 0) },
			want: want{"0", "0", "unknown", "1", slo.NoData},
		},
		{
			// 1,440 minutes, 5-minute slices: 3 of 288 bad = 1.0417 % of 1 % allowed
			name: "timeslices: equality is good", slo: sliced(objective("99%", oneDay), slo.Timeslices, 5*time.Minute, "95%"),
			data: func() *slo.Series {
				s := steady(day0, 1440, 20)
				fail(s, 0, 5, 1)     // 95 %: good
				fail(s, 10, 20, 2)   // 90 %: 2 bad
				fail(s, 100, 101, 6) // 94 %: bad
				return s
			},
			want: want{"3", "288", "1.0416666666666667", "1", slo.Exhausted},
		},
		{
			name: "a slice is judged by its measured minutes", slo: sliced(objective("90%", oneDay), slo.Timeslices, time.Hour, "50%"),
			data: func() *slo.Series { s := steady(day0, 1440, 10); lose(s, 60, 119); fail(s, 119, 120, 6); return s },
			want: want{"1", "24", "0.4166666666666667", "0.9590277777777778", slo.OnTrack},
		},
		{
			name: "an idle slice leaves the sums, not coverage", slo: sliced(objective("90%", oneDay), slo.Timeslices, time.Hour, "50%"),
			data: func() *slo.Series {
				s := steady(day0, 1440, 10)
				for i := range 60 {
					s.Total[i] = 0
				}
				return s
			},
			want: want{"0", "23", "0", "1", slo.OnTrack},
		},
		{
			// slices of 0 and 1/2 bad: Σ = 1/2 of 2 slices
			name: "ratio-timeslices", slo: sliced(objective("50%", slo.Window{Length: 2 * time.Hour}), slo.RatioTimeslices, time.Hour, ""),
			data: func() *slo.Series { s := steady(day0, 120, 10); fail(s, 60, 120, 5); return s },
			want: want{"0.5", "2", "0.5", "1", slo.OnTrack},
		},
		{
			name: "gaps: bad counts whole slices and switches the floor off",
			slo: func() slo.SLO {
				s := sliced(objective("50%", oneDay), slo.Timeslices, time.Hour, "50%")
				s.Budgeting.Gaps = slo.GapsBad
				return s
			}(),
			data: func() *slo.Series { s := steady(day0, 1440, 10); lose(s, 600, 960); return s },
			want: want{"6", "24", "0.5", "0.75", slo.OnTrack},
		},
		{
			name: "young: time before the first bucket is no gap", slo: objective("99%", slo.Window{Length: 48 * time.Hour}),
			data: func() *slo.Series { s := steady(day0, 2880, 10); lose(s, 0, 1440); return s },
			want: want{"0", "14400", "0", "1", slo.OnTrack},
		},
		{
			name: "a day of 23 hours", slo: objective("99%", slo.Window{Unit: slo.Day, Zone: berlin}),
			data: func() *slo.Series { return steady(time.Date(2026, 3, 28, 23, 0, 0, 0, time.UTC), 23*60, 10) },
			at:   time.Date(2026, 3, 29, 21, 59, 0, 0, time.UTC),
			want: want{"0", "13790", "0", "1", slo.OnTrack},
		},
		{
			name: "a dead source is never 100 %",
			slo: func() slo.SLO {
				s := sliced(objective("50%", oneDay), slo.Timeslices, time.Hour, "50%")
				s.Budgeting.Gaps = slo.GapsGood
				return s
			}(),
			data: func() *slo.Series { s := steady(day0, 1440, 10); lose(s, 0, 1440); return s },
			want: want{"0", "24", "0", "0", slo.NoData},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data := tt.data()
			at := tt.at
			if at.IsZero() {
				at = data.End()
			}
			l, err := New(tt.slo, data)
			if err != nil {
				t.Fatal(err)
			}
			st := l.Current(at)
			got := want{st.Counts.Bad.String(), st.Counts.Total.String(), st.Budget.Spent.String(), st.Coverage.String(), st.State}
			if got != tt.want {
				t.Errorf("got  %v\nwant %v", got, tt.want)
			}
		})
	}
}

func TestExclusions(t *testing.T) {
	s := objective("99%", oneDay)
	at := func(minute int) time.Time { return day0.Add(time.Duration(minute) * time.Minute) }
	s.Exclusions = []slo.Exclusion{
		{Name: "a", Fixed: []slo.Period{{Start: at(240), End: at(300)}}},
		{Name: "b", Fixed: []slo.Period{{Start: at(270), End: at(330)}}},
	}
	data := steady(day0, 1440, 100)
	fail(data, 240, 360, 100) // 120 minutes down, 90 of them excluded
	l, _ := New(s, data)
	st := l.Current(data.End())
	if got := st.Counts.Bad.String() + " of " + st.Counts.Total.String(); got != "3000 of 135000" {
		t.Errorf("got %s, want 3000 of 135000: overlaps are a union", got)
	}
	if got := st.Unexcluded.String(); got != "0.9166666666666666" {
		t.Errorf("SLI without exclusions = %s, want 1 − 12000/144000", got)
	}
	if st.Coverage.String() != "1" {
		t.Errorf("coverage = %s: exclusions are no gaps", st.Coverage)
	}
}

func TestProjected(t *testing.T) {
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 9, 30, 15, 0, 0, 0, time.UTC)
	s := objective("99.9%", slo.Window{Unit: slo.Month, Zone: tokyo})
	data := steady(start, 3*1440, 50)
	fail(data, 100, 110, 50)
	l, _ := New(s, data)
	st := l.Current(data.End())
	// three of 31 days, 216,000 events: the month will have 2,232,000
	if got := st.Budget.Allowed.String(); got != "2232" {
		t.Errorf("projected allowed = %s, want 2232", got)
	}
	if st.State != slo.AtRisk {
		t.Errorf("state = %s: the days so far overspent, the month did not", st.State)
	}

	s = sliced(s, slo.Timeslices, time.Hour, "50%")
	s.Exclusions = []slo.Exclusion{{Rule: &slo.Recurrence{Rule: "FREQ=WEEKLY;BYDAY=SU;BYHOUR=2", Zone: tokyo, Duration: time.Hour}}}
	l, _ = New(s, data)
	st = l.Current(data.End())
	// 31 × 24 slices less four Sundays (4, 11, 18, 25 October)
	if got := st.Budget.Allowed.Mul(slo.NumberOf(1000)).String(); got != "740" {
		t.Errorf("projected slices = %s, want 744 − 4", got)
	}
}

// An hour of the week that was seen in the four weeks before counts as it was then.
func TestProjectedByHourOfWeek(t *testing.T) {
	s := objective("99%", slo.Window{Unit: slo.Month})
	june := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	data := steady(june.AddDate(0, 0, -28), 29*1440, 10)
	for i := range data.Len() { // nights are idle
		if h := data.Time(i).Hour(); h < 6 {
			data.Total[i] = 0
		}
	}
	l, _ := New(s, data)
	at := june.Add(6 * time.Hour) // only the idle night of the month is over
	st := l.Current(at)
	// no event yet, 30 days of 18 busy hours of 600 events to come
	if got := st.Budget.Allowed.String(); got != "3240" {
		t.Errorf("projected allowed = %s, want 1 %% of 324,000", got)
	}
}

func TestBurnRate(t *testing.T) {
	data := steady(day0, 1440, 100)
	fail(data, 1380, 1440, 2) // the last hour at 2 %
	l, _ := New(objective("99%", oneDay), data)
	if got := l.BurnRate(data.End(), time.Hour).Rate.String(); got != "2" {
		t.Errorf("1 h burn = %s, want 2", got)
	}
	if got := l.BurnRate(data.End(), 6*time.Hour).Rate.String(); got != "0.3333333333333333" {
		t.Errorf("6 h burn = %s, want 1/3", got)
	}
	if got := l.BurnRate(day0, time.Hour).Rate; got.Known() {
		t.Errorf("burn before the data = %s, want unknown", got)
	}
	l, _ = New(sliced(objective("99%", oneDay), slo.Timeslices, 30*time.Minute, "99%"), data)
	// at 23:50 the slices that ended in the hour before are 22:30 and 23:00: one of two is bad
	if got := l.BurnRate(data.Time(1430), time.Hour).Rate.String(); got != "50" {
		t.Errorf("burn of slices = %s, want (1/2) / 1 %%", got)
	}
}

// A minute has 100 events, and 6 % of five minutes' are needed to be down. 30 days
// allow 43,200 bad events: 2 % of them are 864.
func TestIncidents(t *testing.T) {
	data := steady(day0, 1440, 100)
	fail(data, 60, 75, 100)   // 01:00–01:15
	fail(data, 85, 90, 100)   // 01:25–01:30, ten minutes later: the same
	fail(data, 120, 125, 100) // 02:00: another
	fail(data, 300, 305, 100) // 05:00, and then nothing is known until 05:30
	lose(data, 305, 330)
	fail(data, 480, 481, 1)    // one failure is nothing
	fail(data, 600, 605, 30)   // 150 of 500: surely down, but 0.3 % of the month
	fail(data, 700, 701, 31)   // 31 of 500 may as well be 4.4 % in the long run
	fail(data, 802, 818, 60)   // 13:22–13:38, 960 bad: off the five minutes
	fail(data, 1436, 1440, 80) // 23:56, and still on
	l, _ := New(objective("99%", oneDay), data)
	st := l.Current(data.End())
	got, blips := l.Incidents(st, st.Judged.End)
	want := []struct {
		from, to int
		open     bool
		bad      string
	}{{60, 90, false, "2000"}, {120, 125, false, "500"}, {300, 305, false, "500"}, {802, 818, false, "960"},
		{1436, 1440, true, "320"}}
	if len(got) != len(want) {
		t.Fatalf("got %d incidents, want %d: %v", len(got), len(want), got)
	}
	for i, w := range want {
		g := got[i]
		if !g.Start.Equal(data.Time(w.from)) || !g.End.Equal(data.Time(w.to)) || g.Open != w.open || g.Bad.String() != w.bad {
			t.Errorf("incident %d: got %v, open %v, bad %s; want minutes %d to %d, open %v, bad %s", i, g.Period, g.Open, g.Bad, w.from, w.to, w.open, w.bad)
		}
	}
	if len(blips) != 2 || !blips[0].Start.Equal(data.Time(600)) || !blips[1].End.Equal(data.Time(701)) {
		t.Errorf("blips %v, want minutes 600 to 605 and 700", blips)
	}
	r := l.Reliability(st, got)
	// closed: 30 + 5 + 5 + 16 min in 4; measured: 1440 − 25; up: 1415 − 60 in 5
	if r.MTTR.String() != "14" || r.MTTF.String() != "271" || r.MTBF.String() != "283" || r.Longest.String() != "30" {
		t.Errorf("MTTR %s MTTF %s MTBF %s longest %s", r.MTTR, r.MTTF, r.MTBF, r.Longest)
	}
}

// TestReliabilityIsOfMeasuredTime: of ten days those are time up that were measured and
// not excluded, whatever is asked: a period, the own window, or with since. One outage of
// half an hour at noon of the sixth day.
func TestReliabilityIsOfMeasuredTime(t *testing.T) {
	const day, noon = 1440, 5*1440 + 720
	for _, c := range []struct {
		name       string
		gap        [2]int // minutes that were not measured
		exclude    [2]int // minutes
		mttf, mtbf string
	}{
		{"all measured", [2]int{}, [2]int{}, "14370", "14400"},
		{"no data for four days", [2]int{0, 4 * day}, [2]int{}, "8610", "8640"},
		{"a gap of a day in the middle", [2]int{3 * day, 4 * day}, [2]int{}, "12930", "12960"},
		{"no data for the last day", [2]int{9 * day, 10 * day}, [2]int{}, "12930", "12960"},
		{"a gap in the outage", [2]int{noon + 10, noon + 20}, [2]int{}, "14370", "14390"},
		{"a day excluded", [2]int{}, [2]int{day, 2 * day}, "12930", "12960"},
	} {
		data := steady(day0, 10*day, 100)
		fail(data, noon, noon+30, 100)
		lose(data, c.gap[0], c.gap[1])
		s := objective("99%", slo.Window{Unit: slo.Month})
		s.Exclusions = []slo.Exclusion{{Fixed: []slo.Period{{Start: data.Time(c.exclude[0]), End: data.Time(c.exclude[1])}}}}
		asked, since, sliced := s, s, sliced(s, slo.Timeslices, 10*time.Minute, "99%")
		since.Since = day0.Add(time.Duration(c.gap[1]) * time.Minute)
		if c.gap[0] > 0 {
			since.Since = day0
		}
		whole := slo.Period{Start: day0, End: data.End()}
		for name, s := range map[string]slo.SLO{"asked": asked, "own": s, "since": since, "slices": sliced} {
			l, err := New(s, data)
			if err != nil {
				t.Fatal(err)
			}
			st := l.Status(whole, data.End())
			if name == "own" {
				st = l.Own(slo.Period{Start: day0, End: day0.AddDate(0, 1, 0)}, data.End())
			}
			incidents, _ := l.Incidents(st, data.End())
			r := l.Reliability(st, incidents)
			if len(incidents) != 1 || r.MTTF.String() != c.mttf || r.MTBF.String() != c.mtbf || r.MTTR.String() != "30" {
				t.Errorf("%s, %s: %d incidents, MTTF %s, MTBF %s, MTTR %s; want 1, %s, %s, 30", c.name, name, len(incidents), r.MTTF, r.MTBF, r.MTTR, c.mttf, c.mtbf)
			}
		}
	}
}

// The days' shares add up to what was spent, and the burn-down ends at what is left.
func TestDaysAddUp(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []slo.SLO{
		objective("99%", slo.Window{Unit: slo.Month, Zone: berlin}),
		sliced(objective("99%", slo.Window{Unit: slo.Month, Zone: berlin}), slo.RatioTimeslices, 15*time.Minute, ""),
	} {
		start := time.Date(2026, 9, 30, 22, 0, 0, 0, time.UTC)
		data := steady(start, (31*24+1)*60, 7)
		for i := 0; i < data.Len(); i += 13 {
			data.Bad[i] = float64(i % 5)
		}
		l, _ := New(s, data)
		st := l.Status(s.Window.Bounds(start), data.End())
		sum := slo.NumberOf(0)
		days := l.Days(st)
		for _, d := range days {
			sum = sum.Add(d.Spent)
		}
		if len(days) != 31 || sum.Cmp(st.Budget.Spent) != 0 {
			t.Errorf("%s: %d days spent %s, want 31 and %s", s.Budgeting.Method, len(days), sum, st.Budget.Spent)
		}
		_, left := l.Burndown(st, 400)
		if last := left[len(left)-1]; last.Cmp(st.Budget.Remaining) != 0 {
			t.Errorf("%s: burn-down ends at %s, want %s", s.Budgeting.Method, last, st.Budget.Remaining)
		}
	}
}
