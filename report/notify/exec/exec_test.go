package exec

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	osexec "os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/notifytest"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo/spec"
)

func parsed(t *testing.T, block string) spec.Block {
	t.Helper()
	cfg, err := spec.ParseBlock("slos.yaml", block, "slos")
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func opened(t *testing.T, block string, run notify.Runner) notify.Destination {
	t.Helper()
	cfg := parsed(t, block)
	if found := append(spec.Check(cfg.Value, spec.DestinationKeys(Kind().DestinationKind)), check(cfg)...); len(found) > 0 {
		t.Fatal(found)
	}
	d, err := Kind().Open(cfg, notify.Env{Run: run})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// really runs a command.
func really(ctx context.Context, argv []string, stdin []byte) ([]byte, error) {
	c := osexec.CommandContext(ctx, argv[0], argv[1:]...)
	c.Stdin = bytes.NewReader(stdin)
	return c.CombinedOutput()
}

func TestConformance(t *testing.T) {
	for _, form := range []string{asJSON, asText} {
		t.Run(form, func(t *testing.T) {
			notifytest.Run(t, notifytest.Suite{
				Open: func(t *testing.T) notify.Destination {
					return opened(t, "{type: exec, command: [post, --room, ops], input: "+form+"}", really)
				},
				Takes: func(p notify.Parcel) error {
					if bytes.ContainsAny(p.Body, "\x00\x1b\r\t\u202e") || form == asJSON && !json.Valid(p.Body) {
						return errors.New("more than text, or no JSON")
					}
					return nil
				},
				Reads: func(t *testing.T, p notify.Parcel) string {
					var e notify.Event
					if form == asText {
						return string(p.Body)
					}
					if err := json.Unmarshal(p.Body, &e); err != nil {
						t.Fatal(err)
					}
					return e.Text
				},
				Program: true,
			})
		})
	}
}

func TestGolden(t *testing.T) {
	for name, form := range map[string]string{"summary.json": asJSON, "summary.txt": asText} {
		parcels, err := opened(t, "{type: exec, command: post, input: "+form+"}", really).Pack(notifytest.Summary(unit.English))
		if err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, name, parcels[0].Body)
	}
}

// A hostile name starts no line of its own.
func TestForgedLine(t *testing.T) {
	parcels, err := opened(t, "{type: exec, command: post, input: text}", really).Pack(notifytest.Hostile("a\nall is well"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(parcels[0].Body), "\nall is well") {
		t.Errorf("got\n%s", parcels[0].Body)
	}
}

// What a command does decides what became of the message.
func TestOutcome(t *testing.T) {
	if _, err := osexec.LookPath("sh"); err != nil {
		t.Skip("no sh here")
	}
	for script, want := range map[string]struct {
		outcome notify.Outcome
		says    string
	}{
		"exec cat >/dev/null":                 {notify.Sent, ""},
		"exit 75":                             {notify.Failed, `command "sh" ends with exit code 75`},
		"echo; echo no room; exit 1":          {notify.Refused, `command "sh" ends with exit code 1: no room`},
		"printf 'a\\033[31mb\\n' >&2; exit 2": {notify.Refused, `exit code 2: a\x1b[31mb`},
		"kill -9 $$":                          {notify.Unknown, `command "sh" was killed`},
		"exec sleep 60":                       {notify.Unknown, `command "sh" was stopped: no time left`},
	} {
		d := opened(t, "{type: exec, command: [sh, -c, "+string(notify.JSON(script))+"]}", really)
		parcels, err := d.Pack(notifytest.Alert())
		if err != nil {
			t.Fatal(err)
		}
		length := 10 * time.Second
		if strings.Contains(script, "sleep") {
			length = 50 * time.Millisecond
		}
		ctx, cancel := context.WithTimeoutCause(t.Context(), length, errors.New("no time left"))
		r := d.Send(ctx, parcels[0])
		cancel()
		if r.Outcome != want.outcome || (r.Err == nil) != (want.says == "") || r.Err != nil && !strings.Contains(r.Err.Error(), want.says) {
			t.Errorf("%s: %s, %v; want %s, %s", script, r.Outcome, r.Err, want.outcome, want.says)
		}
	}
}

// What cannot be started did nothing.
func TestNotStarted(t *testing.T) {
	d := opened(t, "{type: exec, command: /no/such/command}", really)
	r := d.Send(t.Context(), notify.Parcel{Body: []byte("x")})
	if r.Outcome != notify.Refused || !strings.Contains(r.Err.Error(), "no such file") {
		t.Errorf("got %s, %v", r.Outcome, r.Err)
	}
	if _, err := Kind().Open(parsed(t, "{command: post}"), notify.Env{}); err == nil {
		t.Error("a command is taken where none may be run")
	}
}

// Every word is one argument, and ./ is the folder of the file.
func TestArguments(t *testing.T) {
	here, up := filepath.Join("slos", "post.sh"), filepath.Join("bin", "post")
	for block, want := range map[string][]string{
		`{type: exec, command: [./post.sh, "a b", "$HOME;rm", "*"]}`: {here, "a b", "$HOME;rm", "*"},
		`{type: exec, command: ../bin/post}`:                         {up},
		`{type: exec, command: [/usr/bin/post]}`:                     {"/usr/bin/post"},
		`{type: exec, command: post}`:                                {"post"},
	} {
		var got []string
		run := func(_ context.Context, argv []string, _ []byte) ([]byte, error) { got = argv; return nil, nil }
		if r := opened(t, block, run).Send(t.Context(), notify.Parcel{}); r.Outcome != notify.Sent || !slices.Equal(got, want) {
			t.Errorf("%s runs %q, want %q", block, got, want)
		}
	}
	cfg, _ := spec.ParseBlock("slos.yaml", "{type: exec, command: ./post}", ".")
	d, err := Kind().Open(cfg, notify.Env{Run: func(_ context.Context, argv []string, _ []byte) ([]byte, error) {
		if argv[0] != "./post" {
			t.Errorf("%q is looked for in PATH", argv[0])
		}
		return nil, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	d.Send(t.Context(), notify.Parcel{})
}

func TestCheck(t *testing.T) {
	for block, want := range map[string]string{
		`{command: post.sh --room ops}`: "line for a shell",
		`{command: "post|tee"}`:         "line for a shell",
		`{command: bin/post}`:           "relative to nothing",
		`{command: [bin/post, x]}`:      "relative to nothing",
		`{command: []}`:                 "empty",
		`{command: ["", x]}`:            "empty",
		`{command: [post, "a|b"]}`:      "",
		`{command: ["/a b/post"]}`:      "",
	} {
		text := ""
		if found := check(parsed(t, block)); len(found) > 0 {
			text = found.Error()
		}
		if (want == "") != (text == "") || !strings.Contains(text, want) {
			t.Errorf("%s: got %q, want %q", block, text, want)
		}
	}
}
