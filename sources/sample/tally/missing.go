package tally

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
)

// errFound ends a question that is answered.
var errFound = errors.New("found")

// missing asks about selectors without a sample. What is missing where all events are
// measured is no zero; where nothing is, a note says what there is. The same is asked where
// a number stands in for what is missing or its absence spares others, and of labels that
// tell nothing since there are none.
func (a *asked) missing(ctx context.Context, store sample.Store) (refuse, notes diag.List, err error) {
	from := a.asks(nil).From
	occurs := func(s *side) bool { return s.samples > 0 && (s.newest == never || s.newest >= from) }
	measured := slices.ContainsFunc(a.sides, occurs)
	for _, s := range a.sides {
		if a.grid.n == 0 || s.bound != nil && (s.samples > 0 || s.limit == nil) {
			continue
		}
		others := s.others()
		ask := s.untold
		filled := occurs(s) && (s.expr.Filled(others) || s.counts() == spec.Good && s.expr.Spares(others))
		if !occurs(s) || filled {
			ask = s.nowhere
		}
		f, err := ask(ctx, store)
		switch {
		case f != nil || err != nil:
		case filled:
			f, err = s.untold(ctx, store)
		case !occurs(s) && s.expr.Fragile():
			f, err = s.undone(ctx, store)
		}
		if err != nil {
			if each(err, func(_ int, err error) { a.failed = about(s.name(), err) }) == nil {
				return nil, nil, nil
			}
			return nil, nil, err
		}
		switch {
		case f == nil:
		case filled, measured && s.counts() != spec.Total:
			refuse = append(refuse, *f)
		default:
			f.Severity = diag.Warning
			notes = append(notes, *f)
		}
	}
	return refuse, notes, nil
}

// undone tells of an expression that has no point, though there is a part of it that has: a sum
// or a difference of which one side is missing is no zero.
func (s *side) undone(ctx context.Context, store sample.Store) (*diag.Finding, error) {
	for _, selector := range s.selectors() {
		found, err := s.of.room.occurs(ctx, store, s.of.asks(selector))
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		f := diag.Errorf(s.value.Pos, s.of.config.Room+"/nothing", "the expression gives nothing, though there are series "+
			"of %s: another part of its sum or difference has none", selector)
		f = f.WithHint("write (… or vector(0)) for parts that may have no series")
		return &f, nil
	}
	return nil, nil
}

// sought is one of the selectors that a side reads, where there may be nothing of it.
type sought struct {
	side     *side
	selector sample.Selector
}

// counts is what events a side counts: also where it is asked for alone.
func (s *side) counts() spec.Count {
	if c := s.of.req.Count; s.role == spec.Total && (c == spec.Good || c == spec.Bad) {
		return c
	}
	return s.role
}

// others returns the selectors of the counts that this one is a part of, or of its parts. What
// is missing of these is told there.
func (s *side) others() (all []sample.Selector) {
	for _, other := range s.of.sides {
		if other.role != s.role && s.role != spec.Total {
			all = append(all, other.selectors()...)
		}
	}
	return all
}

// untold tells of a label that no series of the metric has, though a selector leaves out
// some of its values and the other counts do not: it leaves out none. Where nothing else
// tells the bad events from all of them, all of them are; good ones are too many in any case.
func (s *side) untold(ctx context.Context, store sample.Store) (*diag.Finding, error) {
	counts := s.counts()
	if counts != spec.Good && counts != spec.Bad {
		return nil, nil
	}
	for _, selector := range s.selectors() {
		others := besides(s.others(), selector)
		if len(others) == 0 && counts == spec.Bad {
			continue
		}
		one := sought{s, selector}
		missing, err := one.leavesOut(ctx, store, others)
		if err != nil {
			return nil, err
		}
		if len(missing) > 0 && (counts == spec.Good || alike(selector, others, missing)) {
			return one.noLabel(ctx, store, missing[0]), nil
		}
	}
	return nil, nil
}

// besides returns the selectors among some that are of the metric of one.
func besides(others []sample.Selector, one sample.Selector) (all []sample.Selector) {
	metric := metricOf(one).String()
	for _, other := range others {
		if metricOf(other).String() == metric {
			all = append(all, other)
		}
	}
	return all
}

