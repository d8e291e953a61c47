package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	places "github.com/nines-slo/nines/report/notify/all"
	"github.com/nines-slo/nines/sources/all"
)

// The instant of the faults, and a window before it that healthy data covers.
const faultAt = "2026-05-01T12:00:00Z"

var faultTime = time.Date(2026, time.May, 1, 12, 0, 0, 0, time.UTC)

// fault is something that can be wrong with what a pipeline judges by.
type fault struct {
	name   string
	files  map[string]string // over those of healthy; "" removes one
	args   []string
	gate   int // exit codes
	status int // of status --exit-code, which does not ask how old or young data is
}

const faultFile = `apiVersion: nines/v1
service: shop
since: 2026-04-01
sources:
  m: {type: csv, path: m.csv}
slos:
  - {name: up, target: 90%, window: 6h, sli: {source: m}}
`

// healthy are files of which nothing is wrong.
func healthy() map[string]string {
	return map[string]string{"nines.yaml": faultFile, "m.csv": table(6*60, 0)}
}

// table returns a row a minute, from before minutes before the instant until up
// to minutes before it.
func table(before, upTo int, more ...string) string {
	return rows("timestamp,good,total\n", before, upTo, ",10,10") + strings.Join(more, "")
}

func rows(head string, before, upTo int, rest string) string {
	var b strings.Builder
	b.WriteString(head)
	for m := before; m > upTo; m-- {
		b.WriteString(faultTime.Add(-time.Duration(m)*time.Minute).Format(time.RFC3339) + rest + "\n")
	}
	return b.String()
}

// accessLog returns a line a minute.
func accessLog(before, upTo int) string {
	var b strings.Builder
	for m := before; m > upTo; m-- {
		stamp := faultTime.Add(-time.Duration(m) * time.Minute).Format("02/Jan/2006:15:04:05 -0700")
		fmt.Fprintf(&b, "192.0.2.1 - - [%s] \"GET /%d HTTP/1.1\" 200 1 \"-\" \"-\"\n", stamp, m)
	}
	return b.String()
}

// logged is the file with an access log for its source; more stands in the sli.
func logged(path, more string) string {
	file := strings.Replace(faultFile, "{type: csv, path: m.csv}", "{type: accesslog, format: combined, path: "+path+"}", 1)
	return strings.Replace(file, "{source: m}", "{source: m, bad: {status: 5xx}"+more+"}", 1)
}

