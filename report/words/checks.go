package words

import (
	"fmt"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/gate"
)

// Gate holds the sentences of a gate, each whole in its language.
type Gate struct {
	Language unit.Language
	Zone     *time.Location // in which times are shown; nil: UTC
}

func (w Gate) say(en, ja string, args ...any) string {
	if w.Language == unit.Japanese {
		en = ja
	}
	return fmt.Sprintf(en, args...)
}

// Check says what a check found of o.
func (w Gate) Check(o report.GateObjective, c report.GateCheck) string {
	switch c.Code {
	case gate.Stale:
		return w.say("its newest data is %s old, more than %s", "最新データが%s前のもので、上限の%sを超過", w.length(c.Figure), w.length(c.Limit))
	case gate.Young:
		return w.say("its data begins inside the window: %s", "データが対象期間の途中から始まる(%s)", w.Language.Of(duration(c.Figure), duration(c.Limit)))
	case gate.NoData:
		return w.noData(o.Status, o.Newest)
	case gate.Calendar:
		return w.say("nobody knows when its freeze is: %s", "リリース凍結の期間が不明: %s", c.Of.Name)
	case gate.Partial:
		return w.say("its burn rate cannot be told: %s of the last %s was measured, at least %s must be", "バーンレート判定不能: 直近%[2]sのデータ取得率が%[1]sで、必要な%[3]sに満たない", w.Language.Percent(c.Figure, 1), w.Language.Duration(c.Of.Over), w.Language.Percent(c.Limit, 0))
	case gate.Unheard:
		return w.say("nobody can tell whether alert %s fires: data is missing", "アラート%sが発報中かどうか判定不能: データなし", c.Of.Name)
	case gate.NoRule:
		return w.say("no rule is for it; %s of its budget is spent", "対象となるルールなし(エラーバジェットの%sを消費)", w.Language.Spent(o.Status.Deciding().Spent))
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
		return w.say("release freeze %q", "リリース凍結「%s」", c.Of.Name)
	}
	return w.spent(o.Status, c)
}

func (w Gate) burning(c report.GateCheck) string {
	if !c.Figure.Known() {
		return w.say("it has no burn rate: there was no valid event in %s", "直近%sに有効なイベントがなく、バーンレートなし", w.Language.Duration(c.Of.Over))
	}
	most := w.say("at most %s", "上限%s", c.Limit.String()+"×")
	if c.Of.AtLimit {
		most = w.say("less than %s", "%s未満が条件", c.Limit.String()+"×")
	}
	text := w.say("its burn rate over %s is %s, %s may be", "直近%sのバーンレートが%s(%s)", w.Language.Duration(c.Of.Over), w.Language.Burn(c.Figure), most)
	if !c.Of.Evidence.Asked() {
		return text
	}
	return text + w.say("; with %s confidence it is at least %s", "、信頼度%sで%s以上", w.Language.Percent(c.Of.Evidence.Confidence, 0), w.Language.AtLeast(c.Of.Least))
}

func (w Gate) forecast(c report.GateCheck) string {
	chance := w.Language.Percent(c.Of.Chance, 0)
	if !c.Figure.Known() {
		return w.say("in %s of the likely futures its budget lasts until the window's end", "起こりうる将来の%s以上で対象期間末までエラーバジェットは枯渇しない", w.Language.Percent(slo.NumberOf(1).Sub(c.Of.Chance), 0))
	}
	if c.Verdict == slo.Open {
		return w.say("in %[2]s of the likely futures its budget is gone in %[1]s, not before %[3]s", "起こりうる将来の%[2]sで%[1]s後にエラーバジェットが枯渇(限度%[3]s)", w.length(c.Figure), chance, w.length(c.Limit))
	}
	return w.say("in %[2]s of the likely futures its budget is gone in %[1]s, the limit is %[3]s", "起こりうる将来の%[2]sで%[1]s以内にエラーバジェットが枯渇(限度%[3]s)", w.length(c.Figure), chance, w.length(c.Limit))
}

func (w Gate) firing(c report.GateCheck) string {
	if c.Of.Since.IsZero() {
		return w.say("no alert %s fires", "アラート%sは発報していない", c.Of.Name)
	}
	return w.say("alert %s fires since %s", "アラート%sが%sから発報中", c.Of.Name, w.instant(c.Of.Since))
}

