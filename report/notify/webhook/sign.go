package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"

	"github.com/nines-slo/nines/slo/spec"
)

// How long a secret is in bytes: Standard Webhooks 1.0.0, "Signature scheme".
const (
	minKey = 24
	maxKey = 64
)

// prefix of a secret, so that it is known for what it is.
const prefix = "whsec_"

// errSecret shows nothing of what was found.
var errSecret = errors.New("signing_secret is not whsec_ and 24 to 64 bytes in Base64\n" +
	"hint: make one with: echo whsec_$(openssl rand -base64 32)")

// signingKeys returns the keys of secrets, the first of which is the newest; none of
// no secret.
func signingKeys(secret spec.Secret) ([][]byte, error) {
	var out [][]byte
	for text := range strings.FieldsSeq(secret.Reveal()) {
		encoded, named := strings.CutPrefix(text, prefix)
		key, err := base64.StdEncoding.DecodeString(encoded)
		if !named || err != nil || len(key) < minKey || len(key) > maxKey {
			return nil, errSecret
		}
		out = append(out, key)
	}
	return out, nil
}

// eachSecret returns the secrets of one text, with and without their prefix.
func eachSecret(secret spec.Secret) []spec.Secret {
	var out []spec.Secret
	for text := range strings.FieldsSeq(secret.Reveal()) {
		out = append(out, spec.NewSecret(text), spec.NewSecret(strings.TrimPrefix(text, prefix)))
	}
	return out
}

// signature returns the signatures of a body by each key.
func signature(keys [][]byte, id, at string, body []byte) string {
	var out []string
	for _, key := range keys {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + at + "."))
		mac.Write(body)
		out = append(out, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(out, " ")
}
