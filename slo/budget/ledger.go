package budget

import (
	"math"

	"github.com/nines-slo/nines/slo"
)

// Ledger is an objective with its counts, made ready for judging. All figures come
// from it. A Ledger is for one goroutine.
type Ledger struct {
	slo    slo.SLO
	record *record
	meter  *Meter // made when it is asked for
}

// New returns the ledger of s over data. It returns an error if the slices of s
// are not made of whole buckets.
func New(s slo.SLO, data *slo.Series) (*Ledger, error) {
	r, err := newRecord(s, data)
	if err != nil {
		return nil, err
	}
	return &Ledger{slo: s, record: r}, nil
}

// SLO returns the objective.
func (l *Ledger) SLO() slo.SLO { return l.slo }

// Continue returns what l would be if after the first k buckets n more followed in
// which traffic units of the data were valid on average, and none was bad.
func (l *Ledger) Continue(k, n int, traffic float64) *Ledger {
	p := slo.Period{Start: l.record.data.Start, End: l.record.data.Time(k + n)}
	data := slo.NewSeries(p, l.record.data.Step)
	data.Oldest, data.Decimals = l.record.data.Oldest, l.record.data.Decimals
	copy(data.Bad, l.record.data.Bad[:k])
	copy(data.Total, l.record.data.Total[:k])
	for i := range n { // whole units, that add up to the mean
		data.Bad[k+i], data.Total[k+i] = 0, math.Floor(float64(i+1)*traffic)-math.Floor(float64(i)*traffic)
	}
	next, err := New(l.slo, data)
	if err != nil {
		panic(err) // l has the same steps and slices
	}
	return next
}

// Exclusions returns the excluded time of each exclusion of the objective in p.
func (l *Ledger) Exclusions(p slo.Period) [][]slo.Period { return l.record.exclusions.each(p) }

// Withheld returns which share of the buckets of p in l that recurring exclusions leave is
// excluded all the same; unknown if they leave none.
func Withheld(l *Ledger, p slo.Period) slo.Number {
	r := l.record
	shaped := coveredBuckets(r.data, r.recurring.in(r.span()))
	left, withheld := int64(0), int64(0)
	for i, end := r.data.Index(p.Start), r.data.Index(p.End); i < end; i++ {
		switch {
		case shaped[i]:
		case r.excluded[i]:
			left, withheld = left+1, withheld+1
		default:
			left++
		}
	}
	return slo.NumberOf(withheld).Quo(slo.NumberOf(left))
}
