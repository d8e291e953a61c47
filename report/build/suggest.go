package build

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/backtest"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/slo/suggest"
)

// Suggester looks at one objective at a time.
type Suggester struct {
	At       time.Time // what was counted before is known
	Span     slo.Span  // that is looked at, as far as At
	Given    string    // the flags that asked for the time, "" for none
	Past     bool      // only its end was asked for: from as far back as suggestions need, see SuggestPast
	Language unit.Language
	Zone     *time.Location

	objectives []report.Suggested
	looked     time.Time // from where on, zero before any objective
	edges      edges
}

// SuggestPast is how far back history is looked at if nobody says: three windows,
// and 90 days at least.
func SuggestPast(s slo.SLO) time.Duration {
	return max(3*s.Window.Nominal(), 90*24*time.Hour)
}

// Needs returns the time whose counts are wanted for s.
func (b *Suggester) Needs(s slo.SLO) slo.Period {
	p := b.period(s)
	p.Start = p.Start.Add(-suggest.Reach(s))
	return p
}

func (b *Suggester) period(s slo.SLO) slo.Period {
	p := b.over(s.Window.Location())
	if b.Past {
		p.Start = p.End.Add(-SuggestPast(s))
	}
	return p
}

// over returns the time that was asked for, of objectives in zone.
func (b *Suggester) over(zone *time.Location) slo.Period {
	p := b.Span.In(zone, b.At)
	end := earlier(p.End, b.At)
	return slo.Period{Start: earlier(p.Start, end), End: end}
}

// Add looks at an objective. It returns an error if its slices do not fit its data.
func (b *Suggester) Add(m Measured) error {
	m = m.cut(b.Needs(m.SLO))
	asked := b.period(m.SLO)
	if b.looked.IsZero() || asked.Start.Before(b.looked) {
		b.looked = asked.Start
	}
	r, err := suggest.Of(m.SLO, m.Data, asked)
	if err != nil {
		return err
	}
	s := m.SLO
	o := report.Suggested{Service: s.Service, Name: s.Name, Labels: s.Labels, By: s.By,
		Window: s.Window.String(), Length: r.Length,
		Windows: r.Windows, Needed: suggest.Needed, Missing: r.Missing(),
		MissingD: slo.NumberFrac(int64(r.Missing()), int64(24*time.Hour)),
		Distinct: r.Distinct, Warnings: slices.Clone(m.Warnings), Failed: m.Failed}
	if !r.History.Empty() {
		o.Start = &r.History.Start
		o.Warnings = append(o.Warnings, scarce(s, r.Counted.Counts, r.Counted.Buckets)...)
	}
	edge := m.Failed == "" && b.edges.add(o.ID(), m, asked, 24*time.Hour)
	if r.History.Empty() && m.Failed == "" && !edge {
		o.Warnings = append(o.Warnings, diag.Warnf(diag.Pos{}, "suggest/data", "nothing was measured between %s and %s",
			stamp(asked.Start), stamp(asked.End)))
	}
	o.Now = newSuggested(r.Now, r.Known)
	for _, t := range r.Targets {
		o.Targets = append(o.Targets, newSuggested(t, r.Known))
	}
	b.objectives = append(b.objectives, o)
	return nil
}

func newSuggested(t suggest.Target, known time.Duration) report.SuggestedTarget {
	out := report.SuggestedTarget{Share: t.Share, Target: t.Target, Met: t.Met, Proven: t.Proven}
	if t.Target <= 0 {
		return out
	}
	out.Number = t.Target.Number()
	if !t.Mute && known > 0 {
		out.Pages = number(t.Pages)
		out.PerMonth = backtest.Rate(t.Pages, known, slo.Month.Nominal())
	}
	return out
}

// Suggestions returns what was added, by name.
func (b *Suggester) Suggestions(sources []report.Source) *report.Suggestions {
	asked := b.over(b.Zone)
	if b.Past {
		asked.Start = time.Time{}
	}
	out := &report.Suggestions{Schema: report.SuggestSchema, From: asked.Start, To: asked.End,
		Warning: report.SuggestWarning, Sources: sources, Language: b.Language, Zone: b.Zone,
		Timezone: zoneName(b.Zone)}
	out.Objectives = slices.Clone(b.objectives)
	order.Stable(out.Objectives, func(a, b report.Suggested) int { return cmp.Compare(a.ID(), b.ID()) })
	reach := b.edges.reach(asked.End, b.Given, b.Zone)
	for i, o := range out.Objectives {
		out.Objectives[i].Warnings = reach.said(o.ID(), o.Warnings)
		if o.Start != nil && (out.From.IsZero() || b.Past && o.Start.Before(out.From)) {
			out.From = *o.Start
		}
	}
	switch {
	case !out.From.IsZero():
	case b.looked.IsZero():
		out.From = asked.End
	default: // nothing was found there
		out.From = b.looked
	}
	return out
}
