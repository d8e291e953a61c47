package csv_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/sourcetest"
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

// A row after the instant proves that the table went on; only one of the next minute
// that it is fresh.
func TestALateRowEndsTheSpanAtAt(t *testing.T) {
	start := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	const runs = "timestamp,status\n2026-05-01T00:01:10Z,ok\n2026-05-01T01:00:00Z,ok\n"
	for _, c := range []struct {
		at     time.Duration
		want   string
		newest time.Duration
	}{
		{2 * time.Hour, "_ 0/1 0/0 0/0 0/0", 61 * time.Minute},
		{5 * time.Minute, "_ 0/1 0/0 0/0 0/0", 2 * time.Minute},
		{3*time.Minute + 30*time.Second, "_ 0/1 0/0 _ _", 2 * time.Minute},
		{60 * time.Minute, "_ 0/1 0/0 0/0 0/0", 60 * time.Minute},
		{59 * time.Minute, "_ 0/1 0/0 0/0 0/0", 2 * time.Minute},
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

// A text in the place of a number says nothing, unless the list names texts too.
func TestRowsWithoutANumber(t *testing.T) {
	const calls = "timestamp,kind,status\n2026-05-01T00:00:10Z,http, 200\n2026-05-01T00:00:11Z,http,timeout\n2026-05-01T00:00:12Z,http,-\n2026-05-01T00:00:13Z,dns,-1\n2026-05-01T00:02:00Z,http,x\n"
	for _, c := range []struct{ sli, want string }{
		{"bad: {status: 5xx}", `slo.yaml:2:6: 2 of 4 rows to judge have no readable "status", which bad needs: 50 %, over max_unread 1 % [csv/absent]; data.csv:3: row has no readable "status" [csv/absent]; data.csv:4: row has no readable "status" [csv/absent]`},
		{"where: {kind: http}\ngood: {status: 200-299}", `2 of 3 rows to judge have no readable "status", which good needs: 67 %`},
		{"where: {status: '>= 0'}\nbad: {status: 5xx}", `2 of 4 rows have no readable "status", which where needs: 50 %`},
		{"bad: {status: '< 0'}", `2 of 4 rows to judge have no readable "status", which bad needs: 50 %`},
		{"where: {status: {not: [timeout, '-']}}\nbad: {status: '< 0'}", "1/2"},
		{"bad: {status: [timeout, 5xx]}", "1/4"},
		{"bad: {status: [timeout, 200-299]}", "2/4"},
		{"good: {status: 200}", "3/4"},
	} {
		answers, err := ask(t, question{data: calls, sli: c.sli, length: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		a := answers[0]
		got := counts(a) + diag.List(a.Notes).Error()
		if a.Err != nil {
			got = strings.ReplaceAll(a.Err.Error(), "\n", "; ")
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s:\n got %s\nwant %s", c.sli, got, c.want)
		}
	}
}

// A row without a value is judged by its other columns or not at all.
func TestRowsWithoutAValue(t *testing.T) {
	const runs = "timestamp,status,duration\n2026-05-01T00:00:10Z,ok,1\n2026-05-01T00:00:11Z,ok,\n2026-05-01T00:00:12Z,failed,\n2026-05-01T00:00:13Z,,2\n"
	const leaves = "where: {duration: {not: none}} leaves such rows out"
	for _, c := range []struct{ sli, want, hint string }{
		{`good: {duration: "<= 45m"}`, `2 of 4 rows to judge have no readable "duration", which good needs: 50 %, over max_unread 1 %`, leaves},
		{`bad: {not: {duration: "<= 45m"}}`, `2 of 4 rows to judge have no readable "duration", which bad needs: 50 %, over max_unread 1 %`, leaves},
		{`good: {status: ok, duration: "<= 45m"}`, `2 of 4 rows to judge have no readable "status" or "duration", which good needs: 50 %, over max_unread 1 %`, ""},
		{"where: {status: ok}\ngood: {duration: \"<= 45m\"}", `1 of 4 rows has no "status", which where needs; none of them can be bad`, ""},
		{"where: {status: [none, ok]}\ngood: {duration: \"<= 45m\"}", `1 of 3 rows to judge has no readable "duration"`, `add duration: {not: none} to where to leave such rows out`},
		{"where: {status: failed, not: {status: none}}\ngood: {status: ok, duration: \"<= 45m\"}", "1/1", ""},
		{"where: {duration: {not: none}}\ngood: {duration: \"<= 45m\"}", "0/2", ""},
		{`bad: {status: [none, failed]}`, "2/4", ""},
		{`bad: {status: none}`, "1/4", ""},
		{`good: {status: {not: none}}`, "1/4", ""},
		{`bad: {status: "== none"}`, `1 of 4 rows to judge has no "status", which bad needs: 25 %, over max_unread 1 %`, "where: {status: {not: none}} leaves such rows out"},
	} {
		answers, err := ask(t, question{data: runs, sli: c.sli, length: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		got := counts(answers[0])
		list, refused := answers[0].Err.(diag.List)
		if refused {
			got = strings.ReplaceAll(list.Error(), "\n", "; ")
		}
		if !strings.Contains(got+diag.List(answers[0].Notes).Error(), c.want) || c.hint != "" && (!refused || list[0].Hint != c.hint) {
			t.Errorf("%s:\n got %s, %v\nwant %s, hint %s", c.sli, got, list, c.want, c.hint)
		}
	}
}

// Under max_unread what cannot be judged is shown, and doubted.
func TestMaxUnreadOfRows(t *testing.T) {
	runs := "timestamp,status\n" + strings.Repeat("2026-05-01T00:00:10Z,200\n", 19) + "2026-05-01T00:01:10Z,\n"
	for limit, want := range map[string]string{"": "refused", "max_unread: 4.9%": "refused", "max_unread: 0%": "refused",
		"max_unread: 5%": `0/19 0/0 | 0/0 1/1 | slo.yaml:2:6: 1 of 20 rows to judge has no "status", which bad needs: 5 % [csv/absent] | data.csv:21: row has no "status" [csv/absent]`} {
		a, err := ask(t, question{data: runs, sli: "bad: {status: 5xx}", source: limit, length: 2 * time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		got := "refused"
		if a[0].Err == nil {
			got = strings.Join([]string{counts(a[0]), sourcetest.Counts(a[0].Series.Doubt), strings.ReplaceAll(diag.List(a[0].Notes).Error(), "\n", " | ")}, " | ")
		}
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", limit, got, want)
		}
	}
	_, err := ask(t, question{data: "timestamp,good,total\n2026-05-01T00:00:00Z,1,2\n", source: "max_unread: 5%", length: time.Minute})
	if err == nil || !strings.Contains(err.Error(), "max_unread is not used: the sli reads a table of counts, and all of them [table/max_unread]") {
		t.Errorf("of a table of counts: %v", err)
	}
	const counted = "timestamp,region,bad,total\n2026-05-01T00:00:00Z,eu,0,10\n2026-05-01T00:00:00Z,,2,4\n"
	a := one(t, question{data: counted, source: "max_unread: 50%", sli: "where: {region: eu}", length: time.Minute})
	if got := counts(a); got != "0/10" || sourcetest.Counts(a.Series.Doubt) != "2/4" {
		t.Errorf("of a table of counts with where: %s, doubt %+v", got, a.Series.Doubt)
	}
}

func TestEventsRefuse(t *testing.T) {
	const fine = "timestamp,status,duration\n2026-05-01T00:00:10Z,ok,1\n"
	const runs = "timestamp,status,duration\n2026-05-01T00:00:10Z,ok,n/a\n2026-05-01T00:00:10,ok,1\n2026-05-01T00:00:10Z,ok,1,2\n"
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
			{many.String(), "slo.yaml:1:1: per: id has more than 1,000 different values, as max_sets allows, such as \"0\", \"1\", \"10\" [per/many]"},
			{"2026-05-01T00:00:00Z," + long + "a,1,1\n2026-05-01T00:00:00Z," + long + "b,1,1\n", "0/2 slo.yaml:1:1: per: id has values of over 256 bytes; they are cut and counted together [per/long]"},
		} {
			a := one(t, question{data: "timestamp,id,good,total\n" + c.rows, sli: sli, per: []string{"id"}, length: time.Minute})
			if got := strings.TrimSpace(counts(a) + " " + diag.List(a.Notes).Error()); got != c.want {
				t.Errorf("sli %q: got %s, want %s", sli, got, c.want)
			}
		}
	}
}
