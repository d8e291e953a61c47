package promql

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/pattern"
	"github.com/nines-slo/nines/sources/sample"
)

// CheckCount returns what is wrong with an expression that counts the events of a bucket
// under the key good, bad or total: as errors what would make the number wrong, else as
// warnings. per are the labels that tell the series apart.
func (e Expr) CheckCount(key string, per []string) diag.List {
	if !e.Is() {
		return nil
	}
	c := counting{reader{value: e.value}}
	if !c.result(e.root, key, "increase(http_requests_total[$step])") {
		return c.findings
	}
	c.labels(e.root, per)
	c.expr(e.root, around{})
	return c.findings
}

// counting checks an expression that counts.
type counting struct{ reader }

// around is what an expression stands in.
type around struct {
	function string // that is called with it, the next one outwards
	buckets  bool   // some function outwards takes the buckets of a histogram
	subquery bool
	joined   bool // it is, or is in, a side of a sum or difference
}

func (c *counting) expr(e parser.Expr, in around) {
	switch e := e.(type) {
	case *parser.ParenExpr:
		c.expr(e.Expr, in)
	case *parser.UnaryExpr:
		c.expr(e.Expr, in)
	case *parser.AggregateExpr:
		c.aggregate(e, in)
	case *parser.BinaryExpr:
		c.binary(e, in)
	case *parser.Call:
		c.call(e, in)
	case *parser.SubqueryExpr:
		c.subquery(e, in)
	case *parser.MatrixSelector:
		c.ranged(e, in)
	case *parser.VectorSelector:
		c.instant(e, in)
	}
}

func (c *counting) aggregate(e *parser.AggregateExpr, in around) {
	op := e.Op.String()
	switch e.Op {
	case parser.MAX:
		if !ofReplicas(e) {
			c.error(c.head(e), "aggregation", op+"() of counts is no count", "write sum")
		}
	case parser.SUM:
	case parser.COUNT, parser.GROUP, parser.COUNT_VALUES:
		if counts(e.Expr) {
			c.error(c.head(e), "aggregation", op+"() counts series, not events", "write sum")
		}
	case parser.TOPK, parser.BOTTOMK, parser.LIMITK, parser.LIMIT_RATIO:
		c.error(c.head(e), "aggregation", op+"() leaves series out, others in each bucket",
			"write sum, and name the series that count")
	default:
		c.error(c.head(e), "aggregation", op+"() of counts is no count", "write sum")
	}
	in.function = ""
	c.expr(e.Expr, in)
}

// Replicas returns the labels that usually tell replicas apart.
func Replicas() []string { return []string{"prometheus_replica", "replica", "__replica__"} }

// ofReplicas tells whether an aggregation takes one of several replicas.
func ofReplicas(e *parser.AggregateExpr) bool {
	other := func(label string) bool { return !slices.Contains(Replicas(), label) }
	return e.Without && len(e.Grouping) > 0 && !slices.ContainsFunc(e.Grouping, other)
}

func (c *counting) binary(e *parser.BinaryExpr, in around) {
	if c.share(e, in) {
		return
	}
	in.function = ""
	if !in.joined {
		c.zeros(e, "leave it out: a count is 0 where its metric is there and no series fits")
	}
	in.joined = in.joined || additive(e)
	switch {
	case e.Op == parser.DIV && ofSeries(e):
		c.error(c.operator(e), "ratio", "a ratio is no count of events",
			"give the counts themselves: "+quoted(c.words(bare(e.LHS).PositionRange()))+
				" as good: or bad:, "+quoted(c.words(bare(e.RHS).PositionRange()))+" as total:")
	case fragile(e) && e.Op == parser.SUB:
		c.warn(c.operator(e), "minus", "where one side has no series there is no difference either",
			"give the two counts under two keys of good:, bad: and total:")
	case fragile(e):
		c.warn(c.operator(e), "plus", "where one side has no series there is no sum either",
			"write (… or vector(0)) for each side, or one selector: {__name__=~\"a_total|b_total\"}")
	case !e.Op.IsComparisonOperator() || !counts(e):
	case e.ReturnBool:
		c.warn(c.operator(e), "filter", "bool makes 0 or 1 of a count: this counts steps, not events", "")
	default:
		c.warn(c.operator(e), "filter",
			"events of series that do not meet "+e.Op.String()+" are not counted", "leave the comparison out")
	}
	c.expr(e.LHS, in)
	if e.Op != parser.LAND && e.Op != parser.LUNLESS { // whose right side only chooses
		c.expr(e.RHS, in)
	}
}

// share takes the observations of a histogram that lie between two values, and tells whether e
// is that.
func (c *counting) share(e *parser.BinaryExpr, in around) bool {
	count, part, ok := fraction(e)
	if !ok {
		return false
	}
	c.warn(c.head(part), "fraction", "histogram_fraction() guesses within a bucket, and is no number in a step "+
		"without observations, which is not measured then", c.histogram(part))
	in.function, in.buckets = count.Func.Name, true
	c.expr(count.Args[0], in)
	return true
}

