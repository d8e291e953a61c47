package text

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/diag"
)

func status(t *testing.T, st *report.Status, opts Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Status(&b, st, opts); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestStatus(t *testing.T) {
	en, ja := reporttest.Sample(unit.English), reporttest.Sample(unit.Japanese)
	for _, c := range []struct {
		name string
		r    *report.Report
		opts Options
	}{
		{"sample.txt", en, Options{}},
		{"sample-color.txt", en, Options{Color: true}},
		{"sample-wide.txt", en, Options{Wide: true}},
		{"sample-ja.txt", ja, Options{}},
		{"sample-wide-ja.txt", ja, Options{Wide: true}},
		{"running.txt", running(unit.English), Options{}},
		{"running-wide.txt", running(unit.English), Options{Wide: true}},
		{"running-ja.txt", running(unit.Japanese), Options{}},
	} {
		reporttest.Golden(t, c.name, []byte(status(t, &c.r.Status, c.opts)))
	}
}

// running has a young objective, a calendar month whose budget so far is
// overspent, one whose source failed, and one that was never measured.
func running(l unit.Language) *report.Report {
	at := time.Date(2026, time.October, 3, 15, 0, 0, 0, time.UTC)
	since := at.Add(-7 * 24 * time.Hour)
	share := func(a, b int64) slo.Number { return slo.NumberFrac(a, b) }
	rolling := report.Window{Kind: "rolling", Length: "30d", Start: at.Add(-30 * 24 * time.Hour), End: at,
		Elapsed: at}
	young := rolling
	young.Since = &since
	month := report.Window{Kind: "calendar", Length: "month", Start: at.Add(-66 * time.Hour),
		End: at.Add(29 * 24 * time.Hour), Elapsed: at}
	r := &report.Report{Status: report.Status{At: at, Language: l, Zone: time.UTC}}
	r.Objectives = []report.Objective{
		{Service: "shop", Name: "month", Target: 999_000_000, SLI: share(215_500, 216_000), Window: month,
			Buckets: report.Buckets{Step: time.Hour, Elapsed: 66, Measured: 66},
			State:   slo.AtRisk,
			Events:  &budget.Counts{Good: share(215_500, 1), Bad: share(500, 1), Total: share(216_000, 1)},
			Budget: report.Budget{Basis: budget.Projected, Spent: share(500, 2232), Minutes: budget.Spend{Remaining: share(3464, 100)},
				Elapsed: budget.Spend{Spent: share(500, 216)}}},
		{Service: "shop", Name: "failed", Target: 999_000_000, Window: rolling, State: slo.NoData,
			Failed: `logs/a.log: no such file`},
		{Service: "shop", Name: "failed-too", Target: 999_000_000, Window: rolling, State: slo.NoData,
			Failed: `logs/a.log: no such file`},
		{Service: "shop", Name: "young", Target: 999_000_000, SLI: share(9999, 10000), Window: young,
			State: slo.OnTrack, Coverage: share(1, 1),
			Events:    &budget.Counts{Good: share(9999, 1), Bad: share(1, 1), Total: share(10000, 1)},
			Budget:    report.Budget{Spent: share(1, 10), Minutes: budget.Spend{Remaining: share(9, 10)}},
			BurnRates: report.BurnRates{{Window: 5 * time.Minute}, {Window: time.Hour, Rate: share(1, 10)}},
			Days: []report.Day{{Level: report.LevelNone}, {Level: report.LevelLow},
				{Level: report.LevelEven}, {Level: report.LevelHigh}, {Level: report.LevelOver}},
			Warnings: []diag.Finding{diag.Warnf(diag.Pos{}, "csv/future", "2 rows after --at are left out")}},
	}
	r.Sources = []report.Source{
		{Name: "edge", Type: "accesslog", Failed: "logs/a.log: no such file"},
		{Name: "unused", Type: "csv", Failed: "counts.csv: permission denied"},
		{Name: "daily", Type: "csv",
			Notes: []diag.Finding{diag.Warnf(diag.Pos{}, "csv/duplicate", "3 rows are there twice").WithHint("remove them")}},
	}
	return r
}

func TestStatusWithoutObjectives(t *testing.T) {
	st := &report.Status{At: time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC)}
	if got, want := status(t, st, Options{}), "\nno objectives; 2026-05-01 00:00 UTC\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Whatever names hold, every row is one line, its columns stand below their
// heads, and nothing reaches the terminal that it would obey.
func TestStatusWithHostileNames(t *testing.T) {
	for _, l := range []unit.Language{unit.English, unit.Japanese} {
		r := reporttest.Hostile(l)
		for _, opts := range []Options{{}, {Wide: true}} {
			text := status(t, &r.Status, opts)
			for _, c := range strings.ReplaceAll(text, "\n", "") {
				if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) {
					t.Fatalf("%v: %q is in the output", opts, c)
				}
			}
			lines := strings.Split(text, "\n")
			head := l.Say("text.status")
			column := diag.Width(lines[0][:strings.Index(lines[0], head)])
			for i, o := range r.Objectives {
				mark := unit.ASCII(o.State) + " " + l.State(o.State)
				if got := diag.Width(lines[i+1][:max(0, strings.LastIndex(lines[i+1], mark))]); got != column {
					t.Errorf("%v: the status stands in column %d, its head in %d:\n%s", opts, got, column, lines[i+1])
				}
			}
		}
	}
}

func TestWideShowsWholeNames(t *testing.T) {
	name := strings.Repeat("long-name-", 20)
	r := running(unit.English)
	r.Objectives[0].Name = name
	if text := status(t, &r.Status, Options{Wide: true}); !strings.Contains(text, name) {
		t.Errorf("the wide table cuts names:\n%s", text)
	}
	if text := status(t, &r.Status, Options{}); !strings.Contains(text, "shop/long-name-long-name-long-name-long-name-...") {
		t.Errorf("the table does not cut long names:\n%s", text)
	}
}

func TestReportIsOneLine(t *testing.T) {
	var b bytes.Buffer
	if err := Report(&b, &report.Report{Headline: "a\nb\x1b[2J\u202e."}, Options{}); err != nil {
		t.Fatal(err)
	}
	if want := `a\nb\x1b[2J\u202e.` + "\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

func TestEscape(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"決済 API", "決済 API"}, {"a\x00b", `a\x00b`}, {"\xff", `\xff`}, {"\uFFFD", "\uFFFD"},
		{"\r\n\t", `\r\n\t`}, {"\u200b", `\u200b`}, {"全角\u3000空白", "全角\u3000空白"}, {"\u009b2J", `\x9b2J`},
	} {
		if got := diag.Escape(c.in); got != c.want {
			t.Errorf("diag.Escape(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}
