package sloth

import (
	"slices"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// windows are the windows of SLOs and their alerts: those of an AlertWindows document, else
// sloth's own.
type windows struct{ doc spec.Value }

// defaultPeriod is the window of SLOs (sloth's flag --default-slo-period).
const defaultPeriod = "30d"

// pair is a condition: the share of the budget, in percent, that the long window spends.
type pair struct{ percent, long, short string }

// defaults returns sloth's pairs for 30 days, those of the SRE Workbook, chapter 5, with one
// for tickets more.
func defaults(severity string) []pair {
	if severity == "page" {
		return []pair{{"2", "1h", "5m"}, {"5", "6h", "30m"}}
	}
	return []pair{{"10", "1d", "2h"}, {"10", "3d", "6h"}}
}

// alertWindows returns the windows that documents say, and what is wrong with each of them by
// its place. Of several periods the default one counts.
func alertWindows(all []spec.Value) (windows, map[diag.Pos]diag.List) {
	found := map[diag.Pos]diag.List{}
	var sound []spec.Value
	for _, doc := range all {
		if doc.Get("kind").Text != windowsKind || doc.Get("apiVersion").Text != objectVersion {
			continue
		}
		found[doc.Pos] = spec.Check(doc, windowsKeys())
		if found[doc.Pos].Errors() {
			continue
		}
		period := doc.Get("spec").Get("sloPeriod")
		i := slices.IndexFunc(sound, func(d spec.Value) bool {
			return d.Get("spec").Get("sloPeriod").Duration() == period.Duration()
		})
		if i >= 0 {
			twice := diag.Errorf(period.Pos, "sloth/windows", "windows of %s are already at %s", period.Text, sound[i].Pos)
			found[doc.Pos] = append(found[doc.Pos], twice.WithHint("remove one of them"))
			continue
		}
		sound = append(sound, doc)
	}
	return chosen(sound, found), found
}

// chosen returns the windows that count.
func chosen(sound []spec.Value, found map[diag.Pos]diag.List) windows {
	usual := yaml.Text(diag.Pos{}, defaultPeriod).Duration()
	i := slices.IndexFunc(sound, func(d spec.Value) bool { return d.Get("spec").Get("sloPeriod").Duration() == usual })
	switch {
	case i >= 0:
		return windows{sound[i].Get("spec")}
	case len(sound) == 1:
		return windows{sound[0].Get("spec")}
	case len(sound) > 1:
		second := sound[1].Get("spec").Get("sloPeriod")
		several := diag.Errorf(second.Pos, "sloth/windows",
			"windows of %s stand beside those of %s, and no SLO of sloth says which it has",
			second.Text, sound[0].Get("spec").Get("sloPeriod").Text)
		found[sound[1].Pos] = append(found[sound[1].Pos], several.WithHint("name one of the two files alone"))
	}
	return windows{}
}

// period returns the window of an SLO.
func (w windows) period(entry spec.Value) spec.Value {
	if w.doc.Is() {
		return w.doc.Get("sloPeriod")
	}
	return yaml.Text(entry.Pos, defaultPeriod)
}

// of returns the conditions of an alert, which stands at pos.
func (w windows) of(severity string, pos diag.Pos) spec.Value {
	when := make([]spec.Value, 0, 2)
	if !w.doc.Is() {
		for _, p := range defaults(severity) {
			when = append(when, yaml.MapOf(pos, yaml.Text(pos, p.percent+"%").As("spent"),
				yaml.Text(pos, p.long).As("long"), yaml.Text(pos, p.short).As("short")))
		}
		return yaml.ListOf(pos, when...)
	}
	for _, speed := range []string{"quick", "slow"} {
		one := w.doc.Get(severity).Get(speed)
		percent := one.Get("errorBudgetPercent")
		when = append(when, yaml.MapOf(one.Pos, native.Percent(percent).As("spent"),
			one.Get("longWindow").As("long"), one.Get("shortWindow").As("short")))
	}
	return yaml.ListOf(w.doc.Pos, when...)
}
