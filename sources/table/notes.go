package table

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// rowCount counts rows and knows where the first is. A row that is added again at
// once, as counts and as an event, counts once.
type rowCount struct {
	n           int
	first, last diag.Pos
}

func (c *rowCount) add(file string, line int) {
	pos := diag.Pos{File: file, Line: line}
	if pos == c.last {
		return
	}
	if c.n == 0 {
		c.first = pos
	}
	c.n, c.last = c.n+1, pos
}

// notes are the warnings that all requests share.
func (p *pass) notes() (notes []diag.Finding) {
	if n := p.leftOut.n; n > 0 {
		notes = append(notes, diag.Warnf(p.leftOut.first, p.format.Name+"/future", "%s left out: not complete at %s",
			rows(n), p.env.At.UTC().Format(time.RFC3339)))
	}
	pos := p.config.block.Get("path").Pos
	if p.rows == 0 {
		return append(notes, diag.Warnf(pos, p.format.Name+"/empty", "there are no rows"))
	}
	for _, i := range p.unseen {
		notes = append(notes, diag.Warnf(pos, p.format.Name+"/column", "no row has %q", p.want.Names[i]).
			WithHint("is the name right? tests of it hold for no event"))
	}
	return notes
}

// bucketNotes are those about pre-bucketed tables.
func (p *pass) bucketNotes() (notes []diag.Finding) {
	if n := p.repeated.n; n > 0 {
		notes = append(notes, diag.Warnf(p.repeated.first, p.format.Name+"/repeated", "%s the same as an earlier one, counted once", rows(n)))
	}
	if step := p.grid.coarser(); len(p.selections) > 0 && step > 0 {
		text := slo.FormatDuration(step)
		pos := p.config.block.Get("step").Pos
		notes = append(notes, diag.Warnf(pos, p.format.Name+"/step", "all rows start a step of %s, but step is %s, so that the time between them counts as not measured",
			text, slo.FormatDuration(p.config.step)).WithHint("did you mean step: %s?", text))
	}
	return notes
}

// rows is "1 row is" or "12 rows are".
func rows(n int) string {
	if n == 1 {
		return "1 row is"
	}
	return diag.Thousands(int64(n)) + " rows are"
}
