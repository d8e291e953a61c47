// Package remote reads samples from a server by remote read, as Prometheus has it: the
// server sends the chunks that it keeps, which costs it next to nothing. A server that has
// the older form alone sends samples. One that has none is ErrNone.
//
// Queries go in batches, a long time in one piece, since what is streamed is taken as it
// comes. Memory is, for each request under way, a frame, which is 1 MiB by default and 16 MiB
// at most, 10 MiB for what is known of its chunks at most, and a few blocks of 4096 floats or
// 65,536 buckets of histograms: of chunks that overlap 2^18 floats and 2^19 buckets are held,
// 12 MiB, or the query fails. For each series of a query it is its labels, of which there may
// be 100,000 in 32 MiB. Of the older form one answer is held at a time, of at most 16 MiB,
// 48 MiB unpacked, and 32 MiB of samples. The room of blocks, and of frames up to 2 MiB, is
// kept for the next ones.
//
// A batch that the server refuses, or fails on, is asked for in halves, and one that takes too
// long query by query, at last, so that a bad query concerns nobody else; a single query that is
// too much for it is asked for in halves of its time. An answer that breaks off is asked for
// again, three times in all: each series goes on behind the last sample that was handed over,
// whatever order they come in.
//
// Where the time is limited a request may take a part of what is left, so that one that hangs
// leaves some to others.
//
// The labels of series have the server's external labels among them, which no other part of
// its API shows.
package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus/server"
	"github.com/nines-slo/nines/sources/sample"
)

// ErrNone says that a server has no remote read, or none for who asks. It is of class Cannot,
// or wrapped in an error of class Auth; nothing was handed over then.
var ErrNone error = &sources.Error{Class: sources.Cannot, Err: errors.New("has no remote read")}

// Config says whom a Client asks, and how.
type Config struct {
	// URL is the address of the server, to which api/v1/read is added; see server.URL.
	URL *url.URL

	HTTP     http.RoundTripper // knows who asks; see sources.Env
	Parallel int               // requests that may be under way at once, less than 1 is 1

	// Hide takes secrets out of what a server says, which may repeat what it was told.
	// Nil: there are none.
	Hide func(string) string

	// Pause waits before an answer that broke off is asked for again, the first time
	// after attempt 1. Nil waits for a second or so, longer each time.
	Pause func(ctx context.Context, attempt int) error
}

// Client asks one server. It may be used by several goroutines.
type Client struct {
	config Config

	holding sync.Mutex // of who holds an answer whole

	idle chan *worker // those to use again
	free chan *block  // and these
}

// New returns a client.
func New(c Config) *Client {
	c.Parallel = max(c.Parallel, 1)
	if c.Hide == nil {
		c.Hide = func(s string) string { return s }
	}
	if c.Pause == nil {
		c.Pause = server.Pause
	}
	return &Client{config: c, idle: make(chan *worker, c.Parallel), free: make(chan *block, 2*c.Parallel)}
}

// maxBatch is how many queries a request has at most.
const maxBatch = 50

// Select is that of sample.Store. It returns ErrNone, wrapped, if the server has no remote
// read and has handed over nothing.
func (c *Client) Select(ctx context.Context, queries []sample.Query, take func(int, sample.Block) error) error {
	if done := sources.Done(ctx); done != nil {
		return done
	}
	f := newFlight(ctx, c)
	defer f.end(nil)
	size := min(max(1, (len(queries)+c.config.Parallel-1)/c.config.Parallel), maxBatch)
	var all []*query
	for i, q := range queries {
		all = append(all, &query{index: i, Query: q, series: map[string]*series{}})
	}
	go func() {
		defer close(f.blocks)
		f.answer(slices.Collect(slices.Chunk(all, size)))
		f.answer(slices.Collect(slices.Chunk(f.late, 1)))
	}()
	for b := range f.blocks {
		if f.ctx.Err() == nil {
			if err := take(b.query, b.Block); err != nil {
				f.end(&taken{err})
			}
		}
		f.recycle(b)
	}
	return f.result(ctx)
}

// answer asks for batches, as many at once as the client may, and waits for the answers.
func (f *flight) answer(batches [][]*query) {
	jobs := make(chan []*query, len(batches))
	for _, batch := range batches {
		jobs <- batch
	}
	close(jobs)
	var workers sync.WaitGroup
	for range min(f.client.config.Parallel, len(batches)) {
		workers.Go(func() {
			w := f.client.worker(f)
			for batch := range jobs {
				if err := f.dead(); err != nil {
					f.fail(batch, err)
					continue
				}
				w.answer(batch)
			}
			f.client.rest(w)
		})
	}
	workers.Wait()
}

// taken is an error of whoever takes blocks.
type taken struct{ err error }

// Error returns the words of the error.
func (t *taken) Error() string { return t.err.Error() }

// flight is one call of Select.
type flight struct {
	client *Client
	ctx    context.Context // kept, since workers and the one who takes blocks end it for each other
	end    context.CancelCauseFunc

	blocks chan *block

	attempts atomic.Int64 // counts requests

	mu      sync.Mutex
	served  bool   // the server has answered a request as one does that has remote read
	failed  int    // requests
	refused int    // requests that were too much
	lost    int    // batches that got no answer
	most    int    // queries that a batch may have, as far as is known
	span    uint64 // and how long the time of one may be
	errs    []*sample.QueryError
	late    []*query // are asked for at last, one by one: the request of them and others took too long
}

