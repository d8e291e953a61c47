package access

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo/pattern"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// tokens gives the token of a source while it holds, and gets the next one then: whoever
// asks meanwhile waits for it.
type tokens struct {
	caller *Caller
	rt     http.RoundTripper
	asks   []question // of which one is understood, the first if all are
	turn   chan bool  // of who may look at the token, and get the next

	token  spec.Secret
	number int // of the token, from 1 on
	until  time.Time
}

// question makes a request for a token.
type question func(context.Context) (*http.Request, error)

// early is how long before its end a token is not used any more.
const early = 10 * time.Second

func newTokens(c *Caller, rt http.RoundTripper, asks ...question) *tokens {
	return &tokens{caller: c, rt: rt, asks: asks, turn: make(chan bool, 1)}
}

// grant has the caller ask with tokens.
func (c *Caller) grant(rt http.RoundTripper, asks ...question) stamp {
	c.tokens = newTokens(c, rt, asks...)
	return c.tokens.stamp
}

// take waits for the turn, until leave, an error if ctx ends before.
func (t *tokens) take(ctx context.Context) error {
	select {
	case t.turn <- true:
	case <-ctx.Done():
		return sources.Done(ctx)
	}
	return nil
}

func (t *tokens) leave() { <-t.turn }

// valid tells whether the token may be used.
func (t *tokens) valid() bool { return t.token.Is() && time.Now().Before(t.until) }

// held returns the number of the token that the next request has, 0 if it will get one.
func (t *tokens) held(ctx context.Context) int {
	if t.take(ctx) != nil {
		return 0
	}
	defer t.leave()
	if !t.valid() {
		return 0
	}
	return t.number
}

// drop lets go of the token that was held once, and tells whether the next request has another
// one.
func (t *tokens) drop(ctx context.Context, held int) bool {
	if t.take(ctx) != nil {
		return false
	}
	defer t.leave()
	if t.number == held {
		t.token = spec.Secret{}
	}
	return true
}

// stamp puts the token on a request.
func (t *tokens) stamp(req *http.Request) error {
	token, err := t.get(req.Context())
	if err == nil {
		req.Header.Set("Authorization", "Bearer "+token.Reveal())
	}
	return err
}

func (t *tokens) get(ctx context.Context) (spec.Secret, error) {
	if err := t.take(ctx); err != nil {
		return spec.Secret{}, err
	}
	defer t.leave()
	if err := sources.Done(ctx); err != nil {
		return spec.Secret{}, err
	}
	if t.valid() {
		return t.token, nil
	}
	got, err := t.next(ctx)
	if err != nil {
		return spec.Secret{}, err
	}
	t.token, t.number = spec.NewSecret(got.Token), t.number+1
	t.until = time.Now().Add(got.holds())
	t.caller.keep(t.token)
	return t.token, nil
}

// next gets a token. Who is not known by one question may be by another, which is then
// the first to be asked.
func (t *tokens) next(ctx context.Context) (got answer, err error) {
	for i, ask := range t.asks {
		req, unmade := ask(ctx)
		if unmade != nil {
			return got, unmade
		}
		if got, err = t.fetch(req); err == nil {
			t.asks[0], t.asks[i] = t.asks[i], t.asks[0]
			return got, nil
		}
		refused := sources.ClassOf(err) == sources.Auth
		if err = t.said(req.URL, err); !refused {
			break
		}
	}
	return got, err
}

// said says whose error it is.
func (t *tokens) said(of *url.URL, err error) error {
	out := sources.Error{Class: sources.Cannot}
	var classed *sources.Error
	if errors.As(err, &classed) {
		out = *classed
	}
	if out.Class == sources.Cancelled {
		return err
	}
	out.Err = fmt.Errorf("no token from %s: %s", of.Host, t.caller.Hide(err.Error()))
	return &out
}

