package backtest

// choose returns the policy that does best in a training, of those that keep the limit
// of false firings, find something, and no fewer incidents than the default; the
// default if it does as well, or there is none. Tried are single conditions, and pairs
// of those that each keep the limit alone.
func (t *Tuner) choose(on training) candidate {
	s := search{tuner: t, on: on, base: t.tally(t.base()).learnt(on)}
	s.rule = t.rule(s.base)
	singles := s.singles()
	for _, one := range singles {
		s.take(one)
	}
	s.pairs(singles)
	if !s.found || s.rule.compare(s.best.tally, s.base) >= 0 {
		return t.base()
	}
	return s.best.candidate
}

// search is the choice of one training.
type search struct {
	tuner *Tuner
	on    training
	rule  rule
	base  Tally
	best  scored
	found bool // best is one
}

// take keeps what is better than the best so far.
func (s *search) take(c scored) {
	switch {
	case s.rule.excess(c.tally) > 0 || !s.enough(c.tally):
	case !s.found, s.tuner.better(s.rule, c, s.best) < 0:
		s.best, s.found = c, true
	}
}

// enough tells whether something is found, and no fewer incidents than by the default.
func (s *search) enough(t Tally) bool { return t.Found() >= max(s.base.Found(), 1) }

// single is a condition with what it finds.
type single struct {
	scored
	finds finds
}

// singles returns the conditions that keep the limit.
func (s *search) singles() []scored {
	var out []scored
	for i := range s.tuner.grid {
		for _, hold := range holds() {
			c := candidate{i, -1, hold}
			if got, ok := s.tuner.learnt(c, s.on); ok && s.rule.excess(got) == 0 {
				out = append(out, scored{c, got})
			}
		}
	}
	return out
}

// shared is what two conditions have in common that can be said as one policy.
type shared struct {
	hold   int
	minBad int64
}

// pairs tries pairs of singles that can be said as one policy.
func (s *search) pairs(singles []scored) {
	groups, inside := map[shared][]single{}, s.inside()
	for _, one := range singles {
		if key := (shared{one.hold, s.tuner.grid[one.a].minBad}); one.tally.Found() > 0 {
			groups[key] = append(groups[key], single{one, s.tuner.found[one.candidate].within(inside)})
		}
	}
	for _, hold := range holds() {
		for _, min := range minBads() {
			s.group(groups[shared{hold, min}])
		}
	}
}

// group tries the pairs of a group, unless all of it together could not do better than
// the best so far.
func (s *search) group(group []single) {
	var all finds
	for i, one := range group {
		if i == 0 {
			all = one.finds
		}
		all = all.and(one.finds)
	}
	if !s.may(all, all) {
		return
	}
	for i, b := range group {
		for _, a := range group[:i] {
			s.pair(a, b)
		}
	}
}

// may tells whether two conditions together may be chosen.
func (s *search) may(a, b finds) bool {
	most := Tally{InTime: a.inTime.with(b.inTime)}
	most.Late = a.any.with(b.any) - most.InTime
	if !s.promising(most) {
		return false
	}
	most.Delay = a.earliest(b)
	return s.promising(most)
}

// pair tries two conditions together, the one with the shorter long window first, if
// they may be better than the best so far. Together they find no incident that neither
// finds alone, and none earlier than both.
func (s *search) pair(a, b single) {
	short, long := s.tuner.grid[a.a].long, s.tuner.grid[b.a].long
	if short == long || !s.may(a.finds, b.finds) {
		return
	}
	both := candidate{a.a, b.a, a.hold}
	if short > long {
		both.a, both.b = b.a, a.a
	}
	if got, ok := s.tuner.learnt(both, s.on); ok {
		s.take(scored{both, got})
	}
}

// promising tells whether a pair may be chosen that does as well as most at best.
func (s *search) promising(most Tally) bool {
	if !s.enough(most) || s.rule.detection(most, s.base) > 0 {
		return false
	}
	order := s.rule.detection(most, s.best.tally)
	return !s.found || order < 0 || order == 0 && s.best.conditions() > 1
}

// inside returns the incidents that the training learns from.
func (s *search) inside() set {
	var out set
	n := 0
	for i := range s.tuner.objects {
		j := s.tuner.objects[i].judgement
		for _, in := range j.incidents {
			if j.judges(in) {
				one := tallies{}
				s.tuner.at(&one, in.Start).Incidents++
				out = out.add(n, one.learnt(s.on).Incidents > 0)
				n++
			}
		}
	}
	return out
}
