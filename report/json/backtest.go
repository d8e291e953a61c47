package json

import (
	"io"

	"github.com/nines-slo/nines/report"
)

// Backtest writes b as nines.backtest/v1.
func Backtest(w io.Writer, b *report.Backtest) error {
	return write(w, b)
}
