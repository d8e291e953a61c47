package openslo

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
	"github.com/nines-slo/nines/slo/spec/query"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// The counts of a ratio.
const (
	good  = "good"
	bad   = "bad"
	total = "total"
)

// indicator returns what an objective counts, and how its budget is counted.
func (r *reader) indicator(o spec.Value) (sli, budgeting spec.Value) {
	body := r.indicatorSpec(o)
	ratio, threshold := body.Get("ratioMetric"), body.Get("thresholdMetric")
	method := r.method(o)
	switch {
	case !body.Is():
		return spec.Value{}, spec.Value{}
	case ratio.Is() == threshold.Is():
		wrong := diag.Errorf(body.Pos, "openslo/indicator", "an indicator has one of ratioMetric and thresholdMetric")
		r.add(wrong.WithHint("add ratioMetric: with good and total"))
		return spec.Value{}, spec.Value{}
	case threshold.Is():
		return r.threshold(threshold, o), method
	}
	for _, key := range []string{"op", "value"} {
		if v := o.Get(key); v.Is() {
			r.breaks(diag.Errorf(v.Pos, "openslo/objective", "%s has no meaning for a ratio", key), "it is left out")
		}
	}
	if raw := ratio.Get("raw"); raw.Is() {
		return r.raw(ratio, raw, method)
	}
	return r.ratio(ratio, method)
}

// indicatorSpec returns what says the indicator of an objective.
func (r *reader) indicatorSpec(o spec.Value) spec.Value {
	key := "indicator"
	switch r.version {
	case v1alpha:
		if metrics := o.Get("ratioMetrics"); metrics.Is() {
			return yaml.MapOf(metrics.Pos, metrics.As("ratioMetric"))
		}
		return r.spec.Get(key)
	case v2alpha:
		key = "sli"
	}
	inline, ref := r.spec.Get(key), r.spec.Get(key+"Ref")
	switch {
	case inline.Is() == ref.Is():
		wrong := diag.Errorf(r.spec.Pos, "openslo/indicator", "an SLO has one of %s and %[1]sRef", key)
		r.add(wrong.WithHint("add %sRef: with the name of an SLI", key))
		return spec.Value{}
	case ref.Is():
		return r.lookUp("SLI", ref).Get("spec")
	}
	return inline.Get("spec")
}

// method returns how the budget of an objective is counted.
func (r *reader) method(o spec.Value) spec.Value {
	method, slice, goal := r.spec.Get("budgetingMethod"), o.Get("timeSliceWindow"), o.Get("timeSliceTarget")
	length := r.length(slice, "timeSliceWindow")
	switch method.Text {
	case "Occurrences":
		return spec.Value{}
	case "Timeslices":
		if !slice.Is() {
			r.breaks(diag.Errorf(o.Pos, "openslo/objective", "Timeslices need a timeSliceWindow"), "a minute")
			length = yaml.Text(o.Pos, "1m")
		}
		if !goal.Is() {
			r.add(diag.Errorf(o.Pos, "openslo/objective", "Timeslices need a timeSliceTarget").WithHint("add timeSliceTarget: 0.95"))
		}
		return yaml.MapOf(method.Pos, yaml.Text(method.Pos, "timeslices").As("method"), length.As("slice"), native.Share(goal).As("target"))
	case "RatioTimeslices":
		return yaml.MapOf(method.Pos, yaml.Text(method.Pos, "ratio-timeslices").As("method"), length.As("slice"))
	}
	f := diag.Errorf(method.Pos, "openslo/method", "budgetingMethod %s is none of OpenSLO's", diag.Quote(method.Text))
	r.add(f.WithHint("they are Occurrences, Timeslices and RatioTimeslices"))
	return spec.Value{}
}

// threshold returns an sli whose values are compared.
func (r *reader) threshold(metric, o spec.Value) spec.Value {
	q, source := r.metric(metric)
	op, value := o.Get("op"), o.Get("value")
	if !op.Is() || !value.Is() {
		r.add(diag.Errorf(o.Pos, "openslo/objective", "a threshold needs op and value").WithHint("add op: lte and value: 0.3"))
		return spec.Value{}
	}
	sign := map[string]string{"lte": "<= ", "gte": ">= ", "lt": "< ", "gt": "> "}[op.Text]
	q, _ = query.Stepped(q, query.Window())
	return yaml.MapOf(metric.Pos, source.As("source"), q.As("value"),
		yaml.Join(op.Pos, yaml.Words(sign), yaml.Whole(value)).As("good"))
}