// answer is what is given to who asks for a token (RFC 6749, 5.1).
type answer struct {
	Token string      `json:"access_token"`
	Type  string      `json:"token_type"`
	Holds json.Number `json:"expires_in"` // seconds, as a text too
	Error string      `json:"error"`
}

// unsaid is how long a token holds that does not say it.
const unsaid = 5 * time.Minute

// holds returns for how long a token may be used.
func (g answer) holds() time.Duration {
	seconds, err := g.Holds.Float64()
	if err != nil || seconds <= 0 {
		return unsaid
	}
	return max(time.Duration(min(seconds, 1e6)*float64(time.Second))-early, 0)
}

// errorCode is what a server may say of why there is no token, and no secret (RFC 6749, 5.2).
var errorCode = pattern.Of(`^[a-z_]{1,40}$`)

// fetch asks for a token. It does no harm to ask twice.
func (t *tokens) fetch(req *http.Request) (answer, error) {
	req.Header["Idempotency-Key"] = nil
	req.Header.Set("Accept", "application/json")
	resp, err := sources.Do(t.rt, req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	var got answer
	unread := json.Unmarshal(text, &got)
	refused := sources.Status(resp)
	switch {
	case refused != nil:
		return got, refusal(refused, got.Error)
	case err != nil:
		return got, err
	case unread != nil:
		return got, errors.New("the answer is not the JSON of a token")
	case got.Token == "" || strings.ContainsFunc(got.Token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return got, errors.New("the answer holds no token")
	case got.Type != "" && !strings.EqualFold(got.Type, "Bearer"):
		return got, errors.New("the token is not of the type Bearer")
	}
	return got, nil
}

// refusal adds to a status what the server says. Who is refused by a status 400 is not known.
func refusal(refused error, code string) error {
	var classed *sources.Error
	if !errors.As(refused, &classed) || !errorCode().MatchString(code) {
		return refused
	}
	out := *classed
	out.Err = fmt.Errorf("%w: %s", classed.Err, code)
	if out.Class == sources.Cannot {
		out.Class = sources.Auth
	}
	return &out
}

// form returns a request that posts a form.
func form(ctx context.Context, to *url.URL, values url.Values) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), strings.NewReader(values.Encode()))
	if err != nil {
		return nil, errors.New("the request for a token cannot be made")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req, nil
}

// oauth2 gets tokens by the credentials of a client.
func (c *Caller) oauth2(b spec.Block, env sources.Env, out routes) (stamp, error) {
	secret, err := c.secret(b, "client_secret", env)
	if err != nil {
		return nil, err
	}
	values := url.Values{"grant_type": {"client_credentials"}}
	for _, f := range b.Get("endpoint_params").Fields {
		values.Set(f.Key, f.Value.Text)
	}
	if scopes := texts(b.Get("scopes")); len(scopes) > 0 {
		values.Set("scope", strings.Join(scopes, " "))
	}
	id, to := b.Get("client_id").Text, b.URL("token_url").Join()
	c.keep(spec.UserSecrets(url.UserPassword(url.QueryEscape(id), url.QueryEscape(secret)))...)
	c.keep(spec.QuerySecrets(to.RawQuery)...)
	rt, err := out.to(below(b, "tls_config"), nil)
	byHeader := func(ctx context.Context) (*http.Request, error) {
		req, err := form(ctx, to, values)
		if err == nil {
			req.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
		}
		return req, err
	}
	inForm := maps.Clone(values)
	inForm.Set("client_id", id)
	inForm.Set("client_secret", secret)
	byForm := func(ctx context.Context) (*http.Request, error) { return form(ctx, to, inForm) }
	return c.grant(rt, byHeader, byForm), err
}

// texts returns the texts of a list, or of a scalar in its place.
func texts(v spec.Value) []string {
	if v.Kind == spec.Scalar {
		return []string{v.Text}
	}
	var out []string
	for _, item := range v.Items {
		out = append(out, item.Text)
	}
	return out
}
