package markdown

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
)

// Backtest writes a line for every policy of every objective, and the rule by
// which firings are held against incidents.
func Backtest(w io.Writer, b *report.Backtest) error {
	out := bufio.NewWriter(w)
	l, p := b.Language, backtestWordsOf(b.Language)
	title := fmt.Sprintf(p.title, l.DateTime(b.From, b.Zone), l.DateTime(b.To, b.Zone), b.Zone)
	fmt.Fprintf(out, "# %s\n\n", escape(title))
	row(out, strings.Split(p.heads, "|")...)
	out.WriteString("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, o := range b.Objectives {
		for _, a := range o.Policies {
			alerted(out, l, o.ID(), a)
		}
	}
	if len(b.Objectives) > 1 {
		for _, a := range b.Total {
			alerted(out, l, p.all, a)
		}
	}
	tuning(out, b)
	if b.Incidents == report.FromCounts {
		fmt.Fprintf(out, "\n%s\n", escape(p.found))
	}
	fmt.Fprintf(out, "\n%s\n", escape(p.rule))
	if b.Outside > 0 {
		fmt.Fprintf(out, "\n%s\n", escape(fmt.Sprintf(p.outside, b.Outside)))
	}
	var objectives []report.Objective
	for _, o := range b.Objectives {
		objectives = append(objectives, report.Objective{
			Service: o.Service, Name: o.Name, Labels: o.Labels, By: o.By, Warnings: o.Warnings, Failed: o.Failed,
		})
	}
	warnings(out, &report.Status{Language: l, Objectives: objectives, Sources: b.Sources})
	return out.Flush()
}

func alerted(out *bufio.Writer, l unit.Language, name string, a report.Alerted) {
	row(out, escape(name), escape(a.Name), l.Count(a.Times()), l.Multiple(a.PerWeek),
		l.Count(a.Detected), l.Count(a.Late), l.Count(a.Missed), l.Count(a.False),
		l.Percent(a.Precision, 0), l.Percent(a.Recall, 0),
		words.Spread(a.Detection, l.Lapse), words.Spread(a.Reset, l.Lapse), words.Spread(a.Spent, l.Spent))
}

// tuning writes the policies that a search weighed against each other, and the one
// to paste.
func tuning(out *bufio.Writer, b *report.Backtest) {
	t, l := b.Tuning, b.Language
	if t == nil {
		return
	}
	p := backtestWordsOf(l)
	fmt.Fprintf(out, "\n**%s**\n\n", escape(p.tuning))
	row(out, strings.Split(p.tuned, "|")...)
	out.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|\n")
	rows, more := t.Rows()
	for _, shown := range rows {
		policy := shown.Tuned
		held := []string{unit.Unknown, unit.Unknown, unit.Unknown}
		if policy.HeldOut != nil {
			held = outcomes(l, *policy.HeldOut)
		}
		name, chosen := escape(policy.Policy+p.parts[shown.Part]), fmt.Sprintf("%d/%d", policy.Chosen, t.Folds)
		row(out, slices.Concat([]string{name}, outcomes(l, policy.InSample), []string{chosen}, held)...)
	}
	if more > 0 {
		fmt.Fprintf(out, "\n%s\n", escape(fmt.Sprintf(p.more, more)))
	}
	if t.Own {
		fmt.Fprintf(out, "\n%s\n", escape(p.own))
	}
	fmt.Fprintf(out, "\n```yaml\n%s```\n", t.YAML)
}

func outcomes(l unit.Language, o report.Outcomes) []string {
	return []string{fmt.Sprintf("%d/%d", o.Missed, o.Incidents), l.Lapse(o.Late), l.Count(slo.NumberOf(int64(o.False)))}
}

// backtestWords are the texts of a backtest.
type backtestWords struct {
	title, heads, all, found, rule, outside, tuning, tuned, more, own string
	parts                                                             map[report.Part]string
}

func backtestWordsOf(l unit.Language) backtestWords {
	if l == unit.Japanese {
		return backtestWords{
			title:   "過去データでの検証: %s〜%s %s",
			heads:   "SLO|アラート|発報数|週あたり|検知|検知遅れ|検知漏れ|誤検知|適合率|再現率|検知まで(中央値 / 最悪値)|解除まで|検知前の消費率",
			all:     "全SLO",
			tuning:  "ページ用ポリシー(既定、推奨、その他の順)",
			more:    "その他のポリシー: %d件。",
			own:     "既定のポリシーはSLOの期間によって異なるため、defaultは各SLO自身の既定を指します。",
			parts:   map[report.Part]string{report.Unchanged: "(既定)", report.Widened: "(既定、データに合わせて拡大)", report.Recommended: "(推奨)"},
			tuned:   "ポリシー|検知漏れ|検知時間計|誤検知|選択した分割|未学習: 検知漏れ|検知時間計|誤検知",
			outside: "この期間の外にあり判定していない、ファイル内の障害: %d件。",
			found:   "障害は計測値からninesが見つけたもので、人の確認はありません。",
			rule:    "発報は [発生, 復旧 + 猶予) と重なる障害に属し、どの障害にも属さない発報は誤検知です。発生の前後の猶予内に発報が始まった障害は検知、その後に始まったものは検知遅れ、なければ検知漏れです。障害の発生時に猶予より長く続いていた発報は検知とみなしません。",
		}
	}
	return backtestWords{
		title:   "What the alerts would have done, %s – %s %s",
		heads:   "Objective|Alert|Fired|Per week|Detected|Late|Missed|False|Precision|Recall|Detection (median / worst)|Reset|Spent before",
		all:     "all objectives",
		tuning:  "Page policies: the default, the recommended one, and those that no other beats in everything",
		more:    "Policies that are left out here: %d.",
		own:     "The default differs between these objectives, by their windows: \"default\" stands for each one's own.",
		parts:   map[report.Part]string{report.Unchanged: " (default)", report.Widened: " (default, as wide as the data asks for)", report.Recommended: " (recommended)"},
		tuned:   "Policy|Missed|Delay|False|Chosen by folds|Held out: missed|Delay|False",
		outside: "Incidents of the file that lie outside of this time and are not judged: %d.",
		found:   "Incidents are those that nines finds in the counts, confirmed by nobody.",
		rule:    "Matching: " + report.Matching + ".",
	}
}
