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
	return []string{w.say("Verdict", "リリース判定"), g.Language.Words().Objective, w.say("Figure", "実績"), w.say("Limit", "限度"), w.say("Policy", "運用ルール")}
}

// GateFigure returns what a check looked at in a few characters, and its limit.
func GateFigure(g *report.Gate, o report.GateObjective, c report.GateCheck) (figure, limit string) {
	w := Gate{g.Language, g.Zone}
	switch c.Code {
	case gate.Stale:
		return w.say("%s old", "%s前", w.length(c.Figure)), w.length(c.Limit)
	case gate.Young:
		return w.length(c.Figure), w.length(c.Limit)
	case gate.Partial:
		return w.say("%s of %s measured", "直近%[2]sの取得率%[1]s", w.Language.Percent(c.Figure, 1), c.Over), w.Language.Percent(c.Limit, 0)
	case gate.Unheard:
		return w.say("%s unknown", "%s判定不能", c.Of.Name), unit.Unknown
	case gate.NoData:
		return w.say("%s measured", "取得率%s", w.Language.Percent(c.Figure, 1)), w.Language.Percent(c.Limit, 0)
	case gate.Burn:
		return w.say("%s over %s", "%[2]sで%[1]s", w.Language.Burn(c.Figure), c.Over), c.Limit.String() + "×"
	case gate.Firing:
		return w.alert(c)
	case gate.Forecast:
		if !c.Figure.Known() {
			return w.say("lasts", "枯渇せず"), w.length(c.Limit)
		}
		return w.say("gone in %s", "%sで枯渇", w.length(c.Figure)), w.length(c.Limit)
	case gate.Unforeseen:
		return w.say("no forecast", "予測不能"), unit.Unknown
	case gate.Hours:
		return w.say("hours", "時間帯"), unit.Unknown
	case gate.Calendar:
		return w.say("freeze", "リリース凍結"), unit.Unknown
	case gate.Freeze:
		return w.say("freeze: %s", "リリース凍結: %s", c.Of.Name), unit.Unknown
	}
	spent, limit := w.Language.Spent(o.Status.Deciding().Spent), mayBeSpent(c)
	if o.Status.Budget.Projected != nil {
		return w.say("%s of period", "期間全体の%s", spent), limit
	}
	return w.say("%s spent", "%s消費", spent), limit
}

// alert is GateFigure of an alert policy.
func (w Gate) alert(c report.GateCheck) (figure, limit string) {
	if c.Of.Since.IsZero() {
		return w.say("%s quiet", "%s発報なし", c.Of.Name), unit.Unknown
	}
	return w.say("%s fires", "%s発報中", c.Of.Name), unit.Unknown
}

// GateTitle returns the first line: the verdict, what it is about, and for how many
// reasons.
func GateTitle(g *report.Gate) string {
	w := Gate{g.Language, g.Zone}
	about := strings.Join(g.Services, ", ")
	if len(g.Services) > 3 {
		about = w.say("%d services", "サービス%d件", len(g.Services))
	}
	reasons, objectives := w.count(g.Reasons, "reason", "理由%d件"), w.count(len(g.Objectives), "objective", "SLO %d件")
	verdict := strings.ToUpper(unit.English.Verdict(g.Verdict)) + w.say("", " "+w.Language.Verdict(g.Verdict)) // scripts look for the word
	return fmt.Sprintf("gate: %s  %s  (%s, %s)", verdict, about, reasons, objectives)
}

func (w Gate) count(n int, en, ja string) string {
	if n != 1 {
		en += "s"
	}
	return w.say("%d "+en, ja, n)
}

