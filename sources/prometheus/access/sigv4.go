package access

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// amp is the name of Amazon Managed Prometheus in signatures.
const amp = "aps"

// sigv4 signs each request by an access key: that which the block names, else that of
// the usual variables.
func (c *Caller) sigv4(b spec.Block, env sources.Env) (stamp, error) {
	who, err := c.accessKey(b, env)
	region := b.Get("region").Text
	return func(req *http.Request) error { return sign(req, who, region, time.Now()) }, err
}

func (c *Caller) accessKey(b spec.Block, env sources.Env) (out aws.Credentials, err error) {
	var texts [3]string
	if !given(b, "access_key") {
		for i, variable := range usual() {
			if env.Getenv != nil {
				texts[i] = spec.NewSecret(env.Getenv(variable)).Reveal()
			}
			if texts[i] == "" && i < 2 {
				none := diag.Errorf(b.Pos, "spec/secret", "sigv4: the variable %s is not set, or empty", variable)
				return out, diag.List{none.WithHint("set it, or name others: access_key_env, secret_key_env")}
			}
			c.keep(spec.NewSecret(texts[i]))
		}
	} else {
		for i, name := range []string{"access_key", "secret_key", "session_token"} {
			if texts[i], err = c.secret(b, name, env); err != nil {
				return out, err
			}
		}
	}
	return aws.Credentials{AccessKeyID: texts[0], SecretAccessKey: texts[1], SessionToken: texts[2]}, nil
}

// sign puts a signature on a request as it is now: its address, its body and the kind of
// that. Headers that the network may change are left out.
func sign(req *http.Request, who aws.Credentials, region string, now time.Time) error {
	hash, err := bodyHash(req)
	if err != nil {
		return err
	}
	headers := req.Header
	req.Header = http.Header{}
	if kind := headers.Get("Content-Type"); kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	err = v4.NewSigner().SignHTTP(req.Context(), who, req, hash, amp, region, now)
	for name, values := range req.Header {
		headers[name] = values
	}
	req.Header = headers
	return err
}

var errOnce = errors.New("a body that can be read only once cannot be signed")

// bodyHash returns the hash of the body of a request, which is still to be sent.
func bodyHash(req *http.Request) (string, error) {
	hash := sha256.New()
	if req.Body != nil && req.Body != http.NoBody {
		if req.GetBody == nil {
			return "", &sources.Error{Class: sources.Cannot, Err: errOnce}
		}
		body, err := req.GetBody()
		if err != nil {
			return "", err
		}
		defer body.Close()
		if _, err := io.Copy(hash, body); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
