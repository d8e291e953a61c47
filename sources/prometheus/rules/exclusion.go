package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources/sample/tally"
)

// excludedSeries is 1 while excluded time is counted, else 0.
const excludedSeries = "nines:excluded"

// excluded reads the exclusions of the objective. What is excluded is taken out a step at once,
// and windows with excluded time in them add up the others.
func (w *writer) excluded() {
	for _, c := range w.objective.Calendars {
		w.warnf("exclusion", "the calendar %s is not in the rules, which know no dates to come: they count its events", c.Name)
	}
	for _, e := range w.objective.Exclusions {
		if _, reason := w.terms(e, ""); reason != "" {
			w.warnf("exclusion", "the exclusion %s is not in the rules, which count its time: %s", e.Name, reason)
			continue
		}
		w.exclusions = append(w.exclusions, e)
	}
	if w.masked() && !w.sliced() && tally.StepOf(w.objective.Parts[0].Source.Block) == 0 {
		w.warnf("exclusion", "exclusions are cut to steps of %s, since nothing tells how long a step may be: add step: to the source",
			length(tile))
	}
}

// masked tells whether some time is excluded.
func (w *writer) masked() bool { return len(w.exclusions) > 0 }

// mark is 1 where the time that began then is excluded, else 0.
func (w *writer) mark(began string) string {
	var terms []string
	for _, e := range w.exclusions {
		some, _ := w.terms(e, began)
		terms = append(terms, some...)
	}
	return "clamp_max(vector(" + strings.Join(terms, " + ") + "), 1)"
}

// terms returns what is 1 in the time of an exclusion, each for a part of it, or why PromQL
// cannot say it.
func (w *writer) terms(e slo.Exclusion, began string) (terms []string, reason string) {
	if e.Rule == nil {
		for _, p := range e.Fixed {
			terms = append(terms, fmt.Sprintf("(%s >= bool %d) * (%s < bool %d)", began, p.Start.Unix(), began, p.End.Unix()))
		}
		return terms, ""
	}
	all := offsets(e.Rule.Zone)
	if len(all) > 1 {
		return nil, "the clocks of " + e.Rule.Zone.String() + " are changed"
	}
	starts, period, ok := startsOf(*e.Rule)
	if !ok {
		return nil, "PromQL has no " + e.Rule.Rule
	}
	first := e.Rule.Start
	if first == (slo.Date{}) {
		first = slo.Date{Year: 2000, Month: time.January, Day: 1}
	}
	from := first.Start(e.Rule.Zone).Unix()
	for _, start := range starts {
		since := int64((start - all[0] + 2*period) % period / time.Second)
		terms = append(terms, fmt.Sprintf("((%s - %d) %% %d < bool %d) * (%s >= bool %d)",
			began, since, int64(period/time.Second), int64(e.Rule.Duration/time.Second), began, from))
	}
	return terms, ""
}

// offsets returns how far the clocks of a zone are ahead of UTC, each once.
func offsets(zone *time.Location) []time.Duration {
	var out []time.Duration
	for month := range 50 * 12 {
		_, seconds := time.Date(2000, time.Month(1+month), 1, 0, 0, 0, 0, zone).Zone()
		if offset := time.Duration(seconds) * time.Second; !slices.Contains(out, offset) {
			out = append(out, offset)
		}
	}
	return out
}

const day = 24 * time.Hour

// startsOf returns where in a day, or in a week from Thursday on as that of the epoch, the
// occurrences of a rule begin. It is false for rules that say more than days and a time.
func startsOf(r slo.Recurrence) (starts []time.Duration, period time.Duration, ok bool) {
	parts := map[string]string{}
	for part := range strings.SplitSeq(strings.ToUpper(r.Rule), ";") {
		name, value, _ := strings.Cut(part, "=")
		parts[name] = value
	}
	clock, err := clockOf(parts, r.Clock)
	weekly := parts["FREQ"] == "WEEKLY" && parts["BYDAY"] != ""
	if err != nil || !weekly && parts["FREQ"] != "DAILY" || r.StartCounts {
		return nil, 0, false
	}
	days := strings.Split(parts["BYDAY"], ",")
	for _, name := range []string{"FREQ", "BYDAY", "BYHOUR", "BYMINUTE"} {
		delete(parts, name)
	}
	if parts["INTERVAL"] == "1" {
		delete(parts, "INTERVAL")
	}
	switch {
	case len(parts) > 0:
		return nil, 0, false
	case days[0] == "":
		return []time.Duration{clock}, day, true
	}
	for _, name := range days {
		i := strings.Index("THFRSASUMOTUWE", name)
		if len(name) != 2 || i < 0 || i%2 != 0 {
			return nil, 0, false
		}
		starts = append(starts, time.Duration(i/2)*day+clock)
	}
	return starts, 7 * day, true
}

// clockOf returns the time of the day at which a rule begins, an error if there are several.
func clockOf(parts map[string]string, clock time.Duration) (time.Duration, error) {
	hour, minute := int(clock/time.Hour), int(clock%time.Hour/time.Minute)
	var err error
	if text, is := parts["BYHOUR"]; is {
		if hour, err = strconv.Atoi(text); err != nil {
			return 0, err
		}
	}
	if text, is := parts["BYMINUTE"]; is {
		if minute, err = strconv.Atoi(text); err != nil {
			return 0, err
		}
	}
	return time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute, nil
}

// unlessExcluded takes away what was counted over a time of which some is excluded.
func (w *writer) unlessExcluded(over time.Duration) string {
	return " unless on () max_over_time(" + w.marks(over) + ") == 1"
}

// marks is a range of a mark for each step. What is recorded of slices tells of the last one, and a
// tile may be evaluated just before what is recorded of its only step: they are told anew.
func (w *writer) marks(over time.Duration) string {
	if w.sliced() || over <= tile {
		return w.mark(since(w.step())) + "[" + points(over) + ":" + length(min(w.step(), over)) + "]"
	}
	return w.series(excludedSeries) + "[" + points(over) + "]"
}

// farthest bounds how far back an alert on missing data looks over excluded time.
const farthest = 3 * day

// around returns how long a row of time is, at most, of which some is not excluded, and the rest
// is. It has one exclusion of fixed dates, and every recurrence as often as it comes back.
func (w *writer) around(some time.Duration) time.Duration {
	var fixed, all time.Duration
	for _, e := range w.exclusions {
		for _, p := range e.Fixed {
			fixed = max(fixed, p.End.Sub(p.Start))
		}
		if e.Rule != nil {
			starts, period, _ := startsOf(*e.Rule)
			all += e.Rule.Duration * (some/period + 1) * time.Duration(len(starts))
		}
	}
	return min(some+fixed+all, max(some, farthest))
}
