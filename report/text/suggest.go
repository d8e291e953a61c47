package text

import (
	"bufio"
	"fmt"
	"io"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo/diag"
)

// Suggest writes the targets that history would have met, a line each, and what has
// to be said of them.
func Suggest(w io.Writer, s *report.Suggestions, opts Options) error {
	out := bufio.NewWriter(w)
	l, p := s.Language, suggestPhrasesOf(s.Language)
	fmt.Fprintf(out, p.title+"\n\n", l.DateTime(s.From, s.Zone), l.DateTime(s.To, s.Zone), s.Zone)
	var rows [][]cell
	var ns notes
	add := func(o report.Suggested, text string) { ns.add(note{label: phrasesOf(l).note, text: text}, o.ID()) }
	for _, o := range s.Objectives {
		rows = append(rows, suggested(l, p, o, o.Now, p.now))
		for _, t := range o.Targets {
			rows = append(rows, suggested(l, p, o, t, fmt.Sprintf(p.share, l.Percent(t.Share, 0))))
		}
		if len(o.Targets) == 0 && o.Failed == "" {
			add(o, fmt.Sprintf(p.missing, o.Windows, l.Duration(o.Length), o.Needed, l.Duration(o.Missing)))
		}
		if o.Rough() {
			add(o, fmt.Sprintf(p.overlap, o.Windows, l.Duration(o.Length), l.Duration(o.History(s.To))))
		}
		if len(o.Targets) > 0 && !o.Targets[0].Proven {
			add(o, p.unproven)
		}
	}
	if len(rows) > 0 {
		heads := []head{{p.objective, false}, {p.aim, false}, {p.target, true}, {p.met, true}, {p.pages, true}}
		newGrid(heads, rows).write(out, opts.Color)
		out.WriteByte('\n')
	}
	fmt.Fprintln(out, p.warning)
	if !opts.Quiet {
		suggestNotes(&ns, s)
		out.WriteByte('\n')
	}
	for _, n := range ns {
		n.write(out, phrasesOf(l), opts.Color)
	}
	return out.Flush()
}

func suggested(l unit.Language, p suggestPhrases, o report.Suggested, t report.SuggestedTarget, aim string) []cell {
	target := p.none
	if t.Target > 0 {
		target = l.Target(t.Target)
	}
	if !t.Proven && t.Target > 0 {
		target = "> " + target
	}
	met, pages := narrow(l.Percent(t.Met, 0)), narrow(l.Multiple(t.PerMonth))
	return []cell{{text: cut(diag.Escape(o.ID()), maxName)}, {text: aim}, {text: target}, {text: met}, {text: pages}}
}

// suggestNotes adds what is to know of the data.
func suggestNotes(ns *notes, s *report.Suggestions) {
	p := phrasesOf(s.Language)
	for _, o := range s.Objectives {
		if o.Failed != "" {
			ns.add(note{label: p.failed, color: red, text: o.Failed}, o.ID())
		}
		for _, f := range o.Warnings {
			ns.add(finding(f, p), o.ID())
		}
	}
	for _, src := range s.Sources {
		for _, f := range src.Notes {
			ns.add(finding(f, p), sourceName(src, f))
		}
	}
}

// suggestPhrases are the texts of suggestions.
type suggestPhrases struct {
	title, objective, aim, target, met, pages, now, share, none string
	missing, unproven, overlap, warning                         string
}

func suggestPhrasesOf(l unit.Language) suggestPhrases {
	if l == unit.Japanese {
		return suggestPhrases{
			title:     "過去データが満たせた目標値、%s〜%s %s",
			objective: "SLO", aim: "目安", target: "目標値", met: "達成した期間", pages: "月あたり呼び出し", now: "現在", share: "過去の%s", none: "なし",
			missing:  "過去データが足りません。測定された対象期間(%[2]s)が%[1]d個、%[3]d個必要です。あと%[4]s分のデータが必要です",
			unproven: "不良イベントが1件もないため、件数から95%の信頼度で言える目標値にとどめます",
			overlap:  "対象期間%d個(%s)は互いに重なっており、データは%s分しかないため、割合は目安です",
			warning:  "注意: 目標値は利用者が必要とするものから決めます。ここにあるのは、システムがたまたま示した実績にすぎません。\n達成した期間は1日ずつずらした対象期間の割合、呼び出しは既定のページ用ポリシーによる30日あたりの回数です。",
		}
	}
	return suggestPhrases{
		title:     "Targets that history would have met, %s - %s %s",
		objective: "OBJECTIVE", aim: "MET IN THE PAST", target: "TARGET", met: "WINDOWS MET", pages: "PAGES A MONTH", now: "now", share: "%s of windows", none: "none",
		missing:  "history is too short: %d windows of %s were measured, %d are needed: %s more of data",
		unproven: "not one event was bad: the targets are what so many events prove at 95 % confidence",
		overlap:  "the %d windows of %s overlap: there is %s of data, so the shares are rough",
		warning: "A target follows from what users need. These only say what the system happens to do: ask how many failures its users put up with.\n" +
			"Windows met: of the objective's window, slid by days. Pages: firings of the default page policy in 30 days; - where it cannot fire.",
	}
}
