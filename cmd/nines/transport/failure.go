package transport

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// failure is why an attempt failed, in words without secrets.
type failure struct {
	text  string
	err   error // what happened; its own words may show a secret
	lasts bool
}

// Error returns what may be shown.
func (f *failure) Error() string { return f.text }

// Unwrap returns what happened, for errors.As.
func (f *failure) Unwrap() error { return f.err }

// Temporary tells whether the failure may pass by itself.
func (f *failure) Temporary() bool { return !f.lasts }

// lasting returns err, which has no secrets, as one that does not pass.
func lasting(err error) error { return &failure{text: err.Error(), err: err, lasts: true} }

func lastingf(format string, args ...any) error { return lasting(fmt.Errorf(format, args...)) }

// hide returns err without the secrets of a request.
func hide(req *http.Request, err error) error {
	var known *failure
	if errors.As(err, &known) {
		return known
	}
	text := err.Error()
	for _, secret := range secrets(req) {
		text = strings.ReplaceAll(text, secret, "***")
	}
	text = regexp.MustCompile(`//[^/@\s]*@`).ReplaceAllString(text, "//***@")
	return &failure{text: text, err: err, lasts: untrusted(err)}
}

// secrets returns the texts of a request that may be secret, the longest first,
// since one may be part of another.
func secrets(req *http.Request) []string {
	out := userinfo(req.URL)
	for name, values := range req.Header {
		if confidential(name) {
			for _, v := range values {
				_, credentials, _ := strings.Cut(v, " ") // behind the scheme of Authorization
				out = append(out, v, credentials)
			}
		}
	}
	if user, password, ok := req.BasicAuth(); ok {
		out = append(out, user, password)
	}
	out = append(out, req.URL.RawQuery)
	for _, values := range req.URL.Query() {
		for _, v := range values {
			out = append(out, v, url.QueryEscape(v))
		}
	}
	out = slices.DeleteFunc(out, func(s string) bool { return len(s) < minSecret })
	slices.SortFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}

// minSecret is the length from which a text is taken out of errors: shorter ones
// are no secrets, but parts of words.
const minSecret = 4

// userinfo returns the password of an address, and what the header says of it.
func userinfo(u *url.URL) []string {
	password, ok := u.User.Password()
	if !ok {
		return nil
	}
	both := base64.StdEncoding.EncodeToString([]byte(u.User.Username() + ":" + password))
	return []string{password, url.QueryEscape(password), both}
}

// confidential tells whether a header holds credentials, as its name says.
func confidential(header string) bool {
	name := strings.ToLower(header)
	return slices.ContainsFunc([]string{"auth", "key", "token", "secret", "cookie", "password", "signature"},
		func(part string) bool { return strings.Contains(name, part) })
}
