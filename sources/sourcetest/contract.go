package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// hours returns whole hours of small counts.
func hours(name string, n int) Reference {
	ref := reference(name, n, 4)
	ref.Series.Step = time.Hour
	return ref
}

// coarserAsked asks minutes by the hour.
func coarserAsked(t *testing.T, s Suite) {
	ref := reference("a", minutes, 0)
	f := s.write(t, ref)
	sums := Reference{Name: "a", Series: slo.NewSeries(span(ref), time.Hour)}
	for i := range sums.Series.Total {
		sums.Series.Bad[i], sums.Series.Total[i] = 0, 0
		for k := i * 60; k < (i+1)*60; k++ {
			sums.Series.Bad[i] += ref.Series.Bad[k]
			sums.Series.Total[i] += ref.Series.Total[k]
		}
	}
	r := f.request(0, slo.Period{Start: origin.Add(-time.Hour), End: ref.Series.End().Add(time.Hour)})
	r.Step = time.Hour
	a := f.fetch(t, r)[0]
	if a.Series.Step != time.Hour {
		t.Fatalf("step: got %v, want %v", a.Series.Step, time.Hour)
	}
	compare(t, a.Series, sums, spec.Both)
}

// coarserHeld asks hours by the minute.
func coarserHeld(t *testing.T, s Suite) {
	if !s.Steps {
		t.Skip("the source holds minutes, or events")
	}
	ref := hours("a", 30)
	f := s.write(t, ref)
	offGrid := slo.Period{Start: origin.Add(20 * time.Minute), End: ref.Series.End()}
	for _, p := range []slo.Period{span(ref), wide(span(ref)), offGrid} {
		a := f.fetch(t, f.request(0, p))[0]
		if a.Series.Step != time.Hour {
			t.Fatalf("step: got %v, want %v as there is no finer one", a.Series.Step, time.Hour)
		}
		compare(t, a.Series, ref, spec.Both)
	}
}

// oneFails asks something that has no answer between questions that have one.
func oneFails(t *testing.T, s Suite) {
	ref := reference("a", minutes, 0)
	f := s.write(t, ref)
	bad := f.request(0, span(ref))
	switch {
	case f.config.Failing != "":
		bad.SLI = Block(t, "source: reference\n"+f.config.Failing, f.dir)
	case !s.Labels:
		bad.Per = []string{"region"}
	default:
		t.Skip("no request fails alone")
	}
	reqs := []sources.Request{f.request(0, span(ref)), bad, f.request(0, wide(span(ref)))}
	answers, err := f.try(t, t.Context(), reqs...)
	if err != nil || len(answers) != len(reqs) {
		t.Fatalf("got %d answers and error %v, want %d answers", len(answers), err, len(reqs))
	}
	for _, a := range answers {
		switch {
		case a.Request != 1 && a.Err != nil:
			t.Errorf("request %d: got error %v, which is of request 1", a.Request, a.Err)
		case a.Request != 1:
			compare(t, a.Series, ref, spec.Both)
		case a.Err == nil || a.Series != nil:
			t.Errorf("request 1: got a series %v, and error %v; want only an error", a.Series != nil, a.Err)
		}
	}
}

// again fetches three times from one source, once of them cancelled.
func again(t *testing.T, s Suite) {
	ref := reference("a", minutes, 0)
	f := s.write(t, ref)
	src, err := f.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, src)
	reqs := []sources.Request{f.request(0, span(ref)), f.request(0, wide(span(ref)))}
	first, err := ask(t, t.Context(), src, reqs...)
	if err != nil {
		t.Fatalf("first fetch: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ask(t, gone, src, reqs...); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled fetch: got %v, want %v", err, context.Canceled)
	}
	second, err := ask(t, t.Context(), src, reqs...)
	if err != nil {
		t.Fatalf("second fetch: %v", err)
	}
	if got, want := says(second), says(first); !slices.Equal(got, want) {
		t.Errorf("second fetch: got\n%s\nwant, as at first,\n%s", got, want)
	}
}

