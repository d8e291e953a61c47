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
type svg struct{ marks strings.Builder }

// add appends marks.
func (s *svg) add(format string, args ...any) { fmt.Fprintf(&s.marks, format, args...) }

// picture closes the SVG: width × height units, scaled by the page's style.
func (s *svg) picture(class, label string, width, height float64) template.HTML {
	const open = `<svg class="%s" role="img" aria-label="%s" preserveAspectRatio="none" viewBox="0 0 %s %s">`
	head := fmt.Sprintf(open, class, escape(label), short(width), short(height))
	return template.HTML(head + s.marks.String() + "</svg>")
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
		from, to := at(band[0]), at(band[1])
		s.add(`<rect class="band%d" x="%s" y="1" width="%s" height="14"/>`, i, short(from), short(to-from))
	}
	if spent := o.Budget.Spent; spent.Sign() > 0 {
		x := math.Max(at(spent.Float()), 1.5)
		if spent.Float() > bulletEnd {
			neck := short(width - 5)
			s.add(`<path class="bar %s" d="M0 5H%sL%s 8L%s 11H0Z"/>`, tone(o.State), neck, short(width), neck)
		} else {
			s.add(`<rect class="bar %s" y="5" width="%s" height="6"/>`, tone(o.State), short(x))
		}
	}
	s.add(`<rect class="tick" x="%s" width="2" height="%s"/>`, short(at(1)-1), short(height))
	return s.picture("bullet", label, width, height)
}

// swatch draws the legend's bar of a level.
func swatch(level report.Level) template.HTML {
	const sample = `<svg class="days sample" aria-hidden="true" viewBox="0 0 7 22">` +
		`<g style="--w:6px"><rect class="d%d"/></g></svg>`
	return template.HTML(fmt.Sprintf(sample, level))
}
