package tally

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample/sampletest"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// noon is on the grid of every step.
var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// block reads an sli block.
func block(t testing.TB, text string) spec.Block {
	t.Helper()
	b, err := spec.ParseBlock("slo.yaml", text, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if findings := Check(spec.Block{}, b, "prometheus"); findings.Errors() {
		t.Fatalf("%s: %v", text, findings)
	}
	return b
}

// request asks for minutes from noon on.
func request(t testing.TB, sli string, minutes int, per ...string) sources.Request {
	t.Helper()
	return sources.Request{SLI: block(t, sli), Per: per, Step: time.Minute,
		Period: slo.Period{Start: noon, End: noon.Add(time.Duration(minutes) * time.Minute)}}
}

// fetch answers requests, and fails if there is an error.
func fetch(t testing.TB, s *sampletest.Store, c Config, reqs ...sources.Request) []sources.Answer {
	t.Helper()
	answers, err := try(t, s, c, reqs...)
	if err != nil {
		t.Fatal(err)
	}
	return answers
}

func try(t testing.TB, s *sampletest.Store, c Config, reqs ...sources.Request) (answers []sources.Answer, err error) {
	t.Helper()
	c.Room = "prometheus"
	err = Fetch(t.Context(), s, c, reqs, func(a sources.Answer) { answers = append(answers, a) })
	return answers, err
}

// says writes what an answer says: its buckets, and the codes of its notes.
func says(a sources.Answer) string {
	if a.Err != nil {
		return "error: " + a.Err.Error()
	}
	text := sourcetest.Counts(a.Series)
	for _, n := range a.Notes {
		text += " " + strings.TrimPrefix(n.Code, "prometheus/")
	}
	return text
}

// before is how far before noon the lines of tests begin.
const before = 2 * time.Minute

// lines reads series that are scraped every 15 s from two minutes before noon on.
func lines(text string) *sampletest.Store {
	return sampletest.New(sampletest.Lines(noon.Add(-before), 15*time.Second, text)...)
}

const (
	totals = `{bad: {counter: 'r_total{code="500"}'}, total: {counter: r_total}}`
	alone  = `{good: {counter: g_total}, total: {counter: t_total}}`
)

// The counts of counters, as a person can check them: bad/total of each minute.
func TestCounters(t *testing.T) {
	for _, test := range []struct{ name, sli, lines, want string }{
		{
			// 12:00:00 is the ninth sample; it belongs to the minute before
			"a steady counter", totals,
			`r_total{code="200"} 100+10x20
			 r_total{code="500"} 0+1x20`, "4/44 4/44 4/44",
		},
		{
			"a sample one millisecond after the step is of the next", alone,
			`g_total 0x7 0@0ms 0 0 0 5@1ms 5 5 5 5
			 t_total 0x7 0@0ms 0 0 0 5@1ms 5 5 5 5`, "0/0 0/5 -",
		},
		{
			"a sample just on the step is of the one before", alone,
			`g_total 0x7 0 0 0 0 5 5 5 5 5
			 t_total 0x7 0 0 0 0 5 5 5 5 5`, "0/5 0/0 -",
		},
		{
			"restarts count whole", alone,
			`g_total 100x8 110 3 2 7 7x8
			 t_total 100x8 110 3 2 7 7x8`, "0/20 0/0 0/0",
		},
		{
			"a fall to 0 and a rise within a minute", alone,
			`g_total 5x8 0 4 0 6 6x8
			 t_total 5x8 0 4 0 6 6x8`, "0/10 0/0 0/0",
		},
		{
			"an end with a marker, and a return after a restart", alone,
			`g_total 5x8 6 stale _x7 9 9x4
			 t_total 5x8 6 stale _x7 9 9x4`, "0/1 - 0/3 pause",
		},
		{
			"a marker and a return at the next scrape is no pause", alone,
			`g_total 5x8 6 stale 7 8 8x8
			 t_total 5x8 6 stale 7 8 8x8`, "0/3 0/0 0/0",
		},
		{
			"the bad side pauses, its count comes late", totals,
			`r_total{code="200"} 100+10x20
			 r_total{code="500"} 0x8 1 _x5 7 7x6`, "1/41 6/46 0/40 pause",
		},
	} {
		a := fetch(t, lines(test.lines), Config{}, request(t, test.sli, 3))
		if got := says(a[0]); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
	_ = fmt.Sprint(diag.Pos{})
}
