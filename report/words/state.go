package words

import (
	"strconv"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// State says how an objective stands, and on how little: "on track over 5 of 29 days".
func State(l unit.Language, s slo.State, c *report.Caveat) string {
	if c == nil {
		return l.State(s)
	}
	return l.Say("state.over", "state", l.State(s), "time", Caveat(l, c))
}

// Caveat says on how much of its window an objective was judged: "5 of 29 days". The
// unit is the largest of which the window has two; where less than one of it was
// measured, both say their own: "6 h of 29 d". What was measured is rounded down. It is
// "" without a caveat.
func Caveat(l unit.Language, c *report.Caveat) string {
	if c == nil {
		return ""
	}
	id, length := "state.minutes", time.Minute
	switch whole := duration(c.Whole); {
	case whole >= 48*time.Hour:
		id, length = "state.days", 24*time.Hour
	case whole >= 2*time.Hour:
		id, length = "state.hours", time.Hour
	}
	n := int(duration(c.Measured) / length)
	if n == 0 {
		return l.Of(duration(c.Measured), duration(c.Whole))
	}
	of := int((duration(c.Whole) + length - 1) / length)
	return l.Say(id, "n", strconv.Itoa(n), "of", strconv.Itoa(of))
}

// Caveats says how many of the objectives were judged on too little of their windows,
// and on how little at the least; "" if none was.
func Caveats(l unit.Language, objectives []report.Objective) string {
	var least *report.Caveat
	n := 0
	for _, o := range objectives {
		c := o.Caveat
		if c == nil {
			continue
		}
		n++
		if least == nil || c.Measured.Quo(c.Whole).Cmp(least.Measured.Quo(least.Whole)) < 0 {
			least = c
		}
	}
	if n == 0 {
		return ""
	}
	return l.Counted("state.caveats", n, "time", Caveat(l, least))
}

// duration returns a whole number of nanoseconds, given in minutes.
func duration(minutes slo.Number) time.Duration {
	return time.Duration(minutes.Mul(slo.NumberOf(int64(time.Minute))).Float())
}
