package csv_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/csv"
	"github.com/nines-slo/nines/sources/sourcetest"
)

const jobs = "timestamp,job,status\n2026-05-01T00:00:10.5Z,a,ok\n2026-05-01T00:00:10.5Z,a,ok\n2026-05-01T00:02:00Z,b,failed\n"

// A total that comes from a table with one row an event counts its rows, the
// repeated ones too.
func TestTotalCountsRowsWithoutCounts(t *testing.T) {
	for _, c := range []struct {
		name, data, source, sli string
		count                   spec.Count
		want                    string
	}{
		{"rows", jobs, "", "", spec.Total, "0/2 0/0 0/1"},
		{"where", jobs, "", "where: {job: a}", spec.Total, "0/2 0/0 0/0"},
		{"a total is read", "timestamp,total\n" + minute(0, "7"), "", "", spec.Total, "0/7 _ _"},
		{"one count is not enough", "timestamp,good\n" + minute(0, "7"), "", "", spec.Total, "data.csv:1: the indicator needs total, or good and bad [csv/column]"},
		{"a column for the total is named", jobs, "columns: {total: n}", "", spec.Total, "data.csv:1: the indicator needs total, or good and bad [csv/column]"},
		{"a step is named", jobs, "step: 1m", "", spec.Total, "data.csv:1: the indicator needs total, or good and bad [csv/column]"},
		{"bad alone says nothing", jobs, "", "", spec.Bad, "data.csv:1: the indicator needs bad, or good and total [csv/column]"},
		{"a column of where is missing", jobs, "", "where: {jop: a}", spec.Total, `data.csv:1: column "jop" is missing, the file has "timestamp", "job", "status" [csv/column]`},
		{"no rows", "timestamp,job\n", "", "", spec.Total, "_ _ _"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := one(t, question{data: c.data, source: c.source, sli: c.sli, count: c.count, length: 3 * time.Minute})
			if got := counts(a); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			note := `data.csv:2: no row has "good", "bad" or "total", so each row counts as one event of the total [csv/rows]`
			if got := diag.List(a.Notes).Error(); strings.Contains(got, note) != (c.data == jobs && a.Err == nil) {
				t.Errorf("notes: got %q", got)
			}
		})
	}
}

func TestTotalOfRowsLeavesOutWhatIsToCome(t *testing.T) {
	a := one(t, question{data: jobs, count: spec.Total, length: 3 * time.Minute, at: "2026-05-01T00:01:00Z"})
	if got := counts(a); got != "0/2 _ _" || !strings.Contains(diag.List(a.Notes).Error(), "1 row is left out") {
		t.Errorf("got %s, %v", got, a.Notes)
	}
}

// Every request of one table is answered once, in its own way.
func TestTotalOfRowsBesideOtherRequests(t *testing.T) {
	tests := []struct {
		sli   string
		count spec.Count
		want  string
	}{
		{"", spec.Total, "0/2 0/0 0/1"},
		{"", spec.Both, "data.csv:1: the indicator needs two of good, bad and total [csv/column]"},
		{"bad: {status: failed}", spec.Both, "0/2 0/0 1/1"},
		{"where: {job: b}", spec.Total, "0/0 0/0 0/1"},
		{"where: {jop: b}", spec.Total, `data.csv:1: column "jop" is missing, the file has "timestamp", "job", "status" [csv/column]`},
	}
	var reqs []sources.Request
	for _, c := range tests {
		reqs = append(reqs, request(t, c.sli, c.count))
	}
	answers := map[int][]string{}
	fetchFiles(t, map[string]string{"data.csv": jobs}, reqs, func(a sources.Answer) {
		answers[a.Request] = append(answers[a.Request], counts(a))
	})
	for i, c := range tests {
		if got := strings.Join(answers[i], " and "); got != c.want {
			t.Errorf("%q, %s: got %s, want %s", c.sli, c.count, got, c.want)
		}
	}
}

// Files with counts and files of events are not added up.
func TestTotalOfMixedFilesIsRefused(t *testing.T) {
	files := map[string]string{"a.csv": jobs, "b.csv": "timestamp,total\n" + minute(0, "7")}
	fetchFiles(t, files, []sources.Request{request(t, "", spec.Total)}, func(a sources.Answer) {
		if got, want := counts(a), "a.csv:2: 3 rows are without a count, others have one [csv/mixed]"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

// A row that is read as counts and as an event is one row.
func TestRowsToComeAreCountedOnce(t *testing.T) {
	data := "timestamp,status,total,bad\n2026-05-01T00:00:00Z,ok,1,0\n2027-05-01T00:00:00Z,ok,1,0\n"
	reqs := []sources.Request{request(t, "", spec.Both), request(t, "good: {status: ok}", spec.Both)}
	fetchFiles(t, map[string]string{"data.csv": data}, reqs, func(a sources.Answer) {
		if got, want := diag.List(a.Notes).Error(), "data.csv:3: 1 row is left out: not complete at 2027-01-01T00:00:00Z [csv/future]"; got != want {
			t.Errorf("notes: got %q, want %q", got, want)
		}
	})
}

func request(t *testing.T, sli string, count spec.Count) sources.Request {
	start := instant(t, "", "2026-05-01T00:00:00Z")
	return sources.Request{SLI: sourcetest.Block(t, "source: m\n"+sli, ""), Count: count, Step: time.Minute, Period: slo.Period{Start: start, End: start.Add(3 * time.Minute)}}
}

func fetchFiles(t *testing.T, files map[string]string, reqs []sources.Request, emit func(sources.Answer)) {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	src, err := csv.Kind().Open(t.Context(), sourcetest.Block(t, "type: csv\npath: '*.csv'", dir), sources.Env{At: instant(t, "2027-01-01T00:00:00Z", "")})
	if err != nil {
		t.Fatal(err)
	}
	if err := src.Fetch(t.Context(), reqs, emit); err != nil {
		t.Fatal(err)
	}
}
