// Package unit turns numbers into words, in English and Japanese. It is the only
// place that knows percent, and the only place that rounds: once, at the edge,
// towards the bad news. 99.996 against a target of 99.999 never prints as 100 %.
package unit

import (
	"time"

	"github.com/nines-slo/nines/slo"
)

// Language of texts for people. The zero Language is English.
type Language string

const (
	English  Language = "en"
	Japanese Language = "ja"
)

// SLI returns the actual as a percentage, rounded down, with one digit more than
// the target has, and more digits if the result would read as the target while
// it is missed. Unknown is "–".
func (l Language) SLI(n slo.Number, t slo.Target) string { return n.String() }

// Target returns "99.9%".
func (l Language) Target(t slo.Target) string { return t.String() }

// Spent returns a share of budget as whole percent, rounded up: "116%". Unknown is "–".
func (l Language) Spent(n slo.Number) string { return n.String() }

// Percent returns a share as a percentage with that many decimals, rounded down.
func (l Language) Percent(n slo.Number, decimals int) string { return n.String() }

// Count returns a number of events or slices, "5,659"; fractions with two decimals.
func (l Language) Count(n slo.Number) string { return n.String() }

// Left returns the budget left in minutes of full outage: "82 min", "-7 min" is
// written "7 min over" / 「7分超過」. It rounds down what is left and up what is over.
func (l Language) Left(minutes slo.Number) string { return minutes.String() }

// Duration returns a length for people: "6 h", "1 h 20 min", 「1時間20分」.
func (l Language) Duration(d time.Duration) string { return d.String() }

// Latency returns a response time: "300 ms", "1.5 s".
func (l Language) Latency(d time.Duration) string { return d.String() }

// Burn returns a burn rate: "14.4×", rounded up.
func (l Language) Burn(n slo.Number) string { return n.String() }

// Multiple returns a day's share over an even day's: "0.4", rounded up.
func (l Language) Multiple(n slo.Number) string { return n.String() }

// State returns the word: "at risk", 「要注意」.
func (l Language) State(s slo.State) string { return string(s) }

// Mark returns the state's mark in HTML and Excel: ● ▲ ✕ –.
func Mark(s slo.State) string { return "" }

// ASCII returns the state's mark in terminals: blank, "!", "x", "?".
func ASCII(s slo.State) string { return "" }

// Kind returns what an objective counts: "availability", "latency ≤ 300 ms".
func (l Language) Kind(k slo.Kind) string { return k.Name }

// Date returns a day in prose: "12 May", 「5月12日」.
func (l Language) Date(t time.Time, loc *time.Location) string { return t.In(loc).Format("2 January") }

// DateTime returns an instant for tables: "2026-05-12 14:05".
func (l Language) DateTime(t time.Time, loc *time.Location) string {
	return t.In(loc).Format("2006-01-02 15:04")
}

// Period names a report's period: "May 2026", "Q3 2026", "2026", "week 46 of
// 2026", "1–7 May 2026"; 「2026年5月」. name is report.Period.Name.
func (l Language) Period(name string, p slo.Period, loc *time.Location) string { return name }

// Window names an objective's window: "30 days, rolling", "calendar month".
func (l Language) Window(kind, length string) string { return length }

// Words are the terms that outputs share. Each renderer keeps its own sentences.
type Words struct {
	Objective, Service, Status, Target, Actual, Spent, Left, BurnRate, Window, Coverage            string
	ErrorBudget, Events, GoodEvents, BadEvents, Slices, Incident, Incidents, Start, End, Length    string
	Exclusion, Exclusions, AgreedBy, Calls, GeneratedAt, Provisional, Final, NoData, Method, Owner string
}

// Words returns the language's terms.
func (l Language) Words() Words { return Words{} }
