package build

import (
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/diag"
)

// doubt tells how the objective would stand if all events that were not read or not sure
// were bad, and warns where that would exhaust the budget.
func doubt(j *judged, o *report.Objective) {
	events := j.m.Data.Doubted(j.status.Judged)
	if events.Sign() <= 0 {
		return
	}
	worst, err := budget.New(j.m.SLO, j.m.Data.Worst())
	if err != nil {
		return // the same steps and slices were judged
	}
	st := j.b.judge(worst)
	o.Doubt = &report.Doubt{Events: events, SLI: st.SLI, Spent: st.Budget.Spent, State: st.State}
	if st.State.Rank() != 0 || o.State.Rank() == 0 || o.State == slo.NoData {
		return
	}
	o.Warnings = append(o.Warnings, diag.Warnf(diag.Pos{}, "budget/doubt",
		"%s events were not read or not sure: at worst %s of the budget is spent and the state is %s, not %s",
		unit.English.Count(events), unit.English.Spent(st.Budget.Spent), unit.English.State(st.State), unit.English.State(o.State)).
		WithHint("mend what could not be read, or say in where which events count: {not: none} leaves out those without a value"))
}
