package tally

import (
	"cmp"
	"context"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/hist"
)

const (
	maxBirths   = 20_000     // that are asked about, for one request
	maxTogether = 100        // targets that one question names
	maxAsked    = 64         // questions that a store is asked at once, if Config.Batch bounds them
	maxInquests = 200        // of a plan, each of four questions
	usual       = 60_000     // the interval of a series with one sample, in milliseconds
	shortSpell  = 10 * usual // births of one job within it are asked about together

	longAgo     = int64(3_600_000) // before its birth a series may have had another name, in milliseconds,
	scrapesBack = 30               // or so many scrapes if that is longer,
	overlap     = 5                // and so many scrapes may show both names, or neither
	renamedFrom = 1000             // a value below may be what happened since the scrape before
)

// birth is the first sample of a series that was not there when the period began.
type birth struct {
	side     *side
	part     *part
	labels   sample.Labels
	at       int64
	value    number
	fine     bool         // counts of the series are in 10^-6
	interval int64        // of the series, 0: not known
	whole    bool         // the value counts
	native   *hist.Change // the first of a native histogram
}

// target is what was scraped, by one of several replicas.
type target struct{ job, instance, replica string }

func targetOf(l sample.Labels, replicas []string) target {
	t := target{job: l.Get("job"), instance: l.Get("instance")}
	var key []byte
	for _, name := range replicas {
		key = sample.Label{Name: name, Value: l.Get(name)}.AppendKey(key)
	}
	t.replica = string(key)
	return t
}

// inquest asks about births of one metric and job that are near in time.
type inquest struct {
	metric, job string
	births      []*birth
	from, to    int64 // of the births
	wide        int64 // their longest interval
	replicas    []string
	of          map[target][]int64   // when series of a target were born, in order
	wholes      map[histogram]*birth // of histograms

	up      map[target][]moment // scrapes: 1 if they succeeded
	others  []life              // series of the metric
	started map[target][]moment // what process_start_time_seconds says
	created map[string][]moment // what _created says, by the labels
}

// life is when a series had samples: all near births, and the last one of those between.
type life struct {
	of     target
	labels sample.Labels
	times  []int64
	values []float64
}

// moment is what a series of times said at an instant.
type moment struct{ at, says int64 }

// askBirths asks which births count whole, and counts them.
func (p *plan) askBirths(ctx context.Context, store sample.Store) error {
	var all []*birth
	for _, a := range p.asked {
		if err := a.finish(ctx); err != nil {
			return err
		}
		n := 0
		for _, s := range a.sides {
			keep := min(len(s.births), max(maxBirths-n, 0))
			n, a.unasked = n+keep, a.unasked+len(s.births)-keep
			all = append(all, s.births[:keep]...)
		}
	}
	inquests := gather(all, p.config.Replica, shortSpell)
	for spell := int64(shortSpell); len(inquests) > maxInquests && spell < 1<<40; {
		spell *= 4
		inquests = gather(all, p.config.Replica, spell)
	}
	together := maxAsked / questions
	if p.config.Batch <= 0 { // the store reads all it has to answer one question
		together = len(inquests)
	}
	for len(inquests) > 0 {
		some := inquests[:min(len(inquests), together)]
		inquests = inquests[len(some):]
		if err := ask(ctx, store, some); err != nil {
			return err
		}
	}
	for _, b := range all {
		if b.whole {
			b.count()
		}
	}
	return nil
}

// finish closes all series.
func (a *asked) finish(ctx context.Context) error {
	for _, s := range a.sides {
		for _, one := range s.series {
			if one != nil {
				one.finish()
			}
		}
		for _, g := range s.order {
			if g.part != nil {
				g.finish()
			}
			if err := sources.Done(ctx); err != nil {
				return err
			}
		}
		if !a.useful() {
			s.births = nil
		}
		order.Stable(s.births, func(a, b *birth) int { return cmp.Compare(a.at, b.at) })
	}
	return nil
}

// useful tells whether the request can be answered so far.
func (a *asked) useful() bool { return a.failed == nil && len(a.refuse) == 0 && a.split.Err() == nil }

// count counts the first value.
func (b *birth) count() {
	bucket := b.side.of.grid.bucket(b.at)
	if b.native != nil {
		b.part.observe(bucket, *b.native)
	} else {
		b.part.add(b.side.index, bucket, b.part.scale(b.value.since(number{}, b.fine), b.fine))
	}
	b.part.see(b.at, b.at)
}

