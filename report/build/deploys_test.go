package build

import (
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/deploy"
)

// TestDeployNeeds: what is usual after a deploy of the first day is known of weeks before.
func TestDeployNeeds(t *testing.T) {
	span, _ := slo.ParseSpan("2026-05")
	at := time.Date(2026, 6, 2, 0, 0, 0, 0, time.UTC)
	first := span.In(time.UTC, at).Start
	s := slo.SLO{Service: "checkout", Window: slo.Window{Unit: slo.Month}}
	for _, c := range []struct {
		name   string
		deploy deploy.Deploy
		weeks  bool
	}{
		{"of the first day", deploy.Deploy{Time: first}, true},
		{"of the service", deploy.Deploy{Time: first, Service: "checkout"}, true},
		{"of another", deploy.Deploy{Time: first, Service: "search"}, false},
		{"of another month", deploy.Deploy{Time: first.Add(-1)}, false},
	} {
		b := Builder{At: at, Span: &span, Deploys: []deploy.Deploy{c.deploy}}
		from := deployReach(question{b: &b, slo: s, period: span.In(time.UTC, at), end: at})
		if got := !from.After(first.AddDate(0, 0, -28).Add(-4 * time.Hour)); got != c.weeks {
			t.Errorf("a deploy %s: counts from %s", c.name, from)
		}
	}
}
