package html

import (
	"html/template"
	"maps"
	"slices"
	"strconv"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/report/words/texts"
)

// tablePart paints the objectives and what belongs to each of them.
type tablePart part

// row is an objective in the table.
type row struct {
	Link, Service, Name string
	Labels              []string
	Kind                string
	State               state
	Note                string // what lowers the figures' worth
	Bullet              template.HTML
	Spent, Overspent    string
	Left                string
	Over                bool // Left says by how much
	Actual, Target      string
	SoFar               string // of which time Actual is
	Days                template.HTML
}

// anchor is the fixed ID of the place that tells more of objective i.
func anchor(i int) string { return "o" + strconv.Itoa(i+1) }

func (p tablePart) rows() []row {
	var out []row
	for i, o := range p.report.Objectives {
		r := p.row(o)
		if o.Detail != nil || len(o.Days) > 0 {
			r.Link = "#" + anchor(i)
		}
		out = append(out, r)
	}
	return out
}

func (p tablePart) row(o report.Objective) row {
	l := p.say.l
	r := row{
		Service: o.Service, Name: o.Name, Labels: labels(o), Kind: p.kind(o),
		State: p.say.state(o.State), Note: p.note(o),
		Spent: l.Spent(o.Budget.Spent), Left: l.Left(o.Budget.Minutes.Remaining), Over: o.Budget.Remaining.Sign() < 0,
		Actual: l.SLI(o.SLI, o.Target), Target: "≥ " + o.Target.String(), Days: dayPart(p).bars(o),
	}
	r.Bullet = bullet(o, texts.Fill(p.say.s.BulletLabel, "spent", r.Spent))
	if o.Overspent != nil {
		r.Overspent = words.Overspent(l, *o.Overspent)
	}
	if o.Budget.Projected() && o.SLI.Known() {
		r.SoFar = texts.Fill(p.say.s.ActualSoFar, "length", words.SoFar(l, o))
	}
	return r
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
func (p tablePart) kind(o report.Objective) string {
	if kind := p.say.l.Kind(o.Kind); kind != "" {
		return kind
	}
	return p.say.l.Method(o.Method, "")
}

// note tells of an objective that could not be judged why.
func (p tablePart) note(o report.Objective) string {
	switch o.Lacks() {
	case report.LackAnswer:
		return texts.Fill(p.say.s.NoAnswer, "reason", o.Failed)
	case report.LackEvents:
		return p.say.s.NoEvents
	case report.LackCoverage:
		return texts.Fill(p.say.s.LowCoverage, "coverage", p.say.l.Percent(o.Coverage, 1))
	}
	if o.Caveat != nil {
		return p.say.l.Say("state.beneath", "time", words.Caveat(p.say.l, o.Caveat))
	}
	return ""
}

// forecasts are those of every objective, none if nobody asked.
func (p tablePart) forecasts() []fact {
	var out []fact
	for _, o := range p.report.Objectives {
		if o.Forecast != nil {
			out = append(out, fact{Term: o.ID(), Text: words.Forecast(p.say.l, *o.Forecast)})
		}
	}
	return out
}

// standing is an objective's own window at the period's end.
type standing struct {
	Name, Window, End   string
	State               state
	Spent, Left, Actual string
}

// standings are the own windows that differ from the report's period.
func (p tablePart) standings() []standing {
	var out []standing
	for _, o := range p.report.Objectives {
		s := o.Standing
		if s == nil {
			continue
		}
		out = append(out, standing{
			Name: o.ID(), Window: p.say.own(s.Window), End: p.say.instant(s.Window.Elapsed),
			State: marked(s.State, words.State(p.say.l, s.State, s.Caveat)),
			Spent: p.say.l.Spent(s.Budget.Spent), Left: p.say.l.Left(s.Budget.Minutes.Remaining),
			Actual: p.say.l.SLI(s.SLI, o.Target),
		})
	}
	return out
}
