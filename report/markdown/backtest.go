package markdown

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// Backtest writes a line for every policy of every objective, and the rule by
// which firings are held against incidents.
func Backtest(w io.Writer, b *report.Backtest) error {
	out := diag.NewPage(w, diag.Text, false)
	l := b.Language
	title := l.Say("markdown.backtest.title",
		"from", l.DateTime(b.From, b.Zone), "to", l.DateTime(b.To, b.Zone), "zone", b.Zone.String())
	fmt.Fprintf(out, "# %s\n\n", escape(title))
	row(out, strings.Split(l.Say("markdown.backtest.heads"), "|")...)
	out.WriteString("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, o := range b.Objectives {
		for _, a := range o.Policies {
			alerted(out, l, o.ID(), a)
		}
	}
	if len(b.Objectives) > 1 {
		for _, a := range b.Total {
			alerted(out, l, l.Say("backtest.all"), a)
		}
	}
	tuning(out, b)
	if b.Incidents == report.FromCounts {
		fmt.Fprintf(out, "\n%s\n", escape(l.Say("markdown.backtest.found")))
	}
	fmt.Fprintf(out, "\n%s\n", escape(l.Say("markdown.backtest.rule")))
	if b.Outside > 0 {
		fmt.Fprintf(out, "\n%s\n", escape(l.Say("backtest.outside", "n", strconv.Itoa(b.Outside))))
	}
	for _, text := range []string{words.Ranges(l, b.Ranges), words.Delays(l, b), words.OwnDays(l, b)} {
		if text != "" {
			fmt.Fprintf(out, "\n%s\n", escape(text))
		}
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

func alerted(out *diag.Screen, l unit.Language, name string, a report.Alerted) {
	row(out, escape(name), escape(a.Name), l.Count(a.Times()), l.Multiple(a.PerWeek),
		l.Count(a.Detected), l.Count(a.Late), l.Count(a.Missed), l.Count(a.False),
		l.Percent(a.Precision, 0), l.Percent(a.Recall, 0),
		words.Spread(a.Detection, l.Lapse), words.Spread(a.Reset, l.Lapse), words.Spread(a.Spent, l.Spent))
}

// tuning writes the policies that a search weighed against each other, and the one
// to paste.
func tuning(out *diag.Screen, b *report.Backtest) {
	t, l := b.Tuning, b.Language
	if t == nil {
		return
	}
	if text := words.Unseen(l, t); text != "" {
		fmt.Fprintf(out, "\n**%s**\n", escape(text))
	}
	fmt.Fprintf(out, "\n**%s**\n\n", escape(l.Say("markdown.tuning.title")))
	row(out, strings.Split(l.Say("markdown.tuning.heads"), "|")...)
	out.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	rows, more := t.Rows()
	for _, shown := range rows {
		policy := shown.Tuned
		held := slices.Repeat([]string{unit.Unknown}, 5)
		if policy.HeldOut != nil {
			held = outcomes(l, *policy.HeldOut)
		}
		name, chosen := escape(tunedName(l, shown)), fmt.Sprintf("%d/%d", policy.Chosen, t.Folds)
		row(out, slices.Concat([]string{name}, outcomes(l, policy.InSample), []string{chosen}, held)...)
	}
	if more > 0 {
		fmt.Fprintf(out, "\n%s\n", escape(l.Say("markdown.tuning.more", "n", strconv.Itoa(more))))
	}
	fmt.Fprintf(out, "\n%s\n\n%s\n", escape(words.TuningRule(l, t)), escape(words.HeldOut(l, t)))
	if t.Own {
		fmt.Fprintf(out, "\n%s\n", escape(l.Say("tuning.own")))
	}
	fmt.Fprintf(out, "\n%s\n", escape(words.Tuned(l, t)))
	fmt.Fprintf(out, "\n```yaml\n%s```\n", t.YAML)
}

// tunedName returns a policy with what it is among those that were weighed.
func tunedName(l unit.Language, row report.TuningRow) string {
	name := row.Tuned.Policy
	switch row.Part {
	case report.Unchanged:
		return name + l.Say("tuning.by_default")
	case report.Widened:
		name += l.Say("tuning.wider")
	case report.Silenced:
		return l.Say("tuning.silent")
	}
	if row.Best {
		name += l.Say("markdown.tuning.recommended")
	}
	return name
}

func outcomes(l unit.Language, o report.Outcomes) []string {
	return []string{fmt.Sprintf("%d/%d", o.Detected, o.Incidents), l.Percent(o.Recall, 0), l.Lapse(o.DelayTime),
		l.Count(slo.NumberOf(int64(o.False))), l.Multiple(o.PerWeek)}
}
