package wire

import (
	"context"
	"errors"
	"sync"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus/server"
	"github.com/nines-slo/nines/sources/sample"
)

// hand calls do from the goroutine that waits for all work, and returns its error.
type hand func(do func() error) error

// work is a part of what a query asks for.
type work struct {
	query int
	do    func(ctx context.Context, hand hand) error
}

// call is a function that is to be called from another goroutine.
type call struct {
	do   func() error
	done chan<- error
}

// flight is work under way.
type flight struct {
	client *Client
	works  []work
	calls  chan call

	lock    sync.Mutex
	next    int
	queries []query
	dead    int   // works that failed while the server answered nothing at all
	gone    error // the last error of those, if there were too many
}

// query is the state of one query.
type query struct {
	ctx    context.Context // its own: it ends with the first error of the query, for all of its works
	cancel context.CancelFunc
	err    error // the first
}

// all does works of n queries, as many at once as the client may. The first error of a
// query ends the rest of that query. An error of a function that was handed over ends
// all, and is returned.
func (c *Client) all(ctx context.Context, n int, works []work) error {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	f := &flight{client: c, works: works, calls: make(chan call), queries: make([]query, n)}
	for i := range f.queries {
		f.queries[i].ctx, f.queries[i].cancel = context.WithCancel(inner)
	}
	var workers sync.WaitGroup
	for range min(c.config.Parallel, len(works)) {
		workers.Go(func() { f.work(inner) })
	}
	ended := make(chan struct{})
	go func() { workers.Wait(); close(ended) }()
	err := f.serve(cancel, ended)
	if err == nil {
		err = sources.Done(ctx)
	}
	if err != nil {
		return err
	}
	return f.errors()
}

// serve calls what is handed over until the workers ended. It returns the first error.
func (f *flight) serve(cancel context.CancelFunc, ended <-chan struct{}) (err error) {
	for {
		select {
		case c := <-f.calls:
			if err == nil {
				err = c.do()
			}
			c.done <- err
			if err != nil {
				cancel()
			}
		case <-ended:
			return err
		}
	}
}

// work does works until there are none.
func (f *flight) work(ctx context.Context) {
	done := make(chan error, 1)
	hand := func(do func() error) error {
		select {
		case f.calls <- call{do, done}:
			return <-done
		case <-ctx.Done():
			return sources.Done(ctx)
		}
	}
	for ctx.Err() == nil {
		w, q := f.take()
		if w == nil {
			return
		}
		if err := w.do(q, hand); err != nil {
			f.fail(w.query, err)
		}
	}
}

// take returns the next work that is to be done, nil if there is none, and its context.
func (f *flight) take() (*work, context.Context) {
	f.lock.Lock()
	defer f.lock.Unlock()
	for f.next < len(f.works) {
		w := &f.works[f.next]
		q := &f.queries[w.query]
		f.next++
		switch {
		case q.err != nil:
		case f.gone != nil && !f.client.answered.Load():
			q.err = f.gone
		default:
			return w, q.ctx
		}
	}
	return nil, nil
}

// fail notes the error of a query.
func (f *flight) fail(i int, err error) {
	f.lock.Lock()
	defer f.lock.Unlock()
	q := &f.queries[i]
	if q.err != nil {
		return // it was cancelled for that one
	}
	q.err = err
	q.cancel()
	if f.client.answered.Load() || sources.ClassOf(err) != sources.Temporary {
		return
	}
	if f.dead++; f.dead >= server.TooDead {
		f.gone = err
	}
}

// errors returns those of queries.
func (f *flight) errors() error {
	var out []error
	for i := range f.queries {
		f.queries[i].cancel()
		if err := f.queries[i].err; err != nil {
			out = append(out, &sample.QueryError{Query: i, Err: err})
		}
	}
	return errors.Join(out...)
}
