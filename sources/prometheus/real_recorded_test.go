package prometheus_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/spec"
	formats "github.com/nines-slo/nines/slo/spec/all"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus"
	"github.com/nines-slo/nines/sources/prometheus/rules"
)

// recordedFile is about the counters of counters.
const recordedFile = `apiVersion: nines/v1
service: shop
sources: {prom: {type: prometheus, url: 'URL', step: 1m, delay: 10m RECORDED}}
defaults: {target: 99%, window: 2d}
slos:
  - {name: all, sli: {source: prom, bad: {counter: 'hits_total{code="500"}'}, total: {counter: hits_total}}}
  - {name: regions, per: [region], sli: {source: prom, bad: {counter: 'hits_total{code="500"}'}, total: {counter: hits_total}}}
  - {name: slices, budgeting: {method: timeslices, slice: 15m, target: 97%}, sli: {source: prom, bad: {counter: 'hits_total{code="500"}'}, total: {counter: hits_total}}}
  - name: maintained
    exclusions: [{name: nights, rrule: 'FREQ=DAILY;BYHOUR=1;BYMINUTE=30', duration: 45m}]
    sli: {source: prom, bad: {counter: 'hits_total{code="500"}'}, total: {counter: hits_total}}
`

// counters writes three days of counters, scraped every 30 seconds: of two regions, one of
// which is restarted, and whose errors begin on the second day.
func counters(t *testing.T, file string, from time.Time) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out, random := bufio.NewWriter(f), rand.New(rand.NewPCG(1, 2))
	fmt.Fprintln(out, "# TYPE hits counter")
	for r, region := range []string{"eu", "us"} {
		for _, code := range []string{"200", "500"} {
			sum := 0
			for i := range 3 * 24 * 120 {
				hour := float64(i%2880) / 120
				hits := random.IntN(1 + int(20+15*math.Sin(hour/24*2*math.Pi)))
				if code == "500" {
					hits = hits / 16
					if incident := i > 5000 && i < 5200 || i > 2880+180 && i < 2880+230; incident {
						hits = random.IntN(15)
					}
				}
				if region == "us" && i == 4444 {
					sum = 0
				}
				sum += hits
				if code == "500" && region == "us" && i < 2880+1000 {
					continue
				}
				fmt.Fprintf(out, "hits_total{region=%q,code=%q} %d %d\n", region, code, sum, from.Unix()+int64(30*i)+int64(7*r))
			}
		}
	}
	fmt.Fprintln(out, "# EOF")
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
}

// What rules recorded gives the figures of the samples, within what a tile of five minutes
// at both ends and the extrapolation of increase() make.
func TestRecorded(t *testing.T) {
	promtool, command := program(t, "NINES_PROMTOOL", "promtool"), program(t, "NINES_PROMETHEUS", "prometheus")
	nines, dir := build(t), t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	from := time.Date(2026, 10, 4, 0, 0, 0, 0, time.UTC)
	counters(t, in("samples.om"), from)
	tool := func(args ...string) {
		t.Helper()
		c := exec.Command(promtool, args...)
		c.Dir = dir
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("promtool %s: %v: %s", args, err, out)
		}
	}
	tool("tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=2208h", "-q", in("samples.om"), in("data"))
	writeTiles(t, in("tiles.yaml"), in("slo.yaml"))
	// What is recorded of what is recorded needs the first there. The second at which a group is
	// evaluated goes by the path of its file as it is said: where that is the last before a
	// block of two hours, promtool loses a tile between all blocks, so the path is a fixed one.
	for i := range 3 {
		t.Run(fmt.Sprint("record ", i), func(t *testing.T) {
			server := runPrometheus(t, command, in("data"))
			tool("tsdb", "create-blocks-from", "rules", "--url="+server.String(), "--output-dir="+in("new"),
				"--start="+from.Format(time.RFC3339), "--end="+from.Add(72*time.Hour).Format(time.RFC3339), "tiles.yaml")
		})
		adopt(t, in("new"), in("data"))
	}
	for _, server := range []struct {
		variable string
		commands []string
	}{{"NINES_PROMETHEUS", []string{"prometheus"}}, {"NINES_PROMETHEUS3", []string{"prometheus-3"}}} {
		t.Run(server.commands[0], func(t *testing.T) {
			at := runPrometheus(t, program(t, server.variable, server.commands...), in("data"))
			want, got := judged(t, nines, at, "", from), judged(t, nines, at, ", recorded: true", from)
			if len(want) != 5 || len(got) != len(want) {
				t.Fatalf("%d objectives, by recordings %d", len(want), len(got))
			}
			for _, w := range want {
				i := slices.IndexFunc(got, func(g figures) bool { return g.Name == w.Name && maps.Equal(g.Labels, w.Labels) })
				if i < 0 {
					t.Fatalf("%s %v is not among those by recordings", w.Name, w.Labels)
				}
				alike(t, w, got[i])
			}
		})
	}
}

