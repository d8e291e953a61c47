package words

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/gate"
)

// GateHeads returns the heads of a table of checks: verdict, objective, figure, limit
// and policy line.
func GateHeads(g *report.Gate) []string {
	w := Gate{g.Language, g.Zone}
	return []string{
		w.Language.Say("gate.head.verdict"), g.Language.Words().Objective, w.Language.Say("gate.head.figure"),
		w.Language.Say("gate.head.limit"), w.Language.Say("gate.head.policy"),
	}
}

// GateFigure returns what a check looked at in a few characters, and its limit.
func GateFigure(g *report.Gate, o report.GateObjective, c report.GateCheck) (figure, limit string) {
	w := Gate{g.Language, g.Zone}
	if c.Before {
		return w.figureBefore(*o.Before, c)
	}
	switch c.Code {
	case gate.Stale:
		return w.Language.Say("gate.figure.stale", "age", w.length(c.Figure)), w.length(c.Limit)
	case gate.Young:
		return w.length(c.Figure), w.length(c.Limit)
	case gate.Partial:
		return w.Language.Say("gate.figure.partial", "measured", w.Language.Percent(c.Figure, 1),
			"length", c.Over), w.Language.Percent(c.Limit, 0)
	case gate.Unheard:
		return w.Language.Say("gate.figure.unheard", "name", c.Name), unit.Unknown
	case gate.NoData:
		return w.Language.Say("gate.figure.no_data",
			"measured", w.Language.Percent(c.Figure, 1)), w.Language.Percent(c.Limit, 0)
	case gate.Burn:
		return w.Language.Say("gate.figure.burn", "rate", w.Language.Burn(c.Figure),
			"length", c.Over), c.Limit.String() + "×"
	case gate.Firing:
		return w.alert(c)
	case gate.Forecast:
		if !c.Figure.Known() {
			return w.Language.Say("gate.figure.lasts"), w.length(c.Limit)
		}
		return w.Language.Say("gate.figure.forecast", "length", w.length(c.Figure)), w.length(c.Limit)
	case gate.Unforeseen:
		return w.Language.Say("gate.figure.unforeseen"), unit.Unknown
	case gate.Hours:
		return w.Language.Say("gate.figure.hours"), unit.Unknown
	case gate.Calendar:
		return w.Language.Say("gate.figure.calendar"), unit.Unknown
	case gate.Freeze:
		return w.Language.Say("gate.figure.freeze", "name", c.Name), unit.Unknown
	case gate.Vanished:
		return w.Language.Say("gate.figure.vanished", "age", w.length(c.Figure)), w.length(c.Limit)
	case gate.Gone:
		return w.Language.Say("gate.figure.gone"), unit.Unknown
	case gate.Excluded:
		return w.Language.Say("gate.figure.excluded", "share", w.Language.Percent(c.Figure, 1)),
			w.Language.Percent(c.Limit, 0)
	case gate.Begun:
		return w.Language.Say("gate.figure.begun", "length", w.length(c.Figure)), w.length(c.Limit)
	case gate.Doubtful:
		figure, limit = w.would(c)
		return w.Language.Say("gate.figure.doubtful", "figure", figure), limit
	case gate.Earlier:
		figure, limit = w.would(c)
		return w.Language.Say("gate.figure.earlier", "figure", figure), limit
	}
	spent, limit := w.Language.Spent(o.Status.Budget.Spent), mayBeSpent(c)
	if o.Status.Budget.Projected() {
		return w.Language.Say("gate.figure.of_period", "spent", spent), limit
	}
	return w.Language.Say("gate.figure.spent", "spent", spent), limit
}

// would returns the figure that would close the gate, and its limit.
func (w Gate) would(c report.GateCheck) (figure, limit string) {
	switch c.Would {
	case gate.Burn:
		return w.Language.Say("gate.figure.burn", "rate", w.Language.Burn(c.Figure), "length", c.Over), c.Limit.String() + "×"
	case gate.Firing:
		return w.Language.Say("gate.figure.firing", "name", c.Name), unit.Unknown
	case gate.Forecast:
		return w.Language.Say("gate.figure.forecast", "length", w.length(c.Figure)), w.length(c.Limit)
	}
	spent := w.Language.Spent(slo.NumberOf(1).Sub(c.Figure))
	return w.Language.Say("gate.figure.spent", "spent", spent), mayBeSpent(c)
}

// figureBefore is GateFigure of the window before.
func (w Gate) figureBefore(b report.Standing, c report.GateCheck) (figure, limit string) {
	if c.Code == gate.NoData && c.Figure.Sign() > 0 && c.Figure.Cmp(c.Limit) < 0 {
		return w.Language.Say("gate.figure.before_coverage", "window", w.period(b.Window),
			"measured", w.Language.Percent(c.Figure, 1)), w.Language.Percent(c.Limit, 0)
	}
	if c.Code == gate.NoData {
		return w.Language.Say("gate.figure.before_no_data", "window", w.period(b.Window)), w.Language.Percent(c.Limit, 0)
	}
	if c.Code == gate.Excluded {
		return w.Language.Say("gate.figure.before", "spent", w.Language.Say("gate.figure.excluded",
			"share", w.Language.Percent(c.Figure, 1)), "window", w.period(b.Window)), w.Language.Percent(c.Limit, 0)
	}
	return w.Language.Say("gate.figure.before", "spent", w.Language.Spent(b.Budget.Spent),
		"window", w.period(b.Window)), mayBeSpent(c)
}

