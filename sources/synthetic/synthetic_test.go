package synthetic

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

var start = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC) // a Monday

func fetch(t *testing.T, text string, at time.Time, r sources.Request) sources.Answer {
	t.Helper()
	cfg, err := spec.ParseBlock("demo.yaml", text, "")
	if err != nil {
		t.Fatal(err)
	}
	src, err := Kind().Open(t.Context(), cfg, sources.Env{At: at})
	if err != nil {
		t.Fatal(err)
	}
	var got sources.Answer
	if err := src.Fetch(t.Context(), []sources.Request{r}, func(a sources.Answer) { got = a }); err != nil {
		t.Fatal(err)
	}
	return got
}

func hours(from, to int) slo.Period {
	return slo.Period{Start: start.Add(time.Duration(from) * time.Hour), End: start.Add(time.Duration(to) * time.Hour)}
}

func sums(s *slo.Series) (bad, total float64) {
	for i := range s.Total {
		if s.Measured(i) {
			bad, total = bad+s.Bad[i], total+s.Total[i]
		}
	}
	return bad, total
}

func TestTrafficFollowsTheText(t *testing.T) {
	const text = `
start: 2026-01-05T00:00:00Z
traffic: "60/min"
errors: 10%
incidents: [{start: 2026-01-05T02:00:00Z, duration: 1h, errors: 100%}]
gaps: [{start: 2026-01-05T03:00:00Z, duration: 30m}]
`
	at := start.Add(4 * time.Hour)
	for _, c := range []struct {
		from, to   int
		bad, total float64
		tolerance  float64 // of bad: noise rounds each minute up or down
	}{
		{0, 1, 360, 3600, 0.1},
		{2, 3, 3600, 3600, 0},
		{3, 4, 180, 1800, 0.1},
		{4, 5, 0, 0, 0},
		{-1, 0, 0, 0, 0},
	} {
		a := fetch(t, text, at, sources.Request{Count: spec.Both, Period: hours(c.from, c.to), Step: time.Minute})
		bad, total := sums(a.Series)
		if total != c.total || math.Abs(bad-c.bad) > c.bad*c.tolerance {
			t.Errorf("hours %d to %d: got %v bad of %v, want %v of %v", c.from, c.to, bad, total, c.bad, c.total)
		}
		if !a.Newest.Equal(at) || len(a.Notes) > 0 {
			t.Errorf("newest %v, notes %v: want %v and none", a.Newest, a.Notes, at)
		}
	}
}

// No errors are a share as any other, and where two shares hold the larger one counts.
func TestNoErrors(t *testing.T) {
	const text = "start: 2026-01-05T00:00:00Z\ntraffic: 60/min\n"
	incident := func(share string) string {
		return "incidents: [{start: 2026-01-05T01:00:00Z, duration: 1h, errors: " + share + "}]\n"
	}
	for _, c := range []struct {
		text  string
		quiet float64
		worst float64
	}{
		{"", 0, 0},
		{"errors: 0%\n", 0, 0},
		{"errors: 0.00\n" + incident("0"), 0, 0},
		{"errors: 0%\n" + incident("100%"), 0, 3600},
		{"errors: 100%\n" + incident("0%"), 3600, 3600},
	} {
		for hour, want := range []float64{c.quiet, c.worst} {
			a := fetch(t, text+c.text, start.Add(4*time.Hour), sources.Request{Count: spec.Both, Period: hours(hour, hour+1), Step: time.Minute})
			if bad, total := sums(a.Series); bad != want || total != 3600 {
				t.Errorf("%q, hour %d: got %v bad of %v, want %v of 3600", c.text, hour, bad, total, want)
			}
		}
	}
}

func TestDayAndWeekend(t *testing.T) {
	shape, err := parseTraffic("1000/min daily 0.25 weekend 0.5")
	if err != nil {
		t.Fatal(err)
	}
	tokyo := time.FixedZone("", 9*3600)
	for _, c := range []struct {
		at   time.Time
		want uint64
	}{
		{start.Add(16 * time.Hour), 1000},
		{start.Add(4 * time.Hour), 250},
		{start.Add(10 * time.Hour), 812}, // three quarters of the way up
		{start.Add(7 * time.Hour).In(tokyo), 1000},
		{start.AddDate(0, 0, 5).Add(16 * time.Hour), 500},
	} {
		if got := shape.mean(c.at) / million; got != c.want {
			t.Errorf("%v: got %d/min, want %d", c.at, got, c.want)
		}
	}
}

