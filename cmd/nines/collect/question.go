package collect

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

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
	failed   string           // why the source did not answer; "" if it did
	kept     []sources.Answer // only where two questions make one series
}

// requests returns what is asked, in the order of the questions.
func (i *inquiry) requests() []sources.Request {
	var out []sources.Request
	for _, q := range i.questions {
		out = append(out, q.request)
	}
	return out
}

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
		slices.SortStableFunc(o.asks, func(a, b ask) int { return cmp.Compare(a.rank(), b.rank()) })
	}
	return out
}

// ask returns the question of a part. Objectives that ask the same of the same time
// share one.
func (i *inquiry) ask(p Plan, o *objective, part spec.Part) *question {
	request := sources.Request{SLI: part.SLI, Count: part.Count, Per: o.Per,
		Period: whole(p.Needs(o.SLO)), Step: time.Minute, Percentiles: p.Percentiles}
	key := fmt.Sprint(request.Key(), request.Period)
	q := i.known[key]
	if q == nil {
		q = &question{source: i.source, request: request}
		i.known[key] = q
		i.questions = append(i.questions, q)
	}
	q.waiting = append(q.waiting, o)
	return q
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

// identity returns a text that is equal for sources that say the same.
func identity(s *spec.Source) string {
	return fmt.Sprintf("%q %q %q %q %s", s.Name, s.Type, s.Block.Dir, s.Block.Zone.String(), s.Block.Key())
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
