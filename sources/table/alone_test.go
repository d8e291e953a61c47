package table_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/csv"
	"github.com/nines-slo/nines/sources/ndjson"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// What a request is told of dirty tables does not depend on what else is asked.
func TestAnswersDoNotDependOnOtherRequests(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		d := dirt{rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))}
		kind, names := csv.Kind(), []string{"f1.csv", "f2.csv"}
		if rapid.Bool().Draw(rt, "ndjson") {
			kind, names = ndjson.Kind(), []string{"f1.ndjson", "f2.ndjson"}
		}
		for _, name := range names {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(d.file(kind.Name)), 0o600); err != nil {
				rt.Fatal(err)
			}
		}
		source := fmt.Sprintf("type: %s\npath: [%s]\n", kind.Name, strings.Join(names, ", "))
		source += d.one("", "", "step: 1h\n") + d.one("", "max_unread: 50%\n", "max_unread: 99.9%\n")
		src, err := kind.Open(t.Context(), sourcetest.Block(t, source, dir), sources.Env{At: day.Add(d.hours(30))})
		if err != nil {
			rt.Fatal(err)
		}
		var reqs []sources.Request
		for range rapid.IntRange(2, 5).Draw(rt, "requests") {
			reqs = append(reqs, d.request(t, dir))
		}
		sourcetest.Alone(t, src, reqs)
		if t.Failed() {
			rt.FailNow()
		}
	})
}

var day = time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)

// dirt writes tables of which now and then a value cannot be used.
type dirt struct{ *rand.Rand }

func (d dirt) one(of ...string) string { return of[d.IntN(len(of))] }

func (d dirt) hours(most int) time.Duration { return time.Duration(1+d.IntN(most)) * time.Hour }

// rare returns a dirty value once in so many times, where the table has any.
func (d dirt) rare(often int, dirty []string, clean ...string) string {
	if d.IntN(often) == 0 {
		return d.one(dirty...)
	}
	return d.one(clean...)
}

// request asks for some of the columns, in some of the time.
func (d dirt) request(t *testing.T, dir string) sources.Request {
	t.Helper()
	r := sources.Request{SLI: sourcetest.Block(t, "source: m\n"+d.one(
		"bad: {status: 500-599}", "bad: {status: 500-599}", "good: {duration: '<= 300ms'}", "good: {took_ms: '<= 300ms'}",
		"bad: {note: slow}", "bad: {note: '> 1s'}", "bad: {note: none}", "where: {region: {not: none}, note: slw}\nbad: {status: [none, 5xx]}", "good: {not: {took_ms: '~^4'}}", "good: {total: '>= 1'}",
		"where: {region: eu}\nbad: {status: 500-599}", "where: {duration: '> 0s'}\nbad: {region: us}",
		"", "", "where: {region: eu}", "where: {colour: red}", "where: {duration: '> 0s'}",
	), dir)}
	r.Count = spec.Count(d.one(string(spec.Both), string(spec.Good), string(spec.Bad), string(spec.Total), string(spec.Total)))
	if d.IntN(4) == 0 {
		r.Per = []string{d.one("region", "note", "took_ms")}
	}
	r.Period.Start = day.Add(d.hours(12))
	r.Period.End = r.Period.Start.Add(d.hours(12))
	r.Step, r.Percentiles = time.Minute, d.IntN(2) == 0
	return r
}

