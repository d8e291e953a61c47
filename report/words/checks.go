package words

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/gate"
)

// Gate holds the sentences of a gate, each whole in its language.
type Gate struct {
	Language unit.Language
	Zone     *time.Location // in which times are shown; nil: UTC
}

// Check says what a check found of o; found is what it was made of.
func (w Gate) Check(o report.GateObjective, c report.GateCheck, found gate.Check) string {
	if c.Before {
		return w.before(*o.Before, c)
	}
	switch c.Code {
	case gate.Stale:
		return w.Language.Say("gate.check.stale", "age", w.length(c.Figure), "limit", w.length(c.Limit))
	case gate.Young:
		return w.Language.Say("gate.check.young", "length", w.Language.Of(duration(c.Figure), duration(c.Limit)))
	case gate.NoData:
		return w.noData(o.Status, o.Newest)
	case gate.Calendar:
		return w.Language.Say("gate.check.calendar", "name", c.Name)
	case gate.Vanished:
		return w.Language.Say("gate.check.vanished", "age", w.length(c.Figure), "limit", w.length(c.Limit))
	case gate.Gone:
		return w.Language.Say("gate.check.gone")
	case gate.Excluded:
		return w.Language.Say("gate.check.excluded", "share", w.Language.Percent(c.Figure, 1),
			"limit", w.Language.Percent(c.Limit, 0))
	case gate.Begun:
		return w.Language.Say("gate.check.begun", "instant", w.instant(*c.Since),
			"length", w.length(c.Figure), "limit", w.length(c.Limit))
	case gate.Doubtful, gate.Earlier:
		return "" // see If
	case gate.Partial:
		return w.Language.Say("gate.check.partial", "measured", w.Language.Percent(c.Figure, 1),
			"length", w.Language.Duration(found.Over), "limit", w.Language.Percent(c.Limit, 0))
	case gate.Unheard:
		return w.Language.Say("gate.check.unheard", "name", c.Name)
	case gate.NoRule:
		return w.Language.Say("gate.check.no_rule", "spent", w.Language.Spent(o.Status.Budget.Spent))
	case gate.Burn:
		return w.burning(c, found)
	case gate.Firing:
		return w.firing(c)
	case gate.Forecast:
		return w.forecast(c, found.Chance)
	case gate.Unforeseen:
		return w.unforeseen(c, found)
	case gate.Hours:
		return w.Language.Say("gate.check.hours")
	case gate.Freeze:
		return w.Language.Say("gate.check.freeze", "name", escaped(c.Name))
	}
	return w.spent(o.Status, c)
}

// If says what c is about, a check that would close the gate: would says what that found.
func (w Gate) If(c report.GateCheck, would string) string {
	if c.Code == gate.Doubtful {
		return w.Language.Say("gate.check.doubtful", "unread", w.Language.Doubted(c.Events, c.Parted), "would", would)
	}
	return w.Language.Say("gate.check.earlier", "instant", w.instant(*c.Since), "would", would)
}

func (w Gate) burning(c report.GateCheck, found gate.Check) string {
	if !c.Figure.Known() {
		return w.Language.Say("gate.check.no_rate", "length", w.Language.Duration(found.Over))
	}
	most := w.Language.Say("gate.check.at_most", "limit", c.Limit.String()+"×")
	if c.AtLimit {
		most = w.Language.Say("gate.check.less_than", "limit", c.Limit.String()+"×")
	}
	text := w.Language.Say("gate.check.burn", "length", w.Language.Duration(found.Over),
		"rate", w.Language.Burn(c.Figure), "limit", most)
	if !found.Evidence.Asked() {
		return text
	}
	return text + w.Language.Say("gate.check.proven",
		"confidence", w.Language.Percent(found.Evidence.Confidence, 0), "rate", unit.AtLeast(found.Least))
}

func (w Gate) forecast(c report.GateCheck, least slo.Number) string {
	chance := w.Language.Percent(least, 0)
	if !c.Figure.Known() {
		return w.Language.Say("gate.check.lasts", "chance", w.Language.Percent(slo.NumberOf(1).Sub(least), 0))
	}
	if c.Verdict == slo.Open {
		return w.Language.Say("gate.check.forecast_open", "length", w.length(c.Figure), "chance", chance,
			"limit", w.length(c.Limit))
	}
	return w.Language.Say("gate.check.forecast", "length", w.length(c.Figure), "chance", chance,
		"limit", w.length(c.Limit))
}

