package slo

import (
	"time"

	"github.com/teambition/rrule-go"
)

// Exclusion is time that no promise covers, such as planned maintenance: it
// leaves both sums and coverage. It is either fixed (Periods) or recurring (Rule).
type Exclusion struct {
	Name     string
	AgreedBy string
	Fixed    []Period    // one-off, and what an iCalendar file expands to
	Rule     *Recurrence // nil if fixed
	Calendar string      // path of the iCalendar file that Fixed was or will be read from
}

// Recurrence is an RFC 5545 rule whose starts are wall-clock times of a zone.
type Recurrence struct {
	Rule     string // without DTSTART, "FREQ=WEEKLY;BYDAY=SU;BYHOUR=2"
	Start    Date
	Hour     int // wall clock of the first start
	Minute   int
	Second   int
	Zone     *time.Location
	Duration time.Duration // elapsed time of each occurrence
}

var _ = rrule.StrToROption
