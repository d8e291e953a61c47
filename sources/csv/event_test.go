package csv_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/diag"
)

func TestEvents(t *testing.T) {
	const runs = "timestamp,status,duration\n2026-05-01T00:00:10.5Z,ok,41m10s\n2026-05-01T00:00:11Z,ok,2700\n2026-05-01T00:00:12Z,ok,45m1s\n2026-05-01T00:02:00Z,failed,\n2026-05-01T00:02:00Z,failed,\n"
	const latencies = "timestamp,latency_ms,status\n1777593600,300,200\n1777593601,301,200\n1777593602,12,503\n"
	for _, c := range []struct{ name, data, source, sli, want string }{
		{"runs with units and bare seconds", runs, "", `good: {status: ok, duration: "<= 45m"}`, "1/3 0/0 2/2"},
		{"bad", runs, "", "bad: {status: failed}", "0/3 0/0 2/2"},
		{"where", runs, "", "where: {status: ok}\ngood: {duration: \"<= 45m\"}", "1/3 0/0 0/0"},
		{"unit by name", latencies, "", `good: {latency_ms: "<= 300ms"}`, "1/3 _ _"},
		{"status ranges", latencies, "", "bad: {status: 500-599}", "1/3 _ _"},
		{"duration by role", latencies, "columns: {duration: latency_ms}", `good: {duration: "<= 0.3s"}`, "1/3 _ _"},
		{"unit by key", "timestamp,took\n1777593600,300\n1777593601,301\n", "units: {took: us}", `good: {took: "<= 300us"}`, "1/2 _ _"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := counts(one(t, question{data: c.data, source: c.source, sli: c.sli, length: 3 * time.Minute})); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// A row after the instant proves that the table went on.
func TestALateRowEndsTheSpanAtAt(t *testing.T) {
	start := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	const runs = "timestamp,status\n2026-05-01T00:01:10Z,ok\n2026-05-01T01:00:00Z,ok\n"
	for _, c := range []struct {
		at     time.Duration
		want   string
		newest time.Duration
	}{
		{2 * time.Hour, "_ 0/1 0/0 0/0 0/0", 61 * time.Minute},
		{5 * time.Minute, "_ 0/1 0/0 0/0 0/0", 5 * time.Minute},
		{3*time.Minute + 30*time.Second, "_ 0/1 0/0 _ _", 3 * time.Minute},
		{time.Minute, "_ _ _ _ _", -1},
	} {
		a := one(t, question{data: runs, sli: "bad: {status: failed}", length: 5 * time.Minute, at: start.Add(c.at).Format(time.RFC3339)})
		newest := start.Add(c.newest)
		if c.newest < 0 {
			newest = time.Time{}
		}
		if got := counts(a); got != c.want || !a.Newest.Equal(newest) {
			t.Errorf("at %v: %s, newest %v; want %s, %v", c.at, got, a.Newest, c.want, newest)
		}
	}
}

// A number that is not there fails its test, but not in silence.
func TestRowsWithoutANumber(t *testing.T) {
	const calls = "timestamp,kind,status\n2026-05-01T00:00:10Z,http,200\n2026-05-01T00:00:11Z,http,\n2026-05-01T00:00:12Z,http,timeout\n2026-05-01T00:00:13Z,dns,\n2026-05-01T00:02:00Z,http,\n"
	for _, c := range []struct{ data, sli, want string }{
		{calls, "bad: {status: 5xx}", `0/4 data.csv:3: 3 rows are without a number in column "status", which bad tests as one: the test does not hold there [csv/number]`},
		{calls, "where: {kind: http}\ngood: {status: 200-299}", `2/3 data.csv:3: 2 rows are without a number in column "status", which good tests as one: the test does not hold there [csv/number]`},
		{calls, "where: {status: '>= 0'}\nbad: {status: 5xx}", "0/1"},
		{calls, "bad: {status: [timeout, 5xx]}", "1/4"},
		{calls, "good: {status: 200}", "3/4"},
		{"timestamp,status\n2026-05-01T00:00:10Z,\n", "good: {status: ok}", `1/1 slo.yaml:2:7: no row has "status" [csv/column]`},
	} {
		a := one(t, question{data: c.data, sli: c.sli, length: time.Minute})
		if got := strings.TrimSpace(counts(a) + " " + diag.List(a.Notes).Error()); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.sli, got, c.want)
		}
	}
}

// A row without a duration is judged by its other columns or not at all.
func TestRowsWithoutADuration(t *testing.T) {
	const runs = "timestamp,status,duration\n2026-05-01T00:00:10Z,ok,1\n2026-05-01T00:00:11Z,ok,\n2026-05-01T00:00:12Z,failed,\n"
	const refused = `data.csv:3: column "duration" is empty, and %s needs it to judge the event [csv/duration]`
	const other = `; data.csv:4: column "duration" is empty, and %s needs it to judge the event [csv/duration]`
	const leaves = `where: {duration: ">= 0s"} leaves rows without a duration out`
	for _, c := range []struct{ sli, want, hint string }{
		{`good: {duration: "<= 45m"}`, fmt.Sprintf(refused+other, "good", "good"), leaves},
		{`bad: {duration: "> 45m"}`, fmt.Sprintf(refused+other, "bad", "bad"), leaves},
		{`bad: {not: {duration: "<= 45m"}}`, fmt.Sprintf(refused+other, "bad", "bad"), leaves},
		{`good: {status: ok, duration: "<= 45m"}`, fmt.Sprintf(refused, "good"), leaves},
		{"where: {status: ok}\ngood: {duration: \"<= 45m\"}", fmt.Sprintf(refused, "good"), `add duration: ">= 0s" to where to leave rows without a duration out`},
		{"where: {status: failed}\ngood: {status: ok, duration: \"<= 45m\"}", "1/1", ""},
		{"where: {duration: \">= 0s\"}\ngood: {duration: \"<= 45m\"}", "0/1", ""},
		{`bad: {status: failed}`, "1/3", ""},
	} {
		answers, err := ask(t, question{data: runs, sli: c.sli, length: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		var got, hint string
		if list, ok := answers[0].Err.(diag.List); ok {
			got, hint = strings.ReplaceAll(list.Error(), "\n", "; "), list[0].Hint
		} else {
			got = counts(answers[0])
		}
		if got != c.want || hint != c.hint {
			t.Errorf("%s:\n got %s, hint %s\nwant %s, hint %s", c.sli, got, hint, c.want, c.hint)
		}
	}
}

func TestEventsRefuse(t *testing.T) {
	const fine = "timestamp,status,duration\n2026-05-01T00:00:10Z,ok,1\n"
	const runs = "timestamp,status,duration\n2026-05-01T00:00:10Z,ok,n/a\n2026-05-01T00:00:10,ok,1\n2026-05-01T00:00:10Z,ok\n"
	for _, c := range []struct {
		data, sli string
		want      []string
	}{
		{runs, `good: {duration: "<= 45m"}`, []string{`data.csv:2: column "duration": "n/a" is not a duration`, "data.csv:3", "data.csv:4"}},
		{fine, `good: {state: ok}`, []string{`data.csv:1: column "state" is missing`}},
		{fine, `good: {duration: "<= 45"}`, []string{"slo.yaml:2", "unit"}},
		{fine, "good: {status: ok}\nbad: {status: failed}", []string{"slo.yaml:3:6: the sli has both good and bad [sli/both]"}},
	} {
		answers, err := ask(t, question{data: c.data, sli: c.sli, length: time.Hour})
		if err == nil {
			err = answers[0].Err
		}
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %q", c.sli, err, want)
			}
		}
	}
}

// Labels are bounded alike, whether a row is counts or an event.
func TestLabelsOfCountsAndEventsAreBoundedAlike(t *testing.T) {
	var many strings.Builder
	for i := range 1001 {
		fmt.Fprintf(&many, "2026-05-01T00:00:00Z,%d,1,1\n", i)
	}
	long := strings.Repeat("x", 256)
	for _, sli := range []string{"", "bad: {id: none}"} {
		for _, c := range []struct{ rows, want string }{
			{many.String(), "slo.yaml:1:1: per: id has more than 1,000 different values [per/many]"},
			{"2026-05-01T00:00:00Z," + long + "a,1,1\n2026-05-01T00:00:00Z," + long + "b,1,1\n", "0/2 slo.yaml:1:1: per: id has values of over 256 bytes; they are cut and counted together [per/long]"},
		} {
			a := one(t, question{data: "timestamp,id,good,total\n" + c.rows, sli: sli, per: []string{"id"}, length: time.Minute})
			if got := strings.TrimSpace(counts(a) + " " + diag.List(a.Notes).Error()); got != c.want {
				t.Errorf("sli %q: got %s, want %s", sli, got, c.want)
			}
		}
	}
}
