package notify

import (
	"fmt"
	"net/url"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/hosts"
)

// ByURL is the Goals of a kind whose secret url is all of its address.
func ByURL(spec.Block) []hosts.Goal { return hosts.In("url") }

// Server returns the address of the key name of a block, standard if it has none.
func Server(cfg spec.Block, name, standard string) spec.URL {
	u := cfg.URL(name)
	if !u.Is() {
		u, _ = spec.ParseURL(standard)
	}
	return u
}

// Address returns the address that the Credential key name of a block holds, as it
// is: of some webhooks no character may change. No error shows any of it.
func Address(cfg spec.Block, name string, env Env) (*url.URL, error) {
	secret, err := cfg.Secret(name, env.Getenv, env.Root)
	if err != nil {
		return nil, err
	}
	_, err = spec.ParseURL(secret.Reveal())
	u, unread := url.Parse(secret.Reveal())
	switch {
	case err != nil && err.Error() != "":
		return nil, fmt.Errorf("the secret %s is not an address: %w", name, err)
	case err != nil || unread != nil:
		return nil, fmt.Errorf("the secret %s is not an address", name)
	}
	return u, nil
}
