package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/suggest"
)

// SuggestSchema is the version of the JSON form of Suggestions.
const SuggestSchema = "nines.suggest/v1"

// SuggestWarning is what has to be said of every target that history suggests.
const SuggestWarning = "these targets say what the system happens to do; what to promise follows from what its users need"

// Suggestions is the answer of `nines suggest`: the targets that indicators would
// have met between From and To.
type Suggestions struct {
	Schema     string         `json:"schema"`
	From       time.Time      `json:"from"`
	To         time.Time      `json:"to"`
	Warning    string         `json:"warning"` // in English
	Objectives []Suggested    `json:"slos"`    // by name
	Sources    []Source       `json:"sources"`
	Language   unit.Language  `json:"-"`
	Zone       *time.Location `json:"-"`
}

// Suggested is one objective of Suggestions.
type Suggested struct {
	Service  string            `json:"service"`
	Name     string            `json:"name"`
	Labels   map[string]string `json:"labels"`
	By       []string          `json:"-"`
	Window   string            `json:"window"` // as in the file
	Length   time.Duration     `json:"-"`
	Start    *time.Time        `json:"start"`          // of the history; nil if nothing was measured
	Windows  int               `json:"windows"`        // held against, a day apart
	Needed   int               `json:"windows_needed"` // to suggest targets
	Missing  time.Duration     `json:"-"`
	MissingD slo.Number        `json:"missing_days"`     // of history
	Distinct slo.Number        `json:"distinct_windows"` // that do not overlap
	Now      SuggestedTarget   `json:"now"`
	Targets  []SuggestedTarget `json:"targets"`
	Warnings []diag.Finding    `json:"warnings"`
	Failed   string            `json:"error,omitempty"`
}

// ID returns "service/name{labels}".
func (s Suggested) ID() string {
	return slo.SLO{Service: s.Service, Name: s.Name, Labels: s.Labels, By: s.By}.ID()
}

// SuggestedTarget is a target, held against history. Target is 0 (null in JSON) if
// no target would do.
type SuggestedTarget struct {
	Share    slo.Number `json:"share"` // of past windows that it was made for; unknown for the present target
	Target   slo.Target `json:"-"`
	Number   slo.Number `json:"target"`
	Met      slo.Number `json:"met"`   // share of past windows in which it would have been met
	Pages    slo.Number `json:"pages"` // of the default page policy over the history; unknown if it cannot fire at that target
	PerMonth slo.Number `json:"pages_per_month"`
	Proven   bool       `json:"proven"` // false: nothing failed at all, and no more than this is proven by so many events
}

// Suggester looks at one objective at a time.
type Suggester struct {
	From     time.Time // zero: as far back as suggestions need, see SuggestPast
	To       time.Time
	Language unit.Language
	Zone     *time.Location

	objectives []Suggested
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
	if !b.From.IsZero() {
		return slo.Period{Start: b.From, End: b.To}
	}
	return slo.Period{Start: b.To.Add(-SuggestPast(s)), End: b.To}
}

// Add looks at an objective. It returns an error if its slices do not fit its data.
func (b *Suggester) Add(m Measured) error {
	r, err := suggest.Of(m.SLO, m.Data, b.period(m.SLO))
	if err != nil {
		return err
	}
	s := m.SLO
	o := Suggested{Service: s.Service, Name: s.Name, Labels: s.Labels, By: s.By, Window: s.Window.String(), Length: r.Length,
		Windows: r.Windows, Needed: suggest.Needed, Missing: r.Missing(), MissingD: slo.NumberFrac(int64(r.Missing()), int64(24*time.Hour)),
		Distinct: r.Distinct, Warnings: slices.Clone(m.Warnings), Failed: m.Failed}
	if !r.History.Empty() {
		o.Start = &r.History.Start
	}
	o.Now = newSuggested(r.Now, r.History)
	o.Now.Target, o.Now.Number = s.Target, s.Target.Number()
	for _, t := range r.Targets {
		o.Targets = append(o.Targets, newSuggested(t, r.History))
	}
	b.objectives = append(b.objectives, o)
	return nil
}

func newSuggested(t suggest.Target, history slo.Period) SuggestedTarget {
	out := SuggestedTarget{Share: t.Share, Target: t.Target, Met: t.Met, Proven: t.Proven}
	if t.Target <= 0 {
		return out
	}
	out.Number = t.Target.Number()
	if !t.Mute {
		out.Pages = count(t.Pages)
		out.PerMonth = out.Pages.Quo(slo.NumberFrac(int64(history.Length()), int64(slo.Month.Nominal())))
	}
	return out
}

// Suggestions returns what was added, by name.
func (b *Suggester) Suggestions(sources []Source) *Suggestions {
	out := &Suggestions{Schema: SuggestSchema, From: b.From, To: b.To, Warning: SuggestWarning, Sources: sources, Language: b.Language, Zone: b.Zone}
	out.Objectives = slices.Clone(b.objectives)
	slices.SortStableFunc(out.Objectives, func(a, b Suggested) int { return cmp.Compare(a.ID(), b.ID()) })
	for _, o := range out.Objectives {
		if o.Start != nil && (out.From.IsZero() || b.From.IsZero() && o.Start.Before(out.From)) {
			out.From = *o.Start
		}
	}
	if out.From.IsZero() {
		out.From = b.To
	}
	return out
}
