package build

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/backtest"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/order"
)

// Backtester replays the policies of one objective at a time, so that their series
// can be dropped before the next is read.
type Backtester struct {
	At        time.Time // what was counted before is known
	Given     string    // the flags that asked for the time, "" for none
	Span      slo.Span  // that is replayed, as far as At; zero: what Options say
	Options   backtest.Options
	Language  unit.Language
	Zone      *time.Location
	Incidents []backtest.Incident // from a file; nil: those that the counts show
	Compare   []string            // names of policies, or DefaultPolicy; nil: all that the objective has
	Tuner     *backtest.Tuner     // nil: no policy is looked for

	objectives []report.Backtested
	edges      edges
}

// DefaultPolicy names the policies of the SRE Workbook, table 5-8, among those that
// are compared.
const DefaultPolicy = "default"

// Over returns what is replayed of objectives in zone. A Tuner learns from all of them,
// over one time.
func (b *Backtester) Over(zone *time.Location) backtest.Options {
	o := b.Options
	if b.Span == (slo.Span{}) || b.Tuner != nil {
		return o
	}
	p := b.Span.In(zone, b.At)
	o.To = earlier(p.End, b.At)
	o.From = earlier(p.Start, o.To)
	return o
}

// options are those of s, also of the time before its promise began.
func (b *Backtester) options(s slo.SLO) backtest.Options { return b.Over(s.Window.Location()) }

// Needs returns the time whose counts are wanted for s.
func (b *Backtester) Needs(s slo.SLO) slo.Period {
	if b.judges() {
		return b.history(s)
	}
	return hull(b.history(s), budget.Around(s, b.options(s).Period(), b.At))
}

// history returns the time whose counts the policies of s look at.
func (b *Backtester) history(s slo.SLO) slo.Period {
	policies, _ := b.policies(s)
	o := b.options(s)
	start := o.From.Add(-burn.Reach(s, policies) - s.Step) // also of the instant before: what fires may have begun there
	if b.Tuner != nil {
		start = earlier(start, o.From.Add(-b.Tuner.Reach()-s.Delay))
	}
	own := ownStart(s, o.From)
	if !s.Window.Rolling() {
		own = earlier(own, o.From.Add(-4*7*24*time.Hour)) // for the projection
	}
	return slo.Period{Start: earlier(start, own), End: o.To}
}

// policies returns the policies of s that are replayed, and the names among
// b.Compare that s has none of.
func (b *Backtester) policies(s slo.SLO) (found []slo.Policy, missing []string) {
	if b.Compare == nil {
		return s.Policies(), nil
	}
	for _, name := range b.Compare {
		named := Named(s, name)
		if len(named) == 0 {
			missing = append(missing, name)
		}
		found = append(found, named...)
	}
	return found, missing
}

// Named returns the policies of s of that name. DefaultPolicy, where s has none so
// named, stands for the default ones: "default page" and "default ticket".
func Named(s slo.SLO, name string) []slo.Policy {
	for _, p := range s.Policies() {
		if p.Name == name {
			return []slo.Policy{p}
		}
	}
	if name != DefaultPolicy {
		return nil
	}
	defaults := slo.DefaultPolicies(s)
	for i := range defaults {
		defaults[i].Name = DefaultPolicy + " " + defaults[i].Name
	}
	return defaults
}

// Add replays the policies of an objective. It returns an error if its slices do
// not fit its data.
func (b *Backtester) Add(m Measured) error {
	around := m.cut(b.Needs(m.SLO))
	m = m.cut(b.history(m.SLO))
	l, err := budget.New(m.SLO, m.Data)
	if err != nil {
		return err
	}
	s := m.SLO
	policies, missing := b.policies(s)
	incidents, err := b.incidents(around)
	if err != nil {
		return err
	}
	options := b.options(s).Of(s)
	r := backtest.Run(l, policies, incidents, options)
	o := report.Backtested{Service: s.Service, Name: s.Name, Labels: s.Labels, By: s.By, Target: s.Target,
		Window: s.Window.String(), From: options.From, To: options.To,
		Step: slo.FormatDuration(m.Data.Step), Late: r.Late, LateAfter: slo.Minutes(r.Late),
		Coverage:   seen(l, options).Coverage(),
		Conditions: replayed(r), Warnings: slices.Clone(m.Warnings), Failed: m.Failed}
	if s.Delay > 0 {
		o.Delay = slo.FormatDuration(s.Delay)
	}
	known := slo.Lasting(budget.Known(l, options.Period()))
	o.Policies, o.Classes = b.alerted(o, r.Policies, known), b.alerted(o, r.Classes, known)
	mute(o.Policies, s, policies)
	for i, c := range o.Classes {
		able := func(a report.Alerted) bool { return a.Class == c.Class && !a.Mute }
		o.Classes[i].Mute = !slices.ContainsFunc(o.Policies, able)
	}
	o.Warnings = slices.Concat(o.Warnings, m.Idle, b.lacking(l, o, m), b.warnings(l, o, policies, missing))
	if b.Tuner != nil && o.Coverage.Sign() > 0 {
		b.Tuner.Add(l, incidents)
	}
	b.objectives = append(b.objectives, o)
	return nil
}

// seen returns what was counted in the time that Coverage is of: what became known in
// the period, as far as its buckets are complete, or, if that is one instant, in the
// bucket that ended last.
func seen(l *budget.Ledger, o backtest.Options) budget.Part {
	m, delay := l.Meter(), l.SLO().Delay
	p := slo.Period{Start: o.From.Add(-delay), End: m.Time(m.Instant(o.To.Add(-delay)))}
	if p.Empty() && !o.From.After(o.To) {
		p.Start = p.End.Add(-m.Step())
	}
	return l.Over(p)
}

