// Package words says what the report model holds: headlines, reasons, forecasts and
// heads of tables, in the reader's language. It judges nothing; what one output alone
// says stays in that output's package.
package words

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/order"
)

// Headline answers "did we keep our promises?" in one line of r.Language: how
// many were kept, which were not and by how much or which came closest, and what
// could not be judged. While the period runs it speaks of the period's whole
// budget.
func Headline(r *report.Report) string {
	running := !r.Final
	h := headline{report: r, running: running}
	switch {
	case r.Summary.Total == 0:
		return h.say("headline.empty")
	case r.Summary.NoData == r.Summary.Total && r.Summary.Total == 1:
		return h.say("headline.only_unjudged")
	case r.Summary.NoData == r.Summary.Total:
		return h.say("headline.none_judged")
	}
	clauses := []string{h.say(h.count()), h.say(h.finding())}
	if text := h.overspent(); text != "" {
		clauses = append(clauses, text)
	}
	if r.Summary.NoData > 0 {
		clauses = append(clauses, h.say(h.unjudged()))
	}
	for _, text := range []string{h.doubted(), Caveats(r.Language, r.Objectives)} {
		if text != "" {
			clauses = append(clauses, text)
		}
	}
	return strings.Join(clauses, h.say("headline.between")) + h.say("headline.end")
}

// headline fills the phrases of one report.
type headline struct {
	report  *report.Report
	running bool
	fill    []string // pairs of place and text
}

// say returns a clause with its places filled.
func (h *headline) say(id string) string {
	s := h.report.Summary
	fill := append([]string{
		"total", strconv.Itoa(s.Total), "met", strconv.Itoa(s.Met), "ontrack", strconv.Itoa(s.Met - s.AtRisk),
		"risk", strconv.Itoa(s.AtRisk), "nodata", strconv.Itoa(s.NoData), "more", strconv.Itoa(s.Missed - 2),
	}, h.fill...)
	return h.report.Language.Say(id, fill...)
}

// tense returns the id of a clause that depends on whether the period is over.
func (h *headline) tense(name string) string {
	if h.running {
		return "headline.running." + name
	}
	return "headline.final." + name
}

// count says how many promises were kept.
func (h *headline) count() string {
	s := h.report.Summary
	switch {
	case s.Total == 1 && s.Missed == 1:
		return h.tense("only_missed")
	case s.Total == 1 && h.running && s.AtRisk == 1:
		return h.tense("only_at_risk")
	case s.Total == 1:
		return h.tense("only_met")
	case h.running && s.AtRisk > 0:
		return h.tense("some_at_risk")
	case s.Met == s.Total:
		return h.tense("all_met")
	}
	return h.tense("some_met")
}

// finding says what was missed, or what came closest.
func (h *headline) finding() string {
	worst := h.worst()
	h.name("a", "spentA", worst[0])
	if h.report.Summary.Missed == 0 {
		switch {
		case worst[0].Budget.Spent.Sign() == 0:
			return h.tense("untouched")
		case h.report.Summary.Total == 1:
			return h.tense("named")
		}
		return h.tense("tightest")
	}
	if h.report.Summary.Missed == 1 {
		if h.incident(worst[:1]) {
			return h.tense("named_incident")
		}
		return h.tense("named")
	}
	h.name("b", "spentB", worst[1])
	switch {
	case h.report.Summary.Missed > 2:
		return h.tense("several")
	case h.incident(worst[:2]):
		return h.tense("two_named_incident")
	}
	return h.tense("two_named")
}

// worst returns the judged objectives, missed ones first, by what they spent.
func (h *headline) worst() []report.Objective {
	unknown := func(o report.Objective) bool { return o.State == slo.NoData }
	judged := slices.DeleteFunc(slices.Clone(h.report.Objectives), unknown)
	order.Stable(judged, func(a, b report.Objective) int {
		missedA, missedB := a.State.Rank() == 0, b.State.Rank() == 0
		if missedA != missedB {
			return map[bool]int{true: -1, false: 1}[missedA]
		}
		return b.Budget.Spent.Cmp(a.Budget.Spent)
	})
	return judged
}

func (h *headline) name(name, spent string, o report.Objective) {
	h.fill = append(h.fill, name, o.ID(), spent, h.report.Language.Spent(o.Budget.Spent))
}

// incident finds the incident that holds at least half of what each of the
// objectives spent, and tells whether there is one.
func (h *headline) incident(objectives []report.Objective) bool {
	for _, inc := range h.report.Incidents {
		least := slo.NumberOf(1)
		for _, o := range objectives {
			if share := share(inc, o); share.Cmp(least) < 0 {
				least = share
			}
		}
		if least.Cmp(slo.NumberFrac(1, 2)) >= 0 {
			h.fill = append(h.fill, "share", h.report.Language.Percent(least, 0),
				"date", h.report.Language.Date(inc.Start, h.report.Zone))
			return true
		}
	}
	return false
}

// share returns the share of o's bad events that i holds.
func share(i report.Incident, o report.Objective) slo.Number {
	for _, im := range i.Impacts {
		if im.Objective == o.ID() {
			return im.Share
		}
	}
	return slo.NumberOf(0)
}

// overspent says why an objective is at risk whose budget would last, of several the one
// that spent most of what its time so far allows; "" if there is none.
func (h *headline) overspent() string {
	var worst *report.Objective
	for i := range h.report.Objectives {
		o := &h.report.Objectives[i]
		if o.Overspent != nil && (worst == nil || o.Overspent.Spent.Cmp(worst.Overspent.Spent) > 0) {
			worst = o
		}
	}
	if worst == nil {
		return ""
	}
	why := Overspent(h.report.Language, *worst.Overspent)
	if h.report.Summary.Total == 1 {
		return why
	}
	return h.report.Language.Say("headline.overspent", "name", worst.ID(), "overspent", why)
}

// doubted says how many objectives could be worse off than they are shown, for events that
// are in doubt, and which of them by most; "" if none could.
func (h *headline) doubted() string {
	var worst *report.Objective
	n := 0
	for i := range h.report.Objectives {
		o := &h.report.Objectives[i]
		if o.Doubt == nil || o.State == slo.NoData || o.Doubt.State.Rank() >= o.State.Rank() {
			continue
		}
		if n++; worst == nil || o.Doubt.Spent.Cmp(worst.Doubt.Spent) > 0 {
			worst = o
		}
	}
	if n == 0 {
		return ""
	}
	l := h.report.Language
	return l.Counted("headline.doubted", n, "name", worst.ID(), "spent", l.Spent(worst.Doubt.Spent))
}

// unjudged says what had no data, and for how long if that is one objective.
func (h *headline) unjudged() string {
	if h.report.Summary.NoData > 1 {
		return "headline.unknown"
	}
	i := slices.IndexFunc(h.report.Objectives, func(o report.Objective) bool { return o.State == slo.NoData })
	unmeasured := gap(h.report.Objectives[i])
	if unmeasured <= 0 {
		return "headline.unknown"
	}
	h.fill = append(h.fill, "gap", h.report.Language.Duration(unmeasured))
	return "headline.unknown_for"
}

// gap returns how much of o's elapsed, not excluded time was not measured; 0 if
// none of it was, since then there is nothing to add to "no data".
func gap(o report.Objective) time.Duration {
	if o.Buckets.Measured == 0 || o.Coverage.Cmp(o.MinCoverage) >= 0 {
		return 0 // none of it was, or it is not the reason
	}
	return time.Duration(o.Buckets.Elapsed-o.Buckets.Measured) * o.Buckets.Step
}
