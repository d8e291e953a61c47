package spec

import (
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// gateReader reads the error-budget policies of a document.
type gateReader struct {
	found      *findings
	exclusions exclusionReader // of freezes
	service    string
	zone       *time.Location
	own        []*Objective // of the document
}

// gates reads the error-budget policies, after the alerts: the document's, and
// those of SLOs, which replace it key by key.
func (d *document) gates() {
	r := gateReader{found: d.found, exclusions: d.exclusions, service: d.service, zone: d.zone, own: d.own()}
	common := d.root.Get("gate")
	if common.Kind == Map {
		r.gate(common, Value{}, r.own)
	}
	for entry, s := range d.root.Get("slos").Items {
		if own := s.Get("gate"); own.Kind == Map {
			r.gate(own, common, d.ofSLO(entry))
		}
	}
}

// gate reads a policy, which takes from common what it leaves out, and gives it to
// objectives.
func (r gateReader) gate(v, common Value, to []*Objective) {
	g := slo.DefaultGate()
	// key returns a key's value and the objectives it is for.
	key := func(name string) (Value, []*Objective) {
		if own := v.Get(name); own.Kind != Missing {
			return own, to
		}
		return common.Get(name), r.own
	}
	if age, _ := key("max_age"); age.Is() {
		g.MaxAge, g.MaxAgePos = age.Duration(), age.Pos
	}
	if missing, _ := key("missing"); missing.Is() {
		g.Missing, g.MissingPos = slo.Verdict(missing.Text), missing.Pos
	}
	if rules, of := key("rules"); rules.Kind == List {
		g.Rules = nil
		for _, rule := range rules.Items {
			g.Rules = append(g.Rules, r.rule(rule, of))
		}
	}
	overrides, of := key("overrides")
	for _, o := range overrides.Items {
		g.Overrides = append(g.Overrides, r.override(o, of))
	}
	freezes, of := key("freezes")
	var calendars []Calendar
	g.Freezes, calendars = r.freezes(freezes, of, len(to))
	for _, o := range to {
		own := g
		o.Gate, o.Freezes = &own, calendars
	}
}

// freezes reads the freezes of a policy of so many objectives, and which of them stand in files.
func (r gateReader) freezes(v Value, of []*Objective, objectives int) (out []slo.Freeze, calendars []Calendar) {
	for _, f := range v.Items {
		e, ok := r.exclusions.exclusion(f)
		if !ok || !r.exclusions.bear(f, e.Rule, objectives) {
			continue
		}
		out = append(out, slo.Freeze{Exclusion: e, Only: r.scope(f, of), Pos: f.Pos})
		if f.Get("ics").Is() {
			calendars = append(calendars, r.exclusions.calendarFile(f, len(out)-1))
		}
	}
	return out, calendars
}

// rule reads one rule, which looks at one figure or at none but the clock.
func (r gateReader) rule(v Value, to []*Objective) slo.Rule {
	then := slo.Verdict(v.Get("then").Text)
	rule := slo.Rule{Then: then, Test: slo.Always, Only: r.scope(v, to), Pos: v.Pos}
	var tests []string
	for _, test := range []slo.GateTest{slo.RemainingBudget, slo.Burning, slo.AlertFiring, slo.ExhaustedWithin} {
		if v.Get(string(test)).Is() {
			tests, rule.Test = append(tests, string(test)), test
		}
	}
	rule.Hours = r.hours(v.Get("hours"))
	switch {
	case v.Kind != Map:
	case len(tests) > 1:
		several := diag.Errorf(v.Pos, "gate/rule", "a rule looks at one of %s", strings.Join(tests, " and "))
		r.found.add(several.WithHint("write a rule for each: the worst verdict decides"))
	case len(tests) == 0 && rule.Hours == nil:
		none := diag.Errorf(v.Pos, "gate/rule", "the rule does not say when it holds")
		r.found.add(none.WithHint(`add remaining: "< 0%%", burn: "> 10", firing: page or hours`))
	}
	r.figures(v, &rule)
	scoped := slices.DeleteFunc(slices.Clone(to), func(o *Objective) bool { return !rule.Only.Takes(o.SLO, o.Per) })
	r.reachable(v, rule, scoped)
	r.alertNamed(v.Get("firing"), scoped)
	r.foreseeable(v.Get("exhausted_within"), to)
	return rule
}

// hours reads when a rule counts.
func (r gateReader) hours(v Value) []slo.Hours {
	var out []slo.Hours
	for _, text := range texts(v) {
		hours, err := slo.ParseHours(text.Text, r.zone)
		if err != nil && text.Kind == Scalar {
			wrong := diag.Errorf(text.Pos, "gate/hours", "hours %v", err)
			r.found.add(wrong.WithHint(`write "Mon-Fri 09:00-18:00", "Sat,Sun 00:00-24:00" or "22:00-06:00"`))
		}
		out = append(out, hours)
	}
	return out
}

// figures reads what a rule compares.
func (r gateReader) figures(v Value, rule *slo.Rule) {
	if left := v.Get("remaining"); left.Kind == Scalar {
		rule.Limit, rule.Equal, _ = parseUnder(left.Text)
	}
	burn, window := v.Get("burn"), v.Get("over")
	if burn.Kind == Scalar {
		rule.Limit, rule.Equal, _ = parseAbove(burn.Text)
		if !window.Is() {
			timeless := diag.Errorf(burn.Pos, "gate/over", "a burn rate needs the time it is taken over")
			r.found.add(timeless.WithHint("add over: 1h"))
		}
	}
	r.belongs(v, "burn", `"> 10"`, "over", "evidence")
	r.belongs(v, "exhausted_within", "3d", "chance")
	rule.Over, rule.Alert = window.Duration(), v.Get("firing").Text
	rule.Within, rule.Chance = v.Get("exhausted_within").Duration(), slo.NumberFrac(1, 2)
	if chance := v.Get("chance"); chance.Kind == Scalar {
		rule.Chance, _ = parseFraction(chance.Text)
	}
	rule.Evidence = r.found.evidence(v.Get("evidence"))
}

// reachable checks that a burn rate can be over its limit for the objectives that
// the rule is for: a rule that never holds lets everything out.
func (r gateReader) reachable(v Value, rule slo.Rule, to []*Objective) {
	if rule.Test != slo.Burning || !rule.Limit.Known() {
		return
	}
	for _, o := range to {
		if never, ok := neverBurns(v, rule, o); ok {
			r.found.add(never)
			return
		}
	}
}

// neverBurns tells why a limit of a burn rate is never passed by an objective.
func neverBurns(v Value, rule slo.Rule, o *Objective) (never diag.Finding, ok bool) {
	burn, over := v.Get("burn"), v.Get("over")
	highest, grain := o.Target.Highest(), max(o.Budgeting.Slice, o.Step, time.Minute)
	if n := rule.Limit.Cmp(highest); o.Target > 0 && (n > 0 || n == 0 && !rule.Equal) {
		never = diag.Errorf(burn.Pos, "gate/never",
			"burn %s never holds for %s: at target %s the highest burn rate is %s",
			diag.Quote(burn.Text), o.ID(), o.Target, figure(highest))
		return never.WithHint("write a lower limit, or leave the objective out with only:"), true
	}
	if rule.Over > 0 && rule.Over < grain {
		least := slo.FormatDuration(grain)
		never = diag.Errorf(over.Pos, "gate/never", "over %s is shorter than the %s in which %s is counted",
			diag.Quote(over.Text), least, o.ID())
		return never.WithHint("write over: %s or longer, or leave the objective out with only:", least), true
	}
	return diag.Finding{}, false
}

// belongs refuses keys that have no meaning without another.
func (r gateReader) belongs(v Value, to, sample string, keys ...string) {
	for _, key := range keys {
		if said := v.Get(key); said.Is() && !v.Get(to).Is() {
			needless := diag.Errorf(said.Pos, "gate/rule", "%s has a meaning beside %s only", key, to)
			r.found.add(needless.WithHint("remove it, or add %s: %s", to, sample))
		}
	}
}

// alertNamed checks that an alert which a rule names exists: it never fires
// otherwise.
func (r gateReader) alertNamed(name Value, to []*Objective) {
	if name.Kind != Scalar || len(to) == 0 {
		return
	}
	class := slo.Class(name.Text).Rank()
	known := classes()
	for _, o := range to {
		for _, p := range o.Policies() {
			if len(p.When) == 0 {
				continue
			}
			if p.Name == name.Text || class >= p.Class.Rank() {
				return
			}
			known = append(known, p.Name)
		}
	}
	if class >= 0 {
		slower := diag.Errorf(name.Pos, "gate/firing",
			"no objective here has an alert of class %s or a faster one that can fire", diag.Quote(name.Text))
		r.found.add(slower.WithHint("give them alerts, or remove the rule"))
		return
	}
	f := diag.Errorf(name.Pos, "gate/firing",
		"no objective here has an alert %s, nor is it a class", diag.Quote(name.Text))
	if near := diag.Nearest(name.Text, known); near != "" {
		f = f.WithHint("did you mean %s?", near)
	}
	r.found.add(f)
}

// foreseeable checks that some objective has a forecast that the rule can look at.
func (r gateReader) foreseeable(within Value, to []*Objective) {
	long := func(o *Objective) bool { return o.Window.Nominal() >= 7*day || o.Window.Nominal() == 0 }
	if within.Is() && len(to) > 0 && !slices.ContainsFunc(to, long) {
		none := diag.Errorf(within.Pos, "gate/forecast",
			"no objective here has a window of a week or longer: others have no forecast")
		r.found.add(none.WithHint(`write burn: "> 10", over: 1h`))
	}
}

// override reads one override.
func (r gateReader) override(v Value, to []*Objective) slo.Override {
	expires, _ := parseInstant(v.Get("expires").Text)
	return slo.Override{
		Owner: v.Get("owner").Text, Reason: v.Get("reason").Text, Expires: expires, Only: r.scope(v, to),
		Then: slo.Verdict(v.Get("then").Text), Missing: v.Get("missing").Text == "true", Pos: v.Pos,
	}
}

// scope reads `only`. A term that selects no objective would never matter.
func (r gateReader) scope(v Value, to []*Objective) slo.Selector {
	var sel slo.Selector
	for _, term := range texts(v.Get("only")) {
		sel = append(sel, term.Text)
		one := slo.Selector{term.Text}
		taken := slices.ContainsFunc(to, func(o *Objective) bool { return one.Takes(o.SLO, o.Per) })
		if term.Kind == Scalar && term.Text != "" && !taken && len(to) > 0 {
			r.found.add(r.selectsNone(term, to))
		}
	}
	return sel
}

// selectsNone says that a term takes none of the objectives.
func (r gateReader) selectsNone(term Value, of []*Objective) diag.Finding {
	known := []string{r.service}
	for _, o := range of {
		known = append(known, o.Name, o.Service+"/"+o.Name)
		for label, value := range o.Labels {
			known = append(known, label+"="+value)
		}
	}
	slices.Sort(known)
	f := diag.Errorf(term.Pos, "gate/only", "%s selects no objective that this gate is for", diag.Quote(term.Text))
	if near := diag.Nearest(term.Text, known); near != "" {
		f = f.WithHint("did you mean %s?", near)
	}
	return f
}
