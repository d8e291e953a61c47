package sourcetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// vague returns the times of n events, one a minute from a minute on, that are none of
// those of Events.
func vague(minute, n int) (out []time.Time) {
	for i := range n {
		out = append(out, origin.Add(time.Duration(minute+i)*time.Minute+59*time.Second))
	}
	return out
}

// missingValues has events of which nobody can tell whether they are bad: they are in no
// count, in doubt in their minute, and told.
func missingValues(t *testing.T, s Suite) {
	if !s.Events {
		t.Skip("the source has no events")
	}
	ref := reference("a", minutes, 0)
	ref.Missing = vague(7, 2)
	f := s.write(t, ref)
	for count, worst := range map[spec.Count][2]float64{spec.Both: {1, 1}, spec.Bad: {0, 1}, spec.Good: {}} {
		r := f.request(0, wide(span(ref)))
		r.Count = count
		answers := f.fetch(t, r)
		compare(t, answers[0].Series, ref, count)
		doubted(t, fmt.Sprint("count ", count), answers[0].Series, ref.Missing, worst)
		if !warned(answers) {
			t.Errorf("count %s: no warning tells of the events", count)
		}
	}
	total := f.request(0, wide(span(ref)))
	total.Count = spec.Total
	all := f.fetch(t, total)[0].Series
	i := all.Index(origin.Add(7 * time.Minute))
	if want := ref.Series.Total[7] + 1; all.Total[i] != want || all.Doubt != nil {
		t.Errorf("total %v of a minute, doubt %v, want %v and none: all its events are valid", all.Total[i], all.Doubt, want)
	}
}

// missingLabels has events of which nobody can tell whose they are: all label sets are
// in doubt.
func missingLabels(t *testing.T, s Suite) {
	if !s.Events || !s.Labels {
		t.Skip("the source has no events with labels")
	}
	refs := []Reference{reference("a", minutes, 0), reference("b", minutes, 1)}
	refs[0].Labels, refs[1].Labels = map[string]string{"region": "eu"}, map[string]string{"region": "us"}
	refs[0].Strays = vague(9, 2)
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
		doubted(t, ref.Name, a.Series, refs[0].Strays, [2]float64{1, 1})
	}
	if len(answers) != len(refs) || !warned(answers) {
		t.Errorf("%d answers, want one per region: %d, and a warning", len(answers), len(refs))
	}
}

// doubted fails unless the minutes of those events, and no others, are in doubt.
func doubted(t *testing.T, what string, s *slo.Series, at []time.Time, worst [2]float64) {
	t.Helper()
	in := map[time.Time]bool{}
	for _, one := range at {
		in[one.Truncate(time.Minute)] = true
	}
	for i := range s.Total {
		var got, want [2]float64
		if s.Doubt != nil && s.Measured(i) {
			got = [2]float64{s.Doubt.Bad[i], s.Doubt.Total[i]}
		}
		if in[s.Time(i).UTC()] {
			want = worst
		}
		if got != want {
			t.Errorf("%s, minute %v: doubt of bad and total %v, want %v", what, s.Time(i), got, want)
		}
	}
}

// tooManyMissing has more such events than max_unread allows.
func tooManyMissing(t *testing.T, s Suite) {
	if !s.Events {
		t.Skip("the source has no events")
	}
	ref := reference("a", minutes, 0)
	ref.Missing = vague(5, 60)
	f := s.write(t, ref)
	answers, err := f.try(t, t.Context(), f.request(0, wide(span(ref))))
	if err != nil || len(answers) != 1 {
		t.Fatalf("%d answers, %v", len(answers), err)
	}
	var list diag.List
	if a := answers[0]; a.Series != nil || !errors.As(a.Err, &list) {
		t.Errorf("60 events that cannot be judged are answered: %+v", a)
	}
}
