package collect

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// objective is one of the set's with what its calendars say and what it asks.
type objective struct {
	spec.Objective
	warnings []diag.Finding
	failed   string // why it cannot be judged; "" if it can
	asks     []ask  // one, or two in the order in which they are joined
	listed   bool   // it was handed on, for one label set at the least

	oldest, newest time.Time // between which label sets occurred that are not handed on; zero: none, or nobody knows
}

// passed takes note of a label set that did not occur in time.
func (o *objective) passed(s *slo.Series) {
	if o.oldest.IsZero() || !s.Oldest.IsZero() && s.Oldest.Before(o.oldest) {
		o.oldest = s.Oldest
	}
	if s.Newest.After(o.newest) {
		o.newest = s.Newest
	}
}

// inquiry is all that is asked of one source.
type inquiry struct {
	source    *spec.Source
	questions []*question
	known     map[string]*question // by what is asked
}

// question is one request and the objectives that wait for its answers.
type question struct {
	source  *spec.Source
	request sources.Request
	waiting []*objective

	answered bool
	failed   string // why the source did not answer; "" if it did
	kept     []kept // only where two questions make one series
}

// requests returns what is asked, in the order of the questions.
func (i *inquiry) requests() []sources.Request {
	var out []sources.Request
	for _, q := range i.questions {
		out = append(out, q.request)
	}
	return out
}

// ask is a part of an objective and the question that it became.
type ask struct {
	part     spec.Part
	question *question
}

// rank puts good before bad, and total last.
func (a ask) rank() int {
	return slices.Index([]spec.Count{spec.Good, spec.Bad, spec.Total}, a.part.Count)
}

// whole widens p to whole minutes.
func whole(p slo.Period) slo.Period {
	start, end := p.Start.Truncate(time.Minute), p.End.Truncate(time.Minute)
	if end.Before(p.End) {
		end = end.Add(time.Minute)
	}
	return slo.Period{Start: start, End: end}
}

// identity returns a text that is equal for sources that say the same. It is a sum of
// what they say, since the query of an address may be secret.
func identity(s *spec.Source) string {
	says := fmt.Sprintf("%q %q %q %q %s", s.Name, s.Type, s.Block.Dir, s.Block.Zone.String(), s.Block.Key())
	return fmt.Sprintf("%x", sha256.Sum256([]byte(says)))
}

// indicator names what is counted: objectives that say the same of the same source
// count the same events.
func indicator(o *objective) string {
	var parts []string
	for _, p := range o.Parts {
		parts = append(parts, identity(p.Source)+" "+p.SLI.Key())
	}
	return strings.Join(parts, "\n")
}

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
