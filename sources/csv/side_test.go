package csv_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/csv"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// writePacked stores files; names that end in .gz are packed.
func writePacked(tb testing.TB, files map[string]string) string {
	tb.Helper()
	dir := tb.TempDir()
	for name, text := range files {
		content := []byte(text)
		if strings.HasSuffix(name, ".gz") {
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			w.Write(content)
			w.Close()
			content = b.Bytes()
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

// fetchAll asks a folder of files for an hour of each sli, and returns the whole of
// what is answered.
func fetchAll(tb testing.TB, dir string, slis ...string) string {
	tb.Helper()
	start := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	var reqs []sources.Request
	for _, sli := range slis {
		reqs = append(reqs, sources.Request{SLI: sourcetest.Block(tb, "source: m\n"+sli, dir), Step: time.Minute, Percentiles: true,
			Period: slo.Period{Start: start, End: start.Add(time.Hour)}})
	}
	env := sources.Env{At: start.Add(50 * time.Minute), Digest: true}
	src, err := csv.Kind().Open(tb.Context(), sourcetest.Block(tb, "type: csv\npath: 'f*'", dir), env)
	if err != nil {
		tb.Fatal(err)
	}
	answers := make([]string, len(slis))
	err = src.Fetch(tb.Context(), reqs, func(a sources.Answer) {
		series := "none"
		if a.Series != nil {
			doubt := a.Series.Doubt
			a.Series.Doubt = nil
			series = fmt.Sprint(*a.Series, doubt)
		}
		answers[a.Request] = fmt.Sprintf("%s\n%v\n%+v\n%+v\n%+v\n%v", series, a.Newest, a.Percentiles, a.Notes, a.Inputs, a.Err)
	})
	return fmt.Sprintf("%s\nerror %v", strings.Join(answers, "\n"), err)
}

// eventRows writes rows of events within the hour, out of order.
func eventRows(rnd *rand.Rand, rows int) string {
	var b strings.Builder
	b.WriteString("timestamp,status,latency_ms\n")
	for range rows {
		at := time.Unix(1777593600+rnd.Int64N(3600), 0).UTC().Format(time.RFC3339)
		fmt.Fprintf(&b, "%s,%d,%d\n", at, 200+rnd.IntN(4)*100, rnd.IntN(1000))
	}
	return b.String()
}

// Answers, findings and inputs are the same however many files are read at a time.
func TestFilesSideBySide(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	many := map[string]string{}
	for i := range 9 {
		many[fmt.Sprintf("f%d.csv.gz", i)] = eventRows(rnd, 3000)
	}
	with := func(name, text string) map[string]string {
		out := map[string]string{name: text}
		for other, text := range many {
			if other != name {
				out[other] = text
			}
		}
		return out
	}
	broken := "timestamp,status,latency_ms\n" + strings.Repeat("2026-05-01T00:00:00Z,500,soon\n", 15)
	brokenTwice := with("f3.csv.gz", broken)
	brokenTwice["f5.csv.gz"] = broken
	slow, bad := `good: {latency_ms: "<= 300ms"}`, "bad: {status: 500-599}"
	for _, c := range []struct {
		name  string
		files map[string]string
		slis  []string
		want  string
	}{
		{"one file", map[string]string{"f.csv": eventRows(rnd, 100)}, []string{bad}, "csv/future"},
		{"many files", many, []string{bad, slow}, "f8.csv.gz"},
		{"an empty file among them", with("f4.csv.gz", "timestamp,status,latency_ms\n"), []string{bad, slow}, "f8.csv.gz"},
		{"a file lacks a column", with("f4.csv.gz", "timestamp,status\n2026-05-01T00:00:00Z,500\n"), []string{bad, slow}, `f4.csv.gz:1: column "latency_ms" is missing`},
		{"a duration is missing", with("f4.csv.gz", "timestamp,status,latency_ms\n2026-05-01T00:00:00Z,500,\n"), []string{bad, slow}, "rows to judge has no readable"},
		{"two files are wrong", brokenTwice, []string{slow}, "f5.csv.gz:7: and 10 more from this line on"},
		{"counts", map[string]string{
			"f1.csv": "timestamp,bad,total\n2026-05-01T00:00:00Z,1,2\n", "f2.csv": "timestamp,bad,total\n2026-05-01T00:00:00Z,1,2\n2026-05-01T00:01:00Z,1,2\n",
			"f3.csv": "timestamp,bad,total\n2026-05-01T00:01:00Z,1,2\n2026-05-01T00:02:00Z,1,2\n",
		}, []string{""}, "2 rows are the same as an earlier one"},
		{"counts that contradict each other", map[string]string{
			"f1.csv": "timestamp,bad,total\n2026-05-01T00:00:00Z,1,2\n", "f2.csv": "timestamp,bad,total\n2026-05-01T00:00:00Z,1,3\n",
		}, []string{""}, "f2.csv:2: column"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := writePacked(t, c.files)
			first := ""
			for _, procs := range []int{1, 2, 5} {
				before := runtime.GOMAXPROCS(procs)
				got := fetchAll(t, dir, c.slis...)
				runtime.GOMAXPROCS(before)
				if first == "" {
					first = got
				}
				if diff := cmp.Diff(first, got); diff != "" {
					t.Errorf("GOMAXPROCS %d: %s", procs, diff)
				}
			}
			if !strings.Contains(first, c.want) {
				t.Errorf("%q is not in\n%s", c.want, first)
			}
		})
	}
}

// BenchmarkFiles reads sets of packed files of events.
func BenchmarkFiles(b *testing.B) {
	text := eventRows(rand.New(rand.NewPCG(3, 4)), 100000)
	for _, n := range []int{1, 4, 8} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			files := map[string]string{}
			for i := range n {
				files[fmt.Sprintf("f%d.csv.gz", i)] = text
			}
			dir := writePacked(b, files)
			b.SetBytes(int64(n * len(text)))
			for b.Loop() {
				if got := fetchAll(b, dir, `good: {status: 200-499, latency_ms: "<= 300ms"}`); strings.Contains(got, "none") {
					b.Fatal(got)
				}
			}
		})
	}
}
