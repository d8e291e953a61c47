package bucket

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// lane holds buckets that start at one phase of the step. A file has one lane
// unless the clocks change by less than a step between its rows.
type lane struct {
	phase  int64
	series *slo.Series // in the finest unit of its rows
	steps  []uint64    // by bucket: which of its shorter steps have a row; nil: there are none
}

func newLane(p slo.Period, step time.Duration, phase int64) *lane {
	return &lane{phase: phase, series: slo.NewSeries(aligned(p, int64(step/time.Second), phase), step)}
}

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
func (l *lane) mark(i, n int) {
	if l.steps == nil {
		l.steps = make([]uint64, l.series.Len())
	}
	l.steps[i] |= 1 << n
}

// partial returns how many buckets have rows of some of their n steps, between the
// first and the last that have any, and the start of the first such bucket.
func (l *lane) partial(n int) (count int64, at time.Time) {
	last := -1 // bucket with a row
	held := -1 // the same, if it lacks one: the last is not counted, since it may not be over
	for i, steps := range l.steps {
		if steps == 0 {
			continue
		}
		if held >= 0 {
			if count++; count == 1 {
				at = l.series.Time(held)
			}
		}
		held = -1
		if last >= 0 && bits.OnesCount64(steps) < n {
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
	s := l.series
	if math.IsNaN(s.Total[i]) {
		s.Bad[i], s.Total[i] = 0, 0
	}
	badUnits, badFits := bad.in(s.Decimals)
	units, fits := total.in(s.Decimals)
	if !badFits || !fits || uint64(l.atMost(i))+units > slo.MaxUnits {
		return l.overflow(i, s.Events(l.atMost(i)).Add(slo.NumberRat(total.rat())), s.Decimals)
	}
	if doubt && units > 0 {
		s = l.doubted()
	}
	s.Bad[i] += float64(badUnits)
	s.Total[i] += float64(units)
	return nil
}

// doubted returns what is in doubt, for the first time nothing.
func (l *lane) doubted() *slo.Series {
	s := l.series
	if s.Doubt == nil {
		s.Doubt = &slo.Series{Start: s.Start, Step: s.Step, Decimals: s.Decimals,
			Bad: make([]float64, s.Len()), Total: make([]float64, s.Len())}
	}
	return s.Doubt
}

// atMost returns the total of bucket i with all that is in doubt; NaN if it was not measured.
func (l *lane) atMost(i int) float64 {
	if l.series.Doubt == nil {
		return l.series.Total[i]
	}
	return l.series.Total[i] + l.series.Doubt.Total[i]
}

// refine counts in units of 10^-decimals from now on, if that is finer than before.
func (l *lane) refine(decimals int) *Fault {
	s := l.series
	if decimals <= s.Decimals {
		return nil
	}
	most := float64(slo.MaxUnits / slo.PowerOfTen(decimals-s.Decimals))
	for i := range s.Total {
		if n := l.atMost(i); n > most {
			return l.overflow(i, s.Events(n), decimals)
		}
	}
	l.series = s.InUnits(decimals)
	return nil
}

// overflow says that the rows of bucket i are too many units of 10^-decimals.
func (l *lane) overflow(i int, events slo.Number, decimals int) *Fault {
	f := tooFine(events.Rat(), decimals)
	at := l.series.Time(i).UTC().Format(time.RFC3339)
	f.Why = fmt.Sprintf("the rows of %s add up to %s, which %s", at, events, f.Why)
	return f
}

// bucket returns the index of the bucket that starts at sec, false if it is not
// in the period.
func (l *lane) bucket(sec int64) (int, bool) {
	i := (sec - l.series.Start.Unix()) / int64(l.series.Step/time.Second)
	return int(i), sec >= l.series.Start.Unix() && i < int64(l.series.Len())
}

// finish returns the series in steps of want if that is a multiple of its own.
func (l *lane) finish(want time.Duration) (*slo.Series, error) {
	if want > l.series.Step && want%l.series.Step == 0 {
		return coarsen(l.series, int(want/l.series.Step))
	}
	return l.series, nil
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
	if len(p.lanes) != 1 || p.lanes[0].steps == nil || c.grid.coarser() > 0 {
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
