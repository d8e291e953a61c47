package report

import (
	"encoding/json"
	"fmt"
	"time"
)

// What these functions read is what was written, but for this: numbers that are not
// whole come back as the nearest float64; burn rates come back without the counts
// behind them; a status and alerts come back without the days of their objectives,
// since JSON leaves those to reports: a table's strip of 28 days is empty. What a later
// release added is left out.

// ReadStatus reads the JSON form of a Status.
func ReadStatus(text []byte) (*Status, error) {
	return read(text, StatusSchema, func(s *Status) frame { return frame{s.Schema, s.Timezone, &s.Zone} })
}

// ReadAlerts reads the JSON form of Alerts.
func ReadAlerts(text []byte) (*Alerts, error) {
	return read(text, AlertsSchema, func(a *Alerts) frame { return frame{a.Schema, a.Timezone, &a.Zone} })
}

// ReadGate reads the JSON form of a Gate.
func ReadGate(text []byte) (*Gate, error) {
	return read(text, GateSchema, func(g *Gate) frame { return frame{g.Schema, g.Timezone, &g.Zone} })
}

// ReadReport reads the JSON form of a Report.
func ReadReport(text []byte) (*Report, error) {
	return read(text, ReportSchema, func(r *Report) frame { return frame{r.Schema, r.Timezone, &r.Zone} })
}

// ReadBacktest reads the JSON form of a Backtest.
func ReadBacktest(text []byte) (*Backtest, error) {
	return read(text, BacktestSchema, func(b *Backtest) frame { return frame{b.Schema, b.Timezone, &b.Zone} })
}

// ReadSuggestions reads the JSON form of Suggestions.
func ReadSuggestions(text []byte) (*Suggestions, error) {
	return read(text, SuggestSchema, func(s *Suggestions) frame { return frame{s.Schema, s.Timezone, &s.Zone} })
}

// ReadBrief reads the JSON form of a Brief.
func ReadBrief(text []byte) (*Brief, error) {
	return read(text, BriefSchema, func(b *Brief) frame { return frame{b.Schema, b.Timezone, &b.Zone} })
}

// frame is what every model says of itself.
type frame struct {
	schema   string
	timezone string
	zone     **time.Location // to be set
}

func read[T any](text []byte, schema string, of func(*T) frame) (*T, error) {
	m := new(T)
	if err := json.Unmarshal(text, m); err != nil {
		return nil, err
	}
	f := of(m)
	if f.schema != schema {
		return nil, fmt.Errorf("this is %q, not %q", f.schema, schema)
	}
	if f.timezone == "" {
		return m, nil
	}
	zone, err := time.LoadLocation(f.timezone)
	if err != nil {
		return nil, err
	}
	*f.zone = zone
	return m, nil
}