// raw returns an sli that is a ratio.
func (r *reader) raw(ratio, raw, method spec.Value) (sli, budgeting spec.Value) {
	q, source := r.metric(raw)
	q, _ = query.Stepped(q, query.Window())
	of := good
	if ratio.Get("rawType").Text == "failure" {
		of = bad
	}
	sli, alone := native.ByShare(ratio.Pos, q, of)
	return asked(sli, source), native.Slices(method, alone, ratio.Pos)
}

// asked returns an sli with its source, if the document says that.
func asked(sli, source spec.Value) spec.Value {
	if source.Is() {
		sli.Fields = slices.Insert(sli.Fields, 0, source.As("source"))
	}
	return sli
}

// ratio returns an sli of two counts.
func (r *reader) ratio(ratio, method spec.Value) (sli, budgeting spec.Value) {
	part := good
	if ratio.Get(bad).Is() {
		part = bad
	}
	if ratio.Get(good).Is() == ratio.Get(bad).Is() || !ratio.Get(total).Is() {
		wrong := diag.Errorf(ratio.Pos, "openslo/indicator", "a ratio has one of good and bad, and total")
		r.add(wrong.WithHint("add good: and total:, each with its query, or raw:"))
		return spec.Value{}, spec.Value{}
	}
	some, source := r.metric(ratio.Get(part))
	all, other := r.metric(ratio.Get(total))
	if r.found.Errors() {
		return spec.Value{}, spec.Value{}
	}
	some, _ = query.Stepped(some, query.Window())
	all, _ = query.Stepped(all, query.Window())
	grows := ratio.Get("counter").Text == "true" || ratio.Get("incremental").Text == "true"
	counts := native.Counts{Pos: ratio.Pos, Part: part, Some: some, All: all, Grow: grows, Fixed: true, Code: "openslo"}
	sli, alone, found := counts.SLI()
	r.found = append(r.found, found...)
	switch {
	case source.Text == other.Text:
	case alone:
		two := diag.Errorf(ratio.Pos, "openslo/source", "the counts are in two sources, and what they say is a ratio, which one server has to answer")
		r.add(two.WithHint("give both counts with increase() of counters"))
		return spec.Value{}, spec.Value{}
	default:
		return apart(sli, part, source, other), method
	}
	return asked(sli, source), native.Slices(method, alone, ratio.Pos)
}

// apart returns an sli whose counts have sources of their own.
func apart(sli spec.Value, part string, source, other spec.Value) spec.Value {
	some, all := sli.Get(part), sli.Get(total)
	return yaml.MapOf(sli.Pos,
		yaml.MapOf(some.Pos, source.As("source"), some.As("query")).As(part),
		yaml.MapOf(all.Pos, other.As("source"), all.As("query")).As(total))
}

// queryKeys are what the key of a query is called: OpenSLO leaves that to each source.
func queryKeys() []string {
	return []string{"query", "promql", "promQL", "expr", "expression", "queryString", "metric"}
}

// metric returns the query of a metric, and the name of the source that the document says, missing
// if it does not say where that is.
func (r *reader) metric(m spec.Value) (q, source spec.Value) {
	if inner := m.Get("metricSource"); inner.Is() {
		m = inner
	}
	kind, ref, inline := m.Get("type"), m.Get("metricSourceRef"), m.Get("dataSourceSpec")
	q = m.Get("query")
	switch r.version {
	case v1alpha:
		kind = m.Get("source")
	case v2alpha:
		ref, kind = m.Get("dataSourceRef"), inline.Get("type")
	}
	var where spec.Value
	if found := r.all.get("DataSource", ref.Text); ref.Is() && found.Is() {
		where = found.Get("spec")
		if kind = where.Get("type"); !kind.Is() {
			kind = m.Get("type")
		}
	} else if inline.Is() {
		where = inline
		r.details(where)
	} else if ref.Is() && kind.Is() {
		r.known("DataSource", ref)
	}
	if !r.isPrometheus(kind, ref, m) {
		return spec.Value{}, spec.Value{}
	}
	if r.version != v1alpha {
		q = r.queryOf(m.Get("spec"))
	}
	return q, r.source(where, ref)
}

