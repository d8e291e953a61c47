package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	places "github.com/nines-slo/nines/report/notify/all"
	"github.com/nines-slo/nines/sources/all"
)

// siblings are objectives on three sources that differ in window, labels,
// method and condition. Some conditions print alike.
var siblings = []string{
	`{name: day, target: 99%, window: 1d, sli: {source: counts}}`,
	`{name: quarter, target: 99.9%, window: 90d, sli: {source: counts}}`,
	`{name: month, target: 99.5%, window: month, sli: {source: counts}}`,
	`{name: slices, target: 99%, window: 7d, budgeting: {method: timeslices, slice: 1h, target: 99%}, sli: {source: counts}}`,
	`{name: week-by-region, target: 90%, window: 7d, per: [region], sli: {source: events, bad: {status: 500-599}}}`,
	`{name: quarter-by-region, target: 95%, window: 90d, per: [region], sli: {source: events, bad: {status: 500-599}}}`,
	`{name: two, target: 90%, window: 30d, sli: {source: events, where: {region: [eu, west]}, bad: {status: 500-599}}}`,
	`{name: one, target: 90%, window: 30d, sli: {source: events, where: {region: ["eu, west"]}, bad: {status: 500-599}}}`,
	`{name: text, target: 90%, window: 30d, sli: {source: events, where: {region: "[eu, west]"}, bad: {status: 500-599}}}`,
	`{name: fast, target: 90%, window: 28d, sli: {source: events, good: {duration: "<= 300ms"}}}`,
	`{name: fast-week, target: 90%, window: week, sli: {source: events, good: {duration: "<= 300ms"}}}`,
	`{name: both, target: 90%, window: 3d, sli: {good: {source: good}, total: {source: counts}}}`,
}

// dirtySiblings read data of which a part is unusable: each objective is told of what it
// asks for alone. A duration is none, a column or a field is asked for by one of them or
// is in one of the files only, the log is silent before the window of one, and a row
// contradicts another outside of the window of one.
var dirtySiblings = []string{
	`{name: status, target: 90%, window: 7d, sli: {source: dirty, bad: {status: 500-599}}}`,
	`{name: fast, target: 90%, window: 7d, sli: {source: dirty, good: {duration: "<= 300ms"}}}`,
	`{name: colour, target: 90%, window: 7d, sli: {source: dirty, bad: {colour: red}}}`,
	`{name: rows, target: 90%, window: 7d, sli: {good: {source: half, good: {status: 200}}, total: {source: dirty}}}`,
	`{name: in-half, target: 90%, window: 7d, sli: {source: half, bad: {status: 500-599}}}`,
	`{name: half-region, target: 90%, window: 7d, sli: {source: half, where: {region: eu}, bad: {status: 500-599}}}`,
	`{name: today, target: 90%, window: 1d, sli: {source: twice}}`,
	`{name: long-ago, target: 90%, window: 90d, sli: {source: twice}}`,
	`{name: log-day, target: 90%, window: 1d, sli: {source: log, bad: {status: 500-599}}}`,
	`{name: log-month, target: 90%, window: 30d, sli: {source: log, bad: {status: 500-599}}}`,
	`{name: log-fast, target: 90%, window: 7d, sli: {source: log, good: {duration: "<= 300ms"}}}`,
	`{name: log-agent, target: 90%, window: 7d, per: [method], sli: {source: log, bad: {user_agent: "bot*"}}}`,
}

const siblingFile = `apiVersion: nines/v1
service: shop
sources:
  counts: {type: csv, path: counts.csv, step: 15m}
  events: {type: csv, path: events.csv}
  good: {type: csv, path: counts.csv, step: 15m}
  dirty: {type: csv, path: dirty.csv}
  half: {type: csv, path: [dirty.csv, half.csv]}
  twice: {type: csv, path: twice.csv, step: 1h}
  log: {type: accesslog, path: access.log, format: combined+request_time}
slos:
`

var siblingsAt = time.Date(2026, time.May, 20, 9, 45, 0, 0, time.UTC)

// TestSiblingsChangeNothing holds everything that is said of an objective in JSON
// against what is said of it beside another one.
func TestSiblingsChangeNothing(t *testing.T) {
	dir := t.TempDir()
	writeSiblingData(t, dir)
	commands := [][]string{
		{"status", "-o", "json", "--forecast"},
		{"status", "-o", "json", "--from", "2026-05-01T00:00:00Z", "--to", "2026-05-08T00:00:00Z"},
		{"alerts", "-o", "json"},
		{"gate", "-o", "json"},
		{"backtest", "-o", "json", "--from", "2026-05-18T00:00:00Z"},
		{"suggest", "-o", "json"},
		{"report", "--json", "-", "--period", "2026-04"},
	}
	for _, command := range commands {
		holdAlone(t, dir, command, siblings)
	}
	for _, command := range [][]string{commands[0], commands[6]} {
		holdAlone(t, dir, command, dirtySiblings)
	}
}

// holdAlone holds what a command says of each objective beside another one, mostly the
// next, against what it says of it alone.
func holdAlone(t *testing.T, dir string, command, siblings []string) {
	t.Helper()
	alone := map[string]any{}
	for _, s := range siblings {
		for id, o := range judged(t, dir, command, s) {
			alone[id] = o
		}
	}
	for i := range siblings {
		k := (i + 1) % len(siblings) // the most alike
		if rand.IntN(3) == 0 {
			k = (i + 1 + rand.IntN(len(siblings)-1)) % len(siblings)
		}
		for id, o := range judged(t, dir, command, siblings[i], siblings[k]) {
			if diff := cmp.Diff(alone[id], o); diff != "" {
				t.Errorf("%s: %s beside %s (-alone +beside):\n%s", command[0], id, siblings[k], diff)
			}
		}
	}
}