func gzipped(t *testing.T, text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zstded(t *testing.T, text string) string {
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(w.EncodeAll([]byte(text), nil))
}

func faults(t *testing.T) []fault {
	edit := func(old, new string) string { return strings.Replace(faultFile, old, new, 1) }
	files := func(pairs ...string) map[string]string {
		m := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = pairs[i+1]
		}
		return m
	}
	row := func(m int, rest string) string {
		return faultTime.Add(-time.Duration(m)*time.Minute).Format(time.RFC3339) + rest + "\n"
	}
	twoParts := edit("sources:", "sources:\n  g: {type: csv, path: g.csv}")
	twoParts = strings.Replace(twoParts, "sli: {source: m}", "sli: {good: {source: g}, total: {source: m}}", 1)
	totals := rows("timestamp,total\n", 360, 0, ",10")
	goods := rows("timestamp,good\n", 360, 0, ",10")
	per := edit("sli:", "per: [region], sli:")
	regions := rows("timestamp,region,good,total\n", 360, 0, ",eu,10,10")
	us := strings.TrimPrefix(rows("", 360, 180, ",us,10,10"), "")
	excluded := faultFile + "exclusions: [{name: holidays, ics: holidays.ics}]\n"
	zipped, zst := gzipped(t, accessLog(360, 0)), zstded(t, accessLog(360, 0))
	hostLog := func(host string, before, upTo int) string {
		return strings.ReplaceAll(accessLog(before, upTo), "192.0.2.1", host)
	}
	return []fault{
		// these are healthy: the others must not fail for the wrong reason
		{"nothing", nil, nil, 0, 0},
		{"exactly an hour old", files("m.csv", table(7*60, 60), "nines.yaml", edit("window: 6h", "window: 6h, min_coverage: 50%")), nil, 0, 0},
		{"a log", files("nines.yaml", logged("a.log", ""), "a.log", accessLog(360, 0)), nil, 0, 0},
		{"a packed log", files("nines.yaml", logged("a.log.gz", ""), "a.log.gz", zipped), nil, 0, 0},
		{"a log that goes on after the instant", files("nines.yaml", logged("a.log", ""), "a.log", accessLog(360, 0)+accessLog(-10, -20)), nil, 0, 0},
		{"two sources", files("nines.yaml", twoParts, "m.csv", totals, "g.csv", goods), nil, 0, 0},
		{"two regions", files("nines.yaml", per, "m.csv", regions+rows("", 360, 0, ",us,10,10")), nil, 0, 0},

		{"no SLO file", files("nines.yaml", ""), nil, 2, 2},
		{"an SLO file without objectives", files("nines.yaml", "apiVersion: nines/v1\nservice: shop\nsources: {m: {type: csv, path: m.csv}}\nslos: []\n"), nil, 2, 2},
		{"an empty SLO file", files("nines.yaml", "\n"), nil, 2, 2},
		{"half an SLO file", files("nines.yaml", faultFile[:len(faultFile)-12]), nil, 2, 2},
		{"--only selects nothing", nil, []string{"--only", "nobody"}, 2, 2},
		{"--only selects a region that has no data", files("nines.yaml", per, "m.csv", regions), []string{"--only", "region=mars"}, 3, 3},

		{"a log of two hours ago with lines of the future", files("nines.yaml", logged("a.log", ""), "a.log", accessLog(360, 120)+accessLog(-10, -20)), nil, 3, 0},
		{"no data file", files("m.csv", ""), nil, 3, 3},
		{"an empty data file", files("m.csv", "\n"), nil, 3, 3},
		{"only a header", files("m.csv", "timestamp,good,total\n"), nil, 3, 3},
		{"a column is missing", files("m.csv", rows("timestamp,good\n", 360, 0, ",10")), nil, 3, 3},
		{"not a number", files("m.csv", table(360, 1, row(1, ",NaN,10"))), nil, 3, 3},
		{"infinitely many", files("m.csv", table(360, 1, row(1, ",10,Inf"))), nil, 3, 3},
		{"a hexadecimal count", files("m.csv", table(360, 1, row(1, ",0x0A,0x0A"))), nil, 3, 3},
		{"a negative count", files("m.csv", table(360, 1, row(1, ",-1,10"))), nil, 3, 3},
		{"more good than all", files("m.csv", table(360, 1, row(1, ",11,10"))), nil, 3, 3},
		{"an empty count", files("m.csv", table(360, 1, row(1, ",,10"))), nil, 3, 3},
		{"a count twice and different", files("m.csv", table(360, 0, row(1, ",9,10"))), nil, 3, 3},
		{"a stamp without an offset", files("m.csv", table(360, 0, "2026-05-01T11:59:00,10,10\n")), nil, 3, 3},
		{"a row cut short", files("m.csv", table(360, 1, "2026-05-01T11:5")), nil, 3, 3},
		{"JSON cut short", files("nines.yaml", edit("type: csv, path: m.csv", "type: ndjson, path: m.ndjson"), "m.ndjson", `{"timestamp":"2026-05-01T11:59:00Z","good":10,"tot`), nil, 3, 3},
		{"nothing on standard input", files("nines.yaml", edit("path: m.csv", `path: "-"`)), nil, 3, 3},
		{"a directory for a file", files("nines.yaml", edit("path: m.csv", "path: .")), nil, 3, 3},
		{"NUL bytes", files("m.csv", table(360, 1)+"\x00\x00\x00\x00"), nil, 3, 3},

		{"a minute over an hour old", files("m.csv", table(7*60, 61), "nines.yaml", edit("window: 6h", "window: 6h, min_coverage: 50%")), nil, 3, 0},
		{"a log that ended hours ago", files("nines.yaml", strings.Replace(logged("a.log", ""), "window: 6h", "window: 6h, min_coverage: 50%", 1), "a.log", accessLog(600, 120)), nil, 3, 0},
		{"all data lies after the instant", files("m.csv", table(-60, -120)), nil, 3, 3},
		{"all data lies before the window", files("m.csv", table(900, 600)), nil, 3, 3},
		{"84 % of the window measured", files("m.csv", table(360, 120)+strings.TrimPrefix(table(63, 0), "timestamp,good,total\n")), nil, 3, 3},
		{"no traffic", files("m.csv", rows("timestamp,good,total\n", 360, 0, ",0,0")), nil, 3, 3},
		{"everything excluded", files("nines.yaml", faultFile+"exclusions: [{name: all, start: 2026-04-30, end: 2026-05-02}]\n"), nil, 3, 3},
		{"a young window", files("nines.yaml", edit("since: 2026-04-01\n", ""), "m.csv", table(300, 0)), nil, 3, 0},
		{"a promise that has not begun", files("nines.yaml", edit("2026-04-01", "2026-06-01")), nil, 3, 3},

		{"a log of another format", files("nines.yaml", logged("a.log", ""), "a.log", strings.Repeat("hello world\n", 100)), nil, 3, 3},
		{"2 % of the lines unread", files("nines.yaml", logged("a.log", ""), "a.log", accessLog(360, 0)+strings.Repeat("hello\n", 8)), nil, 3, 3},
		{"an empty log", files("nines.yaml", logged("a.log", ""), "a.log", "\n"), nil, 3, 3},
		{"a glob that matches nothing", files("nines.yaml", logged(`"*.gz"`, "")), nil, 3, 3},
		{"a packed log cut in half", files("nines.yaml", logged("a.log.gz", ""), "a.log.gz", zipped[:len(zipped)/2]), nil, 3, 3},
		{"a packed log without its checksum", files("nines.yaml", logged("a.log.gz", ""), "a.log.gz", zipped[:len(zipped)-8]), nil, 3, 3},
		{"a packed log with a wrong checksum", files("nines.yaml", logged("a.log.gz", ""), "a.log.gz", zipped[:len(zipped)-8]+"\x00\x00\x00\x00"+zipped[len(zipped)-4:]), nil, 3, 3},
		{"a zst log cut in half", files("nines.yaml", logged("a.log.zst", ""), "a.log.zst", zst[:len(zst)/2]), nil, 3, 3},
		{"where meets nothing", files("nines.yaml", logged("a.log", ", where: {path: /nowhere}"), "a.log", accessLog(360, 0)), nil, 3, 3},

		{"one of two sources is dead", files("nines.yaml", twoParts, "m.csv", totals), nil, 3, 3},
		{"the other is", files("nines.yaml", twoParts, "m.csv", "", "g.csv", goods), nil, 3, 3},
		{"one of two is stale", files("nines.yaml", strings.Replace(twoParts, "window: 6h", "window: 6h, min_coverage: 50%", 1), "m.csv", totals, "g.csv", rows("timestamp,good\n", 360, 90, ",10")), nil, 3, 0},
		{"more good in one than all in the other", files("nines.yaml", twoParts, "m.csv", totals, "g.csv", rows("timestamp,good\n", 360, 0, ",11")), nil, 3, 3},
		{"the source of another objective is", files("nines.yaml", edit("sources:", "sources:\n  n: {type: csv, path: n.csv}")+"  - {name: also, target: 90%, window: 6h, sli: {source: n}}\n"), nil, 3, 3},

		{"a region without rows for three hours", files("nines.yaml", strings.Replace(per, "window: 6h", "window: 6h, min_coverage: 10%", 1), "m.csv", regions+us), nil, 3, 0},
		{"a region without lines for three hours", files("nines.yaml", strings.Replace(logged("a.log", ""), "sli:", "per: [remote_addr], sli:", 1), "a.log", hostLog("192.0.2.1", 360, 0)+hostLog("192.0.2.2", 360, 180)), nil, 3, 0},
		{"a region that one of two sources lacks", files("nines.yaml", strings.Replace(twoParts, "sli:", "per: [region], sli:", 1),
			"m.csv", rows("timestamp,region,total\n", 360, 0, ",eu,10")+rows("", 360, 0, ",us,10"), "g.csv", rows("timestamp,region,good\n", 360, 0, ",eu,10")), nil, 3, 3},

		{"no time left", nil, []string{"--timeout", "1ns"}, 3, 3},
		{"a calendar that is not there", files("nines.yaml", excluded), nil, 3, 3},
		{"a calendar that is none", files("nines.yaml", excluded, "holidays.ics", "hello\n"), nil, 3, 3},
		{"a calendar cut short", files("nines.yaml", excluded, "holidays.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101T000000Z\n"), nil, 3, 3},
	}
}

