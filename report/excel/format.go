package excel

import (
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
)

// targetFormat shows every target in full, with three decimals at least.
func targetFormat(objectives []report.Objective) string {
	decimals := 3
	for _, o := range objectives {
		_, frac, _ := strings.Cut(strings.TrimSuffix(o.Target.String(), "%"), ".")
		decimals = max(decimals, len(frac))
	}
	return percentFormat(decimals)
}

func percentFormat(decimals int) string { return "0." + strings.Repeat("0", decimals) + "%" }

// ratioFormat shows an SLI with four decimals, and more where rounding would lift
// it over a line that it is under: its target, or 100 %.
func ratioFormat(sli slo.Number, t slo.Target) string {
	for decimals := 4; decimals < 10; decimals++ {
		if !lifts(sli, t.Number(), decimals) && !lifts(sli, slo.NumberOf(1), decimals) {
			return percentFormat(decimals)
		}
	}
	return percentFormat(10)
}

// spentFormat shows a spend with one decimal, and more where rounding would hide
// that it is over 100 % or over the share at which an objective is at risk.
func spentFormat(spent, atRisk slo.Number) string {
	for decimals := 1; decimals < 10; decimals++ {
		if !lifts(slo.NumberOf(0).Sub(spent), slo.NumberOf(-1), decimals) &&
			!lifts(slo.NumberOf(0).Sub(spent), slo.NumberOf(0).Sub(atRisk), decimals) {
			return percentFormat(decimals)
		}
	}
	return percentFormat(10)
}

// leftFormat gives a format of one decimal more of them where n would show as 0.
func leftFormat(format string, n slo.Number) string {
	for decimals := 1; decimals < 4 && n.Sign() != 0 && round(n.Float(), decimals) == 0; decimals++ {
		format = strings.ReplaceAll(format, "0.0", "0.00")
	}
	return format
}

// lifts tells whether n is under the line and, as a percentage rounded to that
// many decimals, no longer is.
func lifts(n, line slo.Number, decimals int) bool {
	if !n.Known() || n.Cmp(line) >= 0 {
		return false
	}
	return round(n.Float(), decimals+2) >= line.Float()
}
