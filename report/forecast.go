package report

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/forecast"
)

// Forecast is what an objective's past says of its own window: of the one that runs
// at At, or of the time to come for a rolling one. With a Reason there is none.
type Forecast struct {
	Zone       *time.Location  `json:"-"` // whose days these are
	At         time.Time       `json:"at"`
	End        time.Time       `json:"end"`
	Method     forecast.Method `json:"method,omitempty"`
	Spent      *ForecastBand   `json:"spent"`      // share of the budget at End
	Exhausted  *bool           `json:"exhausted"`  // nil without a forecast
	Exhaustion *ForecastDays   `json:"exhaustion"` // nil if exhausted already, or without a forecast
	Chance     slo.Number      `json:"chance"`     // that the budget runs out by End
	Score      *ForecastScore  `json:"score"`
	Other      *ForecastScore  `json:"other_score"` // of the method not used
	Reason     forecast.Reason `json:"reason,omitempty"`
	Days       *int            `json:"days"`   // whole measured days of history; nil for short windows, whose days nobody counts
	Needed     *int            `json:"needed"` // days that are needed; nil as well
}

// ForecastBand holds the 10, 50 and 90 % quantiles.
type ForecastBand struct {
	Low    slo.Number `json:"low"`
	Middle slo.Number `json:"middle"`
	High   slo.Number `json:"high"`
}

// ForecastDays are the local days by which the budget is exhausted in 10, 50 and 90 %
// of the drawn futures; nil for those in which it lasts to End.
type ForecastDays struct {
	Early  *slo.Date `json:"early"`
	Middle *slo.Date `json:"middle"`
	Late   *slo.Date `json:"late"`
}

// ForecastScore is how a method did on the objective's own past.
type ForecastScore struct {
	Method   forecast.Method `json:"method"`
	Pinball  slo.Number      `json:"pinball"`
	Coverage slo.Number      `json:"coverage"` // share of the outcomes in the 80 % band
	Origins  int             `json:"outcomes"`
	Recent   ForecastRecent  `json:"recent"`
}

// NewForecastScore returns s, nil if there is no outcome to score by.
func NewForecastScore(s forecast.Score) *ForecastScore {
	if s.Origins == 0 {
		return nil
	}
	return &ForecastScore{Method: s.Method, Pinball: s.Pinball, Coverage: s.Coverage, Origins: s.Origins,
		Recent: ForecastRecent{Held: s.Recent.Held, Outcomes: s.Recent.Outcomes}}
}

// ForecastRecent is how many outcomes the 80 % band held of the forecasts of the last days
// whose outcome is known, in part where one lies on an edge that many futures share.
type ForecastRecent struct {
	Held     slo.Number `json:"held"`
	Outcomes int        `json:"outcomes"`
}

// Alarming tells whether f expects the budget to be gone by the window's end.
func (f Forecast) Alarming() bool {
	return f.Reason == "" && (*f.Exhausted || f.Exhaustion.Middle != nil)
}
