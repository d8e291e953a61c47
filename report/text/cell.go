package text

import (
	"strings"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// cutMark is how a name says that it was cut.
const cutMark = "..."

// cut shortens s to n columns.
func cut(s string, n int) string { return diag.Cut(s, n, cutMark) }

// narrow replaces signs whose width terminals do not agree on.
func narrow(s string) string {
	return strings.NewReplacer("–", "-", "×", "x", "≤", "<=", "≈", "~").Replace(s)
}

// SGR codes.
const (
	plain  = ""
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
)

func colorOf(s slo.State) string {
	switch s {
	case slo.Missed, slo.Exhausted:
		return red
	case slo.AtRisk:
		return yellow
	case slo.Met, slo.OnTrack:
		return green
	}
	return cyan
}
