package spec

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/slo/pattern"
)

// URL is the address of a server that an SLO file names: http or https, with a host
// and without a user. Printed it has no query, which may hold a secret. The zero URL
// is none.
type URL struct {
	bare  url.URL // without the query
	query Secret
}

// ParseURL reads an address. No error shows any of it.
func ParseURL(text string) (URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return URL{}, errNoReason
	case u.User != nil:
		return URL{}, errors.New("it names a user; credentials come from a variable or a file")
	case u.Scheme != "http" && u.Scheme != "https":
		return URL{}, errors.New("it does not begin with http:// or https://")
	case u.Hostname() == "":
		return URL{}, errors.New("it names no host")
	case u.Fragment != "" || strings.HasSuffix(text, "#"):
		return URL{}, errors.New("it has a #, which no server sees")
	}
	return NewURL(u), nil
}

// NewURL returns an address without its user and fragment.
func NewURL(u *url.URL) URL {
	out := URL{bare: *u, query: NewSecret(u.RawQuery)}
	out.bare.User, out.bare.RawQuery, out.bare.ForceQuery = nil, "", false
	out.bare.Fragment, out.bare.RawFragment = "", ""
	return out
}

// URL returns the address of a key that Check accepted, the zero URL if it is missing.
func (b Block) URL(name string) URL {
	u, _ := ParseURL(b.Get(name).Text)
	return u
}

// Is tells whether there is an address.
func (u URL) Is() bool { return u.bare.Host != "" }

// Join returns the address of what is at a path below u, with the query of u.
func (u URL) Join(path ...string) *url.URL {
	out := u.bare.JoinPath(path...)
	out.RawQuery = u.query.Reveal()
	return out
}

// Hide returns text with *** in place of what the query may hold in secret.
func (u URL) Hide(text string) string { return Redact(text, QuerySecrets(u.query.Reveal())...) }

// String returns the address without its query.
func (u URL) String() string { return u.bare.String() }

// Format prints what String returns, whatever the verb.
func (u URL) Format(w fmt.State, _ rune) { io.WriteString(w, u.String()) }

// MarshalText returns what String does.
func (u URL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// LogValue returns what String does.
func (u URL) LogValue() slog.Value { return slog.StringValue(u.String()) }

func checkURL(text string) error {
	_, err := ParseURL(text)
	return err
}

// minSecret is the length from which a part of a query is taken for a secret: a
// shorter one is none, but a part of words.
const minSecret = 4

// QuerySecrets returns what of the query of an address may be secret: the whole, and
// every value as it stands and as it is meant.
func QuerySecrets(query string) []Secret {
	texts := []string{query}
	for part := range strings.FieldsFuncSeq(query, func(r rune) bool { return r == '&' || r == ';' }) {
		name, value, named := strings.Cut(part, "=")
		if !named {
			value = name
		}
		texts = append(texts, value)
		if meant, err := url.QueryUnescape(value); err == nil {
			texts = append(texts, meant)
		}
	}
	var out []Secret
	for _, text := range texts {
		if len(text) >= minSecret {
			out = append(out, NewSecret(text))
		}
	}
	return out
}

// UserSecrets returns what of the user of an address is secret: the password, and what
// a header says of both. A name without a password may be a token.
func UserSecrets(user *url.Userinfo) []Secret {
	if user == nil {
		return nil
	}
	secret, _ := user.Password()
	both := base64.StdEncoding.EncodeToString([]byte(user.Username() + ":" + secret))
	if secret == "" && len(user.Username()) >= minSecret {
		secret = user.Username()
	}
	return []Secret{NewSecret(secret), NewSecret(both)}
}

// userPart is the user of an address.
var userPart = pattern.Of(`//[^/@\s]*@`)

// Redact returns text with *** in place of secrets, the longest first, since one may
// be a part of another, and of the users of addresses.
func Redact(text string, secrets ...Secret) string {
	sorted := slices.Clone(secrets)
	order.Stable(sorted, func(a, b Secret) int {
		return len(b.Reveal()) - len(a.Reveal())
	})
	for _, s := range sorted {
		text = s.Hide(text)
	}
	return userPart().ReplaceAllString(text, "//"+redacted+"@")
}
