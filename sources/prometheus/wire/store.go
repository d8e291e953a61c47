package wire

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/nines-slo/nines/sources/sample"
)

// Store reads the samples that a server keeps, as they are.
type Store struct {
	client *Client
	export bool
	hear   Hear
}

// Hear hears what a server said beside the answer to a query, whose index query is, if it said
// anything. It is called from the goroutine that calls Select or Series. Nil: nobody does.
type Hear func(query int, t Told)

var _ sample.Store = (*Store)(nil)

// Samples returns a store that asks for selector[range] by instant queries, which
// every server answers. Staleness markers are not among the answers: where a series ended
// is to be told by the times of its samples alone. Native histograms are refused: what a
// server writes of them here has lost their schema.
func (c *Client) Samples(hear Hear) *Store { return &Store{client: c, hear: hear} }

// Export returns a store that asks VictoriaMetrics for its export: the samples as that
// sees them, so replicas that it is told to make one of are one. Staleness markers are
// among the answers; whatever else is not a number looks like one.
func (c *Client) Export(hear Hear) *Store { return &Store{client: c, export: true, hear: hear} }

// Select is sample.Store's. One answer has a bounded number of samples, about 250,000.
func (s *Store) Select(
	ctx context.Context, queries []sample.Query, take func(query int, b sample.Block) error,
) error {
	var works []work
	for i, q := range queries {
		read := s.samples
		if s.export {
			read = s.exported
		}
		works = append(works, work{i, func(ctx context.Context, hand hand) error {
			pass := func(b sample.Block) error { return hand(func() error { return take(i, b) }) }
			return read(ctx, q, newFeed(newCatalog(), pass), s.telling(i, hand))
		}})
	}
	return s.client.all(ctx, len(queries), works)
}

const (
	firstRange = time.Hour   // of the first instant query of a selector
	leastRange = time.Minute // that a server has to answer at once
	mostGrowth = 24          // from one to the next
	enough     = 250_000     // samples of one answer
)

// samples asks for a query in pieces. The range of a selector includes its older end
// before Prometheus 3 and not from then on, so each begins a millisecond early, and what
// stands there is left out.
func (s *Store) samples(ctx context.Context, q sample.Query, feed *feed, tell tell) error {
	size := firstRange.Milliseconds()
	feed.early = true
	for from := q.From; from <= q.To; {
		piece := span{from: from, to: min(q.To, from+size-1)}
		form := url.Values{
			"query": {fmt.Sprintf("%s[%dms]", q.Selector, piece.to-piece.from+1)}, "time": {seconds(piece.to)},
		}
		told, err := s.client.ask(ctx, "query", s.client.extra(form), func(l *lexer) (said, error) {
			feed.begin(piece)
			return readResult(l, func() error { return feed.matrix(l) })
		})
		if err := tell(told); err != nil {
			return err
		}
		var much *muchError
		switch asked := piece.to - piece.from + 1; {
		case err == nil:
			from = piece.to + 1
			size = grown(size, feed.count)
		case !errors.As(err, &much) || asked/2 < leastRange.Milliseconds():
			return err
		default:
			size = asked / 2
		}
	}
	return nil
}

// grown returns the size of the next piece, where one of a size had so many samples.
func grown(size, samples int64) int64 {
	return max(leastRange.Milliseconds(), min(size*mostGrowth, int64(float64(size)*enough/float64(max(samples, 1)))))
}

// tell passes on what the server said beside the answer to one query.
type tell func(Told) error

func (s *Store) telling(query int, hand hand) tell {
	return func(t Told) error {
		if s.hear == nil || !t.some() {
			return nil
		}
		return hand(func() error { s.hear(query, t); return nil })
	}
}

// Series is sample.Store's.
func (s *Store) Series(
	ctx context.Context, queries []sample.Query, take func(query int, l sample.Labels) error,
) error {
	var works []work
	for i, q := range queries {
		works = append(works, work{i, func(ctx context.Context, hand hand) error {
			return s.series(ctx, q, s.telling(i, hand), hand, func(l sample.Labels) error { return take(i, l) })
		}})
	}
	return s.client.all(ctx, len(queries), works)
}

func (s *Store) series(
	ctx context.Context, q sample.Query, tell tell, hand hand, take func(sample.Labels) error,
) error {
	form := url.Values{"match[]": {q.Selector.String()}, "start": {seconds(q.From)}, "end": {seconds(q.To)}}
	if !s.client.plain {
		form.Set("limit", strconv.Itoa(maxSeries+1))
	}
	var known *catalog
	told, err := s.client.ask(ctx, "series", s.client.extra(form), func(l *lexer) (said, error) {
		known = newCatalog()
		return readAnswer(l, func() error {
			return l.list(func() error {
				labels, err := readLabels(l)
				if err == nil {
					_, _, err = known.find(labels)
				}
				return err
			})
		})
	})
	if err != nil {
		return err
	}
	if err := tell(told); err != nil {
		return err
	}
	return hand(func() error {
		for _, l := range known.labels {
			if err := take(l); err != nil {
				return err
			}
		}
		return nil
	})
}

// Names is sample.Store's. What the server says beside the names is not told.
func (s *Store) Names(ctx context.Context, from, to int64) ([]string, error) {
	var out []string
	form := s.client.extra(url.Values{"start": {seconds(from)}, "end": {seconds(to)}})
	read := func(l *lexer) (said, error) {
		return readAnswer(l, func() (err error) {
			out, err = kept(l)
			return err
		})
	}
	_, err := s.client.ask(ctx, "label/"+sample.MetricName+"/values", form, read)
	if err != nil {
		return nil, err
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
