package html

import (
	"strings"
	"testing"

	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
)

func TestDeploysSection(t *testing.T) {
	r := reporttest.Deployed(unit.English)
	page := parse(t, written(t, r))
	for _, want := range []string{words.DeployHeadline(r.Language, r.Deploys), "Not likely to blame (17)", "too little of the hours after was measured"} {
		if !strings.Contains(page.text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	suspect := false
	for id, options := range page.data {
		if strings.HasSuffix(id, "-budget-opt") && strings.Contains(options, `"name":"v7.2"`) {
			suspect = true
		}
		if !strings.HasSuffix(id, "-budget-opt") && strings.Contains(options, "v7.2") {
			t.Errorf("%s has the line of a deploy, which belongs to the budget's chart", id)
		}
	}
	if !suspect {
		t.Error("no chart has the line of v7.2")
	}
	if strings.Contains(written(t, sample()), `id="deploys"`) {
		t.Error("a report that was not asked for deploys has a section on them")
	}
}

// TestManyDeploys: tables and charts stay bounded, and say what they leave out.
func TestManyDeploys(t *testing.T) {
	r := reporttest.Deployed(unit.English)
	for len(r.Deploys) < 3000 {
		r.Deploys = append(r.Deploys, r.Deploys[1])
	}
	p := &painter{Report: r, l: unit.English, w: unit.English.Words(), s: sentencesOf(unit.English), zone: r.Zone}
	d := p.deploys()
	if len(d.Suspect.Rows) != maxDeployRows || !strings.HasSuffix(d.Suspect.More, "older ones are in the workbook.") {
		t.Errorf("%d rows, then %q", len(d.Suspect.Rows), d.Suspect.More)
	}
	for _, o := range r.Objectives {
		lines, keys := p.deployLines(o)
		if len(lines) > maxLines {
			t.Errorf("%s: %d lines", o.ID(), len(lines))
		}
		if o.ID() == "checkout/availability" && keys[0].Text != "deploy 60 / 3000" {
			t.Errorf("%s: key %q", o.ID(), keys[0].Text)
		}
	}
}