func (w Gate) unforeseen(c report.GateCheck, found gate.Check) string {
	fill := scores(w.Language, report.NewForecastScore(found.Score), nil)
	fill = append(fill, "days", c.Figure.String(), "needed", c.Limit.String())
	return w.Language.Say("forecast.reason."+string(found.Reason), fill...)
}

func (w Gate) firing(c report.GateCheck) string {
	if c.Since == nil {
		return w.Language.Say("gate.check.quiet", "name", c.Name)
	}
	return w.Language.Say("gate.check.firing", "name", c.Name, "instant", w.instant(*c.Since))
}

func (w Gate) noData(o report.Objective, newest *time.Time) string {
	switch {
	case o.Failed != "":
		return w.Language.Say("gate.no_data.failed", "why", o.Failed)
	case o.Buckets.Elapsed == 0 && o.Buckets.Excluded > 0:
		return w.Language.Say("gate.no_data.excluded", "window", w.Language.Window(o.Window.Kind, o.Window.Length))
	case o.Buckets.Measured == 0 && o.Window.Since != nil && newest != nil:
		return w.Language.Say("gate.no_data.since", "instant", w.instant(*o.Window.Since))
	case o.Buckets.Measured == 0 && newest != nil:
		return w.Language.Say("gate.no_data.unmeasured_since",
			"window", w.Language.Window(o.Window.Kind, o.Window.Length), "instant", w.instant(*newest))
	case o.Buckets.Measured == 0:
		return w.Language.Say("gate.no_data.unmeasured", "window", w.Language.Window(o.Window.Kind, o.Window.Length))
	case !o.SLI.Known() && o.Slices != nil && o.Slices.Total.Sign() == 0 && o.Measured.Sign() > 0:
		return w.Language.Say("gate.no_data.no_slice", "window", w.Language.Window(o.Window.Kind, o.Window.Length))
	case !o.SLI.Known():
		return w.Language.Say("gate.no_data.no_event", "window", w.Language.Window(o.Window.Kind, o.Window.Length))
	}
	return w.Language.Say("gate.no_data.coverage", "measured", w.Language.Percent(o.Coverage, 1),
		"limit", w.Language.Percent(o.MinCoverage, 0))
}

// length returns a number of minutes in words.
func (w Gate) length(minutes slo.Number) string { return w.Language.Duration(duration(minutes)) }

// Hint says what mends a reason, "" if there is none.
func (w Gate) Hint(o report.GateObjective, c report.GateCheck) string {
	switch {
	case c.Verdict == slo.Open, c.Code == gate.Unforeseen && c.Figure.Cmp(c.Limit) >= 0:
		return ""
	case c.Code == gate.Young:
		return w.Language.Say("gate.hint.young", "instant", o.Status.Window.Since.UTC().Format(time.RFC3339))
	case c.Code == gate.NoData:
		return w.hintNoData(o.Status)
	case c.Code == gate.Hours, c.Code == gate.Freeze:
		return ""
	}
	if c.Parted {
		return w.Language.Say("gate.hint.parted")
	}
	if id := hintOf(c.Code); id != "" {
		return w.Language.Say(id)
	}
	command := "nines explain " + quoteShell(o.ID) + " " + quoteShell(o.File)
	if c.Before {
		p := o.Before.Window
		command += " --from " + p.Start.UTC().Format(time.RFC3339) + " --to " + p.End.UTC().Format(time.RFC3339)
	}
	return w.Language.Say("gate.hint.explain", "command", command)
}

// hintOf returns the text of a reason that one hint is enough for, "" of others.
func hintOf(code gate.Code) string {
	return map[gate.Code]string{
		gate.Stale:      "gate.hint.stale",
		gate.Calendar:   "gate.hint.calendar",
		gate.Vanished:   "gate.hint.vanished",
		gate.Excluded:   "gate.hint.excluded",
		gate.Begun:      "gate.hint.begun",
		gate.Doubtful:   "gate.hint.doubtful",
		gate.Earlier:    "gate.hint.earlier",
		gate.Unforeseen: "gate.hint.unforeseen",
		gate.Partial:    "gate.hint.missing",
		gate.Unheard:    "gate.hint.missing",
	}[code]
}

