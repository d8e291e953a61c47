package reporttest

import (
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/deploy"
	"github.com/nines-slo/nines/slo/diag"
)

// Brief returns the summary of the sample's objectives of 11 to 17 May, week 20, made on
// the Monday after it: a source failed, and a deploy cost budget.
func Brief(lang unit.Language) *report.Brief {
	return briefOf(lang, promises(), sampleSources(), sampleDeploys(), "logs/search.log: no such file")
}

// HostileBrief returns the summary of Hostile's objectives.
func HostileBrief(lang unit.Language) *report.Brief {
	texts, all, sources, deploys := HostileTexts(), promises(), sampleSources(), sampleDeploys()
	for i := range all {
		all[i].name, all[i].service = texts[i%len(texts)], texts[(i/3)%len(texts)]
	}
	for i := range sources {
		sources[i].Name, sources[i].Failed = texts[i], texts[i+2]
	}
	for i := range deploys {
		deploys[i].Name, deploys[i].Service = texts[i], texts[0]
	}
	return briefOf(lang, all, sources, deploys, strings.Join(texts[:4], " "))
}

// briefOf judges promises; the source of the fourth failed.
func briefOf(lang unit.Language, all []promise, sources []report.Source, deploys []deploy.Deploy, failed string) *report.Brief {
	at := on(18, 9, 0)
	week := slo.Last(slo.Week, at, tokyo)
	own := build.Builder{At: at, Language: lang, Zone: tokyo}
	b := &build.BriefBuilder{
		Builder: own, Gate: build.GateBuilder{Builder: own, Files: []string{"slos/shop.yaml"}},
		Title: "Shop platform", Version: "v0.1.0", Link: "https://reports.example/week-20",
	}
	b.Builder.Span, b.Builder.Deploys = &week, deploys
	sources[0].Failed = failed
	for i, p := range all {
		m := p.measured(b.Needs(p.objective()))
		if i == 3 {
			m.Data, m.Failed = slo.NewSeries(b.Needs(m.SLO), step), failed
		}
		if err := b.Add(m, diag.Pos{File: "slos/shop.yaml", Line: 10 + i, Col: 5}); err != nil {
			panic(err)
		}
	}
	return b.Brief(sources)
}
