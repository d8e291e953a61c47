package reporttest

import (
	"encoding/json"
	"testing"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

func TestSampleHasEveryState(t *testing.T) {
	r := Sample(unit.English)
	states := map[slo.State]int{}
	for _, o := range r.Objectives {
		states[o.State]++
	}
	for state, want := range map[slo.State]int{slo.Missed: 1, slo.AtRisk: 2, slo.NoData: 1, slo.Met: 10} {
		if states[state] != want {
			t.Errorf("%d objectives are %s, want %d", states[state], state, want)
		}
	}
	if len(r.Incidents) == 0 || r.Previous == nil || r.Objectives[0].Detail == nil {
		t.Errorf("got %d incidents, previous %v: want incidents, a month before and detail", len(r.Incidents), r.Previous)
	}
}

// The gate of the missed objective's service was closed at the end of May.
func TestSampleIsOnHold(t *testing.T) {
	r := Sample(unit.English)
	for _, o := range r.Objectives {
		if closed := o.Gate == slo.Closed; closed != (o.State == slo.Missed) {
			t.Errorf("%s is %s and its gate %s", o.ID(), o.State, o.Gate)
		}
	}
	if r.Summary.OnHold != 1 {
		t.Errorf("%d services are on hold, want 1", r.Summary.OnHold)
	}
}

func TestSampleIsDeterministic(t *testing.T) {
	for name, make := range map[string]func() any{"sample": func() any { return Sample(unit.English) }, "hostile": func() any { return Hostile(unit.Japanese) }} {
		a, _ := json.Marshal(make())
		if b, err := json.Marshal(make()); err != nil || string(a) != string(b) {
			t.Errorf("%s differs from one call to the next (%v)", name, err)
		}
	}
}
