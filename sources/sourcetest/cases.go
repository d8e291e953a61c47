package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/pattern"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

const minutes = 180 // of the references that need no other length

func exact(t *testing.T, s Suite) {
	ref := reference("a", minutes, 0)
	f := s.write(t, ref)
	a := f.fetch(t, f.request(0, wide(span(ref))))[0]
	compare(t, a.Series, ref, spec.Both)
	if !a.Newest.Equal(ref.Series.End()) {
		t.Errorf("newest: got %v, want %v", a.Newest, ref.Series.End())
	}
}

// A period that begins after the data must not look young.
func oldest(t *testing.T, s Suite) {
	ref := reference("a", minutes, 1)
	f := s.write(t, ref)
	p := slo.Period{Start: origin.Add(time.Hour), End: ref.Series.End()}
	first := f.fetch(t, f.request(0, p))[0].Series.First()
	if first.Truncate(time.Minute).After(ref.Series.First()) {
		t.Errorf("first known bucket: got %v, want %v, an hour before the period", first, ref.Series.First())
	}
}

func singleCounts(t *testing.T, s Suite) {
	ref := reference("a", minutes, 1)
	f := s.write(t, ref)
	for _, count := range []spec.Count{spec.Good, spec.Bad, spec.Total} {
		r := f.request(0, wide(span(ref)))
		r.Count = count
		compare(t, f.fetch(t, r)[0].Series, ref, count)
	}
}

func anyOrder(t *testing.T, s Suite) {
	ref := reference("a", minutes, 2)
	f := s.write(t, ref)
	var reqs []sources.Request
	for i, count := range []spec.Count{spec.Total, spec.Both, spec.Bad, spec.Both, spec.Good} {
		r := f.request(0, span(ref))
		r.Count, r.Period.Start = count, r.Period.Start.Add(time.Duration(5-i)*time.Minute)
		reqs = append(reqs, r)
	}
	for _, a := range f.fetch(t, reqs...) {
		compare(t, a.Series, ref, reqs[a.Request].Count)
	}
}

func partialPeriods(t *testing.T, s Suite) {
	ref := reference("a", minutes, 3)
	f := s.write(t, ref)
	at := func(from, to int) slo.Period {
		return slo.Period{Start: origin.Add(time.Duration(from) * time.Minute), End: origin.Add(time.Duration(to) * time.Minute)}
	}
	periods := []slo.Period{
		at(-60, 60), at(60, minutes+60), at(30, 90), at(-120, -60), at(minutes, minutes+60), at(17, 18),
		at(30, 30), {}, // empty
	}
	var reqs []sources.Request
	for _, p := range periods {
		reqs = append(reqs, f.request(0, p))
	}
	for _, a := range f.fetch(t, reqs...) {
		compare(t, a.Series, ref, spec.Both)
	}
}

func cutAtAt(t *testing.T, s Suite) {
	ref := reference("a", minutes, 0) // minute 89 has traffic
	f := s.write(t, ref)
	f.env.At = origin.Add(90 * time.Minute)
	answers := f.fetch(t, f.request(0, wide(span(ref))))
	cut := Reference{Name: "a", Series: slo.NewSeries(slo.Period{Start: origin, End: f.env.At}, time.Minute)}
	copy(cut.Series.Bad, ref.Series.Bad)
	copy(cut.Series.Total, ref.Series.Total)
	compare(t, answers[0].Series, cut, spec.Both)
	if answers[0].Newest.After(f.env.At) {
		t.Errorf("newest %v is after at %v", answers[0].Newest, f.env.At)
	}
	if !s.Blind && !warned(answers) {
		t.Error("no warning says that counts were left out")
	}
}

func noData(t *testing.T, s Suite) {
	ref := reference("a", minutes, 0)
	empty := Reference{Name: "a", Series: slo.NewSeries(slo.Period{Start: origin, End: origin}, time.Minute)}
	f := s.write(t, empty)
	a := f.fetch(t, f.request(0, span(ref)))[0]
	compare(t, a.Series, empty, spec.Both)
	if !a.Newest.IsZero() {
		t.Errorf("newest: got %v, want the zero time", a.Newest)
	}
}

func gaps(t *testing.T, s Suite) {
	if !s.Gaps {
		t.Skip("the source cannot tell gaps inside its span")
	}
	ref := reference("a", minutes, 5)
	for i := range minutes {
		if i%50 >= 40 && i != minutes-1 {
			ref.Series.Bad[i], ref.Series.Total[i] = math.NaN(), math.NaN()
		}
	}
	f := s.write(t, ref)
	compare(t, f.fetch(t, f.request(0, wide(span(ref))))[0].Series, ref, spec.Both)
}

