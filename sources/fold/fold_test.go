package fold

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/match"
	"github.com/nines-slo/nines/sources/sourcetest"
)

var start = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

func resolve(name string) (match.Field, bool) {
	switch name {
	case "status":
		return match.Field{Type: match.Status}, true
	case "duration":
		return match.Field{Index: 1, Type: match.Duration, Unit: time.Second}, true
	case "region":
		return match.Field{Index: 2}, true
	}
	return match.Field{}, false
}

var known = []string{"status", "duration", "region"}

func ask(t testing.TB, sli string) sources.Request {
	t.Helper()
	b, err := spec.ParseBlock("slo.yaml", sli, "")
	if err != nil {
		t.Fatal(err)
	}
	return sources.Request{SLI: b, Count: spec.Both, Step: time.Minute, Period: slo.Period{Start: start, End: start.Add(5 * time.Minute)}}
}

func folder(t testing.TB, reqs ...sources.Request) *Folder {
	t.Helper()
	duration, _ := resolve("duration")
	f, findings := New(reqs, resolve, known, slices.Repeat([]*match.Field{&duration}, len(reqs)))
	if findings != nil {
		t.Fatal(findings)
	}
	f.Source = Source{Room: "x", Noun: "event", MaxUnread: slo.NumberOf(1)}
	return f
}

// add counts events.
func add(f *Folder, events ...string) {
	for _, e := range events {
		f.Add(event(e))
	}
}

// event reads "second status duration region"; - is a missing field.
func event(text string) (at int64, values [][]byte) {
	var second int64
	words := make([]string, 3)
	fmt.Sscan(text, &second, &words[0], &words[1], &words[2])
	values = make([][]byte, 3)
	for i, v := range words {
		if v != "-" {
			values[i] = []byte(v)
		}
	}
	return start.Unix() + second, values
}

func answers(f *Folder, first, last int) []sources.Answer {
	var out []sources.Answer
	at := start.Add(time.Duration(last) * time.Second)
	seen := Seen{First: start.Add(time.Duration(first) * time.Second), Last: at, Fresh: at}
	f.Emit(func(int) Seen { return seen }, nil, func(a sources.Answer) { out = append(out, a) })
	return out
}

var events = []string{"61 200 0.1 eu", "62 503 0.1 eu", "63 404 9 us", "185 500 - us", "-1 500 1 eu", "300 500 1 eu"}

