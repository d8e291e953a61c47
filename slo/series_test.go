package slo

import (
	"math"
	"slices"
	"testing"
	"time"
)

var midnight = time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC)

// minutesOf returns a series of minutes; doubt may be nil.
func minutesOf(bad, total []float64, doubt *Series) *Series {
	return &Series{Start: midnight, Step: time.Minute, Bad: bad, Total: total, Doubt: doubt}
}

// 2 of 10 are bad; one unread event is bad and valid, one unsure one is valid anyway.
func TestWorst(t *testing.T) {
	nan := math.NaN()
	s := minutesOf([]float64{2, nan, 0}, []float64{10, nan, 4}, minutesOf([]float64{2, 1, 0}, []float64{1, 1, 0}, nil))
	worst := s.Worst()
	if worst.Bad[0] != 4 || worst.Total[0] != 11 || worst.Measured(1) || worst.Bad[2] != 0 || worst.Total[2] != 4 {
		t.Errorf("worst is bad %v of %v", worst.Bad, worst.Total)
	}
	if worst.Doubt != nil || s.Bad[0] != 2 {
		t.Errorf("worst has doubt %v, s now %v", worst.Doubt, s.Bad)
	}
	if sure := minutesOf([]float64{0}, []float64{1}, nil); sure.Worst() != sure {
		t.Error("a series without doubt is not its own worst")
	}
	var none *Series
	if none.Worst() != nil {
		t.Error("no series has a worst")
	}
}

func TestCutCarriesDoubt(t *testing.T) {
	s := minutesOf([]float64{1, 2, 3}, []float64{4, 5, 6}, minutesOf([]float64{7, 8, 9}, []float64{7, 8, 9}, nil))
	cut := s.Cut(Period{Start: midnight.Add(time.Minute), End: midnight.Add(2 * time.Minute)})
	if d := cut.Doubt; !d.Start.Equal(cut.Start) || !slices.Equal(d.Bad, []float64{8}) || !slices.Equal(d.Total, []float64{8}) {
		t.Errorf("doubt of the cut is %v: bad %v of %v", d.Start, d.Bad, d.Total)
	}
	s.Doubt = nil
	if s.Cut(Period{Start: midnight, End: midnight.Add(time.Minute)}).Doubt != nil {
		t.Error("a cut doubts what the series does not")
	}
}

func TestJoinCarriesDoubt(t *testing.T) {
	count := func(n, doubt float64) *Series {
		s := minutesOf([]float64{0}, []float64{n}, nil)
		if doubt > 0 {
			s.Doubt = minutesOf([]float64{0}, []float64{doubt}, nil)
		}
		return s
	}
	join := func(s *Series, err error) *Series {
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	joinTotal := func(share, total *Series, good bool) (*Series, error) {
		s, _, err := JoinTotal(share, total, good)
		return s, err
	}
	for name, c := range map[string]struct {
		got        *Series
		bad, total float64
	}{
		"unread in both":                  {join(joinTotal(count(2, 1), count(10, 1), false)), 1, 1},
		"unread among the bad":            {join(joinTotal(count(2, 3), count(10, 0), false)), 3, 0},
		"no more bad than events":         {join(joinTotal(count(2, 30), count(10, 1), false)), 9, 1},
		"what is not bad dilutes nothing": {join(joinTotal(count(2, 3), count(10, 1000), false)), 3, 3},
		"unread in the total alone":       {join(joinTotal(count(2, 0), count(10, 7), false)), 0, 0},
		"at worst more bad than all":      {join(joinTotal(count(0, 12), count(3, 20), false)), 12, 12},
		"unread in the total, none good":  {join(joinTotal(count(8, 0), count(10, 1), true)), 1, 1},
		"good and bad, unread in the bad": {join(JoinBad(count(8, 0), count(2, 1))), 1, 1},
	} {
		if d := c.got.Doubt; d == nil || d.Bad[0] != c.bad || d.Total[0] != c.total {
			t.Errorf("%s: doubt %+v, want bad %v of %v", name, d, c.bad, c.total)
		}
	}
	if s := join(joinTotal(count(2, 0), count(10, 0), false)); s.Doubt != nil {
		t.Error("a join doubts what its parts do not")
	}
}