// hintNoData says what mends the lack of data.
func (w Gate) hintNoData(o report.Objective) string {
	unmet := Unmet(o.Warnings)
	switch {
	case o.Failed != "":
		return w.Language.Say("gate.hint.failed")
	case unmet != "":
		return unmet
	case !o.SLI.Known() && o.Measured.Sign() > 0,
		o.Window.Since != nil && o.Measured.Sign() == 0,
		o.Buckets.Elapsed == 0 && o.Buckets.Excluded > 0:
		return w.Language.Say("gate.hint.later")
	}
	return w.Language.Say("gate.hint.missing")
}

// Beyond says where the data of objectives lies that was looked for elsewhere. Without an
// instant it begins nobody knows when.
type Beyond struct {
	Ends, Begins time.Time
	Differ       bool   // that is the last end, or the first begin, of several
	Ask          string // the flags that look there
	Given        string // those that stand in their place, "" for none
}

// Write says in English which flags to write.
func (b Beyond) Write() string { return b.write(unit.English) }

func (b Beyond) write(l unit.Language) string {
	if b.Given == "" {
		return l.Say("gate.ask.add", "flags", b.Ask)
	}
	return l.Say("gate.ask.instead", "flags", b.Ask, "given", b.Given)
}

// Lies says where the data lies.
func (w Gate) Lies(b Beyond) string {
	switch {
	case !b.Ends.IsZero() && b.Differ:
		return w.Language.Say("gate.no_data.ended_latest", "instant", w.instant(b.Ends))
	case !b.Ends.IsZero():
		return w.Language.Say("gate.no_data.ended", "instant", w.instant(b.Ends))
	case !b.Begins.IsZero() && b.Differ:
		return w.Language.Say("gate.no_data.begins_earliest", "instant", w.instant(b.Begins))
	case !b.Begins.IsZero():
		return w.Language.Say("gate.no_data.begins", "instant", w.instant(b.Begins))
	}
	return w.Language.Say("gate.no_data.later")
}

// BeyondHint says what to do about data that lies elsewhere than was looked.
func (w Gate) BeyondHint(b Beyond) string {
	switch {
	case !b.Ends.IsZero():
		return w.Language.Say("gate.hint.ended", "flags", b.write(w.Language))
	case !b.Begins.IsZero():
		return w.Language.Say("gate.hint.begins", "flags", b.write(w.Language))
	}
	return w.Language.Say("gate.hint.later_at")
}

// Lying returns what is said of data that lies elsewhere than was looked, each once.
func Lying(warnings []diag.Finding) []diag.Finding {
	other := func(f diag.Finding) bool { return !strings.HasPrefix(f.Code, "data/") }
	return slices.DeleteFunc(slices.Clone(warnings), other)
}

// Unmet returns what a source says of a condition that no event met, "" if there is
// none.
func Unmet(warnings []diag.Finding) string {
	for _, w := range warnings {
		if strings.HasSuffix(w.Code, "/unmet") {
			return Warned(w)
		}
	}
	return ""
}

// Warned says what a source warns of, and how to mend it.
func Warned(f diag.Finding) string { return f.Message + "; " + f.Hint }

// escaped returns s as it stands between quotes.
func escaped(s string) string {
	quoted := strconv.Quote(s)
	return quoted[1 : len(quoted)-1]
}

