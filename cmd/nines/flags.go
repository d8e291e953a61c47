package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/nines-slo/nines/cmd/nines/collect"
	"github.com/nines-slo/nines/report/text"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// files are the SLO files that a command reads.
type files struct {
	Paths   []string  `arg:"" optional:"" name:"path" help:"SLO files, directories (with their subdirectories) or globs. Default: nines.yaml, else slos/."`
	Confine confining `embed:""`
}

// paths returns the files to read.
func (f files) paths() ([]string, error) {
	if len(f.Paths) > 0 {
		return f.Paths, nil
	}
	for _, p := range []string{"nines.yaml", "slos"} {
		if _, err := os.Stat(p); err == nil {
			return []string{p}, nil
		}
	}
	return nil, usagef("there is neither nines.yaml nor slos/ here\nhint: name an SLO file, or write one with nines init")
}

// reading are the flags of commands that read data.
type reading struct {
	Files   files         `embed:""`
	At      string        `placeholder:"TIME" help:"The instant to judge at, RFC 3339. Default: now, cut to the minute."`
	Quiet   bool          `short:"q" help:"No warnings and notes."`
	Timeout time.Duration `placeholder:"DURATION" help:"Give up on sources after this long."`
}

// load reads the SLO files. Warnings are printed; any error ends the command.
func (r reading) load(a *app) (*spec.Set, error) {
	set, findings, err := a.load(r.Files, r.Quiet)
	if err != nil {
		return nil, err
	}
	if findings.Errors() {
		return nil, exitError{exitUsage, findings}
	}
	if !r.Quiet {
		a.tell(findings)
	}
	return set, nil
}

// open returns what the files say and the instant to judge at.
func (r reading) open(a *app) (*spec.Set, time.Time, error) {
	set, err := r.load(a)
	if err != nil {
		return nil, time.Time{}, err
	}
	at, err := r.at(a)
	return set, at, err
}

// at returns the instant to judge at.
func (r reading) at(a *app) (time.Time, error) {
	if r.At == "" {
		return a.now().UTC().Truncate(time.Minute), nil
	}
	return instant("--at", r.At)
}

// speaking is the flag of commands that answer in the user's language.
type speaking struct {
	Lang string `enum:",${languages}" default:"" help:"Language of texts: ${one_language}. Default: the file's report.language, else en."`
}

// language returns the language of texts for people.
func (s speaking) language(set *spec.Set) unit.Language {
	switch {
	case s.Lang != "":
		return unit.Language(s.Lang)
	case set.Report.Language != "":
		return unit.Language(set.Report.Language)
	}
	return unit.English
}

// languageVars name the languages in flags.
func languageVars() kong.Vars {
	var names []string
	for _, l := range unit.Languages() {
		names = append(names, string(l))
	}
	return kong.Vars{"languages": strings.Join(names, ","), "one_language": strings.Join(names, " or ")}
}

// zone returns the zone of texts for people.
func zone(set *spec.Set) *time.Location {
	if set.Report.Zone == nil {
		return time.UTC
	}
	return set.Report.Zone
}

// look says how what is written to stdout looks there.
func (r reading) look(a *app, color string) text.Options {
	return text.Options{Color: a.colored(color), Quiet: r.Quiet}
}

// collect reads what p asks for at the instant at. Digests of what is read cost time:
// only a report shows them.
func (r reading) collect(ctx context.Context, a *app, at time.Time, p collect.Plan) (collect.Result, error) {
	if r.Timeout > 0 {
		var cancel context.CancelFunc
		late := fmt.Errorf("no answer within %s, the --timeout", r.Timeout)
		ctx, cancel = context.WithTimeoutCause(ctx, r.Timeout, late)
		defer cancel()
	}
	p.Kinds = a.kinds
	p.Env = a.env(at)
	p.Env.Digest = p.Percentiles
	got, err := collect.Run(ctx, p)
	if errors.Is(err, context.Canceled) {
		return got, exitError{exitUncertain, errors.New("interrupted")}
	}
	if len(got.Idle) > 0 { // labels came, and not that one: it is a slip, or has no data
		what := plural(len(got.Came), "objective") + " that the data have"
		got.Refusals = append(got.Refusals, selectNothing(got.Idle, what, got.Came, nil)...)
		got.Failed = true
	}
	return got, err
}

// answered returns the exit code of a command that answered what it could.
func answered(got collect.Result) error {
	if got.Failed {
		return exitError{code: exitUncertain}
	}
	return nil
}

// choosing is the flag of commands about many objectives.
type choosing struct {
	Only []string `placeholder:"SELECTOR" help:"Only these objectives: a service, a name, service/name or label=value; globs work. Each must select something."`
}

