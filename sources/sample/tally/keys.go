package tally

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/match"
	"github.com/nines-slo/nines/sources/prometheus/promql"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/hist"
)

// The keys of an sli block beside good, bad and total.
const (
	counterKey   = "counter"
	valueKey     = "value"
	histogramKey = "histogram"
	queryKey     = "query"
	ratioKey     = "ratio"
)

const (
	counterExample   = `{counter: 'http_requests_total{job="api"}'}`
	histogramExample = `'http_request_duration_seconds{job="api"}'`
	valueExample     = `'probe_success{job="blackbox"}'`
)

// counts are what an sli may count, in this order.
func counts() []spec.Count { return []spec.Count{spec.Good, spec.Bad, spec.Total} }

// Keys returns the keys of an sli block.
func Keys() []spec.Key {
	text := func(name, example, doc string) spec.Key {
		return spec.Key{Name: name, Type: spec.Text, Example: example, Doc: doc}
	}
	counter := text(counterKey, `'http_requests_total{job="api"}'`,
		"Selector of counters: their samples are read, and each event is counted.")
	own := counter
	own.Doc = "Selector of the counter, of a count with a source of its own: good: {source: a, counter: …}."
	count := func(name spec.Count, doc string) spec.Key {
		return spec.Key{Name: string(name), Type: spec.Object, Short: &spec.Key{Type: spec.Text},
			Keys: []spec.Key{counter}, Example: counterExample, Doc: doc}
	}
	return []spec.Key{
		count(spec.Good, "Good events: a counter, or PromQL of a server; with histogram or value what is good, "+
			"\"<= 300ms\" or \">= 1\"."),
		count(spec.Bad, "Bad events: a counter, or PromQL of a server; with histogram or value what is bad, "+
			"\"> 300ms\" or \"< 1\"."),
		count(spec.Total, "All valid events: a counter, or PromQL of a server."),
		own,
		text(histogramKey, histogramExample,
			"Selector of histograms, classic or native, without _bucket: their observations are the events."),
		text(valueKey, valueExample, "Selector of gauges: each sample of each series is an event. Of a server also "+
			"PromQL: each series that it gives is an event, once a step."),
	}
}

// QueryKeys are Keys for a source that takes expressions too.
func QueryKeys() []spec.Key {
	return append(Keys(),
		spec.Key{Name: queryKey, Type: spec.Text, Example: `'increase(http_requests_total[$step])'`,
			Doc: "PromQL of a count that has a source of its own; $step is the length of a bucket."},
		spec.Key{Name: ratioKey, Type: spec.Text, Example: `'avg_over_time(job:errors:ratio[$step])'`,
			Doc: "PromQL of the share of errors in a bucket, from 0 to 1, where nothing tells how many events there are: " +
				"for slice methods."})
}

// Check finds what is wrong with an sli block that Keys describe. It reads nothing.
func Check(_, sli spec.Block, room string) diag.List {
	if sli.Kind == spec.Missing {
		return nil
	}
	_, findings := sides(sli, room, false)
	return findings
}

// CheckQueries is Check for a source that takes expressions too. per are the labels that
// answers are split by.
func CheckQueries(sli spec.Block, room string, per []string) diag.List {
	if sli.Kind == spec.Missing {
		return nil
	}
	all, findings := sides(sli, room, true)
	var parts []promql.Part
	for _, s := range all {
		switch {
		case !s.expr.Is():
		case s.portion:
			findings = append(findings, s.expr.CheckRatio(per)...)
		case s.role == spec.Both:
			findings = append(findings, s.expr.CheckValue(per)...)
		case isHalf(sli):
			findings = append(findings, s.expr.CheckCount(string(sli.Count), per)...)
			parts = append(parts, promql.Part{Expr: s.expr})
		default:
			findings = append(findings, s.expr.CheckCount(string(s.role), per)...)
			parts = append(parts, promql.Part{Key: string(s.role), Expr: s.expr})
		}
	}
	if !findings.Errors() && !sli.Foreign {
		findings = append(findings, promql.Advice(parts...)...)
	}
	if sli.Kept != nil && !findings.Errors() {
		sli.Kept.Read = askedOf(all)
	}
	return findings
}

// reader reads an sli block.
type reader struct {
	sli      spec.Block
	room     string
	queries  bool // expressions may stand in place of counters and selectors
	findings diag.List
}

