package access

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// googleScope is all that a token is good for.
const googleScope = "https://www.googleapis.com/auth/monitoring.read"

// google gets tokens of Google: by the key of a service account, or from the machine.
func (c *Caller) google(b spec.Block, env sources.Env, out routes) (stamp, error) {
	if b.Get("metadata").Text == "true" {
		return c.grant(out.past(), askMachine), nil
	}
	secret, err := b.LongSecret("credentials", env.Getenv, env.Root)
	if err != nil {
		return nil, err
	}
	account, err := readAccount(secret)
	if err != nil {
		at := credential(b, "credentials")
		return nil, diag.List{diag.Errorf(at.Pos, "prometheus/auth", "google: the credentials %v", err).WithHint(
			"it is the JSON file of a service account's key; other accounts are not read")}
	}
	rt, err := out.to(spec.Block{}, nil)
	return c.grant(rt, account.ask), err
}

// askMachine asks the metadata server of the machine for a token.
func askMachine(ctx context.Context) (*http.Request, error) {
	at := googleMetadata + "?scopes=" + url.QueryEscape(googleScope)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err == nil {
		req.Header.Set("Metadata-Flavor", "Google")
	}
	return req, err
}

// account is a service account that can sign.
type account struct {
	email, keyID string
	key          *rsa.PrivateKey
}

// readAccount reads the key of a service account as Google gives it out.
func readAccount(secret spec.Secret) (account, error) {
	var file struct {
		Type  string `json:"type"`
		Email string `json:"client_email"`
		KeyID string `json:"private_key_id"`
		Key   string `json:"private_key"`
		Token string `json:"token_uri"`
	}
	err := json.Unmarshal([]byte(secret.Reveal()), &file)
	switch {
	case err != nil:
		return account{}, errors.New("are not JSON")
	case file.Type != "service_account":
		return account{}, errors.New("are not of type service_account")
	case file.Email == "":
		return account{}, errors.New("have no client_email")
	case file.Token != "" && file.Token != googleTokens:
		return account{}, fmt.Errorf("want tokens from another address than %s", googleTokens)
	}
	block, _ := pem.Decode([]byte(file.Key))
	if block == nil {
		return account{}, errors.New("have no private_key in PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	signing, ok := key.(*rsa.PrivateKey)
	if err != nil || !ok {
		return account{}, errors.New("have a private_key that is none of RSA")
	}
	return account{file.Email, file.KeyID, signing}, nil
}

// ask asks for a token by what the account signs (RFC 7523, 2.1).
func (a account) ask(ctx context.Context) (*http.Request, error) {
	signed, err := a.assertion(time.Now())
	if err != nil {
		return nil, &sources.Error{Class: sources.Cannot, Err: errors.New("the service account cannot sign")}
	}
	to, err := url.Parse(googleTokens)
	if err != nil {
		return nil, err
	}
	return form(ctx, to, url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {signed},
	})
}

// behind is how far before now a claim begins, for clocks that go differently.
const behind = 10 * time.Second

// assertion returns a JSON Web Token of the account.
func (a account) assertion(now time.Time) (string, error) {
	begin := now.Add(-behind)
	text := part(map[string]any{"alg": "RS256", "typ": "JWT", "kid": a.keyID}) + "." + part(map[string]any{
		"iss": a.email, "scope": googleScope, "aud": googleTokens,
		"iat": begin.Unix(), "exp": begin.Add(time.Hour).Unix(),
	})
	hash := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, a.key, crypto.SHA256, hash[:])
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), err
}

// part returns a part of a JSON Web Token.
func part(claims map[string]any) string {
	text, _ := json.Marshal(claims) // texts and numbers
	return base64.RawURLEncoding.EncodeToString(text)
}