// isPrometheus refuses a source that is asked otherwise than by PromQL.
func (r *reader) isPrometheus(kind, ref, m spec.Value) bool {
	switch {
	case !kind.Is() && ref.Is():
		f := diag.Errorf(ref.Pos, "openslo/source", "no document read is the DataSource %s, and nothing says its type", diag.Quote(ref.Text))
		r.breaks(f, "it is taken for one of Prometheus")
		return r.lenient
	case !kind.Is():
		r.add(diag.Errorf(m.Pos, "openslo/source", "nothing says of what type the source is").WithHint("add type: Prometheus"))
		return false
	}
	if !isPromQL(kind.Text) {
		f := diag.Errorf(kind.Pos, "openslo/source", "a source of type %s is none that nines asks", diag.Quote(kind.Text))
		r.add(f.WithHint("of OpenSLO's it asks those of type Prometheus"))
		return false
	}
	return true
}

// queryOf returns the query of a metric's spec.
func (r *reader) queryOf(body spec.Value) spec.Value {
	for _, key := range queryKeys() {
		if q := body.Get(key); q.Kind == spec.Scalar {
			r.unread(body, key)
			return q
		}
	}
	r.add(diag.Errorf(body.Pos, "openslo/query", "nothing here is a query").WithHint("add one of %s", strings.Join(queryKeys(), ", ")))
	return spec.Value{}
}

// unread warns of the keys of a map that OpenSLO leaves open but for those that are read here.
func (r *reader) unread(m spec.Value, read ...string) {
	for _, f := range m.Fields {
		if slices.Contains(read, f.Key) {
			continue
		}
		left := diag.Warnf(f.Pos, "openslo/unread", "key %s is left out: %s is read here", diag.Quote(f.Key), strings.Join(read, ", "))
		if near := diag.Nearest(f.Key, read); near != "" {
			left = left.WithHint("did you mean %s?", near)
		}
		r.add(left)
	}
}

// addressKeys are what the key of an address is called, of which OpenSLO says nothing either.
func addressKeys() []string { return []string{"url", "uri", "endpoint", "address"} }

// details checks what says where a source is.
func (r *reader) details(where spec.Value) {
	details := where.Get("connectionDetails")
	for _, part := range append([]spec.Value{details}, details.Items...) {
		if part.Kind == spec.Scalar {
			r.add(diag.Errorf(part.Pos, "openslo/source", "this is no map of keys").WithHint("write url: https://prometheus.example"))
		}
		if isPromQL(where.Get("type").Text) {
			r.unread(part, addressKeys()...)
		}
	}
}

// isPromQL tells whether a type of sources is asked by PromQL.
func isPromQL(kind string) bool {
	known := []string{"prometheus", "promql", "thanos", "mimir", "cortex", "victoriametrics", "amazonprometheus"}
	return slices.Contains(known, strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(kind)))
}

// source takes note of a source that has an address, and returns its name.
func (r *reader) source(where, ref spec.Value) spec.Value {
	details := where.Get("connectionDetails")
	for _, part := range append([]spec.Value{details}, details.Items...) {
		for _, key := range addressKeys() {
			url := part.Get(key)
			if url.Kind != spec.Scalar || url.Text == "" {
				continue
			}
			name := ref
			if !name.Is() {
				name = yaml.Text(where.Pos, r.inline(url.Text))
			}
			if !slices.ContainsFunc(r.sources, func(f spec.Field) bool { return f.Key == name.Text }) {
				kind := yaml.Text(where.Pos, "prometheus")
				r.sources = append(r.sources, yaml.MapOf(url.Pos, kind.As("type"), url.As("url")).As(name.Text))
			}
			return name
		}
	}
	return spec.Value{}
}

// inline names a source that the document does not: prometheus, and a number behind it where
// another address has that name.
func (r *reader) inline(url string) string {
	for n := 1; ; n++ {
		name := "prometheus"
		if n > 1 {
			name += "-" + strconv.Itoa(n)
		}
		i := slices.IndexFunc(r.sources, func(f spec.Field) bool { return f.Key == name })
		if i < 0 || r.sources[i].Value.Get("url").Text == url {
			return name
		}
	}
}

// sourceMap returns the sources of the document, missing if there are none.
func (r *reader) sourceMap() spec.Value {
	if len(r.sources) == 0 {
		return spec.Value{}
	}
	return yaml.MapOf(r.sources[0].Pos, r.sources...)
}
