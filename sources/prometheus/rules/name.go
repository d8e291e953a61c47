package rules

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// The labels of everything that is recorded of an objective, of burn rates (and of the info,
// which has the objective's window), of the info, and of alerts. What else the file says of
// an objective has the info alone, which a query can join.
const (
	serviceLabel   = "nines_service"
	sloLabel       = "nines_slo"
	windowLabel    = "nines_window"
	targetLabel    = "nines_target"
	ownerLabel     = "nines_owner"
	methodLabel    = "nines_budgeting"
	classLabel     = "nines_class"
	conditionLabel = "nines_condition" // says which condition fired
)

// ours tells whether rules give a label of this name a meaning.
func ours(name string) bool {
	return slices.Contains([]string{serviceLabel, sloLabel, windowLabel, targetLabel, ownerLabel, methodLabel, classLabel, conditionLabel}, name)
}

// names are what tells the series of an objective from those of others.
type names struct {
	labels   []Pair // of alerts, and of the series that tells what the objective is
	recorded []Pair // of all that is recorded
	selector string // that takes those series, in braces
}

// own returns the labels that the file gives the objective.
func (n names) own() []Pair { return n.labels[2:] }

// namesOf returns the names of an objective, which no other has: its service and its own.
func namesOf(o spec.Objective) names {
	recorded := []Pair{{serviceLabel, o.Service}, {sloLabel, o.Name}}
	return names{labels: append(slices.Clip(recorded), labelsOf(o)...), recorded: recorded, selector: Selector(o)}
}

// Selector returns the matchers, in braces, that take what is recorded of an objective.
func Selector(o spec.Objective) string {
	return "{" + serviceLabel + "=" + strconv.Quote(o.Service) + "," + sloLabel + "=" + strconv.Quote(o.Name) + "}"
}

// labelsOf returns the labels of an objective that series can have, sorted. Those of per:
// come with the data.
func labelsOf(o spec.Objective) []Pair {
	var out []Pair
	for _, name := range slices.Sorted(maps.Keys(o.Labels)) {
		if legal(name) && !ours(name) && !slices.Contains(o.Per, name) {
			out = append(out, Pair{name, o.Labels[name]})
		}
	}
	return out
}

// unlabelled tells of labels that the rules do not have.
func (w *writer) unlabelled() {
	if len(w.names.own()) == len(w.objective.Labels) {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(w.objective.Labels)) {
		switch {
		case ours(name):
			w.warnf("label", "rules have a label %s of their own: the file's is left out", diag.Quote(name))
		case !legal(name):
			w.warnf("label", "rules have no label %s: Prometheus takes letters, digits and _", diag.Quote(name))
		}
	}
}

// legal tells whether every Prometheus takes the name of a label from a rule.
func legal(name string) bool {
	for i, c := range []byte(name) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return name != "" && !strings.HasPrefix(name, "__") && name != "alertname"
}

// literal returns a text that templates print as it is.
func literal(text string) string { return strings.ReplaceAll(text, "{", `{{"{"}}`) }

// wordOf returns a text as a part of a name: letters, digits and _.
func wordOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && (r == '_' || legal("a"+string(r))) {
			return r
		}
		return '_'
	}, text)
}
