package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// shop is the folder of the example.
const shop = ".."

func TestGeneratorWritesWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	if err := generate(dir); err != nil {
		t.Fatal(err)
	}
	made, there := files(t, dir), files(t, shop)
	for name := range there {
		if made[name] == 0 {
			t.Errorf("%s is there and not generated", name)
		}
	}
	total := int64(0)
	for name, size := range made {
		if !bytes.Equal(content(t, dir, name), content(t, shop, name)) {
			t.Errorf("%s: the generator writes something else", name)
		}
		total += size
	}
	if total > 3_000_000 {
		t.Errorf("the measurements take %d bytes, want at most 3 MB", total)
	}
}

// files returns the measurements below dir with their sizes.
func files(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	found := map[string]int64{}
	for _, sub := range []string{"logs", "data"} {
		err := filepath.WalkDir(filepath.Join(dir, sub), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			name, err := filepath.Rel(dir, path)
			found[name] = info.Size()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

func content(t *testing.T, dir, name string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// count is the good and bad of one promise.
type count struct{ bad, total, incident int }

// add counts events of the instant at; those of e are counted as its too.
func (c *count) add(at time.Time, e event, bad, total int) {
	c.bad += bad
	c.total += total
	if e.contains(at) {
		c.incident += bad
	}
}

// spent returns the share of the error budget that is spent, in percent.
func (c count) spent(target float64) float64 {
	return 100 * float64(c.bad) / ((1 - target) * float64(c.total))
}

// A month has its own bounds in each zone.
var (
	october       = between("2026-09-30 22:00", "2026-10-31 23:00")
	octoberTokyo  = between("2026-09-30 15:00", "2026-10-31 15:00")
	september     = between("2026-08-31 22:00", "2026-09-30 22:00")
	maintenance   = utc("2026-10-25 00:00") // 02:00 for the first time that night
	octoberSunday = []time.Time{utc("2026-10-04 00:00"), utc("2026-10-11 00:00"), utc("2026-10-18 00:00"), maintenance}
)

func excluded(at time.Time) bool {
	for _, start := range octoberSunday {
		if (event{start, start.Add(time.Hour)}).contains(at) {
			return true
		}
	}
	for d := utc("2026-09-06 00:00"); d.Before(october.start); d = d.AddDate(0, 0, 7) {
		if (event{d, d.Add(time.Hour)}).contains(at) {
			return true
		}
	}
	return false
}

type logged struct {
	at     time.Time
	path   string
	status int
	ms     int
}

func readLogs(t *testing.T) []logged {
	t.Helper()
	var out []logged
	for name := range files(t, shop) {
		if !strings.HasPrefix(name, "logs") {
			continue
		}
		for line := range strings.Lines(string(content(t, shop, name))) {
			out = append(out, readLine(t, strings.TrimSuffix(line, "\n")))
		}
	}
	return out
}

// readLine reads `ADDRESS - - [TIME] "GET /PATH HTTP/1.1" STATUS BYTES "-" "AGENT" SECONDS`.
func readLine(t *testing.T, line string) logged {
	t.Helper()
	part := strings.Split(line, "\"")
	if len(part) != 7 {
		t.Fatalf("%q is not a line of the log", line)
	}
	_, stamp, _ := strings.Cut(part[0], "[")
	at, err := time.Parse("02/Jan/2006:15:04:05 -0700] ", stamp)
	if err != nil {
		t.Fatal(err)
	}
	status, err := strconv.Atoi(strings.Fields(part[2])[0])
	if err != nil {
		t.Fatal(err)
	}
	ms, err := strconv.Atoi(strings.Replace(part[6][1:], ".", "", 1))
	if err != nil {
		t.Fatal(err)
	}
	return logged{at, strings.Fields(part[1])[1], status, ms}
}

func TestLogsTellTheStory(t *testing.T) {
	lines := readLogs(t)
	everyHourIsBusy(t, lines)
	sum := func(month, incident event, api bool, bad func(logged) bool) (c count) {
		for _, l := range lines {
			if strings.HasPrefix(l.path, "/api/checkout/") != api || l.path == "/healthz" || !month.contains(l.at) || excluded(l.at) {
				continue
			}
			failed := 0
			if bad(l) {
				failed = 1
			}
			c.add(l.at, incident, failed, 1)
		}
		return c
	}
	failed := func(l logged) bool { return l.status >= 500 }
	slower := func(ms int) func(logged) bool { return func(l logged) bool { return l.ms > ms } }
	for _, c := range []struct {
		name      string
		got       count
		target    float64
		low, high float64 // of the budget spent, in percent
	}{
		{"checkout availability is missed", sum(october, deploy, true, failed), 0.995, 135, 150},
		{"checkout latency is met", sum(october, deploy, true, slower(1000)), 0.99, 40, 70},
		{"storefront availability is met", sum(october, slowPages, false, failed), 0.999, 20, 60},
		{"storefront latency is at risk", sum(october, slowPages, false, slower(300)), 0.95, 80, 95},
		{"storefront latency at 90 % is met", sum(october, slowPages, false, slower(300)), 0.90, 40, 50},
		{"checkout availability was met in september", sum(september, deploy, true, failed), 0.995, 30, 70},
		{"storefront latency was met in september", sum(september, slowPages, false, slower(300)), 0.95, 55, 74},
	} {
		if s := c.got.spent(c.target); s < c.low || s > c.high {
			t.Errorf("%s: %.1f%% of the budget spent, want %v to %v (%+v)", c.name, s, c.low, c.high, c.got)
		}
	}
	if c := sum(october, deploy, true, failed); 2*c.incident <= c.bad {
		t.Errorf("the deploy cost %d of %d, want over half", c.incident, c.bad)
	}
}

func everyHourIsBusy(t *testing.T, lines []logged) {
	t.Helper()
	seen := map[time.Time]int{}
	for _, l := range lines {
		seen[l.at.UTC().Truncate(time.Hour)]++
	}
	for h := september.start; h.Before(october.end); h = h.Add(time.Hour) {
		if seen[h] == 0 {
			t.Errorf("hour %v has no line", h)
		}
	}
}

// readTable returns the rows since the end of September 2026, by column.
func readTable(t *testing.T, name string) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(content(t, shop, name))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		if row[0] < "2026-09-30" {
			continue
		}
		m := map[string]string{}
		for i, column := range rows[0] {
			m[column] = row[i]
		}
		out = append(out, m)
	}
	return out
}

func number(t *testing.T, m map[string]string, column string) int {
	t.Helper()
	n, err := strconv.Atoi(m[column])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// tableRow is one row as the three counts.
func tableRow(t *testing.T, m map[string]string) (at time.Time, bad, total int) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, m["timestamp"])
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case m["good"] == "":
		return at, number(t, m, "bad"), number(t, m, "total")
	case m["total"] == "":
		return at, number(t, m, "bad"), number(t, m, "bad") + number(t, m, "good")
	}
	return at, number(t, m, "total") - number(t, m, "good"), number(t, m, "total")
}

