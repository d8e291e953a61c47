package words

import (
	"strconv"
	"strings"
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

// Caveat says on how much of its window an objective was judged: "5 of 29 days", of
// windows under a week in hours, under half a day in minutes. Where less than one such
// unit was measured, both say their own: "6 h of 29 d". What was measured is rounded
// down; a window has as many days as the calendar, also where the clocks change. It is
// "" without a caveat.
func Caveat(l unit.Language, c *report.Caveat) string {
	if c == nil {
		return ""
	}
	id, length := "state.minutes", time.Minute
	switch whole := duration(c.Whole); {
	case whole >= 7*24*time.Hour-time.Hour: // a week in which the clocks are put forward
		id, length = "state.days", 24*time.Hour
	case whole >= 12*time.Hour:
		id, length = "state.hours", time.Hour
	}
	n := int(duration(c.Measured) / length)
	if n == 0 && c.Measured.Sign() > 0 {
		return l.Of(duration(c.Measured), duration(c.Whole))
	}
	of := int((duration(c.Whole) + length/2) / length)
	return l.Say(id, "n", strconv.Itoa(n), "of", strconv.Itoa(of))
}

// Overspent says why a running period is at risk although its budget would last: "232% of
// what 3 days allow is spent".
func Overspent(l unit.Language, o report.Overspent) string {
	d := duration(o.Elapsed)
	if d == 24*time.Hour || d == time.Hour || d == time.Minute { // one of a unit
		return l.Say("state.overspent_one", "spent", l.Spent(o.Spent), "length", length(l, d))
	}
	return l.Say("state.overspent", "spent", l.Spent(o.Spent), "length", length(l, d))
}

// SoFar says of which time the SLI of a running period is: "3 days".
func SoFar(l unit.Language, o report.Objective) string { return length(l, o.Counted()) }

// length returns whole days as such, any other time in its two largest units.
func length(l unit.Language, d time.Duration) string {
	if d < 24*time.Hour || d%(24*time.Hour) != 0 {
		return l.Duration(d)
	}
	return l.Counted("state.whole_days", int(d/(24*time.Hour)))
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
	switch {
	case n == 0:
		return ""
	case len(objectives) == 1:
		return l.Say("state.only", "time", Caveat(l, least))
	}
	return l.Counted("state.caveats", n, "time", Caveat(l, least))
}

// duration returns a whole number of nanoseconds, given in minutes.
func duration(minutes slo.Number) time.Duration {
	return time.Duration(minutes.Mul(slo.NumberOf(int64(time.Minute))).Float())
}

// Input names a file or query that was read, with what carried its lines, or how it was
// read and counted.
func Input(l unit.Language, in report.Input) string {
	var how []string
	switch in.By {
	case report.PromQL:
		how = append(how, l.Say("state.by.promql"))
	case report.RemoteRead:
		how = append(how, l.Say("state.by.remote"))
	case report.Instant:
		how = append(how, l.Say("state.by.instant"))
	case report.Export:
		how = append(how, l.Say("state.by.export"))
	}
	if in.Rounded {
		how = append(how, l.Say("state.rounded"))
	}
	switch {
	case in.CarriedBy != "":
		return l.Say("state.carried", "file", in.Name, "carrier", in.CarriedBy)
	case len(how) > 0:
		return l.Say("state.read", "query", in.Name, "how", strings.Join(how, l.Say("text.semicolon")))
	}
	return in.Name
}
