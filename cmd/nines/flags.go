package main

import (
	"cmp"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/nines-slo/nines/cmd/nines/collect"
	"github.com/nines-slo/nines/cmd/nines/moment"
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/text"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/prometheus/recorded"
)

// files are the SLO files that a command reads.
type files struct {
	Paths   []string  `arg:"" optional:"" name:"path" help:"SLO files, directories (with their subdirectories), globs, or - for standard input. Default: nines.yaml, else slos/."`
	Source  string    `placeholder:"TYPE=ADDRESS" help:"${source_help}"`
	Lenient bool      `help:"Read files of other tools that break the rules of their format where that has one meaning, with warnings."`
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
	return nil, usagef("there is neither nines.yaml nor slos/ here\n" +
		"hint: name an SLO file, or write one with nines init")
}

// identity tells the files of a run from those of others: it is that of their folders,
// so a file that goes is one of the same.
func (f files) identity() (string, error) {
	paths, err := f.paths()
	if err != nil {
		return "", err
	}
	var folders []string
	for _, p := range paths {
		if info, err := os.Stat(p); err != nil || !info.IsDir() {
			p = filepath.Dir(p)
		}
		whole, err := filepath.Abs(p)
		if err != nil {
			return "", err
		}
		folders = append(folders, whole)
	}
	slices.Sort(folders)
	return notify.Hash(strings.Join(slices.Compact(folders), "\x00")), nil
}

