package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/nines-slo/nines/slo/spec/paths"
)

// confining are the flags that say how far SLO files are trusted.
type confining struct {
	Root      string `placeholder:"DIR" help:"Read no file outside of this folder, also through links."`
	Untrusted bool   `help:"The SLO files are not trusted, as in a pull request: read nothing outside of their folder (or --root), go to no host, use no variable of the environment for them, tell nobody."`
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
			return nil, usagef("--untrusted: the SLO files have no folder in common but %s\nhint: name one with --root DIR", dir)
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
