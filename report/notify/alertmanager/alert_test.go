package alertmanager

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
)

var at = time.Date(2026, time.October, 13, 17, 30, 0, 0, time.UTC)

// minute returns the instant n minutes before at.
func minute(n int) *time.Time {
	t := at.Add(-time.Duration(n) * time.Minute)
	return &t
}

// fast is a condition over 1h/5m in a state.
func fast(state burn.State) report.Alert {
	return report.Alert{Policy: "page", Class: slo.Page, Condition: "page 1h/5m", Test: slo.Burn, State: state,
		Figure: slo.NumberOf(20), Limit: slo.NumberFrac(72, 5), Cost: slo.NumberFrac(1, 10),
		Long:  &report.BurnFigure{Window: "1h", Rate: slo.NumberOf(20)},
		Short: &report.BurnFigure{Window: "5m", Rate: slo.NumberOf(30)}}
}

// checkout returns an answer of one objective.
func checkout(alerts ...report.Alert) *report.Alerts {
	o := report.Objective{Service: "checkout", Name: "orders", Labels: map[string]string{"region": "eu"}, By: []string{"region"},
		Owner: "payments team", Alerts: alerts, Budget: report.Budget{Spent: slo.NumberFrac(1, 2)}}
	return &report.Alerts{Status: report.Status{At: at, Zone: time.UTC, Language: unit.English, Objectives: []report.Objective{o}}}
}

// What is posted of every state, in full.
func TestPayload(t *testing.T) {
	firing := fast(burn.Active)
	firing.Since, firing.Clears, firing.To = minute(12), minute(-5), []string{"phone", "chat"}
	covered := fast(burn.Active)
	covered.Policy, covered.Class, covered.Condition, covered.Covered = "slow", slo.Ticket, "slow 3d/6h", true
	covered.Since, covered.Earlier = minute(600), true
	held := fast(burn.NoData)
	held.Policy, held.Condition, held.Since, held.Long.Rate, held.Short.Rate = "held", "held 1h/5m", minute(90), slo.Number{}, slo.Number{}
	over := fast(burn.Inactive)
	over.Policy, over.Condition, over.Last = "over", "over 1h/5m", &report.Firing{Start: *minute(30), End: minute(4)}
	low := report.Alert{Policy: "low", Class: slo.Ticket, Condition: "low remaining 60%", Test: slo.Remaining, State: burn.Active,
		Since: minute(700), Figure: slo.NumberFrac(1, 2), Limit: slo.NumberFrac(3, 5), Cost: slo.NumberFrac(1, 4)}

	got, err := json.MarshalIndent(alertsOf(checkout(firing, covered, held, over, low), 5*time.Minute), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "payload.json", append(got, '\n'))

	ja := checkout(firing)
	ja.Language, ja.Zone = unit.Japanese, time.FixedZone("Asia/Tokyo", 9*3600)
	got, err = json.MarshalIndent(alertsOf(ja, 5*time.Minute)[0].Annotations, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "annotations_ja.json", append(got, '\n'))
}

// Minutes from at: when it starts and when it ends, for a hold of 5 minutes.
func TestWhatIsTold(t *testing.T) {
	state := func(s burn.State, since int, last ...int) report.Alert {
		a := fast(s)
		if since >= 0 {
			a.Since = minute(since)
		}
		if last != nil {
			a.Last = &report.Firing{Start: *minute(last[0]), End: minute(last[1])}
		}
		return a
	}
	tests := []struct {
		name   string
		hold   int
		alerts []report.Alert
		want   string
	}{
		{"inactive", 5, []report.Alert{state(burn.Inactive, -1)}, "[]"},
		{"pending", 5, []report.Alert{state(burn.Pending, 3)}, "[]"},
		{"firing ends by itself", 5, []report.Alert{state(burn.Active, 3)}, "[-3 to 5]"},
		{"firing since now", 5, []report.Alert{state(burn.Active, 0)}, "[0 to 5]"},
		{"firing again: the time between is not told", 5, []report.Alert{state(burn.Active, 3, 20, 10)}, "[-3 to 5]"},
		{"just over", 5, []report.Alert{state(burn.Inactive, -1, 20, 0)}, "[-20 to 0]"},
		{"over, and pending again", 5, []report.Alert{state(burn.Pending, 3, 20, 10)}, "[-20 to -10]"},
		{"over, then no data", 5, []report.Alert{state(burn.NoData, -1, 20, 10)}, "[-20 to -10]"},
		{"over 14 minutes ago", 5, []report.Alert{state(burn.Inactive, -1, 20, 14)}, "[-20 to -14]"},
		{"over 15 minutes ago", 5, []report.Alert{state(burn.Inactive, -1, 20, 15)}, "[]"},
		{"over 15 minutes ago, run every hour", 120, []report.Alert{state(burn.Inactive, -1, 20, 15)}, "[-20 to -15]"},
		{"no data", 5, []report.Alert{state(burn.NoData, -1)}, "[]"},
		{"no data since it fires", 5, []report.Alert{state(burn.NoData, 90)}, "[-90 to 5]"},
		{"two limits over the same windows: one fires", 5, []report.Alert{state(burn.Inactive, -1, 20, 10), state(burn.Active, 3)}, "[-3 to 5]"},
		{"two limits over the same windows: both fire", 5, []report.Alert{state(burn.Active, 3), state(burn.Active, 9)}, "[-9 to 5]"},
	}
	for _, tt := range tests {
		got := []string{}
		for _, a := range alertsOf(checkout(tt.alerts...), time.Duration(tt.hold)*time.Minute) {
			got = append(got, fmt.Sprintf("%.0f to %.0f", a.StartsAt.Sub(at).Minutes(), a.EndsAt.Sub(at).Minutes()))
		}
		if fmt.Sprint(got) != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// Another state, other figures and other words leave it the same alert.
func TestIdentityStays(t *testing.T) {
	a := fast(burn.Active)
	a.Since = minute(12)
	first := alertsOf(checkout(a), 5*time.Minute)[0]
	a.State, a.Covered, a.Since, a.Figure, a.Long.Rate = burn.NoData, true, minute(20), slo.Number{}, slo.NumberOf(77)
	other := checkout(a)
	other.At, other.Language = at.Add(time.Hour), unit.Japanese
	if second := alertsOf(other, time.Hour)[0]; identity(first) != identity(second) {
		t.Errorf("got %s, want %s", identity(second), identity(first))
	}
}
