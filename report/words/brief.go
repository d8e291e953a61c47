package words

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// BriefHeadline is the whole summary in one line: "Error budgets, week 48: 2 of 14 need
// attention".
func BriefHeadline(b *report.Brief) string {
	l := b.Language
	title := l.Say("brief.title", "period", briefPeriod(b))
	if b.Owner != "" {
		title = l.Say("brief.headline.owned", "title", title, "owner", b.Owner)
	}
	total := len(b.Objectives)
	fill := []string{"title", title, "total", strconv.Itoa(total)}
	text := ""
	switch {
	case total == 0:
		return l.Say("brief.headline.none", fill...)
	case b.Attention == 0:
		text = l.Counted("brief.headline.fine", total, fill...)
	default:
		text = l.Counted("brief.headline.needy", b.Attention, fill...)
	}
	switch b.Gate.Verdict {
	case slo.Closed:
		return l.Say("brief.headline.shut", "headline", text)
	case slo.CannotTell:
		return l.Say("brief.headline.untold", "headline", text)
	}
	return text
}

var weekName = regexp.MustCompile(`^[0-9]{4}-W0?([0-9]+)$`)

// briefPeriod names a week by its number alone: nobody reads last year's on Monday.
func briefPeriod(b *report.Brief) string {
	if m := weekName.FindStringSubmatch(b.Period.Name); m != nil {
		return b.Language.Say("brief.week", "n", m[1])
	}
	return b.Language.Period(b.Period.Name, b.Period.Bounds(), b.Zone)
}

// Stands says how an objective stood at the end of the period: "exhausted, 145% spent,
// 98 min over".
func Stands(b *report.Brief, o report.BriefObjective) string {
	l, s := b.Language, o.Standing
	if s.State == slo.NoData {
		return l.Say("brief.unjudged", "why", o.Why)
	}
	id := "brief.stands.left"
	if s.Budget.Minutes.Remaining.Sign() < 0 {
		id = "brief.stands.over"
	}
	left := l.Say(id, "left", l.Left(s.Budget.Minutes.Remaining))
	return l.Say("brief.stands", "state", State(l, s.State, s.Caveat), "spent", l.Spent(s.Budget.Spent), "left", left)
}

// Unjudged says why an objective could not be judged, "" if it was.
func Unjudged(l unit.Language, o report.Objective) string {
	switch o.Lacks() {
	case report.LackAnswer:
		return l.Say("brief.why.failed", "source", o.Failed)
	case report.LackEvents:
		return l.Say("brief.why.events")
	case report.LackCoverage:
		return l.Say("brief.why.coverage", "coverage", l.Percent(o.Coverage, 0), "least", l.Percent(o.MinCoverage, 0))
	case report.LackTime:
		return l.Say("brief.why.time")
	}
	return ""
}

// Changed says how much of the budget went since the period before, or that another
// window has begun; "" where nobody knows.
func Changed(b *report.Brief, o report.BriefObjective) string {
	l := b.Language
	since := l.Say("brief.since.period")
	if weekName.MatchString(b.Period.Name) {
		since = l.Say("brief.since.week")
	}
	switch {
	case o.Turned:
		return turned(l, o.Standing.Window.Length)
	case !o.Change.Known():
		return ""
	case o.Change.Sign() == 0:
		return l.Say("brief.change.none", "since", since)
	case o.Change.Sign() < 0:
		return l.Say("brief.change.less", "since", since, "change", l.Percent(slo.NumberOf(0).Sub(o.Change), 0))
	}
	return l.Say("brief.change.more", "since", since, "change", l.Spent(o.Change))
}

// turned says which window began.
func turned(l unit.Language, length string) string {
	switch length {
	case "week":
		return l.Say("brief.turned.week")
	case "month":
		return l.Say("brief.turned.month")
	case "quarter":
		return l.Say("brief.turned.quarter")
	case "year":
		return l.Say("brief.turned.year")
	}
	return l.Say("brief.turned.other")
}

// RunsOut says when the budget runs out and how good such forecasts were, shorter than
// Forecast; "" where there is no forecast, or the budget is gone.
func RunsOut(l unit.Language, f *report.Forecast) string {
	if f == nil || f.Reason != "" || *f.Exhausted {
		return ""
	}
	id, days := "brief.lasts", f.Exhaustion
	fill := []string{"chance", l.Spent(f.Chance)}
	switch {
	case days.Middle != nil:
		id = "brief.runs_out"
		fill = append(fill, "day", date(l, days.Middle), "early", date(l, days.Early))
	case days.Early != nil:
		id = "brief.may"
		fill = append(fill, "early", date(l, days.Early))
	}
	return l.Say("brief.foreseen", "forecast", l.Say(id, fill...), "held", l.Percent(f.Score.Coverage, 0), "n", strconv.Itoa(f.Score.Origins))
}

// Actual says what was reached of what was promised.
func Actual(b *report.Brief, o report.BriefObjective) string {
	l, s := b.Language, o.Standing
	if !s.SLI.Known() {
		return ""
	}
	return l.Say("brief.actual", "sli", l.SLI(s.SLI, o.Target), "target", o.Target.String(),
		"window", l.Window(s.Window.Kind, s.Window.Length))
}

// AlertsOf says what the alerts of one class did.
func AlertsOf(l unit.Language, a report.BriefAlerts) string {
	return l.Counted("brief.alerts.line", a.Fired, "class", l.Class(a.Class),
		"useful", strconv.Itoa(a.Useful), "false", strconv.Itoa(a.False))
}

// StillFiring names the alerts that fire at the period's end.
func StillFiring(l unit.Language, a report.BriefAlerts) string {
	return l.Say("brief.alerts.firing", "names", strings.Join(a.Firing, ", "))
}

// Struck says when an incident was, for how long, and what it cost whom most.
func Struck(b *report.Brief, i report.Incident) string {
	l, id := b.Language, "brief.incident"
	if i.Open {
		id = "brief.incident.open"
	}
	return l.Say(id, "start", l.DateTime(i.Start, b.Zone), "length", l.Duration(i.Length()),
		"share", l.Spent(i.Impacts[0].Spent), "objective", i.Impacts[0].Objective)
}

// Cost says when a deploy was and what it cost whom most.
func Cost(b *report.Brief, d report.Deploy) string {
	l := b.Language
	return l.Say("brief.deploy", "time", l.DateTime(d.Time, b.Zone),
		"spent", l.Spent(d.Effects[0].After.Spent), "objective", d.Effects[0].Objective)
}
