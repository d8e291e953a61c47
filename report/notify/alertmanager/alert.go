package alertmanager

import (
	"encoding/json"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo/burn"
)

// alert is one element of what POST /api/v2/alerts takes.
type alert struct {
	Labels      map[string]string `json:"labels"` // who it is: another label makes another alert
	Annotations map[string]string `json:"annotations"`
	StartsAt    time.Time         `json:"startsAt"`
	EndsAt      time.Time         `json:"endsAt"`
}

// retention is how long it is told at the least that an alert is over. Prometheus
// does for as long (rules/alerting.go).
const retention = 15 * time.Minute

// alertsOf returns what is posted of a: what fires, until hold after a.At, and what
// stopped to in the last 15 minutes, or twice hold if that is longer.
func alertsOf(a *report.Alerts, hold time.Duration) []alert {
	out := []alert{}
	known := map[string]int{}
	since := a.At.Add(-max(retention, 2*hold))
	for i := range a.Objectives {
		o := &a.Objectives[i]
		for k := range o.Alerts {
			one, ok := alertOf(o, &o.Alerts[k], a.At.Add(hold), since)
			if !ok {
				continue
			}
			one.Annotations = annotations(&a.Status, o, &o.Alerts[k])
			id := identity(one)
			if n, twice := known[id]; twice {
				out[n] = later(out[n], one)
				continue
			}
			known[id] = len(out)
			out = append(out, one)
		}
	}
	return out
}

// alertOf returns a without annotations, and whether there is something to tell of
// it. A firing without data stays up: nobody knows that it is over.
func alertOf(o *report.Objective, a *report.Alert, until, since time.Time) (alert, bool) {
	switch last := a.Last; {
	case a.State == burn.Active, a.State == burn.NoData && a.Since != nil:
		return alert{Labels: labels(o, a), StartsAt: *a.Since, EndsAt: until}, true
	case last != nil && last.End.After(since):
		return alert{Labels: labels(o, a), StartsAt: last.Start, EndsAt: *last.End}, true
	}
	return alert{}, false
}

// identity returns the labels as text.
func identity(a alert) string {
	text, _ := json.Marshal(a.Labels) // sorted by name; text always has a JSON form
	return string(text)
}

// later returns which of two conditions that one policy has over the same windows
// is told: the one that ends later.
func later(a, b alert) alert {
	if b.EndsAt.After(a.EndsAt) || b.EndsAt.Equal(a.EndsAt) && b.StartsAt.Before(a.StartsAt) {
		return b
	}
	return a
}
