package ndjson_test

import (
	"errors"
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
	"github.com/nines-slo/nines/sources/ndjson"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// ask reads three minutes of data.ndjson and writes them "bad/total", "_" where
// not measured, with the warnings.
func ask(t *testing.T, data, source, sli string) (buckets string, notes diag.List, err error) {
	t.Helper()
	return askFor(t, spec.Both, data, source, sli)
}

func askFor(t *testing.T, count spec.Count, data, source, sli string) (buckets string, notes diag.List, err error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "data.ndjson"), []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	src, err := ndjson.Kind().Open(t.Context(), sourcetest.Block(t, "path: data.ndjson\n"+source, dir), sources.Env{At: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	req := sources.Request{SLI: sourcetest.Block(t, "source: m\n"+sli, dir), Count: count, Step: time.Minute, Period: slo.Period{Start: start, End: start.Add(3 * time.Minute)}}
	var answer sources.Answer
	if err = src.Fetch(t.Context(), []sources.Request{req}, func(a sources.Answer) { answer = a }); err != nil {
		return "", nil, err
	}
	if answer.Err != nil {
		return "", nil, answer.Err
	}
	return text(answer), answer.Notes, nil
}

func text(a sources.Answer) string {
	var out []string
	for i := range a.Series.Len() {
		if math.IsNaN(a.Series.Total[i]) {
			out = append(out, "_")
			continue
		}
		out = append(out, fmt.Sprintf("%v/%v", a.Series.Bad[i], a.Series.Total[i]))
	}
	return strings.Join(out, " ")
}

const row = `{"timestamp":"2026-05-01T00:00:00Z","good":9,"total":10}` + "\n"

func TestReads(t *testing.T) {
	for _, c := range []struct{ name, data, source, sli, want string }{
		{"one row", row, "", "", "1/10 _ _"},
		{"byte order mark, windows line ends, blank lines, no last line end", "\ufeff\r\n" + `{"timestamp":1777593600,"good":9,"total":10}` + "\r\n\r\n" + `{"timestamp":1777593660000,"good":1,"total":1}`, "", "", "1/10 0/1 _"},
		{"numeric strings", `{"timestamp":"1777593600","good":"9","total":"10"}`, "", "", "1/10 _ _"},
		{"spaces and any order of fields", "  { \"total\" : 10 ,\t\"good\" : 9 , \"timestamp\" : 1777593600 }  ", "", "", "1/10 _ _"},
		{"nested names", `{"at":{"time":1777593600},"n":{"good":9,"total":10}}`, "columns: {timestamp: at.time, good: n.good, total: n.total}", "", "1/10 _ _"},
		{"escapes in names and values", `{"time\u0073tamp":"2026-05-01T00\u003a00:00Z","good":9,"total":10}`, "", "", "1/10 _ _"},
		{"other fields are dimensions", `{"timestamp":1777593600,"h":"a","good":9,"total":10}` + "\n" + `{"timestamp":1777593600,"h":"b","good":9,"total":10}` + "\n" + `{"timestamp":1777593600,"good":9,"h":"a","total":10}`, "", "", "2/20 _ _"},
		{"arrays elsewhere", `{"timestamp":1777593600,"tags":["]\"}",{"a":[]}],"good":9,"total":10}`, "", "", "1/10 _ _"},
		{"where", `{"timestamp":1777593600,"k":{"region":"eu"},"good":9,"total":10}` + "\n" + `{"timestamp":1777593660,"k":{"region":"us"},"good":9,"total":10}`, "", "where: {k.region: eu}", "1/10 _ _"},
		{"two of the counts in each row", `{"timestamp":1777593600,"good":9,"total":10}` + "\n" + `{"timestamp":1777593660,"good":9,"bad":1}`, "", "", "1/10 1/10 _"},
		{"events", `{"timestamp":"2026-05-01T00:00:01.5Z","http":{"status":500}}` + "\n" + `{"timestamp":"2026-05-01T00:01:59Z","http":{"status":200}}` + "\n" + `{"timestamp":"2026-05-01T00:01:59Z","http":null}`, "", "bad: {http.status: [500-599, none]}", "1/1 1/2 _"},
		{"durations", `{"timestamp":1777593600,"latency_ms":300.0}` + "\n" + `{"timestamp":1777593600,"latency_ms":300.1}` + "\n" + `{"timestamp":1777593600,"latency_ms":null}`, "", "where: {latency_ms: {not: none}}\ngood: {latency_ms: \"<= 300ms\"}", "1/2 _ _"},
		{"an empty file", "", "", "", "_ _ _"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, _, err := ask(t, c.data, c.source, c.sli)
			if err != nil || got != c.want {
				t.Errorf("got %s, %v; want %s", got, err, c.want)
			}
		})
	}
}

// A row whose duration is null, or that lacks it, is not judged in silence.
func TestRowsWithoutADuration(t *testing.T) {
	data := `{"timestamp":1777593600,"latency_ms":300}` + "\n" + `{"timestamp":1777593600,"latency_ms":null}` + "\n" + `{"timestamp":1777593600}`
	_, _, err := ask(t, data, "", `good: {latency_ms: "<= 300ms"}`)
	for _, want := range []string{`data.ndjson:2: row has no readable "latency_ms"`, "data.ndjson:3: row has no"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestRefuses(t *testing.T) {
	long := strings.Repeat(" ", 2<<20)
	for _, c := range []struct {
		name, data string
		want       []string
	}{
		{"nan", row + `{"timestamp":1777593660,"good":NaN,"total":10}` + "\n" + `{"timestamp":1777593720,"good":1,"total":-10}`, []string{"data.ndjson:2: line is not a JSON object", "data.ndjson:3"}},
		{"infinity", row + `{"timestamp":1777593660,"good":1,"total":Infinity}`, []string{"data.ndjson:2"}},
		{"a field twice", row + `{"timestamp":1777593660,"good":1,"good":2,"total":10}`, []string{`data.ndjson:2: field "good" comes twice [ndjson/row]`}},
		{"a nested field twice", row + `{"timestamp":1777593660,"a.b":1,"a":{"b":2},"good":1,"total":1}`, []string{`field "a.b" comes twice`}},
		{"an object twice", row + `{"timestamp":1777593660,"a":{"b":1},"a":{"c":1},"good":1,"total":1}`, []string{`field "a" comes twice`}},
		{"null and a value", row + `{"timestamp":1777593660,"good":null,"good":1,"total":1}`, []string{`field "good" comes twice`}},
		{"a field twice through an escape", row + `{"timestamp":1777593660,"good":1,"goo\u0064":2,"total":10}`, []string{`field "good" comes twice`}},
		{"an array", "[" + strings.TrimSpace(row) + "]", []string{"data.ndjson:1: line is an array"}},
		{"an array of lines", "[\n" + row + "]", []string{"data.ndjson:1: line is an array", "data.ndjson:3"}},
		{"pretty-printed", "{\n\"timestamp\": 1\n}", []string{"data.ndjson:1", "data.ndjson:2", "data.ndjson:3"}},
		{"two objects", strings.TrimSpace(row) + row, []string{"data.ndjson:1: line is not a JSON object"}},
		{"trailing garbage", strings.TrimSpace(row) + ",\n", []string{"data.ndjson:1"}},
		{"cut short", row[:20], []string{"data.ndjson:1: line is not a JSON object: unexpected end"}},
		{"a word", "null\n", []string{"data.ndjson:1: line is not an object"}},
		{"a count in an array", `{"timestamp":1777593600,"good":[1],"total":1}`, []string{`field "good" is an array`}},
		{"a count that is true", `{"timestamp":1777593600,"good":true,"total":1}`, []string{`column "good": "true" is not a count`}},
		{"a count too fine", `{"timestamp":1777593600,"good":1e-3,"total":9007199254740991.5}`, []string{`column "total": "9007199254740991.5" is over 2^53 times 0.1`}},
		{"no timestamp", `{"good":1,"total":1}`, []string{`column "timestamp" is missing`}},
		{"null count", `{"timestamp":1777593600,"good":null,"total":1}`, []string{"data.ndjson:1: the indicator needs two of good, bad and total"}},
		{"conflict", row + `{"timestamp":1777593600,"good":9,"total":9}`, []string{"data.ndjson:2", "[ndjson/duplicate]"}},
		{"a long line", row + `{"a":` + long + "1}\nx", []string{"data.ndjson:2: line is longer than 1 MiB", "data.ndjson:3"}},
		{"deep objects", strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9000), []string{"nested deeper than 32"}},
		{"too deep for the parser", strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000), []string{"data.ndjson:1"}},
		{"many fields", "{" + strings.Repeat(`"a":1,`, 5000) + `"b":1}`, []string{"more than 4,096 fields"}},
		{"many fields of a long name", row + `{"` + strings.Repeat("n", 500_000) + `":{` + strings.Repeat(`"a":1,`, 4000) + `"b":1}}`, []string{"data.ndjson:2: the dotted names of its fields are longer than 1 MiB together [ndjson/row]"}},
		{"utf-32", "\xff\xfe\x00\x00{\x00\x00\x00", []string{"UTF-32"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := ask(t, c.data, "", "")
			for _, want := range c.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %q in it", err, want)
				}
			}
		})
	}
}

