// Package piece joins pieces of one series that come from several files: they may overlap,
// and hold the same samples twice.
package piece

import (
	"cmp"
	"slices"

	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
)

// Interval is a stretch of time, both ends included.
type Interval struct{ From, To int64 }

// Samples are those of a stretch of a series, by time: floats, or histograms in their place.
type Samples struct {
	Times      []int64
	Values     []float64
	Histograms []sample.Histogram
}

// Piece is a stretch of a series that is read when it is needed.
type Piece struct {
	Interval            // of what counts of it
	Rank     int        // of several samples of one time that of the lowest rank counts
	Deleted  []Interval // what does not count

	// Read appends the samples to s, whose slices are empty: they may have been used before.
	Read func(s *Samples) error
}

// Within returns the part of the piece that lies in a stretch of time, false if none does.
func (p Piece) Within(from, to int64) (Piece, bool) {
	p.From, p.To = max(p.From, from), min(p.To, to)
	gone := slices.ContainsFunc(p.Deleted, func(d Interval) bool { return d.From <= p.From && p.To <= d.To })
	return p, p.From <= p.To && !gone
}

// Joiner joins pieces. It holds what overlaps, and nothing of other pieces.
type Joiner struct {
	whole  Samples // of the piece that was read last
	one    Samples // what counts of them
	sorted []one
	joined Samples
}

// one is a sample of several pieces.
type one struct {
	time  int64
	rank  int
	piece int
	value float64
	hist  *sample.Histogram // in place of value
}

// Join hands over the samples of pieces by order of time, none twice. What take is given
// is good until it returns.
func (j *Joiner) Join(pieces []Piece, take func(Samples) error) error {
	order.Stable(pieces, func(a, b Piece) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Rank, b.Rank))
	})
	for len(pieces) > 0 {
		n, end := 1, pieces[0].To
		for n < len(pieces) && pieces[n].From <= end {
			end = max(end, pieces[n].To)
			n++
		}
		var err error
		if n == 1 {
			err = j.alone(&pieces[0], take)
		} else {
			err = j.overlapping(pieces[:n], take)
		}
		if err != nil {
			return err
		}
		pieces = pieces[n:]
	}
	return nil
}

// read reads what counts of a piece.
func (j *Joiner) read(p *Piece) error {
	j.whole.Times, j.whole.Values, j.whole.Histograms = j.whole.Times[:0], j.whole.Values[:0], j.whole.Histograms[:0]
	if err := p.Read(&j.whole); err != nil {
		return err
	}
	j.one = j.whole
	s := &j.one
	from, _ := slices.BinarySearch(s.Times, p.From)
	to, found := slices.BinarySearch(s.Times, p.To)
	if found {
		to++
	}
	s.cut(from, max(from, to))
	for _, d := range p.Deleted {
		s.remove(d)
	}
	return nil
}

// cut keeps the samples from one on to another.
func (s *Samples) cut(from, to int) {
	s.Times = s.Times[from:to]
	if len(s.Values) > 0 {
		s.Values = s.Values[from:to]
	}
	if len(s.Histograms) > 0 {
		s.Histograms = s.Histograms[from:to]
	}
}

// remove takes the samples of a stretch of time away.
func (s *Samples) remove(d Interval) {
	from, _ := slices.BinarySearch(s.Times, d.From)
	to, found := slices.BinarySearch(s.Times, d.To)
	if found {
		to++
	}
	if from >= to {
		return
	}
	s.Times = slices.Delete(s.Times, from, to)
	if len(s.Values) > 0 {
		s.Values = slices.Delete(s.Values, from, to)
	}
	if len(s.Histograms) > 0 {
		s.Histograms = slices.Delete(s.Histograms, from, to)
		if from < len(s.Histograms) && s.Histograms[from].Reset != sample.Gauge {
			s.Histograms[from].Reset = sample.ResetUnknown // the one before it is gone
		}
	}
}

// alone hands over a piece that no other overlaps.
func (j *Joiner) alone(p *Piece, take func(Samples) error) error {
	if err := j.read(p); err != nil || len(j.one.Times) == 0 {
		return err
	}
	return take(j.one)
}

// overlapping hands over several pieces as one.
func (j *Joiner) overlapping(pieces []Piece, take func(Samples) error) error {
	j.sorted = j.sorted[:0]
	for i := range pieces {
		if err := j.read(&pieces[i]); err != nil {
			return err
		}
		j.gather(i, pieces[i].Rank)
	}
	order.Stable(j.sorted, func(a, b one) int {
		return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.rank, b.rank))
	})
	j.sorted = slices.CompactFunc(j.sorted, func(a, b one) bool { return a.time == b.time })
	for rest := j.sorted; len(rest) > 0; {
		n := slices.IndexFunc(rest, func(o one) bool { return (o.hist == nil) != (rest[0].hist == nil) })
		if n < 0 {
			n = len(rest)
		}
		if err := take(j.join(rest[:n])); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

// gather notes the samples of the piece that was read.
func (j *Joiner) gather(piece, rank int) {
	hists := slices.Clone(j.one.Histograms) // the next piece is read into the same place
	for i, t := range j.one.Times {
		o := one{time: t, rank: rank, piece: piece}
		if len(hists) > 0 {
			o.hist = &hists[i]
		} else {
			o.value = j.one.Values[i]
		}
		j.sorted = append(j.sorted, o)
	}
}

// join returns samples of one sort. A histogram that follows one of another piece says
// nothing of it.
func (j *Joiner) join(some []one) Samples {
	s := &j.joined
	s.Times, s.Values, s.Histograms = s.Times[:0], s.Values[:0], s.Histograms[:0]
	for i, o := range some {
		s.Times = append(s.Times, o.time)
		if o.hist == nil {
			s.Values = append(s.Values, o.value)
			continue
		}
		if h := o.hist; h.Reset != sample.Gauge && (i == 0 || some[i-1].piece != o.piece) {
			h.Reset = sample.ResetUnknown
		}
		s.Histograms = append(s.Histograms, *o.hist)
	}
	return *s
}

// Unpack appends the samples of a chunk.
func (s *Samples) Unpack(e chunk.Encoding, data []byte) (err error) {
	if e.Floats() {
		s.Times, s.Values, err = chunk.Floats(e, data, s.Times, s.Values)
	} else {
		s.Times, s.Histograms, err = chunk.Histograms(e, data, s.Times, s.Histograms)
	}
	return err
}

// Sort brings samples into the order of time. Of several of one time the first stays.
func (s *Samples) Sort() {
	if rises(s.Times) {
		return
	}
	order := make([]int, len(s.Times))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.Times[a], s.Times[b]) })
	var sorted Samples
	for _, i := range order {
		if n := len(sorted.Times); n > 0 && sorted.Times[n-1] == s.Times[i] {
			continue
		}
		sorted.Times = append(sorted.Times, s.Times[i])
		if len(s.Values) > 0 {
			sorted.Values = append(sorted.Values, s.Values[i])
		} else {
			sorted.Histograms = append(sorted.Histograms, s.Histograms[i])
		}
	}
	*s = sorted
}

// rises tells whether each time is after the one before it.
func rises(times []int64) bool {
	for i, t := range times[min(1, len(times)):] {
		if t <= times[i] {
			return false
		}
	}
	return true
}
