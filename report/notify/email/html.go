package email

import (
	"bytes"
	"embed"
	"html/template"
	"math/big"
	"net/url"
	"strings"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

//go:embed page.gohtml
var assets embed.FS

// page is what the template shows. The Outlook of Windows draws with Word: tables and
// inline styles reach it, and of the rest only what it may do without. Nothing has a
// white ground, so that dark readers keep theirs; what has a colour has one that both
// show.
type page struct {
	Language  unit.Language
	Headline  string
	Preheader string       // what a list of mails shows behind the subject
	Fonts     template.CSS // that every system has
	Tone      *tone
	Sections  []block
	Notes     []string
	Links     []notify.Link

	Begin, End template.HTML // a table of 600 px around it all, for Outlook alone
}

// block is a section.
type block struct {
	Title string
	Rows  []line
	Left  string
}

// line is a row.
type line struct {
	Row  notify.Row
	Tone *tone // nil: no mark
	Bar  []cell
}

// tone is the look of a state: its mark on a ground. What the state is, texts say.
type tone struct{ Mark, Back, Ink string }

// cell is a piece of a bar.
type cell struct {
	Width int // of 100
	Back  string
	Track bool // it is what is left
}

const (
	begin = `<!--[if mso]><table role="presentation" width="600" align="center" ` +
		`cellpadding="0" cellspacing="0" border="0"><tr><td width="600" align="left"><![endif]-->`
	end = `<!--[if mso]></td></tr></table><![endif]-->`

	white = "#FFFFFF"
	black = "#1A1A1A"
	calm  = "#6B7785" // also where there is no state
)

// html returns the page of a message whose texts are clean.
func (d *destination) html(m notify.Message) ([]byte, error) {
	p := page{
		Language: m.Language, Headline: m.Headline, Preheader: preheader(m), Fonts: fonts(m.Language),
		Tone: toneOf(m.State), Notes: m.Notes, Links: web(m.Links), Begin: begin, End: end,
	}
	if p.Tone == nil {
		p.Tone = &tone{Back: calm}
	}
	for _, s := range m.Sections {
		b := block{Title: s.Title, Left: s.Left}
		for _, r := range s.Rows {
			b.Rows = append(b.Rows, line{Row: r, Tone: toneOf(r.State), Bar: bar(r)})
		}
		p.Sections = append(p.Sections, b)
	}
	var b bytes.Buffer
	err := d.page.Execute(&b, p)
	return b.Bytes(), err
}

func fonts(l unit.Language) template.CSS {
	if l == unit.Japanese {
		return "Meiryo,'Hiragino Sans','Noto Sans CJK JP',Arial,sans-serif"
	}
	return "Arial,Helvetica,sans-serif"
}

func toneOf(s slo.State) *tone {
	t := tone{Mark: unit.Mark(s), Ink: white}
	switch s {
	case "":
		return nil
	case slo.Met, slo.OnTrack:
		t.Back = "#0072B2"
	case slo.AtRisk:
		t.Back, t.Ink = "#E69F00", black
	case slo.Missed, slo.Exhausted:
		t.Back = "#B2400A"
	default:
		t.Back = calm
	}
	return &t
}

// maxPreheader is how many columns of a preheader a list of mails shows at most.
const maxPreheader = 140

// preheader returns what follows the headline: the rows, as many as a line has.
func preheader(m notify.Message) string {
	var rows []string
	for _, s := range m.Sections {
		for _, r := range s.Rows {
			rows = append(rows, strings.TrimSpace(r.Name+" "+r.Text))
		}
	}
	return diag.Cut(strings.Join(rows, " · "), maxPreheader, "…")
}

// web returns the links that lead to the web.
func web(links []notify.Link) []notify.Link {
	var out []notify.Link
	for _, l := range links {
		if u, err := url.Parse(l.URL); err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
			out = append(out, l)
		}
	}
	return out
}

// bar returns the pieces of the bar of what is spent: the whole bar is the budget, or
// what is spent if that is more, and then what is over stands behind the budget and a
// gap.
func bar(r notify.Row) []cell {
	if !r.Spent.Known() || r.Spent.Sign() < 0 {
		return nil
	}
	spent := cell{Back: calm}
	if t := toneOf(r.State); t != nil {
		spent.Back = t.Back
	}
	gap := cell{Back: "#D5D9DE", Track: true}
	if one := slo.NumberOf(1); r.Spent.Cmp(one) > 0 {
		gap.Width, spent.Width = 1, min(max(hundredths(one.Quo(r.Spent)), 1), 98)
		return []cell{spent, gap, {Width: 99 - spent.Width, Back: "#E0703A"}}
	}
	spent.Width = hundredths(r.Spent)
	left := gap
	left.Width = 100 - spent.Width
	switch {
	case spent.Width == 0:
		return []cell{left}
	case left.Width == 0:
		return []cell{spent}
	}
	return []cell{spent, left}
}

// hundredths returns a share from 0 to 1 as a width, rounded down.
func hundredths(share slo.Number) int {
	r := share.Mul(slo.NumberOf(100)).Rat()
	return int(new(big.Int).Quo(r.Num(), r.Denom()).Int64())
}
