package excel

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// promise is one objective over ten days of hourly buckets: the events are spread
// evenly, the bad ones over the first day.
type promise struct {
	name       string
	target     string
	bad, total float64
	method     slo.Method
	atRisk     slo.Number
	want       slo.State
}

// closed are the cases that floating point gets wrong: 1-0.999 is 0.0010000000000000009.
var closed = []promise{
	{name: "exactly exhausted", target: "99.9%", bad: 1440, total: 1_440_000, want: slo.AtRisk},
	{name: "one event over", target: "99.9%", bad: 1441, total: 1_440_000, want: slo.Missed},
	{name: "exactly exhausted at five nines", target: "99.999%", bad: 30, total: 3_000_000, want: slo.AtRisk},
	{name: "one over at five nines", target: "99.999%", bad: 31, total: 3_000_000, want: slo.Missed},
	{name: "exactly exhausted of many", target: "99.9%", bad: 1_000_000_000, total: 1_000_000_000_000, want: slo.AtRisk},
	{name: "one over of many", target: "99.9%", bad: 1_000_000_001, total: 1_000_000_000_000, want: slo.Missed},
	{name: "exactly three quarters", target: "99.9%", bad: 1080, total: 1_440_000, want: slo.Met},
	{name: "one over three quarters", target: "99.9%", bad: 1081, total: 1_440_000, want: slo.AtRisk},
	{name: "three quarters at 99.7", target: "99.7%", bad: 9, total: 4000, want: slo.Met},
	{name: "nothing bad", target: "99.9%", total: 1_440_000, want: slo.Met},
	{name: "no traffic", target: "99.9%", want: slo.NoData},
	{name: "careful", target: "99.9%", bad: 800, total: 1_440_000, atRisk: slo.NumberFrac(1, 2), want: slo.AtRisk},
	{name: "slices", target: "99%", bad: 100, total: 100_000, method: slo.Timeslices, want: slo.Missed},
	{name: "shares of slices", target: "99%", bad: 24, total: 24_000, method: slo.RatioTimeslices, want: slo.Met},
	{name: "shares of slices, exactly exhausted", target: "99%", bad: 24, total: 2400, method: slo.RatioTimeslices, want: slo.AtRisk},
	{name: "shares of slices, over", target: "99%", bad: 25, total: 2400, method: slo.RatioTimeslices, want: slo.Missed},
	{name: "beyond a spreadsheet's digits", target: "99.9%", bad: 1e13 + 2, total: 1e16, want: slo.Missed},
}

var firstDay = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

// judge makes a report of the cases.
func judge(t testing.TB, b *build.Builder, cases []promise) *report.Report {
	t.Helper()
	for _, c := range cases {
		if err := b.Add(c.measure(t, b)); err != nil {
			t.Fatal(err)
		}
	}
	return b.Report("", "v0", nil)
}

func (c promise) measure(t testing.TB, b *build.Builder) build.Measured {
	t.Helper()
	target, err := slo.ParseTarget(c.target)
	if err != nil {
		t.Fatal(err)
	}
	s := slo.SLO{Service: "shop", Name: c.name, Target: target, Window: slo.Window{Unit: slo.Month},
		Budgeting:   slo.Budgeting{Method: slo.Occurrences},
		MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents()}
	if c.method != "" {
		s.Budgeting = slo.Budgeting{Method: c.method, Slice: time.Hour, Target: slo.Full, Gaps: slo.GapsExclude, NoTraffic: slo.NoTrafficIgnore}
	}
	if c.atRisk.Known() {
		s.AtRisk = c.atRisk
	}
	data := slo.NewSeries(b.Needs(s), time.Hour)
	first := data.Index(firstDay)
	for i := range 240 {
		data.Total[first+i], data.Bad[first+i] = even(c.total, 240, i), 0
		if i < 24 {
			data.Bad[first+i] = even(c.bad, 24, i)
		}
	}
	return build.Measured{SLO: s, Indicator: s.ID(), Data: data}
}

// even returns the share of n that part i of parts gets: whole, the rest first.
func even(n float64, parts, i int) float64 {
	each := math.Floor(n / float64(parts))
	if i > 0 {
		return each
	}
	return n - each*float64(parts-1)
}

// exactly is a closed period of ten days.
func exactly(t testing.TB) *report.Report { return judge(t, tenDays(), closed) }

func tenDays() *build.Builder {
	span := slo.Span{Fixed: slo.Period{Start: firstDay, End: firstDay.AddDate(0, 0, 10)}}
	return &build.Builder{At: span.Fixed.End, Language: unit.English, Zone: time.UTC, Span: &span, Full: true}
}

