package spec

import (
	"slices"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// maxConditions is how many conditions one list may have: every SLO of a file may
// inherit them.
const maxConditions = 50

// reservedName is what commands call the default policies by.
const reservedName = "default"

// alertList is an `alerts:` list as the file has it.
type alertList struct {
	policies  []alertPolicy
	inherited bool // it stands at file level
}

// alertPolicy is an entry of it.
type alertPolicy struct {
	slo.Policy // without its conditions
	Value
	when []alertCondition // none: those of the default policy
}

// alertsOf returns the alerts of an SLO: its own, else the document's.
func (d *document) alertsOf(v Value) *alertList {
	own := v.Get("alerts")
	if own.Kind == Missing {
		return d.alerts
	}
	return d.readAlerts(own, false)
}

// readAlerts reads a list, without what depends on an objective. It returns nil if
// there is no list.
func (d *document) readAlerts(v Value, inherited bool) *alertList {
	if v.Kind != List {
		return nil
	}
	list := &alertList{inherited: inherited}
	names, conditions := map[string]diag.Pos{}, 0
	for _, item := range v.Items {
		conditions += max(1, len(item.Get("when").Items))
		if conditions > maxConditions {
			d.add(diag.Errorf(item.Pos, "alert/many", "alerts has more than %d conditions", maxConditions))
			break
		}
		p := d.alertPolicy(item)
		list.policies = append(list.policies, p)
		if first, twice := names[p.Name]; p.Name == reservedName {
			d.add(diag.Errorf(p.nameAt(), "alert/name", "a policy cannot be called %s: that is the default one", diag.Quote(p.Name)).WithHint("write another name"))
		} else if twice {
			d.add(diag.Errorf(p.nameAt(), "alert/duplicate", "policy %s is already at %s", diag.Quote(p.Name), first).WithHint("%s", p.rename()))
		} else if p.Name != "" {
			names[p.Name] = p.nameAt()
		}
	}
	return list
}

// nameAt returns where the name of a policy stands, or else its class.
func (p alertPolicy) nameAt() diag.Pos {
	if name := p.Get("name"); name.Is() {
		return name.Pos
	}
	return p.Get("class").Pos
}

// rename returns how to tell a policy from another of its name.
func (p alertPolicy) rename() string {
	if p.Get("name").Is() {
		return "write another name"
	}
	return "a policy without a name is called by its class: add name: fast burn"
}

// alertPolicy reads an entry, with those of its conditions that are right.
func (d *document) alertPolicy(v Value) alertPolicy {
	p := alertPolicy{Value: v, Policy: slo.Policy{Name: v.Get("name").Text, Class: slo.Class(v.Get("class").Text), To: v.Get("to").Strings()}}
	if p.Name == "" {
		p.Name = string(p.Class)
	}
	before := len(d.findings)
	for _, item := range v.Get("when").Items {
		d.condition(item, &p)
	}
	if p.Class == slo.Log && v.Get("when").Kind == Missing {
		d.add(diag.Errorf(v.Get("class").Pos, "alert/when", "there are no default conditions of class log").WithHint("add when: [{burn: 1, long: 6h, short: 30m}]"))
	}
	p.For = d.minutes(v.Get("for"), "for")
	if bad := v.Get("min_bad"); bad.Is() {
		p.MinBad = d.positive(bad, "min_bad")
	}
	p.Evidence = d.evidence(v.Get("evidence"))
	if !d.findings[before:].Errors() && len(p.when) == len(v.Get("when").Items) {
		d.unfit(p)
	}
	return p
}

// evidence returns how sure a figure has to be: a confidence, which is worth
// something over even odds and has no end at certainty, by Wilson's interval if no
// method is named.
func (d *document) evidence(v Value) slo.Evidence {
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
		d.add(diag.Errorf(confidence.Pos, "spec/evidence", "evidence %s must be over 50 %% and under 100 %%", diag.Quote(confidence.Text)).WithHint("write evidence: 95%%"))
	}
	return slo.Evidence{Confidence: n, Method: method}
}

// unfit refuses what no condition of a policy asks for.
func (d *document) unfit(p alertPolicy) {
	if len(p.when) == 0 {
		return // the default conditions ask for all of it
	}
	asks := func(f func(slo.Condition) bool) bool {
		return slices.ContainsFunc(p.when, func(c alertCondition) bool { return f(c.Condition) })
	}
	if bad := p.Get("min_bad"); bad.Is() && !asks(func(c slo.Condition) bool { return c.Long > 0 }) {
		d.add(diag.Errorf(bad.Pos, "alert/min-bad", "min_bad has no meaning: no condition of the policy has a long window").WithHint("remove it"))
	}
	if e := p.Get("evidence"); e.Is() && !asks(func(c slo.Condition) bool { return c.Test == slo.Burn }) {
		d.add(diag.Errorf(e.Pos, "alert/evidence", "evidence has no meaning: no condition of the policy limits an error ratio").
			WithHint("remove it, or write a condition with burn or spent"))
	}
}
