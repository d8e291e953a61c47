package unit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/prometheus/promql"
	"github.com/nines-slo/nines/sources/prometheus/rules"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/tally"
)

// alerts returns an expression that is 1 while the alert of a condition fires.
func alerts(o spec.Objective, t burn.Track) string {
	return "count(ALERTS{alertname=" + strconv.Quote(rules.AlertName(t.Policy)) + `,alertstate="firing",nines_condition=` +
		strconv.Quote(t.Policy.Title(t.Condition)) + "," + strings.TrimPrefix(rules.Selector(o), "{") + ")"
}

// side is one count of an objective.
type side struct {
	role     spec.Count
	selector sample.Selector
}

// seriesOf returns the counters of an objective with their samples: of its bad and of its
// good events, each as often as metrics of other names count it.
func seriesOf(o spec.Objective, c Counts) ([]Series, error) {
	sides, err := sidesOf(o)
	if err != nil {
		return nil, err
	}
	good := make([]int, len(c.Total))
	for i := range good {
		good[i] = c.Total[i] - c.Bad[i]
	}
	var found []counter
	for _, events := range []counter{{role: spec.Bad, counts: c.Bad, late: c.Late}, {role: spec.Good, counts: good}} {
		for _, metric := range metrics(sides) {
			labels, ok, err := find(sides, events.role, metric, o.Per)
			if err != nil {
				return nil, err
			}
			if ok {
				events.name = labels.String()
				found = joined(found, events)
			}
		}
	}
	var out []Series
	for _, f := range found {
		out = append(out, Series{f.name, values(f.counts, f.late)})
	}
	return out, nil
}

// counter is a series that counts events of a role.
type counter struct {
	role   spec.Count
	name   string
	counts []int
	late   bool
}

// joined adds a counter. Where bad and good events have the same labels, as those of all
// events beside a bucket of the good ones, one series counts both.
func joined(all []counter, c counter) []counter {
	i := slices.IndexFunc(all, func(other counter) bool { return other.name == c.name })
	if i < 0 {
		return append(all, c)
	}
	both := slices.Clone(all[i].counts)
	for minute, n := range c.counts {
		both[minute] += n
	}
	all[i] = counter{name: c.name, counts: both}
	return all
}

// sidesOf returns the counters that an objective counts.
func sidesOf(o spec.Objective) ([]side, error) {
	var out []side
	for _, p := range o.Parts {
		for _, q := range tally.Questions(p.SLI, p.Source.Type) {
			s := side{q.Role, q.Selector}
			if p.Count != spec.Both && p.Count != "" {
				s.role = p.Count
			}
			if q.Expr.Is() {
				e, _ := promql.Parse(q.Value)
				text, ok := e.Counter()
				if !ok {
					return nil, fmt.Errorf("its query is more than the increase of a counter")
				}
				s.selector, _ = promql.Selector(spec.Value{Kind: spec.Scalar, Text: text})
			}
			if q.Limit != nil || q.Bad != "" || s.selector.Metric() == "" {
				return nil, fmt.Errorf("it counts no counters that have a name")
			}
			out = append(out, s)
		}
	}
	return out, nil
}

// metrics returns the names of the counters, each once.
func metrics(sides []side) []string {
	var out []string
	for _, s := range sides {
		if name := s.selector.Metric(); !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// find returns labels of a series of a metric that counts events of a role, and no others.
// It is false if the metric counts none of them.
func find(sides []side, role spec.Count, metric string, per []string) (sample.Labels, bool, error) {
	var takes, leaves []sample.Selector
	for _, s := range sides {
		switch {
		case s.selector.Metric() != metric:
		case s.role == role, s.role == spec.Total:
			takes = append(takes, s.selector)
		default:
			leaves = append(leaves, s.selector)
		}
	}
	if len(takes) == 0 {
		return nil, false, nil
	}
	labels, ok := search(takes, leaves, metric, per)
	if !ok {
		return nil, false, fmt.Errorf("no labels of %s are found that its selectors take for %s events alone", diag.Quote(metric), role)
	}
	return labels, true, nil
}

// search tries the values that matchers name, until all of takes take them and none of leaves.
func search(takes, leaves []sample.Selector, metric string, per []string) (sample.Labels, bool) {
	values := candidates(slices.Concat(takes, leaves), per)
	labels := []sample.Label{{Name: sample.MetricName, Value: metric}}
	var try func(i int) (sample.Labels, bool)
	try = func(i int) (sample.Labels, bool) {
		if i == len(values) {
			found, err := sample.NewLabels(slices.Clone(labels))
			no := func(s sample.Selector) bool { return !s.Takes(found) }
			yes := func(s sample.Selector) bool { return s.Takes(found) }
			return found, err == nil && !slices.ContainsFunc(takes, no) && !slices.ContainsFunc(leaves, yes)
		}
		for _, value := range values[i].values {
			labels = append(labels[:i+1], sample.Label{Name: values[i].label, Value: value})
			if found, ok := try(i + 1); ok {
				return found, true
			}
		}
		return nil, false
	}
	return try(0)
}

// choice is a label with the values that are worth a try.
type choice struct {
	label  string
	values []string
}

// mostLabels bounds the choices that are tried.
const mostLabels = 6

func candidates(all []sample.Selector, per []string) []choice {
	var out []choice
	add := func(label string, values ...string) {
		i := slices.IndexFunc(out, func(c choice) bool { return c.label == label })
		if i < 0 && len(out) == mostLabels {
			return
		}
		if i < 0 {
			out, i = append(out, choice{label: label}), len(out)
		}
		out[i].values = append(out[i].values, values...)
	}
	for _, s := range all {
		for _, m := range s {
			if m.Name != sample.MetricName {
				add(m.Name, examples(m)...)
			}
		}
	}
	for _, label := range per {
		add(label, "some")
	}
	for i := range out {
		out[i].values = append(out[i].values, "some", "200", "")
	}
	return out
}
