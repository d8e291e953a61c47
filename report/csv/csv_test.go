package csv

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// read returns the rows as maps from column to cell.
func read(t *testing.T, text []byte) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		out = append(out, m)
	}
	return out
}

// The header does not depend on the language, and neither does anything else.
func TestStatus(t *testing.T) {
	for _, l := range []unit.Language{unit.English, unit.Japanese} {
		var b bytes.Buffer
		if err := Status(&b, &reporttest.Sample(l).Status); err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, "sample.csv", b.Bytes())
	}
}

func TestNumbersAreNotRounded(t *testing.T) {
	o := report.Objective{Service: "s", Target: 999_000_000, SLI: slo.NumberFrac(7, 9), State: slo.AtRisk,
		Slices: &budget.Counts{Good: slo.NumberOf(9_007_199_254_740_993), Bad: slo.NumberFrac(1, 3), Total: slo.NumberFloat(1e18)},
		Budget: report.Budget{Remaining: slo.NumberFrac(-11, 9)}}
	var b bytes.Buffer
	if err := Status(&b, &report.Status{Objectives: []report.Objective{o}}); err != nil {
		t.Fatal(err)
	}
	row := read(t, b.Bytes())[0]
	for column, want := range map[string]string{"target": "0.999", "sli": "0.7777777777777778", "good": "9007199254740993", "bad": "0.3333333333333333",
		"total": "1000000000000000000", "remaining": "-1.2222222222222223", "spent": "", "projected_spent": "", "burn_1h": "", "coverage": "", "since": ""} {
		if row[column] != want {
			t.Errorf("%s is %q, want %q", column, row[column], want)
		}
	}
}

// No cell of a hostile report is read as a formula by a spreadsheet.
func TestInjection(t *testing.T) {
	var b bytes.Buffer
	if err := Status(&b, &reporttest.Hostile(unit.English).Status); err != nil {
		t.Fatal(err)
	}
	for _, row := range read(t, b.Bytes()) {
		for _, column := range []string{"service", "name", "labels", "owner", "kind", "warnings", "error"} {
			if strings.IndexAny(row[column], "=+-@\t\r\n") == 0 {
				t.Errorf("%s begins like a formula: %q", column, row[column])
			}
		}
	}
	for _, c := range []struct{ in, want string }{
		{"=1+1", "'=1+1"}, {"+1", "'+1"}, {"-1", "'-1"}, {"@SUM(A1)", "'@SUM(A1)"}, {"\t=1", "'\t'=1"}, {"\r1", "'\r1"}, {"a;=1+1", "a;'=1+1"}, {"k=v;l=-1", "k=v;l=-1"}, {"a\n@x", "a\n'@x"},
		{"\uff1d1", "'\uff1d1"}, {"a=1", "a=1"}, {"", ""}, {"\xff", "\uFFFD"}, {"'a", "'a"},
	} {
		if got := text(c.in); got != c.want {
			t.Errorf("text(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestSeries(t *testing.T) {
	start := time.Date(2026, time.May, 1, 9, 0, 0, 0, time.FixedZone("Asia/Tokyo", 9*3600))
	n := slo.NumberOf
	row := func(hour int, counts budget.Counts, excluded, measured int64) budget.Row {
		from := start.Add(time.Duration(hour) * time.Hour)
		return budget.Row{Period: slo.Period{Start: from, End: from.Add(time.Hour)}, Counts: counts, Excluded: n(excluded), Measured: n(measured)}
	}
	var b bytes.Buffer
	err := Series(&b, []budget.Row{
		row(0, budget.Counts{Good: n(9990), Bad: n(10), Total: n(10000)}, 0, 60),
		row(1, budget.Counts{Good: n(0), Bad: n(0), Total: n(0)}, 15, 45),
		row(2, budget.Counts{}, 0, 0),
	})
	want := "start,good,bad,total,excluded,measured\n" +
		"2026-05-01T00:00:00Z,9990,10,10000,0,60\n" +
		"2026-05-01T01:00:00Z,0,0,0,15,45\n" +
		"2026-05-01T02:00:00Z,,,,0,0\n"
	if err != nil || b.String() != want {
		t.Errorf("got %v\n%s\nwant\n%s", err, b.String(), want)
	}
}
