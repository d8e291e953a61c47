package report

import (
	"math/big"
	"strings"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/evidence"
)

// Evidence is what the events or slices of an objective prove of the SLI behind
// them: an interval that holds it with Confidence, and whether that settles the
// target. Low and High are rounded outwards to parts per billion.
type Evidence struct {
	Method     slo.EvidenceMethod `json:"method"`
	Confidence slo.Number         `json:"confidence"`
	Low        slo.Number         `json:"low"`
	High       slo.Number         `json:"high"`
	Verdict    evidence.Verdict   `json:"verdict"`
}

// newEvidence returns the evidence of c for the target, nil without events.
func newEvidence(c budget.Counts, target slo.Target) *Evidence {
	e := Evidence{Method: slo.Wilson, Confidence: evidence.DefaultConfidence()}
	i, ok := evidence.Of(e.Method, c.Bad, c.Total, e.Confidence)
	if !ok {
		return nil
	}
	e.Verdict = i.Proves(target)
	one := slo.NumberOf(1)
	e.Low, e.High = one.Sub(ppbUp(i.High)), one.Sub(ppbDown(i.Low))
	return &e
}

// ppbDown returns f rounded down to parts per billion, ppbUp up.
func ppbDown(f float64) slo.Number {
	r := slo.NumberFloat(f).Mul(slo.NumberOf(1e9)).Rat()
	return slo.NumberRat(new(big.Rat).SetFrac(new(big.Int).Div(r.Num(), r.Denom()), big.NewInt(1e9)))
}

func ppbUp(f float64) slo.Number { return slo.NumberOf(0).Sub(ppbDown(-f)) }

// Doubt says that o's counts settle nothing, and "" where they do or where there is
// no verdict to doubt.
func (o Objective) Doubt(l unit.Language) string {
	if o.Evidence == nil || o.Evidence.Verdict != evidence.NotEnoughData || o.State == slo.NoData {
		return ""
	}
	p, c := evidencePhrasesOf(l), o.Counts()
	template := p.unproven
	switch {
	case o.SLI.Cmp(o.Target.Number()) < 0:
		template = p.undisproven
	case c.Bad.Sign() == 0:
		template = p.clean
	}
	noun := p.events
	if o.Slices != nil {
		noun = p.slices
	}
	needed := evidence.Needed(o.Target, o.Evidence.Confidence)
	return strings.NewReplacer("{good}", l.Count(c.Good), "{total}", l.Count(c.Total), "{noun}", noun, "{target}", l.Target(o.Target),
		"{interval}", o.Evidence.Interval(l, o.Target), "{confidence}", o.Evidence.level(l), "{needed}", l.Count(needed)).Replace(template)
}

// Interval returns e as "99.61% to 99.94%", rounded down as an SLI is.
func (e Evidence) Interval(l unit.Language, target slo.Target) string {
	return l.SLI(e.Low, target) + evidencePhrasesOf(l).to + l.SLI(e.High, target)
}

// Words returns e with what it settles: "99.13% to 99.37% (95% interval): proves that
// the target is missed".
func (e Evidence) Words(l unit.Language, target slo.Target) string {
	p := evidencePhrasesOf(l)
	settles := map[evidence.Verdict]string{evidence.Met: p.met, evidence.Missed: p.missed, evidence.NotEnoughData: p.neither}[e.Verdict]
	return strings.NewReplacer("{interval}", e.Interval(l, target), "{confidence}", e.level(l), "{settles}", settles).Replace(p.words)
}

func (e Evidence) level(l unit.Language) string {
	return strings.TrimSuffix(l.Percent(e.Confidence, 0), "%")
}

// evidencePhrases are whole in their language.
type evidencePhrases struct {
	clean, unproven, undisproven string
	events, slices, to           string
	words, met, missed, neither  string
}

func evidencePhrasesOf(l unit.Language) evidencePhrases {
	if l == unit.Japanese {
		const why = "データ不足で判断不能({confidence}%信頼区間 {interval})"
		return evidencePhrases{
			clean:       "{noun}{total}件すべて正常でも目標値{target}の達成は裏付けられない。" + why + "。不良0件の{noun}が{needed}件必要",
			unproven:    "{noun}{total}件中{good}件の正常では目標値{target}の達成は裏付けられない。" + why,
			undisproven: "{noun}{total}件中{good}件の正常では目標値{target}を下回るとは言い切れない。" + why,
			events:      "イベント", slices: "スライス", to: "〜",
			words: "{interval}({confidence}%信頼区間): {settles}", met: "目標値の達成を裏付ける", missed: "目標値の未達を裏付ける", neither: "データ不足で判断不能",
		}
	}
	const why = ": not enough data to tell ({confidence}% interval {interval})"
	return evidencePhrases{
		clean:       "{good} good {noun} of {total} do not prove {target}" + why + "; {needed} without a bad one would",
		unproven:    "{good} good {noun} of {total} do not prove {target}" + why,
		undisproven: "{good} good {noun} of {total} do not disprove {target}" + why,
		events:      "events", slices: "slices", to: " to ",
		words: "{interval} ({confidence}% interval): {settles}", met: "proves that the target is met", missed: "proves that the target is missed", neither: "not enough data to tell",
	}
}
