// Package recorded has objectives read what Prometheus recorded of them, in place of the
// samples that it was made of: a month is then two series of five-minute counts. Who
// recorded it says the key `recorded:` of the source.
//
// The rules of nines record counts, and the figures are those of the samples but for where
// a tile of five minutes begins. Those of sloth and pyrra record shares of errors, which
// have no weights: such an objective is judged by slices.
package recorded

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/yaml"
	"github.com/nines-slo/nines/sources/prometheus/promql"
	"github.com/nines-slo/nines/sources/prometheus/rules"
	"github.com/nines-slo/nines/sources/sample/tally"
)

// Key is that of a source.
func Key() spec.Key {
	return spec.Key{
		Name: "recorded", Type: spec.Text, Enum: []string{"true", "sloth", "pyrra"}, Example: "true",
		Doc: "Read what rules recorded of each objective, in buckets of 5m: those of nines (true), of sloth or of pyrra.",
	}
}

// By returns who recorded what a source is asked for, "" if that is samples.
func By(source spec.Block) string { return source.Get("recorded").Text }

// Read changes what objectives ask of sources with `recorded:`, errors and warnings aside.
func Read(all []spec.Objective) diag.List {
	var findings diag.List
	for i := range all {
		o := &all[i]
		if !slices.ContainsFunc(o.Parts, func(p spec.Part) bool { return By(p.Source.Block) != "" }) {
			continue
		}
		if o.Parts[0].Source != o.Parts[len(o.Parts)-1].Source {
			mixed := diag.Errorf(o.Pos, "recorded/sources", "%s has two sources, of which recordings know nothing", o.ID())
			findings = append(findings, mixed.WithHint("leave recorded: out of its source"))
			continue
		}
		switch By(o.Parts[0].Source.Block) {
		case "true":
			bad, total := rules.Recorded(*o)
			ask(o, "bad", bad, "total", total)
		case "sloth":
			series := "slo:sli_error:ratio_rate5m" + matching("sloth_service", o.Service, "sloth_slo", o.Name)
			findings = append(findings, shares(o, series)...)
		case "pyrra":
			series, err := burnrate(o)
			if err != nil {
				findings = append(findings, *err)
				continue
			}
			findings = append(findings, shares(o, series)...)
		}
	}
	return findings
}

// ask gives an objective another sli: keys with their queries.
func ask(o *spec.Objective, pairs ...string) {
	part := o.Parts[0]
	pos := part.SLI.Pos
	fields := []spec.Field{yaml.Text(pos, part.Source.Name).As("source")}
	for i := 0; i < len(pairs); i += 2 {
		fields = append(fields, yaml.Text(pos, pairs[i+1]).As(pairs[i]))
	}
	part.SLI.Value, part.SLI.Count, part.Count = yaml.MapOf(pos, fields...), spec.Both, spec.Both
	part.SLI.Kept = nil
	o.Parts = []spec.Part{part}
}

// shares has an objective judge the shares of errors that a series holds, 5 minutes each.
func shares(o *spec.Objective, series string) diag.List {
	how := "max"
	if len(o.Per) > 0 {
		how += " by (" + strings.Join(o.Per, ", ") + ")"
	}
	ask(o, "ratio", how+" ("+series+")")
	if o.Budgeting.Slices() {
		return nil
	}
	o.Budgeting = slo.Budgeting{Method: slo.RatioTimeslices, Slice: rules.Bucket, Gaps: slo.GapsExclude, NoTraffic: slo.NoTrafficIgnore}
	weightless := diag.Warnf(o.Pos, "recorded/weights",
		"%s: a share of errors has no weights, so it is judged by slices of 5m: an hour without traffic counts as much as a busy one", o.ID())
	return diag.List{weightless.WithHint("have Prometheus load what nines rules makes, and write recorded: true")}
}

// burnrate returns the series in which pyrra records the share of errors of the shortest
// window that its alerts look at. Its name begins with that of the metric of all events.
func burnrate(o *spec.Objective) (string, *diag.Finding) {
	shortest := time.Duration(0)
	for _, p := range o.Policies() {
		for _, c := range p.When {
			if c.Short > 0 && (shortest == 0 || c.Short < shortest) {
				shortest = c.Short
			}
		}
	}
	metric := ""
	for _, q := range tally.Questions(o.Parts[0].SLI, o.Parts[0].Source.Type) {
		selectors := []string{q.Selector.Metric()}
		if q.Expr.Is() {
			selectors = nil
			e, _ := promql.Parse(q.Value)
			for _, s := range e.Selectors() {
				selectors = append(selectors, s.Metric())
			}
		}
		if q.Role == spec.Total || metric == "" {
			metric = selectors[0]
		}
	}
	if shortest == 0 || metric == "" {
		unknown := diag.Errorf(o.Pos, "recorded/pyrra", "%s: nothing tells how pyrra called what it recorded", o.ID()).
			WithHint("leave recorded: out of its source")
		return "", &unknown
	}
	metric = strings.TrimSuffix(strings.TrimSuffix(metric, "_total"), "_count")
	return metric + ":burnrate" + slo.FormatDuration(shortest) + matching("slo", o.Name), nil
}

// matching returns the matchers that take labels, names and values in turn.
func matching(labels ...string) string {
	var out []string
	for i := 0; i < len(labels); i += 2 {
		out = append(out, labels[i]+"="+strconv.Quote(labels[i+1]))
	}
	return "{" + strings.Join(out, ",") + "}"
}
