package backtest

import (
	"testing"

	"github.com/nines-slo/nines/slo"
)

func TestConcerns(t *testing.T) {
	s := slo.SLO{Service: "shop", Name: "orders", Labels: map[string]string{"region": "eu"}, By: []string{"region"}}
	for _, c := range []struct {
		service, slo string
		want         bool
	}{
		{"", "", true}, {"shop", "", true}, {"sh*", "", true}, {"other", "", false}, {"", "orders", true}, {"", "shop/orders", true},
		{"", "shop/orders{region=eu}", true}, {"", "shop/orders{region=us}", false}, {"shop", "latency", false}, {"other", "orders", false},
	} {
		if got := (Incident{Service: c.service, SLO: c.slo}).Concerns(s); got != c.want {
			t.Errorf("service %q, slo %q: %v, want %v", c.service, c.slo, got, c.want)
		}
	}
}

// A * stands for slashes too, as it does for --only.
func TestConcernsSlashes(t *testing.T) {
	s := slo.SLO{Service: "shop", Name: "POST /orders"}
	for _, pattern := range []string{"POST*", "shop/*", "POST /orders"} {
		if !(Incident{SLO: pattern}).Concerns(s) {
			t.Errorf("%q does not concern %s", pattern, s.ID())
		}
	}
}
