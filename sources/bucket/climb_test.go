package bucket

import (
	"strings"
	"testing"
	"time"
)

// Counts that only rise look like a counter; one fall, too few of them, and a share
// that falls do not.
func TestCounterFedAsCounts(t *testing.T) {
	for name, c := range map[string]struct {
		counts string // bad/total of minutes
		want   bool
	}{
		"counters":                       {"1/100 1/220 2/300 2/300 3/420 3/510 4/600", true},
		"of good events alone":           {"0/100 0/220 0/300 0/300 0/420 0/510 0/600 0/700", true},
		"with a gap":                     {"1/100 1/220 - 2/300 3/420 3/510 4/600 4/700", true},
		"too few":                        {"1/100 1/220 2/300 3/420 3/510", false},
		"reset once":                     {"1/100 1/220 2/300 0/40 3/420 3/510 4/600 4/700 5/800", false},
		"bad falls, as of every minute":  {"1/100 0/220 2/300 0/410 3/420 3/510 4/600 0/700", false},
		"good falls":                     {"1/100 1/220 200/300 310/410 410/420 510/510 600/600 690/700", false},
		"the same in every minute":       {"0/1 0/1 0/1 0/1 0/1 0/1 0/1 0/1", false},
		"a counter that mostly stays":    {"0/1 0/1 0/1 0/1 0/2 0/2 0/2 0/3", false},
		"decimals of a counter of hours": {"0/0.1 0/0.2 0/0.3 0/0.4 0/0.5 0/0.6 0/0.7", true},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAsking(t, "{}")
			var rows []string
			for i, counts := range strings.Fields(c.counts) {
				if counts != "-" {
					rows = append(rows, time.Time{}.Add(time.Duration(i)*time.Minute).Format("15:04 ")+counts)
				}
			}
			a.request.Period.End = a.request.Period.Start.Add(time.Hour)
			if got := strings.Contains(a.answer(t, rows...), "test/counter"); got != c.want {
				t.Errorf("warned %t", got)
			}
		})
	}
}

// What two files say one after the other is what one would.
func TestClimbMerge(t *testing.T) {
	numbers := []float64{1, 2, 2, 3, 5, 8, 9, 12}
	for cut := range len(numbers) + 1 {
		for _, fall := range []bool{false, true} {
			var one, first, second Climb
			for i, n := range numbers {
				at := time.Unix(int64(i), 0)
				if fall && i == 4 {
					n = 0
				}
				one.Add(at, n)
				if i < cut {
					first.Add(at, n)
				} else {
					second.Add(at, n)
				}
			}
			first.Merge(second)
			if first.Only() != one.Only() || one.Only() == fall || first.rises != one.rises {
				t.Errorf("cut at %d: %+v, want %+v", cut, first, one)
			}
		}
	}
}
