package words

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo/deploy"
)

// DeployHeadline says in one line which deploys are to blame, "" if nobody asked.
func DeployHeadline(l unit.Language, deploys []report.Deploy) string {
	if deploys == nil {
		return ""
	}
	count := map[deploy.Verdict]int{}
	for _, d := range deploys {
		count[d.Verdict()]++
	}
	p := deployPhrasesOf(l)
	fill := []string{"{n}", strconv.Itoa(len(deploys)), "{likely}", strconv.Itoa(count[deploy.Likely]), "{unknown}", strconv.Itoa(count[deploy.CannotTell])}
	if count[deploy.Likely] > 0 {
		worst := slices.MinFunc(deploys, func(a, b report.Deploy) int { return a.Effects[0].Compare(b.Effects[0]) })
		fill = append(fill, "{name}", worst.Name, "{objective}", worst.Effects[0].Objective, "{extra}", l.Share(worst.Effects[0].Extra.Least().Estimate))
	}
	template := p.none
	switch {
	case len(deploys) == 0:
		template = p.empty
	case len(deploys) == 1:
		template = p.only[deploys[0].Verdict()]
	case count[deploy.Likely] > 0:
		template = p.some
	}
	if len(deploys) > 1 && count[deploy.CannotTell] > 0 {
		template += p.unknown
	}
	return strings.NewReplacer(fill...).Replace(template + p.end)
}

// Blame is the word for a verdict on a deploy.
func Blame(l unit.Language, v deploy.Verdict) string {
	p := deployPhrasesOf(l)
	return map[deploy.Verdict]string{deploy.Likely: p.likely, deploy.NotLikely: p.notLikely, deploy.CannotTell: p.cannotTell}[v]
}

// Why says what e's verdict follows from, and what limits it: in one line, without
// a full stop.
func Why(l unit.Language, e report.DeployEffect) string {
	p := deployPhrasesOf(l)
	clauses := []string{p.reasons[e.Reason]}
	if e.Reason == deploy.Worse {
		least := e.Extra.Least()
		clauses[0] = fmt.Sprintf(p.worse, l.Share(least.Estimate), l.Shares(least.Low, least.High))
	}
	if judged := e.After.Total.Sign() > 0; judged && e.Reason != deploy.Pace {
		switch {
		case e.Usual.Weeks == 0:
			clauses = append(clauses, p.noUsual)
		case e.Usual.Deploys:
			clauses = append(clauses, p.usualDeploys)
		}
	}
	if e.Partial && e.After.End.After(e.After.Start) {
		clauses = append(clauses, fmt.Sprintf(p.partial, l.Duration(e.After.End.Sub(e.After.Start))))
	}
	if len(e.Shared) > 0 && e.Verdict != deploy.NotLikely {
		clauses = append(clauses, fmt.Sprintf(p.shared, names(e.Shared, e.More, p.comma, p.more)))
	}
	return strings.Join(clauses, p.between)
}

// maxShared is how many deploys are named that share a blame.
const maxShared = 3

// names lists the first few deploys, and counts the rest of them and others.
func names(deploys []report.DeployName, others int, comma, more string) string {
	var out []string
	for _, d := range deploys[:min(len(deploys), maxShared)] {
		out = append(out, d.Name)
	}
	text := strings.Join(out, comma)
	if n := len(deploys) + others - len(out); n > 0 {
		text += fmt.Sprintf(more, n)
	}
	return text
}

// deployPhrases are the words about deploys, each whole in its language.
type deployPhrases struct {
	only                                   map[deploy.Verdict]string
	empty, none, some, unknown, end        string // {n} {likely} {unknown} {name} {objective} {extra}
	likely, notLikely, cannotTell          string
	worse                                  string // extra, its range
	noUsual, usualDeploys, partial, shared string
	between, comma, more                   string
	reasons                                map[deploy.Reason]string
}

