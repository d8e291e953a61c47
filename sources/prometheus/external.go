package prometheus

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
)

// external are the labels that a server adds to all series that it sends by remote read, as
// its external_labels say. Its queries do not show them, nor does its list of series, nor
// anything that a user sees of it: an sli that names one finds nothing there. So that the
// same is counted whichever way samples come, they are taken off.
type external struct {
	known  bool
	labels sample.Labels
}

// own returns a function that takes what comes by remote read, and passes it on to take
// with the labels that the server itself knows.
func (s *store) own(
	ctx context.Context, queries []sample.Query, take func(int, sample.Block) error,
) func(int, sample.Block) error {
	type series struct {
		labels sample.Labels
		number int // less than 0: the query does not take it
	}
	known, numbers := make([]map[int]series, len(queries)), make([]int, len(queries))
	return func(n int, b sample.Block) error {
		if err := s.learn(ctx, b); err != nil {
			return err
		}
		if len(s.external.labels) == 0 {
			return take(n, b)
		}
		of, ok := known[n][b.Series]
		if !ok {
			of = series{lacking(b.Labels, s.external.labels), -1}
			if queries[n].Selector.Takes(of.labels) {
				of.number = numbers[n]
				numbers[n]++
			}
			if known[n] == nil {
				known[n] = map[int]series{}
			}
			known[n][b.Series] = of
		}
		if of.number < 0 {
			return nil
		}
		b.Series, b.Labels = of.number, of.labels
		return take(n, b)
	}
}

// lacking returns labels without those that are among others.
func lacking(l, others sample.Labels) sample.Labels {
	return slices.DeleteFunc(slices.Clone(l), func(one sample.Label) bool { return slices.Contains(others, one) })
}

// learn finds the external labels, once: what the server's own list of series does not have
// of one that came by remote read. A server that has no list, or none for who asks, is taken
// to add none. Where the list fails for now nobody can tell, and nothing is counted.
func (s *store) learn(ctx context.Context, b sample.Block) error {
	if s.external.known || len(b.Times) == 0 {
		return nil
	}
	q := sample.Query{Selector: near(b.Labels), From: b.Times[0], To: b.Times[len(b.Times)-1]}
	var listed sample.Labels
	err := s.wire.Samples(nil).Series(ctx, []sample.Query{q}, func(_ int, l sample.Labels) error {
		if len(l) > len(listed) && len(lacking(l, b.Labels)) == 0 {
			listed = l
		}
		return nil
	})
	if done := sources.Done(ctx); done != nil {
		return done
	}
	switch class := sources.ClassOf(err); {
	case err == nil && listed != nil:
		s.external.labels = lacking(b.Labels, listed)
	case err != nil && class != sources.Auth && class != sources.Cannot:
		// It is no error of one query, as err is.
		return &sources.Error{Class: class, Err: fmt.Errorf("the list of series, which tells external labels: %s", err)}
	}
	s.external.known = true
	return nil
}

// near takes series that have these labels, or lack some.
func near(l sample.Labels) sample.Selector {
	var out sample.Selector
	for _, one := range l {
		m := sample.Matcher{Name: one.Name, Op: sample.Equal, Value: one.Value}
		if one.Name != sample.MetricName {
			if like, err := sample.NewMatcher(one.Name, sample.Like, regexp.QuoteMeta(one.Value)+"|"); err == nil {
				m = like
			}
		}
		out = append(out, m)
	}
	return out
}