func hugeCounts(t *testing.T, s Suite) {
	if !s.Huge {
		t.Skip("the source has one row an event")
	}
	ref := reference("a", 10, 0)
	for i := range 10 {
		ref.Series.Total[i], ref.Series.Bad[i] = 1e15-float64(i), float64(i%2)
	}
	f := s.write(t, ref)
	compare(t, f.fetch(t, f.request(0, span(ref)))[0].Series, ref, spec.Both)
	good := f.request(0, span(ref))
	good.Count = spec.Good
	compare(t, f.fetch(t, good)[0].Series, ref, spec.Good)
}

func manySeries(t *testing.T, s Suite) {
	if !s.Many {
		t.Skip("the source holds one series")
	}
	refs := []Reference{reference("a", minutes, 0), reference("b", minutes, 1), reference("c", minutes, 2)}
	f := s.write(t, refs...)
	order := []int{2, 0, 1, 0}
	var reqs []sources.Request
	for _, i := range order {
		reqs = append(reqs, f.request(i, wide(span(refs[i]))))
	}
	for _, a := range f.fetch(t, reqs...) {
		compare(t, a.Series, refs[order[a.Request]], spec.Both)
	}
}

func labels(t *testing.T, s Suite) {
	if !s.Labels {
		t.Skip("the source has no labels")
	}
	perRegion(t, s, "東京, \"1\"", nil)
}

// perRegion asks by region for a series of the region eu and one of another, and for
// events of none. It returns their answers.
func perRegion(t *testing.T, s Suite, other string, strays []time.Time) []sources.Answer {
	t.Helper()
	refs := []Reference{reference("a", minutes, 0), reference("b", minutes, 1)}
	refs[0].Labels, refs[1].Labels = map[string]string{"region": "eu"}, map[string]string{"region": other}
	refs[0].Strays = strays
	f := s.write(t, refs...)
	r := f.request(0, wide(span(refs[0])))
	r.Per = []string{"region"}
	answers := f.fetch(t, r)
	for _, ref := range refs {
		a, ok := labelled(answers, ref.Labels["region"])
		if !ok {
			t.Fatalf("no answer for region %q", ref.Labels["region"])
		}
		compare(t, a.Series, ref, spec.Both)
	}
	if len(answers) != len(refs) {
		t.Errorf("got %d answers, want one per region: %d", len(answers), len(refs))
	}
	return answers
}

func labelled(answers []sources.Answer, region string) (sources.Answer, bool) {
	for _, a := range answers {
		if len(a.Labels) == 1 && a.Labels["region"] == region {
			return a, true
		}
	}
	return sources.Answer{}, false
}

func cancelled(t *testing.T, s Suite) {
	ref := reference("a", minutes, 0)
	f := s.write(t, ref)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	answers, err := f.try(t, ctx, f.request(0, span(ref)))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error: got %v, want %v", err, context.Canceled)
	}
	if len(answers) > 0 {
		t.Errorf("got %d answers of a cancelled fetch", len(answers))
	}
}

// deterministic asks for days, so that a source that reads in parallel does.
func deterministic(t *testing.T, s Suite) {
	ref := reference("a", 5*24*60, 6)
	f := s.write(t, ref)
	reqs := []sources.Request{f.request(0, span(ref)), f.request(0, wide(span(ref)))}
	reqs[0].Percentiles = true
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var first []string
	for _, procs := range []int{1, 1, 4} {
		runtime.GOMAXPROCS(procs)
		var got []string
		for _, a := range f.fetch(t, reqs...) {
			compare(t, a.Series, ref, spec.Both)
			got = append(got, fmt.Sprint(a.Request, a.Labels, a.Percentiles, a.Newest, a.Notes, a.Inputs))
		}
		if first == nil {
			first = got
		}
		if !slices.Equal(got, first) {
			t.Errorf("GOMAXPROCS %d: got\n%s\nfirst\n%s", procs, got, first)
		}
	}
}

var digestText = pattern.Of(`^sha256:[0-9a-f]{64}$`)

func digest(t *testing.T, s Suite) {
	ref := reference("a", minutes, 0)
	f := s.write(t, ref)
	for _, wanted := range []bool{false, true} {
		f.env.Digest = wanted
		for _, a := range f.fetch(t, f.request(0, span(ref))) {
			for _, in := range a.Inputs {
				if wanted != digestText().MatchString(in.Digest) || !wanted && in.Digest != "" {
					t.Errorf("digest asked %v: input %q has digest %q", wanted, in.Name, in.Digest)
				}
			}
		}
	}
}

func percentiles(t *testing.T, s Suite) {
	ref := reference("a", minutes, 0)
	f := s.write(t, ref)
	r := f.request(0, wide(span(ref)))
	r.Percentiles = true
	a := f.fetch(t, r)[0]
	compare(t, a.Series, ref, spec.Both)
	last := time.Time{}
	for _, p := range a.Percentiles {
		if !p.Start.After(last) || p.P50 > p.P95 || p.P95 > p.P99 || p.Count < 1 {
			t.Errorf("percentiles out of order: %+v after %v", p, last)
		}
		last = p.Start
	}
}
