package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// answeredJSON returns the JSON answer of a command.
func answeredJSON(t *testing.T, args ...string) []byte {
	t.Helper()
	w := typed(nil, args...)
	if w.code != 0 && w.code != 1 && w.code != 3 {
		t.Fatalf("%v: %d\n%s", args, w.code, w.err)
	}
	return []byte(w.out)
}

// TestSummaryAgrees: what a summary says of an objective is what status says of it as of
// the week's end in its own zone, what report says of its own window, and what gate says
// now; and its message shows these figures.
func TestSummaryAgrees(t *testing.T) {
	const shop = "../../examples/shop"
	for _, at := range []string{"2026-10-26T09:00:00+01:00", "2026-11-02T09:00:00+01:00"} {
		b, err := report.ReadBrief(answeredJSON(t, "summary", shop, "--at", at, "-o", "json"))
		if err != nil {
			t.Fatal(err)
		}
		ends := map[string]*report.Status{}
		var r *report.Report
		if r, err = report.ReadReport(answeredJSON(t, "report", shop, "--at", at, "--period", b.Period.Name, "--json", "-")); err != nil {
			t.Fatal(err)
		}
		g, err := report.ReadGate(answeredJSON(t, "gate", shop, "--at", at, "-o", "json"))
		if err != nil {
			t.Fatal(err)
		}
		text := typed(nil, "summary", shop, "--at", at).out
		for _, o := range b.Objectives {
			zone := o.Standing.Window.Timezone
			if ends[zone] == nil {
				ends[zone] = statusAtTheEnd(t, shop, b.Period.Name, zone)
			}
			want := *find(t, ends[zone].Objectives, o.ID)
			sameStanding(t, at+" "+o.ID, o.Standing, want)
			in := *find(t, r.Objectives, o.ID)
			if s := in.Standing; s != nil && (s.State != o.Standing.State || s.Budget.Spent.Cmp(o.Standing.Budget.Spent) != 0) {
				t.Errorf("%s %s: %s with %s spent, in the report %s with %s", at, o.ID, o.Standing.State, o.Standing.Budget.Spent, s.State, s.Budget.Spent)
			}
			spent := unit.English.Spent(o.Standing.Budget.Spent) + " spent"
			if o.Attention() && o.Standing.State != slo.NoData && !strings.Contains(text, spent) {
				t.Errorf("%s %s: the message lacks %q\n%s", at, o.ID, spent, text)
			}
			if strings.Contains(text, o.ID+": ") != (o.Attention() || strings.Contains(text, o.ID+": budget")) {
				t.Errorf("%s %s: attention %t\n%s", at, o.ID, o.Attention(), text)
			}
		}
		if b.Gate.Verdict != g.Verdict || first(text) != b.Headline {
			t.Errorf("%s: gate %s, %q; want %s, %q", at, b.Gate.Verdict, first(text), g.Verdict, b.Headline)
		}
	}
}

