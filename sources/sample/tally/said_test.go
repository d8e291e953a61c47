package tally

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
)

// counting has a server count: values by the query, one a minute from noon on.
func counting(values map[string][]float64, infos ...string) Evaluate {
	return func(_ context.Context, all []Evaluation, take func(int, sample.Block) error) ([][]string, error) {
		said := make([][]string, len(all))
		for n, e := range all {
			b := sample.Block{Values: values[e.Query]}
			for i := range b.Values {
				b.Times = append(b.Times, noon.Add(time.Duration(i+1)*time.Minute).UnixMilli())
			}
			said[n] = infos
			if err := take(n, b); err != nil {
				return nil, err
			}
		}
		return said, nil
	}
}

// asks asks for three minutes of what a server counts.
func asks(t *testing.T) sources.Request {
	t.Helper()
	sli, err := spec.ParseBlock("slo.yaml", `{bad: 'increase(bad_total[$step])', total: 'increase(all_total[$step])'}`, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return sources.Request{SLI: sli, Step: time.Minute, Period: slo.Period{Start: noon, End: noon.Add(3 * time.Minute)}}
}

// A count that is not a number is not known: its bucket was not measured, and is no bucket
// without errors.
func TestCountIsNoNumber(t *testing.T) {
	nan := math.NaN()
	for name, test := range map[string]struct {
		bad, all []float64
		want     string
	}{
		"numbers": {[]float64{1, 2, 3}, []float64{9, 9, 9}, "1/9 2/9 3/9"},
		"bad":     {[]float64{1, nan, 3}, []float64{9, 9, 9}, "1/9 - 3/9 nan"},
		"all":     {[]float64{1, 2, 3}, []float64{9, nan, 9}, "1/9 - 3/9 nan"},
	} {
		c := Config{Step: time.Minute, Evaluate: counting(map[string][]float64{
			"increase(bad_total[1m])": test.bad, "increase(all_total[1m])": test.all,
		})}
		if got := says(fetch(t, lines(""), c, asks(t))[0]); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}

// What a server says beside is a note that changes no figure.
func TestInfosAreNotes(t *testing.T) {
	c := Config{Step: time.Minute, Evaluate: counting(map[string][]float64{
		"increase(bad_total[1m])": {1, 2, 3}, "increase(all_total[1m])": {9, 9, 9},
	}, "PromQL info: odd")}
	a := fetch(t, lines(""), c, asks(t))[0]
	if got, want := says(a), "1/9 2/9 3/9 info info"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if n := a.Notes[0]; n.Message != "the server says: PromQL info: odd" || n.Pos.Line == 0 {
		t.Errorf("note %v", n)
	}
}

// Few queries that fail for one reason are named each for itself, of many the first.
func TestBlame(t *testing.T) {
	for _, n := range []int{5, 6} {
		store := lines("x 0x20")
		store.Fail = func(sample.Query) error {
			return &sources.Error{Class: sources.Temporary, Err: errors.New("answers 503")}
		}
		var reqs []sources.Request
		for i := range n {
			reqs = append(reqs, request(t, fmt.Sprintf("{value: v%d, good: \">= 1\"}", i), 3))
		}
		var texts []string
		for _, a := range fetch(t, store, Config{}, reqs...) {
			texts = append(texts, a.Err.Error())
		}
		slices.Sort(texts)
		got := strings.Join(slices.Compact(texts), "; ")
		want := "asked for v0: answers 503; asked for v1: answers 503; asked for v2: answers 503; " +
			"asked for v3: answers 503; asked for v4: answers 503"
		if n > 5 {
			want = "asked for v0, v1, v2 and 3 more: answers 503"
		}
		if got != want {
			t.Errorf("%d queries: got %s, want %s", n, got, want)
		}
	}
}

// A note tells where the newest sample is over an hour old, or what else the source says.
func TestOldNote(t *testing.T) {
	for delay, want := range map[time.Duration]bool{0: true, 30 * time.Minute: true, time.Hour: false} {
		a := fetch(t, lines(`r_total{code="500"} 0+1x20`), Config{At: noon.Add(95 * time.Minute), Delay: delay}, request(t, totals, 120))[0]
		at := slices.IndexFunc(a.Notes, func(n diag.Finding) bool { return n.Code == "prometheus/old" })
		if (at >= 0) != want {
			t.Errorf("delay %s: notes %v", delay, a.Notes)
		}
		if text := "the newest sample is of 2026-03-10T12:03:00Z, 1h32m before 2026-03-10T13:35:00Z"; want && a.Notes[at].Message != text {
			t.Errorf("got %s, want %s", a.Notes[at].Message, text)
		}
	}
}
