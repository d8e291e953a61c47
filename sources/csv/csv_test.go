package csv_test

import (
	"fmt"
	"math"
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

// question is one request to one file.
type question struct {
	file   string // "data.csv" if empty
	data   string
	source string // YAML beside path
	sli    string
	count  spec.Count
	per    []string
	from   string // of the period; 2026-05-01T00:00:00Z if empty
	length time.Duration
	step   time.Duration
	at     string
}

// ask checks the blocks as validate does and fetches.
func ask(t testing.TB, q question) ([]sources.Answer, error) {
	t.Helper()
	dir := t.TempDir()
	if q.file == "" {
		q.file = "data.csv"
	}
	if err := os.WriteFile(filepath.Join(dir, q.file), []byte(q.data), 0o600); err != nil {
		t.Fatal(err)
	}
	source, sli := sourcetest.Block(t, "type: csv\npath: "+q.file+"\n"+q.source, dir), sourcetest.Block(t, "source: m\n"+q.sli, dir)
	if found := csv.Kind().Check(source, sli); found.Errors() {
		return nil, found
	}
	src, err := csv.Kind().Open(t.Context(), source, sources.Env{At: instant(t, q.at, "2027-01-01T00:00:00Z")})
	if err != nil {
		return nil, err
	}
	start := instant(t, q.from, "2026-05-01T00:00:00Z")
	req := sources.Request{SLI: sli, Count: q.count, Per: q.per, Period: slo.Period{Start: start, End: start.Add(q.length)}, Step: max(q.step, time.Minute)}
	var answers []sources.Answer
	err = src.Fetch(t.Context(), []sources.Request{req}, func(a sources.Answer) { answers = append(answers, a) })
	return answers, err
}

func instant(t testing.TB, text, fallback string) time.Time {
	t.Helper()
	if text == "" {
		text = fallback
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// counts writes the buckets of an answer: "bad/total", "_" where not measured.
func counts(a sources.Answer) string {
	if a.Err != nil {
		return a.Err.Error()
	}
	var out []string
	for i := range a.Series.Total {
		if math.IsNaN(a.Series.Total[i]) {
			out = append(out, "_")
			continue
		}
		out = append(out, fmt.Sprintf("%s/%s", a.Series.Events(a.Series.Bad[i]), a.Series.Events(a.Series.Total[i])))
	}
	return strings.Join(out, " ")
}

func one(t *testing.T, q question) sources.Answer {
	t.Helper()
	answers, err := ask(t, q)
	if err != nil {
		t.Fatalf("fetch: %v", err)
	}
	if len(answers) != 1 {
		t.Fatalf("got %d answers, want 1", len(answers))
	}
	return answers[0]
}

// head begins every file that has no other header.
const head = "timestamp,good,total\n"

// minute writes rows of the first minutes of the day: minute(0, "10,10").
func minute(n int, rest string) string { return fmt.Sprintf("2026-05-01T00:%02d:00Z,%s\n", n, rest) }

func TestReads(t *testing.T) {
	for _, c := range []struct {
		name   string
		data   string
		source string
		want   string // three minutes
	}{
		{"good and total", head + minute(0, "9,10") + minute(1, "10,10") + minute(2, "0,3"), "", "1/10 0/10 3/3"},
		{"bad and total", "timestamp,bad,total\n" + minute(0, "1,10"), "", "1/10 _ _"},
		{"good and bad", "timestamp,good,bad\n" + minute(0, "9,1"), "", "1/10 _ _"},
		{"all three, other order", "total,bad,timestamp,good\n10,1,2026-05-01T00:00:00Z,9\n", "", "1/10 _ _"},
		{"a missing minute is a gap, total 0 no traffic", head + minute(0, "1,1") + minute(2, "0,0"), "", "0/1 _ 0/0"},
		{"rows out of order", head + minute(2, "3,3") + minute(0, "1,1") + minute(1, "2,2"), "", "0/1 0/2 0/3"},
		{"byte order mark and windows line ends", "\ufefftimestamp,good,total\r\n2026-05-01T00:00:00Z,1,2\r\n", "", "1/2 _ _"},
		{"no last line end", head + "2026-05-01T00:00:00Z,1,2", "", "1/2 _ _"},
		{"blank lines", "\n" + head + "\n\n" + minute(0, "1,2") + "  \n\r\n" + minute(1, "1,1") + "\n", "", "1/2 0/1 _"},
		{"quoted fields", "\"timestamp\",\"good\",total\n\"2026-05-01T00:00:00Z\",\"1\",2\n", "", "1/2 _ _"},
		{"line ends, delimiters and quotes in a field", "timestamp,note,good,total\n2026-05-01T00:00:00Z,\"a \"\"b\"\",\nc\",1,2\n" + minute(1, "x,3,3"), "", "1/2 0/3 _"},
		{"spaces around", "timestamp, good, total\n2026-05-01T00:00:00Z, 1, 2\n", "", "1/2 _ _"},
		{"an empty dimension is one", "timestamp,region,good,total\n" + minute(0, ",1,2") + minute(0, "eu,1,1"), "", "1/3 _ _"},
		{"offsets", head + "2026-05-01T09:00:00+09:00,1,1\n2026-04-30T18:01:00-06:00,2,2\n2026-05-01 05:32:00+05:30,3,3\n", "", "0/1 0/2 0/3"},
		{"a space, lower case, fractions of 0", head + "2026-05-01 00:00:00Z,1,1\n2026-05-01t00:01:00z,2,2\n2026-05-01T00:02:00.000Z,3,3\n", "", "0/1 0/2 0/3"},
		{"as databases print offsets", head + "2026-05-01 00:00:00+00,1,1\n2026-05-01 00:01:00 UTC,2,2\n2026-05-01 02:02:00+0200,3,3\n", "", "0/1 0/2 0/3"},
		{"unix seconds and milliseconds", head + "1777593600,1,1\n1777593660000,2,2\n", "", "0/1 0/2 _"},
		{"no offset, zone given", head + "2026-05-01T02:00:00,1,1\n", "timezone: Europe/Berlin", "0/1 _ _"},
		{"names of columns", "ts,ok,n\n" + minute(0, "1,2"), "columns: {timestamp: ts, good: ok, total: n}", "1/2 _ _"},
		{"semicolons", "timestamp;good;total\n2026-05-01T00:00:00Z;1;2\n", `delimiter: ";"`, "1/2 _ _"},
		{"tabs in the header", "timestamp\tgood\ttotal\n2026-05-01T00:00:00Z\t1\t2\n", "", "1/2 _ _"},
		{"tabs by name", "timestamp\tgood\ttotal\n2026-05-01T00:00:00Z\t1\t2\n", "delimiter: tab", "1/2 _ _"},
		{"fractions are exact", head + minute(0, "0.1,0.3") + minute(1, "12.0,12.50"), "", "0.2/0.3 0.5/12.5 _"},
		{"an exponent is the same number", head + minute(0, "1.5e3,2E+3") + minute(1, "1e-3,1"), "", "500/2000 0.999/1 _"},
		{"more than nine decimals are rounded once", head + minute(0, "19.99999999949,20.0000000005"), "", "2e-9/20.000000001 _ _"},
		{"compared before they are rounded", "timestamp,good,bad,total\n" + minute(0, "0.33333333333,0.66666666667,1"), "", "0.666666667/1 _ _"},
		{"fractions add up in any order", "timestamp,h,good,total\n" + minute(0, "a,0,0.1") + minute(0, "b,0,0.2") + minute(0, "c,0,0.3") + minute(0, "d,0,1"), "", "1.6/1.6 _ _"},
		{"the difference of large counts", head + minute(0, "9007199254740991,9007199254740992"), "", "1/9007199254740992 _ _"},
		{"identical rows count once", head + minute(0, "1,2") + minute(0, "1,2") + minute(0, "01,2"), "", "1/2 _ _"},
		{"rows that differ in a dimension add up", "timestamp,host,good,total\n" + minute(0, "a,1,2") + minute(0, "b,1,2") + minute(0, "a,1,2"), "", "2/4 _ _"},
		{"no rows", head, "", "_ _ _"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := one(t, question{data: c.data, source: c.source, length: 3 * time.Minute})
			if got := counts(a); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestLeavesOutWhatIsNotComplete(t *testing.T) {
	data := head + minute(0, "1,1") + minute(1, "1,1") + minute(2, "1,1") + minute(3, "1,1")
	for _, c := range []struct{ at, want, newest, note string }{
		{"2026-05-01T00:04:00Z", "0/1 0/1 0/1 0/1", "00:04:00", ""},
		{"2026-05-01T00:03:00Z", "0/1 0/1 0/1 _", "00:03:00", ""}, // the bucket that has begun
		{"2026-05-01T00:02:59Z", "0/1 0/1 _ _", "00:02:00", "data.csv:5: 1 row is left out: not complete at 2026-05-01T00:02:59Z"},
		{"2026-05-01T00:01:00Z", "0/1 _ _ _", "00:01:00", "data.csv:4: 2 rows are left out"},
	} {
		a := one(t, question{data: data, length: 4 * time.Minute, at: c.at})
		if got := counts(a); got != c.want {
			t.Errorf("at %s: got %s, want %s", c.at, got, c.want)
		}
		if got := a.Newest.Format(time.TimeOnly); got != c.newest {
			t.Errorf("at %s: newest got %s, want %s", c.at, got, c.newest)
		}
		if got := diag.List(a.Notes).Error(); !strings.Contains(got, c.note) || c.note == "" && got != "" {
			t.Errorf("at %s: notes got %q, want %q", c.at, got, c.note)
		}
	}
}

func TestWarns(t *testing.T) {
	for _, c := range []struct{ name, data, sli, want string }{
		{"hourly rows, step a minute", head + "2026-05-01T00:00:00Z,1,1\n2026-05-01T01:00:00Z,1,1\n2026-05-01T03:00:00Z,1,1\n", "", "all rows start a step of 1h, but step is 1m"},
		{"daily rows, step a minute", head + "2026-05-01T00:00:00Z,1,1\n2026-05-02T00:00:00Z,1,1\n2026-05-03T00:00:00Z,1,1\n", "", "all rows start a step of 1d"},
		{"two rows tell nothing", head + "2026-05-01T00:00:00Z,1,1\n2026-05-01T01:00:00Z,1,1\n", "", ""},
		{"minutes", head + minute(0, "1,1") + minute(1, "1,1") + minute(2, "1,1"), "", ""},
		{"identical rows", head + minute(0, "1,1") + minute(1, "1,1") + minute(1, "1,1") + minute(1, "1,1"), "", "data.csv:4: 2 rows are the same as an earlier one, counted once"},
		{"no rows", head, "", "there are no rows"},
		{"no row meets where", regions, "where: {region: jp}", `slo.yaml:2:8: where {region: jp} met none of 3 rows: "region" was "eu", "us" [csv/unmet]`},
		{"a row of another case", regions, "where: {region: [US, jp]}", `where {region: [US, jp]} met none of 3 rows: "region" was "us"`},
		{"a row of a time that nobody asks for", regions + "2026-05-01T02:00:00Z,jp,1,1\n", "where: {region: jp}", `where {region: jp} met none of 3 rows: "region" was "eu", "us" [csv/unmet]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := diag.List(one(t, question{data: c.data, sli: c.sli, length: time.Hour}).Notes).Error()
			if !strings.Contains(got, c.want) || c.want == "" && got != "" {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

const regions = "timestamp,region,good,total\n2026-05-01T00:00:00Z,eu,1,2\n2026-05-01T00:00:00Z,us,5,5\n2026-05-01T00:01:00Z,eu,3,3\n"

func TestDimensions(t *testing.T) {
	for _, c := range []struct {
		name, sli string
		per       []string
		want      []string
	}{
		{"all add up", "", nil, []string{"map[] 1/7 0/3"}},
		{"where", "where: {region: us}", nil, []string{"map[] 0/5 _"}},
		{"where not", "where: {region: {not: us}}", nil, []string{"map[] 1/2 0/3"}},
		{"per", "", []string{"region"}, []string{"map[region:eu] 1/2 0/3", "map[region:us] 0/5 _"}},
		{"nothing meets where", "where: {region: jp}", nil, []string{"map[] _ _"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			answers, err := ask(t, question{data: regions, sli: c.sli, per: c.per, length: 2 * time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range answers {
				got = append(got, fmt.Sprint(a.Labels, " ", counts(a)))
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestSingleCounts(t *testing.T) {
	for _, c := range []struct {
		data  string
		count spec.Count
		want  string
	}{
		{"timestamp,good\n" + minute(0, "9"), spec.Good, "0/9"},
		{"timestamp,total\n" + minute(0, "10"), spec.Total, "0/10"},
		{"timestamp,bad\n" + minute(0, "1"), spec.Bad, "0/1"},
		{head + minute(0, "9,10"), spec.Bad, "0/1"},
		{"timestamp,good,bad\n" + minute(0, "9,1"), spec.Total, "0/10"},
		{"timestamp,good\n" + minute(0, "9"), spec.Total, "data.csv:1: the indicator needs total, or good and bad [csv/column]"},
		{"timestamp,good\n" + minute(0, "9"), spec.Both, "data.csv:1: the indicator needs two of good, bad and total [csv/column]"},
	} {
		if got := counts(one(t, question{data: c.data, count: c.count, length: time.Minute})); got != c.want {
			t.Errorf("%s of %q: got %s, want %s", c.count, c.data, got, c.want)
		}
	}
}

func TestStepAskedIsCoarser(t *testing.T) {
	data := head
	for i := range 5 {
		data += minute(i, "1,2")
	}
	if got, want := counts(one(t, question{data: data, length: 6 * time.Minute, step: 2 * time.Minute})), "2/4 2/4 _"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestChecksBlocks(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"step: 7m", `slo.yaml:3:7: step "7m" is neither whole minutes that divide 24h nor whole seconds that divide 1m [table/step]`},
		{"step: 7s", "table/step"},
		{"step: 90s", "table/step"},
		{"step: 500ms", "table/step"},
		{"step: 48h", "table/step"},
		{"delimiter: ab", `delimiter "ab" is not one character`},
		{"delimiter: '\"'", "csv/delimiter"},
		{"columns: {good: n, total: n}", `column "n" is named twice`},
		{"units: {took: days}", `unit "days" of column "took" is not one`},
	} {
		_, err := ask(t, question{data: head, source: c.source, length: time.Hour})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.source, err, c.want)
		}
	}
}