// No fault passes for an open gate, and none of the others for a kept promise.
func TestFaults(t *testing.T) {
	for _, f := range faults(t) {
		t.Run(f.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			files := healthy()
			maps.Copy(files, f.files)
			for name, text := range files {
				if text == "" {
					continue
				}
				if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for _, c := range []struct {
				args []string
				want int
			}{
				{[]string{"gate"}, f.gate},
				{[]string{"gate", "-o", "json"}, f.gate},
				{[]string{"status", "--exit-code"}, f.status},
			} {
				args := append(append(c.args, "--at", faultAt), f.args...)
				var out, errs bytes.Buffer
				a := app{kinds: all.Kinds(), places: places.Kinds(), stdin: strings.NewReader(""), stdout: &out, stderr: &errs, getenv: func(string) string { return "" }, now: fixedNow}
				if code := a.run(t.Context(), args); code != c.want {
					t.Errorf("%s: exit %d, want %d\n%s%s", strings.Join(args, " "), code, c.want, out.String(), errs.String())
				}
				if opens := strings.Contains(out.String(), "gate: OPEN") || strings.Contains(out.String(), `"verdict": "open",`+"\n  \"services\""); opens && c.want != 0 {
					t.Errorf("%s says that it is open:\n%s", strings.Join(args, " "), out.String())
				}
			}
			policed(t, f)
		})
	}
}