// leavesOut returns the labels of which the selector leaves out some values, and none
// of the others, that no series of the metric has.
func (s sought) leavesOut(
	ctx context.Context, store sample.Store, others []sample.Selector,
) (missing []string, err error) {
	room, metric := s.side.of.room, s.side.of.asks(metricOf(s.selector))
	for _, m := range s.selector {
		negative := m.Op == sample.NotEqual || m.Op == sample.Unlike
		if !negative || m.Name == sample.MetricName || !m.Takes("") || uses(others, m.Name) || s.shows(m.Name) {
			continue
		}
		found, err := room.labelled(ctx, store, metric, m.Name)
		if err != nil {
			return nil, err
		}
		if !found {
			missing = append(missing, m.Name)
		}
	}
	return missing, nil
}

// uses tells whether one of some selectors has a matcher of a label.
func uses(all []sample.Selector, label string) bool {
	return slices.ContainsFunc(all, func(s sample.Selector) bool {
		return slices.ContainsFunc(s, func(m sample.Matcher) bool { return m.Name == label })
	})
}

// shows tells whether a series of the metric that was read has a label.
func (s sought) shows(label string) bool {
	metric := metricOf(s.selector).String()
	for _, other := range s.side.of.sides {
		if other.expr.Is() || metricOf(other.selector).String() != metric {
			continue
		}
		for _, one := range other.series {
			if one != nil && one.labels.Get(label) != "" {
				return true
			}
		}
	}
	return false
}

// alike tells whether a selector takes all that one of the others does, but for matchers of
// some labels.
func alike(s sample.Selector, others []sample.Selector, but []string) bool {
	return slices.ContainsFunc(others, func(other sample.Selector) bool {
		return !slices.ContainsFunc(s, func(m sample.Matcher) bool {
			same := func(o sample.Matcher) bool { return o.String() == m.String() }
			return !slices.Contains(but, m.Name) && !slices.ContainsFunc(other, same)
		})
	})
}

// zeroUntil tells until when a count that has a source of its own is 0 where it has no
// sample, as one beside its total would be: until its metric was seen last. there tells
// that the metric and its labels were.
func (a *asked) zeroUntil(ctx context.Context, store sample.Store, there bool) (until time.Time, err error) {
	part := a.req.Count == spec.Good || a.req.Count == spec.Bad
	if !part || !there || a.grid.n == 0 || len(a.sides) != 1 || a.sides[0].role != spec.Total {
		return until, nil
	}
	s := a.sides[0]
	newest, wait := s.newest, patient*a.interval()
	if a.counts() {
		wait = a.grid.step - 1 // the last point is there, or is not
	}
	if newest < a.last()-wait {
		last, err := s.metricSeen(ctx, store, a.last(), 10*time.Minute, 3*time.Hour)
		if err != nil {
			return until, each(err, func(_ int, err error) { a.failed = about(s.name(), err) })
		}
		newest = max(newest, last.at)
	}
	if newest == never {
		return until, nil
	}
	return a.known(newest, a.step()), nil
}

// seen is when the metrics of a side had samples last.
type seen struct{ at, every int64 } // never: not in the time looked at; 0: not known

// metricSeen returns when all metrics of a side had samples last, up to an instant. Times
// further back are looked at only where there are none in the nearer ones.
func (s *side) metricSeen(ctx context.Context, store sample.Store, to int64, back ...time.Duration) (seen, error) {
	last, end := seen{at: never}, to
	for _, d := range back {
		var queries []sample.Query
		from := max(to-d.Milliseconds(), s.of.grid.from())
		for _, selector := range s.selectors() {
			if metric := metricOf(selector); len(metric) > 0 && from <= end {
				queries = append(queries, sample.Query{Selector: metric, From: from, To: end})
			}
		}
		newest := make([]seen, len(queries))
		err := store.Select(ctx, queries, func(n int, b sample.Block) error {
			newest[n].take(b)
			return sources.Done(ctx)
		})
		if err != nil {
			return last, err
		}
		if len(newest) > 0 {
			last = slices.MinFunc(newest, func(a, b seen) int { return cmp.Compare(a.at, b.at) })
		}
		if last.at > 0 {
			return last, nil
		}
		end = from - 1
	}
	return seen{at: never}, nil
}

