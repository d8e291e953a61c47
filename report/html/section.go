package html

import (
	"html/template"
	"slices"
	"strconv"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
)

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

// chart is a figure that ECharts draws, with its table.
type chart struct {
	ID, Title, Note string
	Keys            []key
	Height          int
	Element         template.HTML // script element with ECharts' options
	Table           table
}

// key names a line of a chart: Style is its class in the legend.
type key struct{ Style, Text string }

// table holds a chart's figures; the first cell of a row is its head.
type table struct {
	Head []string
	Rows [][]string
}

// drawnAtOnce is how many charts are drawn when the page opens. Sections beyond
// it are folded, and drawn when they are opened or printed.
const drawnAtOnce = 60

// sections returns those of objectives with detail, and how many charts they have.
func (p *painter) sections() (out []section, charts int, err error) {
	floor := p.lowest()
	for i, o := range p.Objectives {
		if o.Detail == nil {
			continue
		}
		s := section{ID: anchor(i), Title: p.finding(o), State: stateOfObjective(p.l, o), About: o.Description, Facts: p.facts(o),
			CalendarTitle: p.calendarTitle(o), Long: long(o)}
		s.Calendar = p.calendar(o, s.CalendarTitle)
		if s.Charts, err = p.charts(o, s.ID, floor); err != nil {
			return nil, 0, err
		}
		charts += len(s.Charts)
		s.Folded = charts > drawnAtOnce
		out = append(out, s)
	}
	return out, charts, nil
}

// finding is the title of an objective's section.
func (p *painter) finding(o report.Objective) string {
	template := p.s.AtRisk
	switch {
	case o.State == slo.Missed:
		template = p.s.Missed
	case o.State == slo.Exhausted:
		template = p.s.Exhausted
	case o.Window.Closed:
		template = p.s.Kept
	}
	b := o.Deciding()
	return fill(template, "{name}", plain(o.ID()), "{spent}", p.l.Spent(b.Spent), "{left}", p.l.Percent(b.Remaining, 0))
}

// facts are the figures beside the calendar.
func (p *painter) facts(o report.Objective) []fact {
	counts, bad := o.Events, p.s.BadOf
	if o.Slices != nil {
		counts, bad = o.Slices, p.s.BadSlicesOf
	}
	out := []fact{{p.s.FactActual, fill(p.s.ActualOf, "{sli}", p.l.SLI(o.SLI, o.Target), "{target}", p.l.Target(o.Target))}}
	if counts != nil {
		left, minutes := o.Budget.Left, o.Budget.Minutes.Remaining
		if whole := o.Budget.Projected; whole != nil {
			left, minutes = whole.Left, slo.Number{}
		}
		out = append(out, fact{p.s.FactBudget, p.l.Failures(left, minutes, o.Slices != nil)},
			fact{p.s.FactBad, fill(bad, "{bad}", p.l.Count(counts.Bad), "{total}", p.l.Count(counts.Total))})
	}
	if o.Evidence != nil {
		out = append(out, fact{p.s.FactEvidence, words.Evidence(p.l, *o.Evidence, o.Target)})
	}
	if o.Forecast != nil {
		out = append(out, fact{p.s.Forecast, words.Forecast(p.l, *o.Forecast)})
	}
	if o.Budget.Projected != nil {
		out = append(out, fact{p.s.FactSoFar, fill(p.s.SoFar, "{spent}", p.l.Spent(o.Budget.Spent))})
	}
	if b := o.Previous; b != nil {
		out = append(out, fact{p.before(), p.standingText(b.SLI, b.Spent, b.State, o.Target)})
	}
	if s := o.Standing; s != nil {
		window := p.l.Window(s.Window.Kind, s.Window.Length)
		out = append(out, fact{window, p.standingText(s.SLI, s.Budget.Spent, s.State, o.Target)})
	}
	if len(o.Exclusions) > 0 {
		out = append(out, fact{p.w.Exclusions, fill(p.s.Uncounted, "{sli}", p.l.SLI(o.Unexcluded, o.Target))})
	}
	if zone := o.Window.Timezone; zone != p.Period.Timezone {
		out = append(out, fact{p.w.Timezone, fill(p.s.OwnZone, "{zone}", zone)})
	}
	return append(out, fact{p.w.Coverage, p.l.Percent(o.Coverage, 1)})
}

func (p *painter) standingText(sli, spent slo.Number, s slo.State, target slo.Target) string {
	return fill(p.s.Standing, "{sli}", p.l.SLI(sli, target), "{spent}", p.l.Spent(spent), "{state}", p.l.State(s))
}

// calendarTitle says which day cost most.
func (p *painter) calendarTitle(o report.Objective) string {
	known := slices.DeleteFunc(slices.Clone(o.Days), func(d report.Day) bool { return !d.Multiple.Known() })
	if len(known) == 0 {
		return p.s.CalendarUnknown
	}
	worst := slices.MaxFunc(known, func(a, b report.Day) int { return a.Multiple.Cmp(b.Multiple) })
	if worst.Multiple.Cmp(slo.NumberOf(1)) <= 0 {
		return p.s.CalendarCalm
	}
	date, err := slo.ParseDate(worst.Date)
	if err != nil {
		return p.s.CalendarUnknown // a model's dates are valid
	}
	return fill(p.s.CalendarPeak, "{date}", p.l.Date(date.Midday(), time.UTC), "{multiple}", p.l.Multiple(worst.Multiple))
}

// incidentNumber returns the number that the incidents table gives to the
// incident of which i is part, "" if there is none.
func (p *painter) incidentNumber(i slo.Period) string {
	for n, inc := range p.Incidents {
		if (slo.Period{Start: inc.Start, End: inc.End}).Covers(i) {
			return strconv.Itoa(n + 1)
		}
	}
	return ""
}
