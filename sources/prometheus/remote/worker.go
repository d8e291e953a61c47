package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus/server"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
)

// query is one of those of a Select. From and To are those of the part of it that is asked
// for.
type query struct {
	index int
	sample.Query

	series map[string]*series // by their labels
	bytes  int                // of labels
	named  int                // series that something was handed over of
}

// span is how long the time of a query is.
func (q *query) span() uint64 { return uint64(q.To) - uint64(q.From) }

// series is one of a query.
type series struct {
	labels  sample.Labels
	number  int
	given   bool  // something was handed over
	last    int64 // the time of the last sample that was
	attempt int64 // the latest request that it was in an answer of
}

// maxSeriesBytes is how long the labels of the series of a query may be together.
const maxSeriesBytes = 32 << 20

var errSeries = fmt.Errorf("answers with over %d series, or %d MiB of labels: %s",
	sample.MaxSeries, maxSeriesBytes>>20, sample.FewerSeries)

// worker makes one request after the other, and reads the answers.
type worker struct {
	flight *flight
	frames *frames
	part   chunked
	key    []byte
	times  []int64
	values []float64

	run     *chunk.Run
	flows   func()  // is called for each frame
	attempt int64   // counts the requests
	query   *query  // of the series that is read
	current *series // nil: none is
}

// worker returns a worker, with the room of one that is idle if there is one.
func (c *Client) worker(f *flight) *worker {
	select {
	case w := <-c.idle:
		w.flight = f
		return w
	default:
	}
	w := &worker{flight: f, frames: newFrames()}
	w.run = chunk.NewRun(w.emit)
	return w
}

// maxIdle is how many bytes of a frame an idle worker keeps room for.
const maxIdle = 2 << 20

// rest makes w, which is done with its flight, one to use again.
func (c *Client) rest(w *worker) {
	if cap(w.frames.data) > maxIdle {
		return
	}
	w.flight, w.query, w.current, w.flows = nil, nil, nil, nil
	w.frames.from.Reset(nil)
	select {
	case c.idle <- w:
	default:
	}
}

// answer asks for a batch, in parts if it has to be, and notes what fails. It tells whether
// nothing did.
func (w *worker) answer(batch []*query) bool {
	if w.flight.much(batch) {
		return w.halves(batch)
	}
	err := w.ask(batch)
	switch w.flight.judge(batch, err) {
	case answered:
		return true
	case inParts:
		return w.halves(batch)
	case smaller:
		ok := w.halves(batch)
		if ok {
			w.flight.learn(batch)
		}
		return ok
	case singly:
		w.flight.postpone(batch)
	case absent:
		w.flight.none(batch, err)
	case failed:
		w.flight.fail(batch, err)
	}
	return false
}

// halves asks for the two halves of a batch, or of the time of a single query; the second of
// these only if there was an answer to the first.
func (w *worker) halves(batch []*query) bool {
	if half := len(batch) / 2; half > 0 {
		first, second := w.answer(batch[:half]), w.answer(batch[half:])
		return first && second
	}
	q := batch[0]
	from, to := q.From, q.To
	middle := from + int64(q.span()/2)
	q.To = middle
	ok := w.answer(batch)
	q.From, q.To = middle+1, to
	ok = ok && w.answer(batch)
	q.From, q.To = from, to
	return ok
}

// ask asks for a batch until the answer is whole.
func (w *worker) ask(batch []*query) error {
	ctx, cancel := w.limited(batch)
	defer cancel()
	for attempt := 1; ; attempt++ {
		err := w.once(ctx, batch)
		var broke *broken
		switch {
		case err == nil, w.flight.ctx.Err() != nil:
			return err
		case ctx.Err() != nil:
			return &refusal{err: sources.Done(ctx), slow: true}
		case late(err):
			return &refusal{err: err, slow: true}
		case !errors.As(err, &broke):
			return err
		case attempt == server.Attempts || w.flight.client.config.Pause(ctx, attempt) != nil:
			return &refusal{err: broke.err, parts: true}
		}
	}
}

// late tells whether an answer did not come in time.
func late(err error) bool {
	var timed interface{ Timeout() bool }
	return errors.As(err, &timed) && timed.Timeout()
}

// once asks for a batch.
func (w *worker) once(ctx context.Context, batch []*query) error {
	resp, err := w.flight.client.post(ctx, batch)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	w.flight.serves()
	return w.read(batch, resp)
}

// unhurried is how long a frame for several queries is waited for where time has no end.
const unhurried = 45 * time.Second

// limited returns the time that a request has, its share, and of several queries three
// eighths of that until the next frame, after which they are asked for one by one. So a
// query that hangs leaves time for others.
func (w *worker) limited(batch []*query) (context.Context, context.CancelFunc) {
	ctx, cancel := sources.Share(w.flight.ctx, 2, 3)
	w.flows = func() {}
	if len(batch) == 1 {
		return ctx, cancel
	}
	patience := unhurried
	if end, limited := ctx.Deadline(); limited {
		patience = time.Until(end) * 3 / 8
	}
	idle, stop := context.WithCancelCause(ctx)
	stalls := &sources.Error{Class: sources.Temporary, Err: errors.New("the answer stops")}
	timer := time.AfterFunc(patience, func() { stop(stalls) })
	w.flows = func() { timer.Reset(patience) }
	return idle, func() {
		timer.Stop()
		stop(nil)
		cancel()
	}
}

