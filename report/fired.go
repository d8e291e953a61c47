package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/backtest"
	"github.com/nines-slo/nines/slo/budget"
)

// fired returns what the alert policies of l's objective did over st's judged
// period, and how they did in the incidents that the counts show.
func fired(l *budget.Ledger, st budget.Status) []Alerted {
	if st.Judged.Empty() {
		return nil
	}
	o := backtest.Options{From: st.Judged.Start, To: st.Judged.End}
	var out []Alerted
	for _, a := range backtest.Run(l, l.SLO().Policies(), backtest.Found(l, st.Judged), o).Policies {
		out = append(out, newAlerted(a, st.Judged.Length(), false))
	}
	return out
}

// FirstAlert is the first page or ticket that told of an incident.
type FirstAlert struct {
	Objective string     `json:"objective"`
	Policy    string     `json:"policy"`
	Class     slo.Class  `json:"class"`
	At        time.Time  `json:"at"`
	Minutes   slo.Number `json:"minutes"` // from the incident's start
}

// firstAlert returns the first alert of any objective that told of i, nil if none did.
func firstAlert(i Incident, objectives []Objective) *FirstAlert {
	var first *FirstAlert
	for _, o := range objectives {
		for _, a := range o.Fired {
			for _, m := range a.Matches {
				if a.Class == slo.Log || m.Fired == nil || m.Start.Before(i.Start) || m.Start.After(i.End) || first != nil && !m.Fired.Before(first.At) {
					continue
				}
				first = &FirstAlert{Objective: o.ID(), Policy: a.Name, Class: a.Class, At: m.Fired.UTC(), Minutes: slo.Minutes(max(0, m.Fired.Sub(i.Start)))}
			}
		}
	}
	return first
}

// FiredRow is a policy with the objective it is for.
type FiredRow struct {
	*Objective
	Alert *Alerted
}

// FiredRows returns the policies that fired in the report's period, the most
// urgent class first, then those that fired most, and how many there are besides.
func (r *Report) FiredRows() (rows []FiredRow, silent int) {
	for i := range r.Objectives {
		o := &r.Objectives[i]
		for k := range o.Fired {
			if o.Fired[k].Fired == 0 {
				silent++
				continue
			}
			rows = append(rows, FiredRow{o, &o.Fired[k]})
		}
	}
	slices.SortStableFunc(rows, func(a, b FiredRow) int {
		return cmp.Or(cmp.Compare(a.Alert.Class.Rank(), b.Alert.Class.Rank()), cmp.Compare(b.Alert.Fired, a.Alert.Fired), cmp.Compare(a.ID(), b.ID()))
	})
	return rows, silent
}

// InIncidents returns how many of the firings belong to an incident of the period.
func (a *Alerted) InIncidents() int { return a.Fired - len(a.Unmatched) }

// Length returns for how long a fired until end.
func (a *Alerted) Length(end time.Time) time.Duration {
	var d time.Duration
	for _, f := range a.Firings {
		to := end
		if f.End != nil {
			to = *f.End
		}
		d += to.Sub(f.Start)
	}
	return d
}

// FiredTitle sums the alerts of a report up in one line.
func (r *Report) FiredTitle() string {
	counts, useful := map[slo.Class]int{}, 0
	rows, _ := r.FiredRows()
	for _, row := range rows {
		counts[row.Alert.Class] += row.Alert.Fired
		useful += row.Alert.InIncidents()
	}
	return firedTitle(r.Language, counts, useful)
}

func firedTitle(l unit.Language, counts map[slo.Class]int, useful int) string {
	total := counts[slo.Page] + counts[slo.Ticket] + counts[slo.Log]
	words := firedWordsOf(l)
	if total == 0 {
		return words.none
	}
	var parts []string
	for _, class := range []slo.Class{slo.Page, slo.Ticket, slo.Log} {
		if n := counts[class]; n > 0 {
			parts = append(parts, words.count(l, class, n))
		}
	}
	return words.title(parts, useful, total)
}
