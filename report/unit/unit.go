// Package unit turns numbers into words, in English and Japanese. It is the only
// place that knows percent, and the only place that rounds: once, at the edge,
// from the exact value, towards the bad news. 99.996 % never prints as 100 %,
// 0.1 % of a budget spent prints as 1 %, and what is left is rounded down.
//
// It knows numbers, times and terms. Sentences are made where they are shown,
// one whole template per language, since pieces of translations do not fit
// together.
package unit

import "github.com/nines-slo/nines/slo"

// Language of texts for people. The zero Language is English.
type Language string

const (
	English  Language = "en"
	Japanese Language = "ja"
)

// Unknown stands for a number that nobody knows.
const Unknown = "–"

// say returns the text of the language.
func (l Language) say(en, ja string) string {
	if l == Japanese {
		return ja
	}
	return en
}

// State returns the word: "at risk", 「要注意」.
func (l Language) State(s slo.State) string {
	switch s {
	case slo.Met:
		return l.say("met", "達成")
	case slo.Missed:
		return l.say("missed", "未達")
	case slo.OnTrack:
		return l.say("on track", "順調")
	case slo.Exhausted:
		return l.say("exhausted", "枯渇")
	case slo.AtRisk:
		return l.say("at risk", "要注意")
	}
	return l.say("no data", "データなし")
}

// Verdict returns what a release gate says: "cannot tell", 「判定不能」.
func (l Language) Verdict(v slo.Verdict) string {
	switch v {
	case slo.Open:
		return l.say("open", "リリース可")
	case slo.Warn:
		return l.say("warn", "要注意")
	case slo.Closed:
		return l.say("closed", "リリース停止")
	}
	return l.say("cannot tell", "判定不能")
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
		return l.say("page", "呼び出し(即時対応)")
	case slo.Ticket:
		return l.say("ticket", "チケット")
	case slo.Log:
		return l.say("log", "記録のみ")
	}
	return string(c)
}

// Kind returns what an objective counts: "availability", "latency ≤ 300 ms";
// 「レイテンシ 300ms以下」. The zero Kind is "".
func (l Language) Kind(k slo.Kind) string {
	switch {
	case k.Name == slo.Availability:
		return l.say("availability", "可用性")
	case k.Name == slo.Latency && k.Threshold > 0:
		return l.say("latency ≤ "+l.Latency(k.Threshold), "レイテンシ "+l.Latency(k.Threshold)+"以下")
	case k.Name == slo.Latency:
		return l.say("latency", "レイテンシ")
	}
	return k.Name
}

// Method returns how a budget is counted: "events", "time slices", "ratio of time slices".
func (l Language) Method(m slo.Method) string {
	switch m {
	case slo.Occurrences:
		return l.say("events", "イベント数")
	case slo.Timeslices:
		return l.say("time slices", "時間枠")
	case slo.RatioTimeslices:
		return l.say("ratio of time slices", "時間枠の比率")
	}
	return string(m)
}