// choose returns set with the objectives alone that are selected. Empty selects all. A
// term that selects nothing is an error: who made a slip in one of several would not
// miss what it stood for.
func choose(set *spec.Set, sel slo.Selector) (*spec.Set, error) {
	idle := sel.Idle(func(term slo.Selector) bool {
		return slices.ContainsFunc(set.Objectives, func(o spec.Objective) bool { return term.Takes(o.SLO, o.Per) })
	})
	if len(idle) > 0 && len(set.Objectives) > 0 {
		known, names := callings(set)
		return nil, exitError{exitUsage, selectNothing(idle, plural(len(set.Objectives), "objective"), known, names)}
	}
	chosen := *set
	left := func(o spec.Objective) bool { return !sel.Takes(o.SLO, o.Per) }
	chosen.Objectives = slices.DeleteFunc(slices.Clone(set.Objectives), left)
	return &chosen, nil
}

// selectNothing reports terms that select none of what there is.
func selectNothing(terms []string, what string, known, names []string) diag.List {
	var out diag.List
	for _, term := range terms {
		none := diag.Errorf(diag.Pos{}, "only/none", "%s selects none of the %s", diag.Quote(term), what)
		out = append(out, none.WithHint("%s", diag.Among(term, known, names)))
	}
	return out
}

// callings returns what a term may call the objectives of a set, in full and in short.
func callings(set *spec.Set) (full, short []string) {
	for _, o := range set.Objectives {
		full = append(full, o.Service+"/"+o.Name)
		short = append(short, o.Service, o.Name)
		for _, label := range slices.Sorted(maps.Keys(o.Labels)) {
			full = append(full, label+"="+o.Labels[label])
		}
		for _, label := range o.Per {
			full = append(full, label+"=*")
		}
	}
	return full, short
}

// judging are the flags of commands that judge a window or a period.
type judging struct {
	From string `placeholder:"TIME" help:"Judge the period from here, RFC 3339; with --to."`
	To   string `placeholder:"TIME" help:"End of the period, not included."`
}

// span returns the period that --from and --to ask for, nil if they do not.
func (j judging) span() (*slo.Span, error) {
	switch {
	case j.From == "" && j.To == "":
		return nil, nil
	case j.From == "" || j.To == "":
		return nil, usagef("--from and --to go together")
	}
	from, err := instant("--from", j.From)
	if err != nil {
		return nil, err
	}
	to, err := instant("--to", j.To)
	if err != nil {
		return nil, err
	}
	p, err := between(from, to)
	if err != nil {
		return nil, err
	}
	return &slo.Span{Fixed: p}, nil
}

// replaying are the flags of commands that go through history.
type replaying struct {
	From string `placeholder:"TIME" help:"First instant to look at, RFC 3339. Default: 30 days before --to."`
	To   string `placeholder:"TIME" help:"Last instant to look at, included. Default: --at."`
}

// history is how far back is looked if nobody says.
const history = 30 * 24 * time.Hour

// over returns the instants from which and to which history is looked at.
// They may be the same one.
func (r replaying) over(at time.Time) (slo.Period, error) {
	to := at
	if r.To != "" {
		var err error
		if to, err = instant("--to", r.To); err != nil {
			return slo.Period{}, err
		}
	}
	if to.After(at) {
		now := at.Format(time.RFC3339)
		return slo.Period{}, usagef("--to %s is after %s: nothing is known of the time to come", r.To, now)
	}
	from := to.Add(-history)
	if r.From != "" {
		var err error
		if from, err = instant("--from", r.From); err != nil {
			return slo.Period{}, err
		}
	}
	if from.Equal(to) {
		return slo.Period{Start: from, End: to}, nil
	}
	return between(from, to)
}

// maxPeriod bounds the buckets that are held in memory.
const maxPeriod = 3660 * 24 * time.Hour

// between returns the period from one instant to another.
func between(from, to time.Time) (slo.Period, error) {
	text := func(t time.Time) string { return t.Format(time.RFC3339) }
	if !from.Before(to) {
		return slo.Period{}, usagef("--from %s is not before --to %s", text(from), text(to))
	}
	if to.Sub(from) > maxPeriod {
		return slo.Period{}, usagef("--from %s to --to %s is longer than ten years", text(from), text(to))
	}
	return slo.Period{Start: from, End: to}, nil
}

func instant(flag, text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, usagef("%s %q is not an instant such as 2026-05-02T00:00:00Z", flag, text)
	}
	return t.UTC(), nil
}
