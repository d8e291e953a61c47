package budget

import (
	"sort"
	"time"

	"github.com/nines-slo/nines/slo"
)

// A bucket belongs to the slice, and a slice to the period, in which it starts. So
// periods that follow each other share out all buckets, whatever the step and the zone:
// none counts twice, none is lost.

// gridStart returns the start of the bucket that holds t, t itself without a step.
func (r *record) gridStart(t time.Time) time.Time {
	if r.data.Step == 0 {
		return t
	}
	return t.Add(-((t.Sub(r.data.Start)%r.data.Step + r.data.Step) % r.data.Step))
}

// gridEnd returns the end of the last bucket that starts before t.
func (r *record) gridEnd(t time.Time) time.Time {
	if start := r.gridStart(t); start.Before(t) {
		return start.Add(r.data.Step)
	}
	return t
}

// grid returns the time of the buckets that start in p.
func (r *record) grid(p slo.Period) slo.Period {
	return slo.Period{Start: r.gridEnd(p.Start), End: r.gridEnd(p.End)}
}

// starts returns how many buckets would start in p if the data went on for ever.
func (r *record) starts(p slo.Period) int {
	if r.data.Len() == 0 || p.Empty() {
		return 0
	}
	return int(r.grid(p).Length() / r.data.Step)
}

// complete returns the number of buckets that ended by at.
func (r *record) complete(at time.Time) int {
	return max(0, min(r.data.Len(), int(at.Sub(r.data.Start)/r.data.Step)))
}

// sliceAt returns the slice of s that holds t.
func sliceAt(s slo.SLO, t time.Time) slo.Period {
	day := slo.Window{Unit: slo.Day, Zone: s.Window.Zone}.Bounds(t)
	start := day.Start.Add(t.Sub(day.Start).Truncate(s.Budgeting.Slice))
	return slo.Period{Start: start, End: earlier(start.Add(s.Budgeting.Slice), day.End)}
}

// located returns the index of the slice that holds t, false if t is not in the data.
func (r *record) located(t time.Time) (int, bool) {
	i := sort.Search(len(r.slices), func(i int) bool { return r.slices[i].period.End.After(t) })
	return i, i < len(r.slices) && r.slices[i].period.Contains(t)
}

// sliceStart returns the start of the slice that holds t, t itself if it is zero or
// there are none.
func (r *record) sliceStart(t time.Time) time.Time {
	if !r.slo.Budgeting.Slices() || t.IsZero() {
		return t
	}
	if i, ok := r.located(t); ok {
		return r.slices[i].period.Start
	}
	return sliceAt(r.slo, t).Start
}

// grainStart returns the start of the bucket, or of the slice, that holds t.
func (r *record) grainStart(t time.Time) time.Time {
	if r.slo.Budgeting.Slices() {
		return r.sliceStart(t)
	}
	return r.gridStart(t)
}

// done returns when a slice is complete: when its last bucket is.
func (r *record) done(s slice) time.Time {
	if end := r.data.Time(s.j); end.After(s.period.End) {
		return end
	}
	return s.period.End
}

// ended returns how many slices are complete at t.
func (r *record) ended(t time.Time) int {
	return sort.Search(len(r.slices), func(i int) bool { return r.done(r.slices[i]).After(t) })
}

// starting returns the slices that start in p.
func (r *record) starting(p slo.Period) []slice {
	from := func(t time.Time) int {
		return sort.Search(len(r.slices), func(i int) bool { return !r.slices[i].period.Start.Before(t) })
	}
	i, j := from(p.Start), from(p.End)
	return r.slices[min(i, j):j]
}

// newest returns the end of the newest bucket, or slice, that is complete at now.
func (r *record) newest(now time.Time) time.Time { return r.sliceStart(r.gridStart(now)) }

// window returns the rolling window at the instant now: the newest complete buckets,
// or slices, that make up its length.
func (r *record) window(now time.Time) slo.Period {
	end := r.newest(now)
	return slo.Period{Start: r.grainStart(end.Add(-r.slo.Window.Length)), End: end}
}

// closes returns when all buckets and slices that start in p are complete.
func (r *record) closes(p slo.Period) time.Time { return r.gridEnd(lastSlice(r.slo, p)) }

// lastSlice returns the end of the last slice of s that starts in p, at the least that
// of p.
func lastSlice(s slo.SLO, p slo.Period) time.Time {
	if !s.Budgeting.Slices() || p.Empty() {
		return p.End
	}
	if last := sliceAt(s, p.End.Add(-1)); !last.Start.Before(p.Start) {
		return last.End
	}
	return p.End
}

// Needs returns the time whose buckets tell how s stands over p at the instant at:
// those that start in p, or in slices that do, and have begun by at.
func Needs(s slo.SLO, p slo.Period, at time.Time) slo.Period {
	return slo.Period{Start: p.Start, End: earlier(lastSlice(s, p), at)}
}

// Own returns the time whose buckets tell how s stands over its own window at the
// instant at. A rolling window begins the earlier, the longer its newest bucket or
// slice takes to be complete.
func Own(s slo.SLO, at time.Time) slo.Period {
	p := s.Window.Bounds(at)
	if s.Window.Rolling() {
		p.Start = p.Start.Add(-Lag(s) - unfinished(s.Budgeting.Slice))
	}
	return Needs(s, p, at)
}

// Lag returns how far before an instant the newest complete bucket, or slice, of s may
// end at the most.
func Lag(s slo.SLO) time.Duration {
	return s.Delay + max(unfinished(s.Step), unfinished(s.Budgeting.Slice))
}

// unfinished returns how much of a step may have passed at a whole minute, without the
// step being over.
func unfinished(step time.Duration) time.Duration { return max(0, step-time.Minute) }
