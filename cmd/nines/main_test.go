package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/nines-slo/nines/cmd/nines/transport"
	places "github.com/nines-slo/nines/report/notify/all"
	"github.com/nines-slo/nines/sources/all"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"nines": func() {
		a := app{kinds: all.Kinds(), places: places.Kinds(), stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, now: scriptNow, http: transport.New(scriptNow)}
		os.Exit(a.run(interruptible(), os.Args[1:]))
	}})
}

// scriptNow is the clock of scripts: that of the variable CLOCK, which scripts set to play
// a day in several runs.
func scriptNow() time.Time {
	if set, err := time.Parse(time.RFC3339, os.Getenv("CLOCK")); err == nil {
		return set
	}
	return fixedNow()
}

// fixedNow is the clock of scripts that set none.
func fixedNow() time.Time { return time.Date(2026, 11, 21, 9, 30, 15, 0, time.UTC) }

// TestScripts runs testdata/script: files, a command, what it prints and its exit
// code. exits N COMMAND… holds the exit code exactly.
func TestScripts(t *testing.T) {
	shop, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("EXAMPLES", shop)
			return nil
		},
		Cmds:          map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "serve": serve, "tsdb": tsdb, "prometheus": prometheus, "fill": fill},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}

// exits runs a command and holds its exit code against the first argument.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARG ...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("%s: exit %s, want %s", strings.Join(args[1:], " "), got, args[0])
	}
}

// serve starts a server on this machine that gives every request the status of the
// second argument, keeps the last body posted in a file named like the first, and
// sets a variable of that name to its address. Asked for something it has nothing.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: serve NAME STATUS")
	}
	status, err := strconv.Atoi(args[1])
	ts.Check(err)
	file := ts.MkAbs(args[0])
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			io.WriteString(w, "[]")
			return
		}
		body, _ := io.ReadAll(r.Body)
		if err := os.WriteFile(file, append(body, '\n'), 0o600); err != nil {
			w.WriteHeader(http.StatusInsufficientStorage)
			return
		}
		w.WriteHeader(status)
	}))
	ts.Defer(s.Close)
	ts.Setenv(args[0], s.URL)
}

// A bug must not end as an answer.
func TestPanicIsNotExitZero(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("the panic was swallowed")
		}
	}()
	a := app{kinds: all.Kinds(), places: places.Kinds(), stdout: io.Discard, stderr: io.Discard, getenv: os.Getenv, now: func() time.Time { panic("a bug") }}
	a.run(context.Background(), []string{"status", "../../examples/table"})
}

// An interrupted command leaves what was there.
func TestInterruptWritesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	out := filepath.Join(t.TempDir(), "report")
	a := app{kinds: all.Kinds(), places: places.Kinds(), stdout: io.Discard, stderr: io.Discard, getenv: os.Getenv, now: fixedNow}
	if code := a.run(ctx, []string{"report", "../../examples/table", "--period", "2026-05", "--out", out}); code == 0 {
		t.Error("exit 0")
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a report was written")
	}
}
