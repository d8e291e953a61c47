package json

import (
	"io"
	"slices"

	"github.com/nines-slo/nines/report"
)

// Alerts writes a as nines.alerts/v1: a status whose slos have alerts, without
// their days, and cannot_fire, the names of policies of which no condition can ever be
// true. The summary counts conditions, pages, tickets and logs that fire, covered, pending,
// carried (firing on without anything to judge), no_data, idle and inactive, and the
// policies that cannot_fire. Each of alerts:
//
//	policy class to  of the policy; class is "page", "ticket" or "log"
//	condition        "page 1h/5m"
//	test             "burn", "events", "acceleration", "remaining", "exhaustion", "no data"
//	state            "inactive", "pending", "firing", "no_data"
//	idle             of no_data: the windows without valid events were measured, but there was no traffic
//	covered          a faster class fires too
//	since            null if inactive; of no_data when a firing began that is carried on, for its long window at most
//	since_earlier    it may have begun before
//	figure limit     what is compared: burn rates for burn, shares of the window's budget for events,
//	                 remaining and exhaustion, the ratio of two burn rates for acceleration, minutes for no data
//	long short       {window, bad, total, rate}; null of a condition without that window
//	cost             share of the window's budget that went since then
//	clears           when it ends if nothing fails any more
//	known_until      of no_data: the last instant that could be judged, null if there is none
//	last             {start, end, no_data_since} of the last firing that is over, null if there was none;
//	                 no_data_since: from then to its end nobody knew whether it went on, left out if it was judged
//	over             all that were over in the last seven days, oldest first
func Alerts(w io.Writer, a *report.Alerts) error {
	out := *a
	out.Status = plain(a.Status)
	out.Objectives = slices.Clone(out.Objectives)
	for i := range out.Objectives {
		out.Objectives[i].Days = nil
	}
	list := out.Objectives
	out.Objectives = []report.Objective{}
	return writeList(w, out, list)
}
