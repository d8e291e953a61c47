package main

import (
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"github.com/alecthomas/kong"

	"github.com/nines-slo/nines/cmd/nines/reach"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/hosts"
	"github.com/nines-slo/nines/slo/spec/paths"
	"github.com/nines-slo/nines/sources"
)

// confining are the flags that say how far SLO files are trusted.
type confining struct {
	Root      string `placeholder:"DIR" help:"Read no file outside of this folder, also through links."`
	Untrusted bool   `help:"${untrusted_help}"`

	AllowHost []string `placeholder:"HOST" help:"${allow_host_help}"`
}

// confiningVars are the help texts of flags that say how far SLO files are trusted.
func confiningVars() kong.Vars {
	return kong.Vars{
		"untrusted_help": "The SLO files are not trusted, as in a pull request: read nothing outside of their folder " +
			"(or --root), go to no host, use no variable of the environment for them, tell nobody.",
		"allow_host_help": "Let the secrets that SLO files name go to this host alone, as in hooks.slack.com, " +
			"prom.example:9090 or *.example.com; again or with commas for more. The environment variable " +
			"NINES_HOSTS adds to it. Without either they go where the same entry of a file says.",
		"source_help": "The source of SLO files that name none, as in prometheus=http://localhost:9090 or csv=counts.csv, " +
			"or with more of its keys prometheus={url: ..., delay: 2m}. It overrides nothing.",
	}
}

// hosts returns the hosts that secrets may go to, nil if nobody says.
func (c confining) hosts(getenv func(string) string) (hosts.List, error) {
	out, err := hosts.Parse(c.AllowHost)
	if err != nil {
		return nil, usagef("--allow-host: %w", err)
	}
	named := getenv(spec.AllowedHosts)
	words := strings.FieldsFunc(named, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	if strings.TrimSpace(named) != "" && len(words) == 0 {
		return nil, usagef("NINES_HOSTS names no host")
	}
	more, err := hosts.Parse(words)
	if err != nil {
		return nil, usagef("NINES_HOSTS: %w", err)
	}
	return append(out, more...), nil
}

// maxParallel is how many requests one source has under way at once: a few hide the
// time that answers take, many would be felt by whoever else asks the same server.
const maxParallel = 4

// env returns the world of sources that are judged at an instant.
func (a *app) env(at time.Time) sources.Env {
	env := sources.Env{At: at, Stdin: sources.NewStdin(a.stdin), Root: a.root, Parallel: maxParallel}
	if a.untrusted {
		return env
	}
	env.Getenv = a.getenv
	if a.http != nil {
		env.HTTP, env.Through = a.http, a.http.Through
	}
	return env
}

// misled returns findings about the sources of set whose secrets would go to hosts that
// they may not go to. Of a source whose address cannot be read its own error tells.
func (a *app) misled(set *spec.Set) diag.List {
	var out diag.List
	env := a.env(time.Time{})
	for _, source := range reach.Sources(set, sources.Specs(a.kinds)) {
		if known, err := source.Resolved(env.Getenv, env.Root); err == nil {
			out = append(out, known.Refused(a.hosts)...)
		}
	}
	return out
}

// root returns the folder that reads are confined to, nil if they are not. args are the
// SLO files.
func (c confining) root(args []string) (*paths.Root, error) {
	dir := c.Root
	switch {
	case dir == "" && !c.Untrusted:
		return nil, nil
	case dir == "":
		dir = folder(args)
		if dir == filepath.Dir(dir) {
			return nil, usagef("--untrusted: the SLO files have no folder in common but %s\n"+
				"hint: name one with --root DIR", dir)
		}
	}
	root, err := paths.NewRoot(dir)
	if err != nil {
		return nil, usagef("--root: the folder cannot be used: %s", paths.Reason(err))
	}
	return root, nil
}

// folder returns the folder that SLO files have in common, absolute.
func folder(args []string) string {
	common := ""
	for _, arg := range args {
		dir := filepath.Dir(arg)
		switch info, err := os.Stat(arg); {
		case err != nil:
		case info.IsDir():
			dir = arg
		case !info.Mode().IsRegular(): // a pipe: what it names is relative to here
			dir = "."
		}
		for strings.ContainsAny(dir, "*?[") {
			dir = filepath.Dir(dir)
		}
		if abs, err := filepath.Abs(dir); err == nil {
			dir = abs
		}
		if common == "" {
			common = dir
		}
		for !paths.Within(common, dir) {
			common = filepath.Dir(common)
		}
	}
	return common
}
