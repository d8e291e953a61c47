package html

import (
	"reflect"

	"github.com/nines-slo/nines/report/unit"
)

// sentences are the page's own texts, one whole template per language. Terms that
// outputs share come from unit.Words. The text of a field is that of its name in
// html.txt, with the places that are filled in.
type sentences struct {
	_ [0]func() // nobody compares two: that would be 12 kB of code

	Title, Made                                                                                       string
	FigureMet, FigureAvailability, FigureAvailabilitySoFar, FigureIncidents, FigureOnHold             string
	NoIncidents, Before, BeforeIncidents, NothingBefore, Unjudged                                     string
	ObjectivesTitle, ObjectivesNote, NoObjectives                                                     string
	Actual, SpentColumn, ActualSoFar, LowCoverage, NoEvents, NoAnswer                                 string
	BulletLabel, DaysLabel                                                                            string
	LevelLow, LevelEven, LevelHigh, LevelOver, LevelNone                                              string
	DayMark, DayMarkNone                                                                              string
	Missed, Exhausted, Kept, AtRisk                                                                   string
	FactActual, FactBudget, FactBad, FactEvidence, FactSoFar, OwnZone                                 string
	ActualOf, BadOf, BadSlicesOf, Standing, Uncounted                                                 string
	BurndownOut, BurndownLeft, BurndownRunning, BurndownUnknown                                       string
	BurndownNote, EvenSpend, ShadedIncidents                                                          string
	BurnOver, BurnUnder, BurnPeak, BurnUnknown, BurnNote                                              string
	LatencyPeak, LatencyNote, LatencyNoteNone, ThresholdLine                                          string
	CallsPeak, CallsUnknown, CallsNote                                                                string
	CalendarPeak, CalendarCalm, CalendarUnknown, CalendarNote                                         string
	FiguresOfChart, SpentThatDay, LeftAtEnd, HighestBurn, SlowestHour                                 string
	OtherCalendars, OwnWindows, OwnWindowsNote, Forecasts, Forecast, ForecastsNote                    string
	IncidentsTitle, IncidentsNone, IncidentsUnknown, When, HowLong, ShareOfBudget                     string
	ImpactLine, MoreImpacts, StillOpen                                                                string
	Formulas, FormulaSLI, FormulaBudget, FormulaStates, FormulaMinutes                                string
	FormulaBurn, FormulaRounding, FormulaIncidents, FormulaDay, FormulaServices                       string
	Covered, CoveredText, ExclusionsNote, NoExclusions, Applies, ExcludedTime, ExcludedOf             string
	AllObjectives, CountOf, MoreTimes, Nobody, PerObjective                                           string
	SlowestHoursSome, SlowestHoursNone                                                                string
	SlowestHours, SlowestHoursNote, SourcesTitle, WarningsTitle, NoWarnings, NoInputs, MadeBy, Hint   string
	FirstAlert, AfterStart, Alerts, AlertColumn, FiredColumn, UsefulColumn, FiringTime                string
	Detection                                                                                         string
	Releases, ReleasesTitle, ReleasesNote, ReleaseReason, OverrideLine                                string
	FiredNote, FiredMore, FiredSilent                                                                 string
	DeployColumn, DeployLine, SuspectLine, DeploysNote, Suspects, Cleared, MoreDeploys                string
	SpentAfter, SpentBefore, SpentUsually, Blame                                                      string
	SkipToTable, NumberColumn, FigureWithin, AxisDay, SoFar, JudgedAt, IncidentOne, FigureIncidentOne string
}

// sentencesOf returns the texts of a language: each field has the text of its name.
func sentencesOf(l unit.Language) *sentences {
	s := new(sentences)
	fields := reflect.ValueOf(s).Elem()
	for i := range fields.NumField() {
		if f := fields.Field(i); f.CanSet() {
			f.SetString(l.Say("html." + fields.Type().Field(i).Name))
		}
	}
	return s
}