// says writes answers as text.
func says(answers []sources.Answer) []string {
	var out []string
	for _, a := range answers {
		counts := "none"
		if a.Series != nil {
			counts = Counts(a.Series)
		}
		out = append(out, fmt.Sprint(a.Request, a.Labels, counts, a.Percentiles,
			a.Newest, a.Complete, a.Notes, a.Inputs, a.Err))
	}
	return out
}

// final lets the source grow: more events in its newest bucket, and more buckets.
// What was said to be final must be what it was.
func final(t *testing.T, s Suite) {
	if !s.Grows {
		t.Skip("the source does not grow at its end")
	}
	all, some := reference("a", minutes, 0), reference("a", minutes/2, 0)
	last := some.Series.Len() - 1
	all.Series.Bad[last], all.Series.Total[last] = 2, 4
	some.Series.Bad[last], some.Series.Total[last] = 1, 1
	f := s.write(t, some)
	before := f.fetch(t, f.request(0, span(all)))[0]
	f = s.write(t, all)
	after := f.fetch(t, f.request(0, span(all)))[0]
	if before.Complete.Before(some.Series.Time(last)) {
		t.Errorf("complete until %v: the newest bucket, from %v, proves that those before it are final",
			before.Complete, some.Series.Time(last))
	}
	if after.Complete.Before(before.Complete) {
		t.Errorf("complete until %v, then until %v only", before.Complete, after.Complete)
	}
	for i := 0; !before.Series.Time(i + 1).After(before.Complete); i++ {
		if !same(before.Series.Bad[i], after.Series.Bad[i]) || !same(before.Series.Total[i], after.Series.Total[i]) {
			t.Errorf("minute %v is final and was bad %v of %v, but is %v of %v now", before.Series.Time(i),
				before.Series.Bad[i], before.Series.Total[i], after.Series.Bad[i], after.Series.Total[i])
		}
	}
}

// errEnough is why halfway gives up.
var errEnough = errors.New("enough")

// looks is a context that ends when it was looked at often enough.
type looks struct {
	context.Context
	left atomic.Int64
	end  context.CancelCauseFunc
}

func (l *looks) Err() error {
	l.look()
	return l.Context.Err()
}

func (l *looks) Done() <-chan struct{} {
	l.look()
	return l.Context.Done()
}

func (l *looks) look() {
	if l.left.Add(-1) == 0 {
		l.end(errEnough)
	}
}

// halfway cancels later and later, until the work is done before.
func halfway(t *testing.T, s Suite) {
	ref := reference("a", 5*24*60, 0)
	f := s.write(t, ref)
	reqs := []sources.Request{f.request(0, span(ref)), f.request(0, wide(span(ref)))}
	stopped := 0
	for n := int64(2); ; n += n / 2 {
		inner, end := context.WithCancelCause(t.Context())
		ctx := &looks{Context: inner, end: end}
		ctx.left.Store(n)
		before := runtime.NumGoroutine()
		_, err := f.try(t, ctx, reqs...)
		if left := settled(before); left > before {
			t.Errorf("%d goroutines are left", left-before)
		}
		end(nil)
		if err == nil {
			break
		}
		if stopped++; !errors.Is(err, errEnough) || sources.ClassOf(err) != sources.Cancelled {
			t.Fatalf("got %v of class %q, want %v of class %q", err, sources.ClassOf(err), errEnough, sources.Cancelled)
		}
	}
	if stopped == 0 {
		t.Error("the source looks at its context at the start, but not while it works")
	}
}

// settled returns how many goroutines there are once those that end have ended.
func settled(want int) int {
	for range 1_000_000 { // a loaded machine lets them wait
		if runtime.NumGoroutine() <= want {
			break
		}
		runtime.Gosched()
	}
	return runtime.NumGoroutine()
}
