// Package letter writes messages: it puts what the model says into the order in which
// people read it. The sentences are those of package words; marks and forms are those
// of the places that messages go to.
package letter

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/json"
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
)

// Summary returns the message of a summary: the headline, then only what needs
// attention, worst first, then the gate, alerts, incidents and deploys of the period,
// each only if there is something to say.
func Summary(b *report.Brief) (notify.Message, error) {
	var data bytes.Buffer
	if err := json.Brief(&data, b); err != nil {
		return notify.Message{}, err
	}
	m := notify.Message{
		Kind: "summary", Language: b.Language, At: b.At, Headline: b.Headline, State: b.Worst(),
		Notes: notes(b), Data: data.Bytes(),
	}
	for _, s := range []notify.Section{needy(b), gate(b), alerts(b), incidents(b), deploys(b)} {
		if len(s.Rows) > 0 {
			m.Sections = append(m.Sections, s)
		}
	}
	if b.Link != "" {
		m.Links = []notify.Link{{Text: b.Language.Say("brief.link"), URL: b.Link}}
	}
	return m, nil
}

func needy(b *report.Brief) notify.Section {
	s := notify.Section{Title: b.Language.Say("brief.needy")}
	for _, o := range b.Needy() {
		r := notify.Row{State: o.State(), Name: o.ID, Text: words.Stands(b, o)}
		switch {
		case o.Ended():
			r.Spent = o.Before.Budget.Spent
		case o.Standing.State != slo.NoData:
			r.Spent = o.Standing.Budget.Spent
		}
		gap, unread := words.Uncounted(b, o)
		r.More = said(
			gap, unread,
			words.AheadOfTime(b.Language, o), words.Changed(b, o), words.Actual(b, o), words.RunsOut(b.Language, o.Forecast),
		)
		s.Rows = append(s.Rows, r)
	}
	return s
}

// said returns the texts that say something.
func said(texts ...string) []string {
	var out []string
	for _, text := range texts {
		if text != "" {
			out = append(out, text)
		}
	}
	return out
}

func gate(b *report.Brief) notify.Section {
	s := notify.Section{Title: b.Language.Say("brief.gate", "verdict", verdict(b.Language, b.Gate.Verdict))}
	for _, r := range b.Gate.Reasons {
		row := notify.Row{State: report.AsBadAs(r.Verdict), Name: words.Named(b.Language, r.Objectives), Text: r.Text}
		s.Rows = append(s.Rows, row)
	}
	if b.Gate.Opens != "" {
		s.Rows = append(s.Rows, notify.Row{Text: b.Gate.Opens})
	}
	return s
}

// verdict is the word that scripts and people look for.
func verdict(l unit.Language, v slo.Verdict) string {
	if l == unit.English {
		return strings.ToUpper(l.Verdict(v))
	}
	return l.Verdict(v)
}

func alerts(b *report.Brief) notify.Section {
	s := notify.Section{Title: b.Language.Say("brief.alerts")}
	for _, a := range b.Alerts {
		r := notify.Row{Text: words.AlertsOf(b.Language, a)}
		if len(a.Firing) > 0 {
			r.More = []string{words.StillFiring(b.Language, a)}
		}
		s.Rows = append(s.Rows, r)
	}
	return s
}

// zone names that of the times in b.
func zone(b *report.Brief) string { return cmp.Or(b.Timezone, "UTC") }

func incidents(b *report.Brief) notify.Section {
	s := notify.Section{Title: b.Language.Say("brief.incidents", "zone", zone(b))}
	for _, i := range b.Incidents {
		if len(i.Impacts) > 0 {
			s.Rows = append(s.Rows, notify.Row{Name: strings.Join(i.Services, ", "), Text: words.Struck(b, i)})
		}
	}
	return s
}

func deploys(b *report.Brief) notify.Section {
	s := notify.Section{Title: b.Language.Say("brief.deploys", "zone", zone(b))}
	for _, d := range b.Deploys {
		s.Rows = append(s.Rows, notify.Row{Name: d.Name, Text: words.Cost(b, d)})
	}
	return s
}

// WithUnsent returns m with the names of earlier periods of which nobody was told.
func WithUnsent(m notify.Message, periods []string) notify.Message {
	if len(periods) > 0 {
		m.Notes = append(slices.Clip(m.Notes), m.Language.Say("brief.unsent", "periods", strings.Join(periods, ", ")))
	}
	return m
}

// notes are what a reader has to know of the figures: sources that failed, what was not
// counted, and that the period is not over.
func notes(b *report.Brief) []string {
	var out []string
	for _, s := range b.Sources {
		if s.Failed != "" && b.Concerned(s) {
			out = append(out, b.Language.Say("brief.source", "name", s.Name, "why", s.Failed))
		}
	}
	out = append(out, words.UncountedOfAll(b)...)
	if !b.Final {
		out = append(out, b.Language.Say("brief.provisional"))
	}
	return out
}