// gather puts births together that one question answers.
func gather(births []*birth, replicas []string, spell int64) []*inquest {
	order.Stable(births, func(a, b *birth) int {
		return cmp.Or(strings.Compare(a.metric(), b.metric()), strings.Compare(a.labels.Get("job"), b.labels.Get("job")),
			cmp.Compare(a.at, b.at))
	})
	var all []*inquest
	for _, b := range births {
		var last *inquest
		if len(all) > 0 {
			last = all[len(all)-1]
		}
		if last == nil || last.metric != b.metric() || last.job != b.labels.Get("job") || b.at > last.from+spell {
			last = &inquest{metric: b.metric(), job: b.labels.Get("job"), from: b.at, replicas: replicas}
			last.of = map[target][]int64{}
			all = append(all, last)
		}
		of := targetOf(b.labels, replicas)
		last.of[of] = append(last.of[of], b.at)
		last.births, last.to = append(last.births, b), b.at
		last.wide = max(last.wide, b.usual())
	}
	return all
}

func (b *birth) metric() string { return b.labels.Get(sample.MetricName) }

// usual returns the interval of the series, a guess if it is not known.
func (b *birth) usual() int64 { return cmp.Or(b.interval, b.side.of.interval(), usual) }

// questions is how many an inquest asks.
const questions = 4

// queries returns the questions of an inquest: of up, of the metric, and of the two
// metrics that tell when a process or a counter began.
func (q *inquest) queries() []sample.Query {
	to := q.to + q.wide/2
	from := q.from - 2*q.wide - q.wide/2
	family, _ := sample.Family(q.metric)
	behind := to
	if latest := q.births[0].side.of.config.At; latest.IsZero() || latest.UnixMilli() > to {
		behind = q.to + (overlap+2)*q.wide
		if !latest.IsZero() {
			behind = min(behind, latest.UnixMilli())
		}
	}
	var all []sample.Query
	for _, metric := range []string{"up", q.metric, "process_start_time_seconds", family + "_created"} {
		all = append(all, sample.Query{Selector: q.selector(metric), From: from, To: to})
	}
	all[1].From, all[1].To = q.from-max(longAgo, scrapesBack*q.wide)-q.wide/2, behind
	return all
}

// selector takes the series of a metric that are of the targets asked about.
func (q *inquest) selector(metric string) sample.Selector {
	s := sample.Selector{{Name: sample.MetricName, Op: sample.Equal, Value: metric},
		{Name: "job", Op: sample.Equal, Value: q.job}}
	var instances []string
	for _, b := range q.births {
		instances = append(instances, b.labels.Get("instance"))
	}
	slices.Sort(instances)
	switch instances = slices.Compact(instances); {
	case len(instances) == 1:
		return append(s, sample.Matcher{Name: "instance", Op: sample.Equal, Value: instances[0]})
	case len(instances) > maxTogether:
		return s
	}
	for i, name := range instances {
		instances[i] = regexp.QuoteMeta(name)
	}
	m, err := sample.NewMatcher("instance", sample.Like, strings.Join(instances, "|"))
	if err != nil {
		return s
	}
	return append(s, m)
}

// ask puts inquests to a store, and decides.
func ask(ctx context.Context, store sample.Store, some []*inquest) error {
	var queries []sample.Query
	for _, q := range some {
		q.up, q.started, q.created = map[target][]moment{}, map[target][]moment{}, map[string][]moment{}
		queries = append(queries, q.queries()...)
	}
	lives := map[[2]int]int{} // query and series → index in others
	err := store.Select(ctx, queries, func(n int, b sample.Block) error {
		some[n/questions].took(n, b, lives)
		return sources.Done(ctx)
	})
	err = each(err, func(n int, err error) {
		for _, b := range some[n/questions].births {
			b.side.of.fail(queries[n].Selector.String(), err)
		}
	})
	for _, q := range some {
		q.decide()
	}
	return err
}

