package slo

import (
	"fmt"
	"time"
)

// Class is how urgent an alert is.
type Class string

const (
	Page   Class = "page"   // a person acts now
	Ticket Class = "ticket" // a person acts in working hours
	Log    Class = "log"    // nobody is told
)

// Condition is one pair of windows of an alert policy: it is true when the burn
// rates over Long and over Short are both strictly over Factor.
type Condition struct {
	Class  Class
	Factor Number
	Long   time.Duration
	Short  time.Duration
}

// String returns "page 1h/5m".
func (c Condition) String() string {
	return fmt.Sprintf("%s %s/%s", c.Class, FormatDuration(c.Long), FormatDuration(c.Short))
}

// month is the window whose shares of budget the default policy is written for.
const month = 30 * 24 * time.Hour

// DefaultAlerts returns the policy of the SRE Workbook, chapter 5, table 5-8, for
// a window: 2 % of the budget in 1 h and 5 % in 6 h page, 10 % in 3 d is a ticket.
//
// For windows of 28 to 31 days (a calendar month is 30) the shares hold and the
// factor is share × window / long. For any other length the factors stay those of
// 30 days, 14.4, 6 and 1, and conditions whose long window is over half of the
// SLO's, or whose short window is under its slice, are left out.
func DefaultAlerts(s SLO) []Condition {
	rows := [...]struct {
		class       Class
		percent     int64
		long, short time.Duration
	}{
		{Page, 2, time.Hour, 5 * time.Minute},
		{Page, 5, 6 * time.Hour, 30 * time.Minute},
		{Ticket, 10, 3 * 24 * time.Hour, 6 * time.Hour},
	}
	length := s.Window.Nominal()
	monthly := length >= 28*24*time.Hour && length <= 31*24*time.Hour
	basis := month
	if monthly {
		basis = length
	}
	var out []Condition
	for _, r := range rows {
		if !monthly && r.long > length/2 || r.short < s.Budgeting.Slice {
			continue
		}
		factor := NumberFrac(r.percent, 100).Mul(NumberFrac(int64(basis), int64(r.long)))
		out = append(out, Condition{Class: r.class, Factor: factor, Long: r.long, Short: r.short})
	}
	return out
}
