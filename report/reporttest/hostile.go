package reporttest

import (
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/deploy"
	"github.com/nines-slo/nines/slo/diag"
)

// HostileTexts are names that break careless renderers: markup, quotes, template
// and formula syntax, long and right-to-left text, control characters.
func HostileTexts() []string {
	return []string{
		`</script><img src=x onerror=alert(1)>`,
		`"`,
		`&amp;'<b>`,
		`__f__alert(1)__f__`,
		strings.Repeat("long-name-", 20),
		"注文確認メールの配信完了までの時間が六十秒以内である割合",
		"\u202eabc מחיר السعر",
		"=1+1",
		`{{.Title}}{a}{b|c}`,
		"@SUM(A1)|cmd",
		`{"</style>":-1}`,
		"a\tb\nc\r\nd\x00e\x1b[31m",
		"]]><!--",
		"${HOME} %s %d \\u003c `x`",
	}
}

// Hostile returns the report of Sample with HostileTexts for every name, label,
// description, source and message.
func Hostile(lang unit.Language) *report.Report {
	texts := HostileTexts()
	all := promises()
	for i := range all {
		text := texts[i%len(texts)]
		all[i].name, all[i].description = text, text
		all[i].labels = map[string]string{"k<" + text: text}
		all[i].exclusions = []slo.Exclusion{{Name: text, AgreedBy: text, Fixed: []slo.Period{during(9, 1, 0, step)}}}
		all[i].warnings = []diag.Finding{diag.Warnf(diag.Pos{File: text,
			Line: 1}, "room/word", "%s", text).WithHint("%s", text)}
		all[i].service = texts[(i/3)%len(texts)]
	}
	sources := sampleSources()
	for i := range sources {
		sources[i].Name, sources[i].Type, sources[i].Failed = texts[i], texts[i+1], texts[i+2]
		for k := range sources[i].Inputs {
			sources[i].Inputs[k].Name, sources[i].Inputs[k].CarriedBy = texts[i+k], texts[i]
		}
	}
	deploys := sampleDeploys()
	for i := range deploys {
		deploys[i].Name, deploys[i].Service = texts[i], texts[0]
	}
	for i, text := range texts {
		deploys = append(deploys, deploy.Deploy{Time: on(25, i, 0), Name: text})
	}
	return judged(lang, on(32, 9, 0), strings.Join(texts[:4], " "), all, sources, deploys...)
}