func (r *reader) errorf(pos diag.Pos, format string, args ...any) *refusal {
	r.findings = append(r.findings, diag.Errorf(pos, r.room+"/sli", format, args...))
	return &refusal{&r.findings[len(r.findings)-1]}
}

// sides returns what an sli block counts. With errors it is of no use but to find more of them.
func sides(sli spec.Block, room string, queries bool) ([]*side, diag.List) {
	r := reader{sli: sli, room: room, queries: queries}
	var out []*side
	switch {
	case r.several():
	case sli.Get(valueKey).Is():
		out = r.tested(valueKey)
	case sli.Get(histogramKey).Is():
		out = r.tested(histogramKey)
	case sli.Get(ratioKey).Is():
		out = r.ratio(sli.Get(ratioKey))
	case sli.Get(counterKey).Is():
		out = r.half(counterKey)
	case sli.Get(queryKey).Is():
		out = r.half(queryKey)
	case isHalf(sli):
		r.errorf(sli.Pos, "nothing tells how %s events are counted", sli.Count).hint("add " + r.ways())
	default:
		out = r.counters()
	}
	return out, r.findings
}

// several refuses a block that says in two ways what to count.
func (r *reader) several() bool {
	var keys []spec.Field
	for _, f := range r.sli.Fields {
		if slices.Contains([]string{counterKey, valueKey, histogramKey, queryKey, ratioKey}, f.Key) {
			keys = append(keys, f)
		}
	}
	if len(keys) < 2 {
		return false
	}
	r.errorf(keys[1].Pos, "%s stands beside %s: an sli counts one of them", keys[1].Key, keys[0].Key).
		hint("make two SLOs of it")
	return true
}

// isHalf tells whether an sli block is that of one count, which has a source of its own.
func isHalf(sli spec.Block) bool { return slices.Contains(counts(), sli.Count) }

// ways names what may count the events of a half.
func (r *reader) ways() string {
	if r.queries {
		return "counter: with a selector, or query: with PromQL"
	}
	return "counter: with a selector"
}

// half reads the counter, or the query, of a count that has a source of its own.
func (r *reader) half(key string) []*side {
	v := r.sli.Get(key)
	if !isHalf(r.sli) {
		f := r.errorf(v.Pos, "%s stands alone: it may be the good, the bad or all events", key)
		if key == queryKey {
			f.hint("write bad: and total: with PromQL, or good in the place of one of them")
		} else {
			f.hint("write bad: {counter: …} and total: {counter: …}, or good in the place of one of them")
		}
		return nil
	}
	for _, c := range counts() {
		if v := r.sli.Get(string(c)); v.Is() {
			r.errorf(v.Pos, "%s stands beside %s, which says what %s events are", c, key, r.sli.Count)
		}
	}
	if key == queryKey {
		return []*side{r.expression(spec.Total, v)}
	}
	return r.side(spec.Total, v, r.counter(v))
}

// counters reads two of good, bad and total.
func (r *reader) counters() (out []*side) {
	given, texts := 0, 0
	for _, c := range counts() {
		v := r.sli.Get(string(c))
		switch {
		case !v.Is():
			continue
		case v.Kind != spec.Map && r.queries:
			out, texts = append(out, r.expression(c, v)), texts+1
		case v.Kind != spec.Map:
			r.errorf(v.Pos, "%s is a text where nothing tells what it is about", c).
				hint("write " + string(c) + ": " + counterExample + ", or add value: or histogram: with a selector")
		case !v.Get(counterKey).Is():
			r.errorf(v.Pos, "%s names no counter", c).hint("add counter: with a selector, as in " + counterExample)
		default:
			out = append(out, r.side(c, v.Get(counterKey), r.counter(v.Get(counterKey)))...)
		}
		given++
	}
	switch {
	case given == 3:
		r.errorf(r.sli.Get(string(spec.Good)).Pos, "good, bad and total are one too many: of two the third follows").
			hint("leave out good")
	case given < 2:
		r.errorf(r.sli.Pos, "an sli needs two of good, bad and total, or histogram: or value: with one of good and bad").
			hint("add total: " + counterExample)
	case len(out) == 2 && texts == 1:
		r.errorf(out[1].value.Pos, "%s and %s are counted in two ways, which differ at the edges of buckets", out[0].role, out[1].role).
			hint("write both as PromQL, or both as " + counterExample)
	}
	return out
}

