package alertmanager

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo/order"
)

// held returns the alerts that the Alertmanager has of objectives whose source
// failed, to be posted again.
func (m *Alertmanager) held(ctx context.Context, a *report.Alerts, hold time.Duration) ([]alert, error) {
	if !slices.ContainsFunc(a.Objectives, failed) {
		return nil, nil
	}
	u := m.url.Join()
	query := u.Query()
	query.Add("filter", `alertname=~"`+titles+`"`)
	u.RawQuery = query.Encode()
	text, err := m.call(ctx, http.MethodGet, u, nil)
	if err != nil {
		return nil, err
	}
	var all []alert
	if json.Unmarshal(text, &all) != nil {
		return nil, fmt.Errorf("%s answers with something else than a list of alerts", m.name())
	}
	all = slices.DeleteFunc(all, func(one alert) bool { return !unknown(a, one.Labels) })
	for i := range all {
		all[i].EndsAt = a.At.Add(hold)
		all[i].Annotations = maps.Clone(all[i].Annotations)
		if all[i].Annotations == nil {
			all[i].Annotations = map[string]string{}
		}
		all[i].Annotations["no_data"] = "true"
	}
	order.Stable(all, func(a, b alert) int { return cmp.Compare(identity(a), identity(b)) })
	return all, nil
}

func failed(o report.Objective) bool { return o.Failed != "" }

// unknown tells whether labels are of an objective whose source failed. Of one
// whose labels come with the data nobody knows then which there are.
func unknown(a *report.Alerts, labels map[string]string) bool {
	blind, id := false, labels["objective"]
	for _, o := range a.Objectives {
		switch {
		case !failed(o) && o.ID() == id:
			return false
		case failed(o) && o.Service == labels["service"] && o.Name == labels["slo"] && id != "":
			blind = blind || o.ID() == id || unlabelled(o)
		}
	}
	return blind
}

func unlabelled(o report.Objective) bool {
	return slices.ContainsFunc(o.By, func(label string) bool {
		_, has := o.Labels[label]
		return !has
	})
}

// without returns those of held that are not in posted.
func without(held, posted []alert) []alert {
	known := map[string]bool{}
	for _, one := range posted {
		known[identity(one)] = true
	}
	return slices.DeleteFunc(held, func(one alert) bool { return known[identity(one)] })
}