func (w Gate) noData(o report.Objective, newest *time.Time) string {
	switch {
	case o.Failed != "":
		return w.say("no data: %s", "データなし: %s", o.Failed)
	case o.Buckets.Measured == 0 && newest != nil:
		return w.say("no data: nothing was measured in its window (%s), its newest data ends %s", "データなし: 対象期間(%s)に計測値がない(最新データは%sまで)", w.Language.Window(o.Window.Kind, o.Window.Length), w.instant(*newest))
	case o.Buckets.Measured == 0:
		return w.say("no data: nothing was measured in its window (%s)", "データなし: 対象期間(%s)に計測値がない", w.Language.Window(o.Window.Kind, o.Window.Length))
	case !o.SLI.Known() && o.Slices != nil && o.Slices.Total.Sign() == 0 && o.Measured.Sign() > 0:
		return w.say("no data: no slice of its window (%s) with valid events has ended", "データなし: 対象期間(%s)に有効なイベントのある時間枠がまだ終わっていない", w.Language.Window(o.Window.Kind, o.Window.Length))
	case !o.SLI.Known():
		return w.say("no data: its window (%s) has no valid event", "データなし: 対象期間(%s)に有効なイベントがない", w.Language.Window(o.Window.Kind, o.Window.Length))
	}
	return w.say("no data: %s of its time was measured, at least %s must be", "データなし: データ取得率が%sで、必要な%sに満たない", w.Language.Percent(o.Coverage, 1), w.Language.Percent(o.MinCoverage, 0))
}

// spent says how much of the deciding budget is spent, and of one that is spent
// what it lacks.
func (w Gate) spent(o report.Objective, c report.GateCheck) string {
	spent, limit := w.Language.Spent(o.Deciding().Spent), mayBeSpent(c)
	text := w.say("%s of its budget is spent, %s may be", "エラーバジェットの%sを消費(上限%s)", spent, limit)
	left, minutes := o.Budget.Left, o.Budget.Minutes.Remaining
	if p := o.Budget.Projected; p != nil {
		text = w.say("%s of the whole period's budget is spent, %s may be", "期間全体のエラーバジェットの%sを消費(上限%s)", spent, limit)
		left, minutes = p.Left, slo.Number{}
	}
	if c.Verdict == slo.Open {
		return text
	}
	return text + w.say(": %s", "、%s", w.Language.Failures(left, minutes, o.Slices != nil))
}

// mayBeSpent returns the share of budget that c lets be spent, exact: "75%".
func mayBeSpent(c report.GateCheck) string {
	if !c.Limit.Known() {
		return unit.Unknown
	}
	share := slo.NumberOf(1).Sub(c.Limit).Mul(slo.NumberOf(100)).String() + "%"
	if c.Of.AtLimit {
		return "<" + share
	}
	return share
}

// length returns a number of minutes in words.
func (w Gate) length(minutes slo.Number) string { return w.Language.Duration(duration(minutes)) }

// duration returns a whole number of nanoseconds, given in minutes.
func duration(minutes slo.Number) time.Duration {
	return time.Duration(minutes.Mul(slo.NumberOf(int64(time.Minute))).Float())
}

// Hint says what mends a reason, "" if there is none.
func (w Gate) Hint(o report.GateObjective, c report.GateCheck) string {
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
	return w.say("see what failed: %s", "内訳を見る: %s", "nines explain "+quoteShell(o.ID)+" "+quoteShell(c.File))
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
	who := w.say("by %s until %s, for %s (%s)", "承認者: %s、期限: %s、理由: %s(%s)", o.Owner, w.instant(o.Expires), o.Reason, o.Policy)
	switch {
	case o.Expired && at.Sub(o.Expires) < expiredFor:
		return w.say("expired override %s", "期限切れの例外承認 %s", who)
	case o.Expired:
		return ""
	case len(o.Lifts) > 0:
		return w.say("override of %s %s", "例外承認: %s、%s", strings.Join(o.Lifts, ", "), who)
	}
	return w.say("override that lifts nothing now, of %s %s", "例外承認(現在の対象なし): %s、%s", strings.Join(o.Only, ", "), who)
}