// judged returns what a command says of objectives that stand in one file.
func judged(t *testing.T, dir string, command []string, slos ...string) map[string]any {
	t.Helper()
	file := filepath.Join(dir, "nines.yaml")
	text := siblingFile
	for _, s := range slos {
		text += "  - " + s + "\n"
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	a := app{kinds: all.Kinds(), places: places.Kinds(), stdin: strings.NewReader(""), stdout: &out, stderr: &errs, getenv: func(string) string { return "" }, now: fixedNow}
	a.run(context.Background(), append(command, file, "--at", siblingsAt.Format(time.RFC3339)))
	var got struct{ SLOs, Objectives []map[string]any }
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, errs.String())
	}
	found := map[string]any{}
	for _, o := range append(got.SLOs, got.Objectives...) {
		found[fmt.Sprint(o["id"], o["name"], o["labels"])] = placeless(o)
	}
	if len(found) < len(slos) {
		t.Fatalf("%s: %d of %d objectives came back\n%s%s", strings.Join(command, " "), len(found), len(slos), out.String(), errs.String())
	}
	return found
}

// placeless drops the lines of findings: a sibling before an objective moves it down.
func placeless(v any) any {
	switch v := v.(type) {
	case map[string]any:
		delete(v, "line")
		for key := range v {
			v[key] = placeless(v[key])
		}
	case []any:
		for i := range v {
			v[i] = placeless(v[i])
		}
	}
	return v
}

// writeSiblingData writes 100 days of counts, and events of regions of which one
// is long gone and one appears late.
func writeSiblingData(t *testing.T, dir string) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 11))
	start := siblingsAt.Truncate(24*time.Hour).AddDate(0, 0, -100)
	var counts, events strings.Builder
	counts.WriteString("timestamp,good,total\n")
	events.WriteString("timestamp,status,duration,region\n")
	for at := start; at.Before(siblingsAt); at = at.Add(15 * time.Minute) {
		stamp := at.Format(time.RFC3339)
		if total := 20 + r.IntN(20); r.IntN(500) > 0 { // a gap now and then
			fmt.Fprintf(&counts, "%s,%d,%d\n", stamp, total-r.IntN(100)/99, total)
		}
		age := int(at.Sub(start).Hours() / 24)
		regions := []string{"eu", "west", "eu, west", "[eu, west]"}
		if age < 20 {
			regions = append(regions, "gone")
		}
		if age > 97 {
			regions = append(regions, "new")
		}
		status, ms := 200, 100+r.IntN(220)
		if r.IntN(40) == 0 {
			status = 503
		}
		fmt.Fprintf(&events, "%s,%d,%dms,%q\n", stamp, status, ms, regions[r.IntN(len(regions))])
	}
	writeTexts(t, dir, map[string]string{"counts.csv": counts.String(), "events.csv": events.String()})
	writeDirtyData(t, dir, r)
}

// writeDirtyData writes what dirtySiblings read, some rows and lines an hour.
func writeDirtyData(t *testing.T, dir string, r *rand.Rand) {
	t.Helper()
	var dirty, half, twice, log strings.Builder
	dirty.WriteString("timestamp,status,duration,region,total\n")
	half.WriteString("timestamp,status,duration,total\n")
	twice.WriteString("timestamp,good,total\n")
	end := siblingsAt.Truncate(time.Hour)
	for at := end.AddDate(0, 0, -60); !at.After(end); at = at.Add(time.Hour) {
		age, stamp := end.Sub(at), at.Format(time.RFC3339)
		status := []int{200, 200, 200, 503}[r.IntN(4)]
		took, total := "0.1", "1"
		if age == 50*time.Hour {
			took, total = "abc", "many"
		}
		fmt.Fprintf(&dirty, "%s,%d,%s,eu,%s\n", stamp, status, took, total)
		fmt.Fprintf(&half, "%s,%d,0.2,1\n", stamp, status)
		fmt.Fprintf(&twice, "%s,9,10\n", stamp)
		if age == 40*24*time.Hour {
			fmt.Fprintf(&twice, "%s,8,10\n", stamp)
		}
		if age > 20*24*time.Hour && age < 20*24*time.Hour+5*time.Hour {
			continue // the log is silent
		}
		for minute := range 60 {
			took := fmt.Sprintf(" 0.%d", 1+minute%4)
			if minute == 59 && at.Hour()%2 == 0 { // under one in a hundred
				took = []string{"", " abc", " -"}[r.IntN(3)]
			}
			fmt.Fprintf(&log, "192.0.2.7 - - [%s] \"GET / HTTP/1.1\" %d 12 \"-\" \"curl\"%s\n",
				at.Add(time.Duration(minute)*time.Minute).Format("02/Jan/2006:15:04:05 -0700"), status, took)
		}
	}
	writeTexts(t, dir, map[string]string{"dirty.csv": dirty.String(), "half.csv": half.String(),
		"twice.csv": twice.String(), "access.log": log.String()})
}

func writeTexts(t *testing.T, dir string, texts map[string]string) {
	t.Helper()
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
