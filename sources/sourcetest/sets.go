package sourcetest

import (
	"fmt"
	"runtime"
	"testing"
	"weak"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources"
)

// writeSets writes n label sets and returns a request for them.
func writeSets(t *testing.T, s Suite, n int) (*fixture, sources.Request) {
	t.Helper()
	if !s.Labels {
		t.Skip("the source has no labels")
	}
	var refs []Reference
	for i := range n {
		ref := reference(fmt.Sprint("a", i), minutes, i)
		ref.Labels = map[string]string{"region": fmt.Sprint("r", i)}
		refs = append(refs, ref)
	}
	f := s.write(t, refs...)
	r := f.request(0, wide(span(refs[0])))
	r.Per = []string{"region"}
	return f, r
}

// The series of one label set lives at a time: that of the answer before is gone once
// nobody holds it.
func oneByOne(t *testing.T, s Suite) {
	f, r := writeSets(t, s, 6)
	src, err := f.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, src)
	var made []weak.Pointer[slo.Series]
	err = src.Fetch(t.Context(), []sources.Request{r}, func(a sources.Answer) {
		if a.Err != nil {
			t.Fatal(a.Err)
		}
		runtime.GC()
		for i, p := range made {
			if p.Value() != nil {
				t.Errorf("the series of answer %d is held when answer %d comes", i, len(made))
			}
		}
		made = append(made, weak.Make(a.Series))
	})
	if err != nil || len(made) != 6 {
		t.Errorf("got %d answers, error %v, want 6", len(made), err)
	}
}

// One label set more than a request may have refuses it, and no other request.
func maxSets(t *testing.T, s Suite) {
	f, r := writeSets(t, s, 4)
	few, enough := r, r
	few.MaxSets, enough.MaxSets = 3, 4
	answers, err := f.try(t, t.Context(), few, enough)
	if err != nil {
		t.Fatal(err)
	}
	got := [2]int{}
	for _, a := range answers {
		if got[a.Request]++; (a.Err != nil) != (a.Request == 0) || a.Err != nil && a.Series != nil {
			t.Errorf("request %d: error %v, want one of the first request alone", a.Request, a.Err)
		}
	}
	if got != [2]int{1, 4} {
		t.Errorf("got %v answers, want 1 and 4", got)
	}
}