func TestWarnsOfFieldsThatNoRowHas(t *testing.T) {
	_, _, err := ask(t, `{"timestamp":1777593600,"status":200}`, "", "bad: {stauts: 500-599}")
	var list diag.List
	if !errors.As(err, &list) || !strings.Contains(list[0].Error(), `1 of 1 row to judge has no "stauts"`) || !strings.Contains(list[0].Hint, "is the name right?") {
		t.Errorf("got %v", err)
	}
	got, notes, err := ask(t, `{"timestamp":1777593600,"status":200}`, "max_unread: 99.9%", "where: {sttus: none}\nbad: {status: 200, stauts: none}")
	if err != nil || got != "1/1 _ _" || len(notes) != 0 {
		t.Errorf("who asks for none is told %v, %v: %s", notes, err, got)
	}
}

// A total counts rows where none states a count.
func TestTotalCountsRows(t *testing.T) {
	const event = `{"timestamp":"2026-05-01T00:00:01.5Z","job":"a","good":null}` + "\n"
	got, notes, err := askFor(t, spec.Total, event+event, "", "")
	if err != nil || got != "0/2 _ _" || !strings.Contains(notes.Error(), "each row counts as one event of the total [ndjson/rows]") {
		t.Errorf("got %s, %v, %v; want 0/2 and a warning", got, notes, err)
	}
	_, _, err = askFor(t, spec.Total, row+event, "", "")
	if want := "data.ndjson:2: 1 row is without a count, others have one [ndjson/mixed]"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, _, err = askFor(t, spec.Both, row+event, "", "")
	if want := "data.ndjson:2: the indicator needs two of good, bad and total [ndjson/column]"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A line of another encoding than the source's refuses the file: no condition knows its text.
func TestOtherEncodingIsRefused(t *testing.T) {
	const line, text = `{"timestamp":"2026-05-01T00:00:00Z","result":"%s"}` + "\n", "失敗"
	const sjis = "\x8e\xb8\x94s"
	for _, c := range []struct{ name, value, source, want string }{
		{"UTF-8", text, "", "1/1 _ _"},
		{"Shift_JIS", sjis, "", "data.ndjson:1:47: the line has bytes that are not UTF-8 [input/encoding]"},
		{"Shift_JIS where UTF-8 is said", sjis, "encoding: utf-8", "data.ndjson:1:47: the line has bytes that are not UTF-8 [input/encoding]"},
		{"Shift_JIS that is said", sjis, "encoding: shift_jis", "1/1 _ _"},
	} {
		got, _, err := ask(t, fmt.Sprintf(line, c.value), c.source, "bad: {result: 失敗}")
		if err != nil {
			got = strings.Split(err.Error(), "\n")[0]
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}
