package html

import (
	"html/template"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/report/words/texts"
	"github.com/nines-slo/nines/slo"
)

// sectionPart paints the sections of objectives that were missed or came close.
type sectionPart part

// section tells why an objective was missed or came close.
type section struct {
	ID, Title     string
	Folded        bool // shown when opened
	State         state
	About         string
	Facts         []fact
	Charts        []chart
	CalendarTitle string
	Long          bool // the calendar is a year's
	Calendar      template.HTML
}

// fact is a line of a section's head.
type fact struct{ Term, Text string }

// drawnAtOnce is how many charts are drawn when the page opens. Sections beyond
// it are folded, and drawn when they are opened or printed.
const drawnAtOnce = 60

// sections returns those of objectives with detail, and how many charts they have.
func (p sectionPart) sections() (out []section, charts int, err error) {
	floor := p.floor()
	for i, o := range p.report.Objectives {
		if o.Detail == nil {
			continue
		}
		s := section{
			ID: anchor(i), Title: p.finding(o), State: p.say.verdict(o), About: o.Description, Facts: p.facts(o),
			CalendarTitle: p.say.worstDay(o), Long: long(o),
		}
		s.Calendar = dayPart(p).calendar(o, s.CalendarTitle)
		drawn := chartPart{say: p.say, report: p.report, o: o, floor: floor}
		if s.Charts, err = drawn.charts(s.ID); err != nil {
			return nil, 0, err
		}
		charts += len(s.Charts)
		s.Folded = charts > drawnAtOnce
		out = append(out, s)
	}
	return out, charts, nil
}

// floor returns the lower end of the burn-downs' axis, which they share: 0, or down
// to −100 % where more than the budget was spent. Charts that go below have an axis
// of their own.
func (p sectionPart) floor() float64 {
	low := 0.0
	for _, o := range p.report.Objectives {
		if o.Detail != nil {
			low = min(low, axisFloor(o.Detail.Lowest()))
		}
	}
	return max(low, -100)
}

// finding is the title of an objective's section.
func (p sectionPart) finding(o report.Objective) string {
	template := p.say.s.AtRisk
	switch {
	case o.State == slo.Missed:
		template = p.say.s.Missed
	case o.State == slo.Exhausted:
		template = p.say.s.Exhausted
	case o.Window.Closed:
		template = p.say.s.Kept
	}
	b := o.Budget
	return texts.Fill(template, "name", plain(o.ID()),
		"spent", p.say.l.Spent(b.Spent), "left", p.say.l.Percent(b.Remaining, 0))
}

// facts are the figures beside the calendar.
func (p sectionPart) facts(o report.Objective) []fact {
	l, s := p.say.l, p.say.s
	actual := p.say.counted(o, l.SLI(o.SLI, o.Target))
	out := []fact{{s.FactActual, texts.Fill(s.ActualOf, "sli", actual, "target", o.Target.String())}}
	out = append(out, p.spends(o)...)
	if o.Evidence != nil {
		out = append(out, fact{s.FactEvidence, words.Evidence(l, o, *o.Evidence)})
	}
	if o.Forecast != nil {
		out = append(out, fact{s.Forecast, words.Forecast(l, *o.Forecast)})
	}
	if o.Budget.Projected() {
		out = append(out, fact{s.FactSoFar, texts.Fill(s.SoFar, "spent", l.Spent(o.Budget.Elapsed.Spent))})
	}
	if b := o.Previous; b != nil {
		out = append(out, fact{p.say.before(p.report), p.say.standing(b.SLI, b.Spent, l.State(b.State), o.Target)})
	}
	if own := o.Standing; own != nil {
		state := words.State(l, own.State, own.Caveat)
		stood := p.say.standing(own.SLI, own.Budget.Spent, state, o.Target)
		out = append(out, fact{p.say.own(own.Window), stood})
	}
	if len(o.Exclusions) > 0 {
		out = append(out, fact{p.say.w.Exclusions, texts.Fill(s.Uncounted, "sli", l.SLI(o.Unexcluded, o.Target))})
	}
	if zone := o.Window.Timezone; zone != p.report.Period.Timezone {
		out = append(out, fact{p.say.w.Timezone, texts.Fill(s.OwnZone, "zone", zone)})
	}
	return append(out, fact{p.say.w.Coverage, l.Percent(o.Coverage, 1)})
}

// spends are what is left of the budget, and how many were bad.
func (p sectionPart) spends(o report.Objective) []fact {
	bad := p.say.s.BadOf
	switch {
	case o.Slices != nil:
		bad = p.say.s.BadSlicesOf
	case o.Events == nil:
		return nil
	}
	left, minutes := o.Budget.Left, o.Budget.Minutes.Remaining
	counts := o.Counts()
	bad = texts.Fill(bad, "bad", p.say.l.Count(counts.Bad), "total", p.say.l.Count(counts.Total))
	return []fact{
		{p.say.s.FactBudget, p.say.l.Failures(left, minutes, o.Slices != nil)},
		{p.say.s.FactBad, p.say.counted(o, bad)},
	}
}
