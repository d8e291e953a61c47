package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/backtest"
	"github.com/nines-slo/nines/slo/diag"
)

// BacktestSchema is the version of the JSON form of a Backtest.
const BacktestSchema = "nines.backtest/v1"

// Backtest is the answer of `nines backtest`: what alert policies would have done
// between From and To, both included.
type Backtest struct {
	Schema     string         `json:"schema"`
	From       time.Time      `json:"from"`
	To         time.Time      `json:"to"`
	Ranges     string         `json:"ranges"`            // RangesWhole or RangesLeftOpen
	Incidents  string         `json:"incidents"`         // where they come from: FromFile or FromCounts
	Matching   string         `json:"matching"`          // the rule, in English
	Outside    int            `json:"incidents_outside"` // of the file, that were over before From or began after To: held against nothing
	Objectives []Backtested   `json:"slos"`              // by name
	Total      []Alerted      `json:"total"`             // of all objectives, a line a policy; without firings and matches
	Tuning     *Tuning        `json:"tuning,omitempty"`
	Sources    []Source       `json:"sources"`
	Language   unit.Language  `json:"-"`
	Zone       *time.Location `json:"-"`
}

// Where incidents come from.
const (
	FromFile   = "file"
	FromCounts = "counts" // nines found them in the counts: no judge of the alerts
)

// How windows are cut.
const (
	RangesWhole    = "whole"     // every bucket that ended in the window
	RangesLeftOpen = "left-open" // a bucket less at the old side, as Prometheus from version 3 on
)

// Matching is the rule by which firings are held against incidents, in English.
const Matching = "a firing belongs to an incident if it overlaps [start, end + late), and is false if it belongs to none; " +
	"an incident is detected if a firing began no more than late before or after its start, late if one began after that, " +
	"and missed if none did; a firing that had been on for longer than late when the incident began does not tell of it; " +
	"incidents that began before the period, or less than late before its end without a firing, are not judged"

// Backtested is one objective of a Backtest.
type Backtested struct {
	Service    string            `json:"service"`
	Name       string            `json:"name"`
	Labels     map[string]string `json:"labels"`
	By         []string          `json:"-"`
	Target     slo.Target        `json:"target"`
	Window     string            `json:"window"` // as in the file
	Step       string            `json:"step"`   // "1m"
	Late       time.Duration     `json:"-"`
	LateAfter  slo.Number        `json:"late_minutes"`
	Coverage   slo.Number        `json:"coverage"` // measured share of the buckets of the period that are not excluded
	Conditions []Replayed        `json:"conditions"`
	Policies   []Alerted         `json:"policies"`
	Classes    []Alerted         `json:"classes"` // all policies of a class as one
	Warnings   []diag.Finding    `json:"warnings"`
	Failed     string            `json:"error,omitempty"`
}

// ID returns "service/name{labels}".
func (b Backtested) ID() string {
	return slo.SLO{Service: b.Service, Name: b.Name, Labels: b.Labels, By: b.By}.ID()
}

// Replayed is one condition of a policy over the period.
type Replayed struct {
	Condition string    `json:"condition"` // "page 1h/5m"
	Policy    string    `json:"policy"`
	Class     slo.Class `json:"class"`
	Firings   []Firing  `json:"firings"`
}

// Firing is [Start, End); a nil End is still firing.
type Firing struct {
	Start time.Time  `json:"start"`
	End   *time.Time `json:"end"`

	Earlier bool `json:"since_earlier,omitempty"` // it fired before the period too, from where Start is
}

// Spread is the middle and the worst of some figures, unknown without any.
type Spread struct {
	Median slo.Number `json:"median"`
	Worst  slo.Number `json:"worst"`
}