// take takes a block of samples. Markers tell that there is none.
func (l *seen) take(b sample.Block) {
	before := int64(0)
	for i, at := range b.Times {
		switch {
		case b.Stale(i):
			continue
		case at >= l.at && before > 0:
			l.every = at - before
		}
		l.at, before = max(l.at, at), at
	}
}

// findGone finds counts whose metrics have no samples any more while others of the request go
// on. They are 0 from then on, as those of a counter are that a restart took away until it
// counts again; since the metric may have been renamed as well, a note says so. A selector that
// finds nothing in a metric that is there is not gone.
func (a *asked) findGone(ctx context.Context, store sample.Store) (notes []diag.Finding, err error) {
	newest, wait := int64(never), patient*a.interval()+a.interval()/chance
	for _, s := range a.sides {
		newest = max(newest, s.newest)
	}
	if a.counts() {
		wait = max(wait, a.grid.step)
	}
	for _, s := range a.sides {
		if newest == never || s.newest >= newest-wait || s.bound != nil || s.role == spec.Total || s.role == spec.Both {
			continue
		}
		last, err := seen{at: newest}, error(nil)
		if !s.goesOn(newest - wait) {
			last, err = s.metricSeen(ctx, store, newest, 10*time.Minute, 3*time.Hour, 48*time.Hour, 1<<62)
			last.at = max(last.at, s.newest)
		}
		var label *diag.Finding
		if err == nil && last.at >= newest-wait {
			label, err = s.labelGone(ctx, store, newest, wait)
		}
		if err != nil {
			return notes, each(err, func(_ int, err error) { a.failed = about(s.name(), err) })
		}
		if label != nil {
			notes = append(notes, *label)
		}
		if last.at == never || newest-last.at <= max(wait, patient*last.every+last.every/chance) {
			continue
		}
		notes = append(notes, s.warn("gone", "there is no sample of %s since %s, while others go on: "+
			"no %s events are counted from then on", s.metrics(), stamp(last.at), s.role).
			WithHint("was it renamed? a counter that is there only once it has counted is better counted by a label, "+
				"or begins at 0"))
	}
	return notes, nil
}

// labelGone tells of a label that a count was taken by, and that no series of its metric has
// any more.
func (s *side) labelGone(ctx context.Context, store sample.Store, newest, wait int64) (*diag.Finding, error) {
	if s.newest == never {
		return nil, nil
	}
	for _, selector := range s.selectors() {
		for i := range selector {
			m := &selector[i]
			if m.Name == sample.MetricName || m.Takes("") {
				continue
			}
			late := sample.Query{Selector: metricOf(selector), From: newest - wait, To: newest}
			there, err := s.of.room.labelled(ctx, store, late, m.Name)
			if err != nil {
				return nil, err
			}
			if !there {
				return sought{s, selector}.without(ctx, store, m.Name), nil
			}
		}
	}
	return nil, nil
}

// without says that no series has a label any more.
func (s sought) without(ctx context.Context, store sample.Store, label string) *diag.Finding {
	f := s.side.warn("gone", "no series of %s has a label %s since %s at the latest, while others go on: no %s events "+
		"are counted from then on", metricOf(s.selector), diag.Quote(label), stamp(s.side.newest), s.side.role)
	same := func(name string) bool { return name == label }
	if all := slices.DeleteFunc(labels(ctx, store, s.side.of, s.selector), same); len(all) > 0 {
		f.Hint = "was it renamed? there are " + strings.Join(all, ", ")
	}
	return &f
}

// goesOn tells whether each metric of a side is one of another side, which has samples
// from an instant on.
func (s *side) goesOn(from int64) bool {
	there := map[string]bool{}
	for _, other := range s.of.sides {
		for _, selector := range other.selectors() {
			if other.newest >= from && len(other.selectors()) == 1 {
				there[metricOf(selector).String()] = true
			}
		}
	}
	return !slices.ContainsFunc(s.selectors(), func(selector sample.Selector) bool {
		return !there[metricOf(selector).String()]
	})
}

