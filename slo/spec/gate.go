package spec

import (
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// gateKeys are the keys of an error-budget policy.
func gateKeys() []Key {
	verdicts := []string{string(slo.Closed), string(slo.CannotTell), string(slo.Warn), string(slo.Open)}
	return []Key{
		{Name: "max_age", Type: Length, Example: "2h", Doc: "How old the newest data may be; an hour, or two of its steps, if left out."},
		{Name: "missing", Type: Text, Enum: verdicts, Doc: "What it means if data is missing, too old or begins inside the window; cannot_tell if left out."},
		{Name: "rules", Type: Objects, Keys: ruleKeys(), Doc: "When releases stop; the worst verdict of all that hold decides. They replace the one that holds if left out: {then: closed, remaining: \"< 0%\"}."},
		{Name: "freezes", Type: Objects, Keys: append(exclusionKeys(), scopeKey()), Doc: "Time in which no release goes out."},
		{Name: "overrides", Type: Objects, Keys: overrideKeys(), Doc: "Who lets releases out all the same, why, and until when."},
	}
}

func ruleKeys() []Key {
	return []Key{
		{Name: "then", Type: Text, Required: true, Enum: []string{string(slo.Closed), string(slo.Warn)}, Doc: "What the rule says if it holds."},
		{Name: "remaining", Type: Under, Doc: "Share of the error budget left, e.g. < 25%; of a calendar window, of the whole period's."},
		{Name: "burn", Type: Above, Doc: "Burn rate, e.g. > 10."},
		{Name: "over", Type: Length, Example: "1h", Doc: "Time over which the burn rate is taken, up to the newest data."},
		evidenceKey("Confidence, over 50%, that the burn rate is over its limit."),
		{Name: "firing", Type: Name, Example: "page", Doc: "An alert policy by name, or a class, page, ticket or log, and those faster than it."},
		{Name: "exhausted_within", Type: Length, Example: "3d", Doc: "The forecast says that the budget will be exhausted within this time. Not for windows under a week."},
		{Name: "chance", Type: Text, Enum: []string{"10%", "50%", "90%"}, Example: "50%", Doc: "Share of the forecast's futures in which that is so; 50% if left out."},
		{Name: "hours", Type: Texts, Example: `"Mon-Fri 09:00-18:00"`, Doc: "When the rule is held, by the file's time zone; alone, it holds then whatever the figures are."},
		scopeKey(),
	}
}

func overrideKeys() []Key {
	return []Key{
		{Name: "owner", Type: Name, Required: true, Example: "ops lead", Doc: "Who answers for it."},
		{Name: "reason", Type: Name, Required: true, Example: "fix for INC-7", Doc: "Why."},
		{Name: "expires", Type: Instant, Required: true, Doc: "When it ends, by itself."},
		{Name: "only", Type: Texts, Required: true, Example: "[checkout]", Doc: "Of which objectives: service, name, service/name or label=value; globs work."},
		{Name: "then", Type: Text, Required: true, Enum: []string{string(slo.Open), string(slo.Warn)}, Doc: "What the gate says instead."},
		{Name: "missing", Type: Boolean, Doc: "true: also where data is missing, too old or too young; else it lifts only what the figures say."},
	}
}

func scopeKey() Key {
	return Key{Name: "only", Type: Texts, Doc: "Of which objectives: service, name, service/name or label=value; globs work. All that the gate is for, if left out."}
}

// gates reads the error-budget policies of a document, after its alerts: the
// document's, and those of SLOs, which replace it key by key.
func (d *document) gates() {
	common := d.Get("gate")
	if common.Kind == Map {
		d.gate(common, Value{}, d.own())
	}
	for _, s := range d.Get("slos").Items {
		if own := s.Get("gate"); own.Kind == Map {
			d.gate(own, common, d.ofSLO(s))
		}
	}
}

// gate reads a policy, which takes from common what it leaves out, and gives it to
// objectives.
func (d *document) gate(v, common Value, to []*Objective) {
	g := slo.DefaultGate()
	// key returns a key's value and the objectives it is for.
	key := func(name string) (Value, []*Objective) {
		if own := v.Get(name); own.Kind != Missing {
			return own, to
		}
		return common.Get(name), d.own()
	}
	if age, _ := key("max_age"); age.Is() {
		g.MaxAge, g.MaxAgePos = age.Duration(), age.Pos
	}
	if missing, _ := key("missing"); missing.Is() {
		g.Missing, g.MissingPos = slo.Verdict(missing.Text), missing.Pos
	}
	if rules, of := key("rules"); rules.Kind == List {
		g.Rules = nil
		for _, r := range rules.Items {
			g.Rules = append(g.Rules, d.rule(r, of))
		}
	}
	overrides, of := key("overrides")
	for _, o := range overrides.Items {
		g.Overrides = append(g.Overrides, d.override(o, of))
	}
	freezes, of := key("freezes")
	var calendars []Calendar
	g.Freezes, calendars = d.freezes(freezes, of)
	for _, o := range to {
		own := g
		o.Gate, o.Freezes = &own, calendars
	}
}

// freezes reads the freezes of a policy, and which of them stand in files.
func (d *document) freezes(v Value, of []*Objective) (out []slo.Freeze, calendars []Calendar) {
	for _, f := range v.Items {
		e, ok := d.exclusion(f)
		if !ok {
			continue
		}
		out = append(out, slo.Freeze{Exclusion: e, Only: d.scope(f, of), Pos: f.Pos})
		if file := f.Get("ics"); file.Is() {
			calendars = append(calendars, d.calendarFile(f, file, len(out)-1))
		}
	}
	return out, calendars
}

// rule reads one rule, which looks at one figure or at none but the clock.
func (d *document) rule(v Value, to []*Objective) slo.Rule {
	r := slo.Rule{Then: slo.Verdict(v.Get("then").Text), Test: slo.Always, Only: d.scope(v, to), Pos: v.Pos}
	var tests []string
	for _, test := range []slo.GateTest{slo.RemainingBudget, slo.Burning, slo.AlertFiring, slo.ExhaustedWithin} {
		if v.Get(string(test)).Is() {
			tests, r.Test = append(tests, string(test)), test
		}
	}
	for _, h := range texts(v.Get("hours")) {
		hours, err := slo.ParseHours(h.Text, d.zone)
		if err != nil && h.Kind == Scalar {
			d.add(diag.Errorf(h.Pos, "gate/hours", "hours %v", err).WithHint(`write "Mon-Fri 09:00-18:00", "Sat,Sun 00:00-24:00" or "22:00-06:00"`))
		}
		r.Hours = append(r.Hours, hours)
	}
	switch {
	case v.Kind != Map:
	case len(tests) > 1:
		d.add(diag.Errorf(v.Pos, "gate/rule", "a rule looks at one of %s", strings.Join(tests, " and ")).WithHint("write a rule for each: the worst verdict decides"))
	case len(tests) == 0 && r.Hours == nil:
		d.add(diag.Errorf(v.Pos, "gate/rule", "the rule does not say when it holds").WithHint(`add remaining: "< 0%%", burn: "> 10", firing: page or hours`))
	}
	d.figures(v, &r)
	scoped := slices.DeleteFunc(slices.Clone(to), func(o *Objective) bool { return !r.Only.Takes(o.SLO, o.Per) })
	d.possible(v, r, scoped)
	d.alertNamed(v.Get("firing"), scoped)
	d.foreseeable(v.Get("exhausted_within"), to)
	return r
}

// figures reads what a rule compares.
func (d *document) figures(v Value, r *slo.Rule) {
	if left := v.Get("remaining"); left.Kind == Scalar {
		r.Limit, r.Equal, _ = parseUnder(left.Text)
	}
	burn, window, evidence := v.Get("burn"), v.Get("over"), v.Get("evidence")
	if burn.Kind == Scalar {
		r.Limit, r.Equal, _ = parseAbove(burn.Text)
		if !window.Is() {
			d.add(diag.Errorf(burn.Pos, "gate/over", "a burn rate needs the time it is taken over").WithHint("add over: 1h"))
		}
	}
	d.belongs(v, "burn", `"> 10"`, "over", "evidence")
	d.belongs(v, "exhausted_within", "3d", "chance")
	r.Over, r.Alert, r.Within = window.Duration(), v.Get("firing").Text, v.Get("exhausted_within").Duration()
	if r.Chance = slo.NumberFrac(1, 2); v.Get("chance").Kind == Scalar {
		r.Chance, _ = parseFraction(v.Get("chance").Text)
	}
	r.Evidence = d.evidence(evidence)
}

// possible holds that a burn rate can be over its limit for the objectives that the
// rule is for: a rule that never holds lets everything out.
func (d *document) possible(v Value, r slo.Rule, to []*Objective) {
	if r.Test != slo.Burning || !r.Limit.Known() {
		return
	}
	for _, o := range to {
		highest, grain := o.Target.Highest(), max(o.Budgeting.Slice, o.Step, time.Minute)
		if n := r.Limit.Cmp(highest); o.Target > 0 && (n > 0 || n == 0 && !r.Equal) {
			d.add(diag.Errorf(v.Get("burn").Pos, "gate/never", "burn %s never holds for %s: at target %s the highest burn rate is %s", diag.Quote(v.Get("burn").Text), o.ID(), o.Target, figure(highest)).
				WithHint("write a lower limit, or leave the objective out with only:"))
			return
		}
		if r.Over > 0 && r.Over < grain {
			d.add(diag.Errorf(v.Get("over").Pos, "gate/never", "over %s is shorter than the %s in which %s is counted", diag.Quote(v.Get("over").Text), slo.FormatDuration(grain), o.ID()).
				WithHint("write over: %s or longer, or leave the objective out with only:", slo.FormatDuration(grain)))
			return
		}
	}
}

// belongs refuses keys that have no meaning without another.
func (d *document) belongs(v Value, to, sample string, keys ...string) {
	for _, key := range keys {
		if found := v.Get(key); found.Is() && !v.Get(to).Is() {
			d.add(diag.Errorf(found.Pos, "gate/rule", "%s has a meaning beside %s only", key, to).WithHint("remove it, or add %s: %s", to, sample))
		}
	}
}

// alertNamed holds that an alert which a rule names exists: it never fires otherwise.
func (d *document) alertNamed(name Value, to []*Objective) {
	if name.Kind != Scalar || len(to) == 0 {
		return
	}
	class := slo.Class(name.Text).Rank()
	known := []string{string(slo.Page), string(slo.Ticket), string(slo.Log)}
	for _, o := range to {
		for _, p := range o.Policies() {
			if p.Name == name.Text || class >= p.Class.Rank() {
				return
			}
			known = append(known, p.Name)
		}
	}
	if class >= 0 {
		d.add(diag.Errorf(name.Pos, "gate/firing", "no objective here has an alert of class %s or a faster one that can fire", diag.Quote(name.Text)).WithHint("give them alerts, or remove the rule"))
		return
	}
	f := diag.Errorf(name.Pos, "gate/firing", "no objective here has an alert %s, nor is it a class", diag.Quote(name.Text))
	if near := diag.Nearest(name.Text, known); near != "" {
		f = f.WithHint("did you mean %s?", near)
	}
	d.add(f)
}

// foreseeable holds that some objective has a forecast: no others can hold to it.
func (d *document) foreseeable(within Value, to []*Objective) {
	long := func(o *Objective) bool { return o.Window.Nominal() >= 7*day || o.Window.Nominal() == 0 }
	if within.Is() && len(to) > 0 && !slices.ContainsFunc(to, long) {
		d.add(diag.Errorf(within.Pos, "gate/forecast", "no objective here has a window of a week or longer: others have no forecast").WithHint("write burn: \"> 10\", over: 1h"))
	}
}

// override reads one override.
func (d *document) override(v Value, to []*Objective) slo.Override {
	expires, _ := parseInstant(v.Get("expires").Text)
	return slo.Override{
		Owner: v.Get("owner").Text, Reason: v.Get("reason").Text, Expires: expires, Only: d.scope(v, to),
		Then: slo.Verdict(v.Get("then").Text), Missing: v.Get("missing").Text == "true", Pos: v.Pos,
	}
}

// scope reads `only`. A term that selects no objective would never matter.
func (d *document) scope(v Value, to []*Objective) slo.Selector {
	var sel slo.Selector
	for _, term := range texts(v.Get("only")) {
		sel = append(sel, term.Text)
		taken := slices.ContainsFunc(to, func(o *Objective) bool { return slo.Selector{term.Text}.Takes(o.SLO, o.Per) })
		if term.Kind != Scalar || term.Text == "" || taken || len(to) == 0 {
			continue
		}
		known := []string{d.service}
		for _, o := range to {
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
		d.add(f)
	}
	return sel
}