// policed runs the gate once more with rules of every kind: what keeps the default
// policy from opening keeps them too.
func policed(t *testing.T, f fault) {
	text, err := os.ReadFile("nines.yaml")
	if f.gate == 0 || err != nil || strings.Contains(string(text), "gate:") {
		return
	}
	rules := `
gate:
  rules:
    - {then: closed, remaining: "< 0%"}
    - {then: closed, burn: "> 5", over: 2h}
    - {then: closed, firing: silent}
alerts:
  - {name: silent, class: page, when: [{no_data: 3h}]}
`
	if err := os.WriteFile("nines.yaml", append(text, rules...), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	a := app{kinds: all.Kinds(), places: places.Kinds(), stdin: strings.NewReader(""), stdout: &out, stderr: &errs, getenv: func(string) string { return "" }, now: fixedNow}
	if code := a.run(t.Context(), append([]string{"gate", "--at", faultAt}, f.args...)); code == 0 {
		t.Errorf("with rules of its own it opens:\n%s%s", out.String(), errs.String())
	}
}

// broken is a standard output that does not take anything.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// A verdict that nobody could read, or of a run that was stopped, is no open gate.
func TestGateWithoutAReader(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range healthy() {
		if err := os.WriteFile(filepath.Join(".", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	a := app{kinds: all.Kinds(), places: places.Kinds(), stdin: strings.NewReader(""), stdout: broken{}, stderr: io.Discard, getenv: os.Getenv, now: fixedNow}
	if code := a.run(t.Context(), []string{"gate", "--at", faultAt}); code == 0 {
		t.Error("exit 0 though nothing could be written")
	}
	a.stdout = io.Discard
	for signal, want := range map[os.Signal]int{os.Interrupt: exitInterrupted, syscall.SIGTERM: exitTerminated, nil: exitUncertain} {
		stopped, cancel := context.WithCancelCause(t.Context())
		if cancel(nil); signal != nil {
			stopped, cancel = context.WithCancelCause(t.Context())
			cancel(interruption(signal))
		}
		if code := a.run(stopped, []string{"gate", "--at", faultAt}); code != want {
			t.Errorf("%v: exit %d, want %d", signal, code, want)
		}
	}
}
