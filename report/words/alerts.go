package words

import (
	"fmt"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
)

// AlertWords are the texts of alerts in one language.
type AlertWords struct {
	State, Class, Objective, Condition, Now, Limit, Since, Cost, Spent, Clears string // heads
	Legend                                                                     string
	firing, covered, pending, noData, idle, inactive                           string
	before, never, nothing, counted, of, many, comma                           string
}

// OfAlerts returns the texts in l.
func OfAlerts(l unit.Language) AlertWords {
	if l == unit.Japanese {
		return AlertWords{
			State: "状態", Class: "種別", Objective: "SLO", Condition: "条件", Now: "現在", Limit: "しきい値", Since: "開始", Cost: "開始後の消費", Spent: "消費率", Clears: "解消見込み",
			Legend: "開始後の消費: 開始以降に消費したエラーバジェット、解消見込み: 以後不良がなければ条件が解消する時刻",
			firing: "発報中", covered: "上位が発報中", pending: "保留中", noData: "データなし", idle: "トラフィックなし", inactive: "正常",
			before: "%s以前", never: "対象期間内に解消せず", nothing: "発報なし", counted: "%[2]s%[1]d件", comma: "、",
		}
	}
	return AlertWords{
		State: "State", Class: "Class", Objective: "Objective", Condition: "Condition", Now: "Now", Limit: "Limit", Since: "Since", Cost: "Cost", Spent: "Spent", Clears: "Clears",
		Legend: "cost: share of the error budget that went since then; clears: when the condition ends if nothing fails any more",
		firing: "firing", covered: "covered", pending: "pending", noData: "no data", idle: "no traffic", inactive: "inactive",
		before: "before %s", never: "not within the window", nothing: "nothing fires", counted: "%d %s", of: " ", many: "s", comma: ", ",
	}
}

// StateOf returns the word for how a condition stands.
func (w AlertWords) StateOf(a *report.Alert) string {
	switch {
	case a.Covered:
		return w.covered
	case a.State == burn.Active:
		return w.firing
	case a.State == burn.Pending:
		return w.pending
	case a.Idle:
		return w.idle
	case a.State == burn.NoData:
		return w.noData
	}
	return w.inactive
}

// Total sums a up: "1 page firing, 1 covered, 24 inactive".
func (w AlertWords) Total(a *report.Alerts) string {
	var parts []string
	if a.Summary.Firing() == 0 {
		parts = append(parts, w.nothing)
	}
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf(w.counted, n, what))
		}
	}
	s, l := a.Summary, a.Language
	firing := func(n int, c slo.Class) {
		word := l.Class(c)
		if n > 1 {
			word += w.many
		}
		add(n, word+w.of+w.firing)
	}
	firing(s.Pages, slo.Page)
	firing(s.Tickets, slo.Ticket)
	firing(s.Logs, slo.Log)
	add(s.Covered, w.covered)
	add(s.Pending, w.pending)
	add(s.NoData, w.noData)
	add(s.Idle, w.idle)
	add(s.Inactive, w.inactive)
	return strings.Join(parts, w.comma)
}

// AlertFigure returns what of a is held against the limit, of burn rates those of both
// windows: "31× / 22×".
func AlertFigure(l unit.Language, a *report.Alert) string {
	if a.Test == slo.Burn {
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
		return fmt.Sprintf(w.before, text)
	}
	return text
}

// ClearsAt says when a ends if nothing fails any more, "" if it does not hold.
func (w AlertWords) ClearsAt(a *report.Alert, s *report.Status) string {
	switch {
	case a.State != burn.Active && a.State != burn.Pending:
		return ""
	case a.Clears == nil:
		return w.never
	}
	return s.Language.DateTime(*a.Clears, s.Zone)
}