// metrics names those of a side, or what it reads where no metric is named.
func (s *side) metrics() string {
	var all []string
	for _, selector := range s.selectors() {
		metric := metricOf(selector)
		if text := metric.String(); len(metric) > 0 && !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return cmp.Or(strings.Join(all, " and "), s.name())
}

// selectors returns those of a side.
func (s *side) selectors() []sample.Selector {
	if s.expr.Is() {
		return s.expr.Selectors()
	}
	return []sample.Selector{s.selector}
}

// nowhere tells what of a side's selectors is not there at all.
func (s *side) nowhere(ctx context.Context, store sample.Store) (*diag.Finding, error) {
	others := s.others()
	for _, selector := range s.selectors() {
		if sample.Among(others, selector) {
			continue
		}
		if f, err := (sought{s, selector}).absent(ctx, store); f != nil || err != nil {
			return f, err
		}
	}
	return nil, nil
}

// absent tells what of a selector is not there at all: its metric, or a label.
func (s sought) absent(ctx context.Context, store sample.Store) (*diag.Finding, error) {
	room, metric := s.side.of.room, s.side.of.asks(metricOf(s.selector))
	if found, err := room.occurs(ctx, store, metric); err != nil || !found {
		return s.noMetric(ctx, store), err
	}
	for _, m := range s.selector {
		if m.Name == sample.MetricName {
			continue
		}
		if found, err := room.labelled(ctx, store, metric, m.Name); err != nil || !found {
			return s.noLabel(ctx, store, m.Name), err
		}
	}
	return nil, nil
}

// labelled tells whether there is a series of a metric that has a label. Who names no metric
// must have a matcher that takes no empty value: Loki answers to no other.
func (s *scratch) labelled(ctx context.Context, store sample.Store, of sample.Query, label string) (bool, error) {
	m := sample.Matcher{Name: label, Op: sample.NotEqual}
	if len(of.Selector) == 0 {
		var err error
		if m, err = sample.NewMatcher(label, sample.Like, ".+"); err != nil {
			return false, err
		}
	}
	of.Selector = append(slices.Clone(of.Selector), m)
	return s.occurs(ctx, store, of)
}

// metricOf returns a selector without its matchers of labels.
func metricOf(s sample.Selector) sample.Selector {
	var out sample.Selector
	for _, m := range s {
		if m.Name == sample.MetricName {
			out = append(out, m)
		}
	}
	return out
}

// asks asks about a selector in the time over which the request is judged, or in all of it.
func (a *asked) asks(selector sample.Selector) sample.Query {
	from, to := a.grid.from(), a.grid.to()
	if told := a.req.Told; !told.Empty() {
		from, to = max(from, told.Start.UnixMilli()), min(to, told.End.UnixMilli())
	}
	return sample.Query{Selector: selector, From: from, To: to}
}

// occurs tells whether there is a series. It asks once.
func (s *scratch) occurs(ctx context.Context, store sample.Store, q sample.Query) (bool, error) {
	if len(q.Selector) == 0 {
		return true, nil
	}
	known := s.there
	key := fmt.Sprint(q.Selector, q.From, q.To)
	if found, ok := known[key]; ok {
		return found, nil
	}
	err := store.Series(ctx, []sample.Query{q}, func(int, sample.Labels) error { return errFound })
	found := errors.Is(err, errFound)
	if done := sources.Done(ctx); err == nil && done != nil {
		err = done
	}
	if err != nil && !found {
		return false, err
	}
	if known == nil {
		known = map[string]bool{}
		s.there = known
	}
	known[key] = found
	return found, nil
}

// noMetric says that there is no such metric, and which is near.
func (s sought) noMetric(ctx context.Context, store sample.Store) *diag.Finding {
	name := s.selector.Metric()
	f := diag.Errorf(s.side.value.Pos, s.side.of.config.Room+"/metric", "there is no metric %s in the time asked about",
		diag.Quote(name))
	if name == "" {
		f.Message = "there is no metric of " + metricOf(s.selector).String() + " in the time asked about"
	}
	names, err := store.Names(ctx, s.side.of.grid.from(), s.side.of.grid.to())
	if slices.Contains(names, name) {
		f.Hint = "it was there before: is it scraped still, or was it renamed?"
		return &f
	}
	if s.side.limit != nil {
		names = histograms(names)
	}
	switch near := nearest(name, names); {
	case err != nil:
	case near != "":
		f = f.WithHint("did you mean %s?", near)
	case strings.Contains(name, ":"):
		f = f.WithHint("a rule records it, as its name says: is the rule loaded, and was it evaluated in that time?")
	case len(names) == 0:
		f = f.WithHint("there are no samples at all: are the address and the time right?")
	default:
		f = f.WithHint("is it scraped? there are %s", diag.Few(names))
	}
	return &f
}

// histograms returns the names that histogram: may give, of which the series of a classic
// one are the parts.
func histograms(names []string) (all []string) {
	for _, name := range names {
		family, part := sample.Family(name)
		switch {
		case part == "_bucket":
			all = append(all, family)
		case part == "":
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// nearest returns the names most like one: near ones, else those that share its beginning.
func nearest(name string, names []string) string {
	if near := diag.Nearest(name, names); near != "" {
		return near
	}
	for begin := name; strings.Contains(begin, "_"); {
		begin = begin[:strings.LastIndex(begin, "_")]
		var like []string
		for _, n := range names {
			if strings.HasPrefix(n, begin+"_") || n == begin {
				like = append(like, n)
			}
		}
		if len(like) > 0 && strings.Contains(begin, "_") {
			return strings.Join(like[:min(len(like), 3)], ", ")
		}
	}
	return ""
}

// looked is how many series are looked at for the labels that there are.
const looked = 1000

// noLabel says that no series of the metric has a label, and which there are.
func (s sought) noLabel(ctx context.Context, store sample.Store, name string) *diag.Finding {
	f := diag.Errorf(s.side.value.Pos, s.side.of.config.Room+"/label", "no series of %s has a label %s in the time asked about",
		metricOf(s.selector), diag.Quote(name))
	if len(metricOf(s.selector)) == 0 {
		f.Message = "nothing has a label " + diag.Quote(name) + " in the time asked about"
		return &f // who lists nothing without a matcher cannot tell which labels there are
	}
	if all := labels(ctx, store, s.side.of, s.selector); len(all) > 0 {
		f.Hint = diag.Among(name, all, nil)
	}
	return &f
}

// labels returns the names of the labels of a metric, none if nobody tells.
func labels(ctx context.Context, store sample.Store, a *asked, of sample.Selector) []string {
	if len(metricOf(of)) == 0 {
		return nil
	}
	names, n := map[string]bool{}, 0
	err := store.Series(ctx, []sample.Query{a.asks(metricOf(of))}, func(_ int, l sample.Labels) error {
		for _, one := range l {
			if one.Name != sample.MetricName {
				names[one.Name] = true
			}
		}
		if n++; n == looked {
			return errFound
		}
		return nil
	})
	if err != nil && !errors.Is(err, errFound) {
		return nil
	}
	return slices.Sorted(maps.Keys(names))
}

// unsplit refuses labels of per: that no series of a query has: nothing would be split by them,
// or all that the query counts left out.
func unsplit(ctx context.Context, store sample.Store, a *asked) (all diag.List) {
	found := a.found()
	for _, label := range a.req.Per {
		without := func(f sources.Found) bool { return f.Series > 0 && !slices.Contains(f.Labels, label) }
		if i := slices.IndexFunc(found, without); i >= 0 {
			all = append(all, lacks(ctx, store, a, found[i], label)...)
		}
	}
	return all
}

// lacks refuses a label of per: that no series has that was found. Those of a sum may have
// lost others, so what it adds up is asked; a number that stands in for all has none.
func lacks(ctx context.Context, store sample.Store, a *asked, found sources.Found, label string) diag.List {
	at, known := a.req.SLI.Pos, found.Labels
	if v := a.req.SLI.Get(found.Key); v.Is() {
		at = v.Pos
	}
	for _, s := range a.sides {
		if s.expr.Is() && s.key() == found.Key {
			for _, selector := range s.selectors() {
				known = append(known, labels(ctx, store, a, selector)...)
			}
			if s.expr.Filled(nil) && slices.Contains(known, label) {
				return nil
			}
		}
	}
	f := diag.Errorf(at, a.config.Room+"/per", "no series of %s has the label %s of per: in the time asked about",
		brief(found.Query), diag.Quote(label))
	if known = slices.DeleteFunc(known, func(l string) bool { return l == label }); len(known) > 0 {
		f.Hint = diag.Among(label, known, nil)
	}
	return diag.List{f}
}
