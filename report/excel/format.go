package excel

import (
	"fmt"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
)

// targetFormat shows every target in full, with three decimals at least.
func targetFormat(objectives []report.Objective) string {
	decimals := 3
	for _, o := range objectives {
		_, frac, _ := strings.Cut(strings.TrimSuffix(o.Target.String(), "%"), ".")
		decimals = max(decimals, len(frac))
	}
	return "0." + strings.Repeat("0", decimals) + "%"
}

// figure returns a cell with a figure as every output shows it, an empty one if it
// is unknown.
func (b *book) figure(r unit.Rounded, l look) excelize.Cell {
	l.format = r.Format()
	return b.number(r.Value, l)
}

// inWords puts the decimals of r into a format that has words, `#,##0.0" min"`.
func inWords(format string, r unit.Rounded) string {
	digits := "0"
	if r.Decimals > 0 {
		digits += "." + strings.Repeat("0", r.Decimals)
	}
	return strings.ReplaceAll(format, "0.0", digits)
}

// trace is how far off a share may be in a spreadsheet's arithmetic: it computes
// with 15 digits, and 1-0.999 is not 0.001 in floating point.
const trace = 1e-13

// term is a figure before it is rounded: a share, times something. It stands as
// the formula and as what a spreadsheet will compute.
type term struct {
	share   string
	value   float64 // of share
	times   string  // "" for the share itself
	product float64 // of times; 1 for the share itself
}

// rounded returns the formula that rounds t as r is rounded. A share that is within
// a trace of the next digit counts as that digit.
func (t term) rounded(r unit.Rounded) string {
	factor, part := "", ""
	if t.times != "" {
		factor = "*" + t.times
	}
	if grain := r.Grain(); grain > 1 {
		factor += fmt.Sprintf("*%d", grain)
		part = fmt.Sprintf("/%d", grain)
	}
	if r.Up {
		return fmt.Sprintf("-INT((1E-13-%s)%s)%s", t.share, factor, part)
	}
	return fmt.Sprintf("INT((1E-13+%s)%s)%s", t.share, factor, part)
}

// gives tells whether every spreadsheet gets r from that formula, whatever its
// arithmetic does to the last two digits.
func (t term) gives(r unit.Rounded) bool {
	grain, want := float64(r.Grain()), r.Value.Float()
	for _, near := range [...]float64{0.8 * trace, 1.2 * trace} {
		got := math.Floor((t.value+near)*t.product*grain) / grain
		if r.Up {
			got = math.Ceil((t.value-near)*t.product*grain) / grain
		}
		if got != want {
			return false
		}
	}
	return true
}
