package transport

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"

	"github.com/nines-slo/nines/slo/spec"
)

// failure is why an attempt failed, in words without secrets. It keeps nothing of the
// error that it stands for, whose words may show some, but what callers ask for.
type failure struct {
	text  string
	ended error // context.Canceled or context.DeadlineExceeded, nil if it is neither
	slow  bool
	late  bool // a stream was waited for as long as one is
	lasts bool
}

var _ net.Error = (*failure)(nil)

// Error returns what may be shown.
func (f *failure) Error() string { return f.text }

// Unwrap returns the error of the context that ended the attempt, nil if none did.
func (f *failure) Unwrap() error { return f.ended }

// Timeout tells whether something took too long.
func (f *failure) Timeout() bool { return f.slow }

// Temporary tells whether the failure may pass by itself.
func (f *failure) Temporary() bool { return !f.lasts }

// lastingf returns a failure that does not pass. Its words must have no secrets.
func lastingf(format string, args ...any) error {
	return &failure{text: fmt.Sprintf(format, args...), lasts: true}
}

// hide returns err without the secrets of a request.
func hide(req *http.Request, err error) error {
	var known *failure
	if errors.As(err, &known) {
		return known
	}
	f := &failure{text: cmp.Or(brokenOff(err), spec.Redact(err.Error(), secrets(req)...)), lasts: untrusted(err)}
	for _, end := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, end) {
			f.ended = end
		}
	}
	var timed net.Error
	f.slow = errors.As(err, &timed) && timed.Timeout()
	return f
}

// brokenOff says that the other side ended a connection, "" if it is something else.
func brokenOff(err error) string {
	switch {
	case errors.Is(err, io.EOF):
		return "the server broke the connection off before it answered"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the server broke the connection off"
	}
	return ""
}

// secrets returns what of a request may be secret.
func secrets(req *http.Request) []spec.Secret {
	out := append(spec.UserSecrets(req.URL.User), spec.QuerySecrets(req.URL.RawQuery)...)
	for name, values := range req.Header {
		if confidential(name) {
			for _, v := range values {
				_, credentials, _ := strings.Cut(v, " ") // behind the scheme of Authorization
				out = append(out, spec.NewSecret(v), spec.NewSecret(credentials))
			}
		}
	}
	if user, password, ok := req.BasicAuth(); ok {
		out = append(out, spec.NewSecret(user), spec.NewSecret(password))
	}
	return slices.DeleteFunc(out, func(s spec.Secret) bool { return len(s.Reveal()) < minSecret })
}

// minSecret is the length from which a text is taken out of errors: shorter ones
// are no secrets, but parts of words.
const minSecret = 4

// confidential tells whether a header holds credentials, as its name says.
func confidential(header string) bool {
	name := strings.ToLower(header)
	return slices.ContainsFunc([]string{"auth", "key", "token", "secret", "cookie", "password", "signature"},
		func(part string) bool { return strings.Contains(name, part) })
}
