package nobl9

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// sli returns what an objective counts, and how its budget is counted.
func (r *reader) sli(o spec.Value) (sli, budgeting spec.Value) {
	raw, counts := o.Get("rawMetric"), o.Get("countMetrics")
	if older := r.spec.Get("indicator").Get("rawMetric"); older.Is() && !raw.Is() && !counts.Is() {
		raw = yaml.MapOf(older.Pos, older.As("query")) // as older documents have it
	}
	method := r.method(o)
	switch {
	case raw.Is() == counts.Is():
		f := diag.Errorf(o.Pos, "nobl9/objective", "an objective has one of rawMetric and countMetrics")
		r.add(f.WithHint("add countMetrics: with good and total"))
		return spec.Value{}, spec.Value{}
	case raw.Is():
		return r.threshold(o, raw), method
	}
	return r.counts(counts, method)
}

// method returns how the budget of an objective is counted.
func (r *reader) method(o spec.Value) spec.Value {
	method, goal := r.spec.Get("budgetingMethod"), o.Get("timeSliceTarget")
	if method.Text == "Occurrences" {
		return spec.Value{}
	}
	if !goal.Is() {
		r.add(diag.Errorf(o.Pos, "nobl9/objective", "Timeslices need a timeSliceTarget").WithHint("add timeSliceTarget: 0.95"))
	}
	return yaml.MapOf(method.Pos, yaml.Text(method.Pos, "timeslices").As("method"),
		yaml.Text(method.Pos, "1m").As("slice"), native.Share(goal).As("target"))
}

// threshold returns an sli whose values are compared.
func (r *reader) threshold(o, raw spec.Value) spec.Value {
	q := r.query(raw.Get("query"))
	op, value := o.Get("op"), o.Get("value")
	if !op.Is() || !value.Is() {
		r.add(diag.Errorf(o.Pos, "nobl9/objective", "a threshold needs op and value").WithHint("add op: lte and value: 0.3"))
		return spec.Value{}
	}
	sign := map[string]string{"lte": "<= ", "gte": ">= ", "lt": "< ", "gt": "> "}[op.Text]
	return yaml.MapOf(raw.Pos, q.As("value"), yaml.Join(op.Pos, yaml.Words(sign), yaml.Whole(value)).As("good"))
}

// counts returns an sli of two counts.
func (r *reader) counts(counts, method spec.Value) (sli, budgeting spec.Value) {
	part, other := "good", counts.Get("bad")
	if other.Is() {
		part = "bad"
	}
	if both := counts.Get("goodTotal"); both.Is() {
		r.query(both) // which refuses its source: PromQL has no such queries
		return spec.Value{}, spec.Value{}
	}
	if counts.Get("good").Is() == other.Is() || !counts.Get("total").Is() {
		f := diag.Errorf(counts.Pos, "nobl9/objective", "countMetrics have one of good and bad, and total")
		r.add(f.WithHint("add good: and total:"))
		return spec.Value{}, spec.Value{}
	}
	some, all := r.query(counts.Get(part)), r.query(counts.Get("total"))
	if r.found.Errors() {
		return spec.Value{}, spec.Value{}
	}
	grows := counts.Get("incremental").Text == "true"
	of := native.Counts{Pos: counts.Pos, Part: part, Some: some, All: all, Grow: grows, Fixed: true, Code: "nobl9"}
	sli, ratio, found := of.SLI()
	r.found = append(r.found, found...)
	return sli, native.Slices(method, ratio, counts.Pos)
}

// query returns the PromQL of a metric.
func (r *reader) query(metric spec.Value) spec.Value {
	if len(metric.Fields) != 1 {
		r.add(diag.Errorf(metric.Pos, "nobl9/query", "a query is of one kind of source").WithHint("write {prometheus: {promql: …}}"))
		return spec.Value{}
	}
	f := metric.Fields[0]
	q := f.Value.Get("promql")
	if !q.Is() || slices.Contains(otherSources(), f.Key) {
		refused := diag.Errorf(f.Pos, "nobl9/source", "a source of kind %s is none that nines asks by PromQL", f.Key)
		r.add(refused.WithHint("of Nobl9's it asks prometheus, amazonPrometheus, azurePrometheus, coralogix, and googleCloudMonitoring by promql"))
		return spec.Value{}
	}
	return q
}

// source returns the source of the SLO if the agent that it names is read and has an address,
// missing if not.
func (r *reader) source() spec.Value {
	named := r.spec.Get("indicator").Get("metricSource")
	project := named.Get("project")
	if !project.Is() {
		project = r.meta.Get("project")
	}
	url := r.find(named.Get("name"), project, "Agent", "Direct").Get("spec").Get("prometheus").Get("url")
	if url.Kind != spec.Scalar || url.Text == "" {
		return spec.Value{}
	}
	return yaml.MapOf(url.Pos, yaml.MapOf(url.Pos, yaml.Text(url.Pos, "prometheus").As("type"), url.As("url")).As(named.Get("name").Text))
}

// window returns the window of the SLO.
func (r *reader) window() spec.Value {
	windows := r.spec.Get("timeWindows")
	if len(windows.Items) != 1 {
		r.add(diag.Errorf(windows.Pos, "nobl9/window", "an SLO has one time window, this has %d", len(windows.Items)))
		return spec.Value{}
	}
	w := windows.Items[0]
	unit, count, calendar := w.Get("unit"), w.Get("count"), w.Get("calendar")
	letters := map[string]string{"Minute": "m", "Hour": "h", "Day": "d"}
	units := []string{"Day", "Week", "Month", "Quarter", "Year"}
	switch n, _ := strconv.Atoi(count.Text); {
	case w.Get("isRolling").Text == "true" && letters[unit.Text] != "":
		return yaml.Join(count.Pos, yaml.Whole(count), yaml.Words(letters[unit.Text]))
	case w.Get("isRolling").Text == "true":
		r.add(diag.Errorf(unit.Pos, "nobl9/window", "unit %s is none of a window that rolls", diag.Quote(unit.Text)).WithHint("they are Minute, Hour and Day"))
	case !slices.Contains(units, unit.Text):
		r.add(diag.Errorf(unit.Pos, "nobl9/window", "unit %s is none of a calendar window", diag.Quote(unit.Text)).
			WithHint("they are %s", strings.Join(units, ", ")))
	case n != 1:
		r.add(diag.Errorf(count.Pos, "nobl9/window", "a calendar window of %s units is nothing that nines has", count.Text).WithHint("write count: 1"))
	default:
		window, found := native.Calendar(unit.Pos, strings.ToLower(unit.Text), calendar.Get("startTime"), calendar.Get("timeZone"), "nobl9")
		r.found = append(r.found, found...)
		return window
	}
	return spec.Value{}
}
