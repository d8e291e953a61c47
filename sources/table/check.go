package table

import (
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/match"
)

// check finds what keys alone cannot say, without opening a file.
func (f Format) check(source, sli spec.Block) diag.List {
	c, findings := newConfig(source)
	if f.Check != nil {
		findings = append(findings, f.Check(source)...)
	}
	if sli.Is() {
		findings = append(findings, c.checkSLI(sli)...)
	}
	return findings
}

func (c *config) checkSLI(sli spec.Block) (findings diag.List) {
	if events(sli.Value) && c.block.Get("step").Is() {
		findings = append(findings, diag.Warnf(c.block.Get("step").Pos, "table/step", "step is not used: the sli reads one row an event").
			WithHint("leave step out"))
	}
	resolve := func(name string) (match.Field, bool) { return c.field(c.column(name)), true }
	return append(findings, fold.CheckConditions(sli, resolve, nil)...)
}

// events tells whether an sli reads one row an event.
func events(sli spec.Value) bool { return sli.Get("good").Is() || sli.Get("bad").Is() }

// durationColumns lists the names in conditions that are compared with a length
// of time: a value of theirs that is none would fail every test in silence.
func durationColumns(cond spec.Value) (names []string) {
	for _, f := range cond.Fields {
		if f.Key == "not" {
			names = append(names, durationColumns(f.Value)...)
		} else if comparesDuration(f.Value) {
			names = append(names, f.Key)
		}
	}
	return names
}

func comparesDuration(test spec.Value) bool {
	switch test.Kind {
	case spec.Scalar:
		text := strings.TrimLeft(test.Text, "<>=!")
		_, err := slo.ParseDuration(text)
		return err == nil && text != test.Text
	case spec.List:
		return slices.ContainsFunc(test.Items, comparesDuration)
	case spec.Map:
		return slices.ContainsFunc(test.Fields, func(f spec.Field) bool { return comparesDuration(f.Value) })
	}
	return false
}
