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

	"github.com/nines-slo/nines/sources/all"
)

// siblings are objectives on the same three sources that differ in window, labels,
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

const siblingFile = `apiVersion: nines/v1
service: shop
sources:
  counts: {type: csv, path: counts.csv, step: 15m}
  events: {type: csv, path: events.csv}
  good: {type: csv, path: counts.csv, step: 15m}
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
	a := app{kinds: all.Kinds(), stdin: strings.NewReader(""), stdout: &out, stderr: &errs, getenv: func(string) string { return "" }, now: fixedNow}
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
	for name, text := range map[string]string{"counts.csv": counts.String(), "events.csv": events.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
