package alertmanager

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/slo/burn"
)

func TestOwnLabels(t *testing.T) {
	tests := []struct {
		name       string
		more, want map[string]string
	}{
		{"as they are", map[string]string{"region": "eu", "Tier_1": "x"}, map[string]string{"region": "eu", "Tier_1": "x"}},
		{"characters that no name has", map[string]string{"team.a/b-c": "x"}, map[string]string{"team_a_b_c": "x"}},
		{"a digit first", map[string]string{"1st": "x"}, map[string]string{"label_1st": "x"}},
		{"kept for Prometheus itself", map[string]string{"__name__": "x", "地域": "y"}, map[string]string{"label___name__": "x", "label___": "y"}},
		{"one _, which another must not make two", map[string]string{"_": "x", "-": "y"}, map[string]string{"label__": "y", "label___": "x"}},
		{"ours", map[string]string{"severity": "x", "to": "y"}, map[string]string{"exported_severity": "x", "exported_to": "y"}},
		{"like ours", map[string]string{"exported_severity": "x", "severity": "y"}, map[string]string{"exported_severity": "x", "exported_severity_": "y"}},
		{"the same in the end", map[string]string{"a.b": "x", "a_b": "y", "a-b": "z"}, map[string]string{"a_b": "y", "a_b_": "z", "a_b__": "x"}},
	}
	for _, tt := range tests {
		got := map[string]string{"severity": "page", "to": ""}
		own(got, tt.more)
		if got["severity"] != "page" || got["to"] != "" {
			t.Errorf("%s: ours were changed: %q", tt.name, got)
		}
		delete(got, "severity")
		delete(got, "to")
		if !maps.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Whatever labels are called, every name is one that Prometheus takes, no value is
// lost, and those that routes are made of stay.
func FuzzLabels(f *testing.F) {
	for _, text := range reporttest.HostileTexts() {
		f.Add(text, "a.b", "exported_"+text, "v")
	}
	f.Add("severity", "exported_severity", "exported_severity_", "v")
	f.Add("", "0", "__", "v")
	f.Add("", "_", "-", "v")
	f.Fuzz(func(t *testing.T, a, b, c, value string) {
		if value == "" {
			return
		}
		as := checkout(fast(burn.Active))
		o := &as.Objectives[0]
		o.Labels = map[string]string{a: value + "1", b: value + "2", c: value + "3"}
		got := labels(o, &o.Alerts[0])
		name := regexp.MustCompile(`^([a-zA-Z]|_[a-zA-Z0-9])[a-zA-Z0-9_]*$`)
		for k := range got {
			if !name.MatchString(k) {
				t.Errorf("label name %q", k)
			}
		}
		values := slices.Collect(maps.Values(got))
		for k, v := range o.Labels {
			if !slices.Contains(values, v) {
				t.Errorf("the value of %q is lost in %q", k, got)
			}
		}
		if got["alertname"] != "ErrorBudgetBurn" || got["severity"] != "page" || got["service"] != "checkout" || got["slo"] != "orders" {
			t.Errorf("ours were changed: %q", got)
		}
	})
}