// writeTiles writes the rules of tiles and slices that nines makes, which is all that is read.
func writeTiles(t *testing.T, file, slo string) {
	t.Helper()
	text := strings.NewReplacer("URL", "http://prometheus.example", "RECORDED", "").Replace(recordedFile)
	if err := os.WriteFile(slo, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	set, findings := spec.Load(nil, []string{slo}, spec.Known{Formats: formats.Formats(false), Sources: sources.Specs([]sources.Kind{prometheus.Kind()})})
	if findings.Errors() {
		t.Fatal(findings)
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := rules.NewFile(f)
	for _, o := range set.Objectives {
		groups, findings := rules.Of(o)
		if findings.Errors() {
			t.Fatal(findings)
		}
		for i := range groups {
			groups[i].Rules = slices.DeleteFunc(groups[i].Rules, func(r rules.Rule) bool {
				return !strings.HasSuffix(r.Record, ":tile") && !strings.HasSuffix(r.Record, ":slice") && r.Record != "nines:excluded"
			})
		}
		out.Add(slices.DeleteFunc(groups, func(g rules.Group) bool { return len(g.Rules) == 0 }))
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// adopt moves blocks into the folder of a server.
func adopt(t *testing.T, blocks, folder string) {
	t.Helper()
	all, err := os.ReadDir(blocks)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		if err := os.Rename(filepath.Join(blocks, b.Name()), filepath.Join(folder, b.Name())); err != nil {
			t.Fatal(err)
		}
	}
}

// figures are what is compared of an objective; increase() gives fractions.
type figures struct {
	Name, State, Error string
	Labels             map[string]string
	Events, Slices     struct{ Bad, Total float64 }
}

// judged returns what nines says of the objectives that a server counts.
func judged(t *testing.T, nines string, server *url.URL, recorded string, from time.Time) []figures {
	t.Helper()
	file := filepath.Join(t.TempDir(), "slo.yaml")
	text := strings.NewReplacer("URL", server.String(), "RECORDED", recorded).Replace(recordedFile)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(nines, "status", file, "-o", "json", "-q", "--at", from.Add(70*time.Hour).Format(time.RFC3339)).Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%v: %s", err, out)
	}
	var answer struct{ SLOs []figures }
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatal(err)
	}
	return answer.SLOs
}

// alike holds figures of recordings against those of samples. Of each tile of five minutes
// increase() guesses 30 seconds, which come out over days: 1 % of all events, 3 % of the few
// bad ones, and one slice that is near its target.
func alike(t *testing.T, want, got figures) {
	t.Helper()
	name := fmt.Sprint(want.Name, want.Labels)
	off := func(a, b float64) float64 { return math.Abs(a/b - 1) }
	t.Logf("%s, by recordings\n%+v\n%+v", name, want, got)
	switch {
	case got.Error+want.Error != "" || got.State != want.State:
		t.Errorf("%s: %s%s", name, got.Error, want.Error)
	case want.Slices.Total > 0:
		if got.Slices.Total != want.Slices.Total || math.Abs(got.Slices.Bad-want.Slices.Bad) > 1 {
			t.Errorf("%s: %v slices, by recordings %v", name, want.Slices, got.Slices)
		}
	case want.Events.Bad < 1000 || off(got.Events.Bad, want.Events.Bad) > 0.03 || off(got.Events.Total, want.Events.Total) > 0.01:
		t.Errorf("%s: %v events, by recordings %v", name, want.Events, got.Events)
	}
}
