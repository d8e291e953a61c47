package tally

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/sampletest"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// The first value of a series that begins 30 s after noon, 1,000 with 10 at each scrape
// behind it; the other series of the total does not move.
func TestBirths(t *testing.T) {
	const born = `r_total{job="j",instance="a",code="500"} _x10 1000+10x10
		`
	const old = `r_total{job="j",instance="a",code="200"} 5x20
		`
	const quiet = `r_total{job="j",instance="b",code="200"} 5x20
		`
	began := func(metric, labels string, ago time.Duration) string {
		at := noon.Add(30 * time.Second).Add(-ago).Unix()
		return fmt.Sprintf("%s{job=\"j\",instance=\"a\"%s} _x10 %dx10\n", metric, labels, at)
	}
	for _, test := range []struct{ name, lines, want string }{
		{"the target was there", born + old, "1020/1020 40/40 40/40"},
		{"up says so", born + quiet + `up{job="j",instance="a"} 1x20`, "1020/1020 40/40 40/40"},
		{"up says that it was not", born + quiet + `up{job="j",instance="a"} 0x9 1x11`, "20/20 40/40 40/40 births"},
		{"another target was there", born + quiet, "20/20 40/40 40/40 births"},
		{"a target of the same name in another job was", born + quiet + `up{job="k",instance="a"} 1x20`, "20/20 40/40 40/40 births"},
		{
			"a series of the target ended then: it was renamed",
			born + quiet + `r_total{job="j",instance="a",code="5xx"} 900+10x9`,
			"20/30 40/40 40/40 births",
		},
		{
			"a series of the target ended earlier, at more",
			born + quiet + `r_total{job="j",instance="a",code="404"} 931+10x7
				up{job="j",instance="a"} 1x20`,
			"1020/1020 40/40 40/40",
		},
		{
			"it was renamed, and a marker says that the old one ended",
			born + quiet + `r_total{job="j",instance="a",code="5xx"} 900+10x9 stale`,
			"20/30 40/40 40/40 births",
		},
		{"the process is new", born + quiet + began("process_start_time_seconds", "", 5*time.Second), "1020/1020 40/40 40/40"},
		{"the process is older than the scrape before", born + quiet + began("process_start_time_seconds", "", 16*time.Second),
			"20/20 40/40 40/40 births"},
		{"the counter is new", born + quiet + began("r_created", `,code="500"`, 5*time.Second), "1020/1020 40/40 40/40"},
		{"another counter is new", born + quiet + began("r_created", `,code="200"`, 5*time.Second), "20/20 40/40 40/40 births"},
		{"all data begins there", born, "20/20 40/40 40/40"},
	} {
		a := fetch(t, lines(test.lines), Config{}, request(t, totals, 3))[0]
		if got := says(a); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// When a counter began says its family's _created, whatever part of it is counted.
func TestCreated(t *testing.T) {
	born := fmt.Sprint(noon.Add(25 * time.Second).Unix())
	for counter, created := range map[string]string{"r_total": "r_created", "r_seconds_count": "r_seconds_created", "r": "r_created"} {
		a := fetch(t, lines(counter+`{job="j",instance="a"} 0+1x20
			`+counter+`{job="j",instance="b"} _x10 500+0x9
			`+created+`{job="j",instance="b"} _x10 `+born+`+0x9`), Config{},
			request(t, `{bad: {counter: '`+counter+`{instance="b"}'}, total: {counter: `+counter+`}}`, 3))[0]
		if got, want := says(a), "500/504 0/4 0/4"; got != want {
			t.Errorf("%s: got %s, want %s", counter, got, want)
		}
	}
}

// The first value of a series may be that of one with other labels, which ended some scrapes
// away: if it goes on from there it does not count. It is 1,000 here, 30 s after noon.
func TestRenamed(t *testing.T) {
	const (
		born  = `r_total{job="j",instance="a",code="500"} _x10 1000+10x20` + "\n"
		up    = `up{job="j",instance="a"} 1x40` + "\n"
		other = `r_total{job="j",instance="a",code="404"} 7x40` + "\n"
		old   = `r_total{job="j",instance="a",status="500"} `
		more  = `r_total{job="j",instance="a",status="502"} `
		whole = "1020/1020 40/40 40/40"
		left  = "20/20 40/40 40/40 births"
	)
	for _, test := range []struct{ name, lines, want string }{
		{"it ended 3 scrapes before, below", up + old + "929+10x7", left},
		{"it ended there, at the same", up + old + "930+10x7", left},
		{"it ended there, above", up + old + "931+10x7", whole},
		{"with no up, and another series of the target", other + old + "930+10x7", left},
		{"above, with no up, and another series of the target", other + old + "931+10x7", whole},
		{"two ended, both above", up + old + "940+10x7\n" + more + "2000x5", whole},
		{"two ended, one below", up + old + "940+10x7\n" + more + "600x5", left},
		{"two ended, one far below", up + old + "940+10x7\n" + more + "499x5", whole},
		{"two that ended became one", up + old + "300x7\n" + more + "200x7", left},
		{"two that ended are less than half", up + old + "300x7\n" + more + "199x7", whole},
		{"one beside it ended five scrapes before", up + other + old + "930x5", left},
		{"one of other events ended", up + `r_total{job="j",instance="a",code="200"} 930x7`, whole},
		{"and one of the same", up + old + "500x7\n" + `r_total{job="j",instance="a",code="200"} 930x7`, left},
		{"one beside it ended before that", up + other + old + "930x4", whole},
		{"all paused for long", up + old + "930x1", left},
		{"one ended before the pause of another", up + old + "930x1\n" + more + "7x3", whole},
		{"a small one beside it", up + old + "930x7\n" + `r_total{job="j",instance="a",code="502"} _x10 5x20`, left},
		{"a small one of another scrape", up + old + "930x7\n" + `r_total{job="j",instance="a",code="502"} _x11 5x20`, "20/25 40/40 40/40 births"},
		{"it ended one scrape after", up + old + "900+10x11", "20/50 40/40 40/40 births"},
		{"it ended one scrape after, and is above", up + old + "901+10x11", "1020/1050 40/40 40/40"},
		{"it ended five scrapes after", up + old + "500x15", left},
		{"it ended five scrapes after, far below", up + old + "499x15", whole},
		{"it ended six scrapes after", up + old + "500x16", whole},
		{"it goes on", up + old + "500x40", whole},
		{"a series of another target ended", up + `r_total{job="j",instance="b",status="500"} 930+10x7`, whole},
		{"the counter is new", up + old + "930+10x7\n" +
			fmt.Sprintf(`r_created{job="j",instance="a",code="500"} _x10 %dx10`, noon.Add(25*time.Second).Unix()), whole},
		{"the process is new", up + old + "930+10x7\n" +
			fmt.Sprintf(`process_start_time_seconds{job="j",instance="a"} %dx20`, noon.Add(25*time.Second).Unix()), whole},
		{"the process is younger than what ended", up + old + "930+10x7\n" +
			fmt.Sprintf(`process_start_time_seconds{job="j",instance="a"} %dx20`, noon.Add(16*time.Second).Unix()), whole},
		{"the process is old", up + old + "930+10x7\n" +
			fmt.Sprintf(`process_start_time_seconds{job="j",instance="a"} %dx20`, noon.Add(-time.Hour).Unix()), left},
	} {
		first := `r_total{job="j",instance="c",code="200"} 5x40` + "\n" // all data does not begin with the birth
		store := lines(first + born + test.lines)
		alone := fetch(t, store, Config{}, request(t, totals, 3))[0]
		if got := says(alone); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		sibling := request(t, `{bad: {counter: 'r_total{code=~"5..|404"}'}, total: {counter: 'r_total{code!="503"}'}}`, 3)
		beside := fetch(t, store, Config{}, sibling, request(t, totals, 3), sibling)[1]
		if says(beside) != says(alone) {
			t.Errorf("%s: beside others %s, alone %s", test.name, says(beside), says(alone))
		}
	}
}

// A series that ended an hour before, or 30 scrapes if that is longer, may go on with
// other labels. All that was known at an instant decides what is said of it then.
func TestRenamedLongAgo(t *testing.T) {
	const left, whole = "20/20 0/0 births", "1020/1020 0/0"
	for _, test := range []struct {
		name    string
		every   time.Duration
		scrapes int64 // before the birth
		at      time.Duration
		want    string
	}{
		{"an hour", time.Minute, 60, 0, left},
		{"more", time.Minute, 61, 0, whole},
		{"29 scrapes of 4 minutes", 4 * time.Minute, 29, 0, left},
		{"31 of them", 4 * time.Minute, 31, 0, whole},
		{"three scrapes behind, which were not there yet", time.Minute, -3, 2 * time.Minute, whole},
		{"three scrapes behind, which were", time.Minute, -3, 4 * time.Minute, left},
	} {
		begin, n := noon.Add(-200*test.every), 200
		born := time.Minute.Milliseconds()
		if test.every > time.Minute {
			born = test.every.Milliseconds()
		}
		text := fmt.Sprintf("r_total{job=\"j\",instance=\"a\",code=\"500\"} _x%d 1000 1020x60\n", n+1) +
			"r_total{job=\"j\",instance=\"c\",code=\"200\"} 5x260\nup{job=\"j\",instance=\"a\"} 1x260\n" +
			fmt.Sprintf("r_total{job=\"j\",instance=\"a\",status=\"500\"} 900x%d\n", int64(n)+1-test.scrapes)
		c := Config{Step: 10 * test.every}
		if test.at > 0 {
			c.At = noon.Add(time.Duration(born)*time.Millisecond + test.at)
		}
		a := fetch(t, sampletest.New(sampletest.Lines(begin, test.every, text)...), c, request(t, totals, int(20*test.every/time.Minute)))[0]
		got := says(a)
		if test.at > 0 {
			got = strings.Replace(strings.Replace(got, " -", " 0/0", 1), " late", "", 1)
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// The buckets of a histogram that has other labels are judged as one.
func TestRenamedHistogram(t *testing.T) {
	const up = `up{job="j",instance="a"} 1x20` + "\n"
	h := func(path, times string, buckets ...int) (text string) {
		for i, le := range []string{"0.1", "0.3", "+Inf"} {
			text += fmt.Sprintf("h_seconds_bucket{job=\"j\",instance=\"a\",path=%q,le=%q} %s\n", path, le, fmt.Sprintf(times, buckets[i]))
		}
		return text
	}
	all := up + h("/c", "%dx20", 1, 2, 3) + h("/b", "_x10 %dx9", 2000, 5000, 7000)
	for name, test := range map[string]struct{ lines, want string }{
		"none ended":                     {all, "2000/7000 0/0"},
		"it goes on":                     {all + h("/a", "%dx7", 500, 4000, 6000), "0/0 0/0 births"},
		"some buckets are below":         {all + h("/a", "%dx7", 1000, 6000, 8000), "2000/7000 0/0"},
		"some are above, but not of all": {all + h("/a", "%dx7", 3000, 6000, 7000), "0/0 0/0 births"},
	} {
		if got := says(fetch(t, lines(test.lines), Config{}, request(t, "{histogram: h_seconds, good: '<= 300ms'}", 2))[0]); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}

// The note on first values says how many series and how many events.
func TestBirthNote(t *testing.T) {
	a := fetch(t, lines(`r_total{job="j",instance="a",code="500"} _x10 1000+10x10
		r_total{job="j",instance="b",code="200"} 5x20
		r_total{job="j",instance="c",code="404"} _x11 70+10x9`), Config{}, request(t, totals, 3))[0]
	want := "the first values of 2 series are left out, since nobody can tell when these events were: " +
		"at most 1,000 of r_total{code=\"500\"} and 1,070 of r_total; the first at 2026-03-10T12:00:30Z"
	for _, n := range a.Notes {
		if n.Message == want {
			return
		}
	}
	t.Errorf("no note says %q: %v", want, a.Notes)
}

// A note on first values is that of the label set it is told with; what began at 0 lost
// nothing.
func TestBirthNoteOfSet(t *testing.T) {
	store := lines(`r_total{job="a",instance="1",code="500"} _x10 1000+10x10
		r_total{job="a",instance="2",code="200"} 5x20
		r_total{job="b",instance="3",code="200"} 5x20
		r_total{job="b",instance="4",code="200"} _x10 0+10x10
		r_total{job="c",instance="5",code="200"} 5x20
		r_total{job="c",instance="6",code="404"} _x10 7+10x10`)
	const say = "the first value of 1 series is left out, since nobody can tell when these events were: at most "
	want := map[string]string{
		"a": say + "1,000 of r_total{code=\"500\"} and 1,000 of r_total; the first at 2026-03-10T12:00:30Z",
		"b": "",
		"c": say + "7 of r_total; the first at 2026-03-10T12:00:30Z",
	}
	for _, a := range fetch(t, store, Config{}, request(t, totals, 3, "job")) {
		var got []string
		for _, n := range a.Notes {
			got = append(got, n.Message)
		}
		if text := strings.Join(got, "; "); text != want[a.Labels["job"]] {
			t.Errorf("%s: got %q, want %q", a.Labels["job"], text, want[a.Labels["job"]])
		}
	}
}

// Questions about births are few, however many series begin, and short.
func TestManyBirths(t *testing.T) {
	var text strings.Builder
	for pod := range 2000 {
		fmt.Fprintf(&text, "r_total{job=\"j\",instance=\"pod-%d\"} _x%d 5x3\nup{job=\"j\",instance=\"pod-%d\"} _x%d 1x4\n",
			pod, 10+pod/10, pod, 9+pod/10)
	}
	store := lines(text.String() + "r_total{job=\"j\",instance=\"x\",code=\"500\"} 0x250")
	a := fetch(t, store, Config{}, request(t, totals, 60))[0]
	sum := 0.0
	for i := range a.Series.Len() {
		sum += a.Series.Total[i]
	}
	if sum != 5*2000 {
		t.Errorf("got %v events, want 5 of each pod", sum)
	}
	if n := len(store.Asked); n > 2 {
		t.Errorf("the store was asked %d times", n)
	}
	for i, q := range store.Asked[1] {
		most := 15 * time.Minute
		if i%questions == 1 { // of the metric, for series that ended
			most += time.Hour
		}
		if d := time.Duration(q.To-q.From) * time.Millisecond; d > most {
			t.Errorf("%v asks about %v", q.Selector, d)
		}
	}
}

// What has no sample at all is 0 only if its metric and labels are there.
func TestMissing(t *testing.T) {
	const r = `http_requests_total{code="200",job="api"} 0+10x20`
	for _, test := range []struct{ name, bad, total, want string }{
		{"no error yet", `http_requests_total{code=~"5.."}`, "http_requests_total", "0/40 0/40 0/40"},
		{"a metric that is not there", `http_request_total{code=~"5.."}`, "http_requests_total",
			`error: slo.yaml:1:17: there is no metric "http_request_total" in the time asked about [prometheus/metric]`},
		{"a label that is not there", `http_requests_total{status=~"5.."}`, "http_requests_total",
			`error: slo.yaml:1:17: no series of http_requests_total has a label "status" in the time asked about [prometheus/label]`},
		{"no total either", `http_request_total{code=~"5.."}`, "http_request_total", "- - - metric metric"},
	} {
		sli := fmt.Sprintf("{bad: {counter: '%s'}, total: {counter: %s}}", test.bad, test.total)
		a := fetch(t, lines(r), Config{}, request(t, sli, 3))[0]
		if got := says(a); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		var list diag.List
		if test.name == "a metric that is not there" && errors.As(a.Err, &list) &&
			list[0].Hint != "did you mean http_requests_total?" {
			t.Errorf("hint %q", list[0].Hint)
		}
	}
}

// A label that no series has leaves nothing out of a counter either.
func TestLeavesOut(t *testing.T) {
	const r = `r_total{code="200",job="api"} 0+10x20
		r_total{code="500",job="api"} 0+1x20`
	const wrong = `error: slo.yaml:1:%d: no series of r_total has a label "status" in the time asked about [prometheus/label]`
	for _, test := range []struct{ name, sli, lines, want string }{
		{"it is there", `{good: {counter: 'r_total{code!~"5.."}'}, total: {counter: r_total}}`, r, "4/44 4/44"},
		{"good", `{good: {counter: 'r_total{status!~"5.."}'}, total: {counter: r_total}}`, r, fmt.Sprintf(wrong, 18)},
		{"good, said otherwise", `{good: {counter: 'r_total{job=~"api",code!="404",status!~"5.."}'}, total: {counter: 'r_total{job="api"}'}}`, r, fmt.Sprintf(wrong, 18)},
		{"bad", `{bad: {counter: 'r_total{status!="200"}'}, total: {counter: r_total}}`, r, fmt.Sprintf(wrong, 17)},
		{"with what both have", `{bad: {counter: 'r_total{job="api",status!="200"}'}, total: {counter: 'r_total{job="api"}'}}`, r, fmt.Sprintf(wrong, 17)},
		{"the series that have it are left out", `{good: {counter: 'r_total{status!~"5.."}'}, total: {counter: r_total}}`,
			r + "\n" + `r_total{status="500"} 0+2x20`, "8/52 8/52"},
		{"all that is left out is elsewhere", `{good: {counter: 'r_total{job="api",status!~"5.."}'}, total: {counter: 'r_total{job="api"}'}}`,
			r + "\n" + `r_total{status="500"} 0+2x20`, "0/44 0/44"},
		{"both use it", `{bad: {counter: 'r_total{code="500",status!="200"}'}, total: {counter: 'r_total{status!="200"}'}}`, r, "4/44 4/44"},
		{"another label tells them", `{bad: {counter: 'r_total{code="500",status!="200"}'}, total: {counter: r_total}}`, r, "4/44 4/44"},
	} {
		if got := says(fetch(t, lines(test.lines), Config{}, request(t, test.sli, 2))[0]); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// Good events that are asked for alone are all that a label leaves that no series has, too.
func TestLeavesOutAlone(t *testing.T) {
	for _, test := range []struct {
		count     spec.Count
		sli, want string
	}{
		{spec.Good, `{counter: 'r_total{status!~"5.."}'}`,
			`error: slo.yaml:1:11: no series of r_total has a label "status" in the time asked about [prometheus/label]`},
		{spec.Good, `{counter: 'r_total{code!~"5.."}'}`, "0/40 0/40"},
		{spec.Bad, `{counter: 'r_total{status!~"2.."}'}`, "0/44 0/44"},
		{spec.Total, `{counter: 'r_total{status!~"2.."}'}`, "0/44 0/44"},
	} {
		b, err := spec.ParseBlock("slo.yaml", test.sli, ".")
		if err != nil {
			t.Fatal(err)
		}
		b.Count = test.count
		r := sources.Request{SLI: b, Count: test.count, Step: time.Minute, Period: slo.Period{Start: noon, End: noon.Add(2 * time.Minute)}}
		if got := says(fetch(t, lines("r_total{code=\"200\"} 0+10x20\nr_total{code=\"500\"} 0+1x20"), Config{}, r)[0]); got != test.want {
			t.Errorf("%s %s: got %s, want %s", test.count, test.sli, got, test.want)
		}
	}
}

// Replicas are one counter, never two.
func TestReplicas(t *testing.T) {
	const a, b = `r_total{code="200",replica="a"} `, `
		r_total{code="200",replica="b"} `
	for _, test := range []struct{ name, lines, want string }{
		{"both whole", a + "0+10x20" + b + "3+10x20", "0/40 0/40 0/40"},
		{"one has a hole", a + "0+10x9 _x5 160+10x5" + b + "3+10x20", "0/40 0/40 0/40"},
		{"the other has it", a + "0+10x20" + b + "3+10x9 _x5 163+10x5", "0/40 0/40 0/40"},
		{"one ends where the other begins", a + "0+10x12" + b + "_x13 130+10x7", "0/40 0/40 0/40"},
		{"both see a restart", a + "0+10x9 5+10x10" + b + "3+10x9 8+10x10", "0/35 0/40 0/40"},
		{"both pause", a + "0+10x9 _x9 200+10x1" + b + "0+10x9 _x10 210", "0/10 - 0/120 pause"},
		{"both end", a + "0+10x12" + b + "0+10x12", "0/40 - -"},
	} {
		got := says(fetch(t, lines(test.lines), Config{}, request(t, `{bad: {counter: 'r_total{code!="200"}'}, total: {counter: r_total}}`, 3))[0])
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
	per := request(t, `{bad: {counter: 'r_total{code!="200"}'}, total: {counter: r_total}}`, 3, "replica")
	if answers := fetch(t, lines(a+"0+10x20"+b+"3+10x20"), Config{}, per); len(answers) != 2 {
		t.Errorf("per: [replica]: %d answers, want 2", len(answers))
	}
	other := Config{Replica: []string{"ha"}}
	got := says(fetch(t, lines(a+"0+10x20"+b+"3+10x20"), other, request(t, `{bad: {counter: 'r_total{code!="200"}'}, total: {counter: r_total}}`, 3))[0])
	if got != "0/80 0/80 0/80" {
		t.Errorf("another label tells replicas: got %s", got)
	}
}

// Good events may be counted a little before or after all of them.
func TestExcess(t *testing.T) {
	for _, test := range []struct{ name, good, total, want string }{
		{"it levels out with the bucket before", "100x8 110 120 120 130x9", "100x8 110 120 130 130x9", "0/30 0/0 0/0"},
		{"the total is late", "0x8 10 10 10 20 30 30 30 30 30 30", "0x8 10 10 10 10 30 30 30 30 30", "0/10 0/20 0/0"},
		{"good is late", "0x8 10 10 10 10 30 30 30 30 30", "0x8 10 10 10 20 30 30 30 30 30", "0/20 0/10 0/0"},
		{"good pauses, and comes back with all of it", "0+10x8 _x7 160+10x4", "0+10x20", "0/40 0/40 0/40 pause"},
		{"more good events than all", "0+20x20", "0+10x20", "- - - excess"},
	} {
		got := says(fetch(t, lines("g_total "+test.good+"\nt_total "+test.total), Config{}, request(t, alone, 3))[0])
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// Each sample of a gauge is an event.
func TestValues(t *testing.T) {
	const two = `probe_success{instance="a"} 1x8 1 0 1 1 NaN 1 1 1 stale _x3
		probe_success{instance="b"} 1x20`
	for _, test := range []struct{ sli, want string }{
		{`{value: probe_success, good: ">= 1"}`, "1/8 0/7 0/4"},
		{`{value: probe_success, bad: "< 0.5"}`, "1/8 0/7 0/4"},
		{`{value: probe_success, good: "== 0"}`, "7/8 7/7 4/4"},
		{`{value: 'probe_success{instance="a"}', good: ">= 1"}`, "1/4 0/3 -"},
	} {
		if got := says(fetch(t, lines(two), Config{}, request(t, test.sli, 3))[0]); got != test.want {
			t.Errorf("%s: got %s, want %s", test.sli, got, test.want)
		}
	}
}

// What is no whole number is counted in millionths; what no counter can be is refused.
func TestOdd(t *testing.T) {
	for _, test := range []struct{ name, lines, want string }{
		{"fractions", "g_total 0+0.5x20\nt_total 0+0.5x20", "0/2 0/2 0/2 rounded rounded"},
		{"fractions beside whole numbers", "g_total{a=\"1\"} 0+0.1x20\ng_total{a=\"2\"} 0+2x20\nt_total 0+10x20",
			"31.6/40 31.6/40 31.6/40 rounded"},
		{"over 2^53", "g_total 9007199254740992+4x20\nt_total 9007199254740992+4x20", "0/16 0/16 0/16 rounded rounded"},
		{"negative", "g_total 0+1x9 -1\nt_total 0+1x20", "error: slo.yaml:1:18: g_total is -1 at 2026-03-10T12:00:30Z, as no counter can be [prometheus/sample]"},
		{"infinite", "g_total 0+1x9 Inf\nt_total 0+1x20", "error: slo.yaml:1:18: g_total is +Inf at 2026-03-10T12:00:30Z, as no counter can be [prometheus/sample]"},
		{"no number", "g_total 0+1x9 NaN\nt_total 0+1x20", "error: slo.yaml:1:18: g_total is NaN at 2026-03-10T12:00:30Z, as no counter can be [prometheus/sample]"},
	} {
		if got := says(fetch(t, lines(test.lines), Config{}, request(t, alone, 3))[0]); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

// A step shorter than the scrapes are apart becomes longer.
func TestStep(t *testing.T) {
	slow := sampletest.New(sampletest.Lines(noon.Add(-10*time.Minute), 90*time.Second, "g_total 0+3x40\nt_total 0+3x40")...)
	a := fetch(t, slow, Config{}, request(t, alone, 10))[0]
	if a.Series.Step != 2*time.Minute || sourcetest.Counts(a.Series) != "0/6 0/3 0/3 0/6 0/3" {
		t.Errorf("every %v: %s", a.Series.Step, sourcetest.Counts(a.Series))
	}
	for interval, want := range map[time.Duration]time.Duration{
		15 * time.Second: time.Minute, 20 * time.Second: 2 * time.Minute, 30 * time.Second: 2 * time.Minute,
		time.Minute: 5 * time.Minute, 10 * time.Minute: time.Hour,
	} {
		if got := Step(interval); got != want {
			t.Errorf("scraped every %v: step %v, want %v", interval, got, want)
		}
	}
}

// An error of one query is that of its requests alone; answers come batch by batch, and a
// selector of several requests is read once.
func TestQueries(t *testing.T) {
	store := lines("r_total{code=\"500\"} 0+1x20\ng_total 0+1x20\nt_total 0+1x20")
	store.Fail = func(q sample.Query) error {
		if q.Selector.Metric() == "g_total" {
			return &sources.Error{Class: sources.Temporary, Err: errors.New("down")}
		}
		return nil
	}
	reqs := []sources.Request{request(t, totals, 3), request(t, alone, 3), request(t, totals, 2)}
	var got []string
	for _, a := range fetch(t, store, Config{}, reqs...) {
		got = append(got, fmt.Sprint(a.Request, " ", says(a), " ", sources.ClassOf(a.Err)))
	}
	want := "0 4/4 4/4 4/4 ;1 error: asked for g_total: down temporary;2 4/4 4/4 "
	if text := strings.Join(got, ";"); text != want {
		t.Errorf("got %s, want %s", text, want)
	}
	if n := len(store.Asked[0]); n != 4 {
		t.Errorf("%d queries for four selectors: %v", n, store.Asked[0])
	}
	store.Asked = nil
	fetch(t, store, Config{Batch: 1}, reqs...)
	if n := len(store.Asked); n != 3 {
		t.Errorf("read %d times, want once a batch", n)
	}
}

// Samples after the instant are left out; one just on it counts.
func TestAt(t *testing.T) {
	store := lines("g_total 0+1x20\nt_total 0+1x20")
	a := fetch(t, store, Config{At: noon.Add(time.Minute)}, request(t, alone, 3))[0]
	if got, want := says(a), "0/4 - - late"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !a.Newest.Equal(noon.Add(time.Minute)) || !a.Complete.Equal(noon.Add(time.Minute)) {
		t.Errorf("newest %v, complete %v", a.Newest, a.Complete)
	}
}

// Check finds what is wrong, with its place and a hint.
func TestCheck(t *testing.T) {
	for _, test := range []struct{ sli, want, hint string }{
		{`{good: ">= 1"}`, "1:8 good is a text where nothing tells what it is about", "write good: {counter:"},
		{`{bad: {counter: a_total}}`, "1:1 an sli needs two of good, bad and total", "add total:"},
		{`{bad: {counter: a_total}, good: {counter: b_total}, total: {counter: c_total}}`, "1:33 good, bad and total are one too many", "leave out good"},
		{`{bad: {counter: 'a:b:sum'}, total: {counter: c_total}}`, "1:17 a:b:sum is a recorded sum", "give the counter"},
		{`{bad: {counter: h_bucket}, total: {counter: h_count}}`, "1:17 h_bucket is a bucket of a histogram", "write histogram: h"},
		{`{bad: {counter: h_sum}, total: {counter: h_count}}`, "1:17 h_sum adds up", "write counter: h_count"},
		{`{value: up}`, "1:1 nothing tells what is good of value", `add good: ">= 1"`},
		{`{value: up, good: 300ms}`, "1:19 ", ""},
		{`{value: up, good: "> 1", bad: "< 1"}`, "1:31 bad stands beside good", "leave out bad"},
		{`{value: up, good: {counter: a}}`, "1:19 good of value is a comparison", `write good: ">= 1"`},
		{`{histogram: h_seconds, good: "<= 300"}`, "", ""},
		{`{histogram: h_seconds_bucket, good: "<= 300ms"}`, "1:13 h_seconds_bucket is a part", "write h_seconds"},
		{`{histogram: 'h_seconds{le="1"}', good: "<= 300ms"}`, "1:13 le is chosen", "leave out le"},
		{`{counter: a_total}`, "1:11 counter stands alone", "write bad:"},
		{`{value: up, histogram: h, good: "> 1"}`, "1:13 histogram stands beside value", "make two"},
		{`{bad: {counter: 'a_total{'}, total: {counter: a_total}}`, "1:25 the { is never closed", ""},
	} {
		b, err := spec.ParseBlock("slo.yaml", test.sli, ".")
		if err != nil {
			t.Fatal(err)
		}
		found := Check(spec.Block{}, b, "prometheus")
		text, hint := "", ""
		if len(found) > 0 {
			text, hint = fmt.Sprintf("%d:%d %s", found[0].Pos.Line, found[0].Pos.Col, found[0].Message), found[0].Hint
		}
		if !strings.HasPrefix(text, test.want) || test.want == "" && !strings.HasPrefix(hint, test.hint) || !strings.HasPrefix(hint, test.hint) {
			t.Errorf("%s: got %s (%s), want %s (%s)", test.sli, text, hint, test.want, test.hint)
		}
	}
}

// A count with a source of its own names its counter alone.
func TestHalf(t *testing.T) {
	b, err := spec.ParseBlock("slo.yaml", `{source: prom, counter: g_total}`, ".")
	if err != nil {
		t.Fatal(err)
	}
	b.Count = spec.Good
	if found := Check(spec.Block{}, b, "prometheus"); len(found) > 0 {
		t.Fatal(found)
	}
	r := sources.Request{SLI: b, Count: spec.Good, Step: time.Minute, Period: slo.Period{Start: noon, End: noon.Add(2 * time.Minute)}}
	if got := says(fetch(t, lines("g_total 0+1x20"), Config{}, r)[0]); got != "0/4 0/4" {
		t.Errorf("got %s", got)
	}
}

// Series that begin all through a long period are asked about in few questions too.
func TestScatteredBirths(t *testing.T) {
	var text strings.Builder
	const pods, apart = 300, 12 // minutes
	for pod := range pods {
		fmt.Fprintf(&text, "r_total{job=\"j\",instance=\"pod-%d\"} _x%d 5x3\nup{job=\"j\",instance=\"pod-%d\"} _x%d 1x4\n",
			pod, 10+pod*apart, pod, 9+pod*apart)
	}
	fmt.Fprintf(&text, "r_total{job=\"j\",instance=\"x\",code=\"500\"} 0x%d\n", pods*apart+20)
	store := sampletest.New(sampletest.Lines(noon.Add(-before), time.Minute, text.String())...)
	a := fetch(t, store, Config{}, request(t, totals, pods*apart+60))[0]
	sum, asked := 0.0, 0
	for i := range a.Series.Len() {
		if a.Series.Measured(i) {
			sum += a.Series.Total[i]
		}
	}
	for _, queries := range store.Asked[1:] {
		asked += len(queries)
	}
	if sum != 5*pods || asked > maxInquests*questions {
		t.Errorf("got %v events by %d questions, want 5 of each pod by %d at most", sum, asked, maxInquests*questions)
	}
}

// The interval of a selector is what most of its series have.
func TestInterval(t *testing.T) {
	store := lines(`r_total{a="1"} 0+1x20
		r_total{a="2"} 0 1 _x5 2+1x10
		r_total{a="3"} 5
		slow_total 0 _x7 1 _x7 2`)
	metric := func(name string) sample.Selector {
		return sample.Selector{{Name: sample.MetricName, Op: sample.Equal, Value: name}}
	}
	for name, want := range map[string]time.Duration{"r_total": 15 * time.Second, "slow_total": 2 * time.Minute, "none": 0} {
		for _, later := range []time.Duration{10 * time.Minute, time.Hour, 5 * time.Hour, 3 * 24 * time.Hour, 20 * 24 * time.Hour} {
			var all rates
			r := all.add(metric(name), noon.Add(-time.Hour).UnixMilli(), noon.Add(later).UnixMilli())
			if err := all.find(t.Context(), store); err != nil || r.err != nil || r.interval != want {
				t.Errorf("%s: got %v, %v, %v, want %v", name, r.interval, r.err, err, want)
			}
		}
	}
}

// The note on a pause says what became of that time: a counter counts it where it returns,
// a gauge tells nothing of it.
func TestPauseNote(t *testing.T) {
	for sli, want := range map[string]string{
		totals:                     "what happened then counts where samples return",
		"{value: r, good: '>= 1'}": "nothing is known of what was then",
	} {
		a := fetch(t, lines("r_total{code=\"500\"} 0+1x14 _x7 30+1x40\nr 0+1x14 _x7 30+1x40"), Config{}, request(t, sli, 8))[0]
		if len(a.Notes) != 1 || !strings.HasSuffix(a.Notes[0].Message, want) {
			t.Errorf("%s: notes %v, want one that ends %q", sli, a.Notes, want)
		}
	}
}

// A pause is told once, however many series have it and however many counts of the sli
// they are in; what of it is behind the period is not told.
func TestPauseOnce(t *testing.T) {
	const (
		ok      = `r_total{code="200",pod="a"} `
		failing = `r_total{code="500",pod="a"} `
		other   = `r_total{code="200",pod="b"} `
		counts  = ": what happened then counts where samples return"
	)
	many := ""
	for i := range 40 {
		many += fmt.Sprintf("r_total{code=\"%d\",pod=\"p%d\"} 0x14 _x7 30x80\n", 200+300*(i%2), i)
	}
	for _, test := range []struct {
		name, lines string
		minutes     int
		want        string
	}{
		{"a total alone", ok + "0x14 _x7 30x80", 8, "there is 1 pause of over two scrapes, in 1 series, of 2m until 2026-03-10T12:03:30Z" + counts},
		{"in both counts", failing + "0x14 _x7 30x80", 8, "there is 1 pause of over two scrapes, in 1 series, of 2m until 2026-03-10T12:03:30Z" + counts},
		{"a good and a bad series", ok + "0x14 _x7 30x80\n" + failing + "0x14 _x7 30x80", 8,
			"there is 1 pause of over two scrapes, in 2 series, of 2m until 2026-03-10T12:03:30Z" + counts},
		{"40 series", many, 8, "there is 1 pause of over two scrapes, in 40 series, of 2m until 2026-03-10T12:03:30Z" + counts},
		{"two that overlap", ok + "0x14 _x7 30x80\n" + other + "0x16 _x7 30x80", 8,
			"there is 1 pause of over two scrapes, in 2 series, of 2m30s until 2026-03-10T12:04:00Z" + counts},
		{"one after the other", ok + "0x14 _x7 30x80\n" + other + "0x30 _x9 30x80", 12,
			"there are 2 pauses of over two scrapes, in 2 series, the longest of 2m30s, the first until 2026-03-10T12:03:30Z" + counts},
		{"replicas", `r_total{code="500",replica="a"} 0x14 _x11 30x80` + "\n" + `r_total{code="500",replica="b"} 0x14 _x11 30x80`, 8,
			"there is 1 pause of over two scrapes, in 1 series, of 2m until 2026-03-10T12:04:00Z" + counts},
		{"the second is behind the period", ok + "0x14 _x7 30x80\n" + other + "0x30 _x9 30x80", 7,
			"there is 1 pause of over two scrapes, in 1 series, of 2m until 2026-03-10T12:03:30Z" + counts},
		{"it ends behind the period", ok + "0x14 _x7 30x80\n" + failing + "0x80", 3, ""},
	} {
		var got []string
		sli := `{bad: {counter: 'r_total{code!="200"}'}, total: {counter: r_total}}`
		for _, n := range fetch(t, lines(test.lines), Config{}, request(t, sli, test.minutes))[0].Notes {
			got = append(got, n.Message)
		}
		if text := strings.Join(got, "; "); text != test.want {
			t.Errorf("%s: got %q, want %q", test.name, text, test.want)
		}
	}
}

// Notes are of the time that is judged, if it is a part of what is read.
func TestToldWindow(t *testing.T) {
	store := lines(`r_total{job="j",instance="a",code="200"} 0x14 _x7 30x80
		r_total{job="j",instance="b",code="200"} 0x54 _x11 30x80
		r_total{job="j",instance="c",code="500"} _x12 7x80
		r_total{job="j",instance="d",code="500"} _x40 9x80`)
	for _, test := range []struct {
		from, to int // minutes
		want     string
	}{
		{0, 20, "births 16 1st 12:01:00; pauses 2"},
		{0, 0, "births 16 1st 12:01:00; pauses 2"},
		{2, 10, "births 9 1st 12:08:00; pauses 1"},
		{9, 20, "pauses 1"},
		{17, 20, ""},
	} {
		req := request(t, totals, 20)
		req.Told = slo.Period{Start: noon.Add(time.Duration(test.from) * time.Minute), End: noon.Add(time.Duration(test.to) * time.Minute)}
		var got []string
		for _, n := range fetch(t, store, Config{}, req)[0].Notes {
			m := n.Message
			switch n.Code {
			case "prometheus/births":
				at := strings.Index(m, "at most ")
				most, _, _ := strings.Cut(m[at+len("at most "):], " ")
				got = append(got, "births "+most+" 1st "+m[len(m)-9:len(m)-1])
			case "prometheus/pause":
				got = append(got, "pauses "+strings.Fields(m)[2])
			}
		}
		if text := strings.Join(got, "; "); text != test.want {
			t.Errorf("%d to %d: got %q, want %q", test.from, test.to, text, test.want)
		}
	}
}

// Pauses that overlap are one, whatever order they come in.
func TestPausesMerge(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 2500).Draw(r, "pauses")
		var l pauses
		dark := map[int64]bool{}
		for i := range n {
			from := rapid.Int64Range(0, 300).Draw(r, "from")
			to := from + rapid.Int64Range(1, 9).Draw(r, "length")
			l.add(fmt.Sprint(i%7), span{from, to})
			for at := from; at < to; at++ {
				dark[at] = true
			}
		}
		l.merge()
		for i, s := range l.times {
			if i > 0 && s.from < l.times[i-1].to {
				r.Fatalf("%v overlap", l.times)
			}
			for at := s.from; at < s.to; at++ {
				if !dark[at] {
					r.Fatalf("%d is in no pause, but in %v", at, s)
				}
				delete(dark, at)
			}
		}
		if len(dark) > 0 || len(l.series) != min(n, 7) {
			r.Fatalf("%v are in none, %d series", dark, len(l.series))
		}
	})
}

// What has no sample counts 0 where its metric is there at some time: a restart takes it away
// until it counts again. It may have been renamed, too, so a note says where it ends.
func TestGone(t *testing.T) {
	const (
		total  = "t_total 0+10x60\n"
		two    = `{bad: {counter: 'e_total{code="500"}'}, total: {counter: t_total}}`
		good   = `{good: {counter: 'e_total{code="500"}'}, total: {counter: t_total}}`
		apart  = `{bad: {counter: 'e_total{code="500"}'}, good: {counter: t_total}}`
		all    = "1/40 1/40 0/40 0/40 0/40 0/40"
		note   = "there is no sample of e_total since 2026-03-10T12:02:00Z, while others go on: no %s events are counted from then on"
		failed = `e_total{code="500"} `
	)
	for _, test := range []struct{ name, sli, lines, want, says string }{
		{"it goes on", two, failed + "0x10 1 1 1 2x50", all, ""},
		{"it ends", two, failed + "0x10 1 1 1 2x2", "1/40 1/40 0/40 0/40 0/40 0/40 gone", fmt.Sprintf(note, "bad")},
		{"it ends, and another series of it goes on", two, failed + "0x10 1 1 1 2x2\n" + `e_total{code="404"} 0x60`, all, ""},
		{"its label ends", two, failed + "0x10 1 1 1 2x2\n" + `e_total{status="404"} 0x60`, "1/40 1/40 0/40 0/40 0/40 0/40 gone",
			`no series of e_total has a label "code" since 2026-03-10T12:02:00Z at the latest, while others go on: no bad events are counted from then on`},
		{"it ends just now", two, failed + "0x10 1 1 1 2x43", all, ""},
		{"it pauses, and comes back", two, failed + "0x10 1 1 1 2x2 _x11 2x30", "1/40 1/40 0/40 0/40 0/40 0/40 pause", ""},
		{"it has that label elsewhere alone", two, failed + "_x2 0x3\n" + `e_total{code="404"} 0x60`, "0/40 0/40 0/40 0/40 0/40 0/40", ""},
		{"the good ones end", good, failed + "0x10 1 1 1 2x2", "39/40 39/40 40/40 40/40 40/40 40/40 gone", fmt.Sprintf(note, "good")},
		{"beside good ones", apart, failed + "0x10 1 1 1 2x2", "1/41 1/41 0/40 0/40 0/40 0/40 gone", fmt.Sprintf(note, "bad")},
		{"the total ends", two, failed + "0x60", "0/40 0/40 - - - -", ""},
		{"it is scraped more rarely", two, failed + strings.Repeat("0 _x2 ", 13), "0/40 0/40 0/40 0/40 0/40 0/40", ""},
		{"another series of it is", two, `e_total{code="404"} ` + strings.Repeat("0 _x6 ", 5), "0/40 0/40 0/40 0/40 0/40 0/40", ""},
	} {
		text := test.lines + "\n" + total
		if test.name == "the total ends" {
			text = test.lines + "\nt_total 0+10x16"
		}
		a := fetch(t, lines(text), Config{At: noon.Add(6 * time.Minute)}, request(t, test.sli, 6))[0]
		if got := says(a); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		if test.says != "" && (len(a.Notes) != 1 || a.Notes[0].Message != test.says) {
			t.Errorf("%s: notes %v", test.name, a.Notes)
		}
	}
}

// A count is 0 only if its metric is there in the time that is judged: before it, it says
// nothing of that.
func TestGoneBeforeTheWindow(t *testing.T) {
	const total = "t_total 0+10x60\n"
	for _, test := range []struct{ name, lines, want string }{
		{"it ends before", `e_total{code="500"} 0x10 1 1`, "error"},
		{"it ends in it", `e_total{code="500"} 0x10 1 1x10`, "1/40 0/40 0/40 0/40 0/40 0/40 gone"},
		{"another series of it goes on", `e_total{code="500"} 0x10 1 1` + "\n" + `e_total{code="404"} 0x60`, "1/40 0/40 0/40 0/40 0/40 0/40"},
	} {
		r := request(t, `{bad: {counter: 'e_total{code="500"}'}, total: {counter: t_total}}`, 6)
		r.Told = slo.Period{Start: noon.Add(2 * time.Minute), End: noon.Add(6 * time.Minute)}
		a := fetch(t, lines(total+test.lines), Config{At: noon.Add(6 * time.Minute)}, r)[0]
		got := "error"
		if a.Err == nil {
			got = says(a)
		}
		if got != test.want {
			t.Errorf("%s: got %s, %v, want %s", test.name, got, a.Err, test.want)
		}
	}
}

// Whether a metric is gone is asked only where no other query shows that it is there.
func TestGoneAsksLittle(t *testing.T) {
	for text, want := range map[string]int{
		"r_total{code=\"200\"} 0x60\nr_total{code=\"500\"} 0x60": 1, // both go on
		"r_total{code=\"200\"} 0x60\nr_total{code=\"500\"} 0x10": 1, // the total is of the same metric
	} {
		store := lines(text)
		fetch(t, store, Config{}, request(t, totals, 6))
		if len(store.Asked) != want {
			t.Errorf("%s: asked %d times, want %d: %v", text, len(store.Asked), want, store.Asked)
		}
	}
}

// A text that does not parse hides nothing of the other one, nor is it a second way to count.
func TestCheckBoth(t *testing.T) {
	const slip = `'sum(incrase(x_total[$step]))'`
	for _, test := range []struct{ sli, want string }{
		{`{bad: 'increase(x_total[10m])', total: ` + slip + `}`, "promql/function promql/range"},
		{`{bad: ` + slip + `, total: 'rate(x_total[$step])'}`, "promql/function promql/rate"},
		{`{bad: ` + slip + `, total: 'increase(x_total[$step])'}`, "promql/function"},
		{`{bad: ` + slip + `, total: ` + slip + `}`, "promql/function promql/function"},
		{`{bad: ` + slip + `, total: {counter: x_total}}`, "promql/function prometheus/sli"},
		{`{bad: 'increase(x_total[$step])', total: {counter: x_total}}`, "prometheus/sli"},
		{`{bad: {counter: 'x_total{'}, total: {counter: x_bucket}}`, "promql/syntax prometheus/sli"},
		{`{value: 'avg(up) == 1', good: "<= 300ms"}`, "match/number promql/filter"},
		{`{bad: 'increase(x_total[$step])', total: 'increase(x_total[$step])'}`, "promql/increase"},
	} {
		b, err := spec.ParseBlock("slo.yaml", test.sli, ".")
		if err != nil {
			t.Fatal(err)
		}
		var codes []string
		for _, f := range CheckQueries(b, "prometheus", nil) {
			codes = append(codes, f.Code)
		}
		if got := strings.Join(codes, " "); got != test.want {
			t.Errorf("%s: got %s, want %s", test.sli, got, test.want)
		}
	}
}

// A gauge where events are counted, and a counter where values are judged, is told by its name.
func TestCheckNames(t *testing.T) {
	for _, test := range []struct{ sli, want string }{
		{`{bad: {counter: probe_success}, total: {counter: x_total}}`, `1:17 "probe_success" has no name of a counter`},
		{`{bad: {counter: x_total}, total: {counter: '{"node.temperature"}'}}`, `1:45 "node.temperature" has no name of a counter`},
		{`{bad: {counter: 'x_total{code="5"}'}, total: {counter: y_count}}`, ""},
		{`{bad: {counter: '{__name__=~"x|y"}'}, total: {counter: x_total}}`, ""},
		{`{bad: {counter: 'a:b:c{instance="i"}'}, total: {counter: x_total}}`, `1:18 "a:b:c" has no name of a counter`},
		{`{value: 'x_total{job="a"}', good: ">= 1"}`, `1:10 "x_total" is a counter by its name`},
		{`{value: x_bucket, good: ">= 1"}`, `1:9 "x_bucket" is a counter by its name`},
		{`{value: queue_count, good: "<= 1"}`, ""},
		{`{value: 'job:x:total', good: "<= 1"}`, ""},
		{`{value: up, good: ">= 1"}`, ""},
	} {
		b, err := spec.ParseBlock("slo.yaml", test.sli, ".")
		if err != nil {
			t.Fatal(err)
		}
		for kind, found := range map[string]diag.List{
			"offline": Check(spec.Block{}, b, "tsdb"), "server": CheckQueries(b, "prometheus", nil),
		} {
			got := ""
			if len(found) > 0 {
				got = fmt.Sprintf("%d:%d %s", found[0].Pos.Line, found[0].Pos.Col, found[0].Message)
			}
			place, words, _ := strings.Cut(test.want, " ")
			if !strings.HasPrefix(got, place) || !strings.Contains(got, words) || (test.want == "") != (got == "") ||
				found.Errors() {
				t.Errorf("%s, %s: got %q, want %q", test.sli, kind, got, test.want)
			}
		}
	}
}

// A label of per: that no series of a query has splits nothing, or leaves out all that the
// query counts.
func TestUnsplit(t *testing.T) {
	const data = `r_total{code="200",region="eu"} 0+9x40
		r_total{code="500",region="us"} 0+1x40
		e_total{code="500"} 0+1x40
		h_seconds_bucket{le="0.3",region="eu"} 0+1x40
		h_seconds_bucket{le="+Inf",region="eu"} 0+1x40`
	const bad = `{bad: {counter: 'r_total{code="500"}'}, total: {counter: r_total}}`
	const near = `did you mean "region"? there are region, code`
	for _, test := range []struct{ sli, per, want, hint string }{
		{bad, "region", "", ""},
		{bad, "regoin", `1:7 no series of r_total{code="500"} has the label "regoin" of per:`, near},
		{`{bad: {counter: e_total}, total: {counter: r_total}}`, "region", `1:7 no series of e_total has the label "region"`, "there are code"},
		{`{bad: {counter: 'r_total{code="404"}'}, total: {counter: r_total}}`, "region", "", ""},
		{`{value: r_total, good: ">= 1"}`, "regoin", `1:9 no series of r_total has`, near},
		{`{histogram: h_seconds, good: "<= 300ms"}`, "region", "", ""},
		{`{histogram: h_seconds, good: "<= 300ms"}`, "regoin", `1:13 no series of h_seconds has`, `did you mean "region"? there are region`},
		{`{bad: 'sum by (regoin) (increase(r_total{code="500"}[$step]))', total: 'sum by (regoin) (increase(r_total[$step]))'}`,
			"regoin", `1:7 no series of sum by (regoin) (increase(r_total{code="500"}[$step])) has the label "regoin"`, near},
		{`{bad: 'sum by (region) (increase(r_total{code="500"}[$step])) or vector(0)', total: 'sum by (region) (increase(r_total[$step]))'}`,
			"region", "", ""},
	} {
		server := &canned{answers: map[string][]sampletest.Series{
			`sum by (regoin) (increase(r_total{code="500"}[1m]))`: points("{} 4 4 4 4"),
			`sum by (regoin) (increase(r_total[1m]))`:             points("{} 40 40 40 40"),

			`sum by (region) (increase(r_total{code="500"}[1m])) or vector(0)`: points("{} 0 0 0 0"),
			`sum by (region) (increase(r_total[1m]))`:                          points(`{region="eu"} 40 40 40 40`),
		}}
		for _, a := range fetch(t, lines(data), Config{Evaluate: server.evaluate}, expressions(t, test.sli, 4, test.per)) {
			got, hint := "", ""
			var list diag.List
			if errors.As(a.Err, &list) {
				got, hint = fmt.Sprintf("%d:%d %s", list[0].Pos.Line, list[0].Pos.Col, list[0].Message), list[0].Hint
			}
			if !strings.HasPrefix(got, test.want) || (test.want == "") != (a.Err == nil) || hint != test.hint {
				t.Errorf("%s per %s: got %v %q (%s), want %q (%s)", test.sli, test.per, a.Err, got, hint, test.want, test.hint)
			}
		}
	}
}

// An error of a question whether there is anything names what it asks about in words.
func TestQuestionFails(t *testing.T) {
	for bad, want := range map[string]string{
		`count_over_time({app="a"}[$step])`:                   `asked for count_over_time({app="a"}[1m]): down`,
		`increase(a_total[$step]) + increase(b_total[$step])`: "asked for increase(a_total[1m]) + increase(b_total[1m]): down",
	} {
		store := lines("up 1x40")
		store.Fail = func(sample.Query) error { return &sources.Error{Class: sources.Temporary, Err: errors.New("down")} }
		server := &canned{answers: map[string][]sampletest.Series{ofTotal: points("{} 4 4 4 4")}}
		req := expressions(t, fmt.Sprintf("{bad: '%s', total: 'increase(r_total[$step])'}", bad), 3)
		a := fetch(t, store, Config{Evaluate: server.evaluate, Step: time.Minute}, req)[0]
		if a.Err == nil || a.Err.Error() != want {
			t.Errorf("%s: got %v, want %s", bad, a.Err, want)
		}
	}
}
