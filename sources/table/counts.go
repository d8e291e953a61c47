package table

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/bucket"
)

// readCounts reads the count columns of a row; report is called for each value
// that cannot be used or that contradicts another.
func (c *config) readCounts(row *Row, report func(diag.Finding)) (n bucket.Counts, ok bool) {
	ok = true
	read := func(col int, to *bucket.Count) bool {
		text := row.Values[col]
		if text == nil {
			return false
		}
		if why, bad := row.bad(col); bad {
			report(why)
			ok = false
			return false
		}
		v, f := bucket.ParseCount(text)
		if f != nil {
			c.hintComma(text, f)
			report(about(*f, row.Line, c.core[col], row.shown(text)))
			ok = false
		}
		*to = v
		return f == nil
	}
	n.HasGood = read(colGood, &n.Good)
	n.HasBad = read(colBad, &n.Bad)
	n.HasTotal = read(colTotal, &n.Total)
	if !ok {
		return n, false
	}
	if conflict := n.Complete(); conflict != bucket.NoConflict {
		report(onLine(row.Line, c.contradiction(conflict, &n)))
		return n, false
	}
	return n, true
}

// hintComma hints at the key of csv that says how decimals are written, for a number with
// a comma.
func (c *config) hintComma(text []byte, f *bucket.Fault) {
	whole, part, comma := bytes.Cut(text, []byte(","))
	if comma && isDigits(whole) && isDigits(part) && c.block.Get("type").Text == "csv" {
		f.Hint = `write the digits alone; if it is a comma before decimals say in the source: decimal: ","`
	}
}

// contradiction says how the counts of a row contradict each other.
func (c *config) contradiction(conflict bucket.Conflict, n *bucket.Counts) diag.Finding {
	good, bad, total := c.core[colGood], c.core[colBad], c.core[colTotal]
	finding := func(format string, args ...any) diag.Finding {
		return diag.Errorf(diag.Pos{}, "count", format, args...)
	}
	switch conflict {
	case bucket.GoodTooLarge:
		return finding("column %q is %s, more than %q, which is %s", good, n.Good, total, n.Total)
	case bucket.BadTooLarge:
		return finding("column %q is %s, more than %q, which is %s", bad, n.Bad, total, n.Total)
	case bucket.TooLarge:
		return c.tooLarge(n)
	}
	return finding("%q %s and %q %s do not add up to %q %s", good, n.Good, bad, n.Bad, total, n.Total).
		WithHint("mend the row, or take one of the three columns away")
}

// tooLarge refuses stated counts that no one unit holds, or not with their sum.
func (c *config) tooLarge(n *bucket.Counts) diag.Finding {
	var stated []string
	for i, count := range []bucket.Count{n.Good, n.Bad, n.Total} {
		if []bool{n.HasGood, n.HasBad, n.HasTotal}[i] {
			stated = append(stated, fmt.Sprintf("%q %s", c.core[colGood+i], count))
		}
	}
	f := diag.Errorf(diag.Pos{}, "count", "%s come to over 2^53 times their last decimal, which cannot be held exactly",
		strings.Join(stated, " and "))
	return f.WithHint("use a shorter step, or write fewer decimals")
}