// fraction returns the factors of e where it counts the observations of a histogram that lie
// between two values: as many as histogram_count() times histogram_fraction() of the same.
func fraction(e *parser.BinaryExpr) (count, part *parser.Call, ok bool) {
	count, _ = bare(e.LHS).(*parser.Call)
	part, _ = bare(e.RHS).(*parser.Call)
	if count != nil && part != nil && count.Func.Name == "histogram_fraction" {
		count, part = part, count
	}
	ok = e.Op == parser.MUL && count != nil && part != nil && count.Func.Name == "histogram_count" &&
		part.Func.Name == "histogram_fraction" && bare(count.Args[0]).String() == bare(part.Args[2]).String()
	return count, part, ok
}

// additive tells whether e is a sum or a difference of series.
func additive(e *parser.BinaryExpr) bool {
	return (e.Op == parser.ADD || e.Op == parser.SUB) && ofSeries(e)
}

// fragile tells whether e is one that gives nothing where one side has no series. What is less
// than nothing is no count, so that the left side of a difference is taken to be there.
func fragile(e *parser.BinaryExpr) bool {
	return additive(e) && !(filled(e.RHS) && (e.Op == parser.SUB || filled(e.LHS)))
}

// filled tells whether a number stands in for e where there are no series.
func filled(e parser.Expr) bool {
	switch e := bare(e).(type) {
	case *parser.AggregateExpr:
		return filled(e.Expr)
	case *parser.BinaryExpr:
		return e.Op == parser.LOR && idle(e.RHS)
	}
	return false
}

// ofSeries tells whether both sides are series.
func ofSeries(e *parser.BinaryExpr) bool {
	return e.LHS.Type() == parser.ValueTypeVector && e.RHS.Type() == parser.ValueTypeVector
}

// counts tells whether events are counted within e.
func counts(e parser.Expr) bool { return calls(e, "increase", "rate", "irate") }

func (c *counting) call(e *parser.Call, in around) {
	name := e.Func.Name
	switch {
	case name == "rate", name == "irate":
		c.error(c.head(e), "rate", name+"() is per second: no count of events", "write "+c.asIncrease(e))
	case name == "delta", name == "idelta", name == "deriv":
		c.error(c.head(e), "gauge", name+"() is for gauges: where a counter starts anew it is below 0",
			"write "+c.asIncrease(e))
	case name == "absent", name == "absent_over_time":
		c.warn(c.head(e), "absent", name+"() takes missing data for an event",
			"leave it out: buckets without data are seen as that")
	case quantile(name):
		c.error(c.head(e), "quantile", name+"() is no count of events", c.histogram(e))
	case name == "avg_over_time":
		c.error(c.head(e), "function", name+"() is no count of events",
			"write sum_over_time, and count_over_time for the total")
	case !countable(name):
		c.error(c.head(e), "function", name+"() is no count of events", "")
	}
	in.function = name
	in.buckets = in.buckets || strings.HasPrefix(name, "histogram_")
	for _, arg := range e.Args {
		c.expr(arg, in)
	}
}

// asIncrease writes a call of another function as one of increase.
func (c *counting) asIncrease(e *parser.Call) string {
	if len(e.Args) > 0 {
		if m, ok := bare(e.Args[0]).(*parser.MatrixSelector); ok {
			return increaseOf(vector(m))
		}
	}
	return "increase(http_requests_total[$step])"
}

// histogram is a hint on how to count by the buckets of what a quantile is of.
func (c *counting) histogram(e *parser.Call) string {
	for v := range vectors(e) {
		name, classic := strings.CutSuffix(metric(v), "_bucket")
		if classic {
			v = renamed(v, name)
		}
		return "write histogram: " + quoted(still(v).String()) + " and good: \"<= 300ms\""
	}
	return ""
}

// renamed returns a selector of another metric, whatever the bucket.
func renamed(v *parser.VectorSelector, name string) *parser.VectorSelector {
	out := &parser.VectorSelector{Name: name}
	for _, m := range v.LabelMatchers {
		if m.Name != sample.MetricName && m.Name != labels.BucketLabel {
			out.LabelMatchers = append(out.LabelMatchers, m)
		}
	}
	return out
}

func quantile(name string) bool {
	return slices.Contains([]string{"histogram_quantile", "histogram_fraction", "histogram_avg", "histogram_stddev",
		"histogram_stdvar", "quantile_over_time"}, name)
}

// countable tells whether a function may stand where events are counted.
func countable(name string) bool {
	return slices.Contains([]string{
		"increase", "changes", "resets", "count_over_time", "sum_over_time", "last_over_time", "first_over_time",
		"present_over_time", "histogram_count", "histogram_sum", "label_join", "label_replace", "scalar", "vector",
		"abs", "ceil", "floor", "round", "clamp", "clamp_max", "clamp_min", "sgn", "sort", "sort_desc",
	}, name)
}

