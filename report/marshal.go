package report

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/nines-slo/nines/slo"
)

// The JSON forms below keep two promises that the plain structs do not: times
// are UTC, and what is empty is [] or {}, never null. null is an unknown number.

// MarshalJSON writes [time, value]; an unknown value is null.
func (p Point) MarshalJSON() ([]byte, error) {
	return json.Marshal([2]any{p.Time.UTC(), slo.NumberFloat(p.Value)})
}

// MarshalJSON writes {"5m": 0.2, "1h": null}, in the order of b.
func (b BurnRates) MarshalJSON() ([]byte, error) {
	out := []byte{'{'}
	for i, r := range b {
		rate, err := r.Rate.MarshalJSON()
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendQuote(out, slo.FormatDuration(r.Window))
		out = append(append(out, ':'), rate...)
	}
	return append(out, '}'), nil
}

// MarshalText writes a level as a word.
func (l Level) MarshalText() ([]byte, error) {
	return []byte([...]string{"none", "low", "even", "high", "over"}[l]), nil
}

// MarshalJSON writes o with its lists never null.
func (o Objective) MarshalJSON() ([]byte, error) {
	type plain Objective
	if o.Labels == nil {
		o.Labels = map[string]string{}
	}
	o.Exclusions, o.Warnings = listed(o.Exclusions), listed(o.Warnings)
	return json.Marshal(plain(o))
}

// MarshalJSON writes w in UTC.
func (w Window) MarshalJSON() ([]byte, error) {
	type plain Window
	w.Start, w.End, w.Elapsed, w.Since = w.Start.UTC(), w.End.UTC(), w.Elapsed.UTC(), utc(w.Since)
	return json.Marshal(plain(w))
}

// MarshalJSON writes p in UTC.
func (p Period) MarshalJSON() ([]byte, error) {
	type plain Period
	p.Start, p.End = p.Start.UTC(), p.End.UTC()
	return json.Marshal(plain(p))
}

// MarshalJSON writes e's periods in UTC.
func (e Exclusion) MarshalJSON() ([]byte, error) {
	type plain Exclusion
	periods := make([]slo.Period, len(e.Periods))
	for i, p := range e.Periods {
		periods[i] = slo.Period{Start: p.Start.UTC(), End: p.End.UTC()}
	}
	e.Periods = periods
	return json.Marshal(plain(e))
}

// MarshalJSON writes d in UTC; the date stays local.
func (d Day) MarshalJSON() ([]byte, error) {
	type plain Day
	d.Start, d.End = d.Start.UTC(), d.End.UTC()
	return json.Marshal(plain(d))
}

// MarshalJSON writes i in UTC.
func (i Incident) MarshalJSON() ([]byte, error) {
	type plain Incident
	i.Start, i.End = i.Start.UTC(), i.End.UTC()
	i.Services, i.Impacts = listed(i.Services), listed(i.Impacts)
	return json.Marshal(plain(i))
}

// MarshalJSON writes e with its list never null.
func (e DeployEffect) MarshalJSON() ([]byte, error) {
	type plain DeployEffect
	e.Shared = listed(e.Shared)
	return json.Marshal(plain(e))
}

// MarshalJSON writes s in UTC.
func (s Source) MarshalJSON() ([]byte, error) {
	type plain Source
	s.Newest, s.Inputs, s.Notes = utc(s.Newest), listed(s.Inputs), listed(s.Notes)
	return json.Marshal(plain(s))
}

// MarshalJSON writes b's points as a list.
func (b BurnLine) MarshalJSON() ([]byte, error) {
	type plain BurnLine
	b.Points = listed(b.Points)
	return json.Marshal(plain(b))
}

// percentiles is the JSON form of slo.Percentiles: seconds.
type percentiles struct {
	Start time.Time  `json:"start"`
	P50   slo.Number `json:"p50_seconds"`
	P95   slo.Number `json:"p95_seconds"`
	P99   slo.Number `json:"p99_seconds"`
	Count int64      `json:"count"`
}

// MarshalJSON writes d with percentiles in seconds.
func (d Detail) MarshalJSON() ([]byte, error) {
	type plain Detail
	out := struct {
		plain
		Percentiles []percentiles `json:"percentiles,omitempty"`
	}{plain: plain(d)}
	out.Burndown, out.Burn = listed(d.Burndown), listed(d.Burn)
	out.Thresholds, out.Calls = listed(d.Thresholds), listed(d.Calls)
	seconds := func(d time.Duration) slo.Number { return slo.NumberFrac(int64(d), int64(time.Second)) }
	for _, p := range d.Percentiles {
		out.Percentiles = append(out.Percentiles, percentiles{p.Start.UTC(), seconds(p.P50), seconds(p.P95), seconds(p.P99), p.Count})
	}
	return json.Marshal(out)
}

// listed returns l, empty but not nil.
func listed[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

func utc(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

// MarshalJSON writes b with its lists never null.
func (b Backtest) MarshalJSON() ([]byte, error) {
	type plain Backtest
	b.From, b.To = b.From.UTC(), b.To.UTC()
	b.Objectives, b.Total, b.Sources = listed(b.Objectives), listed(b.Total), listed(b.Sources)
	return json.Marshal(plain(b))
}

// MarshalJSON writes b with its lists never null.
func (b Backtested) MarshalJSON() ([]byte, error) {
	type plain Backtested
	if b.Labels == nil {
		b.Labels = map[string]string{}
	}
	b.Conditions, b.Policies, b.Classes, b.Warnings = listed(b.Conditions), listed(b.Policies), listed(b.Classes), listed(b.Warnings)
	return json.Marshal(plain(b))
}

// MarshalJSON writes a with its lists never null.
func (a Alerted) MarshalJSON() ([]byte, error) {
	type plain Alerted
	a.Firings, a.Matches, a.Unmatched = listed(a.Firings), listed(a.Matches), listed(a.Unmatched)
	if a.Unknown {
		return json.Marshal(struct {
			plain
			Fired slo.Number `json:"fired"`
		}{plain: plain(a)})
	}
	return json.Marshal(plain(a))
}

// MarshalJSON writes f in UTC.
func (f Firing) MarshalJSON() ([]byte, error) {
	type plain Firing
	f.Start, f.End = f.Start.UTC(), utc(f.End)
	return json.Marshal(plain(f))
}

// MarshalJSON writes m in UTC.
func (m Match) MarshalJSON() ([]byte, error) {
	type plain Match
	m.Start, m.End, m.Fired = m.Start.UTC(), utc(m.End), utc(m.Fired)
	return json.Marshal(plain(m))
}

// MarshalJSON writes s with its lists never null.
func (s Suggestions) MarshalJSON() ([]byte, error) {
	type plain Suggestions
	s.From, s.To = s.From.UTC(), s.To.UTC()
	s.Objectives, s.Sources = listed(s.Objectives), listed(s.Sources)
	return json.Marshal(plain(s))
}

// MarshalJSON writes s with its lists never null.
func (s Suggested) MarshalJSON() ([]byte, error) {
	type plain Suggested
	if s.Labels == nil {
		s.Labels = map[string]string{}
	}
	s.Start, s.Targets, s.Warnings = utc(s.Start), listed(s.Targets), listed(s.Warnings)
	return json.Marshal(plain(s))
}
