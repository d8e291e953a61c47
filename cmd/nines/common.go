package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	formats "github.com/nines-slo/nines/slo/spec/all"
	"github.com/nines-slo/nines/sources/all"
)

// files are the SLO files that a command reads.
type files struct {
	Paths []string `arg:"" optional:"" name:"path" help:"SLO files, directories or globs. Default: nines.yaml, else slos/."`
}

// load reads the SLO files. Warnings are printed; any error ends the command.
func (f files) load(a *app, quiet bool) (*spec.Set, error) {
	paths, err := f.paths()
	if err != nil {
		return nil, err
	}
	set, findings := spec.Load(paths, all.Specs(), formats.Formats())
	if findings.Errors() {
		return nil, exitError{exitUsage, findings}
	}
	if !quiet {
		diag.Render(a.stderr, findings, a.color)
	}
	return set, nil
}

func (f files) paths() ([]string, error) {
	if len(f.Paths) > 0 {
		return f.Paths, nil
	}
	for _, p := range []string{"nines.yaml", "slos"} {
		if _, err := os.Stat(p); err == nil {
			return []string{p}, nil
		}
	}
	return nil, exitError{exitUsage, errors.New("there is neither nines.yaml nor slos/ here\nhint: name an SLO file, or write one with nines init")}
}

// reading are the flags of commands that read data.
type reading struct {
	files
	At      string        `placeholder:"TIME" help:"The instant to judge at, RFC 3339. Default: now, cut to the minute."`
	Lang    string        `enum:",en,ja" default:"" help:"Language of texts: en or ja. Default: the file's report.language, else en."`
	Quiet   bool          `short:"q" help:"No warnings and notes."`
	Timeout time.Duration `placeholder:"DURATION" help:"Give up on sources after this long."`
}

// measuring are the flags of commands that judge a window or a period.
type measuring struct {
	reading
	From string `placeholder:"TIME" help:"Judge the period from here, RFC 3339; with --to."`
	To   string `placeholder:"TIME" help:"End of the period, not included."`
}

// only is the flag of commands about many objectives.
type only struct {
	Only []string `placeholder:"SELECTOR" help:"Only these objectives: a service, a name, service/name or label=value; globs work."`
}

// open returns what the files say and the instant to judge at.
func (m reading) open(a *app) (*spec.Set, time.Time, error) {
	set, err := m.load(a, m.Quiet)
	if err != nil {
		return nil, time.Time{}, err
	}
	at, err := m.at(a)
	return set, at, err
}

// at returns the instant to judge at.
func (m reading) at(a *app) (time.Time, error) {
	if m.At == "" {
		return a.now().UTC().Truncate(time.Minute), nil
	}
	return instant("--at", m.At)
}

// period returns the period that --from and --to ask for, nil if they do not.
func (m measuring) period() (*slo.Period, error) {
	switch {
	case m.From == "" && m.To == "":
		return nil, nil
	case m.From == "" || m.To == "":
		return nil, usagef("--from and --to go together")
	}
	from, err := instant("--from", m.From)
	if err != nil {
		return nil, err
	}
	to, err := instant("--to", m.To)
	if err != nil {
		return nil, err
	}
	return between(from, to)
}

// between returns the period from one instant to another.
func between(from, to time.Time) (*slo.Period, error) {
	text := func(t time.Time) string { return t.Format(time.RFC3339) }
	if !from.Before(to) {
		return nil, usagef("--from %s is not before --to %s", text(from), text(to))
	}
	if to.Sub(from) > maxPeriod {
		return nil, usagef("--from %s to --to %s is longer than ten years", text(from), text(to))
	}
	return &slo.Period{Start: from, End: to}, nil
}

// maxPeriod bounds the buckets that are held in memory.
const maxPeriod = 3660 * 24 * time.Hour

func instant(flag, text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, usagef("%s %q is not an instant such as 2026-05-02T00:00:00Z", flag, text)
	}
	return t.UTC(), nil
}

func usagef(format string, args ...any) error {
	return exitError{exitUsage, fmt.Errorf(format, args...)}
}

// language returns the language of texts for people.
func (m reading) language(set *spec.Set) unit.Language {
	switch {
	case m.Lang != "":
		return unit.Language(m.Lang)
	case set.Report.Language != "":
		return unit.Language(set.Report.Language)
	}
	return unit.English
}

// zone returns the zone of texts for people.
func zone(set *spec.Set) *time.Location {
	if set.Report.Zone == nil {
		return time.UTC
	}
	return set.Report.Zone
}

// selector is what --only and explain choose objectives by. Empty chooses all.
type selector slo.Selector

// choose drops the objectives that are not selected.
func (sel selector) choose(set *spec.Set) error {
	known := len(set.Objectives)
	set.Objectives = slices.DeleteFunc(set.Objectives, func(o spec.Objective) bool { return !slo.Selector(sel).Takes(o.SLO, o.Per) })
	if len(set.Objectives) == 0 && known > 0 {
		return usagef("%s selects none of the %d objectives", strings.Join(sel, ","), known)
	}
	return nil
}