// file writes some hours of some of the columns; how dirty each is differs.
func (d dirt) file(kind string) string {
	counts := [][]string{{"good", "total"}, {"total"}, {"good", "bad", "total"}, {}, {}, {}}
	columns := append([]string{"timestamp"}, counts[d.IntN(len(counts))]...)
	for _, name := range []string{"status", "duration", "took_ms", "region", "note"} {
		if d.IntN(5) > 0 {
			columns = append(columns, name)
		}
	}
	often := map[string]int{}
	for _, name := range columns {
		often[name] = []int{4, 1000, 1000}[d.IntN(3)]
	}
	often["timestamp"] = []int{10, 1000, 1000, 1000, 1000, 1000}[d.IntN(6)]
	var rows [][]string
	for range d.IntN(30) {
		row := []string{day.Add(d.hours(30)).Format(time.RFC3339)}
		for _, name := range columns[1:] {
			row = append(row, d.value(name, often[name]))
		}
		if d.IntN(often["timestamp"]) == 0 {
			row[0] = d.one("", "yesterday", "2026-05-01T00:00:30Z", "[1]")
		}
		rows = append(rows, row)
	}
	if kind == "csv" {
		rows = slices.Insert(rows, 0, columns)
	}
	var b strings.Builder
	for _, row := range rows {
		if kind == "csv" {
			fmt.Fprintln(&b, strings.Join(row, ","))
			continue
		}
		fields := map[string]json.RawMessage{}
		for i, value := range row {
			if d.IntN(40) > 0 || i == 0 {
				fields[columns[i]] = rawValue(value)
			}
		}
		line, _ := json.Marshal(fields)
		fmt.Fprintf(&b, "%s\n", line)
	}
	return b.String()
}

func rawValue(value string) json.RawMessage {
	if strings.HasPrefix(value, "[") {
		return json.RawMessage(value)
	}
	text, _ := json.Marshal(value)
	return text
}

func (d dirt) value(column string, often int) string {
	switch column {
	case "good":
		return d.rare(often, []string{"", "x", "-1", "99", "[1]"}, "3", "3", "4")
	case "bad":
		return d.rare(often, []string{"", "x", "[1]"}, "2", "1")
	case "total":
		return d.rare(often, []string{"", "x", "1", "[1]"}, "5")
	case "status":
		return d.rare(often, []string{"", "-", "[1]"}, "200", "200", "503")
	case "duration":
		return d.rare(often, []string{"", "abc", "-1s", "[1]"}, "100ms", "1s", "0.2")
	case "took_ms":
		return d.rare(often, []string{"", "abc", "[1]"}, "100", "400", "41")
	case "region":
		return d.rare(often, []string{"", "[1]"}, "eu", "us")
	}
	return d.rare(often, []string{"", "slow", "[1]"}, "2s", "100ms")
}

// A value refuses the request that asks for it, alone and beside others.
func TestAValueRefusesWhoAsksForIt(t *testing.T) {
	dir := t.TempDir()
	const data = "timestamp,status,duration,total\n2026-05-01T00:00:00Z,503,abc,1\n2026-05-01T00:01:00Z,200,100ms,x\n"
	if err := os.WriteFile(filepath.Join(dir, "data.csv"), []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	src, err := csv.Kind().Open(t.Context(), sourcetest.Block(t, "type: csv\npath: data.csv", dir), sources.Env{At: day.AddDate(0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	var reqs []sources.Request
	for _, sli := range []string{"bad: {status: 5xx}", "good: {duration: '<= 1s'}", ""} {
		reqs = append(reqs, sources.Request{SLI: sourcetest.Block(t, "source: m\n"+sli, dir), Count: spec.Total, Step: time.Minute,
			Period: slo.Period{Start: day, End: day.Add(2 * time.Minute)}})
	}
	sourcetest.Alone(t, src, reqs)
	got := map[int]string{}
	err = src.Fetch(t.Context(), reqs, func(a sources.Answer) {
		got[a.Request] = fmt.Sprint(a.Err)
		if a.Err == nil {
			got[a.Request] = sourcetest.Counts(a.Series)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"0/1 0/1", `data.csv:2: column "duration": "abc" is not a duration`, `data.csv:3: column "total": "x" is not a count`} {
		if !strings.HasPrefix(got[i], want) {
			t.Errorf("request %d: got %q, want %q", i, got[i], want)
		}
	}
}
