// Package browser opens reports in a real Chromium. Without one its tests are
// skipped; with NINES_CI=1 they fail instead.
package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/html"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/testdata/browser/chrome"
)

// pages writes the reports that are looked at: the samples, what `nines report`
// makes of examples/shop, and the file that NINES_REPORT names.
func pages(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	out := map[string]string{}
	for name, r := range map[string]*report.Report{
		"en": reporttest.Sample(unit.English), "ja": reporttest.Sample(unit.Japanese),
		"hostile": reporttest.Hostile(unit.English), "empty": {},
	} {
		out[name] = filepath.Join(dir, name+".html")
		write(t, out[name], r)
	}
	if _, err := os.Stat("../../examples/shop"); err == nil {
		out["shop"] = filepath.Join(dir, "shop.html")
		run := exec.Command("go", "run", "./cmd/nines", "report", "examples/shop", "--html", out["shop"])
		run.Dir = "../.."
		if text, err := run.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", run, err, text)
		}
	}
	if file := os.Getenv("NINES_REPORT"); file != "" {
		path, err := filepath.Abs(file)
		if err != nil {
			t.Fatal(err)
		}
		out["given"] = path
	}
	return out
}

func write(t *testing.T, path string, r *report.Report) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := html.Write(f, r); err != nil {
		t.Fatal(err)
	}
}

// visit is what a tab saw.
type visit struct {
	context.Context
	mu       sync.Mutex
	problems []string
	requests []string
}

// open starts a tab that notes errors and requests.
func open(t *testing.T, env ...string) *visit {
	t.Helper()
	path := chrome.Path()
	switch {
	case path == "" && os.Getenv("NINES_CI") == "1":
		t.Fatal("no chromium found, and NINES_CI=1 asks for one")
	case path == "":
		t.Skip("no chromium found")
	}
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	tab, cancel := chrome.New(ctx, path, env...)
	t.Cleanup(func() { cancel(); stop() })
	v := &visit{Context: tab}
	if err := chromedp.Listen(tab, v.note); err != nil {
		t.Fatal(err)
	}
	call(t, v, network.Enable, network.EnableParams{})
	call(t, v, log.Enable, cdp.Empty{})
	call(t, v, runtime.Enable, cdp.Empty{})
	return v
}

// note keeps what went wrong and what was asked for.
func (v *visit) note(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		v.problems = append(v.problems, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		v.problems = append(v.problems, "console: "+string(e.Type))
	case *log.EventEntryAdded:
		v.problems = append(v.problems, e.Entry.Text)
	case *page.EventJavascriptDialogOpening:
		v.problems = append(v.problems, "a dialog opened: "+e.Message)
	case *network.EventRequestWillBeSent:
		v.requests = append(v.requests, e.Request.URL)
	}
}

func (v *visit) run(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(v.Context, actions...); err != nil {
		t.Fatal(err)
	}
}