// took takes what answers the nth question of an ask.
func (q *inquest) took(n int, b sample.Block, lives map[[2]int]int) {
	switch of := targetOf(b.Labels, q.replicas); n % questions {
	case 0:
		q.tookUp(b)
	case 1:
		key := [2]int{n, b.Series}
		i, ok := lives[key]
		if !ok {
			i = len(q.others)
			lives[key] = i
			q.others = append(q.others, life{of: of, labels: b.Labels})
		}
		q.others[i].took(q, b)
	case 2:
		q.started[of] = append(q.started[of], q.moments(b)...)
	case 3:
		key := keyOf(b.Labels, q.replicas)
		q.created[key] = append(q.created[key], q.moments(b)...)
	}
}

// near tells whether an instant is near a birth of the target, at most so many scrapes
// behind it: what is not, is not kept.
func (q *inquest) near(of target, at, behind int64) bool {
	births := q.of[of]
	i, _ := slices.BinarySearch(births, at-behind*q.wide)
	return i < len(births) && births[i] <= at+(patient+1)*q.wide
}

// tookUp takes samples of up. A scrape that failed got no samples.
func (q *inquest) tookUp(b sample.Block) {
	of := targetOf(b.Labels, q.replicas)
	for i, v := range b.Values {
		if !sample.Stale(v) && q.near(of, b.Times[i], 1) {
			q.up[of] = append(q.up[of], moment{b.Times[i], int64(min(v, 2))})
		}
	}
}

// took takes samples of the metric.
func (l *life) took(q *inquest, b sample.Block) {
	for i, at := range b.Times {
		v := 0.0
		if b.Values != nil {
			v = b.Values[i]
		} else {
			v = b.Histograms[i].Count
		}
		if b.Stale(i) {
			continue
		}
		if n := len(l.times); n > 0 && !q.near(l.of, l.times[n-1], overlap+2) {
			l.times, l.values = l.times[:n-1], l.values[:n-1]
		}
		l.times, l.values = append(l.times, at), append(l.values, v)
	}
}

// moments reads seconds since the epoch.
func (q *inquest) moments(b sample.Block) (all []moment) {
	of := targetOf(b.Labels, q.replicas)
	for i, v := range b.Values {
		if v > 0 && v < 1e11 && q.near(of, b.Times[i], 1) {
			all = append(all, moment{b.Times[i], int64(v * 1000)})
		}
	}
	return all
}

// keyOf identifies the labels of a series but for its metric, le and those of replicas.
func keyOf(l sample.Labels, replicas []string) string {
	var key []byte
	for _, one := range l {
		if one.Name != sample.MetricName && one.Name != "le" && !slices.Contains(replicas, one.Name) {
			key = one.AppendKey(key)
		}
	}
	return string(key)
}