// GateOpening says when the gate opens again, "" if it is open.
func GateOpening(g *report.Gate) string {
	w := Gate{g.Language, g.Zone}
	switch {
	case g.Verdict == slo.CannotTell && len(g.Objectives) == 0:
		return w.say("opens again: once there is an objective to judge", "再開の見込み: 判定対象のSLOがあれば")
	case g.Verdict == slo.CannotTell:
		return w.say("opens again: once what is missing is there", "再開の見込み: 欠けているものが揃えば")
	case g.Verdict != slo.Closed:
		return ""
	}
	text := w.say("opens again: ", "再開の見込み: ") + w.opens(*g.Opens)
	if g.Opens.Other {
		text += w.say("; and not while anything cannot be told", "。判定不能の理由の解消も必要")
	}
	return text
}

func (w Gate) opens(o report.GateOpening) string {
	rate := w.Language.Burn(o.Rate)
	switch {
	case o.Stopped == nil:
		return w.say("once what is said above holds no more", "上記の理由が解消されれば")
	case o.AtRate != nil && o.AtRate.Equal(*o.Stopped):
		return w.instant(*o.Stopped)
	case o.AtRate != nil:
		return w.say("about %s if errors go on as now (burn rate %s), %s if they stop now", "現在のペース(バーンレート%[2]s)で%[1]s頃、エラーが止まれば%[3]s頃",
			w.instant(*o.AtRate), rate, w.instant(*o.Stopped))
	case o.Rate.Known():
		return w.say("not while errors go on as now (burn rate %s); about %s if they stop now", "現在のペース(バーンレート%s)では再開しない。エラーが止まれば%s頃", rate, w.instant(*o.Stopped))
	}
	return w.say("about %s if there are no more errors", "エラーがなければ%s頃", w.instant(*o.Stopped))
}

// GateSays returns the verdict of a check, and that an override lifts it.
func GateSays(g *report.Gate, c report.GateCheck) string {
	if c.Lifted == "" {
		return g.Language.Verdict(c.Verdict)
	}
	w := Gate{g.Language, g.Zone}
	return w.say("%s, overridden", "%s(例外承認)", g.Language.Verdict(c.Verdict))
}

// releaseFor is how long the override that is shown as an example holds.
const releaseFor = 4 * time.Hour

// GateOverride tells how to release all the same, in two lines: in words, and what to
// write; none where the gate lets releases pass. Of several files it shows the one
// of the worst objective.
func GateOverride(g *report.Gate) []string {
	var stops []report.GateObjective
	for _, o := range g.Objectives {
		if o.Verdict.Rank() <= slo.CannotTell.Rank() {
			stops = append(stops, o)
		}
	}
	if len(stops) == 0 {
		return nil
	}
	w, file := Gate{g.Language, g.Zone}, fileOf(stops[0])
	where := file
	if others := slices.DeleteFunc(slices.Clone(stops), func(o report.GateObjective) bool { return fileOf(o) == file }); len(others) > 0 {
		where += w.say(" (and likewise for %s in its file)", "(%sもそのファイルで同様に)", others[0].ID)
	}
	only, missing := overridable(slices.DeleteFunc(stops, func(o report.GateObjective) bool { return fileOf(o) != file }))
	return []string{
		w.say("to release all the same, write under gate: in %s, with your names:", "例外としてリリースするには、%sのgate:に書く(ownerとreasonは書き換える):", where),
		fmt.Sprintf("  overrides: [{owner: YOU, reason: WHY, expires: %s, only: [%s], then: open%s}]",
			g.At.Add(releaseFor).UTC().Format(time.RFC3339), strings.Join(only, ", "), missing),
	}
}

// fileOf returns the SLO file of o.
func fileOf(o report.GateObjective) string { return o.Checks[0].File }

// overridable returns what an override of all these says of what it is for.
func overridable(stops []report.GateObjective) (only []string, missing string) {
	var services []string
	for _, o := range stops {
		only = append(only, strconv.Quote(o.ID))
		if service := strconv.Quote(o.Status.Service); !slices.Contains(services, service) {
			services = append(services, service)
		}
		if slices.ContainsFunc(o.Reasons(), func(c report.GateCheck) bool { return c.Code.Unknown() }) {
			missing = ", missing: true"
		}
	}
	if len(only) > 3 {
		only = services
	}
	return only, missing
}
