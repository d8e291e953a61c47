package main

import (
	"fmt"
	"runtime"
)

// versionCmd prints the version.
type versionCmd struct{}

// Run executes the command.
func (versionCmd) Run(a *app) error {
	_, err := fmt.Fprintf(a.stdout, "nines %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
