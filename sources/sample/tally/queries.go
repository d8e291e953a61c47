package tally

import (
	"strconv"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/match"
	"github.com/nines-slo/nines/sources/prometheus/promql"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/hist"
)

// Question is what an sli block has counted, for those who have a server count it.
type Question struct {
	Role     spec.Count      // Good, Bad or Total; Both where Bad or Limit tell good events from bad ones
	Value    spec.Value      // that says it
	Selector sample.Selector // of counters, gauges or histograms
	Expr     promql.Words    // in place of a selector
	Limit    *hist.Limit     // of histograms, up to which their events are good
	Bad      string          // of values: how PromQL compares one that is bad, "< 1"
	Portion  bool            // what is asked for is the share of bad events
}

// Questions returns what an sli block that CheckQueries takes has counted. What that has kept
// is not read again.
func Questions(sli spec.Block, room string) []Question {
	if sli.Kept != nil {
		if kept, ok := sli.Kept.Read.([]Question); ok {
			return kept
		}
	}
	all, _ := sides(sli, room, true)
	return askedOf(all)
}

func askedOf(all []*side) []Question {
	out := make([]Question, 0, len(all))
	for _, s := range all {
		q := Question{Role: s.role, Value: s.value, Selector: s.selector, Expr: s.expr.Words(), Limit: s.limit, Portion: s.portion}
		if s.test != nil {
			q.Bad = s.test.bad()
		}
		out = append(out, q)
	}
	return out
}

// bad returns how PromQL compares a value that is bad.
func (t *test) bad() string {
	op := operator(t.op)
	if t.role == spec.Good {
		op = map[string]string{"<": ">=", "<=": ">", "==": "!=", "!=": "==", ">=": "<", ">": "<="}[op]
	}
	return op + " " + strconv.FormatFloat(t.limit, 'f', -1, 64)
}

// operator returns a comparison as PromQL writes it.
func operator(op match.Operator) string {
	switch op {
	case match.Less:
		return "<"
	case match.LessOrEqual:
		return "<="
	case match.Equal:
		return "=="
	case match.NotEqual:
		return "!="
	case match.MoreOrEqual:
		return ">="
	}
	return ">"
}
