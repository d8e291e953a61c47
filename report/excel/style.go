package excel

import "github.com/xuri/excelize/v2"

// Colours; those of states and days are the HTML report's in its light scheme.
const (
	ink     = "1A1A1A"
	muted   = "595959"
	axis    = "404040"
	rule    = "D9D9D9"
	head    = "EEF1F4"
	good    = "0072B2"
	near    = "E69F00"
	nearInk = "7A4B00"
	bad     = "B2400A"
	input   = "FFF7D6"
	inputIn = "0000C8"
	bar     = "9ECAE1"

	dayLow  = "DCEBF7"
	dayEven = "9ECAE1"
	dayHigh = "F0B96B"
	dayOver = "D9622B"
	dayNone = "D9D9D9"
)

// look is all that cells of this workbook differ in. The zero look is plain text.
type look struct {
	size          float64 // points; 0 is 11
	bold          bool
	color, fill   string
	format        string // number format
	align, valign string
	wrap          bool
	indent        int
	bottom        int  // border style of the lower edge
	cell          bool // white edges, as in the calendar
}

// again is the look of what the row above says too: grey.
func (l look) again(repeated bool) look {
	if repeated {
		l.color = muted
	}
	return l
}

// style returns the id of l, making it once.
func (b *book) style(l look) int {
	if id, ok := b.styles[l]; ok {
		return id
	}
	id, err := b.file.NewStyle(b.xf(l))
	b.try(err)
	b.styles[l] = id
	return id
}

func (b *book) xf(l look) *excelize.Style {
	s := &excelize.Style{
		Font:      &excelize.Font{Family: b.words.font, Size: 11, Bold: l.bold, Color: ink},
		Alignment: &excelize.Alignment{Vertical: "center", Horizontal: l.align, WrapText: l.wrap, Indent: l.indent},
	}
	if l.valign != "" {
		s.Alignment.Vertical = l.valign
	}
	if l.size > 0 {
		s.Font.Size = l.size
	}
	if l.color != "" {
		s.Font.Color = l.color
	}
	if l.fill != "" {
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.fill}}
	}
	if l.format != "" {
		s.CustomNumFmt = &l.format
	}
	s.Border = edges(l)
	return s
}

func edges(l look) []excelize.Border {
	if l.cell {
		return []excelize.Border{
			{Type: "left", Color: "FFFFFF", Style: 1}, {Type: "right", Color: "FFFFFF", Style: 1},
			{Type: "top", Color: "FFFFFF", Style: 1}, {Type: "bottom", Color: "FFFFFF", Style: 1},
		}
	}
	switch l.bottom {
	case 0:
		return nil
	case 1:
		return []excelize.Border{{Type: "bottom", Color: rule, Style: 1}}
	}
	return []excelize.Border{{Type: "bottom", Color: muted, Style: l.bottom}}
}

// conditional returns the id of a style for conditional formats.
func (b *book) conditional(color, fill string, bold bool) *int {
	s := &excelize.Style{Font: &excelize.Font{Color: color, Bold: bold}}
	if fill != "" {
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{fill}}
	}
	id, err := b.file.NewConditionalStyle(s)
	b.try(err)
	return &id
}

// Looks that several sheets share.
var (
	titleLook   = look{size: 16, bold: true}
	noteLook    = look{color: muted}
	headLook    = look{bold: true, fill: head, wrap: true, bottom: 2}
	headNumLook = look{bold: true, fill: head, wrap: true, bottom: 2, align: "right"}
	textLook    = look{bottom: 1}
	boldLook    = look{bottom: 1, bold: true}
	// After a column of numbers.
	headNextLook = look{bold: true, fill: head, wrap: true, bottom: 2, align: "left", indent: 1}
	textNextLook = look{bottom: 1, align: "left", indent: 1}
	figureLook   = look{bottom: 1, align: "right"} // its format is the figure's
	numberLook   = look{bottom: 1, align: "right", format: "#,##0"}
	dateTimeLook = look{bottom: 1, align: "left", format: "yyyy-mm-dd hh:mm"}
)
