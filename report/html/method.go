package html

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// incidents is the table of incidents.
type incidents struct {
	Title string
	Rows  []incident
}

type incident struct {
	Number, When, Until, Length string
	Open                        bool
	Services                    []string
	Alert, AlertAt              string // the first that told of it, and when
	Impacts                     []impact
	More                        string
}

type impact struct{ Name, Text string }

// maxImpacts is how many objectives an incident lists; the rest is counted.
const maxImpacts = 6

func (p *painter) incidents() incidents {
	out := incidents{Title: p.s.IncidentsNone}
	if n := len(p.Incidents); n > 0 {
		template := p.s.IncidentsTitle
		if n == 1 {
			template = p.s.IncidentOne
		}
		out.Title = fill(template, "{n}", strconv.Itoa(n), "{length}", p.l.Duration(p.Summary.IncidentLength))
	}
	for n, i := range p.Incidents {
		row := incident{Number: strconv.Itoa(n + 1), When: p.l.DateTime(i.Start, p.zone), Until: p.l.DateTime(i.End, p.zone),
			Length: p.l.Duration(i.End.Sub(i.Start)), Open: i.Open, Services: i.Services}
		row.Alert, row.AlertAt = p.firstAlert(i)
		for _, im := range i.Impacts[:min(len(i.Impacts), maxImpacts)] {
			row.Impacts = append(row.Impacts, impact{im.Objective, fill(p.s.ImpactLine, "{spent}", p.l.Spent(im.Spent), "{share}", p.l.Percent(im.Share, 0))})
		}
		if more := len(i.Impacts) - maxImpacts; more > 0 {
			row.More = fill(p.s.MoreImpacts, "{n}", strconv.Itoa(more))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// method says how the figures came about, and from what.
type method struct {
	Formulas   []string
	Period     string
	Exclusions []exclusion
	Objectives []judged
	Sources    []*source
	Warnings   []warning
	At         string
	Version    string
	MadeBy     string
}

type exclusion struct {
	Name, AgreedBy string
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

func (p *painter) method() method {
	s := p.s
	return method{
		Formulas: []string{s.FormulaSLI, s.FormulaBudget, s.FormulaStates, s.FormulaMinutes, s.FormulaRounding, s.FormulaBurn, s.FormulaDay, s.FormulaIncidents, s.FormulaServices},
		Period: fill(s.CoveredText, "{start}", p.l.DateTime(p.Period.Start, p.zone), "{end}", p.l.DateTime(p.Period.End, p.zone),
			"{zone}", p.Period.Timezone),
		Exclusions: p.exclusions(), Objectives: p.judged(), Sources: p.sources(), Warnings: p.warnings(),
		At: p.l.DateTime(p.At, p.zone), Version: p.Version, MadeBy: fill(s.MadeBy, "{version}", p.Version),
	}
}

// exclusions lists each rule once with the objectives that it applies to.
func (p *painter) exclusions() []exclusion {
	var rules []report.Exclusion
	var names [][]string
	for _, o := range p.Objectives {
		for _, e := range o.Exclusions {
			i := slices.IndexFunc(rules, func(r report.Exclusion) bool { return sameRule(r, e) })
			if i < 0 {
				i = len(rules)
				rules, names = append(rules, e), append(names, nil)
			}
			names[i] = append(names[i], o.ID())
		}
	}
	var out []exclusion
	for i, r := range rules {
		out = append(out, p.exclusion(r, names[i]))
	}
	return out
}

func sameRule(a, b report.Exclusion) bool {
	return a.Name == b.Name && a.AgreedBy == b.AgreedBy && slices.EqualFunc(a.Periods, b.Periods, func(x, y slo.Period) bool {
		return x.Start.Equal(y.Start) && x.End.Equal(y.End)
	})
}

// maxTimes is how many times or objectives of a rule are written out; the rest is counted.
const maxTimes = 6

func (p *painter) exclusion(r report.Exclusion, names []string) exclusion {
	out := exclusion{Name: r.Name, AgreedBy: r.AgreedBy}
	if out.AgreedBy == "" {
		out.AgreedBy = p.s.Nobody
	}
	for _, t := range r.Periods[:min(len(r.Periods), maxTimes)] {
		out.Times = append(out.Times, p.l.DateTime(t.Start, p.zone)+" – "+p.l.DateTime(t.End, p.zone))
	}
	if more := len(r.Periods) - maxTimes; more > 0 {
		out.More = fill(p.s.MoreTimes, "{n}", strconv.Itoa(more))
	}
	switch {
	case len(names) == len(p.Objectives):
		out.Applies = p.s.AllObjectives
	case len(names) > maxTimes:
		out.Applies = fill(p.s.CountOf, "{n}", strconv.Itoa(len(names)))
	default:
		out.Names = names
	}
	return out
}

func (p *painter) judged() []judged {
	var out []judged
	for _, o := range p.Objectives {
		j := judged{Name: o.ID(), Method: p.l.Method(o.Method), Target: p.l.Target(o.Target), Coverage: p.l.Percent(o.Coverage, 1),
			Actual: p.l.SLI(o.SLI, o.Target), Unexcluded: p.l.SLI(o.Unexcluded, o.Target), Excluded: p.excluded(o),
			Window: p.judgedOver(o.Window)}
		out = append(out, j)
	}
	return out
}

// judgedOver names the time that figures cover.
func (p *painter) judgedOver(w report.Window) string {
	switch {
	case w.Since != nil:
		return p.l.Of(w.Elapsed.Sub(*w.Since), w.End.Sub(w.Start))
	case w.Start.Equal(p.Period.Start) && w.Elapsed.Equal(p.Period.End):
		return strings.ReplaceAll(p.period(), " ", "\u00a0")
	}
	return p.l.DateTime(w.Start, p.zone) + " – " + p.l.DateTime(w.Elapsed, p.zone)
}

// excluded returns how long an objective's exclusions lasted together.
func (p *painter) excluded(o report.Objective) string {
	if o.Buckets.Excluded == 0 {
		return unit.Unknown
	}
	return p.l.Duration(time.Duration(o.Buckets.Excluded) * o.Buckets.Step)
}

func (p *painter) sources() []*source {
	var out []*source
	for _, s := range p.Sources {
		row := &source{Name: s.Name, Type: s.Type, Newest: unit.Unknown, Failed: s.Failed}
		if s.Newest != nil {
			row.Newest = p.l.DateTime(*s.Newest, p.zone)
		}
		for _, in := range s.Inputs {
			row.Lines = append(row.Lines, input{Source: row, Name: in.Name, Rows: p.l.Count(slo.NumberOf(in.Rows)), Unread: p.l.Count(slo.NumberOf(in.Unread)), Digest: in.Digest})
		}
		if len(row.Lines) == 0 {
			row.Lines = []input{{Source: row, Name: p.s.NoInputs, Rows: unit.Unknown, Unread: unit.Unknown, Digest: unit.Unknown}}
		}
		out = append(out, row)
	}
	return out
}

// warnings lists those of the objectives, then the notes of the sources.
func (p *painter) warnings() []warning {
	var out []warning
	add := func(about string, findings []diag.Finding) {
		for _, f := range findings {
			w := warning{About: about, Text: f.Error()}
			if f.Hint != "" {
				w.Hint = fill(p.s.Hint, "{hint}", f.Hint)
			}
			out = append(out, w)
		}
	}
	for _, o := range p.Objectives {
		add(o.ID(), o.Warnings)
	}
	for _, s := range p.Sources {
		add(s.Name, s.Notes)
	}
	return out
}