// call sends a command to the browser.
func call[P, R any](t *testing.T, v *visit, command cdp.Command[P, R], params P) R {
	t.Helper()
	out, err := chromedp.Call(v.Context, command, params)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// media emulates a medium and a colour scheme; "" is the browser's own.
func (v *visit) media(t *testing.T, medium, scheme string) {
	t.Helper()
	params := emulation.SetEmulatedMediaParams{Media: medium}
	if scheme != "" {
		params.Features = []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
	}
	call(t, v, emulation.SetEmulatedMedia, params)
}

// load opens a file and waits until its script is through.
func (v *visit) load(t *testing.T, file string) {
	t.Helper()
	v.run(t, chromedp.Navigate("file://"+file), chromedp.WaitReady(chromedp.CSS("html[data-ready]")))
}

// eval returns what a JavaScript expression gives.
func eval[T any](t *testing.T, v *visit, expression string) T {
	t.Helper()
	out, err := chromedp.Run(v.Context, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%v in %s", err, expression)
	}
	return out
}

func TestReports(t *testing.T) {
	v := open(t)
	for name, file := range pages(t) {
		t.Run(name, func(t *testing.T) {
			v.problems, v.requests = nil, nil
			v.run(t, chromedp.EmulateViewport(1280, 900))
			v.load(t, file)
			drawn(t, v)
			hover(t, v)
			noExtraElements(t, v)
			fits(t, v)
			printed(t, v, file)
			if len(v.problems) > 0 {
				t.Errorf("the browser complained: %q", v.problems)
			}
			for _, url := range v.requests {
				if url != "file://"+file && !strings.HasPrefix(url, "data:") {
					t.Errorf("the page asked for %s", url)
				}
			}
		})
	}
}

// drawn checks that every chart within sight has been drawn.
func drawn(t *testing.T, v *visit) {
	t.Helper()
	want := eval[int](t, v, `[...document.querySelectorAll('[data-chart]')].filter(e => !e.closest('details:not([open])')).length`)
	got := eval[int](t, v, `[...document.querySelectorAll('[data-chart] svg[viewBox]')].filter(s => s.querySelectorAll('path').length > 3 && s.querySelectorAll('text').length > 3).length`)
	ready := eval[string](t, v, `document.documentElement.dataset.ready`)
	if got != want || ready != fmt.Sprint(want) {
		t.Errorf("%d charts drawn, data-ready %s, want %d", got, ready, want)
	}
}

// hover moves over each chart, so that tooltips show names.
func hover(t *testing.T, v *visit) {
	t.Helper()
	shown := eval[[]string](t, v, `[...document.querySelectorAll('[data-chart]')].filter(e => e.chart).map(e => {
		e.chart.dispatchAction({type: 'showTip', x: e.clientWidth / 2, y: 40});
		return [...e.children].slice(1).map(c => c.textContent).join(' ');
	})`)
	for i, text := range shown {
		if text == "" {
			t.Errorf("chart %d shows no tooltip", i)
		}
	}
}

// noExtraElements checks that no name became markup.
func noExtraElements(t *testing.T, v *visit) {
	t.Helper()
	if n := eval[int](t, v, `document.querySelectorAll('img,iframe,object,embed,form,input,base,b,[onerror],[onload],[onclick]').length`); n > 0 {
		t.Errorf("%d elements or handlers that the page does not write", n)
	}
	if n := eval[int](t, v, `document.querySelectorAll('script:not([type])').length`); n > 2 {
		t.Errorf("%d scripts, want at most 2", n)
	}
}

// fits checks that nothing needs sideways scrolling, on a desk or on a phone.
func fits(t *testing.T, v *visit) {
	t.Helper()
	for _, width := range []int64{1280, 800, 390} {
		v.run(t, chromedp.EmulateViewport(width, 900), chromedp.Sleep(200*time.Millisecond))
		if wide := eval[int64](t, v, `document.documentElement.scrollWidth`); wide > width {
			out := eval[[]string](t, v, `[...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && !e.closest('.scroll,svg') && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName + '.' + e.className + ': ' + e.textContent.slice(0, 40))`)
			t.Errorf("at %d px the page is %d px wide: %q", width, wide, out[:min(len(out), 5)])
		}
	}
	v.run(t, chromedp.EmulateViewport(1280, 900))
}

// printed checks the paper: charts keep within it, and there are pages.
func printed(t *testing.T, v *visit, file string) {
	t.Helper()
	v.load(t, file)
	v.media(t, "print", "")
	if n := eval[int](t, v, `[...document.querySelectorAll('svg')].filter(s => s.checkVisibility() && s.getBoundingClientRect().right > document.body.getBoundingClientRect().right + 1).length`); n > 0 {
		t.Errorf("%d pictures reach over the right edge in print", n)
	}
	v.media(t, "", "")
	pdf, err := chromedp.Run(v.Context, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground()))
	if err != nil {
		t.Fatal(err)
	}
	sheets := len(regexp.MustCompile(`/Type\s*/Page\b[^s]`).FindAll(pdf, -1))
	charts := eval[int](t, v, `document.querySelectorAll('section.objective').length`)
	if sheets < 1+charts {
		t.Errorf("%d printed pages, want one and one for each of %d objectives", sheets, charts)
	}
}

func TestSameLabelsInEveryZone(t *testing.T) {
	file := pages(t)["en"]
	var first []string
	for _, zone := range []string{"UTC", "Asia/Tokyo", "America/Los_Angeles"} {
		v := open(t, "TZ="+zone)
		v.run(t, chromedp.EmulateViewport(1280, 900))
		v.load(t, file)
		labels := eval[[]string](t, v, `[...document.querySelectorAll('[data-chart] text')].map(e => e.textContent)`)
		if first == nil {
			first = labels
		}
		if !slices.Equal(labels, first) || !slices.Contains(labels, "1 May") {
			t.Errorf("with TZ=%s the charts are labelled\n%q, want\n%q", zone, labels, first)
		}
	}
}

func TestChartsFollowTheScheme(t *testing.T) {
	v := open(t)
	v.load(t, pages(t)["en"])
	stroke := func(scheme string) string {
		v.media(t, "", scheme)
		return eval[string](t, v, `(() => {
			const good = getComputedStyle(document.documentElement).getPropertyValue('--good').trim();
			const probe = document.createElement('span');
			probe.style.color = good;
			document.body.append(probe);
			const want = getComputedStyle(probe).color;
			probe.remove();
			const found = [...document.querySelectorAll('[data-chart] path')].some(p => getComputedStyle(p).stroke === want);
			return found ? want : 'no line in ' + want;
		})()`)
	}
	if light, dark := stroke("light"), stroke("dark"); light != "rgb(0, 114, 178)" || dark != "rgb(86, 180, 233)" {
		t.Errorf("lines are %s in the light and %s in the dark scheme", light, dark)
	}
}

func TestWithoutJavaScript(t *testing.T) {
	v := open(t)
	call(t, v, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	v.run(t, chromedp.Navigate("file://"+pages(t)["en"]))
	for what, expression := range map[string]string{
		"the headline":      `document.querySelector('h1').getBoundingClientRect().height > 20`,
		"fourteen rows":     `document.querySelectorAll('.objectives tbody tr').length === 14`,
		"bars":              `document.querySelectorAll('.objectives .days rect').length === 14 * 31`,
		"figures of charts": `[...document.querySelectorAll('.figures-of')].every(e => e.checkVisibility({contentVisibilityAuto: true}) && e.getBoundingClientRect().height > 100)`,
		"other calendars":   `[...document.querySelectorAll('.calendars svg')].every(e => e.getBoundingClientRect().height > 100)`,
	} {
		if !eval[bool](t, v, expression) {
			t.Errorf("%s: not there", what)
		}
	}
	if ready := eval[string](t, v, `document.documentElement.dataset.ready || ''`); ready != "" {
		t.Errorf("a script ran: data-ready is %s", ready)
	}
}
