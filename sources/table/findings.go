package table

import (
	"fmt"
	"strconv"

	"github.com/nines-slo/nines/slo/diag"
)

// maxFindings are shown in full; of the others the number.
const maxFindings = 20

// findings collects what is wrong with rows.
type findings struct {
	room string // of the codes
	list diag.List
	more int
	next diag.Pos // of the first that is not shown
}

// add takes a finding whose code has no room yet.
func (f *findings) add(file string, found diag.Finding) {
	found.Pos.File, found.Code = file, f.room+"/"+found.Code
	switch {
	case len(f.list) < maxFindings:
		f.list = append(f.list, found)
	case f.more == 0:
		f.next = found.Pos
		fallthrough
	default:
		f.more++
	}
}

// err returns nil if nothing was found.
func (f *findings) err() error {
	switch {
	case len(f.list) == 0:
		return nil
	case f.more == 0:
		return f.list
	}
	more := diag.Errorf(f.next, f.room+"/more", "and %s more from this line on", diag.Thousands(int64(f.more)))
	return append(f.list[:len(f.list):len(f.list)], more)
}

func (f *findings) count() int { return len(f.list) + f.more }

// about returns a finding on a value of a column.
func (f *fault) about(line int, column string, value []byte) diag.Finding {
	text := fmt.Sprintf("column %q: %s %s", column, quote(value), f.why)
	if len(value) == 0 {
		text = fmt.Sprintf("column %q %s", column, f.why)
	}
	return diag.Finding{Pos: diag.Pos{Line: line}, Code: f.code, Message: text, Hint: f.hint}
}

// quote shows a text from a file on one line, cut to 40 bytes.
func quote(text []byte) string {
	if len(text) > 40 {
		return strconv.Quote(string(text[:40])) + "…"
	}
	return strconv.Quote(string(text))
}
