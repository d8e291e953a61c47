package collect

import (
	"math"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources"
)

// kept is an answer that waits for that of another source. Its series is packed, since
// those of all label sets wait at once.
type kept struct {
	came           sources.Answer // without its series
	series         slo.Series     // without its counts
	counts, doubts [2]packed      // bad, total
}

func keep(a sources.Answer) kept {
	k := kept{came: a, series: *a.Series}
	k.counts = [2]packed{pack(a.Series.Bad), pack(a.Series.Total)}
	if d := a.Series.Doubt; d != nil {
		k.doubts = [2]packed{pack(d.Bad), pack(d.Total)}
		doubt := *d
		doubt.Bad, doubt.Total = nil, nil
		k.series.Doubt = &doubt
	}
	k.series.Bad, k.series.Total, k.came.Series = nil, nil, nil
	return k
}

// answer returns the answer as it came.
func (k kept) answer() sources.Answer {
	a, s := k.came, k.series
	s.Bad, s.Total = k.counts[0].counts(), k.counts[1].counts()
	if s.Doubt != nil {
		doubt := *s.Doubt
		doubt.Bad, doubt.Total = k.doubts[0].counts(), k.doubts[1].counts()
		s.Doubt = &doubt
	}
	a.Series = &s
	return a
}

// packed are counts as runs of equal ones, as they are where that is no shorter.
type packed struct {
	all  []float64
	runs []stretch
}

// stretch is the counts before index end, from the end of the one before it.
type stretch struct {
	count float64
	end   int
}

func pack(counts []float64) (p packed) {
	for i, n := range counts {
		last := len(p.runs) - 1
		if last >= 0 && math.Float64bits(p.runs[last].count) == math.Float64bits(n) {
			p.runs[last].end++
			continue
		}
		if 2*len(p.runs) >= len(counts) {
			return packed{all: counts}
		}
		p.runs = append(p.runs, stretch{n, i + 1})
	}
	return p
}

func (p packed) counts() []float64 {
	if len(p.runs) == 0 {
		return p.all
	}
	out := make([]float64, p.runs[len(p.runs)-1].end)
	i := 0
	for _, r := range p.runs {
		for ; i < r.end; i++ {
			out[i] = r.count
		}
	}
	return out
}