// read reads an answer and hands over what it has.
func (w *worker) read(batch []*query, resp *http.Response) error {
	w.attempt = w.flight.attempts.Add(1)
	w.query, w.current = nil, nil
	var err error
	if kind(resp) == typeStreamed {
		err = w.stream(batch, resp.Body)
	} else {
		err = w.samples(batch, resp.Body)
	}
	if err == nil {
		err = w.end()
	}
	var b *broken
	switch {
	case errors.As(err, &b):
		return w.explain(b)
	case err == nil, w.flight.ctx.Err() != nil, sources.ClassOf(err) != "":
		return err
	}
	return &refusal{err: &sources.Error{Class: sources.Cannot, Err: err}, parts: true}
}

// explain gives an answer that breaks off its class. Its end may be a server's words for what went
// wrong, which it would say again.
func (w *worker) explain(b *broken) error {
	if text := b.read; spoken(text) {
		err := fmt.Errorf("breaks off its answer: %s", w.flight.client.shown(text))
		return &refusal{err: &sources.Error{Class: sources.Temporary, Err: err}, parts: true}
	}
	if b.err == io.ErrUnexpectedEOF {
		b.err = errors.New("the answer breaks off")
	}
	if sources.ClassOf(b.err) == "" {
		b.err = &sources.Error{Class: sources.Temporary, Err: b.err}
	}
	return b
}

// spoken tells whether bytes are words, the last of which may be cut off.
func spoken(text []byte) bool {
	for n := 0; n < utf8.UTFMax && !utf8.Valid(text); n++ {
		text = text[:len(text)-1]
	}
	strange := func(r rune) bool { return !unicode.IsPrint(r) && r != '\n' && r != '\t' }
	return len(text) > 3 && utf8.Valid(text) && !bytes.ContainsFunc(text, strange)
}

// stream reads the frames of an answer.
func (w *worker) stream(batch []*query, body io.Reader) error {
	w.frames.from.Reset(body)
	for {
		data, err := w.frames.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		w.flows()
		err = readFrame(data, func(query int64, part []byte) error { return w.takes(batch, query, part) })
		if err != nil {
			return err
		}
	}
}

// takes takes a part of a series.
func (w *worker) takes(batch []*query, query int64, part []byte) error {
	if err := w.part.read(part); err != nil {
		return err
	}
	if err := w.begin(batch, query, w.part.labels); err != nil {
		return err
	}
	for _, c := range w.part.chunks {
		if err := w.run.Add(c.encoding, c.data); err != nil {
			return w.of(err)
		}
	}
	return nil
}

// of tells which series an error is about.
func (w *worker) of(err error) error {
	if sources.ClassOf(err) != "" || w.flight.ctx.Err() != nil {
		return err
	}
	return fmt.Errorf("answers with samples of %s that cannot be read: %w", w.current.labels, err)
}

// begin begins a series, or goes on with the one that was begun.
func (w *worker) begin(batch []*query, index int64, messages [][]byte) error {
	if index < 0 || index >= int64(len(batch)) {
		return fmt.Errorf("answers a query that was not asked, number %d of %d", index+1, len(batch))
	}
	s, err := w.find(batch[index], messages)
	if err != nil || s == w.current {
		return err
	}
	if err := w.end(); err != nil {
		return err
	}
	q := batch[index]
	w.query, w.current = q, s
	from, again := q.From, s.attempt == w.attempt
	s.attempt = w.attempt
	if s.given && !again {
		from = max(from, s.last+1)
	}
	w.run.Begin(from, q.To)
	if s.given && again {
		w.run.After(s.last)
	}
	return nil
}

// end ends the series that was begun.
func (w *worker) end() error {
	if w.current == nil {
		return nil
	}
	err := w.run.End()
	w.query, w.current = nil, nil
	return err
}

// find returns the series of a query that has these labels.
func (w *worker) find(q *query, messages [][]byte) (*series, error) {
	labels, err := readLabels(messages)
	if err != nil {
		return nil, err
	}
	w.key = labels.AppendKey(w.key[:0])
	if s, ok := q.series[string(w.key)]; ok {
		return s, nil
	}
	q.bytes += len(w.key)
	if len(q.series) >= sample.MaxSeries || q.bytes > maxSeriesBytes {
		return nil, errSeries
	}
	s := &series{labels: labels}
	q.series[string(w.key)] = s
	return s, nil
}

// emit hands over samples of the series that was begun.
func (w *worker) emit(b sample.Block) error {
	s := w.current
	if !s.given {
		s.number = w.query.named
		w.query.named++
	}
	s.given, s.last = true, b.Times[len(b.Times)-1]
	b.Series, b.Labels = s.number, s.labels
	return w.flight.send(w.query.index, b)
}
