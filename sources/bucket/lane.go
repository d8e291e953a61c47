package bucket

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/sparse"
)

// lane holds buckets that start at one phase of the step. A file has one lane
// unless the clocks change by less than a step between its rows. It holds those that have
// a row, and makes a series of all when it is asked for one.
type lane struct {
	phase    int64
	start    time.Time
	step     time.Duration
	len      int // buckets
	decimals int // of the finest unit of the rows, in which all counts are
	counts   sparse.Array[tallied]
	doubts   sparse.Array[[2]uint64] // bad and total that are in doubt
	steps    sparse.Array[uint64]    // which of a bucket's shorter steps have a row
}

// tallied are the counts of a bucket.
type tallied struct{ bad, above uint64 } // above: one more than the total; 0: there is no row

func newLane(p slo.Period, step time.Duration, phase int64) *lane {
	l := &lane{phase: phase, step: step}
	p = aligned(p, int64(step/time.Second), phase)
	if l.start = p.Start; !p.Empty() {
		l.len = int((p.Length() + step - 1) / step)
	}
	return l
}

// time returns the start of bucket i.
func (l *lane) time(i int) time.Time { return l.start.Add(time.Duration(i) * l.step) }

// aligned rounds the start of p up to the phase of the step.
func aligned(p slo.Period, step, phase int64) slo.Period {
	start := p.Start.Unix()
	if p.Start.Nanosecond() > 0 {
		start++
	}
	start += mod(phase-start, step)
	return slo.Period{Start: time.Unix(start, 0).UTC(), End: p.End.UTC()}
}

// mark notes that a bucket has a row of its nth step.
func (l *lane) mark(i, n int) { *l.steps.At(i) |= 1 << n }

// partial returns how many buckets have rows of some of their n steps, between the
// first and the last that have any, and the start of the first such bucket.
func (l *lane) partial(n int) (count int64, at time.Time) {
	last := -1 // bucket with a row
	held := -1 // the same, if it lacks one: the last is not counted, since it may not be over
	for i, steps := range l.steps.All() {
		if *steps == 0 {
			continue
		}
		if held >= 0 {
			if count++; count == 1 {
				at = l.time(held)
			}
		}
		held = -1
		if last >= 0 && bits.OnesCount64(*steps) < n {
			held = i
		}
		last = i
	}
	return count, at
}

// add adds a row's counts to bucket i. It returns why they cannot be held exactly, nil
// if they can.
func (l *lane) add(i int, bad, total Count) *Fault { return l.addTo(i, bad, total, false) }

// doubt adds a row's counts to what is in doubt of bucket i, as add.
func (l *lane) doubt(i int, bad, total Count) *Fault { return l.addTo(i, bad, total, true) }

func (l *lane) addTo(i int, bad, total Count, doubt bool) *Fault {
	if fault := l.refine(max(bad.decimals, total.decimals)); fault != nil {
		return fault
	}
	n := l.counts.At(i)
	if n.above == 0 {
		n.above = 1
	}
	badUnits, badFits := bad.in(l.decimals)
	units, fits := total.in(l.decimals)
	if !badFits || !fits || l.atMost(i)+units > slo.MaxUnits {
		return l.overflow(i, l.events(l.atMost(i)).Add(slo.NumberRat(total.rat())), l.decimals)
	}
	if !doubt {
		n.bad, n.above = n.bad+badUnits, n.above+units
	} else if units > 0 {
		d := l.doubts.At(i)
		d[0], d[1] = d[0]+badUnits, d[1]+units
	}
	return nil
}

// events returns what so many units are worth.
func (l *lane) events(units uint64) slo.Number {
	return slo.NumberOf(int64(units)).Quo(slo.NumberOf(int64(slo.PowerOfTen(l.decimals))))
}

// atMost returns the total of bucket i, which has a row, with all that is in doubt.
func (l *lane) atMost(i int) uint64 {
	return l.counts.Get(i).above - 1 + l.doubts.Get(i)[1]
}

// refine counts in units of 10^-decimals from now on, if that is finer than before.
func (l *lane) refine(decimals int) *Fault {
	if decimals <= l.decimals {
		return nil
	}
	finer := slo.PowerOfTen(decimals - l.decimals)
	for i, n := range l.counts.All() {
		if n.above > 0 && l.atMost(i) > slo.MaxUnits/finer {
			return l.overflow(i, l.events(l.atMost(i)), decimals)
		}
	}
	for _, n := range l.counts.All() {
		if n.above > 0 {
			n.bad, n.above = n.bad*finer, (n.above-1)*finer+1
		}
	}
	for _, d := range l.doubts.All() {
		d[0], d[1] = d[0]*finer, d[1]*finer
	}
	l.decimals = decimals
	return nil
}

