package words

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
)

// AlertWords are the heads of tables of alerts in one language.
type AlertWords struct {
	State, Class, Objective, Condition, Now, Limit, Since, Cost, Spent, Clears string

	Legend   string
	language unit.Language
}

// OfAlerts returns the texts in l.
func OfAlerts(l unit.Language) AlertWords {
	return AlertWords{
		State: l.Say("alerts.state"), Class: l.Say("alerts.class"), Objective: l.Say("alerts.objective"),
		Condition: l.Say("alerts.condition"), Now: l.Say("alerts.now"), Limit: l.Say("alerts.limit"),
		Since: l.Say("alerts.since"), Cost: l.Say("alerts.cost"), Spent: l.Say("alerts.spent"),
		Clears: l.Say("alerts.clears"), Legend: l.Say("alerts.legend"), language: l,
	}
}

// StateOf returns the word for how a condition stands.
func (w AlertWords) StateOf(a *report.Alert) string {
	switch {
	case a.Covered:
		return w.language.Say("alerts.state.covered")
	case a.State == burn.Active:
		return w.language.Say("alerts.state.firing")
	case a.State == burn.Pending:
		return w.language.Say("alerts.state.pending")
	case a.Idle:
		return w.language.Say("alerts.state.idle")
	case a.State == burn.NoData:
		return w.language.Say("alerts.state.no_data")
	}
	return w.language.Say("alerts.state.inactive")
}

// Total sums a up: "1 page firing, 1 covered, 24 inactive".
func (w AlertWords) Total(a *report.Alerts) string {
	l, s := w.language, a.Summary
	var parts []string
	switch {
	case s.Firing()+s.Carried > 0:
	case s.Mute > 0 && len(a.Rows(true)) == 0:
		parts = append(parts, l.Say("alerts.nothing_can"))
	default:
		parts = append(parts, l.Say("alerts.nothing"))
	}
	firing := func(n int, c slo.Class) {
		if n > 0 {
			parts = append(parts, l.Counted("alerts.firing", n, "class", l.Class(c)))
		}
	}
	firing(s.Pages, slo.Page)
	firing(s.Tickets, slo.Ticket)
	firing(s.Logs, slo.Log)
	add := func(n int, state string) {
		if n > 0 {
			parts = append(parts, l.Say("alerts.counted", "n", strconv.Itoa(n), "what", state))
		}
	}
	add(s.Covered, l.Say("alerts.state.covered"))
	add(s.Pending, l.Say("alerts.state.pending"))
	add(s.Carried, l.Say("alerts.state.carried"))
	add(s.NoData, l.Say("alerts.state.no_data"))
	add(s.Idle, l.Say("alerts.state.idle"))
	add(s.Inactive, l.Say("alerts.state.inactive"))
	if s.Mute > 0 {
		parts = append(parts, l.Counted("alerts.cannot", s.Mute))
	}
	return strings.Join(parts, l.Say("alerts.comma"))
}

// Ranges says how the windows of a backtest were cut, "" if they were not cut as
// Prometheus does.
func Ranges(l unit.Language, ranges string) string {
	switch ranges {
	case report.RangesClosed:
		return l.Say("backtest.closed")
	case report.RangesLeftOpen:
		return l.Say("backtest.left_open")
	}
	return ""
}

// Delays says how late alerts are because counts come late, "" if they do not.
func Delays(l unit.Language, b *report.Backtest) string {
	var delays []string
	for _, o := range b.Objectives {
		delay, err := slo.ParseDuration(o.Delay)
		if text := l.Duration(delay); err == nil && !slices.Contains(delays, text) {
			delays = append(delays, text)
		}
	}
	if delays == nil {
		return ""
	}
	return l.Say("backtest.delay", "delay", strings.Join(delays, " / "))
}

// OwnDays says where the time looked at differs for objectives whose days are those of
// another zone, "" if it is one time for all.
func OwnDays(l unit.Language, b *report.Backtest) string {
	const named = 3
	var times []string
	ids := map[string][]string{}
	for _, o := range b.Objectives {
		if o.From.Equal(b.From) && o.To.Equal(b.To) {
			continue
		}
		time := l.DateTime(o.From, b.Zone) + " - " + l.DateTime(o.To, b.Zone)
		if ids[time] == nil {
			times = append(times, time)
		}
		ids[time] = append(ids[time], o.ID())
	}
	if times == nil {
		return ""
	}
	for i, time := range times {
		whose := ids[time]
		text := strings.Join(whose[:min(named, len(whose))], l.Say("text.comma"))
		if more := len(whose) - named; more > 0 {
			text += l.Say("text.more", "n", strconv.Itoa(more))
		}
		times[i] = l.Say("backtest.days_of", "time", time, "objectives", text)
	}
	return l.Say("backtest.own_days", "times", strings.Join(times, l.Say("text.semicolon")))
}

// AlertFigure returns what of a is held against the limit, of burn rates those of all
// windows: "31× / 22×".
func AlertFigure(l unit.Language, a *report.Alert) string {
	if a.Test == slo.Burn && a.Short != nil {
		return l.Burn(a.Long.Rate) + " / " + l.Burn(a.Short.Rate)
	}
	return alertUnit(l, a, a.Figure)
}

// AlertLimit returns the limit of a in the unit of AlertFigure.
func AlertLimit(l unit.Language, a *report.Alert) string { return alertUnit(l, a, a.Limit) }

func alertUnit(l unit.Language, a *report.Alert, n slo.Number) string {
	switch a.Test {
	case slo.Burn, slo.Acceleration:
		return l.Burn(n)
	case slo.Remaining:
		return l.Percent(n, 1)
	case slo.Silence:
		return l.Left(n)
	}
	return l.Spent(n)
}

// Begun says since when a holds, and how long that is: "2026-10-13 14:02 (43 min)",
// "" if it does not.
func (w AlertWords) Begun(a *report.Alert, s *report.Status) string {
	if a.Since == nil {
		return ""
	}
	text := s.Language.DateTime(*a.Since, s.Zone) + " (" + s.Language.Duration(max(s.At.Sub(*a.Since), time.Minute)) + ")"
	if a.Earlier {
		return w.language.Say("alerts.before", "instant", text)
	}
	return text
}

// ClearsAt says when a ends if nothing fails any more, "" if it does not hold.
func (w AlertWords) ClearsAt(a *report.Alert, s *report.Status) string {
	switch {
	case a.State != burn.Active && a.State != burn.Pending:
		return ""
	case a.Clears == nil:
		return w.language.Say("alerts.never")
	}
	return s.Language.DateTime(*a.Clears, s.Zone)
}
