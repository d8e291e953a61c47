package excel

import (
	"slices"
	"strconv"
	"testing"

	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
)

// TestDeploysSheet: a row for each deploy and objective, with the figures of the model.
func TestDeploysSheet(t *testing.T) {
	r := reporttest.Deployed(unit.English)
	f := opened(t, written(t, r))
	if got, want := f.GetSheetList(), []string{"Summary", "Objectives", "Calendar", "Incidents", "Alerts", "Deploys", "Daily", "Notes"}; !slices.Equal(got, want) {
		t.Fatalf("sheets %v, want %v", got, want)
	}
	n := headRow
	for _, d := range r.Deploys {
		for _, e := range d.Effects {
			n++
			for column, want := range map[string]string{"B": d.Name, "C": d.Service, "D": e.Objective, "L": words.Why(unit.English, e)} {
				if got, _ := f.GetCellValue("Deploys", column+strconv.Itoa(n)); got != want {
					t.Errorf("%s%d: got %q, want %q", column, n, got, want)
				}
			}
			got, _ := f.GetCellValue("Deploys", "E"+strconv.Itoa(n))
			if v, err := strconv.ParseFloat(got, 64); e.After.Spent.Known() && (err != nil || v != unit.Share(e.After.Spent).Value.Float()) {
				t.Errorf("E%d: got %q, want %v", n, got, unit.Share(e.After.Spent))
			}
		}
	}
	if got, _ := f.GetCellValue("Deploys", "B"+strconv.Itoa(n+1)); got != "" {
		t.Errorf("row %d holds %q", n+1, got)
	}
}
