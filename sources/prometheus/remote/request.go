package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/klauspost/compress/snappy"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus/server"
	"github.com/nines-slo/nines/sources/sample"
	"google.golang.org/protobuf/encoding/protowire"
)

// refusal is a server's answer that is no samples.
type refusal struct {
	err   error // with a class
	parts bool  // it may be answered in parts: fewer queries
	limit bool  // it is too much: less time helps too
	slow  bool  // it did not come in time: that may be for one query alone
}

// Error says what happened, in the words of r.err.
func (r *refusal) Error() string { return r.err.Error() }

// Unwrap returns r.err.
func (r *refusal) Unwrap() error { return r.err }

// post makes a request. A refusal is an error; whoever gets an answer closes it.
func (c *Client) post(ctx context.Context, batch []*query) (*http.Response, error) {
	body := snappy.Encode(nil, encode(batch))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL(c.config.URL, "read").String(), bytes.NewReader(body))
	if err != nil {
		return nil, &sources.Error{Class: sources.Cannot, Err: errors.New("the request cannot be made")}
	}
	for name, value := range map[string]string{
		"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy", "Accept-Encoding": "snappy",
		"X-Prometheus-Remote-Read-Version": "0.1.0",
	} {
		req.Header.Set(name, value)
	}
	req.Header["Idempotency-Key"] = nil // it may be made again
	resp, err := sources.Stream(c.config.HTTP, req)
	if err != nil {
		return nil, err
	}
	if err := c.refused(resp); err != nil {
		resp.Body.Close()
		return nil, err
	}
	return resp, nil
}

// refused returns why an answer has no samples, nil if it has.
func (c *Client) refused(resp *http.Response) error {
	code := resp.StatusCode
	err := sources.Status(resp)
	if err == nil {
		switch kind(resp) {
		case typeStreamed, typeSamples:
			return nil
		}
		return fmt.Errorf("%w: answers %s", ErrNone, diag.Cut(diag.Escape(kind(resp)), 100, "…"))
	}
	text := c.said(resp.Body)
	switch code {
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return fmt.Errorf("%w: %w", ErrNone, err)
	case http.StatusBadRequest:
		if strings.Contains(text, "unsupported path") { // VictoriaMetrics
			return fmt.Errorf("%w: %w", ErrNone, err)
		}
	}
	out := &refusal{err: err}
	if text != "" {
		out.err = fmt.Errorf("%w: %s", err, text)
	}
	low := strings.ToLower(text)
	switch code {
	case http.StatusRequestEntityTooLarge:
		out.parts, out.limit = true, true
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusInternalServerError:
		out.parts = true
		out.limit = slices.ContainsFunc([]string{"limit", "too many", "too large"}, func(word string) bool {
			return strings.Contains(low, word)
		})
	}
	return out
}

// What an answer may be.
const (
	typeStreamed = "application/x-streamed-protobuf"
	typeSamples  = "application/x-protobuf"
)

// kind returns the media type of an answer.
func kind(resp *http.Response) string {
	content := resp.Header.Get("Content-Type")
	if media, _, err := mime.ParseMediaType(content); err == nil {
		return media
	}
	if content == "" {
		return "without a Content-Type"
	}
	return content
}

// said reads what a server says of an error, in one line.
func (c *Client) said(body io.Reader) string {
	text, _ := io.ReadAll(io.LimitReader(body, 4096))
	return c.shown(text)
}

// shown returns a server's words as they may be shown.
func (c *Client) shown(text []byte) string {
	line := server.Shown(string(text), c.config.Hide)
	if strings.HasPrefix(line, "<") { // a page for people
		return ""
	}
	return line
}

// encode writes a ReadRequest.
func encode(batch []*query) []byte {
	var out []byte
	for _, q := range batch {
		out = message(out, 1, func(b []byte) []byte {
			b = number(b, 1, q.From)
			b = number(b, 2, q.To)
			for _, m := range q.Selector {
				b = message(b, 3, func(b []byte) []byte { return encodeMatcher(b, m) })
			}
			return b
		})
	}
	return message(out, 2, func(b []byte) []byte { // chunks, else samples
		return append(b, 1, 0)
	})
}

func encodeMatcher(b []byte, m sample.Matcher) []byte {
	ops := map[sample.Op]int64{sample.Equal: 0, sample.NotEqual: 1, sample.Like: 2, sample.Unlike: 3}
	b = number(b, 1, ops[m.Op])
	b = protowire.AppendString(protowire.AppendTag(b, 2, protowire.BytesType), m.Name)
	return protowire.AppendString(protowire.AppendTag(b, 3, protowire.BytesType), m.Value)
}

func number(b []byte, field protowire.Number, v int64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), uint64(v))
}

func message(b []byte, field protowire.Number, write func([]byte) []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), write(nil))
}
