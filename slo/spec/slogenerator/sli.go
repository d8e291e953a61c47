package slogenerator

import (
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/pattern"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
	"github.com/nines-slo/nines/slo/spec/query"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// windowWord is what texts call the length of a window, with the bracket before it.
var windowWord = pattern.Of(`\[ *window\b`)

// stepped returns a text with the word of the native format for the length of a window, and how
// often that stands in it.
func stepped(v spec.Value) (text spec.Value, times int) {
	found := windowWord().FindAllStringIndex(v.Text, -1)
	return yaml.Replace(v, found, "["+query.Step), len(found)
}

// prometheus is the backend that is asked.
const prometheus = "prometheus"

// isPrometheus tells whether a backend is one of prometheus: several have names behind a slash.
func isPrometheus(backend string) bool {
	name, _, _ := strings.Cut(backend, "/")
	return name == prometheus
}

// sli returns what is counted, and how the budget of a ratio is.
func (r *reader) sli() (sli, budgeting spec.Value) {
	method, body := r.spec.Get("method"), r.spec.Get("service_level_indicator")
	r.found = append(r.found, spec.Check(body, sliKeys())...)
	if !r.found.Errors() {
		r.unread(method, body)
	}
	switch {
	case r.found.Errors():
	case method.Text == "good_bad_ratio":
		return r.counts(body)
	case method.Text == "query_sli":
		return r.share(body)
	case method.Text == "distribution_cut":
		return r.cut(body), spec.Value{}
	default:
		f := diag.Errorf(method.Pos, "slo-generator/method", "method %s is none of prometheus", diag.Quote(method.Text))
		r.add(f.WithHint("they are good_bad_ratio, query_sli and distribution_cut"))
	}
	return spec.Value{}, spec.Value{}
}

// asked refuses a backend that is none of prometheus.
func (r *reader) asked(backend spec.Value) {
	if backend.Kind == spec.Scalar && !isPrometheus(backend.Text) {
		f := diag.Errorf(backend.Pos, "slo-generator/backend", "backend %s is none that nines asks", diag.Quote(backend.Text))
		r.add(f.WithHint("of slo-generator's it asks prometheus; write a native file with one of nines' sources"))
	}
}

// unread tells of keys that the method does not read.
func (r *reader) unread(method, body spec.Value) {
	read, known := methods()[method.Text]
	for _, f := range body.Fields {
		if known && !slices.Contains(read, f.Key) {
			left := diag.Warnf(f.Pos, "slo-generator/sli", "%s is not read by %s", f.Key, method.Text)
			r.add(left.WithHint("it reads %s", strings.Join(read, ", ")))
		}
	}
}

// need returns a text that a method needs.
func (r *reader) need(body spec.Value, key string) spec.Value {
	v := body.Get(key)
	if !v.Is() {
		f := diag.Errorf(body.Pos, "slo-generator/sli", "%s needs %s", r.spec.Get("method").Text, key)
		r.add(f.WithHint("add %s:", key))
	}
	return v
}

// counts returns an sli of two filters.
func (r *reader) counts(body spec.Value) (sli, budgeting spec.Value) {
	good, bad, valid := r.need(body, "filter_good"), body.Get("filter_bad"), body.Get("filter_valid")
	if bad.Is() == valid.Is() {
		f := diag.Errorf(body.Pos, "slo-generator/sli", "good_bad_ratio needs one of filter_bad and filter_valid")
		r.add(f.WithHint("add filter_valid:, all events"))
		return spec.Value{}, spec.Value{}
	}
	operators, key, other := body.Get("operators").Strings(), "total", valid
	if bad.Is() {
		key, other = "bad", bad
	}
	some, rest := applied(good, operators), applied(other, operators)
	if key == "bad" {
		if a, b, _, ok := query.Pair(some, rest); ok {
			return yaml.MapOf(body.Pos, a.As("good"), b.As(key)), spec.Value{}
		}
		rest = yaml.Join(rest.Pos, yaml.Words("("), yaml.Whole(some), yaml.Words("\n) + (\n"), yaml.Whole(rest), yaml.Words("\n)"))
	}
	sli, ratio, found := native.Counts{Pos: body.Pos, Part: "good", Some: some, All: rest, Code: "slo-generator"}.SLI()
	r.found = append(r.found, found...)
	return sli, native.Slices(spec.Value{}, ratio, body.Pos)
}

// applied returns a filter with a window behind it and operators around it, by default those that
// count.
func applied(filter spec.Value, operators []string) spec.Value {
	if !filter.Is() {
		return spec.Value{}
	}
	if len(operators) == 0 {
		operators = []string{"increase", "sum"}
	}
	before, behind := "", ""
	for _, operator := range operators {
		before, behind = operator+"("+before, behind+")"
	}
	text := trimmed(filter)
	text, times := stepped(text)
	if times == 0 {
		behind = "[" + query.Step + "]" + behind
	}
	return yaml.Join(filter.Pos, yaml.Words(before), yaml.Whole(text), yaml.Words(behind))
}

// trimmed returns a text without the blanks around it.
func trimmed(v spec.Value) spec.Value {
	start := len(v.Text) - len(strings.TrimLeft(v.Text, " \n\t"))
	end := len(strings.TrimRight(v.Text, " \n\t"))
	if start == 0 && end == len(v.Text) || start >= end {
		return v
	}
	return yaml.Join(v.Pos, yaml.Part{Of: v, From: start, To: end})
}

// share returns an sli of a query that gives the share of good events: of the two counts that it
// divides, where it does.
func (r *reader) share(body spec.Value) (sli, budgeting spec.Value) {
	text, _ := stepped(r.need(body, "expression"))
	sli, ratio := native.ByShare(body.Pos, text, "good")
	return sli, native.Slices(spec.Value{}, ratio, body.Pos)
}

// cut returns an sli of the events up to a bound of a classic histogram.
func (r *reader) cut(body spec.Value) spec.Value {
	bucket, bound := trimmed(r.need(body, "expression")), r.need(body, "threshold_bucket")
	at := strings.Index(bucket.Text, "_bucket")
	if at < 0 || strings.ContainsAny(query.Outside(bucket.Text), "()[]/*-+") {
		f := diag.Errorf(bucket.Pos, "slo-generator/sli", "the expression of distribution_cut is a selector of the buckets of a histogram")
		r.add(f.WithHint("write a_seconds_bucket{job=\"a\"}"))
		return spec.Value{}
	}
	le := yaml.Words(`le="` + bound.Text + `"`)
	of := func(from, to int) yaml.Part { return yaml.Part{Of: bucket, From: from, To: to} }
	good := []yaml.Part{yaml.Words("sum(increase("), of(0, len(bucket.Text)), yaml.Words("{"), le, yaml.Words("}[" + query.Step + "]))")}
	if end := strings.LastIndexByte(bucket.Text, '}'); end >= 0 {
		comma := ","
		if before := strings.TrimRight(bucket.Text[:end], " \n\t"); strings.HasSuffix(before, "{") || strings.HasSuffix(before, ",") {
			comma = ""
		}
		good = []yaml.Part{yaml.Words("sum(increase("), of(0, end), yaml.Words(comma), le, of(end, len(bucket.Text)), yaml.Words("[" + query.Step + "]))")}
	}
	all := []yaml.Part{yaml.Words("sum(increase("), of(0, at), yaml.Words("_count"), of(at+len("_bucket"), len(bucket.Text)), yaml.Words("[" + query.Step + "]))")}
	return yaml.MapOf(body.Pos, yaml.Join(bucket.Pos, good...).As("good"), yaml.Join(bucket.Pos, all...).As("total"))
}

// sources returns the source that the configuration has an address of, missing if it has none.
func (r *reader) sources() spec.Value {
	backend := r.spec.Get("backend")
	url := r.config.backends[backend.Text].Get("url")
	switch {
	case url.Kind != spec.Scalar:
		return spec.Value{}
	case strings.Contains(url.Text, "${"):
		f := diag.Warnf(url.Pos, "slo-generator/url", "nothing is put in for variables of the environment: the address is not known")
		r.once(f.WithHint("give --source prometheus=URL"))
		return spec.Value{}
	}
	return yaml.MapOf(url.Pos, yaml.MapOf(url.Pos, yaml.Text(url.Pos, prometheus).As("type"), url.As("url")).As(prometheus))
}
