package build

import (
	"fmt"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/backtest"
)

func newTuning(t *backtest.Tuner) *report.Tuning {
	got, ok := t.Tune()
	if !ok {
		return nil
	}
	out := &report.Tuning{Objectives: got.Objectives, Incidents: got.Incidents, Folds: got.Folds,
		Embargo: got.Embargo, EmbargoLength: slo.Minutes(got.Embargo), Tried: got.Tried,
		Step: slo.FormatDuration(got.Step), Mixed: got.Mixed, Own: got.Own, Coarse: got.Coarse,
		Shown: got.Shown, Lowest: got.Lowest,
		Unseen:   got.Short != backtest.NoGrid && 2*got.Shown < got.Incidents,
		MaxFalse: got.MaxFalse, Kept: got.Kept, Silent: newTuned(got.Silent),
		Needed: got.Needed, TooShort: got.Short, Default: newTuned(got.Default), HeldOut: newOutcomes(got.HeldOut),
		Base: newTuned(got.Base), HeldBase: newOutcomes(got.HeldBase), Best: newTuned(got.Best),
		YAML: alertsYAML(got.Best)}
	for _, p := range got.Front {
		out.Front = append(out.Front, newTuned(p))
	}
	if got.Own {
		nameOwn(out)
	}
	return out
}

// nameOwn gives the default a name that has no conditions of its own.
func nameOwn(t *report.Tuning) {
	for _, p := range policies(t) {
		if p.Policy == nothing && p.Default {
			p.Policy = backtest.DefaultName
		}
	}
}

// policies returns every policy that t holds.
func policies(t *report.Tuning) []*report.TunedPolicy {
	out := []*report.TunedPolicy{&t.Default, &t.Base, &t.Best}
	for i := range t.Front {
		out = append(out, &t.Front[i])
	}
	return out
}

// nothing stands for a policy without conditions.
const nothing = "-"

func newTuned(t backtest.Tuned) report.TunedPolicy {
	out := report.TunedPolicy{Policy: says(t.Policy), Default: t.Default, InSample: newOutcomes(t.InSample),
		Chosen: t.Chosen}
	if t.Chosen > 0 {
		held := newOutcomes(t.HeldOut)
		out.HeldOut = &held
	}
	return out
}

func newOutcomes(t backtest.Tally) report.Outcomes {
	delay := slo.Minutes(t.Delay)
	if t.Found() == 0 {
		delay = slo.Number{}
	}
	return report.Outcomes{Incidents: t.Incidents, Detected: t.InTime, Late: t.Late, Missed: t.Incidents - t.Found(),
		Recall: t.Recall(), Delay: t.Delay, DelayTime: delay, False: t.False, PerWeek: t.FalseWeekly()}
}

// says returns a policy in a few signs.
func says(p slo.Policy) string {
	var when []string
	for _, c := range p.When {
		when = append(when, fmt.Sprintf("%s > %s", c, c.Limit))
	}
	text := strings.Join(when, ", ")
	switch {
	case p.Name == backtest.SilentName:
		return p.Name
	case text == "":
		return nothing
	}
	if p.For > 0 {
		text += "; for " + slo.FormatDuration(p.For)
	}
	if p.MinBad.Known() {
		text += "; min_bad " + p.MinBad.String()
	}
	return text
}

// alertsYAML returns a page policy as the alerts of a file, with the default ticket.
func alertsYAML(t backtest.Tuned) string {
	if t.Policy.Name == backtest.DefaultName || len(t.Policy.When) == 0 {
		return "alerts:\n  - {name: tuned, class: page} # the default\n  - {class: ticket}\n"
	}
	var b strings.Builder
	b.WriteString("alerts:\n  - {name: tuned, class: page, when: [")
	for i, c := range t.Policy.When {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "{burn: %s, long: %s, short: %s}", c.Limit, slo.FormatDuration(c.Long), slo.FormatDuration(c.Short))
	}
	b.WriteString("]")
	if t.Policy.For > 0 {
		fmt.Fprintf(&b, ", for: %s", slo.FormatDuration(t.Policy.For))
	}
	if t.Policy.MinBad.Known() {
		fmt.Fprintf(&b, ", min_bad: %s", t.Policy.MinBad)
	}
	b.WriteString("}\n  - {class: ticket}\n")
	return b.String()
}