func TestCounts(t *testing.T) {
	for _, c := range []struct {
		name, sli string
		count     spec.Count
		want      string
	}{
		{"bad and total", "bad: {status: 5xx}", spec.Both, "- 1/3 0/0 1/1 -"},
		{"what is not good is bad", "good: {status: 1-499}", spec.Both, "- 1/3 0/0 1/1 -"},
		{"a missing duration is neither", `good: {duration: "<= 1s"}`, spec.Both, "- 1/3 0/0 0/0 -"},
		{"a missing duration is neither, of bad", `bad: {duration: "> 1s"}`, spec.Both, "- 1/3 0/0 0/0 -"},
		{"a missing duration is neither, alone", `good: {duration: "<= 1s"}`, spec.Bad, "- 0/1 0/0 0/0 -"},
		{"another test decides", `good: {status: 200, duration: "<= 1s"}`, spec.Both, "- 2/3 0/0 1/1 -"},
		{"where leaves a missing duration out", `{where: {duration: {not: none}}, bad: {status: 5xx}}`, spec.Both, "- 1/3 0/0 0/0 -"},
		{"the total alone needs no duration", `bad: {duration: "> 1s"}`, spec.Total, "- 0/3 0/0 0/1 -"},
		{"where narrows the total", "where: {region: eu}\nbad: {status: 5xx}", spec.Both, "- 1/2 0/0 0/0 -"},
		{"good alone", "bad: {status: 5xx}", spec.Good, "- 0/2 0/0 0/0 -"},
		{"bad alone", "bad: {status: 5xx}", spec.Bad, "- 0/1 0/0 0/1 -"},
		{"bad alone, of good", "good: {status: 200}", spec.Bad, "- 0/2 0/0 0/1 -"},
		{"total alone", "bad: {status: 5xx}", spec.Total, "- 0/3 0/0 0/1 -"},
		{"good named by where", "where: {status: 200}", spec.Good, "- 0/1 0/0 0/0 -"},
	} {
		req := ask(t, c.sli)
		req.Count = c.count
		f := folder(t, req)
		add(f, events...)
		if got := sourcetest.Counts(answers(f, 61, 185)[0].Series); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Add names the requests that cannot judge an event and what it lacks; Emit tells.
func TestUnsure(t *testing.T) {
	asked := func() *Folder {
		f := folder(t, ask(t, "bad: {status: 5xx}"), ask(t, `good: {duration: "<= 1s"}`), ask(t, `{where: {region: us}, bad: {not: {duration: "<= 1s"}}}`))
		f.Source = Source{Room: "x", Noun: "line", MaxUnread: slo.NumberFrac(1, 2)}
		return f
	}
	f, other := asked(), asked()
	for e, want := range map[string][]Unsure{"61 200 0.1 us": {}, "62 200 - eu": {{1, 1}}, "63 200 - us": {{1, 1}, {2, 2}}, "64 200 - -": {{1, 1}, {2, 1}}, "-1 200 - us": nil} {
		at, values := event(e)
		if got := other.Add(at, values); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", e, got, want)
		}
	}
	f.Merge(other)
	got := answers(f, 61, 64)
	if len(got[0].Notes) != 0 || got[0].Series.Doubt != nil {
		t.Errorf("an answer without doubt: %+v", got[0])
	}
	want := `slo.yaml:1:7: 3 of 4 lines to judge have no readable "duration", which good needs: 75 %, over max_unread 50 % [x/absent]`
	if text := got[1].Err.Error(); text != want || got[1].Series != nil {
		t.Errorf("over the limit: %s, want %s", text, want)
	}
	list, _ := got[2].Err.(diag.List) // 1/4, and half of the rest
	if len(list) != 2 {
		t.Fatalf("%+v", got[2])
	}
	for i, want := range []string{
		`slo.yaml:1:9: 1 of 4 lines has no "region", which where needs: 25 %, with the others over max_unread 50 % [x/absent]`,
		`slo.yaml:1:28: 1 of 2 lines to judge has no readable "duration", which bad needs: 50 %, with the others over max_unread 50 % [x/absent]`,
	} {
		if list[i].Error() != want {
			t.Errorf("finding %d: %v, want %s", i, list[i], want)
		}
	}
	if want := "not: {region: none} in where leaves such lines out"; list[0].Hint != want {
		t.Errorf("hint %q, want %q", list[0].Hint, want)
	}
}

// TestSharedWhere has requests that say the same in other words, and another period.
func TestSharedWhere(t *testing.T) {
	reqs := []sources.Request{ask(t, "where: {region: eu}\nbad: {status: 5xx}"), ask(t, "bad: {status: 2xx}\nwhere: {region: eu}"),
		ask(t, "where: {region: [eu]}\nbad: {status: 5xx}"), ask(t, "where: {region: us}\nbad: {status: 5xx}"), ask(t, "where: {region: eu}\nbad: {status: 5xx}")}
	reqs[4].Period.Start = start.Add(2 * time.Minute)
	f := folder(t, reqs...)
	add(f, events...)
	var got []string
	for _, a := range answers(f, 61, 185) {
		got = append(got, sourcetest.Counts(a.Series))
	}
	want := []string{"- 1/2 0/0 0/0 -", "- 1/2 0/0 0/0 -", "- 1/2 0/0 0/0 -", "- 0/1 0/0 1/1 -", "0/0 0/0 -"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(f.wheres) != 3 {
		t.Errorf("%d conditions, want 3", len(f.wheres))
	}
}

func TestMeasured(t *testing.T) {
	for _, c := range []struct {
		name        string
		first, last int
		at          int // seconds, 0 for none
		want        string
		newest      int
	}{
		{"from the first to the last event", 61, 185, 0, "- 0/0 0/0 0/0 -", 240},
		{"an event on a bound", 60, 180, 0, "- 0/0 0/0 0/0 -", 240},
		{"all", -500, 5000, 0, "0/0 0/0 0/0 0/0 0/0", 5040},
		{"the last minute is not over", 0, 130, 150, "0/0 0/0 - - -", 120},
		{"the last minute is just over", 0, 130, 180, "0/0 0/0 0/0 - -", 180},
		{"only an incomplete minute", 125, 130, 150, "- - - - -", -1},
		{"before the period", -500, -10, 0, "- - - - -", 0},
	} {
		f := folder(t, ask(t, "bad: {status: 5xx}"))
		if c.at != 0 {
			f.Source.At = start.Add(time.Duration(c.at) * time.Second)
		}
		a := answers(f, c.first, c.last)[0]
		if got := sourcetest.Counts(a.Series); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		want := start.Add(time.Duration(c.newest) * time.Second)
		if c.newest < 0 {
			want = time.Time{}
		}
		if !a.Newest.Equal(want) {
			t.Errorf("%s: newest %v, want %v", c.name, a.Newest, want)
		}
	}
}

func TestNoEvents(t *testing.T) {
	var got []sources.Answer
	folder(t, ask(t, "bad: {status: 5xx}")).Emit(func(int) Seen { return Seen{} }, nil, func(a sources.Answer) { got = append(got, a) })
	if len(got) != 1 || sourcetest.Counts(got[0].Series) != "- - - - -" || !got[0].Newest.IsZero() {
		t.Errorf("without events = %v, want one answer without a measured minute", got)
	}
}

func TestPer(t *testing.T) {
	req := ask(t, "bad: {status: 5xx}")
	req.Per = []string{"region"}
	f := folder(t, req)
	add(f, append(slices.Clone(events), "10 200 1 -", "12 500 1 -", "11 500 1 \xff")...)
	var got []string
	for _, a := range answers(f, 0, 185) {
		got = append(got, fmt.Sprintf("%q %s | %s", a.Labels["region"], sourcetest.Counts(a.Series), sourcetest.Counts(a.Series.Doubt)))
	}
	const doubt = "| 1/1 0/0 0/0 0/0 0/0" // of the one without a region that is bad
	want := []string{`"eu" 0/0 1/2 0/0 0/0 - ` + doubt, `"us" 0/0 0/1 0/0 1/1 - ` + doubt, `"�" 1/1 0/0 0/0 0/0 - ` + doubt}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTooManyLabelSets(t *testing.T) {
	req := ask(t, "bad: {status: 5xx}")
	req.Per = []string{"region"}
	f := folder(t, req)
	for i := range spec.DefaultMaxSets + 1 {
		add(f, fmt.Sprintf("1 200 1 r%d", i))
	}
	got := answers(f, 0, 60)
	if len(got) != 1 || got[0].Err == nil || !strings.Contains(got[0].Err.Error(), "more than 1,000 different values, as max_sets allows, such as ") {
		t.Errorf("got %d answers, error %v, want one with per/many", len(got), got[0].Err)
	}
}

func TestUnknownLabel(t *testing.T) {
	req := ask(t, "bad: {status: 5xx}")
	req.Per = []string{"regoin"}
	_, findings := New([]sources.Request{req}, resolve, known, nil)
	if len(findings) != 1 || !strings.Contains(findings[0].Hint, `did you mean "region"?`) {
		t.Errorf("findings %v, want one about regoin", findings)
	}
}

func TestCheck(t *testing.T) {
	for sli, want := range map[string]string{
		"bad: {status: 5xx}":                      "",
		"where: {region: eu}":                     "slo.yaml:1:1: the sli says neither which events are good nor which are bad [sli/neither]",
		"good: {status: 200}\nbad: {status: 5xx}": "slo.yaml:2:6: the sli has both good and bad [sli/both]",
		"where: {reigon: eu}\nbad: {status: 5xx}": `slo.yaml:1:9: the source has no field "reigon" [match/field]`,
	} {
		b := ask(t, sli).SLI
		if got := Check(b, resolve, known).Error(); got != want {
			t.Errorf("Check(%q) = %q, want %q", sli, got, want)
		}
	}
}

// TestMergeEqualsOneFolder deals random events to three folders and to one.
func TestMergeEqualsOneFolder(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	req := ask(t, `good: {duration: "<= 500ms"}`)
	req.Percentiles = true
	split := req
	split.Per = []string{"region"}
	one := folder(t, req, split)
	parts := []*Folder{folder(t, req, split), folder(t, req, split), folder(t, req, split)}
	for range 2000 {
		e := fmt.Sprintf("%d 200 %.3f r%d", rnd.IntN(400)-50, rnd.ExpFloat64()/2, rnd.IntN(5))
		add(one, e)
		add(parts[rnd.IntN(3)], e)
	}
	parts[0].Merge(parts[1])
	parts[0].Merge(parts[2])
	nan := cmp.Comparer(func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) })
	same := cmp.Comparer(func(a, b slo.Number) bool { return a.Cmp(b) == 0 })
	if diff := cmp.Diff(answers(one, -50, 350), answers(parts[0], -50, 350), nan, same); diff != "" {
		t.Error(diff)
	}
}

func TestPercentiles(t *testing.T) {
	req := ask(t, "where: {region: eu}\nbad: {status: 5xx}")
	req.Percentiles = true
	f := folder(t, req)
	for i := 1; i <= 100; i++ {
		add(f, fmt.Sprintf("%d 200 0.%03d eu", i, i), fmt.Sprintf("%d 200 50 us", i), fmt.Sprintf("%d 200 - eu", i))
	}
	got := answers(f, 0, 100)[0].Percentiles
	if len(got) != 1 || got[0].Count != 100 || !got[0].Start.Equal(start) {
		t.Fatalf("percentiles %v, want one hour of 100 durations", got)
	}
	for want, p := range map[time.Duration]time.Duration{50 * time.Millisecond: got[0].P50, 95 * time.Millisecond: got[0].P95, 99 * time.Millisecond: got[0].P99} {
		if bound := got[0].Error.Float(); bound != 1.0/32 || math.Abs(float64(p-want)) > bound*float64(want) {
			t.Errorf("percentile %v, want %v within %v of it", p, want, got[0].Error)
		}
	}
}

// TestHistogramError holds the documented error over the whole range.
func TestHistogramError(t *testing.T) {
	for us := uint64(0); us < 8e12; us += 1 + us/50 { // to 92 days
		if diff := math.Abs(float64(middle(binOf(us)))/1000 - float64(us)); diff > float64(us)/32 {
			t.Fatalf("%d µs reads as %v", us, middle(binOf(us)))
		}
	}
	if got := middle(binOf(1 << 60)); got < 100*24*time.Hour {
		t.Errorf("the longest duration reads as %v, want over 100 days", got)
	}
}

func BenchmarkAdd(b *testing.B) {
	req := ask(b, `{where: {region: "e*"}, good: {duration: "<= 300ms"}}`)
	req.Percentiles = true
	f := folder(b, req)
	values := [][]byte{[]byte("200"), []byte("0.304"), []byte("eu")}
	b.ReportAllocs()
	for b.Loop() {
		f.Add(start.Unix()+70, values)
	}
}
