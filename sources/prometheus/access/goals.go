package access

import (
	"net/url"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/hosts"
)

// Addresses of Google.
const (
	googleTokens   = "https://oauth2.googleapis.com/token"
	googleMetadata = "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token"
)

// Goals returns the hosts that a source asks whose block has its address in url: that
// one with who asks, the one that gives tokens with what they are given for, and a proxy
// that sees what goes through it.
func Goals(source spec.Block) []hosts.Goal {
	at := source.URL("url")
	if !at.Is() {
		return nil
	}
	mine, tokens := []string{}, []string{}
	for _, h := range append(source.Held(Keys()), Holds(source)...) {
		if strings.HasPrefix(h.Key, "http.oauth2.") || h.Key == "google.credentials" {
			tokens = append(tokens, h.Key)
		} else {
			mine = append(mine, h.Key)
		}
	}
	out := []hosts.Goal{{Host: hosts.Of(at.Join()), Takes: mine}}
	issuer := issuer(source)
	if issuer != nil {
		out = append(out, hosts.Goal{Host: hosts.Of(issuer), Takes: tokens})
	}
	if proxy := below(source, "http").URL("proxy_url"); proxy.Is() {
		var seen []string
		if at.Join().Scheme == "http" {
			seen = append(seen, mine...)
		}
		if issuer != nil && issuer.Scheme == "http" {
			seen = append(seen, tokens...)
		}
		if seen != nil {
			out = append(out, hosts.Goal{Host: hosts.Of(proxy.Join()), Takes: seen})
		}
	}
	return out
}

// issuer returns the address that gives tokens, nil if none does.
func issuer(source spec.Block) *url.URL {
	text := ""
	switch google := below(source, "google"); {
	case google.Get("metadata").Text == "true":
		text = googleMetadata
	case given(google, "credentials"):
		text = googleTokens
	default:
		u := below(source, "http", "oauth2").URL("token_url")
		if !u.Is() {
			return nil
		}
		return u.Join()
	}
	u, _ := spec.ParseURL(text)
	return u.Join()
}

// Holds returns the secrets that no key of a source's block names: the usual variables of
// AWS, and the tokens that are given.
func Holds(source spec.Block) []spec.Held {
	var out []spec.Held
	if v := source.Get("sigv4"); v.Is() && !given(below(source, "sigv4"), "access_key") {
		for i, variable := range usual() {
			key := "sigv4." + []string{"access_key", "secret_key", "session_token"}[i]
			out = append(out, spec.Held{Key: key, Pos: v.Pos, Variable: variable, From: "variable " + variable})
		}
	}
	if u := issuer(source); u != nil {
		all := ways(source)
		i := slices.IndexFunc(all, func(w way) bool { return w.name == "google" || w.name == "http.oauth2" })
		out = append(out, spec.Held{Key: all[i].name, Pos: all[i].at.Pos, From: "a token of " + hosts.Of(u).String()})
	}
	return out
}

// usual are the variables that hold credentials of AWS.
func usual() []string {
	return []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
}
