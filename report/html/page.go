package html

import (
	"html/template"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/report/words/texts"
)

// page is what the template shows: texts and pictures, no numbers.
type page struct {
	Lang           unit.Language
	W              unit.Words
	S              *sentences
	Policy         string
	Style          template.HTML
	Icon           template.URL
	Title          string // of the browser's tab
	Period         string // "Service levels, May 2026"
	System         string
	Made           string
	Final          bool
	Headline       string
	Figures        []figure
	Days           string // head of the column of day bars
	Rows           []row
	Legend         []legend
	Standings      []standing
	Forecasts      []fact // of each objective, if somebody asked
	Calendars      []calendar
	CalendarsTitle string
	Sections       []section
	Incidents      incidents
	Fired          fired
	Releases       *releases
	Deploys        *deploys
	Method         method
	Scripts        template.HTML
}

// part is what each part of a page is made of: the model, and the words for it.
type part struct {
	report *report.Report
	say    *speaker
}

// icon is the favicon: a bar with a tick.
const icon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E" +
	"%3Cpath fill='%230072B2' d='M1 5h10v6H1z'/%3E%3Cpath fill='%23595959' d='M12 2h2v12h-2z'/%3E%3C/svg%3E"

func newPage(r *report.Report) (*page, error) {
	say := newSpeaker(r.Language, r.Zone)
	p := part{r, say}
	sections, charts, err := sectionPart(p).sections()
	if err != nil {
		return nil, err
	}
	front, table, days := frontPart(p), tablePart(p), dayPart(p)
	g := &page{
		Lang: say.l, W: say.w, S: say.s, Icon: icon,
		Style:  template.HTML("<style>\n" + schemes() + asset("style.css") + "</style>"),
		System: r.Title, Final: r.Final, Headline: plain(r.Headline),
		Period:  texts.Fill(say.s.Title, "period", say.period(r.Period)),
		Days:    say.l.Period("", r.Period.Bounds(), say.zone),
		Made:    texts.Fill(say.s.Made, "time", say.instant(r.At), "zone", say.zone.String()),
		Figures: front.figures(), Legend: front.legend(),
		Rows: table.rows(), Standings: table.standings(), Forecasts: table.forecasts(),
		Calendars: days.calendars(), Sections: sections,
		Incidents: eventPart(p).incidents(), Fired: eventPart(p).fired(),
		Releases: eventPart(p).releases(), Deploys: deployPart(p).deploys(), Method: methodPart(p).method(),
	}
	g.Title = strings.Trim(g.Period+" – "+g.System, " –")
	g.CalendarsTitle = texts.Fill(say.s.OtherCalendars, "n", strconv.Itoa(len(g.Calendars)))
	g.Scripts, g.Policy = scripts(charts > 0)
	return g, nil
}

// plain takes out the characters that turn the direction of all text after them.
// Where a name stands alone, an element isolates it; in a sentence only this does.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' {
			return -1
		}
		return r
	}, text)
}

// frontPart paints what stands alone when the page is forwarded.
type frontPart part

// figure is one of the four at the top.
type figure struct{ Value, Label, Before, Note, Tone string }

// figures are the four at the top, each with that of the period before.
func (p frontPart) figures() []figure {
	sum, s := p.report.Summary, p.say.s
	met := figure{Value: of(sum.Met, sum.Total), Label: s.FigureMet, Tone: "good", Note: more(s.Unjudged, sum.NoData)}
	if !p.report.Final {
		met.Label = s.FigureWithin
	}
	if sum.Missed > 0 {
		met.Tone = "bad"
	}
	if text := words.Caveats(p.say.l, p.report.Objectives); text != "" {
		between := p.say.l.Say("headline.between")
		met.Note = strings.TrimPrefix(met.Note+between+text, between)
	}
	calls := s.FigureAvailability
	if p.report.Running() {
		calls = s.FigureAvailabilitySoFar
	}
	held := figure{Value: of(sum.OnHold, sum.Services), Label: s.FigureOnHold}
	if sum.OnHold > 0 {
		held.Tone = "bad"
	}
	out := []figure{
		met,
		{Value: p.say.l.Percent(sum.Availability, 4), Label: calls},
		{Value: p.say.l.Count(sum.Incidents), Label: p.incidents()},
		held,
	}
	for i, before := range p.figuresBefore() {
		out[i].Before = before
	}
	return out
}

// incidents labels the number of incidents.
func (p frontPart) incidents() string {
	length := p.say.l.Duration(p.report.Summary.IncidentLength)
	switch n := len(p.report.Incidents); n {
	case 0:
		return p.say.s.NoIncidents
	case 1:
		return texts.Fill(p.say.s.FigureIncidentOne, "length", length)
	}
	return texts.Fill(p.say.s.FigureIncidents, "length", length)
}

// figuresBefore are the four figures of the period before.
func (p frontPart) figuresBefore() [4]string {
	sum, s := p.report.Previous, p.say.s
	if sum == nil {
		none := s.NothingBefore
		return [4]string{none, none, none, none}
	}
	period, length := p.say.before(p.report), p.say.l.Duration(sum.IncidentLength)
	say := func(template, figure string) string {
		return texts.Fill(template, "period", period, "figure", figure, "length", length)
	}
	incidents := s.BeforeIncidents
	if sum.Incidents.Sign() == 0 {
		incidents = s.Before
	}
	return [4]string{
		say(s.Before, of(sum.Met, sum.Total)),
		say(s.Before, p.say.l.Percent(sum.Availability, 4)),
		say(incidents, p.say.l.Count(sum.Incidents)),
		say(s.Before, of(sum.OnHold, sum.Services)),
	}
}

// legend explains one level of day bars.
type legend struct {
	Sample template.HTML
	Text   string
}

func (p frontPart) legend() []legend {
	s := p.say.s
	return []legend{
		{swatch(report.LevelLow), s.LevelLow},
		{swatch(report.LevelEven), s.LevelEven},
		{swatch(report.LevelHigh), s.LevelHigh},
		{swatch(report.LevelOver), s.LevelOver},
		{swatch(report.LevelNone), s.LevelNone},
	}
}
