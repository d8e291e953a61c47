package slo

import (
	"fmt"
	"slices"
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

// defaultAlerts is the policy of the SRE Workbook, chapter 5, table 5-8, for 30
// days: the share of the budget in percent that each long window may take.
func defaultAlerts() []defaultAlert {
	return []defaultAlert{
		{Page, 2, time.Hour, 5 * time.Minute},
		{Page, 5, 6 * time.Hour, 30 * time.Minute},
		{Ticket, 10, 3 * 24 * time.Hour, 6 * time.Hour},
	}
}

type defaultAlert struct {
	class       Class
	percent     int64
	long, short time.Duration
}

// monthly tells whether the policy's shares hold for s: its window has 28 to 31 days.
func (s SLO) monthly() bool {
	days := s.Window.Nominal() / (24 * time.Hour)
	return days >= 28 && s.Window.Nominal() <= 31*24*time.Hour
}

// DefaultAlerts returns the default policy for s: 2 % of the budget in 1 h and 5 %
// in 6 h page, 10 % in 3 d is a ticket.
//
// For windows of 28 to 31 days (a calendar month is 30) the shares hold and the
// factor is share × window / long. For any other length the factors stay those of
// 30 days, 14.4, 6 and 1, and conditions whose long window is over half of the
// SLO's, or whose short window is under its slice, are left out.
func DefaultAlerts(s SLO) []Condition {
	basis := month
	if s.monthly() {
		basis = s.Window.Nominal()
	}
	var out []Condition
	for _, a := range defaultAlerts() {
		if s.burns(a.long) && a.short >= s.Budgeting.Slice {
			factor := NumberFrac(a.percent, 100).Mul(NumberFrac(int64(basis), int64(a.long)))
			out = append(out, Condition{Class: a.class, Factor: factor, Long: a.long, Short: a.short})
		}
	}
	return out
}

// burns tells whether a burn rate over w says something of s.
func (s SLO) burns(w time.Duration) bool {
	return w >= s.Budgeting.Slice && (s.monthly() || w <= s.Window.Nominal()/2)
}

// BurnWindows returns the windows over which the burn rate of s is shown, shortest
// first: those of the default policy, as far as they say something of s.
func BurnWindows(s SLO) []time.Duration {
	var out []time.Duration
	for _, a := range defaultAlerts() {
		for _, w := range []time.Duration{a.long, a.short} {
			if s.burns(w) {
				out = append(out, w)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
