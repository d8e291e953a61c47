package report

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
)

// Headline answers "did we keep our promises?" in one line of r.Language: how
// many were kept, which were not and by how much or which came closest, and what
// could not be judged. While the period runs it speaks of the period's whole
// budget (Budget.Projected).
func Headline(r *Report) string {
	running := r.running()
	h := headline{Report: r, running: running, phrases: phrasesOf(r.Language, running)}
	switch {
	case r.Summary.Total == 0:
		return h.say(h.empty)
	case r.Summary.NoData == r.Summary.Total && r.Summary.Total == 1:
		return h.say(h.onlyUnjudged)
	case r.Summary.NoData == r.Summary.Total:
		return h.say(h.noneJudged)
	}
	clauses := []string{h.say(h.count()), h.say(h.finding())}
	if r.Summary.NoData > 0 {
		clauses = append(clauses, h.say(h.unjudged()))
	}
	return strings.Join(clauses, h.between) + h.end
}

// running tells whether some of what r judges is not over yet.
func (r *Report) running() bool {
	return r.Period.End.After(r.At) || slices.ContainsFunc(r.Objectives, func(o Objective) bool { return !o.Window.Closed })
}

// headline fills the phrases of one report.
type headline struct {
	*Report
	phrases
	running bool
	fill    []string // pairs of placeholder and text
}

// say fills a template. What is filled in is not read again, so a name may hold
// anything.
func (h *headline) say(template string) string {
	s := h.Summary
	fill := append([]string{
		"{total}", strconv.Itoa(s.Total), "{met}", strconv.Itoa(s.Met), "{ontrack}", strconv.Itoa(s.Met - s.AtRisk),
		"{risk}", strconv.Itoa(s.AtRisk), "{nodata}", strconv.Itoa(s.NoData), "{more}", strconv.Itoa(s.Missed - 2),
	}, h.fill...)
	return strings.NewReplacer(fill...).Replace(template)
}

// count says how many promises were kept.
func (h *headline) count() string {
	s := h.Summary
	switch {
	case s.Total == 1 && s.Missed == 1:
		return h.onlyMissed
	case s.Total == 1 && h.running && s.AtRisk == 1:
		return h.onlyAtRisk
	case s.Total == 1:
		return h.onlyMet
	case h.running && s.AtRisk > 0:
		return h.someAtRisk
	case s.Met == s.Total:
		return h.allMet
	}
	return h.someMet
}

// finding says what was missed, or what came closest.
func (h *headline) finding() string {
	worst := h.worst()
	h.name("{a}", "{spentA}", worst[0])
	if h.Summary.Missed == 0 {
		switch {
		case worst[0].Deciding().Spent.Sign() == 0:
			return h.untouched
		case h.Summary.Total == 1:
			return h.one
		}
		return h.tightest
	}
	if h.Summary.Missed == 1 {
		if h.incident(worst[:1]) {
			return h.oneIncident
		}
		return h.one
	}
	h.name("{b}", "{spentB}", worst[1])
	switch {
	case h.Summary.Missed > 2:
		return h.several
	case h.incident(worst[:2]):
		return h.twoIncident
	}
	return h.two
}

// worst returns the judged objectives, missed ones first, by what they spent.
func (h *headline) worst() []Objective {
	judged := slices.DeleteFunc(slices.Clone(h.Objectives), func(o Objective) bool { return o.State == slo.NoData })
	slices.SortStableFunc(judged, func(a, b Objective) int {
		missedA, missedB := a.State.Rank() == 0, b.State.Rank() == 0
		if missedA != missedB {
			return map[bool]int{true: -1, false: 1}[missedA]
		}
		return b.Deciding().Spent.Cmp(a.Deciding().Spent)
	})
	return judged
}

func (h *headline) name(name, spent string, o Objective) {
	h.fill = append(h.fill, name, o.ID(), spent, h.Language.Spent(o.Deciding().Spent))
}

// incident finds the incident that holds at least half of what each of the
// objectives spent, and tells whether there is one.
func (h *headline) incident(objectives []Objective) bool {
	for _, inc := range h.Incidents {
		least := slo.NumberOf(1)
		for _, o := range objectives {
			if share := inc.share(o); share.Cmp(least) < 0 {
				least = share
			}
		}
		if least.Cmp(slo.NumberFrac(1, 2)) >= 0 {
			h.fill = append(h.fill, "{share}", h.Language.Percent(least, 0), "{date}", h.Language.Date(inc.Start, h.Zone))
			return true
		}
	}
	return false
}

// share returns the share of o's bad events that i holds.
func (i Incident) share(o Objective) slo.Number {
	for _, im := range i.Impacts {
		if im.Objective == o.ID() {
			return im.Share
		}
	}
	return slo.NumberOf(0)
}

// unjudged says what had no data, and for how long if that is one objective.
func (h *headline) unjudged() string {
	if h.Summary.NoData > 1 {
		return h.unknown
	}
	i := slices.IndexFunc(h.Objectives, func(o Objective) bool { return o.State == slo.NoData })
	gap := h.Objectives[i].gap()
	if gap <= 0 {
		return h.unknown
	}
	h.fill = append(h.fill, "{gap}", h.Language.Duration(gap))
	return h.unknownFor
}

// gap returns how much of o's elapsed, not excluded time was not measured; 0 if
// none of it was, since then there is nothing to add to "no data".
func (o Objective) gap() time.Duration {
	if o.Buckets.Measured == 0 || o.Coverage.Cmp(o.MinCoverage) >= 0 {
		return 0 // none of it was, or it is not the reason
	}
	return time.Duration(o.Buckets.Elapsed-o.Buckets.Measured) * o.Buckets.Step
}