// block is a stretch of a series on its way to whoever takes it.
type block struct {
	query int
	sample.Block
	values     []float64 // room
	histograms []sample.Histogram
}

func newFlight(ctx context.Context, c *Client) *flight {
	f := &flight{client: c, most: maxBatch, span: math.MaxUint64}
	f.ctx, f.end = context.WithCancelCause(ctx)
	f.blocks = make(chan *block, c.config.Parallel)
	return f
}

// maxKept is how many samples a block may have room for that is used again.
const maxKept = 1 << 14

// recycle makes b one to use again.
func (f *flight) recycle(b *block) {
	if cap(b.Times) > maxKept {
		return
	}
	clear(b.histograms)
	select {
	case f.client.free <- b:
	default:
	}
}

// send hands a copy of b over, an error if nobody wants it any more.
func (f *flight) send(query int, b sample.Block) error {
	var out *block
	select {
	case out = <-f.client.free:
	default:
		out = &block{}
	}
	out.query = query
	out.Series, out.Labels = b.Series, b.Labels
	out.Times = append(out.Times[:0], b.Times...)
	out.Values, out.Histograms = nil, nil
	if len(b.Values) > 0 {
		out.values = append(out.values[:0], b.Values...)
		out.Values = out.values
	} else {
		out.histograms = append(out.histograms[:0], b.Histograms...)
		out.Histograms = out.histograms
	}
	select {
	case f.blocks <- out:
		return nil
	case <-f.ctx.Done():
		return context.Cause(f.ctx)
	}
}

// verdict is what is to be done after a request.
type verdict int

const (
	answered verdict = iota
	over             // nobody wants an answer any more
	absent           // the server seems to have no remote read
	inParts          // less is to be asked for
	smaller          // the same, and is remembered if that is answered
	singly           // each query is to be asked for alone, when all others are answered
	failed
)

// judge tells what is to be done after the request of a batch, and notes how it ended.
func (f *flight) judge(batch []*query, err error) verdict {
	var r *refusal
	switch {
	case err == nil:
		return answered
	case f.ctx.Err() != nil:
		return over
	case errors.Is(err, ErrNone), sources.ClassOf(err) == sources.Auth: // it may be this path alone that is not allowed
		return absent
	case !errors.As(err, &r):
		return failed
	case r.slow && len(batch) > 1:
		return singly
	case r.limit && divisible(batch) && f.again(&f.refused, maxRefused):
		return smaller
	case r.limit && len(batch) > 1:
		return singly
	case r.parts && len(batch) > 1 && f.again(&f.failed, maxFailed):
		return inParts
	}
	return failed
}

// postpone has queries asked for one by one, at last.
func (f *flight) postpone(batch []*query) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.late = append(f.late, batch...)
}

// dead returns why the server is asked no more, nil if it is.
func (f *flight) dead() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.served || f.lost < server.TooDead {
		return nil
	}
	return f.errs[len(f.errs)-1].Err
}

// fail notes what is the matter with queries.
func (f *flight) fail(batch []*query, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if sources.ClassOf(err) == sources.Temporary {
		f.lost++
	}
	for _, q := range batch {
		f.errs = append(f.errs, &sample.QueryError{Query: q.index, Err: err})
	}
}

// serves notes that the server has remote read.
func (f *flight) serves() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.served = true
}

// How many requests may fail, or be too much, and be asked for in parts.
const (
	maxFailed  = 32
	maxRefused = 64
)

// again counts a request, and tells whether it may be asked for in parts.
func (f *flight) again(count *int, most int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	*count++
	return *count <= most
}

// minSpan is the shortest time that a query is split down to: a quarter of an hour.
const minSpan = 15 * 60 * 1000

// divisible tells whether less may be asked for than a batch.
func divisible(batch []*query) bool { return len(batch) > 1 || batch[0].span() >= 2*minSpan }

// learn notes how much of a batch that was too much for the server was not: what a query asks
// for that the server never answers tells nothing of others.
func (f *flight) learn(batch []*query) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if n := len(batch); n > 1 {
		f.most = min(f.most, n-n/2)
		return
	}
	span := batch[0].span()
	f.most, f.span = 1, min(f.span, span-span/2)
}

// much tells whether a batch is too much for the server, as far as is known. A time without
// end is asked for all the same: most of it may have no samples.
func (f *flight) much(batch []*query) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	span, known := batch[0].span(), max(f.span, minSpan)
	return len(batch) > f.most || len(batch) == 1 && span > known && span/known < 10_000
}

// none notes that the server seems to have no remote read.
func (f *flight) none(batch []*query, err error) {
	f.mu.Lock()
	served := f.served
	f.mu.Unlock()
	if served {
		f.fail(batch, err)
		return
	}
	if !errors.Is(err, ErrNone) {
		err = fmt.Errorf("%w: %w", err, ErrNone)
	}
	f.end(err)
}

// result returns how it ended.
func (f *flight) result(ctx context.Context) error {
	if done := sources.Done(ctx); done != nil {
		return done
	}
	cause := context.Cause(f.ctx)
	var t *taken
	switch {
	case errors.As(cause, &t):
		return t.err
	case cause != nil:
		return cause
	}
	order.Stable(f.errs, func(a, b *sample.QueryError) int { return cmp.Compare(a.Query, b.Query) })
	var out []error
	for _, err := range f.errs {
		out = append(out, err)
	}
	return errors.Join(out...)
}
