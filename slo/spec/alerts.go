package spec

import (
	"slices"
	"strings"
	"text/template/parse"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// maxConditions is how many conditions one list may have: every SLO of a file may
// inherit them.
const maxConditions = 50

// reservedName is what commands call the default policies by.
const reservedName = "default"

// alertReader reads the alert policies of a document and fits them to objectives.
type alertReader struct {
	found  *findings
	common *alertList         // of the document; nil: the default policies
	said   map[place][]string // messages about conditions
	keys   []Key              // of a condition

	factors     map[spent]slo.Number      // so far
	shares      map[string]slo.Number     // so far
	highest     map[slo.Target]slo.Number // burn rates, so far
	lowest      slo.Number                // burn rate under which a limit is likely a mistake
	annotations map[string]string         // of the policy read last: others share them that have the same

	sound bool // no key of the document is wrong

	// foreign: another tool's files, whose rules are written as they are although some of
	// them can never fire.
	foreign bool
}

// alertList is an `alerts:` list as the file has it.
type alertList struct {
	policies  []alertPolicy
	inherited bool // it stands at file level
}

// alertPolicy is an entry of it.
type alertPolicy struct {
	policy slo.Policy // without its conditions
	entry  Value
	when   []alertCondition // none: those of the default policy
}

// readCommon reads the document's own list.
func (r *alertReader) readCommon(v Value) { r.common = r.list(v, true) }

// of returns the alerts of an SLO: its own, else the document's.
func (r *alertReader) of(v Value) *alertList {
	own := v.Get("alerts")
	if own.Kind == Missing {
		return r.common
	}
	return r.list(own, false)
}

// list reads a list, without what depends on an objective. It returns nil if there
// is no list.
func (r *alertReader) list(v Value, inherited bool) *alertList {
	if v.Kind != List {
		return nil
	}
	list := &alertList{inherited: inherited, policies: make([]alertPolicy, 0, len(v.Items))}
	conditions := 0
	for _, item := range v.Items {
		conditions += max(1, len(item.Get("when").Items))
		if conditions > maxConditions {
			r.found.add(diag.Errorf(item.Pos, "alert/many", "alerts has more than %d conditions", maxConditions))
			break
		}
		list.policies = append(list.policies, r.policy(item))
	}
	r.checkNames(list.policies)
	return list
}

// checkNames refuses a name that another policy of the list has, or the default one.
func (r *alertReader) checkNames(policies []alertPolicy) {
	names := map[string]diag.Pos{}
	for _, p := range policies {
		name, at := p.policy.Name, p.nameAt()
		first, twice := names[name]
		switch {
		case name == reservedName:
			reserved := diag.Errorf(at, "alert/name",
				"a policy cannot be called %s: that is the default one", diag.Quote(name))
			r.found.add(reserved.WithHint("write another name"))
		case twice:
			again := diag.Errorf(at, "alert/duplicate", "policy %s is already at %s", diag.Quote(name), first)
			r.found.add(again.WithHint("%s", p.rename()))
		case name != "":
			names[name] = at
		}
	}
}

// nameAt returns where the name of a policy stands, or else its class.
func (p alertPolicy) nameAt() diag.Pos {
	if name := p.entry.Get("name"); name.Is() {
		return name.Pos
	}
	return p.entry.Get("class").Pos
}

// rename returns how to tell a policy from another of its name.
func (p alertPolicy) rename() string {
	if p.entry.Get("name").Is() {
		return "write another name"
	}
	return "a policy without a name is called by its class: add name: fast burn"
}

// policy reads an entry, with those of its conditions that are right.
func (r *alertReader) policy(v Value) alertPolicy {
	class := v.Get("class")
	p := alertPolicy{entry: v, policy: slo.Policy{
		Name: v.Get("name").Text, Class: slo.Class(class.Text), To: v.Get("to").Strings(),
		Rule: v.Get("alert").Text, Labels: pairs(v.Get("labels"), nil), Annotations: pairs(v.Get("annotations"), r.annotations),
	}}
	r.annotations = p.policy.Annotations
	if p.policy.Name == "" {
		p.policy.Name = class.Text
	}
	r.found.ruleLabels(v)
	before := r.found.len()
	p.when = make([]alertCondition, 0, len(v.Get("when").Items))
	for _, item := range v.Get("when").Items {
		r.condition(item, &p)
	}
	if p.policy.Class == slo.Log && v.Get("when").Kind == Missing {
		none := diag.Errorf(class.Pos, "alert/when", "there are no default conditions of class log")
		r.found.add(none.WithHint("add when: [{burn: 1, long: 6h, short: 30m}]"))
	}
	p.policy.For = r.found.minutes(v.Get("for"), "for")
	if bad := v.Get("min_bad"); bad.Is() {
		p.policy.MinBad = r.found.positive(bad, "min_bad")
	}
	p.policy.Evidence = r.found.evidence(v.Get("evidence"))
	if !r.found.errorsSince(before) && len(p.when) == len(v.Get("when").Items) {
		r.unasked(p)
	}
	return p
}

// isLabel tells whether Prometheus calls labels and annotations so: by letters, digits and _,
// with no digit in front.
func isLabel(name string) bool {
	for i, c := range []byte(name) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}

// ruleLabels refuses labels and annotations of a policy that no rule can have.
func (f *findings) ruleLabels(v Value) {
	for _, key := range []string{"labels", "annotations"} {
		for _, one := range v.Get(key).Fields {
			what := strings.TrimSuffix(key, "s")
			switch {
			case !isLabel(one.Key):
				wrong := diag.Errorf(one.Pos, "alert/"+what, "Prometheus knows no %s %s", what, diag.Quote(one.Key))
				f.add(wrong.WithHint("write letters, digits and _, with no digit in front"))
			case key == "labels" && (one.Key == "alertname" || strings.HasPrefix(one.Key, "__")):
				taken := diag.Errorf(one.Pos, "alert/"+what, "%s is a label that Prometheus sets itself", diag.Quote(one.Key))
				f.add(taken.WithHint("write another name; alert: names the alert"))
			case one.Value.Kind == Scalar && strings.Contains(one.Value.Text, "{{"): // else it is a template of itself
				f.ruleTemplate(what, one)
			}
		}
	}
}

// ruleVariables is what Prometheus puts before each template.
const ruleVariables = `{{$labels := .}}{{$externalLabels := .}}{{$externalURL := .}}{{$value := .}}`

// ruleTemplate refuses a label or annotation that is no template: Prometheus would take
// nothing of a file of rules that has one. Which functions there are depends on its version.
func (f *findings) ruleTemplate(what string, one Field) {
	tree := parse.New("text")
	tree.Mode = parse.SkipFuncCheck
	_, err := tree.Parse(ruleVariables+one.Value.Text, "", "", map[string]*parse.Tree{})
	if err == nil {
		return
	}
	_, reason, _ := strings.Cut(strings.TrimPrefix(err.Error(), "template: text:"), ": ")
	wrong := diag.Errorf(one.Value.Pos, "alert/template", "%s %s is no template: %s", what, diag.Quote(one.Key), diag.Escape(reason))
	f.add(wrong.WithHint("write {{ $labels.region }} or {{ $value }}, and {{\"{{\"}} for braces that are no template"))
}

// pairs returns a map of texts, nil if there is none: another one if that says the same.
func pairs(v Value, other map[string]string) map[string]string {
	if len(v.Fields) == 0 {
		return nil
	}
	differs := func(f Field) bool { text, has := other[f.Key]; return !has || text != f.Value.Text }
	if len(v.Fields) == len(other) && !slices.ContainsFunc(v.Fields, differs) {
		return other
	}
	out := map[string]string{}
	addLabels(out, v)
	return out
}

// evidence returns how sure a figure has to be: a confidence, which is worth
// something over even odds and has no end at certainty, by Wilson's interval if no
// method is named.
func (f *findings) evidence(v Value) slo.Evidence {
	confidence, method := v, slo.Wilson
	if v.Kind == Map {
		confidence = v.Get("confidence")
		if named := v.Get("method"); named.Kind == Scalar {
			method = slo.EvidenceMethod(named.Text)
		}
	}
	n, err := parseFraction(confidence.Text)
	if err != nil || confidence.Kind != Scalar {
		return slo.Evidence{}
	}
	if n.Cmp(slo.NumberFrac(1, 2)) <= 0 || n.Cmp(slo.NumberOf(1)) >= 0 {
		useless := diag.Errorf(confidence.Pos, "spec/evidence",
			"evidence %s must be over 50 %% and under 100 %%", diag.Quote(confidence.Text))
		f.add(useless.WithHint("write evidence: 95%%"))
	}
	return slo.Evidence{Confidence: n, Method: method}
}

// unasked refuses what no condition of a policy asks for.
func (r *alertReader) unasked(p alertPolicy) {
	if len(p.when) == 0 {
		return // the default conditions ask for all of it
	}
	asks := func(f func(slo.Condition) bool) bool {
		return slices.ContainsFunc(p.when, func(c alertCondition) bool { return f(c.condition) })
	}
	if bad := p.entry.Get("min_bad"); bad.Is() && !asks(func(c slo.Condition) bool { return c.Long > 0 }) {
		needless := diag.Errorf(bad.Pos, "alert/min-bad",
			"min_bad has no meaning: no condition of the policy has a long window")
		r.found.add(needless.WithHint("remove it"))
	}
	if e := p.entry.Get("evidence"); e.Is() && !asks(func(c slo.Condition) bool { return c.Test == slo.Burn }) {
		needless := diag.Errorf(e.Pos, "alert/evidence",
			"evidence has no meaning: no condition of the policy limits an error ratio")
		r.found.add(needless.WithHint("remove it, or write a condition with burn or spent"))
	}
}

// minutes returns a time of whole minutes, 0 if there is none.
func (f *findings) minutes(v Value, name string) time.Duration {
	length := v.Duration()
	if length%time.Minute != 0 {
		f.add(diag.Errorf(v.Pos, "alert/minutes", "%s %s must be whole minutes", name, diag.Quote(v.Text)))
		return 0
	}
	return length
}