// expression reads PromQL.
func (r *reader) expression(role spec.Count, v spec.Value) *side {
	e, findings := promql.Parse(v)
	r.findings = append(r.findings, findings...)
	return &side{role: role, value: v, expr: e}
}

func (r *reader) side(role spec.Count, v spec.Value, selector sample.Selector) []*side {
	return []*side{{role: role, value: v, selector: selector}}
}

// selector reads a selector.
func (r *reader) selector(v spec.Value) sample.Selector {
	s, findings := promql.Selector(v)
	r.findings = append(r.findings, findings...)
	return s
}

// counter reads the selector of a counter.
func (r *reader) counter(v spec.Value) sample.Selector {
	s := r.selector(v)
	name := s.Metric()
	family, part := sample.Family(name)
	switch {
	case part == "_bucket":
		r.errorf(v.Pos, "%s is a bucket of a histogram, not a counter of events", name).
			hint("write histogram: " + family + " with good: \"<= 300ms\", or counter: " + family + "_count for all events")
	case part == "_sum":
		r.errorf(v.Pos, "%s adds up what was measured, it does not count events", name).
			hint("write counter: " + family + "_count")
	case strings.HasSuffix(name, "_created"):
		r.errorf(v.Pos, "%s is a time, not a counter", name)
	case strings.Contains(name, ":") && !one(s, "instance"):
		r.errorf(v.Pos, "%s is a recorded sum: when one of its counters restarts all of them seem to", name).
			hint("give the counter that the rule adds up, or add instance=\"…\" if the rule keeps it")
	default:
		r.findings = append(r.findings, promql.CheckCounter(v, s)...)
	}
	return s
}

// one tells whether a selector takes one value of a label that is not empty.
func one(s sample.Selector, label string) bool {
	return slices.ContainsFunc(s, func(m sample.Matcher) bool {
		return m.Name == label && m.Op == sample.Equal && m.Value != ""
	})
}

// ratio reads an expression that is the share of errors.
func (r *reader) ratio(v spec.Value) []*side {
	for _, c := range counts() {
		if beside := r.sli.Get(string(c)); beside.Is() {
			r.errorf(beside.Pos, "%s stands beside ratio, which is the share of errors already", c).hint("leave out " + string(c))
		}
	}
	s := r.expression(spec.Both, v)
	s.portion = true
	r.findings = append(r.findings, diag.Warnf(v.Pos, r.room+"/weights",
		"a ratio has no weights: an hour without traffic counts as much as a busy one").
		WithHint("give the counts that it is made of, as two of good:, bad: and total:"))
	return []*side{s}
}

// test is what makes a sample good or bad.
type test struct {
	role  spec.Count // Good or Bad
	op    match.Operator
	limit float64
}

// good tells whether an event of a value is good.
func (t *test) good(v float64) bool {
	holds := false
	switch t.op {
	case match.Less:
		holds = v < t.limit
	case match.LessOrEqual:
		holds = v <= t.limit
	case match.Equal:
		holds = v == t.limit
	case match.NotEqual:
		holds = v != t.limit
	case match.MoreOrEqual:
		holds = v >= t.limit
	case match.More:
		holds = v > t.limit
	}
	return holds == (t.role == spec.Good)
}

// tested reads a selector of values or histograms, and what is good or bad of them.
func (r *reader) tested(key string) []*side {
	v := r.sli.Get(key)
	var out []*side
	if e := r.judged(key, v); e.Is() {
		out = []*side{{role: spec.Both, value: v, expr: e}}
	} else {
		out = r.side(spec.Both, v, r.selector(v))
	}
	s := out[0].selector
	if key == histogramKey {
		s = r.histogram(v, s)
	} else {
		r.findings = append(r.findings, promql.CheckGauge(v, s)...)
	}
	role, comparison, ok := r.compared(key)
	switch {
	case !ok:
	case key == histogramKey:
		out[0].limit = r.threshold(role, s.Metric(), comparison)
	default:
		out[0].test = &test{role: role}
		r.compare(out[0].test, comparison)
	}
	return out
}

