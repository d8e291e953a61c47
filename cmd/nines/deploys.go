package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/slo/deploy"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/journal"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/paths"
)

// deploying are the flags of commands that look at deploys.
type deploying struct {
	Deploys     string         `placeholder:"FILE" help:"Deploys to look at: CSV, NDJSON or what git log --tags --no-walk --format='%cI %D' prints; - is stdin."`
	DeployHours *time.Duration `placeholder:"DURATION" help:"With --deploys: how long after each. Default: 4h."`
}

// look reads the list of deploys and hands it to b. An error in it ends the command.
func (d deploying) look(a *app, set *spec.Set, b *build.Builder, quiet bool) error {
	hours := usualDeployHours
	if d.DeployHours != nil {
		hours = *d.DeployHours
	}
	switch {
	case d.Deploys == "" && d.DeployHours != nil:
		return usagef("--deploy-hours is for --deploys, which names them")
	case hours < time.Minute || hours > maxDeployHours:
		return usagef("--deploy-hours %s is not from 1m to 24h", hours)
	case d.Deploys == "":
		return nil
	}
	deploys, findings := d.list(a, set)
	if findings.Errors() {
		return exitError{exitUsage, findings}
	}
	if !quiet {
		a.tell(slices.Concat(findings, unserved(deploys, set), coming(deploys, b.At)))
	}
	b.Deploys, b.DeployHours = append([]deploy.Deploy{}, deploys...), hours
	return nil
}

// usualDeployHours is how long after a deploy is looked if nobody says.
const usualDeployHours = 4 * time.Hour

// maxDeployHours keeps the usual hours of one week apart from those of the next.
const maxDeployHours = 24 * time.Hour

func (d deploying) list(a *app, set *spec.Set) ([]deploy.Deploy, diag.List) {
	name, in := d.Deploys, a.stdin
	if d.Deploys == "-" {
		name = "stdin"
		if s := readsStdin(set); s != nil {
			twice := diag.Errorf(s.Files.Pos, "source/stdin", "source %q reads standard input, as --deploys does", s.Name)
			return nil, diag.List{twice.WithHint("only one can: give the deploys a file")}
		}
	} else {
		f, err := a.root.OpenNamed(d.Deploys)
		if err != nil {
			unread := diag.Errorf(diag.Pos{File: name}, "deploy/list", "deploys cannot be read: %s", paths.Reason(err))
			return nil, diag.List{unread}
		}
		defer f.Close()
		in = f
	}
	return journal.Deploys(name, in)
}

// readsStdin returns a source that reads standard input, nil if none does.
func readsStdin(set *spec.Set) *spec.Source {
	for _, o := range set.Objectives {
		for _, p := range o.Parts {
			if p.Source.ReadsStdin() {
				return p.Source
			}
		}
	}
	return nil
}

// coming warns of deploys after the instant that is looked at.
func coming(deploys []deploy.Deploy, at time.Time) diag.List {
	n := len(deploys)
	for n > 0 && deploys[n-1].Time.After(at) {
		n--
	}
	if n == len(deploys) {
		return nil
	}
	return diag.List{diag.Warnf(diag.Pos{File: deploys[n].Pos.File}, "deploy/time",
		"%d of %d deploys came after %s: they are not looked at", len(deploys)-n, len(deploys), at.UTC().Format(time.RFC3339))}
}

// unserved warns of deploys whose service has no objective, once a service.
func unserved(deploys []deploy.Deploy, set *spec.Set) diag.List {
	known := []string{""}
	for _, o := range set.Objectives {
		if !slices.Contains(known, o.Service) {
			known = append(known, o.Service)
		}
	}
	var out diag.List
	services := slices.Sorted(slices.Values(known[1:]))
	for _, d := range deploys {
		if !slices.Contains(known, d.Service) {
			known = append(known, d.Service)
			hint := "the files have " + strings.Join(services, ", ") + "; without a service a deploy is looked at for every objective"
			if near := diag.Nearest(d.Service, services); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			stray := diag.Warnf(d.Pos, "deploy/service", "service %q has no objective: its deploys are not looked at", d.Service)
			out = append(out, stray.WithHint("%s", hint))
		}
	}
	return out
}
