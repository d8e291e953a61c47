package sourcetest

import (
	"math"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

func TestSoundNamesBrokenRules(t *testing.T) {
	nan := math.NaN()
	period := slo.Period{Start: origin, End: origin.Add(2 * time.Minute)}
	for _, c := range []struct {
		name       string
		count      spec.Count
		bad, total []float64
		sound      bool
	}{
		{"measured", spec.Both, []float64{1, 0}, []float64{2, 0}, true},
		{"a gap", spec.Both, []float64{nan, 2}, []float64{nan, 2}, true},
		{"a single count", spec.Good, []float64{0, nan}, []float64{7, nan}, true},
		{"only bad is known", spec.Both, []float64{1, 0}, []float64{nan, 0}, false},
		{"only total is known", spec.Both, []float64{nan, 0}, []float64{1, 0}, false},
		{"more bad than total", spec.Both, []float64{3, 0}, []float64{2, 0}, false},
		{"negative", spec.Both, []float64{-1, 0}, []float64{2, 0}, false},
		{"infinite", spec.Both, []float64{1, 0}, []float64{math.Inf(1), 0}, false},
		{"bad beside a single count", spec.Bad, []float64{1, 0}, []float64{1, 0}, false},
		{"a bucket short", spec.Both, []float64{0}, []float64{0}, false},
	} {
		a := sources.Answer{Series: &slo.Series{Start: origin, Step: time.Minute, Bad: c.bad, Total: c.total}}
		err := sound(sources.Request{Count: c.count, Period: period, Step: time.Minute}, a)
		if (err == nil) != c.sound {
			t.Errorf("%s: got %v, want sound %v", c.name, err, c.sound)
		}
	}
	if sound(sources.Request{Period: period, Step: time.Minute}, sources.Answer{}) == nil {
		t.Error("an answer without a series is sound")
	}
}

func TestExpectedCounts(t *testing.T) {
	s := slo.NewSeries(slo.Period{Start: origin, End: origin.Add(2 * time.Minute)}, time.Minute)
	s.Bad[0], s.Total[0] = 1, 4
	for _, c := range []struct {
		count      spec.Count
		minute     int
		bad, total float64
	}{
		{spec.Both, 0, 1, 4}, {spec.Good, 0, 0, 3}, {spec.Bad, 0, 0, 1}, {spec.Total, 0, 0, 4},
		{spec.Good, 1, math.NaN(), math.NaN()}, {spec.Both, -1, math.NaN(), math.NaN()}, {spec.Both, 2, math.NaN(), math.NaN()},
	} {
		bad, total := expected(s, origin.Add(time.Duration(c.minute)*time.Minute), c.count)
		if !same(bad, c.bad) || !same(total, c.total) {
			t.Errorf("%s in minute %d: got %v of %v, want %v of %v", c.count, c.minute, bad, total, c.bad, c.total)
		}
	}
}

func TestEventsAddUpToTheReference(t *testing.T) {
	ref := reference("a", minutes, 1)
	s := slo.NewSeries(span(ref), time.Minute)
	for i := range s.Total {
		s.Bad[i], s.Total[i] = 0, 0
	}
	for _, e := range Events([]Reference{ref}) {
		i := s.Index(e.Time.Truncate(time.Minute))
		s.Total[i]++
		if e.Bad {
			s.Bad[i]++
		}
	}
	compare(t, s, ref, spec.Both)
}
