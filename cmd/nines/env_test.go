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