func deployPhrasesOf(l unit.Language) deployPhrases {
	if l == unit.Japanese {
		return japaneseDeploys()
	}
	return englishDeploys()
}

func englishDeploys() deployPhrases {
	return deployPhrases{
		empty: "There were no deploys in the period", end: ".",
		only: map[deploy.Verdict]string{
			deploy.Likely:     "The deploy of {name} likely cost error budget: {extra} of the budget of {objective}",
			deploy.NotLikely:  "The only deploy is not likely to have cost error budget",
			deploy.CannotTell: "Whether the only deploy cost error budget cannot be told",
		},
		none:    "None of {n} deploys is likely to have cost error budget",
		some:    "{likely} of {n} deploys likely cost error budget, most of all {name}: {extra} of the budget of {objective}",
		unknown: "; {unknown} could not be judged",
		likely:  "likely", notLikely: "not likely", cannotTell: "cannot tell",
		worse:   "%s of the budget more than before or usual (95%% interval: %s)",
		noUsual: "no earlier week to compare with", usualDeploys: "the usual hours followed deploys too",
		partial: "only %s after it so far", shared: "shares the blame with %s",
		between: "; ", comma: ", ", more: " and %d more",
		reasons: map[deploy.Reason]string{
			deploy.Pace:       "spent no faster than the budget allows",
			deploy.AsBefore:   "no worse than in the hours before",
			deploy.AsUsual:    "no worse than usual at these hours",
			deploy.Little:     "hardly more than before or usual",
			deploy.Early:      "nothing is known of the hours after yet",
			deploy.Excluded:   "the hours after are excluded",
			deploy.Unmeasured: "too little of the hours after was measured",
			deploy.Empty:      "nothing was counted in the hours after",
			deploy.Alone:      "too little was measured in the hours before",
			deploy.Unclear:    "may be chance: too few events, or it varies as much without a deploy",
		},
	}
}

func japaneseDeploys() deployPhrases {
	return deployPhrases{
		empty: "期間中のデプロイはなし", end: "。",
		only: map[deploy.Verdict]string{
			deploy.Likely:     "デプロイ{name}がエラーバジェットを消費した可能性が高く、{objective}のバジェットの{extra}",
			deploy.NotLikely:  "1件のデプロイがエラーバジェットを消費した可能性は低い",
			deploy.CannotTell: "1件のデプロイがエラーバジェットを消費したかは判定不能",
		},
		none:    "デプロイ{n}件のいずれも、エラーバジェットを消費した可能性は低い",
		some:    "デプロイ{n}件中{likely}件がエラーバジェットを消費した可能性が高く、最大は{name}で{objective}のバジェットの{extra}",
		unknown: "。{unknown}件は判定不能",
		likely:  "可能性が高い", notLikely: "可能性は低い", cannotTell: "判定不能",
		worse:   "デプロイ前や通常よりバジェットの%s多い(95%%区間: %s)",
		noUsual: "比較できる過去の週がない", usualDeploys: "通常とした時間もデプロイの直後",
		partial: "まだデプロイ後%sのみ", shared: "%sと重なる",
		between: "、", comma: "、", more: "ほか%d件",
		reasons: map[deploy.Reason]string{
			deploy.Pace:       "消費はバジェットの許す速さ以内",
			deploy.AsBefore:   "デプロイ前の時間より悪くない",
			deploy.AsUsual:    "この時間帯の通常より悪くない",
			deploy.Little:     "デプロイ前や通常とほぼ同じ",
			deploy.Early:      "デプロイ後のデータがまだない",
			deploy.Excluded:   "デプロイ後の時間は除外されている",
			deploy.Unmeasured: "デプロイ後の計測が足りない",
			deploy.Empty:      "デプロイ後に数えられたものがない",
			deploy.Alone:      "デプロイ前の計測が足りない",
			deploy.Unclear:    "偶然の可能性がある(件数が少ないか、デプロイなしでも同じほど変動する)",
		},
	}
}
