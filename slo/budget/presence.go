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
		excluded, n := p.record.excluded, int32(0)
		p.measured = make([]int32, len(excluded)+1)
		for i, total := range p.record.data.Total {
			if total >= 0 && !excluded[i] {
				n++
			}
			p.measured[i+1] = n
		}
	}
	return int64(p.measured[s.j] - p.measured[s.i])
}

// excludedIn returns how many buckets of s are excluded.
func (p *presence) excludedIn(s Stretch) int64 {
	if len(p.record.exclusions.rules) == 0 {
		return 0
	}
	if p.excluded == nil {
		n := int32(0)
		p.excluded = make([]int32, len(p.record.excluded)+1)
		for i, excluded := range p.record.excluded {
			if excluded {
				n++
			}
			p.excluded[i+1] = n
		}
	}
	return int64(p.excluded[s.j] - p.excluded[s.i])
}

// quietBefore returns how many buckets in a row were not measured before instant k.
// Excluded ones, and those before the promise began, neither count nor end the row.
func (p *presence) quietBefore(k int) int32 {
	if p.quiet == nil {
		born, newest := p.record.born, p.record.data.Newest
		known := func(i int) bool { return newest.IsZero() || p.record.data.Time(i).Before(newest) }
		n := int32(0)
		p.quiet = make([]int32, p.record.data.Len()+1)
		for i, excluded := range p.record.excluded {
			switch {
			case excluded:
			case p.record.data.Measured(i) && known(i):
				n = 0
			case !p.record.data.Time(i).Before(born):
				n++
			}
			p.quiet[i+1] = n
		}
	}
	return p.quiet[k]
}
