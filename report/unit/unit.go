// Package unit turns numbers into words of the reader's language. It is the only
// place that knows percent, and the only place that rounds: once, at the edge,
// from the exact value, towards the bad news. 99.996 % never prints as 100 %,
// 0.1 % of a budget spent prints as 1 %, and what is left is rounded down.
//
// It knows numbers, times and terms, whose texts stand in report/words/texts like all
// others.
package unit

import (
	"github.com/nines-slo/nines/report/words/texts"
	"github.com/nines-slo/nines/slo"
)

// Language of texts for people. The zero Language is English.
type Language string

const (
	English  Language = "en"
	Japanese Language = "ja"
)

// Languages returns all languages in the order of their names: those that package
// texts has a folder for.
func Languages() []Language {
	var all []Language
	for _, name := range texts.Languages() {
		all = append(all, Language(name))
	}
	return all
}

// Unknown stands for a number that nobody knows.
const Unknown = "–"

// Say returns the text of that id in the language, see package texts. Copied into
// its callers it would be 20 kB of the program.
//
//go:noinline
func (l Language) Say(id string, fill ...string) string { return texts.Say(string(l), id, fill...) }

// Counted returns the text of that id for n.
func (l Language) Counted(id string, n int, fill ...string) string {
	return texts.Count(string(l), id, n, fill...)
}

// Doubted says that n events were not read or not sure, or where parted that they are in the
// bucket of a histogram that the threshold parts.
func (l Language) Doubted(n slo.Number, parted bool) string {
	id := "unit.unread"
	if parted {
		id = "unit.parted"
	}
	return l.Counted(id, several(n), "n", l.Count(n))
}

// several returns 1 for one, else a number that is not one: 1.5 are several too.
func several(n slo.Number) int {
	if n.Cmp(slo.NumberOf(1)) == 0 {
		return 1
	}
	return 2
}

// State returns the word: "at risk", 「要注意」.
func (l Language) State(s slo.State) string {
	switch s {
	case slo.Met:
		return l.Say("unit.state.met")
	case slo.Missed:
		return l.Say("unit.state.missed")
	case slo.OnTrack:
		return l.Say("unit.state.on_track")
	case slo.Exhausted:
		return l.Say("unit.state.exhausted")
	case slo.AtRisk:
		return l.Say("unit.state.at_risk")
	}
	return l.Say("unit.state.no_data")
}

// Verdict returns what a release gate says: "cannot tell", 「判定不能」.
func (l Language) Verdict(v slo.Verdict) string {
	switch v {
	case slo.Open:
		return l.Say("unit.verdict.open")
	case slo.Warn:
		return l.Say("unit.verdict.warn")
	case slo.Closed:
		return l.Say("unit.verdict.closed")
	}
	return l.Say("unit.verdict.cannot_tell")
}

// Mark returns the state's mark in HTML and Excel: ● ▲ ✕ –.
func Mark(s slo.State) string {
	switch s {
	case slo.Met, slo.OnTrack:
		return "●"
	case slo.AtRisk:
		return "▲"
	case slo.Missed, slo.Exhausted:
		return "✕"
	}
	return "–"
}

// ASCII returns the state's mark in terminals, one column wide: " ", "!", "x" or "?".
func ASCII(s slo.State) string {
	switch s {
	case slo.Met, slo.OnTrack:
		return " "
	case slo.AtRisk:
		return "!"
	case slo.Missed, slo.Exhausted:
		return "x"
	}
	return "?"
}

// Class returns the word for how urgent an alert is: "page", 「呼び出し(即時対応)」.
func (l Language) Class(c slo.Class) string {
	switch c {
	case slo.Page:
		return l.Say("unit.class.page")
	case slo.Ticket:
		return l.Say("unit.class.ticket")
	case slo.Log:
		return l.Say("unit.class.log")
	}
	return string(c)
}

// Kind returns what an objective counts: "availability", "latency ≤ 300 ms";
// 「レイテンシ 300ms以下」. The zero Kind is "".
func (l Language) Kind(k slo.Kind) string {
	switch {
	case k.Name == slo.Availability:
		return l.Say("unit.kind.availability")
	case k.Name == slo.Latency && k.Threshold > 0:
		return l.Say("unit.kind.latency_under", "threshold", l.Latency(k.Threshold))
	case k.Name == slo.Latency:
		return l.Say("unit.kind.latency")
	}
	return k.Name
}

// Method returns how a budget is counted, "events", "time slices" or "ratio of time
// slices", and in what unit if there is one: "events, counted in units of 0.1".
func (l Language) Method(m slo.Method, unit string) string {
	name := string(m)
	switch m {
	case slo.Occurrences:
		name = l.Say("unit.method.occurrences")
	case slo.Timeslices:
		name = l.Say("unit.method.timeslices")
	case slo.RatioTimeslices:
		name = l.Say("unit.method.ratio_timeslices")
	}
	if unit == "" {
		return name
	}
	return l.Say("unit.method.unit", "method", name, "unit", unit)
}
