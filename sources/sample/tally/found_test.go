package tally

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample/sampletest"
)

// finds writes what queries found, times as seconds since noon.
func finds(all []sources.Found) string {
	var out []string
	for _, f := range all {
		text := fmt.Sprintf("%s %s: %d series", f.Key, f.Query, f.Series)
		if !f.From.IsZero() {
			text += fmt.Sprintf(" %v to %v", f.From.Sub(noon).Seconds(), f.To.Sub(noon).Seconds())
		}
		out = append(out, text+fmt.Sprintf(" every %s step %s %s", f.Every, f.Step, strings.Join(f.Labels, ",")))
	}
	return strings.Join(out, "; ")
}

// Each query of an sli is told once, with what there is of it: samples every 15 s from two
// minutes before noon on, and also where there is no answer.
func TestFound(t *testing.T) {
	const calls = `r_total{code="200",job="api"} 100+10x20
		r_total{code="500",zone="b"} _x4 0+1x8`
	for _, test := range []struct{ name, sli, lines, want string }{
		{"counters", totals, calls, `bad r_total{code="500"}: 1 series -60 to 60 every 15s step 1m0s code,zone; ` +
			`total r_total: 2 series -120 to 180 every 15s step 1m0s code,job,zone`},
		{"no bad events", totals, `r_total{code="200"} 100+10x20`, `bad r_total{code="500"}: 0 series every 0s step 1m0s ; ` +
			`total r_total: 1 series -120 to 180 every 15s step 1m0s code`},
		{"a slip", `{bad: {counter: 'a_total'}, total: {counter: r_total}}`, calls,
			`bad a_total: 0 series every 0s step 1m0s ; total r_total: 2 series -120 to 180 every 15s step 1m0s code,job,zone`},
		{"a value", `{value: up, good: ">= 1"}`, `up{job="api"} 1x20`, `value up: 1 series -120 to 180 every 15s step 1m0s job`},
		{"a histogram", `{histogram: h_seconds, good: "<= 200ms"}`, `h_seconds_bucket{job="api",le="0.1"} 0+1x20
		 h_seconds_bucket{job="api",le="0.3"} 0+7x20
		 h_seconds_bucket{job="api",le="+Inf"} 0+10x20`, `histogram h_seconds: 1 series -120 to 180 every 15s step 1m0s job`},
		{"no histogram", `{histogram: h_seconds, good: "<= 200ms"}`, `up 1x20`, `histogram h_seconds: 0 series every 0s step 1m0s `},
	} {
		if got := finds(fetch(t, lines(test.lines), Config{}, request(t, test.sli, 3))[0].Found); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, test.want)
		}
	}
	native := sampletest.New(natives(sampletest.Labels("h_seconds", "instance", "a"), 21))
	a := fetch(t, native, Config{Step: 5 * time.Minute}, request(t, `{histogram: h_seconds, good: "<= 300ms"}`, 3))[0]
	if got, want := finds(a.Found), "histogram h_seconds: 1 series -120 to 180 every 15s step 5m0s instance"; got != want {
		t.Errorf("native: got %s, want %s", got, want)
	}
}

// Counts of samples that are no whole numbers are rounded, and the inputs say so.
func TestRoundedInputs(t *testing.T) {
	a := fetch(t, lines(`r_total{code="200"} 100+10x20
		r_total{code="500"} 0.5+1x20`), Config{}, request(t, totals, 3))[0]
	for _, in := range a.Inputs {
		if !in.Rounded {
			t.Errorf("%s is not rounded", in.Name)
		}
	}
	a = fetch(t, lines(`r_total{code="200"} 100+10x20`), Config{}, request(t, totals, 3))[0]
	for _, in := range a.Inputs {
		if in.Rounded {
			t.Errorf("%s is rounded", in.Name)
		}
	}
}
