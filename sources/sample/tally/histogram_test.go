package tally

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/sampletest"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// Classic histograms, as a person can check them.
func TestClassic(t *testing.T) {
	const both = `h_seconds_bucket{instance="a",le="0.1"} 0+1x20
		h_seconds_bucket{instance="a",le="0.3"} 0+7x20
		h_seconds_bucket{instance="a",le="+Inf"} 0+10x20`
	other := both + `
		h_seconds_bucket{instance="b",le="0.25"} 0+5x20
		h_seconds_bucket{instance="b",le="0.5"} 0+9x20
		h_seconds_bucket{instance="b",le="+Inf"} 0+10x20`
	const headless = `
		h_seconds_bucket{instance="c",le="0.1"} 0+1x20
		h_seconds_bucket{instance="c",le="0.3"} 0+7x20
		h_seconds_count{instance="c"} 0+10x20`
	for _, test := range []struct{ name, sli, lines, want, doubt string }{
		{"a bound", `{histogram: h_seconds, good: "<= 300ms"}`, both, "12/40 12/40 12/40", ""},
		{"bad events", `{histogram: h_seconds, bad: "> 0.3s"}`, both, "12/40 12/40 12/40", ""},
		{"over the last bound", `{histogram: h_seconds, good: "<= 1s"}`, both, "0/40 0/40 0/40 bound", "12/0 12/0 12/0"},
		{"under the first", `{histogram: h_seconds, good: "<= 10ms"}`, both, "36/40 36/40 36/40 bound", "4/0 4/0 4/0"},
		{"no +Inf: _count tells all events", `{histogram: h_seconds, good: "<= 300ms"}`, headless, "12/40 12/40 12/40", ""},
		{"no +Inf of one instance", `{histogram: h_seconds, good: "<= 300ms"}`, other + headless, "28/120 28/120 28/120 bound", "16/0 16/0 16/0"},
		{"no +Inf, between two bounds", `{histogram: h_seconds, good: "<= 200ms"}`, headless, "12/40 12/40 12/40 bound", "24/0 24/0 24/0"},
		{"no +Inf, and over the last bound", `{histogram: h_seconds, good: "<= 1s"}`, headless,
			`error: slo.yaml:1:13: h_seconds_bucket has no bucket of le="+Inf" in some series, and none that ends at 1 or later [prometheus/histogram]`, ""},
		{"no +Inf and no _count", `{histogram: h_seconds, good: "<= 300ms"}`, strings.Replace(headless, "_count", "_c", 1), "- - -", ""},
		{"between in one instance", `{histogram: h_seconds, good: "<= 300ms"}`, other, "16/80 16/80 16/80 bound", "16/0 16/0 16/0"},
	} {
		a := fetch(t, lines(test.lines), Config{}, request(t, test.sli, 3))[0]
		if got := says(a); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		doubt := ""
		if a.Series != nil && a.Series.Doubt != nil {
			doubt = sourcetest.Counts(a.Series.Doubt)
		}
		if doubt != test.doubt {
			t.Errorf("%s: doubt %s, want %s", test.name, doubt, test.doubt)
		}
	}
}

// natives returns the histograms that a classic one of the bounds 0.1, 0.3 and 1 would be.
func natives(labels sample.Labels, n int) sampletest.Series {
	s := sampletest.Series{Labels: labels}
	for i := range n {
		k := float64(i)
		s.Times = append(s.Times, noon.Add(-before+time.Duration(i)*15*time.Second).UnixMilli())
		s.Histograms = append(s.Histograms, sample.Histogram{Schema: sample.CustomBounds, Bounds: []float64{0.1, 0.3, 1},
			Count: 10 * k, Sum: k, Positive: []sample.Bucket{{Index: 0, Count: k}, {Index: 1, Count: 6 * k}, {Index: 3, Count: 3 * k}}})
	}
	return s
}

