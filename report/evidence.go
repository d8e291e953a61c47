package report

import (
	"github.com/nines-slo/nines/slo"
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
