package collect

import (
	"slices"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// place returns an answer to a whose notes name the places in the file that asks: what
// they say of the source or the sli that was asked first, other files say elsewhere.
func (a ask) place(answer sources.Answer) sources.Answer {
	places := map[diag.Pos]diag.Pos{}
	match(a.question.source.Block.Value, a.part.Source.Block.Value, places)
	match(a.question.request.SLI.Value, a.part.SLI.Value, places)
	answer.Notes = slices.Clone(answer.Notes)
	for i, n := range answer.Notes {
		if own, known := places[n.Pos]; known && own != n.Pos {
			answer.Notes[i].Pos, answer.Notes[i].Excerpt = own, ""
		}
	}
	return answer
}

// match adds where b says what a says, of two values of one key.
func match(a, b spec.Value, places map[diag.Pos]diag.Pos) {
	places[a.Pos] = b.Pos
	for i, item := range a.Items {
		match(item, b.Items[i], places)
	}
	for _, f := range a.Fields {
		k := slices.IndexFunc(b.Fields, func(g spec.Field) bool { return g.Key == f.Key })
		if k < 0 {
			continue // the name of the source, which is no part of the question
		}
		places[f.Pos] = b.Fields[k].Pos
		match(f.Value, b.Fields[k].Value, places)
	}
}
