package json

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/diag"
)

var tokyo = time.FixedZone("Asia/Tokyo", 9*3600)

// small has a running month and an objective whose source failed.
func small() *report.Report {
	at := time.Date(2026, time.October, 4, 0, 0, 0, 0, tokyo)
	start, end := time.Date(2026, time.October, 1, 0, 0, 0, 0, tokyo), time.Date(2026, time.November, 1, 0, 0, 0, 0, tokyo)
	share := slo.NumberFrac
	window := report.Window{Kind: "calendar", Length: "month", Start: start, End: end, Elapsed: at, Timezone: "Asia/Tokyo"}
	counts := budget.Counts{Good: share(215_500, 1), Bad: share(500, 1), Total: share(216_000, 1)}
	r := &report.Report{Version: "v1", Title: "Shop", Headline: "…", Period: report.Period{Name: "2026-10", Start: start, End: end, Timezone: "Asia/Tokyo"}}
	r.Status = report.Status{Schema: report.ReportSchema, At: at, Zone: tokyo}
	r.Objectives = []report.Objective{
		{Service: "shop", Name: "a<b>&", Labels: map[string]string{"z": "1", "a": "2"}, Kind: slo.Kind{Name: slo.Availability}, Target: 999_000_000,
			Method: slo.Occurrences, Window: window, Events: &counts, SLI: share(431, 432), Coverage: share(1, 1), Unexcluded: share(1, 2), State: slo.AtRisk,
			Budget: report.Budget{Basis: budget.Projected, Total: share(2_232_000, 1), Allowed: share(2232, 1), Spent: share(500, 2232), Remaining: share(1732, 2232),
				Elapsed: budget.Spend{Allowed: share(216, 1), Spent: share(500, 216), Remaining: share(-284, 216)}},
			BurnRates:  report.BurnRates{{Window: 5 * time.Minute}, {Window: time.Hour, Rate: share(1, 5)}},
			Exclusions: []report.Exclusion{{Name: "migration", Periods: []slo.Period{{Start: start, End: start.Add(time.Hour)}}, Excluded: slo.NumberOf(60)}},
			Warnings:   []diag.Finding{diag.Warnf(diag.Pos{File: "a.csv", Line: 2}, "csv/duplicate", "row is there twice")},
			Days:       []report.Day{{Date: "2026-10-01", Start: start, End: start.Add(24 * time.Hour), Counts: counts, Level: report.LevelHigh}},
			Detail:     &report.Detail{Burndown: []report.Point{{Time: start, Value: slo.NumberOf(1)}, {Time: at}}, CallsPer: "1h"},
		},
		{Service: "shop", Name: "failed", Target: 999_000_000, Method: slo.Timeslices, Window: window, Slices: &budget.Counts{}, State: slo.NoData, Failed: "no such file"},
	}
	r.Sources = []report.Source{{Name: "edge", Type: "csv", Newest: &at}}
	return r
}

func TestStatus(t *testing.T) {
	r := small()
	r.Schema = report.StatusSchema
	var b bytes.Buffer
	if err := Status(&b, &r.Status); err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "status.json", b.Bytes())
}

func TestReport(t *testing.T) {
	var b bytes.Buffer
	if err := Report(&b, small()); err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "report.json", b.Bytes())
}

func TestEmpty(t *testing.T) {
	var b bytes.Buffer
	if err := Status(&b, &report.Status{Schema: report.StatusSchema, At: time.Unix(0, 0).In(tokyo)}); err != nil {
		t.Fatal(err)
	}
	want := "{\n  \"schema\": \"nines.status/v1\",\n  \"at\": \"1970-01-01T00:00:00Z\",\n  \"slos\": [],\n  \"sources\": []\n}\n"
	if b.String() != want {
		t.Errorf("got %s, want %s", b.String(), want)
	}
}

// Every objective has the keys of the contract, every time is UTC and null
// stands for numbers only.
func TestContract(t *testing.T) {
	for name, r := range map[string]*report.Report{"sample": reporttest.Sample(unit.English), "hostile": reporttest.Hostile(unit.Japanese)} {
		var b bytes.Buffer
		if err := Report(&b, r); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if local := regexp.MustCompile(`"\d{4}-\d\d-\d\dT[0-9:.]+[+-]\d\d:\d\d"`).Find(b.Bytes()); local != nil {
			t.Errorf("%s: time %s is not UTC", name, local)
		}
		var got struct{ SLOs []map[string]any }
		if err := json.Unmarshal(b.Bytes(), &got); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, o := range got.SLOs {
			checkKeys(t, o)
		}
	}
}

func checkKeys(t *testing.T, o map[string]any) {
	t.Helper()
	for _, key := range []string{"service", "name", "labels", "target", "method", "window", "sli", "budget", "burn_rates", "coverage", "exclusions", "state", "warnings"} {
		if _, ok := o[key]; !ok {
			t.Errorf("%v has no key %q", o["name"], key)
		}
	}
	for key, v := range o {
		if v == nil && !slices.Contains([]string{"sli", "coverage", "sli_without_exclusions"}, key) {
			t.Errorf("%v: %s is null", o["name"], key)
		}
	}
	if (o["events"] == nil) == (o["slices"] == nil) {
		t.Errorf("%v has events %v and slices %v, want one of them", o["name"], o["events"], o["slices"])
	}
}
