package spec

import (
	"errors"
	"net/url"
	"strings"
)

// URL is the address of a server that an SLO file names: http or https, with a host
// and without a user. Printed it has no query, which may hold a secret. The zero URL
// is none.
type URL struct{ u url.URL }

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
	return URL{u: *u}, nil
}

// URL returns the address of a key that Check accepted, the zero URL if it is missing.
func (b Block) URL(name string) URL {
	u, _ := ParseURL(b.Get(name).Text)
	return u
}

// Is tells whether there is an address.
func (u URL) Is() bool { return u.u.Host != "" }

// Join returns the address of what is at a path below u, with the query of u.
func (u URL) Join(path ...string) *url.URL { return u.u.JoinPath(path...) }

// String returns the address without its query.
func (u URL) String() string {
	u.u.RawQuery, u.u.ForceQuery = "", false
	return u.u.String()
}

// GoString returns what String does.
func (u URL) GoString() string { return u.String() }

// MarshalText returns what String does.
func (u URL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

func checkURL(text string) error {
	_, err := ParseURL(text)
	return err
}