// inMonth are judged on the tenth of a month of 31 days, on the budget of all of it.
var inMonth = []promise{
	{name: "all of the elapsed budget", target: "99.9%", bad: 240, total: 240_000, want: slo.OnTrack},
	{name: "one more", target: "99.9%", bad: 241, total: 240_000, want: slo.AtRisk},
	{name: "calm", target: "99.9%", bad: 24, total: 240_000, want: slo.OnTrack},
	{name: "ahead", target: "99.9%", bad: 312, total: 240_000, want: slo.AtRisk},
	{name: "gone", target: "99.9%", bad: 768, total: 240_000, want: slo.Exhausted},
	{name: "slices gone", target: "99%", bad: 24, total: 24_000, method: slo.Timeslices, want: slo.Exhausted},
}

func running(t testing.TB) *report.Report { return judge(t, month(), inMonth) }

// month is the running October at its tenth day.
func month() *build.Builder {
	span, err := slo.ParseSpan("2026-10")
	if err != nil {
		panic(err)
	}
	return &build.Builder{At: firstDay.AddDate(0, 0, 10), Language: unit.Japanese, Zone: time.UTC, Span: &span, Full: true}
}

func TestStateFormulasAreExact(t *testing.T) {
	for name, c := range map[string]struct {
		report *report.Report
		cases  []promise
	}{"closed": {exactly(t), closed}, "running": {running(t), inMonth}} {
		f := opened(t, written(t, c.report))
		sheet := f.GetSheetList()[1]
		b := newBook(c.report)
		for i, o := range c.report.Objectives {
			cell := fmt.Sprintf("E%d", firstRow+i)
			for _, p := range c.cases {
				if p.name != o.Name {
					continue
				}
				got, err := f.CalcCellValue(sheet, cell)
				if o.State != p.want || err != nil || got != b.state(p.want) {
					t.Errorf("%s, %s: model %s, formula %q, %v; want %s", name, p.name, o.State, got, err, p.want)
				}
			}
		}
	}
}

func TestNothingIsLeftAtExactlyExhausted(t *testing.T) {
	r := exactly(t)
	f := opened(t, written(t, r))
	for i, o := range r.Objectives {
		if o.Name != "exactly exhausted" && o.Name != "exactly exhausted at five nines" {
			continue
		}
		for _, col := range []string{"I", "J"} {
			if got, err := f.CalcCellValue("Objectives", fmt.Sprintf("%s%d", col, firstRow+i)); err != nil || !same(got, "0") {
				t.Errorf("%s: left %s = %q, %v; want 0", o.Name, col, got, err)
			}
		}
	}
}

// A budget that is just overspent shows so, and an actual just under its target or
// under 100 % does not show as that.
func TestFiguresNeverRoundTowardsPassing(t *testing.T) {
	for name, want := range map[string][2]string{
		"exactly exhausted": {"99.90%", "100%"}, "one event over": {"99.89%", "101%"},
		"one over at five nines": {"99.9989%", "104%"}, "exactly exhausted at five nines": {"99.9990%", "100%"},
		"one over of many": {"99.89%", "101%"}, "beyond a spreadsheet's digits": {"99.89%", "101%"},
		"one over three quarters": {"99.92%", "76%"}, "exactly three quarters": {"99.92%", "75%"},
		"nothing bad": {"100.00%", "0%"}, "no traffic": {"", ""},
	} {
		r := exactly(t)
		f := shownAs(t, written(t, r))
		for i, o := range r.Objectives {
			if o.Name != name {
				continue
			}
			sli, _ := f.GetCellValue("Objectives", fmt.Sprintf("G%d", firstRow+i))
			spent, _ := f.GetCellValue("Objectives", fmt.Sprintf("H%d", firstRow+i))
			if sli != want[0] || spent != want[1] {
				t.Errorf("%s: SLI %q and spent %q, want %q", name, sli, spent, want)
			}
		}
	}
}

func TestOnlyWhatDigitsCannotGiveIsFrozen(t *testing.T) {
	for name, c := range map[string]struct {
		report *report.Report
		want   string
	}{"closed": {exactly(t), "shop/beyond a spreadsheet's digits"}, "running": {running(t), ""}} {
		b := newBook(c.report)
		objectives(b)
		if got := strings.Join(b.frozen, ","); got != c.want {
			t.Errorf("%s: as reported stand %q, want %q", name, got, c.want)
		}
	}
}