// quoteShell returns s as one word of a shell's command line.
func quoteShell(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

func (w Gate) instant(t time.Time) string {
	zone := w.Zone
	if zone == nil {
		zone = time.UTC
	}
	return w.Language.DateTime(t, zone) + " " + zone.String()
}

// expiredFor is how long people are told that an override has ended.
const expiredFor = 7 * 24 * time.Hour

// Exception tells of an override that holds, or ended some days before at.
func (w Gate) Exception(o report.GateOverride, at time.Time) string {
	who := w.Language.Say("gate.exception.who", "owner", o.Owner, "instant", w.instant(o.Expires),
		"reason", o.Reason, "policy", o.Policy)
	switch {
	case o.Expired && at.Sub(o.Expires) < expiredFor:
		return w.Language.Say("gate.exception.expired", "who", who)
	case o.Expired:
		return ""
	case len(o.Lifts) > 0:
		return w.Language.Say("gate.exception.holds", "ids", strings.Join(o.Lifts, ", "), "who", who)
	}
	return w.Language.Say("gate.exception.idle", "ids", strings.Join(o.Only, ", "), "who", who)
}

// spent says how much of the budget is spent, and of one that is spent
// what it lacks; and on how little it stands.
func (w Gate) spent(o report.Objective, c report.GateCheck) string {
	spent, limit := w.Language.Spent(o.Budget.Spent), mayBeSpent(c)
	text := w.Language.Say("gate.check.spent", "spent", spent, "limit", limit)
	if o.Budget.Projected() {
		text = w.Language.Say("gate.check.spent_of_period", "spent", spent, "limit", limit)
	}
	if c.Verdict != slo.Open {
		text += w.Language.Say("gate.check.lacks", "failures",
			w.Language.Failures(o.Budget.Left, o.Budget.Minutes.Remaining, o.Slices != nil))
	}
	if o.Caveat != nil {
		text += w.Language.Say("state.basis", "time", Caveat(w.Language, o.Caveat))
	}
	return text
}

// before says what a check found of the window before.
func (w Gate) before(b report.Standing, c report.GateCheck) string {
	if c.Code == gate.NoData && c.Figure.Sign() > 0 && c.Figure.Cmp(c.Limit) < 0 {
		return w.Language.Say("gate.check.before_coverage", "window", w.period(b.Window),
			"measured", w.Language.Percent(c.Figure, 1), "limit", w.Language.Percent(c.Limit, 0))
	}
	if c.Code == gate.NoData {
		return w.Language.Say("gate.check.before_no_data", "window", w.period(b.Window))
	}
	if c.Code == gate.Excluded {
		return w.Language.Say("gate.check.before_excluded", "window", w.period(b.Window),
			"share", w.Language.Percent(c.Figure, 1), "limit", w.Language.Percent(c.Limit, 0))
	}
	text := w.Language.Say("gate.check.before", "window", w.period(b.Window), "spent", w.Language.Spent(b.Budget.Spent),
		"limit", mayBeSpent(c))
	if c.Verdict != slo.Open {
		text += w.Language.Say("gate.check.lacks", "failures", w.Language.Failures(b.Budget.Left,
			b.Budget.Minutes.Remaining, b.Method != slo.Occurrences))
	}
	return text
}

// period names the period of a window.
func (w Gate) period(p report.Window) string {
	zone, err := time.LoadLocation(p.Timezone)
	if err != nil {
		zone = time.UTC
	}
	return w.Language.Period("", p.Whole(), zone)
}

// Begun says that an objective's window has only begun, or where until is not known, that
// too little of it is measured, or where enough is, that it had no event.
func (w Gate) Begun(until time.Time, enough time.Duration) string {
	switch {
	case enough == 0:
		return w.Language.Say("gate.idle")
	case until.IsZero():
		return w.Language.Say("gate.thin", "length", length(w.Language, enough))
	}
	return w.Language.Say("gate.begun", "instant", w.instant(until))
}

// Overspent says why an objective is at risk whose budget would last.
func (w Gate) Overspent(o report.Overspent) string {
	return w.Language.Say("gate.overspent", "overspent", Overspent(w.Language, o))
}

// Lacking says of what was asked for that it did not come.
func (w Gate) Lacking() string { return w.Language.Say("gate.lacking") }

// LackingHint says what mends that.
func (w Gate) LackingHint() string { return w.Language.Say("gate.hint.lacking") }

// Gone says that a label set stands in the list because of the period before alone.
func (w Gate) Gone() string { return w.Language.Say("gate.gone") }

// Vanished says on what a label set is judged that has no events any more.
func (w Gate) Vanished() string { return w.Language.Say("gate.vanished") }

// GateNote returns n with the names of its objectives.
func GateNote(g *report.Gate, n report.GateNote) string {
	return Named(g.Language, n.Objectives) + ": " + n.Text
}

// Named lists the first of names and counts the rest.
func Named(l unit.Language, names []string) string {
	const most = 3
	said := strings.Join(names[:min(most, len(names))], ", ")
	if more := len(names) - most; more > 0 {
		said += l.Say("text.more", "n", strconv.Itoa(more))
	}
	return said
}

// mayBeSpent returns the share of budget that c lets be spent, exact: "75%".
func mayBeSpent(c report.GateCheck) string {
	if !c.Limit.Known() {
		return unit.Unknown
	}
	share := slo.NumberOf(1).Sub(c.Limit).Mul(slo.NumberOf(100)).String() + "%"
	if c.AtLimit {
		return "<" + share
	}
	return share
}
