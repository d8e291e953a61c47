package access

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"golang.org/x/net/http/httpproxy"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

var errNoNetwork = errors.New("there is no network here")

// routes are the ways of one source to its server, and to those that give tokens.
type routes struct {
	env   sources.Env
	proxy func(*url.URL) (*url.URL, error) // nil: that of the environment
}

// newRoutes returns the routes by the proxy that a block of http names.
func newRoutes(client spec.Block, env sources.Env) routes {
	out := routes{env: env}
	proxy := client.URL("proxy_url")
	switch {
	case proxy.Is() && client.Get("no_proxy").Is():
		at := proxy.Join().String()
		out.proxy = (&httpproxy.Config{HTTPProxy: at, HTTPSProxy: at, NoProxy: client.Get("no_proxy").Text}).ProxyFunc()
	case proxy.Is():
		out.proxy = func(*url.URL) (*url.URL, error) { return proxy.Join(), nil }
	case client.Get("proxy_from_environment").Text == "false":
		out.proxy = direct
	}
	return out
}

// direct goes past all proxies.
func direct(*url.URL) (*url.URL, error) { return nil, nil }

// to returns the route by the TLS settings of a block, in the name of who, nil if there is no
// network.
func (r routes) to(settings spec.Block, who stamp) (http.RoundTripper, error) {
	config, err := tlsConfig(settings, r.env)
	usual := config == nil && r.proxy == nil
	switch {
	case err != nil:
		return nil, err
	case usual && (who == nil || r.env.HTTP == nil):
		return r.env.HTTP, nil
	case r.env.Through != nil:
		return r.env.Through(sources.Route{TLS: config, Proxy: r.proxy, Stamp: who}), nil
	case usual:
		return stamped{r.env.HTTP, who}, nil
	}
	return nil, nil
}

// stamped makes requests in somebody's name where there are no routes, nor attempts.
type stamped struct {
	http.RoundTripper
	who stamp
}

// RoundTrip makes a request that says who asks.
func (s stamped) RoundTrip(req *http.Request) (*http.Response, error) {
	out := req.Clone(req.Context())
	if err := s.who(out); err != nil {
		return nil, err
	}
	return s.RoundTripper.RoundTrip(out)
}

// past returns the route past all proxies.
func (r routes) past() http.RoundTripper {
	if r.env.Through == nil {
		return r.env.HTTP
	}
	return r.env.Through(sources.Route{Proxy: direct})
}

// maxCertificates is how long a file of certificates may be: those of all authorities
// that systems know are shorter.
const maxCertificates = 1 << 20

// tlsConfig returns what a block says of TLS, nil if that is nothing.
func tlsConfig(b spec.Block, env sources.Env) (*tls.Config, error) {
	if b.Kind != spec.Map {
		return nil, nil
	}
	versions := map[string]uint16{
		"TLS10": tls.VersionTLS10, "TLS11": tls.VersionTLS11, "TLS12": tls.VersionTLS12, "TLS13": tls.VersionTLS13,
	}
	out := &tls.Config{
		ServerName:         b.Get("server_name").Text,
		MinVersion:         versions[b.Get("min_version").Text],
		InsecureSkipVerify: b.Get("insecure_skip_verify").Text == "true",
	}
	ca, at, err := certificates(b, "ca", env)
	if err != nil {
		return nil, err
	}
	if ca != "" {
		out.RootCAs = x509.NewCertPool()
		if !out.RootCAs.AppendCertsFromPEM([]byte(ca)) {
			return nil, wrong(at, "%s holds no certificate in PEM", at.Key)
		}
	}
	cert, at, err := certificates(b, "cert", env)
	if err != nil || cert == "" {
		return out, err
	}
	key, err := b.LongSecret("key", env.Getenv, env.Root)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair([]byte(cert), []byte(key.Reveal()))
	if err != nil {
		return nil, wrong(at, "%s and the key are no pair in PEM", at.Key)
	}
	out.Certificates = []tls.Certificate{pair}
	return out, nil
}

// certificates returns the PEM text of a key, or of the file that name_file says.
func certificates(b spec.Block, name string, env sources.Env) (string, spec.Field, error) {
	at := spec.Field{Key: name, Value: b.Get(name)}
	if at.Value.Is() {
		return at.Value.Text, at, nil
	}
	at = spec.Field{Key: name + "_file", Value: b.Get(name + "_file")}
	if !at.Value.Is() {
		return "", at, nil
	}
	text, err := b.File(at.Value.Text, env.Root, maxCertificates)
	if err != nil {
		return "", at, wrong(at, "%s: %v", at.Key, err)
	}
	return text, at, nil
}

// wrong is a finding at a field.
func wrong(at spec.Field, format string, args ...any) error {
	return diag.List{diag.Errorf(at.Value.Pos, "prometheus/tls", "%s", fmt.Sprintf(format, args...))}
}
