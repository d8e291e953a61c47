package html

import (
	"fmt"
	"html/template"
	"math"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
)

// svg collects the marks of one picture.
type svg struct{ strings.Builder }

// picture closes the SVG: width × height units, scaled by the page's style.
func (s *svg) picture(class, label string, width, height float64) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="%s" role="img" aria-label="%s" preserveAspectRatio="none" viewBox="0 0 %s %s">%s</svg>`,
		class, escape(label), short(width), short(height), s.String()))
}

func escape(text string) string { return template.HTMLEscapeString(text) }

// short writes a length with at most two decimals.
func short(f float64) string { return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64) }

// tone is the style class of a state.
func tone(s slo.State) string {
	switch s {
	case slo.Missed, slo.Exhausted:
		return "bad"
	case slo.AtRisk:
		return "near"
	case slo.NoData:
		return "none"
	}
	return "good"
}

// bulletEnd is the share of budget at which bullet bars end.
const bulletEnd = 1.5

// bullet draws what was spent of a budget against bands that end at the share that
// is at risk, 100 % and 150 %. A longer bar ends in an arrow.
func bullet(o report.Objective, label string) template.HTML {
	const width, height = 120.0, 16.0
	at := func(share float64) float64 { return width * math.Min(share, bulletEnd) / bulletEnd }
	risk := o.AtRisk.Float()
	var s svg
	for i, band := range [...][2]float64{{0, risk}, {risk, 1}, {1, bulletEnd}} {
		fmt.Fprintf(&s, `<rect class="band%d" x="%s" y="1" width="%s" height="14"/>`, i, short(at(band[0])), short(at(band[1])-at(band[0])))
	}
	if spent := o.Budget.Spent; spent.Sign() > 0 {
		x := math.Max(at(spent.Float()), 1.5)
		if spent.Float() > bulletEnd {
			fmt.Fprintf(&s, `<path class="bar %s" d="M0 5H%sL%s 8L%s 11H0Z"/>`, tone(o.State), short(width-5), short(width), short(width-5))
		} else {
			fmt.Fprintf(&s, `<rect class="bar %s" y="5" width="%s" height="6"/>`, tone(o.State), short(x))
		}
	}
	fmt.Fprintf(&s, `<rect class="tick" x="%s" width="2" height="%s"/>`, short(at(1)-1), short(height))
	return s.picture("bullet", label, width, height)
}

// dayBars draws one bar a day: its height and colour are the day's level, which
// the style knows.
func (p *painter) dayBars(o report.Objective) template.HTML {
	const width, height = 217.0, 22.0
	days := max(len(o.Days), wholeDays(o.Window))
	pitch := math.Min(width/math.Max(float64(days), 1), 14)
	var s svg
	fmt.Fprintf(&s, `<g style="--w:%spx">`, short(pitch-math.Min(1.5, pitch/4)))
	for i, d := range o.Days {
		fmt.Fprintf(&s, `<rect class="d%d" x="%s"><title>%s</title></rect>`, d.Level, short(float64(i)*pitch), escape(p.dayMark(d)))
	}
	s.WriteString("</g>")
	return s.picture("days", p.daysLabel(o.Days), math.Max(pitch*float64(days), 1), height)
}

// wholeDays returns the days of a window, also those to come.
func wholeDays(w report.Window) int {
	return int(w.End.Sub(w.Start).Hours()/24 + 0.5)
}

// dayMark says what a day took.
func (p *painter) dayMark(d report.Day) string {
	if d.Level == report.LevelNone {
		return fill(p.s.DayMarkNone, "{date}", d.Date)
	}
	return fill(p.s.DayMark, "{date}", d.Date, "{multiple}", p.l.Multiple(d.Multiple))
}

// daysLabel counts the days of each level.
func (p *painter) daysLabel(days []report.Day) string {
	if len(days) == 0 {
		return p.w.NoData
	}
	var n [5]int
	for _, d := range days {
		n[d.Level]++
	}
	return fill(p.s.DaysLabel, "{range}", days[0].Date+" – "+days[len(days)-1].Date, "{low}", strconv.Itoa(n[report.LevelLow]),
		"{even}", strconv.Itoa(n[report.LevelEven]), "{high}", strconv.Itoa(n[report.LevelHigh]),
		"{over}", strconv.Itoa(n[report.LevelOver]), "{none}", strconv.Itoa(n[report.LevelNone]))
}

// swatch draws the legend's bar of a level.
func swatch(level report.Level) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="days sample" aria-hidden="true" viewBox="0 0 7 22"><g style="--w:6px"><rect class="d%d"/></g></svg>`, level))
}
