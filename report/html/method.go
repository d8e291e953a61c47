package html

import (
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/report/words/texts"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// methodPart paints how the figures came about, and from what.
type methodPart part

// method is the block on method and data.
type method struct {
	Formulas   []string
	Period     string
	Exclusions []exclusion
	Objectives []judged
	Slowest    *table // hours; nil without any
	Within     string // what the figures of Slowest are right to
	Sources    []*source
	Warnings   []warning
	At         string
	Version    string
	MadeBy     string
}

type exclusion struct {
	Name, AgreedBy string
	Excluded       string   // of the planned time
	Applies        string   // a phrase, or
	Names          []string // of objectives
	Times          []string
	More           string
}

// judged is what one objective was judged on.
type judged struct {
	Name, Window, Method, Target, Coverage, Actual, Unexcluded, Excluded string
}

// source is a source with a line for each of its inputs, at least one.
type source struct {
	Name, Type, Newest, Failed string
	Lines                      []input
}

// Span is how many lines the source's own cells cover.
func (s *source) Span() int { return len(s.Lines) }

type input struct {
	Source                     *source
	Name, Rows, Unread, Digest string
}

type warning struct{ About, Text, Hint string }

func (p methodPart) method() method {
	s, period := p.say.s, p.report.Period
	slowest, within := p.slowest()
	start, end := p.say.instant(period.Start), p.say.instant(period.End)
	return method{
		Formulas: []string{
			s.FormulaSLI, s.FormulaBudget, s.FormulaStates, s.FormulaMinutes, s.FormulaRounding,
			s.FormulaBurn, s.FormulaDay, s.FormulaIncidents, s.FormulaServices,
		},
		Period:     texts.Fill(s.CoveredText, "start", start, "end", end, "zone", period.Timezone),
		Exclusions: p.exclusions(), Objectives: p.judged(), Slowest: slowest, Within: within, Sources: p.sources(), Warnings: p.warnings(),
		At: p.say.instant(p.report.At), Version: p.report.Version,
		MadeBy: texts.Fill(s.MadeBy, "version", p.report.Version),
	}
}

// exclusions lists each rule once with the objectives that it applies to.
func (p methodPart) exclusions() []exclusion {
	var out []exclusion
	for _, r := range p.report.Rules() {
		out = append(out, p.exclusion(r))
	}
	return out
}

// maxTimes is how many times or objectives of a rule are written out; the rest is counted.
const maxTimes = 6

func (p methodPart) exclusion(r report.Rule) exclusion {
	s, e := p.say.s, r.Exclusion
	out := exclusion{Name: e.Name, AgreedBy: e.AgreedBy, More: more(s.MoreTimes, len(e.Periods)-maxTimes)}
	if out.AgreedBy == "" {
		out.AgreedBy = s.Nobody
	}
	out.Excluded = texts.Fill(s.ExcludedOf,
		"excluded", p.say.l.Lapse(e.Excluded), "planned", p.say.l.Lapse(slo.Minutes(e.Length())))
	for _, t := range e.Periods[:min(len(e.Periods), maxTimes)] {
		out.Times = append(out.Times, p.say.between(t.Start, t.End))
	}
	switch n := len(r.Objectives); {
	case n == len(p.report.Objectives):
		out.Applies = s.AllObjectives
	case n > maxTimes:
		out.Applies = more(s.CountOf, n)
	default:
		out.Names = r.Objectives
	}
	return out
}

func (p methodPart) judged() []judged {
	var out []judged
	l := p.say.l
	for _, o := range p.report.Objectives {
		out = append(out, judged{
			Name: o.ID(), Window: p.judgedOver(o.Window), Method: l.Method(o.Method, o.Unit), Target: o.Target.String(),
			Coverage: l.Percent(o.Coverage, 1), Actual: l.SLI(o.SLI, o.Target),
			Unexcluded: l.SLI(o.Unexcluded, o.Target), Excluded: p.excluded(o),
		})
	}
	return out
}

// slowest lists the slowest hour of each objective that has one, and says what its
// percentiles are right to.
func (p methodPart) slowest() (*table, string) {
	t := table{Head: []string{p.say.w.Objective, p.say.s.SlowestHour, "p50", "p95", "p99"}}
	var most slo.Number // error that is known
	all := true         // of the errors are
	for _, o := range p.report.Objectives {
		if h := o.SlowestHour(); h != nil {
			cells := append([]string{o.ID()}, chartPart{say: p.say, report: p.report, o: o}.slowest(h)...)
			t.Rows = append(t.Rows, cells)
			all = all && h.Error.Known() && h.Over == 0
			if h.Error.Cmp(most) > 0 {
				most = h.Error
			}
		}
	}
	if t.Rows == nil {
		return nil, ""
	}
	note := p.say.s.SlowestHoursNote
	switch {
	case !most.Known():
		note = p.say.s.SlowestHoursNone
	case !all:
		note = p.say.s.SlowestHoursSome
	}
	return &t, texts.Fill(note, "error", p.say.l.Share(most))
}

// judgedOver names the time that figures cover.
func (p methodPart) judgedOver(w report.Window) string {
	period := p.report.Period
	switch {
	case w.Since != nil:
		return p.say.l.Of(w.Judged().Length(), w.Whole().Length())
	case w.Start.Equal(period.Start) && w.Elapsed.Equal(period.End):
		return strings.ReplaceAll(p.say.period(period), " ", "\u00a0")
	}
	return p.say.between(w.Start, w.Elapsed)
}

// excluded returns how long an objective's exclusions lasted together.
func (p methodPart) excluded(o report.Objective) string {
	if o.Excluded.Sign() == 0 {
		return unit.Unknown
	}
	return p.say.l.Lapse(o.Excluded)
}

func (p methodPart) sources() []*source {
	var out []*source
	for _, s := range p.report.Sources {
		row := &source{Name: s.Name, Type: s.Type, Newest: unit.Unknown, Failed: s.Failed}
		if s.Newest != nil {
			row.Newest = p.say.instant(*s.Newest)
		}
		for _, in := range s.Inputs {
			row.Lines = append(row.Lines, input{
				Source: row, Name: words.Input(p.say.l, in), Digest: in.Digest,
				Rows: p.say.l.Count(slo.NumberOf(in.Rows)), Unread: p.say.l.Count(slo.NumberOf(in.Unread)),
			})
		}
		if len(row.Lines) == 0 {
			const none = unit.Unknown
			row.Lines = []input{{Source: row, Name: p.say.s.NoInputs, Rows: none, Unread: none, Digest: none}}
		}
		out = append(out, row)
	}
	return out
}

// warnings lists those of the objectives, then the notes of the sources.
func (p methodPart) warnings() []warning {
	var out []warning
	add := func(about string, findings []diag.Finding) {
		for _, f := range findings {
			w := warning{About: about, Text: f.Error()}
			if f.Hint != "" {
				w.Hint = texts.Fill(p.say.s.Hint, "hint", f.Hint)
			}
			out = append(out, w)
		}
	}
	for _, o := range p.report.Objectives {
		add(o.ID(), o.Warnings)
	}
	for _, s := range p.report.Sources {
		add(s.Name, s.Notes)
	}
	return out
}
