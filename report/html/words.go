package html

import (
	"reflect"
	"strings"

	"github.com/nines-slo/nines/report/unit"
)

// sentences are the page's own texts, one whole template per language. Terms that
// outputs share come from unit.Words. What stands in braces is filled in.
type sentences struct {
	Title, Made                                                                                            string // {period} {title}; {time} {zone}
	FigureMet, FigureAvailability, FigureIncidents, FigureOnHold                                           string // {length}
	NoIncidents, Before, BeforeIncidents, NothingBefore, Unjudged                                          string // {period} {figure} {length}; {n}
	ObjectivesTitle, ObjectivesNote, NoObjectives                                                          string
	Actual, SpentColumn, Projected, LowCoverage, NoEvents, NoAnswer                                        string // {spent}; {coverage}; {reason}
	BulletLabel, DaysLabel                                                                                 string // {spent}; {range} {low} {even} {high} {over} {none}
	LevelLow, LevelEven, LevelHigh, LevelOver, LevelNone                                                   string
	DayMark, DayMarkNone                                                                                   string // {date} {multiple}
	Missed, Exhausted, Kept, AtRisk                                                                        string // {name} {spent} {left}
	FactActual, FactBudget, FactBad, FactEvidence, FactSoFar, OwnZone                                      string
	ActualOf, BadOf, BadSlicesOf, Standing, Uncounted                                                      string // {sli} {target}; {bad} {total}; {spent} {sli} {state}; {sli}
	BurndownOut, BurndownLeft, BurndownRunning, BurndownUnknown                                            string // {date}; {left}
	BurndownNote, EvenSpend, ShadedIncidents                                                               string
	BurnOver, BurnUnder, BurnPeak, BurnUnknown, BurnNote                                                   string // {window} {burn} {date} {class} {factor}
	LatencyPeak, LatencyNote, ThresholdLine                                                                string // {latency} {date}; {per}; {latency}
	CallsPeak, CallsUnknown, CallsNote                                                                     string // {count} {per} {date}
	CalendarPeak, CalendarCalm, CalendarUnknown, CalendarNote                                              string // {date} {multiple}
	FiguresOfChart, SpentThatDay, LeftAtEnd, HighestBurn, SlowestHour                                      string // {window}
	OtherCalendars, OwnWindows, OwnWindowsNote, Forecasts, Forecast, ForecastsNote                         string // {n}
	IncidentsTitle, IncidentsNone, When, HowLong, ShareOfBudget                                            string // {n} {length}
	ImpactLine, MoreImpacts, StillOpen                                                                     string // {name} {spent} {share}; {n}
	Formulas, FormulaSLI, FormulaBudget, FormulaStates, FormulaMinutes                                     string
	FormulaBurn, FormulaRounding, FormulaIncidents, FormulaDay, FormulaServices                            string
	Covered, CoveredText, ExclusionsNote, NoExclusions, Applies                                            string // {start} {end} {zone}
	AllObjectives, CountOf, MoreTimes, Nobody, PerObjective                                                string // {n}; {n}
	SourcesTitle, WarningsTitle, NoWarnings, NoInputs, MadeBy, Hint                                        string // {version}; {hint}
	FirstAlert, NoAlert, AfterStart, Alerts, AlertColumn, FiredColumn, UsefulColumn, FiringTime, Detection string // {length}
	Releases, ReleasesTitle, ReleasesNote, ReleaseReason, OverrideLine                                     string // {n}; {owner} {until} {reason}
	FiredNote, FiredMore, FiredSilent                                                                      string // {n}
	DeployColumn, DeployLine, SuspectLine, DeploysNote, Suspects, Cleared, MoreDeploys                     string // {n}; {n}
	SpentAfter, SpentBefore, SpentUsually, Blame                                                           string // {hours}
	SkipToTable, NumberColumn, FigureWithin, AxisDay, SoFar, JudgedAt, IncidentOne, FigureIncidentOne      string
}

// sentencesOf returns the texts of a language: each field has the text of its name.
func sentencesOf(l unit.Language) sentences {
	var s sentences
	fields := reflect.ValueOf(&s).Elem()
	for i := range fields.NumField() {
		fields.Field(i).SetString(l.Say("html." + fields.Type().Field(i).Name))
	}
	return s
}

// fill puts values into a template: pairs of placeholder and text. What is filled
// in is not read again.
func fill(template string, pairs ...string) string {
	return strings.NewReplacer(pairs...).Replace(template)
}
