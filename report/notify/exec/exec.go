// Package exec hands messages to a command of the user's own, on its standard input.
// No shell is between: every word of the list is one argument, as it is.
package exec

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/mask"
)

// Kind is the kind of destination.
func Kind() notify.Kind {
	return notify.Kind{
		DestinationKind: spec.DestinationKind{
			Name: "exec", Doc: "A command that reads the message from its standard input.", Keys: keys(), Check: check,
		},
		Open: open,
	}
}

// forms of the message.
const (
	asJSON = "json"
	asText = "text"
)

func keys() []spec.Key {
	return []spec.Key{
		{
			Name: "command", Type: spec.Texts, Required: true, Example: "[./post.sh, --room, ops]",
			Doc: "The command and its arguments, without a shell. One that begins with ./ or ../ is relative to this " +
				"file. It has the environment of nines. Exit code 0 is sent, 75 failed for now, any other refused.",
		},
		{Name: "input", Type: spec.Text, Default: asJSON, Enum: []string{asJSON, asText}, Doc: "Form of the message; json if left out."},
	}
}

// check finds a command that means another thing in each folder, or is a line for a shell.
func check(cfg spec.Block) diag.List {
	v := cfg.Get("command")
	words := argv(v)
	if len(words) == 0 || words[0] == "" {
		return diag.List{diag.Errorf(v.Pos, "exec/command", "command is empty")}
	}
	if shown := secrets(v); len(shown) > 0 {
		return shown
	}
	name := filepath.ToSlash(words[0])
	switch {
	case v.Kind == spec.Scalar && strings.ContainsAny(v.Text, " \t|;&<>$`\"'"):
		line := diag.Errorf(v.Pos, "exec/command", "command is a line for a shell, and there is none")
		return diag.List{line.WithHint("write the words as a list: [%s]", strings.Join(strings.Fields(v.Text), ", "))}
	case strings.Contains(name, "/") && !filepath.IsAbs(words[0]) && !here(name):
		unclear := diag.Errorf(v.Pos, "exec/command", "%s is relative to nothing", diag.Quote(words[0]))
		return diag.List{unclear.WithHint("write ./%s, relative to this file, or the whole path", name)}
	}
	return nil
}

// secrets finds words of a command that are secrets: the file shows them, and whoever
// lists the machine's processes.
func secrets(v spec.Value) diag.List {
	var found diag.List
	words := v.Items
	if v.Kind == spec.Scalar {
		words = []spec.Value{v}
	}
	for i, word := range words {
		if mask.Shows(word.Text) || i > 0 && mask.AsksFor(words[i-1].Text) {
			shown := diag.Errorf(word.Pos, "spec/secret-shown", "command holds a secret, which has no place in a file that many read")
			found = append(found, shown.WithHint("let the command read it from a file or a variable: it has the environment of nines"))
		}
	}
	return found
}

// here tells whether a path begins at the file that names it.
func here(name string) bool { return strings.HasPrefix(name, "./") || strings.HasPrefix(name, "../") }

// argv returns the words of a command.
func argv(v spec.Value) []string {
	if v.Kind == spec.Scalar {
		return []string{v.Text}
	}
	var out []string
	for _, item := range v.Items {
		out = append(out, item.Text)
	}
	return out
}

func open(cfg spec.Block, env notify.Env) (notify.Destination, error) {
	if env.Run == nil {
		return nil, errors.New("commands are not run here")
	}
	words := argv(cfg.Get("command"))
	if here(filepath.ToSlash(words[0])) {
		words[0] = filepath.Join(cfg.Dir, words[0])
		if !strings.ContainsRune(words[0], filepath.Separator) { // else it would be looked for in PATH
			words[0] = "." + string(filepath.Separator) + words[0]
		}
	}
	return destination{words, cfg.Get("input").Text == asText, env.Run}, nil
}

type destination struct {
	argv []string
	text bool
	run  notify.Runner
}

// maxText is the most characters of a text of the message.
const maxText = 10_000

// Pack returns the whole message, as text or as an event.
func (d destination) Pack(m notify.Message) ([]notify.Parcel, error) {
	m = notify.Clean(m, maxText)
	e := notify.EventOf(m)
	if d.text {
		return []notify.Parcel{{ID: e.ID, Body: []byte(e.Text)}}, nil
	}
	return []notify.Parcel{{ID: e.ID, Body: append(notify.JSON(e), '\n')}}, nil
}

// tempFail is the exit code of who wants to be asked again (sysexits.h, EX_TEMPFAIL).
const tempFail = 75

// Send runs the command. Its exit code says what became of the message; nobody knows
// what one did that was killed.
func (d destination) Send(ctx context.Context, p notify.Parcel) notify.Receipt {
	output, err := d.run(ctx, d.argv, p.Body)
	if err == nil {
		return notify.Receipt{Outcome: notify.Sent}
	}
	name := diag.Quote(filepath.Base(d.argv[0]))
	var ended interface{ ExitCode() int }
	switch {
	case ctx.Err() != nil:
		return failed(notify.Unknown, "command %s was stopped: %w", name, context.Cause(ctx))
	case !errors.As(err, &ended):
		return failed(notify.Refused, "command %s: %s", name, shown(err.Error()))
	case ended.ExitCode() < 0:
		return failed(notify.Unknown, "command %s was killed", name)
	case ended.ExitCode() == tempFail:
		return failed(notify.Failed, "command %s ends with exit code %d%s", name, tempFail, quoted(output))
	}
	return failed(notify.Refused, "command %s ends with exit code %d%s", name, ended.ExitCode(), quoted(output))
}

func failed(o notify.Outcome, format string, args ...any) notify.Receipt {
	return notify.Receipt{Outcome: o, Err: fmt.Errorf(format, args...)}
}

// quoted returns ": " and the first line of output that says something, "" if there is
// none.
func quoted(output []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(output)), "\n")
	if line == "" {
		return ""
	}
	return ": " + shown(line)
}

// maxShown is how much of a command's words is shown.
const maxShown = 256

func shown(text string) string {
	return diag.Cut(diag.Escape(strings.TrimSpace(text)), maxShown, "…")
}