func TestCountsDoNotDependOnThePeriodAsked(t *testing.T) {
	const text = "start: 2026-01-05T00:00:00Z\ntraffic: 40/min daily 0.2 noise 0.3\nerrors: 1%\nseed: 7\n"
	at := start.AddDate(0, 1, 0)
	ask := func(p slo.Period, step time.Duration) *slo.Series {
		return fetch(t, text, at, sources.Request{Count: spec.Both, Period: p, Step: step}).Series
	}
	whole, part, coarse := ask(hours(0, 24), time.Minute), ask(hours(5, 6), time.Minute), ask(hours(5, 6), time.Hour)
	for i := range part.Total {
		if j := 5*60 + i; part.Total[i] != whole.Total[j] || part.Bad[i] != whole.Bad[j] {
			t.Fatalf("minute %v: got %v, want %v", part.Time(i), part.Total[i], whole.Total[j])
		}
	}
	bad, total := sums(part)
	if coarse.Len() != 1 || coarse.Bad[0] != bad || coarse.Total[0] != total {
		t.Errorf("the hour: got %v of %v, want %v of %v", coarse.Bad, coarse.Total, bad, total)
	}
	if _, day := sums(whole); day != 42515 { // the same on every machine
		t.Errorf("the day: got %v events", day)
	}
}

func TestIncompleteBucketIsNotMeasured(t *testing.T) {
	r := sources.Request{Count: spec.Both, Period: hours(0, 2), Step: time.Hour}
	a := fetch(t, "start: 2026-01-05T00:00:00Z\ntraffic: 1/min\n", start.Add(119*time.Minute), r)
	if a.Series.Total[0] != 60 || a.Series.Measured(1) {
		t.Errorf("got %v, want 60 and NaN", a.Series.Total)
	}
}

func TestRefusedRequest(t *testing.T) {
	for name, r := range map[string]sources.Request{
		"label":     {Period: hours(0, 1), Step: time.Minute, Per: []string{"region"}},
		"step":      {Period: hours(0, 1), Step: 90 * time.Second},
		"half past": {Period: slo.Period{Start: start.Add(time.Second), End: start.Add(time.Hour)}, Step: time.Minute},
	} {
		if a := fetch(t, "start: 2026-01-05T00:00:00Z\ntraffic: 1/min\n", start, r); a.Err == nil {
			t.Errorf("%s: want an error", name)
		}
	}
}

func TestCheck(t *testing.T) {
	const ok = "start: 2026-01-05T00:00:00Z\n"
	for _, c := range []struct{ text, want string }{
		{ok + "traffic: 120/min daily 0.3 weekend 0.5 noise 0.1", ""},
		{ok + "traffic: 0/min", ""},
		{ok + "counts: 1 _x3 1/2", ""},
		{ok, "a synthetic source needs traffic or counts [synthetic/traffic]"},
		{ok + "traffic: 120", `demo.yaml:2:10: rate "120": want a unit, /s, /min or /h [synthetic/traffic]`},
		{ok + "traffic: -1/min", `demo.yaml:2:10: rate "-1/min": "-1" is not a plain number such as 0.5 [synthetic/traffic]`},
		{ok + "traffic: 1/min daily", `"daily" needs a share, such as daily 0.5`},
		{ok + "traffic: 1/min daily 2", `daily "2" must be at most 1`},
		{ok + "traffic: 1/min weekday 1", `unknown word "weekday": want daily, weekend or noise`},
		{ok + "traffic: 1/min noise 0.1 noise 0.1", `"noise" is said twice`},
		{ok + "traffic: 9999999999/s", `"9999999999" is over 1000000000`},
		{ok + "traffic: 1/min\nerrors: 101%", `demo.yaml:3:9: "101%" is not a share of bad events [synthetic/errors]`},
		{ok + "traffic: 1/min\nerrors: -1%", `demo.yaml:3:9: "-1%" is not a share of bad events [synthetic/errors]`},
		{ok + "traffic: 1/min\nerrors: 0%", ""},
		{ok + "traffic: 1/min\nincidents: [{start: 2026-01-05T00:00:00Z, duration: 1h, errors: 0}]", ""},
		{ok + "traffic: 1/min\nend: 2026-01-05T00:00:00Z", `end "2026-01-05T00:00:00Z" is not after start`},
		{ok + "traffic: 1/min\nseed: x", `seed "x" is not a whole number`},
		{ok + "traffic: 1/min\ngaps: [{start: 2026-01-06T00:00:30Z, duration: 5}]", "is not the start of a minute"},
		{ok + "traffic: 1/min\ngaps: [{start: 2026-01-06T00:00:00Z, duration: 5}]", "a unit is missing"},
		{ok + "counts: 3/2", `"3/2": more bad events than events`},
		{ok + "counts: 1x0", `"1x0": "0" is not a number of minutes`},
		{ok + "counts: 1.5", `"1.5" is not a count`},
		{ok + "counts: 99999999999999999", "is over 1830034134296582"},
		{ok + "counts: 1x2000000 1x2000000", "counts go beyond 2097152 minutes"},
		{ok + "counts: 1\nerrors: 1%", `demo.yaml:3:1: "errors" has no meaning beside counts`},
		{"start: yesterday\ntraffic: 1/min", `"yesterday" is not a time such as 2026-01-01T00:00:00Z`},
	} {
		cfg, err := spec.ParseBlock("demo.yaml", c.text, "")
		if err != nil {
			t.Fatal(err)
		}
		got := Kind().Check(cfg, spec.Block{})
		if c.want == "" && len(got) > 0 || !strings.Contains(got.Error(), c.want) {
			t.Errorf("%s\ngot  %v\nwant %s", c.text, got, c.want)
		}
	}
}