// decide tells which births count whole.
func (q *inquest) decide() {
	of := map[target][]life{}
	for _, l := range q.others {
		of[l.of] = append(of[l.of], l)
	}
	q.findWholes()
	for _, scrapes := range q.up {
		order.Stable(scrapes, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	}
	type scrape struct {
		of target
		at int64
	}
	renamed := map[scrape]bool{} // all that a target gets then, however small
	for _, b := range q.births {
		if from := targetOf(b.labels, q.replicas); q.goesOn(b, of[from]) {
			renamed[scrape{from, b.at}] = true
		}
	}
	for _, b := range q.births {
		from := targetOf(b.labels, q.replicas)
		lives := of[from]
		before := q.before(b, lives)
		there := before > never
		if !there {
			before = b.at - b.usual()
		}
		b.whole = there && !ended(lives, before, b.at, b.usual()) && !renamed[scrape{from, b.at}] || q.younger(b, before)
	}
}

// before returns when the target of b had samples at the scrape before, never if it had none.
func (q *inquest) before(b *birth, lives []life) int64 {
	latest, asked := int64(never), false
	for _, m := range q.up[targetOf(b.labels, q.replicas)] {
		if m.at < b.at-(patient+1)*b.usual() || m.at >= b.at+b.usual() {
			continue
		}
		if asked = true; m.says == 1 && m.at < b.at {
			latest = m.at
		}
	}
	if !asked {
		for _, l := range lives {
			latest = max(latest, last(l.times, b.at))
		}
	}
	if latest < b.at-patient*b.usual() {
		return never
	}
	return latest
}

// goesOn tells whether a birth may be the other name of series that ended, since at least
// half of its value was there: what is new begins small. They ended a few scrapes before or
// after it, or where the metric of the target paused. A series that ended with another process
// goes on nowhere.
func (q *inquest) goesOn(b *birth, lives []life) bool {
	as := q.judged(b)
	if as.value.whole < renamedFrom {
		return false
	}
	sum := 0.0
	until := b.at + (overlap+1)*b.usual() + b.usual()/2
	latest, paused := b.at, int64(never) // scrapes of the target, near the birth and before it
	for _, l := range lives {
		latest = max(latest, last(l.times, until+1))
		paused = max(paused, last(l.times, b.at-b.usual()/2+1))
	}
	since := min(paused, b.at-overlap*b.usual()) - b.usual()/2
	since = max(since, b.at-max(longAgo, scrapesBack*b.usual()))
	for _, l := range lives {
		i, _ := slices.BinarySearch(l.times, b.at-b.usual()/2)
		if i == 0 { // it is none that was there before
			continue
		}
		at := last(l.times, until+1)
		if at < since || at > b.at+overlap*b.usual() || at > latest-b.usual()/2 || !as.resembles(l.labels) {
			continue
		}
		n, _ := slices.BinarySearch(l.times, b.at+1)
		switch v := l.values[n-1]; {
		case !(v >= 0 && v < 1<<61):
			return true
		case !as.value.less(numberOf(v)) && !q.restarted(b, at):
			sum = min(sum+v, 1<<61)
		}
	}
	return sum > 0 && !numberOf(2*sum).less(as.value)
}

// resembles tells whether another series may have counted the events of the one that was born: no
// matcher of the request takes one of them alone because of a label that both have, and le is
// the same.
func (b *birth) resembles(other sample.Labels) bool {
	if b.labels.Get("le") != other.Get("le") {
		return false
	}
	for _, s := range b.side.of.sides {
		for _, selector := range s.selectors() {
			for _, m := range selector {
				x, y := b.labels.Get(m.Name), other.Get(m.Name)
				if x != "" && y != "" && m.Takes(x) != m.Takes(y) {
					return false
				}
			}
		}
	}
	return true
}

// restarted tells whether the process of b began after an instant, and so after what had ended
// by then.
func (q *inquest) restarted(b *birth, instant int64) bool {
	return slices.ContainsFunc(q.started[targetOf(b.labels, q.replicas)], func(m moment) bool {
		return m.says > instant && m.says <= b.at
	})
}

// judged returns the birth whose value tells whether b goes on: the buckets of a histogram
// have one answer, that of all its events.
func (q *inquest) judged(b *birth) *birth {
	if of := q.wholes[q.wholeOf(b)]; of != nil && b.labels.Get("le") != "" {
		return of
	}
	return b
}

// histogram identifies one that was born.
type histogram struct {
	at     int64
	of     target
	labels string
}

func (q *inquest) wholeOf(b *birth) histogram {
	return histogram{b.at, targetOf(b.labels, q.replicas), keyOf(b.labels, q.replicas)}
}

// findWholes finds the births of the buckets that have all events.
func (q *inquest) findWholes() {
	q.wholes = map[histogram]*birth{}
	for _, b := range q.births {
		if le := b.labels.Get("le"); le != "" {
			if v, err := strconv.ParseFloat(le, 64); err == nil && math.IsInf(v, 1) {
				q.wholes[q.wholeOf(b)] = b
			}
		}
	}
}

// last returns the last of some times before an instant, never if there is none.
func last(times []int64, before int64) int64 {
	if i, _ := slices.BinarySearch(times, before); i > 0 {
		return times[i-1]
	}
	return never
}

// ended tells whether a series had a sample at a scrape and none at the next one. Those of
// one scrape may be half an interval apart.
func ended(lives []life, scrape, next, interval int64) bool {
	return slices.ContainsFunc(lives, func(l life) bool {
		i, _ := slices.BinarySearch(l.times, scrape-interval/2+1)
		if i == len(l.times) || l.times[i] > scrape {
			return false
		}
		k, _ := slices.BinarySearch(l.times, scrape+1)
		return k == len(l.times) || l.times[k] >= next+interval/2
	})
}

// younger tells whether what counts began after an instant.
func (q *inquest) younger(b *birth, instant int64) bool {
	after := func(all []moment) bool {
		return slices.ContainsFunc(all, func(m moment) bool {
			return m.says > instant && m.says <= b.at && m.at >= b.at-b.usual()/2 && m.at <= b.at+b.usual()/2
		})
	}
	return after(q.created[keyOf(b.labels, q.replicas)]) || after(q.started[targetOf(b.labels, q.replicas)])
}
