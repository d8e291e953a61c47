// Package hosts says where secrets may go: what an address names, and which hosts
// whoever runs the program allows.
package hosts

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"github.com/nines-slo/nines/slo/diag"
)

// Host is a host with the port that is talked to. One host has one form: small letters,
// no dot at its end, ASCII in place of other letters, and IP addresses in the shortest
// form. The zero Host is none.
type Host struct {
	name  string
	port  string // a number
	usual bool   // the port is that of the address's scheme
}

// Of returns the host of an address.
func Of(u *url.URL) Host {
	port := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	h := Host{name: canonical(u.Hostname()), port: port, usual: true}
	if p := number(u.Port()); p != "" {
		h.port, h.usual = p, p == port
	}
	return h
}

// Split returns the host of "host:port", none if it is not that.
func Split(address string) Host {
	name, port, err := net.SplitHostPort(address)
	if err != nil {
		return Host{}
	}
	return Host{name: canonical(name), port: number(port)}
}

// Is tells whether there is a host.
func (h Host) Is() bool { return h.name != "" }

// Same tells whether two are one host and port.
func (h Host) Same(other Host) bool { return h.name == other.name && h.port == other.port }

// String returns the host as a List takes it, without the port that goes without saying.
func (h Host) String() string {
	switch {
	case !h.usual && h.port != "":
		return net.JoinHostPort(h.name, h.port)
	case strings.Contains(h.name, ":"):
		return "[" + h.name + "]"
	}
	return h.name
}

// number returns a port without zeros before it, "" if it is none.
func number(port string) string {
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return ""
	}
	return strconv.FormatUint(n, 10)
}

// canonical returns the one form of a name. One that has none stands for itself: it
// equals nothing that a List may hold.
func canonical(name string) string {
	if ip, err := netip.ParseAddr(strings.TrimSuffix(name, ".")); err == nil {
		return ip.Unmap().String()
	}
	if strings.ContainsFunc(name, func(r rune) bool { return r > '~' }) {
		if ascii, err := idna.Lookup.ToASCII(name); err == nil {
			name = ascii
		}
	}
	return strings.ToLower(strings.TrimSuffix(name, "."))
}

// List are the hosts that secrets may go to. The nil List says nothing about that.
type List []entry

// entry is a host, or what is below a domain.
type entry struct {
	name  string
	port  string // "" for any
	below bool   // subdomains of name, not name itself
}

// Parse reads entries: a host, or *. and a domain for what is below it, each with or
// without a port, where any is meant without one. No error shows the path of an address.
func Parse(entries []string) (List, error) {
	var out List
	for _, text := range entries {
		e, err := parse(strings.TrimSpace(text))
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

func parse(text string) (entry, error) {
	name, port, err := cut(text)
	if err != nil {
		return entry{}, err
	}
	e := entry{port: port}
	if name, e.below = strings.CutPrefix(name, "*."); e.below && isIP(name) {
		return entry{}, refused(text, "there are no names below an IP address")
	}
	e.name = canonical(name)
	if !isIP(e.name) && !isName(e.name) {
		return entry{}, refused(text, "it is no name of a host")
	}
	return e, nil
}

// cut cuts an entry into the name and the port.
func cut(text string) (name, port string, err error) {
	scheme, rest, address := strings.Cut(text, "://")
	switch {
	case text == "":
		return "", "", errors.New("an entry is empty\nhint: write a host, such as hooks.slack.com")
	case address:
		rest, _, _ = strings.Cut(rest, "/")
		rest = rest[strings.LastIndex(rest, "@")+1:]
		return "", "", refused(scheme+"://"+rest, "it is an address: write the host alone")
	case strings.ContainsAny(text, "/\\?#"):
		return "", "", refused(text[:strings.IndexAny(text, "/\\?#")]+"/…", "it has a path: write the host alone")
	case strings.Contains(text, "@"):
		return "", "", refused("…"+text[strings.LastIndex(text, "@"):], "it names a user: write the host alone")
	case text == "*" || strings.HasPrefix(text, "*:"):
		return "", "", refused(text, "that would be every host: name them, or what is below a domain, "+
			"as in *.example.com")
	case isIP(text):
		return text, "", nil
	}
	split := text // into host and port, of which net wants both
	if bare, ok := strings.CutPrefix(text, "["); ok && strings.HasSuffix(bare, "]") {
		split += ":"
	} else if !strings.Contains(text, ":") {
		return text, "", nil
	}
	host, given, err := net.SplitHostPort(split)
	if port = number(given); err != nil || port == "" && !strings.HasSuffix(split, "]:") {
		return "", "", refused(text, "it has no port from 1 to 65535 behind the colon")
	}
	if host = strings.Replace(host, "%25", "%", 1); strings.HasPrefix(text, "[") != strings.Contains(host, ":") {
		return "", "", refused(text, "it is no IP address, which alone stand in brackets")
	}
	return host, port, nil
}

// maxShown is how much of an entry is shown.
const maxShown = 100

func refused(text, why string) error {
	return fmt.Errorf("%s is no host: %s", diag.Quote(diag.Cut(text, maxShown, "…")), why)
}

func isIP(name string) bool {
	_, err := netip.ParseAddr(name)
	return err == nil
}

// isName tells whether a name is one of DNS, in its one form.
func isName(name string) bool {
	for label := range strings.SplitSeq(name, ".") {
		odd := func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
		}
		if label == "" || len(label) > 63 || strings.ContainsFunc(label, odd) {
			return false
		}
	}
	return len(name) <= 253
}

// Allows tells whether a host is in the list.
func (l List) Allows(h Host) bool {
	return h.Is() && slices.ContainsFunc(l, func(e entry) bool {
		named := h.name == e.name
		if e.below {
			named = strings.HasSuffix(h.name, "."+e.name) && !isIP(h.name)
		}
		return named && (e.port == "" || e.port == h.port)
	})
}

// Goal is where the requests of a source or a destination go.
type Goal struct {
	Host   Host   // none if Secret says it
	Secret string // the key of the secret whose address names the host
	Bare   bool   // no secret goes there, only what is told

	// Takes are the keys of the secrets that go there, nil for all.
	Takes []string
}

// Has tells whether the secret of a key goes there.
func (g Goal) Has(key string) bool {
	return !g.Bare && (g.Takes == nil || slices.Contains(g.Takes, key))
}

// To returns the goal of an address; none has none.
func To(u *url.URL) []Goal { return []Goal{{Host: Of(u)}} }

// In returns the goal of who goes where a secret says.
func In(key string) []Goal { return []Goal{{Secret: key}} }

// Forbidden is why something does not go out.
type Forbidden struct {
	Host Host
	Why  string
}

// Error returns what may be shown.
func (f *Forbidden) Error() string { return fmt.Sprintf("nothing goes to %s: %s", f.Host, f.Why) }

// Temporary tells that it does not pass by itself.
func (*Forbidden) Temporary() bool { return false }
