package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/gate"
)

// gateWords are the sentences of a gate, each whole in its language.
type gateWords struct {
	unit.Language
	zone *time.Location
}

func (w gateWords) say(en, ja string, args ...any) string {
	if w.Language == unit.Japanese {
		en = ja
	}
	return fmt.Sprintf(en, args...)
}

// check says what a check found of o.
func (w gateWords) check(o GateObjective, c GateCheck) string {
	switch c.Code {
	case gate.Stale:
		return w.say("its newest data is %s old, more than %s", "最新データが%s前のもので、上限の%sを超過", w.length(c.Figure), w.length(c.Limit))
	case gate.Young:
		return w.say("its data begins inside the window: %s", "データが対象期間の途中から始まる(%s)", w.Of(duration(c.Figure), duration(c.Limit)))
	case gate.NoData:
		return w.noData(o.Status)
	}
	return w.spent(o.Status, c)
}

func (w gateWords) noData(o Objective) string {
	switch {
	case o.Failed != "":
		return w.say("no data: %s", "データなし: %s", o.Failed)
	case o.Buckets.Measured == 0:
		return w.say("no data: nothing was measured in its window (%s)", "データなし: 対象期間(%s)に計測値がない", w.Window(o.Window.Kind, o.Window.Length))
	case !o.SLI.Known():
		return w.say("no data: its window (%s) has no valid event", "データなし: 対象期間(%s)に有効なイベントがない", w.Window(o.Window.Kind, o.Window.Length))
	}
	return w.say("no data: %s of its time was measured, at least %s must be", "データなし: データ取得率が%sで、必要な%sに満たない", w.Percent(o.Coverage, 1), w.Percent(o.MinCoverage, 0))
}

// spent says how much of the deciding budget is spent, and of one that is spent
// what it lacks.
func (w gateWords) spent(o Objective, c GateCheck) string {
	spent, limit := w.Spent(o.Deciding().Spent), w.Spent(slo.NumberOf(1).Sub(c.Limit))
	text := w.say("%s of its budget is spent, %s may be", "エラーバジェットの%sを消費(上限%s)", spent, limit)
	left, minutes := o.Budget.Left, o.Budget.Minutes.Remaining
	if p := o.Budget.Projected; p != nil {
		text = w.say("%s of the whole period's budget is spent, %s may be", "期間全体のエラーバジェットの%sを消費(上限%s)", spent, limit)
		left, minutes = p.Left, slo.Number{}
	}
	if c.Verdict == slo.Open {
		return text
	}
	return text + w.say(": %s", "、%s", w.Failures(left, minutes, o.Slices != nil))
}

// length returns a number of minutes in words.
func (w gateWords) length(minutes slo.Number) string { return w.Duration(duration(minutes)) }

// duration returns a whole number of nanoseconds, given in minutes.
func duration(minutes slo.Number) time.Duration {
	return time.Duration(minutes.Mul(slo.NumberOf(int64(time.Minute))).Float())
}

// hint says what mends a reason, "" if there is none.
func (w gateWords) hint(o GateObjective, c GateCheck) string {
	switch {
	case c.Verdict == slo.Open:
		return ""
	case c.Code == gate.Young:
		return w.say("if the promise began then, add this line to the slo: since: %s", "約束がその時点で始まったのなら、sloに次の行を加える: since: %s",
			o.Status.Window.Since.UTC().Format(time.RFC3339))
	case c.Code == gate.Stale:
		return w.say("bring its source up to date and run again", "データソースを最新にして再実行する")
	case c.Code == gate.NoData && o.Status.Failed != "":
		return w.say("mend what is wrong with its source and run again", "データソースの問題を直して再実行する")
	case c.Code == gate.NoData:
		return w.say("bring the missing data and run again", "欠けているデータを補って再実行する")
	}
	return w.say("see what failed: %s", "内訳を見る: %s", "nines explain "+quoteShell(o.ID)+" "+quoteShell(c.file))
}

// quoteShell returns s as one word of a shell's command line.
func quoteShell(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// Figure returns what a check looked at in a few characters, and its limit.
func (g *Gate) Figure(o GateObjective, c GateCheck) (figure, limit string) {
	w := gateWords{g.Language, g.Zone}
	switch c.Code {
	case gate.Stale:
		return w.say("%s old", "%s前", w.length(c.Figure)), w.length(c.Limit)
	case gate.Young:
		return w.length(c.Figure), w.length(c.Limit)
	case gate.NoData:
		return w.say("%s measured", "取得率%s", w.Percent(c.Figure, 1)), w.Percent(c.Limit, 0)
	}
	spent, limit := w.Spent(o.Status.Deciding().Spent), w.Spent(slo.NumberOf(1).Sub(c.Limit))
	if o.Status.Budget.Projected != nil {
		return w.say("%s of period", "期間全体の%s", spent), limit
	}
	return w.say("%s spent", "%s消費", spent), limit
}

// Title returns the first line: the verdict, what it is about, and for how many
// reasons.
func (g *Gate) Title() string {
	w := gateWords{g.Language, g.Zone}
	about := strings.Join(g.Services, ", ")
	if len(g.Services) > 3 {
		about = w.say("%d services", "サービス%d件", len(g.Services))
	}
	reasons, objectives := w.count(g.Reasons, "reason", "理由%d件"), w.count(len(g.Objectives), "objective", "SLO %d件")
	verdict := strings.ToUpper(unit.English.Verdict(g.Verdict)) + w.say("", " "+w.Verdict(g.Verdict)) // scripts look for the word
	return fmt.Sprintf("gate: %s  %s  (%s, %s)", verdict, about, reasons, objectives)
}

func (w gateWords) count(n int, en, ja string) string {
	if n != 1 {
		en += "s"
	}
	return w.say("%d "+en, ja, n)
}

// Opening says when the gate opens again, "" if it is open.
func (g *Gate) Opening() string {
	w := gateWords{g.Language, g.Zone}
	switch {
	case g.Verdict == slo.CannotTell && len(g.Objectives) == 0:
		return w.say("opens again: once there is an objective to judge", "再開の見込み: 判定対象のSLOがあれば")
	case g.Verdict == slo.CannotTell:
		return w.say("opens again: once there is data to judge by", "再開の見込み: 判定に必要なデータが揃えば")
	case g.Verdict != slo.Closed:
		return ""
	}
	text := w.say("opens again: ", "再開の見込み: ") + w.opens(*g.Opens)
	if g.Opens.Other {
		text += w.say("; and not without data for what has none", "。データのないSLOにはデータも必要")
	}
	return text
}

func (w gateWords) opens(o GateOpening) string {
	rate := w.Burn(o.Rate)
	switch {
	case o.Stopped == nil:
		return w.say("not by itself", "自動では再開しない")
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

func (w gateWords) instant(t time.Time) string {
	zone := w.zone
	if zone == nil {
		zone = time.UTC
	}
	return w.DateTime(t, zone) + " " + zone.String()
}