func FuzzTraffic(f *testing.F) {
	for _, text := range []string{"120/min daily 0.3 weekend 0.5 noise 0.1", "0/s", "0.000001/h weekend 10", "1000000000/min daily 1", "1/min daily"} {
		f.Add(text, int64(0))
	}
	f.Fuzz(func(t *testing.T, text string, minute int64) {
		shape, err := parseTraffic(text)
		if err != nil {
			return
		}
		again, err := parseTraffic(fmt.Sprintf("%s/min daily %s weekend %s noise %s",
			decimal(shape.rate), decimal(shape.daily), decimal(shape.weekend), decimal(shape.noise)))
		if err != nil || again != shape {
			t.Fatalf("%q: got %+v and then %+v, %v", text, shape, again, err)
		}
		at := start.Add(time.Duration(minute%(1<<24)) * time.Minute)
		most := scale(scale(shape.rate, max(shape.weekend, million)), million+shape.noise)/million + 1
		if n := shape.total(at, noiseOf(minute, at)); n > most {
			t.Fatalf("%q: %d events in the minute %v, want at most %d", text, n, at, most)
		}
	})
}

func decimal(n uint64) string { return fmt.Sprintf("%d.%06d", n/million, n%million) }

func FuzzScript(f *testing.F) {
	for _, text := range []string{"1000 3/1000x5 _x10 0", "_", "", "1x", "18014398509481984/18014398509481984", "0x2097152"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parseScript(text)
		if err != nil {
			return
		}
		again, err := parseScript(print(s))
		if err != nil || fmt.Sprint(again) != fmt.Sprint(s) {
			t.Fatalf("%q: got %v and then %v, %v", text, s, again, err)
		}
		for _, i := range []int64{-1, 0, s.minutes() - 1, s.minutes()} {
			if c, ok := s.minute(i); c.bad > c.total || ok && (i < 0 || i >= s.minutes()) {
				t.Fatalf("%q: minute %d: %v %v", text, i, c, ok)
			}
		}
	})
}

func print(s script) string {
	var b strings.Builder
	last := int64(0)
	for _, r := range s {
		what := "_"
		if r.measured {
			what = fmt.Sprintf("%d/%d", r.counts.bad, r.counts.total)
		}
		fmt.Fprintf(&b, "%sx%d ", what, r.end-last)
		last = r.end
	}
	return b.String()
}