// Alerted is what people would have been called by, and how well. The outcomes
// are unknown without an incidents file, since nines is no judge of itself.
type Alerted struct {
	Name      string     `json:"name"` // of the policy, or the class
	Class     slo.Class  `json:"class"`
	Fired     int        `json:"fired"`
	PerWeek   slo.Number `json:"per_week"`          // unknown for periods under a week
	Detection Spread     `json:"detection_minutes"` // from an incident's start
	Reset     Spread     `json:"reset_minutes"`     // from an incident's end to the alert's, negative if that came first
	Spent     Spread     `json:"spent_before"`      // share of the window's budget that the incident had spent when the alert began
	Detected  slo.Number `json:"detected"`
	Late      slo.Number `json:"late"`
	Missed    slo.Number `json:"missed"`
	NotJudged slo.Number `json:"not_judged"`
	False     slo.Number `json:"false"`
	Precision slo.Number `json:"precision"` // firings that belong to an incident / firings
	Recall    slo.Number `json:"recall"`    // incidents detected or late / incidents
	Firings   []Firing   `json:"firings"`
	Matches   []Match    `json:"matches"`
	Unmatched []Firing   `json:"unmatched_firings"` // those that belong to no incident
	Events    []Event    `json:"-"`                 // firings and incidents, as they came
	Unknown   bool       `json:"-"`                 // nothing was measured: nobody knows whether it would have fired

	detection, reset, spent []slo.Number // what the spreads are of
	judged                  int          // firings that Precision is of
}

// Event is what happened: a firing, an incident, or one that belongs to the other.
// An incident without a firing was missed or is not judged; a firing without an
// incident is a further one of an incident, or belongs to none.
type Event struct {
	Firing *Firing
	Match  *Match
	Again  bool // a further firing of an incident
}

// start is when e began, for people who read them in order.
func (e Event) start() time.Time {
	if e.Firing != nil {
		return e.Firing.Start
	}
	return e.Match.Start
}

// Match is what an alert did in one incident.
type Match struct {
	Incident  string           `json:"incident"` // its name
	Start     time.Time        `json:"start"`
	End       *time.Time       `json:"end"`
	Outcome   backtest.Outcome `json:"outcome"`
	Already   bool             `json:"already_firing"` // missed since the alert had been on for longer than late
	Fired     *time.Time       `json:"fired"`
	Detection slo.Number       `json:"detection_minutes"`
	Reset     slo.Number       `json:"reset_minutes"`
	Spent     slo.Number       `json:"spent_before"`
}

// Shown returns "3 min / 9 min", as write writes each, once where both are the same.
func (s Spread) Shown(write func(slo.Number) string) string {
	median, worst := write(s.Median), write(s.Worst)
	if median == worst {
		return median
	}
	return median + " / " + worst
}

// spread returns the median (of an even number, the mean of the two in the middle)
// and the largest of ns.
func spread(ns []slo.Number) Spread {
	ns = slices.DeleteFunc(slices.Clone(ns), func(n slo.Number) bool { return !n.Known() })
	if len(ns) == 0 {
		return Spread{}
	}
	slices.SortFunc(ns, slo.Number.Cmp)
	low, high := ns[(len(ns)-1)/2], ns[len(ns)/2]
	return Spread{Median: low.Add(high).Quo(slo.NumberOf(2)), Worst: ns[len(ns)-1]}
}

// newAlerted makes the figures of an alert over a period that long.
func newAlerted(a backtest.Alert, length time.Duration, known bool) Alerted {
	out := Alerted{Name: a.Name, Class: a.Class, Fired: len(a.Firings), Firings: newFirings(a.Firings, a.Earlier), judged: len(a.Firings)}
	out.PerWeek = perWeek(out.Fired, length)
	for _, m := range a.Matches {
		out.Matches = append(out.Matches, newMatch(m))
		if m.Outcome != backtest.NotJudged {
			out.take(out.Matches[len(out.Matches)-1])
		}
	}
	for i, told := range a.Told {
		if !told {
			out.Unmatched = append(out.Unmatched, out.Firings[i])
		}
	}
	out.Events = events(out.Firings, out.Matches, a.Told)
	if known {
		out.Detected, out.Late, out.Missed = count(a.Detected), count(a.Score.Late), count(a.Missed)
		out.NotJudged, out.False = count(a.NotJudged), count(a.False)
	}
	out.sum()
	return out
}