func TestTablesTellTheStory(t *testing.T) {
	for _, c := range []struct {
		file, region string
		month, left  event // left: time that an exclusion takes out, beside the maintenance in Berlin
		target       float64
		low, high    float64
	}{
		{"data/search.csv.gz", "", october, event{}, 0.999, 50, 74},
		{"data/suggestions.csv", "", october, event{}, 0.995, 10, 50},
		{"data/payments.csv.gz", "", octoberTokyo, migration, 0.995, 30, 74},
		{"data/authorisations.csv.gz", "asia", octoberTokyo, migration, 0.999, 20, 60},
		{"data/authorisations.csv.gz", "europe", octoberTokyo, migration, 0.999, 20, 74},
	} {
		var got count
		for _, m := range readTable(t, c.file) {
			at, bad, total := tableRow(t, m)
			if m["region"] != c.region || !c.month.contains(at) {
				continue
			}
			if c.left == (event{}) && !excluded(at) || c.left != (event{}) && !c.left.contains(at) {
				got.add(at, reindex, bad, total)
			}
		}
		if s := got.spent(c.target); s < c.low || s > c.high {
			t.Errorf("%s %s: %.1f%% of the budget spent, want %v to %v (%+v)", c.file, c.region, s, c.low, c.high, got)
		}
	}
}

func TestSuggestionsLackData(t *testing.T) {
	measured := 0
	for _, m := range readTable(t, "data/suggestions.csv") {
		if at, _, _ := tableRow(t, m); october.contains(at) && !excluded(at) {
			measured++
		}
	}
	hours := int(october.end.Sub(october.start)/time.Hour) - len(octoberSunday)
	if share := float64(measured) / float64(hours); share < 0.8 || share > 0.88 {
		t.Errorf("%d of %d hours were measured, want a share between 0.8 and 0.88", measured, hours)
	}
}

func TestJobsTellTheStory(t *testing.T) {
	for _, c := range []struct {
		file      string
		month     event
		longest   time.Duration
		bad, runs int
	}{
		{"data/settlement.ndjson", octoberTokyo, 45 * time.Minute, 1, 155},
		{"data/index.ndjson", october, 10 * time.Minute, 4, 745},
	} {
		var bad, runs int
		for line := range bytes.Lines(content(t, shop, c.file)) {
			var r struct {
				Timestamp        time.Time
				Status, Duration string
			}
			if err := json.Unmarshal(line, &r); err != nil {
				t.Fatal(err)
			}
			length, err := time.ParseDuration(r.Duration)
			if err != nil {
				t.Fatal(err)
			}
			if !c.month.contains(r.Timestamp) {
				continue
			}
			runs++
			if r.Status != "ok" || length > c.longest {
				bad++
			}
		}
		if bad != c.bad || runs != c.runs {
			t.Errorf("%s: %d of %d runs went wrong, want %d of %d", c.file, bad, runs, c.bad, c.runs)
		}
	}
}