func replayed(r backtest.Result) []report.Replayed {
	var out []report.Replayed
	for _, t := range r.Tracks {
		out = append(out, report.Replayed{Condition: t.Policy.Title(t.Condition), Policy: t.Policy.Name,
			Class: t.Policy.Class, Firings: newFirings(t.Firings, t.Earlier)})
	}
	return out
}

// alerted makes the figures of o's alerts in so much known time. Where nothing was measured there are none.
func (b *Backtester) alerted(o report.Backtested, alerts []backtest.Alert, known time.Duration) []report.Alerted {
	var out []report.Alerted
	for _, a := range alerts {
		if o.Coverage.Sign() == 0 {
			out = append(out, unmeasured(a.Name, a.Class))
			continue
		}
		out = append(out, newAlerted(a, known, b.judges()))
	}
	return out
}

// judges tells whether incidents are known from elsewhere.
func (b *Backtester) judges() bool { return b.Incidents != nil }

// incidents returns those of a file, or those that the counts of m show.
func (b *Backtester) incidents(m Measured) ([]backtest.Incident, error) {
	if b.judges() {
		return slices.DeleteFunc(slices.Clone(b.Incidents), func(in backtest.Incident) bool { return !in.Concerns(m.SLO) }), nil
	}
	l, err := budget.New(m.SLO, m.Data)
	if err != nil {
		return nil, err
	}
	return backtest.Found(l, b.options(m.SLO).Period(), b.At), nil
}

// outside returns how many of the incidents have no part in the period.
func (b *Backtester) outside() int {
	n := 0
	for _, in := range b.Incidents {
		if in.Start.After(b.Options.To) || !in.End.IsZero() && in.End.Before(b.Options.From) {
			n++
		}
	}
	return n
}

// lacking says that too little was measured. Where that is since the data ends or begins
// elsewhere, that is told once, of all whose data does.
func (b *Backtester) lacking(l *budget.Ledger, o report.Backtested, m Measured) []diag.Finding {
	low, over := l.SLO().MinCoverage, b.options(l.SLO()).Period()
	if o.Failed != "" || o.Coverage.Sign() > 0 && o.Coverage.Cmp(low) >= 0 {
		return nil
	}
	edge := b.edges.add(o.ID(), m, over, over.Length()/10)
	part := seen(l, b.options(l.SLO()).Of(l.SLO())).Buckets
	unread := slo.Period{Start: dataEnds(m.Data), End: over.End}.Intersect(over)
	known := slo.NumberOf(int64(part.Measured) + int64(unread.Length()/m.Data.Step))
	switch {
	case edge && known.Cmp(slo.NumberOf(int64(part.Elapsed)).Mul(low)) >= 0, edge && part.Measured == 0:
		return nil
	case o.Coverage.Sign() == 0:
		return []diag.Finding{diag.Warnf(diag.Pos{}, "backtest/data", "nothing was measured between %s and %s",
			stamp(over.Start), stamp(over.End))}
	}
	return []diag.Finding{diag.Warnf(diag.Pos{}, "backtest/coverage",
		"%d of %d buckets were measured, under the min_coverage of %s: alerts see nothing in gaps",
		part.Measured, part.Elapsed, low)}
}

// warnings says why an alert could not fire, whatever happened.
func (b *Backtester) warnings(l *budget.Ledger, o report.Backtested, policies []slo.Policy, missing []string) []diag.Finding {
	var out []diag.Finding
	asked := b.options(l.SLO())
	warn := func(code, format string, args ...any) {
		out = append(out, diag.Warnf(diag.Pos{}, code, format, args...))
	}
	for _, name := range missing {
		warn("backtest/policy", "there is no policy %q here", name)
	}
	if o.Coverage.Sign() == 0 && o.Failed == "" {
		return out
	}
	part := seen(l, asked.Of(l.SLO()))
	out = append(out, scarce(l.SLO(), part.Counts, part.Buckets)...)
	step := l.Meter().Step()
	for _, p := range policies {
		for _, c := range p.When {
			if c.Short > 0 && c.Short < step {
				warn("backtest/step", "%q looks at %s, but the source counts every %s: it can never be true",
					p.Title(c), slo.FormatDuration(c.Short), slo.FormatDuration(step))
			}
		}
	}
	return out
}

// Backtest returns what was added, by name.
func (b *Backtester) Backtest(sources []report.Source) *report.Backtest {
	out := &report.Backtest{Schema: report.BacktestSchema, From: b.Options.From, To: b.Options.To,
		Ranges: ranges(b.Options.Semantics), Incidents: report.FromCounts, Matching: report.Matching,
		Sources: sources, Language: b.Language, Zone: b.Zone, Timezone: zoneName(b.Zone)}
	if b.judges() {
		out.Incidents, out.Outside = report.FromFile, b.outside()
	}
	out.Objectives = slices.Clone(b.objectives)
	order.Stable(out.Objectives, byName)
	reach := b.edges.reach(b.Options.To, b.Given, b.Zone)
	for i, o := range out.Objectives {
		out.Objectives[i].Warnings = reach.said(o.ID(), o.Warnings)
	}
	out.Total = totals(out.Objectives)
	if b.Tuner != nil {
		out.Tuning = newTuning(b.Tuner)
	}
	return out
}

func ranges(s burn.Semantics) string {
	switch s {
	case burn.Prometheus2:
		return report.RangesClosed
	case burn.Prometheus3:
		return report.RangesLeftOpen
	}
	return report.RangesWhole
}

func byName(a, b report.Backtested) int { return cmp.Compare(a.ID(), b.ID()) }
