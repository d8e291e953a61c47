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
	strays := vague(9, 2)
	answers := perRegion(t, s, "us", strays)
	for _, a := range answers {
		doubted(t, fmt.Sprint(a.Labels), a.Series, strays, [2]float64{1, 1})
	}
	if !warned(answers) {
		t.Error("no warning tells of the events")
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

// textForNumber has events with a text where a number is tested: nobody can tell whether
// it is in a range, unless the test says that texts are values.
func textForNumber(t *testing.T, s Suite) {
	if !s.Events {
		t.Skip("the source has no events")
	}
	ref := reference("a", minutes, 0)
	ref.Missing, ref.Text = vague(7, 2), "n/a"
	f := s.write(t, ref)
	if f.config.Number == "" {
		t.Skip("the source reads no text in the place of a number")
	}
	valid, failed := ref.with(0), ref.with(1)
	for _, c := range []struct {
		sli    string // of the field %s
		want   Reference
		unsure bool // of what the text says
	}{
		{"bad: {%s: 500-599}", ref, true},
		{"bad: {%s: 5xx}", ref, true},
		{"bad: {%s: '>= 500'}", ref, true},
		{"good: {%s: 200-299}", ref, true},
		{"good: {%s: {not: '>= 500'}}", ref, true},
		{"where: {%[1]s: '< 600'}\nbad: {%[1]s: 500-599}", ref, true},
		{"where: {%[1]s: {not: n/a}}\nbad: {%[1]s: 500-599}", ref, false},
		{"bad: {%s: [500-599, timeout]}", valid, false},
		{"bad: {%s: [500-599, n/a]}", failed, false},
		{"good: {%s: [200-299, n/a]}", valid, false},
		{"bad: {%s: 503}", valid, false},
	} {
		r := f.request(0, wide(span(ref)))
		r.SLI = Block(t, "source: reference\n"+fmt.Sprintf(c.sli, f.config.Number), f.dir)
		answers := f.fetch(t, r)
		compare(t, answers[0].Series, c.want, spec.Both)
		var doubts []time.Time
		if c.unsure {
			doubts = ref.Missing
		}
		doubted(t, r.SLI.Key(), answers[0].Series, doubts, [2]float64{1, 1})
		if warned(answers) != c.unsure {
			t.Errorf("%s: a warning is %v, want %v", r.SLI.Key(), !c.unsure, c.unsure)
		}
	}
}

// with returns the reference whose Missing events are valid, and so many of each bad.
func (r Reference) with(bad float64) Reference {
	s := slo.NewSeries(span(r), r.Series.Step)
	copy(s.Bad, r.Series.Bad)
	copy(s.Total, r.Series.Total)
	for _, at := range r.Missing {
		i := s.Index(at.Truncate(s.Step))
		s.Bad[i], s.Total[i] = s.Bad[i]+bad, s.Total[i]+1
	}
	r.Series = s
	return r
}
