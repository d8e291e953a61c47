package bucket

import (
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/diag"
)

func TestGrid(t *testing.T) {
	for _, c := range []struct {
		name, zone string
		step       time.Duration
		stamps     []string
		ok         bool
		coarser    time.Duration
	}{
		{"minutes", "UTC", time.Minute, []string{"2026-05-01T00:07:00Z", "2026-05-01T00:08:00Z", "2026-05-01T00:09:00Z"}, true, 0},
		{"every five minutes", "UTC", time.Minute, []string{"2026-05-01T00:05:00Z", "2026-05-01T00:20:00Z", "2026-05-01T00:10:00Z"}, true, 5 * time.Minute},
		{"hourly at seven past", "UTC", time.Minute, []string{"2026-05-01T00:07:00Z", "2026-05-01T01:07:00Z", "2026-05-01T02:07:00Z"}, true, 0},
		{"midnights", "Asia/Tokyo", time.Hour, []string{"2026-04-30T15:00:00Z", "2026-05-01T15:00:00Z", "2026-05-02T15:00:00Z"}, true, 24 * time.Hour},
		{"every seven hours", "UTC", time.Minute, []string{"2026-05-01T00:00:00Z", "2026-05-01T07:00:00Z", "2026-05-01T14:00:00Z"}, true, time.Hour},
		{"local hours off utc", "Asia/Kathmandu", time.Hour, []string{"2026-05-01T00:15:00Z", "2026-05-01T01:15:00Z", "2026-05-01T02:15:00Z"}, true, 0},
		{"hours of utc off local", "Asia/Kathmandu", time.Hour, []string{"2026-05-01T00:00:00Z", "2026-05-01T01:00:00Z", "2026-05-01T02:00:00Z"}, true, 0},
		{"both", "Asia/Kathmandu", time.Hour, []string{"2026-05-01T00:00:00Z", "2026-05-01T01:15:00Z"}, false, 0},
		{"a second late", "UTC", time.Minute, []string{"2026-05-01T00:00:01Z"}, false, 0},
		{"a day without midnight", "America/Sao_Paulo", time.Hour, []string{"2018-11-04T03:00:00Z", "2018-11-04T04:00:00Z"}, true, 0},
		{"a half-hour change", "Australia/Lord_Howe", 30 * time.Minute, []string{"2026-04-04T14:30:00Z", "2026-04-04T15:00:00Z", "2026-04-04T15:30:00Z"}, true, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newGrid(c.step, location(t, c.zone), "csv")
			for i, text := range c.stamps {
				g.add("f.csv", instant(t, text), func() diag.Finding { return diag.Finding{Pos: diag.Pos{Line: i + 2}, Message: text} })
			}
			if err := g.err(); (err == nil) != c.ok {
				t.Errorf("error: got %v, want ok %v", err, c.ok)
			}
			if got := g.coarser(); c.ok && got != c.coarser {
				t.Errorf("coarser step: got %v, want %v", got, c.coarser)
			}
		})
	}
}

// A row off the step is told with the step that the rows have, if they have one.
func TestGridHints(t *testing.T) {
	for _, c := range []struct {
		step   time.Duration
		stamps []string
		want   string
	}{
		{time.Minute, []string{"00:00:00", "00:00:05", "00:00:10", "00:00:15"}, "did you mean step: 5s?"},
		{time.Minute, []string{"00:00:30", "00:01:00", "00:01:30"}, "did you mean step: 30s?"},
		{30 * time.Second, []string{"00:00:20", "00:00:40", "00:01:00"}, "did you mean step: 20s?"},
		{time.Hour, []string{"00:00:10", "00:00:00", "00:00:20"}, "did you mean step: 10s?"},
		{time.Minute, []string{"00:00:00", "00:00:05", "00:00:13"}, "rows are counts of whole minutes"},
		{time.Minute, []string{"00:00:07", "00:00:14", "00:00:21"}, "rows are counts of whole minutes"},
		{time.Minute, []string{"00:00:01", "00:01:01", "00:02:01"}, "rows are counts of whole minutes"},
		{time.Minute, []string{"00:00:00.5", "00:00:05.5", "00:00:10.5"}, "rows are counts of whole minutes"},
		{time.Hour, []string{"00:30:00", "01:30:00", "02:30:00"}, "as it was"},
	} {
		g := newGrid(c.step, time.UTC, "csv")
		for _, clock := range c.stamps {
			g.add("f.csv", instant(t, "2026-05-01T"+clock+"Z"), func() diag.Finding { return diag.Finding{Hint: "as it was"} })
		}
		list, _ := g.err().(diag.List)
		if len(list) == 0 || !strings.HasPrefix(list[0].Hint, c.want) {
			t.Errorf("step %v, %v: got %+v, want the hint %s", c.step, c.stamps, list, c.want)
		}
	}
}

func location(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func instant(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
