package html

import (
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
)

// page is what the template shows: texts and pictures, no numbers.
type page struct {
	Lang           unit.Language
	W              unit.Words
	S              sentences
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

// figure is one of the four at the top.
type figure struct{ Value, Label, Before, Note, Tone string }

// legend explains one level of day bars.
type legend struct {
	Sample template.HTML
	Text   string
}

// calendar is the calendar of an objective that has no section.
type calendar struct {
	ID, Name, Title string
	Picture         template.HTML
}

// painter holds what every part of a page needs.
type painter struct {
	*report.Report
	l    unit.Language
	w    unit.Words
	s    sentences
	zone *time.Location
}

// icon is the favicon: a bar with a tick.
const icon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%230072B2' d='M1 5h10v6H1z'/%3E%3Cpath fill='%23595959' d='M12 2h2v12h-2z'/%3E%3C/svg%3E"

func newPage(r *report.Report) (*page, error) {
	p := &painter{Report: r, l: r.Language, zone: r.Zone}
	if p.l != unit.Japanese {
		p.l = unit.English
	}
	if p.zone == nil {
		p.zone = time.UTC
	}
	p.w, p.s = p.l.Words(), sentencesOf(p.l)
	sections, charts, err := p.sections()
	if err != nil {
		return nil, err
	}
	g := &page{Lang: p.l, W: p.w, S: p.s, System: r.Title, Final: r.Final, Headline: plain(r.Headline),
		Style: template.HTML("<style>\n" + schemes() + asset("style.css") + "</style>"), Icon: icon,
		Period: fill(p.s.Title, "{period}", p.period()), Days: p.dayRange(),
		Made:    fill(p.s.Made, "{time}", p.l.DateTime(r.At, p.zone), "{zone}", p.zone.String()),
		Figures: p.figures(), Rows: p.rows(), Legend: p.legend(), Standings: p.standings(), Forecasts: p.forecasts(), Calendars: p.calendars(),
		Sections: sections, Incidents: p.incidents(), Fired: p.fired(), Releases: p.releases(), Deploys: p.deploys(), Method: p.method()}
	g.Title = strings.Trim(g.Period+" – "+g.System, " –")
	g.CalendarsTitle = fill(p.s.OtherCalendars, "{n}", strconv.Itoa(len(g.Calendars)))
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

// period names the report's period.
func (p *painter) period() string {
	return p.l.Period(p.Period.Name, p.Period.Bounds(), p.zone)
}

// before names the period before: a month by its name.
func (p *painter) before() string {
	if _, err := time.Parse("2006-01", p.Period.Name); err != nil {
		return p.w.Previous
	}
	return p.l.Period(p.Period.Start.Add(-1).In(p.zone).Format("2006-01"), slo.Period{}, p.zone)
}

// figures are the four at the top, each with that of the period before.
func (p *painter) figures() []figure {
	sum := p.Summary
	met := figure{Value: of(sum.Met, sum.Total), Label: p.s.FigureMet, Tone: "good"}
	if p.Period.End.After(p.At) {
		met.Label = p.s.FigureWithin
	}
	if sum.Missed > 0 {
		met.Tone = "bad"
	}
	if sum.NoData > 0 {
		met.Note = fill(p.s.Unjudged, "{n}", strconv.Itoa(sum.NoData))
	}
	if text := words.Caveats(p.l, p.Objectives); text != "" {
		between := p.l.Say("headline.between")
		met.Note = strings.TrimPrefix(met.Note+between+text, between)
	}
	out := []figure{met,
		{Value: p.l.Percent(sum.Availability, 4), Label: p.s.FigureAvailability},
		{Value: strconv.Itoa(sum.Incidents), Label: p.incidentsLabel()},
		{Value: of(sum.OnHold, sum.Services), Label: p.s.FigureOnHold},
	}
	if sum.OnHold > 0 {
		out[3].Tone = "bad"
	}
	for i, before := range p.figuresBefore() {
		out[i].Before = before
	}
	return out
}

func of(n, total int) string { return strconv.Itoa(n) + " / " + strconv.Itoa(total) }

func (p *painter) incidentsLabel() string {
	length := p.l.Duration(p.Summary.IncidentLength)
	switch p.Summary.Incidents {
	case 0:
		return p.s.NoIncidents
	case 1:
		return fill(p.s.FigureIncidentOne, "{length}", length)
	}
	return fill(p.s.FigureIncidents, "{length}", length)
}

// figuresBefore are the four figures of the period before.
func (p *painter) figuresBefore() [4]string {
	sum := p.Previous
	if sum == nil {
		none := p.s.NothingBefore
		return [4]string{none, none, none, none}
	}
	say := func(template, figure string) string {
		return fill(template, "{period}", p.before(), "{figure}", figure, "{length}", p.l.Duration(sum.IncidentLength))
	}
	incidents := p.s.BeforeIncidents
	if sum.Incidents == 0 {
		incidents = p.s.Before
	}
	return [4]string{say(p.s.Before, of(sum.Met, sum.Total)), say(p.s.Before, p.l.Percent(sum.Availability, 4)),
		say(incidents, strconv.Itoa(sum.Incidents)), say(p.s.Before, of(sum.OnHold, sum.Services))}
}

// dayRange heads the column of day bars.
func (p *painter) dayRange() string {
	return p.l.Period("", p.Period.Bounds(), p.zone)
}

func (p *painter) legend() []legend {
	texts := [...]string{p.s.LevelNone, p.s.LevelLow, p.s.LevelEven, p.s.LevelHigh, p.s.LevelOver}
	var out []legend
	for _, level := range [...]report.Level{report.LevelLow, report.LevelEven, report.LevelHigh, report.LevelOver, report.LevelNone} {
		out = append(out, legend{Sample: swatch(level), Text: texts[level]})
	}
	return out
}

// calendars are those of objectives without a section.
func (p *painter) calendars() []calendar {
	var out []calendar
	for i, o := range p.Objectives {
		if o.Detail == nil && len(o.Days) > 0 {
			title := p.calendarTitle(o)
			out = append(out, calendar{ID: anchor(i), Name: o.ID(), Title: title, Picture: p.calendar(o, o.ID()+": "+title)})
		}
	}
	return out
}
