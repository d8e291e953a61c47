package html

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// Reports are made once and only read.
var (
	sample  = sync.OnceValue(func() *report.Report { return reporttest.Sample(unit.English) })
	hostile = sync.OnceValue(func() *report.Report { return reporttest.Hostile(unit.English) })
)

func written(t testing.TB, r *report.Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// parsed is what a browser makes of a page.
type parsed struct {
	elements map[string]int
	attrs    map[string]bool
	text     string // of the body, without scripts and styles
	scripts  []string
	data     map[string]string // script elements of JSON by ID
	policy   string
}

func parse(t testing.TB, page string) parsed {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	p := parsed{elements: map[string]int{}, attrs: map[string]bool{}, data: map[string]string{}}
	var text strings.Builder
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			p.element(n)
		case html.TextNode:
			if n.Parent.Data != "script" && n.Parent.Data != "style" && n.Parent.Data != "noscript" {
				text.WriteString(n.Data + "\n")
			}
		}
	}
	p.text = text.String()
	return p
}

func (p *parsed) element(n *html.Node) {
	p.elements[n.Data]++
	attr := map[string]string{}
	for _, a := range n.Attr {
		attr[a.Key] = a.Val
		p.attrs[a.Key] = true
	}
	switch {
	case n.Data == "script" && attr["type"] == "application/json":
		p.data[attr["id"]] = n.FirstChild.Data
	case n.Data == "script":
		p.scripts = append(p.scripts, n.FirstChild.Data)
	case n.Data == "meta" && attr["http-equiv"] == "Content-Security-Policy":
		p.policy = attr["content"]
	}
}

func TestSameReportSameBytes(t *testing.T) {
	a, b := written(t, reporttest.Sample(unit.Japanese)), written(t, reporttest.Sample(unit.Japanese))
	if a != b {
		t.Error("two pages of one report differ")
	}
}

func TestEChartsIsVerbatim(t *testing.T) {
	lib := library()
	sum := sha256.Sum256([]byte(lib))
	// dist/echarts.min.js of the npm package echarts@5.6.0
	const want = "bf4a223524e40b77c304bec67e1222cf551f14880cf42c69dc046558e11c07b1"
	if got := hex.EncodeToString(sum[:]); got != want {
		t.Errorf("echarts.min.js has sha256 %s, want %s", got, want)
	}
	if !strings.Contains(lib, `version="5.6.0"`) {
		t.Error("echarts.min.js does not say that it is version 5.6.0")
	}
	for name, text := range map[string]string{"LICENSE": unpacked("echarts/LICENSE.zst"), "NOTICE": asset("echarts/NOTICE")} {
		if !strings.Contains(text, "Apache") {
			t.Errorf("%s does not name its licence", name)
		}
	}
}

