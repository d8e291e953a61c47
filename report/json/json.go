// Package json writes the report model as JSON: the public contracts
// nines.status/v1, nines.report/v1 and nines.gate/v1. Changes within a version only add keys.
// Texts for people alone are in its language: the headline of a report, and what a gate
// says beside its English messages.
//
// Shares are ratios, 0.999 and not 99.9. Numbers are exact where they are whole
// or have up to nine decimals, and the nearest float64 otherwise; null is a number that nobody knows. Times are
// RFC 3339 in UTC, periods are half-open. Empty lists are [], never null.
//
// Package report reads them back (report.ReadReport and its like), so that what is
// drawn from a file is what was drawn from the model; see there for what is not kept.
//
// The top of status and report:
//
//	schema    "nines.status/v1" or "nines.report/v1"
//	at        instant of the judgement
//	language  "en" or "ja", of texts for people; timezone in which they show times
//	slos      objectives, worst first
//	sources   name, type, newest (end of the newest data), inputs[]{name, rows, unread, digest, carried_by,
//	          by, rounded} that were read, digest where it was asked for, carried_by what put words of its own before the
//	          lines of a log, by how a query was read ("promql", "remote read", "instant queries", "export"), rounded where
//	          its counts are rounded to 10^-6 of an event; notes as warnings, error
//
// Each of slos:
//
//	service name labels description owner; by: names of the labels that tell objectives of one name apart
//	kind                    {name, threshold}: "availability" or "latency", threshold in nanoseconds
//	target                  ratio
//	method                  "occurrences", "timeslices", "ratio-timeslices"
//	slice                   of the slice methods: {unit, length, target}; unit is "slices", what their figures are
//	                        numbers of, exact fractions for ratio-timeslices
//	unit                    "0.1", "1e-6": events are whole numbers of this; absent where they are counted one by one
//	window                  {kind, length, start, end, elapsed, timezone, since, closed, delay}; figures cover
//	                        [start, elapsed), from since on where that is set
//	events or slices        {good, bad, total}; events for occurrences, slices for the slice methods
//	sli                     good / total
//	evidence                {method, confidence, low, high, verdict}: the interval that holds the SLI behind the
//	                        counts, and whether it settles the target: met, missed, not_enough_data; null
//	                        without events
//	budget                  {basis, total, allowed, spent, remaining, left}: allowed, of total, and left are events or
//	                        slices, the others shares of allowed. basis is "projected" while a calendar period runs:
//	                        the budget of the whole period, of which total is expected by its end; else "measured".
//	                        minutes{…} the same in minutes of full outage; elapsed{…} what the time so far alone
//	                        allows, the same as the budget where that is measured
//	burn_rates              by window, {"5m": 0.2, "1h": null}
//	coverage                measured share of the elapsed, not excluded buckets
//	buckets                 {elapsed, measured, excluded, step}: how many, and of which length ("1m")
//	exclusions              [{name, agreed_by, periods, excluded_minutes}]: what was planned, and how much of that was excluded
//	                        measured_minutes of the time so far, excluded_minutes of it, and of a running period
//	                        minutes_to_come, not excluded; min_coverage at_risk: limits of the objective
//	sli_without_exclusions  ratio, as if nothing were excluded
//	state                   met, missed, on_track, exhausted, at_risk, no_data
//	gone                    true of a label set that occurred in the period before alone; absent of others
//	doubt                   {events, sli, spent, state, parted}: how it would stand if all events that were not read or not sure
//	                        were bad; absent where there are none. parted: they are in the bucket of a histogram that
//	                        the threshold parts; so in checks that are doubtful
//	caveat                  {measured_minutes, window_minutes}, neither excluded: the state stands on less of the whole
//	                        window than min_coverage asks for; absent where it does not
//	overspent               {spent, elapsed_minutes, message}: why a running period is at risk although its budget
//	                        would last, over 1 of what the time so far allows; absent otherwise
//	warnings                [{severity, pos{file, line, col}, code, message, hint, excerpt}]; excerpt is the line, where known
//	forecast                only where it was asked for: {at, end, method, spent{low, middle, high}, exhausted,
//	                        exhaustion{early, middle, late}, chance, score, other_score, reason, days, needed};
//	                        shares of the budget of the own window that ends at end, quantiles of 10, 50 and
//	                        90 %; exhaustion has local days, null where the budget lasts; each score is {method,
//	                        pinball, coverage, outcomes, recent{held, outcomes}}, of the bands as they would have
//	                        been given out; recent is of the last 28 days whose outcome is known. With a reason
//	                        (short_window, no_data, little_history, few_outcomes, unreliable, missed_lately)
//	                        there is none: its figures are null
//	incidents               [{start, end, open, bad, share}]: when the objective was down; share of its bad events
//	blips                   the same of what is too short, or too few events to tell; in no figure of reliability
//	reliability             {incidents, mttr_minutes, mttf_minutes, mtbf_minutes, longest_minutes}
//	days                    [{date, start, end, counts, sli, spent, multiple, level, slowest}]; slowest is of a
//	                        report and a source with durations, the hour with the highest p99: {start,
//	                        p50_seconds, p95_seconds, p99_seconds, error, count, over_from}; each percentile is off by
//	                        at most error × itself, or a microsecond; over_from, where it is there, is 50, 95 or 99:
//	                        from that one on they are over what they say, which is the last bound of the buckets
//	detail                  of a report's missed and at-risk objectives, lines of charts, points are [time, value]:
//	                        burndown: the share of the budget left; ran_out: when it was overspent, absent if it was
//	                        not; burn[]{window, points, peak, peak_at, threshold, past}: burn rates, past if the peak is
//	                        over the threshold; thresholds[]{name, class, windows, factor}: of the alert policies;
//	                        calls: valid events of each calls_per ("2h"); percentiles: the slowest hour of each, as
//	                        slowest of days; days[]{left, burn}: in step with days, the share left at the day's end and
//	                        the highest of each burn rate
//	fired                   of a report: what each alert policy did in the period, see Backtest
//	gate gate_reasons       of a report: what the release policy said at the period's end, and why it was not plainly
//	                        open: [{verdict, message, text, overridden_by, override_reason, override_expires}]; text is the message in language
//	previous standing       of a report: the period before, and the own window at the period's end
//	gate                    of a report: what the release policy says of it at the period's end: open, warn,
//	                        closed, cannot_tell
//	error                   why the source gave no answer; absent if it did
//
// A report adds
//
//	version title headline   of the program; of the report, and its verdict in language
//	period period_before     {name, start, end, timezone}
//	final                    the period was over and all of it measured
//	summary previous         {objectives, met, missed, at_risk, no_data, availability, calls, incidents, incident_minutes,
//	                         blips, services, services_exhausted, services_on_hold}; blips counts the times with blips
//	                         alone, services_exhausted those with a spent budget, services_on_hold those whose gate was
//	                         closed at the end; previous is of the period before, absent if nothing was measured in it
//	incidents                [{start, end, open, services, impacts, first_alert, cannot_fire}], which join those of
//	                         objectives that were down at the same time; impacts[]{objective, bad, share, spent};
//	                         first_alert{objective, policy, class, at, minutes} is null if no page or ticket told of
//	                         it, with cannot_fire if none of its objectives' could
//
// and where deploys were asked about deploy_hours ("4h") and deploys, by time. Each of deploys has time, name, service
// (absent if none is named) and objectives, those that it is to blame for first:
//
//	objective      "service/name{labels}"
//	verdict        likely, not_likely, cannot_tell
//	reason         worse; pace, as_before, as_usual, little; early, excluded, unmeasured, empty, alone, unclear
//	after before   {start, end, bad, total, spent}; spent is a share of the budget
//	usual          {weeks, bad, total, spent, after_deploys}: the same hours of the weekday in weeks before
//	extra          {against_before, against_usual}, each {low, estimate, high}: the share of the budget that was
//	               spent beyond what the reference's error ratio would have, with an interval of 95 %
//	partial        the hours after are not over yet
//	shared_with    [{time, name, service}]: deploys whose hours overlap these and which are not cleared, the nearest ten
//	shared_more    how many others do
//
// A gate:
//
//	schema      "nines.gate/v1"
//	at          instant of the judgement
//	language    "en" or "ja", of texts for people; timezone in which they show times
//	verdict     open, warn, closed, cannot_tell
//	services    judged
//	files       SLO files that were read; skipped: files of other tools in the same folders
//	reasons     how many checks keep the gate from being plainly open
//	objectives  worst first: {id, file, verdict, newest, checks, status, before}; newest is the end of the newest
//	            data, status the objective as in nines.status/v1, before {window, method, sli, budget, state, caveat}
//	            of the window before, only while that counts too since too little of the own one is measured
//	lacking     checks about names that were asked for and did not come with the data: of no objective
//	overrides   [{owner, reason, expires, expired, only, then, missing, policy, pos, text, lifts}]; lifts are the ids
//	            of the objectives that it lets pass now; text says so in language, absent if it ended long ago
//	opens       of a closed gate, else null: {if_errors_stop, at_present_rate, burn_rate, cannot_tell}
//	sources     as in nines.status/v1
//	notes       [{code, objectives, message, text}]: what else there is to know; early: until an hour and two
//	            buckets or slices of their windows are measured, the windows before count too; overspent: they are
//	            at risk for what the time so far allows; gone, vanished: of label sets; unmet: no event met a
//	            condition
//	deploys     of the objectives' windows, as in nines.report/v1, and deploy_hours, where they were asked about
//
// Each of checks, worst first:
//
//	code           what was looked at: remaining (figure and limit are shares of the budget left), burn (over
//	               the time of that name), firing (an alert's own figure and limit), forecast (minutes until the
//	               budget is exhausted, null if it lasts), no_forecast (days of history;
//	               reason is that of a forecast), hours, freeze, calendar
//	               (of a freeze, which cannot be read), no_data (coverage), stale (minutes), young (minutes),
//	               partial (share of a burn rate's time that was measured), unheard (an alert that cannot be
//	               told), vanished (a label set whose source goes on; minutes since its last event), gone (one that
//	               occurred in the period before alone), excluded (shares of the time that recurring exclusions
//	               leave), begun (minutes measured since the promise began), doubtful (the rule named by would closes the gate if
//	               all events that were not read or not sure, as many as events says, were bad), earlier (it does if
//	               the promise had begun with the data), lacking (a name that did not come with the data), no_rule (none is for the objective now; figure is the share of the budget left)
//	verdict        open if the check does not hold
//	overridden_by  owner of the override that lifts it, absent if none does
//	overridden_until  when that ends
//	weight         what it says in the end: the verdict, or what the override lets it be
//	before         true if it is about the window before, absent otherwise
//	figure limit   of it; at_limit if it holds at the limit too
//	name since     of an alert: since when it fires, absent if it does not; name of a freeze; of a calendar why it
//	               cannot be read
//	message hint   in words; text and remedy are the same in language
//	policy pos     "file:line" of the line that decided, "default", or "none" if there is none; pos is that line's
//	               place, of the default policy the objective's
//	opens          of a check that closes the gate
package json