// Times returns how often the alert fired, unknown if nothing was measured.
func (a Alerted) Times() slo.Number {
	if a.Unknown {
		return slo.Number{}
	}
	return count(a.Fired)
}

// unmeasured returns an alert of which nothing is known.
func unmeasured(name string, class slo.Class) Alerted {
	return Alerted{Name: name, Class: class, Unknown: true}
}

func count(n int) slo.Number { return slo.NumberOf(int64(n)) }

// perWeek returns n times of length as so many a week, unknown if length is less.
func perWeek(n int, length time.Duration) slo.Number {
	if length < slo.Week.Nominal() {
		return slo.Number{}
	}
	return count(n).Quo(slo.NumberFrac(int64(length), int64(slo.Week.Nominal())))
}

func (a *Alerted) take(m Match) {
	a.detection = append(a.detection, m.Detection)
	a.reset = append(a.reset, m.Reset)
	a.spent = append(a.spent, m.Spent)
}

// sum makes the figures that follow from others.
func (a *Alerted) sum() {
	a.Detection, a.Reset, a.Spent = spread(a.detection), spread(a.reset), spread(a.spent)
	found := a.Detected.Add(a.Late)
	a.Recall = found.Quo(found.Add(a.Missed))
	a.Precision = count(a.judged).Sub(a.False).Quo(count(a.judged))
}

// add adds another objective's figures of the same policy; sum is still to be called.
func (a *Alerted) add(b Alerted) {
	a.Fired += b.Fired
	a.judged += b.judged
	a.PerWeek = a.PerWeek.Add(b.PerWeek)
	a.Detected, a.Late, a.Missed = a.Detected.Add(b.Detected), a.Late.Add(b.Late), a.Missed.Add(b.Missed)
	a.NotJudged, a.False = a.NotJudged.Add(b.NotJudged), a.False.Add(b.False)
	a.detection = append(a.detection, b.detection...)
	a.reset = append(a.reset, b.reset...)
	a.spent = append(a.spent, b.spent...)
}

// totals adds up the policies of all objectives of which anything is known, in the
// order in which they come.
func totals(objectives []Backtested) []Alerted {
	out := []Alerted{}
	for _, o := range objectives {
		for _, a := range o.Policies {
			if a.Unknown {
				continue
			}
			i := slices.IndexFunc(out, func(t Alerted) bool { return t.Name == a.Name && t.Class == a.Class })
			if i < 0 {
				a.Firings, a.Matches, a.Unmatched, a.Events = nil, nil, nil, nil
				a.detection, a.reset, a.spent = slices.Clone(a.detection), slices.Clone(a.reset), slices.Clone(a.spent)
				out = append(out, a)
				continue
			}
			out[i].add(a)
		}
	}
	for i := range out {
		out[i].sum()
	}
	return out
}

// events joins firings and matches; told says which firings belong to an incident.
func events(firings []Firing, matches []Match, told []bool) []Event {
	var out []Event
	first := map[time.Time]bool{}
	for i := range matches {
		e := Event{Match: &matches[i]}
		if fired := matches[i].Fired; fired != nil {
			first[*fired] = true
			k := slices.IndexFunc(firings, func(f Firing) bool { return f.Start.Equal(*fired) })
			e.Firing = &firings[k]
		}
		out = append(out, e)
	}
	for i := range firings {
		if !first[firings[i].Start] {
			out = append(out, Event{Firing: &firings[i], Again: told[i]})
		}
	}
	slices.SortStableFunc(out, func(a, b Event) int { return a.start().Compare(b.start()) })
	return out
}

func newMatch(m backtest.Match) Match {
	out := Match{Incident: m.Incident.Name, Start: m.Incident.Start, End: instant(m.Incident.End), Outcome: m.Outcome, Already: m.Already,
		Fired: instant(m.Fired), Spent: m.Spent}
	if !m.Fired.IsZero() {
		out.Detection = slo.Minutes(m.Detection)
	}
	if reset, ok := m.Reset(); ok {
		out.Reset = slo.Minutes(reset)
	}
	return out
}

func byName(a, b Backtested) int { return cmp.Compare(a.ID(), b.ID()) }
