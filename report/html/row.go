package html

import (
	"html/template"
	"maps"
	"slices"
	"strconv"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
)

// row is an objective in the table.
type row struct {
	Link, Service, Name string
	Labels              []string
	Kind                string
	State               state
	Note                string // what lowers the figures' worth
	Bullet              template.HTML
	Spent, Projected    string
	Left                string
	Over                bool // Left says by how much
	Actual, Target      string
	Days                template.HTML
}

// state is a verdict: mark, word and colour.
type state struct{ Mark, Word, Tone string }

// standing is an objective's own window at the period's end.
type standing struct {
	Name, Window, End   string
	State               state
	Spent, Left, Actual string
}

func stateOf(l unit.Language, s slo.State) state {
	return state{Mark: unit.Mark(s), Word: l.State(s), Tone: tone(s)}
}

func stateOfObjective(l unit.Language, o report.Objective) state {
	return state{Mark: unit.Mark(o.State), Word: words.State(l, o), Tone: tone(o.State)}
}

// anchor is the fixed ID of the place that tells more of objective i.
func anchor(i int) string { return "o" + strconv.Itoa(i+1) }

func (p *painter) rows() []row {
	var out []row
	for i, o := range p.Objectives {
		r := row{Service: o.Service, Name: o.Name, Labels: labels(o), Kind: p.kind(o), State: stateOfObjective(p.l, o), Note: p.note(o),
			Spent: p.l.Spent(o.Budget.Spent), Left: p.l.Left(o.Budget.Minutes.Remaining), Over: o.Budget.Remaining.Sign() < 0,
			Actual: p.l.SLI(o.SLI, o.Target), Target: "≥ " + p.l.Target(o.Target), Days: p.dayBars(o)}
		r.Bullet = bullet(o, fill(p.s.BulletLabel, "{spent}", r.Spent))
		if o.Budget.Projected != nil {
			r.Projected = fill(p.s.Projected, "{spent}", p.l.Spent(o.Budget.Projected.Spent))
		}
		if o.Detail != nil || len(o.Days) > 0 {
			r.Link = "#" + anchor(i)
		}
		out = append(out, r)
	}
	return out
}

// labels returns "key=value", by key.
func labels(o report.Objective) []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(o.Labels)) {
		out = append(out, k+"="+o.Labels[k])
	}
	return out
}

// kind says what is counted, as far as that is known.
func (p *painter) kind(o report.Objective) string {
	if kind := p.l.Kind(o.Kind); kind != "" {
		return kind
	}
	return p.l.Method(o.Method)
}

// note tells of an objective that could not be judged why.
func (p *painter) note(o report.Objective) string {
	switch {
	case o.Failed != "":
		return fill(p.s.NoAnswer, "{reason}", o.Failed)
	case o.State == slo.NoData && o.Coverage.Known() && o.Coverage.Cmp(o.MinCoverage) >= 0:
		return p.s.NoEvents
	case o.State == slo.NoData && o.Coverage.Known():
		return fill(p.s.LowCoverage, "{coverage}", p.l.Percent(o.Coverage, 1))
	}
	return ""
}

// forecasts are those of every objective, none if nobody asked.
func (p *painter) forecasts() []fact {
	var out []fact
	for _, o := range p.Objectives {
		if o.Forecast != nil {
			out = append(out, fact{Term: o.ID(), Text: words.Forecast(p.l, *o.Forecast)})
		}
	}
	return out
}

// standings are the own windows that differ from the report's period.
func (p *painter) standings() []standing {
	var out []standing
	for _, o := range p.Objectives {
		s := o.Standing
		if s == nil {
			continue
		}
		out = append(out, standing{Name: o.ID(), Window: p.l.Window(s.Window.Kind, s.Window.Length), End: p.l.DateTime(s.Window.Elapsed, p.zone),
			State: stateOf(p.l, s.State), Spent: p.l.Spent(s.Budget.Spent), Left: p.l.Left(s.Budget.Minutes.Remaining), Actual: p.l.SLI(s.SLI, o.Target)})
	}
	return out
}
