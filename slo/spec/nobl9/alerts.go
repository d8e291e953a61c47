package nobl9

import (
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// alerts returns the alert policies of the SLO.
func (r *reader) alerts() spec.Value {
	named := r.spec.Get("alertPolicies")
	if named.Kind == spec.Scalar {
		r.add(diag.Errorf(named.Pos, "nobl9/policy", "alertPolicies is a list of names").WithHint("write alertPolicies: [%s]", named.Text))
	}
	var policies []spec.Value
	for _, name := range named.Items {
		doc := r.find(name, r.meta.Get("project"), "AlertPolicy")
		if !doc.Is() {
			f := diag.Warnf(name.Pos, "nobl9/policy", "no document read is the AlertPolicy %s: its alerts are missing", diag.Quote(name.Text))
			r.add(f.WithHint("name the file that has it too"))
			continue
		}
		if policy := r.policy(doc, name); policy.Is() {
			policies = append(policies, policy)
		}
	}
	if after := r.spec.Get("anomalyConfig").Get("noData").Get("alertAfter"); after.Is() {
		policies = append(policies, yaml.MapOf(after.Pos,
			yaml.Text(after.Pos, "no data").As("name"), yaml.Text(after.Pos, "ticket").As("class"),
			yaml.ListOf(after.Pos, yaml.MapOf(after.Pos, after.As("no_data"))).As("when")))
	}
	return yaml.ListOf(named.Pos, policies...)
}

// policy returns an alert policy, missing if the native format has none like it.
func (r *reader) policy(doc, name spec.Value) spec.Value {
	body := doc.Get("spec")
	if spec.Check(doc, r.keys["AlertPolicy"]).Errors() {
		return spec.Value{} // reported with the document
	}
	if cool := body.Get("coolDown"); cool.Is() {
		r.once(diag.Warnf(cool.Pos, "nobl9/cool-down", "coolDown is not carried over: an alert ends when its condition does"))
	}
	severity := body.Get("severity")
	class := map[string]string{"High": "page", "Medium": "ticket", "Low": "log"}[severity.Text]
	when := r.when(body.Get("conditions"), name)
	if !when.Is() {
		return spec.Value{}
	}
	return yaml.MapOf(doc.Pos,
		name.As("name"),
		yaml.Text(severity.Pos, class).As("class"),
		lasting(r.guarded(body.Get("conditions").Items)).As("for"),
		yaml.MapOf(severity.Pos, severity.As("severity")).As("labels"),
		yaml.ListOf(when.Pos, when).As("when"),
	)
}

// lasting returns how long a condition without a window is to last, missing if it is at once.
func lasting(conditions []spec.Value) spec.Value {
	if len(conditions) != 1 || conditions[0].Get("measurement").Text != "burnedBudget" || conditions[0].Get("lastsFor").Duration() == 0 {
		return spec.Value{}
	}
	return conditions[0].Get("lastsFor")
}

// when returns the condition that all conditions of a policy are together.
func (r *reader) when(conditions, name spec.Value) spec.Value {
	all := r.guarded(conditions.Items)
	if len(all) > 1 && slices.ContainsFunc(all, func(c spec.Value) bool { return !r.judged(c) }) {
		return spec.Value{}
	}
	are := func(measurement string) bool {
		return !slices.ContainsFunc(all, func(c spec.Value) bool {
			return c.Get("measurement").Text != measurement || !c.Get("alertingWindow").Is()
		})
	}
	same := func(c spec.Value) bool { return c.Get("value").Text == all[0].Get("value").Text }
	switch {
	case len(all) == 1:
		return r.condition(all[0])
	case len(all) == 2 && are("averageBurnRate"):
		return r.both(all[0], all[1])
	case len(all) == 2 && are("timeToBurnBudget") && same(all[1]):
		return r.exhausting(all[0], all[1])
	}
	f := diag.Warnf(conditions.Pos, "nobl9/conditions", "policy %s is left out: nines has no condition that these are together", diag.Quote(name.Text))
	r.once(f.WithHint("two of averageBurnRate with alertingWindow are a long and a short window"))
	return spec.Value{}
}

// guarded returns conditions without those that a budget which is not spent always meets.
func (r *reader) guarded(all []spec.Value) []spec.Value {
	guard := func(c spec.Value) bool {
		op := c.Get("op").Text
		return c.Get("measurement").Text == "burnedBudget" && (op == "lt" || op == "lte") && number(c.Get("value")).Cmp(big.NewRat(1, 1)) >= 0
	}
	if len(all) > 1 && slices.ContainsFunc(all, guard) {
		return slices.DeleteFunc(slices.Clone(all), guard)
	}
	return all
}

// exhausting returns a condition of the longer of two windows.
func (r *reader) exhausting(long, short spec.Value) spec.Value {
	if long.Get("alertingWindow").Duration() < short.Get("alertingWindow").Duration() {
		long, short = short, long
	}
	r.once(diag.Warnf(short.Pos, "nobl9/two-windows", "only the longer window tells when the budget will be gone: "+
		"the alert ends later than Nobl9's"))
	return r.condition(long)
}

// both returns a condition of two windows, which have one burn rate in the native format.
func (r *reader) both(long, short spec.Value) spec.Value {
	if long.Get("alertingWindow").Duration() < short.Get("alertingWindow").Duration() {
		long, short = short, long
	}
	limit, other := long.Get("value"), short.Get("value")
	a, b := number(limit), number(other)
	if a.Cmp(b) != 0 {
		if a.Cmp(b) > 0 {
			limit, other = other, limit
		}
		r.once(diag.Warnf(other.Pos, "nobl9/two-rates", "both windows have one burn rate in nines: it is the lower one, %s", limit.Text))
	}
	return yaml.MapOf(long.Pos, limit.As("burn"), long.Get("alertingWindow").As("long"), short.Get("alertingWindow").As("short"))
}

// number returns a number, 0 if it is none.
func number(v spec.Value) *big.Rat {
	n, _ := decimal(v)
	return n
}

// decimal returns a number, 0 and false if it is none.
func decimal(v spec.Value) (*big.Rat, bool) {
	if n, ok := new(big.Rat).SetString(v.Text); ok && len(v.Text) < 20 && !strings.ContainsAny(v.Text, "eE/") {
		return n, true
	}
	return new(big.Rat), false
}

// condition returns one condition.
func (r *reader) condition(c spec.Value) spec.Value {
	value, window := c.Get("value"), c.Get("alertingWindow")
	if !window.Is() {
		window = c.Get("lastsFor")
	}
	none := yaml.Text(c.Pos, "none")
	measurement := c.Get("measurement").Text
	if !r.judged(c) {
		return spec.Value{}
	}
	if lasts := c.Get("lastsFor"); lasts.Is() && c.Get("alertingWindow").Is() {
		r.add(diag.Errorf(lasts.Pos, "nobl9/condition", "lastsFor stands beside alertingWindow").WithHint("remove one of them"))
		return spec.Value{}
	}
	if !window.Is() && measurement != "burnedBudget" {
		r.add(diag.Errorf(c.Pos, "nobl9/condition", "%s needs an alertingWindow", measurement).WithHint("add alertingWindow: 1h"))
		return spec.Value{}
	}
	switch measurement {
	case "averageBurnRate":
		return yaml.MapOf(c.Pos, value.As("burn"), window.As("long"), none.As("short"))
	case "budgetDrop":
		return yaml.MapOf(c.Pos, percent(value, number(value)).As("spent"), window.As("long"), none.As("short"))
	case "burnedBudget":
		left := new(big.Rat).Sub(big.NewRat(1, 1), number(value))
		return yaml.MapOf(c.Pos, percent(value, left).As("remaining"))
	case "timeToBurnBudget":
		return yaml.MapOf(c.Pos, value.As("exhausted_within"), window.As("long"))
	}
	// timeToBurnEntireBudget: in the window the share of it that this takes is spent.
	long, entire := window.Duration(), value.Duration()
	if entire <= 0 || long > entire {
		r.add(diag.Errorf(value.Pos, "nobl9/condition", "%s is no time over that of the window", diag.Quote(value.Text)).WithHint("write value: 72h"))
		return spec.Value{}
	}
	return yaml.MapOf(c.Pos, percent(value, big.NewRat(int64(long), int64(entire))).As("spent"), window.As("long"), none.As("short"))
}

// judged tells whether nines can judge a condition: times are to be short, all else is to be
// much, and it is compared with a number.
func (r *reader) judged(c spec.Value) bool {
	value, op, measurement := c.Get("value"), c.Get("op"), c.Get("measurement").Text
	time := strings.HasPrefix(measurement, "timeToBurn")
	if op.Is() && strings.HasPrefix(op.Text, "l") != time {
		f := diag.Warnf(op.Pos, "nobl9/op", "the condition is left out: nines has none that %s %s is met by", measurement, op.Text)
		r.add(f.WithHint("leave op out where it is a slip"))
		return false
	}
	if _, ok := decimal(value); !ok && !time {
		r.add(diag.Errorf(value.Pos, "nobl9/condition", "value %s is no decimal number", diag.Quote(value.Text)).WithHint("write value: 0.8"))
		return false
	}
	return true
}

// percent writes a share, which stands where v does, to a billionth.
func percent(v spec.Value, share *big.Rat) spec.Value {
	text := new(big.Rat).Mul(share, big.NewRat(100, 1)).FloatString(7)
	return yaml.Text(v.Pos, strings.TrimRight(strings.TrimRight(text, "0"), ".")+"%")
}

// exclusions returns the budget adjustments of the SLO, missing if there are none.
func (r *reader) exclusions() spec.Value {
	var out []spec.Value
	for _, doc := range r.all {
		body := doc.Get("spec")
		if doc.Get("kind").Text != "BudgetAdjustment" || !r.adjusted(body.Get("filters").Get("slos")) {
			continue
		}
		out = append(out, r.exclusion(doc.Get("metadata").Get("name"), body))
	}
	if len(out) == 0 {
		return spec.Value{}
	}
	return yaml.ListOf(out[0].Pos, out...)
}

// adjusted tells whether the SLO is among some.
func (r *reader) adjusted(slos spec.Value) bool {
	for _, s := range slos.Items {
		project := s.Get("project")
		if s.Get("name").Text == r.meta.Get("name").Text && (!project.Is() || project.Text == r.meta.Get("project").Text) {
			return true
		}
	}
	return false
}

func (r *reader) exclusion(name, body spec.Value) spec.Value {
	start, duration, rule := body.Get("firstEventStart"), body.Get("duration"), body.Get("rrule")
	if rule.Is() {
		return yaml.MapOf(body.Pos, name.As("name"), rule.As("rrule"), start.As("start"), duration.As("duration"))
	}
	begin, err := time.Parse(time.RFC3339, start.Text)
	if err != nil || duration.Duration() <= 0 {
		r.add(diag.Errorf(body.Pos, "nobl9/adjustment", "a budget adjustment has firstEventStart and duration").
			WithHint("write firstEventStart: 2026-01-01T00:00:00Z and duration: 1h"))
		return spec.Value{}
	}
	end := yaml.Text(duration.Pos, begin.Add(duration.Duration()).Format(time.RFC3339))
	return yaml.MapOf(body.Pos, name.As("name"), start.As("start"), end.As("end"))
}
