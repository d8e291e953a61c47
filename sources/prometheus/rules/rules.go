// Package rules makes Prometheus rules of objectives: recordings of their counts and
// budgets, and alerts on them. It is of the opinion that counts are recorded and ratios are
// not: bad and total events are summed over each window and divided last, so that an idle
// hour weighs nothing and leaves no NaN behind.
//
// What an objective says and PromQL cannot say is a finding. Nothing is left out silently.
//
// The rules of an objective stand in two groups. One is evaluated once a bucket and has the
// counts of the windows that its alerts look at, its burn rates and the alerts. The other
// is evaluated every five minutes: it records what was counted in them, and the objective's
// own window adds these tiles up, since a query over 30 days of samples is dear.
package rules

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/sample/tally"
)

// Group is a group of rules that Prometheus evaluates one after the other.
type Group struct {
	Name     string
	Interval time.Duration
	Labels   []Pair // of each recording, beside its own
	Rules    []Rule
}

// Rule is a recording or an alert.
type Rule struct {
	Record      string // the series; "" of an alert
	Alert       string
	Expr        string
	For         time.Duration
	Labels      []Pair
	Annotations []Pair
}

// Pair is a label or an annotation.
type Pair struct{ Name, Value string }

// Of returns the groups of an objective, none with an error among the findings.
func Of(o spec.Objective) ([]Group, diag.List) {
	w := &writer{objective: o, names: namesOf(o), windows: make([]window, 0, 8), allowed: o.Target.Budget()}
	w.operand = operand(w.allowed)
	w.counts = w.count()
	if w.findings.Errors() {
		return nil, w.findings
	}
	w.excluded()
	w.unlabelled()
	alerts := w.alerts()
	if w.findings.Errors() {
		return nil, w.findings
	}
	counted := append(w.recordings(), alerts...)
	if parts := w.parts(); len(parts) > 0 {
		counted = append(parts, counted...)
	}
	return []Group{
		{Name: "nines " + o.ID(), Interval: w.step(), Labels: w.names.recorded, Rules: counted},
		{Name: "nines-budget " + o.ID(), Interval: tile, Labels: w.names.recorded, Rules: w.budget()},
	}, w.findings
}

// writer writes the rules of one objective.
type writer struct {
	objective spec.Objective
	names     names
	counts    counts
	windows   []window // that alerts look at
	findings  diag.List

	allowed slo.Number // the share of events that may be bad
	operand string     // that in PromQL
	cost    string     // tells in alerts how much of the budget is spent

	exclusions []slo.Exclusion // that PromQL can say
}

func (w *writer) errorf(pos diag.Pos, code, format string, args ...any) {
	w.findings = append(w.findings, diag.Errorf(pos, "rules/"+code, format, args...))
}

func (w *writer) warnf(code, format string, args ...any) {
	w.findings = append(w.findings, diag.Warnf(w.objective.Pos, "rules/"+code, format, args...))
}

// step is how often alerts are judged: once a bucket. Where time is excluded it is what is
// counted at once.
func (w *writer) step() time.Duration {
	step := time.Minute
	for _, p := range w.objective.Parts {
		own := tally.StepOf(p.Source.Block) // also of one that reads what was recorded
		step = max(step, own)
		if w.masked() && !w.sliced() && own == 0 {
			step = max(step, tile)
		}
	}
	return step
}
