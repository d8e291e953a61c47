package main

import (
	"strings"
	"testing"

	"github.com/nines-slo/nines/cmd/nines/transport"
)

// Sources get the clock, the streams, the environment and the network of the app.
func TestEnvOfSources(t *testing.T) {
	a := app{stdin: strings.NewReader("x"), now: fixedNow, getenv: strings.ToUpper, http: transport.New(fixedNow)}
	env := a.env(fixedNow())
	if env.HTTP != a.http || env.Getenv("home") != "HOME" || env.Stdin == nil || env.Parallel < 1 || !env.At.Equal(fixedNow()) {
		t.Errorf("got %+v", env)
	}
	if env := (&app{}).env(fixedNow()); env.HTTP != nil || env.Stdin != nil {
		t.Errorf("without a world: got %+v", env)
	}
}

// Without a network nobody can be told, and nobody need be.
func TestNobodyIsToldWithoutANetwork(t *testing.T) {
	a := &app{now: fixedNow, getenv: strings.ToUpper}
	told := telling{Alertmanager: []string{"http://am:9093"}, ResolveAfter: new(leastResolveAfter)}
	if _, err := told.cluster(a, fixedNow()); err == nil || !strings.Contains(err.Error(), "no network") {
		t.Errorf("got %v, want an error about the network", err)
	}
	if cluster, err := (telling{}).cluster(a, fixedNow()); cluster != nil || err != nil {
		t.Errorf("nobody to tell: got %v, %v", cluster, err)
	}
	a.http = transport.New(fixedNow)
	if cluster, err := told.cluster(a, fixedNow()); len(cluster) != 1 || err != nil {
		t.Errorf("with a network: got %v, %v", cluster, err)
	}
}
