package bucket

import (
	"errors"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
)

// maxFindings are shown in full; of the others the number.
const maxFindings = 20

// Findings collects what is wrong with rows: the first twenty in full, of the
// others the number.
type Findings struct {
	room string // of the codes
	list diag.List
	more int
	next diag.Pos // of the first that is not shown
}

// NewFindings returns none yet, of codes in that room.
func NewFindings(room string) Findings { return Findings{room: room} }

// Add takes a finding about a row of a file. Its code has no room yet, unless it is that
// of who opened the file.
func (f *Findings) Add(file string, found diag.Finding) {
	if found.Pos.File = file; !strings.Contains(found.Code, "/") {
		found.Code = f.room + "/" + found.Code
	}
	f.keep(found)
}

func (f *Findings) keep(found diag.Finding) {
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

// Merge adds what was found in rows behind those of f.
func (f *Findings) Merge(later Findings) {
	for _, found := range later.list {
		f.keep(found)
	}
	if f.more == 0 {
		f.next = later.next
	}
	f.more += later.more
}

// Err returns the findings as an error, nil if nothing was found.
func (f *Findings) Err() error {
	switch {
	case len(f.list) == 0:
		return nil
	case f.more == 0:
		return f.list
	}
	more := diag.Errorf(f.next, f.room+"/more", "and %s more from this line on", diag.Thousands(int64(f.more)))
	return append(f.list[:len(f.list):len(f.list)], more)
}

// hint gives all findings another hint.
func (f *Findings) hint(text string) {
	for i := range f.list {
		f.list[i].Hint = text
	}
}

// Count returns how many there are.
func (f *Findings) Count() int { return len(f.list) + f.more }

// Join makes one error of the findings of several, in order. Errors of another
// kind are left out.
func Join(errs ...error) error {
	var all diag.List
	for _, err := range errs {
		var list diag.List
		if errors.As(err, &list) {
			all = append(all, list...)
		}
	}
	if len(all) == 0 {
		return nil
	}
	all.Sort()
	return all
}