// reading are the flags of commands that read data.
type reading struct {
	Files files  `embed:""`
	At    string `placeholder:"TIME" help:"The instant to judge at: 2026-10-31T12:00+01:00, 2026-10-31T12:00 in the report's zone, now, or the end of a day: 2026-10-31, yesterday. Default: now, cut to the minute."`
	Quiet bool   `short:"q" help:"No warnings and notes."`
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
	if len(set.Services) == 0 && len(set.Destinations) > 0 {
		return nil, usagef("there is no objective: %s has destinations alone\n"+
			"hint: name the files with slos beside it", set.Files[0])
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
	findings := recorded.Read(set.Objectives)
	set.Illustrate(findings)
	if findings.Errors() {
		return nil, time.Time{}, exitError{exitUsage, findings}
	}
	if !r.Quiet {
		a.tell(findings)
	}
	at, err := r.at(a, set)
	return set, at, err
}

// at returns the instant to judge at: of a day its end in the report's zone, at most now.
func (r reading) at(a *app, set *spec.Set) (time.Time, error) {
	now := a.now().UTC().Truncate(time.Minute)
	if r.At == "" {
		return now, nil
	}
	b, err := read("--at", r.At, moment.Clock{Now: now, Zone: zone(set)})
	if err != nil || b.Day == (slo.Date{}) {
		return b.Instant, err
	}
	if b.Start(zone(set)).After(now) && !r.Quiet {
		late := diag.Warnf(diag.Pos{}, "at/future", "--at %s is still to come: judged at %s, which is now",
			r.At, now.Format(time.RFC3339))
		a.tell(diag.List{late})
	}
	if end := b.End(zone(set)); end.Before(now) {
		return end.UTC(), nil
	}
	return now, nil
}

// read returns the point in time that a flag gives.
func read(flag, text string, c moment.Clock) (slo.Bound, error) {
	b, err := c.Read(text)
	if err != nil {
		return b, usagef("%s %w", flag, err)
	}
	return b, nil
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
	p.Kinds, p.Env, p.Hosts = a.kinds, a.env(at), a.hosts
	if refused := append(p.Set.Nowhere(), a.misled(p.Set)...); len(refused) > 0 {
		return collect.Result{}, exitError{exitUsage, refused}
	}
	p.Env.Digest = p.Percentiles
	got, err := collect.Run(ctx, p)
	if len(got.Idle) > 0 { // labels came, and not that one: it is a slip, or has no data
		what := plural(len(got.Came), "objective") + " that the data have"
		idle := selectNothing(got.Idle, what, got.Came, nil)
		got.Refusals, got.Untold = append(got.Refusals, idle...), append(got.Untold, idle...)
		got.Failed = true
	}
	return got, err
}

// refuse says on stderr why something could not be read. What stands on stdout for people
// is not repeated.
func (r reading) refuse(a *app, got collect.Result, form string) {
	told := form == "markdown" || !r.Quiet && slices.Contains([]string{"table", "wide", "github", "text"}, form)
	if told {
		a.tell(got.Untold)
	} else {
		a.tell(got.Refusals)
	}
}

// given returns the flags of a command line that have a value, as they are typed; pairs
// are of names and values.
func given(pairs ...string) string {
	var out []string
	for pair := range slices.Chunk(pairs, 2) {
		if pair[1] != "" {
			out = append(out, pair[0]+" "+quoted(pair[1]))
		}
	}
	return strings.Join(out, " ")
}

// quoted returns a value as a shell reads it.
func quoted(value string) string {
	if strings.ContainsRune(value, ' ') {
		return strconv.Quote(value)
	}
	return value
}

// given returns the flags that asked for the time that is judged.
func (j judging) given(at string) string {
	if j.From != "" {
		return given("--from", j.From, "--to", j.To)
	}
	return given("--at", at)
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

// index tells which objective of a set has a service and a name.
type index map[[2]string]int

func indexOf(set *spec.Set) index {
	all := make(index, len(set.Objectives))
	for i, o := range set.Objectives {
		all[[2]string{o.Service, o.Name}] = i
	}
	return all
}

func (all index) of(service, name string) int { return all[[2]string{service, name}] }

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
	From string `placeholder:"TIME" help:"Judge the period from here: a day such as 2026-10-01, yesterday, now, or an instant as --at takes it. With --to."`
	To   string `placeholder:"TIME" help:"End of the period: a day, which belongs to it, or an instant, which does not."`
}

// span returns the period that --from and --to ask for, nil if they do not.
func (j judging) span(set *spec.Set, at time.Time) (*slo.Span, error) {
	switch {
	case j.From == "" && j.To == "":
		return nil, nil
	case j.To == "":
		return nil, usagef("--from and --to go together\nhint: add --to now, or the last day")
	case j.From == "":
		return nil, usagef("--from and --to go together\nhint: add --from, the first day")
	}
	s, err := replaying(j).bounds(set, at)
	if err != nil {
		return nil, err
	}
	if err := fits(replaying(j), s, set, at); err != nil {
		return nil, err
	}
	if !s.In(zone(set), at).Start.Before(at) {
		return nil, usagef("--from %s is not before %s: there is nothing to judge yet", j.From, at.Format(time.RFC3339))
	}
	return &s, nil
}

// replaying are the flags of commands that go through history.
type replaying struct {
	From string `placeholder:"TIME" help:"First day or instant to look at. Default: 30 days before --to."`
	To   string `placeholder:"TIME" help:"Last day or instant to look at, included. Default: --at."`
}

// given returns the flags that asked for the history.
func (r replaying) given(at string) string { return given("--at", at, "--from", r.From, "--to", r.To) }

// history is how far back is looked if nobody says, in days.
const history = 30

// over returns the time from which and to which history is looked at, which may be one
// instant. Of a day that has begun it ends at the instant at.
func (r replaying) over(set *spec.Set, at time.Time) (slo.Span, error) {
	b, err := r.ends(set, at)
	if err != nil {
		return slo.Span{}, err
	}
	if b.to.Start(zone(set)).After(at) {
		return slo.Span{}, usagef("--to %s is after %s: nothing is known of the time to come",
			r.To, at.Format(time.RFC3339))
	}
	switch {
	case r.From != "":
	case b.to.Day != (slo.Date{}):
		b.from.Day = b.to.Day.AddDays(1 - history)
	default:
		b.from.Instant = b.to.Instant.Add(-history * 24 * time.Hour)
	}
	s := slo.Between(b.from, b.to)
	if s.Fixed.Start.Equal(s.Fixed.End) && !s.Fixed.Start.IsZero() {
		return s, nil
	}
	return s, fits(r, s, set, at)
}

// bounds returns the period from --from to --to.
func (r replaying) bounds(set *spec.Set, at time.Time) (slo.Span, error) {
	b, err := r.ends(set, at)
	return slo.Between(b.from, b.to), err
}

// ends are what --from and --to say.
type ends struct{ from, to slo.Bound }

// ends reads --from and --to. Without them they are zero and the instant at.
func (r replaying) ends(set *spec.Set, at time.Time) (ends, error) {
	clock := moment.Clock{Now: at, Zone: zone(set)}
	out := ends{to: slo.Bound{Instant: at}}
	var err error
	if r.From != "" {
		if out.from, err = read("--from", r.From, clock); err != nil {
			return ends{}, err
		}
	}
	if r.To != "" {
		out.to, err = read("--to", r.To, clock)
	}
	return out, err
}

// maxPeriod bounds the buckets that are held in memory.
const maxPeriod = 3660 * 24 * time.Hour

// fits refuses a period that has no length, or is too long, in the zone of the report or
// of an objective.
func fits(r replaying, s slo.Span, set *spec.Set, at time.Time) error {
	zones := []*time.Location{zone(set)}
	for _, o := range set.Objectives {
		zones = append(zones, o.Window.Location())
	}
	for _, z := range zones {
		p := s.In(z, at)
		from, to := cmp.Or(r.From, p.Start.Format(time.RFC3339)), cmp.Or(r.To, p.End.Format(time.RFC3339))
		switch {
		case p.Empty() && s.In(time.UTC, at).Empty():
			return usagef("--from %s is not before --to %s", from, to)
		case p.Empty():
			return usagef("from --from %s to --to %s there is no time in %s", from, to, z)
		case p.Length() > maxPeriod:
			return usagef("--from %s to --to %s is longer than ten years", from, to)
		}
	}
	return nil
}
