package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nines-slo/nines/cmd/nines/transport"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/hosts"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/all"
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

// A source asks the hosts that it tells of, and takes secrets to allowed ones alone.
func TestSourcesReachWhatTheyTell(t *testing.T) {
	var came, errs []string
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { came = append(came, r.URL.Path) }))
	defer s.Close()
	metrics := sources.Kind{
		SourceKind: spec.SourceKind{
			Name: "metrics", Keys: []spec.Key{{Name: "url", Type: spec.Address}, {Name: "token", Type: spec.Credential}},
			Check: func(_, _ spec.Block) diag.List { return nil },
			Goals: func(b spec.Block) []hosts.Goal { return hosts.To(b.URL("url").Join()) },
		},
		Open: func(ctx context.Context, cfg spec.Block, env sources.Env) (sources.Source, error) {
			for _, address := range []string{s.URL + "/mine", "http://other.example/stolen"} {
				req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
				if err != nil {
					return nil, err
				}
				if _, err := sources.Do(env.HTTP, req); err != nil {
					errs = append(errs, err.Error())
				}
			}
			return nil, errors.New("enough")
		},
	}
	file := filepath.Join(t.TempDir(), "slos.yaml")
	text := "apiVersion: nines/v1\nservice: s\nsources:\n  m: {type: metrics, url: " + s.URL + ", token_env: TOKEN}\n" +
		"slos: [{name: a, target: 99%, window: 1d, sli: {source: m}}]\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) (int, string) {
		var stderr strings.Builder
		a := app{kinds: append(all.Kinds(), metrics), stdout: io.Discard, stderr: &stderr, getenv: func(string) string { return "" },
			now: fixedNow, http: transport.New(fixedNow)}
		return a.run(context.Background(), append([]string{"status", file}, args...)), stderr.String()
	}
	if code, said := run("--allow-host", "other.example"); code != exitUsage || len(came) > 0 ||
		!strings.Contains(said, "slos.yaml:4:6") || !strings.Contains(said, "hint: --allow-host 127.0.0.1:") {
		t.Errorf("not allowed: exit %d, came %v, %s", code, came, said)
	}
	if code, said := run("--allow-host", "127.0.0.1"); code != exitUncertain || len(came) != 1 || len(errs) != 1 {
		t.Errorf("allowed: exit %d, came %v, %v, %s", code, came, errs, said)
	}
	if code, said := run(); code != exitUncertain || len(came) != 2 || len(errs) != 2 || !strings.Contains(errs[1], "the file names other hosts") {
		t.Errorf("without a list: exit %d, came %v, %v, %s", code, came, errs, said)
	}
}
