package bucket

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/match"
)

// What is counted and what is in doubt is what a reader with a pencil finds: rows of eu are
// counted; those without a region are in doubt, if they make it worse; all others are out.
func TestDoubtTwin(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		type row struct {
			minute, bad, total int
			region             string
		}
		var rows []row
		for range rapid.IntRange(0, 30).Draw(rt, "rows") {
			total := rapid.IntRange(0, 3).Draw(rt, "total")
			rows = append(rows, row{rapid.IntRange(0, 6).Draw(rt, "minute"), rapid.IntRange(0, total).Draw(rt, "bad"), total,
				rapid.SampledFrom([]string{"eu", "eu", "us", "~"}).Draw(rt, "region")})
		}
		which := rapid.SampledFrom([]spec.Count{spec.Both, spec.Good, spec.Bad, spec.Total}).Draw(rt, "count")
		var counts, doubt [5][2]int // bad and total
		var measured [5]bool
		var seen, vague int
		for _, r := range rows {
			if r.minute > 4 {
				continue
			}
			seen++
			bad, total := r.bad, r.total
			switch which {
			case spec.Good:
				bad, total = 0, r.total-r.bad
			case spec.Bad:
				bad, total = 0, r.bad
			case spec.Total:
				bad = 0
			}
			worse := total
			if which == spec.Both {
				worse = bad
			}
			switch {
			case r.region == "eu":
				measured[r.minute] = true
				counts[r.minute][0] += bad
				counts[r.minute][1] += total
			case r.region == "~" && worse > 0:
				measured[r.minute] = true
				vague++
				if which != spec.Good {
					doubt[r.minute][0] += bad
					doubt[r.minute][1] += total
				}
			}
		}
		want := "refused"
		if 2*vague <= seen {
			want = ""
			for i := range counts {
				if measured[i] {
					want += fmt.Sprint(counts[i], doubt[i], " ")
				} else {
					want += "- "
				}
			}
		}

		a := newAsking(t, "where: {region: eu}")
		a.request.Count = which
		c := New(a.config)
		s, _ := c.Ask(0, a.request, func(name string) (match.Field, bool) {
			return match.Field{Index: slices.Index(labels, name)}, true
		}, labels)
		for i, r := range rows {
			c.Add(rowOf(t, i+1, fmt.Sprintf("00:%02d %d/%d %s h%d", r.minute, r.bad, r.total, r.region, i)))
		}
		got := ""
		c.Emit(s, nil, nil, func(a sources.Answer) {
			if got = "refused"; a.Err == nil {
				got = both(a.Series)
			}
		})
		if got != want {
			rt.Errorf("%s of %v:\n got %s\nwant %s", which, rows, got, want)
		}
	})
}

// both writes the counts of each bucket and its doubt.
func both(s *slo.Series) string {
	var out strings.Builder
	for i := range s.Total {
		var doubt [2]float64
		if s.Doubt != nil {
			doubt = [2]float64{s.Doubt.Bad[i], s.Doubt.Total[i]}
		}
		if s.Measured(i) {
			fmt.Fprint(&out, [2]float64{s.Bad[i], s.Total[i]}, doubt, " ")
		} else {
			out.WriteString("- ")
		}
	}
	return out.String()
}