// Native histograms count as classic ones do, alone and from where those end.
func TestNative(t *testing.T) {
	store := sampletest.New(natives(sampletest.Labels("h_seconds", "instance", "a"), 21))
	sli := `{histogram: h_seconds, good: "<= 300ms"}`
	if got, want := says(fetch(t, store, Config{}, request(t, sli, 3))[0]), "12/40 12/40 12/40"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	classic := sampletest.Lines(noon.Add(-before), 15*time.Second, `
		h_seconds_bucket{instance="a",le="0.3"} 0+7x12
		h_seconds_bucket{instance="a",le="+Inf"} 0+10x12`)
	native := natives(sampletest.Labels("h_seconds", "instance", "a"), 21)
	native.Times, native.Histograms = native.Times[12:], native.Histograms[12:]
	store = sampletest.New(append(classic, native)...)
	if got, want := says(fetch(t, store, Config{}, request(t, sli, 3))[0]), "12/40 12/40 12/40"; got != want {
		t.Errorf("from classic to native: got %s, want %s", got, want)
	}
	pair := sampletest.New(natives(sampletest.Labels("h_seconds", "replica", "a"), 21), natives(sampletest.Labels("h_seconds", "replica", "b"), 21))
	if got, want := says(fetch(t, pair, Config{}, request(t, sli, 3))[0]), "12/40 12/40 12/40"; got != want {
		t.Errorf("replicas: got %s, want %s", got, want)
	}
}

// Where a limit is no bound of a native histogram the bounds beside it are named.
func TestNativeBounds(t *testing.T) {
	store := sampletest.New(natives(sampletest.Labels("h_seconds", "instance", "a"), 21))
	for limit, want := range map[string]string{"200ms": "100ms or 300ms", "50ms": "100ms", "2s": "1s"} {
		a := fetch(t, store, Config{}, request(t, `{histogram: h_seconds, good: "<= `+limit+`"}`, 3))[0]
		if len(a.Notes) != 1 || a.Notes[0].Hint != "choose a threshold that is a bound: "+want {
			t.Errorf("%s: notes %v, want one that ends with %q", limit, a.Notes, want)
		}
	}
}

// Buckets that hold more events than there are say that the exporter is broken.
func TestNativeExcess(t *testing.T) {
	broken := natives(sampletest.Labels("h_seconds", "instance", "a"), 21)
	for i := range broken.Histograms {
		if i > 10 {
			broken.Histograms[i].Positive[0].Count += 10 * float64(i)
		}
	}
	whole := natives(sampletest.Labels("h_seconds", "instance", "b"), 21)
	a := fetch(t, sampletest.New(broken, whole), Config{}, request(t, `{histogram: h_seconds, good: "<= 300ms"}`, 3))[0]
	const note = `10 histograms have more events at or below 0.3 than events at all, the first that of ` +
		`h_seconds{instance="a"} at 2026-03-10T12:00:45Z: no more are taken for good than there are`
	if len(a.Notes) != 1 || a.Notes[0].Message != note {
		t.Errorf("notes %v, want\n%s", a.Notes, note)
	}
}

// The first values of native histograms are told also where there are classic ones.
func TestNativeBorn(t *testing.T) {
	series := sampletest.Lines(noon.Add(-before), 15*time.Second, `
		h_seconds_bucket{instance="a",le="0.3"} 0+7x20
		h_seconds_bucket{instance="a",le="+Inf"} 0+10x20`)
	late := natives(sampletest.Labels("h_seconds", "instance", "b"), 21)
	late.Times, late.Histograms = late.Times[12:], late.Histograms[12:]
	early := natives(sampletest.Labels("h_seconds", "instance", "a"), 21)
	a := fetch(t, sampletest.New(append(series, early, late)...), Config{}, request(t, `{histogram: h_seconds, good: "<= 300ms"}`, 3))[0]
	if text := fmt.Sprint(a.Notes); !strings.Contains(text, "at most 120 of h_seconds;") {
		t.Errorf("notes %s", text)
	}
}