// overflow says that the rows of bucket i are too many units of 10^-decimals.
func (l *lane) overflow(i int, events slo.Number, decimals int) *Fault {
	f := tooFine(events.Rat(), decimals)
	at := l.time(i).UTC().Format(time.RFC3339)
	f.Why = fmt.Sprintf("the rows of %s add up to %s, which %s", at, events, f.Why)
	return f
}

// bucket returns the index of the bucket that starts at sec, false if it is not
// in the period.
func (l *lane) bucket(sec int64) (int, bool) {
	i := (sec - l.start.Unix()) / int64(l.step/time.Second)
	return int(i), sec >= l.start.Unix() && i < int64(l.len)
}

// series returns all buckets.
func (l *lane) series() *slo.Series {
	s := slo.NewSeries(slo.Period{Start: l.start, End: l.time(l.len)}, l.step)
	s.Decimals = l.decimals
	for i, n := range l.counts.All() {
		if n.above > 0 {
			s.Bad[i], s.Total[i] = float64(n.bad), float64(n.above-1)
		}
	}
	if l.doubts.Empty() {
		return s
	}
	s.Doubt = &slo.Series{Start: s.Start, Step: s.Step, Decimals: s.Decimals,
		Bad: make([]float64, s.Len()), Total: make([]float64, s.Len())}
	for i, d := range l.doubts.All() {
		if d[1] > 0 {
			s.Doubt.Bad[i], s.Doubt.Total[i] = float64(d[0]), float64(d[1])
		}
	}
	return s
}

// finish returns the series in steps of want if that is a multiple of its own.
func (l *lane) finish(want time.Duration) (*slo.Series, error) {
	s := l.series()
	if want > l.step && want%l.step == 0 {
		return coarsen(s, int(want/l.step))
	}
	return s, nil
}

// coarsen joins n buckets into one, which was measured if all of them were.
func coarsen(s *slo.Series, n int) (*slo.Series, error) {
	out := slo.NewSeries(slo.Period{Start: s.Start, End: s.End()}, s.Step*time.Duration(n))
	out.Decimals = s.Decimals
	if s.Doubt != nil {
		doubt := *out
		doubt.Bad, doubt.Total = make([]float64, out.Len()), make([]float64, out.Len())
		out.Doubt = &doubt
	}
	for i := range out.Len() {
		from, to := i*n, min((i+1)*n, s.Len())
		if slices.ContainsFunc(s.Total[from:to], math.IsNaN) {
			continue
		}
		total, doubt := sum(s.Total[from:to]), uint64(0)
		if s.Doubt != nil {
			doubt = sum(s.Doubt.Total[from:to])
			out.Doubt.Bad[i], out.Doubt.Total[i] = float64(sum(s.Doubt.Bad[from:to])), float64(doubt)
		}
		if total+doubt > slo.MaxUnits {
			return nil, fmt.Errorf("the rows of the %s from %s add up to more than 2^53 times %s, which cannot be held exactly",
				slo.FormatDuration(out.Step), out.Time(i).UTC().Format(time.RFC3339), slo.UnitText(s.Decimals))
		}
		out.Bad[i], out.Total[i] = float64(sum(s.Bad[from:to])), float64(total)
	}
	return out, nil
}

// sum adds up counts.
func sum(counts []float64) (all uint64) {
	for _, n := range counts {
		all += uint64(n)
	}
	return all
}

// partial warns of minutes that lack some of their rows.
func (c *Collector) partial(p *part) []diag.Finding {
	if len(p.lanes) != 1 || p.lanes[0].steps.Empty() || c.grid.coarser() > 0 {
		return nil
	}
	n, at := p.lanes[0].partial(int(c.length() / c.config.Step))
	if n == 0 {
		return nil
	}
	some := "1 minute lacks"
	if n > 1 {
		some = diag.Thousands(n) + " minutes lack"
	}
	return []diag.Finding{diag.Warnf(c.config.StepPos, c.config.Room+"/partial",
		"%s some of the rows of every %s, the first at %s, and counts what it has", some,
		slo.FormatDuration(c.config.Step), at.UTC().Format(time.RFC3339))}
}
