package wire

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/pattern"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus/server"
)

func refused(format string, args ...any) error {
	return &sources.Error{Class: sources.Refused, Err: fmt.Errorf(format, args...)}
}

func cannot(format string, args ...any) error {
	return &sources.Error{Class: sources.Cannot, Err: fmt.Errorf(format, args...)}
}

// page is the error of an answer that is meant for people.
func page() error {
	return &sources.Error{Class: sources.Auth, Err: errors.New("answers a web page (a login?) in place of JSON")}
}

// muchError is an error of a piece that a smaller one may not have.
type muchError struct {
	points int  // that the server allows in one answer, 0 if it does not say
	count  bool // of points, whatever they are made of
	err    error
}

// Error says what happened, in the words of e.err.
func (e *muchError) Error() string { return e.err.Error() }

// Unwrap returns e.err.
func (e *muchError) Unwrap() error { return e.err }

// line makes one line of a server's words.
func (c *Client) line(text string) string { return server.Shown(text, c.config.Hide) }

// hide returns an error of a class without secrets: it may show what the server sent. What is
// long is cut here and not before, since the half of a secret is not found.
func (c *Client) hide(err error) error {
	var classed *sources.Error
	if !errors.As(err, &classed) {
		return err
	}
	text := err.Error()
	if shown := diag.Cut(c.config.Hide(text), 2*server.MaxShown, "…"); shown != text {
		out := *classed
		out.Err = errors.New(shown)
		return &out
	}
	return err
}

// failed returns the error that an answer stands for, nil if it stands for none.
func (c *Client) failed(resp *http.Response, s said) error {
	err := sources.Status(resp)
	switch {
	case err == nil && s.status == "success":
		return nil
	case s.status != "error" && err == nil:
		return refused("answers JSON that is not of the API of Prometheus")
	}
	text := c.line(s.text)
	if kind := c.line(s.kind); kind != "" && kind != strconv.Itoa(resp.StatusCode) && text != "" {
		text = kind + ": " + text
	}
	var classed *sources.Error
	if !errors.As(err, &classed) {
		classed = &sources.Error{Class: sources.Cannot, Err: errors.New("answers an error")}
	}
	out := *classed
	if text != "" {
		out.Err = fmt.Errorf("%w: %s", classed.Err, text)
	}
	if slow := tooSlow(resp.StatusCode, s); slow && out.Class == sources.Cannot {
		out.Class = sources.Temporary
	}
	return much(&out, resp.StatusCode, s)
}

// tooSlow tells whether a server gave up because it took too long.
func tooSlow(status int, s said) bool {
	text := strings.ToLower(s.kind + " " + s.text)
	return status == http.StatusGatewayTimeout || strings.Contains(text, "timeout") ||
		strings.Contains(text, "timed out") || strings.Contains(text, "deadline exceeded") ||
		strings.Contains(text, "maxqueryduration")
}

// pointLimit finds how many points a server allows in what it says of too many.
var pointLimit = pattern.Of(`(?i)(?:maximum resolution of|maximum number of points is|` +
	`maxPointsPerTimeseries=) *([0-9][0-9,]*)`)

// tooMuch finds what servers say of too much of anything else.
var tooMuch = pattern.Of(`(?i)too many (?:samples|points)|maximum resolution|max-samples|maxSamplesPer|` +
	`into memory|memory limit|maxMemoryPer|not enough memory|more memory|cannot process more than|` +
	`exceed(?:s|ed) the limit|query length|max number of|max-chunks|limit exceeded|` +
	`too large|larger than max|message size`)

// much returns err as one that asks for smaller pieces, if it is one.
func much(err error, status int, s said) error {
	if m := pointLimit().FindStringSubmatch(s.text); m != nil {
		limit, _ := strconv.Atoi(strings.ReplaceAll(m[1], ",", "")) // 0 says that it is not known
		return &muchError{points: limit, count: true, err: err}
	}
	switch {
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusTooManyRequests,
		status == http.StatusNotFound:
		return err
	case status == http.StatusRequestEntityTooLarge, tooSlow(status, s), tooMuch().MatchString(s.text):
		return &muchError{err: err}
	}
	return err
}
