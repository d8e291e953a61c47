package sourcetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// Alone holds the answers to requests that are asked together against those that each
// of them gets alone: what else is asked must not change a figure, a note or an error.
// Inputs are left out, since they are about all that was read.
func Alone(t testing.TB, src sources.Source, reqs []sources.Request) {
	t.Helper()
	together := said(t, src, reqs...)
	for i, r := range reqs {
		if alone := said(t, src, r)[0]; alone != together[i] {
			t.Errorf("request %d, count %q, per %v, %v, of\n%s\nalone it is answered\n%s\nand beside the others\n%s",
				i, r.Count, r.Per, r.Period, r.SLI.Key(), alone, together[i])
		}
	}
}

// said returns all that is said to each request.
func said(t testing.TB, src sources.Source, reqs ...sources.Request) []string {
	t.Helper()
	texts := make([]string, len(reqs))
	err := src.Fetch(t.Context(), reqs, func(a sources.Answer) {
		text := fmt.Sprintln(a.Labels, a.Newest, a.Complete, a.Err)
		if s := a.Series; s != nil {
			text += fmt.Sprintln(s.Start, s.Step, s.Oldest, Counts(s))
			if s.Doubt != nil {
				text += fmt.Sprintln("doubt", Counts(s.Doubt))
			}
		}
		for _, p := range a.Percentiles {
			text += fmt.Sprintln(p)
		}
		for _, n := range a.Notes {
			text += fmt.Sprintf("%+v\n", n)
		}
		texts[a.Request] += text
	})
	for i := range texts {
		if err != nil {
			texts[i] = err.Error()
		}
		if texts[i] == "" {
			t.Errorf("request %d of %d has no answer", i, len(reqs))
		}
	}
	return texts
}

// independent asks for what differs in all that a request can say.
func independent(t *testing.T, s Suite) {
	refs := []Reference{reference("a", minutes, 0)}
	if s.Many {
		refs = append(refs, reference("b", minutes, 1))
	}
	f := s.write(t, refs...)
	f.env.At = origin.Add((minutes - 20) * time.Minute)
	var reqs []sources.Request
	for i := range refs {
		period := span(refs[i])
		reqs = append(reqs, f.request(i, period), f.request(i, wide(period)))
		period.Start, period.End = period.Start.Add(time.Minute), period.End.Add(-150*time.Minute)
		reqs = append(reqs, f.request(i, period))
		for _, count := range []spec.Count{spec.Good, spec.Total} {
			r := f.request(i, wide(period))
			r.Count, r.Percentiles = count, true
			reqs = append(reqs, r)
		}
	}
	split := f.request(0, span(refs[0]))
	split.Per = []string{"region"}
	reqs = append(reqs, split)
	if f.config.Failing != "" {
		failing := f.request(0, span(refs[0]))
		failing.SLI = Block(t, "source: reference\n"+f.config.Failing, f.dir)
		reqs = append(reqs, failing)
	}
	src, err := f.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, src)
	Alone(t, src, reqs)
	slices.Reverse(reqs)
	Alone(t, src, reqs)
}
