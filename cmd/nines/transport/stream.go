package transport

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// What a stream gives at least while somebody waits for it.
const (
	pace     = 1 << 10 // bytes, unpacked
	patience = 30 * time.Second
)

// begin makes one attempt at an answer that is streamed: until its first byte.
func (t *Transport) begin(req *http.Request, attempt int) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	late := t.slow()
	late.late = true
	timer := time.AfterFunc(t.Attempt, func() { cancel(late) })
	resp, err := t.open(ctx, req, attempt)
	timer.Stop()
	if err != nil {
		cancel(nil)
		return nil, err
	}
	stalls := &failure{text: fmt.Sprintf("the answer stops: under %d bytes within %s", pace, patience), slow: true}
	s := &stream{body: resp.Body, req: req, once: resp.Request, ctx: ctx, cancel: cancel, left: patience}
	s.timer = time.AfterFunc(patience, func() { cancel(stalls) })
	s.timer.Stop() // nobody waits yet
	resp.Request, resp.Body = req, s
	return resp, nil
}

// open returns an answer whose first byte has come.
func (t *Transport) open(ctx context.Context, req *http.Request, attempt int) (*http.Response, error) {
	once, err := t.again(ctx, req, attempt)
	if err != nil {
		return nil, err
	}
	resp, err := t.Base.RoundTrip(once)
	if err != nil {
		return nil, why(ctx, req, once, err)
	}
	ahead := bufio.NewReader(resp.Body)
	if _, err := ahead.Peek(1); err != nil && (ctx.Err() != nil || !errors.Is(err, io.EOF)) {
		resp.Body.Close()
		return nil, why(ctx, req, once, err)
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{ahead, resp.Body}
	resp.Request = once
	return resp, nil
}

// stream is the body of an answer that flows. It keeps ctx, since Read is given none.
type stream struct {
	body   io.ReadCloser
	req    *http.Request
	once   *http.Request // the attempt at it
	ctx    context.Context
	cancel context.CancelCauseFunc
	timer  *time.Timer   // ends ctx
	left   time.Duration // to wait, until pace is read
	got    int           // bytes of pace
}

// Read waits for more of the body, as long as it flows.
func (s *stream) Read(p []byte) (int, error) {
	s.timer.Reset(s.left)
	start := time.Now()
	n, err := s.body.Read(p)
	s.timer.Stop()
	s.left -= time.Since(start)
	if s.got += n; s.got >= pace {
		s.left, s.got = patience, 0
	}
	if err == nil || err == io.EOF {
		return n, err
	}
	return n, why(s.ctx, s.req, s.once, err)
}

// Close lets go of the answer.
func (s *stream) Close() error {
	s.timer.Stop()
	s.cancel(nil)
	return s.body.Close()
}
