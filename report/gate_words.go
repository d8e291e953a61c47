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
		return w.noData(o.Status, o.Newest)
	case gate.Calendar:
		return w.say("nobody knows when its freeze is: %s", "リリース凍結の期間が不明: %s", c.of.Name)
	case gate.Partial:
		return w.say("its burn rate cannot be told: %s of the last %s was measured, at least %s must be", "バーンレート判定不能: 直近%[2]sのデータ取得率が%[1]sで、必要な%[3]sに満たない", w.Percent(c.Figure, 1), w.Duration(c.of.Over), w.Percent(c.Limit, 0))
	case gate.Unheard:
		return w.say("nobody can tell whether alert %s fires: data is missing", "アラート%sが発報中かどうか判定不能: データなし", c.of.Name)
	case gate.NoRule:
		return w.say("no rule is for it; %s of its budget is spent", "対象となるルールなし(エラーバジェットの%sを消費)", w.Spent(o.Status.Deciding().Spent))
	case gate.Burn:
		return w.burning(c)
	case gate.Firing:
		return w.firing(c)
	case gate.Forecast:
		return w.forecast(c)
	case gate.Unforeseen:
		return w.say("no forecast: %s days of history, %s are needed and have to show that it works", "予測不能: 履歴%s日分(必要%s日分、精度の検証を含む)", c.Figure, c.Limit)
	case gate.Hours:
		return w.say("no release at this time", "この時間帯はリリース不可")
	case gate.Freeze:
		return w.say("release freeze %q", "リリース凍結「%s」", c.of.Name)
	}
	return w.spent(o.Status, c)
}

func (w gateWords) burning(c GateCheck) string {
	if !c.Figure.Known() {
		return w.say("it has no burn rate: there was no valid event in %s", "直近%sに有効なイベントがなく、バーンレートなし", w.Duration(c.of.Over))
	}
	most := w.say("at most %s", "上限%s", c.Limit.String()+"×")
	if c.of.AtLimit {
		most = w.say("less than %s", "%s未満が条件", c.Limit.String()+"×")
	}
	text := w.say("its burn rate over %s is %s, %s may be", "直近%sのバーンレートが%s(%s)", w.Duration(c.of.Over), w.Burn(c.Figure), most)
	if !c.of.Evidence.Asked() {
		return text
	}
	return text + w.say("; with %s confidence it is at least %s", "、信頼度%sで%s以上", w.Percent(c.of.Evidence.Confidence, 0), w.AtLeast(c.of.Least))
}

func (w gateWords) forecast(c GateCheck) string {
	chance := w.Percent(c.of.Chance, 0)
	if !c.Figure.Known() {
		return w.say("in %s of the likely futures its budget lasts until the window's end", "起こりうる将来の%s以上で対象期間末までエラーバジェットは枯渇しない", w.Percent(slo.NumberOf(1).Sub(c.of.Chance), 0))
	}
	if c.Verdict == slo.Open {
		return w.say("in %[2]s of the likely futures its budget is gone in %[1]s, not before %[3]s", "起こりうる将来の%[2]sで%[1]s後にエラーバジェットが枯渇(限度%[3]s)", w.length(c.Figure), chance, w.length(c.Limit))
	}
	return w.say("in %[2]s of the likely futures its budget is gone in %[1]s, the limit is %[3]s", "起こりうる将来の%[2]sで%[1]s以内にエラーバジェットが枯渇(限度%[3]s)", w.length(c.Figure), chance, w.length(c.Limit))
}

func (w gateWords) firing(c GateCheck) string {
	if c.of.Since.IsZero() {
		return w.say("no alert %s fires", "アラート%sは発報していない", c.of.Name)
	}
	return w.say("alert %s fires since %s", "アラート%sが%sから発報中", c.of.Name, w.instant(c.of.Since))
}

func (w gateWords) noData(o Objective, newest *time.Time) string {
	switch {
	case o.Failed != "":
		return w.say("no data: %s", "データなし: %s", o.Failed)
	case o.Buckets.Measured == 0 && newest != nil:
		return w.say("no data: nothing was measured in its window (%s), its newest data ends %s", "データなし: 対象期間(%s)に計測値がない(最新データは%sまで)", w.Window(o.Window.Kind, o.Window.Length), w.instant(*newest))
	case o.Buckets.Measured == 0:
		return w.say("no data: nothing was measured in its window (%s)", "データなし: 対象期間(%s)に計測値がない", w.Window(o.Window.Kind, o.Window.Length))
	case !o.SLI.Known() && o.Slices != nil && o.Slices.Total.Sign() == 0 && o.Measured.Sign() > 0:
		return w.say("no data: no slice of its window (%s) with valid events has ended", "データなし: 対象期間(%s)に有効なイベントのある時間枠がまだ終わっていない", w.Window(o.Window.Kind, o.Window.Length))
	case !o.SLI.Known():
		return w.say("no data: its window (%s) has no valid event", "データなし: 対象期間(%s)に有効なイベントがない", w.Window(o.Window.Kind, o.Window.Length))
	}
	return w.say("no data: %s of its time was measured, at least %s must be", "データなし: データ取得率が%sで、必要な%sに満たない", w.Percent(o.Coverage, 1), w.Percent(o.MinCoverage, 0))
}

// spent says how much of the deciding budget is spent, and of one that is spent
// what it lacks.
func (w gateWords) spent(o Objective, c GateCheck) string {
	spent, limit := w.Spent(o.Deciding().Spent), mayBeSpent(c)
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

// mayBeSpent returns the share of budget that c lets be spent, exact: "75%".
func mayBeSpent(c GateCheck) string {
	if !c.Limit.Known() {
		return unit.Unknown
	}
	share := slo.NumberOf(1).Sub(c.Limit).Mul(slo.NumberOf(100)).String() + "%"
	if c.of.AtLimit {
		return "<" + share
	}
	return share
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
	case c.Code == gate.Calendar:
		return w.say("mend the calendar and run again", "カレンダーを直して再実行する")
	case c.Code == gate.Unforeseen:
		return w.say("it comes with more history", "履歴が増えれば予測できる")
	case c.Code == gate.Hours, c.Code == gate.Freeze:
		return ""
	case c.Code == gate.NoData && !o.Status.SLI.Known() && o.Status.Measured.Sign() > 0:
		return w.say("run again later", "後で再実行する")
	case c.Code == gate.NoData, c.Code == gate.Partial, c.Code == gate.Unheard:
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