func BenchmarkMonth(b *testing.B) {
	cfg, err := spec.ParseBlock("demo.yaml", "start: 2026-01-05T00:00:00Z\ntraffic: 40/min daily 0.2 noise 0.3\nerrors: 1%\n", "")
	if err != nil {
		b.Fatal(err)
	}
	src, err := Kind().Open(b.Context(), cfg, sources.Env{At: start.AddDate(0, 2, 0)})
	if err != nil {
		b.Fatal(err)
	}
	r := sources.Request{Count: spec.Both, Period: hours(0, 30*24), Step: time.Minute}
	for b.Loop() {
		if err := src.Fetch(b.Context(), []sources.Request{r}, func(sources.Answer) {}); err != nil {
			b.Fatal(err)
		}
	}
}

// What is so many days ago moves with the day that is judged, in the file's zone, and
// not within it.
func TestDaysAgo(t *testing.T) {
	const text = `
start: 30d ago
traffic: "60/min"
incidents: [{start: 2d ago 02:30, duration: 30m, errors: 100%}]
gaps: [{start: 1d ago, duration: 1h}]
`
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ at, start, incident, gap string }{
		{"2026-03-01T00:00:00Z", "2026-01-29T23:00:00Z", "2026-02-27T01:30:00Z", "2026-02-27T23:00:00Z"},
		{"2026-03-01T22:59:00Z", "2026-01-29T23:00:00Z", "2026-02-27T01:30:00Z", "2026-02-27T23:00:00Z"},
		{"2026-03-01T23:00:00Z", "2026-01-30T23:00:00Z", "2026-02-28T01:30:00Z", "2026-02-28T23:00:00Z"},
		{"2026-10-27T12:00:00Z", "2026-09-26T22:00:00Z", "2026-10-25T01:30:00Z", "2026-10-25T23:00:00Z"}, // clocks went back
	} {
		cfg, err := spec.ParseBlock("demo.yaml", text, "")
		if err != nil {
			t.Fatal(err)
		}
		cfg.Zone = berlin
		at, _ := time.Parse(time.RFC3339, c.at)
		m, findings := newModel(cfg, at)
		if len(findings) > 0 {
			t.Fatal(findings)
		}
		got := []string{m.start.Format(time.RFC3339), m.incidents[0].during.Start.Format(time.RFC3339), m.gaps[0].Start.Format(time.RFC3339)}
		if want := []string{c.start, c.incident, c.gap}; !slices.Equal(got, want) {
			t.Errorf("at %s: got %v, want %v", c.at, got, want)
		}
	}
}

// A file is right in every zone, whenever it is checked: also in those whose clocks were
// off by seconds before there was standard time.
func TestDaysAgoInEveryZone(t *testing.T) {
	for _, name := range []string{"UTC", "Asia/Tokyo", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns",
		"Australia/Lord_Howe", "Pacific/Apia", "Africa/Monrovia"} {
		cfg, err := spec.ParseBlock("demo.yaml", `
start: 120d ago
end: 0d ago 09:00
traffic: "60/min"
incidents: [{start: 2d ago 02:30, duration: 30m, errors: 100%}]
gaps: [{start: 1d ago, duration: 1h}]
`, "")
		if err != nil {
			t.Fatal(err)
		}
		if cfg.Zone, err = time.LoadLocation(name); err != nil {
			t.Fatal(err)
		}
		if got := check(cfg, spec.Block{}); len(got) > 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestTimesThatAreNone(t *testing.T) {
	for text, want := range map[string]string{
		"start: 3d ago 25:00":                                    "not a time such as",
		"start: 3 days ago":                                      "not a time such as",
		"start: 99999d ago":                                      "not a time such as",
		"start: -3d ago":                                         "not a time such as",
		"start: 3d ago\nend: 3d ago":                             "is not after start",
		"start: 3d ago 12:00\nend: 3d ago 11:59":                 "is not after start",
		"start: 2026-01-01T00:00:00Z\nend: 3d ago":               "",
		"start: 3d ago\nend: 2026-01-01T00:00:00Z":               "",
		"start: 0d ago 09:00\nend: 0d ago 09:01":                 "",
		"start: 2026-01-02T00:00:00Z\nend: 2026-01-01T00:00:00Z": "is not after start",
	} {
		cfg, err := spec.ParseBlock("demo.yaml", text+"\ntraffic: 60/min\n", "")
		if err != nil {
			t.Fatal(err)
		}
		got := check(cfg, spec.Block{})
		if want == "" && len(got) > 0 || want != "" && !strings.Contains(got.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, got, want)
		}
	}
}