// alert is GateFigure of an alert policy.
func (w Gate) alert(c report.GateCheck) (figure, limit string) {
	if c.Since == nil {
		return w.Language.Say("gate.figure.quiet", "name", c.Name), unit.Unknown
	}
	return w.Language.Say("gate.figure.firing", "name", c.Name), unit.Unknown
}

// GateTitle returns the first line: the verdict, what it is about, and for how many
// reasons.
func GateTitle(g *report.Gate) string {
	w := Gate{g.Language, g.Zone}
	about := strings.Join(g.Services, ", ")
	if len(g.Services) > 3 {
		about = w.Language.Say("gate.services", "n", strconv.Itoa(len(g.Services)))
	}
	word, own := unit.English.Verdict(g.Verdict), w.Language.Verdict(g.Verdict)
	verdict := strings.ToUpper(word) // scripts look for it
	if own != word {
		verdict += " " + own
	}
	return w.Language.Say("gate.title", "verdict", verdict, "about", about,
		"reasons", w.Language.Counted("gate.reasons", g.Reasons),
		"objectives", w.Language.Counted("gate.objectives", len(g.Objectives)))
}

// GateOpening says when the gate opens again, "" if it is open.
func GateOpening(g *report.Gate) string {
	w := Gate{g.Language, g.Zone}
	switch {
	case g.Verdict == slo.CannotTell && len(g.Objectives) == 0:
		return w.Language.Say("gate.opens.objective")
	case g.Verdict == slo.CannotTell:
		return w.Language.Say("gate.opens.missing")
	case g.Verdict != slo.Closed:
		return ""
	}
	text := w.Language.Say("gate.opens.at") + w.opens(*g.Opens)
	if g.Opens.Other {
		text += w.Language.Say("gate.opens.other")
	}
	return text
}

func (w Gate) opens(o report.GateOpening) string {
	rate := w.Language.Burn(o.Rate)
	switch {
	case o.Stopped == nil:
		return w.Language.Say("gate.opens.cleared")
	case o.AtRate != nil && o.AtRate.Equal(*o.Stopped):
		return w.instant(*o.Stopped)
	case o.AtRate != nil:
		return w.Language.Say("gate.opens.rate", "instant", w.instant(*o.AtRate), "rate", rate,
			"stopped", w.instant(*o.Stopped))
	case o.Rate.Known():
		return w.Language.Say("gate.opens.never", "rate", rate, "stopped", w.instant(*o.Stopped))
	}
	return w.Language.Say("gate.opens.stopped", "stopped", w.instant(*o.Stopped))
}

// GateSays returns the verdict of a check; of one that an override lifts what that lets it
// be, who let it, and until when.
func GateSays(g *report.Gate, c report.GateCheck) string {
	if c.Lifted == "" || c.LiftedUntil == nil {
		return g.Language.Verdict(c.Verdict)
	}
	w := Gate{g.Language, g.Zone}
	return w.Language.Say("gate.overridden", "weight", g.Language.Verdict(c.Weight), "verdict", g.Language.Verdict(c.Verdict),
		"owner", c.Lifted, "until", w.instant(*c.LiftedUntil))
}

// releaseFor is how long the override that is shown as an example holds.
const releaseFor = 4 * time.Hour

// GateOverride tells how to release all the same, for each file in words and what to write;
// none where the gate lets releases pass. It names what stops the release alone.
func GateOverride(g *report.Gate) []string {
	w := Gate{g.Language, g.Zone}
	var files []string
	stops := map[string][]report.GateObjective{}
	for _, o := range g.Objectives {
		if o.Verdict.Rank() > slo.CannotTell.Rank() {
			continue
		}
		if stops[o.File] == nil {
			files = append(files, o.File)
		}
		stops[o.File] = append(stops[o.File], o)
	}
	var out []string
	for _, file := range files {
		out = append(out, w.Language.Say("gate.override.how", "file", file),
			"  overrides: ["+strings.Join(exceptions(stops[file], g.At.Add(releaseFor)), ", ")+"]")
	}
	return out
}

// exceptions returns the overrides of objectives: one of those that are closed, and one of
// those of which too little is known, which is more to answer for.
func exceptions(stops []report.GateObjective, expires time.Time) []string {
	var closed, unknown []string
	for _, o := range stops {
		if slices.ContainsFunc(o.Reasons(), func(c report.GateCheck) bool { return c.Code.Unknown() }) {
			unknown = append(unknown, strconv.Quote(o.ID))
		} else {
			closed = append(closed, strconv.Quote(o.ID))
		}
	}
	write := func(only []string, missing string) string {
		return fmt.Sprintf("{owner: YOU, reason: WHY, expires: %s, only: [%s], then: open%s}",
			expires.UTC().Format(time.RFC3339), strings.Join(only, ", "), missing)
	}
	var out []string
	if len(closed) > 0 {
		out = append(out, write(closed, ""))
	}
	if len(unknown) > 0 {
		out = append(out, write(unknown, ", missing: true"))
	}
	return out
}