// A native histogram that was renamed does not count whole: the old one ended then, with a
// marker.
func TestNativeRenamed(t *testing.T) {
	old := natives(sampletest.Labels("h_seconds", "job", "j", "instance", "a", "route", "x"), 11)
	old.Histograms[10] = sample.Histogram{Sum: sample.StaleMarker()}
	renamed := natives(sampletest.Labels("h_seconds", "job", "j", "instance", "a", "route", "y"), 21)
	renamed.Times, renamed.Histograms = renamed.Times[10:], renamed.Histograms[10:]
	a := fetch(t, sampletest.New(old, renamed), Config{}, request(t, `{histogram: h_seconds, good: "<= 300ms"}`, 3))[0]
	if got, want := says(a), "9/30 12/40 12/40 births"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// The percentiles of classic and of native histograms lie in the same bucket.
func TestPercentiles(t *testing.T) {
	classic := sampletest.Lines(noon.Add(-before), 15*time.Second, `
		h_seconds_bucket{instance="a",le="0.1"} 0+1x600
		h_seconds_bucket{instance="a",le="0.3"} 0+7x600
		h_seconds_bucket{instance="a",le="1"} 0+7x600
		h_seconds_bucket{instance="a",le="+Inf"} 0+10x600`)
	native := natives(sampletest.Labels("h_seconds", "instance", "a"), 601)
	var got []string
	for _, series := range [][]sampletest.Series{classic, {native}} {
		r := request(t, `{histogram: h_seconds, good: "<= 300ms"}`, 120, "instance")
		r.Percentiles = true
		a := fetch(t, sampletest.New(series...), Config{}, r)[0]
		text := fmt.Sprint(a.Labels)
		for _, p := range a.Percentiles {
			text += fmt.Sprint(" ", p.Start.Format("15:04"), " ", p.P50.Round(time.Millisecond), " ", p.Count)
		}
		got = append(got, text)
	}
	want := "map[instance:a] 12:00 233ms 2400 13:00 233ms 2400"
	if !slices.Equal(got, []string{want, want}) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
}

// An hour has the percentiles of the bounds that were there for all of it; one with a
// percentile over those has none where another bound came or went that may tell more.
func TestPercentilesOfOtherBounds(t *testing.T) {
	const always = `
		h_seconds_bucket{instance="a",le="0.1"} 0+1x600
		h_seconds_bucket{instance="a",le="0.3"} 0+7x600
		h_seconds_bucket{instance="a",le="+Inf"} 0+10x600`
	for later, hours := range map[string]int{"": 2, `
		h_seconds_bucket{instance="a",le="0.2"} _x300 900+3x300`: 2, `
		h_seconds_bucket{instance="a",le="0.5"} _x300 2100+7x300`: 1} {
		r := request(t, `{histogram: h_seconds, good: "<= 300ms"}`, 120)
		r.Percentiles = true
		a := fetch(t, lines(always+later), Config{}, r)[0]
		if len(a.Percentiles) != hours || a.Percentiles[0].Over != 95 || a.Percentiles[0].P50.Round(time.Millisecond) != 233*time.Millisecond || a.Percentiles[0].Count != 2400 {
			t.Errorf("%s: got %+v", later, a.Percentiles)
		}
	}
}

// Two instances with bounds of their own, and one whose bounds change within an hour: half of
// all events take 50 ms, 40 % take 200 ms, and the rest 700 ms.
func TestPercentilesOfTwoLayouts(t *testing.T) {
	bounds := func(instance, at string, le ...string) (text string) {
		for _, b := range le {
			per := map[string]int{"0.1": 50, "0.25": 90, "0.3": 90, "0.5": 90}[b]
			per = cmp.Or(per, 100)
			text += fmt.Sprintf("h_seconds_bucket{instance=%q,le=%q} %s\n", instance, b, strings.ReplaceAll(at, "N", strconv.Itoa(per)))
		}
		return text
	}
	always := "0+Nx700"
	a, b := []string{"0.1", "0.3", "1", "+Inf"}, []string{"0.1", "0.25", "0.5", "0.75", "2", "+Inf"}
	for name, c := range map[string]struct{ text, want string }{
		"a":    {bounds("a", always, a...), "100ms 650ms 930ms 0, 100ms 650ms 930ms 0"},
		"b":    {bounds("b", always, b...), "100ms 625ms 725ms 0, 100ms 625ms 725ms 0"},
		"both": {bounds("a", always, a...) + bounds("b", always, b...), "100ms 632ms 860ms 0, 100ms 632ms 860ms 0"},
		// in the second hour 0.1 alone is there all the time, and half of the events are over it
		"new bounds": {bounds("a", "0+Nx300", "0.3", "1") + bounds("a", "_x300 0+Nx400", "0.25", "0.5", "0.75", "2") +
			bounds("a", always, "0.1", "+Inf"), "100ms 650ms 930ms 0"},
	} {
		r := request(t, `{histogram: h_seconds, good: "<= 100ms"}`, 120)
		r.Percentiles = true
		var got []string
		for _, p := range fetch(t, lines(c.text), Config{}, r)[0].Percentiles {
			ms := func(d time.Duration) time.Duration { return d.Round(time.Millisecond) }
			got = append(got, fmt.Sprint(ms(p.P50), ms(p.P95), ms(p.P99), p.Over))
		}
		if text := strings.Join(got, ", "); text != c.want {
			t.Errorf("%s: got %s, want %s", name, text, c.want)
		}
	}
}

// shifted returns series that are scraped later.
func shifted(all []sampletest.Series, by time.Duration) []sampletest.Series {
	for i := range all {
		for k := range all[i].Times {
			all[i].Times[k] += by.Milliseconds()
		}
	}
	return all
}

// A histogram whose bounds are others from a minute past noon on: of ten events at a scrape
// seven are good, which is known until then, and five to eight from then on.
func TestBoundsChange(t *testing.T) {
	const goesOn = `h_seconds_bucket{i="a",le="0.1"} 0+1x23
		h_seconds_bucket{i="a",le="0.25"} _x12 60+5x11
		h_seconds_bucket{i="a",le="0.3"} 0+7x11
		h_seconds_bucket{i="a",le="0.5"} _x12 96+8x11
		h_seconds_bucket{i="a",le="1"} 0+9x23
		h_seconds_bucket{i="a",le="+Inf"} 0+10x23
		`
	const anew = `h_seconds_bucket{i="a",le="0.1"} 0+1x11 1+1x11
		h_seconds_bucket{i="a",le="0.25"} _x12 5+5x11
		h_seconds_bucket{i="a",le="0.3"} 0+7x11
		h_seconds_bucket{i="a",le="0.5"} _x12 8+8x11
		h_seconds_bucket{i="a",le="1"} 0+9x11 9+9x11
		h_seconds_bucket{i="a",le="+Inf"} 0+10x11 10+10x11
		`
	const coarser = `h_seconds_bucket{i="a",le="0.2"} 0+5x11
		h_seconds_bucket{i="a",le="0.5"} 0+8x11
		h_seconds_bucket{i="a",le="0.3"} _x12 7+7x11
		h_seconds_bucket{i="a",le="+Inf"} 0+10x11 10+10x11
		`
	const added = `h_seconds_bucket{i="a",le="0.2"} 0+5x23
		h_seconds_bucket{i="a",le="0.5"} 0+8x23
		h_seconds_bucket{i="a",le="0.3"} _x12 84+7x11
		h_seconds_bucket{i="a",le="+Inf"} 0+10x23
		`
	const far = `h_seconds_bucket{i="a",le="0.01"} _x12 1+1x11
		h_seconds_bucket{i="a",le="0.1"} 0x11
		h_seconds_bucket{i="a",le="0.2"} 0+5x11
		h_seconds_bucket{i="a",le="0.3"} 0+7x11
		h_seconds_bucket{i="a",le="+Inf"} 0+10x11 10+10x11
		`
	const sibling = `h_seconds_bucket{i="b",le="0.3"} 0+7x23
		h_seconds_bucket{i="b",le="+Inf"} 0+10x23
		`
	pair := strings.ReplaceAll(anew, "{", `{replica="x",`) + strings.ReplaceAll(anew, "{", `{replica="y",`)
	for _, test := range []struct {
		name, lines string
		late        time.Duration
		want, doubt string
	}{
		{"it goes on", goesOn, 0, "9/40 8/40 8/40 bound", "10/0 12/0 12/0"},
		{"it goes on, off the step", goesOn, 7 * time.Second, "12/40 6/40 8/40 bound", "0/0 19/0 12/0"},
		{"it began anew", anew, 0, "11/40 8/40 8/40 bound", "3/0 12/0 12/0"},
		{"it began anew, off the step", anew, 7 * time.Second, "12/40 8/40 8/40 bound", "0/0 12/0 12/0"},
		{"coarser", coarser, 0, "9/40 12/40 12/40 bound", "9/0 0/0 0/0"},
		{"coarser, off the step", coarser, 7 * time.Second, "8/40 12/40 12/40 bound", "12/0 0/0 0/0"},
		{"a bound is added", added, 0, "8/40 12/40 12/40 bound", "12/0 0/0 0/0"},
		{"all near bounds end", far, 0, "9/40 0/40 0/40 bound", "9/0 36/0 36/0"},
		{"beside another", goesOn + sibling, 0, "21/80 20/80 20/80 bound", "10/0 12/0 12/0"},
		{"beside another, it began anew", anew + sibling, 7 * time.Second, "24/80 20/80 20/80 bound", "0/0 12/0 12/0"},
		{"two replicas", pair, 0, "11/40 8/40 8/40 bound", "3/0 12/0 12/0"},
	} {
		store := sampletest.New(shifted(sampletest.Lines(noon.Add(-before), 15*time.Second, test.lines), test.late)...)
		a := fetch(t, store, Config{}, request(t, `{histogram: h_seconds, good: "<= 300ms"}`, 3))[0]
		doubt := ""
		if a.Series != nil && a.Series.Doubt != nil {
			doubt = sourcetest.Counts(a.Series.Doubt)
		}
		if got := says(a); got != test.want || doubt != test.doubt {
			t.Errorf("%s: got %s with doubt %s, want %s with %s", test.name, got, doubt, test.want, test.doubt)
		}
	}
}

// A histogram that becomes native, or classic, in the middle of a bucket is counted as if it
// had always been one of both.
func TestKindChanges(t *testing.T) {
	const lines = `h_seconds_bucket{instance="a",le="0.1"} 0+1x23
		h_seconds_bucket{instance="a",le="0.3"} 0+7x23
		h_seconds_bucket{instance="a",le="+Inf"} 0+10x23`
	const sibling = `
		h_seconds_bucket{instance="b",le="0.3"} 0+7x23
		h_seconds_bucket{instance="b",le="+Inf"} 0+10x23`
	cut := func(s sampletest.Series, from, to int) sampletest.Series {
		s.Times = s.Times[from:to]
		if s.Values != nil {
			s.Values = s.Values[from:to]
		} else {
			s.Histograms = s.Histograms[from:to]
		}
		return s
	}
	for _, test := range []struct {
		name            string
		classic, native [2]int // the scrapes of each kind
	}{
		{"classic alone", [2]int{0, 24}, [2]int{}},
		{"native alone", [2]int{}, [2]int{0, 24}},
		{"both", [2]int{0, 24}, [2]int{0, 24}},
		{"to native", [2]int{0, 11}, [2]int{11, 24}},
		{"to native, on the step", [2]int{0, 13}, [2]int{13, 24}},
		{"to native, both for a while", [2]int{0, 14}, [2]int{10, 24}},
		{"to classic", [2]int{11, 24}, [2]int{0, 11}},
		{"to classic, on the step", [2]int{13, 24}, [2]int{0, 13}},
		{"native is added", [2]int{0, 24}, [2]int{10, 24}},
		{"classic is added", [2]int{10, 24}, [2]int{0, 24}},
		{"native is dropped", [2]int{0, 24}, [2]int{0, 10}},
		{"classic is dropped", [2]int{0, 10}, [2]int{0, 24}},
	} {
		for also, want := range map[string]string{"": "12/40 12/40 12/40", sibling: "24/80 24/80 24/80"} {
			for _, late := range []time.Duration{0, 7 * time.Second} {
				var all []sampletest.Series
				for i, s := range sampletest.Lines(noon.Add(-before), 15*time.Second, lines+also) {
					if i < 3 {
						s = cut(s, test.classic[0], test.classic[1])
					}
					all = append(all, s)
				}
				native := cut(natives(sampletest.Labels("h_seconds", "instance", "a"), 24), test.native[0], test.native[1])
				up := sampletest.Lines(noon.Add(-before), 15*time.Second, `up{instance="a"} 1x23`)
				store := sampletest.New(shifted(append(append(all, native), up...), late)...)
				a := fetch(t, store, Config{}, request(t, `{histogram: h_seconds, good: "<= 300ms"}`, 3))[0]
				if got := says(a); got != want {
					t.Errorf("%s, sibling %t, late %s: got %s, want %s", test.name, also != "", late, got, want)
				}
			}
		}
	}
}

// Histograms of too many bounds have counts, and a note in place of percentiles.
func TestManyBounds(t *testing.T) {
	store := func(bounds int) *sampletest.Store {
		var text strings.Builder
		for i := range bounds - 1 {
			fmt.Fprintf(&text, "h_seconds_bucket{le=\"%d\"} 0+10x20\n", i+1)
		}
		return lines(text.String() + `h_seconds_bucket{le="+Inf"} 0+10x20`)
	}
	for bounds, want := range map[int]string{maxBounds: "0/40 0/40 0/40", maxBounds + 1: "0/40 0/40 0/40 bounds", 20_000: "0/40 0/40 0/40 bounds"} {
		r := request(t, `{histogram: h_seconds, good: "<= 3s"}`, 3)
		r.Percentiles = true
		held := store(bounds)
		a := fetch(t, held, Config{}, r)[0]
		if got := says(a); got != want || (len(a.Percentiles) > 0) != (bounds <= maxBounds) {
			t.Errorf("%d bounds: got %s and percentiles %v, want %s", bounds, got, a.Percentiles, want)
		}
		for _, n := range a.Notes {
			if !strings.Contains(n.Message, "the histograms of h_seconds have") {
				t.Errorf("note %v", n)
			}
		}
	}
}

// A histogram has no label le to be split by.
func TestPerBound(t *testing.T) {
	for per, want := range map[string]bool{"le": true, "job": false} {
		r := request(t, `{histogram: h_seconds, good: "<= 300ms"}`, 3)
		r.SLI.Per = []string{per}
		if findings := Check(spec.Block{}, r.SLI, "prometheus"); findings.Errors() != want {
			t.Errorf("per %s: %v", per, findings)
		}
	}
}

// The name of a histogram is near to those of histograms, not to the parts of one.
func TestNearHistogram(t *testing.T) {
	a := fetch(t, lines(`http_seconds_bucket{le="+Inf"} 1x20
		http_seconds_sum 1x20
		http_seconds_count 1x20
		http_second_s_total 1x20`), Config{}, request(t, `{histogram: htp_seconds, good: "<= 300ms"}`, 3))[0]
	if len(a.Notes) != 1 || a.Notes[0].Hint != "did you mean http_seconds?" {
		t.Errorf("notes %v", a.Notes)
	}
}
