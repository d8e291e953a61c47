// Package access asks servers that speak Prometheus' API in somebody's name: by a
// password, a token, a signature of AWS or a token of Google, over TLS and a proxy of the
// source's own.
//
// All goes through Env.HTTP or Env.Through, which know the hosts that the source may
// ask. For that reason the client of Prometheus' own libraries is not used, though its
// names are: it reads files past --root, and asks for tokens by connections of its own.
package access

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"unicode"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/hosts"
	"github.com/nines-slo/nines/sources"
)

// Caller is an http.RoundTripper that makes the requests of one source, to its server
// alone. Several goroutines may use it.
type Caller struct {
	base   http.RoundTripper // nil: there is no network
	host   hosts.Host
	scheme string
	header http.Header
	tokens *tokens // nil: none are asked for

	mu      sync.Mutex
	secrets []spec.Secret
}

// stamp says in a request, which it may change, who asks.
type stamp func(*http.Request) error

// New returns who makes the requests of a checked block whose address is its url. The
// secrets that it names are read, and a finding tells of those that cannot be had; the
// network is not asked yet.
func New(source spec.Block, env sources.Env) (*Caller, error) {
	at := source.URL("url").Join()
	c := &Caller{host: hosts.Of(at), scheme: at.Scheme, header: http.Header{}}
	c.keep(spec.QuerySecrets(at.RawQuery)...)
	for _, f := range source.Get("headers").Fields {
		c.header.Set(f.Key, f.Value.Text)
	}
	if name := source.Get("token_header"); name.Is() {
		token, err := c.secret(source, "token", env)
		if err != nil {
			return nil, err
		}
		c.header.Set(name.Text, token)
	}
	out := newRoutes(below(source, "http"), env)
	who, err := c.who(source, env, out)
	if err != nil {
		return nil, err
	}
	if c.base, err = out.to(below(source, "http", "tls_config"), who); err != nil {
		return nil, err
	}
	return c, nil
}

// who returns the stamp of the way in which a block says who asks.
func (c *Caller) who(source spec.Block, env sources.Env, out routes) (stamp, error) {
	client := below(source, "http")
	switch {
	case client.Get("basic_auth").Is():
		return c.basic(below(client, "basic_auth"), env)
	case given(client, "bearer_token"):
		return c.authorization("Bearer", client, "bearer_token", env)
	case client.Get("authorization").Is():
		b := below(client, "authorization")
		scheme := "Bearer"
		if v := b.Get("type"); v.Is() {
			scheme = v.Text
		}
		return c.authorization(scheme, b, "credentials", env)
	case client.Get("oauth2").Is():
		return c.oauth2(below(client, "oauth2"), env, out)
	case source.Get("sigv4").Is():
		return c.sigv4(below(source, "sigv4"), env)
	case source.Get("google").Is():
		return c.google(below(source, "google"), env, out)
	}
	return nil, nil
}

// secret reads a secret of a block, to be hidden from then on.
func (c *Caller) secret(b spec.Block, name string, env sources.Env) (string, error) {
	s, err := b.Secret(name, env.Getenv, env.Root)
	c.keep(s)
	return s.Reveal(), err
}

// minSecret is the length from which a text is hidden: a shorter one is a part of words.
const minSecret = 4

// keep has secrets hidden from then on.
func (c *Caller) keep(secrets ...spec.Secret) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range secrets {
		if len(s.Reveal()) >= minSecret {
			c.secrets = append(c.secrets, s)
		}
	}
}

// Hide returns a text, such as what a server says, with *** in place of who asks.
func (c *Caller) Hide(text string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return spec.Redact(text, c.secrets...)
}

func (c *Caller) basic(b spec.Block, env sources.Env) (stamp, error) {
	name, err := userName(b, env)
	if err != nil {
		return nil, err
	}
	password, err := c.secret(b, "password", env)
	user := url.UserPassword(name, password)
	c.keep(spec.UserSecrets(user)...)
	return func(req *http.Request) error {
		req.SetBasicAuth(user.Username(), password)
		return nil
	}, err
}

// maxName is how long the name of a user may be, in bytes.
const maxName = 1 << 10

// userName returns the name of a user, or what its file holds, without blanks around it.
func userName(b spec.Block, env sources.Env) (string, error) {
	at := b.Get("username_file")
	if !at.Is() {
		return b.Get("username").Text, nil
	}
	text, err := b.File(at.Text, env.Root, maxName)
	name := strings.TrimSpace(text)
	switch {
	case err != nil:
	case name == "":
		err = errors.New("the file is empty")
	case strings.ContainsFunc(name, unicode.IsControl):
		err = errors.New("the name has more than one line, or holds a control character")
	}
	if err != nil {
		return "", diag.List{diag.Errorf(at.Pos, "prometheus/auth", "username_file: %v", err)}
	}
	return name, nil
}

func (c *Caller) authorization(scheme string, b spec.Block, name string, env sources.Env) (stamp, error) {
	credentials, err := c.secret(b, name, env)
	return func(req *http.Request) error {
		req.Header.Set("Authorization", scheme+" "+credentials)
		return nil
	}, err
}

// RoundTrip makes a request in the name of whoever asks, once more where a token is refused
// that is not new: it may have been taken back.
func (c *Caller) RoundTrip(req *http.Request) (*http.Response, error) {
	own, err := c.own(req)
	if err != nil {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, err
	}
	held := 0
	if c.tokens != nil {
		held = c.tokens.held(req.Context())
	}
	resp, err := c.base.RoundTrip(own)
	if err != nil || resp.StatusCode != http.StatusUnauthorized || held == 0 {
		return resp, err
	}
	again, err := c.own(req)
	if err == nil && req.Body != nil {
		if req.GetBody == nil {
			return resp, nil
		}
		again.Body, err = req.GetBody()
	}
	if err != nil || !c.tokens.drop(req.Context(), held) {
		return resp, nil
	}
	resp.Body.Close()
	return c.base.RoundTrip(again)
}

// maxMoved is the width of an address that is shown.
const maxMoved = 200

// own returns a request with the headers of the source, if that may make it.
func (c *Caller) own(req *http.Request) (*http.Request, error) {
	switch to := hosts.Of(req.URL); {
	case c.base == nil:
		return nil, &sources.Error{Class: sources.Cannot, Err: errNoNetwork}
	case req.URL.Scheme != "http" && req.URL.Scheme != "https":
		where := diag.Cut(diag.Escape(req.URL.Scheme+"://"+req.URL.Host+c.Hide(req.URL.Path)), maxMoved, "…")
		moved := fmt.Errorf("is moved to %s, which is not http: not followed", where)
		return nil, &sources.Error{Class: sources.Cannot, Err: moved}
	case !to.Same(c.host):
		return nil, &hosts.Forbidden{Host: to, Why: "the source asks another host"}
	case req.URL.Scheme != c.scheme:
		return nil, &hosts.Forbidden{Host: to, Why: fmt.Sprintf("the source asks it by %s", c.scheme)}
	}
	out := req.Clone(req.Context())
	for name, values := range c.header {
		out.Header[name] = values
	}
	return out, nil
}

// Format prints the host that is asked, whatever the verb.
func (c *Caller) Format(w fmt.State, _ rune) { fmt.Fprint(w, c.host.String()) }
