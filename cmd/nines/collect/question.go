package collect

import (
	"cmp"
	"fmt"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// inquire returns what to ask each source. Sources that say the same are one, so that
// a log named by two files is read once.
func inquire(p Plan, objectives []*objective) []*inquiry {
	var out []*inquiry
	known := map[string]*inquiry{}
	for _, o := range objectives {
		if o.failed != "" {
			continue
		}
		for _, part := range o.Parts {
			key := identity(part.Source)
			if known[key] == nil {
				known[key] = &inquiry{source: part.Source, known: map[string]*question{}}
				out = append(out, known[key])
			}
			o.asks = append(o.asks, ask{part, known[key].ask(p, o, part)})
		}
		order.Stable(o.asks, func(a, b ask) int { return cmp.Compare(a.rank(), b.rank()) })
	}
	return out
}

// ask returns the question of a part. Objectives that ask the same of the same time
// share one, unless they allow other numbers of label sets.
func (i *inquiry) ask(p Plan, o *objective, part spec.Part) *question {
	request := sources.Request{SLI: part.SLI, Count: part.Count, Per: o.Per, MaxSets: o.MaxSets,
		Period: whole(p.reach(labelled(o, nil))), Step: time.Minute, Percentiles: p.Percentiles}
	key := fmt.Sprint(request.Key(), request.Period, request.MaxSets)
	q := i.known[key]
	if q == nil {
		q = &question{source: i.source, request: request}
		i.known[key] = q
		i.questions = append(i.questions, q)
	}
	if q.waiting = append(q.waiting, o); p.Told != nil {
		q.request.Told = q.request.Told.Hull(p.Told(labelled(o, nil)))
	}
	return q
}

// oneStdin refuses a second source that reads standard input.
func oneStdin(inquiries []*inquiry) error {
	var first *spec.Source
	for _, i := range inquiries {
		s := i.source
		if !s.ReadsStdin() {
			continue
		}
		if first != nil {
			twice := diag.Errorf(s.Files.Pos, "source/stdin",
				"source %q reads standard input, as source %q does already", s.Name, first.Name)
			return diag.List{twice.WithHint("only one source can: give the other a file")}
		}
		first = s
	}
	return nil
}
