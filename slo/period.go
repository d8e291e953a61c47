package slo

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo/order"
)

// Period is the half-open interval [Start, End). The zero Period is empty.
type Period struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// Length returns End − Start.
func (p Period) Length() time.Duration { return p.End.Sub(p.Start) }

// Empty tells whether no instant lies in p.
func (p Period) Empty() bool { return !p.Start.Before(p.End) }

// Contains tells whether t lies in p.
func (p Period) Contains(t time.Time) bool { return !t.Before(p.Start) && t.Before(p.End) }

// Covers tells whether all of q lies in p.
func (p Period) Covers(q Period) bool { return !q.Start.Before(p.Start) && !q.End.After(p.End) }

// Intersect returns what p and q share.
func (p Period) Intersect(q Period) Period {
	if q.Start.After(p.Start) {
		p.Start = q.Start
	}
	if q.End.Before(p.End) {
		p.End = q.End
	}
	if p.Empty() {
		return Period{}
	}
	return p
}

// Hull returns the smallest period that holds p and q. An empty period adds nothing.
func (p Period) Hull(q Period) Period {
	switch {
	case p.Empty():
		return q
	case q.Empty():
		return p
	}
	if q.Start.Before(p.Start) {
		p.Start = q.Start
	}
	if q.End.After(p.End) {
		p.End = q.End
	}
	return p
}

// Lasting returns the lengths of periods, added up.
func Lasting(periods []Period) time.Duration {
	var d time.Duration
	for _, p := range periods {
		d += p.Length()
	}
	return d
}

// Union sorts periods, joins those that overlap or touch and drops empty ones.
func Union(periods []Period) []Period {
	periods = slices.DeleteFunc(slices.Clone(periods), Period.Empty)
	order.Stable(periods, func(a, b Period) int {
		return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End))
	})
	var out []Period
	for _, p := range periods {
		if n := len(out); n > 0 && !p.Start.After(out[n-1].End) {
			if p.End.After(out[n-1].End) {
				out[n-1].End = p.End
			}
			continue
		}
		out = append(out, p)
	}
	return out
}
