package budget

// presence tells of which buckets there is something to know. It counts them when it
// is asked for the first time.
type presence struct {
	record   *record
	measured []int32 // of the first k buckets: those that count
	excluded []int32 // of the first k buckets: those that are excluded
	quiet    []int32 // buckets before instant k, in a row, that were not measured
}

// measuredIn returns how many buckets of s were measured and are not excluded.
func (p *presence) measuredIn(s Stretch) int64 {
	if p.measured == nil {
		p.measured = p.running(func(n int32, i int) int32 {
			if p.record.counts(i) {
				n++
			}
			return n
		})
	}
	return int64(p.measured[s.j] - p.measured[s.i])
}

// excludedIn returns how many buckets of s are excluded.
func (p *presence) excludedIn(s Stretch) int64 {
	if p.excluded == nil {
		p.excluded = p.running(func(n int32, i int) int32 {
			if p.record.excluded[i] {
				n++
			}
			return n
		})
	}
	return int64(p.excluded[s.j] - p.excluded[s.i])
}

// quietBefore returns how many buckets in a row were not measured before instant k.
// Excluded ones, and those before the promise began, neither count nor end the row.
func (p *presence) quietBefore(k int) int32 {
	if p.quiet == nil {
		born, newest := p.record.born, p.record.data.Newest
		known := func(i int) bool { return newest.IsZero() || p.record.data.Time(i).Before(newest) }
		p.quiet = p.running(func(n int32, i int) int32 {
			switch {
			case p.record.excluded[i]:
			case p.record.data.Measured(i) && known(i):
				return 0
			case !p.record.data.Time(i).Before(born):
				return n + 1
			}
			return n
		})
	}
	return p.quiet[k]
}

// running folds the buckets into one number an instant.
func (p *presence) running(next func(n int32, i int) int32) []int32 {
	out := make([]int32, p.record.data.Len()+1)
	for i := range p.record.data.Len() {
		out[i+1] = next(out[i], i)
	}
	return out
}
