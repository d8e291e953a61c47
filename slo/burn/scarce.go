package burn

import (
	"fmt"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/evidence"
)

// few is how many bad events a page's long window should hold at the least before its limit
// is reached. Two failures in an hour are noise at any service.
const few = 3

// usual is the minimum of bad events that is proposed where traffic allows it.
const usual = 5

// Scarce is a condition that hardly any bad events make a page, since little traffic comes.
type Scarce struct {
	Policy    slo.Policy
	Condition slo.Condition
	Bad       int // the fewest that make it true at the mean traffic, with all that Policy asks for
	MinBad    int // what mends it, more than Bad
}

// ScarceAt returns the page of policies that the fewest bad events make true if a mean of
// hourly valid events comes an hour. It is false if 3 or more fill each page's long window,
// or if by what its policy asks for no fewer make a page than a minimum would be proposed.
// Slices come whatever the traffic is: of the slice methods nothing is said.
func ScarceAt(s slo.SLO, policies []slo.Policy, hourly slo.Number) (Scarce, bool) {
	least, found := Scarce{Bad: usual}, false
	if s.Budgeting.Slices() || hourly.Sign() <= 0 {
		return least, false
	}
	for _, p := range policies {
		minBad := remedy(p, hourly)
		for _, c := range p.When {
			if p.Class != slo.Page || !counting(c) {
				continue
			}
			if n := fewest(s, p, c, eventsIn(c.Long, hourly)); n < min(minBad, least.Bad) {
				least, found = Scarce{Policy: p, Condition: c, Bad: n, MinBad: minBad}, true
			}
		}
	}
	return least, found
}

// counting tells whether c compares bad events with a limit.
func counting(c slo.Condition) bool { return c.Test == slo.Burn || c.Test == slo.Events }

// eventsIn returns how many events come in d.
func eventsIn(d time.Duration, hourly slo.Number) slo.Number {
	return hourly.Mul(slo.NumberFrac(int64(d), int64(time.Hour)))
}

// fewest returns how many bad of events in the long window make c true with the minimum and
// the evidence that p asks for, and usual if it takes that many or few fill its limit.
func fewest(s slo.SLO, p slo.Policy, c slo.Condition, events slo.Number) int {
	limit := c.Limit.Mul(s.Target.Budget())
	if c.Test == slo.Events {
		limit = slo.FactorOf(limit, s.Window.Nominal(), c.Long)
	}
	fill := limit.Mul(events)
	if limit.Cmp(slo.NumberOf(1)) >= 0 || fill.Cmp(slo.NumberOf(few)) >= 0 { // no error ratio is over 1
		return usual
	}
	for n := 1; n < usual; n++ {
		bad := slo.NumberOf(int64(n))
		if bad.Cmp(fill) > 0 && (!p.MinBad.Known() || bad.Cmp(p.MinBad) >= 0) && proven(p, c, bad, events, limit) {
			return n
		}
	}
	return usual
}

// proven tells whether so many bad events are the evidence that p asks for.
func proven(p slo.Policy, c slo.Condition, bad, events, limit slo.Number) bool {
	if !p.Evidence.Asked() || c.Test != slo.Burn {
		return true
	}
	if bad.Cmp(events) > 0 {
		events = bad
	}
	i, ok := evidence.Of(p.Evidence.Method, bad, events, p.Evidence.Confidence)
	return ok && slo.NumberFloat(i.Low).Cmp(limit) > 0
}

// remedy returns a minimum of bad events for p, which holds for all its conditions: 5, but
// 3 where 5 were over half of the mean in one of their long windows.
func remedy(p slo.Policy, hourly slo.Number) int {
	for _, c := range p.When {
		if counting(c) && eventsIn(c.Long, hourly).Cmp(slo.NumberOf(2*usual)) < 0 {
			return few
		}
	}
	return usual
}

// String returns what to know of it: "at this traffic 3 failures in an hour page".
func (s Scarce) String() string {
	if s.Bad == 1 {
		return "at this traffic 1 failure in " + span(s.Condition.Long) + " pages"
	}
	return fmt.Sprintf("at this traffic %d failures in %s page", s.Bad, span(s.Condition.Long))
}

// span returns d in words: "an hour", "6 hours", "1h30m".
func span(d time.Duration) string {
	const day = 24 * time.Hour
	units := []struct {
		length    time.Duration
		one, many string
	}{{day, "a day", "days"}, {time.Hour, "an hour", "hours"}, {time.Minute, "a minute", "minutes"}}
	for _, u := range units {
		switch {
		case d == u.length:
			return u.one
		case d > u.length && d%u.length == 0:
			return fmt.Sprintf("%d %s", d/u.length, u.many)
		}
	}
	return slo.FormatDuration(d)
}

// Remedy returns the line of the SLO file that mends it: of a policy of the file a line of
// its entry, in the place of default policies a list of alerts.
func (s Scarce) Remedy(o slo.SLO) string {
	line := fmt.Sprintf("min_bad: %d", s.MinBad)
	if o.Alerts != nil {
		return line
	}
	var entries []string
	for _, p := range slo.DefaultPolicies(o) {
		entry := "{class: " + string(p.Class) + "}"
		if p.Class == s.Policy.Class {
			entry = "{class: " + string(p.Class) + ", " + line + "}"
		}
		entries = append(entries, entry)
	}
	return "alerts: [" + strings.Join(entries, ", ") + "]"
}

// Finding returns the warning, with the line that mends it.
func (s Scarce) Finding(o slo.SLO) diag.Finding {
	found := diag.Warnf(diag.Pos{}, "alert/traffic", "%s", s)
	if o.Alerts == nil {
		return found.WithHint("write %s", s.Remedy(o))
	}
	return found.WithHint("write %s under the alert policy %s", s.Remedy(o), diag.Quote(s.Policy.Name))
}
