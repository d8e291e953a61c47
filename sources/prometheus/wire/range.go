package wire

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"github.com/nines-slo/nines/sources/sample"
)

// Range is a query that is evaluated once a step.
type Range struct {
	Query    string
	From, To int64         // the first and the last evaluation, in milliseconds since the epoch
	Step     time.Duration // whole milliseconds; From is a multiple of it
	Lookback time.Duration // how old a sample may be, where the server takes it; 0: as it has it
}

// Range evaluates queries and hands over their points: query is the index of one. Points
// of one series and query come once each; blocks of several stretches of time may come in
// any order. take is called from the calling goroutine, and its error ends the work and is
// returned. What is wrong with one query is a sample.QueryError; what was handed over of
// that one is of no use. What the server says of a query is returned in any case.
func (c *Client) Range(
	ctx context.Context, queries []Range, take func(query int, b sample.Block) error,
) ([]Told, error) {
	told := make([]Told, len(queries))
	var works []work
	for i, q := range queries {
		a := &asked{query: q, client: c, known: newCatalog()}
		a.take = func(b sample.Block) error { return take(i, b) }
		a.hear = func(t Told) { told[i].add(t) }
		step := q.Step.Milliseconds()
		size := step * c.points.Load()
		for from := q.From; from <= q.To; from += size {
			within := span{from, min(q.To, from+size-step), step}
			do := func(ctx context.Context, hand hand) error { return a.do(ctx, within, hand) }
			works = append(works, work{i, do})
			a.left.Add(1)
		}
	}
	return told, c.all(ctx, len(queries), works)
}

// some tells whether anything was said.
func (t Told) some() bool { return len(t.Warnings)+len(t.Infos) > 0 }

// add adds what was said of another piece.
func (t *Told) add(o Told) {
	t.Warnings = merged(t.Warnings, o.Warnings)
	t.Infos = merged(t.Infos, o.Infos)
}

func merged(texts, more []string) []string {
	for _, text := range more {
		if len(texts) < maxTold && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// asked is a range query under way.
type asked struct {
	query  Range
	client *Client
	known  *catalog
	take   func(sample.Block) error
	hear   func(Told)
	left   atomic.Int64 // works to be done
	points atomic.Int64 // that one answer may have, 0 if it is the client's limit
}

// do does one work, and forgets the series of the query where it was the last.
func (a *asked) do(ctx context.Context, within span, hand hand) error {
	err := a.span(ctx, within, hand)
	if a.left.Add(-1) == 0 || err != nil {
		a.known.forget()
	}
	return err
}

// floor is how many points a server has to answer at once: one that fails with so few
// will not do better with fewer.
const floor = 32

// span asks for a stretch of time in pieces that the server answers.
func (a *asked) span(ctx context.Context, within span, hand hand) error {
	feed := newFeed(a.known, func(b sample.Block) error { return hand(func() error { return a.take(b) }) })
	for from := within.from; from <= within.to; {
		points := a.limit()
		piece := span{from, min(within.to, from+(points-1)*within.step), within.step}
		told, err := a.piece(ctx, piece, feed)
		if told.some() {
			if err := hand(func() error { a.hear(told); return nil }); err != nil {
				return err
			}
		}
		var much *muchError
		switch {
		case err == nil:
			from = piece.to + within.step
		case !errors.As(err, &much) || !a.shrink((piece.to-piece.from)/within.step+1, much):
			return err
		}
	}
	return nil
}

// limit returns how many points to ask for at once.
func (a *asked) limit() int64 {
	points := a.client.points.Load()
	if own := a.points.Load(); own > 0 {
		points = min(points, own)
	}
	return points
}

// shrink remembers that so many points were too much. It returns false if there is no
// asking for fewer. How many points an answer may have is a matter of the server; how
// much work they may make, of each query.
func (a *asked) shrink(points int64, much *muchError) bool {
	fewer := points / 2
	if n := int64(much.points); n > 0 && n < points {
		fewer = n
	}
	if fewer < floor {
		return false
	}
	if much.count {
		lower(&a.client.points, fewer)
	} else {
		lower(&a.points, fewer)
	}
	return true
}

// lower makes a limit no higher than n, whoever else lowers it at once. 0 is no limit yet.
func lower(limit *atomic.Int64, n int64) {
	for {
		old := limit.Load()
		if old > 0 && old <= n || limit.CompareAndSwap(old, n) {
			return
		}
	}
}

// piece asks for one piece.
func (a *asked) piece(ctx context.Context, piece span, feed *feed) (Told, error) {
	form := url.Values{
		"query": {a.query.Query}, "step": {seconds(piece.step)},
		"start": {seconds(piece.from)}, "end": {seconds(piece.to)},
	}
	if a.query.Lookback > 0 && !a.client.plain {
		form.Set("lookback_delta", seconds(a.query.Lookback.Milliseconds()))
		form.Set("max_lookback", seconds(a.query.Lookback.Milliseconds())) // VictoriaMetrics' word
	}
	return a.client.ask(ctx, "query_range", a.client.extra(form), func(l *lexer) (said, error) {
		feed.begin(piece)
		return readResult(l, func() error { return feed.matrix(l) })
	})
}
