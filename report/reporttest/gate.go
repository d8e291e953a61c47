package reporttest

import (
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// Gate returns the gate of the sample's objectives on 18 May: one is closed by its
// budget, one by a freeze, one is overridden, one has no data, and one is a warning.
func Gate(lang unit.Language) *report.Gate {
	return gateOf(lang, promises(), func(i int) string { return "ops lead" })
}

// HostileGate returns the gate of Hostile's objectives.
func HostileGate(lang unit.Language) *report.Gate {
	texts, all := HostileTexts(), promises()
	for i := range all {
		all[i].name, all[i].service = texts[i%len(texts)], texts[(i/3)%len(texts)]
	}
	return gateOf(lang, all, func(i int) string { return texts[i%len(texts)] })
}

// gateOf judges promises; texts are put where files have them.
func gateOf(lang unit.Language, all []promise, text func(i int) string) *report.Gate {
	at := on(18, 9, 0)
	b := &build.GateBuilder{Builder: build.Builder{At: at, Language: lang, Zone: tokyo},
		Files: []string{"slos/shop.yaml"}}
	for i, p := range all {
		p.window = month
		if i%3 == 0 {
			p.window = thirtyDays
		}
		m := p.measure(&b.Builder)
		m.SLO.Gate = policyOf(i, text, at)
		if i == 9 {
			m.Data, m.Failed = slo.NewSeries(b.Needs(m.SLO), step), "logs/"+text(i)+".log: no such file"
		}
		if err := b.Add(m, diag.Pos{File: "slos/shop.yaml", Line: 10 + i, Col: 5}); err != nil {
			panic(err)
		}
	}
	return b.Gate(sampleSources())
}

// policyOf returns the policy of the i-th objective.
func policyOf(i int, text func(int) string, at time.Time) *slo.Gate {
	line := func(n int) diag.Pos { return diag.Pos{File: "slos/shop.yaml", Line: 100 + n, Col: 7} }
	g := &slo.Gate{MaxAge: 2 * time.Hour, Missing: slo.CannotTell, Rules: []slo.Rule{
		{Then: slo.Closed, Test: slo.RemainingBudget, Limit: slo.NumberOf(0), Pos: line(1)},
		{Then: slo.Warn, Test: slo.RemainingBudget, Limit: slo.NumberFrac(1, 4), Pos: line(2)},
	}}
	switch i {
	case 0:
		g.Rules = append(g.Rules, slo.Rule{Then: slo.Closed, Test: slo.Burning, Limit: slo.NumberFrac(1, 2),
			Over:     6 * time.Hour,
			Evidence: slo.Evidence{Confidence: slo.NumberFrac(95, 100), Method: slo.Wilson}, Pos: line(3)},
			slo.Rule{Then: slo.Closed, Test: slo.AlertFiring, Alert: text(i), Pos: line(4)})
		g.Freezes = []slo.Freeze{{Exclusion: slo.Exclusion{Name: text(i + 1),
			Fixed: []slo.Period{{Start: at, End: at.Add(2 * 24 * time.Hour)}}}, Pos: line(5)}}
	case 1:
		g.Freezes = []slo.Freeze{{Failed: text(i), Pos: line(6)}}
	case 2:
		g.Rules = []slo.Rule{{Then: slo.Closed, Test: slo.Always, Pos: line(7)}}
		g.Overrides = []slo.Override{{Owner: text(2), Reason: text(3), Expires: at.Add(time.Hour),
			Only: slo.Selector{text(4)}, Then: slo.Open, Pos: line(8)}}
		g.Overrides[0].Only = nil
	case 3:
		g.Overrides = []slo.Override{{Owner: text(5), Reason: text(6), Expires: at.Add(-time.Hour),
			Only: slo.Selector{text(7)}, Then: slo.Open, Pos: line(9)}}
	}
	return g
}