// judged reads an expression that is judged once a step, none if it is a plain selector.
func (r *reader) judged(key string, v spec.Value) promql.Expr {
	if key != valueKey || !r.queries {
		return promql.Expr{}
	}
	e, findings := promql.Parse(v)
	if _, plain := e.Selector(); plain || findings.Errors() {
		return promql.Expr{}
	}
	return e
}

// histogram checks the selector of a histogram.
func (r *reader) histogram(v spec.Value, s sample.Selector) sample.Selector {
	name := s.Metric()
	if name == "" {
		r.errorf(v.Pos, "histogram names no metric").hint("begin with its name, as in " + histogramExample)
	}
	if family, part := sample.Family(name); part != "" && part != "_total" {
		r.errorf(v.Pos, "%s is a part of a histogram", name).hint("write " + family + ", which is all of it")
	}
	if slices.ContainsFunc(s, func(m sample.Matcher) bool { return m.Name == "le" }) {
		r.errorf(v.Pos, "le is chosen by good and bad").hint("leave out le")
	}
	if slices.Contains(r.sli.Per, "le") {
		r.errorf(v.Pos, "per: le would take each bucket of a histogram for one of its own").hint("leave out le of per:")
	}
	return s
}

// compared returns the comparison that tells what is good or bad.
func (r *reader) compared(key string) (role spec.Count, v spec.Value, ok bool) {
	good, bad := r.sli.Get(string(spec.Good)), r.sli.Get(string(spec.Bad))
	role, v = spec.Good, good
	example := map[string]string{valueKey: ">= 1", histogramKey: "<= 300ms"}[key]
	switch {
	case r.sli.Get(string(spec.Total)).Is():
		r.errorf(r.sli.Get(string(spec.Total)).Pos, "total stands beside %s, of which all are events", key).
			hint("leave out total")
	case good.Is() && bad.Is():
		r.errorf(bad.Pos, "bad stands beside good: all that is not good is bad").hint("leave out bad")
	case !good.Is() && !bad.Is():
		r.errorf(r.sli.Pos, "nothing tells what is good of %s", key).hint("add good: \"" + example + "\"")
	default:
		ok = true
	}
	if bad.Is() {
		role, v = spec.Bad, bad
	}
	if ok && v.Kind != spec.Scalar {
		r.errorf(v.Pos, "%s of %s is a comparison", role, key).hint("write " + string(role) + ": \"" + example + "\"")
		ok = false
	}
	return role, v, ok
}

// compare reads the comparison of a test.
func (r *reader) compare(t *test, v spec.Value) {
	field := match.Field{Type: match.Number}
	cond := spec.Value{Kind: spec.Map, Pos: v.Pos, Fields: []spec.Field{{Key: valueKey, Pos: v.Pos, Value: v}}}
	e, findings := match.Parse(cond, func(string) (match.Field, bool) { return field, true }, nil)
	r.findings = append(r.findings, findings...)
	if findings.Errors() {
		return
	}
	ok := false
	match.Tests(e, func(one match.Test) { ok = t.read(one.Is) })
	if _, plain := e.(match.And); !ok || !plain {
		r.errorf(v.Pos, "%s of value is a comparison with a number, %s is none", t.role, diag.Quote(v.Text)).
			hint("write " + string(t.role) + ": \">= 1\"")
	}
}

// read reads a comparison with a number, false if it is something else.
func (t *test) read(p match.Predicate) bool {
	c, ok := p.(match.Compare)
	if !ok {
		return false
	}
	t.op = c.Op
	limit, err := strconv.ParseFloat(c.Number.String(), 64)
	t.limit = limit
	return err == nil
}

// threshold reads up to where the events of a histogram are good.
func (r *reader) threshold(role spec.Count, metric string, v spec.Value) *hist.Limit {
	t, err := hist.ReadThreshold(v.Text, role == spec.Bad)
	var limit hist.Limit
	if err == nil {
		limit, err = t.Of(metric)
	}
	var refused *hist.Refusal
	switch {
	case errors.As(err, &refused):
		r.errorf(v.Pos, "%s", refused.What).hint(refused.Hint)
		return nil
	case err != nil:
		r.errorf(v.Pos, "%v", err)
		return nil
	case !limit.Inclusive:
		r.findings = append(r.findings, diag.Warnf(v.Pos, r.room+"/threshold",
			"an event of exactly %s is counted as good: histograms cannot tell", limit))
	}
	return &limit
}
