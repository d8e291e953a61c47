package markdown

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
)

// Suggest writes a line for every target, and what has to be said of them.
func Suggest(w io.Writer, s *report.Suggestions) error {
	out := bufio.NewWriter(w)
	l := s.Language
	title, heads, now, share, none := "Targets that history would have met, %s – %s %s", "Objective|Met in the past|Target|Windows met|Pages a month", "now", "%s of windows", "none"
	short, warning := "%d windows of %s were measured, %d are needed: %s more of data", "A target follows from what users need. These only say what the system happens to do."
	if l == unit.Japanese {
		title, heads, now, share, none = "過去データが満たせた目標値、%s〜%s %s", "SLO|目安|目標値|達成した期間|月あたり呼び出し", "現在", "過去の%s", "なし"
		short, warning = "測定された対象期間(%[2]s)が%[1]d個、%[3]d個必要です。あと%[4]s分のデータが必要です", "目標値は利用者が必要とするものから決めます。ここにあるのは、システムがたまたま示した実績にすぎません。"
	}
	title = fmt.Sprintf(title, l.DateTime(s.From, s.Zone), l.DateTime(s.To, s.Zone), s.Zone)
	fmt.Fprintf(out, "# %s\n\n**%s**\n\n", escape(title), warning)
	row(out, strings.Split(heads, "|")...)
	out.WriteString("|---|---|--:|--:|--:|\n")
	line := func(o report.Suggested, aim string, t report.SuggestedTarget) {
		target := none
		if t.Target > 0 {
			target = l.Target(t.Target)
		}
		row(out, escape(o.ID()), aim, target, l.Percent(t.Met, 0), l.Multiple(t.PerMonth))
	}
	var objectives []report.Objective
	for _, o := range s.Objectives {
		line(o, now, o.Now)
		for _, t := range o.Targets {
			line(o, fmt.Sprintf(share, l.Percent(t.Share, 0)), t)
		}
		failed := o.Failed
		if failed == "" && len(o.Targets) == 0 {
			failed = fmt.Sprintf(short, o.Windows, l.Duration(o.Length), o.Needed, l.Duration(o.Missing))
		}
		objectives = append(objectives, report.Objective{
			Service: o.Service, Name: o.Name, Labels: o.Labels, By: o.By, Warnings: o.Warnings, Failed: failed,
		})
	}
	warnings(out, &report.Status{Language: l, Objectives: objectives, Sources: s.Sources})
	return out.Flush()
}
