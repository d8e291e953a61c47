package slo

// EvidenceMethod is how an interval on an error ratio is computed, see package
// slo/evidence.
type EvidenceMethod string

const (
	Wilson         EvidenceMethod = "wilson"
	Jeffreys       EvidenceMethod = "jeffreys"
	ClopperPearson EvidenceMethod = "clopper-pearson"
)

// Evidence is how sure a figure has to be. The zero Evidence asks for nothing.
type Evidence struct {
	Confidence Number         `json:"confidence"` // in (0, 1), such as 0.95
	Method     EvidenceMethod `json:"method"`
}

// Asked tells whether e asks for anything.
func (e Evidence) Asked() bool { return e.Confidence.Known() }
