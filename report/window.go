package report

import (
	"cmp"
	"encoding/json"
	"strconv"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/order"
)

// Window is the period that an objective was judged over.
type Window struct {
	Kind     string     `json:"kind"`   // "rolling", "calendar", or "period" for a period asked for
	Length   string     `json:"length"` // as in the file: "30d", "month"; of a period asked for "period"
	Start    time.Time  `json:"start"`
	End      time.Time  `json:"end"`     // of the whole period, also while it runs
	Elapsed  time.Time  `json:"elapsed"` // figures cover [start, elapsed)
	Timezone string     `json:"timezone"`
	Since    *time.Time `json:"since,omitempty"` // the promise is younger than the window: figures begin here
	Closed   bool       `json:"closed"`
	Delay    string     `json:"delay,omitempty"` // the counts of an instant are complete that long after it
}

// Judged returns the time that w's figures cover.
func (w Window) Judged() slo.Period {
	p := slo.Period{Start: w.Start, End: w.Elapsed}
	if w.Since != nil {
		p.Start = *w.Since
	}
	return p
}

// Whole returns all of w, also while it runs.
func (w Window) Whole() slo.Period { return slo.Period{Start: w.Start, End: w.End} }

// Days returns how many days of 24 hours w has, to the nearest.
func (w Window) Days() int { return int(w.Whole().Length().Hours()/24 + 0.5) }

// MarshalJSON writes w in UTC.
func (w Window) MarshalJSON() ([]byte, error) {
	type plain Window
	w.Start, w.End, w.Elapsed, w.Since = w.Start.UTC(), w.End.UTC(), w.Elapsed.UTC(), utc(w.Since)
	return json.Marshal(plain(w))
}

// Exclusion is the time of one rule within the judged period.
type Exclusion struct {
	Name     string       `json:"name"`
	AgreedBy string       `json:"agreed_by,omitempty"`
	Periods  []slo.Period `json:"periods"`          // that were planned: sorted, none overlaps another
	Excluded slo.Number   `json:"excluded_minutes"` // of them: whole buckets alone are; what two rules cover is told of both
}

// Length returns how much time was planned to be excluded.
func (e Exclusion) Length() time.Duration { return slo.Lasting(e.Periods) }

// Whole tells whether all of e was excluded.
func (e Exclusion) Whole() bool { return e.Excluded.Cmp(slo.Minutes(e.Length())) == 0 }

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

// Budget is an objective's error budget: of the whole period, also while it runs.
type Budget struct {
	Basis     budget.Basis `json:"basis"`
	Total     slo.Number   `json:"total"`   // valid events or slices that it is a share of; projected: expected by the period's end
	Allowed   slo.Number   `json:"allowed"` // events or slices that may be bad
	Spent     slo.Number   `json:"spent"`   // bad / allowed
	Remaining slo.Number   `json:"remaining"`
	Left      slo.Number   `json:"left"` // events or slices that may still be bad: allowed − bad
	Minutes   budget.Spend `json:"minutes"`
	Elapsed   budget.Spend `json:"elapsed"` // what the time so far alone allows; the same where the basis is measured
}

// Projected tells whether b is of a whole period that still runs.
func (b Budget) Projected() bool { return b.Basis == budget.Projected }

// BurnRates are in the order of their windows, shortest first.
type BurnRates []budget.BurnRate

// Over returns the burn rate over w, unknown if w is none of the windows.
func (b BurnRates) Over(w time.Duration) slo.Number {
	for _, r := range b {
		if r.Window == w {
			return r.Rate
		}
	}
	return slo.Number{}
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

// UnmarshalJSON reads what MarshalJSON writes: rates without the counts behind them.
func (b *BurnRates) UnmarshalJSON(text []byte) error {
	var rates map[string]slo.Number
	if err := json.Unmarshal(text, &rates); err != nil {
		return err
	}
	*b = BurnRates{}
	for length, rate := range rates {
		window, err := slo.ParseDuration(length)
		if err != nil {
			return err
		}
		*b = append(*b, budget.BurnRate{Window: window, Rate: rate})
	}
	order.Stable(*b, func(x, y budget.BurnRate) int { return cmp.Compare(x.Window, y.Window) })
	return nil
}

// Buckets tell how much of the judged time was measured.
type Buckets budget.Buckets

// buckets is the JSON form of Buckets.
type buckets struct {
	Elapsed  int    `json:"elapsed"` // not excluded
	Measured int    `json:"measured"`
	Excluded int    `json:"excluded"`
	Step     string `json:"step"` // "1m"
}

// MarshalJSON writes the step as a file says it.
func (b Buckets) MarshalJSON() ([]byte, error) {
	return json.Marshal(buckets{b.Elapsed, b.Measured, b.Excluded, slo.FormatDuration(b.Step)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (b *Buckets) UnmarshalJSON(text []byte) error {
	var in buckets
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	step, err := slo.ParseDuration(in.Step)
	if err != nil && in.Step != slo.FormatDuration(0) {
		return err
	}
	*b = Buckets{Step: step, Elapsed: in.Elapsed, Measured: in.Measured, Excluded: in.Excluded}
	return nil
}
