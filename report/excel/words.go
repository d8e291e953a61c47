package excel

import (
	"strings"

	"github.com/nines-slo/nines/report/unit"
)

// texts are those of the workbook in one language.
type texts struct {
	report, provisional, final, generatedAt string

	summary, objectives, calendar, incidents, daily, notes string // sheet names

	metTile, onTrackTile, nearTile, missedTile, exhaustedTile, noDataTile string
	availability, availabilitySoFar, incidentTile                         string
	lengthTile, servicesTile, asReported                                  string
	chartTitle, chartNote, chartAll, chartData, chartAlt, noneFound       string

	objectivesNote, no, service, objective, kind, status, target, sli, spent, leftEvents, leftMinutes string
	events, bad, allowed, coverage, judged, yes, notJudged, atRisk, measured, period                  string
	expected, toCome, spentSoFar, unexcluded, ownWindow, ownSLI, ownSpent, ownStatus                  string
	previousSLI, previousSpent, previousStatus, unitOf, eventsUnit, slicesUnit                        string
	minutes, eventsLeft                                                                               string // number formats
	targetTitle, targetPrompt, targetError                                                            string

	calendarNote, calendarKey string
	weekdays                  [7]string

	start, end, ongoing, lengthMinutes, services, badShare, budgetShare, noIncidents string

	alerts, class, policy, inIncident, incidentStart, detection, spentByThen, within, again, none string
	firstAlert, firstAlertAfter                                                                   string
	deploys, deployTime, deploy, spentAfter, spentBefore, spentUsually                            string
	extra, extraLow, extraHigh, blame, why                                                        string

	dailyNote, date, goodEvents, multiple string

	about, aboutLines                  []string
	values, periodMinutes, atRiskValue string
	periodMinutesNote, atRiskNote      string
	method                             string
	methodLines                        [][2]string
	glossary                           string
	glossaryLines                      [][2]string
	warnings, exclusions, sources      string
	exclusionName, agreedBy, nobody    string
	plannedMinutes, excludedMinutes    string
	sourceName, newest, rows, unread   string
	digest, failed, made, font         string
}

// wordsOf returns the texts of a language.
func wordsOf(l unit.Language) texts {
	say := sayer(l)
	return texts{
		report: say("report"), provisional: say("provisional"), final: say("final"),
		generatedAt: say("generated_at"), summary: say("summary"), objectives: say("objectives"),
		calendar: say("calendar"), incidents: say("incidents"), daily: say("daily"), notes: say("notes"),
		metTile: say("met_tile"), onTrackTile: say("on_track_tile"), nearTile: say("near_tile"),
		missedTile: say("missed_tile"), exhaustedTile: say("exhausted_tile"), noDataTile: say("no_data_tile"),
		availability: say("availability"), availabilitySoFar: say("availability_so_far"),
		incidentTile: say("incident_tile"), lengthTile: say("length_tile"),
		servicesTile: say("services_tile"), asReported: say("as_reported"), chartTitle: say("chart_title"),
		chartNote: say("chart_note"), chartAll: say("chart_all"), chartData: say("chart_data"),
		chartAlt: say("chart_alt"), noneFound: say("none_found"), objectivesNote: say("objectives_note"),
		no: say("no"), service: say("service"), objective: say("objective"), kind: say("kind"),
		status: say("status"), target: say("target"), sli: say("sli"), spent: say("spent"),
		leftEvents: say("left_events"), leftMinutes: say("left_minutes"), events: say("events"),
		bad: say("bad"), allowed: say("allowed"), coverage: say("coverage"), judged: say("judged"),
		yes: say("yes"), notJudged: say("not_judged"), atRisk: say("at_risk"), measured: say("measured"),
		period: say("period"), expected: say("expected"), toCome: say("to_come"), spentSoFar: say("spent_so_far"),
		unexcluded: say("unexcluded"), ownWindow: say("own_window"), ownSLI: say("own_sli"),
		ownSpent: say("own_spent"), ownStatus: say("own_status"), previousSLI: say("previous_sli"),
		previousSpent: say("previous_spent"), previousStatus: say("previous_status"), unitOf: say("unit_of"),
		eventsUnit: say("events_unit"), slicesUnit: say("slices_unit"), minutes: say("minutes"),
		eventsLeft: say("events_left"), targetTitle: say("target_title"), targetPrompt: say("target_prompt"),
		targetError: say("target_error"), calendarNote: say("calendar_note"), calendarKey: say("calendar_key"),
		weekdays: [7]string(strings.Split(say("weekdays"), "|")), start: say("start"),
		end: say("end"), ongoing: say("ongoing"), lengthMinutes: say("length_minutes"),
		services: say("services"), badShare: say("bad_share"), budgetShare: say("budget_share"),
		noIncidents: say("no_incidents"), alerts: say("alerts"), class: say("class"), policy: say("policy"),
		inIncident: say("in_incident"), incidentStart: say("incident_start"), detection: say("detection"),
		spentByThen: say("spent_by_then"), within: say("within"), again: say("again"), none: say("none"),
		firstAlert: say("first_alert"), firstAlertAfter: say("first_alert_after"), deploys: say("deploys"),
		deployTime: say("deploy_time"), deploy: say("deploy"), spentAfter: say("spent_after"),
		spentBefore: say("spent_before"), spentUsually: say("spent_usually"), extra: say("extra"),
		extraLow: say("extra_low"), extraHigh: say("extra_high"), blame: say("blame"), why: say("why"),
		dailyNote: say("daily_note"), date: say("date"), goodEvents: say("good_events"),
		multiple: say("multiple"), about: strings.Split(say("about"), "\n"),
		aboutLines: strings.Split(say("about_lines"), "\n"), values: say("values"),
		periodMinutes: say("period_minutes"), atRiskValue: say("at_risk_value"),
		periodMinutesNote: say("period_minutes_note"), atRiskNote: say("at_risk_note"), method: say("method"),
		methodLines: pairs(say("method_lines")), glossary: say("glossary"),
		glossaryLines: pairs(say("glossary_lines")), warnings: say("warnings"), exclusions: say("exclusions"),
		sources: say("sources"), exclusionName: say("exclusion_name"), agreedBy: say("agreed_by"),
		plannedMinutes: say("planned_minutes"), excludedMinutes: say("excluded_minutes"),
		nobody: say("nobody"), sourceName: say("source_name"), newest: say("newest"), rows: say("rows"),
		unread: say("unread"), digest: say("digest"), failed: say("failed"), made: say("made"), font: say("font"),
	}
}

// pairs reads a text of lines "name|what it means".
func pairs(text string) [][2]string {
	var out [][2]string
	for line := range strings.SplitSeq(text, "\n") {
		name, meaning, _ := strings.Cut(line, "|")
		out = append(out, [2]string{name, meaning})
	}
	return out
}

// sayer returns what says the workbook's texts of a language. As a literal its words would be
// copied into each of its calls, 10 kB of the program.
//
//go:noinline
func sayer(l unit.Language) func(name string) string {
	return func(name string) string { return l.Say("excel." + name) }
}