func TestPolicyAllowsTheScriptsOfThePageOnly(t *testing.T) {
	p := parse(t, written(t, sample()))
	if len(p.scripts) != 2 {
		t.Fatalf("%d scripts, want the library and draw.js", len(p.scripts))
	}
	want := "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src"
	for _, s := range p.scripts {
		sum := sha256.Sum256([]byte(s))
		want += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	if p.policy != want {
		t.Errorf("policy %q, want %q", p.policy, want)
	}
}

func TestPageAsksNothingOfANetwork(t *testing.T) {
	page := strings.Replace(written(t, sample()), library(), "", 1)
	for _, bad := range []string{" src=", "@import", "url(", "//cdn", "<iframe", "<object", "fetch(", "XMLHttpRequest"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	for _, link := range regexp.MustCompile(`https?:[^'" ]*`).FindAllString(page, -1) {
		if !strings.HasPrefix(link, "http://www.w3.org/2000/svg%27") { // the favicon's namespace
			t.Errorf("the page names %q", link)
		}
	}
}

func TestPageIsWhole(t *testing.T) {
	for _, l := range []unit.Language{unit.English, unit.Japanese} {
		r := reporttest.Sample(l)
		page := written(t, r)
		p := parse(t, page)
		for element, want := range map[string]int{"h1": 1, "main": 1, "title": 1 + strings.Count(page, "<title>") - 1} {
			if p.elements[element] != want {
				t.Errorf("%s: %d <%s>, want %d", l, p.elements[element], element, want)
			}
		}
		if !strings.Contains(page, fmt.Sprintf(`<html lang="%s">`, l)) {
			t.Errorf("%s: the page does not name its language", l)
		}
		texts := []string{r.Headline, r.Title, strconv.Itoa(r.Summary.Met) + " / 14", l.Percent(r.Summary.Availability, 4), "ops board", "v0.1.0", "sha256:"}
		for _, o := range r.Objectives {
			texts = append(texts, o.Name, l.Spent(o.Budget.Spent), l.SLI(o.SLI, o.Target), l.Left(o.Budget.Minutes.Remaining), l.State(o.State))
		}
		for _, text := range texts {
			if !strings.Contains(p.text, text) {
				t.Errorf("%s: the page does not say %q", l, text)
			}
		}
		if left := regexp.MustCompile(`.*\{[a-z]*\}.*`).FindString(p.text); left != "" {
			t.Errorf("%s: a placeholder was not filled: %s", l, left)
		}
	}
}

func TestPageIsSmall(t *testing.T) {
	page := written(t, sample())
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	fmt.Fprint(z, page)
	z.Close()
	if len(page) > 1_400_000 || packed.Len() > 400_000 {
		t.Errorf("%d bytes, %d packed: want at most 1400000 and 400000", len(page), packed.Len())
	}
}

func TestHostileNamesAddNoElement(t *testing.T) {
	r := *sample()
	r.Objectives = slices.Clone(r.Objectives)
	r.Objectives[0].Budget.Spent = slo.NumberOf(9) // its bar ends in an arrow, as one of the hostile report's does
	kind, got := parse(t, written(t, &r)), parse(t, written(t, hostile()))
	for name := range got.elements {
		if kind.elements[name] == 0 {
			t.Errorf("<%s> is no element of the page", name)
		}
	}
	for name := range got.attrs {
		if !kind.attrs[name] {
			t.Errorf("%q is no attribute of the page", name)
		}
	}
	if len(got.scripts) != len(kind.scripts) || got.policy != kind.policy {
		t.Errorf("%d scripts, want %d and the same policy", len(got.scripts), len(kind.scripts))
	}
	for _, text := range reporttest.HostileTexts() {
		shown := strings.NewReplacer("\x00", "\ufffd", "\r", `\u000d`, "\u202e", `\u202e`, "\x1b", `\u001b`).Replace(text)
		if !strings.Contains(got.text, shown) {
			t.Errorf("the page does not show %q", text)
		}
	}
}

// small returns o with few days and points.
func small(o report.Objective) report.Objective {
	d := *o.Detail
	d.Burndown, d.Calls, d.Percentiles = d.Burndown[:3], d.Calls[:3], d.Percentiles[:3]
	d.Burn = []report.BurnLine{{Window: "1h", Points: d.Burn[0].Points[:3]}}
	o.Detail, o.Days = &d, o.Days[:3]
	return o
}

func FuzzNames(f *testing.F) {
	for _, text := range reporttest.HostileTexts() {
		f.Add(text)
	}
	one := *sample()
	one.Objectives, one.Incidents = []report.Objective{small(one.Objectives[0])}, one.Incidents[:1]
	light := func(t testing.TB, r *report.Report) map[string]int { // the library's megabyte slows the parser down
		return parse(t, strings.Replace(written(t, r), library(), "0", 1)).elements
	}
	elements := light(f, &one)
	f.Fuzz(func(t *testing.T, text string) {
		r := one
		o := one.Objectives[0]
		o.Service, o.Name, o.Description = text, text, text+"."
		r.Objectives, r.Title, r.Headline = []report.Objective{o}, text+".", text
		got := light(t, &r)
		for name := range got {
			if elements[name] == 0 {
				t.Errorf("<%s> is no element of the page", name)
			}
		}
	})
}

func TestChartsHoldJSONOnly(t *testing.T) {
	p := parse(t, written(t, hostile()))
	if len(p.data) < 9 {
		t.Fatalf("%d charts, want 3 for each of 3 objectives", len(p.data))
	}
	for id, text := range p.data {
		var m map[string]any
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		if m["useUTC"] != true || m["animation"] != false {
			t.Errorf("%s: useUTC %v, animation %v", id, m["useUTC"], m["animation"])
		}
		if strings.Contains(text, "function") {
			t.Errorf("%s holds a function", id)
		}
	}
}

func TestSizesOfReports(t *testing.T) {
	many := func(n int, change func(*report.Objective)) *report.Report {
		r := *sample()
		r.Objectives = nil
		for i := range n {
			o := sample().Objectives[i%14]
			o.Name += strconv.Itoa(i)
			if change != nil {
				change(&o)
			}
			r.Objectives = append(r.Objectives, o)
		}
		return &r
	}
	bare := func(state slo.State) func(*report.Objective) {
		return func(o *report.Objective) { o.State, o.Detail = state, nil }
	}
	empty := func(o *report.Objective) {
		*o = report.Objective{Service: o.Service, Name: o.Name, Target: o.Target, State: slo.NoData, Failed: "connection refused"}
	}
	missed := func(o *report.Objective) { o.State, o.Detail = slo.Missed, sample().Objectives[0].Detail }
	for _, c := range []struct {
		name                    string
		r                       *report.Report
		rows, sections, charts  int
		calendars, folds, loads int
	}{
		{"none", many(0, nil), 0, 0, 0, 0, 0, 1},
		{"one", many(1, nil), 1, 1, 3, 0, 0, 2},
		{"all met", many(14, bare(slo.Met)), 14, 0, 0, 14, 0, 1},
		{"all without data", many(14, bare(slo.NoData)), 14, 0, 0, 14, 0, 1},
		{"nothing known", many(3, empty), 3, 0, 0, 0, 0, 1},
		{"two hundred", many(200, bare(slo.Met)), 200, 0, 0, 200, 0, 1},
		{"thirty missed", many(30, missed), 30, 30, 90, 0, 10, 2},
		{"no language, no zone", &report.Report{}, 0, 0, 0, 0, 0, 1},
	} {
		page := written(t, c.r)
		p := parse(t, page)
		got := []int{strings.Count(page, `<td class="bars">`), strings.Count(page, `class="objective" id=`), strings.Count(page, "data-chart "),
			strings.Count(page, `<figure id="o`), strings.Count(page, `<details class="objective"`), len(p.scripts)}
		if want := []int{c.rows, c.sections, c.charts, c.calendars, c.folds, c.loads}; !slices.Equal(got, want) {
			t.Errorf("%s: rows, sections, charts, calendars, folded sections, scripts %v, want %v", c.name, got, want)
		}
	}
}

func TestPlotShiftsTimesIntoTheZone(t *testing.T) {
	zone := time.FixedZone("half past", int((5*time.Hour + 30*time.Minute).Seconds()))
	start := time.Date(2026, 3, 1, 18, 30, 0, 0, time.UTC) // midnight of 2 March there
	p := plot{zone: zone, start: start, end: start.Add(24 * time.Hour), panels: []panel{{lines: []line{{points: []report.Point{
		{Time: start, Value: slo.NumberOf(1)}, {Time: start.Add(time.Hour)}, {Time: start.Add(2 * time.Hour), Value: slo.NumberFloat(math.Inf(1))},
	}}}}}}
	text, err := p.options()
	if err != nil {
		t.Fatal(err)
	}
	midnight := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).Unix()
	for _, want := range []string{fmt.Sprintf(`"t":[%d,3600,3600]`, midnight), `"v":[1,"-","-"]`, fmt.Sprintf(`"min":%d`, midnight*1000)} {
		if !strings.Contains(string(text), want) {
			t.Errorf("options lack %s:\n%s", want, text)
		}
	}
}

func TestBulletGrowsWithTheSpend(t *testing.T) {
	for _, c := range []struct {
		name  string
		spent slo.Number
		want  string // the bar
	}{
		{"nothing", slo.NumberOf(0), ""},
		{"unknown", slo.Number{}, ""},
		{"half", slo.NumberFrac(1, 2), `<rect class="bar bad" y="5" width="40" height="6"/>`},
		{"a trace", slo.NumberFrac(1, 1e6), `<rect class="bar bad" y="5" width="1.5" height="6"/>`},
		{"the end", slo.NumberFrac(3, 2), `<rect class="bar bad" y="5" width="120" height="6"/>`},
		{"past the end", slo.NumberOf(9), `<path class="bar bad" d="M0 5H115L120 8L115 11H0Z"/>`},
	} {
		o := report.Objective{State: slo.Missed}
		o.Budget.Spent = c.spent
		got := regexp.MustCompile(`<(rect|path) class="bar[^>]*>`).FindString(string(bullet(o, "")))
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestBurndownAxis(t *testing.T) {
	for _, c := range []struct{ left, want float64 }{{0.2, 0}, {0, 0}, {-0.01, -50}, {-0.5, -50}, {-0.51, -100}, {-7.2, -750}, {math.NaN(), 0}} {
		d := report.Detail{Burndown: []report.Point{{Value: slo.NumberOf(1)}, {Value: slo.NumberFloat(c.left)}}}
		if got := axisFloor(d.Lowest()); got != c.want {
			t.Errorf("with %v left the axis begins at %v, want %v", c.left, got, c.want)
		}
	}
}

// What a tooltip says is made of the model's number, not of the value that is drawn.
func TestChartsRoundWhatTheModelMeans(t *testing.T) {
	l := unit.English
	percent := func(n slo.Number) string { return l.Percent(n, 0) }
	for _, c := range []struct {
		name string
		n    slo.Number
		text func(slo.Number) string
		want string
	}{
		{"a burn rate of exactly 14.4", slo.NumberFrac(144, 10), l.Burn, "14.4×"},
		{"a trace over it", slo.NumberFrac(144_001, 10_000), l.Burn, "14.5×"},
		{"29 % left", slo.NumberFrac(29, 100), percent, "29%"},
		{"a trace less", slo.NumberFrac(2899, 10_000), percent, "28%"},
		{"a large count", slo.NumberOf(1e15), l.Count, "1,000,000,000,000,000"},
		{"unknown", slo.Number{}, l.Burn, unit.Unknown},
		{"infinite", slo.NumberFloat(math.Inf(1)), l.Burn, unit.Unknown},
	} {
		points := []report.Point{{Value: c.n}}
		drawn := plot{zone: time.UTC}.dataset(line{points: points, said: figures(points, c.text)})
		got := drawn.Source.(map[string]any)["s"].([]string)
		if !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s shows as %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTitlesAreFindings(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 5, n, 0, 0, 0, 0, time.UTC) }
	points := func(values ...float64) (out []report.Point) {
		for i, v := range values {
			out = append(out, report.Point{Time: day(i + 1), Value: slo.NumberFloat(v)})
		}
		return out
	}
	peaked := day(2)
	page := report.Threshold{Name: "page 1h/5m", Class: "page", Windows: "1h/5m", Factor: slo.NumberFrac(144, 10)}
	burn := func(peak slo.Number, past bool) *report.Detail {
		line := report.BurnLine{Window: "1h", Peak: peak, PeakAt: &peaked, Past: past, Threshold: &page}
		return &report.Detail{Burn: []report.BurnLine{line}, Thresholds: []report.Threshold{page}}
	}
	left := func(n slo.Number, out *time.Time) report.Objective {
		o := report.Objective{Detail: &report.Detail{RanOut: out}, Window: report.Window{Closed: true}}
		o.Budget.Remaining = n
		return o
	}
	third := day(3)
	about := func(o report.Objective) chartPart {
		return chartPart{say: newSpeaker(unit.English, nil), report: &report.Report{}, o: o}
	}
	hours := []slo.Percentiles{{Start: day(3), P99: 2 * time.Second}, // which says less than over one second
		{Start: day(4), P50: 200 * time.Millisecond, P95: time.Second, P99: time.Second, Over: 99}}
	over := about(report.Objective{Days: []report.Day{{Slowest: &hours[0]}, {Slowest: &hours[1]}},
		Detail: &report.Detail{CallsPer: "2h", Days: make([]report.DetailDay, 2), Percentiles: hours}})
	for _, c := range []struct{ name, got, want string }{
		{"over", about(left(slo.NumberFrac(-1, 5), &third)).burndownTitle(), "The budget ran out on 2 May"},
		{"kept", about(left(slo.NumberFrac(199, 1000), nil)).burndownTitle(), "19% of the budget was left at the end"},
		{"unknown", about(left(slo.Number{}, nil)).burndownTitle(), "The budget is not known"},
		{"past", about(report.Objective{Detail: burn(slo.NumberOf(20), true)}).burn().Title, "The burn rate over 1 h peaked at 20.0× on 1 May, past the page threshold of 14.4×"},
		{"at the threshold", about(report.Objective{Detail: burn(slo.NumberFrac(144, 10), false)}).burn().Title, "The burn rate over 1 h peaked at 14.4× on 1 May, within the page threshold of 14.4×"},
		{"no burn rate", about(report.Objective{Detail: burn(slo.Number{}, false)}).burn().Title, "The burn rate is not known"},
		{"calls", about(report.Objective{Detail: &report.Detail{CallsPer: "2h", Calls: points(5, 1234)}}).traffic().Title, "Calls peaked at 1,234 in 2 h on 2 May"},
		{"no calls", about(report.Objective{Detail: &report.Detail{}}).traffic().Title, "No calls were measured"},
		{"slow", about(report.Objective{Detail: &report.Detail{CallsPer: "2h", Days: make([]report.DetailDay, 2)}, Days: []report.Day{
			{Slowest: &slo.Percentiles{Start: day(3), P99: 2 * time.Second}}, {Slowest: &slo.Percentiles{Start: day(4), P99: time.Second}}}}).traffic().Title,
			"The 99th percentile peaked at 2 s on 3 May"},
		{"over the last bound", over.traffic().Title, "The 99th percentile peaked at over 1 s on 4 May"},
		{"nobody knows how far off", over.traffic().Note,
			"Response time, slowest hour of each 2 h, and how far it is off the buckets do not tell; below: calls per 2 h"},
		{"table", strings.Join(over.trafficTable().Rows[1][3:], ", "), "200 ms, 1 s, over 1 s"},
		{"tooltips", fmt.Sprint(over.latencyPanel().lines[2].said), "[2 s over 1 s]"},
		{"in Japanese", fmt.Sprint(newSpeaker(unit.Japanese, nil).percentiles(hours[1])), "[200ms 1秒 1秒超]"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

// What percentiles are right to is said of all of them only where all say it.
func TestErrorsOfPercentilesThatNobodyKnows(t *testing.T) {
	hour := func(e slo.Number) report.Objective {
		slowest := &slo.Percentiles{Start: time.Date(2026, 5, 3, 0, 0, 0, 0, time.UTC), P99: time.Second, Error: e}
		return report.Objective{Days: []report.Day{{Slowest: slowest}}}
	}
	one, two, unknown := hour(slo.NumberFrac(1, 100)), hour(slo.NumberFrac(2, 100)), hour(slo.Number{})
	for _, c := range []struct {
		objectives []report.Objective
		want       string
	}{
		{[]report.Objective{one, two}, "each is right to within 2.0%"},
		{[]report.Objective{unknown, one}, "some are right to within 1.0%; how far others are off their buckets do not tell"},
		{[]report.Objective{unknown}, "how far they are off the buckets do not tell"},
	} {
		p := methodPart{say: newSpeaker(unit.English, nil), report: &report.Report{Status: report.Status{Objectives: c.objectives}}}
		if _, got := p.slowest(); !strings.Contains(got, c.want) {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestThresholdsAreNamedByClass(t *testing.T) {
	d := &report.Detail{Thresholds: []report.Threshold{
		{Windows: "1h/5m", Class: "page"}, {Windows: "6h/30m", Class: "page"}, {Windows: "3d/6h", Class: "ticket"},
	}}
	got := chartPart{say: newSpeaker(unit.English, nil), o: report.Objective{Detail: d}}.thresholds()
	if want := []key{{"k-page", "page 1h/5m, 6h/30m"}, {"k-near", "ticket 3d/6h"}}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func BenchmarkWrite(b *testing.B) {
	b.Run("sample", func(b *testing.B) {
		for b.Loop() {
			written(b, sample())
		}
	})
	many := *sample()
	all := many.Objectives
	many.Objectives = nil
	for i := range 1000 {
		o := all[i%len(all)]
		o.Name += " " + strconv.Itoa(i)
		many.Objectives = append(many.Objectives, o)
	}
	b.Run("1000 objectives", func(b *testing.B) {
		for b.Loop() {
			written(b, &many)
		}
	})
}
