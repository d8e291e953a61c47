package words

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/gate"
	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/slo/pattern"
)

// BriefHeadline is the whole summary in one line: "Error budgets, week 48: 2 of 14 need
// attention".
func BriefHeadline(b *report.Brief) string {
	l := b.Language
	title := briefTitle(b)
	total := len(b.Objectives)
	fill := []string{"title", title, "total", strconv.Itoa(total)}
	text := ""
	switch {
	case total == 0:
		return l.Say("brief.headline.none", fill...)
	case b.Attention == 0:
		text = l.Counted("brief.headline.fine", total, fill...)
	case total == 1:
		text = l.Say("brief.headline.alone", fill...)
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

// briefTitle says what the summary is of: "Error budgets of payments, week 48".
func briefTitle(b *report.Brief) string {
	l := b.Language
	period := BriefPeriod(l, b.Period, b.Zone)
	switch b.Owner {
	case "":
		return l.Say("brief.title", "period", period)
	case report.Nobody:
		return l.Say("brief.title.nobody", "period", period)
	}
	return l.Say("brief.title.owned", "period", period, "owner", b.Owner)
}

var weekName = pattern.Of(`^[0-9]{4}-W0?([0-9]+)$`)

// BriefPeriod names a week by its number alone: nobody reads last year's on Monday.
func BriefPeriod(l unit.Language, p report.Period, zone *time.Location) string {
	if m := weekName().FindStringSubmatch(p.Name); m != nil {
		return l.Say("brief.week", "n", m[1])
	}
	return l.Period(p.Name, p.Bounds(), zone)
}

// Stands says how an objective stood at the end of the period, "exhausted, 145% spent,
// 98 min over": what is worst of the window that goes on and one that ended.
func Stands(b *report.Brief, o report.BriefObjective) string {
	l, s := b.Language, o.Standing
	switch {
	case o.Ended():
		_, before := windowTexts(s.Window)
		return l.Say(before, "stands", stands(l, *o.Before))
	}
	return now(b, o)
}

// now says how the window that goes on stood.
func now(b *report.Brief, o report.BriefObjective) string {
	stands := stands(b.Language, o.Standing)
	switch {
	case !o.Judged():
		return b.Language.Say("brief.unjudged", "why", whyNot(b, o))
	case o.Unsure():
		return b.Language.Say("brief.unsure", "stands", stands, "why", o.Why)
	}
	return stands
}

// stands says how a window stood.
func stands(l unit.Language, s report.Standing) string {
	id := "brief.stands.left"
	if s.Budget.Minutes.Remaining.Sign() < 0 {
		id = "brief.stands.over"
	}
	left := l.Say(id, "left", l.Left(s.Budget.Minutes.Remaining))
	return l.Say("brief.stands", "state", State(l, s.State, s.Caveat), "spent", l.Spent(s.Budget.Spent), "left", left)
}

// whyNot says why o could not be judged: of a source that failed its name, since the
// message says further down why that did.
func whyNot(b *report.Brief, o report.BriefObjective) string {
	for _, s := range b.Sources {
		if s.Failed != "" && s.Failed == o.Failed {
			return b.Language.Say("brief.why.source", "source", s.Name)
		}
	}
	return o.Why
}

// Unjudged says why an objective could not be judged, "" if it was.
func Unjudged(l unit.Language, o report.Objective) string {
	switch o.Lacks() {
	case report.LackAnswer:
		return o.Failed
	case report.LackEvents:
		return l.Say("brief.why.events")
	case report.LackCoverage:
		return l.Say("brief.why.coverage", "coverage", l.Percent(o.Coverage, 0), "least", l.Percent(o.MinCoverage, 0))
	case report.LackTime:
		return l.Say("brief.why.time")
	}
	return ""
}

// BriefLies says, as the reason why an objective could not be judged, where its data lies
// that is elsewhere than was looked, "" if nobody knows.
func BriefLies(l unit.Language, zone *time.Location, b Beyond) string {
	w := Gate{Language: l, Zone: zone}
	switch {
	case !b.Ends.IsZero():
		return l.Say("brief.why.ended", "instant", w.instant(b.Ends))
	case !b.Begins.IsZero():
		return l.Say("brief.why.begins", "instant", w.instant(b.Begins))
	}
	return ""
}

// Unsure says why what is known of o could be worse: c is a check of it at the period's
// end.
func Unsure(l unit.Language, c report.GateCheck) string {
	if c.Code == gate.Stale && c.Figure.Known() {
		return l.Say("brief.why.stale", "age", Gate{Language: l}.length(c.Figure))
	}
	return c.Text
}

// Partly says that too little of a period was measured, of which o is.
func Partly(l unit.Language, period string, o report.Objective) string {
	return l.Say("brief.why.partly", "period", period,
		"coverage", l.Percent(o.Coverage, 0), "least", l.Percent(o.MinCoverage, 0))
}

// Unread says how an own window stands at worst.
func Unread(l unit.Language, d report.Doubt) string {
	return l.Say("brief.why.unread", "unread", l.Doubted(d.Events, d.Parted), "state", l.State(d.State), "spent", l.Spent(d.Spent))
}

// UnreadOf says what of a period's budget is spent at worst.
func UnreadOf(l unit.Language, period string, d report.Doubt) string {
	return l.Say("brief.why.unread_of", "unread", l.Doubted(d.Events, d.Parted), "spent", l.Spent(d.Spent), "period", period)
}

// Both joins two reasons, of which each may be "".
func Both(l unit.Language, one, other string) string {
	if one == "" || other == "" {
		return one + other
	}
	return l.Say("brief.why.both", "one", one, "other", other)
}

// Uncounted says how much of the period was not measured of an objective, and how much
// not read, as far as Why does not; "" each if nothing.
func Uncounted(b *report.Brief, o report.BriefObjective) (gap, unread string) {
	l := b.Language
	if o.Judged() && o.Gaps.Sign() > 0 {
		gap = l.Say("brief.gap", "length", l.Lapse(o.Gaps), "period", BriefPeriod(l, b.Period, b.Zone))
	}
	if unread = unreadIn(b, o); strings.Contains(o.Why, unread) {
		unread = ""
	}
	return gap, unread
}

func unreadIn(b *report.Brief, o report.BriefObjective) string {
	if o.Doubt == nil {
		return ""
	}
	return b.Language.Doubted(o.Doubt.Events, o.Doubt.Parted)
}

// UncountedOfAll says the same of all objectives that need no attention, the most first:
// people are told that not everything was counted also where that changes nothing.
func UncountedOfAll(b *report.Brief) []string {
	l, period := b.Language, BriefPeriod(b.Language, b.Period, b.Zone)
	fine := slices.DeleteFunc(slices.Clone(b.Objectives), report.BriefObjective.Attention)
	missing := func(o report.BriefObjective) slo.Number { return o.Gaps }
	length := func(n slo.Number) string { return l.Lapse(n) }
	doubted := func(o report.BriefObjective) slo.Number {
		if o.Doubt == nil {
			return slo.NumberOf(0)
		}
		return o.Doubt.Events
	}
	var out []string
	if names := most(l, fine, missing, length); names != "" {
		out = append(out, l.Say("brief.gaps", "period", period, "objectives", names))
	}
	if names := most(l, fine, doubted, l.Count); names != "" {
		out = append(out, l.Say("brief.unread", "period", period, "objectives", names))
	}
	return out
}

// most names objectives with what of them is missing, the most first; "" if nothing is.
func most(
	l unit.Language, all []report.BriefObjective, missing func(report.BriefObjective) slo.Number, say func(slo.Number) string,
) string {
	some := slices.DeleteFunc(slices.Clone(all), func(o report.BriefObjective) bool { return missing(o).Sign() <= 0 })
	order.Stable(some, func(x, y report.BriefObjective) int { return missing(y).Cmp(missing(x)) })
	var names []string
	for _, o := range some {
		names = append(names, l.Say("brief.missing", "objective", o.ID, "amount", say(missing(o))))
	}
	if names == nil {
		return ""
	}
	return Named(l, names)
}

// Changed says how much of the budget went since the period before, or that another
// window has begun; "" where nobody knows.
func Changed(b *report.Brief, o report.BriefObjective) string {
	l, since := b.Language, "brief.since.period"
	if weekName().MatchString(b.Period.Name) {
		since = "brief.since.week"
	}
	fill := []string{"since", l.Say(since), "change", l.Spent(o.Change)}
	switch {
	case o.Turned && (o.Ended() || o.Standing.State != slo.NoData):
		return begun(b, o)
	case o.Standing.State == slo.NoData:
		return ""
	case !o.Change.Known():
		return ""
	case o.Change.Sign() == 0:
		return l.Say("brief.change.none", fill...)
	case o.Change.Sign() < 0:
		back := l.Percent(slo.NumberOf(0).Sub(o.Change), 0)
		if back == l.Percent(slo.NumberOf(0), 0) {
			return l.Say("brief.change.hardly", fill...)
		}
		return l.Say("brief.change.less", "since", l.Say(since), "change", back)
	}
	return l.Say("brief.change.more", fill...)
}

// begun says which window began, and how much of the one before was spent.
func begun(b *report.Brief, o report.BriefObjective) string {
	l, before := b.Language, o.Spent
	id, _ := windowTexts(o.Standing.Window)
	text := l.Say(id)
	if o.Before != nil {
		before = o.Before.Budget.Spent
	}
	switch {
	case o.Ended():
		return l.Say("brief.turned.now", "turned", text, "stands", now(b, o))
	case before.Known():
		return l.Say("brief.turned.before", "turned", text, "spent", l.Spent(before))
	}
	return text
}

// windowTexts are the ids of texts that say that a calendar window began, and how the
// one before it stood.
func windowTexts(w report.Window) (begun, before string) {
	switch w.Length {
	case "week":
		return "brief.turned.week", "brief.missed.week"
	case "month":
		return "brief.turned.month", "brief.missed.month"
	case "quarter":
		return "brief.turned.quarter", "brief.missed.quarter"
	case "year":
		return "brief.turned.year", "brief.missed.year"
	}
	return "brief.turned.other", "brief.missed.other"
}

// AheadOfTime says why a window that runs is at risk although its budget would last; "" if
// that is not so, or not sure.
func AheadOfTime(l unit.Language, o report.BriefObjective) string {
	if o.Overspent == nil || o.Why != "" || o.Ended() {
		return ""
	}
	return Overspent(l, *o.Overspent)
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
	return l.Say("brief.foreseen", "forecast", l.Say(id, fill...),
		"held", l.Percent(f.Score.Coverage, 0), "n", strconv.Itoa(f.Score.Origins))
}

// Actual says what was reached of what was promised, "" where that is not sure.
func Actual(b *report.Brief, o report.BriefObjective) string {
	l, s := b.Language, o.Standing
	if !s.SLI.Known() || o.Why != "" || o.Ended() {
		return ""
	}
	return l.Say("brief.actual", "sli", l.SLI(s.SLI, o.Target), "target", o.Target.String(),
		"window", l.Window(s.Window.Kind, s.Window.Length))
}

// AlertsOf says what the alerts of one class did.
func AlertsOf(l unit.Language, a report.BriefAlerts) string {
	id := "brief.alerts.some"
	if a.Useful == a.Fired {
		id = "brief.alerts.all"
	}
	return l.Counted(id, a.Fired, "class", l.Class(a.Class),
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
	lasted := l.Say(id, "start", l.DateTime(i.Start, b.Zone), "length", l.Duration(i.Length()))
	return cost(l, lasted, i.Impacts[0].Spent, i.Impacts[0].Objective)
}

// Cost says when a deploy was and what it cost whom most.
func Cost(b *report.Brief, d report.Deploy) string {
	e := d.Effects[0]
	return cost(b.Language, b.Language.DateTime(d.Time, b.Zone), e.After.Spent, e.Objective)
}

// cost adds what it cost an objective to what happened.
func cost(l unit.Language, what string, spent slo.Number, objective string) string {
	if !spent.Known() {
		return l.Say("brief.struck", "what", what, "objective", objective)
	}
	return l.Say("brief.cost", "what", what, "spent", l.Spent(spent), "objective", objective)
}

// BriefReason says in a few words why the gate is not open: the figures of what most
// often is the reason stand with the objectives above, or in the gate's own output.
func BriefReason(l unit.Language, c report.GateCheck) string {
	switch c.Code {
	case gate.Remaining:
		if c.Before {
			return l.Say("brief.gate.spent_before")
		}
		if c.Figure.Sign() <= 0 {
			return l.Say("brief.gate.spent")
		}
	case gate.NoData, gate.Partial:
		return l.Say("brief.gate.no_data")
	case gate.Stale:
		return l.Say("brief.gate.stale")
	case gate.Young, gate.Begun:
		return l.Say("brief.gate.young")
	}
	return c.Text
}

// BriefOpening says from when on the gate may be open again, "" if no time decides that.
func BriefOpening(g *report.Gate) string {
	if g.Verdict != slo.Closed || g.Opens.Stopped == nil {
		return ""
	}
	w := Gate{g.Language, g.Zone}
	return w.Language.Say("brief.gate.opens", "instant", w.instant(*g.Opens.Stopped))
}