func first(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// statusAtTheEnd returns the status of a folder as of the end of a period in a zone.
func statusAtTheEnd(t *testing.T, folder, period, zone string) *report.Status {
	t.Helper()
	span, err := slo.ParseSpan(period)
	if err != nil {
		t.Fatal(err)
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	end := span.In(loc, time.Time{}).End
	s, err := report.ReadStatus(answeredJSON(t, "status", folder, "--at", end.Format(time.RFC3339), "-o", "json"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func find(t *testing.T, all []report.Objective, id string) *report.Objective {
	t.Helper()
	for i := range all {
		if all[i].ID() == id {
			return &all[i]
		}
	}
	t.Fatalf("there is no %s", id)
	return nil
}

func sameStanding(t *testing.T, what string, got report.Standing, want report.Objective) {
	t.Helper()
	form := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	has := []string{string(got.State), got.SLI.String(), form(got.Window), form(got.Budget), form(got.Caveat)}
	wants := []string{string(want.State), want.SLI.String(), form(want.Window), form(want.Budget), form(want.Caveat)}
	if !reflect.DeepEqual(has, wants) {
		t.Errorf("%s: got\n%s\nwant\n%s", what, strings.Join(has, "\n"), strings.Join(wants, "\n"))
	}
}

// TestWeeks: without --period it is the last ISO week that is over in the report's zone, to
// the minute: also in weeks with an hour, or half of one, more or less, and about new year
// after a week 53.
func TestWeeks(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "nines.yaml")
	if err := os.WriteFile(filepath.Join(dir, "counts.csv"), []byte("timestamp,good,total\n2026-03-01T00:00:00Z,9,10\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, zone := range []string{"Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Australia/Lord_Howe"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		file := "apiVersion: nines/v1\nservice: shop\ntimezone: Asia/Tokyo\nreport: {timezone: " + zone + "}\n" +
			"sources: {counts: {type: csv, path: counts.csv, step: 1h}}\nslos: [{name: a, target: 99%, window: month, sli: {source: counts}}]\n"
		if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
		for monday, names := range map[string][2]string{ // the last week before it, and at it
			"2026-03-30": {"2026-W12", "2026-W13"}, "2026-04-06": {"2026-W13", "2026-W14"}, "2026-10-05": {"2026-W39", "2026-W40"},
			"2026-10-26": {"2026-W42", "2026-W43"}, "2026-11-02": {"2026-W43", "2026-W44"},
			"2027-01-04": {"2026-W52", "2026-W53"}, "2027-01-11": {"2026-W53", "2027-W01"},
		} {
			begin, err := time.ParseInLocation(time.DateOnly, monday, loc)
			if err != nil {
				t.Fatal(err)
			}
			for i, at := range []time.Time{begin.Add(-time.Minute), begin} {
				b, err := report.ReadBrief(answeredJSON(t, "summary", path, "-q", "--at", at.Format(time.RFC3339), "-o", "json"))
				if err != nil {
					t.Fatal(err)
				}
				end := begin.AddDate(0, 0, 7*(i-1))
				if b.Period.Name != names[i] || !b.Period.Start.Equal(end.AddDate(0, 0, -7)) || !b.Period.End.Equal(end) {
					t.Errorf("%s at %s: %s from %s to %s, want %s to %s", zone, at, b.Period.Name, b.Period.Start, b.Period.End, names[i], end)
				}
			}
		}
	}
}

// BenchmarkSummary sends the message of 1,000 objectives with five weeks of hours each, and
// prints how they stand, which reads the same data.
func BenchmarkSummary(b *testing.B) {
	dir := b.TempDir()
	var file, rows strings.Builder
	file.WriteString("apiVersion: nines/v1\nservice: shop\nsources: {counts: {type: csv, path: counts.csv, step: 1h}}\ndestinations: {out: {type: stdout}}\nslos:\n")
	for i := range 1000 {
		fmt.Fprintf(&file, "  - {name: objective-%d, target: 99.%02d%%, window: 28d, sli: {source: counts}}\n", i, i%100)
	}
	rows.WriteString("timestamp,good,total\n")
	for h := range 35 * 24 {
		fmt.Fprintf(&rows, "%s,%d,1000\n", fixedNow().Truncate(time.Hour).AddDate(0, 0, -35).Add(time.Duration(h)*time.Hour).Format(time.RFC3339), 1000-h%97/96*h%20)
	}
	for name, text := range map[string]string{"nines.yaml": file.String(), "counts.csv": rows.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	path := filepath.Join(dir, "nines.yaml")
	for _, args := range [][]string{{"status", path, "-q"}, {"summary", path, "-q", "--to", "out", "--again", "--state", dir}} {
		b.Run(args[0], func(b *testing.B) {
			for b.Loop() {
				if w := typed(nil, args...); w.code != 0 && w.code != 3 || len(w.out) == 0 {
					b.Fatalf("exit %d: %s", w.code, w.err)
				}
			}
		})
	}
}