func (c *counting) subquery(e *parser.SubqueryExpr, in around) {
	at := e.PositionRange()
	grows := in.function == "increase" || in.function == "rate" || in.function == "irate"
	switch {
	case e.RangeExpr == nil:
		c.error(at, "range", "the range is not the length of a bucket: events count twice, or not at all",
			"write [$step:…]")
	case grows:
		c.error(at, "subquery", in.function+"() of what is calculated takes the restart of one series for many events",
			"write "+in.function+" around the selector itself, the sum outside")
	default:
		c.warn(at, "subquery", "a subquery looks now and then, not at every sample: what is between is not counted", "")
	}
	if e.Timestamp != nil || e.StartOrEnd != 0 || e.OriginalOffset != 0 {
		c.error(at, "shift", "the subquery asks for another time than that of the bucket", "leave it out")
	}
	in.subquery, in.function = true, ""
	c.expr(e.Expr, in)
}

func (c *counting) ranged(e *parser.MatrixSelector, in around) {
	v := vector(e)
	at := part(int(v.PosRange.End), int(e.EndPos))
	if end := closing(c.value.Text, int(at.Start)); end < int(at.End) {
		at.End = part(0, end+1).End
	}
	if e.RangeExpr == nil && !in.subquery {
		c.error(at, "range", strings.TrimSpace(c.words(at))+
			" is not the length of a bucket: events count twice, or not at all", "write [$step]")
	}
	c.elsewhen(v, diag.Error)
	c.bucket(v, in)
	metric := metric(v)
	grows := in.function == "increase" || in.function == "rate" || in.function == "irate"
	switch {
	case metric == "":
	case grows && suffix(metric) == "" && !in.buckets:
		c.warn(v.PosRange, "gauge", in.function+"() takes every fall for a restart, and "+diag.Quote(metric)+
			" has no name of a counter", "if it is a gauge write value: in place of counts")
	case suffix(metric) == "":
	case in.function == "sum_over_time", in.function == "last_over_time", in.function == "first_over_time":
		c.bare(v, metric)
	}
}

func (c *counting) instant(v *parser.VectorSelector, in around) {
	c.elsewhen(v, diag.Error)
	c.bucket(v, in)
	metric := metric(v)
	filtered := in.subquery || strings.HasPrefix(in.function, "absent")
	if suffix(metric) != "" && !strings.Contains(metric, ":") && !filtered {
		c.bare(v, metric)
	}
	if _, last, ok := cutLast(metric, ":"); ok {
		if m := recorded().FindStringSubmatch(last); m != nil {
			c.warn(v.PosRange, "recorded", diag.Quote(metric)+" is recorded, and its name says "+m[1]+
				": no count of the events of a bucket", "write what it is recorded from, with [$step]")
		}
	}
}

// bare refuses a counter that is taken as it is: most metrics whose name ends in _total or
// _bucket are one for sure.
func (c *counting) bare(v *parser.VectorSelector, metric string) {
	severity := diag.Warning
	if end := suffix(metric); end == "total" || end == "bucket" {
		severity = diag.Error
	}
	c.add(severity, v.PosRange, "counter", diag.Quote(metric)+
		" is a counter by its name: it holds all events since its process started", "write "+increaseOf(v))
}

// bucket refuses classic buckets that are all added up: each holds those below it.
func (c *counting) bucket(v *parser.VectorSelector, in around) {
	metric := metric(v)
	if suffix(metric) != "bucket" || in.buckets || strings.Contains(metric, ":") ||
		slices.ContainsFunc(v.LabelMatchers, func(m *labels.Matcher) bool { return m.Name == labels.BucketLabel }) {
		return
	}
	c.error(v.PosRange, "buckets", "each bucket of "+diag.Quote(metric)+
		" holds those below it too: one event counts many times",
		"write "+strings.TrimSuffix(metric, "bucket")+"count for all events, {le=\"…\"} for those of one bucket"+
			", or histogram:")
}

// suffix returns the last word of a counter's name: total, count, sum or bucket; "" if it
// is no counter by name.
func suffix(metric string) string {
	i := strings.LastIndexAny(metric, "_.:")
	if i >= 0 && slices.Contains([]string{"total", "count", "sum", "bucket"}, metric[i+1:]) {
		return metric[i+1:]
	}
	return ""
}

// recorded finds in the last part of a recorded series' name what it holds.
var recorded = pattern.Of(`(?:^|_)(i?rate|burnrate|ratio|increase|quantile|avg|delta)(?:_?(?:rate)?[0-9]+[smhdwy])?$`)

func cutLast(text, sep string) (before, after string, found bool) {
	i := strings.LastIndex(text, sep)
	if i < 0 {
		return text, "", false
	}
	return text[:i], text[i+len(sep):], true
}