import (
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo/diag"
)

// Status writes st as nines.status/v1. The days, which tables draw as a strip, are
// left to reports.
func Status(w io.Writer, st *report.Status) error {
	out := plain(*st)
	out.Objectives = slices.Clone(out.Objectives)
	for i := range out.Objectives {
		out.Objectives[i].Days = nil
	}
	list := out.Objectives
	out.Objectives = []report.Objective{}
	return writeList(w, out, list)
}

// Report writes r as nines.report/v1.
func Report(w io.Writer, r *report.Report) error {
	out := *r
	out.Status = plain(r.Status)
	if out.Incidents == nil {
		out.Incidents = []report.Incident{}
	}
	out.Objectives = []report.Objective{}
	return writeList(w, out, r.Objectives)
}

// plain returns st in UTC and with its lists never null.
func plain(st report.Status) report.Status {
	st.At = st.At.UTC()
	if st.Sources == nil {
		st.Sources = []report.Source{}
	}
	return st
}

// Gate writes g as nines.gate/v1.
func Gate(w io.Writer, g *report.Gate) error {
	out := *g
	out.At = out.At.UTC()
	out.Services, out.Files = append([]string{}, out.Services...), append([]string{}, out.Files...)
	if out.Objectives == nil {
		out.Objectives = []report.GateObjective{}
	}
	if out.Lacking == nil {
		out.Lacking = []report.GateCheck{}
	}
	if out.Overrides == nil {
		out.Overrides = []report.GateOverride{}
	}
	if out.Sources == nil {
		out.Sources = []report.Source{}
	}
	if out.Notes == nil {
		out.Notes = []report.GateNote{}
	}
	return write(w, out)
}

func write(w io.Writer, v any) error {
	enc := json.NewEncoder(diag.NewScreen(w, diag.JSON, false))
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// writeList writes v with list under "slos", which is an empty list in v. It writes item by
// item: the text of all at once would take several times the memory of the model.
func writeList[T any](w io.Writer, v any, list []T) error {
	frame, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	before, after, _ := strings.Cut(string(frame), "\n  \"slos\": []") // at the top: elsewhere it is further in
	out := diag.NewPage(w, diag.JSON, false)
	out.WriteString(before + "\n  \"slos\": [")
	for i, item := range list {
		text, err := json.MarshalIndent(item, "    ", "  ")
		if err != nil {
			return err
		}
		if i > 0 {
			out.WriteString(",")
		}
		out.WriteString("\n    ")
		out.Write(text)
	}
	if len(list) > 0 {
		out.WriteString("\n  ")
	}
	out.WriteString("]" + after + "\n")
	return out.Flush()
}
