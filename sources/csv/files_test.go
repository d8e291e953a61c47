package csv_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/csv"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// A request that a file has no column for fails alone.
func TestOtherRequestsGoOn(t *testing.T) {
	const data = "timestamp,status,good,total\n2026-05-01T00:00:00Z,ok,1,2\n"
	for _, c := range []struct{ sli, want string }{
		{"where: {status: ok}", "1/2"},
		{"where: {stauts: ok}", `data.csv:1: column "stauts" is missing, the file has "timestamp", "status", "good", "total" [csv/column]`},
		{"good: {status: ok}", "0/1"},
		{"good: {state: ok}", `data.csv:1: column "state" is missing, the file has "timestamp", "status", "good", "total" [csv/column]`},
	} {
		for _, other := range []string{"", "bad: {status: ok}"} {
			answers := askAll(t, data, c.sli, other)
			if got := counts(answers[0]); got != c.want {
				t.Errorf("%s: got %s, want %s", c.sli, got, c.want)
			}
			if answers[1].Err != nil {
				t.Errorf("%s: the other request: %v", c.sli, answers[1].Err)
			}
		}
	}
}

// askAll asks one file for a minute of each sli.
func askAll(t *testing.T, data string, slis ...string) []sources.Answer {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "data.csv"), []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	start := instant(t, "", "2026-05-01T00:00:00Z")
	var reqs []sources.Request
	for _, sli := range slis {
		reqs = append(reqs, sources.Request{SLI: sourcetest.Block(t, "source: m\n"+sli, dir), Period: slo.Period{Start: start, End: start.Add(time.Minute)}, Step: time.Minute})
	}
	src, err := csv.Kind().Open(t.Context(), sourcetest.Block(t, "type: csv\npath: data.csv", dir), sources.Env{})
	if err != nil {
		t.Fatal(err)
	}
	answers := make([]sources.Answer, len(slis))
	if err := src.Fetch(t.Context(), reqs, func(a sources.Answer) { answers[a.Request] = a }); err != nil {
		t.Fatal(err)
	}
	return answers
}

// Files of one glob may order and lack columns as they like.
func TestSeveralFiles(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string]string{
		"a.csv": "timestamp,region,good,total\n2026-05-01T00:00:00Z,eu,1,2\n2026-05-01T00:00:00Z,,1,1\n",
		"b.csv": "total,bad,region,timestamp\n2,1,eu,2026-05-01T00:00:00Z\n3,0,us,2026-05-01T00:00:00Z\n",
		"c.csv": "timestamp,bad,good\n2026-05-01T00:00:00Z,0,1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	src, err := csv.Kind().Open(t.Context(), sourcetest.Block(t, "type: csv\npath: '*.csv'", dir), sources.Env{})
	if err != nil {
		t.Fatal(err)
	}
	start := instant(t, "", "2026-05-01T00:00:00Z")
	req := sources.Request{SLI: sourcetest.Block(t, "source: m", dir), Period: slo.Period{Start: start, End: start.Add(time.Minute)}, Step: time.Minute}
	err = src.Fetch(t.Context(), []sources.Request{req}, func(a sources.Answer) {
		if got := counts(a); got != "1/6" { // eu 1/2, none 0/1, us 0/3; the second eu and the second none are the same rows
			t.Errorf("got %s, want 1/6", got)
		}
		if want := "b.csv:2: 2 rows are the same as an earlier one, counted once [csv/repeated]"; diag.List(a.Notes).Error() != want {
			t.Errorf("notes: got %v, want %s", a.Notes, want)
		}
		if len(a.Inputs) != 3 || a.Inputs[0].Name != "a.csv" || a.Inputs[0].Rows != 2 {
			t.Errorf("inputs: got %+v", a.Inputs)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}
